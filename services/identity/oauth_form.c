/*
 * oauth_form.c -- parameters as OAuth sends them (RFC 6749 §3.1, §3.2), in a
 * query or a form body: names once only, unknown ones ignored, without a
 * value as good as absent.
 */
#include "oauth.h"

static char	*plain(struct arena *, struct span);

int
oauth_form_read(struct arena *a, struct span text, struct oauth_form *f)
{
	struct oauth_param	p;
	struct span		name, value;

	f->count = 0;
	while (http1_pair(&text, &name, &value)) {
		if (name.len == 0 && value.len == 0)
			continue;
		p.name = plain(a, name);
		p.value = plain(a, value);
		if (p.name == NULL || p.name[0] == '\0' || p.value == NULL ||
		    f->count == OAUTH_PARAMS || oauth_form_has(f, p.name))
			return (-1);
		f->list[f->count++] = p;
	}
	return (0);
}

bool
oauth_form_has(const struct oauth_form *f, const char *name)
{
	size_t	i;

	for (i = 0; i < f->count; i++)
		if (strcmp(f->list[i].name, name) == 0)
			return (true);
	return (false);
}

const char *
oauth_form_get(const struct oauth_form *f, const char *name)
{
	size_t	i;

	for (i = 0; i < f->count; i++)
		if (strcmp(f->list[i].name, name) == 0)
			return (f->list[i].value[0] != '\0' ? f->list[i].value : NULL);
	return (NULL);
}

/* %XX for all but the unreserved (RFC 3986 §2.3). */
void
oauth_escape(struct buf *b, const char *text)
{
	static const char	hex[] = "0123456789ABCDEF";
	unsigned char		ch;

	for (; *text != '\0'; text++) {
		ch = (unsigned char)*text;
		if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
		    (ch >= '0' && ch <= '9') || strchr("-._~", ch) != NULL)
			buf_addc(b, (char)ch);
		else {
			buf_addc(b, '%');
			buf_addc(b, hex[ch >> 4]);
			buf_addc(b, hex[ch & 15]);
		}
	}
}

bool
oauth_word_in(const char *list, const char *word)
{
	size_t		 n = strlen(word);
	const char	*p;

	for (p = list; n > 0 && *p != '\0'; p += strcspn(p, " "), p += *p == ' ')
		if (strncmp(p, word, n) == 0 && (p[n] == ' ' || p[n] == '\0'))
			return (true);
	return (false);
}

/* NULL: a bad escape, NUL or not UTF-8. */
static char *
plain(struct arena *a, struct span s)
{
	char	*text = arena_alloc(a, s.len + 1);

	return (http1_unescape(s, text, s.len + 1) == -1 ? NULL : text);
}
