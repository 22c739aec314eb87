/*
 * table_priv.h -- what the two formats share: one struct, and a set of
 * functions for each. A value's place is checked before a format sees it.
 */
#ifndef YJY_TABLE_PRIV_H
#define YJY_TABLE_PRIV_H

#include "table/table.h"

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

struct table {
	const struct table_format_ops	*ops;
	struct table_column	 column[TABLE_COLUMNS];
	size_t			 ncolumns;
	size_t			 at;		/* the next value's column */
	int64_t			 rows;
	bool			 begun;		/* it has a sheet */
	bool			 failed;
	struct buf		 text;		/* CSV */
	struct lxw_workbook	*book;
	struct lxw_worksheet	*sheet;
	struct lxw_format	*head, *format[TABLE_T_MILLI + 1];
	uint32_t		 line;		/* of the sheet */
	int			 fd;		/* where the workbook is put together */
	char			 name[32];	/* that file's name */
};

struct table_format_ops {
	int	(*open)(struct table *);
	void	(*sheet)(struct table *, const char *title);
	void	(*text)(struct table *, const char *);
	void	(*number)(struct table *, int64_t);
	void	(*day)(struct table *, int32_t);
	void	(*null)(struct table *);
	void	(*row)(struct table *);
	int	(*close)(struct table *, struct buf *);
	void	(*drop)(struct table *);
};

extern const struct table_format_ops	table_csv, table_xlsx;

#define TABLE_NUMBER	32	/* of an int64 with its decimals */

/* "-1234.50" of cents, "12.3" of per mille, or the number as it is. */
void	table_number_text(enum table_type, int64_t, char out[TABLE_NUMBER]);

#endif
