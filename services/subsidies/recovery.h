/*
 * recovery.h -- what the files of 追缴 share: the shapes of a recovery, and
 * the working days that the city set for it.
 */
#ifndef SUBSIDIES_RECOVERY_H
#define SUBSIDIES_RECOVERY_H

#include "subsidies.h"

/* Who works on recoveries; the four keep to their steps by the database. */
#define ROLE_RECOVERY	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | ROLE_FINANCE | ROLE_AUDIT)
#define RECOVERY_MOVED	"subsidies.recovery.moved.v1"
#define RECOVERY_MOST_CENTS	INT64_C(100000000000)	/* 10 亿元 */

extern const struct shape	recovery_shape[];	/* recovery_json() of the schema */
extern const struct shape	recovery_appeal_shape[];
extern const struct shape	recovery_plan_shape[];
extern const struct shape	recovery_offset_shape[];
extern const struct shape	recovery_proposal_shape[];

/* Working days, 0: unset. False: *said is the refusal (409 …_unset), or the failure. */
struct recovery_days {
	int32_t	pay_by, appeal_by, answer_by;	/* days counted from today */
};

bool	recovery_days(struct call *, struct recovery_days *, int *said) MUST_CHECK;

#endif
