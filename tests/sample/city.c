/*
 * city.c -- founds the city: villages from the reference data, then firms,
 * people, and who works where since when. Everything follows from the seed.
 */
#include <stdio.h>
#include <string.h>

#include "city.h"
#include "base/log.h"
#include "codes/codes.h"
#include "conf/conf.h"

static void	villages_read(struct city *);
static void	firm_found(struct city *, size_t);
static void	person_born(struct city *, size_t);
static void	person_school(struct city *, struct person *);
static void	person_work(struct city *, struct person *);
static void	uscc_make(size_t, char [19]);
static const char *name_make(struct city *);
static const char *firm_name(struct city *, const struct village *, const char *);

static const char *const	surnames[] = {
	"王", "李", "张", "刘", "陈", "杨", "黄", "周", "吴", "唐", "蒋", "何", "罗", "郑",
	"邓", "彭", "曾", "肖", "欧阳", "谢", "胡", "郭", "文", "龙", "盘", "奉", "赵", "义"
};
static const char *const	given[] = {
	"志", "明", "雅", "婷", "建", "国", "思", "远", "晓", "燕", "博", "丽", "娟", "轩", "欣",
	"怡", "海", "涛", "佳", "慧", "俊", "杰", "梦", "永", "强", "春", "兰", "江", "华", "玲"
};
static const struct {
	const char	*word, *industry;
} trades[] = {
	{ "电机制造", "3812" }, { "箱包", "1922" }, { "电子科技", "3982" }, { "农业开发", "0141" },
	{ "食品", "1439" }, { "服饰", "1819" }, { "商贸", "5199" }, { "物流", "5431" },
	{ "建筑工程", "4710" }, { "餐饮管理", "6210" }, { "家政服务", "8010" }, { "新材料", "3985" }
};

void
city_found(struct city *c, uint64_t seed, size_t people, size_t firms)
{
	size_t	i;

	c->random = seed * 0x9E3779B97F4A7C15ULL + 0x1234567;
	c->today = day_make(2025, 7, 1);
	villages_read(c);
	c->nfirms = firms;
	c->npeople = people;
	c->firms = arena_zalloc(&c->arena, firms * sizeof(*c->firms));
	c->people = arena_zalloc(&c->arena, people * sizeof(*c->people));
	for (i = 0; i < firms; i++)
		firm_found(c, i);
	for (i = 0; i < people; i++)
		person_born(c, i);
}

/* xorshift64*: small, fast, the same everywhere. */
uint64_t
city_random(struct city *c, uint64_t below)
{
	c->random ^= c->random >> 12;
	c->random ^= c->random << 25;
	c->random ^= c->random >> 27;
	return ((c->random * 0x2545F4914F6CDD1DULL >> 16) % below);
}

/* Shaped as version 7 of a fixed day, so that ids sort before all real ones. */
struct uuid
city_uuid(struct city *c)
{
	static uint64_t	 ms = 1719792000000;
	struct uuid	 u;
	int		 i;

	ms++;
	for (i = 0; i < 6; i++)
		u.b[i] = (uint8_t)(ms >> (40 - 8 * i));
	for (i = 6; i < 16; i++)
		u.b[i] = (uint8_t)city_random(c, 256);
	u.b[6] = (uint8_t)(0x70 | (u.b[6] & 0x0f));
	u.b[8] = (uint8_t)(0x80 | (u.b[8] & 0x3f));
	return (u);
}

static void
villages_read(struct city *c)
{
	char	 path[512], line[512];
	FILE	*f;

	(void)snprintf(path, sizeof(path), "%s/villages.csv", conf_text(CONF_REFERENCE));
	if ((f = fopen(path, "r")) == NULL)
		log_die("sample: cannot read %s", path);
	c->villages = arena_zalloc(&c->arena, 4000 * sizeof(*c->villages));
	while (fgets(line, sizeof(line), f) != NULL && c->nvillages < 4000) {
		struct village	*v = &c->villages[c->nvillages];

		if (strncmp(line, "4311", 4) != 0)
			continue;
		memcpy(v->code, line, 12);
		if ((v->county = area_county(v->code)) != NULL)
			c->nvillages++;
	}
	(void)fclose(f);
	if (c->nvillages == 0)
		log_die("sample: no village in %s", path);
}

static void
firm_found(struct city *c, size_t i)
{
	struct firm	*f = &c->firms[i];
	size_t		 trade = city_random(c, NITEMS(trades));
	uint64_t	 r = city_random(c, 100);

	f->id = city_uuid(c);
	uscc_make(i, f->uscc);
	f->seat = &c->villages[city_random(c, c->nvillages)];
	f->kind = r < 84 ? "enterprise" : r < 92 ? "sole_trader" : r < 96 ? "institution" :
	    r < 98 ? "association" : "public_body";
	f->industry = trades[trade].industry;
	f->name = firm_name(c, f->seat, trades[trade].word);
	f->agent = city_random(c, c->npeople);
}

static void
person_born(struct city *c, size_t i)
{
	struct person	*p = &c->people[i];
	char		 digits[DAY_TEXT];
	unsigned int	 serial = (unsigned int)(i / 15000 % 1000);

	p->id = city_uuid(c);
	p->birth = day_make(1966, 1, 1) + (int32_t)(i * 7919 % 15000);
	(void)day_format(p->birth, digits);
	(void)snprintf(p->number, sizeof(p->number), NEVER_ISSUED "%.4s%.2s%.2s%03u",
	    digits, digits + 5, digits + 8, serial);
	p->number[17] = id_check_digit(p->number);
	p->number[18] = '\0';
	(void)snprintf(p->phone, sizeof(p->phone), "190%08u", (unsigned int)(i % 100000000));
	p->sex = id_sex(p->number);
	p->name = name_make(c);
	p->home = &c->villages[city_random(c, c->nvillages)];
	p->firm = SIZE_MAX;
	p->graduated = p->hired = p->lost = DAY_NONE;
	person_school(c, p);
	person_work(c, p);
}

/* Of those aged 19 to 26 four in ten studied; one in eight of them part-time. */
static void
person_school(struct city *c, struct person *p)
{
	int	year, month, mday;

	day_split(p->birth, &year, &month, &mday);
	if (year < 1999 || year > 2006 || city_random(c, 10) >= 4)
		return;
	p->level = city_random(c, 2) ? "21" : "31";
	p->graduated = day_make(year + (p->level[0] == '2' ? 22 : 21), 6, 30);
	p->full_time = city_random(c, 8) != 0;
	if (p->graduated > c->today)
		p->graduated = day_make(2025, 6, 30);
}

static void
person_work(struct city *c, struct person *p)
{
	bool	 young = p->birth >= day_make(1999, 1, 1);

	if (city_random(c, 100) < 6) {
		p->lost = c->today - 10 - (int32_t)city_random(c, 300);
		return;
	}
	if (city_random(c, 100) >= (young ? 55u : 45u))
		return;
	p->firm = city_random(c, c->nfirms);
	p->hired = young ? day_make(2024, 7, 1) + (int32_t)city_random(c, 350) :
	    c->today - 20 - (int32_t)city_random(c, 3000);
	p->was_unemployed = city_random(c, 100) < (young ? 25u : 12u);
	p->insured = (int)city_random(c, 9);
}

static const char *
name_make(struct city *c)
{
	const char	*family = surnames[city_random(c, NITEMS(surnames))];
	const char	*first = given[city_random(c, NITEMS(given))];

	return (arena_printf(&c->arena, "%s%s%s", family, first,
	    city_random(c, 3) ? given[city_random(c, NITEMS(given))] : ""));
}

static const char *
firm_name(struct city *c, const struct village *seat, const char *word)
{
	return (arena_printf(&c->arena, "%s%s%s%s有限公司", area_name(seat->county),
	    given[city_random(c, NITEMS(given))], given[city_random(c, NITEMS(given))], word));
}

char
id_check_digit(const char *first17)
{
	static const int	weights[17] = {
		7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2
	};
	int			i, sum = 0;

	for (i = 0; i < 17; i++)
		sum += (first17[i] - '0') * weights[i];
	return ("10X98765432"[sum % 11]);
}

/* GB 32100: 91, area, organisation code with its own digit (GB 11714), check. */
static void
uscc_make(size_t n, char out[19])
{
	static const char	alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	static const int	weights[8] = { 3, 7, 9, 10, 5, 8, 4, 2 };
	int			i, sum = 0, weight = 1, digit;

	(void)snprintf(out, 19, "91" NEVER_ISSUED "MA%06u", (unsigned int)(n % 1000000));
	for (i = 0; i < 8; i++)
		sum += weights[i] * (out[8 + i] >= 'A' ? out[8 + i] - 'A' + 10 : out[8 + i] - '0');
	digit = (11 - sum % 11) % 11;
	out[16] = digit == 10 ? 'X' : (char)('0' + digit);
	for (i = 0, sum = 0; i < 17; i++, weight = weight * 3 % 31)
		sum += (int)(strchr(alphabet, out[i]) - alphabet) * weight;
	out[17] = alphabet[(31 - sum % 31) % 31];
	out[18] = '\0';
}
