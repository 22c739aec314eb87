/*
 * client_lists.c -- the lists of a client's registration: where it may be
 * called back, and what it may ask for. JSON in, PostgreSQL arrays out.
 */
#include "oauth.h"
#include "json/json.h"

#define REDIRECTS_MOST	10
#define URI_MOST	200

static char	*array_text(struct arena *, const struct json *, size_t, bool (*)(const char *,
		    const void *), const void *);
static bool	uri_ok(const char *, const void *);
static bool	scheme_ok(const char *);
static bool	scope_ok(const char *, const void *);

/* "" when absent; NULL: not a list of addresses that may be called back. */
char *
client_redirects(struct arena *a, const char *json)
{
	if (json == NULL)
		return (arena_strdup(a, "{}"));
	return (array_text(a, json_parse(a, json, strlen(json)), REDIRECTS_MOST, uri_ok, NULL));
}

/* The roles a type of client may ever ask for; all of them when none are named. */
char *
client_scopes(struct arena *a, const char *type, const char *json)
{
	static const char	person[] = "person employer institution carrier";
	static const char	officer[] = "clerk first_review recheck approve finance fiscal audit "
				    "stats system_admin security_admin audit_admin";
	const char		*most = strcmp(type, "app") == 0 ? person :
				    strcmp(type, "web") == 0 ? officer : "partner";
	char			*text, *p;

	if (json != NULL)
		return (array_text(a, json_parse(a, json, strlen(json)), ROLES, scope_ok, most));
	text = arena_printf(a, "{%s}", most);
	for (p = text; *p != '\0'; p++)
		if (*p == ' ')
			*p = ',';
	return (text);
}

/* Each member is text that `ok` accepts, and free of what an array would need escaped. */
static char *
array_text(struct arena *a, const struct json *list, size_t most,
    bool (*ok)(const char *, const void *), const void *arg)
{
	const char	*one;
	struct buf	 b;
	char		*text;
	size_t		 i;

	if (!json_is_array(list) || json_count(list) > most)
		return (NULL);
	buf_init(&b, 65536);
	buf_addc(&b, '{');
	for (i = 0; i < json_count(list); i++) {
		one = json_string(json_at(list, i));
		if (one == NULL || strpbrk(one, "\"\\") != NULL || !ok(one, arg)) {
			buf_release(&b);
			return (NULL);
		}
		buf_addf(&b, "%s\"%s\"", i > 0 ? "," : "", one);
	}
	buf_addc(&b, '}');
	text = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

/* Absolute, visible ASCII, no fragment (RFC 6749 §3.1.2), nothing to be guessed at. */
static bool
uri_ok(const char *uri, const void *arg UNUSED)
{
	const char	*p;

	if (strlen(uri) > URI_MOST || !scheme_ok(uri))
		return (false);
	for (p = uri; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("#*<>{}|^`'", *p) != NULL)
			return (false);
	return (true);
}

/* https, a loopback address, or a name in reverse as apps have (RFC 8252 §7.1). */
static bool
scheme_ok(const char *uri)
{
	size_t	n;

	if (strncmp(uri, "https://", 8) == 0)
		return (uri[8] != '\0' && uri[8] != '/' && strchr(uri, '@') == NULL);
	if (strncmp(uri, "http://127.0.0.1", 16) == 0)
		return (uri[16] == ':' || uri[16] == '/');
	n = strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	return (uri[n] == ':' && uri[n + 1] == '/' && uri[n + 2] != '/' &&
	    memchr(uri, '.', n) != NULL && uri[0] >= 'a');
}

static bool
scope_ok(const char *word, const void *most)
{
	return (strchr(word, ' ') == NULL && oauth_word_in(most, word));
}
