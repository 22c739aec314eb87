/*
 * claim_move.c -- the one way a claim changes state.
 *
 * Invariant: all claims asked for move together, with their money, their
 * step, the hand and the events, or nothing happens. Who may not (a second
 * step of one person, a tie to the payee, money that is not there) is refused
 * by the database; here its constraint gets the words the client sees.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "subsidies_sql.h"

#define CLAIMS_MAX	500
#define IDS_MAX		(CLAIMS_MAX * UUID_TEXT + 2)

static int	move_refused(struct call *, const char *);
static bool	may_decide(const struct call *, const struct claim_move *);

bool
claims_move(struct call *c, const struct claim_move *m, int *said)
{
	struct db_rows	rows;

	if (sql_claims_move(c->db, &rows, m->ids, m->from, m->to, m->step, m->hand, m->funds,
	    m->note, may_decide(c, m)) == -1) {
		*said = move_refused(c, m->ids);
		return (false);
	}
	if (db_int(&rows, 0, "seen") != m->count)
		*said = call_reject(c, ERR_NOT_FOUND, NULL);
	else if (db_int(&rows, 0, "moved") != m->count)
		*said = call_reject(c, ERR_STATE, NULL);
	else if (db_int(&rows, 0, "above") > 0)
		*said = call_reject(c, ERR_SUBSIDIES_TIER, NULL);
	else
		return (true);
	return (false);
}

/* What the policy leaves to the city is done by the city's own people. */
static bool
may_decide(const struct call *c, const struct claim_move *m)
{
	return (!m->tiered || principal_has(c->principal, m->role, AREA_CITY));
}

static int
move_refused(struct call *c, const char *ids)
{
	const char	*constraint = c->db->constraint != NULL ? c->db->constraint : "";

	if (c->db->error == DB_CHECK && strcmp(constraint, "allotment_not_overspent_check") == 0)
		return (call_reject(c, ERR_SUBSIDIES_BUDGET, NULL));
	if (c->db->error == DB_CHECK && strcmp(constraint, "allotment_closed_check") == 0)
		return (call_reject(c, ERR_SUBSIDIES_CLOSED, NULL));
	if (c->db->error == DB_CHECK && strcmp(constraint, "claim_hands_check") == 0)
		return (call_reject(c, ERR_SUBSIDIES_HANDS, NULL));
	if (c->db->error == DB_CHECK && strcmp(constraint, "claim_fund_source_check") == 0)
		return (call_reject(c, ERR_SUBSIDIES_FUND, NULL));
	if (c->db->error == DB_FOREIGN && (strcmp(constraint, "claim_step_hands_fkey") == 0 ||
	    strcmp(constraint, "claim_step_behalf_fkey") == 0))
		return (call_reject(c, ERR_SUBSIDIES_HANDS, NULL));
	return (claims_refused(c, ids));
}

bool
claims_read(struct call *c, const char *json, struct claim_move *m, int *said)
{
	const struct json	*list = json_parse(c->arena, json, strlen(json));
	char			*out = arena_alloc(c->arena, IDS_MAX), *end = out;
	struct uuid		 id;
	size_t			 i;

	if (!json_is_array(list) || json_count(list) == 0 || json_count(list) > CLAIMS_MAX) {
		*said = call_reject(c, ERR_F_COUNT, "/claim_ids");
		return (false);
	}
	for (i = 0; i < json_count(list); i++) {
		if (json_string(json_at(list, i)) == NULL ||
		    !uuid_parse(json_string(json_at(list, i)), &id)) {
			*said = call_reject(c, ERR_F_FORMAT,
			    arena_printf(c->arena, "/claim_ids/%zu", i));
			return (false);
		}
		*end++ = i == 0 ? '{' : ',';
		uuid_format(&id, end);
		end += UUID_TEXT - 1;
	}
	*end++ = '}';
	*end = '\0';
	m->ids = out;
	m->count = (int64_t)json_count(list);
	return (true);
}

const char *
caller_counties(struct call *c, const char *county)
{
	return (arena_printf(c->arena, "{%s}", county != NULL ? county : call_areas(c)));
}
