/*
 * audit_queue.c -- rows that no transaction carries: reads, refusals, sign-ins
 * that changed nothing. They are written together, at most GATHER_MS after the
 * first of them, by a coroutine that lives as long as there are any.
 *
 * Invariant: adding never waits. What does not fit is counted and said, and a
 * batch stays in the queue until the database has acknowledged it.
 */
#include "http/audit_priv.h"
#include "co/co.h"
#include "loop/loop.h"
#include "platform_sql.h"

#define QUEUE_MAX	8192	/* rows */
#define BATCH_MAX	256
#define BATCH_BYTES	((size_t)4 << 20)
#define GATHER_MS	100
#define RETRY_MS	500

static void	begin(void);
static void	writer(void *);
static void	writer_wait(int64_t);
static size_t	batch_make(struct buf *);
static enum db_error batch_write(const char *);
static void	drop(size_t);
static int64_t	waiting(void);

static char		*queue[QUEUE_MAX];
static unsigned int	 head, tail;		/* tail - head rows wait */
static struct co	*writing;		/* NULL: nobody writes */
static bool		 hurry, failing;
static struct metric	 rows_metric = { .name = "yjy_audit_rows_total",
    .help = "Rows of the audit trail written in batches.", .kind = METRIC_COUNTER };
static struct metric	 lost_metric = { .name = "yjy_audit_lost_total",
    .help = "Reads and refusals that could not be written to the audit trail.",
    .kind = METRIC_COUNTER };
static struct metric	 waiting_metric = { .name = "yjy_audit_queue",
    .help = "Rows of the audit trail not yet written.", .kind = METRIC_GAUGE, .read = waiting };

void
audit_queue_start(void)
{
	metric_register(&rows_metric);
	metric_register(&lost_metric);
	metric_register(&waiting_metric);
}

void
audit_queue_add(const char *json, size_t len)
{
	char	*copy;

	if (tail - head == QUEUE_MAX || (copy = strndup(json, len)) == NULL) {
		if (lost_metric.value % BATCH_MAX == 0)
			log_error("audit: the queue is full, reads and refusals are not written");
		metric_add(&lost_metric, 1);
		return;
	}
	queue[tail++ % QUEUE_MAX] = copy;
	begin();
}

/* With the database away a program that is asked to stop does not wait for it. */
bool
audit_busy(void)
{
	return (tail != head && !failing);
}

void
audit_flush(void)
{
	hurry = true;
	if (writing != NULL)
		co_wake(writing);
	else if (tail != head)
		begin();
}

/* Without a coroutine free the next row, or turn, tries again. */
static void
begin(void)
{
	if (writing == NULL && co_start(writer, NULL) == -1)
		log_debug("audit: no coroutine free");
}

static void
writer(void *arg UNUSED)
{
	struct buf	b;
	enum db_error	e;
	size_t		n;

	if (writing != NULL)
		return;
	writing = co_self();
	buf_init(&b, BATCH_BYTES);
	writer_wait(GATHER_MS);
	while (tail != head) {
		n = batch_make(&b);
		e = batch_write(buf_cstr(&b));
		if (e == DB_OK)
			metric_add(&rows_metric, (int64_t)n);
		else if (e == DB_BUSY || e == DB_DOWN || e == DB_TIMEOUT || e == DB_UNKNOWN ||
		    e == DB_CONFLICT) {
			if (!failing)
				log_error("audit: the database does not take the trail, %u rows wait",
				    tail - head);
			failing = true;
			co_sleep(RETRY_MS);
			continue;
		} else {
			log_error("audit: %zu rows were refused by the database", n);
			metric_add(&lost_metric, (int64_t)n);
		}
		failing = false;
		drop(n);
	}
	buf_release(&b);
	writing = NULL;
}

static void
writer_wait(int64_t ms)
{
	int64_t	until = loop_now_us() + ms * 1000;

	while (!hurry && loop_now_us() < until)
		(void)co_wait((until - loop_now_us()) / 1000 + 1);
}

/* As many of the first rows as go in one statement. */
static size_t
batch_make(struct buf *b)
{
	size_t	n = 0, len;

	buf_clear(b);
	for (; n < BATCH_MAX && head + n != tail; n++) {
		len = strlen(queue[(head + n) % QUEUE_MAX]);
		if (n > 0 && b->len + len + 2 > BATCH_BYTES)
			break;
		buf_addc(b, n == 0 ? '[' : ',');
		buf_add(b, queue[(head + n) % QUEUE_MAX], len);
	}
	buf_addc(b, ']');
	return (n);
}

static enum db_error
batch_write(const char *rows)
{
	enum db_error	error;
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	error = sql_audit_batch(&db, NULL, rows) == -1 || db_commit(&db) == -1 ? db.error : DB_OK;
	arena_release(&a);
	return (error);
}

static void
drop(size_t n)
{
	for (; n > 0; n--)
		free(queue[head++ % QUEUE_MAX]);
}

static int64_t
waiting(void)
{
	return ((int64_t)(tail - head));
}
