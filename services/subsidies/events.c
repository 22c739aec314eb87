/*
 * events.c -- what subsidies hears: people and employers from identity,
 * employments and unemployment from jobs. Each payload goes to its statement
 * as it came; the statement also puts the employments it concerns on the list
 * to be judged.
 */
#include "subsidies.h"

#include "subsidies_sql.h"

static int	person_registered(struct db *, const struct event *);
static int	org_registered(struct db *, const struct event *);
static int	employment_registered(struct db *, const struct event *);
static int	employment_ended(struct db *, const struct event *);
static int	unemployment_registered(struct db *, const struct event *);
static int	unemployment_ended(struct db *, const struct event *);
static bool	sound(const struct event *, const char *const *);
static bool	sound_member(const struct event *, const char *);
static int	applied(const struct db *, int);

const struct consumer subsidies_consumers[] = {
	{ EV_PERSON_REGISTERED, person_registered },
	{ EV_ORG_REGISTERED, org_registered },
	{ EV_EMPLOYMENT_REGISTERED, employment_registered },
	{ EV_EMPLOYMENT_ENDED, employment_ended },
	{ EV_UNEMPLOYMENT_REGISTERED, unemployment_registered },
	{ EV_UNEMPLOYMENT_ENDED, unemployment_ended },
	CONSUMER_END
};

static int
person_registered(struct db *db, const struct event *e)
{
	static const char *const needs[] = { "person_id", "id_index", "name_masked", "birth_on",
	    "county_code", NULL };
	int64_t	sex;

	if (!sound(e, needs) || !json_integer(json_get(e->data, "sex"), &sex))
		return (EVENT_POISON);
	return (applied(db, sql_person_put(db, NULL, e->payload)));
}

static int
org_registered(struct db *db, const struct event *e)
{
	static const char *const needs[] = { "org_id", "uscc", "name", "kind", "county_code", NULL };

	return (sound(e, needs) ? applied(db, sql_org_put(db, NULL, e->payload)) : EVENT_POISON);
}

static int
employment_registered(struct db *db, const struct event *e)
{
	static const char *const needs[] = { "employment_id", "person_id", "org_id", "hired_on",
	    "county_code", NULL };

	if (!sound(e, needs))
		return (EVENT_POISON);
	return (applied(db, sql_employment_put(db, NULL, e->payload, e->area_code)));
}

static int
employment_ended(struct db *db, const struct event *e)
{
	static const char *const needs[] = { "employment_id", "ended_on", NULL };

	return (sound(e, needs) ? applied(db, sql_employment_end(db, NULL, e->payload)) :
	    EVENT_POISON);
}

static int
unemployment_registered(struct db *db, const struct event *e)
{
	static const char *const needs[] = { "registration_id", "person_id", "registered_on",
	    "county_code", NULL };

	return (sound(e, needs) ? applied(db, sql_unemployment_put(db, NULL, e->payload)) :
	    EVENT_POISON);
}

static int
unemployment_ended(struct db *db, const struct event *e)
{
	static const char *const needs[] = { "registration_id", "ended_on", NULL };

	return (sound(e, needs) ? applied(db, sql_unemployment_end(db, NULL, e->payload)) :
	    EVENT_POISON);
}

static bool
sound(const struct event *e, const char *const *needs)
{
	size_t	i;

	for (i = 0; needs[i] != NULL; i++) {
		if (!sound_member(e, needs[i]))
			return (false);
	}
	return (true);
}

/* By its name's ending a member is an id, a day or a text. */
static bool
sound_member(const struct event *e, const char *name)
{
	const char	*text = json_string(json_get(e->data, name));
	const char	*ending = strrchr(name, '_');
	struct uuid	 id;

	if (text == NULL || text[0] == '\0')
		return (false);
	if (ending != NULL && strcmp(ending, "_id") == 0)
		return (uuid_parse(text, &id));
	if (ending != NULL && strcmp(ending, "_on") == 0)
		return (day_parse(text) != DAY_NONE);
	return (true);
}

/*
 * What a constraint refuses, or cannot be read as its type (class 22), will
 * never be accepted; anything else is tried again.
 */
static int
applied(const struct db *db, int rc)
{
	if (rc == -1 && (db->error == DB_UNIQUE || db->error == DB_CHECK ||
	    db->error == DB_FOREIGN || strncmp(db->sqlstate, "22", 2) == 0))
		return (EVENT_POISON);
	return (rc);
}
