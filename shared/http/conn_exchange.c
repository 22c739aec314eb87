/*
 * conn_exchange.c -- the life of an exchange, from a complete head to
 * exchange_done(), and the free list they come from.
 *
 * Invariant: one exchange a connection. It begins on the main stack and may
 * end anywhere; what the connection does next happens on the main stack.
 */
#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/http_priv.h"
#include "base/log.h"

#ifdef YJY_ASAN
#define SPARE_MAX	1	/* so that a use after the end is seen */
#else
#define SPARE_MAX	128
#endif

static void	exchange_free(struct exchange *);
static void	hconn_continue(struct hconn *, struct exchange *);

static struct exchange	*spare;		/* free list; the first is parsed into */
static size_t		 nspare, nlive;

struct exchange *
exchange_spare(void)
{
	struct exchange	*x;

	if (spare != NULL)
		return (spare);
	if ((x = malloc(sizeof(*x))) == NULL)
		log_die("http: out of memory");
	x->next = NULL;
	arena_init(&x->arena);
	memset(&x->head_bytes, 0, sizeof(x->head_bytes));
	spare = x;
	nspare++;
	return (x);
}

void
exchange_enter(struct hconn *c)
{
	struct exchange	*x = spare;

	spare = x->next;
	nspare--;
	nlive++;
	x->conn = c;
	x->waited_ms = 0;
	x->left = -1;
	x->continued = x->begun = x->ended = false;
	x->bodiless = x->chunked = x->dead = false;
	c->x = x;
	c->in.off += x->head.head_len;
	c->scanned = 0;
	c->in_head = false;
	hconn_deadline(c, -1);
	http1_body_init(&c->body, &x->head, false, false);
	if (!x->head.keep_alive)
		c->close_after = true;
	hconn_enter(x);
}

const struct http1_head *
exchange_head(const struct exchange *x)
{
	return (&x->head);
}

struct arena *
exchange_arena(struct exchange *x)
{
	return (&x->arena);
}

bool
exchange_gone(const struct exchange *x)
{
	return (x->dead || x->conn->fd == -1);
}

bool
exchange_hung_up(const struct exchange *x)
{
	return (exchange_gone(x) || x->conn->hup);
}

size_t
http_open_exchanges(void)
{
	return (nlive);
}

const char *
exchange_peer(const struct exchange *x)
{
	struct hconn	*c = x->conn;

	if (c->peer[0] != '\0')
		return (c->peer);
	return (c->fd != -1 && peer_of(c->fd, c->peer) ? c->peer : "");
}

bool
exchange_tls(const struct exchange *x)
{
	return (x->conn->tls);
}

bool
peer_of(int fd, char text[46])
{
	struct sockaddr_storage	 sa;
	socklen_t		 len = sizeof(sa);
	const void		*address = NULL;

	if (getpeername(fd, (struct sockaddr *)&sa, &len) == -1)
		return (false);
	if (sa.ss_family == AF_INET)
		address = &((struct sockaddr_in *)&sa)->sin_addr;
	else if (sa.ss_family == AF_INET6)
		address = &((struct sockaddr_in6 *)&sa)->sin6_addr;
	return (address != NULL && inet_ntop(sa.ss_family, address, text, 46) != NULL);
}

void
exchange_done(struct exchange *x)
{
	struct hconn	*c = x->conn;

	if (c->fd != -1 && !x->ended) {
		log_error("http: an exchange ended without a whole reply");
		exchange_abort(x);
	}
	c->x = NULL;
	nlive--;
	if (c->fd == -1)
		hconn_free(c);
	else
		hconn_continue(c, x);
	exchange_free(x);
}

/* Chooses what comes next; asks to be called again only if that is now. */
static void
hconn_continue(struct hconn *c, struct exchange *x)
{
	if (c->close_after || body_is_long(c))
		hconn_end(c, x->dead || c->body.kind != BODY_NONE);
	else if (c->body.kind != BODY_NONE) {
		c->phase = PHASE_DISCARD;
		c->dropped = 0;
		hconn_wait_body(c);
	} else
		hconn_wait_idle(c);

	if (c->stepping)
		return;
	if (c->phase != PHASE_HEAD || c->readable || hconn_draining() ||
	    window_len(&c->in) > 0)
		loop_defer(&c->again);
	else
		window_release(&c->in);
}

static void
exchange_free(struct exchange *x)
{
	window_release(&x->head_bytes);
	if (nspare + 1 > SPARE_MAX) {
		arena_release(&x->arena);
		free(x);
		return;
	}
	arena_clear(&x->arena);
	x->next = spare;
	spare = x;
	nspare++;
}
