/*
 * faults.c -- what a statement found wrong with a form: a row each, with the
 * place (`pointer`), the kind (`fault`) and what may have been meant (`near`,
 * codes with commas). All of them are reported at once.
 */
#include <string.h>

#include "sharing.h"

#define NEAR_ROOM	16

static enum error_code	code_of(const char *);
static void	meant(struct call *, const char *, const char *, bool);

const struct field note_fields[] = {
	FIELD_TEXT(note_in, note, REQUIRED, 2, 500, "理由"),
	FIELD_END
};

bool
faults_said(struct call *c, const struct db_rows *rows, int *said)
{
	struct json_errors	 e = { .count = 0 };
	const char		*fault;
	size_t			 i;

	for (i = 0; i < rows->count && e.count < JSON_ERRORS_MAX; i++) {
		if ((fault = db_text(rows, i, "fault")) == NULL)
			continue;
		e.list[e.count].pointer = db_text(rows, i, "pointer");
		e.list[e.count].code = (int)code_of(fault);
		meant(c, e.list[e.count++].pointer, db_text(rows, i, "near"), strcmp(fault, "area") == 0);
	}
	if (e.count == 0)
		return (false);
	*said = call_reject_fields(c, &e);
	return (true);
}

/* Text that is a JSON list of texts, or of objects; nothing given is fine. */
bool
faults_list(struct call *c, const char *text, const char *pointer, bool objects, int *said)
{
	const struct json	*list, *item;
	size_t			 i;

	if (text == NULL)
		return (false);
	list = json_parse(c->arena, text, strlen(text));
	if (list == NULL || !json_is_array(list)) {
		*said = call_reject(c, ERR_F_TYPE, pointer);
		return (true);
	}
	for (i = 0; i < json_count(list); i++) {
		item = json_at(list, i);
		if (objects ? json_is_object(item) : json_string(item) != NULL)
			continue;
		*said = call_reject(c, ERR_F_TYPE, arena_printf(c->arena, "%s/%zu", pointer, i));
		return (true);
	}
	return (false);
}

static enum error_code
code_of(const char *fault)
{
	static const struct {
		const char	*fault;
		enum error_code	 code;
	}	table[] = {
		{ "measure", ERR_F_SHARE_MEASURE }, { "dim", ERR_F_SHARE_DIM }, { "column", ERR_F_SHARE_COLUMN },
		{ "mask", ERR_F_SHARE_MASK }, { "uncounted", ERR_F_SHARE_DIM }, { "area", ERR_F_AREA },
		{ "choice", ERR_F_CHOICE }, { "small", ERR_F_SMALL },
		{ "large", ERR_F_LARGE }, { "past", ERR_F_DATE_PAST }, { "twice", ERR_F_DUPLICATE }, { "missing", ERR_F_MISSING }, { "unfit", ERR_F_UNKNOWN },
		{ "indicator", ERR_F_WORK_INDICATOR }, { "falls", ERR_F_WORK_FALLS }
	};
	size_t	i;

	for (i = 0; i < NITEMS(table); i++)
		if (strcmp(table[i].fault, fault) == 0)
			return (table[i].code);
	return (ERR_F_FORMAT);
}

static void
meant(struct call *c, const char *pointer, const char *codes, bool areas)
{
	struct call_near	 near[NEAR_ROOM];
	size_t			 len, n = 0;

	if (codes == NULL)
		return;
	for (; *codes != '\0' && n < NEAR_ROOM; codes += len + (codes[len] == ',')) {
		len = strcspn(codes, ",");
		near[n].code = arena_strndup(c->arena, codes, len);
		near[n].name = areas ? area_name(near[n].code) : near[n].code;
		n++;
	}
	call_meant(c, pointer, near, n);
}
