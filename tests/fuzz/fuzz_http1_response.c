/*
 * fuzz_http1_response.c -- any bytes as a response, whole and in two pieces:
 * same result, same head, same body; as the answer to GET and to HEAD.
 */
#include "fuzz_http1.h"

struct parsed {
	enum http1_result	result;
	struct http1_body	body, to_head;
	struct buf		words;
	size_t			head_len;
};

static void
parse(const char *data, size_t len, size_t first, struct parsed *p)
{
	static struct http1_head	 head;
	size_t				 scanned = 0;
	char				*copy = copy_of(data, first);

	buf_init(&p->words, 1024 * 1024);
	p->result = http1_response(copy, first, &head, &scanned);
	if (p->result == HTTP1_MORE && first < len) {
		free(copy);
		copy = copy_of(data, len);
		p->result = http1_response(copy, len, &head, &scanned);
	}
	if (p->result == HTTP1_DONE) {
		MUST(head.status >= 100 && head.status <= 599);
		MUST(!(head.chunked && head.has_length));
		describe(&p->words, &head);
		http1_body_init(&p->body, &head, true, false);
		http1_body_init(&p->to_head, &head, true, true);
		MUST(p->to_head.kind == BODY_NONE);
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
	heads_agree(&whole.words, &cut.words);
	if (whole.result == HTTP1_DONE)
		bodies_agree(&whole.body, data + whole.head_len,
		    len - whole.head_len, seed);
	return (0);
}
