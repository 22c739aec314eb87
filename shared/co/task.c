/*
 * task.c -- a small thread pool for work that would hold up the loop.
 *
 * Threads start with the first task and yield to the loop: where both want a
 * processor, the loop has nine tenths of it. A finished task is put on the done list
 * and an eventfd tells the loop, which wakes the coroutine that waits.
 */
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "co/co.h"
#include "base/log.h"
#include "loop/loop.h"

#define LOWLY	10	/* nice: a tenth of the loop's share */

struct task {
	void		(*fn)(void *);
	void		*arg;
	struct co	*waiter;
	bool		 done;
	struct task	*next;
};

static int	 threads_start(void);
static void	*thread_main(void *);
static void	 tasks_done(void *, int);

static pthread_mutex_t	 lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t	 more = PTHREAD_COND_INITIALIZER;
static struct task	*todo_head, **todo_tail = &todo_head;
static struct task	*finished;
static struct watch	*bell;		/* NULL: no thread has been needed yet */
static int		 nthreads, nqueued, most_queued, event_fd;

int
task_init(int threads, int queue)
{
	nthreads = threads;
	most_queued = queue;
	return (0);
}

int
task_run(void (*fn)(void *), void *arg)
{
	struct task	task = { .fn = fn, .arg = arg, .waiter = co_self() };

	if (bell == NULL && threads_start() == -1)
		return (-1);
	pthread_mutex_lock(&lock);
	if (nqueued >= most_queued) {
		pthread_mutex_unlock(&lock);
		return (-1);
	}
	nqueued++;
	*todo_tail = &task;
	todo_tail = &task.next;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
	while (!task.done)
		(void)co_wait(-1);
	return (0);
}

static int
threads_start(void)
{
	pthread_t	 id;
	sigset_t	 all, old;
	int		 i, started = 0;

	if ((event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1) {
		log_error("task: eventfd: %s", strerror(errno));
		return (-1);
	}
	bell = watch_new_level(event_fd, tasks_done, NULL);
	/* Signals belong to the loop's thread. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	for (i = 0; i < nthreads; i++) {
		if (pthread_create(&id, NULL, thread_main, NULL) != 0)
			break;
		(void)pthread_detach(id);
		started++;
	}
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (started == 0)
		log_die("task: no thread can be started");
	return (0);
}

static void *
thread_main(void *arg UNUSED)
{
	struct task	*t;
	uint64_t	 one = 1;

	/* In Linux this is the calling thread alone. */
	if (setpriority(PRIO_PROCESS, 0, LOWLY) == -1)
		log_warn("task: threads keep the loop's priority: %s", strerror(errno));
	for (;;) {
		pthread_mutex_lock(&lock);
		while ((t = todo_head) == NULL)
			pthread_cond_wait(&more, &lock);
		if ((todo_head = t->next) == NULL)
			todo_tail = &todo_head;
		pthread_mutex_unlock(&lock);

		t->fn(t->arg);

		pthread_mutex_lock(&lock);
		nqueued--;
		t->next = finished;
		finished = t;
		pthread_mutex_unlock(&lock);
		if (write(event_fd, &one, sizeof(one)) == -1 && errno != EAGAIN)
			log_die("task: eventfd: %s", strerror(errno));
	}
	return (NULL);
}

/* On the loop: the waiter owns the task's memory, so `done` is set last. */
static void
tasks_done(void *arg UNUSED, int what UNUSED)
{
	struct task	*t, *next;
	uint64_t	 n;

	if (read(event_fd, &n, sizeof(n)) == -1)
		return;
	pthread_mutex_lock(&lock);
	t = finished;
	finished = NULL;
	pthread_mutex_unlock(&lock);
	for (; t != NULL; t = next) {
		next = t->next;
		t->done = true;
		co_wake(t->waiter);
	}
}
