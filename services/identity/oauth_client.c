/*
 * oauth_client.c -- which client asks, and whether it is that client
 * (RFC 6749 §2.3, RFC 7523 §2.2).
 *
 * Invariant: a client proves itself in the one way it is registered for; a
 * request that tries two ways is refused.
 */
#include "oauth.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define FORM_TYPE	"application/x-www-form-urlencoded"
#define ASSERTION_TYPE	"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

struct credentials {
	const char	*id;		/* the client named */
	const char	*way;		/* none, client_secret, private_key_jwt */
	const char	*proof;		/* secret or assertion */
	bool		 basic;		/* in the Authorization header */
};

static bool	is_form(const struct call *);
static int	credentials_read(struct call *, const struct oauth_form *, struct credentials *);
static int	basic_read(struct call *, struct span, struct credentials *);
static char	*unescaped(struct arena *, const char *, size_t);
static int	proven(struct call *, const struct oauth_client *, const struct credentials *);
static int	refuse(struct call *, const struct credentials *);

int
oauth_client_enter(struct call *c, struct oauth_form *f, struct oauth_client *k)
{
	struct credentials	cred;
	int			r;

	memset(k, 0, sizeof(*k));
	if (!is_form(c) || oauth_form_read(c->arena, c->raw, f) == -1 ||
	    credentials_read(c, f, &cred) == -1)
		return (oauth_error(c, 400, "invalid_request"));
	if (cred.id == NULL && strcmp(cred.way, "none") == 0)
		return (0);	/* nobody named; the endpoint says whether that will do */
	if (cred.id == NULL)
		return (refuse(c, &cred));
	if ((r = oauth_client_find(c, cred.id, k)) == -1)
		return (call_failed(c));
	if (r == 0 || strcmp(k->auth, cred.way) != 0)
		return (refuse(c, &cred));
	if ((r = proven(c, k, &cred)) == -1)
		return (call_failed(c));
	return (r == 1 ? 0 : refuse(c, &cred));
}

int
oauth_client_find(struct call *c, const char *client_id, struct oauth_client *k)
{
	struct db_rows	rows;

	memset(k, 0, sizeof(*k));
	if (strlen(client_id) >= sizeof(k->client_id))
		return (0);
	if (sql_client_find(c->db, &rows, client_id) == -1)
		return (-1);
	if (rows.count == 0)
		return (0);
	k->id = db_uuid(&rows, 0, "id");
	k->org = db_uuid(&rows, 0, "org_id");
	(void)snprintf(k->client_id, sizeof(k->client_id), "%s", client_id);
	k->name = db_text(&rows, 0, "name");
	k->type = db_text(&rows, 0, "type");
	k->auth = db_text(&rows, 0, "auth");
	k->grants = db_text(&rows, 0, "grants");
	k->scopes = db_text(&rows, 0, "scopes");
	k->redirect_uris = db_text(&rows, 0, "redirect_uris");
	k->jwks = db_text(&rows, 0, "jwks");
	return (1);
}

static bool
is_form(const struct call *c)
{
	const struct span	*type = http1_header(c->head, "content-type");
	size_t			 n = sizeof(FORM_TYPE) - 1;

	return (type != NULL && type->len >= n && strncasecmp(type->p, FORM_TYPE, n) == 0 &&
	    (type->len == n || type->p[n] == ';' || type->p[n] == ' '));
}

/* -1: malformed, two ways at once, or two names that differ. */
static int
credentials_read(struct call *c, const struct oauth_form *f, struct credentials *cred)
{
	const struct span	*header = http1_header(c->head, "authorization");
	const char		*id = oauth_form_get(f, "client_id");
	const char		*secret = oauth_form_get(f, "client_secret");
	const char		*assertion = oauth_form_get(f, "client_assertion");
	const char		*type = oauth_form_get(f, "client_assertion_type");

	*cred = (struct credentials){ .id = id, .way = "none" };
	if ((header != NULL) + (secret != NULL) + (assertion != NULL) > 1 ||
	    (assertion == NULL) != (type == NULL))
		return (-1);
	if (header != NULL && basic_read(c, *header, cred) == -1)
		return (-1);
	if (secret != NULL) {
		cred->way = "client_secret";
		cred->proof = secret;
	}
	if (assertion != NULL) {
		if (strcmp(type, ASSERTION_TYPE) != 0)
			return (-1);
		cred->way = "private_key_jwt";
		cred->proof = assertion;
		cred->id = oauth_assertion_names(c->arena, assertion);
	}
	return (id != NULL && cred->id != NULL && strcmp(id, cred->id) != 0 ? -1 : 0);
}

/* Name and secret are escaped like a form before they are joined (§2.3.1). */
static int
basic_read(struct call *c, struct span v, struct credentials *cred)
{
	const char	*text, *colon;
	char		*copy, *p;
	size_t		 len;

	cred->basic = true;
	if (v.len <= 6 || strncasecmp(v.p, "Basic ", 6) != 0)
		return (-1);
	copy = arena_strndup(c->arena, v.p + 6, v.len - 6);
	for (p = copy; *p != '\0'; p++)		/* ours reads the URL alphabet */
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	while (p > copy && p[-1] == '=')
		*--p = '\0';
	if ((text = base64url_decode(c->arena, copy, strlen(copy), &len)) == NULL ||
	    memchr(text, '\0', len) != NULL || (colon = memchr(text, ':', len)) == NULL)
		return (-1);
	cred->way = "client_secret";
	cred->id = unescaped(c->arena, text, (size_t)(colon - text));
	cred->proof = unescaped(c->arena, colon + 1, len - (size_t)(colon + 1 - text));
	return (cred->id == NULL || cred->proof == NULL ? -1 : 0);
}

static char *
unescaped(struct arena *a, const char *text, size_t len)
{
	char	*out = arena_alloc(a, len + 1);

	return (http1_unescape((struct span){ text, len }, out, len + 1) == -1 ? NULL : out);
}

/* 1 proven, 0 not, -1 database. */
static int
proven(struct call *c, const struct oauth_client *k, const struct credentials *cred)
{
	struct db_rows	rows;
	uint8_t		hash[HASH_BYTES];

	if (strcmp(cred->way, "none") == 0)
		return (1);
	if (strcmp(cred->way, "private_key_jwt") == 0)
		return (oauth_assertion_check(c, k, cred->proof));
	sha256(cred->proof, strlen(cred->proof), hash);
	if (sql_client_secret_check(c->db, &rows, &k->id,
	    hex_encode(c->arena, hash, sizeof(hash))) == -1)
		return (-1);
	return (db_bool(&rows, 0, "good"));
}

static int
refuse(struct call *c, const struct credentials *cred)
{
	int	status = oauth_error(c, 401, "invalid_client");

	if (cred->basic)
		call_header(c, "WWW-Authenticate", "Basic realm=\"yjy365\", charset=\"UTF-8\"");
	return (status);
}
