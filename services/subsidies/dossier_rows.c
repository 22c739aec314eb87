/*
 * dossier_rows.c -- see dossier_rows.h. Columns are read by their place: the
 * statements of queries/dossier.sql and the enums here are one list.
 */
#include "dossier_rows.h"

#include "base/log.h"

enum { HOLDER };
enum { P_SEX = 1, P_BIRTH, P_COUNTY, P_AREA };
enum { H_ID = 1, H_ORG, H_HIRED, H_ENDED, H_TYPE, H_OCCUPATION, H_MONTHS, H_WAGE, H_UNEMPLOYED,
	H_DIFFICULT, H_COUNTY, H_AREA };
enum { U_FROM = 1, U_TO };
enum { I_ORG = 1, I_USCC, I_ALL, I_ANY, I_UI };
enum { G_SCHOOL = 1, G_LEVEL, G_FULL, G_ON };
enum { F_ID = 1, F_KIND, F_ORG, F_FROM, F_TO, F_CODE, F_NUMBERS, F_COUNTY, F_AREA };
enum { S_FAMILY = 1, S_HOLDER, S_SHARE, S_FROM, S_TO, S_SUBJECT, S_POLICY };
enum { D_SUBJECT = 1, D_POLICY, D_DIGEST, D_VERDICT, D_VERSION, D_KIND, D_ORG, D_COUNTY, D_AREA };
enum { C_SUBJECT = 1, C_POLICY, C_VERSION, C_FAMILY, C_STATE, C_PERIOD, C_PRICED, C_MADE };
enum { O_USCC = 1, O_KIND, O_INDUSTRY, O_COUNTY, O_AREA };

static size_t	 rows_of(const struct db_rows *, size_t *, const char *);
static int64_t	 number(const struct db_rows *, size_t, size_t);
static int32_t	 day(const struct db_rows *, size_t, size_t);
static bool	 truth(const struct db_rows *, size_t, size_t);
static const char *text(const struct db_rows *, size_t, size_t);
static struct dossier_fact *read_facts(struct dossier *, const struct db_rows *, bool);
static void	 read_numbers(const char *, struct dossier_fact *);
static struct dossier_hold *read_hold(struct dossier *, const struct db_rows *, size_t);
static struct dossier_claim *read_claim(struct dossier *, const struct db_rows *, size_t);
static struct dossier_decision *read_decisions(struct dossier *, const struct db_rows *);

/* How many rows from *at on are the holder's; *at is moved to the first of them. */
static size_t
rows_of(const struct db_rows *rows, size_t *at, const char *holder)
{
	size_t	n = 0;
	int	way;

	while (*at < rows->count && (way = strcmp(db_cell(rows, *at, HOLDER), holder)) <= 0) {
		if (way == 0)
			break;
		(*at)++;
	}
	while (*at + n < rows->count && strcmp(db_cell(rows, *at + n, HOLDER), holder) == 0)
		n++;
	return (n);
}

/* ---- people ---- */
void
take_people(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_person	*p;
	size_t			 i;

	d->people = arena_zalloc(d->arena, (rows->count + 1) * sizeof(*d->people));
	d->npeople = rows->count;
	for (i = 0; i < rows->count; i++) {
		p = &d->people[i];
		p->id = text(rows, i, HOLDER);
		p->sex = (int)number(rows, i, P_SEX);
		p->birth = day(rows, i, P_BIRTH);
		p->county = text(rows, i, P_COUNTY);
		p->area = text(rows, i, P_AREA);
	}
}

void
take_hires(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_hire	*all = arena_alloc(d->arena, (rows->count + 1) * sizeof(*all)), *h;
	size_t			 i, at = 0;

	for (i = 0; i < rows->count; i++) {
		h = &all[i];
		*h = (struct dossier_hire){ .id = text(rows, i, H_ID), .org_id = text(rows, i, H_ORG),
		    .hired_on = day(rows, i, H_HIRED), .ended_on = day(rows, i, H_ENDED),
		    .contract_type = text(rows, i, H_TYPE),
		    .occupation = text(rows, i, H_OCCUPATION),
		    .contract_months = number(rows, i, H_MONTHS),
		    .wage_cents = number(rows, i, H_WAGE),
		    .was_unemployed = truth(rows, i, H_UNEMPLOYED),
		    .was_difficult = truth(rows, i, H_DIFFICULT),
		    .county = text(rows, i, H_COUNTY), .area = text(rows, i, H_AREA) };
	}
	for (i = 0; i < d->npeople; i++, at += d->people[i - 1].nhires) {
		d->people[i].nhires = rows_of(rows, &at, d->people[i].id);
		d->people[i].hires = &all[at];
	}
}

void
take_facts(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_fact	*all = read_facts(d, rows, true);
	size_t			 i, at = 0;

	for (i = 0; i < d->npeople; i++, at += d->people[i - 1].nfacts) {
		d->people[i].nfacts = rows_of(rows, &at, d->people[i].id);
		d->people[i].facts = &all[at];
	}
}

void
take_unemployment(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_spell	*all = arena_alloc(d->arena, (rows->count + 1) * sizeof(*all));
	size_t			 i, at = 0;

	for (i = 0; i < rows->count; i++)
		all[i] = (struct dossier_spell){ .from = day(rows, i, U_FROM), .to = day(rows, i, U_TO) };
	for (i = 0; i < d->npeople; i++, at += d->people[i - 1].nunemployment) {
		d->people[i].nunemployment = rows_of(rows, &at, d->people[i].id);
		d->people[i].unemployment = &all[at];
	}
}

void
take_insured(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_insured	*all = arena_alloc(d->arena, (rows->count + 1) * sizeof(*all));
	size_t			 i, at = 0;

	for (i = 0; i < rows->count; i++)
		all[i] = (struct dossier_insured){ .org_id = text(rows, i, I_ORG),
		    .uscc = text(rows, i, I_USCC), .all_three = text(rows, i, I_ALL),
		    .any_kind = text(rows, i, I_ANY), .ui = text(rows, i, I_UI) };
	for (i = 0; i < d->npeople; i++, at += d->people[i - 1].ninsured) {
		d->people[i].ninsured = rows_of(rows, &at, d->people[i].id);
		d->people[i].insured = &all[at];
	}
}

/* Of several degrees the full-time one counts, then the latest: the last of the rows. */
void
take_graduates(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_graduate	*g;
	size_t			 i, n, at = 0;

	for (i = 0; i < d->npeople; i++, at += n) {
		if ((n = rows_of(rows, &at, d->people[i].id)) == 0)
			continue;
		g = arena_alloc(d->arena, sizeof(*g));
		*g = (struct dossier_graduate){ .school = text(rows, at + n - 1, G_SCHOOL),
		    .level = text(rows, at + n - 1, G_LEVEL),
		    .full_time = truth(rows, at + n - 1, G_FULL),
		    .graduated_on = day(rows, at + n - 1, G_ON) };
		d->people[i].graduate = g;
	}
}

void
take_holds(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_hold	*h;
	size_t			 i, k, n, at = 0;

	for (i = 0; i < d->npeople; i++, at += n) {
		n = rows_of(rows, &at, d->people[i].id);
		for (k = 0; k < n; k++) {
			h = read_hold(d, rows, at + k);
			h->next = d->people[i].holds;
			d->people[i].holds = h;
		}
	}
}

void
take_claims(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_claim	*c;
	size_t			 i, k, n, at = 0;

	for (i = 0; i < d->npeople; i++, at += n) {
		n = rows_of(rows, &at, d->people[i].id);
		for (k = 0; k < n; k++) {
			c = read_claim(d, rows, at + k);
			c->next = d->people[i].claims;
			d->people[i].claims = c;
		}
	}
}

void
take_decisions(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_decision	*all = read_decisions(d, rows);
	size_t			 i, at = 0;

	for (i = 0; i < d->npeople; i++, at += d->people[i - 1].ndecisions) {
		d->people[i].ndecisions = rows_of(rows, &at, d->people[i].id);
		d->people[i].decisions = &all[at];
	}
}

/* ---- employers ---- */
void
take_orgs(struct dossier *d, const struct db_rows *rows)
{
	size_t	i;

	d->orgs = arena_zalloc(d->arena, (rows->count + 1) * sizeof(*d->orgs));
	d->norgs = rows->count;
	for (i = 0; i < rows->count; i++)
		d->orgs[i] = (struct dossier_org){ .id = text(rows, i, HOLDER),
		    .uscc = text(rows, i, O_USCC), .kind = text(rows, i, O_KIND),
		    .industry = text(rows, i, O_INDUSTRY), .county = text(rows, i, O_COUNTY),
		    .area = text(rows, i, O_AREA), .staff = DOSSIER_UNKNOWN };
}

void
take_org_facts(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_fact	*all = read_facts(d, rows, false);
	size_t			 i, at = 0;

	for (i = 0; i < d->norgs; i++, at += d->orgs[i - 1].nfacts) {
		d->orgs[i].nfacts = rows_of(rows, &at, d->orgs[i].id);
		d->orgs[i].facts = &all[at];
	}
}

void
take_org_holds(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_hold	*h;
	size_t			 i, k, n, at = 0;

	for (i = 0; i < d->norgs; i++, at += n) {
		n = rows_of(rows, &at, d->orgs[i].id);
		for (k = 0; k < n; k++) {
			h = read_hold(d, rows, at + k);
			h->next = d->orgs[i].holds;
			d->orgs[i].holds = h;
		}
	}
}

void
take_org_claims(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_claim	*c;
	size_t			 i, k, n, at = 0;

	for (i = 0; i < d->norgs; i++, at += n) {
		n = rows_of(rows, &at, d->orgs[i].id);
		for (k = 0; k < n; k++) {
			c = read_claim(d, rows, at + k);
			c->next = d->orgs[i].claims;
			d->orgs[i].claims = c;
		}
	}
}

void
take_org_decisions(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_decision	*all = read_decisions(d, rows);
	size_t			 i, at = 0;

	for (i = 0; i < d->norgs; i++, at += d->orgs[i - 1].ndecisions) {
		d->orgs[i].ndecisions = rows_of(rows, &at, d->orgs[i].id);
		d->orgs[i].decisions = &all[at];
	}
}

/* Nobody insured is a number, too. */
void
take_staff(struct dossier *d, const struct db_rows *rows)
{
	size_t	i, n, at = 0;

	for (i = 0; i < d->norgs; i++, at += n) {
		n = rows_of(rows, &at, d->orgs[i].id);
		d->orgs[i].staff = n == 0 ? 0 : number(rows, at, 1);
	}
}

/* ---- files ---- */
/* Kinds of files named otherwise than the kind of facts they bring. */
void
take_cover(struct dossier *d, const struct db_rows *rows)
{
	static const struct { const char *file; enum kind kind; } names[] = {
#define FACT_KIND(id, name, title, holder, subject, code, numbers)	{ name, KIND_##id }, \
		{ name "s", KIND_##id },
#include "fact_kinds.def"
#undef FACT_KIND
	};
	const char	*file;
	size_t		 i, k;

	for (i = 0; i < SUBJECT_KINDS; i++)
		d->cover.through[i] = DAY_NONE;
	d->cover.insurance = d->cover.graduates = DAY_NONE;
	for (i = 0; i < rows->count; i++) {
		file = text(rows, i, 0);
		if (strcmp(file, "insurance_months") == 0)
			d->cover.insurance = day(rows, i, 1);
		for (k = 0; k < NITEMS(names); k++)
			if (strcmp(file, names[k].file) == 0)
				d->cover.through[names[k].kind] = day(rows, i, 1);
	}
}

/* ---- cells ---- */
static struct dossier_fact *
read_facts(struct dossier *d, const struct db_rows *rows, bool of_people)
{
	struct dossier_fact	*all = arena_zalloc(d->arena, (rows->count + 1) * sizeof(*all)), *f;
	size_t			 i;

	for (i = 0; i < rows->count; i++) {
		f = &all[i];
		f->id = text(rows, i, F_ID);
		f->kind = kind_of(text(rows, i, F_KIND));
		f->person_id = of_people ? text(rows, i, HOLDER) : NULL;
		f->org_id = of_people ? text(rows, i, F_ORG) : text(rows, i, HOLDER);
		f->from = day(rows, i, F_FROM);
		f->to = day(rows, i, F_TO);
		f->code = text(rows, i, F_CODE);
		f->county = text(rows, i, F_COUNTY);
		f->area = text(rows, i, F_AREA);
		read_numbers(text(rows, i, F_NUMBERS), f);
		if (f->kind >= KINDS)
			log_die("dossier: a fact of no kind");
	}
	return (all);
}

/* {1,NULL,3} */
static void
read_numbers(const char *list, struct dossier_fact *f)
{
	char	*end;

	for (; *list != '\0' && list[1] != '\0' && list[1] != '}' && f->nnumbers < DOSSIER_NUMBERS;
	    list = end) {
		if (strncmp(list + 1, "NULL", 4) == 0) {
			f->numbers[f->nnumbers++] = DOSSIER_UNKNOWN;
			end = (char *)(uintptr_t)list + 5;
		} else
			f->numbers[f->nnumbers++] = strtoll(list + 1, &end, 10);
	}
}

static struct dossier_hold *
read_hold(struct dossier *d, const struct db_rows *rows, size_t i)
{
	struct dossier_hold	*h = arena_alloc(d->arena, sizeof(*h));
	const char		*holder = text(rows, i, S_HOLDER);

	*h = (struct dossier_hold){ .family = text(rows, i, S_FAMILY),
	    .holder = holder[0] == 'p' ? HOLD_PERSON : holder[0] == 'o' ? HOLD_ORG : HOLD_SUBJECT,
	    .share = (int)number(rows, i, S_SHARE), .from = day(rows, i, S_FROM),
	    .to = day(rows, i, S_TO), .subject_id = text(rows, i, S_SUBJECT),
	    .policy_code = text(rows, i, S_POLICY) };
	return (h);
}

static struct dossier_claim *
read_claim(struct dossier *d, const struct db_rows *rows, size_t i)
{
	struct dossier_claim	*c = arena_alloc(d->arena, sizeof(*c));

	*c = (struct dossier_claim){ .subject_id = text(rows, i, C_SUBJECT),
	    .policy_code = text(rows, i, C_POLICY), .version_id = text(rows, i, C_VERSION),
	    .family = text(rows, i, C_FAMILY), .state = text(rows, i, C_STATE),
	    .period = text(rows, i, C_PERIOD), .priced = truth(rows, i, C_PRICED),
	    .made_on = day(rows, i, C_MADE) };
	return (c);
}

static struct dossier_decision *
read_decisions(struct dossier *d, const struct db_rows *rows)
{
	struct dossier_decision	*all = arena_alloc(d->arena, (rows->count + 1) * sizeof(*all));
	size_t			 i;

	for (i = 0; i < rows->count; i++)
		all[i] = (struct dossier_decision){ .subject_id = text(rows, i, D_SUBJECT),
		    .policy_code = text(rows, i, D_POLICY), .digest = number(rows, i, D_DIGEST),
		    .has_digest = text(rows, i, D_DIGEST) != NULL,
		    .verdict = text(rows, i, D_VERDICT), .version_id = text(rows, i, D_VERSION),
		    .kind = kind_of(text(rows, i, D_KIND)), .org_id = text(rows, i, D_ORG),
		    .county = text(rows, i, D_COUNTY), .area = text(rows, i, D_AREA) };
	return (all);
}

static const char *
text(const struct db_rows *rows, size_t row, size_t col)
{
	return (db_cell(rows, row, col));
}

static bool
truth(const struct db_rows *rows, size_t row, size_t col)
{
	const char	*cell = db_cell(rows, row, col);

	return (cell != NULL && cell[0] == 't');
}

static int64_t
number(const struct db_rows *rows, size_t row, size_t col)
{
	const char	*cell = db_cell(rows, row, col);
	int64_t		 n = 0;
	bool		 minus;

	if (cell == NULL)
		return (DOSSIER_UNKNOWN);
	minus = cell[0] == '-';
	for (cell += minus; *cell >= '0' && *cell <= '9'; cell++)
		n = n * 10 + (minus ? -(*cell - '0') : *cell - '0');
	return (n);
}

static int32_t
day(const struct db_rows *rows, size_t row, size_t col)
{
	int64_t	n = number(rows, row, col);

	return (n == DOSSIER_UNKNOWN ? DAY_NONE : (int32_t)n);
}
