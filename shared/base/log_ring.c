/*
 * log_ring.c -- lines waiting for the descriptor.
 *
 * Invariant: whole lines enter in order or are counted as dropped, and only
 * the head of the ring is written, so lines never mix. Standard output is
 * shared with other processes and therefore left in blocking mode; a pipe is
 * asked with poll(2) and given at most what it then takes at once (PIPE_BUF),
 * so a reader that stopped cannot stop the loop, and in whole lines, so those
 * of other writers do not come in between.
 */
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/base_priv.h"
#include "base/clock.h"
#include "base/log_priv.h"
#include "base/metric.h"

#define DRAIN_MS	1000

enum sink { SINK_FILE, SINK_PIPE, SINK_SOCKET };

static bool	ring_write_some(int);
static size_t	ring_piece(const char **);
static ssize_t	sink_write(const char *, size_t, int);
static bool	ring_put(const char *, size_t);
static void	ring_report_dropped(void);

static char		 ring[LOG_RING_BYTES];
static size_t		 head, held;	/* first byte to write; bytes waiting */
static int		 sink_fd = STDOUT_FILENO;
static enum sink	 sink = SINK_PIPE;
static int64_t		 dropped;	/* since the last report of it */
static struct metric	 dropped_total = {
	.name = "yjy_log_dropped_total",
	.help = "Log lines lost because the reader did not keep up",
	.kind = METRIC_COUNTER,
};

void
log_ring_open(int fd)
{
	static bool	registered;
	struct stat	st;

	sink_fd = fd;
	sink = SINK_PIPE;
	if (fstat(fd, &st) == 0)
		sink = S_ISREG(st.st_mode) ? SINK_FILE :
		    S_ISSOCK(st.st_mode) ? SINK_SOCKET : SINK_PIPE;
	if (!registered)
		metric_register(&dropped_total);
	registered = true;
}

void
log_ring_add(const char *line, size_t len)
{
	if (dropped > 0)
		ring_report_dropped();
	if (ring_put(line, len))
		return;
	log_ring_flush();
	if (!ring_put(line, len))
		log_ring_drop();
}

void
log_ring_drop(void)
{
	dropped++;
	metric_add(&dropped_total, 1);
}

void
log_ring_flush(void)
{
	while (held > 0 && ring_write_some(0))
		;
}

void
log_ring_drain(void)
{
	int64_t	until_us = clock_mono_us() + DRAIN_MS * 1000;

	while (held > 0 && clock_mono_us() < until_us)
		if (!ring_write_some(DRAIN_MS) && errno != EAGAIN && errno != EINTR)
			break;
}

void
log_ring_forget(void)
{
	head = held = 0;
	dropped = 0;
}

/* False with errno when nothing could be written. */
static bool
ring_write_some(int wait_ms)
{
	const char	*data;
	size_t		 n = ring_piece(&data);
	ssize_t		 done;

	if ((done = sink_write(data, n, wait_ms)) == -1)
		return (false);
	head = (head + (size_t)done) % sizeof(ring);
	held -= (size_t)done;
	if (held == 0)
		head = 0;
	return (true);
}

/* What to write next, and how many bytes of it. */
static size_t
ring_piece(const char **data)
{
	static char	 joined[PIPE_BUF];
	size_t		 n = sizeof(ring) - head;
	const char	*end;

	*data = ring + head;
	if (n > held)
		n = held;
	if (sink != SINK_PIPE)
		return (n);
	if (n < PIPE_BUF && n < held) {
		size_t	rest = held - n < PIPE_BUF - n ? held - n : PIPE_BUF - n;

		memcpy(joined, ring + head, n);
		memcpy(joined + n, ring, rest);
		*data = joined;
		n += rest;
	}
	if (n > PIPE_BUF)
		n = PIPE_BUF;
	end = memrchr(*data, '\n', n);
	return (end != NULL ? (size_t)(end - *data) + 1 : n);
}

static ssize_t
sink_write(const char *data, size_t n, int wait_ms)
{
	struct pollfd	pfd = { .fd = sink_fd, .events = POLLOUT };
	ssize_t		done;
	int		ready = 1;

	if (sink != SINK_FILE)
		ready = poll(&pfd, 1, wait_ms);
	if (ready == 0) {
		errno = EAGAIN;
		return (-1);
	}
	do {
		done = sink == SINK_SOCKET ?
		    send(sink_fd, data, n, MSG_DONTWAIT | MSG_NOSIGNAL) :
		    write(sink_fd, data, n);
	} while (done == -1 && errno == EINTR);
	return (done);
}

static bool
ring_put(const char *line, size_t len)
{
	size_t	 tail, first;

	if (len > sizeof(ring) - held)
		return (false);
	tail = (head + held) % sizeof(ring);
	first = sizeof(ring) - tail;
	if (first > len)
		first = len;
	memcpy(ring + tail, line, first);
	memcpy(ring, line + first, len - first);
	held += len;
	return (true);
}

/* Takes the place of the lost lines as soon as there is room. */
static void
ring_report_dropped(void)
{
	static const char	before[] = "{\"ts\":\"";
	static const char	middle[] = "\",\"level\":\"warn\","
				    "\"msg\":\"log lines dropped\",\"count\":";
	char			text[160], instant[INSTANT_TEXT], *p = text;

	p = (char *)mempcpy(p, before, sizeof(before) - 1);
	instant_format(clock_real_us(), instant);
	p = (char *)mempcpy(p, instant, strlen(instant));
	p = (char *)mempcpy(p, middle, sizeof(middle) - 1);
	p += decimal_write(p, (uint64_t)dropped);
	p = (char *)mempcpy(p, "}\n", 2);
	if (ring_put(text, (size_t)(p - text)))
		dropped = 0;
}
