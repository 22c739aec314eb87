/*
 * search_words.c -- the text of a question: cut where blanks and known phrases
 * are, each word with its other ways: synonyms, and the mark that says the same
 * (冷水滩 is a text, and an area).
 *
 * A phrase is known whole, or also inside a longer run of characters; the
 * longest wins. What is left between phrases is a word of its own, unless it is
 * a single character.
 */
#include <stdlib.h>
#include <string.h>

#include "search.h"
#include "search_priv.h"
#include "base/log.h"
#include "base/utf8.h"

#define PHRASE_CHARS	10
#define PARTED		"\x1f"

struct phrase {
	char		*text;
	const char	*kind;		/* NULL: free slot */
	const char	*code, *name;
	uint8_t		 mark;
	bool		 inside;	/* known within a longer run too */
};

struct phrases {
	struct phrase	*slots;
	size_t		 cap, count;
};

struct cutting {
	struct arena		*arena;
	struct index_query	*query;
	struct concepts		*concepts;
};

static void	phrase_add(const char *, const struct phrase *);
static struct phrase *phrase_slot(struct phrase *, size_t, const char *);
static void	phrases_grow(void);
static const struct phrase *phrase_find(const char *);
static void	areas_add(void);
static void	occupations_add(void);
static const char *const *group_of(const char *);
static void	token_cut(struct cutting *, const char *);
static size_t	known_at(struct cutting *, const char *, char **);
static void	word_add(struct cutting *, const char *);
static void	concept_add(struct cutting *, const char *, const char *, const char *, const char *);
static bool	is_parting(uint32_t);

const struct code_label	search_benefit_words[] = {
	{ "social_insurance", "社保" }, { "social_insurance", "五险" }, { "social_insurance", "社会保险" },
	{ "housing_fund", "公积金" }, { "housing_fund", "住房公积金" }, { "housing_fund", "五险一金" },
	{ "lodging", "包住" }, { "lodging", "住宿" }, { "meals", "包吃" }, { "meals", "包餐" },
	{ "shuttle", "班车" }, { "two_days_off", "双休" }, { "paid_leave", "年休假" },
	{ "paid_leave", "带薪年假" }, { "paid_leave", "带薪年休假" }, { "bonus", "年终奖" },
	{ "overtime_pay", "加班费" }, { "health_check", "体检" }, { "health_check", "定期体检" },
	{ "training", "岗前培训" }, { "child_care", "托育" }, { "child_care", "托育服务" },
	{ "high_temperature_pay", "高温津贴" }, { NULL, NULL }
};
const struct code_label	search_form_words[] = {
	{ "full_time", "全职" }, { "full_time", "全日制" }, { "part_time", "兼职" },
	{ "part_time", "非全日制" }, { "gig", "零工" }, { "gig", "日结" }, { "gig", "临时工" },
	{ "flexible", "灵活就业" }, { "internship", "见习" }, { "internship", "就业见习" },
	{ "internship", "实习" }, { NULL, NULL }
};

static struct phrases	  phrases;
static char		***groups;		/* of synonyms, each NULL-ended */
static size_t		  ngroups;

static struct code_item	*occupations;	/* phrases point into it */

int
words_load(void)
{
	const struct code_label	*w;

	for (w = search_benefit_words; w->code != NULL; w++)
		phrase_add(w->name, &(struct phrase){ .kind = "benefit", .code = w->code,
		    .name = w->name, .mark = MARK_BENEFIT, .inside = true });
	for (w = search_form_words; w->code != NULL; w++)
		phrase_add(w->name, &(struct phrase){ .kind = "form", .code = w->code,
		    .name = w->name, .mark = MARK_FORM, .inside = true });
	if (near_load() == -1)
		return (-1);
	areas_add();
	occupations_add();
	return (0);
}

/* Counties and towns are known within a run; of villages only names that are unique. */
static void
areas_add(void)
{
	const struct area_row	*list;
	size_t			 n, i;
	int			 level;

	list = near_areas(&n);
	for (level = 1; level <= 4; level++)
		for (i = 0; i < n; i++) {
			struct phrase	p = { .kind = "area", .code = list[i].code, .name = list[i].name,
					    .mark = MARK_AREA, .inside = level <= 3 };

			if (list[i].level != level)
				continue;
			phrase_add(list[i].name, &p);
			p.inside = level <= 2;
			phrase_add(list[i].brief, &p);
		}
}

static void
occupations_add(void)
{
	const struct code_alias	*alias;
	size_t			 n, i;
	char			*rest, *one, *copy;

	free(occupations);
	occupations = near_list("occupations", &n);
	for (i = 0; i < n; i++)
		phrase_add(occupations[i].name, &(struct phrase){ .kind = "occupation",
		    .code = occupations[i].code, .name = occupations[i].name, .mark = MARK_OCCUPATION });
	alias = codes_aliases(&n);
	for (i = 0; i < n; i++) {
		if ((copy = rest = strdup(alias[i].alias)) == NULL)
			log_die("search: out of memory");
		while ((one = strsep(&rest, "/")) != NULL)
			phrase_add(one, &(struct phrase){ .kind = "occupation", .code = alias[i].code,
			    .name = occupation_name(alias[i].code), .mark = MARK_OCCUPATION });
		free(copy);
	}
}

/* The first of a name stays: larger areas come before smaller ones. */
static void
phrase_add(const char *text, const struct phrase *p)
{
	struct arena	 a;
	struct phrase	*slot;

	if (utf8_count(text, strlen(text)) < 2)
		return;
	if ((phrases.count + 1) * 2 > phrases.cap)
		phrases_grow();
	arena_init(&a);
	text = search_folded(&a, text);
	slot = phrase_slot(phrases.slots, phrases.cap, text);
	if (slot->kind == NULL) {
		*slot = *p;
		slot->text = near_keep(text);
		phrases.count++;
	}
	arena_release(&a);
}

static struct phrase *
phrase_slot(struct phrase *slots, size_t cap, const char *text)
{
	uint64_t	h = 0xcbf29ce484222325ULL;
	const char	*p;
	size_t		i;

	for (p = text; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3ULL;
	for (i = (h ^ h >> 32) & (cap - 1); slots[i].kind != NULL; i = (i + 1) & (cap - 1))
		if (strcmp(slots[i].text, text) == 0)
			break;
	return (&slots[i]);
}

static void
phrases_grow(void)
{
	size_t		 cap = phrases.cap == 0 ? 1024 : phrases.cap * 2, i;
	struct phrase	*fresh = calloc(cap, sizeof(*fresh));

	if (fresh == NULL)
		log_die("search: out of memory");
	for (i = 0; i < phrases.cap; i++)
		if (phrases.slots[i].kind != NULL)
			*phrase_slot(fresh, cap, phrases.slots[i].text) = phrases.slots[i];
	free(phrases.slots);
	phrases.slots = fresh;
	phrases.cap = cap;
}

static const struct phrase *
phrase_find(const char *text)
{
	const struct phrase	*p;

	if (phrases.cap == 0)
		return (NULL);
	p = phrase_slot(phrases.slots, phrases.cap, text);
	return (p->kind != NULL ? p : NULL);
}

/* ---- synonyms ---- */

void
words_synonyms(const struct db_rows *rows)
{
	char	*rest, *one, *copy;
	size_t	 i, k;

	for (i = 0; i < ngroups; i++) {
		for (k = 0; groups[i][k] != NULL; k++)
			free(groups[i][k]);
		free(groups[i]);
	}
	ngroups = rows->count;
	if ((groups = reallocarray(groups, ngroups + 1, sizeof(*groups))) == NULL)
		log_die("search: out of memory");
	for (i = 0; i < ngroups; i++) {
		if ((groups[i] = calloc(INDEX_WAYS + 1, sizeof(**groups))) == NULL ||
		    (rest = copy = strdup(db_text(rows, i, "words"))) == NULL)
			log_die("search: out of memory");
		for (k = 0; k < INDEX_WAYS && (one = strsep(&rest, PARTED)) != NULL; k++)
			groups[i][k] = near_keep(one);
		free(copy);
	}
}

static const char *const *
group_of(const char *word)
{
	size_t	i, k;

	for (i = 0; i < ngroups; i++)
		for (k = 0; groups[i][k] != NULL; k++)
			if (strcmp(groups[i][k], word) == 0)
				return ((const char *const *)groups[i]);
	return (NULL);
}

/* ---- cutting ---- */

void
words_cut(struct arena *a, const char *text, struct index_query *q, struct concepts *found)
{
	struct cutting	 c = { a, q, found };
	const char	*folded = search_folded(a, text), *start = folded, *p = folded;
	uint32_t	 code;
	size_t		 n;

	for (; *p != '\0'; p += n) {
		if ((n = utf8_next(p, strlen(p), &code)) == 0)
			break;
		if (!is_parting(code))
			continue;
		token_cut(&c, arena_strndup(a, start, (size_t)(p - start)));
		start = p + n;
	}
	token_cut(&c, arena_strndup(a, start, (size_t)(p - start)));
}

static void
token_cut(struct cutting *c, const char *token)
{
	const char	*start = token, *p = token;
	bool		 cut = false;
	char		*known;
	uint32_t	 code;
	size_t		 n;

	if (token[0] == '\0')
		return;
	if (phrase_find(token) != NULL || group_of(token) != NULL) {
		word_add(c, token);
		return;
	}
	while (*p != '\0') {
		if ((n = known_at(c, p, &known)) == 0) {
			p += utf8_next(p, strlen(p), &code);
			continue;
		}
		if (utf8_count(start, (size_t)(p - start)) > 1)
			word_add(c, arena_strndup(c->arena, start, (size_t)(p - start)));
		word_add(c, known);
		start = p += n;
		cut = true;
	}
	if (!cut || utf8_count(start, strlen(start)) > 1)
		word_add(c, start);
}

/* Bytes of the longest phrase that begins here and may stand within others; 0: none. */
static size_t
known_at(struct cutting *c, const char *p, char **known)
{
	const struct phrase	*phrase;
	size_t			 len = 0, best = 0, n;
	uint32_t		 code;
	int			 i;

	for (i = 1; i <= PHRASE_CHARS && p[len] != '\0'; i++) {
		if ((n = utf8_next(p + len, strlen(p + len), &code)) == 0)
			break;
		len += n;
		if (i < 2)
			continue;
		*known = arena_strndup(c->arena, p, len);
		phrase = phrase_find(*known);
		if ((phrase != NULL && phrase->inside) || group_of(*known) != NULL)
			best = len;
	}
	*known = arena_strndup(c->arena, p, best);
	return (best);
}

static void
word_add(struct cutting *c, const char *text)
{
	const struct phrase	*p = phrase_find(text);
	const char *const	*group = group_of(text);
	struct index_word	*w;
	char			*others = NULL;
	size_t			 i;

	if (p != NULL)
		concept_add(c, text, p->kind, p->code, p->name);
	if (p != NULL && p->mark == MARK_AREA && strcmp(p->code, AREA_CITY) == 0)
		return;			/* everything lies in it */
	if (text[0] == '\0' || c->query->nwords == INDEX_WORDS)
		return;
	w = &c->query->words[c->query->nwords++];
	*w = (struct index_word){ .ways = { text }, .nways = 1 };
	if (p != NULL)
		w->marks[w->nmarks++] = (struct index_mark){ p->mark, p->code };
	for (i = 0; group != NULL && group[i] != NULL && w->nways < INDEX_WAYS; i++) {
		if (strcmp(group[i], text) == 0)
			continue;

		w->ways[w->nways++] = arena_strdup(c->arena, group[i]);
		others = others == NULL ? arena_strdup(c->arena, group[i]) :
		    arena_printf(c->arena, "%s、%s", others, group[i]);
	}
	if (others != NULL)
		concept_add(c, text, "synonym", NULL, others);
}

static void
concept_add(struct cutting *c, const char *text, const char *kind, const char *code, const char *name)
{
	if (c->concepts->n < SEARCH_CONCEPTS)
		c->concepts->list[c->concepts->n++] = (struct concept){ text, kind, code, name };
}

/* Blanks and punctuation, but not what belongs to names such as C++ and node.js. */
static bool
is_parting(uint32_t code)
{
	if (code < 0x80)
		return (strchr("+#.-", (int)code) == NULL && !(code >= '0' && code <= '9') &&
		    !(code >= 'a' && code <= 'z'));
	return ((code >= 0x2000 && code <= 0x206f) || (code >= 0x3000 && code <= 0x303f && code != 0x3007) ||
	    (code >= 0xff01 && code <= 0xff0f && code != 0xff0b) || (code >= 0xff1a && code <= 0xff20) ||
	    code == 0xb7 || code == 0xff5c);
}
