/*
 * vacancy_form.c -- the form of a posting: its fields, and what they cannot say
 * alone.
 *
 * Invariant: a posting lies in one county-level unit, worked out from its area
 * code; without a point of its own it has its town's, or its county's.
 */
#include <string.h>

#include "base/utf8.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "vacancy.h"
#include "words.h"

#define PAY_MOST_CENTS	INT64_C(1000000000)	/* 1,000 万元 */
#define OPEN_DAYS_MOST	365
#define SKILLS_MOST	20
#define SKILL_CHARS	30
#define BENEFITS_MOST	13
#define LIST_BYTES	2000

static int	form_faults(const struct vacancy_in *, enum error_code *, const char **);
static int	list_fault(struct arena *, const char *, size_t, const char *const *);
static bool	one_of(const char *, const char *const *);
static void	form_point(const struct vacancy_in *, struct vacancy_form *);
static void	form_contact(struct arena *, const struct vacancy_in *, struct vacancy_form *);
static int	check_phone(const char *);


const struct field vacancy_in_fields[] = {
	FIELD_TEXT(vacancy_in, title, REQUIRED, 2, 60, "岗位名称"),
	FIELD_CHECK(vacancy_in, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_CHECK(vacancy_in, area_code, REQUIRED, check_area, "工作地行政区划代码，到县级或更细"),
	FIELD_INT(vacancy_in, headcount, REQUIRED, 1, 9999, "招聘人数"),
	FIELD_INT(vacancy_in, pay_min_cents, REQUIRED, 0, PAY_MOST_CENTS, "最低薪酬（分）"),
	FIELD_INT(vacancy_in, pay_max_cents, REQUIRED, 0, PAY_MOST_CENTS, "最高薪酬（分）"),
	FIELD_ENUM(vacancy_in, pay_unit, REQUIRED, pay_units, "计薪单位"),
	FIELD_ENUM(vacancy_in, form, REQUIRED, work_forms, "用工形式"),
	FIELD_CHECK(vacancy_in, education_code, OPTIONAL, check_education, "最低学历代码"),
	FIELD_INT(vacancy_in, skill_level, OPTIONAL, 1, 5, "最低技能等级：5 初级工 至 1 高级技师"),
	FIELD_JSON(vacancy_in, skills, OPTIONAL, LIST_BYTES, "技能要求，至多20项，每项30字以内"),
	FIELD_JSON(vacancy_in, benefits, OPTIONAL, LIST_BYTES, "福利待遇代码（benefits）的列表"),
	FIELD_TEXT(vacancy_in, description, OPTIONAL, 0, 4000, "岗位说明"),
	FIELD_INT(vacancy_in, lat_e6, OPTIONAL, 3000000, 54000000, "工作地纬度，百万分之一度（WGS-84）"),
	FIELD_INT(vacancy_in, lng_e6, OPTIONAL, 73000000, 136000000, "工作地经度，百万分之一度（WGS-84）"),
	FIELD_TEXT(vacancy_in, contact_name, OPTIONAL, 1, 30, "联系人，对投递者以外隐去"),
	FIELD_CHECK(vacancy_in, contact_phone, OPTIONAL, check_phone, "联系电话，对投递者以外隐去"),
	FIELD_DAY(vacancy_in, expires_on, OPTIONAL, "有效期至，默认 90 天"),
	FIELD_BOOL(vacancy_in, draft, OPTIONAL, "只存草稿，不提交"),
	FIELD_END
};

int
vacancy_form_read(struct call *c, const struct vacancy_in *in, struct vacancy_form *f)
{
	enum error_code	 code = ERR_INTERNAL;
	const char	*pointer = NULL;

	if (vacancy_form_check(c->arena, in, f, &code, &pointer) == -1)
		return (call_reject(c, code, pointer));
	return (0);
}

int
vacancy_form_check(struct arena *a, const struct vacancy_in *in, struct vacancy_form *f,
    enum error_code *code, const char **pointer)
{
	int	fault;

	memset(f, 0, sizeof(*f));
	f->in = in;
	if ((f->county = area_county(in->area_code)) == NULL) {
		*code = ERR_F_AREA, *pointer = "/area_code";
		return (-1);
	}
	if (form_faults(in, code, pointer) == -1)
		return (-1);
	if ((fault = list_fault(a, in->skills, SKILLS_MOST, NULL)) != 0) {
		*code = (enum error_code)fault, *pointer = "/skills";
		return (-1);
	}
	if ((fault = list_fault(a, in->benefits, BENEFITS_MOST, work_benefits)) != 0) {
		*code = (enum error_code)fault, *pointer = "/benefits";
		return (-1);
	}
	if (in->skill_level != 0) {
		f->number[0] = in->skill_level;
		f->skill_level = &f->number[0];
	}
	form_point(in, f);
	form_contact(a, in, f);
	return (0);
}

/* The first fault that two fields make together. */
static int
form_faults(const struct vacancy_in *in, enum error_code *code, const char **pointer)
{
	if (in->pay_min_cents > in->pay_max_cents) {
		*code = ERR_JOBS_PAY_RANGE, *pointer = "/pay_min_cents";
	} else if (in->expires_on != DAY_NONE && (in->expires_on < clock_today() ||
	    in->expires_on > clock_today() + OPEN_DAYS_MOST)) {
		*code = ERR_JOBS_EXPIRY, *pointer = "/expires_on";
	} else if ((in->lat_e6 == 0) != (in->lng_e6 == 0)) {
		*code = ERR_F_MISSING, *pointer = in->lat_e6 == 0 ? "/lat_e6" : "/lng_e6";
	} else if ((in->contact_name == NULL) != (in->contact_phone == NULL)) {
		*code = ERR_F_MISSING;
		*pointer = in->contact_name == NULL ? "/contact_name" : "/contact_phone";
	} else
		return (0);
	return (-1);
}

/* A list of texts, each of `set` or, without one, short; 0 or an error code. */
static int
list_fault(struct arena *a, const char *text, size_t most, const char *const *set)
{
	const struct json	*list;
	const char		*s;
	int64_t			 chars;
	size_t			 i;

	if (text == NULL)
		return (0);
	if ((list = json_parse(a, text, strlen(text))) == NULL || !json_is_array(list))
		return (ERR_F_TYPE);
	if (json_count(list) > most)
		return (ERR_F_LARGE);
	for (i = 0; i < json_count(list); i++) {
		if ((s = json_string(json_at(list, i))) == NULL)
			return (ERR_F_TYPE);
		if (set != NULL ? !one_of(s, set) : (chars = utf8_count(s, strlen(s))) < 1 || chars > SKILL_CHARS)
			return (set != NULL ? ERR_F_CHOICE : ERR_F_LONG);
	}
	return (0);
}

static bool
one_of(const char *s, const char *const *set)
{
	for (; *set != NULL; set++)
		if (strcmp(*set, s) == 0)
			return (true);
	return (false);
}

static void
form_point(const struct vacancy_in *in, struct vacancy_form *f)
{
	int32_t	lat = 0, lng = 0;

	f->point_is_exact = in->lat_e6 != 0;
	f->number[1] = in->lat_e6;
	f->number[2] = in->lng_e6;
	if (!f->point_is_exact) {
		if (!area_point(in->area_code, &lat, &lng))
			return;
		f->number[1] = lat;
		f->number[2] = lng;
	}
	f->lat_e6 = &f->number[1];
	f->lng_e6 = &f->number[2];
}

static void
form_contact(struct arena *a, const struct vacancy_in *in, struct vacancy_form *f)
{
	if (in->contact_phone == NULL)
		return;
	f->contact_name = mask_name(a, in->contact_name);
	f->contact_phone = mask_phone(a, in->contact_phone);
	f->name_sealed = field_seal(a, "vacancy_contact.name", in->contact_name);
	f->phone_sealed = field_seal(a, "vacancy_contact.phone", in->contact_phone);
}

/* A mobile number, or one of a desk: area code, number, both with or without a dash. */
static int
check_phone(const char *text)
{
	size_t	i, digits = 0;

	if (check_mobile(text) == 0)
		return (0);
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] >= '0' && text[i] <= '9')
			digits++;
		else if (text[i] != '-' || i < 3 || i > 4)
			return (ERR_F_FORMAT);
	return (text[0] == '0' && digits >= 10 && digits <= 12 ? 0 : ERR_F_FORMAT);
}
