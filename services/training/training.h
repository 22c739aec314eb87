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
extern const struct route	session_routes[];
extern const struct route	sign_routes[];
extern const struct route	check_routes[];
extern const struct route	anomaly_routes[];
void	attend_start(void);
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
extern const struct route	skill_carrier_routes[];
extern const struct route	skill_carrier_year_routes[];
/* training: brands */
extern const struct route	brand_routes[];
extern const struct route	brand_version_routes[];
extern const struct route	brand_bearer_routes[];
extern const struct route	brand_year_routes[];
extern const struct route	brand_photo_routes[];
extern const struct route	brand_page_routes[];
extern const struct route	skill_rule_routes[];
extern const struct shape	brand_photo_shape[];
/* Tells the bearers of brands whose yearly report is late: a job. */
void	brand_remind(void);
#define BRAND_REMIND_MS	2000

#endif
