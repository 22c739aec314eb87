/*
 * net.c -- sockets for the loop: listeners with SO_REUSEPORT, accepted and
 * outgoing connections, always non-blocking. Names are resolved only at
 * start: getaddrinfo blocks and needs more stack than a coroutine has.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <unistd.h>

#include "loop/loop.h"
#include "base/log.h"

#define BACKLOG	1024

struct net_addr {
	struct sockaddr_storage	sa;
	socklen_t		len;
};

static bool	addr_unix(const char *, struct net_addr *);
static bool	addr_inet(const char *, struct net_addr *);
static int	port_of(int);

struct net_addr *
net_resolve(const char *address)
{
	struct net_addr	*a;
	bool		 ok;

	if ((a = calloc(1, sizeof(*a))) == NULL)
		log_die("net: out of memory");
	if (strncmp(address, "unix:", 5) == 0)
		ok = addr_unix(address + 5, a);
	else
		ok = addr_inet(address, a);
	if (ok)
		return (a);
	free(a);
	return (NULL);
}

int
net_listen(const char *host_port, int *port)
{
	struct net_addr	*a;
	int		 fd, on = 1;

	if ((a = net_resolve(host_port)) == NULL) {
		log_error("net: cannot resolve %s", host_port);
		return (-1);
	}
	fd = socket(a->sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		goto out;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == -1 ||
	    bind(fd, (struct sockaddr *)&a->sa, a->len) == -1 ||
	    listen(fd, BACKLOG) == -1) {
		log_error("net: cannot listen on %s: %s", host_port, strerror(errno));
		close(fd);
		fd = -1;
		goto out;
	}
	*port = port_of(fd);
out:
	free(a);
	return (fd);
}

int
net_accept(int listen_fd)
{
	int	fd, on = 1;

	fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd == -1)
		return (-1);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return (fd);
}

int
net_connect(const struct net_addr *a)
{
	int	fd, on = 1;

	fd = socket(a->sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return (-1);
	if (a->sa.ss_family != AF_UNIX)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (const struct sockaddr *)&a->sa, a->len) == -1 &&
	    errno != EINPROGRESS) {
		close(fd);
		return (-1);
	}
	return (fd);
}

static bool
addr_unix(const char *path, struct net_addr *a)
{
	struct sockaddr_un	*un = (struct sockaddr_un *)&a->sa;

	if (strlen(path) >= sizeof(un->sun_path))
		return (false);
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, strlen(path) + 1);
	a->len = sizeof(*un);
	return (true);
}

/* host:port, [v6]:port; a numeric host needs no resolver. */
static bool
addr_inet(const char *address, struct net_addr *a)
{
	struct addrinfo	 hints, *res;
	char		 host[256];
	const char	*colon, *begin = address;
	size_t		 n;

	if ((colon = strrchr(address, ':')) == NULL)
		return (false);
	n = (size_t)(colon - begin);
	if (n >= 2 && begin[0] == '[' && begin[n - 1] == ']') {
		begin++;
		n -= 2;
	}
	if (n == 0 || n >= sizeof(host))
		return (false);
	memcpy(host, begin, n);
	host[n] = '\0';
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICSERV;
	if (getaddrinfo(host, colon + 1, &hints, &res) != 0)
		return (false);
	memcpy(&a->sa, res->ai_addr, res->ai_addrlen);
	a->len = res->ai_addrlen;
	freeaddrinfo(res);
	return (true);
}

static int
port_of(int fd)
{
	struct sockaddr_storage	sa;
	socklen_t		len = sizeof(sa);

	if (getsockname(fd, (struct sockaddr *)&sa, &len) == -1)
		return (0);
	if (sa.ss_family == AF_INET)
		return (ntohs(((struct sockaddr_in *)&sa)->sin_port));
	if (sa.ss_family == AF_INET6)
		return (ntohs(((struct sockaddr_in6 *)&sa)->sin6_port));
	return (0);
}
