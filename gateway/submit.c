/*
 * submit.c -- one submission: the form becomes the request of the matter's
 * route, under the caller's token and a key made from the caller's key.
 *
 * Invariant: the service does what it would do for the same request sent to it
 * directly; sent again, it answers what it answered, and does nothing.
 */
#include "matters.h"
#include "crypt/crypt.h"
#include "workflow/case.h"

#define REPLY_MAX	((size_t)1 << 20)
#define NEAR_MOST	3
#define FAR		4	/* edits beyond which a code is not near */

static const char *path_fill(struct call *, const struct submission *, const char **);
static const char *form_value(const struct json *, const char *);
static char	*body_of(struct call *, const struct submission *);
static bool	in_path(const struct json *, const char *);
static enum method method_of(const char *);
static size_t	distance(const char *, const char *);

int
submit(struct call *c, const struct submission *s, struct submitted *out)
{
	char			 key[UUID_TEXT];
	const struct json	*reply;
	struct ask		 ask = { .service = s->served->matter->service,
	    .method = method_of(s->served->method), .key = key };

	memset(out, 0, sizeof(*out));
	if ((ask.path = path_fill(c, s, &out->missing)) == NULL)
		return (0);
	if (s->served->has_body)
		ask.body = body_of(c, s);
	key_derive(call_key(c), s->part, key);
	if (fan_ask(c, &ask, &out->reply) == -1)
		return (-1);
	if (out->reply.status >= 400)
		return (0);
	reply = json_parse(c->arena, out->reply.body.p, out->reply.body.len);
	out->case_no = json_string(json_get(reply, "case_no"));
	out->case_state = json_string(json_get(reply, "case_state"));
	return (0);
}

int
submit_reply(struct call *c, const struct matter *m, const struct submitted *s)
{
	struct json_out	 out;
	struct buf	 b;
	char		*text;

	if (s->case_no == NULL)
		return (call_reject(c, ERR_UPSTREAM, NULL));
	buf_init(&b, REPLY_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "case_no", s->case_no);
	json_put_text(&out, "matter_code", m->code);
	json_put_text(&out, "state", s->case_state);
	json_put_raw(&out, "result", arena_strndup(c->arena, s->reply.body.p, s->reply.body.len));
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	(void)call_reply(c, 201, text);
	call_header(c, "Cache-Control", "no-store");
	if (fan_header(&s->reply, "idempotency-replayed").len > 0)
		call_header(c, "Idempotency-Replayed", "true");
	return (201);
}

/* NULL with the pointer of the member that is wanted and is no UUID. */
static const char *
path_fill(struct call *c, const struct submission *s, const char **missing)
{
	const struct matter	*m = s->served->matter;
	const struct json	*map = m->path != NULL ? json_parse(c->arena, m->path, strlen(m->path)) : NULL;
	const char		*member, *value, *at, *path = s->served->path;
	struct uuid		 id;
	size_t			 i;

	for (i = 0; map != NULL && i < json_count(map); i++) {
		member = json_string(json_value(map, i));
		value = form_value(s->form, member);
		at = strstr(path, arena_printf(c->arena, "{%s}", json_key(map, i)));
		if (value == NULL || !uuid_parse(value, &id)) {
			*missing = member;
			return (NULL);
		}
		if (at != NULL)
			path = arena_printf(c->arena, "%.*s%s%s", (int)(at - path), path, value,
			    at + strlen(json_key(map, i)) + 2);
	}
	return (path);
}

static const char *
form_value(const struct json *form, const char *member)
{
	return (member != NULL ? json_string(json_get(form, member)) : NULL);
}

/* What is left of the form when the path has its members. */
static char *
body_of(struct call *c, const struct submission *s)
{
	const struct matter	*m = s->served->matter;
	const struct json	*map = m->path != NULL ? json_parse(c->arena, m->path, strlen(m->path)) : NULL;
	struct json_out		 out;
	struct buf		 b;
	char			*text;
	size_t			 i;

	buf_init(&b, REPLY_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	for (i = 0; i < json_count(s->form); i++)
		if (!in_path(map, json_key(s->form, i)))
			json_put_raw(&out, json_key(s->form, i),
			    json_text(c->arena, json_value(s->form, i)));
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

static bool
in_path(const struct json *map, const char *member)
{
	const char	*one;
	size_t		 i;

	for (i = 0; map != NULL && i < json_count(map); i++)
		if ((one = json_string(json_value(map, i))) != NULL && strcmp(one, member) == 0)
			return (true);
	return (false);
}

static enum method
method_of(const char *name)
{
	return (strcmp(name, "PUT") == 0 ? METHOD_PUT : strcmp(name, "PATCH") == 0 ? METHOD_PATCH :
	    strcmp(name, "DELETE") == 0 ? METHOD_DELETE : METHOD_POST);
}

/* The first half of a SHA-256, as a UUID of our own making (RFC 9562, version 8). */
void
key_derive(const char *key, const char *part, char out[UUID_TEXT])
{
	uint8_t		hash[CHAIN_BYTES];
	char		text[128];
	struct uuid	id;

	(void)snprintf(text, sizeof(text), "yjy365 %s %s", key, part);
	sha256(text, strlen(text), hash);
	memcpy(id.b, hash, sizeof(id.b));
	id.b[6] = (id.b[6] & 0x0f) | 0x80;
	id.b[8] = (id.b[8] & 0x3f) | 0x80;
	(void)uuid_format(&id, out);
}

int
refuse_unknown_matter(struct call *c)
{
	const char		*asked = call_param(c, "matter_code"), *near = "";
	const struct matter	*m;
	size_t			 i, n, d, found = 0;

	m = matters(&n);
	for (d = 0; d < FAR && found < NEAR_MOST; d++)
		for (i = 0; i < n && found < NEAR_MOST; i++)
			if (distance(asked, m[i].code) == d || (d == 0 && strcmp(asked, m[i].name) == 0)) {
				near = arena_printf(c->arena, "%s%s%s %s", near,
				    found > 0 ? (c->english ? ", " : "、") : "", m[i].code,
				    c->english ? m[i].name_en : m[i].name);
				found++;
			}
	if (found == 0)
		return (call_reject(c, ERR_MATTER, NULL));
	return (call_reject_detail(c, ERR_MATTER, NULL,
	    arena_printf(c->arena, c->english ? "Near to it: %s" : "相近的事项：%s", near)));
}

/* Levenshtein, of short words. */
static size_t
distance(const char *a, const char *b)
{
	size_t	row[16], i, k, last, was, la = strlen(a), lb = strlen(b);

	if (la > 12 || lb > 12)
		return (FAR);
	for (k = 0; k <= lb; k++)
		row[k] = k;
	for (i = 1; i <= la; i++) {
		last = row[0];
		row[0] = i;
		for (k = 1; k <= lb; k++) {
			was = row[k];
			row[k] = last + ((a[i - 1] | 0x20) != (b[k - 1] | 0x20));
			if (row[k - 1] + 1 < row[k])
				row[k] = row[k - 1] + 1;
			if (was + 1 < row[k])
				row[k] = was + 1;
			last = was;
		}
	}
	return (row[lb]);
}
