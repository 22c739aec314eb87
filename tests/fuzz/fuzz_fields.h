/*
 * fuzz_fields.h -- a field table with a row of each type, as a body and a
 * query have them, and what must hold of a struct decoded by it.
 */
#ifndef YJY_FUZZ_FIELDS_H
#define YJY_FUZZ_FIELDS_H

#include "base/clock.h"
#include "base/utf8.h"
#include "codes/codes.h"
#include "json/json.h"

#define PARTS_MOST	4
#define FREE_MOST	200

struct part {
	const char	*name;
	int64_t		 count;
};

struct sample {
	const char	*name, *kind, *phone, *id_number, *uscc, *free;
	int64_t		 pay_cents, at;
	int32_t		 on;
	bool		 flag;
	struct uuid	 id;
	struct list_of	 parts;
};

static const char *const kinds[] = { "fixed", "open", NULL };

static const struct field part_fields[] = {
	FIELD_TEXT(part, name, REQUIRED, 1, 10, ""),
	FIELD_INT(part, count, REQUIRED, 1, 9, ""),
	FIELD_END
};

static const struct field sample_fields[] = {
	FIELD_TEXT(sample, name, REQUIRED, 2, 20, ""),
	FIELD_ENUM(sample, kind, OPTIONAL, kinds, ""),
	FIELD_CHECK(sample, phone, OPTIONAL, check_mobile, ""),
	FIELD_CHECK(sample, id_number, OPTIONAL, check_id_number, ""),
	FIELD_CHECK(sample, uscc, OPTIONAL, check_uscc, ""),
	FIELD_INT(sample, pay_cents, OPTIONAL, -5, 1000000, ""),
	FIELD_INSTANT(sample, at, OPTIONAL, ""),
	FIELD_DAY(sample, on, OPTIONAL, ""),
	FIELD_BOOL(sample, flag, OPTIONAL, ""),
	FIELD_UUID(sample, id, OPTIONAL, ""),
	FIELD_JSON(sample, free, OPTIONAL, FREE_MOST, ""),
	FIELD_LIST(sample, parts, OPTIONAL, 0, PARTS_MOST, part, part_fields, ""),
	FIELD_END
};

static inline void
sample_is_bounded(const struct sample *s)
{
	long	n;

	MUST(s->name != NULL);
	n = utf8_count(s->name, strlen(s->name));
	MUST(n >= 2 && n <= 20);
	MUST(s->kind == NULL || strcmp(s->kind, "fixed") == 0 || strcmp(s->kind, "open") == 0);
	MUST(s->phone == NULL || strlen(s->phone) <= 14);
	MUST(s->id_number == NULL || strlen(s->id_number) == 18);
	MUST(s->uscc == NULL || strlen(s->uscc) == 18);
	MUST(s->pay_cents >= -5 && s->pay_cents <= 1000000);
}

#endif
