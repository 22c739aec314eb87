/*
 * events.c -- what training hears: who has been registered with identity.
 */
#include "training.h"
#include "training_sql.h"

static int	person_registered(struct db *, const struct event *);
static int	org_registered(struct db *, const struct event *);
static int	applied(const struct db *, int);

const struct consumer training_consumers[] = {
	{ EV_PERSON_REGISTERED, person_registered },
	{ EV_ORG_REGISTERED, org_registered },
	CONSUMER_END
};

static int
person_registered(struct db *db, const struct event *ev)
{
	const char	*name = json_string(json_get(ev->data, "name_masked"));
	const char	*county = json_string(json_get(ev->data, "county_code"));
	const char	*who = json_string(json_get(ev->data, "person_id"));
	struct uuid	 id;

	if (name == NULL || county == NULL || who == NULL || !uuid_parse(who, &id))
		return (EVENT_POISON);
	return (applied(db, sql_person_put(db, NULL, &id, name, county,
	    json_string(json_get(ev->data, "area_code")))));
}

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

/* What a constraint refuses will never be accepted; anything else is tried again. */
static int
applied(const struct db *db, int rc)
{
	if (rc == -1 && (db->error == DB_UNIQUE || db->error == DB_CHECK || db->error == DB_FOREIGN))
		return (EVENT_POISON);
	return (rc);
}
