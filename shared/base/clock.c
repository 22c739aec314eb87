/*
 * clock.c -- real time from the kernel; business time is real time plus the
 * offset in the mapped clock file, if there is one.
 *
 * The file is 16 bytes: a magic number and the offset in microseconds. Whoever
 * opens it first creates it; whoever may not write it can still read it.
 */
#define YJY_CLOCK_C

#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define CLOCK_MAGIC	UINT64_C(0x314b4c434a5959)	/* "YYJCLK1" */

struct clock_file {
	uint64_t		 magic;
	_Atomic int64_t		 offset_us;
};
_Static_assert(sizeof(struct clock_file) == 16, "clock file layout");

static int64_t	read_clock_us(clockid_t);
static int	clock_file_open(const char *, bool *);
static int	clock_file_prepare(int, bool);
static void	clock_unmap(void);

static struct clock_file	*mapped;	/* NULL: business time is real */
static bool			 movable;

int
clock_open(const char *file)
{
	void	*p = MAP_FAILED;
	bool	 writable;
	int	 fd;

	clock_unmap();
	if (file == NULL || file[0] == '\0')
		return (0);
	if ((fd = clock_file_open(file, &writable)) == -1)
		return (-1);
	if (clock_file_prepare(fd, writable) == 0)
		p = mmap(NULL, sizeof(*mapped),
		    writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return (-1);
	mapped = p;
	movable = writable;
	return (0);
}

int64_t
clock_real_us(void)
{
	return (read_clock_us(CLOCK_REALTIME));
}

int64_t
clock_mono_us(void)
{
	return (read_clock_us(CLOCK_MONOTONIC));
}

int64_t
clock_now_us(void)
{
	int64_t	now_us = clock_real_us();

	if (mapped != NULL)
		now_us += atomic_load_explicit(&mapped->offset_us, memory_order_relaxed);
	return (now_us);
}

int32_t
clock_today(void)
{
	return (day_of(clock_now_us()));
}

int
clock_move(int64_t to_us)
{
	int64_t	offset_us;

	if (mapped == NULL || !movable ||
	    __builtin_sub_overflow(to_us, clock_real_us(), &offset_us))
		return (-1);
	atomic_store_explicit(&mapped->offset_us, offset_us, memory_order_relaxed);
	return (0);
}

static int64_t
read_clock_us(clockid_t which)
{
	struct timespec	ts;

	clock_gettime(which, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

static int
clock_file_open(const char *file, bool *writable)
{
	int	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	*writable = fd != -1;
	if (fd == -1 && (errno == EACCES || errno == EROFS || errno == EPERM))
		fd = open(file, O_RDONLY | O_CLOEXEC);
	return (fd);
}

/* Fills a new file; refuses one that is something else. */
static int
clock_file_prepare(int fd, bool writable)
{
	struct clock_file	file;
	ssize_t			n;
	int			sound = -1;

	/* A reader waits here for the process that is just creating it. */
	if (flock(fd, writable ? LOCK_EX : LOCK_SH) == -1)
		return (-1);
	memset(&file, 0, sizeof(file));
	n = pread(fd, &file, sizeof(file), 0);
	if (n == 0 && writable) {
		file.magic = CLOCK_MAGIC;
		n = pwrite(fd, &file, sizeof(file), 0);
	}
	if (n == (ssize_t)sizeof(file) && file.magic == CLOCK_MAGIC)
		sound = 0;
	flock(fd, LOCK_UN);
	return (sound);
}

static void
clock_unmap(void)
{
	if (mapped != NULL)
		munmap(mapped, sizeof(*mapped));
	mapped = NULL;
	movable = false;
}
