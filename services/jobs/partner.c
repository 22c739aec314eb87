/*
 * partner.c -- the import of an agency's rows: its turn, the walk, the report.
 *
 * Invariant: there is one line of report for each row, in the order of the rows,
 * and a row that is refused has changed nothing.
 */
#include "partner.h"

#include "base/utf8.h"
#include "crypt/crypt.h"
#include "jobs_sql.h"

#define ROWS_MOST	200
#define ROWS_BYTES	1048576
#define REPORT_BYTES	(4 << 20)

static const struct json *rows_read(struct call *, const char *, enum error_code *);
static int	row_take(struct call *, const struct json *, partner_take *, struct partner_row *);
static void	report_row(struct call *, struct json_out *, size_t, const char *,
		    const struct partner_row *);
static void	report_counts(struct json_out *, const struct partner_row *, size_t);

static const char *const outcomes[] = { "created", "updated", "unchanged", "withdrawn", "refused" };

const struct field partner_in_fields[] = {
	FIELD_JSON(partner_in, rows, REQUIRED, ROWS_BYTES, "1 至 200 行的列表，逐行处理、逐行答复"),
	FIELD_END
};

const struct shape partner_error_shape[] = {
	{ .name = "pointer", .type = SHAPE_T_TEXT, .help = "所在位置" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "原因" },
	{ .name = "detail", .type = SHAPE_T_TEXT, .help = "说明" },
	SHAPE_END
};

const struct shape partner_counts_shape[] = {
	{ .name = "created", .type = SHAPE_T_INT, .help = "新增" },
	{ .name = "updated", .type = SHAPE_T_INT, .help = "更新" },
	{ .name = "unchanged", .type = SHAPE_T_INT, .help = "无变化" },
	{ .name = "withdrawn", .type = SHAPE_T_INT, .help = "撤下" },
	{ .name = "refused", .type = SHAPE_T_INT, .help = "未采用" },
	SHAPE_END
};

int
partner_import(struct call *c, const char *id_name, partner_take *take)
{
	const struct partner_in	*in = c->body;
	enum error_code		 code = ERR_NONE;
	const struct json	*rows = rows_read(c, in->rows, &code);
	struct partner_row	*made;
	struct db_rows		 turn;
	struct json_out		 out;
	struct buf		 b;
	size_t			 i, n;
	char			*text;

	if (rows == NULL)
		return (call_reject(c, code, "/rows"));
	n = json_count(rows);
	made = arena_zalloc(c->arena, n * sizeof(*made));
	if (sql_partner_turn(c->db, &turn, &c->principal->org) == -1)
		return (call_failed(c));
	for (i = 0; i < n; i++)
		if (row_take(c, json_at(rows, i), take, &made[i]) == -1)
			return (call_failed(c));
	buf_init(&b, REPORT_BYTES);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_open_list(&out, "items");
	for (i = 0; i < n; i++)
		report_row(c, &out, i, id_name, &made[i]);
	json_close_list(&out);
	report_counts(&out, made, n);
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (call_reply(c, 200, text));
}

void
partner_refuse(struct partner_row *r, enum error_code code, const char *pointer)
{
	r->outcome = "refused";
	if (r->errors.count < JSON_ERRORS_MAX)
		r->errors.list[r->errors.count++] = (struct json_error){ .pointer = pointer, .code = (int)code };
}

bool
partner_unfit(struct partner_row *r, const struct partner_known *k, const struct uuid *org, bool withdrawn)
{
	if (uuid_is_nil(k->record) && withdrawn)
		partner_refuse(r, ERR_NOT_FOUND, "/partner_ref");
	else if (!uuid_is_nil(k->record) && !uuid_is_nil(org) && !uuid_equal(k->record_org, org))
		partner_refuse(r, ERR_JOBS_REF, "/partner_ref");
	else if (!k->org_known)
		partner_refuse(r, ERR_JOBS_ORG, "/org_id");
	else if (!k->mandated)
		partner_refuse(r, ERR_JOBS_NO_MANDATE, "/org_id");
	else
		return (false);
	return (true);
}

const char *
partner_digest(struct call *c, const char *text)
{
	uint8_t	digest[32];

	sha256(text, strlen(text), digest);
	return (blind_index(c->arena, "partner_row", hex_encode(c->arena, digest, sizeof(digest))));
}

/* NULL: no list, or too many or too few. */
static const struct json *
rows_read(struct call *c, const char *text, enum error_code *code)
{
	const struct json	*rows = json_parse(c->arena, text, strlen(text));

	if (rows == NULL || !json_is_array(rows)) {
		*code = ERR_F_TYPE;
		return (NULL);
	}
	if (json_count(rows) < 1 || json_count(rows) > ROWS_MOST) {
		*code = ERR_F_COUNT;
		return (NULL);
	}
	return (rows);
}

static int
row_take(struct call *c, const struct json *row, partner_take *take, struct partner_row *r)
{
	if (!json_is_object(row)) {
		partner_refuse(r, ERR_F_TYPE, "");
		return (0);
	}
	r->ref = json_string(json_get(row, "partner_ref"));
	if (r->ref != NULL && utf8_count(r->ref, strlen(r->ref)) > PARTNER_REF_CHARS)
		r->ref = NULL;	/* its own fault is reported; no need to repeat it */
	if (take(c, row, json_text(c->arena, row), r) == -1)
		return (-1);
	if (r->outcome == NULL)
		r->outcome = "refused";
	return (0);
}

static void
report_row(struct call *c, struct json_out *out, size_t i, const char *id_name,
    const struct partner_row *r)
{
	const struct error_row	*e;
	size_t			 k;

	json_open(out, NULL);
	json_put_text(out, "partner_ref", r->ref);
	json_put_text(out, "outcome", r->outcome);
	json_put_uuid(out, id_name, &r->id);
	json_put_text(out, "state", r->state);
	json_open_list(out, "errors");
	for (k = 0; k < r->errors.count; k++) {
		e = error_row((enum error_code)r->errors.list[k].code);
		json_open(out, NULL);
		json_put_text(out, "pointer",
		    arena_printf(c->arena, "/rows/%zu%s", i, r->errors.list[k].pointer));
		json_put_text(out, "code", e->code);
		json_put_text(out, "detail", c->english ? e->en : e->zh);
		json_close(out);
	}
	json_close_list(out);
	json_close(out);
}

static void
report_counts(struct json_out *out, const struct partner_row *rows, size_t n)
{
	size_t	i, k;
	int64_t	count;

	json_open(out, "counts");
	for (k = 0; k < NITEMS(outcomes); k++) {
		count = 0;
		for (i = 0; i < n; i++)
			count += strcmp(rows[i].outcome, outcomes[k]) == 0;
		json_put_int(out, outcomes[k], count);
	}
	json_close(out);
}
