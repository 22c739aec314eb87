/*
 * oauth_scope.c -- the scope parameter (RFC 6749 §3.3): words that name roles,
 * alone or at one area. A scope takes away; it never gives.
 */
#include "oauth.h"

static bool	word_ok(const char *, size_t);
static size_t	word_mark(const struct principal *, const char *, size_t, bool *);
static bool	word_names(const char *, size_t, const char *, const char *);
static void	grants_keep(struct principal *, const bool *);

int
scope_narrow(struct principal *who, const char *scope, bool strict)
{
	bool		 keep[PRINCIPAL_ROLES] = { false };
	const char	*p = scope;
	size_t		 len;

	if (scope == NULL)
		return (0);
	for (;; p += len + 1) {
		len = strcspn(p, " ");
		if (!word_ok(p, len) || (word_mark(who, p, len, keep) == 0 && strict))
			return (-1);
		if (p[len] == '\0')
			break;
	}
	grants_keep(who, keep);
	return (who->ngrants == 0 ? -1 : 0);
}

/* Lower-case letters, digits and underscores, and an area behind an at sign. */
static bool
word_ok(const char *p, size_t len)
{
	return (len > 0 && strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_@") >= len);
}

static size_t
word_mark(const struct principal *who, const char *word, size_t len, bool *keep)
{
	size_t	i, n = 0;

	for (i = 0; i < who->ngrants; i++)
		if (word_names(word, len, role_name(who->grants[i].role), who->grants[i].area)) {
			keep[i] = true;
			n++;
		}
	return (n);
}

static bool
word_names(const char *word, size_t len, const char *role, const char *area)
{
	size_t	n = strlen(role);

	if (len < n || memcmp(word, role, n) != 0)
		return (false);
	return (len == n || (word[n] == '@' && strlen(area) == len - n - 1 &&
	    memcmp(word + n + 1, area, len - n - 1) == 0));
}

static void
grants_keep(struct principal *who, const bool *keep)
{
	size_t	i, n = 0;

	who->roles = 0;
	for (i = 0; i < who->ngrants; i++)
		if (keep[i]) {
			who->grants[n++] = who->grants[i];
			who->roles |= who->grants[i].role;
		}
	who->ngrants = n;
}

bool
scope_within(const char *scope, const char *roles)
{
	const char	*p;
	char		 role[32];
	size_t		 len;

	for (p = scope;; p += len + 1) {
		len = strcspn(p, " ");
		if (!word_ok(p, len) || strcspn(p, "@ ") >= sizeof(role))
			return (false);
		(void)snprintf(role, sizeof(role), "%.*s", (int)strcspn(p, "@ "), p);
		if (!oauth_word_in(roles, role))
			return (false);
		if (p[len] == '\0')
			return (true);
	}
}
