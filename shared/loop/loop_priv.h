/* loop_priv.h -- the wheel, shared by loop.c and timer.c. */
#ifndef YJY_LOOP_PRIV_H
#define YJY_LOOP_PRIV_H

#include "loop/loop.h"

void	timer_wheel_init(int64_t now_us);
void	timer_wheel_run(int64_t now_us);

#endif
