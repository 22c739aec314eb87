/*
 * code_list.c -- walks a list of codes, from a table or from labels, row by
 * row behind the last one seen.
 *
 * A row of a table is judged by numbers; only what goes out becomes text.
 * Labels are few and flat: each is at the top and has nothing below it.
 */
#include <stdio.h>
#include <string.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"

/* A filter in the terms of a table. */
struct sieve {
	const struct code_filter	*filter;
	uint64_t			 parent;
	uint64_t			 from, span;	/* keys that begin with the text; span 0: none */
};

static void	 sieve_init(struct sieve *, const struct code_filter *);
static bool	 row_passes(const struct code_table *, const struct code_row *, const struct sieve *);
static bool	 label_passes(const struct code_label *, const struct code_filter *);
static size_t	 place_behind(const struct code_list *, const char *);
static size_t	 place_of(const struct code_list *, const char *);
static void	 item_at(const struct code_list *, size_t, struct code_item *);

size_t
code_list_count(const struct code_list *l)
{
	size_t	 n = 0;

	if (l->table != NULL)
		return (l->table->count);
	while (l->labels[n].code != NULL)
		n++;
	return (n);
}

bool
code_list_find(const struct code_list *l, const char *code, struct code_item *item)
{
	size_t	 i = place_of(l, code);

	if (i == code_list_count(l))
		return (false);
	item_at(l, i, item);
	return (true);
}

size_t
code_list_walk(const struct code_list *l, const struct code_filter *f, const char *after,
    struct code_item *items, size_t room)
{
	struct sieve	 s;
	size_t		 i = after == NULL ? 0 : place_behind(l, after), n = 0;
	size_t		 count = code_list_count(l);

	sieve_init(&s, f);
	for (; i < count && n < room; i++)
		if (l->table != NULL ? row_passes(l->table, &l->table->rows[i], &s) :
		    label_passes(&l->labels[i], f))
			item_at(l, i, &items[n++]);
	return (n);
}

static void
sieve_init(struct sieve *s, const struct code_filter *f)
{
	*s = (struct sieve){ .filter = f, .parent = code_key(f->parent) };
	if (f->text != NULL && (s->from = code_key(f->text)) != 0)
		s->span = code_key_span(strlen(f->text));
}

static bool
row_passes(const struct code_table *t, const struct code_row *row, const struct sieve *s)
{
	const struct code_filter	*f = s->filter;

	if (f->parent != NULL && code_table_parent(t, row) != s->parent)
		return (false);
	if (f->text != NULL && row->key - s->from >= s->span &&
	    strstr(t->names.data + row->name, f->text) == NULL)
		return (false);
	return (f->level == 0 || code_table_level(t, row) == f->level);
}

static bool
label_passes(const struct code_label *label, const struct code_filter *f)
{
	if (f->parent != NULL || f->level > 1)
		return (false);
	return (f->text == NULL || strstr(label->name, f->text) != NULL ||
	    strncmp(label->code, f->text, strlen(f->text)) == 0);
}

/* Where to go on; a code that is gone since still has its place in a table. */
static size_t
place_behind(const struct code_list *l, const char *code)
{
	uint64_t	 key = code_key(code);
	size_t		 i, count = code_list_count(l);

	if (l->table == NULL)
		return ((i = place_of(l, code)) < count ? i + 1 : count);
	for (i = 0; i < count && l->table->rows[i].key <= key; i++)
		;
	return (i);
}

/* The count: not in the list. */
static size_t
place_of(const struct code_list *l, const char *code)
{
	const struct code_row	*row;
	size_t			 i = 0;

	if (l->table != NULL) {
		row = code_table_find(l->table, code);
		return (row == NULL ? l->table->count : (size_t)(row - l->table->rows));
	}
	while (l->labels[i].code != NULL && strcmp(l->labels[i].code, code) != 0)
		i++;
	return (i);
}

static void
item_at(const struct code_list *l, size_t i, struct code_item *item)
{
	const struct code_row	*row;

	memset(item, 0, sizeof(*item));
	if (l->table == NULL) {
		(void)snprintf(item->code, sizeof(item->code), "%s", l->labels[i].code);
		item->name = l->labels[i].name;
		item->level = 1;
		return;
	}
	row = &l->table->rows[i];
	code_key_text(row->key, item->code);
	code_key_text(code_table_parent(l->table, row), item->parent);
	item->name = l->table->names.data + row->name;
	item->level = code_table_level(l->table, row);
}
