/*
 * trim.c -- gives back what only starting needed. Loading libpq, OpenSSL and
 * what they bring touches megabytes of code in parent and worker that are
 * never run again; dropping read-only file pages costs one soft fault for
 * each that is, and keeps seven programs small.
 *
 * Only mappings that cannot be written are dropped, so nothing can be lost.
 */
#include <sys/mman.h>
#include <sys/time.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include "svc/host.h"

#define SEGMENTS_MAX	256

static int	segment_note(struct dl_phdr_info *, size_t, void *);
static void	alarm_caught(int);

static struct {
	void	*at;
	size_t	 len;
} segments[SEGMENTS_MAX];
static size_t	nsegments;

/* In the parent: the list, and a moment after the start the trimming itself. */
void
trim_parent(void)
{
	struct itimerval	once = { .it_value = { .tv_sec = 1 } };
	struct sigaction	sa;

	(void)dl_iterate_phdr(segment_note, NULL);
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = alarm_caught;
	sa.sa_flags = SA_RESTART;
	(void)sigaction(SIGALRM, &sa, NULL);
	(void)setitimer(ITIMER_REAL, &once, NULL);
}

/* Nothing but system calls: it also runs in a signal handler. */
void
trim_code(void)
{
	size_t	i;

	for (i = 0; i < nsegments; i++)
		(void)madvise(segments[i].at, segments[i].len, MADV_DONTNEED);
}

void
trim_worker(void *arg UNUSED)
{
	(void)malloc_trim(0);
	trim_code();
}

static int
segment_note(struct dl_phdr_info *info, size_t size UNUSED, void *arg UNUSED)
{
	uintptr_t	page = (uintptr_t)sysconf(_SC_PAGESIZE), from, to;
	int		i;

	for (i = 0; i < info->dlpi_phnum && nsegments < SEGMENTS_MAX; i++) {
		const ElfW(Phdr)	*h = &info->dlpi_phdr[i];

		if (h->p_type != PT_LOAD || (h->p_flags & PF_W) != 0)
			continue;
		from = (info->dlpi_addr + h->p_vaddr) & ~(page - 1);
		to = (info->dlpi_addr + h->p_vaddr + h->p_memsz) & ~(page - 1);
		if (to <= from)
			continue;
		segments[nsegments].at = (void *)from;
		segments[nsegments].len = to - from;
		nsegments++;
	}
	return (0);
}

static void
alarm_caught(int sig UNUSED)
{
	trim_code();
}
