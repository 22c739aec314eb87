/*
 * metric.h -- counters, gauges and histograms in the Prometheus text format.
 *
 * A metric is static storage, registered once at start; updating one is an
 * addition. Histograms have fixed bounds in seconds: 0.5 ms to 10 s.
 * Labels are fixed text given at registration, e.g. `route="vacancy_open"`.
 */
#ifndef YJY_METRIC_H
#define YJY_METRIC_H

#include "base/base.h"
#include "base/buf.h"

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

#define METRIC_BUCKETS	14

struct metric {
	const char	*name;		/* yjy_http_requests_total */
	const char	*help;
	const char	*labels;	/* owned by caller, or NULL */
	enum metric_kind kind;
	int64_t		 value;		/* counter, gauge */
	int64_t		 bucket[METRIC_BUCKETS + 1];
	int64_t		 sum_us;
	int64_t		(*read)(void);	/* gauge computed when asked, or NULL */
	struct metric	*next;
};

void	metric_register(struct metric *);	/* same name: same kind, other labels */
void	metric_observe_us(struct metric *, int64_t us);
void	metric_write(struct buf *);		/* the whole /metrics body */

static inline void
metric_add(struct metric *m, int64_t n)
{
	m->value += n;
}

#endif
