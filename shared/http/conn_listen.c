/*
 * conn_listen.c -- the listeners: the open one, and one for a front of ours
 * that ends TLS and speaks the PROXY protocol. Who is taken in, who is turned
 * away, and how a process leaves while another one beside it takes over.
 *
 * Leaving without a loss: the other process listens on the same port already
 * (SO_REUSEPORT), so first the kernel is told to give every new connection to
 * it; what the kernel had given to us before comes out of our queue while we
 * go on accepting; then the queue is empty and stays so, and closes.
 *
 * Invariant: on the PROXY listener nobody is believed but a peer on this
 * machine or in YJY_PROXIES.
 */
#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/filter.h>
#include <errno.h>
#include <unistd.h>

#include "http/http_priv.h"
#include "base/log.h"
#include "conf/conf.h"

#define ACCEPT_BATCH	64	/* a turn; then others have theirs */
#define ACCEPT_RETRY_MS	50	/* out of descriptors */
#define LEAVE_MS	200	/* what was on its way to us arrives in this time */

struct listener {
	struct watch	*watch;
	struct timer	 retry, leave;
	struct deferred	 again;
	int		 fd;		/* -1: closed */
	bool		 proxied;
};

static int	open_one(struct listener *, const char *, int *);
static void	ready(void *, int);
static void	accept_some(void *);
static bool	accept_one(struct listener *);
static bool	front_is_ours(int);
static void	turn_away(int);
static void	steer_away(int);
static void	leave(void *);

static struct listener	listeners[2] = { { .fd = -1 }, { .fd = -1, .proxied = true } };

int
listeners_open(int *port)
{
	const char	*proxied = conf_text(CONF_LISTEN_PROXY);
	int		 other;

	if (open_one(&listeners[0], conf_text(CONF_LISTEN), port) == -1)
		return (-1);
	if (proxied[0] == '\0')
		return (0);
	if (open_one(&listeners[1], proxied, &other) == -1)
		return (-1);
	log_info("a front of ours is heard on port %d", other);
	return (0);
}

static int
open_one(struct listener *l, const char *address, int *port)
{
	if ((l->fd = net_listen(address, port)) == -1)
		return (-1);
	/* a filter that one who left had put on the port */
	(void)setsockopt(l->fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, NULL, 0);
	timer_init(&l->retry, accept_some, l);
	timer_init(&l->leave, leave, l);
	l->again.run = accept_some;
	l->again.arg = l;
	l->watch = watch_new(l->fd, ready, l);
	return (0);
}

/* New connections go to who listens beside us; if nobody does, still to us. */
void
listeners_leave(void)
{
	struct listener	*l;

	for (l = listeners; l < listeners + NITEMS(listeners); l++) {
		if (l->fd == -1)
			continue;
		steer_away(l->fd);
		timer_arm(&l->leave, LEAVE_MS);
	}
}

bool
listeners_here(void)
{
	return (listeners[0].fd != -1 || listeners[1].fd != -1);
}

/*
 * A filter of the port's group that names the second of its sockets: ours was
 * there first. With no second one the kernel falls back to what there is.
 */
static void
steer_away(int fd)
{
	struct sock_filter	 second = BPF_STMT(BPF_RET | BPF_K, 1);
	struct sock_fprog	 program = { .len = 1, .filter = &second };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program,
	    sizeof(program)) == -1)
		log_warn("http: new connections are not steered away: %s", strerror(errno));
}

static void
leave(void *arg)
{
	struct listener	*l = arg;

	while (accept_one(l))
		continue;
	timer_stop(&l->retry);
	watch_free(&l->watch, false);
	close(l->fd);
	l->fd = -1;
}

static void
ready(void *arg, int what UNUSED)
{
	accept_some(arg);
}

/* Until the queue is empty, but not for ever: the edge is remembered here. */
static void
accept_some(void *arg)
{
	struct listener	*l = arg;
	int		 i;

	for (i = 0; i < ACCEPT_BATCH && l->fd != -1; i++)
		if (!accept_one(l))
			return;
	if (l->fd != -1)
		loop_defer(&l->again);
}

/* False: nobody waits, or there is no descriptor for who does. */
static bool
accept_one(struct listener *l)
{
	int	fd;

	if ((fd = net_accept(l->fd)) == -1) {
		if (errno == ECONNABORTED || errno == EINTR)
			return (true);
		if (errno != EAGAIN && errno != EWOULDBLOCK) {
			log_warn("accept: %s", strerror(errno));
			timer_arm(&l->retry, ACCEPT_RETRY_MS);
		}
		return (false);
	}
	if (l->proxied && !front_is_ours(fd)) {
		log_warn("a stranger at the door of our front");
		close(fd);
	} else if (!hconn_room())
		turn_away(fd);
	else
		hconn_new(fd, l->proxied);
	return (true);
}

static bool
front_is_ours(int fd)
{
	char	peer[INET6_ADDRSTRLEN];

	if (!peer_of(fd, peer))
		return (false);
	return (strncmp(peer, "127.", 4) == 0 || strcmp(peer, "::1") == 0 ||
	    conf_lists(CONF_PROXIES, peer));
}

static void
turn_away(int fd)
{
	static const char	busy[] = "HTTP/1.1 503 Service Unavailable\r\n"
	    "Content-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
	char			drop[WINDOW_SMALL];

	/* A request left unread would turn our close into a reset. */
	(void)recv(fd, drop, sizeof(drop), 0);
	(void)send(fd, busy, sizeof(busy) - 1, MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	close(fd);
}
