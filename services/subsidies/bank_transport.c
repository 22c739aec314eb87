/*
 * bank_transport.c -- batches laid out in a folder where the bank fetches them
 * (by SFTP, say), and its replies taken from another; a periodic job, for
 * installations that set YJY_BANK_OUTBOX or YJY_BANK_INBOX.
 *
 * Invariant: a file is laid out before the batch says so and is the same each
 * time; a reply leaves the inbox after it was committed or refused. What breaks
 * off in between is done again and changes nothing: the bank pays a number
 * once, and we take a file once.
 */
#include "subsidies.h"

#include "bank_folder.h"
#include "base/log.h"
#include "co/co.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "payment.h"
#include "subsidies_sql.h"

#define AT_ONCE		16	/* batches of one run */

static void	lay_out_all(const char *, bool);
static int	lay_out(struct arena *, const char *, const struct uuid *, const char *, bool);
static void	take_in_all(const char *);
static void	take_in(struct arena *, const char *, const char *);
static int	take_reply(struct arena *, const char *, size_t, struct payment_reply *);
static void	put_away(struct arena *, const char *, const char *, const struct payment_reply *);
static bool	folder(struct folder_job *);

void
bank_transport_run(void)
{
	const char	*outbox = conf_text(CONF_BANK_OUTBOX), *inbox = conf_text(CONF_BANK_INBOX);

	if (outbox[0] != '\0') {
		lay_out_all(outbox, false);
		lay_out_all(outbox, true);
	}
	if (inbox[0] != '\0')
		take_in_all(inbox);
}

/* Batches that were sent and not laid out yet; or the questions about those overdue. */
static void
lay_out_all(const char *outbox, bool inquiry)
{
	struct arena	arena, one;
	struct db	db;
	struct db_rows	rows;
	struct uuid	id;
	size_t		i;
	int		rc;

	arena_init(&arena);
	arena_init(&one);
	db_init(&db, &arena, DB_SYSTEM);
	rc = inquiry ? sql_batches_to_inquire(&db, &rows, AT_ONCE) :
	    sql_batches_to_lay_out(&db, &rows, AT_ONCE);
	db_rollback(&db);
	for (i = 0; rc == 0 && i < rows.count; i++) {
		id = db_uuid(&rows, i, "id");
		rc = lay_out(&one, outbox, &id, db_text(&rows, i, "batch_no"), inquiry);
		arena_clear(&one);
	}
	if (rc == -1)
		log_warn("laying out files for the bank stopped; it goes on later");
	arena_release(&one);
	arena_release(&arena);
}

static int
lay_out(struct arena *arena, const char *outbox, const struct uuid *id, const char *batch_no,
    bool inquiry)
{
	struct folder_job	*j = arena_zalloc(arena, sizeof(*j));
	struct payment_text	 text;
	struct db		 db;
	char			 day[DAY_TEXT];
	int			 rc;

	db_init(&db, arena, DB_SYSTEM);
	rc = payment_text_make(&db, id, inquiry, &text);
	if (rc == 1) {
		*j = (struct folder_job){ .verb = FOLDER_WRITE, .folder = outbox, .data = text.data,
		    .len = text.len };
		(void)snprintf(j->name, sizeof(j->name), inquiry ? "%s-inquiry-%s.csv" : "%s.csv",
		    batch_no, day_format(clock_today(), day));
		rc = folder(j) ? 1 : -1;
	}
	if (rc == 1)
		rc = sql_download_add(&db, NULL, id, inquiry ? "inquiry" : "outbox");
	if (rc == 0)
		rc = inquiry ? sql_batch_inquired(&db, NULL, id) : sql_batch_laid_out(&db, NULL, id);
	if (rc == 0)
		rc = db_commit(&db);
	db_rollback(&db);
	return (rc);
}

static void
take_in_all(const char *inbox)
{
	struct folder_job	*j;
	struct arena		 arena, one;
	size_t			 i;

	arena_init(&arena);
	arena_init(&one);
	j = arena_zalloc(&arena, sizeof(*j));
	j->verb = FOLDER_LIST;
	j->folder = inbox;
	if (folder(j)) {
		for (i = 0; i < j->count; i++) {
			take_in(&one, inbox, j->names[i]);
			arena_clear(&one);
		}
	}
	arena_release(&one);
	arena_release(&arena);
}

static void
take_in(struct arena *arena, const char *inbox, const char *name)
{
	struct folder_job	*j = arena_zalloc(arena, sizeof(*j));
	struct payment_reply	 r = { .refused = ERR_NONE };

	j->verb = FOLDER_READ;
	j->folder = inbox;
	j->max = BANK_FILE_MAX;
	j->room = arena_alloc(arena, j->max);
	(void)snprintf(j->name, sizeof(j->name), "%s", name);
	if (!folder(j))
		return;
	r.text = j->room;
	r.len = j->len;
	if (j->len == j->max)
		r.refused = ERR_TOO_LARGE;
	else if (take_reply(arena, j->room, j->len, &r) == -1) {
		log_warn("a bank's reply waits: the database did not take it");
		return;
	}
	put_away(arena, inbox, name, &r);
}

/* -1: a database error, it stays where it is. */
static int
take_reply(struct arena *arena, const char *text, size_t len, struct payment_reply *r)
{
	struct bank_reader	*head = arena_zalloc(arena, sizeof(*head));
	struct db		 db;
	struct db_rows		 rows;
	struct uuid		 id;
	int			 rc;

	if (!bank_read_reply(head, text, len) || !head->headed) {
		r->refused = ERR_SUBSIDIES_FILE;
		r->detail = head->fault != NULL ? head->fault : "缺少首行";
		return (0);
	}
	db_init(&db, arena, DB_SYSTEM);
	if ((rc = sql_batch_by_no(&db, &rows, head->batch_no)) == 0 && rows.count == 0)
		r->refused = ERR_NOT_FOUND;
	else if (rc == 0) {
		id = db_uuid(&rows, 0, "id");
		rc = payment_reply_take(&db, &id, r);
	}
	if (rc == 0 && r->refused == ERR_NONE)
		rc = db_commit(&db);
	db_rollback(&db);
	return (rc);
}

/* To done/ or, with the reason beside it, to refused/. Names may come twice. */
static void
put_away(struct arena *arena, const char *inbox, const char *name, const struct payment_reply *r)
{
	struct folder_job	*j = arena_zalloc(arena, sizeof(*j));
	const struct error_row	*e = error_row(r->refused);
	uint8_t			 digest[32];
	const char		*sha;

	sha256(r->text, r->len, digest);
	sha = hex_encode(arena, digest, sizeof(digest));
	j->verb = FOLDER_MOVE;
	j->folder = inbox;
	j->to = r->refused == ERR_NONE ? "done" : "refused";
	(void)snprintf(j->name, sizeof(j->name), "%s", name);
	(void)snprintf(j->as, sizeof(j->as), "%.8s-%s", sha, name);
	if (!folder(j) || r->refused == ERR_NONE)
		return;
	log_warn("a bank's reply was refused: %s", e->code);
	j->verb = FOLDER_WRITE;
	j->folder = arena_printf(arena, "%s/refused", inbox);
	(void)snprintf(j->name, sizeof(j->name), "%.100s.txt", j->as);
	j->data = arena_printf(arena, "%s\n%s\n%s\n", e->code, e->zh, r->detail != NULL ? r->detail : "");
	j->len = strlen(j->data);
	(void)folder(j);
}

static bool
folder(struct folder_job *j)
{
	if (task_run(folder_run, j) == -1)
		return (false);
	if (j->error != 0)
		log_warn("a folder of the bank cannot be used: %s", strerror(j->error));
	return (j->error == 0);
}
