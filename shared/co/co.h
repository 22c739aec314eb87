/*
 * co.h -- coroutines: straight-line handlers on the loop (COROUTINES notes).
 *
 * co_start() queues a function on a coroutine of its own (64 KB stack with a
 * guard page, reused). Inside, co_wait() suspends until somebody else calls
 * co_wake() with its handle, or until the deadline. Coroutines are resumed
 * only from the main stack, from the run queue at the end of a turn. Nothing
 * is ever cancelled from outside: work that was sent runs to completion.
 *
 * Created with makecontext, switched with _setjmp/_longjmp (20 ns). Keep
 * frames under 8 KB; errno, PQerrorMessage and the like do not survive a
 * suspension. A wake for something that no longer matters may arrive while
 * the coroutine waits for something else, so wait in a loop on the condition:
 * `while (!job->done) co_wait(-1);`. Waking one that does not wait is nothing.
 */
#ifndef YJY_CO_H
#define YJY_CO_H

#include "base/base.h"

struct co;

/* -1: CONF_MAX_CALLS coroutines are busy. */
int		 co_start(void (*run)(void *), void *arg) MUST_CHECK;
struct co	*co_self(void);				/* NULL on the main stack */
/* Suspends. 0: woken; -1: deadline passed (in_ms < 0 waits without one). */
int		 co_wait(int64_t in_ms);
void		 co_wake(struct co *);			/* from events or other coroutines */
void		 co_sleep(int64_t ms);
/* What this coroutine's log lines carry; the struct must outlive it. */
struct log_context;
void		 co_log_context(const struct log_context *);
size_t		 co_live(void);				/* busy coroutines */
size_t		 co_idle_stacks(void);
int		 co_init(size_t most) MUST_CHECK;

/*
 * Runs `fn(arg)` on a small thread pool while the coroutine sleeps: password
 * hashing, files. `fn` touches only arg. -1: the queue is full (reply 503).
 */
int		 task_run(void (*fn)(void *), void *arg) MUST_CHECK;
int		 task_init(int threads, int queue) MUST_CHECK;

#endif
