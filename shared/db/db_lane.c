/*
 * db_lane.c -- queues in front of connections.
 *
 * A shared lane gathers the jobs of one turn of the loop and sends them as
 * one group; an exclusive lane gives each job a connection of its own, opened
 * when first needed. A queue is short and bounded in time: overload is told
 * at once, not after minutes.
 *
 * Invariant: a job is in exactly one place: a queue, a ring, or done.
 */
#include "base/log.h"
#include "db/db_priv.h"

#define SWEEP_MS	50
#define CONNECT_MS	3000
#define GRACE_MS	1000	/* beyond the statement's own limit */
#define GROUP_MAX	16	/* before the next connection takes over */
#define SHORT_READS	8	/* of a shared lane do not wait longer than one transaction */

static void	lane_metrics(struct db_lane_ *, size_t);
static void	lane_flush(struct db_lane_ *);
static struct db_conn *lane_least(struct db_lane_ *);
static void	lane_grow(struct db_lane_ *);
static struct db_job *lane_pop(struct db_lane_ *);
static void	lane_expire(struct db_lane_ *, int64_t);
static void	lane_watch(struct db_lane_ *, int64_t);
static void	sweep(void *);
static void	flush_all(void);

static struct timer	sweep_timer;
static bool		hooked;

int
lane_start(struct db_lane_ *lane)
{
	int	i;

	lane->tail = &lane->head;
	lane->conns = calloc((size_t)lane->nconns, sizeof(*lane->conns));
	if (lane->conns == NULL)
		return (-1);
	for (i = 0; i < lane->nconns; i++)
		lane->conns[i].lane = lane;
	lane_metrics(lane, (size_t)(lane - db_lanes));
	if (!hooked) {
		hooked = true;
		loop_at_end(flush_all);
		timer_init(&sweep_timer, sweep, NULL);
		timer_arm(&sweep_timer, SWEEP_MS);
	}
	/* Slow statements are rare: their connections wait for the first. */
	for (i = 0; i < lane->nconns && (lane->shared || i == 0); i++)
		if (lane != &db_lanes[DB_SLOW])
			conn_open(&lane->conns[i]);
	return (0);
}

void
lane_stop(struct db_lane_ *lane)
{
	int	i;

	for (i = 0; i < lane->nconns; i++)
		db_conn_close(&lane->conns[i]);
	timer_stop(&sweep_timer);
	lane->up = 0;
}

bool
lane_submit(struct db_lane_ *lane, struct db_job *job)
{
	int64_t	now = loop_now_us();
	int	most = lane->shared ? SHORT_READS * db_conf.queue : db_conf.queue;

	if (lane->up == 0 && lane->down_since_us != 0 &&
	    now - lane->down_since_us > db_conf.wait_ms * 1000) {
		job->db->error = DB_DOWN;
		return (false);
	}
	if (lane->queued >= most) {
		job->db->error = DB_BUSY;
		return (false);
	}
	job->queued_us = now;
	job->expires_us = now + db_conf.wait_ms * 1000;
	if (job->db->deadline_us != 0 && job->db->deadline_us < job->expires_us)
		job->expires_us = job->db->deadline_us;
	job->next = NULL;
	*lane->tail = job;
	lane->tail = &job->next;
	lane->queued++;
	lane_pump(lane);
	return (true);
}

void
lane_again(struct db_lane_ *lane, struct db_job *job)
{
	PQclear(job->result);
	job->result = NULL;
	job->victim = job->answered = job->stale = job->refused = false;
	job->db->error = DB_OK;
	job->db->sqlstate[0] = '\0';
	job->queued_us = loop_now_us();
	job->expires_us = job->queued_us + db_conf.wait_ms * 1000;
	if ((job->next = lane->head) == NULL)
		lane->tail = &job->next;
	lane->head = job;
	lane->queued++;
}

/* A shared lane waits for the end of the turn. */
void
lane_pump(struct db_lane_ *lane)
{
	struct db_job	*job;
	int		 i;

	if (lane->shared)
		return;
	for (i = 0; i < lane->nconns && lane->head != NULL; i++) {
		if (!conn_idle(&lane->conns[i]))
			continue;
		job = lane_pop(lane);
		db_conn_send(&lane->conns[i], job);
		conn_sync(&lane->conns[i]);
	}
	if (lane->head != NULL)
		lane_grow(lane);
}

void
lane_conn_up(struct db_conn *c)
{
	c->lane->up++;
	c->lane->down_since_us = 0;
	lane_pump(c->lane);
}

void
lane_conn_down(struct db_conn *c, bool was_up)
{
	struct db_lane_	*lane = c->lane;

	if (was_up) {
		lane->up--;
		metric_add(&lane->lost_counter, 1);
	}
	if (lane->up == 0 && lane->down_since_us == 0)
		lane->down_since_us = loop_now_us();
	lane_pump(lane);
}

static void
lane_flush(struct db_lane_ *lane)
{
	struct db_conn	*c = NULL;
	struct db_job	*job;
	int		 i, sent = 0;

	while (lane->head != NULL) {
		if (c == NULL || sent >= GROUP_MAX || c->njobs >= DB_PIPE_MAX ||
		    c->state != CONN_UP) {
			if ((c = lane_least(lane)) == NULL)
				break;
			sent = 0;
		}
		job = lane_pop(lane);
		if (job->alone && c->unsynced)
			conn_sync(c);
		db_conn_send(c, job);
		sent++;
		if (job->alone)
			conn_sync(c);
	}
	for (i = 0; i < lane->nconns; i++)
		if (lane->conns[i].unsynced)
			conn_sync(&lane->conns[i]);
}

static struct db_conn *
lane_least(struct db_lane_ *lane)
{
	struct db_conn	*c, *least = NULL;
	int		 i;

	for (i = 0; i < lane->nconns; i++) {
		c = &lane->conns[i];
		if (c->state == CONN_UP && c->njobs < DB_PIPE_MAX &&
		    (least == NULL || c->njobs < least->njobs))
			least = c;
	}
	return (least);
}

/* One more connection for each job that waits and none is being opened for. */
static void
lane_grow(struct db_lane_ *lane)
{
	int	i, opening = 0;

	for (i = 0; i < lane->nconns; i++)
		opening += lane->conns[i].state == CONN_OPENING;
	for (i = 0; i < lane->nconns && opening < lane->queued; i++) {
		if (lane->conns[i].state != CONN_UNUSED)
			continue;
		conn_open(&lane->conns[i]);
		opening++;
	}
}

static struct db_job *
lane_pop(struct db_lane_ *lane)
{
	struct db_job	*job = lane->head;

	if ((lane->head = job->next) == NULL)
		lane->tail = &lane->head;
	lane->queued--;
	return (job);
}

static void
lane_expire(struct db_lane_ *lane, int64_t now)
{
	struct db_job	**pp = &lane->head, *job;

	while ((job = *pp) != NULL) {
		if (job->expires_us > now) {
			pp = &job->next;
			continue;
		}
		*pp = job->next;
		lane->queued--;
		job_done(job, lane->up == 0 ? DB_DOWN : DB_BUSY);
	}
	lane->tail = pp;
}

/* A server that neither answers nor closes. */
static void
lane_watch(struct db_lane_ *lane, int64_t now)
{
	struct db_conn	*c;
	int		 i, busy = 0;

	for (i = 0; i < lane->nconns; i++) {
		c = &lane->conns[i];
		busy += c->owner != NULL || c->head != c->tail;
		if (c->state == CONN_OPENING && now - c->heard_us > CONNECT_MS * 1000)
			conn_lose(c, "no connection in time");
		else if (c->state == CONN_UP && c->head != c->tail &&
		    now - c->heard_us > (int64_t)(lane->limit_ms + GRACE_MS) * 1000)
			conn_lose(c, "no answer");
	}
	lane->busy_gauge.value = busy;
	lane->open_gauge.value = lane->up;
	lane->queue_gauge.value = lane->queued;
}

static void
sweep(void *arg UNUSED)
{
	int64_t	now = loop_now_us();
	size_t	i;

	for (i = 0; i < DB_LANES; i++) {
		lane_expire(&db_lanes[i], now);
		lane_watch(&db_lanes[i], now);
	}
	timer_arm(&sweep_timer, SWEEP_MS);
}

static void
flush_all(void)
{
	size_t	i;

	for (i = 0; i < DB_LANES; i++)
		if (db_lanes[i].shared)
			lane_flush(&db_lanes[i]);
}

static void
lane_metrics(struct db_lane_ *lane, size_t i)
{
	static const char *const labels[DB_LANES] = {
		"lane=\"read\"", "lane=\"write\"", "lane=\"slow\"", "lane=\"system\""
	};

	lane->open_gauge = (struct metric){ .name = "yjy_db_connections", .labels = labels[i],
	    .help = "Open connections to PostgreSQL.", .kind = METRIC_GAUGE };
	lane->busy_gauge = (struct metric){ .name = "yjy_db_connections_busy", .labels = labels[i],
	    .help = "Connections in a transaction or with work under way.", .kind = METRIC_GAUGE };
	lane->queue_gauge = (struct metric){ .name = "yjy_db_queue", .labels = labels[i],
	    .help = "Statements waiting for a connection.", .kind = METRIC_GAUGE };
	lane->lost_counter = (struct metric){ .name = "yjy_db_connections_lost_total",
	    .labels = labels[i], .help = "Connections that ended unasked.",
	    .kind = METRIC_COUNTER };
	lane->wait_histogram = (struct metric){ .name = "yjy_db_wait_seconds", .labels = labels[i],
	    .help = "Time from asking to sending.", .kind = METRIC_HISTOGRAM };
	metric_register(&lane->open_gauge);
	metric_register(&lane->busy_gauge);
	metric_register(&lane->queue_gauge);
	metric_register(&lane->lost_counter);
	metric_register(&lane->wait_histogram);
}
