/*
 * text.c -- one-time codes and the messages that carry them.
 *
 * `outbox` leaves messages where the sandbox can read them. `http` queues them
 * sealed, in the transaction that wants them sent, and a job gives them to the
 * carrier's gateway: again with growing pauses until it is taken, given up
 * when the code in it is dead. The gateway tells repeats by the message's id.
 *
 * Invariant: what is asked for a phone costs and answers the same whether or
 * not anybody has that phone; it is never looked up. No code is logged.
 */
#include "text.h"
#include "base/log.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "json/json.h"
#include "outside.h"
#include "svc/svc.h"

#define DELIVER_MS	300
#define DELIVER_BATCH	8		/* all of it fits the minute it is taken for */
#define DELIVER_TRIES	8
#define AGAIN_MS	500		/* after the first failure; doubles */
#define SWEEP_MS	3600000
#define KEEP_S		(7 * 86400)	/* delivery states are kept a week */

struct phone_in {
	const char	*phone;
	const char	*purpose;
};

static int	sms_code_send(struct call *);
static int	address_allowed(struct call *);
static const char *bound(struct arena *, const char *, enum code_purpose);
static void	deliver(void);
static int	deliver_some(struct arena *);
static int	deliver_one(struct arena *, const struct db_rows *, size_t);
static bool	delivered(struct arena *, const struct db_rows *, size_t);
static void	sweep(void);

static struct outside carrier = { .name = "carrier", .url = CONF_SMS_URL, .key = CONF_SMS_KEY };
static bool	by_http;

/* By enum code_purpose. */
static const char *const purposes[] = { "sign_in", "assist", "phone", NULL };
static const char *const purpose_words[] = {
	"登录或注册验证码", "窗口帮办验证码（可告知在场的工作人员）", "变更手机号码验证码"
};

static const struct field phone_in_fields[] = {
	FIELD_CHECK(phone_in, phone, REQUIRED, check_mobile, "手机号码"),
	FIELD_ENUM(phone_in, purpose, OPTIONAL, purposes, "用途，不给则为登录或注册；只能用于此"),
	FIELD_END
};

static const struct shape sent_shape[] = {
	{ .name = "expires_in", .type = SHAPE_T_INT, .help = "验证码有效秒数" },
	SHAPE_END
};

const struct route text_routes[] = {
	{ .name = "sms_code_send", .method = METHOD_POST, .path = "/v1/identity/sms-codes",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.code.send",
	  .body = INPUT(phone_in, phone_in_fields), .reply = sent_shape, .success = 202,
	  .handler = sms_code_send, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "发送短信验证码", .en = "Text a one-time code" },
	ROUTE_END
};

int
text_start(void)
{
	by_http = strcmp(conf_text(CONF_SMS), "http") == 0;
	if (!by_http && strcmp(conf_text(CONF_SMS), "outbox") != 0) {
		log_error("YJY_SMS is outbox or http");
		return (-1);
	}
	if (by_http && outside_init(&carrier) == -1)
		return (-1);
	if (by_http)
		svc_every("text.deliver", DELIVER_MS, deliver);
	svc_every("text.sweep", SWEEP_MS, sweep);
	return (0);
}

bool
text_can_send(void)
{
	if (by_http || conf_bool(CONF_SANDBOX))
		return (true);
	log_warn("no text message sender is configured");
	return (false);
}

int
text_send(struct call *c, const char *phone, const char *body, int64_t valid_s)
{
	return (text_put(c->db, phone, body, valid_s));
}

int
text_put(struct db *db, const char *phone, const char *body, int64_t valid_s)
{
	const char	*index = blind_index(db->arena, "phone", phone);

	if (!by_http)
		return (sql_message_put(db, NULL, index, body));
	return (sql_text_queue_put(db, NULL, index, field_seal(db->arena, "text.phone", phone),
	    field_seal(db->arena, "text.body", body), valid_s));
}

/* ---- codes ---- */

static int
sms_code_send(struct call *c)
{
	const struct phone_in	*in = c->body;
	enum code_purpose	 purpose = CODE_SIGN_IN;
	int			 error;

	while (in->purpose != NULL && strcmp(in->purpose, purposes[purpose]) != 0)
		purpose++;
	if ((error = code_send(c, in->phone, purpose)) == -1)
		return (call_failed(c));
	if (error != 0)
		return (call_reject(c, (enum error_code)error,
		    error == ERR_DOWN ? NULL : "/phone"));
	return (call_reply(c, 202, arena_printf(c->arena, "{\"expires_in\":%d}", CODE_S)));
}

int
code_send(struct call *c, const char *phone, enum code_purpose purpose)
{
	struct db_rows	 rows;
	uint8_t		 hash[HASH_BYTES];
	char		 code[CODE_TEXT];
	const char	*index = blind_index(c->arena, "phone", phone);
	int		 rc;

	if (!text_can_send())
		return (ERR_DOWN);
	if ((rc = address_allowed(c)) != 1)
		return (rc == 0 ? (int)ERR_CODE_LIMIT : -1);
	code_make(code);
	code_hash(c->arena, bound(c->arena, index, purpose), code, hash);
	if (sql_code_put(c->db, &rows, index, hash, sizeof(hash), CODE_S, CODE_PAUSE_S,
	    conf_int(CONF_SMS_DAY_PHONE)) == -1)
		return (-1);
	if (!db_bool(&rows, 0, "sent"))
		return (db_bool(&rows, 0, "capped") ? ERR_CODE_LIMIT : ERR_AUTH_CODE_SOON);
	return (text_send(c, phone, arena_printf(c->arena,
	    "【永就业365】%s %s，%d 分钟内有效。", purpose_words[purpose], code, CODE_S / 60),
	    CODE_S));
}

/* 1, 0 the day's count of this address is used up, -1 database. */
static int
address_allowed(struct call *c)
{
	int64_t		 most = conf_int(CONF_SMS_DAY_ADDRESS);
	struct db_rows	 rows;
	const char	*address;
	size_t		 len;

	if (most == 0)
		return (1);
	address = call_address(c, &len);
	if (sql_address_count(c->db, &rows, blind_index(c->arena, "address",
	    arena_printf(c->arena, "%.*s", (int)len, address))) == -1)
		return (-1);
	return (db_int(&rows, 0, "sent") <= most);
}

void
code_make(char code[CODE_TEXT])
{
	uint32_t	n;

	random_bytes(&n, sizeof(n));
	(void)snprintf(code, CODE_TEXT, "%06u", n % 1000000);
}

void
code_hash(struct arena *a, const char *index, const char *code, uint8_t hash[HASH_BYTES])
{
	const char	*text = arena_printf(a, "%s:%s", index, code);

	sha256(text, strlen(text), hash);
}

static const char *
bound(struct arena *a, const char *index, enum code_purpose purpose)
{
	return (arena_printf(a, "%s:%s", purposes[purpose], index));
}

int
code_check(struct call *c, const char *phone, const char *code, enum code_purpose purpose)
{
	return (code_check_index(c, blind_index(c->arena, "phone", phone), code, purpose));
}

int
code_check_index(struct call *c, const char *index, const char *code,
    enum code_purpose purpose)
{
	struct db_rows	rows;
	uint8_t		hash[HASH_BYTES];

	code_hash(c->arena, bound(c->arena, index, purpose), code, hash);
	if (sql_code_try(c->db, &rows, index, hash, sizeof(hash), CODE_TRIES) == -1)
		return (-1);
	/* The try counts even when the request is refused. */
	if (!db_bool(&rows, 0, "good"))
		return (db_commit(c->db) == -1 ? -1 : 0);
	return (sql_code_drop(c->db, NULL, index) == -1 ? -1 : 1);
}

/* ---- the queue ---- */

static void
deliver(void)
{
	struct arena	a;

	arena_init(&a);
	while (deliver_some(&a) == DELIVER_BATCH)
		arena_clear(&a);
	arena_release(&a);
}

/* How many were taken. Taking is committed before anything is sent. */
static int
deliver_some(struct arena *a)
{
	struct db_rows	rows;
	struct db	db;
	size_t		i;
	int		taken = 0;

	db_init(&db, a, DB_SYSTEM);
	if (sql_text_queue_take(&db, &rows, DELIVER_BATCH) == 0 && db_commit(&db) == 0) {
		taken = (int)rows.count;
		for (i = 0; i < rows.count; i++)
			if (deliver_one(a, &rows, i) == -1)
				break;
	}
	db_rollback(&db);
	return (taken);
}

static int
deliver_one(struct arena *a, const struct db_rows *rows, size_t i)
{
	int64_t		id = db_int(rows, i, "id"), tries = db_int(rows, i, "tries");
	struct db	db;
	bool		done = false;
	int		rc;

	if (!db_bool(rows, i, "late"))
		done = delivered(a, rows, i);
	db_init(&db, a, DB_SYSTEM);
	if (done)
		rc = sql_text_queue_done(&db, NULL, id, "sent");
	else if (db_bool(rows, i, "late") || tries >= DELIVER_TRIES)
		rc = sql_text_queue_done(&db, NULL, id, "failed");
	else
		rc = sql_text_queue_again(&db, NULL, id, (int64_t)AGAIN_MS << (tries - 1));
	if (rc == 0)
		rc = db_commit(&db);
	db_rollback(&db);
	if (!done)
		log_warn("text %lld was not delivered at try %lld", (long long)id, (long long)tries);
	return (rc);
}

static bool
delivered(struct arena *a, const struct db_rows *rows, size_t i)
{
	const char		*phone = field_open(a, "text.phone", db_text(rows, i, "phone_sealed"));
	const char		*body = field_open(a, "text.body", db_text(rows, i, "body_sealed"));
	struct http_result	 r;
	struct json_out		 out;
	struct buf		 b;
	int			 status;

	if (phone == NULL || body == NULL)
		return (false);
	buf_init(&b, 4096);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_int(&out, "id", db_int(rows, i, "id"));
	json_put_text(&out, "phone", phone);
	json_put_text(&out, "body", body);
	json_close(&out);
	status = outside_post(a, &carrier, buf_cstr(&b), &r);
	buf_release(&b);
	return (status >= 200 && status < 300);
}

static void
sweep(void)
{
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_text_sweep(&db, NULL, KEEP_S) == -1 || db_commit(&db) == -1)
		log_warn("old text messages were not swept");
	db_rollback(&db);
	arena_release(&a);
}
