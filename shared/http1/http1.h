/*
 * http1.h -- strict HTTP/1.1 messages (RFC 9112): a parser for requests and
 * responses and a writer for heads. Pure C on bytes; no sockets, no heap.
 *
 * The parser works in place on the connection's input buffer: it is given all
 * bytes not yet consumed and either needs more, has a complete head (spans
 * point into the buffer) or refuses with a status. Bodies are then walked by
 * http1_body(), which hands out spans of payload and removes chunk framing.
 *
 * Refused with 400: CL with TE, repeated or non-digit CL, CL that begins
 * with a needless 0, any TE but a single
 * `chunked`, obs-fold, bare LF or CR, NUL or control bytes, space before a
 * colon, bad header name characters, no or several Host in a request, a
 * request target that is not origin-form with visible ASCII (`*` only for
 * OPTIONS), chunk extensions over 64 bytes, trailers over the header bound,
 * HTTP versions other than 1.0/1.1 (505). Limits: request line 8 KB (414),
 * head 16 KB (431), 64 header lines (431).
 */
#ifndef YJY_HTTP1_H
#define YJY_HTTP1_H

#include "base/base.h"
#include "base/buf.h"

#define HTTP1_HEADERS_MAX	64
#define HTTP1_HEAD_MAX		16384
#define HTTP1_LINE_MAX		8192

enum method {
	METHOD_NONE, METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT,
	METHOD_PATCH, METHOD_DELETE, METHOD_OPTIONS, METHODS
};

struct span {
	const char	*p;
	size_t		 len;
};

struct http1_header {
	struct span	name;		/* as sent; compare with http1_is() */
	struct span	value;		/* trimmed; may be empty */
};

struct http1_head {
	/* requests */
	enum method		 method;
	struct span		 method_text;
	struct span		 target;	/* path and query, undecoded */
	struct span		 path, query;	/* query without '?', may be empty */
	struct span		 host;
	/* responses */
	int			 status;
	struct span		 reason;
	/* both */
	int			 minor;		/* HTTP/1.minor */
	struct http1_header	 headers[HTTP1_HEADERS_MAX];
	size_t			 nheaders;
	bool			 keep_alive;
	bool			 expect_continue;
	bool			 chunked;
	bool			 has_length;
	bool			 underscore;	/* a field name has '_' */
	uint64_t		 length;	/* body bytes when has_length */
	size_t			 head_len;	/* bytes the head took, blank line included */
};

enum http1_result { HTTP1_MORE, HTTP1_DONE, HTTP1_BAD };

/* On HTTP1_BAD *status is the reply (400, 414, 431, 501, 505). `scanned` lets a
 * trickling head be examined once: zero it for each new message. */
enum http1_result	http1_request(const char *, size_t, struct http1_head *,
			    size_t *scanned, int *status);
/* `to_head`: the answer to HEAD, which has no body. Body until close when
 * neither chunked nor has_length and the status allows a body. */
enum http1_result	http1_response(const char *, size_t, struct http1_head *,
			    size_t *scanned);

const struct span	*http1_header(const struct http1_head *, const char *name);
bool			 http1_is(struct span, const char *lower_case_name);

struct http1_body {
	enum { BODY_NONE, BODY_LENGTH, BODY_CHUNKED, BODY_CLOSE } kind;
	int		state;
	uint64_t	left;		/* of the length or the current chunk */
	uint64_t	seen;		/* payload bytes so far */
};

void	http1_body_init(struct http1_body *, const struct http1_head *, bool response, bool to_head);
/*
 * Consumes from data: *used bytes are done with, *payload (may be empty) is a
 * span of the data. DONE: message over. Call again while it consumes.
 */
enum http1_result http1_body(struct http1_body *, const char *data, size_t len,
	    size_t *used, struct span *payload);

/* Path: refused are "//", "/./", "/../", ';', and any %XX that is not hex or
 * stands for what may be written plainly (letters, digits, '-' '.' '_' '~'), for
 * '/', '\\', ';', '%' or a control byte: one spelling serves policy and upstream. */
bool	http1_path_ok(struct span path);
/* Takes `name=value`, still escaped, from the front of a query or form; false: none is left. */
bool	http1_pair(struct span *rest, struct span *name, struct span *value);
/* Decodes %XX and '+' of a query or form value. -1: bad escape, NUL or not UTF-8. */
long	http1_unescape(struct span, char *out, size_t cap);

/* What a front of ours says of the connection it hands on (PROXY protocol 1 and 2). */
struct proxy_head {
	char	source[46];	/* the client's address, canonical; "" when `local` */
	bool	local;		/* the front speaks for itself */
	bool	tls;		/* the client came over TLS (version 2 only) */
	size_t	len;		/* bytes it took */
};
enum http1_result http1_proxy(const char *, size_t, struct proxy_head *);

void	http1_write_status(struct buf *, int status);		/* "HTTP/1.1 200 OK\r\n" */
void	http1_write_header(struct buf *, const char *name, const char *value);
const char *http1_reason(int status);

#endif
