/*
 * cursor.c -- page cursors: what a list continues after, signed.
 *
 * base64url(mac || content), where mac is the first half of HMAC-SM3 over the
 * route's name and the content. A cursor is therefore opaque, of one list
 * only, and never taken from a client who made it up. It is no secret: rows
 * behind it are judged by row-level security like any others.
 */
#include "http/dispatch_priv.h"
#include "base/id.h"
#include "base/log.h"
#include "crypt/crypt.h"

#define MAC_BYTES	16
#define CONTENT_MAX	1024
#define RANDOM_KEY	32

static void	cursor_mac(struct arena *, const char *, const char *, size_t, uint8_t *);

static const void	*sign_key;
static size_t		 sign_key_len;
static bool		 own_key;

void
cursor_init(const void *key, size_t len)
{
	static uint8_t	own[RANDOM_KEY];

	sign_key = key;
	sign_key_len = len;
	if ((own_key = key == NULL)) {
		random_bytes(own, sizeof(own));
		sign_key = own;
		sign_key_len = sizeof(own);
	}
}

char *
cursor_seal(struct arena *a, const char *list, const char *content)
{
	size_t	 len = strlen(content);
	uint8_t	*sealed = arena_alloc(a, MAC_BYTES + len);

	if (own_key)
		log_warn("cursors are signed with a key of this process alone: set YJY_CURSOR_KEY_FILE");
	own_key = false;
	cursor_mac(a, list, content, len, sealed);
	memcpy(sealed + MAC_BYTES, content, len);
	return (base64url_encode(a, sealed, MAC_BYTES + len));
}

const char *
cursor_open(struct arena *a, const char *list, const char *text)
{
	uint8_t		*sealed, mac[MAC_BYTES];
	const char	*content;
	size_t		 len, text_len = strlen(text);

	if (text_len > 2 * CONTENT_MAX)
		return (NULL);
	sealed = base64url_decode(a, text, text_len, &len);
	if (sealed == NULL || len <= MAC_BYTES)
		return (NULL);
	content = (const char *)sealed + MAC_BYTES;
	cursor_mac(a, list, content, len - MAC_BYTES, mac);
	if (!equal_in_constant_time(mac, sealed, MAC_BYTES))
		return (NULL);
	return (arena_strndup(a, content, len - MAC_BYTES));
}

static void
cursor_mac(struct arena *a, const char *list, const char *content, size_t len, uint8_t *mac)
{
	uint8_t	 full[CHAIN_BYTES];
	size_t	 list_len = strlen(list) + 1;
	char	*text = arena_alloc(a, list_len + len);

	memcpy(text, list, list_len);
	memcpy(text + list_len, content, len);
	hmac_sm3(sign_key, sign_key_len, text, list_len + len, full);
	memcpy(mac, full, MAC_BYTES);
}
