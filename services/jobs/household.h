/* household.h -- what the files of 零就业家庭 share. */
#ifndef YJY_HOUSEHOLD_H
#define YJY_HOUSEHOLD_H

#include "jobs.h"

extern const struct shape	household_shape[];

#endif
