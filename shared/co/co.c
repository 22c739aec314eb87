/*
 * co.c -- coroutines: stacks, the run queue and the switch.
 *
 * makecontext builds a stack once; every later switch is _setjmp/_longjmp, so
 * no signal mask is touched. A finished coroutine parks in its entry loop and
 * is started again by one switch.
 *
 * Invariant: only run_queue(), on the main stack, resumes a coroutine.
 */
#include <sys/mman.h>
#include <setjmp.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(YJY_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif

#include "co/co.h"
#include "co/co_priv.h"
#include "base/log.h"
#include "base/metric.h"
#include "loop/loop.h"

#define STACK_BYTES	((size_t)64 * 1024)
#define IDLE_MAX	256

struct co {
	jmp_buf		 env;
	ucontext_t	 uc;
	char		*stack;		/* STACK_BYTES above one guard page */
	void		(*run)(void *);
	void		*arg;
	struct co	*next;		/* run queue or idle list */
	struct timer	 deadline;
	const struct log_context *log;
	bool		 started, queued, waiting, late, done;
	void		*fake;		/* ASan's fake stack while switched out */
};

static struct co *co_make(void);
static int	 co_context(struct co *);
static void	 co_free(struct co *);
static void	 co_enqueue(struct co *);
static void	 co_resume(struct co *);
static void	 co_leave(struct co *);
static void	 co_entry(unsigned int, unsigned int);
static void	 co_late(void *);
static void	 run_queue(void);
static void	 nothing(void *);
static int64_t	 live_now(void);

static struct co	*run_head, **run_tail = &run_head;
static struct co	*idle;
static size_t		 nidle, nlive, most_live;
static struct co	*current;
static jmp_buf		 main_env;
static struct deferred	 wake_turn = { .run = nothing };
static struct metric	 live_metric = {
	.name = "yjy_coroutines", .help = "Requests and jobs on a coroutine now.",
	.kind = METRIC_GAUGE, .read = live_now
};

int
co_init(size_t most)
{
	most_live = most;
	metric_register(&live_metric);
	loop_at_end(run_queue);
	return (0);
}

int
co_start(void (*run)(void *), void *arg)
{
	struct co	*co;

	if (nlive >= most_live)
		return (-1);
	if ((co = idle) != NULL) {
		idle = co->next;
		nidle--;
	} else if ((co = co_make()) == NULL)
		return (-1);
	nlive++;
	co->run = run;
	co->arg = arg;
	co->done = false;
	co->log = NULL;
	co_enqueue(co);
	return (0);
}

struct co *
co_self(void)
{
	return (current);
}

void
co_log_context(const struct log_context *log)
{
	current->log = log;
	log_set_context(log);
}

size_t
co_live(void)
{
	return (nlive);
}

size_t
co_idle_stacks(void)
{
	return (nidle);
}

int
co_wait(int64_t in_ms)
{
	struct co	*self = current;

	if (self == NULL)
		log_die("co: waiting on the main stack");
	self->waiting = true;
	self->late = false;
	if (in_ms >= 0)
		timer_arm(&self->deadline, in_ms);
	co_leave(self);
	timer_stop(&self->deadline);
	return (self->late ? -1 : 0);
}

void
co_wake(struct co *co)
{
	if (co->waiting && !co->queued)
		co_enqueue(co);
}

void
co_sleep(int64_t ms)
{
	while (co_wait(ms) == 0)
		continue;
}

static void
co_late(void *arg)
{
	struct co	*co = arg;

	if (!co->waiting || co->queued)
		return;
	co->late = true;
	co_enqueue(co);
}

static void
co_enqueue(struct co *co)
{
	co->queued = true;
	co->next = NULL;
	*run_tail = co;
	run_tail = &co->next;
	loop_defer(&wake_turn);		/* a turn's end must come, and come again */
}

static void
nothing(void *arg UNUSED)
{
}

static void
run_queue(void)
{
	struct co	*co;

	while ((co = run_head) != NULL) {
		if ((run_head = co->next) == NULL)
			run_tail = &run_head;
		co->queued = false;
		co->waiting = false;
		co_resume(co);
		if (!co->done)
			continue;
		nlive--;
		if (nidle >= IDLE_MAX) {
			co_free(co);
			continue;
		}
		co->next = idle;
		idle = co;
		nidle++;
	}
}

static struct co *
co_make(void)
{
	struct co	*co;
	size_t		 page = (size_t)sysconf(_SC_PAGESIZE);
	char		*map;

	if ((co = calloc(1, sizeof(*co))) == NULL)
		return (NULL);
	map = mmap(NULL, page + STACK_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (map == MAP_FAILED || mprotect(map, page, PROT_NONE) == -1) {
		log_error("co: no memory for a stack");
		free(co);
		return (NULL);
	}
	co->stack = map + page;
	timer_init(&co->deadline, co_late, co);
	if (co_context(co) == -1)
		log_die("co: getcontext failed");
#if defined(YJY_ASAN)
	__lsan_register_root_region(co->stack, STACK_BYTES);
#endif
	return (co);
}

static int
co_context(struct co *co)
{
	uintptr_t	self = (uintptr_t)co;

	if (getcontext(&co->uc) == -1)
		return (-1);
	co->uc.uc_stack.ss_sp = co->stack;
	co->uc.uc_stack.ss_size = STACK_BYTES;
	co->uc.uc_link = NULL;
	makecontext(&co->uc, (void (*)(void))co_entry, 2,
	    (unsigned int)(self >> 32), (unsigned int)self);
	return (0);
}

static void
co_free(struct co *co)
{
	size_t	page = (size_t)sysconf(_SC_PAGESIZE);

#if defined(YJY_ASAN)
	__lsan_unregister_root_region(co->stack, STACK_BYTES);
	__asan_unpoison_memory_region(co->stack, STACK_BYTES);
#endif
	(void)munmap(co->stack - page, page + STACK_BYTES);
	free(co);
}

static void
co_entry(unsigned int hi, unsigned int lo)
{
	struct co	*co = (struct co *)(((uintptr_t)hi << 32) | lo);

	co_arrived(NULL);
	for (;;) {
		co->run(co->arg);
		co->done = true;
		co_leave(co);
	}
}

/* To a coroutine and back. */
static void
co_resume(struct co *co)
{
	void	*fake = NULL;

	current = co;
	if (co->log != NULL)
		log_set_context(co->log);
	co_departing(&fake, co->stack, STACK_BYTES);
	if (_setjmp(main_env) == 0) {
		if (co->started)
			_longjmp(co->env, 1);
		co->started = true;
		setcontext(&co->uc);
		log_die("co: setcontext failed");
	}
	co_arrived(fake);
	if (co->log != NULL)
		log_set_context(NULL);
	current = NULL;
}

/* Back to the main stack; returns when resumed. */
static void
co_leave(struct co *co)
{
	co_departing(&co->fake, co_main_stack(), co_main_size());
	if (_setjmp(co->env) == 0)
		_longjmp(main_env, 1);
	co_arrived(co->fake);
}

static int64_t
live_now(void)
{
	return ((int64_t)nlive);
}
