/*
 * payment_reply.c -- what the bank answered about a batch.
 *
 * Invariant: a reply is taken as a whole or not at all: its seal, header, count
 * and total must agree with our lines, no line may be unknown, given twice, or
 * contradict an earlier answer. The same file again changes nothing and gets
 * the first report. A part of the batch may be answered, and money that came
 * back after it was paid is committed again.
 */
#include "subsidies.h"

#include "crypt/crypt.h"
#include "payment.h"
#include "subsidies_sql.h"

#define ROWS_MAX	(4 << 20)

/* One reply on its way in. */
struct taking {
	struct db		*db;
	const struct uuid	*batch;
	struct payment_reply	*reply;
	struct db_rows		 hold;
	struct bank_reader	 reader;
	const char		*sha, *bank;
	const char		*rows;		/* JSON */
	int64_t			 count, unknown;
};

static int	take(struct taking *, size_t);
static bool	read_rows(struct taking *, size_t);
static void	read_row(struct json_out *, const struct bank_answer *, int64_t);
static int	agrees(struct taking *);
static int	settle(struct taking *);
static int	move(struct taking *, const struct db_rows *, const char *, const char *,
		    const struct claim_move *);
static int	close_reply(struct taking *, const struct db_rows *);
static int	refuse(struct taking *, enum error_code, const char *);

const struct shape payment_reply_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "批次" },
	{ .name = "batch_no", .type = SHAPE_T_TEXT, .help = "批次编号" },
	{ .name = "state", .type = SHAPE_T_TEXT, .nullable = true, .help = "批次状态" },
	{ .name = "repeated", .type = SHAPE_T_BOOL, .help = "此文件先前已导入" },
	{ .name = "paid", .type = SHAPE_T_INT, .help = "支付成功笔数" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "支付成功金额（分）" },
	{ .name = "returned", .type = SHAPE_T_INT, .help = "退票笔数" },
	{ .name = "returned_cents", .type = SHAPE_T_INT, .help = "退票金额（分）" },
	{ .name = "refunded", .type = SHAPE_T_INT, .nullable = true, .help = "付后退汇笔数" },
	{ .name = "refunded_cents", .type = SHAPE_T_INT, .nullable = true, .help = "付后退汇金额（分）" },
	{ .name = "unknown", .type = SHAPE_T_INT, .nullable = true, .help = "银行查无此笔，须重送同一文件" },
	SHAPE_END
};

int
payment_batch_reply(struct call *c)
{
	struct payment_reply	r = { .text = c->raw.p, .len = c->raw.len };

	if (payment_reply_take(c->db, &c->id, &r) == -1)
		return (call_failed(c));
	if (r.refused != ERR_NONE)
		return (call_reject_detail(c, r.refused, NULL, r.detail));
	return (call_reply_row(c, 200, &r.report));
}

int
payment_reply_take(struct db *db, const struct uuid *batch, struct payment_reply *r)
{
	struct taking	*t = arena_zalloc(db->arena, sizeof(*t));
	uint8_t		 digest[32];
	const char	*state;
	size_t		 body;

	t->db = db;
	t->batch = batch;
	t->reply = r;
	r->refused = ERR_NONE;
	r->detail = NULL;
	sha256(r->text, r->len, digest);
	t->sha = hex_encode(db->arena, digest, sizeof(digest));
	if (sql_batch_hold(db, &t->hold, batch) == -1)
		return (-1);
	if (t->hold.count == 0)
		return (refuse(t, ERR_NOT_FOUND, NULL));
	if (sql_reply_seen(db, &r->report, batch, t->sha) == -1)
		return (-1);
	if (r->report.count > 0)
		return (0);
	state = db_text(&t->hold, 0, "state");
	if (strcmp(state, "sent") != 0 && strcmp(state, "answered") != 0)
		return (refuse(t, ERR_STATE, NULL));
	if (!payment_seal_good(db->arena, r->text, r->len, &body, &t->bank))
		return (refuse(t, ERR_SUBSIDIES_SEAL, NULL));
	return (take(t, body));
}

static int
take(struct taking *t, size_t body)
{
	if (!read_rows(t, body))
		return (refuse(t, ERR_SUBSIDIES_FILE, arena_printf(t->db->arena, "第 %lld 行：%s",
		    (long long)t->reader.csv.line, t->reader.fault != NULL ? t->reader.fault : "过长")));
	if (agrees(t) == -1)
		return (-1);
	return (t->reply->refused != ERR_NONE ? 0 : settle(t));
}

static bool
read_rows(struct taking *t, size_t body)
{
	struct bank_answer	a;
	struct json_out		out;
	struct buf		buf;
	int			rc;

	if (!bank_read_reply(&t->reader, t->reply->text, body))
		return (false);
	buf_init(&buf, ROWS_MAX);
	json_out_init(&out, &buf);
	json_open_list(&out, NULL);
	while ((rc = bank_next_answer(&t->reader, &a)) == 1) {
		read_row(&out, &a, t->reader.csv.line);
		t->unknown += strcmp(a.status, "unknown") == 0;
		t->count++;
	}
	json_close_list(&out);
	if (rc == 0 && buf_ok(&buf))
		t->rows = arena_strdup(t->db->arena, buf_cstr(&buf));
	buf_release(&buf);
	return (t->rows != NULL);
}

static void
read_row(struct json_out *out, const struct bank_answer *a, int64_t line)
{
	json_open(out, NULL);
	json_put_text(out, "n", a->pay_no);
	json_put_text(out, "s", a->status);
	json_put_text(out, "c", a->code);
	json_put_text(out, "t", a->text);
	json_put_instant(out, "w", a->time_us);
	json_put_int(out, "l", line);
	json_close(out);
}

/* Sets `refused` where the file and our lines do not agree. */
static int
agrees(struct taking *t)
{
	const struct bank_reader	*f = &t->reader;
	struct db_rows			 r;

	if (sql_reply_compare(t->db, &r, t->batch, t->rows) == -1)
		return (-1);
	if (f->headed && strcmp(f->batch_no, db_text(&t->hold, 0, "batch_no")) != 0)
		return (refuse(t, ERR_SUBSIDIES_FILE, "批次编号不符"));
	if (db_int(&r, 0, "faults") > 0)
		return (refuse(t, ERR_SUBSIDIES_FILE, db_text(&r, 0, "report")));
	if (f->headed ? f->count != t->count || f->total_cents != db_int(&r, 0, "total_cents") :
	    t->count != db_int(&t->hold, 0, "line_count"))
		return (refuse(t, ERR_SUBSIDIES_TOTAL, NULL));
	return (0);
}

/* Paid: the money is gone. Returned: it stays committed, or is so again. */
static int
settle(struct taking *t)
{
	static const struct claim_move	pays = { .from = "{batched}", .to = "paid",
	    .step = "bank_paid", .funds = "paid" };
	static const struct claim_move	returns = { .from = "{batched}", .to = "returned",
	    .step = "bank_returned" };
	static const struct claim_move	refunds = { .from = "{paid}", .to = "returned",
	    .step = "bank_refunded", .funds = "committed" };
	struct db_rows			done;

	if (sql_reply_apply(t->db, &done, t->batch, t->rows) == -1 ||
	    move(t, &done, "paid_ids", "paid", &pays) == -1 ||
	    move(t, &done, "returned_ids", "returned", &returns) == -1 ||
	    move(t, &done, "refunded_ids", "refunded", &refunds) == -1)
		return (-1);
	if (t->reply->refused != ERR_NONE)
		return (0);
	if (db_int(&done, 0, "refunded") > 0 &&
	    sql_refunds_tell(t->db, NULL, db_text(&done, 0, "refunded_ids")) == -1)
		return (-1);
	return (close_reply(t, &done));
}

static int
move(struct taking *t, const struct db_rows *done, const char *ids, const char *count,
    const struct claim_move *m)
{
	struct db_rows	rows;
	int64_t		n = db_int(done, 0, count);

	if (n == 0 || t->reply->refused != ERR_NONE)
		return (0);
	if (sql_claims_move(t->db, &rows, db_text(done, 0, ids), m->from, m->to, m->step, m->hand,
	    m->funds, m->note, true) == -1)
		return (-1);
	if (db_int(&rows, 0, "moved") != n)
		return (refuse(t, ERR_STATE, "有申领不在拨付中"));
	return (0);
}

static int
close_reply(struct taking *t, const struct db_rows *done)
{
	static const char *const	figures[] = { "paid", "paid_cents", "returned", "returned_cents",
	    "refunded", "refunded_cents" };
	struct json_out			out;
	struct buf			buf;
	char				*report;
	size_t				i;

	buf_init(&buf, 1024);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	for (i = 0; i < NITEMS(figures); i++)
		json_put_int(&out, figures[i], db_int(done, 0, figures[i]));
	json_put_int(&out, "unknown", t->unknown);
	json_close(&out);
	report = arena_strdup(t->db->arena, buf_cstr(&buf));
	buf_release(&buf);
	return (sql_reply_close(t->db, &t->reply->report, t->batch, t->sha, t->bank, report,
	    t->unknown));
}

static int
refuse(struct taking *t, enum error_code code, const char *detail)
{
	t->reply->refused = code;
	t->reply->detail = detail;
	return (0);
}
