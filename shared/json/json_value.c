/*
 * json_value.c -- the read-only view of free JSON. A struct json is jansson's
 * node under another name; the tree lives as long as the arena. Every function
 * accepts NULL, so that lookups can be chained.
 */
#include "json/json_priv.h"

static json_t		*node(const struct json *);
static struct json	*view(json_t *);
static bool		 is(const struct json *, json_type);
static void		*member(const struct json *, size_t);
static void		 tree_free(void *);

struct json *
json_parse(struct arena *a, const char *text, size_t len)
{
	json_t	*root;
	int	 code;

	if ((root = json_load_text(text, len, 0, &code)) != NULL)
		arena_defer(a, tree_free, root);
	return (view(root));
}

struct json *
json_get(const struct json *j, const char *name)
{
	return (view(json_object_get(node(j), name)));
}

struct json *
json_at(const struct json *j, size_t i)
{
	return (view(json_array_get(node(j), i)));
}

size_t
json_count(const struct json *j)
{
	if (is(j, JSON_OBJECT))
		return (json_object_size(node(j)));
	return (json_array_size(node(j)));
}

const char *
json_key(const struct json *j, size_t i)
{
	void	*it = member(j, i);

	return (it != NULL ? json_object_iter_key(it) : NULL);
}

struct json *
json_value(const struct json *j, size_t i)
{
	void	*it = member(j, i);

	return (it != NULL ? view(json_object_iter_value(it)) : NULL);
}

const char *
json_string(const struct json *j)
{
	return (json_string_value(node(j)));
}

bool
json_integer(const struct json *j, int64_t *out)
{
	if (!is(j, JSON_INTEGER))
		return (false);
	*out = json_integer_value(node(j));
	return (true);
}

bool
json_is_true(const struct json *j)
{
	return (is(j, JSON_TRUE));
}

bool
json_is_bool(const struct json *j)
{
	return (is(j, JSON_TRUE) || is(j, JSON_FALSE));
}

bool
json_is_object(const struct json *j)
{
	return (is(j, JSON_OBJECT));
}

bool
json_is_array(const struct json *j)
{
	return (is(j, JSON_ARRAY));
}

bool
json_is_null(const struct json *j)
{
	return (is(j, JSON_NULL));
}

/* NULL gives "null". */
char *
json_text(struct arena *a, const struct json *j)
{
	return (j != NULL ? json_dump_text(a, node(j)) : arena_strdup(a, "null"));
}

static json_t *
node(const struct json *j)
{
	return ((json_t *)(uintptr_t)j);
}

static struct json *
view(json_t *j)
{
	return ((struct json *)j);
}

static bool
is(const struct json *j, json_type type)
{
	return (j != NULL && json_typeof(node(j)) == type);
}

/* Members keep the order they were written in. */
static void *
member(const struct json *j, size_t i)
{
	void	*it = json_object_iter(node(j));

	while (it != NULL && i-- > 0)
		it = json_object_iter_next(node(j), it);
	return (it);
}

static void
tree_free(void *root)
{
	json_decref(root);
}
