/*
 * gzip.c -- replies made smaller for who asked (RFC 9110 12.5.3): only text,
 * from a kilobyte on, never what is compressed already, never an event stream,
 * and never under a strong ETag, which names the bytes as the service sent them.
 *
 * A compressor takes some 100 kB; a few are kept. Nothing of this is touched
 * by a reply that is small or that nobody asked to have compressed.
 */
#include <zlib.h>

#include "gateway.h"
#include "base/log.h"
#include "http/edge.h"

#define LEAST		1024	/* bytes worth the trouble */
#define LEVEL		3
#define WINDOW_BITS	(13 + 16)	/* 8 kB, in a gzip frame */
#define MEMORY		7
#define SPARE_MAX	8

struct gzip {
	struct gzip	*next;
	z_stream	 z;
	unsigned char	 out[16384];
};

static bool	text_type(struct span);
static bool	begins(struct span, const char *);
static bool	ends(struct span, const char *);

static struct gzip	*spare;
static size_t		 nspare;

bool
gzip_wanted(struct span accept)
{
	int	gzip = head_weight(accept, "gzip"), plain = head_weight(accept, "identity");

	if (gzip == -1)
		gzip = head_weight(accept, "x-gzip");
	if (gzip == -1)
		gzip = head_weight(accept, "*");
	return (gzip > 0 && gzip >= plain);
}

/* Whether this reply is one that depends on Accept-Encoding. */
bool
gzip_fits(const struct http1_head *reply)
{
	const struct span	*type, *tag, *control;

	if ((reply->has_length && reply->length < LEAST) || reply->status == 206 ||
	    (type = http1_header(reply, "content-type")) == NULL || !text_type(*type) ||
	    http1_header(reply, "content-encoding") != NULL)
		return (false);
	if ((tag = http1_header(reply, "etag")) != NULL && tag->len > 0 && tag->p[0] == '"')
		return (false);
	control = http1_header(reply, "cache-control");
	return (control == NULL || memmem(control->p, control->len, "no-transform", 12) == NULL);
}

static bool
text_type(struct span type)
{
	const char	*end = memchr(type.p, ';', type.len);

	if (end != NULL)
		type.len = (size_t)(end - type.p);
	while (type.len > 0 && type.p[type.len - 1] == ' ')
		type.len--;
	if (http1_is(type, "text/event-stream"))
		return (false);
	return (begins(type, "text/") || http1_is(type, "application/json") ||
	    http1_is(type, "application/xml") || http1_is(type, "application/javascript") ||
	    http1_is(type, "image/svg+xml") || ends(type, "+json") || ends(type, "+xml"));
}

static bool
begins(struct span s, const char *with)
{
	return (s.len >= strlen(with) && strncasecmp(s.p, with, strlen(with)) == 0);
}

static bool
ends(struct span s, const char *with)
{
	size_t	n = strlen(with);

	return (s.len >= n && strncasecmp(s.p + s.len - n, with, n) == 0);
}

struct gzip *
gzip_open(void)
{
	struct gzip	*g = spare;

	if (g != NULL) {
		spare = g->next;
		nspare--;
		(void)deflateReset(&g->z);
		return (g);
	}
	if ((g = calloc(1, sizeof(*g))) == NULL || deflateInit2(&g->z, LEVEL, Z_DEFLATED,
	    WINDOW_BITS, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		log_die("gzip: out of memory");
	return (g);
}

void
gzip_close(struct gzip *g)
{
	if (g == NULL)
		return;
	if (nspare == SPARE_MAX) {
		(void)deflateEnd(&g->z);
		free(g);
		return;
	}
	g->next = spare;
	spare = g;
	nspare++;
}

void
gzip_put(struct gzip *g, struct span in)
{
	g->z.next_in = (unsigned char *)(uintptr_t)in.p;
	g->z.avail_in = (unsigned int)in.len;
}

/*
 * The next compressed bytes of what was put; empty: it is all used up. `how`
 * says what the input is: more follows at once, a piece that must get through
 * by itself, or the end.
 */
struct span
gzip_take(struct gzip *g, enum gzip_how how)
{
	static const int	flush[] = {
		[GZIP_MORE] = Z_NO_FLUSH, [GZIP_PIECE] = Z_SYNC_FLUSH, [GZIP_END] = Z_FINISH
	};

	g->z.next_out = g->out;
	g->z.avail_out = sizeof(g->out);
	(void)deflate(&g->z, flush[how]);
	return (struct span){ (char *)g->out, sizeof(g->out) - g->z.avail_out };
}

/* A body in one go; false, and *out untouched, when that does not make it smaller. */
bool
gzip_whole(struct arena *a, struct span in, struct span *out)
{
	struct gzip	*g = gzip_open();
	char		*to = arena_alloc(a, in.len);
	bool		 smaller;

	gzip_put(g, in);
	g->z.next_out = (unsigned char *)to;
	g->z.avail_out = (unsigned int)in.len;
	smaller = deflate(&g->z, Z_FINISH) == Z_STREAM_END;
	if (smaller)
		*out = (struct span){ to, in.len - g->z.avail_out };
	gzip_close(g);
	return (smaller);
}
