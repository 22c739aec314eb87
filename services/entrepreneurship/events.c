/*
 * events.c -- what entrepreneurship hears: organisations from identity, and
 * every hire from jobs, kept without a name and counted when a tenant made it.
 */
#include "entrepreneurship.h"
#include "entrepreneurship_sql.h"

static int	org_registered(struct db *, const struct event *);
static int	employment_registered(struct db *, const struct event *);
static int	applied(const struct db *, int);

const struct consumer entrepreneurship_consumers[] = {
	{ EV_ORG_REGISTERED, org_registered },
	{ EV_EMPLOYMENT_REGISTERED, employment_registered },
	CONSUMER_END
};

static int
org_registered(struct db *db, const struct event *ev)
{
	const char	*name = json_string(json_get(ev->data, "name"));
	const char	*uscc = json_string(json_get(ev->data, "uscc"));
	const char	*kind = json_string(json_get(ev->data, "kind"));
	const char	*county = json_string(json_get(ev->data, "county_code"));
	const char	*who = json_string(json_get(ev->data, "org_id"));
	struct uuid	 id;

	if (name == NULL || uscc == NULL || kind == NULL || county == NULL || who == NULL ||
	    !uuid_parse(who, &id))
		return (EVENT_POISON);
	return (applied(db, sql_org_put(db, NULL, &id, uscc, name, kind, county,
	    json_string(json_get(ev->data, "area_code")))));
}

static int
employment_registered(struct db *db, const struct event *ev)
{
	const char	*employment = json_string(json_get(ev->data, "employment_id"));
	const char	*org = json_string(json_get(ev->data, "org_id"));
	const char	*person = json_string(json_get(ev->data, "person_id"));
	const char	*hired = json_string(json_get(ev->data, "hired_on"));
	struct uuid	 employment_id, org_id, person_id;
	int32_t		 hired_on;

	if (employment == NULL || org == NULL || person == NULL || hired == NULL ||
	    !uuid_parse(employment, &employment_id) || !uuid_parse(org, &org_id) ||
	    !uuid_parse(person, &person_id) || (hired_on = day_parse(hired)) == DAY_NONE)
		return (EVENT_POISON);
	if (sql_org_turn(db, NULL, &org_id) == -1)
		return (-1);
	return (applied(db, sql_job_record(db, NULL, &employment_id, &org_id, &person_id,
	    hired_on)));
}

/* What a constraint refuses will never be accepted; anything else is tried again. */
static int
applied(const struct db *db, int rc)
{
	if (rc == -1 && (db->error == DB_UNIQUE || db->error == DB_CHECK || db->error == DB_FOREIGN))
		return (EVENT_POISON);
	return (rc);
}
