/*
 * fuzz_query.c -- any bytes as a query string or form: cut into pairs,
 * unescaped and decoded by a field table as the dispatcher does it. Whatever
 * passes is within its bounds; every byte belongs to one pair.
 */
#include "fuzz.h"
#include "fuzz_fields.h"
#include "http1/http1.h"

static char	*unescaped(struct arena *, struct span);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct json_errors	 errors = { .count = 0 };
	struct sample		 out = { .name = NULL };
	struct arena		 arena;
	char			*text = copy_of((const char *)bytes, len), *n, *v;
	struct span		 rest = { text, len }, name, value;
	uint64_t		 seen = 0;
	int			 i, bad = 0;

	arena_init(&arena);
	while (http1_pair(&rest, &name, &value)) {
		MUST(name.p >= text && value.p + value.len <= text + len);
		MUST(rest.p + rest.len == text + len);
		n = unescaped(&arena, name);
		v = unescaped(&arena, value);
		i = n == NULL || v == NULL ? -1 : json_field_index(sample_fields, n);
		bad |= i == -1 || json_decode_pair(&arena, n, v, sample_fields, &out, &errors) == -1;
		if (i != -1)
			seen |= UINT64_C(1) << i;
	}
	if (!bad && json_decode_finish(sample_fields, &out, &seen, &errors) == 0)
		sample_is_bounded(&out);
	arena_release(&arena);
	free(text);
	return (0);
}

static char *
unescaped(struct arena *a, struct span s)
{
	char	*out = arena_alloc(a, s.len + 1);
	long	 n = http1_unescape(s, out, s.len + 1);

	MUST(n <= (long)s.len);
	MUST(n < 0 || (out[n] == '\0' && strlen(out) == (size_t)n && utf8_count(out, (size_t)n) >= 0));
	return (n < 0 ? NULL : out);
}
