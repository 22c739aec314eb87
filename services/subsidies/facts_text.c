/*
 * facts_text.c -- the facts kept with a decision: those its policy names, in
 * the order of their names, null where unknown; facts_load() reads them back.
 */
#include "active.h"

#define TEXT_MAX	(1 << 20)

static void	put(struct json_out *, const struct rule_fact *, const struct rule_value *);
static int	by_name(const void *, const void *);

const char *
facts_text(struct arena *arena, const struct policy_ask *ask, const struct rule_value *values)
{
	static size_t	 order[RULE_FACTS_MAX];
	static bool	 ordered;
	struct json_out	 out;
	struct buf	 buf;
	const char	*text = NULL;
	size_t		 i;

	for (i = 0; !ordered && i < facts_count; i++)
		order[i] = i;
	if (!ordered)
		qsort(order, facts_count, sizeof(order[0]), by_name);
	ordered = true;
	buf_init(&buf, TEXT_MAX);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	for (i = 0; i < facts_count; i++)
		if ((ask->facts & RULE_SLOT(order[i])) != 0)
			put(&out, &facts_catalogue[order[i]], &values[order[i]]);
	json_close(&out);
	if (buf_ok(&buf))
		text = arena_strdup(arena, buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

static void
put(struct json_out *out, const struct rule_fact *f, const struct rule_value *v)
{
	size_t	i;

	if (!v->known) {
		json_put_raw(out, f->name, "null");
		return;
	}
	switch (f->type) {
	case RULE_BOOL:
		json_put_bool(out, f->name, v->i != 0);
		return;
	case RULE_INT:
		json_put_int(out, f->name, v->i);
		return;
	case RULE_DAY:
		json_put_day(out, f->name, (int32_t)v->i);
		return;
	case RULE_TEXT:
		json_put_text(out, f->name, v->text);
		return;
	default:
		json_open_list(out, f->name);
		for (i = 0; i < v->count; i++)
			json_put_day(out, NULL, v->days[i]);
		json_close_list(out);
	}
}

static int
by_name(const void *left, const void *right)
{
	return (strcmp(facts_catalogue[*(const size_t *)left].name,
	    facts_catalogue[*(const size_t *)right].name));
}
