/*
 * problem.c -- error replies of the door itself: problem+json (RFC 9457) from
 * the rows of errors.def, the same shape as the services'.
 */
#include "gateway.h"
#include "http/edge.h"
#include "json/json.h"

#define PROBLEM_MAX	32768

static char	*problem_text(const struct pass *, const struct error_row *, bool);

void
problem(struct pass *p, enum error_code code, const char *lines)
{
	const struct error_row	*row = error_row(code);
	bool			 english = head_prefers_english(p->heard.language);
	char			*text = problem_text(p, row, english);
	const char		*head;

	head = arena_printf(p->arena, "Content-Type: application/problem+json\r\n"
	    "Content-Language: %s\r\nCache-Control: no-store\r\nX-Request-Id: %s\r\n%s%.*s",
	    english ? "en" : "zh-CN", p->request_id, lines != NULL ? lines : "",
	    (int)p->more.len, p->more.len > 0 ? p->more.p : "");
	p->status = row->status;
	p->bytes_out = strlen(text);
	exchange_reply(p->x, row->status, head, strlen(head), text, p->bytes_out);
}

static char *
problem_text(const struct pass *p, const struct error_row *row, bool english)
{
	struct json_out	 out;
	struct buf	 b;
	char		*text;

	buf_init(&b, PROBLEM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "type", arena_printf(p->arena, "urn:yjy365:problem:%s", row->code));
	json_put_text(&out, "title", english ? row->en : row->zh);
	json_put_int(&out, "status", row->status);
	json_put_text(&out, "instance",
	    arena_strndup(p->arena, p->head->path.p, p->head->path.len));
	json_put_text(&out, "code", row->code);
	json_put_text(&out, "request_id", p->request_id);
	json_close(&out);
	text = arena_strdup(p->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}
