/*
 * interview_link.c -- see interview_link.h.
 */
#include "interview_link.h"
#include "base/buf.h"
#include "http/errors.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";

static bool	among(char, const char *);
static bool	host_sound(const char *, size_t);

int
check_https_link(const char *link)
{
	const char	*host, *p;
	size_t		 len, port;

	if (strlen(link) > LINK_MAX)
		return (ERR_F_LONG);
	if (strncmp(link, "https://", 8) != 0)
		return (ERR_F_FORMAT);
	host = link + 8;
	len = strcspn(host, ":/?#");
	if (!host_sound(host, len))
		return (ERR_F_FORMAT);
	p = host + len;
	if (*p == ':') {
		port = strspn(p + 1, digits);
		if (port == 0 || port > 5)
			return (ERR_F_FORMAT);
		p += 1 + port;
	}
	if (*p != '\0' && *p != '/' && *p != '?' && *p != '#')
		return (ERR_F_FORMAT);
	for (; *p != '\0'; p++)
		if (!among(*p, "-._~:/?#[]@!$&'()*+,;=%"))
			return (ERR_F_FORMAT);
	return (0);
}

static bool
among(char ch, const char *more)
{
	return (strchr(letters, ch) != NULL || strchr(digits, ch) != NULL ||
	    strchr(more, ch) != NULL);
}

/* Labels of letters, digits and hyphens between dots; the last begins with a letter. */
static bool
host_sound(const char *host, size_t len)
{
	bool	dotted = false;
	size_t	i, start = 0;

	for (i = 0; i <= len; i++) {
		if (i < len && host[i] != '.') {
			if (!among(host[i], "-"))
				return (false);
			continue;
		}
		if (i == start || host[start] == '-' || host[i - 1] == '-')
			return (false);
		if (i == len)
			return (dotted && strchr(letters, host[start]) != NULL);
		dotted = true;
		start = i + 1;
	}
	return (false);
}

const char *
meeting_link(struct arena *a, const char *template, const char *id)
{
	const char	*at;
	char		*link = NULL;

	for (; (at = strstr(template, "{id}")) != NULL; template = at + 4)
		link = arena_printf(a, "%s%.*s%s", link == NULL ? "" : link, (int)(at - template),
		    template, id);
	return (link == NULL ? NULL : arena_printf(a, "%s%s", link, template));
}
