/*
 * mask.c -- personal data as others may see it.
 *
 * What does not look like the thing to be masked is hidden altogether, so a
 * field filled with something else leaks nothing. The number of stars of a
 * name does not tell its length.
 */
#include <string.h>

#include "codes/codes.h"
#include "base/utf8.h"

#define HIDDEN	"****"

static char	*mask_middle(struct arena *, const char *, size_t, size_t);

/* 431102********0009 */
char *
mask_id(struct arena *a, const char *id)
{
	return (mask_middle(a, id, 6, 4));
}

/* 138****8000 */
char *
mask_phone(struct arena *a, const char *phone)
{
	return (mask_middle(a, phone, 3, 4));
}

/* 张*; a name of one character would be the whole name, so it is hidden too. */
char *
mask_name(struct arena *a, const char *name)
{
	uint32_t	 code;
	size_t		 len, first;

	if (name == NULL)
		return (NULL);
	len = strlen(name);
	first = utf8_next(name, len, &code);
	if (first == 0 || first == len)
		return (arena_strdup(a, len == 0 ? "" : "*"));
	return (arena_printf(a, "%.*s*", (int)first, name));
}

/* ****8000 */
char *
mask_account(struct arena *a, const char *account)
{
	size_t	 len;

	if (account == NULL)
		return (NULL);
	len = strlen(account);
	if (len < 8 || strspn(account, "0123456789") != len)
		return (arena_strdup(a, len == 0 ? "" : HIDDEN));
	return (arena_printf(a, HIDDEN "%s", account + len - 4));
}

/* Letters and digits with at least as much hidden as four characters. */
static char *
mask_middle(struct arena *a, const char *text, size_t head, size_t tail)
{
	size_t	 len, i;
	char	*out;

	if (text == NULL)
		return (NULL);
	len = strlen(text);
	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			break;
	if (len < head + tail + strlen(HIDDEN) || i < len)
		return (arena_strdup(a, len == 0 ? "" : HIDDEN));
	out = arena_strdup(a, text);
	memset(out + head, '*', len - head - tail);
	return (out);
}
