/* monitoring.h -- what the files of monitoring share. */
#ifndef YJY_MONITORING_H
#define YJY_MONITORING_H

#include "events/events.h"
#include "http/call.h"

extern const struct route board_routes[];
extern const struct route *const monitoring_routes[];
extern const struct consumer monitoring_consumers[];

#endif
