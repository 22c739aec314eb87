/*
 * dispatch_head.c -- what the dispatcher reads from a request's head: the
 * headers its gates need, the caller's language, the trace it belongs to.
 */
#include "http/dispatch_priv.h"
#include "http/edge.h"

#define Q_WHOLE	1000	/* q=1.000 */

static int	language_weight(struct span, struct span *);
static int	item_weight(struct span, struct span *);
static struct span list_next(struct span *, char);
static struct span trim(struct span);
static bool	is_word(struct span, const char *);
static bool	lower_hex(const char *, size_t, bool *);

void
head_hear(const struct http1_head *head, struct heard *h)
{
	const struct http1_header	*line;
	size_t				 i;

	for (i = 0; i < head->nheaders; i++) {
		line = &head->headers[i];
		switch (line->name.len) {
		case 11:
			if (http1_is(line->name, "traceparent"))
				h->traceparent = line->value;
			break;
		case 12:
			if (http1_is(line->name, "content-type"))
				h->content_type = line->value;
			else if (http1_is(line->name, "x-request-id"))
				h->request_id = line->value;
			break;
		case 13:
			if (http1_is(line->name, "authorization")) {
				h->authorization = line->value;
				h->nauthorization++;
			}
			break;
		case 15:
			if (http1_is(line->name, "accept-language"))
				h->language = line->value;
			else if (http1_is(line->name, "x-forwarded-for"))
				h->forwarded = line->value;
			else if (http1_is(line->name, "idempotency-key")) {
				h->key = line->value;
				h->nkey++;
			}
			break;
		}
	}
}

/* Chinese unless English is asked for with a higher weight (RFC 9110 12.5.4). */
bool
head_prefers_english(struct span header)
{
	struct span	range;
	int		en = -1, zh = -1, any = 0, q;

	while (header.len > 0) {
		q = language_weight(list_next(&header, ','), &range);
		if (is_word(range, "*"))
			any = q;
		else if (is_word(range, "en") && q > en)
			en = q;
		else if (is_word(range, "zh") && q > zh)
			zh = q;
	}
	return (en > 0 && en > (zh == -1 ? any : zh));
}

/*
 * Trace Context: 00-<32 hex>-<16 hex>-<2 hex>. Later versions may be longer;
 * version ff and all-zero ids are not valid, and then a new trace begins.
 */
void
head_trace(struct span tp, const char *request_id, char out[33])
{
	bool	trace = false, parent = false, flags = false, version = false;
	size_t	i = 0;

	if (tp.len >= 55 && tp.p[2] == '-' && tp.p[35] == '-' && tp.p[52] == '-' &&
	    lower_hex(tp.p, 2, &version) && memcmp(tp.p, "ff", 2) != 0 &&
	    (version ? tp.len == 55 || tp.p[55] == '-' : tp.len == 55) &&
	    lower_hex(tp.p + 3, 32, &trace) && trace &&
	    lower_hex(tp.p + 36, 16, &parent) && parent &&
	    lower_hex(tp.p + 53, 2, &flags)) {
		memcpy(out, tp.p + 3, 32);
		out[32] = '\0';
		return;
	}
	for (; *request_id != '\0' && i < 32; request_id++)
		if (*request_id != '-')
			out[i++] = *request_id;
	out[i] = '\0';
}

/* application/json or application/<x>+json; a charset must be utf-8. */
bool
head_is_json(struct span type)
{
	struct span	media, param;

	if (type.len == 0)
		return (false);
	media = trim(list_next(&type, ';'));
	if (!is_word(media, "application/json") &&
	    !(media.len > 17 && strncasecmp(media.p, "application/", 12) == 0 &&
	    strncasecmp(media.p + media.len - 5, "+json", 5) == 0))
		return (false);
	while (type.len > 0) {
		param = trim(list_next(&type, ';'));
		if (param.len > 8 && strncasecmp(param.p, "charset=", 8) == 0 &&
		    !is_word(param, "charset=utf-8") && !is_word(param, "charset=\"utf-8\""))
			return (false);
	}
	return (true);
}

int
head_weight(struct span list, const char *word)
{
	struct span	named;
	int		q;

	while (list.len > 0) {
		q = item_weight(list_next(&list, ','), &named);
		if (is_word(named, word))
			return (q);
	}
	return (-1);
}

/* "en-GB;q=0.8" gives 800 and the primary tag "en". */
static int
language_weight(struct span item, struct span *primary)
{
	struct span	tag;
	int		q = item_weight(item, &tag);

	*primary = list_next(&tag, '-');
	return (q);
}

/* "gzip;q=0.8" gives 800 and "gzip"; a bad weight counts as 0. */
static int
item_weight(struct span item, struct span *named)
{
	struct span	rest = item, part;
	int		q = Q_WHOLE, unit = Q_WHOLE;
	size_t		i;

	*named = trim(list_next(&rest, ';'));
	rest = trim(rest);
	if (rest.len < 3 || strncasecmp(rest.p, "q=", 2) != 0)
		return (rest.len == 0 ? q : 0);
	part = (struct span){ rest.p + 2, rest.len - 2 };
	for (q = 0, i = 0; i < part.len && i < 5; i++) {
		if (i == 1 && part.p[i] == '.')
			continue;
		if (part.p[i] < '0' || part.p[i] > '9')
			return (0);
		q += (part.p[i] - '0') * unit;
		unit /= 10;
	}
	return (q > Q_WHOLE ? 0 : q);
}

/* Takes what stands before the separator; `list` keeps what is behind it. */
static struct span
list_next(struct span *list, char sep)
{
	const char	*end = memchr(list->p, sep, list->len);
	struct span	 item = { list->p, list->len };

	if (end == NULL) {
		list->p += list->len;
		list->len = 0;
		return (item);
	}
	item.len = (size_t)(end - item.p);
	list->p = end + 1;
	list->len -= item.len + 1;
	return (item);
}

static struct span
trim(struct span s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return (s);
}

static bool
is_word(struct span s, const char *word)
{
	return (s.len == strlen(word) && strncasecmp(s.p, word, s.len) == 0);
}

static bool
lower_hex(const char *p, size_t len, bool *nonzero)
{
	size_t	i;

	for (i = 0; i < len; i++) {
		if (!(p[i] >= '0' && p[i] <= '9') && !(p[i] >= 'a' && p[i] <= 'f'))
			return (false);
		if (p[i] != '0')
			*nonzero = true;
	}
	return (true);
}
