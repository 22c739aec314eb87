/*
 * openapi.c -- one document for the whole platform, made of the parts that
 * the services write from their own rows, and the door's own. Read again every
 * minute, and at once while a service has not answered yet.
 *
 * Invariant: only paths the gateway routes are in it, and the last good part
 * of a service stays while the service is away. The door is not ready before
 * the document is whole, unless a service stays away for YJY_DOCUMENT_MS.
 */
#include "matters.h"
#include "base/log.h"
#include "co/co.h"
#include "conf/conf.h"
#include "http/dispatch.h"
#include "loop/loop.h"

#define BACKENDS_MAX	16
#define FETCH_MS	3000
#define ROUND_MS	2000
#define FIRST_MS	100	/* the same, until a service has answered for the first time */
#define OWN		(BACKENDS_MAX - 1)	/* the door's own part */
#define REFRESH_ROUNDS	30	/* then once a minute */
#define DOCUMENT_MAX	((size_t)16 << 20)

static void	follow(void *);
static char	*own_part(void);
static bool	missing(void);
static bool	part_fetch(size_t);
static void	merge(void);
static const char *part_name(size_t);
static void	put_info(struct json_out *);
static void	put_tags(struct json_out *);
static void	put_paths(struct json_out *, struct json *const *);
static void	put_components(struct json_out *, struct arena *, struct json *const *);
static void	put_section(struct json_out *, struct arena *, struct json *const *, const char *);
static bool	first_with(struct json *const *, size_t, const char *, const char *);
static struct span span_of(const char *);

static char	*parts[BACKENDS_MAX];	/* each service's document, owned */
static struct buf document;
static int64_t	started_us;

int
openapi_start(void)
{
	started_us = loop_now_us();
	parts[OWN] = own_part();
	buf_init(&document, DOCUMENT_MAX);
	return (co_start(follow, NULL));
}

const char *
openapi_text(size_t *len)
{
	*len = document.len;
	return (document.len > 0 ? document.data : NULL);
}

bool
openapi_whole(void)
{
	return (!missing() || loop_now_us() - started_us > conf_int(CONF_DOCUMENT_MS) * 1000);
}

static bool
missing(void)
{
	size_t	i;

	for (i = 0; i < OWN && backend_at(i) != NULL; i++)
		if (backend_at(i)->pool != NULL && parts[i] == NULL)
			return (true);
	return (false);
}

static char *
own_part(void)
{
	struct buf	 b;
	char		*text;

	buf_init(&b, DOCUMENT_MAX);
	openapi_write(&b);
	text = buf_ok(&b) ? strdup(buf_cstr(&b)) : NULL;
	buf_release(&b);
	return (text);
}

static void
follow(void *arg UNUSED)
{
	bool	changed;
	int64_t	round;
	size_t	i;

	for (round = 0;; round++) {
		changed = false;
		for (i = 0; i < OWN && backend_at(i) != NULL; i++)
			if (parts[i] == NULL || round % REFRESH_ROUNDS == 0)
				changed |= part_fetch(i);
		if (changed)
			merge();
		co_sleep(openapi_whole() ? ROUND_MS : FIRST_MS);
	}
}

/* True when there is something new. */
static bool
part_fetch(size_t i)
{
	struct http_result	 r;
	struct arena		 a;
	bool			 fresh = false;

	if (backend_at(i)->pool == NULL)
		return (false);
	arena_init(&a);
	if (http_call(&a, backend_at(i)->pool, METHOD_GET, "/openapi.json", "", NULL, 0,
	    FETCH_MS, &r) == 0 && r.status == 200 &&
	    (parts[i] == NULL || strlen(parts[i]) != r.body.len ||
	    memcmp(parts[i], r.body.p, r.body.len) != 0)) {
		free(parts[i]);
		parts[i] = strndup(r.body.p, r.body.len);
		fresh = true;
	}
	arena_release(&a);
	return (fresh);
}

static void
merge(void)
{
	struct json	*docs[BACKENDS_MAX] = { NULL };
	struct json_out	 out;
	struct arena	 a;
	size_t		 i;

	arena_init(&a);
	for (i = 0; i < BACKENDS_MAX; i++)
		if (parts[i] != NULL &&
		    (docs[i] = json_parse(&a, parts[i], strlen(parts[i]))) == NULL)
			log_error("the document of %s is not JSON", part_name(i));
	served_read(docs);
	buf_clear(&document);
	json_out_init(&out, &document);
	json_open(&out, NULL);
	json_put_text(&out, "openapi", "3.1.0");
	put_info(&out);
	put_tags(&out);
	put_paths(&out, docs);
	put_components(&out, &a, docs);
	json_close(&out);
	if (!buf_ok(&document)) {
		log_error("the document of all services is over %zu bytes", DOCUMENT_MAX);
		buf_clear(&document);
	}
	arena_release(&a);
}

static const char *
part_name(size_t i)
{
	return (i == OWN ? "gateway" : backend_at(i)->name);
}

static void
put_info(struct json_out *out)
{
	json_open(out, "info");
	json_put_text(out, "title", "永就业365");
	json_put_text(out, "version", "1.0.0");
	json_put_text(out, "description", "永州市公共就业服务平台开放接口");
	json_close(out);
	json_open_list(out, "servers");
	json_open(out, NULL);
	json_put_text(out, "url", "/");
	json_close(out);
	json_close_list(out);
	json_open_list(out, "security");
	json_open(out, NULL);
	json_open_list(out, "bearer");
	json_close_list(out);
	json_close(out);
	json_close_list(out);
}

static void
put_tags(struct json_out *out)
{
	size_t	i;

	json_open_list(out, "tags");
	for (i = 0; i < BACKENDS_MAX; i++) {
		if (parts[i] == NULL)
			continue;
		json_open(out, NULL);
		json_put_text(out, "name", part_name(i));
		json_put_text(out, "description", part_name(i));
		json_close(out);
	}
	json_close_list(out);
}

static struct span
span_of(const char *text)
{
	return ((struct span){ text, strlen(text) });
}

static void
put_paths(struct json_out *out, struct json *const *docs)
{
	const struct prefix	*prefix;
	const struct json	*paths;
	struct arena		 a;
	size_t			 i, j;

	json_open(out, "paths");
	for (i = 0; i < BACKENDS_MAX; i++) {
		paths = docs[i] != NULL ? json_get(docs[i], "paths") : NULL;
		for (j = 0; paths != NULL && j < json_count(paths); j++) {
			prefix = route_of(span_of(json_key(paths, j)));
			if (i == OWN ? prefix != NULL : prefix == NULL || prefix->backend != i)
				continue;
			arena_init(&a);
			json_put_raw(out, json_key(paths, j),
			    json_text(&a, json_value(paths, j)));
			arena_release(&a);
		}
	}
	json_close(out);
}

static void
put_components(struct json_out *out, struct arena *a, struct json *const *docs)
{
	static const char *const	sections[] = {
		"schemas", "responses", "parameters", "headers", "securitySchemes"
	};
	size_t				i;

	json_open(out, "components");
	for (i = 0; i < NITEMS(sections); i++)
		put_section(out, a, docs, sections[i]);
	json_close(out);
}

/* Parts made by one writer agree on what they share: the first is taken. */
static void
put_section(struct json_out *out, struct arena *a, struct json *const *docs,
    const char *section)
{
	const struct json	*members;
	size_t			 i, j;

	json_open(out, section);
	for (i = 0; i < BACKENDS_MAX; i++) {
		if (docs[i] == NULL)
			continue;
		members = json_get(json_get(docs[i], "components"), section);
		for (j = 0; members != NULL && j < json_count(members); j++)
			if (first_with(docs, i, section, json_key(members, j)))
				json_put_raw(out, json_key(members, j),
				    json_text(a, json_value(members, j)));
	}
	json_close(out);
}

static bool
first_with(struct json *const *docs, size_t i, const char *section, const char *name)
{
	while (i-- > 0)
		if (docs[i] != NULL &&
		    json_get(json_get(json_get(docs[i], "components"), section), name) != NULL)
			return (false);
	return (true);
}
