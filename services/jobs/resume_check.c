/*
 * resume_check.c -- see resume_check.h.
 */
#include "resume_check.h"
#include "base/clock.h"
#include "http/errors.h"

#define EXPERIENCE_BYTES	131072
#define YEARS_MOST		60
#define LIST_BYTES		16384

static int	word_check(const char *, const struct words *);
static void	array_add(struct buf *, const char *);
static bool	said_before(const struct json *, size_t);
static bool	covered(const struct list_of *, int32_t, int32_t today);

void
json_wrong(struct json_errors *errors, const char *pointer, int code)
{
	if (errors->count < JSON_ERRORS_MAX)
		errors->list[errors->count++] = (struct json_error){ .pointer = pointer, .code = code };
}

const char *
words_array(struct arena *a, const char *json, const struct words *w, struct json_errors *errors)
{
	const struct json	*list;
	const char		*array;
	struct buf		 b;
	size_t			 i;
	int			 code;

	if (json == NULL)
		return ("{}");
	list = json_parse(a, json, strlen(json));
	if (list == NULL || !json_is_array(list)) {
		json_wrong(errors, w->pointer, ERR_F_TYPE);
		return ("{}");
	}
	if (json_count(list) > w->most) {
		json_wrong(errors, w->pointer, ERR_F_COUNT);
		return ("{}");
	}
	buf_init(&b, LIST_BYTES);
	buf_addc(&b, '{');
	for (i = 0; i < json_count(list); i++) {
		code = said_before(list, i) ? ERR_F_DUPLICATE :
		    word_check(json_string(json_at(list, i)), w);
		if (code != 0) {
			json_wrong(errors, arena_printf(a, "%s/%zu", w->pointer, i), code);
			continue;
		}
		buf_adds(&b, b.len > 1 ? ",\"" : "\"");
		array_add(&b, json_string(json_at(list, i)));
		buf_addc(&b, '"');
	}
	buf_addc(&b, '}');
	array = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (array);
}

static int
word_check(const char *word, const struct words *w)
{
	const char *const	*one;

	if (word == NULL)
		return (ERR_F_TYPE);
	if (*word == '\0')
		return (ERR_F_SHORT);
	if (strlen(word) > w->longest)
		return (ERR_F_LONG);
	if (w->check != NULL)
		return (w->check(word));
	if (w->set == NULL)
		return (0);
	for (one = w->set; *one != NULL; one++)
		if (strcmp(*one, word) == 0)
			return (0);
	return (ERR_F_CHOICE);
}

static bool
said_before(const struct json *list, size_t n)
{
	const char	*word = json_string(json_at(list, n)), *other;
	size_t		 i;

	for (i = 0; word != NULL && i < n; i++)
		if ((other = json_string(json_at(list, i))) != NULL && strcmp(other, word) == 0)
			return (true);
	return (false);
}

static void
array_add(struct buf *b, const char *p)
{
	for (; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *p);
	}
}

void
spells_check(struct arena *a, const struct list_of *list, int32_t today, struct json_errors *errors)
{
	const struct spell	*s = list->items;
	size_t			 i;

	for (i = 0; i < list->count; i++) {
		if (s[i].from_on > today)
			json_wrong(errors, arena_printf(a, "/experience/%zu/from_on", i),
			    ERR_F_DATE_FUTURE);
		else if (s[i].to_on != DAY_NONE && s[i].to_on > today)
			json_wrong(errors, arena_printf(a, "/experience/%zu/to_on", i),
			    ERR_F_DATE_FUTURE);
		else if (s[i].to_on != DAY_NONE && s[i].to_on < s[i].from_on)
			json_wrong(errors, arena_printf(a, "/experience/%zu/to_on", i),
			    ERR_F_DATE_ORDER);
	}
}

/* Months are counted from their first day on: a spell covers those it touches. */
int
spells_years(const struct list_of *list, int32_t today)
{
	int32_t	first = day_month_first(today);
	int	months = 0, i;

	for (i = 0; i < YEARS_MOST * 12; i++)
		if (covered(list, day_add_months(first, -i), today))
			months++;
	return (months / 12);
}

static bool
covered(const struct list_of *list, int32_t month, int32_t today)
{
	const struct spell	*s = list->items;
	int32_t			 last = day_add_months(month, 1) - 1, to;
	size_t			 i;

	for (i = 0; i < list->count; i++) {
		to = s[i].to_on == DAY_NONE ? today : s[i].to_on;
		if (s[i].from_on <= last && to >= month)
			return (true);
	}
	return (false);
}

const char *
spells_json(struct arena *a, const struct list_of *list)
{
	const struct spell	*s = list->items;
	struct json_out		 out;
	const char		*text;
	struct buf		 b;
	size_t			 i;

	buf_init(&b, EXPERIENCE_BYTES);
	json_out_init(&out, &b);
	json_open_list(&out, NULL);
	for (i = 0; i < list->count; i++) {
		json_open(&out, NULL);
		json_put_day(&out, "from_on", s[i].from_on);
		json_put_day(&out, "to_on", s[i].to_on);
		json_put_text(&out, "employer", s[i].employer);
		json_put_text(&out, "title", s[i].title);
		json_put_text(&out, "occupation_code", s[i].occupation_code);
		json_put_text(&out, "text", s[i].text);
		json_close(&out);
	}
	json_close_list(&out);
	text = buf_ok(&b) ? arena_strdup(a, buf_cstr(&b)) : "[]";
	buf_release(&b);
	return (text);
}
