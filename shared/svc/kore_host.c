/*
 * kore_host.c -- Kore as our host: parent, one worker, its sandbox.
 *
 * Kore finds its hooks by name. There is no configuration file, no Kore
 * listener and no chroot: the worker opens its own sockets, and whoever
 * started us chose the user. A worker that dies ends the program; restarting
 * is the supervisor's business, so a crash can never become a hot loop.
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <unistd.h>

#include <kore.h>
#include <hooks.h>
#include <seccomp.h>

#include "svc/host.h"
#include "base/log.h"
#include "conf/conf.h"

#define EVENTS_PER_TURN	256	/* also sizes Kore's connection pool, which we do not use */
#define SPARE_FILES	512
#define SLICE_NS	100000

int	kore_main(int, char **);
static void	ask_for_short_slices(void);

/* What our programs need beyond Kore's own list. */
static struct sock_filter filter_yjy[] = {
	/* glibc falls back to clone(2), which the filter can look at. */
	KORE_SYSCALL_DENY(clone3, ENOSYS),
	KORE_SYSCALL_ALLOW(clone),
	KORE_SYSCALL_ALLOW(set_robust_list),
	KORE_SYSCALL_ALLOW(rseq),
	KORE_SYSCALL_ALLOW(sched_getaffinity),
	KORE_SYSCALL_ALLOW(setpriority),	/* threads of tasks stand back */
	KORE_SYSCALL_ALLOW(eventfd2),
	KORE_SYSCALL_ALLOW(gettid),
	KORE_SYSCALL_ALLOW(getppid),
	KORE_SYSCALL_ALLOW(tgkill),
	KORE_SYSCALL_ALLOW(uname),
	KORE_SYSCALL_ALLOW(newfstatat),
	KORE_SYSCALL_ALLOW(getdents64),
	KORE_SYSCALL_ALLOW(readv),
	KORE_SYSCALL_ALLOW(pread64),
	KORE_SYSCALL_ALLOW(mremap),
	KORE_SYSCALL_ALLOW(prlimit64),
	KORE_SYSCALL_ALLOW(ftruncate),
	KORE_SYSCALL_ALLOW(memfd_create),	/* workbooks */
	KORE_SYSCALL_ALLOW(msync),
	KORE_SYSCALL_ALLOW(fsync),
#ifdef SYS_rename
	KORE_SYSCALL_ALLOW(rename),	/* files for, and from, a bank's folder */
	KORE_SYSCALL_ALLOW(mkdir),
#else
	KORE_SYSCALL_ALLOW(renameat2),
	KORE_SYSCALL_ALLOW(mkdirat),
#endif
	KORE_SYSCALL_ALLOW(mlock),
	KORE_SYSCALL_ALLOW(munlock),
	KORE_SYSCALL_ALLOW(recvmsg),
	KORE_SYSCALL_ALLOW(sendmsg),
	KORE_SYSCALL_ALLOW(sendmmsg),
	KORE_SYSCALL_ALLOW(shutdown),
	KORE_SYSCALL_ALLOW(connect),
	KORE_SYSCALL_ALLOW(bind),
	KORE_SYSCALL_ALLOW(listen),
	KORE_SYSCALL_ALLOW(accept4),
	KORE_SYSCALL_ALLOW(getsockopt),
	KORE_SYSCALL_ALLOW(getsockname),
	KORE_SYSCALL_ALLOW(getpeername),
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET),
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET6),
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_UNIX),
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_NETLINK),	/* getaddrinfo */
};

/* Set by a worker that stopped because it was asked to. */
static volatile int	*asked;
static pid_t		 parent;

int
kore_host_run(int argc, char **argv)
{
	asked = mmap(NULL, sizeof(*asked), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (asked == MAP_FAILED)
		log_die("svc: no shared memory");
	*asked = 0;
	parent = getpid();
	(void)kore_main(argc, argv);
	return (*asked ? 0 : 1);
}

void
kore_parent_configure(int argc UNUSED, char **argv UNUSED)
{
	kore_foreground = 1;
	kore_quiet = 1;
	skip_chroot = 1;
	skip_runas = 1;
	kore_pidfile = kore_strdup(conf_text(CONF_PID_FILE));
	worker_count = 1;
	worker_set_affinity = 0;
	worker_policy = KORE_WORKER_POLICY_TERMINATE;
	worker_max_connections = EVENTS_PER_TURN;
	worker_rlimit_nofiles = (u_int32_t)conf_int(CONF_LISTEN_CAP) * 2 + SPARE_FILES;
	kore_seccomp_tracing = conf_bool(CONF_SECCOMP_TRACE);
	trim_parent();
}

/*
 * The loop works in short bursts: with a short slice it may interrupt a thread
 * that computes (kernel 6.12 and later; older ones take no notice).
 */
static void
ask_for_short_slices(void)
{
	/* glibc 2.36 does not know it, and the kernel's header clashes with glibc's. */
	struct {
		uint32_t	size, policy;
		uint64_t	flags;
		int32_t		nice;
		uint32_t	priority;
		uint64_t	runtime, deadline, period;
	} attr = { .size = sizeof(attr), .nice = getpriority(PRIO_PROCESS, 0),
	    .runtime = SLICE_NS };

	(void)syscall(SYS_sched_setattr, 0, &attr, 0);
}

/* In the worker, after the user was set and before the filter is armed. */
void
kore_seccomp_hook(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	ask_for_short_slices();
	/* It may have died before we asked to be told. */
	if (getppid() != parent)
		log_die("svc: the parent is gone");
	if (kore_seccomp_filter("yjy", filter_yjy, KORE_FILTER_LEN(filter_yjy)) == 0)
		log_die("svc: the sandbox list was refused");
}

void
kore_worker_configure(void)
{
	svc_worker_start();
}

void
kore_worker_teardown(void)
{
	*asked = svc_draining();
	svc_worker_stop();
}
