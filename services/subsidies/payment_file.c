/*
 * payment_file.c -- the text the bank is given: the only place where account
 * numbers leave in the clear, to a payer of the county.
 *
 * Invariant: count and total of the header are those of the lines below it,
 * and the last line signs every byte before it. The same batch gives the same
 * bytes each time.
 */
#include "subsidies.h"

#include "conf/conf.h"
#include "crypt/crypt.h"
#include "payment.h"
#include "subsidies_sql.h"

#define FILE_MAX	(4 << 20)

static bool	file_write(struct call *, const struct db_rows *, struct buf *);
static void	put_field(struct buf *, const char *);
static void	file_sign(struct call *, struct buf *);

int
payment_batch_file(struct call *c)
{
	struct db_rows	rows;
	struct buf	buf;
	bool		ok;
	char		*text = NULL;
	size_t		 len;

	if (sql_batch_lines(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	buf_init(&buf, FILE_MAX);
	ok = file_write(c, &rows, &buf) && buf_ok(&buf);
	len = buf.len;
	if (ok)
		text = arena_strndup(c->arena, buf.data, len);
	buf_release(&buf);
	if (!ok)
		return (call_reject(c, ERR_INTERNAL, NULL));
	call_header(c, "Content-Disposition", arena_printf(c->arena,
	    "attachment; filename=\"%s.csv\"", db_text(&rows, 0, "batch_no")));
	return (call_reply_bytes(c, 200, "text/csv; charset=utf-8", text, len));
}

/* False: an account cannot be opened, or the lines do not add up. */
static bool
file_write(struct call *c, const struct db_rows *rows, struct buf *buf)
{
	const char	*account;
	int64_t		 total = 0;
	size_t		 i;

	buf_addf(buf, "#batch,%s,%lld,%lld,CNY\n", db_text(rows, 0, "batch_no"),
	    (long long)db_int(rows, 0, "line_count"), (long long)db_int(rows, 0, "total_cents"));
	buf_adds(buf, "seq,pay_no,account,account_name,amount_cents,purpose\n");
	for (i = 0; i < rows->count; i++) {
		account = field_open(c->arena, "claim.account", db_text(rows, i, "account_sealed"));
		if (account == NULL)
			return (false);
		buf_addf(buf, "%lld,%s,%s,", (long long)db_int(rows, i, "seq"),
		    db_text(rows, i, "pay_no"), account);
		put_field(buf, db_text(rows, i, "account_name"));
		buf_addf(buf, ",%lld,", (long long)db_int(rows, i, "amount_cents"));
		put_field(buf, db_text(rows, i, "purpose"));
		buf_addc(buf, '\n');
		total += db_int(rows, i, "amount_cents");
	}
	file_sign(c, buf);
	return (total == db_int(rows, 0, "total_cents") &&
	    rows->count == (size_t)db_int(rows, 0, "line_count"));
}

/* In quotes where the text needs them. */
static void
put_field(struct buf *buf, const char *text)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		buf_adds(buf, text);
		return;
	}
	buf_addc(buf, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_addc(buf, '"');
		buf_addc(buf, *text);
	}
	buf_addc(buf, '"');
}

/* With the bank's key; a sandbox without one signs with a key derived from ours. */
static void
file_sign(struct call *c, struct buf *buf)
{
	uint8_t		 mac[CHAIN_BYTES], derived[CHAIN_BYTES];
	size_t		 len;
	const void	*key = conf_secret(CONF_BANK_KEY, &len);

	if (key == NULL) {
		key = conf_secret(CONF_SERVICE_KEY, &len);
		hmac_sm3(key, len, "bank", 4, derived);
		key = derived;
		len = sizeof(derived);
	}
	hmac_sm3(key, len, buf->data, buf->len, mac);
	buf_addf(buf, "#HMAC-SM3,%s\n", hex_encode(c->arena, mac, sizeof(mac)));
}
