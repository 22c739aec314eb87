/*
 * episode.c -- what really happened to the labour market, as officers know it:
 * what settings are tried on.
 *
 * Invariant: an episode is entered with its source and never changed; a wrong
 * one is withdrawn with a note. The SQL is in sql/monitoring/queries/episode.sql.
 */
#include "codes/codes.h"
#include "monitoring_sql.h"
#include "warning.h"

struct episode_in {
	const char	*area_code, *rule_code, *title, *source;
	int32_t		 from_on, to_on;
};

struct episode_query {
	const char	*county_code, *rule_code;
};

static int	episode_enter(struct call *);

static const struct field episode_fields[] = {
	FIELD_CHECK(episode_in, area_code, REQUIRED, check_city_or_county, "县区，或全市"),
	FIELD_TEXT(episode_in, rule_code, OPTIONAL, 3, 40, "应由哪一规则发出；不填：该地区任一规则"),
	FIELD_TEXT(episode_in, title, REQUIRED, 2, 100, "何事"),
	FIELD_DAY(episode_in, from_on, REQUIRED, "自"),
	FIELD_DAY(episode_in, to_on, REQUIRED, "至"),
	FIELD_TEXT(episode_in, source, REQUIRED, 2, 200, "来源"),
	FIELD_END
};
static const struct field episode_query_fields[] = {
	FIELD_CHECK(episode_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_TEXT(episode_query, rule_code, OPTIONAL, 3, 40, "规则"),
	FIELD_END
};

static const struct shape episode_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "事件" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位，或全市" },
	{ .name = "rule_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "应发出预警的规则" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "何事" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "至" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "来源" },
	{ .name = "entered_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	{ .name = "is_withdrawn", .type = SHAPE_T_BOOL, .help = "已撤回" },
	{ .name = "withdrawn_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "撤回理由" },
	SHAPE_END
};

const struct route episode_routes[] = {
	{ .name = "episode_list", .method = METHOD_GET, .path = "/v1/monitoring/episodes",
	  .callers = ROLE_WARNING_READ, .scope = SCOPE_AREA, .action = "monitoring.episode.list",
	  .query = INPUT(episode_query, episode_query_fields), .list = true, .reply = episode_shape,
	  .stmt = &stmt_episode_list, .limit = LIMIT_READ,
	  .zh = "实际发生的就业波动", .en = "List what really happened" },
	{ .name = "episode_enter", .method = METHOD_POST, .path = "/v1/monitoring/episodes",
	  .callers = ROLE_WARNING, .scope = SCOPE_AREA, .action = "monitoring.episode.enter",
	  .body = INPUT(episode_in, episode_fields), .reply = episode_shape, .handler = episode_enter,
	  .limit = LIMIT_WRITE, .zh = "登记实际发生的就业波动", .en = "Enter what really happened" },
	{ .name = "episode_withdraw", .method = METHOD_POST, .path = "/v1/monitoring/episodes/{id}/withdraw",
	  .callers = ROLE_WARNING, .scope = SCOPE_AREA, .action = "monitoring.episode.withdraw",
	  .body = INPUT(note_in, note_fields), .reply = episode_shape, .success = 200, .stmt = &stmt_episode_withdraw,
	  .limit = LIMIT_WRITE, .zh = "撤回登记有误的波动", .en = "Withdraw an episode that is wrong" },
	ROUTE_END
};

static int
episode_enter(struct call *c)
{
	const struct episode_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (in->from_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/from_on"));
	call_object(c, &id);
	if (sql_episode_enter(c->db, &rows, &id, in->area_code, in->rule_code, in->title, in->from_on, in->to_on,
	    in->source) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
