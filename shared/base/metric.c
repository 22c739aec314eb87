/*
 * metric.c -- see metric.h. Metrics of one name stay neighbours in the list,
 * because the text format wants a family in one piece.
 */
#include <assert.h>
#include <string.h>

#include "base/base_priv.h"
#include "base/metric.h"

struct bound {
	int64_t		 us;
	const char	*text;
};

static void	metric_write_family(struct buf *, const struct metric *);
static void	metric_write_sample(struct buf *, const struct metric *,
		    const char *, const char *);
static void	metric_write_histogram(struct buf *, const struct metric *);
static void	buf_add_seconds(struct buf *, int64_t);

static const struct bound bounds[METRIC_BUCKETS] = {
	{ 500, "0.0005" },
	{ 1000, "0.001" },
	{ 2500, "0.0025" },
	{ 5000, "0.005" },
	{ 10000, "0.01" },
	{ 25000, "0.025" },
	{ 50000, "0.05" },
	{ 100000, "0.1" },
	{ 250000, "0.25" },
	{ 500000, "0.5" },
	{ 1000000, "1" },
	{ 2500000, "2.5" },
	{ 5000000, "5" },
	{ 10000000, "10" },
};
static struct metric	*first;

void
metric_register(struct metric *m)
{
	struct metric	**at, **after = NULL;

	for (at = &first; *at != NULL; at = &(*at)->next) {
		assert(*at != m);
		if (strcmp((*at)->name, m->name) == 0) {
			assert((*at)->kind == m->kind);
			after = &(*at)->next;
		}
	}
	if (after == NULL)
		after = at;
	m->next = *after;
	*after = m;
}

void
metric_observe_us(struct metric *m, int64_t us)
{
	size_t	 i = 0;

	while (i < METRIC_BUCKETS && us > bounds[i].us)
		i++;
	m->bucket[i]++;
	m->sum_us += us;
}

void
metric_write(struct buf *b)
{
	const char	*name = "";

	for (const struct metric *m = first; m != NULL; m = m->next) {
		if (strcmp(name, m->name) != 0)
			metric_write_family(b, m);
		name = m->name;
		if (m->kind == METRIC_HISTOGRAM) {
			metric_write_histogram(b, m);
			continue;
		}
		metric_write_sample(b, m, "", NULL);
		buf_add_int(b, m->read != NULL ? m->read() : m->value);
		buf_addc(b, '\n');
	}
}

/* HELP escapes only the backslash and the end of line. */
static void
metric_write_family(struct buf *b, const struct metric *m)
{
	static const char *const	kinds[] = { "counter", "gauge", "histogram" };

	buf_adds(b, "# HELP ");
	buf_adds(b, m->name);
	buf_addc(b, ' ');
	for (const char *p = m->help; *p != '\0'; p++) {
		if (*p == '\\' || *p == '\n')
			buf_addc(b, '\\');
		buf_addc(b, *p == '\n' ? 'n' : *p);
	}
	buf_adds(b, "\n# TYPE ");
	buf_adds(b, m->name);
	buf_addc(b, ' ');
	buf_adds(b, kinds[m->kind]);
	buf_addc(b, '\n');
}

/* name<suffix>{labels,le="…"} and the blank before the value. */
static void
metric_write_sample(struct buf *b, const struct metric *m, const char *suffix,
    const char *le)
{
	bool	labels = m->labels != NULL && m->labels[0] != '\0';

	buf_adds(b, m->name);
	buf_adds(b, suffix);
	if (labels || le != NULL)
		buf_addc(b, '{');
	if (labels)
		buf_adds(b, m->labels);
	if (labels && le != NULL)
		buf_addc(b, ',');
	if (le != NULL) {
		buf_adds(b, "le=\"");
		buf_adds(b, le);
		buf_addc(b, '"');
	}
	if (labels || le != NULL)
		buf_addc(b, '}');
	buf_addc(b, ' ');
}

static void
metric_write_histogram(struct buf *b, const struct metric *m)
{
	int64_t	 count = 0;

	for (size_t i = 0; i <= METRIC_BUCKETS; i++) {
		count += m->bucket[i];
		metric_write_sample(b, m, "_bucket",
		    i < METRIC_BUCKETS ? bounds[i].text : "+Inf");
		buf_add_int(b, count);
		buf_addc(b, '\n');
	}
	metric_write_sample(b, m, "_sum", NULL);
	buf_add_seconds(b, m->sum_us);
	metric_write_sample(b, m, "_count", NULL);
	buf_add_int(b, count);
	buf_addc(b, '\n');
}

static void
buf_add_seconds(struct buf *b, int64_t us)
{
	char	 text[8] = ".";

	decimal_pad(text + 1, (uint32_t)(us % 1000000), 6);
	text[7] = '\n';
	buf_add_int(b, us / 1000000);
	buf_add(b, text, sizeof(text));
}
