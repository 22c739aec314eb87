/*
 * payment_reply.c -- what the bank answered about a batch.
 *
 * Invariant: a reply is taken as a whole or not at all: its header, count and
 * total must agree with our lines, no line may be unknown, given twice, or
 * contradict an earlier answer. The same file again changes nothing and gets
 * the first report.
 */
#include "subsidies.h"

#include "crypt/crypt.h"
#include "base/csv.h"
#include "payment.h"
#include "subsidies_sql.h"

#define ROWS_MAX	(4 << 20)
#define CODE_MAX	32
#define TEXT_MAX	256

/* The first line; without one the file speaks of the whole batch. */
struct reply_head {
	const char	*batch_no;	/* NULL: no such line */
	int64_t		 count, total_cents;
};

static int	reply_take(struct call *, struct csv *, const char *);
static bool	read_head(struct call *, struct csv *, struct reply_head *);
static bool	read_number(const char *, int64_t *);
static int64_t	read_rows(struct csv *, struct json_out *);
static bool	row_sound(const struct csv *);
static bool	agrees(struct call *, const struct reply_head *, const char *, int64_t, int *);
static int	settle(struct call *, const char *, const char *);
static bool	move_answered(struct call *, const struct db_rows *, int *);

const struct shape payment_reply_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "批次" },
	{ .name = "batch_no", .type = SHAPE_T_TEXT, .help = "批次编号" },
	{ .name = "state", .type = SHAPE_T_TEXT, .nullable = true, .help = "批次状态" },
	{ .name = "repeated", .type = SHAPE_T_BOOL, .help = "此文件先前已导入" },
	{ .name = "paid", .type = SHAPE_T_INT, .help = "支付成功笔数" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "支付成功金额（分）" },
	{ .name = "returned", .type = SHAPE_T_INT, .help = "退票笔数" },
	{ .name = "returned_cents", .type = SHAPE_T_INT, .help = "退票金额（分）" },
	SHAPE_END
};

int
payment_batch_reply(struct call *c)
{
	uint8_t		 digest[32];
	const char	*sha;
	struct csv	*csv = arena_alloc(c->arena, sizeof(*csv));
	struct db_rows	 hold, seen;

	sha256(c->raw.p, c->raw.len, digest);
	sha = hex_encode(c->arena, digest, sizeof(digest));
	if (sql_batch_hold(c->db, &hold, &c->id) == -1 ||
	    (hold.count > 0 && sql_reply_seen(c->db, &seen, &c->id, sha) == -1))
		return (call_failed(c));
	if (hold.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (seen.count > 0)
		return (call_reply_row(c, 200, &seen));
	if (strcmp(db_text(&hold, 0, "state"), "built") == 0)
		return (call_reject(c, ERR_STATE, NULL));
	csv_init(csv, c->raw.p, c->raw.len);
	return (reply_take(c, csv, sha));
}

static int
reply_take(struct call *c, struct csv *csv, const char *sha)
{
	static const char *const columns[] = { "pay_no", "status", "code", "text", "time", NULL };
	struct reply_head	 head;
	struct json_out		 out;
	struct buf		 buf;
	const char		*rows = NULL;
	int64_t			 n;
	int			 said;

	if (!read_head(c, csv, &head) || !csv_is(csv, columns))
		return (call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL,
		    arena_printf(c->arena, "第 %lld 行", (long long)csv->line)));
	buf_init(&buf, ROWS_MAX);
	json_out_init(&out, &buf);
	json_open_list(&out, NULL);
	n = read_rows(csv, &out);
	json_close_list(&out);
	if (n != -1 && buf_ok(&buf))
		rows = arena_strdup(c->arena, buf_cstr(&buf));
	buf_release(&buf);
	if (rows == NULL)
		return (call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL,
		    arena_printf(c->arena, "第 %lld 行", (long long)csv->line)));
	if (!agrees(c, &head, rows, n, &said))
		return (said);
	return (settle(c, rows, sha));
}

/* #batch,<batch_no>,<count>,<total_cents>,CNY and the row behind it. */
static bool
read_head(struct call *c, struct csv *csv, struct reply_head *head)
{
	memset(head, 0, sizeof(*head));
	if (csv_next(csv) != 1)
		return (false);
	if (strcmp(csv->field[0], "#batch") != 0)
		return (true);
	if (csv->count != 5 || !read_number(csv->field[2], &head->count) ||
	    !read_number(csv->field[3], &head->total_cents) || strcmp(csv->field[4], "CNY") != 0)
		return (false);
	head->batch_no = arena_strdup(c->arena, csv->field[1]);
	return (csv_next(csv) == 1);
}

static bool
read_number(const char *text, int64_t *out)
{
	size_t	n = strspn(text, "0123456789");

	if (n == 0 || n > 17 || text[n] != '\0')
		return (false);
	*out = strtoll(text, NULL, 10);
	return (true);
}

/* How many; -1: a row is not sound, csv->line says which. */
static int64_t
read_rows(struct csv *csv, struct json_out *out)
{
	int64_t	n = 0;
	int	rc;

	while ((rc = csv_next(csv)) == 1) {
		if (!row_sound(csv))
			return (-1);
		json_open(out, NULL);
		json_put_text(out, "n", csv->field[0]);
		json_put_text(out, "s", csv->field[1]);
		json_put_text(out, "c", csv->field[2]);
		json_put_text(out, "t", csv->field[3]);
		json_put_text(out, "w", csv->field[4]);
		json_close(out);
		n++;
	}
	return (rc == -1 ? -1 : n);
}

static bool
row_sound(const struct csv *csv)
{
	return (csv->count == 5 && csv->field[0][0] != '\0' &&
	    (strcmp(csv->field[1], "paid") == 0 || strcmp(csv->field[1], "returned") == 0) &&
	    strlen(csv->field[2]) <= CODE_MAX && strlen(csv->field[3]) <= TEXT_MAX &&
	    instant_parse(csv->field[4]) != INT64_MIN);
}

static bool
agrees(struct call *c, const struct reply_head *head, const char *rows, int64_t n, int *said)
{
	struct db_rows	hold, r;

	if (sql_batch_hold(c->db, &hold, &c->id) == -1 ||
	    sql_reply_compare(c->db, &r, &c->id, rows) == -1) {
		*said = call_failed(c);
		return (false);
	}
	if (head->batch_no != NULL && strcmp(head->batch_no, db_text(&hold, 0, "batch_no")) != 0)
		*said = call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, "批次编号不符");
	else if (db_int(&r, 0, "strangers") > 0)
		*said = call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, "有不属于本批次的支付编号");
	else if (db_int(&r, 0, "twice") > 0)
		*said = call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, "支付编号重复");
	else if (db_int(&r, 0, "contradicted") > 0)
		*said = call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, "与先前的回盘结果矛盾");
	else if (head->batch_no != NULL ?
	    head->count != n || head->total_cents != db_int(&r, 0, "total_cents") :
	    n != db_int(&hold, 0, "line_count"))
		*said = call_reject(c, ERR_SUBSIDIES_TOTAL, NULL);
	else
		return (true);
	return (false);
}

static int
settle(struct call *c, const char *rows, const char *sha)
{
	struct json_out	out;
	struct buf	buf;
	struct db_rows	done, closed;
	char		*report;
	int		said;

	if (sql_reply_apply(c->db, &done, &c->id, rows) == -1)
		return (call_failed(c));
	if (!move_answered(c, &done, &said))
		return (said);
	buf_init(&buf, 1024);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	json_put_int(&out, "paid", db_int(&done, 0, "paid"));
	json_put_int(&out, "paid_cents", db_int(&done, 0, "paid_cents"));
	json_put_int(&out, "returned", db_int(&done, 0, "returned"));
	json_put_int(&out, "returned_cents", db_int(&done, 0, "returned_cents"));
	json_close(&out);
	report = arena_strdup(c->arena, buf_cstr(&buf));
	buf_release(&buf);
	if (sql_reply_close(c->db, &closed, &c->id, sha, report) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &closed));
}

/* Paid: the money is gone. Returned: it stays committed until the next try. */
static bool
move_answered(struct call *c, const struct db_rows *done, int *said)
{
	struct claim_move	paid = { .ids = db_text(done, 0, "paid_ids"),
	    .count = db_int(done, 0, "paid"), .from = "{batched}", .to = "paid",
	    .step = "bank_paid", .funds = "paid" };
	struct claim_move	returned = { .ids = db_text(done, 0, "returned_ids"),
	    .count = db_int(done, 0, "returned"), .from = "{batched}", .to = "returned",
	    .step = "bank_returned" };

	if (paid.count > 0 && !claims_move(c, &paid, said))
		return (false);
	return (returned.count == 0 || claims_move(c, &returned, said));
}
