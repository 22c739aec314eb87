/*
 * totp.c -- RFC 6238 with HMAC-SHA-1, 30-second steps and six digits, one
 * step of grace to each side. Real time: a sandbox does not move it.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "totp.h"
#include "crypt/crypt.h"

#define STEP_S	30

static uint32_t	totp_at(const void *, size_t, int64_t);

int64_t
totp_match(const void *secret, size_t len, const char *code, int64_t now_s)
{
	char	want[12];
	int64_t	step;

	if (strlen(code) != 6)
		return (0);
	for (step = now_s / STEP_S - 1; step <= now_s / STEP_S + 1; step++) {
		(void)snprintf(want, sizeof(want), "%06u", totp_at(secret, len, step));
		if (equal_in_constant_time(want, code, 6))
			return (step);
	}
	return (0);
}

/* RFC 4226 §5.3: dynamic truncation. */
static uint32_t
totp_at(const void *secret, size_t len, int64_t step)
{
	uint8_t		msg[8], mac[EVP_MAX_MD_SIZE];
	unsigned int	mac_len = 0;
	uint32_t	bits;
	int		i, at;

	for (i = 7; i >= 0; i--, step >>= 8)
		msg[i] = (uint8_t)step;
	if (HMAC(EVP_sha1(), secret, (int)len, msg, sizeof(msg), mac, &mac_len) == NULL)
		return (1000000);	/* seven digits match nothing */
	at = mac[mac_len - 1] & 0x0f;
	bits = ((uint32_t)(mac[at] & 0x7f) << 24) | ((uint32_t)mac[at + 1] << 16) |
	    ((uint32_t)mac[at + 2] << 8) | mac[at + 3];
	return (bits % 1000000);
}
