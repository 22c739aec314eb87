/*
 * area_point.c -- a point for an area that was given without one.
 *
 * A village has its town's; a town without a point of its own has the seat of
 * the county that governs it, which for the towns of 金洞 is not 祁阳's: they
 * have none.
 */
#include <stdlib.h>
#include <string.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"

#define POINTS_MAX	256
#define TOWN_LEN	9

struct point {
	char	code[TOWN_LEN + 1];
	int32_t	lat_e6, lng_e6;
};

static struct point	points[POINTS_MAX];
static size_t		npoints;

static const struct point	*point_of(const char *, size_t);
static bool			 degrees_read(const char *, double, int32_t *);

int
codes_load_points(const char *dir)
{
	static const char *const	 names[] = { "code", "lat_wgs84", "lng_wgs84", NULL };
	struct codes_csv		 csv;
	size_t				 col[3];
	struct point			*p;
	int				 r;

	npoints = 0;
	if (codes_csv_open(&csv, dir, "area_points.csv") == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, names, col)) == -1)
		goto out;
	while ((r = codes_csv_next(&csv)) == 1) {
		p = &points[npoints];
		if (npoints == POINTS_MAX || check_area(csv.fields[col[0]]) != 0 ||
		    strlen(csv.fields[col[0]]) > TOWN_LEN ||
		    !degrees_read(csv.fields[col[1]], 90, &p->lat_e6) ||
		    !degrees_read(csv.fields[col[2]], 180, &p->lng_e6)) {
			r = codes_csv_bad(&csv, "not an area with its point");
			break;
		}
		memcpy(p->code, csv.fields[col[0]], strlen(csv.fields[col[0]]) + 1);
		npoints++;
	}
out:
	codes_csv_close(&csv);
	return (r);
}

bool
area_point(const char *code, int32_t *lat_e6, int32_t *lng_e6)
{
	const struct point	*p = NULL;
	const char		*county = area_county(code);

	if (county == NULL)
		return (false);
	if (strlen(code) >= TOWN_LEN)
		p = point_of(code, TOWN_LEN);
	if (p == NULL)
		p = point_of(county, strlen(county));
	if (p == NULL)
		return (false);
	*lat_e6 = p->lat_e6;
	*lng_e6 = p->lng_e6;
	return (true);
}

static const struct point *
point_of(const char *code, size_t len)
{
	size_t	i;

	for (i = 0; i < npoints; i++)
		if (strlen(points[i].code) == len && strncmp(points[i].code, code, len) == 0)
			return (&points[i]);
	return (NULL);
}

static bool
degrees_read(const char *text, double most, int32_t *e6)
{
	char	*end;
	double	 v = strtod(text, &end);

	if (end == text || *end != '\0' || !(v >= -most && v <= most))
		return (false);
	*e6 = (int32_t)(v * 1e6 + (v < 0 ? -0.5 : 0.5));
	return (true);
}
