/*
 * market_ask.c -- the area and the quarter that a question about figures names.
 */
#include "market.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "http/near.h"

#define QUARTER_TEXT	6	/* 2025Q3 */
#define MONTHS		3

static void		 meant(struct call *, const char *);
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

/* Of a town its county, of anything else what it may be a slip of the pen for. */
static void
meant(struct call *c, const char *code)
{
	struct call_near	 near[NEAR_MOST];
	const char		*county = area_county(code);

	if (county != NULL)
		near[0] = (struct call_near){ county, area_name(county) };
	call_meant(c, "area_code", near, county != NULL ? 1 : near_codes(c->arena, "areas", code, near));
}
