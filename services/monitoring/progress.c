/*
 * progress.c -- what counties and departments report of a work item and quarter,
 * with evidence; the office accepts it or sends it back.
 *
 * Invariant: beside each reported number stands what was counted here when it
 * was submitted; neither writer nor submitter checks. The SQL is in
 * sql/monitoring/queries/progress.sql.
 */
#include <string.h>

#include "monitoring_sql.h"
#include "sharing.h"
#include "workflow/file.h"

#define REPORTED_MOST	INT64_C(1000000000000)

struct progress_in {
	const char	*county_code, *unit, *summary, *figures;
	int64_t		 item_no, year, quarter;
};

struct amend_in {
	const char	*summary, *figures;
};

struct check_in {
	const char	*decision, *note;
};

struct progress_query {
	const char	*county_code, *state;
	int64_t		 item_no, year, quarter;
};

static int	progress_write(struct call *);
static int	progress_amend(struct call *);
static int	progress_submit(struct call *);
static int	progress_file_add(struct call *);
static bool	found_open(struct call *, struct db_rows *, int *);
static bool	figures_wrong(struct call *, const char *, int *);
static bool	figure_wrong(const struct json *, enum error_code *, const char **);
static bool	progress_unfit(struct call *, const struct progress_in *, const char **, int *);
static int	reply_now(struct call *, int, const struct uuid *);

static const char *const decisions[] = { "accepted", "returned", NULL };
static const char *const states[] = { "draft", "submitted", "accepted", "returned", NULL };

static const struct field progress_fields[] = {
	FIELD_INT(progress_in, item_no, REQUIRED, 1, 99, "举措序号"),
	FIELD_TEXT(progress_in, county_code, REQUIRED, 6, 6, "县级单位，市级部门为 431100"),
	FIELD_TEXT(progress_in, unit, OPTIONAL, 2, 40, "市级责任单位；县级不填"),
	FIELD_INT(progress_in, year, REQUIRED, 2024, 2100, "年度"),
	FIELD_INT(progress_in, quarter, REQUIRED, 1, 4, "季度"),
	FIELD_TEXT(progress_in, summary, REQUIRED, 4, 4000, "进展情况"),
	FIELD_JSON(progress_in, figures, OPTIONAL, 8000, "年初至季末的数 [{indicator 或 what, reported, reason}]"),
	FIELD_END
};
static const struct field amend_fields[] = {
	FIELD_TEXT(amend_in, summary, REQUIRED, 4, 4000, "进展情况"),
	FIELD_JSON(amend_in, figures, OPTIONAL, 8000, "年初至季末的数"),
	FIELD_END
};
static const struct field check_fields[] = {
	FIELD_ENUM(check_in, decision, REQUIRED, decisions, "结论"),
	FIELD_TEXT(check_in, note, OPTIONAL, 2, 500, "意见，退回时必填"),
	FIELD_END
};
static const struct field progress_query_fields[] = {
	FIELD_INT(progress_query, item_no, OPTIONAL, 1, 99, "举措序号"),
	FIELD_CHECK(progress_query, county_code, OPTIONAL, check_area, "县级单位或 431100"),
	FIELD_INT(progress_query, year, OPTIONAL, 2024, 2100, "年度"),
	FIELD_INT(progress_query, quarter, OPTIONAL, 1, 4, "季度"),
	FIELD_ENUM(progress_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape figure_shape[] = {
	{ .name = "what", .type = SHAPE_T_TEXT, .help = "报送的数" },
	{ .name = "indicator", .type = SHAPE_T_TEXT, .nullable = true, .help = "指标" },
	{ .name = "reported", .type = SHAPE_T_INT, .help = "报送数" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "少于前季的原因" },
	{ .name = "counted", .type = SHAPE_T_INT, .nullable = true, .help = "本系统计数；空：无指标或未提交" },
	{ .name = "difference", .type = SHAPE_T_INT, .nullable = true, .help = "报送数减计数" },
	{ .name = "counted_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "计数时间" },
	SHAPE_END
};
static const struct shape progress_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "季度进展" },
	{ .name = "item_no", .type = SHAPE_T_INT, .help = "举措序号" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "责任单位" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "quarter", .type = SHAPE_T_INT, .help = "季度" },
	{ .name = "summary", .type = SHAPE_T_TEXT, .help = "进展情况" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "work_progress_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "submitted_on", .type = SHAPE_T_DAY, .nullable = true, .help = "提交日" },
	{ .name = "checked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "审核日" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "报送期限；空：未设定" },
	{ .name = "is_late", .type = SHAPE_T_BOOL, .nullable = true, .help = "逾期；期限未设定为空" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "填写时间" },
	{ .name = "figures", .type = SHAPE_T_LIST, .of = figure_shape, .help = "数" },
	{ .name = "files", .type = SHAPE_T_LIST, .of = file_shape, .help = "佐证材料" },
	SHAPE_END
};
static const struct shape step_shape[] = {
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "work_progress_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "经办账号" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape gone_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "已删除的材料" },
	SHAPE_END
};

#define WRITES	.callers = ROLE_WORKERS, .scope = SCOPE_AREA
#define READS	.callers = ROLE_OFFICE, .scope = SCOPE_AREA, .limit = LIMIT_READ

const struct route progress_routes[] = {
	{ .name = "progress_write", .method = METHOD_POST, .path = "/v1/monitoring/progress", WRITES,
	  .action = "monitoring.progress.write", .body = INPUT(progress_in, progress_fields), .reply = progress_shape,
	  .handler = progress_write, .limit = LIMIT_WRITE,
	  .zh = "填写季度进展", .en = "Write a quarter's progress of an item" },
	{ .name = "progress_list", .method = METHOD_GET, .path = "/v1/monitoring/progress", READS,
	  .action = "monitoring.progress.list", .query = INPUT(progress_query, progress_query_fields), .list = true,
	  .reply = progress_shape, .stmt = &stmt_progress_list,
	  .zh = "季度进展", .en = "List reports of progress" },
	{ .name = "progress_get", .method = METHOD_GET, .path = "/v1/monitoring/progress/{id}", READS,
	  .action = "monitoring.progress.get", .reply = progress_shape, .stmt = &stmt_progress_get,
	  .zh = "查看季度进展", .en = "Read a report of progress" },
	{ .name = "progress_step_list", .method = METHOD_GET, .path = "/v1/monitoring/progress/{id}/steps", READS,
	  .action = "monitoring.progress.steps", .list = true, .reply = step_shape, .stmt = &stmt_progress_step_list,
	  .zh = "季度进展办理过程", .en = "List how a report came to stand so" },
	{ .name = "progress_amend", .method = METHOD_PUT, .path = "/v1/monitoring/progress/{id}", WRITES,
	  .action = "monitoring.progress.amend", .body = INPUT(amend_in, amend_fields), .reply = progress_shape,
	  .handler = progress_amend, .limit = LIMIT_WRITE,
	  .zh = "修改未提交或被退回的进展", .en = "Change a draft, or what was sent back" },
	{ .name = "progress_submit", .method = METHOD_POST, .path = "/v1/monitoring/progress/{id}/submit", WRITES,
	  .action = "monitoring.progress.submit", .reply = progress_shape, .success = 200, .handler = progress_submit,
	  .emits = "monitoring.progress.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "提交季度进展", .en = "Submit a report of progress" },
	{ .name = "progress_check", .method = METHOD_POST, .path = "/v1/monitoring/progress/{id}/check",
	  .callers = ROLE_SHARERS, .scope = SCOPE_AREA, .action = "monitoring.progress.check",
	  .body = INPUT(check_in, check_fields), .reply = progress_shape, .success = 200, .stmt = &stmt_progress_check,
	  .emits = "monitoring.progress.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "专班审核季度进展", .en = "Accept a report, or send it back" },
	{ .name = "progress_file_add", .method = METHOD_POST, .path = "/v1/monitoring/progress/{id}/files", WRITES,
	  .action = "monitoring.progress.file_add", .query = INPUT(file_query, file_query_fields), .raw_body = true,
	  .reply = file_shape, .handler = progress_file_add, .limit = LIMIT_IMPORT,
	  .zh = "上传佐证材料", .en = "Hand in evidence" },
	{ .name = "progress_file_get", .method = METHOD_GET, .path = "/v1/monitoring/progress-files/{id}", READS,
	  .action = "monitoring.progress.file_get", .media = "application/octet-stream", .handler = file_send,
	  .opens = OPENS_UNNAMED, .zh = "下载佐证材料", .en = "Download evidence" },
	{ .name = "progress_file_drop", .method = METHOD_DELETE, .path = "/v1/monitoring/progress-files/{id}", WRITES,
	  .action = "monitoring.progress.file_drop", .reply = gone_shape, .success = 200,
	  .handler = file_drop, .limit = LIMIT_WRITE,
	  .zh = "删除未提交的佐证材料", .en = "Delete evidence that is not submitted" },
	ROUTE_END
};

static int
progress_write(struct call *c)
{
	const struct progress_in	*in = c->body;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	const char			*unit;
	int				 said;

	if (figures_wrong(c, in->figures, &said) || progress_unfit(c, in, &unit, &said))
		return (said);
	call_object(c, &id);
	if (sql_progress_put(c->db, &rows, &id, in->item_no, in->county_code, unit, in->year, in->quarter, in->summary) == -1 ||
	    sql_progress_figures_put(c->db, &rows, &id, in->figures) == -1)
		return (call_failed(c));
	return (reply_now(c, 201, &id));
}

static int
progress_amend(struct call *c)
{
	const struct amend_in	*in = c->body;
	struct progress_in	 whole = { .figures = in->figures };
	const char		*unit;
	struct db_rows		 rows;
	int			 said;

	if (figures_wrong(c, in->figures, &said))
		return (said);
	if (!found_open(c, &rows, &said))
		return (said);
	whole.item_no = db_int(&rows, 0, "item_no");
	whole.county_code = db_text(&rows, 0, "county_code");
	whole.unit = db_text(&rows, 0, "unit");
	whole.year = db_int(&rows, 0, "year");
	whole.quarter = db_int(&rows, 0, "quarter");
	if (progress_unfit(c, &whole, &unit, &said))
		return (said);
	if (sql_progress_amend(c->db, &rows, &c->id, in->summary) == -1 ||
	    sql_progress_figures_clear(c->db, &rows, &c->id) == -1 ||
	    sql_progress_figures_put(c->db, &rows, &c->id, in->figures) == -1)
		return (call_failed(c));
	return (reply_now(c, 200, &c->id));
}

static int
progress_submit(struct call *c)
{
	struct db_rows	rows;

	if (sql_progress_submit(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (file_lock(c->db, &c->id) == -1)
		return (call_failed(c));
	return (reply_now(c, 200, &c->id));
}

/* An officer's, of the report: it is nobody's own. */
static int
progress_file_add(struct call *c)
{
	struct file_for	f = { .subject_kind = "work_progress", .subject = c->id, .keep_until = DAY_NONE };
	struct db_rows	rows;
	int		said;

	if (!found_open(c, &rows, &said))
		return (said);
	f.county = db_text(&rows, 0, "county_code");
	return (file_keep(c, c->query, &f));
}

/* A draft, or one that was sent back. */
static bool
found_open(struct call *c, struct db_rows *rows, int *said)
{
	if (sql_progress_find(c->db, rows, &c->id) == -1)
		*said = call_failed(c);
	else if (rows->count == 0)
		*said = call_reject(c, ERR_NOT_FOUND, NULL);
	else if (!db_bool(rows, 0, "is_open"))
		*said = call_reject(c, ERR_STATE, NULL);
	else
		return (true);
	return (false);
}

static bool
figures_wrong(struct call *c, const char *text, int *said)
{
	const struct json	*list;
	enum error_code		 code;
	const char		*member;
	size_t			 i;

	if (faults_list(c, text, "/figures", true, said))
		return (true);
	if (text == NULL)
		return (false);
	list = json_parse(c->arena, text, strlen(text));
	for (i = 0; i < json_count(list); i++)
		if (figure_wrong(json_at(list, i), &code, &member)) {
			*said = call_reject(c, code, arena_printf(c->arena, "/figures/%zu%s", i, member));
			return (true);
		}
	return (false);
}

static bool
figure_wrong(const struct json *f, enum error_code *code, const char **member)
{
	static const char *const	texts[] = { "indicator", "what", "reason" };
	static const char *const	places[] = { "/indicator", "/what", "/reason" };
	int64_t				n;
	size_t				i;

	for (i = 0; i < NITEMS(texts); i++)
		if (json_get(f, texts[i]) != NULL && json_string(json_get(f, texts[i])) == NULL) {
			*code = ERR_F_TYPE;
			*member = places[i];
			return (true);
		}
	*member = "/reported";
	if (json_get(f, "reported") == NULL)
		*code = ERR_F_MISSING;
	else if (!json_integer(json_get(f, "reported"), &n))
		*code = ERR_F_TYPE;
	else if (n < 0 || n > REPORTED_MOST)
		*code = n < 0 ? ERR_F_SMALL : ERR_F_LARGE;
	else
		return (false);
	return (true);
}

/* True: refused. `unit`: who reports, as it is kept. */
static bool
progress_unfit(struct call *c, const struct progress_in *in, const char **unit, int *said)
{
	struct db_rows	rows;

	if (sql_progress_faults(c->db, &rows, in->item_no, in->county_code, in->unit, in->year, in->quarter,
	    in->figures) == -1)
		*said = call_failed(c);
	else if (!db_bool(&rows, 0, "acts"))
		*said = call_reject(c, ERR_AREA, NULL);
	else if (!db_bool(&rows, 0, "has_item"))
		*said = call_reject(c, ERR_F_CHOICE, "/item_no");
	else if ((*unit = db_text(&rows, 0, "unit")) == NULL)
		*said = call_reject(c, ERR_F_WORK_UNIT, "/unit");
	else if (!db_bool(&rows, 0, "has_begun"))
		*said = call_reject(c, ERR_F_DATE_FUTURE, "/quarter");
	else
		return (faults_said(c, &rows, said));
	return (true);
}

static int
reply_now(struct call *c, int status, const struct uuid *id)
{
	struct db_rows	rows;

	if (sql_progress_get(c->db, &rows, id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, status, &rows));
}
