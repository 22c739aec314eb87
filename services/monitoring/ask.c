/*
 * ask.c -- what a request about figures asks for.
 */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/clock.h"
#include "http/near.h"
#include "monitoring_sql.h"

#define AREAS		"areas"
#define BELOW_MOST	1000	/* areas directly below one */
#define DIGITS		15	/* of enum ask_reach */
#define COUNTY_DIGITS	6
#define QUARTER_TEXT	6	/* 2025Q3 */
#define MONTHS		3

static const char *area_default(struct call *, size_t digits);
static bool	   area_seen(struct call *, const struct asked *, unsigned reach);
static int	   area_unknown(struct call *, const struct asked *);

bool
ask_period(struct call *c, struct ask_query *q, int *said)
{
	int	year, month, mday;

	if (q->to_on == DAY_NONE)
		q->to_on = clock_today();
	if (q->from_on == DAY_NONE) {
		day_split(q->to_on, &year, &month, &mday);
		q->from_on = day_make(year, 1, 1);
	}
	if (q->from_on <= q->to_on)
		return (true);
	*said = call_reject(c, ERR_F_DATE_ORDER, "to_on");
	return (false);
}

bool
ask_area(struct call *c, const char *area, unsigned reach, struct asked *a, int *said)
{
	size_t	digits = reach & DIGITS;

	a->hides = figures_hide(c);
	a->area = area != NULL ? area : area_default(c, digits);
	a->county = strcmp(a->area, AREA_CITY) == 0 ? AREA_CITY : area_county(a->area);
	if (a->county == NULL || strlen(a->area) > digits)
		*said = area_unknown(c, a);
	else if (!area_seen(c, a, reach))
		*said = call_reject(c, ERR_AREA, NULL);
	else if (a->hides && strlen(a->area) > COUNTY_DIGITS)
		*said = call_reject(c, ERR_FIGURES_AGGREGATES, NULL);
	else
		return (true);
	return (false);
}

bool
ask_where(struct call *c, unsigned reach, struct asked *a, int *said)
{
	struct ask_query	q = *(const struct ask_query *)c->query;

	if (!ask_period(c, &q, said) ||
	    !ask_area(c, q.area_code != NULL ? q.area_code : q.county_code, reach, a, said))
		return (false);
	a->from_on = q.from_on;
	a->to_on = q.to_on;
	return (true);
}

bool
figures_hide(const struct call *c)
{
	return ((c->principal->roles & ROLE_FIGURES & ~ROLE_STATS) == 0);
}

static bool
area_seen(struct call *c, const struct asked *a, unsigned reach)
{
	return (((reach & ASK_CITY) != 0 && strcmp(a->area, AREA_CITY) == 0) || call_in_area(c, a->area) ||
	    call_in_area(c, a->county));
}

/* Of a place further down than asked for its county, else what may have been a slip of the pen. */
static int
area_unknown(struct call *c, const struct asked *a)
{
	struct call_near	near[NEAR_MOST];
	size_t			n = 1;

	if (a->county != NULL)
		near[0] = (struct call_near){ a->county, area_name(a->county) };
	else
		n = near_codes(c->arena, AREAS, a->area, near);
	call_meant(c, "area_code", near, n);
	return (call_reject(c, ERR_FIGURES_AREA, "area_code"));
}

static const char *
area_default(struct call *c, size_t digits)
{
	const char *const	*counties;
	const char		*areas = call_areas(c);
	size_t			 n = area_counties(&counties), len = strcspn(areas, ","), i;

	if (call_in_area(c, AREA_CITY))
		return (AREA_CITY);
	for (i = 0; i < n; i++)
		if (call_in_area(c, counties[i]))
			return (counties[i]);
	return (len > COUNTY_DIGITS && len <= digits ? arena_strndup(c->arena, areas, len) : AREA_CITY);
}

bool
ask_indicator(struct call *c, const char *code, const char *pointer, int *said)
{
	struct call_near	near[NEAR_MOST];
	struct near_best	best = { .n = 0 };
	struct db_rows		rows;
	size_t			i;

	if (sql_indicator_names(c->db, &rows) == -1) {
		*said = call_failed(c);
		return (false);
	}
	for (i = 0; i < rows.count; i++) {
		if (strcmp(db_text(&rows, i, "code"), code) == 0)
			return (true);
		near_add(&best, near_score(code, db_text(&rows, i, "code"), db_text(&rows, i, "name")),
		    db_text(&rows, i, "code"), db_text(&rows, i, "name"));
	}
	for (i = 0; best.n < NEAR_MOST && i < rows.count && best.n <= i; i++)
		near_add(&best, NEAR_FAR - 1, db_text(&rows, i, "code"), db_text(&rows, i, "name"));
	call_meant(c, pointer, near, near_out(&best, near));
	*said = call_reject(c, ERR_FIGURES_INDICATOR, pointer);
	return (false);
}

bool
ask(struct call *c, struct asked *a, int *said)
{
	const struct ask_query	*q = c->query;

	*a = (struct asked){ .indicator = call_param(c, "indicator_name"),
	    .tag = q->tag != NULL ? q->tag : "", .revision = q->revision };
	if (!ask_indicator(c, a->indicator, "indicator_name", said) || !ask_where(c, ASK_VILLAGE | ASK_CITY, a, said))
		return (false);
	if (a->hides && strcmp(a->area, AREA_CITY) != 0 && a->tag[0] != '\0') {
		*said = call_reject(c, ERR_FIGURES_AGGREGATES, NULL);
		return (false);
	}
	return (true);
}

void
ask_below(struct call *c, const char *area, const char **codes, const char **names)
{
	const struct code_filter	 below = { .parent = area };
	const struct code_list		*list = code_list_named(AREAS, strlen(AREAS));
	struct code_item		*items = arena_alloc(c->arena, BELOW_MOST * sizeof(*items));
	struct buf			 code, name;
	size_t				 n, i;

	n = list != NULL ? code_list_walk(list, &below, NULL, items, BELOW_MOST) : 0;
	buf_init(&code, BELOW_MOST * 16);
	buf_init(&name, BELOW_MOST * 128);
	for (i = 0; i < n; i++) {
		buf_addf(&code, "%c%s", i == 0 ? '{' : ',', items[i].code);
		buf_addf(&name, "%c\"%s\"", i == 0 ? '{' : ',', items[i].name);
	}
	*codes = n == 0 ? "{}" : arena_printf(c->arena, "%s}", buf_cstr(&code));
	*names = n == 0 ? "{}" : arena_printf(c->arena, "%s}", buf_cstr(&name));
	buf_release(&code);
	buf_release(&name);
}

int
check_tag(const char *text)
{
	const char	*is = strchr(text, '=');
	size_t		 len = strlen(text);

	if (is == NULL || is == text || is[1] == '\0' || len > 60 ||
	    strspn(text, "abcdefghijklmnopqrstuvwxyz_") != (size_t)(is - text))
		return (ERR_F_FORMAT);
	return (strpbrk(is + 1, "=\"\\,{}") == NULL ? 0 : ERR_F_FORMAT);
}

int
check_any_area(const char *text)
{
	size_t	len = strlen(text);

	return (len >= 6 && len <= 12 && strspn(text, "0123456789") == len ? 0 : ERR_F_FORMAT);
}

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
		return (day_make(2000 + (text[2] - '0') * 10 + text[3] - '0', (text[5] - '1') * MONTHS + 1, 1));
	day_split(clock_today(), &year, &month, &mday);
	return (day_make(year, (month - 1) / MONTHS * MONTHS + 1, 1));
}
