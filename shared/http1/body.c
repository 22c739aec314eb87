/*
 * body.c -- walks a message's body and removes chunk framing.
 *
 * The walker keeps its place between calls, so it never needs a byte twice:
 * any cut of the input gives the same payload, end and refusal. Framing is
 * bounded as strictly as heads are: 16 digits of size, 64 bytes of extension,
 * HTTP1_HEAD_MAX bytes of trailer.
 */
#include "http1/http1_priv.h"

#define DIGITS_MAX	16
#define EXTENSION_MAX	64

/* Where in the chunked coding; `state` counts digits or bytes above these bits. */
enum place {
	SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF,
	LINE, NAME, VALUE, VALUE_LF, LAST_LF, OVER
};
#define PLACE_BITS	8
#define COUNT_ONE	(1 << PLACE_BITS)

static enum http1_result	walk_counted(struct http1_body *, const char *,
				    size_t, size_t *, struct span *);
static enum http1_result	walk_chunked(struct http1_body *, const char *,
				    size_t, size_t *, struct span *);
static int			step(struct http1_body *, char);
static int			step_size(struct http1_body *, char);
static int			step_trailer(struct http1_body *, char);

static inline void
go(struct http1_body *b, enum place place)
{
	b->state = place;
}

static inline enum place
place_of(const struct http1_body *b)
{
	return (b->state & (COUNT_ONE - 1));
}

void
http1_body_init(struct http1_body *b, const struct http1_head *h, bool response,
    bool to_head)
{
	b->state = 0;
	b->left = b->seen = 0;
	b->kind = BODY_NONE;
	if (response && (to_head || h->status < 200 || h->status == 204 ||
	    h->status == 304))
		return;
	if (h->chunked) {
		b->kind = BODY_CHUNKED;
		go(b, SIZE);
	} else if (h->has_length) {
		b->left = h->length;
		if (b->left > 0)
			b->kind = BODY_LENGTH;
	} else if (response)
		b->kind = BODY_CLOSE;
}

enum http1_result
http1_body(struct http1_body *b, const char *data, size_t len, size_t *used,
    struct span *payload)
{
	payload->p = data;
	payload->len = 0;
	*used = 0;
	switch (b->kind) {
	case BODY_LENGTH:
		return (walk_counted(b, data, len, used, payload));
	case BODY_CHUNKED:
		return (walk_chunked(b, data, len, used, payload));
	case BODY_CLOSE:
		payload->len = *used = len;
		b->seen += len;
		return (HTTP1_MORE);
	default:
		return (HTTP1_DONE);
	}
}

/* Takes what there is of the counted bytes. */
static enum http1_result
walk_counted(struct http1_body *b, const char *data, size_t len, size_t *used,
    struct span *payload)
{
	size_t	n = len < b->left ? len : b->left;

	payload->p = data;
	payload->len = n;
	*used += n;
	b->left -= n;
	b->seen += n;
	return (b->left == 0 ? HTTP1_DONE : HTTP1_MORE);
}

/* Framing byte by byte up to the next data, which is handed out as a span. */
static enum http1_result
walk_chunked(struct http1_body *b, const char *data, size_t len, size_t *used,
    struct span *payload)
{
	while (*used < len) {
		if (place_of(b) == DATA) {
			if (walk_counted(b, data + *used, len - *used, used,
			    payload) == HTTP1_DONE)
				go(b, DATA_CR);
			return (HTTP1_MORE);
		}
		if (place_of(b) == OVER)
			break;
		if (step(b, data[*used]) == -1)
			return (HTTP1_BAD);
		(*used)++;
	}
	return (place_of(b) == OVER ? HTTP1_DONE : HTTP1_MORE);
}

/* One byte of framing. -1: it may not stand here. */
static int
step(struct http1_body *b, char c)
{
	switch (place_of(b)) {
	case SIZE:
	case EXTENSION:
		return (step_size(b, c));
	case SIZE_LF:
		go(b, b->left > 0 ? DATA : LINE);
		return (c == '\n' ? 0 : -1);
	case DATA_CR:
		go(b, DATA_LF);
		return (c == '\r' ? 0 : -1);
	case DATA_LF:
		go(b, SIZE);
		return (c == '\n' ? 0 : -1);
	default:
		return (step_trailer(b, c));
	}
}

static int
step_size(struct http1_body *b, char c)
{
	int	n = b->state >> PLACE_BITS, digit;

	b->state += COUNT_ONE;
	if (place_of(b) == EXTENSION) {
		if (c == '\r')
			go(b, SIZE_LF);
		else if (n == EXTENSION_MAX || !http1_char(c, CHAR_VALUE))
			return (-1);
		return (0);
	}
	if ((digit = http1_hex(c)) != -1) {
		if (n == DIGITS_MAX || b->left >> 56 != 0)
			return (-1);
		b->left = b->left << 4 | digit;
		return (0);
	}
	if (n == 0 || (c != '\r' && c != ';'))
		return (-1);
	if (c == '\r')
		go(b, SIZE_LF);
	else
		b->state = EXTENSION | COUNT_ONE;
	return (0);
}

/* Trailer fields are checked and dropped; `left`, free by now, counts them. */
static int
step_trailer(struct http1_body *b, char c)
{
	if (++b->left > HTTP1_HEAD_MAX)
		return (-1);
	switch (place_of(b)) {
	case LINE:
		go(b, c == '\r' ? LAST_LF : NAME);
		return (c == '\r' || http1_char(c, CHAR_TOKEN) ? 0 : -1);
	case NAME:
		if (c == ':')
			go(b, VALUE);
		return (c == ':' || http1_char(c, CHAR_TOKEN) ? 0 : -1);
	case VALUE:
		if (c == '\r')
			go(b, VALUE_LF);
		return (c == '\r' || http1_char(c, CHAR_VALUE) ? 0 : -1);
	case VALUE_LF:
		go(b, LINE);
		return (c == '\n' ? 0 : -1);
	case LAST_LF:
		go(b, OVER);
		return (c == '\n' ? 0 : -1);
	default:
		return (-1);
	}
}
