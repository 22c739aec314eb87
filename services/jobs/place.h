/*
 * place.h -- what the files of places share. A point is WGS84 in millionths of
 * a degree; hours are local time, "08:30", and "24:00" only as an end.
 */
#ifndef YJY_PLACE_H
#define YJY_PLACE_H

#include "jobs.h"

#define LAT_LEAST_E6	3000000
#define LAT_MOST_E6	54000000
#define LNG_LEAST_E6	73000000
#define LNG_MOST_E6	136000000

struct hours_in {
	int64_t		 weekday;	/* 1 Monday … 7 */
	const char	*opens, *closes;
};

struct exception_in {
	int32_t		 on;
	const char	*opens, *closes;	/* NULL: closed all day */
	const char	*note;
};

extern const char *const	place_kinds[];
extern const char *const	place_states[];
extern const struct field	hours_fields[];
extern const struct field	exception_fields[];
extern const struct shape	place_shape[];
#define SHAPE_PLACE									\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "场所" },				\
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "place_kinds", .help = "场所类型" }, \
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },			\
	{ .name = "address", .type = SHAPE_T_TEXT, .help = "地址" },			\
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },		\
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },			\
	{ .name = "lat_e6", .type = SHAPE_T_INT, .help = "纬度（WGS84，百万分之一度）" },	\
	{ .name = "lng_e6", .type = SHAPE_T_INT, .help = "经度（WGS84，百万分之一度）" },	\
	{ .name = "phone", .type = SHAPE_T_TEXT, .nullable = true, .help = "联系电话" },	\
	{ .name = "outlet_id", .type = SHAPE_T_UUID, .nullable = true, .help = "受理网点" },	\
	{ .name = "hours", .type = SHAPE_T_JSON, .help = "每周营业时间" },		\
	{ .name = "exceptions", .type = SHAPE_T_JSON, .help = "特定日期的营业时间" },	\
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "place_states", .help = "场所状态" }, \
	{ .name = "open_now", .type = SHAPE_T_BOOL, .help = "此刻营业" },		\
	{ .name = "hours_today", .type = SHAPE_T_JSON, .help = "今日营业时间" },		\
	{ .name = "queue", .type = SHAPE_T_INT, .nullable = true, .help = "排队人数（一小时内报告的）" }, \
	{ .name = "queue_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "排队人数报告时间" }, \
	{ .name = "matters", .type = SHAPE_T_LIST, .help = "可办理的下放事项" },		\
	{ .name = "listed", .type = SHAPE_T_BOOL, .help = "只办理所列事项；否：受理岗位可办的都办" }, \
	{ .name = "accepted_on", .type = SHAPE_T_DAY, .nullable = true, .help = "确认日期" }

/* A list of the body as it came, for a statement; NULL: absent. */
const char	*place_list_text(struct call *, const char *name);
/* 0, or the refusal made: a line that ends before it begins, or two that overlap. */
int		 place_hours_judge(struct call *, const struct list_of *hours,
		    const struct list_of *exceptions);

#endif
