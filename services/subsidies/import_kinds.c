/*
 * import_kinds.c -- what each kind of file looks like, and how its rows are
 * checked. Each `take` looks at everything before it writes anything.
 */
#include "import.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "http/errors.h"
#include "subsidies_sql.h"

#define SCHOOL_MAX	120	/* bytes */

#define INSURED_PENSION		0x01
#define INSURED_UNEMPLOYMENT	0x02
#define INSURED_INJURY		0x04

static int	take_insurance_month(struct import *, const char **);
static int	take_graduate(struct import *, const char **);
static int	check_month(const char *, int32_t *);
static int	check_flag(const char *, bool *);
static int	check_past_day(const char *, int32_t *);

static const char *const insurance_columns[] = { "id_number", "uscc", "month", "pension",
    "unemployment", "injury", NULL };
static const char *const graduate_columns[] = { "id_number", "school", "level", "full_time",
    "graduated_on", NULL };

static const struct import_kind kinds[] = {
	{ "insurance_months", "第一行应为 id_number,uscc,month,pension,unemployment,injury",
	  insurance_columns, NITEMS(insurance_columns) - 1, take_insurance_month,
	  sql_insurance_add },
	{ "graduates", "第一行应为 id_number,school,level,full_time,graduated_on",
	  graduate_columns, NITEMS(graduate_columns) - 1, take_graduate, sql_graduates_add },
};

const struct import_kind *
import_kind(const char *name)
{
	size_t	i;

	for (i = 0; i < NITEMS(kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return (&kinds[i]);
	}
	return (NULL);
}

static int
take_insurance_month(struct import *im, const char **column)
{
	static const int	bits[] = { INSURED_PENSION, INSURED_UNEMPLOYMENT, INSURED_INJURY };
	const char *const	*f = im->csv.field;
	int32_t			 month, last;
	int			 code, paid = 0;
	size_t			 i;
	bool			 flag;

	for (i = 0; i < NITEMS(bits); i++) {
		*column = insurance_columns[3 + i];
		if ((code = check_flag(f[3 + i], &flag)) != 0)
			return (code);
		paid |= flag ? bits[i] : 0;
	}
	*column = "id_number";
	if ((code = check_id_number(f[0])) != 0)
		return (code);
	*column = "uscc";
	if ((code = check_uscc(f[1])) != 0)
		return (code);
	*column = "month";
	if ((code = check_month(f[2], &month)) != 0)
		return (code);
	last = day_add_months(month, 1) - 1;
	if (im->covers_through == DAY_NONE || last > im->covers_through)
		im->covers_through = last;
	json_open(&im->out, NULL);
	json_put_int(&im->out, "l", im->csv.line);
	json_put_text(&im->out, "i", blind_index(&im->scratch, "id", f[0]));
	json_put_text(&im->out, "u", f[1]);
	json_put_day(&im->out, "m", month);
	json_put_int(&im->out, "k", paid);
	json_close(&im->out);
	return (0);
}

static int
take_graduate(struct import *im, const char **column)
{
	const char *const	*f = im->csv.field;
	bool			 full_time;
	int32_t			 day;
	int			 code;

	*column = "id_number";
	if ((code = check_id_number(f[0])) != 0)
		return (code);
	*column = "school";
	if (f[1][0] == '\0' || strlen(f[1]) > SCHOOL_MAX)
		return (f[1][0] == '\0' ? ERR_F_MISSING : ERR_F_LONG);
	*column = "level";
	if ((code = check_education(f[2])) != 0)
		return (code);
	*column = "full_time";
	if ((code = check_flag(f[3], &full_time)) != 0)
		return (code);
	*column = "graduated_on";
	if ((code = check_past_day(f[4], &day)) != 0)
		return (code);
	json_open(&im->out, NULL);
	json_put_int(&im->out, "l", im->csv.line);
	json_put_text(&im->out, "i", blind_index(&im->scratch, "id", f[0]));
	json_put_text(&im->out, "s", f[1]);
	json_put_text(&im->out, "e", f[2]);
	json_put_bool(&im->out, "f", full_time);
	json_put_day(&im->out, "d", day);
	json_close(&im->out);
	return (0);
}

/* YYYY-MM, not after the present month; its first day. */
static int
check_month(const char *text, int32_t *month)
{
	char	day[DAY_TEXT];

	if (strlen(text) != 7)
		return (ERR_F_FORMAT);
	snprintf(day, sizeof(day), "%s-01", text);
	if ((*month = day_parse(day)) == DAY_NONE)
		return (ERR_F_FORMAT);
	return (*month > clock_today() ? ERR_F_DATE_FUTURE : 0);
}

static int
check_flag(const char *text, bool *flag)
{
	if ((text[0] != '0' && text[0] != '1') || text[1] != '\0')
		return (ERR_F_CHOICE);
	*flag = text[0] == '1';
	return (0);
}

static int
check_past_day(const char *text, int32_t *day)
{
	if ((*day = day_parse(text)) == DAY_NONE)
		return (ERR_F_FORMAT);
	return (*day > clock_today() ? ERR_F_DATE_FUTURE : 0);
}
