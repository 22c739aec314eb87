/*
 * export.c -- a list as a file (?format=csv|xlsx): the row's own statement or
 * handler is asked page by page, under the row's own rights and scope, and its
 * pages become rows of a table. CSV leaves as it grows; a workbook is bounded
 * and leaves whole.
 *
 * Invariant: the file shows what the list shows that caller, nothing leaves
 * before those it shows are on their way into the trail, and a file that cannot
 * be completed is cut.
 */
#include "http/export_priv.h"
#include "http/audit_priv.h"
#include "base/clock.h"
#include "co/co.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define BOOKS_MOST	4		/* workbooks in the making, in one process */
#define PEOPLE_MAX	((size_t)64 << 20)

static int	begin(struct export *);
static int	pages(struct export *);
static int	page(struct export *);
static int	page_take(struct export *);
static void	people_note(struct export *);
static int	people_tell(struct export *);
static int	write_rows(struct export *);
static int	send_rows(struct export *);
static int	finish_csv(struct export *);
static int	finish_book(struct export *);
static void	book_close(void *);
static int	too_busy(struct call *);
static void	names(struct call *, enum table_format);
static void	arena_end(void *);

struct closing {
	struct table	*table;
	struct buf	 out;
	int		 rc;
};

static unsigned int	books;

int
export_serve(struct call *c)
{
	struct http_reply_	*o = c->out;
	struct export		 e = { .c = c, .english = c->english };
	int			 status;

	e.format = strcmp(o->asked.format, "xlsx") == 0 ? TABLE_XLSX : TABLE_CSV;
	if ((status = gate_export(c)) != 0)
		return (status);
	if (e.format == TABLE_XLSX && books == BOOKS_MOST)
		return (too_busy(c));
	books += e.format == TABLE_XLSX;
	o->export = &e;
	buf_init(&e.people, PEOPLE_MAX);
	if ((status = begin(&e)) == 0 && (status = pages(&e)) == 0)
		status = e.format == TABLE_CSV ? finish_csv(&e) : finish_book(&e);
	table_drop(e.table);
	buf_release(&e.people);
	free(e.after);
	o->export = NULL;
	books -= e.format == TABLE_XLSX;
	if (status < 400 || !o->streamed)
		return (status);
	call_reason(c, arena_printf(c->arena, "export %s, not completed: %s", o->asked.format, o->asked.purpose));
	call_stream_cut(c);
	return (status);
}

static int
too_busy(struct call *c)
{
	int	status = call_reject(c, ERR_BUSY, NULL);

	call_header(c, "Retry-After", "2");
	return (status);
}

static int
begin(struct export *e)
{
	struct call	*c = e->c;

	if ((e->table = table_open(e->format)) == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	export_columns(e, c->arena, c->route->reply);
	table_sheet(e->table, c->english ? c->route->en : c->route->zh, e->column, e->ncolumns);
	if (c->db->lane == DB_READ)
		c->db->lane = DB_SLOW;
	return (0);
}

/* 0: all of them are in the table; otherwise the status of a refusal. */
static int
pages(struct export *e)
{
	struct call	*c = e->c;
	int64_t		 most = conf_int(CONF_EXPORT_ROWS);
	int		 status;

	do {
		if ((status = page(e)) != 0)
			return (status);
		if (e->format == TABLE_CSV && (status = send_rows(e)) != 0)
			return (status);
		if (e->format == TABLE_XLSX && table_rows(e->table) > most)
			return (call_reject_detail(c, ERR_EXPORT_ROWS, "format",
			    arena_printf(c->arena, "%lld", (long long)most)));
	} while (e->after != NULL && c->head->method != METHOD_HEAD);
	return (0);
}

/*
 * One page, in memory of its own. A refusal is in that memory: then it stays
 * as long as the request.
 */
static int
page(struct export *e)
{
	struct call			*c = e->c;
	struct arena			*whole = c->arena, *mine = arena_zalloc(whole, sizeof(*mine));
	const struct audit_notes	 notes = c->out->audit;
	const struct db_scope		 scope = c->db->scope;	/* a handler may widen it, in this page's memory */
	int				 status;

	arena_init(mine);
	c->arena = c->db->arena = mine;
	c->db->deadline_us = loop_now_us() + conf_int(CONF_CALL_MS) * 1000;
	decode_page_set(c, e->after);
	e->came = false;
	if (!c->out->streamed)
		c->out->status = 0;
	dispatch_handle(c);
	if (e->came && c->db->error == DB_OK && db_commit(c->db) == -1)
		(void)call_failed(c);
	status = e->came && c->out->status < 400 ? page_take(e) : c->out->status;
	if (status < 400 && !e->came)
		status = call_reject(c, ERR_INTERNAL, NULL);
	c->out->audit = notes;
	c->arena = c->db->arena = whole;
	if (status >= 400) {
		arena_defer(whole, arena_end, mine);
		return (status);
	}
	c->out->nlines = 0;
	c->db->scope = scope;
	arena_release(mine);
	return (0);
}

static void
arena_end(void *arg)
{
	arena_release(arg);
}

/* Called instead of a reply: what the handler would have shown. */
int
export_page(struct call *c, const char *const *items, size_t n, const char *after)
{
	struct export	*e = c->out->export;

	e->items = items;
	e->nitems = n;
	free(e->after);
	e->after = NULL;
	if (after != NULL && (e->after = strdup(after)) == NULL)
		log_die("http: out of memory");
	e->came = true;
	c->out->status = 200;
	return (200);
}

/* Those it shows go first into the trail; of a workbook, when it is whole. */
static int
page_take(struct export *e)
{
	people_note(e);
	if (e->format == TABLE_CSV && people_tell(e) == -1)
		return (call_reject(e->c, ERR_INTERNAL, NULL));
	return (write_rows(e));
}

static void
people_note(struct export *e)
{
	const char	*member = e->c->route->opens;
	struct uuid	 found[32];
	size_t		 i, n;

	if (member == NULL || member[0] == '\0' || strcmp(member, OPENS_OTHERS) == 0)
		return;
	for (i = 0; i < e->nitems; i++) {
		if (e->items[i] == NULL)
			continue;
		n = find_uuids((struct span){ e->items[i], strlen(e->items[i]) }, member, found, NITEMS(found));
		buf_add(&e->people, found, n * sizeof(found[0]));
	}
}

static int
people_tell(struct export *e)
{
	struct audit_notes	*a = &e->c->out->audit;
	size_t			 n = e->people.len / sizeof(struct uuid), at, k;

	if (!buf_ok(&e->people))
		return (-1);
	call_reason(e->c, arena_printf(e->c->arena, "export %s: %s", e->c->out->asked.format,
	    e->c->out->asked.purpose));
	for (at = 0; at < n; at += k) {
		k = n - at < AUDIT_PEOPLE ? n - at : AUDIT_PEOPLE;
		a->shown = arena_alloc(e->c->arena, k * sizeof(struct uuid));
		memcpy(a->shown, e->people.data + at * sizeof(struct uuid), k * sizeof(struct uuid));
		a->nshown = k;
		audit_part(e->c);
	}
	a->shown = NULL;
	a->nshown = 0;
	buf_clear(&e->people);
	return (0);
}

/* A workbook's rows take time that others should not wait for. */
static int
write_rows(struct export *e)
{
	if (e->format == TABLE_CSV)
		export_rows(e);
	else if (task_run(export_rows, e) == -1)
		return (too_busy(e->c));
	return (0);
}

/* The head leaves with the first page: until then a refusal can be told. */
static int
send_rows(struct export *e)
{
	struct call	*c = e->c;
	struct buf	*ready = table_ready(e->table);

	if (!c->out->streamed) {
		names(c, TABLE_CSV);
		if (call_stream(c, TABLE_CSV_TYPE) == -1)
			return (499);
	}
	if (!buf_ok(ready) || call_stream_send(c, ready->data, ready->len) == -1)
		return (499);
	buf_clear(ready);
	return (0);
}

static int
finish_csv(struct export *e)
{
	struct call	*c = e->c;

	call_reason(c, arena_printf(c->arena, "export csv, %lld rows: %s",
	    (long long)table_rows(e->table), c->out->asked.purpose));
	return (200);
}

static int
finish_book(struct export *e)
{
	struct call	*c = e->c;
	struct closing	 end = { .table = e->table };
	int64_t		 rows = table_rows(e->table);
	void		*bytes;
	int		 status;

	if (people_tell(e) == -1)
		return (call_reject(c, ERR_INTERNAL, NULL));
	buf_init(&end.out, TABLE_BYTES_MAX);
	if (task_run(book_close, &end) == -1)
		return (too_busy(c));
	e->table = NULL;
	if (end.rc == -1) {
		buf_release(&end.out);
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	call_reason(c, arena_printf(c->arena, "export xlsx, %lld rows: %s", (long long)rows,
	    c->out->asked.purpose));
	names(c, TABLE_XLSX);
	bytes = arena_alloc(c->arena, end.out.len);
	memcpy(bytes, end.out.data, end.out.len);
	status = call_reply_bytes(c, 200, TABLE_XLSX_TYPE, bytes, end.out.len);
	buf_release(&end.out);
	return (status);
}

static void
book_close(void *arg)
{
	struct closing	*end = arg;

	end->rc = table_close(end->table, &end->out);
}

static void
names(struct call *c, enum table_format format)
{
	char	day[DAY_TEXT];

	call_header(c, "Content-Disposition", arena_printf(c->arena, "attachment; filename=\"%s-%s.%s\"",
	    c->route->name, day_format(clock_today(), day), format == TABLE_CSV ? "csv" : "xlsx"));
}
