/*
 * match_rows.c -- rows of the database as records of the engine, and results
 * of the engine as JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match_svc.h"
#include "words.h"
#include "codes/codes.h"

#define SEPARATOR	'\x1f'
#define WORD_MAX	128

static bool	next_word(const char **, char word[WORD_MAX]);
static uint8_t	county_index(const char *);
static uint8_t	word_index(const char *const *, const char *);
static uint32_t	word_bits(const char *const *, const char *);
static uint8_t	education_of(const char *);
static uint8_t	level_rank(const struct db_rows *, size_t);
static uint8_t	occupations(const char *, uint32_t *);
static uint8_t	areas(const char *, struct match_area *);
static uint8_t	skills(const char *, uint32_t *);


const struct shape	match_reason_shape[] = {
	{ .name = "criterion", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "依据名称" },
	{ .name = "score", .type = SHAPE_T_INT, .help = "此项得分，满分 1000" },
	{ .name = "weight", .type = SHAPE_T_INT, .help = "权重，合计 1000" },
	{ .name = "why", .type = SHAPE_T_TEXT, .help = "理由代码" },
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "理由" },
	SHAPE_END
};

void
match_row_person(struct arena *a, const struct db_rows *r, size_t i, struct match_facts *f)
{
	struct match_person	*p = &f->person;
	const char		*home = db_text(r, i, "area_code");

	memset(f, 0, sizeof(*f));
	p->id = db_uuid(r, i, "person_id");
	p->county = county_index(db_text(r, i, "county_code"));
	if (home != NULL && strlen(home) > 6)
		p->home = match_area(home, p->county).place;
	p->nwishes = occupations(db_text(r, i, "occupations"), p->wishes);
	p->npast = occupations(db_text(r, i, "past"), p->past);
	p->nareas = areas(db_text(r, i, "areas"), p->areas);
	p->nskills = skills(db_text(r, i, "skills"), p->skills);
	p->lat_e6 = db_null(r, i, "lat_e6") ? MATCH_NOWHERE : (int32_t)db_int(r, i, "lat_e6");
	p->lng_e6 = (int32_t)db_int(r, i, "lng_e6");
	p->forms = (uint8_t)word_bits(work_forms, db_text(r, i, "forms"));
	p->benefits = (uint16_t)word_bits(work_benefits, db_text(r, i, "benefits"));
	if (!db_null(r, i, "pay_least_cents"))
		p->pay_least_yuan = match_pay_month(db_int(r, i, "pay_least_cents"),
		    db_text(r, i, "pay_unit"));
	if (p->pay_least_yuan < 0)
		p->pay_least_yuan = 0;		/* a wish by the piece compares with nothing */
	p->education = education_of(db_text(r, i, "education_code"));
	p->skill_level = level_rank(r, i);
	p->flags = (uint8_t)((db_bool(r, i, "is_seeking") ? MATCH_SEEKING : 0) |
	    (db_bool(r, i, "is_findable") ? MATCH_FINDABLE : 0) |
	    (db_bool(r, i, "is_registered") ? MATCH_REGISTERED : 0));
	f->allowed = db_bool(r, i, "allowed");
	f->without = match_row_ids(a, db_text(r, i, "without"), &f->nwithout);
}

void
match_row_posting(struct arena *a, const struct db_rows *r, size_t i, struct match_posting *v)
{
	const char	*unit = db_text(r, i, "pay_unit");

	memset(v, 0, sizeof(*v));
	v->occupation = match_occupation(db_text(r, i, "occupation_code"));
	v->county = county_index(db_text(r, i, "county_code"));
	v->place = match_area(db_text(r, i, "area_code"), v->county).place;
	v->lat_e6 = db_null(r, i, "lat_e6") ? MATCH_NOWHERE : (int32_t)db_int(r, i, "lat_e6");
	v->lng_e6 = (int32_t)db_int(r, i, "lng_e6");
	v->pay_low_yuan = match_pay_month(db_int(r, i, "pay_min_cents"), unit);
	v->pay_high_yuan = match_pay_month(db_int(r, i, "pay_max_cents"), unit);
	v->form = word_index(work_forms, db_text(r, i, "form"));
	v->education = education_of(db_text(r, i, "education_code"));
	v->skill_level = level_rank(r, i);
	v->skills = arena_alloc(a, MATCH_SKILLS_MAX * sizeof(*v->skills));
	v->nskills = skills(db_text(r, i, "skills"), v->skills);
	v->benefits = (uint16_t)word_bits(work_benefits, db_text(r, i, "benefits"));
	v->posted_on = db_day(r, i, "posted_on");
	v->expires_on = db_day(r, i, "expires_on");
	v->headcount_left = (uint16_t)db_int(r, i, "headcount_left");
}

struct match_weights
match_row_weights(const struct db_rows *r, size_t i)
{
	struct match_weights	 w = { .version = 0 };
	const char		*text = db_text(r, i, "weights");
	char			*end;
	int			 n;

	if (text == NULL)
		return (w);
	w.version = (int32_t)strtol(text, &end, 10);
	for (n = 0; n < MATCH_CRITERIA && *end == ','; n++)
		w.of[n] = (uint16_t)strtol(end + 1, &end, 10);
	return (w);
}

struct uuid *
match_row_ids(struct arena *a, const char *text, size_t *n)
{
	size_t		 room = text == NULL ? 0 : (strlen(text) + 1) / UUID_TEXT, i;
	struct uuid	*ids = arena_alloc(a, (room + 1) * sizeof(*ids));
	char		 one[UUID_TEXT];

	*n = 0;
	for (i = 0; i < room; i++) {
		memcpy(one, text + i * UUID_TEXT, UUID_TEXT - 1);
		one[UUID_TEXT - 1] = '\0';
		if (uuid_parse(one, &ids[*n]))
			(*n)++;
	}
	return (ids);
}

const char *
match_ids_text(struct arena *a, const struct match_hit *hits, size_t n)
{
	char	*text = arena_alloc(a, n * UUID_TEXT + 3), *at = text;
	size_t	 i;

	*at++ = '{';
	for (i = 0; i < n; i++) {
		if (i > 0)
			*at++ = ',';
		(void)uuid_format(&hits[i].id, at);
		at += UUID_TEXT - 1;
	}
	*at++ = '}';
	*at = '\0';
	return (text);
}

void
match_put_reasons(struct json_out *out, const struct match_hit *h, const struct match_weights *w,
    bool english)
{
	int	i;

	json_put_int(out, "score", h->score / MATCH_FULL);
	json_put_int(out, "weight_version", w->version);
	json_open_list(out, "reasons");
	for (i = 0; i < MATCH_CRITERIA; i++) {
		json_open(out, NULL);
		json_put_text(out, "criterion", match_criterion_name((enum match_criterion)i));
		json_put_text(out, "name", match_criterion_text((enum match_criterion)i, english));
		json_put_int(out, "score", h->parts[i]);
		json_put_int(out, "weight", w->of[i]);
		json_put_text(out, "why", match_why_name(h->why[i]));
		json_put_text(out, "text", match_why_text(h->why[i], english));
		json_close(out);
	}
	json_close_list(out);
}

const char *
match_cursor(struct arena *a, const struct match_hit *h)
{
	char	id[UUID_TEXT];

	return (arena_printf(a, "%d:%d:%s", h->score, h->day, uuid_format(&h->id, id)));
}

bool
match_cursor_read(const char *text, struct match_hit *h)
{
	char	*end;

	h->score = (int32_t)strtol(text, &end, 10);
	if (*end != ':')
		return (false);
	h->day = (int32_t)strtol(end + 1, &end, 10);
	return (*end == ':' && uuid_parse(end + 1, &h->id));
}

struct match_area
match_area_of(const char *code)
{
	return (match_area(code, county_index(area_county(code))));
}

/* ---- words ---- */

/* What is too long is cut: two such words may be taken for one. */
static bool
next_word(const char **text, char word[WORD_MAX])
{
	size_t	n = 0;

	if (*text == NULL || **text == '\0')
		return (false);
	for (; **text != '\0' && **text != SEPARATOR; (*text)++)
		if (n < WORD_MAX - 1)
			word[n++] = **text;
	word[n] = '\0';
	if (**text == SEPARATOR)
		(*text)++;
	return (true);
}

static uint8_t
county_index(const char *code)
{
	const char *const	*codes;
	size_t			 n = area_counties(&codes), i;

	for (i = 0; code != NULL && i < n && i < MATCH_ELSEWHERE; i++)
		if (strcmp(codes[i], code) == 0)
			return ((uint8_t)i);
	return (MATCH_ELSEWHERE);
}

static uint8_t
word_index(const char *const *words, const char *word)
{
	uint8_t	i;

	for (i = 0; words[i] != NULL; i++)
		if (word != NULL && strcmp(words[i], word) == 0)
			return (i);
	return (0);
}

static uint32_t
word_bits(const char *const *words, const char *text)
{
	char		word[WORD_MAX];
	uint32_t	bits = 0;
	int		i;

	while (next_word(&text, word))
		for (i = 0; words[i] != NULL; i++)
			if (strcmp(words[i], word) == 0)
				bits |= UINT32_C(1) << i;
	return (bits);
}

/* GB/T 4658 by its first digit; a doctor above a master. */
static uint8_t
education_of(const char *code)
{
	int	rank = code == NULL ? 0 : education_rank(code);

	return (rank > 0 ? (uint8_t)rank : 0);
}

/* 5 初级工 … 1 高级技师 as 1 … 5. */
static uint8_t
level_rank(const struct db_rows *r, size_t i)
{
	return (db_null(r, i, "skill_level") ? 0 : (uint8_t)(6 - db_int(r, i, "skill_level")));
}

static uint8_t
occupations(const char *text, uint32_t *out)
{
	char	word[WORD_MAX];
	uint8_t	n = 0;

	while (n < MATCH_OCCUPATIONS && next_word(&text, word))
		if ((out[n] = match_occupation(word)) != 0)
			n++;
	return ((uint8_t)match_words_sort(out, n));
}

static uint8_t
areas(const char *text, struct match_area *out)
{
	char	word[WORD_MAX];
	uint8_t	n = 0;

	while (n < MATCH_AREAS && next_word(&text, word))
		out[n++] = match_area_of(word);
	return (n);
}

static uint8_t
skills(const char *text, uint32_t *out)
{
	char	word[WORD_MAX];
	size_t	n = 0;

	while (n < MATCH_SKILLS_MAX && next_word(&text, word))
		out[n++] = match_word(word);
	return ((uint8_t)match_words_sort(out, n));
}
