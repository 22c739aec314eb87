/*
 * db_args.c -- statement arguments in PostgreSQL's binary form where it is
 * shorter than text. Values live in the arena or with the caller.
 */
#include <endian.h>

#include "base/log.h"
#include "db/db.h"

/* PostgreSQL counts from 2000-01-01. */
#define EPOCH_DAYS	10957
#define EPOCH_US	((int64_t)EPOCH_DAYS * 86400 * 1000000)

static void	add(struct db_args *, const void *, size_t, int);
static void	add_be32(struct db_args *, uint32_t);
static void	add_be64(struct db_args *, uint64_t);

void
db_args_init(struct db_args *args, struct arena *arena)
{
	args->count = 0;
	args->arena = arena;
}

void
db_args_text(struct db_args *args, const char *text)
{
	add(args, text, 0, 0);
}

void
db_args_int8(struct db_args *args, int64_t n)
{
	add_be64(args, (uint64_t)n);
}

void
db_args_int8p(struct db_args *args, const int64_t *n)
{
	if (n == NULL)
		add(args, NULL, 0, 1);
	else
		add_be64(args, (uint64_t)*n);
}

void
db_args_bool(struct db_args *args, bool b)
{
	add(args, b ? "\1" : "\0", 1, 1);
}

void
db_args_boolp(struct db_args *args, const bool *b)
{
	if (b == NULL)
		add(args, NULL, 0, 1);
	else
		db_args_bool(args, *b);
}

void
db_args_uuid(struct db_args *args, const struct uuid *id)
{
	add(args, id, sizeof(*id), 1);
}

void
db_args_day(struct db_args *args, int32_t day)
{
	if (day == DAY_NONE)
		add(args, NULL, 0, 1);
	else
		add_be32(args, (uint32_t)(day - EPOCH_DAYS));
}

void
db_args_instant(struct db_args *args, int64_t us)
{
	if (us == INT64_MIN)
		add(args, NULL, 0, 1);
	else
		add_be64(args, (uint64_t)(us - EPOCH_US));
}

void
db_args_bytes(struct db_args *args, const void *bytes, size_t len)
{
	add(args, bytes, len, 1);
}

static void
add(struct db_args *args, const void *value, size_t len, int format)
{
	if (args->count == DB_ARGS_MAX)
		log_die("db: more than %d arguments", DB_ARGS_MAX);
	args->value[args->count] = value;
	args->length[args->count] = (int)len;
	args->format[args->count] = format;
	args->count++;
}

static void
add_be32(struct db_args *args, uint32_t n)
{
	uint32_t	*p = arena_alloc(args->arena, sizeof(*p));

	*p = htobe32(n);
	add(args, p, sizeof(*p), 1);
}

static void
add_be64(struct db_args *args, uint64_t n)
{
	uint64_t	*p = arena_alloc(args->arena, sizeof(*p));

	*p = htobe64(n);
	add(args, p, sizeof(*p), 1);
}
