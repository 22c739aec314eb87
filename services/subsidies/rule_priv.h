/*
 * rule_priv.h -- the compiled expression tree, shared by compiler and judge.
 */
#ifndef SUBSIDIES_RULE_PRIV_H
#define SUBSIDIES_RULE_PRIV_H

#include "rule.h"

enum rule_op {
	/* answers */
	OP_ALL, OP_ANY, OP_NOT, OP_IS,
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_BETWEEN, OP_IN, OP_UNDER,
	/* values */
	OP_INT, OP_TEXT, OP_DAY, OP_FACT, OP_YEAR, OP_MONTH_START,
	OP_ADD_DAYS, OP_ADD_MONTHS, OP_DAYS_BETWEEN, OP_MONTHS_BETWEEN,
	OP_ADD, OP_SUB, OP_MUL, OP_MIN, OP_MAX, OP_SHARE, OP_TIERS, OP_IF, OP_OR_ELSE,
	OP_COUNT, OP_MONTHS_IN_ROW, OP_FIRST
};

/* Whose subtrees `under` asks about. */
enum rule_codes { CODES_NONE, CODES_OCCUPATIONS, CODES_INDUSTRIES, CODES_AREAS, CODES_EDUCATION };

struct rule_tier {
	int64_t	from, then;
};

struct rule_node {
	enum rule_op		  op;
	enum rule_type		  type;		/* of its value; RULE_BOOL for answers */
	int			  slot;		/* FACT, IS; lists: of */
	int			  also;		/* lists: also_in, or -1 */
	int64_t			  number;	/* INT, DAY; ADD_DAYS, ADD_MONTHS: how many; UNDER: rule_codes */
	const char		 *text;		/* TEXT */
	const struct rule_tier	 *tiers;	/* TIERS: `number` of them, ascending */
	const struct rule_node	**kids;
	size_t			  nkids;
};

/* A number as far as it is known, or a text. */
struct rule_range {
	int64_t		 lo, hi;
	const char	*text;		/* NULL: unknown, for texts */
	rule_mask	 missing;
};

/* ---- judging ---- */
#define RULE_EXACTLY(n)	{ (n), (n), NULL, 0 }

enum tri	 rule_truth(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *, rule_mask *missing);
struct rule_range rule_range(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
struct rule_range rule_list_range(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
struct rule_range rule_sum(struct rule_range, struct rule_range);
struct rule_range rule_hull(struct rule_range, struct rule_range);
int64_t		 rule_months_between(int32_t, int32_t);	/* whole ones; negative before */
bool		 rule_code_known(int64_t rule_codes, const char *code);	/* in today's tables */
bool		 rule_code_under(enum rule_codes, const char *code, const char *top);

/* ---- compiling ---- */
#define RULE_TEXT_MAX	200	/* bytes of a code, title or text literal */
#define RULE_KIDS_MAX	64	/* operands of one operator */

struct rule_compiler {
	struct arena		*arena;
	struct rule_set		*set;
	struct json_errors	*errors;
	rule_mask		 facts;		/* slots named in this condition */
	size_t			 nodes;
	int			 depth;
	bool			 codes;		/* codes must be in the tables */
	char			 path[512];	/* JSON pointer of what is being read */
	size_t			 path_len;
};

struct rule_op_row {
	const char	*name;
	enum rule_op	 op;
	size_t		 least, most;	/* operands; 0, 0: not a list */
};

const struct rule_node *rule_answer_of(struct rule_compiler *, const struct json *);
struct rule_node *rule_value_of(struct rule_compiler *, const struct json *);
const struct rule_node *rule_typed(struct rule_compiler *, const struct json *, enum rule_type);
void		 rule_arithmetic(struct rule_compiler *, struct rule_node *, const struct json *);
void		 rule_under_operands(struct rule_compiler *, struct rule_node *, const struct json *);
int		 rule_fact_slot(struct rule_compiler *, const struct json *);

const struct rule_op_row *rule_find_op(struct rule_compiler *, const struct json *,
		    const struct rule_op_row *, size_t);
struct rule_node *rule_node_new(struct rule_compiler *, enum rule_op, size_t kids);
bool		 rule_enter(struct rule_compiler *);
size_t		 rule_push(struct rule_compiler *, const char *);
size_t		 rule_push_index(struct rule_compiler *, size_t);
void		 rule_pop(struct rule_compiler *, size_t);
void		 rule_wrong(struct rule_compiler *, int code);

#endif
