/*
 * verifier.c -- the real-name interface and the register of organisations.
 * Each is sent one signed question and answers {"result": "match", "mismatch"
 * or "unavailable"}; whatever else comes back, or nothing, is unavailable.
 *
 * Who was let in while it could not be told is asked about again by a job,
 * with growing pauses. A person who turns out not to be who they said is
 * signed out everywhere, until an officer has seen the card; a pending
 * organisation is decided by whoever is first, the register or an officer.
 */
#include "verifier.h"
#include "base/log.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "outside.h"
#include "svc/svc.h"

#define AGAIN_MS	1000
#define AGAIN_BATCH	20

static int		person_again(struct arena *, const struct db_rows *, size_t);
static void		people_again(void);
static int		legal_again(struct arena *, const struct db_rows *, size_t);
static void		orgs_again(void);
static void		again(int (*)(struct db *, struct db_rows *, int64_t, int64_t),
			    int (*)(struct arena *, const struct db_rows *, size_t));
static int		setting(enum conf_id, struct outside *, bool *);
static enum answer	ask(struct arena *, const struct outside *, const char *uscc,
			    const char *name, const char *id_number);

static struct outside people = {
	.name = "verifier", .url = CONF_VERIFIER_URL, .key = CONF_VERIFIER_KEY
};
static struct outside orgs = {
	.name = "org_verifier", .url = CONF_ORG_VERIFIER_URL, .key = CONF_VERIFIER_KEY
};
static bool	of_people, of_orgs;

int
verifier_start(void)
{
	const char	*mac = conf_text(CONF_OUTSIDE_MAC);

	if (strcmp(mac, "sm3") != 0 && strcmp(mac, "sha256") != 0) {
		log_error("YJY_OUTSIDE_MAC is sm3 or sha256");
		return (-1);
	}
	if (setting(CONF_VERIFIER, &people, &of_people) == -1 ||
	    setting(CONF_ORG_VERIFIER, &orgs, &of_orgs) == -1)
		return (-1);
	if (of_people)
		svc_every("verify.people", AGAIN_MS, people_again);
	if (of_orgs)
		svc_every("verify.orgs", AGAIN_MS, orgs_again);
	return (0);
}

static int
setting(enum conf_id id, struct outside *o, bool *on)
{
	*on = strcmp(conf_text(id), "http") == 0;
	if (*on)
		return (outside_init(o));
	if (strcmp(conf_text(id), "none") == 0)
		return (0);
	log_error("%s: none or http", o->name);
	return (-1);
}

bool
verifier_of_people(void)
{
	return (of_people);
}

bool
verifier_of_orgs(void)
{
	return (of_orgs);
}

enum answer
verify_person(struct arena *a, const char *name, const char *id_number)
{
	return (of_people ? ask(a, &people, NULL, name, id_number) : ANSWER_NONE);
}

enum answer
verify_legal(struct arena *a, const char *uscc, const char *name, const char *id_number)
{
	return (of_orgs ? ask(a, &orgs, uscc, name, id_number) : ANSWER_NONE);
}

static enum answer
ask(struct arena *a, const struct outside *o, const char *uscc, const char *name,
    const char *id_number)
{
	struct http_result	 r;
	struct json_out		 out;
	const struct json	*reply;
	const char		*result = NULL;
	struct buf		 b;
	int			 status;

	if (name == NULL || id_number == NULL)
		return (ANSWER_UNAVAILABLE);
	buf_init(&b, 4096);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	if (uscc != NULL)
		json_put_text(&out, "uscc", uscc);
	json_put_text(&out, "name", name);
	json_put_text(&out, "id_number", id_number);
	json_close(&out);
	status = outside_post(a, o, buf_cstr(&b), &r);
	buf_release(&b);
	if (status == 200 && (reply = json_parse(a, r.body.p, r.body.len)) != NULL &&
	    json_get(reply, "result") != NULL)
		result = json_string(json_get(reply, "result"));
	if (result != NULL && strcmp(result, "match") == 0)
		return (ANSWER_MATCH);
	if (result != NULL && strcmp(result, "mismatch") == 0)
		return (ANSWER_MISMATCH);
	log_warn("%s is unavailable (status %d)", o->name, status);
	return (ANSWER_UNAVAILABLE);
}

/* ---- asked again ---- */

static void
people_again(void)
{
	again(sql_verify_take, person_again);
}

/* Whoever is due is taken first; no connection is held while the other side is asked. */
static void
again(int (*take)(struct db *, struct db_rows *, int64_t, int64_t),
    int (*one)(struct arena *, const struct db_rows *, size_t))
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	size_t		i;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (take(&db, &rows, conf_int(CONF_VERIFY_RETRY_S), AGAIN_BATCH) == 0 &&
	    db_commit(&db) == 0)
		for (i = 0; i < rows.count; i++)
			if (one(&a, &rows, i) == -1)
				break;
	db_rollback(&db);
	arena_release(&a);
}

static int
person_again(struct arena *a, const struct db_rows *rows, size_t i)
{
	struct uuid	id = db_uuid(rows, i, "id");
	enum answer	answer;
	struct db	db;
	int		rc;

	answer = verify_person(a, field_open(a, "person.name", db_text(rows, i, "name_sealed")),
	    field_open(a, "person.id", db_text(rows, i, "id_sealed")));
	if (answer != ANSWER_MATCH && answer != ANSWER_MISMATCH)
		return (0);
	db_init(&db, a, DB_SYSTEM);
	rc = sql_verify_done(&db, NULL, &id, answer == ANSWER_MATCH ? "matched" : "mismatched");
	if (rc == 0)
		rc = db_commit(&db);
	db_rollback(&db);
	return (rc);
}

static void
orgs_again(void)
{
	again(sql_legal_take, legal_again);
}

static int
legal_again(struct arena *a, const struct db_rows *rows, size_t i)
{
	struct uuid	id = db_uuid(rows, i, "id");
	enum answer	answer;
	struct db	db;
	int		rc;

	answer = verify_legal(a, db_text(rows, i, "uscc"),
	    field_open(a, "person.name", db_text(rows, i, "name_sealed")),
	    field_open(a, "person.id", db_text(rows, i, "id_sealed")));
	if (answer != ANSWER_MATCH && answer != ANSWER_MISMATCH)
		return (0);
	db_init(&db, a, DB_SYSTEM);
	rc = sql_legal_decide(&db, NULL, &id, answer == ANSWER_MATCH ? "confirmed" : "refused",
	    "register", NULL, NULL);
	if (rc == 0)
		rc = db_commit(&db);
	db_rollback(&db);
	return (rc);
}
