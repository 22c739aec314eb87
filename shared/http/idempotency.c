/*
 * idempotency.c -- a change asked for twice happens once
 * (draft-ietf-httpapi-idempotency-key-header).
 *
 * The reply to a change made under an Idempotency-Key is stored by the
 * transaction that made the change: there is no moment at which one exists
 * without the other. Asked again with the same key and the same request, the
 * stored reply is given; with another request, 422; while the first is still
 * running, 409. Failures are not stored: they changed nothing.
 *
 * Keys are the caller's own and of one route. They are kept KEEP_HOURS; a row's
 * .secret_reply (tokens, secrets shown once) is kept only sealed.
 */
#include "http/dispatch_priv.h"
#include "co/co.h"
#include "crypt/crypt.h"
#include "platform_sql.h"

#define KEEP_HOURS	48
#define SEALED_AS	"idempotency.response"
#define HASH_INLINE	((size_t)256 * 1024)	/* longer bodies are hashed on a thread */

_Static_assert(CHAIN_BYTES == PRINT_BYTES, "a fingerprint is a SHA-256");

struct hash_job {
	struct span	in;
	uint8_t		out[CHAIN_BYTES];
};

static bool	key_wanted(const struct call *);
static bool	key_parse(struct span, char out[KEY_TEXT]);
static int	fingerprint(struct call *);
static void	hash_run(void *);
static int	look_up(struct call *);
static int	replay(struct call *, const struct db_rows *);
static const char *client_of(struct call *);

/* With a key: opens the transaction and looks whether this was asked before. */
int
gate_idempotency(struct call *c)
{
	struct http_reply_	*o = c->out;

	if (!key_wanted(c))
		return (0);
	if (o->heard.nkey == 0)
		return (c->route->key == KEY_REQUIRED ? call_reject(c, ERR_KEY_MISSING, NULL) : 0);
	if (o->heard.nkey > 1 || !key_parse(o->heard.key, o->key)) {
		o->key[0] = '\0';
		return (call_reject(c, ERR_KEY_MALFORMED, NULL));
	}
	if (!dispatch_has_database())
		return (0);
	if (decode_body_bytes(c) != 0 || fingerprint(c) != 0)
		return (o->status);
	return (look_up(c));
}

/* Stores the reply about to be given, and commits it and the audit trail's row with the change. */
int
idempotency_store(struct call *c)
{
	struct http_reply_	*o = c->out;
	struct db_args		 args;
	const char		*response;

	db_args_init(&args, c->arena);
	db_args_text(&args, client_of(c));
	db_args_text(&args, c->route->name);
	db_args_text(&args, o->key);
	db_args_bytes(&args, o->print, sizeof(o->print));
	db_args_int8(&args, o->status);
	response = arena_strndup(c->arena, o->bytes, o->len);
	db_args_text(&args, c->route->secret_reply ?
	    field_seal(c->arena, SEALED_AS, response) : response);
	audit_args(c, &args);
	return (db_run_once(&o->db, &stmt_idempotency_store, NULL, &args));
}

/* Forgets old keys: periodic work on a coroutine. */
void
dispatch_sweep(void)
{
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_idempotency_sweep(&db, NULL, KEEP_HOURS) == -1 || db_commit(&db) == -1)
		log_warn("old idempotency keys were not removed");
	arena_release(&a);
}

static bool
key_wanted(const struct call *c)
{
	return (c->route->method != METHOD_GET && c->route->key != KEY_NONE);
}

/* A UUID, bare or as a structured string: "8e03978e-40d5-43dd-bc93-6894a57f9324". */
static bool
key_parse(struct span s, char out[KEY_TEXT])
{
	struct uuid	id;

	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"') {
		s.p++;
		s.len -= 2;
	}
	if (s.len != KEY_TEXT - 1)
		return (false);
	memcpy(out, s.p, s.len);
	out[s.len] = '\0';
	if (!uuid_parse(out, &id))
		return (false);
	(void)uuid_format(&id, out);
	return (true);
}

/* SHA-256 over method, target and the body's own SHA-256. */
static int
fingerprint(struct call *c)
{
	struct hash_job	 body = { .in = c->raw };
	const char	*head;

	if (c->raw.len <= HASH_INLINE)
		hash_run(&body);
	else if (task_run(hash_run, &body) == -1)
		return (call_reject(c, ERR_BUSY, NULL));
	head = arena_printf(c->arena, "%s %.*s %s", method_name(c->head->method),
	    (int)c->head->target.len, c->head->target.p,
	    hex_encode(c->arena, body.out, sizeof(body.out)));
	sha256(head, strlen(head), c->out->print);
	return (0);
}

static void
hash_run(void *arg)
{
	struct hash_job	*job = arg;

	sha256(job->in.p, job->in.len, job->out);
}

int
idempotency_renew(struct call *c)
{
	return (c->out->key[0] != '\0' && dispatch_has_database() ? look_up(c) : 0);
}

static int
look_up(struct call *c)
{
	struct http_reply_	*o = c->out;
	struct db_rows		 rows;

	if (sql_idempotency_find(&o->db, &rows, client_of(c), c->route->name, o->key,
	    o->print, sizeof(o->print)) == -1)
		return (call_failed(c));
	if (!db_bool(&rows, 0, "mine"))
		return (call_reject(c, ERR_KEY_RUNNING, NULL));
	if (!db_bool(&rows, 0, "known"))
		return (0);
	if (!db_bool(&rows, 0, "same"))
		return (call_reject(c, ERR_KEY_REUSED, NULL));
	return (replay(c, &rows));
}

/*
 * The look-up's snapshot may be older than its lock: then the first of two
 * equal requests was not seen and the second was refused for what the first
 * had changed. Asked again after a refusal, its reply is there.
 */
void
idempotency_again(struct call *c)
{
	struct http_reply_	*o = c->out;
	struct db_rows		 rows;

	if (o->key[0] != '\0' && o->status < 500 && dispatch_has_database() &&
	    sql_idempotency_find(&o->db, &rows, client_of(c), c->route->name, o->key,
	    o->print, sizeof(o->print)) == 0 &&
	    db_bool(&rows, 0, "known") && db_bool(&rows, 0, "same")) {
		o->nlines = 0;
		(void)replay(c, &rows);
	}
	db_rollback(&o->db);
}

static int
replay(struct call *c, const struct db_rows *found)
{
	const char	*response;

	if ((response = db_text(found, 0, "response")) == NULL)
		response = "";
	else if (c->route->secret_reply &&
	    (response = field_open(c->arena, SEALED_AS, response)) == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	c->out->replayed = true;
	call_header(c, "Idempotency-Replayed", "true");
	return (reply_bytes_set(c, (int)db_int(found, 0, "status"), "application/json",
	    response, strlen(response)));
}

/* Whose key it is: the verified subject, a service, or nobody in particular. */
static const char *
client_of(struct call *c)
{
	const struct principal	*p = c->principal;
	char			*text;

	if (uuid_is_nil(&p->subject))
		return (p->client[0] != '\0' ? p->client : "anyone");
	text = arena_alloc(c->arena, UUID_TEXT);
	return (uuid_format(&p->subject, text));
}
