/*
 * file.c -- files handed in: judged by their bytes, sealed in pieces, given out
 * as attachments.
 *
 * Invariant: no byte of a file is in the database in clear, and none is served
 * that does not add up to the digest it had when it was taken.
 */
#include "workflow/file.h"
#include "base/log.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "platform_sql.h"
#include "workflow/file_type.h"

#define COLUMN	"file.key"
#define PIECE	(256 * 1024)

static int	pieces_put(struct call *, const struct uuid *, const struct bytes_key *);
static int	file_give(struct call *, bool);
static int	file_reply(struct call *, const char *, const char *, bool, const uint8_t *, size_t);
static bool	pieces_get(struct call *, const struct db_rows *, uint8_t *, size_t, int *);
static const char *piece_name(struct arena *, const struct uuid *, int64_t);
static uint8_t	*unhex(struct arena *, const char *, size_t *);
static int	 hex_value(char);
static const char *file_name(struct arena *, const char *, const char *);
static const char *disposition(struct arena *, const char *, const char *);

const struct field file_query_fields[] = {
	FIELD_TEXT(file_query, slot, REQUIRED, 1, 40, "材料代码：证明什么"),
	FIELD_TEXT(file_query, name, REQUIRED, 1, 120, "文件名"),
	FIELD_END
};

const struct shape file_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "文件" },
	{ .name = "subject_kind", .type = SHAPE_T_TEXT, .help = "所属之物" },
	{ .name = "subject_id", .type = SHAPE_T_UUID, .help = "所属之物的标识" },
	{ .name = "slot", .type = SHAPE_T_TEXT, .help = "材料代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "文件名" },
	{ .name = "media", .type = SHAPE_T_TEXT, .help = "类型：pdf、jpeg、png" },
	{ .name = "bytes", .type = SHAPE_T_INT, .help = "字节数" },
	{ .name = "sha256", .type = SHAPE_T_TEXT, .help = "SHA-256" },
	{ .name = "submitted", .type = SHAPE_T_BOOL, .help = "已随业务提交，不能再删除" },
	{ .name = "uploaded_by", .type = SHAPE_T_UUID, .nullable = true, .help = "上传人" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "上传时间" },
	SHAPE_END
};

int
file_keep(struct call *c, const struct file_query *q, const struct file_for *f)
{
	enum file_kind		 kind = file_kind_of(c->raw.p, c->raw.len);
	struct uuid		 id = uuid_new();
	struct bytes_key	*key;
	const char		*sealed;
	uint8_t			 digest[CHAIN_BYTES];
	struct db_rows		 rows;

	if (c->raw.len > (size_t)conf_int(CONF_FILE_MAX))
		return (call_reject(c, ERR_FILE_LARGE, NULL));
	if (kind < FILE_PDF)
		return (call_reject(c, kind == FILE_DAMAGED ? ERR_FILE_DAMAGED : ERR_FILE_KIND, NULL));
	sha256(c->raw.p, c->raw.len, digest);
	key = bytes_key_new(c->arena, COLUMN, &sealed);
	if (sql_file_put(c->db, &rows, &id, f->subject_kind, &f->subject, q->slot,
	    file_name(c->arena, q->name, file_kind_name(kind)), file_kind_name(kind),
	    (int64_t)c->raw.len, hex_encode(c->arena, digest, sizeof(digest)), sealed, f->person, f->org,
	    f->county, f->area, f->keep_until) == -1 || pieces_put(c, &id, key) == -1)
		return (call_failed(c));
	call_object(c, &id);
	return (call_reply_row(c, 201, &rows));
}

static int
pieces_put(struct call *c, const struct uuid *id, const struct bytes_key *key)
{
	const char	*p = c->raw.p;
	size_t		 left = c->raw.len, n, len;
	int64_t		 i;
	void		*sealed;

	for (i = 0; left > 0; i++, p += n, left -= n) {
		n = left < PIECE ? left : PIECE;
		sealed = bytes_seal(c->arena, key, piece_name(c->arena, id, i), p, n, &len);
		if (sql_file_piece_put(c->db, NULL, id, i, sealed, len) == -1)
			return (-1);
	}
	return (0);
}

int
file_send(struct call *c)
{
	return (file_give(c, false));
}

int
file_show(struct call *c)
{
	return (file_give(c, true));
}

static int
file_give(struct call *c, bool shown)
{
	uint8_t		 digest[CHAIN_BYTES];
	struct db_rows	 rows;
	uint8_t		*bytes;
	size_t		 len;
	int		 said;

	if (sql_file_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	len = (size_t)db_int(&rows, 0, "bytes");
	bytes = arena_alloc(c->arena, len);
	if (!pieces_get(c, &rows, bytes, len, &said))
		return (said);
	sha256(bytes, len, digest);
	if (strcmp(hex_encode(c->arena, digest, sizeof(digest)), db_text(&rows, 0, "sha256")) != 0) {
		log_error("a file is not what it was when it was taken");
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	return (file_reply(c, db_text(&rows, 0, "name"), db_text(&rows, 0, "media"), shown, bytes, len));
}

/* A picture to be shown has the type its bytes have; nothing else is ever shown. */
static int
file_reply(struct call *c, const char *name, const char *media, bool shown, const uint8_t *bytes, size_t len)
{
	const char	*type = "application/octet-stream";

	call_header(c, "Content-Security-Policy", "sandbox; default-src 'none'");
	if (shown && strcmp(media, "pdf") != 0)
		type = arena_printf(c->arena, "image/%s", media);
	else
		call_header(c, "Content-Disposition", disposition(c->arena, name, media));
	return (call_reply_bytes(c, 200, type, bytes, len));
}

/* False: *said is the refusal. */
static bool
pieces_get(struct call *c, const struct db_rows *file, uint8_t *out, size_t len, int *said)
{
	struct bytes_key	*key = bytes_key_open(c->arena, COLUMN, db_text(file, 0, "key_sealed"));
	struct db_rows		 rows;
	uint8_t			*sealed, *plain;
	size_t			 got = 0, n;
	int64_t			 i;

	for (i = 0; key != NULL && got < len; i++) {
		if (sql_file_piece_get(c->db, &rows, &c->id, i) == -1) {
			*said = call_failed(c);
			return (false);
		}
		if (rows.count == 0)
			break;
		sealed = unhex(c->arena, db_text(&rows, 0, "cipher"), &n);
		plain = bytes_open(c->arena, key, piece_name(c->arena, &c->id, i), sealed, n, &n);
		if (plain == NULL || n > len - got)
			break;
		memcpy(out + got, plain, n);
		got += n;
	}
	if (key != NULL && got == len)
		return (true);
	log_error("a file cannot be opened");
	*said = call_reject(c, ERR_INTERNAL, NULL);
	return (false);
}

int
file_drop(struct call *c)
{
	char		text[UUID_TEXT];
	struct db_rows	rows;

	if (sql_file_drop(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (db_int(&rows, 0, "gone") == 1)
		return (call_reply(c, 200, arena_printf(c->arena, "{\"id\":\"%s\"}",
		    uuid_format(&c->id, text))));
	return (call_reject(c, db_bool(&rows, 0, "found") ? ERR_STATE : ERR_NOT_FOUND, NULL));
}

int
file_lock(struct db *db, const struct uuid *subject)
{
	return (sql_files_lock(db, NULL, subject));
}

void
file_sweep(void)
{
	struct arena	a;
	struct db	db;
	struct db_rows	rows;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_files_sweep(&db, &rows, conf_int(CONF_FILE_LOOSE)) == -1 || db_commit(&db) == -1)
		log_warn("files were not swept; they will be next time");
	else if (db_int(&rows, 0, "gone") > 0)
		log_info("swept %lld files", (long long)db_int(&rows, 0, "gone"));
	db_rollback(&db);
	arena_release(&a);
}

static const char *
piece_name(struct arena *a, const struct uuid *id, int64_t n)
{
	char	text[UUID_TEXT];

	return (arena_printf(a, "file.%s.%lld", uuid_format(id, text), (long long)n));
}

static uint8_t *
unhex(struct arena *a, const char *text, size_t *len)
{
	uint8_t	*out;
	size_t	 i;

	*len = strlen(text) / 2;
	out = arena_alloc(a, *len + 1);
	for (i = 0; i < *len; i++)
		out[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
	return (out);
}

static int
hex_value(char c)
{
	return (c <= '9' ? c - '0' : c - 'a' + 10);
}

/* A path's last part, without what a header or a shell would trip over, and with its kind's ending. */
static const char *
file_name(struct arena *a, const char *name, const char *ending)
{
	const char	*p;
	char		*out, *q;

	for (p = name; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	out = arena_strdup(a, name);
	for (q = out; *q != '\0'; q++)
		if ((unsigned char)*q < ' ' || strchr("\"<>|:*?;%", *q) != NULL)
			*q = '_';
	q = strrchr(out, '.');
	if (q != NULL && (strcasecmp(q + 1, ending) == 0 ||
	    (strcmp(ending, "jpeg") == 0 && strcasecmp(q + 1, "jpg") == 0)))
		return (out);
	return (arena_printf(a, "%s.%s", out, ending));
}

/* RFC 6266: an ASCII name for old readers, and the real one. */
static const char *
disposition(struct arena *a, const char *name, const char *media)
{
	static const char	 hex[] = "0123456789ABCDEF";
	char			*out = arena_alloc(a, strlen(name) * 3 + 1), *q = out;
	const unsigned char	*p;

	for (p = (const unsigned char *)name; *p != '\0'; p++) {
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= '0' && *p <= '9') || strchr("-._", *p) != NULL) {
			*q++ = (char)*p;
			continue;
		}
		*q++ = '%';
		*q++ = hex[*p >> 4];
		*q++ = hex[*p & 15];
	}
	*q = '\0';
	return (arena_printf(a, "attachment; filename=\"file.%s\"; filename*=UTF-8''%s", media, out));
}
