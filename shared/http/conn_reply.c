/*
 * conn_reply.c -- whole replies: one head, one body, one write. Here is also
 * decided, once per reply, whether the connection lives on.
 */
#include "http/http_priv.h"
#include "base/clock.h"
#include "http/errors.h"

#define HEAD_BYTES_MAX	((size_t)1 << 20)
#define COPY_MAX	16384	/* bodies up to this are copied behind their head */
#define DATE_LINE	37	/* "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" */
#define SECOND_US	1000000

static void		 decide_close(struct exchange *);
static const char	*date_line(void);
static enum error_code	 problem_of(int);

static struct buf	 head;

void
exchange_reply(struct exchange *x, int status, const char *headers,
    size_t headers_len, const void *body, size_t len)
{
	struct iovec	 iov[2];
	struct buf	*h;
	int		 n = 1;

	if (x->begun || exchange_gone(x))
		return;
	if (body_is_long(x->conn))
		x->conn->close_after = true;
	h = reply_head(x, status, headers, headers_len, len);
	x->begun = x->ended = true;
	if (reply_bodiless(x, status))
		len = 0;
	if (len <= COPY_MAX)
		buf_add(h, body, len);
	else {
		iov[1].iov_base = (void *)(uintptr_t)body;
		iov[1].iov_len = len;
		n = 2;
	}
	iov[0].iov_base = h->data;
	iov[0].iov_len = h->len;
	if (buf_ok(h))
		hconn_send(x->conn, iov, n);
	else
		exchange_abort(x);
}

bool
reply_bodiless(const struct exchange *x, int status)
{
	return (x->head.method == METHOD_HEAD || status < 200 || status == 204 ||
	    status == 304);
}

struct buf *
reply_head(struct exchange *x, int status, const char *headers, size_t len,
    int64_t length)
{
	bool	framed = status >= 200 && status != 204 && status != 304;

	decide_close(x);
	if (head.max == 0)
		buf_init(&head, HEAD_BYTES_MAX);
	buf_clear(&head);
	http1_write_status(&head, status);
	buf_add(&head, date_line(), DATE_LINE);
	if (framed && length >= 0) {
		buf_adds(&head, "Content-Length: ");
		buf_add_int(&head, length);
		buf_add(&head, "\r\n", 2);
	} else if (framed && x->chunked)
		buf_adds(&head, "Transfer-Encoding: chunked\r\n");
	if (x->conn->close_after)
		buf_adds(&head, "Connection: close\r\n");
	else if (x->head.minor == 0)
		buf_adds(&head, "Connection: keep-alive\r\n");
	buf_add(&head, headers, len);
	buf_add(&head, "\r\n", 2);
	return (&head);
}

/*
 * Not another request when we drain, nor when the client waits for a 100 that
 * never came: it may then send the body or leave it out.
 */
static void
decide_close(struct exchange *x)
{
	struct hconn	*c = x->conn;

	if (hconn_draining() || (x->head.expect_continue && !x->continued &&
	    c->body.kind != BODY_NONE && window_len(&c->in) == 0))
		c->close_after = true;
}

/* IMF-fixdate, made once a second. */
static const char *
date_line(void)
{
	static const char	days[] = "SunMonTueWedThuFriSat";
	static const char	months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static char		line[80];
	static int64_t		next_us;
	int64_t			real_us;
	struct tm		tm;
	time_t			t;

	if (loop_now_us() < next_us)
		return (line);
	real_us = clock_real_us();
	next_us = loop_now_us() + SECOND_US - real_us % SECOND_US;
	t = real_us / SECOND_US;
	gmtime_r(&t, &tm);
	(void)snprintf(line, sizeof(line),
	    "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return (line);
}

/* What never became a request has no language: Chinese, as by default. */
void
hconn_refuse(struct hconn *c, int status)
{
	const struct error_row	*row = error_row(problem_of(status));
	char			 body[512], text[1024];
	struct iovec		 iov = { .iov_base = text };
	int			 n;

	hconn_count_refused(status);
	n = snprintf(body, sizeof(body),
	    "{\"type\":\"urn:yjy365:problem:%s\",\"title\":\"%s\",\"status\":%d,"
	    "\"code\":\"%s\"}", row->code, row->zh, status, row->code);
	n = snprintf(text, sizeof(text), "HTTP/1.1 %d %s\r\n%sContent-Length: %d\r\n"
	    "Connection: close\r\nContent-Type: application/problem+json\r\n"
	    "Content-Language: zh-CN\r\nCache-Control: no-store\r\n\r\n%s",
	    status, http1_reason(status), date_line(), n, body);
	iov.iov_len = n;
	hconn_send(c, &iov, 1);
	if (c->fd != -1)
		hconn_end(c, true);
}

static enum error_code
problem_of(int status)
{
	switch (status) {
	case 408:
		return (ERR_TIMEOUT_IN);
	case 414:
	case 431:
		return (ERR_HEADERS);
	case 501:
		return (ERR_METHOD);
	default:
		return (ERR_BAD_REQUEST);
	}
}
