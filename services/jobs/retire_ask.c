/*
 * retire_ask.c -- 法定退休年龄 asked for a birthday: anybody may.
 */
#include "jobs.h"
#include "codes/retire.h"

#define DAY_1930	(-14610)

struct retire_query {
	int32_t		 birth_on;
	const char	*retire_class;
};

static int	retire_get(struct call *);

static const struct field retire_query_fields[] = {
	FIELD_DAY(retire_query, birth_on, REQUIRED, "出生日期"),
	FIELD_ENUM(retire_query, retire_class, REQUIRED, retire_class_names, "退休类别"),
	FIELD_END
};

static const struct shape retire_shape[] = {
	{ .name = "birth_on", .type = SHAPE_T_DAY, .help = "出生日期" },
	{ .name = "retire_class", .type = SHAPE_T_TEXT, .help = "退休类别" },
	{ .name = "retires_on", .type = SHAPE_T_DAY, .help = "法定退休日期" },
	{ .name = "delay_months", .type = SHAPE_T_INT, .help = "延迟月数" },
	{ .name = "years_left", .type = SHAPE_T_INT, .help = "距退休整年数" },
	{ .name = "is_near", .type = SHAPE_T_BOOL, .help = "距退休不足5年" },
	SHAPE_END
};

const struct route retire_routes[] = {
	{ .name = "retire_get", .method = METHOD_GET, .path = "/v1/jobs/retirement",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.retire.get",
	  .query = INPUT(retire_query, retire_query_fields), .reply = retire_shape,
	  .handler = retire_get, .limit = LIMIT_READ,
	  .zh = "法定退休年龄查询", .en = "When a birthday leads to retirement" },
	ROUTE_END
};

static int
retire_get(struct call *c)
{
	const struct retire_query	*q = c->query;
	enum retire_class		 class = retire_class_of(q->retire_class);
	const int32_t			 today = clock_today();
	struct json_out			 out;
	struct buf			 buf;
	const char			*text;
	int				 left;

	if (q->birth_on > today)
		return (call_reject(c, ERR_F_DATE_FUTURE, "birth_on"));
	if (q->birth_on < DAY_1930)
		return (call_reject(c, ERR_F_SMALL, "birth_on"));
	left = retire_years_left(q->birth_on, class, today);
	buf_init(&buf, 512);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	json_put_day(&out, "birth_on", q->birth_on);
	json_put_text(&out, "retire_class", q->retire_class);
	json_put_day(&out, "retires_on", retire_on(q->birth_on, class));
	json_put_int(&out, "delay_months", retire_delay_months(q->birth_on, class));
	json_put_int(&out, "years_left", left);
	json_put_bool(&out, "is_near", left >= 0 && left < 5);
	json_close(&out);
	text = arena_printf(c->arena, "%s", buf_cstr(&buf));
	buf_release(&buf);
	return (call_reply(c, 200, text));
}
