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
/* entrepreneurship: mentors */
extern const struct route	studio_routes[], mentor_routes[], booking_routes[], guidance_routes[];
void	booking_remind(void);
#define BOOKING_REMIND_MS	60000
/* entrepreneurship: founders */
extern const struct route	founder_routes[], loan_routes[], loan_hand_routes[];
void	founder_day(void);
#define FOUNDER_DAY_MS	30000
/* entrepreneurship: projects */

#endif
