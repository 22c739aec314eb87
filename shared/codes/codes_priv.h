/*
 * codes_priv.h -- what the files of codes share: a CSV reader and a sorted
 * table of codes with their names and parents.
 */
#ifndef YJY_CODES_PRIV_H
#define YJY_CODES_PRIV_H

#include "base/buf.h"

/* ---- csv.c: one RFC 4180 file, read whole, split in place ---- */
#define CSV_COLUMNS	12

struct codes_csv {
	char	 path[512];
	char	*data;			/* the file, NUL behind it */
	char	*at, *end;
	size_t	 line;			/* first line of the present row */
	size_t	 ncolumns;
	char	*header[CSV_COLUMNS];
	char	*fields[CSV_COLUMNS];	/* of the present row */
};

int		 codes_csv_open(struct codes_csv *, const char *dir, const char *file) MUST_CHECK;
int		 codes_csv_next(struct codes_csv *) MUST_CHECK;	/* 1 a row, 0 the end, -1 malformed (logged) */
/* Column numbers for the NULL-ended names; -1 when one is missing (logged). */
int		 codes_csv_columns(const struct codes_csv *, const char *const *names, size_t *columns) MUST_CHECK;
int		 codes_csv_bad(const struct codes_csv *, const char *what);	/* logs, returns -1 */
void		 codes_csv_close(struct codes_csv *);

/* ---- code_table.c ---- */
#define CODE_CHARS	12

struct code_row {
	uint64_t	key;		/* code_key() of the code */
	uint32_t	name;		/* offset into names */
	uint32_t	mark;		/* the owner's; number of the parent's row, from 1 */
};

struct code_table {
	struct code_row	*rows;		/* by key, once sealed */
	size_t		 count, cap;
	struct buf	 names;		/* NUL-ended, one after another */
	uint64_t	*above;		/* the parents' keys, while loading */
	/* Key of a row's parent, 0 at the top. NULL: `mark` says which row it is. */
	uint64_t	(*parent)(const struct code_table *, const struct code_row *);
};

/*
 * At most 12 of 0-9 A-Z and '-', distinct for distinct codes and in the order of
 * their bytes; 0: not such a text.
 */
uint64_t	 code_key(const char *);
void		 code_key_text(uint64_t, char out[CODE_CHARS + 1]);
uint64_t	 code_key_cut(uint64_t, size_t len);	/* key of the first characters */
uint64_t	 code_key_span(size_t len);	/* codes that begin with the same `len` */
void		 code_table_init(struct code_table *);
int		 code_table_add(struct code_table *, const char *code, const char *name,
		    uint32_t mark) MUST_CHECK;
/* Below another code of the same table, "": at the top; `mark` is then taken. */
int		 code_table_add_below(struct code_table *, const char *code, const char *name,
		    const char *parent) MUST_CHECK;
/* -1: a code twice, a parent that is not there, or codes that are their own ancestors. */
int		 code_table_seal(struct code_table *) MUST_CHECK;
void		 code_table_release(struct code_table *);
const struct code_row *code_table_find(const struct code_table *, const char *code);
const struct code_row *code_table_at(const struct code_table *, uint64_t key);
uint64_t	 code_table_parent(const struct code_table *, const struct code_row *);
/* 1 at the top; 0: no top within LEVELS_MAX. */
int		 code_table_level(const struct code_table *, const struct code_row *);
const char	*code_table_name(const struct code_table *, const char *code);	/* NULL: unknown */
/* All rows of a file with columns code and name, and parent_code if it has levels. */
int		 code_table_load(struct code_table *, const char *dir, const char *file) MUST_CHECK;

/* ---- the tables, each of its file ---- */
extern struct code_table codes_areas, codes_occupations, codes_industries, codes_educations;

int		 codes_load_areas(const char *dir) MUST_CHECK;
int		 codes_load_points(const char *dir) MUST_CHECK;	/* after the areas */
int		 codes_load_classes(const char *dir) MUST_CHECK;
int		 codes_load_calendar(const char *dir) MUST_CHECK;

#endif
