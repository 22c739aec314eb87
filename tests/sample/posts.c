/*
 * posts.c -- the postings of the sample city: what firms of such a city look
 * for, so that a search has something to find.
 */
#include <string.h>

#include "city.h"

/* Where a county's seat lies, in hundredths of a degree (WGS 84). */
static const struct {
	const char	*county;
	int32_t		 lat, lng;
} seats[] = {
	{ "431102", 2623, 11163 }, { "431103", 2646, 11159 }, { "431122", 2640, 11131 },
	{ "431123", 2597, 11165 }, { "431124", 2553, 11160 }, { "431125", 2528, 11134 },
	{ "431126", 2557, 11194 }, { "431127", 2537, 11219 }, { "431128", 2591, 11220 },
	{ "431129", 2519, 11157 }, { "431181", 2658, 11184 }
};

static const struct post {
	const char	*title, *occupation;
	int64_t		 low_cents, high_cents;
	const char	*unit, *form, *education, *benefits, *description;
} posts[] = {
	{ "电机装配工", "6-31-01-03", 420000, 650000, "month", "full_time", NULL, "{social_insurance,lodging,meals}",
	  "装配三相异步电机，包住，两班倒，有师傅带。" },
	{ "电工", "6-31-01-03", 450000, 700000, "month", "full_time", NULL, "{social_insurance,lodging}",
	  "持低压电工证，负责车间配电和设备检修。" },
	{ "普工", "6-31-01-03", 350000, 550000, "month", "full_time", NULL, "{lodging,meals,overtime_pay}",
	  "流水线操作，不需要经验，岗前培训，包吃包住，加班按规定付费。" },
	{ "操作工（注塑车间）", "6-31-01-03", 380000, 600000, "month", "full_time", NULL, "{lodging,meals,high_temperature_pay}",
	  "看管注塑机，修边、装箱，有高温津贴。" },
	{ "仓库管理员", "4-02-06-01", 330000, 450000, "month", "full_time", "61", "{social_insurance,two_days_off}",
	  "收货、发货、盘点，会用电脑表格。" },
	{ "收银员", "4-01-02-04", 280000, 380000, "month", "full_time", NULL, "{social_insurance,meals}",
	  "超市收银，早晚班轮换，五险。" },
	{ "餐厅服务员", "4-03-02-05", 280000, 400000, "month", "full_time", NULL, "{lodging,meals}",
	  "点菜、上菜、收台，包吃住，月休四天。" },
	{ "周末餐厅服务员（兼职）", "4-03-02-05", 1500, 1800, "hour", "part_time", NULL, "{meals}",
	  "周六、周日，一天八小时，日结。" },
	{ "缝纫工", "6-05-01-03", 350000, 750000, "month", "full_time", NULL, "{lodging,meals,bonus}",
	  "平车、拷边，计件，多劳多得，年终奖。" },
	{ "箱包车位工", "6-05-01-03", 60, 150, "piece", "flexible", NULL, "{}",
	  "领料回家做，按件计酬，时间自己安排。" },
	{ "焊工", "6-18-02-04", 550000, 850000, "month", "full_time", NULL, "{social_insurance,lodging,high_temperature_pay}",
	  "二保焊、氩弧焊，须有焊工证。" },
	{ "质检员", "6-31-03-05", 360000, 500000, "month", "full_time", "61", "{social_insurance,lodging}",
	  "电子元件外观和尺寸检验，会用卡尺。" },
	{ "保洁员", "4-09-08-01", 200000, 280000, "month", "full_time", NULL, "{social_insurance}",
	  "写字楼公共区域清扫，早晚两班。" },
	{ "钟点保洁", "4-09-08-01", 2500, 3500, "hour", "gig", NULL, "{}",
	  "家庭清扫，一次三小时起，就近派单。" },
	{ "保安员", "4-07-05-01", 260000, 350000, "month", "full_time", NULL, "{social_insurance,lodging,meals}",
	  "园区门岗，三班倒，退役军人优先。" },
	{ "快递员", "4-02-07-08", 450000, 800000, "month", "full_time", NULL, "{social_insurance,shuttle}",
	  "送城区件，提供电动三轮车。" },
	{ "货车司机（B2）", "4-02-02-02", 600000, 900000, "month", "full_time", NULL, "{social_insurance,meals}",
	  "永州到广州专线，两人一车。" },
	{ "中式厨师", "4-03-02-01", 500000, 800000, "month", "full_time", NULL, "{lodging,meals}",
	  "湘菜热菜，三年以上经验。" },
	{ "中餐学徒", "4-03-02-01", 250000, 350000, "month", "full_time", NULL, "{lodging,meals,training}",
	  "跟师傅学炒锅，包吃包住。" },
	{ "西点师", "4-03-02-04", 400000, 650000, "month", "full_time", NULL, "{social_insurance,meals}",
	  "面包、蛋糕制作，有作品者优先。" },
	{ "客房服务员", "4-03-01-02", 280000, 360000, "month", "full_time", NULL, "{social_insurance,meals,lodging}",
	  "每天清洁十二间房，超出按间计奖。" },
	{ "酒店前台", "4-03-01-01", 300000, 420000, "month", "full_time", "61", "{social_insurance,meals}",
	  "接待入住、结账，普通话好。" },
	{ "办公室文员", "3-01-01-01", 300000, 450000, "month", "full_time", "31", "{social_insurance,two_days_off,paid_leave}",
	  "文件收发、考勤、会议记录，双休。" },
	{ "会计", "2-06-03-00", 400000, 650000, "month", "full_time", "31", "{social_insurance,housing_fund,two_days_off}",
	  "全盘账，熟悉开票和报税，初级以上职称。" },
	{ "销售代表", "4-01-02-01", 350000, 1000000, "month", "full_time", NULL, "{social_insurance,bonus}",
	  "农资产品，跑乡镇，底薪加提成。" },
	{ "电商运营", "4-01-06-01", 400000, 800000, "month", "full_time", "31", "{social_insurance,two_days_off,bonus}",
	  "店铺上架、活动报名、数据分析，卖江永香柚和零陵血鸭。" },
	{ "带货主播", "4-01-06-02", 500000, 1500000, "month", "full_time", NULL, "{social_insurance,bonus}",
	  "直播间讲农产品，新人有培训。" },
	{ "客服专员", "4-04-05-03", 320000, 450000, "month", "full_time", "61", "{social_insurance,two_days_off}",
	  "接听热线、回访，打字每分钟四十字以上。" },
	{ "Java 程序员", "4-04-05-01", 600000, 1200000, "month", "full_time", "21", "{social_insurance,housing_fund,two_days_off,paid_leave}",
	  "Spring、MySQL，两年以上经验，可远程一部分时间。" },
	{ "程序员（见习）", "4-04-05-01", 250000, 350000, "month", "internship", "21", "{training,two_days_off}",
	  "应届毕业生就业见习，有导师。" },
	{ "养老护理员", "4-10-01-05", 350000, 500000, "month", "full_time", NULL, "{social_insurance,lodging,meals,health_check}",
	  "照料失能老人起居，三班倒，持证优先。" },
	{ "家政服务员", "4-10-01-06", 350000, 550000, "month", "flexible", NULL, "{}",
	  "住家或白班，做饭、带孩子，先培训后上岗。" },
	{ "汽车维修工", "4-12-01-01", 400000, 700000, "month", "full_time", NULL, "{social_insurance,lodging,meals}",
	  "机电维修，能独立保养，学徒也要。" },
	{ "室内设计师", "4-08-08-07", 450000, 900000, "month", "full_time", "31", "{social_insurance,two_days_off}",
	  "家装方案和施工图，CAD、酷家乐。" },
	{ "美发师", "4-10-03-02", 400000, 900000, "month", "full_time", NULL, "{lodging}",
	  "剪发、烫染，底薪加提成。" },
	{ "采茶工（日结）", "6-31-01-03", 12000, 18000, "day", "gig", NULL, "{meals,shuttle}",
	  "清明前后采茶，车接车送，当天结清。" },
};

#define SPREAD_E6	40000	/* about 4 km around the seat */

static void	vacancy_row(struct city *, const struct firm *, const struct post *);
static int32_t	open_until(const struct city *);
static void	point(const struct firm *, const struct uuid *);

void
vacancy_rows(struct city *c)
{
	const struct firm	*f;

	copy_begin("jobs.vacancy", "id, org_id, org_name, title, occupation_code, county_code, "
	    "area_code, headcount, headcount_left, pay_min_cents, pay_max_cents, pay_unit, form, "
	    "education_code, benefits, description, expires_on, lat_e6, lng_e6");
	for (f = c->firms; f < c->firms + c->nfirms; f++)
		vacancy_row(c, f, &posts[city_random(c, NITEMS(posts))]);
	copy_end();
}

static void
vacancy_row(struct city *c, const struct firm *f, const struct post *p)
{
	struct uuid	id = city_uuid(c);
	int64_t		step = (p->high_cents - p->low_cents) / 10;

	copy_uuid(&id);
	copy_uuid(&f->id);
	copy_text(f->name);
	copy_text(p->title);
	copy_text(p->occupation);
	copy_text(f->seat->county);
	copy_text(f->seat->code);
	copy_int(10);
	copy_int(10);
	copy_int(p->low_cents + (int64_t)city_random(c, 5) * step);
	copy_int(p->high_cents + (int64_t)city_random(c, 3) * step);
	copy_text(p->unit);
	copy_text(p->form);
	copy_text(p->education);
	copy_text(p->benefits);
	copy_text(p->description);
	copy_day(open_until(c));
	point(f, &id);
	copy_row();
}

/* A year on from the sample's day and from the city's: it may be moved from one to the other. */
static int32_t
open_until(const struct city *c)
{
	int32_t	day = clock_today() > c->today ? clock_today() : c->today;

	return (day + 365);
}

/* Somewhere around the county's seat; the zones have none of their own. */
static void
point(const struct firm *f, const struct uuid *id)
{
	size_t	i;

	for (i = 0; i < NITEMS(seats) && strcmp(seats[i].county, f->seat->county) != 0; i++)
		continue;
	if (i == NITEMS(seats)) {
		copy_text(NULL);
		copy_text(NULL);
		return;
	}
	copy_int(seats[i].lat * 10000 + ((int)id->b[14] - 128) * SPREAD_E6 / 128);
	copy_int(seats[i].lng * 10000 + ((int)id->b[15] - 128) * SPREAD_E6 / 128);
}
