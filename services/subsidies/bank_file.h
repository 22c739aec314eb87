/*
 * bank_file.h -- the texts that pass between us and a bank: written, sealed,
 * opened and read here, without database or network. CSV in UTF-8, rows ended
 * by LF, money in cents (分). There is no national layout; this one has the
 * columns that banks ask for (batch, number, account, name, 联行号, amount,
 * purpose, our id).
 *
 *	#batch,<batch_no>,<count>,<total_cents>,CNY		payment, to the bank
 *	seq,pay_no,account,account_name,amount_cents,purpose,bank_no
 *	1,P2025…,6222…,示例公司,150000,一次性扩岗补助,
 *
 *	#inquiry,<batch_no>,<count>,<total_cents>,CNY		what became of these?
 *	pay_no,amount_cents
 *
 *	#batch,<batch_no>,<count>,<total_cents>,CNY		reply, from the bank
 *	pay_no,status,code,text,time
 *	P2025…,paid,0000,成功,2025-03-10T09:00:00+08:00
 *
 *	#statement,<county_code>,<from>,<to>,<opening_cents>,<closing_cents>,CNY
 *	bank_no,day,pay_no,direction,amount_cents,balance_cents,text
 *
 * status: paid, returned (退票: it never left), refunded (退汇: it left and came
 * back), unknown (the bank has no such payment; asks for the file again).
 * direction: out, in. A reply without its first line answers a whole batch.
 *
 * Seal, the last lines of each: perhaps `#SM3,<hex>`, then
 * `#HMAC-SM3,<hex>[,<bank>]`, each over every byte before its own line. A bank
 * that reads GBK gets the whole text, sealed after the change of characters.
 */
#ifndef SUBSIDIES_BANK_FILE_H
#define SUBSIDIES_BANK_FILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"

#define BANK_LINES_MAX	1000
#define BANK_KEYS_MAX	8
#define BANK_NAME_MAX	32
#define BANK_FILE_MAX	(4 << 20)
#define BANK_CODE_MAX	32	/* bytes of an answer's code and of its text */
#define BANK_TEXT_MAX	256

struct bank_key {
	char		 name[BANK_NAME_MAX];	/* "" for the only bank */
	const void	*key;
	size_t		 len;
};

struct bank_pay {
	int64_t		 seq, amount_cents;
	const char	*pay_no, *account, *account_name, *bank_no, *purpose;
};

/* One row of a reply. The texts stay good until the next row. */
struct bank_answer {
	const char	*pay_no, *status, *code, *text;
	int64_t		 time_us;
};

struct bank_movement {
	const char	*bank_no, *pay_no;	/* pay_no NULL: of none of our payments */
	const char	*direction, *text;
	int32_t		 day;
	int64_t		 amount_cents, balance_cents;
};

/* A file being read; `fault` says what is wrong with it, csv.line where. */
struct bank_reader {
	struct csv	 csv;
	bool		 headed;
	char		 batch_no[BANK_CODE_MAX];	/* or the county of a statement */
	int64_t		 count, total_cents;
	int32_t		 from_on, to_on;
	int64_t		 opening_cents, closing_cents, balance_cents;
	const char	*fault;
};

enum bank_seal { BANK_UNSIGNED, BANK_SIGNED, BANK_FORGED };

/* ---- writing: `buf` collects; the caller seals and asks buf_ok() ---- */
void	bank_write_head(struct buf *, const char *kind, const char *no, int64_t count, int64_t total_cents);
void	bank_write_pay(struct buf *, const struct bank_pay *);
void	bank_write_inquiry(struct buf *, const char *pay_no, int64_t amount_cents);
void	bank_seal(struct buf *, const struct bank_key *, bool with_digest);
void	bank_put_field(struct buf *, const char *);	/* in quotes where the text needs them */

/*
 * Reads `name key` (or `key`) of each line of a keys file. Returns how many, 0
 * for a file that is not sound.
 */
size_t	bank_keys_read(const char *text, size_t len, struct bank_key out[BANK_KEYS_MAX]);
/*
 * Finds and checks the seal; *body is the length of what stands before it.
 * FORGED: it does not fit, or a bank nobody knows; `bank`: whose key fits.
 */
enum bank_seal	bank_unseal(const char *text, size_t len, const struct bank_key *, size_t nkeys,
		    size_t *body, const struct bank_key **bank);

/* ---- reading a body; false or -1: `fault` and csv.line say why ---- */
bool	bank_read_reply(struct bank_reader *, const char *, size_t) MUST_CHECK;
int	bank_next_answer(struct bank_reader *, struct bank_answer *) MUST_CHECK;	/* 1, 0, -1 */
bool	bank_read_statement(struct bank_reader *, const char *, size_t) MUST_CHECK;
/* The last one must leave the closing balance, each its own balance. */
int	bank_next_movement(struct bank_reader *, struct bank_movement *) MUST_CHECK;

#endif
