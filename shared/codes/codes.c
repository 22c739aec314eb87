/*
 * codes.c -- reads the reference tables, once, at start.
 *
 * The CSV text is dropped after reading; what stays is 16 bytes and the name
 * of each code. A damaged file stops the program: wrong codes would be stored
 * for years.
 */
#include "codes/codes.h"
#include "codes/codes_priv.h"

int
codes_load(const char *dir)
{
	if (codes_load_areas(dir) == -1 || codes_load_points(dir) == -1 ||
	    codes_load_classes(dir) == -1 || codes_load_calendar(dir) == -1)
		return (-1);
	return (0);
}
