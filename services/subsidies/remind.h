/*
 * remind.h -- the clocks of the subsidies service, as a job.
 */
#ifndef SUBSIDIES_REMIND_H
#define SUBSIDIES_REMIND_H

#include "subsidies.h"

void	remind_run(void);	/* every second or so; works when there is something to do */

#endif
