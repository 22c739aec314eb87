/*
 * emit.c -- the city as rows of each service's schema, as if its events had
 * been applied: nobody can tell a sample row from one that came by the door.
 */
#include <stdio.h>

#include "city.h"
#include "codes/codes.h"
#include "crypt/crypt.h"

static const struct village *workplace(const struct city *, const struct person *);
static void	employment_rows(struct city *, void (*)(const struct city *, const struct person *,
		    const struct uuid *));
static void	jobs_employment(const struct city *, const struct person *, const struct uuid *);
static void	subsidies_employment(const struct city *, const struct person *, const struct uuid *);
static void	person_rows(struct city *, const char *);
static void	org_rows(struct city *, const char *);
static void	unemployment_rows(struct city *);

void
emit_identity(struct city *c)
{
	struct arena		 a;
	const struct person	*p;
	size_t			 i;

	arena_init(&a);
	copy_begin("identity.person", "id, id_index, phone_index, id_sealed, name_sealed, "
	    "phone_sealed, name_masked, id_masked, phone_masked, sex, birth_on, county_code, area_code");
	for (p = c->people; p < c->people + c->npeople; p++, arena_clear(&a)) {
		copy_uuid(&p->id);
		copy_text(blind_index(&a, "id", p->number));
		copy_text(blind_index(&a, "phone", p->phone));
		copy_text(field_seal(&a, "person.id", p->number));
		copy_text(field_seal(&a, "person.name", p->name));
		copy_text(field_seal(&a, "person.phone", p->phone));
		copy_text(mask_name(&a, p->name));
		copy_text(mask_id(&a, p->number));
		copy_text(mask_phone(&a, p->phone));
		copy_int(p->sex);
		copy_day(p->birth);
		copy_text(p->home->county);
		copy_text(p->home->code);
		copy_row();
	}
	copy_end();
	org_rows(c, "identity.org");
	copy_begin("identity.org_member", "org_id, person_id, title");
	for (i = 0; i < c->nfirms; i++) {
		copy_uuid(&c->firms[i].id);
		copy_uuid(&c->people[c->firms[i].agent].id);
		copy_text("legal");
		copy_row();
	}
	copy_end();
	arena_release(&a);
}

void
emit_jobs(struct city *c)
{
	person_rows(c, "jobs.person");
	org_rows(c, "jobs.org");
	vacancy_rows(c);
	copy_begin("jobs.employment", "id, person_id, name_masked, org_id, org_name, hired_on, "
	    "contract_type, contract_months, occupation_code, wage_cents, was_unemployed, "
	    "was_difficult, county_code, area_code");
	employment_rows(c, jobs_employment);
	unemployment_rows(c);
}

void
emit_subsidies(struct city *c)
{
	person_rows(c, "subsidies.person");
	org_rows(c, "subsidies.org");
	copy_begin("subsidies.employment", "id, person_id, org_id, hired_on, contract_months, "
	    "occupation_code, wage_cents, was_unemployed, was_difficult, county_code, area_code");
	employment_rows(c, subsidies_employment);
}

/*
 * An employment has one id in every schema: it is made from the person's, so
 * that each table can be written in a pass of its own.
 */
static void
employment_rows(struct city *c, void (*row)(const struct city *, const struct person *,
    const struct uuid *))
{
	const struct person	*p;
	struct uuid		 id;

	for (p = c->people; p < c->people + c->npeople; p++) {
		if (p->firm == SIZE_MAX)
			continue;
		id = p->id;
		id.b[15] ^= 0xff;
		row(c, p, &id);
		copy_row();
	}
	copy_end();
}

static void
jobs_employment(const struct city *c, const struct person *p, const struct uuid *id)
{
	struct arena	a;

	arena_init(&a);
	copy_uuid(id);
	copy_uuid(&p->id);
	copy_text(mask_name(&a, p->name));
	copy_uuid(&c->firms[p->firm].id);
	copy_text(c->firms[p->firm].name);
	copy_day(p->hired);
	copy_text("fixed");
	copy_int(24);
	copy_text("6-31-01-03");
	copy_int(420000);
	copy_bool(p->was_unemployed);
	copy_bool(false);
	copy_text(workplace(c, p)->county);
	copy_text(workplace(c, p)->code);
	arena_release(&a);
}

static void
subsidies_employment(const struct city *c, const struct person *p, const struct uuid *id)
{
	copy_uuid(id);
	copy_uuid(&p->id);
	copy_uuid(&c->firms[p->firm].id);
	copy_day(p->hired);
	copy_int(24);
	copy_text("6-31-01-03");
	copy_int(420000);
	copy_bool(p->was_unemployed);
	copy_bool(false);
	copy_text(workplace(c, p)->county);
	copy_text(workplace(c, p)->code);
}

static const struct village *
workplace(const struct city *c, const struct person *p)
{
	return (c->firms[p->firm].seat);
}

static void
person_rows(struct city *c, const char *table)
{
	struct arena		 a;
	const struct person	*p;

	arena_init(&a);
	copy_begin(table, "id, id_index, name_masked, sex, birth_on, county_code, area_code");
	for (p = c->people; p < c->people + c->npeople; p++, arena_clear(&a)) {
		copy_uuid(&p->id);
		copy_text(blind_index(&a, "id", p->number));
		copy_text(mask_name(&a, p->name));
		copy_int(p->sex);
		copy_day(p->birth);
		copy_text(p->home->county);
		copy_text(p->home->code);
		copy_row();
	}
	copy_end();
	arena_release(&a);
}

static void
org_rows(struct city *c, const char *table)
{
	const struct firm	*f;

	copy_begin(table, "id, uscc, name, kind, industry_code, county_code, area_code");
	for (f = c->firms; f < c->firms + c->nfirms; f++) {
		copy_uuid(&f->id);
		copy_text(f->uscc);
		copy_text(f->name);
		copy_text(f->kind);
		copy_text(f->industry);
		copy_text(f->seat->county);
		copy_text(f->seat->code);
		copy_row();
	}
	copy_end();
}

static void
unemployment_rows(struct city *c)
{
	struct arena		 a;
	const struct person	*p;
	struct uuid		 id;

	arena_init(&a);
	copy_begin("jobs.unemployment", "id, person_id, name_masked, registered_on, reason, "
	    "county_code, area_code");
	for (p = c->people; p < c->people + c->npeople; p++, arena_clear(&a)) {
		if (p->lost == DAY_NONE)
			continue;
		id = city_uuid(c);
		copy_uuid(&id);
		copy_uuid(&p->id);
		copy_text(mask_name(&a, p->name));
		copy_day(p->lost);
		copy_text("contract_expired");
		copy_text(p->home->county);
		copy_text(p->home->code);
		copy_row();
	}
	copy_end();
	arena_release(&a);
}
