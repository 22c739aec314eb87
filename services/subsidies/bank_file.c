/*
 * bank_file.c -- what we write to a bank: rows and the seal under them; and
 * the seal of what it writes to us. Reading rows is in bank_read.c.
 *
 * Invariant: the same rows give the same bytes, and no byte before a seal can
 * change without the seal failing.
 */
#include "bank_file.h"

#include "crypt/crypt.h"

#define HEX_LEN		(2 * CHAIN_BYTES)
#define MAC_MARK	"#HMAC-SM3,"
#define DIGEST_MARK	"#SM3,"

static void	put_hex(struct buf *, const uint8_t *);
static size_t	last_line(const char *, size_t, size_t *);
static bool	marked(const char *, size_t, const char *);
static bool	hex_is(const char *, const uint8_t *);
static const struct bank_key *key_of(const char *, size_t, const struct bank_key *, size_t);
static bool	key_line(const char *, size_t, struct bank_key *);

void
bank_write_head(struct buf *buf, const char *kind, const char *no, int64_t count, int64_t total_cents)
{
	buf_addf(buf, "#%s,%s,%lld,%lld,CNY\n", kind, no, (long long)count, (long long)total_cents);
	buf_adds(buf, strcmp(kind, "inquiry") == 0 ? "pay_no,amount_cents\n" :
	    "seq,pay_no,account,account_name,amount_cents,purpose,bank_no\n");
}

void
bank_write_pay(struct buf *buf, const struct bank_pay *p)
{
	buf_addf(buf, "%lld,%s,%s,", (long long)p->seq, p->pay_no, p->account);
	bank_put_field(buf, p->account_name);
	buf_addf(buf, ",%lld,", (long long)p->amount_cents);
	bank_put_field(buf, p->purpose);
	buf_addc(buf, ',');
	bank_put_field(buf, p->bank_no != NULL ? p->bank_no : "");
	buf_addc(buf, '\n');
}

void
bank_write_inquiry(struct buf *buf, const char *pay_no, int64_t amount_cents)
{
	buf_addf(buf, "%s,%lld\n", pay_no, (long long)amount_cents);
}

void
bank_put_field(struct buf *buf, const char *text)
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

void
bank_seal(struct buf *buf, const struct bank_key *key, bool with_digest)
{
	uint8_t	mac[CHAIN_BYTES];

	if (with_digest) {
		sm3(buf->data, buf->len, mac);
		buf_adds(buf, DIGEST_MARK);
		put_hex(buf, mac);
		buf_addc(buf, '\n');
	}
	hmac_sm3(key->key, key->len, buf->data, buf->len, mac);
	buf_adds(buf, MAC_MARK);
	put_hex(buf, mac);
	if (key->name[0] != '\0')
		buf_addf(buf, ",%s", key->name);
	buf_addc(buf, '\n');
}

static void
put_hex(struct buf *buf, const uint8_t *bytes)
{
	size_t	i;

	for (i = 0; i < CHAIN_BYTES; i++)
		buf_addf(buf, "%02x", bytes[i]);
}

/* The seal's lines are the last; whatever follows them is not of the file. */
enum bank_seal
bank_unseal(const char *text, size_t len, const struct bank_key *keys, size_t nkeys, size_t *body,
    const struct bank_key **bank)
{
	size_t	end, at = last_line(text, len, &end), mark = strlen(MAC_MARK);
	uint8_t	mac[CHAIN_BYTES];

	*body = len;
	*bank = NULL;
	if (!marked(text + at, end - at, MAC_MARK))
		return (BANK_UNSIGNED);
	*body = at;
	if (end - at < mark + HEX_LEN)
		return (BANK_FORGED);
	*bank = key_of(text + at + mark + HEX_LEN, end - at - mark - HEX_LEN, keys, nkeys);
	if (*bank == NULL)
		return (BANK_FORGED);
	hmac_sm3((*bank)->key, (*bank)->len, text, at, mac);
	if (!hex_is(text + at + mark, mac))
		return (BANK_FORGED);
	at = last_line(text, *body, &end);
	if (!marked(text + at, end - at, DIGEST_MARK))
		return (BANK_SIGNED);
	*body = at;
	sm3(text, at, mac);
	return (end - at == strlen(DIGEST_MARK) + HEX_LEN &&
	    hex_is(text + at + strlen(DIGEST_MARK), mac) ? BANK_SIGNED : BANK_FORGED);
}

/* Where the last line that is not empty begins; *end: behind its last byte. */
static size_t
last_line(const char *text, size_t len, size_t *end)
{
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	*end = len;
	while (len > 0 && text[len - 1] != '\n')
		len--;
	return (len);
}

static bool
marked(const char *line, size_t len, const char *mark)
{
	return (len >= strlen(mark) && memcmp(line, mark, strlen(mark)) == 0);
}

static bool
hex_is(const char *hex, const uint8_t *bytes)
{
	static const char	digits[] = "0123456789abcdef";
	char			want[HEX_LEN];
	size_t			i;

	for (i = 0; i < CHAIN_BYTES; i++) {
		want[2 * i] = digits[bytes[i] >> 4];
		want[2 * i + 1] = digits[bytes[i] & 15];
	}
	return (equal_in_constant_time(hex, want, HEX_LEN));
}

/* `rest` is what follows the digits: nothing, or a comma and the bank's name. */
static const struct bank_key *
key_of(const char *rest, size_t len, const struct bank_key *keys, size_t nkeys)
{
	size_t	i;

	if (len > 0 && rest[0] != ',')
		return (NULL);
	for (i = 0; i < nkeys; i++) {
		if (len == 0 || (strlen(keys[i].name) == len - 1 &&
		    memcmp(keys[i].name, rest + 1, len - 1) == 0))
			return (&keys[i]);
	}
	return (NULL);
}

size_t
bank_keys_read(const char *text, size_t len, struct bank_key out[BANK_KEYS_MAX])
{
	const char	*eol;
	size_t		 n = 0, line;

	while (len > 0) {
		eol = memchr(text, '\n', len);
		line = eol != NULL ? (size_t)(eol - text) : len;
		if (line > 0 && (n == BANK_KEYS_MAX || !key_line(text, line, &out[n++])))
			return (0);
		text += line;
		len -= line;
		if (len > 0) {
			text++;
			len--;
		}
	}
	return (n);
}

static bool
key_line(const char *line, size_t len, struct bank_key *out)
{
	const char	*blank = memchr(line, ' ', len);
	size_t		 name = blank != NULL ? (size_t)(blank - line) : 0;

	memset(out, 0, sizeof(*out));
	if (name >= sizeof(out->name))
		return (false);
	memcpy(out->name, line, name);
	out->key = blank != NULL ? blank + 1 : line;
	out->len = blank != NULL ? len - name - 1 : len;
	return (out->len >= 16);
}
