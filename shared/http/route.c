/*
 * route.c -- from method and path to a row: a tree of path segments.
 *
 * Each node has its literal children and at most one child for "{x}". A
 * literal wins over a parameter; where that leads nowhere, the parameter is
 * tried, so "/a/new" and "/a/{id}" may stand side by side. Looking up walks
 * the path once and allocates nothing.
 *
 * Invariant: a parameter that must be a UUID and is not does not match: such
 * a thing cannot exist, and its path is not found.
 */
#include "http/dispatch_priv.h"
#include "base/log.h"

struct route_node {
	const char		*text;		/* literal segment, in the row's path */
	size_t			 len;
	struct route_node	*next;		/* among the literals of one parent */
	struct route_node	*literals;
	struct route_node	*param;
	struct endpoint		*rows[METHODS];
	uint32_t		 methods;	/* bits of rows[] */
};

static struct route_node *node_child(struct route_node *, struct span);
static struct route_node *node_new(struct span);
static bool	 node_find(const struct route_node *, enum method, struct span, struct route_match *);
static bool	 node_answers(const struct route_node *, enum method, struct route_match *);
static bool	 params_fit(const struct endpoint *, const struct route_match *);
static struct span segment_cut(struct span *);
static bool	 looks_uuid(struct span);

bool
param_is_uuid(const char *name)
{
	static const char *const	text[] = { "_code", "_no", "_name" };
	size_t				i, len = strlen(name), n;

	for (i = 0; i < NITEMS(text); i++) {
		n = strlen(text[i]);
		if (len > n && strcmp(name + len - n, text[i]) == 0)
			return (false);
	}
	return (true);
}

int
route_add(struct route_node **root, struct endpoint *e)
{
	const struct route	*r = e->route;
	struct span		 rest = { r->path, strlen(r->path) };
	struct route_node	*n;

	if (*root == NULL)
		*root = node_new((struct span){ "", 0 });
	for (n = *root; rest.len > 0;)
		n = node_child(n, segment_cut(&rest));
	if (n->rows[r->method] != NULL)
		return (-1);
	n->rows[r->method] = e;
	n->methods |= 1u << r->method;
	return (0);
}

bool
route_find(const struct route_node *root, enum method method, struct span path,
    struct route_match *m)
{
	m->endpoint = NULL;
	m->methods = 0;
	m->nparams = 0;
	if (root == NULL || path.len == 0 || path.p[0] != '/')
		return (false);
	return (node_find(root, method == METHOD_HEAD ? METHOD_GET : method, path, m));
}

void
route_free(struct route_node **root)
{
	struct route_node	*n = *root, *next;

	*root = NULL;
	for (; n != NULL; n = next) {
		next = n->next;
		route_free(&n->literals);
		route_free(&n->param);
		free(n);
	}
}

static bool
node_find(const struct route_node *n, enum method method, struct span rest, struct route_match *m)
{
	const struct route_node	*child;
	struct span		 seg;

	if (rest.len == 0)
		return (node_answers(n, method, m));
	seg = segment_cut(&rest);
	for (child = n->literals; child != NULL; child = child->next)
		if (child->len == seg.len && memcmp(child->text, seg.p, seg.len) == 0)
			break;
	if (child != NULL && node_find(child, method, rest, m))
		return (true);
	if (n->param == NULL || seg.len == 0 || m->nparams == CALL_PARAMS)
		return (false);
	m->params[m->nparams++] = seg;
	if (node_find(n->param, method, rest, m))
		return (true);
	m->nparams--;
	return (false);
}

/* The path ends here. Without a row for the method, notes those there are. */
static bool
node_answers(const struct route_node *n, enum method method, struct route_match *m)
{
	int	i;

	if (n->rows[method] != NULL && params_fit(n->rows[method], m)) {
		m->endpoint = n->rows[method];
		return (true);
	}
	for (i = METHOD_GET; i < METHODS; i++)
		if (n->rows[i] != NULL && params_fit(n->rows[i], m))
			m->methods |= 1u << i;
	return (false);
}

static bool
params_fit(const struct endpoint *e, const struct route_match *m)
{
	size_t	i;

	for (i = 0; i < m->nparams; i++)
		if (e->params[i].uuid && !looks_uuid(m->params[i]))
			return (false);
	return (true);
}

static struct route_node *
node_child(struct route_node *parent, struct span seg)
{
	struct route_node	*n;

	if (seg.len > 0 && seg.p[0] == '{') {
		if (parent->param == NULL)
			parent->param = node_new(seg);
		return (parent->param);
	}
	for (n = parent->literals; n != NULL; n = n->next)
		if (n->len == seg.len && memcmp(n->text, seg.p, seg.len) == 0)
			return (n);
	n = node_new(seg);
	n->next = parent->literals;
	parent->literals = n;
	return (n);
}

static struct route_node *
node_new(struct span seg)
{
	struct route_node	*n;

	if ((n = calloc(1, sizeof(*n))) == NULL)
		log_die("route: out of memory");
	n->text = seg.p;
	n->len = seg.len;
	return (n);
}

/* Takes "/segment" from the front of the path; the segment may be empty. */
static struct span
segment_cut(struct span *rest)
{
	const char	*end;
	struct span	 seg = { rest->p + 1, rest->len - 1 };

	if ((end = memchr(seg.p, '/', seg.len)) != NULL)
		seg.len = (size_t)(end - seg.p);
	rest->p = seg.p + seg.len;
	rest->len -= seg.len + 1;
	return (seg);
}

static bool
looks_uuid(struct span s)
{
	struct uuid	id;
	char		text[UUID_TEXT];

	if (s.len != UUID_TEXT - 1)
		return (false);
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	return (uuid_parse(text, &id));
}
