/*
 * founder.c -- a founder's path: the person's own profile, the steps found from
 * data with what to do next, and officers who follow those who agreed to it.
 *
 * Invariant: nobody says what step a founder stands at, the trigger finds it;
 * officers see no founder who did not agree, but in counts of five and more.
 * The SQL is in sql/entrepreneurship/queries/founder.sql.
 */
#include "base/log.h"
#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "mentors.h"

#define DAY_MOST	500

struct founder_in {
	const char	*idea, *groups, *skips, *area_code;
};

struct follow_in {
	bool	follow;
};

struct firm_in {
	const char	*uscc;
	int32_t		 founded_on, closed_on;
};

struct contact_in {
	const char	*kind, *outcome, *note;
	int32_t		 contacted_on, next_on;
};

struct founder_query {
	const char	*county_code, *step, *group;
	int64_t		 stuck_days;
};

static int	founder_open(struct call *);
static int	founder_firm(struct call *);
static int	founder_contact(struct call *);

static const char *const steps[] = { "idea", "trained", "mentor", "place", "licence", "loan", "subsidies",
	"first_hire", "alive_3", "alive_6", "alive_12", "done", "closed", NULL };
static const char *const groups[] = { "graduate", "returning", "veteran", "poverty_lifted", "disabled",
	"difficult", "unemployed", "rural", "other", NULL };
static const char *const kinds[] = { "phone", "visit", "office", "online", NULL };
static const char *const outcomes[] = { "helped", "referred", "not_reached", "no_need", "gave_up", NULL };

static const struct field founder_fields[] = {
	FIELD_TEXT(founder_in, idea, REQUIRED, 2, 500, "想做什么"),
	FIELD_JSON(founder_in, groups, REQUIRED, WORDS_BYTES, "人员类别，一种或几种，见 founder_groups"),
	FIELD_JSON(founder_in, skips, OPTIONAL, WORDS_BYTES, "不需要的步骤：trained, mentor, place, loan, subsidies"),
	FIELD_CHECK(founder_in, area_code, REQUIRED, check_area, "打算在哪里创业，到县级或更细"),
	FIELD_END
};
static const struct field follow_fields[] = {
	FIELD_BOOL(follow_in, follow, REQUIRED, "同意当地工作人员了解进展并帮助"),
	FIELD_END
};
static const struct field firm_fields[] = {
	FIELD_CHECK(firm_in, uscc, REQUIRED, check_uscc, "执照上的统一社会信用代码"),
	FIELD_DAY(firm_in, founded_on, REQUIRED, "成立日期"),
	FIELD_DAY(firm_in, closed_on, OPTIONAL, "已注销的，注销日期"),
	FIELD_END
};
static const struct field contact_fields[] = {
	FIELD_ENUM(contact_in, kind, REQUIRED, kinds, "联系方式"),
	FIELD_ENUM(contact_in, outcome, REQUIRED, outcomes, "结果"),
	FIELD_TEXT(contact_in, note, REQUIRED, 2, 500, "情况"),
	FIELD_DAY(contact_in, contacted_on, REQUIRED, "联系日期"),
	FIELD_DAY(contact_in, next_on, OPTIONAL, "下次联系"),
	FIELD_END
};
static const struct field founder_query_fields[] = {
	FIELD_CHECK(founder_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(founder_query, step, OPTIONAL, steps, "所在步骤"),
	FIELD_ENUM(founder_query, group, OPTIONAL, groups, "人员类别"),
	FIELD_INT(founder_query, stuck_days, OPTIONAL, 0, 3660, "停在这一步至少多少天"),
	FIELD_END
};

#define FOUNDER_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "创业档案" }, \
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "创业者" }, \
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" }, \
	{ .name = "idea", .type = SHAPE_T_TEXT, .help = "想做什么" }, \
	{ .name = "groups", .type = SHAPE_T_LIST, .codes = "founder_groups", .help = "人员类别" }, \
	{ .name = "skips", .type = SHAPE_T_LIST, .codes = "founder_steps", .help = "不需要的步骤" }, \
	{ .name = "follow", .type = SHAPE_T_BOOL, .help = "同意工作人员帮助" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "创办的单位" }, \
	{ .name = "firm_state", .type = SHAPE_T_TEXT, .codes = "founder_firm_states", \
	  .help = "执照核对" }, \
	{ .name = "founded_on", .type = SHAPE_T_DAY, .nullable = true, .help = "成立日期" }, \
	{ .name = "closed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "注销日期" }, \
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "founder_steps", .help = "所在步骤" }, \
	{ .name = "step_since", .type = SHAPE_T_DAY, .help = "何日到这一步" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "创业地" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "建档时间" }

static const struct shape founder_shape[] = { FOUNDER_ROWS, SHAPE_END };
static const struct shape founder_item_shape[] = {
	FOUNDER_ROWS,
	{ .name = "stuck_days", .type = SHAPE_T_INT, .help = "停在这一步的天数" },
	{ .name = "last_contact_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最近联系" },
	SHAPE_END
};
static const struct shape next_shape[] = {
	{ .name = "zh", .type = SHAPE_T_TEXT, .help = "下一步做什么" },
	{ .name = "en", .type = SHAPE_T_TEXT, .help = "下一步做什么（英文）" },
	{ .name = "method", .type = SHAPE_T_TEXT, .help = "方法" },
	{ .name = "path", .type = SHAPE_T_TEXT, .help = "接口" },
	SHAPE_END
};
static const struct shape step_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "步骤" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "步骤名称" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "done 已完成, skipped 不需要, now 正在这一步, later 以后" },
	{ .name = "done_on", .type = SHAPE_T_DAY, .nullable = true, .help = "完成日期" },
	{ .name = "next", .type = SHAPE_T_OBJECT, .of = next_shape, .help = "怎么办" },
	SHAPE_END
};
static const struct shape place_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "载体名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "carrier_kinds", .help = "载体类型" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "free", .type = SHAPE_T_INT, .help = "空余工位" },
	SHAPE_END
};
static const struct shape path_shape[] = {
	{ .name = "founder", .type = SHAPE_T_OBJECT, .of = founder_shape, .help = "创业档案" },
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "founder_steps", .help = "所在步骤" },
	{ .name = "steps", .type = SHAPE_T_LIST, .of = step_shape, .help = "全部步骤" },
	{ .name = "places", .type = SHAPE_T_LIST, .of = place_shape, .help = "附近有空位的载体" },
	SHAPE_END
};
static const struct shape contact_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "联系记录" },
	{ .name = "founder_id", .type = SHAPE_T_UUID, .help = "创业档案" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "创业者" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "联系方式" },
	{ .name = "outcome", .type = SHAPE_T_TEXT, .help = "结果" },
	{ .name = "note", .type = SHAPE_T_TEXT, .help = "情况" },
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "founder_steps", .help = "当时所在步骤" },
	{ .name = "contacted_on", .type = SHAPE_T_DAY, .help = "联系日期" },
	{ .name = "next_on", .type = SHAPE_T_DAY, .nullable = true, .help = "下次联系" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "工作人员" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "记录时间" },
	SHAPE_END
};
static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "founder_steps", .help = "步骤" },
	{ .name = "founders", .type = SHAPE_T_INT, .nullable = true, .help = "人数，少于 5 不显示" },
	SHAPE_END
};

const struct route founder_routes[] = {
	{ .name = "founder_open", .method = METHOD_POST, .path = "/v1/entrepreneurship/my/founder",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.founder.open",
	  .body = INPUT(founder_in, founder_fields), .reply = founder_shape, .handler = founder_open,
	  .emits = "entrepreneurship.founder.moved.v1", .limit = LIMIT_WRITE, .matter = "EN-12",
	  .zh = "建立或修改创业档案", .en = "Make or change one's profile as a founder" },
	{ .name = "founder_follow", .method = METHOD_POST, .path = "/v1/entrepreneurship/my/founder/follow",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.founder.follow",
	  .body = INPUT(follow_in, follow_fields), .reply = founder_shape, .success = 200,
	  .stmt = &stmt_founder_follow, .emits = "entrepreneurship.founder.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "同意或撤回跟踪帮助", .en = "Agree to be followed by officers, or withdraw it" },
	{ .name = "founder_firm", .method = METHOD_POST, .path = "/v1/entrepreneurship/my/founder/firm",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.founder.firm",
	  .body = INPUT(firm_in, firm_fields), .reply = founder_shape, .success = 200,
	  .handler = founder_firm, .emits = "entrepreneurship.founder.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "填写创办的单位", .en = "Name the firm one has founded" },
	{ .name = "founder_firm_confirm", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/org/founder/confirm",
	  .callers = ROLE_ORGS, .scope = SCOPE_ORG, .right = RIGHT_MANAGE,
	  .action = "entrepreneurship.founder.confirm", .reply = founder_shape, .success = 200,
	  .stmt = &stmt_founder_firm_confirm, .emits = "entrepreneurship.founder.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "以单位身份确认本人创办", .en = "Confirm, acting for the firm, to be its founder" },
	{ .name = "path_my", .method = METHOD_GET, .path = "/v1/entrepreneurship/my/path",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.founder.path",
	  .reply = path_shape, .stmt = &stmt_path_my, .limit = LIMIT_READ,
	  .zh = "我的创业路径", .en = "Where one stands as a founder" },
	{ .name = "founder_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/founders",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "entrepreneurship.founder.list",
	  .query = INPUT(founder_query, founder_query_fields), .list = true, .reply = founder_item_shape,
	  .stmt = &stmt_founder_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区内同意帮助的创业者", .en = "List founders of the area who agreed to be followed" },
	{ .name = "founder_contact", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/founders/{id}/contacts",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.founder.contact", .body = INPUT(contact_in, contact_fields),
	  .reply = contact_shape, .handler = founder_contact,
	  .emits = "entrepreneurship.founder.contacted.v1", .limit = LIMIT_WRITE,
	  .zh = "记录与创业者的联系", .en = "Write down a contact with a founder" },
	{ .name = "founder_contact_list", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/founders/{id}/contacts",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.founder.contact_list", .list = true, .reply = contact_shape,
	  .stmt = &stmt_founder_contact_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "与创业者的联系记录", .en = "List the contacts with a founder" },
	{ .name = "founder_figures", .method = METHOD_GET, .path = "/v1/entrepreneurship/founder-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.founder.figures", .list = true, .reply = figure_shape,
	  .stmt = &stmt_founder_figures, .limit = LIMIT_READ,
	  .zh = "创业者所在步骤（分县）", .en = "Founders by step and county" },
	ROUTE_END
};

static int
founder_open(struct call *c)
{
	const struct founder_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (sql_founder_open(c->db, &rows, &c->principal->person, in->idea, in->groups, in->skips, county,
	    in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
founder_firm(struct call *c)
{
	const struct firm_in	*in = c->body;
	struct db_rows		 rows;

	if (in->founded_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/founded_on"));
	if (in->closed_on != DAY_NONE && in->closed_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/closed_on"));
	if (in->closed_on != DAY_NONE && in->closed_on < in->founded_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/closed_on"));
	if (sql_founder_firm(c->db, &rows, &c->principal->person, in->uscc, in->founded_on,
	    in->closed_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
founder_contact(struct call *c)
{
	const struct contact_in	*in = c->body;
	struct db_rows		 rows;

	if (in->contacted_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/contacted_on"));
	if (in->next_on != DAY_NONE && in->next_on < in->contacted_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/next_on"));
	if (sql_founder_contact(c->db, &rows, &c->id, in->kind, in->outcome, in->note, in->contacted_on,
	    in->next_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Months pass by themselves. */
void
founder_day(void)
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_founder_day(&db, &rows, DAY_MOST) == -1 || db_commit(&db) == -1)
		log_warn("founders: the day's look did not happen");
	arena_release(&a);
}
