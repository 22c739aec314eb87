/*
 * export_priv.h -- a list as a file, between its two files: export.c asks for
 * the pages, export_table.c writes their rows.
 */
#ifndef YJY_EXPORT_PRIV_H
#define YJY_EXPORT_PRIV_H

#include "http/dispatch_priv.h"
#include "table/table.h"

enum export_kind { EXPORT_VALUE, EXPORT_AREA, EXPORT_OCCUPATION, EXPORT_INDUSTRY };

struct export {
	struct call		*c;
	struct table		*table;
	enum table_format	 format;
	bool			 english;
	struct {
		const struct shape	*member;
		enum export_kind	 kind;		/* the value, or the name of the code it is */
	}			 from[TABLE_COLUMNS];
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

#endif
