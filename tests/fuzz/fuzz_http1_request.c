/*
 * fuzz_http1_request.c -- any bytes as a request, whole and in two pieces:
 * same result, same head, same body. A head that passes is held to what the
 * parser promises about it.
 */
#include "fuzz_http1.h"

struct parsed {
	enum http1_result	result;
	int			status;
	struct http1_body	body;
	struct buf		words;
	size_t			head_len;
};

/* Nothing that passes may still be ambiguous to whoever reads it next. */
static void
promises_hold(const struct http1_head *h)
{
	const struct span	*s;
	char			 out[HTTP1_HEAD_MAX];
	long			 n;
	size_t			 i, hosts = 0;

	MUST(h->method > METHOD_NONE && h->method < METHODS);
	MUST(!(h->chunked && h->has_length));
	MUST(h->head_len <= HTTP1_HEAD_MAX && h->nheaders <= HTTP1_HEADERS_MAX);
	for (i = 0; i < h->nheaders; i++) {
		s = &h->headers[i].value;
		MUST(h->headers[i].name.len > 0);
		MUST(memchr(s->p, '\r', s->len) == NULL);
		MUST(memchr(s->p, '\n', s->len) == NULL);
		MUST(memchr(s->p, '\0', s->len) == NULL);
		MUST(s->len == 0 || (s->p[0] != ' ' && s->p[s->len - 1] != ' '));
		hosts += http1_is(h->headers[i].name, "host");
	}
	MUST(hosts == 1 && h->host.len > 0);
	if (http1_path_ok(h->path) && memchr(h->path.p, '+', h->path.len) == NULL) {
		n = http1_unescape(h->path, out, sizeof(out));
		MUST(n < 0 || (strstr(out, "//") == NULL &&
		    strstr(out, "/../") == NULL && strstr(out, "/./") == NULL));
	}
	n = http1_unescape(h->query, out, sizeof(out));
	MUST(n < 0 || (size_t)n == strlen(out));
}

/* Gives the parser `first` bytes and then all of them. */
static void
parse(const char *data, size_t len, size_t first, struct parsed *p)
{
	static struct http1_head	 head;
	size_t				 scanned = 0;
	char				*copy = copy_of(data, first);

	p->status = 0;
	buf_init(&p->words, 1024 * 1024);
	p->result = http1_request(copy, first, &head, &scanned, &p->status);
	if (p->result == HTTP1_MORE && first < len) {
		free(copy);
		copy = copy_of(data, len);
		p->result = http1_request(copy, len, &head, &scanned, &p->status);
	}
	if (p->result == HTTP1_DONE) {
		promises_hold(&head);
		describe(&p->words, &head);
		http1_body_init(&p->body, &head, false, false);
		p->head_len = head.head_len;
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char	*data = (const char *)bytes;
	struct parsed	 whole, cut;
	uint32_t	 seed;

	if (len < 2)
		return (0);
	seed = data[0] | (uint32_t)bytes[1] << 8;
	data += 2;
	len -= 2;
	parse(data, len, len, &whole);
	parse(data, len, len == 0 ? 0 : seed % len, &cut);
	MUST(whole.result == cut.result);
	if (whole.result == HTTP1_BAD)
		MUST(whole.status == cut.status && whole.status >= 400);
	heads_agree(&whole.words, &cut.words);
	if (whole.result == HTTP1_DONE)
		bodies_agree(&whole.body, data + whole.head_len,
		    len - whole.head_len, seed);
	return (0);
}
