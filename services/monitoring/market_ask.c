/*
 * market_ask.c -- the area and the quarter that a question about figures names.
 */
#include "market.h"
#include "base/clock.h"
#include "codes/codes.h"

#define NEAR_MOST	5
#define QUARTER_TEXT	6	/* 2025Q3 */
#define MONTHS		3
#define COUNTY_DIGITS	6

static void		 meant(struct call *, const char *);
static size_t		 alike(const char *, const char *);
static const char	*own_area(struct call *, bool towns);

int
check_quarter(const char *text)
{
	size_t	i;

	if (strlen(text) != QUARTER_TEXT || text[0] != '2' || text[1] != '0' || text[4] != 'Q' ||
	    text[5] < '1' || text[5] > '4')
		return (ERR_F_FORMAT);
	for (i = 2; i < 4; i++)
		if (text[i] < '0' || text[i] > '9')
			return (ERR_F_FORMAT);
	return (0);
}

int32_t
quarter_first(const char *text)
{
	int	year, month, mday;

	if (text != NULL)
		return (day_make(2000 + (text[2] - '0') * 10 + text[3] - '0',
		    (text[5] - '1') * MONTHS + 1, 1));
	day_split(clock_today(), &year, &month, &mday);
	return (day_make(year, (month - 1) / MONTHS * MONTHS + 1, 1));
}

const char *
asked_area(struct call *c, const char *code, bool towns, bool city_is_open, int *rc)
{
	size_t	len;

	if (code == NULL) {
		if ((code = own_area(c, towns)) != NULL)
			return (code);
		code = AREA_CITY;
	}
	len = strlen(code);
	if (area_name(code) == NULL || len > 9 || (len > 6 && !towns)) {
		meant(c, code);
		*rc = call_reject(c, ERR_F_AREA, "area_code");
		return (NULL);
	}
	if (!(city_is_open && strcmp(code, AREA_CITY) == 0) && !call_in_area(c, code)) {
		*rc = call_reject(c, ERR_AREA, "area_code");
		return (NULL);
	}
	return (code);
}

/* The city, a county or, when it may be one, the town in which the caller acts. */
static const char *
own_area(struct call *c, bool towns)
{
	const char	*areas = call_areas(c), *county;
	char		*first;

	if (call_in_area(c, AREA_CITY))
		return (AREA_CITY);
	first = arena_strndup(c->arena, areas, strcspn(areas, ","));
	if ((county = area_county(first)) != NULL && call_in_area(c, county))
		return (county);
	return (towns && strlen(first) == 9 ? first : NULL);
}

/* Of a town its county; of a slip of the pen the counties with the most digits in place. */
static void
meant(struct call *c, const char *code)
{
	struct call_near	 near[NEAR_MOST];
	const char *const	*codes;
	const char		*county = area_county(code);
	size_t			 n = 0, total, i, same;

	if (county != NULL)
		near[n++] = (struct call_near){ county, area_name(county) };
	total = area_counties(&codes);
	for (same = COUNTY_DIGITS; same >= 4; same--)
		for (i = 0; i < total && n < NEAR_MOST; i++)
			if (alike(codes[i], code) == same && codes[i] != county)
				near[n++] = (struct call_near){ codes[i], area_name(codes[i]) };
	if (n == 0)
		near[n++] = (struct call_near){ AREA_CITY, area_name(AREA_CITY) };
	call_meant(c, "area_code", near, n);
}

static size_t
alike(const char *county, const char *code)
{
	size_t	n = 0, i;

	for (i = 0; i < COUNTY_DIGITS && code[i] != '\0'; i++)
		n += county[i] == code[i];
	return (n);
}

bool
figures_hide(const struct call *c)
{
	return ((c->principal->roles & ROLE_FIGURES & ~ROLE_STATS) == 0);
}
