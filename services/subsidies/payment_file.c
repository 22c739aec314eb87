/*
 * payment_file.c -- the texts the bank is given: the only place where account
 * numbers leave in the clear, to a payer of the county or into the bank's
 * folder; and whether a text from the bank is the bank's.
 *
 * Invariant: count and total of the header are those of the lines below it.
 * The same batch gives the same bytes each time, and nobody fetches them
 * without a row that says so.
 */
#include "subsidies.h"

#include "conf/conf.h"
#include "crypt/crypt.h"
#include "payment.h"
#include "subsidies_sql.h"

static int	file_reply(struct call *, const char *, bool);
static int	file_shows(struct call *);
static bool	write_pays(struct db *, const struct db_rows *, struct buf *);
static void	write_inquiry(const struct db_rows *, struct buf *);
static void	key_ours(struct bank_key *, uint8_t [CHAIN_BYTES]);
static size_t	keys_theirs(struct bank_key *, uint8_t [CHAIN_BYTES], bool *);
static void	derive(const char *, struct bank_key *, uint8_t [CHAIN_BYTES]);

int
payment_batch_file(struct call *c)
{
	return (file_reply(c, "file", false));
}

int
payment_batch_inquiry(struct call *c)
{
	return (file_reply(c, "inquiry", true));
}

static int
file_reply(struct call *c, const char *kind, bool inquiry)
{
	struct payment_text	text;
	int			rc = payment_text_make(c->db, &c->id, inquiry, &text);

	if (rc == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (rc == -1)
		return (c->db->error != DB_OK ? call_failed(c) : call_reject(c, ERR_INTERNAL, NULL));
	if (inquiry && strcmp(text.state, "sent") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	/* It bears our seal: before two have signed it is nobody's to carry to the bank. */
	if (strcmp(text.state, "requested") == 0 || strcmp(text.state, "released") == 0 ||
	    strcmp(text.state, "taken_back") == 0)
		return (call_reject(c, ERR_SUBSIDIES_SIGNATURES, NULL));
	if (sql_download_add(c->db, NULL, &c->id, kind) == -1 || file_shows(c) == -1)
		return (call_failed(c));
	call_header(c, "Content-Disposition", arena_printf(c->arena,
	    "attachment; filename=\"%s%s.csv\"", text.batch_no, inquiry ? "-inquiry" : ""));
	return (call_reply_bytes(c, 200, "text/csv; charset=utf-8", text.data, text.len));
}

/* Everybody in the file reads in the trail that it was fetched. */
static int
file_shows(struct call *c)
{
	struct db_rows	rows;
	struct uuid	person;
	size_t		i;

	if (sql_batch_people(c->db, &rows, &c->id) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++) {
		person = db_uuid(&rows, i, "person_id");
		call_shown(c, &person);
	}
	return (0);
}

int
payment_text_make(struct db *db, const struct uuid *id, bool inquiry, struct payment_text *out)
{
	struct db_rows	rows;
	struct buf	buf;
	struct bank_key	key;
	uint8_t		derived[CHAIN_BYTES], digest[CHAIN_BYTES];
	bool		ok = true;

	if (sql_batch_lines(db, &rows, id, inquiry) == -1)
		return (-1);
	if (rows.count == 0)
		return (0);
	buf_init(&buf, BANK_FILE_MAX);
	if (inquiry)
		write_inquiry(&rows, &buf);
	else
		ok = write_pays(db, &rows, &buf);
	key_ours(&key, derived);
	bank_seal(&buf, &key, conf_bool(CONF_BANK_DIGEST));
	if ((ok = ok && buf_ok(&buf))) {
		out->data = arena_strndup(db->arena, buf.data, buf.len);
		out->len = buf.len;
		out->batch_no = db_text(&rows, 0, "batch_no");
		out->state = db_text(&rows, 0, "state");
		sm3(out->data, out->len, digest);
		snprintf(out->sm3, sizeof(out->sm3), "%s", hex_encode(db->arena, digest, sizeof(digest)));
	}
	buf_release(&buf);
	return (ok ? 1 : -1);
}

/* False: an account cannot be opened, or the lines do not add up. */
static bool
write_pays(struct db *db, const struct db_rows *rows, struct buf *buf)
{
	struct bank_pay	p = { .bank_no = NULL };
	int64_t		total = 0;
	size_t		i;

	bank_write_head(buf, "batch", db_text(rows, 0, "batch_no"), db_int(rows, 0, "line_count"),
	    db_int(rows, 0, "total_cents"));
	for (i = 0; i < rows->count; i++) {
		p.account = field_open(db->arena, "claim.account", db_text(rows, i, "account_sealed"));
		if (p.account == NULL)
			return (false);
		p.seq = db_int(rows, i, "seq");
		p.pay_no = db_text(rows, i, "pay_no");
		p.account_name = db_text(rows, i, "account_name");
		p.amount_cents = db_int(rows, i, "amount_cents");
		p.purpose = db_text(rows, i, "purpose");
		bank_write_pay(buf, &p);
		total += p.amount_cents;
	}
	return (total == db_int(rows, 0, "total_cents") &&
	    rows->count == (size_t)db_int(rows, 0, "line_count"));
}

static void
write_inquiry(const struct db_rows *rows, struct buf *buf)
{
	int64_t	total = 0;
	size_t	i;

	for (i = 0; i < rows->count; i++)
		total += db_int(rows, i, "amount_cents");
	bank_write_head(buf, "inquiry", db_text(rows, 0, "batch_no"), (int64_t)rows->count, total);
	for (i = 0; i < rows->count; i++)
		bank_write_inquiry(buf, db_text(rows, i, "pay_no"), db_int(rows, i, "amount_cents"));
}

bool
payment_seal_good(struct arena *arena, const char *text, size_t len, size_t *body, const char **bank)
{
	struct bank_key		keys[BANK_KEYS_MAX];
	const struct bank_key	*whose;
	uint8_t			derived[CHAIN_BYTES];
	bool			strict;
	size_t			n = keys_theirs(keys, derived, &strict);
	enum bank_seal		seal = bank_unseal(text, len, keys, n, body, &whose);

	*bank = NULL;
	if (seal == BANK_UNSIGNED)
		return (!strict);
	if (seal == BANK_SIGNED)
		*bank = whose->name[0] != '\0' ? arena_strdup(arena, whose->name) : "bank";
	return (seal == BANK_SIGNED);
}

/* A sandbox without keys signs, and reads, with keys derived from the service's. */
static void
key_ours(struct bank_key *key, uint8_t derived[CHAIN_BYTES])
{
	memset(key, 0, sizeof(*key));
	if ((key->key = conf_secret(CONF_BANK_KEY, &key->len)) == NULL)
		derive("bank", key, derived);
}

/* A file of keys that is not sound is no key at all: then nothing is believed. */
static size_t
keys_theirs(struct bank_key *keys, uint8_t derived[CHAIN_BYTES], bool *strict)
{
	size_t		 len;
	const char	*text = conf_secret(CONF_BANK_REPLY_KEYS, &len);

	if ((*strict = text != NULL))
		return (bank_keys_read(text, len, keys));
	memset(keys, 0, sizeof(*keys));
	derive("bank reply", keys, derived);
	return (1);
}

static void
derive(const char *what, struct bank_key *key, uint8_t derived[CHAIN_BYTES])
{
	size_t		 len;
	const void	*service = conf_secret(CONF_SERVICE_KEY, &len);

	hmac_sm3(service, len, what, strlen(what), derived);
	key->key = derived;
	key->len = CHAIN_BYTES;
}
