/*
 * assessment.h -- what the files of assessments share.
 */
#ifndef YJY_MONITORING_ASSESSMENT_H
#define YJY_MONITORING_ASSESSMENT_H

#include "monitoring.h"

#define ROLE_DEPARTMENT		ROLE_EMPLOYER	/* a public body acts like any organisation */
#define ROLE_ASSESSORS		(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)

extern const char *const	assessment_kinds[];
extern const struct shape	assessment_shape[], assessment_follow_shape[];

#endif
