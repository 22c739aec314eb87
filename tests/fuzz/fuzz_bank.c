/*
 * fuzz_bank.c -- any bytes as a file from a bank: seal, reply and statement are
 * read to an end; no row goes out that is not sound, and no seal fits by luck.
 */
#include "fuzz.h"
#include "base/clock.h"
#include "services/subsidies/bank_file.h"

static void
look_at_reply(const char *text, size_t len)
{
	static struct bank_reader	r;
	struct bank_answer		a;
	int64_t				line = 0;
	int				rc;

	if (!bank_read_reply(&r, text, len)) {
		MUST(r.fault != NULL);
		return;
	}
	while ((rc = bank_next_answer(&r, &a)) == 1) {
		MUST(r.csv.line > line);
		line = r.csv.line;
		MUST(a.pay_no[0] != '\0' && strlen(a.pay_no) < BANK_CODE_MAX);
		MUST(strlen(a.code) <= BANK_CODE_MAX && strlen(a.text) <= BANK_TEXT_MAX);
		MUST(a.time_us != INT64_MIN);
	}
	MUST(rc == 0 || r.fault != NULL);
}

static void
look_at_statement(const char *text, size_t len)
{
	static struct bank_reader	r;
	struct bank_movement		m;
	int64_t				balance;
	int				rc;

	if (!bank_read_statement(&r, text, len)) {
		MUST(r.fault != NULL);
		return;
	}
	balance = r.opening_cents;
	while ((rc = bank_next_movement(&r, &m)) == 1) {
		MUST(m.day >= r.from_on && m.day <= r.to_on && m.amount_cents > 0);
		balance += m.direction[0] == 'i' ? m.amount_cents : -m.amount_cents;
		MUST(balance == m.balance_cents);
	}
	MUST(rc == -1 ? r.fault != NULL : balance == r.closing_cents);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct bank_key	 key = { .name = "ccb", .key = "0123456789abcdef", .len = 16 };
	const struct bank_key		*whose;
	struct bank_key			 keys[BANK_KEYS_MAX];
	char				*text = copy_of((const char *)bytes, len);
	size_t				 body;

	MUST(bank_unseal(text, len, &key, 1, &body, &whose) != BANK_SIGNED);
	MUST(body <= len);
	MUST(bank_keys_read(text, len, keys) <= BANK_KEYS_MAX);
	look_at_reply(text, body);
	look_at_statement(text, body);
	free(text);
	return (0);
}
