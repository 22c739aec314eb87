/*
 * dossier_load.c -- see dossier_load.h. Each statement's rows come ordered by
 * holder, as the people are: one walk along both hands every person theirs.
 */
#include "dossier_load.h"

#include "dossier_rows.h"
#include "facts_fill.h"
#include "subsidies_sql.h"

#define LIST_MAX	(8 << 20)

/* Whose rows are asked for: a list, or a range. */
struct asked {
	struct db			*db;
	const struct dossier_want	*want;
	const char			*ids;		/* NULL: a range */
	const struct uuid		*first, *last;
	const char			*kinds;
};

/* One kind of rows about people, and which facts they are for. */
struct piece {
	const struct db_stmt	*list, *range;
	void			(*take)(struct dossier *, const struct db_rows *);
	const char		*facts;			/* by blanks; NULL: whatever they are */
	bool			 judging;		/* or to decide by */
	bool			 kinds;
};

static int	load_people(const struct asked *, struct dossier *);
static int	load_employers(const struct asked *, struct dossier *);
static int	load_staff(const struct asked *, struct dossier *);
static int	load_cover(struct db *, struct dossier *);
static int	ask(const struct asked *, const struct piece *, struct db_rows *);
static bool	wanted(const struct dossier_want *, const struct piece *);
static const char *kinds_wanted(struct arena *, const struct dossier_want *);
static const char *employers_named(const struct dossier *, const char *);

#define PIECE(n)	.list = &stmt_dossier_##n##_list, .range = &stmt_dossier_##n##_range

static const struct piece people_pieces[] = {
	{ PIECE(hire), .take = take_hires },
	{ PIECE(fact), .take = take_facts, .kinds = true },
	{ PIECE(unemployment), .take = take_unemployment, .facts = "unemployed unemployed_at_hire" },
	{ PIECE(insured), .take = take_insured, .facts = "insured_months insured_elsewhere_months "
	    "insured_any_months ui_months" },
	{ PIECE(graduate), .take = take_graduates, .facts = "on_graduate_roster graduated_on "
	    "graduate_level graduate_full_time" },
	{ PIECE(hold), .take = take_holds, .facts = "benefit_taken",
	    .judging = true },
	{ PIECE(claim), .take = take_claims, .facts = "benefit_days applied_on",
	    .judging = true },
	{ PIECE(decision), .take = take_decisions, .facts = "",
	    .judging = true },
};
static const struct piece org_pieces[] = {
	{ PIECE(org_fact), .take = take_org_facts, .kinds = true },
	{ PIECE(hold), .take = take_org_holds, .facts = "benefit_taken",
	    .judging = true },
	{ PIECE(claim), .take = take_org_claims, .facts = "benefit_days applied_on",
	    .judging = true },
	{ PIECE(decision), .take = take_org_decisions, .facts = "",
	    .judging = true },
};
static const struct piece person_rows = { PIECE(person) };
static const struct piece staff_rows = { .facts = "org_staff" };
static const struct piece org_rows = { PIECE(org) };

int
dossier_load(struct db *db, const char *people, const char *orgs, const struct dossier_want *want,
    struct dossier *d)
{
	struct asked	of = { .db = db, .want = want, .ids = people,
			    .kinds = kinds_wanted(db->arena, want) };

	*d = (struct dossier){ .arena = db->arena, .today = clock_today() };
	if (load_cover(db, d) == -1 || load_people(&of, d) == -1)
		return (-1);
	of.ids = employers_named(d, orgs);
	return (strcmp(of.ids, "{}") == 0 ? 0 : load_employers(&of, d));
}

int
dossier_load_range(struct db *db, const struct uuid *first, const struct uuid *last,
    const struct dossier_want *want, const struct dossier *with, struct dossier *d)
{
	struct asked	of = { .db = db, .want = want, .first = first, .last = last,
			    .kinds = kinds_wanted(db->arena, want) };

	*d = *with;
	d->arena = db->arena;
	d->people = NULL;
	d->npeople = 0;
	return (load_people(&of, d));
}

int
dossier_load_orgs(struct db *db, const struct dossier_want *want, struct dossier *d)
{
	static const struct uuid	first = { { 0 } };
	struct uuid			last;
	struct asked			of = { .db = db, .want = want, .first = &first, .last = &last,
					    .kinds = kinds_wanted(db->arena, want) };

	memset(&last, 0xff, sizeof(last));
	*d = (struct dossier){ .arena = db->arena, .today = clock_today() };
	return (load_cover(db, d) == -1 || load_employers(&of, d) == -1 ? -1 : 0);
}

int
dossier_load_person(struct db *db, const struct uuid *id, struct dossier *d)
{
	struct dossier_want	all = { .facts = ~(rule_mask)0, .subjects = ~UINT64_C(0),
				    .decisions = true };
	char			text[UUID_TEXT];

	return (dossier_load(db, arena_printf(db->arena, "{%s}", uuid_format(id, text)), "{}", &all, d));
}

static int
load_people(const struct asked *of, struct dossier *d)
{
	struct db_rows	rows;
	size_t		i;

	if (ask(of, &person_rows, &rows) == -1)
		return (-1);
	take_people(d, &rows);
	for (i = 0; i < NITEMS(people_pieces) && d->npeople > 0; i++) {
		if (!wanted(of->want, &people_pieces[i]))
			continue;
		if (ask(of, &people_pieces[i], &rows) == -1)
			return (-1);
		people_pieces[i].take(d, &rows);
	}
	return (0);
}

static int
load_employers(const struct asked *of, struct dossier *d)
{
	struct db_rows	rows;
	size_t		i;

	if (ask(of, &org_rows, &rows) == -1)
		return (-1);
	take_orgs(d, &rows);
	for (i = 0; i < NITEMS(org_pieces) && d->norgs > 0; i++) {
		if (!wanted(of->want, &org_pieces[i]))
			continue;
		if (ask(of, &org_pieces[i], &rows) == -1)
			return (-1);
		org_pieces[i].take(d, &rows);
	}
	return (of->ids != NULL && wanted(of->want, &staff_rows) ? load_staff(of, d) : 0);
}

/* Counted only for employers that are named one by one: over all it is no use. */
static int
load_staff(const struct asked *of, struct dossier *d)
{
	struct db_rows	rows;

	if (d->cover.insurance == DAY_NONE)
		return (0);
	if (sql_dossier_staff(of->db, &rows, of->ids, day_month_first(d->cover.insurance)) == -1)
		return (-1);
	take_staff(d, &rows);
	return (0);
}

static int
load_cover(struct db *db, struct dossier *d)
{
	struct db_rows	rows;

	if (sql_dossier_cover(db, &rows) == -1)
		return (-1);
	take_cover(d, &rows);
	return (0);
}

static int
ask(const struct asked *of, const struct piece *piece, struct db_rows *rows)
{
	struct db_args	args;

	db_args_init(&args, of->db->arena);
	if (of->ids != NULL)
		db_args_text(&args, of->ids);
	else {
		db_args_uuid(&args, of->first);
		db_args_uuid(&args, of->last);
	}
	if (piece->kinds)
		db_args_text(&args, of->kinds);
	return (db_run_args(of->db, of->ids != NULL ? piece->list : piece->range, rows, &args));
}

static bool
wanted(const struct dossier_want *want, const struct piece *piece)
{
	const char	*facts = piece->facts, *at;
	size_t		 i, n;

	if (facts == NULL || (piece->judging && want->decisions))
		return (true);
	for (i = 0; i < facts_count; i++) {
		if ((want->facts & RULE_SLOT(i)) == 0)
			continue;
		n = strlen(facts_catalogue[i].name);
		for (at = facts; (at = strstr(at, facts_catalogue[i].name)) != NULL; at += n)
			if ((at == facts || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
				return (true);
	}
	return (false);
}

static const char *
kinds_wanted(struct arena *arena, const struct dossier_want *want)
{
	uint64_t	 kinds = want->subjects | facts_kinds(want->facts);
	const char	*out = "{";
	int		 i;

	for (i = 0; i < KINDS; i++)
		if ((kinds >> i & 1) != 0)
			out = arena_printf(arena, "%s%s%s", out, out[1] == '\0' ? "" : ",",
			    kind_name((enum kind)i));
	return (arena_printf(arena, "%s}", out));
}

static int
by_text(const void *left, const void *right)
{
	return (strcmp(*(const char *const *)left, *(const char *const *)right));
}

/* The employers given and all that the people's hires and facts name. */
static const char *
employers_named(const struct dossier *d, const char *given)
{
	const char	**ids, *out;
	struct buf	  text;
	size_t		  i, k, n = 0, most = 0;

	for (i = 0; i < d->npeople; i++)
		most += d->people[i].nhires + d->people[i].nfacts;
	ids = arena_alloc(d->arena, (most + 1) * sizeof(*ids));
	for (i = 0; i < d->npeople; i++) {
		for (k = 0; k < d->people[i].nhires; k++)
			ids[n++] = d->people[i].hires[k].org_id;
		for (k = 0; k < d->people[i].nfacts; k++)
			if (d->people[i].facts[k].org_id != NULL)
				ids[n++] = d->people[i].facts[k].org_id;
	}
	qsort(ids, n, sizeof(*ids), by_text);
	buf_init(&text, LIST_MAX);
	buf_add(&text, given, strlen(given) - 1);
	for (i = 0; i < n; i++)
		if (i == 0 || strcmp(ids[i], ids[i - 1]) != 0)
			buf_addf(&text, "%s%s", text.len > 1 ? "," : "", ids[i]);
	buf_addc(&text, '}');
	out = buf_ok(&text) ? arena_strndup(d->arena, text.data, text.len) : given;
	buf_release(&text);
	return (out);
}
