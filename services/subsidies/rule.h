/*
 * rule.h -- policy conditions as data: compiled once, judged a million times.
 *
 * A rule set is the `conditions` and `exclusions` of a policy document. It is
 * checked completely when compiled (names, types, bounds, depth) and every
 * mistake is reported with its JSON pointer. Evaluation is pure: integers,
 * days and text in, three-valued answers out, no I/O, no allocation, the same
 * bytes for the same facts on any machine.
 *
 * Expressions: all any not is | eq ne lt le gt ge between | in under
 * Values:      integer, "text", {fact} {day} {year} {month_start}
 *              {add_days} {add_months} {days_between} {months_between}
 *              {add} {sub} {mul} {min} {max} {share: [value, numerator, denominator]}
 *              {tiers: [value, [[from, then], …]]} {if: [answer, then, else]}
 *              {count}, {months_in_row}: {of, also_in, from, to}, {first: {of, from, to, else}}
 *              {or_else: [value, value]}: the second when the first is not known
 *
 * Unknown is an honest answer. A number is an interval: an unknown fact could
 * be anything; a count of months that may still grow is "at least n".
 */
#ifndef SUBSIDIES_RULE_H
#define SUBSIDIES_RULE_H

#include "base/arena.h"
#include "json/json.h"

enum tri { TRI_FALSE, TRI_TRUE, TRI_UNKNOWN };

enum rule_type { RULE_BOOL, RULE_INT, RULE_DAY, RULE_TEXT, RULE_DAYS };

#define RULE_FACTS_MAX		128	/* a set of facts is one rule_mask */
#define RULE_CONDITIONS_MAX	32
#define RULE_DEPTH_MAX		12
#define RULE_NODES_MAX		512

/* Slots of facts, as bits. */
__extension__ typedef unsigned __int128 rule_mask;
#define RULE_SLOT(slot)		((rule_mask)1 << (slot))

/* A fact a rule may name. Its place in the catalogue is its slot. */
struct rule_fact {
	const char	*name;
	enum rule_type	 type;
	const char	*title;		/* zh, for explanations */
	const char	*through;	/* RULE_DAYS: the day fact up to which the list is complete; NULL: always */
	bool		 personal;	/* not shown to the employer */
	const char	*subjects;	/* kinds of subject that have it, by blanks; NULL: all */
	const char	*codes;		/* list of codes.h a text is from, for `under`; NULL: none */
};

/* What is known of one fact. Days are ascending. */
struct rule_value {
	bool		 known;
	int64_t		 i;		/* BOOL, INT, DAY */
	const char	*text;
	const int32_t	*days;
	size_t		 count;
};

struct rule_node;

struct rule_group {
	const char		*code, *title;
	const struct rule_node	*rule;
};

struct rule_condition {
	const char		*code;
	const char		*title;		/* what must hold */
	const char		*refusal;	/* said when it does not */
	bool			 exclusion;	/* must not hold */
	bool			 silent;	/* who does not meet it is not concerned: nobody is told */
	const struct rule_node	*rule;		/* NULL when there are groups */
	const struct rule_group	*groups;	/* any of them */
	size_t			 ngroups;
	rule_mask		 facts;		/* named anywhere in it */
};

struct rule_set {
	const struct rule_fact	*catalogue;
	size_t			 nfacts;
	const char		*subject;	/* kind whose facts may be named; NULL: any */
	int			 through[RULE_FACTS_MAX];	/* slot of .through, -1: none */
	struct rule_condition	 conditions[RULE_CONDITIONS_MAX];
	size_t			 count;
};

/* The answer to one condition; `holds` already has an exclusion turned round. */
struct rule_answer {
	enum tri	 holds;
	int		 group;		/* first group that is true, or -1 */
	rule_mask	 missing;	/* would have to be known */
};

/* A number as far as it can be told: lo = hi when exactly. INT64_MIN, INT64_MAX: open. */
struct rule_number {
	int64_t		 lo, hi;
	rule_mask	 missing;	/* would have to be known; 0 when exact */
};

enum rule_verdict { RULE_ELIGIBLE, RULE_REFUSED, RULE_WAITING };

struct rule_result {
	enum rule_verdict	 verdict;
	int			 decided_by;	/* condition, -1 when eligible */
	bool			 silent;	/* a silent condition does not hold for certain */
	struct rule_answer	 answers[RULE_CONDITIONS_MAX];
};

/*
 * NULL when anything is wrong; then errors say where. The set lives in the
 * arena. `codes`: texts of `under` must be in the lists of codes.h.
 */
struct rule_set	*rule_compile(struct arena *, const struct json *document, const char *subject,
		    bool codes, const struct rule_fact *catalogue, size_t nfacts,
		    struct json_errors *);
/* An integer expression at `pointer` of the document, over the same facts; NULL with errors. */
const struct rule_node *rule_compile_number(struct arena *, struct rule_set *, const struct json *,
		    const char *pointer, bool codes, rule_mask *facts, struct json_errors *);
/*
 * Refused by the first condition that fails for certain; otherwise waiting for
 * the first that cannot be told yet; otherwise eligible. Silent ones come first.
 */
void		 rule_judge(const struct rule_set *, const struct rule_value *facts,
		    struct rule_result *);
/* False: a silent condition does not hold for certain. Quicker than judging. */
bool		 rule_concerns(const struct rule_set *, const struct rule_value *facts);
void		 rule_number(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *facts, struct rule_number *);
/* {"op": …, "of": […], "value": n} for each step of the expression, into an open list. */
void		 rule_steps(struct json_out *, const struct rule_set *, const struct rule_node *,
		    const struct rule_value *facts);
const char	*rule_verdict_name(enum rule_verdict);

#endif
