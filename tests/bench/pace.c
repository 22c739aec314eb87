/*
 * pace.c -- an open-loop load generator: requests leave at a constant rate,
 * answered or not, and each is timed from the moment it was due, so a stall is
 * paid by every request it holds up. One thread, keep-alive connections.
 *
 *	pace PORT RATE SECONDS CONNECTIONS <request	# the whole request on standard input
 *
 * Prints: requests p50_us p99_us max_us bad late. `late` counts requests that
 * found no free connection when they were due; their waiting is in the figures.
 */
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX	1024
#define REQUEST_MAX	65536
#define REPLY_MAX	65536
#define US		INT64_C(1000000)

struct conn {
	int	 fd;
	int64_t	 due_us;		/* of the request under way; 0: free */
	size_t	 len, wanted;
	char	 reply[REPLY_MAX];
};

static int64_t	now_us(void);
static int	conn_open(struct conn *, int, int);
static void	conn_send(struct conn *, int64_t);
static bool	conn_read(struct conn *);
static size_t	reply_size(const struct conn *);
static int	by_size(const void *, const void *);
static void	run(struct conn *, size_t, int, int64_t, int64_t);

static char	 request[REQUEST_MAX];
static size_t	 request_len;
static int64_t	*took, ntook, bad, late;

int
main(int argc, char **argv)
{
	static struct conn	 conns[CONNECTIONS_MAX];
	int64_t			 rate, seconds;
	size_t			 n, i;
	int			 ep = epoll_create1(0);

	if (argc != 5)
		return (2);
	rate = atoll(argv[2]);
	seconds = atoll(argv[3]);
	n = (size_t)atoll(argv[4]);
	(void)prctl(PR_SET_TIMERSLACK, 1UL);
	request_len = fread(request, 1, sizeof(request), stdin);
	took = calloc((size_t)(rate * seconds) + 1, sizeof(*took));
	if (took == NULL || n == 0 || n > CONNECTIONS_MAX || rate < 1 || seconds < 1)
		return (2);
	for (i = 0; i < n; i++)
		if (conn_open(&conns[i], atoi(argv[1]), ep) == -1) {
			perror("connect");
			return (1);
		}
	run(conns, n, ep, rate, seconds);
	if (ntook == 0)
		return (1);
	qsort(took, (size_t)ntook, sizeof(*took), by_size);
	printf("%lld %lld %lld %lld %lld %lld\n", (long long)ntook, (long long)took[ntook / 2],
	    (long long)took[ntook * 99 / 100], (long long)took[ntook - 1], (long long)bad,
	    (long long)late);
	return (0);
}

static void
run(struct conn *conns, size_t n, int ep, int64_t rate, int64_t seconds)
{
	struct epoll_event	 ready[64];
	int64_t			 begun = now_us(), sent = 0, due, now, wait;
	size_t			 next = 0, i;
	int			 k, got;

	for (;;) {
		now = now_us();
		due = begun + sent * US / rate;
		while (sent < rate * seconds && due <= now) {
			for (i = 0; i < n && conns[next].due_us != 0; i++)
				next = (next + 1) % n;
			if (conns[next].due_us != 0) {
				late++;
				break;
			}
			conn_send(&conns[next], due);
			next = (next + 1) % n;
			due = begun + ++sent * US / rate;
		}
		if (ntook + bad >= rate * seconds || now - begun > (seconds + 5) * US)
			return;
		wait = sent == rate * seconds ? 1000 : due > now ? due - now : 100;
		got = epoll_pwait2(ep, ready, 64, &(struct timespec){ .tv_nsec = wait * 1000 }, NULL);
		for (k = 0; k < got; k++)
			if (!conn_read(ready[k].data.ptr))
				bad++;
	}
}

static int64_t
now_us(void)
{
	struct timespec	t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (t.tv_sec * US + t.tv_nsec / 1000);
}

static int
conn_open(struct conn *c, int port, int ep)
{
	struct sockaddr_in	 to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct epoll_event	 ev = { .events = EPOLLIN, .data.ptr = c };
	int			 on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd == -1 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) == -1)
		return (-1);
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return (epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev));
}

static void
conn_send(struct conn *c, int64_t due)
{
	c->due_us = due;
	c->len = c->wanted = 0;
	if (send(c->fd, request, request_len, MSG_NOSIGNAL) != (ssize_t)request_len)
		bad++;
}

/* False: the reply is no 2xx, or the connection is gone. */
static bool
conn_read(struct conn *c)
{
	ssize_t	n = recv(c->fd, c->reply + c->len, sizeof(c->reply) - 1 - c->len, MSG_DONTWAIT);
	bool	good;

	if (n == -1 && errno == EAGAIN)
		return (true);
	if (n <= 0) {
		(void)close(c->fd);
		return (c->due_us == 0);
	}
	c->len += (size_t)n;
	c->reply[c->len] = '\0';
	if (c->wanted == 0 && (c->wanted = reply_size(c)) == 0)
		return (true);
	if (c->len < c->wanted)
		return (true);
	good = strncmp(c->reply, "HTTP/1.1 2", 10) == 0;
	if (good)
		took[ntook++] = now_us() - c->due_us;
	c->due_us = 0;
	return (good);
}

/* Head and body; 0: the head is not all here. */
static size_t
reply_size(const struct conn *c)
{
	const char	*end = strstr(c->reply, "\r\n\r\n"), *length;

	if (end == NULL)
		return (0);
	length = strcasestr(c->reply, "\r\ncontent-length:");
	return ((size_t)(end + 4 - c->reply) +
	    (length == NULL || length > end ? 0 : (size_t)atoll(length + 17)));
}

static int
by_size(const void *a, const void *b)
{
	int64_t	x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y ? -1 : x > y);
}
