/*
 * payment.h -- batches of payments to a bank, what their files share, and what
 * comes back. The texts themselves are in bank_file.h.
 *
 * A batch: requested (财务, hand "pay") → released (财政, hand "release") →
 * signed (two of 财务, hand "sign", under the SM3 of the file) → sent →
 * answered; or taken_back before it is sent. All hands of a claim differ.
 */
#ifndef SUBSIDIES_PAYMENT_H
#define SUBSIDIES_PAYMENT_H

#include "bank_file.h"
#include "http/call.h"

#define BATCH_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "批次" }, \
	{ .name = "batch_no", .type = SHAPE_T_TEXT, .help = "批次编号" }, \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "line_count", .type = SHAPE_T_INT, .help = "笔数" }, \
	{ .name = "total_cents", .type = SHAPE_T_INT, .help = "合计（分）" }, \
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "payment_batch_states", .help = "状态" }, \
	{ .name = "release_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "财政拨款单号" }, \
	{ .name = "signatures", .type = SHAPE_T_INT, .help = "已签人数" }, \
	{ .name = "file_sm3", .type = SHAPE_T_TEXT, .nullable = true, .help = "所签文件的 SM3 摘要" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申请时间" }, \
	{ .name = "released_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "财政拨款时间" }, \
	{ .name = "sent_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "送出时间" }, \
	{ .name = "answer_due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "应回盘日" }, \
	{ .name = "answered_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "回盘时间" }, \
	{ .name = "take_back_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "撤回原因" }

extern const struct shape batch_shape[];
extern const struct shape payment_reply_shape[];

/* ---- files (payment_file.c) ---- */
struct payment_text {
	const char	*data;		/* in the arena */
	size_t		 len;
	const char	*batch_no, *state;
	char		 sm3[65];	/* of the text */
};

/*
 * The sealed text of a batch; `inquiry`: the question about its open lines.
 * 1: made; 0: no such batch, or nothing open; -1: database error, or an
 * account that cannot be opened (db->error is DB_OK then).
 */
int	payment_text_make(struct db *, const struct uuid *, bool inquiry, struct payment_text *) MUST_CHECK;
/*
 * Whether a text from a bank may be believed: signed by a known bank, or, where
 * no bank's key is set, unsigned. *body: its length without the seal; *bank:
 * whose, NULL: unsigned.
 */
bool	payment_seal_good(struct arena *, const char *text, size_t len, size_t *body, const char **bank);
int	payment_batch_file(struct call *);
int	payment_batch_inquiry(struct call *);

/* ---- hands (payment_hands.c) ---- */
struct release_in {
	const char	*release_no;
};

struct take_back_in {
	const char	*reason;
};

int	payment_batch_release(struct call *);
int	payment_batch_sign(struct call *);
int	payment_batch_send(struct call *);
int	payment_batch_take_back(struct call *);

/* ---- replies (payment_reply.c) ---- */
struct payment_reply {
	const char	*text;
	size_t		 len;
	enum error_code	 refused;	/* why it was not taken; ERR_NONE: taken */
	const char	*detail;	/* the same in words, or NULL */
	struct db_rows	 report;	/* column `reply` */
};

/* Takes a reply whole or not at all. -1: database error. The caller commits, or rolls back. */
int	payment_reply_take(struct db *, const struct uuid *batch, struct payment_reply *) MUST_CHECK;
int	payment_batch_reply(struct call *);

/* ---- the bank's folders (bank_transport.c), a periodic job ---- */
void	bank_transport_run(void);

#endif
