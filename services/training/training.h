/*
 * training.h -- the service of classes, enrolments and certificates: its
 * route tables.
 */
#ifndef YJY_TRAINING_H
#define YJY_TRAINING_H

#include "events/events.h"
#include "http/call.h"

/* Officers who may see rows about persons; statisticians and treasurers may not. */
#define ROLE_CASE_OFFICERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | \
				 ROLE_APPROVE | ROLE_AUDIT)

extern const struct route	class_routes[];
extern const struct route	enrolment_routes[];
extern const struct route	certificate_routes[];
extern const struct route *const training_routes[];
extern const struct consumer	training_consumers[];

/* training: demand */
extern const struct route	demand_routes[];
extern const struct route	demand_officer_routes[];
extern const struct route	shortage_routes[];
extern const struct route	gap_routes[];
#define DEMAND_MS	300000	/* between looks at lines that are over */
void	demand_tick(void);
/* training: institutions */
extern const struct route	institution_routes[];
extern const struct route	course_routes[];
extern const struct route	trainer_routes[];
extern const struct route	agreement_routes[];
extern const struct route	apprentice_routes[];

#define LICENCE_MS	3600000	/* between looks at licences that run out */
void	institution_tick(void);
/* training: classes */
extern const struct route	class_file_routes[];
extern const struct route	class_check_routes[];
extern const struct route	enrol_list_routes[];
/* training: attendance */
/* training: examinations */
/* training: carriers */
/* training: brands */

#endif
