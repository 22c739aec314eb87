/*
 * enrol_list.c -- 院校推荐: a school hands in a list of people for a class, and
 * is answered row by row.
 *
 * Invariant: numbers are looked for by their blind index and kept nowhere; a
 * person named here is in no class before they say so themselves. Sent twice, a
 * list makes nothing twice. The rule is training.propose() (training/025).
 */
#include "training.h"
#include "class.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "training_sql.h"

#define ROWS_MOST	1000
#define ROW_TEXT	320
#define PROPOSED	"proposed"

struct proposal_row {
	const char	*id_number;
	const char	*target_group;
};

struct proposal_in {
	struct list_of	rows;
};

/* What was found wrong before the database was asked: 0, nothing. */
struct faults {
	int	code[ROWS_MOST];
};

static int	enrolment_propose(struct call *);
static const char *rows_text(struct call *, const struct list_of *, struct faults *);
static const char *report(struct call *, const struct db_rows *, const struct faults *, size_t);
static void	put_row(const struct call *, struct json_out *, size_t, const char *, const char *);

static const struct field proposal_row_fields[] = {
	FIELD_TEXT(proposal_row, id_number, REQUIRED, 1, 40, "公民身份号码"),
	FIELD_ENUM(proposal_row, target_group, OPTIONAL, target_groups, "人员类别"),
	FIELD_END
};

static const struct field proposal_in_fields[] = {
	FIELD_LIST(proposal_in, rows, REQUIRED, 1, ROWS_MOST, proposal_row, proposal_row_fields,
	    "推荐的人，至多 1000"),
	FIELD_END
};

static const struct shape row_shape[] = {
	{ .name = "row", .type = SHAPE_T_INT, .help = "第几行，自 1 起" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "proposed 为已推荐，其他为原因" },
	{ .name = "message", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .nullable = true, .help = "报名" },
	SHAPE_END
};

static const struct shape report_shape[] = {
	{ .name = "proposed", .type = SHAPE_T_INT, .help = "本次推荐的人数" },
	{ .name = "others", .type = SHAPE_T_INT, .help = "其他行数" },
	{ .name = "rows", .type = SHAPE_T_LIST, .of = row_shape, .help = "逐行结果" },
	SHAPE_END
};

const struct route enrol_list_routes[] = {
	{ .name = "enrolment_propose", .method = METHOD_POST,
	  .path = "/v1/training/classes/{id}/proposals",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.enrolment.propose",
	  .body = INPUT(proposal_in, proposal_in_fields), .reply = report_shape, .success = 200,
	  .handler = enrolment_propose, .emits = "training.enrolment.moved.v1", .limit = LIMIT_IMPORT,
	  .zh = "院校集中推荐学员", .en = "Propose people for a class" },
	ROUTE_END
};

static int
enrolment_propose(struct call *c)
{
	const struct proposal_in	*in = c->body;
	struct faults			*faults = arena_zalloc(c->arena, sizeof(*faults));
	struct db_rows			 rows;
	const char			*text;

	if (sql_enrolment_class_state(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&rows, 0, "is_known"))
		return (call_reject(c, ERR_TRAINING_ORG, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "open") != 0)
		return (call_reject(c, ERR_TRAINING_NOT_OPEN, NULL));
	text = rows_text(c, &in->rows, faults);
	if (sql_enrolment_propose(c->db, &rows, &c->id, &c->principal->org, text) == -1)
		return (call_failed(c));
	return (call_reply(c, 200, report(c, &rows, faults, in->rows.count)));
}

/* Rows that can be looked for; the others are marked. */
static const char *
rows_text(struct call *c, const struct list_of *list, struct faults *faults)
{
	const struct proposal_row	*r = list->items;
	struct json_out			 out;
	struct buf			 buf;
	const char			*text;
	size_t				 i;

	buf_init(&buf, (size_t)ROWS_MOST * ROW_TEXT);
	json_out_init(&out, &buf);
	json_open_list(&out, NULL);
	for (i = 0; i < list->count; i++) {
		if ((faults->code[i] = check_id_number(r[i].id_number)) != 0)
			continue;
		json_open(&out, NULL);
		json_put_int(&out, "n", (int64_t)i);
		json_put_text(&out, "i", blind_index(c->arena, "id", r[i].id_number));
		json_put_text(&out, "g", r[i].target_group);
		json_close(&out);
	}
	json_close_list(&out);
	text = arena_printf(c->arena, "%s", buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

/* The database's rows come in the order of the list, without those marked. */
static const char *
report(struct call *c, const struct db_rows *rows, const struct faults *faults, size_t n)
{
	struct json_out	 out;
	struct buf	 buf;
	const char	*text;
	int64_t		 proposed = 0;
	size_t		 i, at = 0;

	buf_init(&buf, (size_t)ROWS_MOST * ROW_TEXT);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	json_open_list(&out, "rows");
	for (i = 0; i < n; i++) {
		if (faults->code[i] != 0) {
			put_row(c, &out, i, error_row((enum error_code)faults->code[i])->code, NULL);
			continue;
		}
		proposed += strcmp(db_text(rows, at, "code"), PROPOSED) == 0;
		put_row(c, &out, i, db_text(rows, at, "code"), db_text(rows, at, "enrolment_id"));
		at++;
	}
	json_close_list(&out);
	json_put_int(&out, "proposed", proposed);
	json_put_int(&out, "others", (int64_t)n - proposed);
	json_close(&out);
	text = arena_printf(c->arena, "%s", buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

static void
put_row(const struct call *c, struct json_out *out, size_t i, const char *code, const char *id)
{
	const struct error_row	*e = error_row(error_by_code(code));

	json_open(out, NULL);
	json_put_int(out, "row", (int64_t)i + 1);
	json_put_text(out, "code", code);
	if (strcmp(code, PROPOSED) == 0)
		json_put_text(out, "message", c->english ? "Proposed; the person is asked" : "已推荐，待本人确认");
	else
		json_put_text(out, "message", c->english ? e->en : e->zh);
	json_put_text(out, "enrolment_id", id);
	json_close(out);
}
