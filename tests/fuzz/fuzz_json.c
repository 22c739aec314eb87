/*
 * fuzz_json.c -- any bytes as a request body: refused with a pointer for each
 * mistake, or decoded into a struct in which every bound of the table holds;
 * and as free JSON, which written out and read again is the same.
 */
#include "fuzz.h"
#include "fuzz_fields.h"

static void	decoded_is_bounded(const struct sample *);
static void	free_json_agrees(struct arena *, const char *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct json_errors	 errors = { .count = 0 };
	struct sample		 out;
	struct arena		 arena;
	char			*text = copy_of((const char *)bytes, len);
	size_t			 i;

	arena_init(&arena);
	if (json_decode(&arena, text, len, sample_fields, &out, sizeof(out), &errors) == 0) {
		MUST(errors.count == 0);
		decoded_is_bounded(&out);
	} else {
		MUST(errors.count > 0 && errors.count <= JSON_ERRORS_MAX);
		for (i = 0; i < errors.count; i++)
			MUST(errors.list[i].pointer != NULL && errors.list[i].code != 0);
	}
	free_json_agrees(&arena, text, len);
	arena_release(&arena);
	free(text);
	return (0);
}

static void
decoded_is_bounded(const struct sample *s)
{
	const struct part	*parts = s->parts.items;
	size_t			 i;

	sample_is_bounded(s);
	MUST(s->parts.count <= PARTS_MOST);
	for (i = 0; i < s->parts.count; i++)
		MUST(parts[i].name != NULL && parts[i].count >= 1 && parts[i].count <= 9);
	MUST(s->free == NULL || strlen(s->free) <= FREE_MOST);
}

static void
free_json_agrees(struct arena *a, const char *text, size_t len)
{
	const struct json	*j = json_parse(a, text, len), *again;
	char			*once, *twice;

	if (j == NULL)
		return;
	once = json_text(a, j);
	MUST((again = json_parse(a, once, strlen(once))) != NULL);
	twice = json_text(a, again);
	MUST(strcmp(once, twice) == 0);
}
