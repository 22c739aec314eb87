/*
 * seal.c -- the arithmetic of the chain; whoever has the rows does the rest
 * (shared/http/audit_seal.c appends, yjyctl audit-verify checks).
 */
#include <endian.h>

#include "crypt/seal.h"

#define HEAD_MAX	512

static bool	listed(const struct seal *, size_t, int64_t);

void
seal_add(struct buf *list, int64_t ord, const char *text, size_t len)
{
	uint64_t	be = htobe64((uint64_t)ord);
	uint8_t		digest[CHAIN_BYTES];

	sm3(text, len, digest);
	buf_add(list, (const char *)&be, sizeof(be));
	buf_add(list, (const char *)digest, sizeof(digest));
}

void
seal_hash(const struct seal *s, const uint8_t prev[CHAIN_BYTES], uint8_t out[CHAIN_BYTES])
{
	struct buf	rec;

	buf_init(&rec, HEAD_MAX + strlen(s->note) + s->count * SEAL_ROW);
	buf_addf(&rec, "%lld|%lld|%lld|%zu|%lld|%s\n", (long long)s->n, (long long)s->from_xid,
	    (long long)s->to_xid, s->count, (long long)s->sealed_us, s->note);
	if (s->count > 0)
		buf_add(&rec, (const char *)s->rows, s->count * SEAL_ROW);
	chain_next(prev, rec.data, rec.len, out);
	buf_release(&rec);
}

bool
seal_unhex(const char *hex, void *out, size_t len)
{
	static const char	digits[] = "0123456789abcdef";
	const char		*d;
	uint8_t			*to = out;
	size_t			 i;

	for (i = 0; i < 2 * len; i++) {
		if (hex[i] == '\0' || (d = strchr(digits, hex[i])) == NULL)
			return (false);
		to[i / 2] = (uint8_t)((i % 2 == 0 ? 0 : to[i / 2] << 4) | (d - digits));
	}
	return (hex[2 * len] == '\0');
}

int64_t
seal_ord(const struct seal *s, size_t i)
{
	uint64_t	be;

	memcpy(&be, s->rows + i * SEAL_ROW, sizeof(be));
	return ((int64_t)be64toh(be));
}

void
seal_check_row(struct seal_check *k, int64_t ord, const char *text, size_t len)
{
	const struct seal	*s = k->seal;
	uint8_t			 digest[CHAIN_BYTES];

	if (k->fault != SEAL_SOUND)
		return;
	if (k->at == s->count || seal_ord(s, k->at) != ord) {
		k->fault = listed(s, k->at, ord) ? SEAL_MISSING : SEAL_ADDED;
		k->ord = k->fault == SEAL_MISSING ? seal_ord(s, k->at) : ord;
		return;
	}
	sm3(text, len, digest);
	if (memcmp(digest, s->rows + k->at * SEAL_ROW + sizeof(uint64_t), sizeof(digest)) != 0) {
		k->fault = SEAL_ALTERED;
		k->ord = ord;
	}
	k->at++;
}

void
seal_check_end(struct seal_check *k)
{
	if (k->fault != SEAL_SOUND || k->at == k->seal->count)
		return;
	k->fault = SEAL_MISSING;
	k->ord = seal_ord(k->seal, k->at);
}

/* Further on in the list: then what stands before it is missing. */
static bool
listed(const struct seal *s, size_t from, int64_t ord)
{
	for (; from < s->count; from++)
		if (seal_ord(s, from) == ord)
			return (true);
	return (false);
}
