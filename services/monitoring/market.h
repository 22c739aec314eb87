/*
 * market.h -- what the files of 人力资源市场 share: which area and quarter is
 * asked for, and the shape of its figures.
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

/* "2025Q3"; 0 or an error code. */
int		 check_quarter(const char *);
/* Its first day; of NULL the first day of the quarter that runs. */
int32_t		 quarter_first(const char *);
/*
 * The area asked for, or of NULL the widest of the caller's; NULL: refused, the
 * reply in *rc. An unknown one is refused with what may have been meant, and so
 * is a town unless `towns`. `city_is_open`: the city's sum is everybody's.
 */
const char	*asked_area(struct call *, const char *, bool towns, bool city_is_open, int *rc);

#endif
