/*
 * policy_cache.c -- versions this process has compiled. They never change and
 * are few, so they are kept for good, each in an arena of its own.
 */
#include "policy.h"

#include "base/log.h"
#include "subsidies_sql.h"

static struct policy	*policies;

static struct policy *compile_row(const struct uuid *, const struct db_rows *);

/* *out is NULL when there is no such version or it is not sound; -1: db error. */
int
policy_load(struct db *db, const struct uuid *id, const struct policy **out)
{
	struct policy	*p;
	struct db_rows	 rows;

	for (p = policies; p != NULL; p = p->next) {
		if (uuid_equal(&p->id, id)) {
			*out = p;
			return (0);
		}
	}
	*out = NULL;
	if (sql_policy_document(db, &rows, id) == -1)
		return (-1);
	if (rows.count == 0 || (p = compile_row(id, &rows)) == NULL)
		return (0);
	p->next = policies;
	policies = p;
	*out = p;
	return (0);
}

static struct policy *
compile_row(const struct uuid *id, const struct db_rows *rows)
{
	const char		*text = db_text(rows, 0, "document");
	struct json_errors	 errors = { .count = 0 };
	struct arena		*arena = malloc(sizeof(*arena));
	struct policy		*p;

	if (arena == NULL)
		log_die("policy: out of memory");
	arena_init(arena);
	p = policy_compile(arena, text, strlen(text), &errors);
	if (p != NULL && strcmp(p->hash, db_text(rows, 0, "hash")) == 0) {
		p->id = *id;
		p->arena = arena;
		return (p);
	}
	log_error("policy version is not sound: %s",
	    p == NULL ? errors.list[0].pointer : "its hash differs");
	arena_release(arena);
	free(arena);
	return (NULL);
}
