/*
 * rule_priv.h -- the compiled expression tree, shared by compiler and judge.
 */
#ifndef SUBSIDIES_RULE_PRIV_H
#define SUBSIDIES_RULE_PRIV_H

#include "rule.h"

enum rule_op {
	/* answers */
	OP_ALL, OP_ANY, OP_NOT, OP_IS,
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_BETWEEN, OP_IN,
	/* values */
	OP_INT, OP_TEXT, OP_DAY, OP_FACT, OP_YEAR, OP_MONTH_START,
	OP_ADD, OP_ADD_DAYS, OP_ADD_MONTHS, OP_COUNT
};

struct rule_node {
	enum rule_op		  op;
	enum rule_type		  type;		/* of its value; RULE_BOOL for answers */
	int			  slot;		/* FACT, IS, COUNT: of */
	int			  also;		/* COUNT: also_in, or -1 */
	int64_t			  number;	/* INT, DAY; ADD_DAYS, ADD_MONTHS: how many */
	const char		 *text;		/* TEXT */
	const struct rule_node	**kids;
	size_t			  nkids;
};

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
	char			 path[512];	/* JSON pointer of what is being read */
	size_t			 path_len;
};

struct rule_op_row {
	const char	*name;
	enum rule_op	 op;
	size_t		 least, most;	/* operands; 0, 0: not a list */
};

struct rule_node *rule_value_of(struct rule_compiler *, const struct json *);
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
