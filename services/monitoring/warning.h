/*
 * warning.h -- what the files of early warning share.
 */
#ifndef YJY_MONITORING_WARNING_H
#define YJY_MONITORING_WARNING_H

#include "monitoring.h"
#include "warn_model.h"

/* Who deals with alerts, and who else reads them. */
#define ROLE_WARNING		(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define ROLE_WARNING_READ	(ROLE_WARNING | ROLE_CLERK | ROLE_AUDIT)

extern const struct shape	warning_setting_shape[];

#endif
