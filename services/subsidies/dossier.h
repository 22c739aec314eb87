/*
 * dossier.h -- all that is known now of some holders (persons, employers) and
 * of the things a policy may judge about them: hires and facts of a kind.
 *
 * Loaded by a handful of set statements (dossier_load.c), each ordered by its
 * holder, and merged into these structs in one arena; texts point into the
 * results. Identifiers stay text: they are only compared and handed on. Days
 * are of clock.h, DAY_NONE where SQL has NULL; money is in 分.
 *
 * Life: a dossier and everything in it lives as long as the arena it was
 * loaded into. Judging adds shares that were just taken (dossier_take), so
 * that a later subject sees them; nothing else changes.
 */
#ifndef SUBSIDIES_DOSSIER_H
#define SUBSIDIES_DOSSIER_H

#include "base/arena.h"
#include "base/clock.h"
#include "rule.h"

/* Kinds of rows of subsidies.fact, and EMPLOYMENT, which has its own table. */
enum kind {
#define FACT_KIND(id, name, title, holder, subject, code, numbers)	KIND_##id,
#include "fact_kinds.def"
#undef FACT_KIND
	KINDS,
	KIND_EMPLOYMENT = KINDS,
	SUBJECT_KINDS
};

const char	*kind_name(enum kind);		/* "certificate", "employment" */
enum kind	 kind_of(const char *);			/* SUBJECT_KINDS: no such kind */
bool		 kind_is_subject(enum kind);

struct dossier_hire {
	const char	*id, *org_id;
	int32_t		 hired_on, ended_on;
	const char	*contract_type, *occupation;
	int64_t		 contract_months, wage_cents;		/* DOSSIER_UNKNOWN */
	bool		 was_unemployed, was_difficult;
	const char	*county, *area;
};

struct dossier_spell {
	int32_t		 from, to;				/* to: last day, DAY_NONE: still */
};

#define DOSSIER_NUMBERS	8
#define DOSSIER_UNKNOWN	INT64_MIN	/* a number that is not told */

struct dossier_fact {
	const char	*id;
	enum kind	 kind;
	const char	*person_id, *org_id;
	int32_t		 from, to;
	const char	*code;
	int64_t		 numbers[DOSSIER_NUMBERS];
	size_t		 nnumbers;
	const char	*county, *area;
};

/* Months at one employer; each text is a datemultirange of whole months. */
struct dossier_insured {
	const char	*org_id, *uscc;
	const char	*all_three, *any_kind, *ui;
};

struct dossier_graduate {
	const char	*school, *level;
	int32_t		 graduated_on;
	bool		 full_time;
};

enum hold_holder { HOLD_PERSON, HOLD_ORG, HOLD_SUBJECT };
enum hold_over { HOLD_EVER, HOLD_PERIOD, HOLD_YEAR };

/* A live share of a family over some days, and whose claim took it. */
struct dossier_hold {
	const char	*family;
	enum hold_holder holder;
	int		 share;					/* from 1 */
	int32_t		 from, to;				/* DAY_NONE: open */
	const char	*subject_id, *policy_code;
	struct dossier_hold *next;
};

/* The current decision about a subject by a policy, if any, and its claim. */
struct dossier_decision {
	const char	*subject_id, *policy_code, *version_id;
	int64_t		 digest;
	bool		 has_digest;
	const char	*verdict;
	enum kind	 kind;					/* of the subject */
	const char	*org_id, *county, *area;
};

struct dossier_claim {
	const char	*subject_id, *policy_code, *version_id;
	const char	*family, *state, *period;
	bool		 priced;
	int32_t		 made_on;
	struct dossier_claim *next;
};

struct dossier_org {
	const char	*id, *uscc, *kind, *industry;
	const char	*county, *area;
	int64_t		 staff;					/* insured in the last month; DOSSIER_UNKNOWN */
	struct dossier_fact *facts;				/* its own: from_on ascending */
	size_t		 nfacts;
	struct dossier_decision *decisions;			/* of its own subjects */
	size_t		 ndecisions;
	struct dossier_claim *claims;
	struct dossier_hold *holds;				/* what it holds itself */
};

struct dossier_person {
	const char	*id;
	int		 sex;
	int32_t		 birth;
	const char	*county, *area;
	struct dossier_hire *hires;				/* by day, id */
	size_t		 nhires;
	struct dossier_spell *unemployment;
	size_t		 nunemployment;
	struct dossier_fact *facts;
	size_t		 nfacts;
	struct dossier_insured *insured;
	size_t		 ninsured;
	struct dossier_graduate *graduate;			/* the one that counts, or NULL */
	struct dossier_decision *decisions;
	size_t		 ndecisions;
	struct dossier_claim *claims;
	struct dossier_hold *holds;				/* its own and its subjects' */
};

/* Up to which day files of a kind cover the facts; DAY_NONE: never imported. */
struct dossier_cover {
	int32_t		 through[SUBJECT_KINDS];		/* by fact kind */
	int32_t		 insurance, graduates;
};

struct dossier {
	struct arena		*arena;
	struct dossier_cover	 cover;
	struct dossier_person	*people;			/* by id */
	size_t			 npeople;
	struct dossier_org	*orgs;				/* by id: all that the people name */
	size_t			 norgs;
	int32_t			 today;
	struct arena		*org_arena;			/* where orgs live; NULL: in arena */
};

/* What is judged: one hire, or one fact of a kind that may be a subject. */
struct subject {
	enum kind			 kind;
	const char			*id;
	int32_t				 day;		/* on which its facts are asked for */
	struct dossier_person		*person;	/* NULL: the employer's own */
	struct dossier_org		*org;		/* NULL: unknown, or none in it */
	const char			*person_id, *org_id;
	const struct dossier_hire	*hire;		/* itself, or the one it is about */
	const struct dossier_fact	*fact;		/* NULL: a hire */
	const char			*county, *area;
};

struct dossier_person	*dossier_person_of(const struct dossier *, const char *id);
struct dossier_org	*dossier_org_of(const struct dossier *, const char *id);
/* In the order of their days (then ids), in the dossier's arena; NULL with *n 0: none. */
struct subject		*dossier_subjects(struct dossier *, struct dossier_person *, size_t *n);
struct subject		*dossier_org_subjects(struct dossier *, struct dossier_org *, size_t *n);

/* ---- what a policy asks of a dossier, as far as facts need it ---- */
enum rule_period { PERIOD_ONCE, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR };

struct ask_hold {
	const char	*family;
	enum hold_holder holder;
	enum hold_over	 over;
	int		 times;
};

struct policy_ask {
	const char		*code, *family;
	enum rule_period	 period;
	const struct ask_hold *holds;
	size_t			 nholds;
	rule_mask		 facts;		/* those it names, and what they are complete up to */
};

#define PERIOD_TEXT	32			/* "2025-Q3" and NUL, with room */
/* "once", "2025", "2025-Q3", "2025-07": what a claim of this day is for. */
void	period_text(enum rule_period, int32_t day, char out[PERIOD_TEXT]);
/* True: some share that a claim would need is gone. */
bool	dossier_taken(const struct dossier *, const struct subject *, const struct policy_ask *);
/* The shares of a claim that is about to be made. */
void	dossier_take(struct dossier *, const struct subject *, const struct policy_ask *);

/*
 * Gives every fact that the policy names its value on the subject's day; the
 * rest and what nobody knows stay unknown. out has RULE_FACTS_MAX places.
 */
void	facts_fill(struct dossier *, const struct subject *, const struct policy_ask *,
	    struct rule_value *out);

#endif
