/*
 * demand.h -- what the files of the register of demand share.
 */
#ifndef YJY_TRAINING_DEMAND_H
#define YJY_TRAINING_DEMAND_H

#include "institution.h"

#define HEADCOUNT_MAX	10000	/* of one line */

extern const char *const	demand_states[];
extern const struct shape	demand_shape[];

#endif
