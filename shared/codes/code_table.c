/*
 * code_table.c -- codes with their names and parents, 16 bytes a code and its
 * name.
 *
 * A code becomes a number (code_key) and is made text again from it, so one
 * comparison orders two codes and a look-up is a binary search over one array.
 * Filled once, sealed, and from then on only read.
 */
#include <stdlib.h>
#include <string.h>

#include "codes/codes_priv.h"
#include "base/log.h"

#define KEY_BASE	38	/* 38^12 < 2^63 */
#define NAMES_MAX	(8 * 1024 * 1024)
#define LEVELS_MAX	8

static int	 parents_find(struct code_table *);
static int	 rows_add(struct code_table *, struct codes_csv *);
static int	 column_of(const struct codes_csv *, const char *);
static int	 row_compare(const void *, const void *);
static uint64_t	 key_digit(char);

uint64_t
code_key(const char *code)
{
	uint64_t	 key = 0, digit;
	size_t		 i;

	if (code == NULL || code[0] == '\0')
		return (0);
	for (i = 0; code[i] != '\0'; i++) {
		if (i == CODE_CHARS || (digit = key_digit(code[i])) == 0)
			return (0);
		key = key * KEY_BASE + digit;
	}
	for (; i < CODE_CHARS; i++)
		key *= KEY_BASE;
	return (key);
}

void
code_key_text(uint64_t key, char out[CODE_CHARS + 1])
{
	static const char	 digits[] = "\0-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t			 i;

	out[CODE_CHARS] = '\0';
	for (i = CODE_CHARS; i-- > 0; key /= KEY_BASE)
		out[i] = digits[key % KEY_BASE];
}

uint64_t
code_key_cut(uint64_t key, size_t len)
{
	return (key - key % code_key_span(len));
}

uint64_t
code_key_span(size_t len)
{
	uint64_t	 span = 1;

	for (; len < CODE_CHARS; len++)
		span *= KEY_BASE;
	return (span);
}

void
code_table_init(struct code_table *t)
{
	memset(t, 0, sizeof(*t));
	buf_init(&t->names, NAMES_MAX);
}

int
code_table_add(struct code_table *t, const char *code, const char *name, uint32_t mark)
{
	struct code_row	*row;
	uint64_t	 key = code_key(code);

	if (key == 0 || name[0] == '\0')
		return (-1);
	if (t->count == t->cap) {
		t->cap = t->cap == 0 ? 64 : t->cap * 2;
		t->rows = reallocarray(t->rows, t->cap, sizeof(*t->rows));
		if (t->rows == NULL)
			log_die("codes: out of memory");
	}
	row = &t->rows[t->count++];
	row->key = key;
	row->name = (uint32_t)t->names.len;
	row->mark = mark;
	buf_add(&t->names, name, strlen(name) + 1);
	return (buf_ok(&t->names) ? 0 : -1);
}

int
code_table_add_below(struct code_table *t, const char *code, const char *name, const char *parent)
{
	size_t	 cap = t->cap, n = t->count;

	if (parent[0] != '\0' && code_key(parent) == 0)
		return (-1);
	if (code_table_add(t, code, name, (uint32_t)n) == -1)
		return (-1);
	if (t->cap != cap &&
	    (t->above = reallocarray(t->above, t->cap, sizeof(*t->above))) == NULL)
		log_die("codes: out of memory");
	t->above[n] = code_key(parent);
	return (0);
}

int
code_table_seal(struct code_table *t)
{
	size_t	 i;

	qsort(t->rows, t->count, sizeof(*t->rows), row_compare);
	for (i = 1; i < t->count; i++)
		if (t->rows[i - 1].key == t->rows[i].key)
			return (-1);
	return (t->above != NULL ? parents_find(t) : 0);
}

/* Until now a row's mark is its place in the file, and so in `above`. */
static int
parents_find(struct code_table *t)
{
	const struct code_row	*parent;
	uint64_t		 key;
	size_t			 i;

	for (i = 0; i < t->count; i++) {
		key = t->above[t->rows[i].mark];
		if ((parent = code_table_at(t, key)) == NULL && key != 0)
			return (-1);
		t->rows[i].mark = key == 0 ? 0 : (uint32_t)(parent - t->rows) + 1;
	}
	free(t->above);
	t->above = NULL;
	for (i = 0; i < t->count; i++)
		if (code_table_level(t, &t->rows[i]) == 0)
			return (-1);
	return (0);
}

void
code_table_release(struct code_table *t)
{
	free(t->rows);
	free(t->above);
	buf_release(&t->names);
	memset(t, 0, sizeof(*t));
}

const struct code_row *
code_table_find(const struct code_table *t, const char *code)
{
	return (code_table_at(t, code_key(code)));
}

const struct code_row *
code_table_at(const struct code_table *t, uint64_t key)
{
	size_t		 low = 0, high = t->count, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (t->rows[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	return (low < t->count && t->rows[low].key == key ? &t->rows[low] : NULL);
}

uint64_t
code_table_parent(const struct code_table *t, const struct code_row *row)
{
	if (t->parent != NULL)
		return (t->parent(t, row));
	return (row->mark == 0 ? 0 : t->rows[row->mark - 1].key);
}

int
code_table_level(const struct code_table *t, const struct code_row *row)
{
	int	 level;

	for (level = 0; row != NULL && level <= LEVELS_MAX; level++)
		row = code_table_at(t, code_table_parent(t, row));
	return (row == NULL ? level : 0);
}

const char *
code_table_name(const struct code_table *t, const char *code)
{
	const struct code_row	*row = code_table_find(t, code);

	return (row == NULL ? NULL : t->names.data + row->name);
}

int
code_table_load(struct code_table *t, const char *dir, const char *file)
{
	struct codes_csv	 csv;
	int			 r;

	code_table_init(t);
	if (codes_csv_open(&csv, dir, file) == -1)
		return (-1);
	if ((r = rows_add(t, &csv)) == 0 && (r = code_table_seal(t)) == -1)
		r = codes_csv_bad(&csv, "a code appears twice, or its parent nowhere");
	codes_csv_close(&csv);
	return (r);
}

static int
rows_add(struct code_table *t, struct codes_csv *csv)
{
	static const char *const	 names[] = { "code", "name", NULL };
	size_t				 col[2];
	int				 above, r;

	if (codes_csv_columns(csv, names, col) == -1)
		return (-1);
	above = column_of(csv, "parent_code");
	while ((r = codes_csv_next(csv)) == 1)
		if (code_table_add_below(t, csv->fields[col[0]], csv->fields[col[1]],
		    above == -1 ? "" : csv->fields[above]) == -1)
			return (codes_csv_bad(csv, "not a code with a name"));
	return (r);
}

static int
column_of(const struct codes_csv *csv, const char *name)
{
	size_t	 i;

	for (i = 0; i < csv->ncolumns; i++)
		if (strcmp(csv->header[i], name) == 0)
			return ((int)i);
	return (-1);
}

static int
row_compare(const void *a, const void *b)
{
	uint64_t	 x = ((const struct code_row *)a)->key;
	uint64_t	 y = ((const struct code_row *)b)->key;

	return ((x > y) - (x < y));
}

/* 0 stands for "no further character" and so for what is not allowed. */
static uint64_t
key_digit(char c)
{
	if (c == '-')
		return (1);
	if (c >= '0' && c <= '9')
		return ((uint64_t)(c - '0') + 2);
	if (c >= 'A' && c <= 'Z')
		return ((uint64_t)(c - 'A') + 12);
	return (0);
}
