/*
 * entrepreneurship.h -- the service of carriers (创业孵化载体), their tenants
 * and the jobs those create: its route tables.
 */
#ifndef YJY_ENTREPRENEURSHIP_H
#define YJY_ENTREPRENEURSHIP_H

#include "events/events.h"
#include "http/call.h"

/* Officers who may see rows; statisticians and treasurers may not. */
#define ROLE_CASE_OFFICERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | \
				 ROLE_APPROVE | ROLE_AUDIT)

extern const struct route	carrier_routes[];
extern const struct route	tenant_routes[];
extern const struct route	job_created_routes[];
extern const struct route *const entrepreneurship_routes[];
extern const struct consumer	entrepreneurship_consumers[];

/* entrepreneurship: carriers */
extern const struct route	carrier_review_routes[];
extern const struct route	contract_routes[];
extern const struct route	relief_routes[];
extern const struct route	headcount_routes[];
extern const struct route	figure_routes[];
extern const struct shape	carrier_shape[];
/* entrepreneurship: mentors */
extern const struct route	studio_routes[], mentor_routes[], booking_routes[], guidance_routes[];
void	booking_remind(void);
#define BOOKING_REMIND_MS	60000
/* entrepreneurship: founders */
extern const struct route	founder_routes[], loan_routes[], loan_hand_routes[];
void	founder_day(void);
#define FOUNDER_DAY_MS	30000
/* entrepreneurship: projects */
extern const struct route	founder_proof_routes[];
extern const struct route	project_routes[];
extern const struct route	milestone_routes[];
void				milestones_start(void);

#endif
