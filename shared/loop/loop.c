/*
 * loop.c -- watches, deferred work and the end of a turn on Kore's loop.
 *
 * Kore runs events, then timers. The first callback of a turn arms a one-shot
 * Kore timer of 0 ms, which Kore runs after the last event of the same turn:
 * that is our end of turn. A recurring tick drives the timer wheel and bounds
 * every wait.
 *
 * Invariant: a watch is freed only at the end of a turn, so an event for it
 * that is still in Kore's batch finds memory that is valid and marked dead.
 */
#include <sys/epoll.h>
#include <signal.h>
#include <unistd.h>

#include <kore.h>

#include "loop/loop_priv.h"
#include "base/clock.h"
#include "base/log.h"

#define TICK_MS		10
#define HOOKS_MAX	16
#define PASSES_MAX	32

struct watch {
	struct kore_event	 evt;		/* Kore wants it first */
	int			 fd;
	bool			 dead;
	void			(*ready)(void *, int);
	void			*arg;
	int			 want;		/* level-triggered: registered interest */
};

struct later {
	struct later	*next;
	void		*ptr;
};

static void	watch_event(void *, int);
static struct watch *watch_make(int, void (*)(void *, int), void *);
static void	turn_begin(void);
static void	turn_end(void *, u_int64_t);
static void	turn_pass(void);
static void	tick(void *, u_int64_t);
static void	free_all(void);

extern volatile sig_atomic_t	sig_recv;

static void		(*hooks[HOOKS_MAX])(void);
static size_t		 nhooks;
static struct deferred	*defer_head, **defer_tail = &defer_head;
static struct later	*trash;
static bool		 turn_armed;
static int64_t		 turn_now_us;

int
loop_init(void)
{
	timer_wheel_init(clock_mono_us());
	if (kore_timer_add(tick, TICK_MS, NULL, 0) == NULL)
		return (-1);
	return (0);
}

void
loop_stop(void)
{
	sig_recv = SIGTERM;
}

int64_t
loop_now_us(void)
{
	if (turn_now_us == 0)
		turn_now_us = clock_mono_us();
	return (turn_now_us);
}

void
loop_at_end(void (*hook)(void))
{
	if (nhooks == HOOKS_MAX)
		log_die("loop: more than %d end-of-turn hooks", HOOKS_MAX);
	hooks[nhooks++] = hook;
}

void
loop_defer(struct deferred *d)
{
	if (d->queued)
		return;
	d->queued = true;
	d->next = NULL;
	*defer_tail = d;
	defer_tail = &d->next;
	turn_begin();
}

void
loop_free_later(void *ptr)
{
	struct later	*l;

	if ((l = malloc(sizeof(*l))) == NULL)
		log_die("loop: out of memory");
	l->ptr = ptr;
	l->next = trash;
	trash = l;
	turn_begin();
}

struct watch *
watch_new(int fd, void (*ready)(void *, int), void *arg)
{
	struct watch	*w = watch_make(fd, ready, arg);

	kore_platform_event_all(fd, w);
	return (w);
}

struct watch *
watch_new_level(int fd, void (*ready)(void *, int), void *arg)
{
	struct watch	*w = watch_make(fd, ready, arg);

	w->want = WATCH_READ;
	kore_platform_event_level_read(fd, w);
	return (w);
}

void
watch_want(struct watch *w, int what)
{
	if (w->dead || w->want == what)
		return;
	w->want = what;
	if (what & WATCH_WRITE)
		kore_platform_event_level_all(w->fd, w);
	else
		kore_platform_event_level_read(w->fd, w);
}

void
watch_free(struct watch **wp, bool closed)
{
	struct watch	*w = *wp;

	if (w == NULL)
		return;
	*wp = NULL;
	w->dead = true;
	if (!closed)
		kore_platform_disable_read(w->fd);
	loop_free_later(w);
}

static struct watch *
watch_make(int fd, void (*ready)(void *, int), void *arg)
{
	struct watch	*w;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		log_die("loop: out of memory");
	w->evt.type = KORE_TYPE_CONNECTION;
	w->evt.handle = watch_event;
	w->fd = fd;
	w->ready = ready;
	w->arg = arg;
	return (w);
}

static void
watch_event(void *arg, int error)
{
	struct watch	*w = arg;
	int		 what = 0;

	if (w->evt.flags & KORE_EVENT_READ)
		what |= WATCH_READ;
	if (w->evt.flags & KORE_EVENT_WRITE)
		what |= WATCH_WRITE;
	if (error)
		what |= WATCH_HUP;
	w->evt.flags = 0;
	if (w->dead)
		return;
	turn_begin();
	w->ready(w->arg, what);
}

/* Makes sure that this turn has an end. */
static void
turn_begin(void)
{
	if (turn_armed)
		return;
	turn_armed = true;
	(void)kore_timer_add(turn_end, 0, NULL, KORE_TIMER_ONESHOT);
}

/*
 * Work may make more work: passes are repeated while anything was deferred,
 * a bounded number of times so that events are not starved.
 */
static void
turn_end(void *arg UNUSED, u_int64_t now UNUSED)
{
	int	i;

	for (i = 0; i < PASSES_MAX; i++) {
		turn_pass();
		if (defer_head == NULL)
			break;
	}
	turn_armed = false;
	turn_now_us = 0;
	free_all();
	if (defer_head != NULL)
		turn_begin();
}

static void
turn_pass(void)
{
	struct deferred	*d;
	size_t		 i;

	while ((d = defer_head) != NULL) {
		if ((defer_head = d->next) == NULL)
			defer_tail = &defer_head;
		d->queued = false;
		d->run(d->arg);
	}
	for (i = 0; i < nhooks; i++)
		hooks[i]();
}

static void
tick(void *arg UNUSED, u_int64_t now UNUSED)
{
	turn_begin();
	turn_now_us = 0;
	timer_wheel_run(loop_now_us());
}

static void
free_all(void)
{
	struct later	*l, *next;

	l = trash;
	trash = NULL;
	for (; l != NULL; l = next) {
		next = l->next;
		free(l->ptr);
		free(l);
	}
}
