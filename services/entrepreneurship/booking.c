/*
 * booking.c -- a mentor's free hours and who booked them.
 *
 * Invariant: an hour has one booking and a person one place at a time; the
 * waiting list, messages and events are the triggers' affair
 * (sql/entrepreneurship/021). The SQL is in queries/booking.sql.
 */
#include "codes/codes.h"
#include "conf/conf.h"
#include "entrepreneurship_sql.h"
#include "mentors.h"

struct slot_in {
	struct uuid	 studio_id;
	int64_t		 starts_at, ends_at;
	const char	*way, *place;
};

struct reason_in {
	const char	*reason;
};

struct booking_in {
	const char	*question;
	bool		 wait;
};

static int	slot_open(struct call *);
static int	booking_cancel(struct call *);

static const char *const ways[] = { "studio", "online", "visit", NULL };
static const char *const states[] = { "waiting", "booked", "cancelled", "held", "missed", NULL };

static const struct field slot_fields[] = {
	FIELD_UUID(slot_in, studio_id, REQUIRED, "以哪个工作室导师的身份"),
	FIELD_INSTANT(slot_in, starts_at, REQUIRED, "开始时间"),
	FIELD_INSTANT(slot_in, ends_at, REQUIRED, "结束时间，不超过八小时"),
	FIELD_ENUM(slot_in, way, REQUIRED, ways, "方式"),
	FIELD_TEXT(slot_in, place, OPTIONAL, 0, 200, "地点或会议号"),
	FIELD_END
};
static const struct field reason_fields[] = {
	FIELD_TEXT(reason_in, reason, REQUIRED, 2, 200, "原因"),
	FIELD_END
};
static const struct field booking_fields[] = {
	FIELD_TEXT(booking_in, question, REQUIRED, 2, 500, "想咨询什么"),
	FIELD_BOOL(booking_in, wait, OPTIONAL, "已被约时愿意候补"),
	FIELD_END
};
static const struct field state_query_fields[] = {
	FIELD_ENUM(state_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(state_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape slot_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "时段" },
	{ .name = "mentor_id", .type = SHAPE_T_UUID, .help = "导师" },
	{ .name = "studio_id", .type = SHAPE_T_UUID, .help = "工作室" },
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .help = "开始" },
	{ .name = "ends_at", .type = SHAPE_T_INSTANT, .help = "结束" },
	{ .name = "way", .type = SHAPE_T_TEXT, .help = "方式" },
	{ .name = "place", .type = SHAPE_T_TEXT, .nullable = true, .help = "地点" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "slot_states", .help = "状态" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "取消原因" },
	{ .name = "taken", .type = SHAPE_T_BOOL, .help = "已被约" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape booking_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "预约" },
	{ .name = "slot_id", .type = SHAPE_T_UUID, .help = "时段" },
	{ .name = "mentor_id", .type = SHAPE_T_UUID, .help = "导师" },
	{ .name = "studio_id", .type = SHAPE_T_UUID, .help = "工作室" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "预约人" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "question", .type = SHAPE_T_TEXT, .help = "想咨询什么" },
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .help = "开始" },
	{ .name = "ends_at", .type = SHAPE_T_INSTANT, .help = "结束" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "booking_states", .help = "状态" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "取消原因" },
	{ .name = "late", .type = SHAPE_T_BOOL, .help = "临近才取消" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "预约时间" },
	SHAPE_END
};

const struct route booking_routes[] = {
	{ .name = "slot_open", .method = METHOD_POST, .path = "/v1/entrepreneurship/my/slots",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.slot.open",
	  .body = INPUT(slot_in, slot_fields), .reply = slot_shape, .handler = slot_open,
	  .emits = "entrepreneurship.slot.opened.v1", .limit = LIMIT_WRITE,
	  .zh = "导师开放一个时段", .en = "Offer an hour as a mentor" },
	{ .name = "slot_cancel", .method = METHOD_POST, .path = "/v1/entrepreneurship/slots/{id}/cancel",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.slot.cancel",
	  .body = INPUT(reason_in, reason_fields), .reply = slot_shape, .success = 200,
	  .stmt = &stmt_slot_cancel,
	  .emits = "entrepreneurship.slot.cancelled.v1 entrepreneurship.booking.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "导师取消时段", .en = "Take an hour back" },
	{ .name = "slot_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/mentors/{id}/slots",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.slot.list",
	  .list = true, .reply = slot_shape, .stmt = &stmt_slot_list, .limit = LIMIT_READ,
	  .zh = "导师可约时段", .en = "List a mentor's hours to come" },
	{ .name = "booking_make", .method = METHOD_POST, .path = "/v1/entrepreneurship/slots/{id}/bookings",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.booking.make",
	  .body = INPUT(booking_in, booking_fields), .reply = booking_shape, .stmt = &stmt_booking_make,
	  .emits = "entrepreneurship.booking.moved.v1", .limit = LIMIT_WRITE, .matter = "EN-11",
	  .zh = "预约创业导师", .en = "Book a mentor" },
	{ .name = "booking_cancel", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/bookings/{id}/cancel",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.booking.cancel",
	  .body = INPUT(reason_in, reason_fields), .reply = booking_shape, .success = 200,
	  .handler = booking_cancel, .emits = "entrepreneurship.booking.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "取消预约", .en = "Cancel a booking" },
	{ .name = "booking_missed", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/bookings/{id}/missed",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "entrepreneurship.booking.missed",
	  .reply = booking_shape, .success = 200, .stmt = &stmt_booking_missed,
	  .emits = "entrepreneurship.booking.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "导师登记爽约", .en = "Note that nobody came" },
	{ .name = "booking_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/bookings",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.booking.list", .query = INPUT(state_query, state_query_fields),
	  .list = true, .reply = booking_shape, .stmt = &stmt_booking_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "预约（本人的、约本人的或辖区的）", .en = "List bookings" },
	ROUTE_END
};

/* The future, and an hour that is one: the database keeps its length. */
static int
slot_open(struct call *c)
{
	const struct slot_in	*in = c->body;
	struct db_rows		 rows;

	if (in->starts_at <= clock_now_us())
		return (call_reject(c, ERR_F_DATE_PAST, "/starts_at"));
	if (in->ends_at <= in->starts_at || in->ends_at - in->starts_at > INT64_C(8) * 3600 * 1000000)
		return (call_reject(c, ERR_F_DATE_ORDER, "/ends_at"));
	if (sql_slot_open(c->db, &rows, &c->principal->person, &in->studio_id, in->starts_at, in->ends_at,
	    in->way, in->place) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
booking_cancel(struct call *c)
{
	const struct reason_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_booking_cancel(c->db, &rows, &c->id, &c->principal->person, in->reason,
	    conf_int(CONF_BOOKING_NOTICE)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Both sides are reminded on the day before; who waits in vain is let go. */
void
booking_remind(void)
{
	db_alone(&stmt_booking_remind);
}
