/*
 * export_priv.h -- a list as a file, between its files: export.c asks for the
 * pages, export_table.c writes their rows, export_text.c what a value says.
 */
#ifndef YJY_EXPORT_PRIV_H
#define YJY_EXPORT_PRIV_H

#include "codes/codes.h"
#include "http/dispatch_priv.h"
#include "table/table.h"

#define EXPORT_LISTS	4	/* code lists of one member */

/* Its words, in the order they are asked. */
struct export_words {
	const struct code_list	*of[EXPORT_LISTS];
	size_t			 n;
};

struct export_from {
	const struct shape	*member;
	const struct code_list	*named;		/* the column is the name of the member's code */
	struct export_words	 words;		/* the column is the label of the member's word */
};

struct export {
	struct call		*c;
	struct table		*table;
	enum table_format	 format;
	bool			 english;
	struct export_from	 from[TABLE_COLUMNS];
	struct table_column	 column[TABLE_COLUMNS];
	size_t			 ncolumns;
	const char *const	*items;		/* the page that came, in its arena */
	size_t			 nitems;
	char			*after;		/* owned; what the next page continues behind, NULL: none */
	bool			 came;		/* the handler made a page */
	struct buf		 people;	/* UUIDs shown and not yet in the trail */
};

/* Columns from the shape of the row's reply; names live in the arena. */
void	export_columns(struct export *, struct arena *, const struct shape *);
/* Writes the page's rows. Touches nothing of the loop's thread but the page. */
void	export_rows(void *);

/* The lists that a member's `.codes` names; none for a file in English, whose words are the codes. */
void	export_words_of(struct export_words *, const struct shape *, bool english);
/* As the file shows it; lives in the arena or with `v`. NULL: nothing. */
const char *export_text(struct arena *, const struct shape *, const struct export_words *,
	    const struct json *v, bool english);
/* What a heading of the file says of a member. */
const char *export_heading(struct arena *, const struct shape *, bool english);
enum table_type export_type(const struct shape *);
bool	name_ends(const char *name, const char *end);

#endif
