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
/* training: institutions */
/* training: classes */
/* training: attendance */
/* training: examinations */
extern const struct shape	enrolment_shape[];
extern const struct route	exam_routes[];
extern const struct route	exam_body_routes[];
extern const struct route	exam_visit_routes[];
extern const struct route	verify_routes[];
extern const struct route	follow_routes[];
extern const struct route	satisfaction_routes[];
extern const struct route	stock_routes[];
void	follow_scan(void);	/* a job: whose day has come is judged by the data, or asked */
#define FOLLOW_SCAN_MS	60000
/* Whether figures of fewer than five people are withheld from this caller. */
bool	small_cells_hidden(const struct call *);
#define FIGURES_MAX	5000	/* rows of one table of figures */
/* training: carriers */
/* training: brands */

#endif
