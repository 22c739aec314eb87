/*
 * code_table.c -- codes with their names, 16 bytes a code and its text.
 *
 * A code becomes a number (code_key), so one comparison orders two codes and
 * a look-up is a binary search over one array. Filled once, sealed, and from
 * then on only read.
 */
#include <stdlib.h>
#include <string.h>

#include "codes/codes_priv.h"
#include "base/log.h"

#define KEY_CHARS	12
#define KEY_BASE	38	/* 38^12 < 2^63 */
#define NAMES_MAX	(8 * 1024 * 1024)

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
		if (i == KEY_CHARS || (digit = key_digit(code[i])) == 0)
			return (0);
		key = key * KEY_BASE + digit;
	}
	for (; i < KEY_CHARS; i++)
		key *= KEY_BASE;
	return (key);
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
code_table_seal(struct code_table *t)
{
	size_t	 i;

	qsort(t->rows, t->count, sizeof(*t->rows), row_compare);
	for (i = 1; i < t->count; i++)
		if (t->rows[i - 1].key == t->rows[i].key)
			return (-1);
	return (0);
}

void
code_table_release(struct code_table *t)
{
	free(t->rows);
	buf_release(&t->names);
	memset(t, 0, sizeof(*t));
}

const struct code_row *
code_table_find(const struct code_table *t, const char *code)
{
	uint64_t	 key = code_key(code);
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

const char *
code_table_name(const struct code_table *t, const char *code)
{
	const struct code_row	*row = code_table_find(t, code);

	return (row == NULL ? NULL : t->names.data + row->name);
}

int
code_table_load(struct code_table *t, const char *dir, const char *file)
{
	static const char *const	 names[] = { "code", "name", NULL };
	struct codes_csv			 csv;
	size_t				 col[2];
	int				 r;

	code_table_init(t);
	if (codes_csv_open(&csv, dir, file) == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, names, col)) == -1)
		goto out;
	while ((r = codes_csv_next(&csv)) == 1)
		if (code_table_add(t, csv.fields[col[0]], csv.fields[col[1]], 0) == -1) {
			r = codes_csv_bad(&csv, "not a code with a name");
			goto out;
		}
	if (r == 0 && (r = code_table_seal(t)) == -1)
		r = codes_csv_bad(&csv, "a code appears twice");
out:
	codes_csv_close(&csv);
	return (r);
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
