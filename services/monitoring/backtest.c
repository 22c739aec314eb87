/*
 * backtest.c -- a setting tried on the past, before it is approved or after: by
 * the models of the clock, held against the episodes that were entered.
 *
 * Invariant: what a trial found is kept as it was found. `yjyctl backtest`
 * prints the same. The SQL is in sql/monitoring/queries/episode.sql.
 */
#include "base/buf.h"
#include "monitoring_sql.h"
#include "warn_backtest.h"
#include "warning.h"

#define YEARS_DAYS_MOST	3700
#define DAYS_DAYS_MOST	800	/* of a rule that looks at days */
#define RESULT_MAX	(1 << 20)

struct backtest_in {
	int32_t	from_on, to_on;
	int64_t	lead_days;
};

/* What all areas of one trial sum to. */
struct tried {
	int64_t		 hits, misses, false_alarms, leads;
	struct buf	 buf;
	struct json_out	 out;
};

static int	backtest_run(struct call *);
static int	try_areas(struct call *, const struct db_rows *, struct tried *);
static int	try_area(struct call *, const char *rule, const struct warn_model *, const char *area, struct tried *);
static void	write_area(struct json_out *, const char *, const struct warn_trial *);
static int	keep(struct call *, struct tried *);

static const struct field backtest_fields[] = {
	FIELD_DAY(backtest_in, from_on, REQUIRED, "自"),
	FIELD_DAY(backtest_in, to_on, REQUIRED, "至"),
	FIELD_INT(backtest_in, lead_days, REQUIRED, 0, 400, "预警解除后多少天内发生仍算命中"),
	FIELD_END
};

static const struct shape episode_shape[] = {
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "何事" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "至" },
	{ .name = "is_hit", .type = SHAPE_T_BOOL, .help = "命中" },
	{ .name = "lead_days", .type = SHAPE_T_INT, .nullable = true, .help = "提前天数，负数为迟发" },
	SHAPE_END
};
static const struct shape alarm_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "发出" },
	{ .name = "until_on", .type = SHAPE_T_DAY, .nullable = true, .help = "解除" },
	{ .name = "peak", .type = SHAPE_T_TEXT, .codes = "warning_colours", .help = "最重的颜色" },
	{ .name = "is_hit", .type = SHAPE_T_BOOL, .help = "否：误报" },
	SHAPE_END
};
static const struct shape area_shape[] = {
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" },
	{ .name = "episodes", .type = SHAPE_T_LIST, .of = episode_shape, .help = "实际发生" },
	{ .name = "alarms", .type = SHAPE_T_LIST, .of = alarm_shape, .help = "会发出的预警" },
	SHAPE_END
};
static const struct shape backtest_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "回测" },
	{ .name = "setting_id", .type = SHAPE_T_UUID, .help = "数值" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "至" },
	{ .name = "lead_days", .type = SHAPE_T_INT, .help = "命中的余量" },
	{ .name = "hits", .type = SHAPE_T_INT, .help = "命中" },
	{ .name = "misses", .type = SHAPE_T_INT, .help = "漏报" },
	{ .name = "false_alarms", .type = SHAPE_T_INT, .help = "误报" },
	{ .name = "mean_lead_days", .type = SHAPE_T_INT, .nullable = true, .help = "平均提前天数；空：没有命中" },
	{ .name = "areas", .type = SHAPE_T_LIST, .of = area_shape, .help = "分地区，只列有预警或有事的" },
	{ .name = "run_at", .type = SHAPE_T_INSTANT, .help = "回测时间" },
	SHAPE_END
};

const struct route backtest_routes[] = {
	{ .name = "backtest_run", .method = METHOD_POST, .path = "/v1/monitoring/warning-settings/{id}/backtests",
	  .callers = ROLE_WARNING, .scope = SCOPE_AREA, .action = "monitoring.backtest.run",
	  .body = INPUT(backtest_in, backtest_fields), .reply = backtest_shape, .handler = backtest_run,
	  .limit = LIMIT_WRITE, .lane = DB_SLOW, .zh = "以历史数据回测预警数值", .en = "Try a setting on the past" },
	{ .name = "backtest_list", .method = METHOD_GET, .path = "/v1/monitoring/warning-settings/{id}/backtests",
	  .callers = ROLE_WARNING_READ, .scope = SCOPE_AREA, .action = "monitoring.backtest.list", .list = true,
	  .reply = backtest_shape, .stmt = &stmt_backtest_list, .limit = LIMIT_READ,
	  .zh = "预警数值的回测结果", .en = "List what trials found" },
	ROUTE_END
};

static int
backtest_run(struct call *c)
{
	const struct backtest_in	*in = c->body;
	struct db_rows			 rows;
	struct tried			 t = { .hits = 0 };
	int				 rc;

	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (in->to_on >= clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/to_on"));
	if (in->to_on - in->from_on > YEARS_DAYS_MOST)
		return (call_reject(c, ERR_F_DATE_ORDER, "/from_on"));
	if (sql_backtest_setting(c->db, &rows, &c->id, in->from_on) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(&rows, 0, "model"), "report") == 0)
		return (call_reject(c, ERR_STATE, NULL));
	buf_init(&t.buf, RESULT_MAX);
	json_out_init(&t.out, &t.buf);
	rc = try_areas(c, &rows, &t);
	buf_release(&t.buf);
	return (rc);
}

static int
try_areas(struct call *c, const struct db_rows *setting, struct tried *t)
{
	const struct backtest_in	*in = c->body;
	const char			*document = db_text(setting, 0, "document"), *area;
	char				*areas = arena_strdup(c->arena, db_text(setting, 0, "areas"));
	struct warn_model		 m;
	int				 rc;

	if (!warn_model_read(json_parse(c->arena, document, strlen(document)), &m))
		return (call_reject(c, ERR_INTERNAL, NULL));
	if (m.grain == WARN_DAY && in->to_on - in->from_on > DAYS_DAYS_MOST)
		return (call_reject(c, ERR_F_DATE_ORDER, "/from_on"));
	json_open_list(&t->out, NULL);
	for (area = areas + 1; *area >= '0' && *area <= '9'; area += 7) {	/* {431102,431103} */
		if ((rc = try_area(c, db_text(setting, 0, "rule_code"), &m, arena_printf(c->arena, "%.6s", area), t)) != 0)
			return (rc);
		if (area[6] != ',')
			break;
	}
	json_close_list(&t->out);
	return (keep(c, t));
}

static int
try_area(struct call *c, const char *rule, const struct warn_model *m, const char *area, struct tried *sum)
{
	const struct backtest_in	*in = c->body;
	struct warn_trial		 t = { .model = m, .from = warn_period(m->grain, in->from_on), .to = in->to_on,
	    .lead_days = in->lead_days };
	struct warn_point		*points;
	const char			*series, *episodes;
	struct db_rows			 rows;

	if (sql_backtest_area(c->db, &rows, rule, area, warn_reach(m, t.from), in->from_on, in->to_on) == -1)
		return (call_failed(c));
	series = db_text(&rows, 0, "series");
	episodes = db_text(&rows, 0, "episodes");
	if (!warn_points_read(c->arena, json_parse(c->arena, series, strlen(series)), &points, &t.npoints) ||
	    !warn_episodes_read(c->arena, json_parse(c->arena, episodes, strlen(episodes)), &t.episodes, &t.nepisodes))
		return (call_reject(c, ERR_INTERNAL, NULL));
	t.points = points;
	t.alarms = arena_alloc(c->arena, (t.npoints + 1) * sizeof(*t.alarms));
	warn_try(&t);
	sum->hits += t.hits;
	sum->misses += t.misses;
	sum->false_alarms += t.false_alarms;
	sum->leads += t.leads;
	if (t.nepisodes + t.nalarms > 0)
		write_area(&sum->out, area, &t);
	return (0);
}

static void
write_area(struct json_out *out, const char *area, const struct warn_trial *t)
{
	size_t	i;

	json_open(out, NULL);
	json_put_text(out, "area_code", area);
	json_open_list(out, "episodes");
	for (i = 0; i < t->nepisodes; i++) {
		json_open(out, NULL);
		json_put_text(out, "title", t->episodes[i].title);
		json_put_day(out, "from_on", t->episodes[i].from);
		json_put_day(out, "to_on", t->episodes[i].to);
		json_put_bool(out, "is_hit", t->episodes[i].hit);
		if (t->episodes[i].hit)
			json_put_int(out, "lead_days", t->episodes[i].lead);
		else
			json_put_raw(out, "lead_days", "null");
		json_close(out);
	}
	json_close_list(out);
	json_open_list(out, "alarms");
	for (i = 0; i < t->nalarms; i++) {
		json_open(out, NULL);
		json_put_day(out, "from_on", t->alarms[i].from);
		json_put_day(out, "until_on", t->alarms[i].until);
		json_put_text(out, "peak", warn_colours[t->alarms[i].peak]);
		json_put_bool(out, "is_hit", t->alarms[i].hit);
		json_close(out);
	}
	json_close_list(out);
	json_close(out);
}

static int
keep(struct call *c, struct tried *t)
{
	const struct backtest_in	*in = c->body;
	int64_t				 mean = t->hits > 0 ? t->leads / t->hits : 0;
	struct db_rows			 rows;

	if (!buf_ok(&t->buf))
		return (call_reject(c, ERR_TOO_LARGE, NULL));
	if (sql_backtest_keep(c->db, &rows, &c->id, in->from_on, in->to_on, in->lead_days, t->hits, t->misses,
	    t->false_alarms, t->hits > 0 ? &mean : NULL, buf_cstr(&t->buf)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
