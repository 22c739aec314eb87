/*
 * write.c -- status lines, reasons and header lines of messages we send.
 */
#include "http1/http1_priv.h"

#define ROW(status, reason) \
	[(status) - 100] = { "HTTP/1.1 " #status " " reason "\r\n", reason }

static const struct {
	const char	*line;
	const char	*reason;
} rows[500] = {
	ROW(100, "Continue"),
	ROW(101, "Switching Protocols"),
	ROW(200, "OK"),
	ROW(201, "Created"),
	ROW(202, "Accepted"),
	ROW(204, "No Content"),
	ROW(206, "Partial Content"),
	ROW(301, "Moved Permanently"),
	ROW(302, "Found"),
	ROW(303, "See Other"),
	ROW(304, "Not Modified"),
	ROW(307, "Temporary Redirect"),
	ROW(308, "Permanent Redirect"),
	ROW(400, "Bad Request"),
	ROW(401, "Unauthorized"),
	ROW(403, "Forbidden"),
	ROW(404, "Not Found"),
	ROW(405, "Method Not Allowed"),
	ROW(406, "Not Acceptable"),
	ROW(408, "Request Timeout"),
	ROW(409, "Conflict"),
	ROW(410, "Gone"),
	ROW(411, "Length Required"),
	ROW(412, "Precondition Failed"),
	ROW(413, "Content Too Large"),
	ROW(414, "URI Too Long"),
	ROW(415, "Unsupported Media Type"),
	ROW(416, "Range Not Satisfiable"),
	ROW(417, "Expectation Failed"),
	ROW(421, "Misdirected Request"),
	ROW(422, "Unprocessable Content"),
	ROW(423, "Locked"),
	ROW(425, "Too Early"),
	ROW(428, "Precondition Required"),
	ROW(429, "Too Many Requests"),
	ROW(431, "Request Header Fields Too Large"),
	ROW(451, "Unavailable For Legal Reasons"),
	ROW(500, "Internal Server Error"),
	ROW(501, "Not Implemented"),
	ROW(502, "Bad Gateway"),
	ROW(503, "Service Unavailable"),
	ROW(504, "Gateway Timeout"),
	ROW(505, "HTTP Version Not Supported"),
};

static void	add_printable(struct buf *, const char *);

void
http1_write_status(struct buf *out, int status)
{
	if (status >= 100 && status < 600 && rows[status - 100].line != NULL)
		buf_adds(out, rows[status - 100].line);
	else
		buf_addf(out, "HTTP/1.1 %03d \r\n", status);
}

const char *
http1_reason(int status)
{
	if (status < 100 || status > 599 || rows[status - 100].reason == NULL)
		return ("");
	return (rows[status - 100].reason);
}

void
http1_write_header(struct buf *out, const char *name, const char *value)
{
	add_printable(out, name);
	buf_add(out, ": ", 2);
	add_printable(out, value);
	buf_add(out, "\r\n", 2);
}

/* A control byte becomes a space: no value can end its line. */
static void
add_printable(struct buf *out, const char *text)
{
	const char	*from = text;

	for (;;) {
		while (http1_char(*text, CHAR_VALUE))
			text++;
		buf_add(out, from, text - from);
		if (*text == '\0')
			return;
		buf_addc(out, ' ');
		from = ++text;
	}
}
