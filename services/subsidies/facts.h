/*
 * facts.h -- the facts a rule may name, and how they are read and shown.
 *
 * The facts of one employment come from SQL as one JSON object (statement
 * facts_read) and are kept with the decision as that text. A member that is
 * null or absent is unknown. Adding a fact: a row in facts.c, a member in
 * facts_read; old decisions replay unchanged.
 */
#ifndef SUBSIDIES_FACTS_H
#define SUBSIDIES_FACTS_H

#include "rule.h"

extern const struct rule_fact	facts_catalogue[];
extern const size_t		facts_count;

/* False: not a JSON object, or a member of the wrong type. Values live in the arena. */
bool		 facts_load(struct arena *, const char *json, struct rule_value out[RULE_FACTS_MAX])
		    MUST_CHECK;
/*
 * The same from what somebody states: names nobody knows and values of a wrong
 * type are noted, with their pointers below `at`. False: something was noted.
 */
bool		 facts_state(struct arena *, const char *json, const char *at,
		    struct rule_value out[RULE_FACTS_MAX], struct json_errors *) MUST_CHECK;
/* "招用日期 2024-07-01" for people; money in 元, levels and codes by their names. */
const char	*facts_show(struct arena *, int slot, const struct rule_value *);
/* Without the name; a number, day or code of that fact in its own unit. */
const char	*facts_show_value(struct arena *, int slot, const struct rule_value *);
const char	*facts_show_number(struct arena *, int slot, int64_t);
const char	*facts_show_code(int slot, const char *code);
const char	*facts_title(struct arena *, int slot);		/* without （分） */
bool		 facts_are_money(int slot);
const char	*show_yuan(struct arena *, int64_t cents);	/* "1234.50元" */
const char	*show_day(struct arena *, int64_t day);
const char	*subject_title(const char *kind);		/* "技能证书" … */

#endif
