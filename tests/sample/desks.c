/*
 * desks.c -- the officers of two counties and the city, one partner, and the
 * files that the province would return. Passwords and TOTP secrets are drawn
 * anew for each installation and written once, for the owner's eyes.
 */
#include <sys/stat.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "city.h"
#include "auth/auth.h"
#include "base/log.h"
#include "codes/codes.h"
#include "crypt/crypt.h"

#define SECRET_BYTES	20

static const struct desk {
	const char	*login, *role, *area;
} desks[] = {
	{ "jh.clerk", "clerk", "431129" },	{ "jh.first", "first_review", "431129" },
	{ "jh.recheck", "recheck", "431129" },	{ "jh.approve", "approve", "431129" },
	{ "jh.finance", "finance", "431129" },	{ "jh.sign", "finance", "431129" },
	{ "lst.clerk", "clerk", "431103" },	{ "lst.first", "first_review", "431103" },
	{ "lst.recheck", "recheck", "431103" },	{ "lst.approve", "approve", "431103" },
	{ "lst.finance", "finance", "431103" },	{ "lst.sign", "finance", "431103" },
	{ "city.clerk", "clerk", "431100" },	{ "city.fiscal", "fiscal", "431100" },
	{ "city.finance", "finance", "431100" },
	{ "city.approve", "approve", "431100" }, { "city.audit", "audit", "431100" },
	{ "city.stats", "stats", "431100" },	{ "city.system", "system_admin", "431100" },
	{ "city.security", "security_admin", "431100" },
	{ "city.auditor", "audit_admin", "431100" },
};

static char    *password_make(struct arena *);
static void	officer_row(struct city *, const struct desk *, FILE *, struct uuid *);
static void	outlet_rows(struct city *, const struct uuid *);
static void	partner_row(struct city *, FILE *);
static void	password_hash(const char *, char [crypto_pwhash_STRBYTES]);

void
emit_desks(struct city *c, const char *file)
{
	struct uuid	 ids[NITEMS(desks)];
	FILE		*f;
	size_t		 i;
	int		 fd;

	if ((fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600)) == -1 ||
	    (f = fdopen(fd, "w")) == NULL)
		log_die("sample: cannot write %s", file);
	fprintf(f, "{\"desks\":[\n");
	copy_begin("identity.officer", "id, login, name, county_code, password_hash, totp_sealed");
	for (i = 0; i < NITEMS(desks); i++) {
		if (i > 0)
			fprintf(f, ",\n");
		officer_row(c, &desks[i], f, &ids[i]);
	}
	copy_end();
	copy_begin("identity.officer_grant", "officer_id, role, area_code, from_on");
	for (i = 0; i < NITEMS(desks); i++) {
		copy_uuid(&ids[i]);
		copy_text(desks[i].role);
		copy_text(desks[i].area);
		copy_text("2024-01-01");
		copy_row();
	}
	copy_end();
	fprintf(f, "\n],");
	outlet_rows(c, ids);
	partner_row(c, f);
	fprintf(f, "}\n");
	if (fclose(f) != 0)
		log_die("sample: cannot write %s", file);
}

static void
officer_row(struct city *c, const struct desk *d, FILE *f, struct uuid *id)
{
	char		 hash[crypto_pwhash_STRBYTES];
	uint8_t		 secret[SECRET_BYTES];
	char		*password = password_make(&c->arena), *totp;
	const char	*label = role_label(role_of(d->role));

	random_bytes(secret, sizeof(secret));
	totp = base64url_encode(&c->arena, secret, sizeof(secret));
	password_hash(password, hash);
	*id = city_uuid(c);
	copy_uuid(id);
	copy_text(d->login);
	copy_text(arena_printf(&c->arena, "%s%s岗", area_name(d->area), label));
	copy_text(d->area);
	copy_text(hash);
	copy_text(field_seal(&c->arena, "officer.totp", totp));
	copy_row();
	fprintf(f, "{\"login\":\"%s\",\"password\":\"%s\",\"totp\":\"%s\",\"role\":\"%s\","
	    "\"role_label\":\"%s\",\"area_code\":\"%s\",\"area_name\":\"%s\"}", d->login,
	    password, totp, d->role, label, d->area, area_name(d->area));
}

/* One in each county with desks, where its clerk works. */
static void
outlet_rows(struct city *c, const struct uuid *officers)
{
	struct uuid	outlets[NITEMS(desks)];
	size_t		i;

	copy_begin("identity.outlet", "id, name, kind, county_code, area_code");
	for (i = 0; i < NITEMS(desks); i++) {
		if (strcmp(desks[i].role, "clerk") != 0 || strcmp(desks[i].area, AREA_CITY) == 0)
			continue;
		outlets[i] = city_uuid(c);
		copy_uuid(&outlets[i]);
		copy_text(arena_printf(&c->arena, "%s政务服务中心就业窗口", area_name(desks[i].area)));
		copy_text("hall");
		copy_text(desks[i].area);
		copy_text(desks[i].area);
		copy_row();
	}
	copy_end();
	copy_begin("identity.officer_outlet", "officer_id, outlet_id, placed_by");
	for (i = 0; i < NITEMS(desks); i++) {
		if (strcmp(desks[i].role, "clerk") != 0 || strcmp(desks[i].area, AREA_CITY) == 0)
			continue;
		copy_uuid(&officers[i]);
		copy_uuid(&outlets[i]);
		copy_uuid(&officers[NITEMS(desks) - 1]);	/* the system administrator */
		copy_row();
	}
	copy_end();
}

static void
partner_row(struct city *c, FILE *f)
{
	uint8_t		 hash[CHAIN_BYTES];
	char		*secret = password_make(&c->arena);
	struct uuid	 id = city_uuid(c);

	sha256(secret, strlen(secret), hash);
	copy_begin("identity.client", "id, client_id, org_id, name, county_code");
	copy_uuid(&id);
	copy_text("sample-agency");
	copy_uuid(&c->firms[0].id);
	copy_text(c->firms[0].name);
	copy_text(c->firms[0].seat->county);
	copy_row();
	copy_end();
	copy_begin("identity.client_secret", "client, hash");
	copy_uuid(&id);
	copy_text(hex_encode(&c->arena, hash, sizeof(hash)));
	copy_row();
	copy_end();
	fprintf(f, "\"partner\":{\"client_id\":\"sample-agency\",\"client_secret\":\"%s\"}", secret);
}

static char *
password_make(struct arena *a)
{
	uint8_t	bytes[15];

	random_bytes(bytes, sizeof(bytes));
	return (base64url_encode(a, bytes, sizeof(bytes)));
}

static void
password_hash(const char *password, char hash[crypto_pwhash_STRBYTES])
{
	if (crypto_pwhash_str(hash, password, strlen(password),
	    crypto_pwhash_OPSLIMIT_MIN + 1, 19456 * 1024) != 0)
		log_die("sample: no memory to hash a password");
}

/* What the province's platform would send: insurance months and graduates. */
void
emit_returned_data(const struct city *c, const char *dir)
{
	char			 path[512], day[DAY_TEXT];
	const struct person	*p;
	FILE			*months, *graduates;
	int32_t			 through = day_add_months(c->today, 3);
	int			 i;

	(void)snprintf(path, sizeof(path), "%s/insurance_months.csv", dir);
	months = fopen(path, "w");
	(void)snprintf(path, sizeof(path), "%s/graduates.csv", dir);
	graduates = fopen(path, "w");
	if (months == NULL || graduates == NULL)
		log_die("sample: cannot write under %s", dir);
	fprintf(months, "id_number,uscc,month,pension,unemployment,injury\n");
	fprintf(graduates, "id_number,school,level,full_time,graduated_on\n");
	for (p = c->people; p < c->people + c->npeople; p++) {
		if (p->graduated != DAY_NONE)
			fprintf(graduates, "%s,永州示例学院,%s,%d,%s\n", p->number, p->level,
			    p->full_time, day_format(p->graduated, day));
		if (p->firm == SIZE_MAX || p->birth < day_make(1999, 1, 1))
			continue;
		for (i = 0; i < p->insured && day_add_months(p->hired, i) < through; i++)
			fprintf(months, "%s,%s,%.7s,1,1,1\n", p->number, c->firms[p->firm].uscc,
			    day_format(day_add_months(p->hired, i), day));
	}
	if (fclose(months) != 0 || fclose(graduates) != 0)
		log_die("sample: cannot write under %s", dir);
}
