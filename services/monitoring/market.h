/*
 * market.h -- the shape of the figures of 人力资源市场.
 *
 * Demand is the heads that postings ask for, carried over (those not yet hired
 * at the start of the quarter) and new; seekers are people with a résumé that
 * looks for work or registered as unemployed and willing, carried over and new
 * (人次). 求人倍率 is demand ÷ seekers, per mille; of no seekers there is none.
 */
#ifndef MONITORING_MARKET_H
#define MONITORING_MARKET_H

#include "monitoring.h"

extern const struct shape	market_shape[];
extern const struct shape	market_figures_shape[];

#endif
