/*
 * selection.h -- 评选 and 验收 for whichever service decides by them: rounds from
 * call to award, and the acceptance of named units.
 *
 * The tables and rules are made for a service by platform.make_selection()
 * (sql/platform/070-074), which says what functions of its own the service
 * brings. A service whose `struct svc` says .selects has the routes below as
 * /v1/<service>/rounds…, acceptances…, awards…, and runs rounds_turn() as a job.
 * Their rows are written once, with "$" for the service: in a path and an
 * action its name, which stands before the row's name too ("training_round_list");
 * in a matter its letters ($-35 entry, $-36 objection, $-37 acceptance). Events: <service>.award.made.v1 for each instalment, and
 * <service>.award.revoked.v1.
 */
#ifndef YJY_SELECTION_H
#define YJY_SELECTION_H

#include "http/call.h"

/* Officers who see entries and awards; statisticians and treasurers do not. */
#define ROLE_SELECTION_OFFICERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | \
				 ROLE_APPROVE | ROLE_FINANCE | ROLE_AUDIT)

/* Who may enter, and is accepted: people and organisations of any kind; a round says which. */
#define ROLE_ENTRANTS	(ROLE_PERSON | ROLE_EMPLOYER | ROLE_INSTITUTION | ROLE_CARRIER)

extern const struct route	round_routes[];
extern const struct route	round_entry_routes[];
extern const struct route	round_review_routes[];
extern const struct route	round_rank_routes[];
extern const struct route	award_routes[];

/* NULL-ended; made once, and stays. Dies on a service without case letters. */
const struct route *const *selection_routes(const char *service);

/* A job: closes rounds past their last day and ends those past their 公示. */
void	rounds_turn(void);
#define ROUNDS_TURN_MS	2000

#endif
