/*
 * dispatch_init.c -- rows become endpoints: everything a request would have to
 * work out again is worked out once, and a row that is not sound stops the
 * program with all its faults listed.
 */
#include <stdarg.h>

#include "codes/codes.h"
#include "http/audit_priv.h"

#define METRIC_REQUESTS	"yjy_http_requests_total"
#define METRIC_TOOK	"yjy_http_request_seconds"
#define METRIC_LIVE	"yjy_http_requests_in_flight"

#define CODES_DEPTH	8	/* shapes that hold themselves */

static void	path_params(struct endpoint *, struct buf *);
static void	check_words(const struct route *, struct buf *);
static void	check_shape(const struct route *, struct buf *);
static void	check_codes(const struct route *, const struct shape *, int, struct buf *);
static void	check_fields(const struct route *, const struct input *, struct buf *);
static void	check_emits(const struct route *, struct buf *);
static void	check_opens(const struct route *, struct buf *);
static bool	is_event(const char *, size_t);
static bool	is_file(const struct route *);
static bool	takes(const struct route *, const char *);
static const struct field *page_field(const struct route *, const char *, enum field_type);
static enum db_lane lane_of(const struct route *);
static int	success_of(const struct route *);
static char	*text_of(const char *, ...) PRINTF(1, 2);

void
endpoint_init(struct endpoint *e, const struct route *r, struct buf *report)
{
	memset(e, 0, sizeof(*e));
	e->route = r;
	check_words(r, report);
	check_shape(r, report);
	check_codes(r, r->reply, 0, report);
	check_fields(r, &r->body, report);
	check_fields(r, &r->query, report);
	check_emits(r, report);
	check_opens(r, report);
	e->shows_person = shape_names(r->reply, OPENS_PERSON);
	e->shows_county = shape_names(r->reply, "county_code");
	e->shows_id = shape_names(r->reply, "id");
	if (r->path == NULL || r->name == NULL)
		return;
	path_params(e, report);
	e->limit_field = page_field(r, "limit", FIELD_T_INT);
	e->cursor_field = page_field(r, "cursor", FIELD_T_TEXT);
	e->paged = r->list || (e->limit_field != NULL && e->cursor_field != NULL);
	e->exports = is_file(r);
	if (!e->paged)
		e->limit_field = e->cursor_field = NULL;
	e->lane = lane_of(r);
	e->success = success_of(r);
	bind_plan(e, report);
}

void
endpoint_release(struct endpoint *e)
{
	size_t	i;

	for (i = 0; i < e->nparams; i++)
		free(e->params[i].name);
	free(e->binds);
	memset(e, 0, sizeof(*e));
}

/* Metrics of one name are registered together: the text format wants it so. */
void
endpoint_metrics(struct endpoint *all, size_t n)
{
	static const char *const	classes[CLASSES] = { "2xx", "3xx", "4xx", "5xx" };
	struct metric			*m;
	size_t				 i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < CLASSES; k++) {
			m = &all[i].requests[k];
			m->name = METRIC_REQUESTS;
			m->help = "Requests by route and status class.";
			m->labels = text_of("route=\"%s\",status=\"%s\"", all[i].route->name, classes[k]);
			metric_register(m);
		}
	for (i = 0; i < n; i++) {
		m = &all[i].took;
		m->name = METRIC_TOOK;
		m->help = "Time from the head of a request to its reply.";
		m->kind = METRIC_HISTOGRAM;
		m->labels = text_of("route=\"%s\"", all[i].route->name);
		metric_register(m);
	}
	for (i = 0; i < n; i++) {
		m = &all[i].live;
		m->name = METRIC_LIVE;
		m->help = "Requests being served now.";
		m->kind = METRIC_GAUGE;
		m->labels = all[i].took.labels;
		metric_register(m);
	}
}

/* Notes the names in braces, in their order. */
static void
path_params(struct endpoint *e, struct buf *report)
{
	const struct route	*r = e->route;
	const char		*p = r->path, *end;

	if (p[0] != '/')
		buf_addf(report, "%s: the path does not begin with a slash\n", r->name);
	while ((p = strchr(p, '{')) != NULL) {
		end = strchr(p, '}');
		if (p == r->path || p[-1] != '/' || end == NULL || end == p + 1 ||
		    (end[1] != '/' && end[1] != '\0') || e->nparams == CALL_PARAMS) {
			buf_addf(report, "%s: bad parameter in path %s\n", r->name, r->path);
			return;
		}
		e->params[e->nparams].name = text_of("%.*s", (int)(end - p) - 1, p + 1);
		e->params[e->nparams].uuid = param_is_uuid(e->params[e->nparams].name);
		e->nparams++;
		p = end;
	}
}

static void
check_words(const struct route *r, struct buf *report)
{
	const char	*name = r->name != NULL ? r->name : "(a row without a name)";

	if (r->path == NULL)
		buf_addf(report, "%s: no path\n", name);
	if (r->method <= METHOD_NONE || r->method >= METHODS ||
	    r->method == METHOD_HEAD || r->method == METHOD_OPTIONS)
		buf_addf(report, "%s: no method, or one that is answered by itself\n", name);
	if (r->callers == 0)
		buf_addf(report, "%s: no callers\n", name);
	if (r->scope == SCOPE_UNSET)
		buf_addf(report, "%s: no scope\n", name);
	if (r->action == NULL || r->action[0] == '\0')
		buf_addf(report, "%s: no action\n", name);
	if (r->zh == NULL || r->en == NULL)
		buf_addf(report, "%s: no summary in both languages\n", name);
	if ((r->callers & ROLE_ANYONE) != 0 && r->scope != SCOPE_PUBLIC && r->scope != SCOPE_CALLER)
		buf_addf(report, "%s: open to anyone, yet scoped to somebody\n", name);
	if (r->right != 0 && r->scope != SCOPE_ORG && r->scope != SCOPE_CALLER)
		buf_addf(report, "%s: a right for an organisation, yet scoped to none\n", name);
	if (r->scope == SCOPE_INTERNAL && r->callers != ROLE_SERVICE)
		buf_addf(report, "%s: internal, yet with callers who are no service\n", name);
}

static void
check_shape(const struct route *r, struct buf *report)
{
	if ((r->stmt == NULL) == (r->handler == NULL))
		buf_addf(report, "%s: wants either a statement or a handler\n", r->name);
	if (r->method == METHOD_GET && (r->body.fields != NULL || r->raw_body))
		buf_addf(report, "%s: GET takes no body\n", r->name);
	if (r->raw_body && (r->handler == NULL || r->body.fields != NULL))
		buf_addf(report, "%s: a raw body wants a handler and no fields\n", r->name);
	if (r->list && r->stmt != NULL && r->stmt->card != DB_MANY)
		buf_addf(report, "%s: a list wants a statement of many rows\n", r->name);
	if (r->exports && !is_file(r))
		buf_addf(report, "%s: exports, and is no whole list of a known shape\n", r->name);
	if (r->success != 0 && (r->success < 200 || r->success > 399))
		buf_addf(report, "%s: %d is no success\n", r->name, r->success);
	if (r->limit < LIMIT_NONE || r->limit > LIMIT_EXPORT)
		buf_addf(report, "%s: no such limit\n", r->name);
}

/* Every code list that a reply names is there. */
static void
check_codes(const struct route *r, const struct shape *s, int depth, struct buf *report)
{
	const char	*p;
	size_t		 len;

	for (; s != NULL && s->name != NULL && depth < CODES_DEPTH; s++) {
		for (p = s->codes; p != NULL && *p != '\0'; p += len) {
			p += strspn(p, " ");
			len = strcspn(p, " ");
			if (len > 0 && code_list_named(p, len) == NULL)
				buf_addf(report, "%s: %s is of no code list %.*s\n", r->name, s->name, (int)len, p);
		}
		check_codes(r, s->of, depth + 1, report);
	}
}

static void
check_fields(const struct route *r, const struct input *in, struct buf *report)
{
	size_t	n = 0;

	if (in->fields == NULL)
		return;
	for (; in->fields[n].name != NULL; n++)
		if (in->fields[n].offset >= in->size)
			buf_addf(report, "%s: field %s lies outside its struct\n",
			    r->name, in->fields[n].name);
	if (n > FIELDS_MAX)
		buf_addf(report, "%s: more than %d fields\n", r->name, FIELDS_MAX);
}

/* Each type named exists, and a plain row's statement writes events when it says so. */
static void
check_emits(const struct route *r, struct buf *report)
{
	const char	*p = r->emits;
	size_t		 n;

	if (r->stmt != NULL && r->stmt->emits != (r->emits != NULL))
		buf_addf(report, "%s: its statement %s events, the row says otherwise\n",
		    r->name, r->stmt->emits ? "writes" : "writes no");
	while (p != NULL && *p != '\0') {
		p += strspn(p, " ");
		n = strcspn(p, " ");
		if (n > 0 && !is_event(p, n))
			buf_addf(report, "%s: event %.*s is not in the catalog\n",
			    r->name, (int)n, p);
		p += n;
	}
}

/*
 * Whoever may read about others is written down, and no row can forget it. A
 * program without a database passes on what services show, who write it down.
 */
static void
check_opens(const struct route *r, struct buf *report)
{
	static const char *const	personal[] = {
		OPENS_PERSON, "name_masked", "id_masked", "phone_masked"
	};
	size_t				i;

	if (r->opens != NULL && r->opens[0] != '\0' && strcmp(r->opens, OPENS_OTHERS) != 0 && r->reply != NULL &&
	    !shape_names(r->reply, r->opens))
		buf_addf(report, "%s: opens %s, which its reply does not have\n", r->name, r->opens);
	if (!dispatch_has_database())
		return;
	if (r->opens != NULL || r->method != METHOD_GET || r->scope == SCOPE_PERSON ||
	    r->scope == SCOPE_PUBLIC || (r->callers & ~(uint32_t)(ROLE_PERSON | ROLE_ANYONE)) == 0)
		return;
	for (i = 0; i < NITEMS(personal); i++)
		if (shape_names(r->reply, personal[i])) {
			buf_addf(report, "%s: shows %s and does not say what it opens\n",
			    r->name, personal[i]);
			return;
		}
}

static bool
is_event(const char *type, size_t len)
{
	static const char *const	types[] = {
#define EVENT(id, source, type, help)	type,
#include "events/catalog.def"
#undef EVENT
	};
	size_t				i;

	for (i = 0; i < NITEMS(types); i++)
		if (strlen(types[i]) == len && memcmp(types[i], type, len) == 0)
			return (true);
	return (false);
}

/* Whatever table officers see they may take with them, under the same rights. */
static bool
is_file(const struct route *r)
{
	return (dispatch_has_database() && r->list && r->method == METHOD_GET && r->reply != NULL && !r->partial &&
	    (r->exports || r->scope == SCOPE_AREA) && !takes(r, "format") && !takes(r, "purpose"));
}

static bool
takes(const struct route *r, const char *name)
{
	return (r->query.fields != NULL && json_field_index(r->query.fields, name) != -1);
}

static const struct field *
page_field(const struct route *r, const char *name, enum field_type type)
{
	int	i = r->query.fields != NULL ? json_field_index(r->query.fields, name) : -1;

	return (i != -1 && r->query.fields[i].type == type ? &r->query.fields[i] : NULL);
}

/* Only statements without effect may share a pipeline. */
static enum db_lane
lane_of(const struct route *r)
{
	if (r->scope == SCOPE_INTERNAL)
		return (DB_SYSTEM);
	if (r->lane != DB_READ)
		return (r->lane);
	if (r->method == METHOD_GET && (r->stmt == NULL || r->stmt->read))
		return (DB_READ);
	return (DB_WRITE);
}

static int
success_of(const struct route *r)
{
	if (r->success != 0)
		return (r->success);
	if (r->stmt != NULL && r->stmt->card == DB_EXEC)
		return (204);
	return (r->method == METHOD_POST ? 201 : 200);
}

static char *
text_of(const char *form, ...)
{
	va_list	 ap;
	char	*text;

	va_start(ap, form);
	if (vasprintf(&text, form, ap) == -1)
		log_die("dispatch: out of memory");
	va_end(ap);
	return (text);
}
