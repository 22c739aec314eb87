/*
 * db_priv.h -- what the files of db/ share.
 *
 * A job is one caller's statement (or COMMIT). It lives on the caller's
 * coroutine stack, which sleeps until `done`; nothing is cancelled once sent.
 * A lane is a queue of jobs and the connections that serve it. A connection
 * keeps the steps it has sent in a ring, in the order of libpq's own queue.
 *
 *   db.c        the public calls: makes jobs, waits for them
 *   db_lane.c   queues, limits, reconnecting, watchdog
 *   db_conn.c   one connection: opening, sending, reading, losing
 *   db_step.c   answers to steps: results, errors, end of a group
 *   db_scope.c  the text that says who asks
 */
#ifndef YJY_DB_PRIV_H
#define YJY_DB_PRIV_H

#include <libpq-fe.h>

#include "base/metric.h"
#include "co/co.h"
#include "db/db.h"
#include "loop/loop.h"

#define DB_PIPE_MAX	32	/* jobs in flight on a shared connection */
#define DB_RING		256	/* steps in flight: at most 6 a job, 5 on a shared connection */
#define DB_LANES	4

enum db_step_kind {
	STEP_PREPARE,		/* parse a statement on this connection */
	STEP_SET,		/* BEGIN or the scope: only its failure matters */
	STEP_RUN,		/* the job's statement: its result is the job's */
	STEP_ALSO,		/* the one that goes along: only its failure matters */
	STEP_COMMIT,		/* the tag must be COMMIT */
	STEP_ROLLBACK,		/* nobody waits */
	STEP_SYNC		/* end of a group: what was answered is now certain */
};

struct db_step {
	enum db_step_kind	 kind;
	uint16_t		 slot;		/* of PREPARE */
	bool			 last;		/* the job's last step */
	bool			 answered;
	struct db_job		*job;		/* NULL: SYNC, ROLLBACK */
};

struct db_job {
	struct db_job		*next;
	struct db		*db;
	struct co		*co;
	const struct db_stmt	*stmt;		/* NULL: only COMMIT */
	const char *const	*values;
	const int		*lengths, *formats;
	const struct db_stmt	*also;		/* db_also(), or NULL */
	const struct db_args	*also_args;
	const char		*scope;		/* NULL: inside a transaction */
	PGresult		*result;
	int64_t			 queued_us, expires_us;
	bool			 begin;		/* opens a transaction */
	bool			 commit;	/* ends it */
	bool			 implicit;	/* is one: certain at SYNC */
	bool			 alone;		/* was a victim: gets a sync of its own */
	bool			 again;		/* was sent once before */
	bool			 victim;	/* skipped: a neighbour failed */
	bool			 answered;	/* the statement itself succeeded */
	bool			 stale;		/* failed because its prepared form is gone */
	bool			 refused;	/* the server ended the session: no effect */
	bool			 ended;		/* COMMIT itself failed: nothing is open */
	bool			 done;
};

enum db_conn_state { CONN_UNUSED, CONN_WAITING, CONN_OPENING, CONN_UP, CONN_BROKEN };

struct db_prepared {
	bool		 sent;		/* its PREPARE was sent before */
	uint16_t	 version;	/* part of the name; never used twice */
};

struct db_conn {
	struct db_lane_	*lane;
	enum db_conn_state state;
	PGconn		*pg;
	struct watch	*watch;
	struct timer	 timer;		/* WAITING: reconnect */
	struct deferred	 lost;		/* BROKEN: clean up on the main stack */
	int		 backoff_ms;
	int64_t		 heard_us;	/* last progress, for the watchdog */
	struct db	*owner;		/* its transaction is open here */
	uint32_t	 lease;		/* counts transactions: guards late clean-ups */
	bool		 unsynced;	/* the group being built needs a SYNC */
	const char	*scope;		/* last one sent in that group */
	unsigned int	 njobs;		/* jobs in flight */
	unsigned int	 head, tail;	/* ring */
	struct db_step	 ring[DB_RING];
	struct db_job	*group, **group_tail;	/* answered, waiting for SYNC */
	struct db_prepared *prepared;	/* by slot */
};

struct db_lane_ {
	const char	*name;
	bool		 shared;	/* pipelines; otherwise one caller a connection */
	const char	*role;		/* "app", "system" */
	int		 limit_ms;	/* statement_timeout */
	int		 nconns;
	struct db_conn	*conns;
	struct db_job	*head, **tail;
	int		 queued, up;
	int64_t		 down_since_us;
	struct metric	 open_gauge, queue_gauge, busy_gauge;	/* sampled */
	struct metric	 wait_histogram, lost_counter;
};

struct db_entry {
	const struct db_stmt	*stmt;
	char			*sql;		/* @schema@ replaced */
	Oid			*types;
};

extern struct db_lane_	 db_lanes[DB_LANES];
extern struct db_config	 db_conf;
extern struct db_entry	*db_entries;		/* by slot, from 1 */
extern size_t		 db_nentries;
void			 db_emitted(void);		/* a commit wrote events: who asked is told */
extern void		(*db_lost_hook)(void);
extern void	(*db_commit_hook)(void);

/* db_lane.c */
int	lane_start(struct db_lane_ *);
void	lane_stop(struct db_lane_ *);
bool	lane_submit(struct db_lane_ *, struct db_job *);	/* false: db->error is set */
void	lane_again(struct db_lane_ *, struct db_job *);		/* to the front of the queue */
void	lane_pump(struct db_lane_ *);
void	lane_conn_up(struct db_conn *);
void	lane_conn_down(struct db_conn *, bool was_up);

/* db_conn.c */
void	conn_open(struct db_conn *);
void	db_conn_close(struct db_conn *);
void	db_conn_send(struct db_conn *, struct db_job *);
void	conn_sync(struct db_conn *);
void	conn_rollback(struct db_conn *);
void	conn_lose(struct db_conn *, const char *why);
bool	conn_idle(const struct db_conn *);	/* up, nobody's, nothing under way */

/* db_step.c */
void	step_push(struct db_conn *, enum db_step_kind, struct db_job *, uint16_t slot, bool last);
int	step_read(struct db_conn *);		/* -1: the connection is gone */
void	step_lose_all(struct db_conn *);
void	job_done(struct db_job *, enum db_error);

/* db_connect.c */
int	conninfo_init(void);
PGconn *conninfo_connect(const struct db_lane_ *);

/* db_scope.c */
const char *scope_text(struct db *, bool with_trace);

/* db_sqlstate.c */
enum db_error db_error_of(const char *sqlstate);

#endif
