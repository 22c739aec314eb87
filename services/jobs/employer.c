/*
 * employer.c -- what an employer says about itself, what officers of its area
 * know of it (重点企业, its park, a doubtful code), and the parks.
 *
 * Invariant: the profile is the employer's own word and public; the marks are
 * the officers', and shown to them and to the employer alone. The SQL is in
 * sql/jobs/queries/employer.sql.
 */
#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"

#define ROLES_MARK	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)

struct employer_in {
	const char	*industry_code;
	const char	*size;
	const char	*intro;
	const char	*address;
	int64_t		 lat_e6, lng_e6;	/* 0: not said */
};

struct mark_in {
	bool		 is_key;
	struct uuid	 key_officer_id;
	const char	*note;
	const char	*park_code;
};

struct uscc_in {
	const char	*reason;
};

struct park_in {
	const char	*code;
	const char	*name;
	const char	*area_code;
	bool		 is_closed;
};

struct employer_query {
	const char	*q;
	const char	*county_code;
	const char	*park_code;
	bool		 is_key;
	bool		 is_doubtful;
};

struct park_query {
	const char	*county_code;
};

static int	employer_put(struct call *);
static int	park_put(struct call *);
static int	check_park_code(const char *);

static const char *const sizes[] = { "under_20", "from_20", "from_100", "from_300", "from_1000", NULL };

static const struct field employer_in_fields[] = {
	FIELD_CHECK(employer_in, industry_code, OPTIONAL, check_industry, "所属行业（GB/T 4754）"),
	FIELD_ENUM(employer_in, size, OPTIONAL, sizes, "人员规模"),
	FIELD_TEXT(employer_in, intro, OPTIONAL, 0, 2000, "单位介绍"),
	FIELD_TEXT(employer_in, address, OPTIONAL, 0, 100, "地址"),
	FIELD_INT(employer_in, lat_e6, OPTIONAL, 3000000, 54000000, "纬度，百万分之一度（WGS-84）"),
	FIELD_INT(employer_in, lng_e6, OPTIONAL, 73000000, 136000000, "经度，百万分之一度（WGS-84）"),
	FIELD_END
};

static const struct field mark_in_fields[] = {
	FIELD_BOOL(mark_in, is_key, REQUIRED, "重点企业"),
	FIELD_UUID(mark_in, key_officer_id, OPTIONAL, "服务专员，默认本人"),
	FIELD_TEXT(mark_in, note, OPTIONAL, 0, 200, "说明"),
	FIELD_CHECK(mark_in, park_code, OPTIONAL, check_park_code, "所在园区，不填为不在园区"),
	FIELD_END
};

static const struct field uscc_in_fields[] = {
	FIELD_TEXT(uscc_in, reason, REQUIRED, 6, 200, "采信的依据"),
	FIELD_END
};

static const struct field park_in_fields[] = {
	FIELD_CHECK(park_in, code, REQUIRED, check_park_code, "园区代码"),
	FIELD_TEXT(park_in, name, REQUIRED, 2, 60, "园区名称"),
	FIELD_CHECK(park_in, area_code, REQUIRED, check_area, "所在地"),
	FIELD_BOOL(park_in, is_closed, OPTIONAL, "已撤销"),
	FIELD_END
};

static const struct field employer_query_fields[] = {
	FIELD_TEXT(employer_query, q, OPTIONAL, 2, 60, "名称中的文字，或统一社会信用代码"),
	FIELD_CHECK(employer_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_CHECK(employer_query, park_code, OPTIONAL, check_park_code, "园区"),
	FIELD_BOOL(employer_query, is_key, OPTIONAL, "重点企业"),
	FIELD_BOOL(employer_query, is_doubtful, OPTIONAL, "统一社会信用代码校验位存疑"),
	FIELD_END
};

static const struct field park_query_fields[] = {
	FIELD_CHECK(park_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape employer_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "uscc", .type = SHAPE_T_TEXT, .help = "统一社会信用代码" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "org_kinds", .help = "单位类型" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所属行业" },
	{ .name = "size", .type = SHAPE_T_TEXT, .codes = "employer_sizes", .nullable = true,
	  .help = "人员规模" },
	{ .name = "intro", .type = SHAPE_T_TEXT, .help = "介绍" },
	{ .name = "address", .type = SHAPE_T_TEXT, .help = "地址" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "纬度（百万分之一度）" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "经度（百万分之一度）" },
	{ .name = "park_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "园区代码" },
	{ .name = "park_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "园区" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "注册地" },
	{ .name = "updated_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "介绍更新时间" },
	{ .name = "open_vacancies", .type = SHAPE_T_INT, .nullable = true, .help = "正在招聘的岗位数" },
	{ .name = "uscc_doubtful", .type = SHAPE_T_BOOL, .nullable = true, .help = "信用代码校验位存疑" },
	{ .name = "uscc_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "采信的依据" },
	{ .name = "is_key", .type = SHAPE_T_BOOL, .nullable = true, .help = "重点企业" },
	{ .name = "key_officer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "服务专员" },
	{ .name = "key_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	SHAPE_END
};

static const struct shape park_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "园区代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "is_closed", .type = SHAPE_T_BOOL, .help = "已撤销" },
	SHAPE_END
};

const struct route employer_routes[] = {
	{ .name = "employer_own", .method = METHOD_GET, .path = "/v1/jobs/org/profile",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.employer.own",
	  .reply = employer_shape, .stmt = &stmt_employer_own, .limit = LIMIT_READ,
	  .zh = "本单位招聘资料", .en = "The caller's own profile" },
	{ .name = "employer_put", .method = METHOD_POST, .path = "/v1/jobs/org/profile",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.employer.put",
	  .body = INPUT(employer_in, employer_in_fields), .reply = employer_shape, .success = 200,
	  .handler = employer_put, .limit = LIMIT_WRITE, .matter = "JB-10",
	  .zh = "登记或更新本单位招聘资料", .en = "Replace the caller's own profile" },
	{ .name = "employer_get", .method = METHOD_GET, .path = "/v1/jobs/employers/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.employer.get",
	  .reply = employer_shape, .stmt = &stmt_employer_get, .limit = LIMIT_READ,
	  .zh = "查看用人单位", .en = "Read about an employer" },
	{ .name = "employer_list", .method = METHOD_GET, .path = "/v1/jobs/employers",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.employer.list",
	  .query = INPUT(employer_query, employer_query_fields), .list = true,
	  .reply = employer_shape, .stmt = &stmt_employer_list, .limit = LIMIT_READ,
	  .zh = "辖区内的用人单位", .en = "List the employers of the area" },
	{ .name = "employer_mark", .method = METHOD_POST, .path = "/v1/jobs/employers/{id}/mark",
	  .callers = ROLES_MARK, .scope = SCOPE_AREA, .action = "jobs.employer.mark",
	  .body = INPUT(mark_in, mark_in_fields), .reply = employer_shape, .success = 200,
	  .stmt = &stmt_employer_mark, .limit = LIMIT_WRITE,
	  .zh = "标注重点企业和所在园区", .en = "Mark a key enterprise and its park" },
	{ .name = "employer_accept_uscc", .method = METHOD_POST,
	  .path = "/v1/jobs/employers/{id}/uscc-acceptance",
	  .callers = ROLES_MARK, .scope = SCOPE_AREA, .action = "jobs.employer.accept_uscc",
	  .body = INPUT(uscc_in, uscc_in_fields), .reply = employer_shape, .success = 200,
	  .stmt = &stmt_employer_accept_uscc, .limit = LIMIT_WRITE,
	  .zh = "采信校验位存疑的统一社会信用代码", .en = "Accept a code whose check character is wrong" },
	{ .name = "park_list", .method = METHOD_GET, .path = "/v1/jobs/parks",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.park.list",
	  .query = INPUT(park_query, park_query_fields), .list = true,
	  .reply = park_shape, .stmt = &stmt_park_list, .limit = LIMIT_READ,
	  .zh = "园区", .en = "List the parks" },
	{ .name = "park_put", .method = METHOD_POST, .path = "/v1/jobs/parks",
	  .callers = ROLES_MARK, .scope = SCOPE_AREA, .action = "jobs.park.put",
	  .body = INPUT(park_in, park_in_fields), .reply = park_shape,
	  .handler = park_put, .limit = LIMIT_WRITE,
	  .zh = "登记或更新园区", .en = "Enter a park, or rename or close it" },
	ROUTE_END
};

static int
employer_put(struct call *c)
{
	const struct employer_in	*in = c->body;
	bool				 point = in->lat_e6 != 0;
	struct db_rows			 rows;

	if (point != (in->lng_e6 != 0))
		return (call_reject(c, ERR_F_MISSING, point ? "/lng_e6" : "/lat_e6"));
	call_last(c);
	if (sql_employer_put(c->db, &rows, &c->principal->org, in->industry_code, in->size, in->intro,
	    in->address, point ? &in->lat_e6 : NULL, point ? &in->lng_e6 : NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* A park stays where it was first entered. */
static int
park_put(struct call *c)
{
	const struct park_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_FORBIDDEN, "/area_code"));
	call_last(c);
	if (sql_park_put(c->db, &rows, in->code, in->name, county, in->area_code, in->is_closed) == -1)
		return (c->db->error == DB_UNIQUE ? call_reject(c, ERR_EXISTS, "/name") : call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_EXISTS, "/code"));
	return (call_reply_row(c, 201, &rows));
}

/* Small letters, digits and _, 2 to 30. */
static int
check_park_code(const char *code)
{
	size_t	i;

	for (i = 0; code[i] != '\0'; i++)
		if (!(code[i] >= 'a' && code[i] <= 'z') && !(code[i] >= '0' && code[i] <= '9') && code[i] != '_')
			return (ERR_F_FORMAT);
	return (i >= 2 && i <= 30 ? 0 : ERR_F_FORMAT);
}
