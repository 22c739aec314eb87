/*
 * area.c -- the areas of the city and who has jurisdiction over them.
 *
 * The statistical code and jurisdiction agree except in the functional zone of
 * 金洞: its towns, and the villages below them, are coded as parts of 祁阳.
 * functional_zones.csv says so, and every area remembers its county when the
 * tables are read, so a look-up never compares prefixes.
 *
 * Invariant: the mark of a row is the number of its county in `counties`; the
 * city alone has COUNTY_NONE.
 */
#include <string.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"
#include "base/log.h"
#include "http/errors.h"

#define COUNTY_MAX	32
#define COUNTY_NONE	UINT32_MAX
#define COUNTY_LEN	6
#define TOWN_LEN	9
#define VILLAGE_LEN	12
#define ZONE_TOWNS_MAX	32

struct county {
	char	code[COUNTY_LEN + 1];
	bool	zone;			/* not in GB/T 2260: listed last */
};

struct zone_town {
	char	town[TOWN_LEN + 1];
	char	county[COUNTY_LEN + 1];
};

struct code_table		 codes_areas;
static struct county		 counties[COUNTY_MAX];
static const char		*county_codes[COUNTY_MAX];
static size_t			 ncounties;
static struct zone_town		 zone_towns[ZONE_TOWNS_MAX];
static size_t			 nzone_towns;

static int	 zones_read(const char *);
static int	 counties_read(const char *);
static int	 county_add(const char *, bool);
static int	 areas_read(const char *, const char *);
static uint32_t	 county_of(const char *);
static uint64_t	 area_parent(const struct code_table *, const struct code_row *);
static bool	 code_copy(char *, const char *, size_t);

int
codes_load_areas(const char *dir)
{
	size_t	 i;

	code_table_release(&codes_areas);
	code_table_init(&codes_areas);
	codes_areas.parent = area_parent;
	ncounties = nzone_towns = 0;
	if (zones_read(dir) == -1 || counties_read(dir) == -1 ||
	    areas_read(dir, "admin_divisions.csv") == -1 ||
	    areas_read(dir, "villages.csv") == -1)
		return (-1);
	if (code_table_seal(&codes_areas) == -1) {
		log_error("codes: %s: an area appears twice", dir);
		return (-1);
	}
	for (i = 0; i < ncounties; i++)
		county_codes[i] = counties[i].code;
	return (0);
}

const char *
area_county(const char *code)
{
	const struct code_row	*row = code_table_find(&codes_areas, code);

	if (row == NULL || row->mark == COUNTY_NONE)
		return (NULL);
	return (counties[row->mark].code);
}

const char *
area_name(const char *code)
{
	return (code_table_name(&codes_areas, code));
}

/* A known code under a city, county, town or village code. */
bool
area_within(const char *code, const char *scope)
{
	const struct code_row	*row = code_table_find(&codes_areas, code);
	size_t			 len;

	if (row == NULL || scope == NULL)
		return (false);
	if (strcmp(scope, AREA_CITY) == 0)
		return (true);
	if ((len = strlen(scope)) == COUNTY_LEN)
		return (row->mark != COUNTY_NONE &&
		    strcmp(counties[row->mark].code, scope) == 0);
	return ((len == TOWN_LEN || len == VILLAGE_LEN) &&
	    strncmp(code, scope, len) == 0);
}

size_t
area_counties(const char *const **codes)
{
	*codes = county_codes;
	return (ncounties);
}

int
check_area(const char *code)
{
	return (code_table_find(&codes_areas, code) == NULL ? ERR_F_AREA : 0);
}

int
check_county(const char *code)
{
	const char	*county = area_county(code);

	return (county != NULL && strcmp(county, code) == 0 ? 0 : ERR_F_AREA);
}

int
check_city_or_county(const char *code)
{
	return (strcmp(code, AREA_CITY) == 0 ? 0 : check_county(code));
}

static int
zones_read(const char *dir)
{
	static const char *const	 names[] = { "zone_code", "town_code_2023", NULL };
	struct codes_csv			 csv;
	size_t				 col[2];
	struct zone_town		*t;
	int				 r;

	if (codes_csv_open(&csv, dir, "functional_zones.csv") == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, names, col)) == -1)
		goto out;
	while ((r = codes_csv_next(&csv)) == 1) {
		t = &zone_towns[nzone_towns];
		if (nzone_towns == ZONE_TOWNS_MAX ||
		    !code_copy(t->county, csv.fields[col[0]], COUNTY_LEN) ||
		    !code_copy(t->town, csv.fields[col[1]], TOWN_LEN)) {
			r = codes_csv_bad(&csv, "not a zone with its town");
			break;
		}
		nzone_towns++;
	}
out:
	codes_csv_close(&csv);
	return (r);
}

static int
counties_read(const char *dir)
{
	static const char *const	 names[] = { "code", "level", "code_system", NULL };
	struct codes_csv			 csv;
	size_t				 col[3];
	int				 r;

	if (codes_csv_open(&csv, dir, "admin_divisions.csv") == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, names, col)) == -1)
		goto out;
	while ((r = codes_csv_next(&csv)) == 1) {
		if (strcmp(csv.fields[col[1]], "county") != 0)
			continue;
		if (county_add(csv.fields[col[0]],
		    strcmp(csv.fields[col[2]], "GB/T 2260") != 0) == -1) {
			r = codes_csv_bad(&csv, "not a county-level unit");
			break;
		}
	}
out:
	codes_csv_close(&csv);
	return (r);
}

/* Keeps the official order: units of GB/T 2260 by code, then the zones. */
static int
county_add(const char *code, bool zone)
{
	struct county	 new = { .zone = zone };
	size_t		 i;

	if (ncounties == COUNTY_MAX || !code_copy(new.code, code, COUNTY_LEN))
		return (-1);
	for (i = ncounties; i > 0; i--) {
		const struct county	*before = &counties[i - 1];

		if (before->zone != zone ? !before->zone :
		    strcmp(before->code, new.code) < 0)
			break;
		counties[i] = *before;
	}
	counties[i] = new;
	ncounties++;
	return (0);
}

static int
areas_read(const char *dir, const char *file)
{
	static const char *const	 names[] = { "code", "name", NULL };
	struct codes_csv			 csv;
	size_t				 col[2];
	uint32_t			 county;
	const char			*code;
	int				 r;

	if (codes_csv_open(&csv, dir, file) == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, names, col)) == -1)
		goto out;
	while ((r = codes_csv_next(&csv)) == 1) {
		code = csv.fields[col[0]];
		county = county_of(code);
		if ((county == COUNTY_NONE && strcmp(code, AREA_CITY) != 0) ||
		    code_table_add(&codes_areas, code, csv.fields[col[1]], county) == -1) {
			r = codes_csv_bad(&csv, "an area outside every county");
			break;
		}
	}
out:
	codes_csv_close(&csv);
	return (r);
}

static uint32_t
county_of(const char *code)
{
	const char	*county = code;
	uint32_t	 i;

	for (i = 0; i < nzone_towns; i++)
		if (strncmp(code, zone_towns[i].town, TOWN_LEN) == 0)
			county = zone_towns[i].county;
	for (i = 0; i < ncounties; i++)
		if (strncmp(county, counties[i].code, COUNTY_LEN) == 0)
			return (i);
	return (COUNTY_NONE);
}

/* Villages by their code, towns by jurisdiction. */
static uint64_t
area_parent(const struct code_table *t, const struct code_row *row)
{
	uint64_t	 town = code_key_cut(row->key, TOWN_LEN), county;

	(void)t;
	if (row->key != town)
		return (town);
	if (row->mark == COUNTY_NONE)
		return (0);
	county = code_key(counties[row->mark].code);
	return (row->key == county ? code_key(AREA_CITY) : county);
}

/* Exactly `len` digits. */
static bool
code_copy(char *out, const char *code, size_t len)
{
	if (strlen(code) != len || strspn(code, "0123456789") != len)
		return (false);
	memcpy(out, code, len + 1);
	return (true);
}
