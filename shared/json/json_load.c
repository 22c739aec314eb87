/*
 * json_load.c -- text to a jansson tree.
 *
 * The depth of the text is measured before jansson, which parses recursively
 * and allows 2,048 levels, sees it: a coroutine's stack is small. So whatever
 * walks a tree may recurse as well.
 */
#include <pthread.h>
#include <string.h>

#include "json/json_priv.h"
#include "base/utf8.h"
#include "http/errors.h"

static void	seed_objects(void);
static bool	depth_ok(const char *, size_t);

json_t *
json_load_text(const char *text, size_t len, size_t flags, int *error)
{
	static pthread_once_t	 once = PTHREAD_ONCE_INIT;
	json_error_t		 why;
	json_t			*root;

	pthread_once(&once, seed_objects);
	*error = ERR_BAD_JSON;
	if (!depth_ok(text, len))
		return (NULL);
	root = json_loadb(text, len, flags | JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (root == NULL && json_error_code(&why) == json_error_duplicate_key)
		*error = ERR_F_DUPLICATE;
	if (root == NULL && json_error_code(&why) == json_error_numeric_overflow)
		*error = ERR_F_LARGE;
	return (root);
}

bool
json_text_sound(const char *s, size_t len, int64_t *chars)
{
	int64_t		count = 0;
	uint32_t	code;
	size_t		n;

	for (; len > 0; s += n, len -= n, count++) {
		if ((n = utf8_next(s, len, &code)) == 0)
			return (false);
		if ((code < 0x20 && code != '\n' && code != '\t') ||
		    (code >= 0x7f && code < 0xa0))
			return (false);
	}
	if (chars != NULL)
		*chars = count;
	return (true);
}

bool
json_tree_sound(const json_t *j)
{
	json_t		*root = (json_t *)(uintptr_t)j, *value;
	const char	*name;
	size_t		 i;

	switch (json_typeof(j)) {
	case JSON_STRING:
		return (json_text_sound(json_string_value(j), json_string_length(j), NULL));
	case JSON_ARRAY:
		json_array_foreach(j, i, value)
			if (!json_tree_sound(value))
				return (false);
		return (true);
	case JSON_OBJECT:
		json_object_foreach(root, name, value)
			if (!json_text_sound(name, strlen(name), NULL) ||
			    !json_tree_sound(value))
				return (false);
		return (true);
	default:
		return (true);
	}
}

/* jansson's hash, seeded by us: it would open /dev/urandom in the sandbox. */
static void
seed_objects(void)
{
	size_t	seed;

	random_bytes(&seed, sizeof(seed));
	json_object_seed(seed | 1);
}

/* Brackets outside strings; whether the text is JSON is not asked here. */
static bool
depth_ok(const char *text, size_t len)
{
	size_t	depth = 0;
	bool	quoted = false;

	for (size_t i = 0; i < len; i++) {
		char	c = text[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"')
			quoted = true;
		else if (c == '{' || c == '[') {
			if (++depth > JSON_DEPTH_MAX)
				return (false);
		} else if ((c == '}' || c == ']') && depth > 0)
			depth--;
	}
	return (true);
}
