/*
 * copy.c -- PostgreSQL's COPY text format on standard output.
 */
#include <inttypes.h>
#include <stdio.h>

#include "city.h"

static bool	first = true;

static void
separate(void)
{
	if (!first)
		(void)putchar('\t');
	first = false;
}

void
copy_begin(const char *table, const char *columns)
{
	printf("COPY %s (%s) FROM stdin;\n", table, columns);
	first = true;
}

void
copy_text(const char *s)
{
	separate();
	if (s == NULL) {
		(void)fputs("\\N", stdout);
		return;
	}
	for (; *s != '\0'; s++) {
		if (*s == '\\' || *s == '\t' || *s == '\n')
			printf("\\%c", *s == '\\' ? '\\' : *s == '\t' ? 't' : 'n');
		else
			(void)putchar(*s);
	}
}

void
copy_int(int64_t n)
{
	separate();
	printf("%" PRId64, n);
}

void
copy_day(int32_t day)
{
	char	text[DAY_TEXT];

	copy_text(day == DAY_NONE ? NULL : day_format(day, text));
}

void
copy_uuid(const struct uuid *u)
{
	char	text[UUID_TEXT];

	copy_text(uuid_format(u, text));
}

void
copy_bool(bool b)
{
	copy_text(b ? "t" : "f");
}

void
copy_row(void)
{
	(void)putchar('\n');
	first = true;
}

void
copy_end(void)
{
	(void)fputs("\\.\n", stdout);
}
