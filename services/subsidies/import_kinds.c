/*
 * import_kinds.c -- what each kind of file of the province's data looks like:
 * its columns in their order, which of them make a row the same fact in another
 * file, and where each goes. What the numbers of a fact are is in
 * fact_kinds.def; columns that go there stand in that order.
 */
#include "import.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "http/errors.h"
#include "subsidies_sql.h"

#define CENTS_MAX	INT64_C(100000000000000)
#define STAFF_MAX	1000000
#define NAME_BYTES	120

#define INSURED_PENSION		0x01
#define INSURED_UNEMPLOYMENT	0x02
#define INSURED_INJURY		0x04

static void	take_insurance_month(struct import *);
static void	take_graduate(struct import *);
static int	fits_loan(const char *const *, const char **);

static const char *const groups[] = { "poverty_lifted", "poverty_watch", "disabled",
    "minimum_living", "veteran", "returning", NULL };
static const char *const licences[] = { "sole_trader", "enterprise", "cooperative",
    "legal_representative", NULL };
static const char *const loans[] = { "personal", "small_firm", NULL };
static const char *const sizes[] = { "large", "medium", "small", "micro", NULL };
static const char *const scales[] = { "large", "medium", "small", "micro", "association", NULL };

#define PERSON_KEY	{ .name = "id_number", .type = CELL_ID, .goes = TO_PERSON, .key = true }
#define ORG_KEY		{ .name = "uscc", .type = CELL_USCC, .goes = TO_ORG, .key = true }
#define FROM		{ .name = "from_on", .type = CELL_DAY, .goes = TO_FROM }
#define FROM_KEY	{ .name = "from_on", .type = CELL_DAY, .goes = TO_FROM, .key = true }
#define END_DAY		{ .name = "to_on", .type = CELL_END, .goes = TO_END, .optional = true }
#define MONTH_KEY	{ .name = "month", .type = CELL_MONTH, .goes = TO_SPAN, .key = true }
#define YEAR_KEY	{ .name = "year", .type = CELL_YEAR, .goes = TO_SPAN, .key = true }
#define TEXT(n, g, k)	{ .name = n, .type = CELL_TEXT, .goes = g, .key = k, .max = NAME_BYTES }
#define WORD(n, w, k)	{ .name = n, .type = CELL_WORD, .goes = TO_CODE, .key = k, .words = w }
#define CENTS(n)	{ .name = n, .type = CELL_COUNT, .goes = TO_NUMBER, .max = CENTS_MAX }
#define NUMBER(n, hi)	{ .name = n, .type = CELL_COUNT, .goes = TO_NUMBER, .max = hi }
#define MAYBE(n, hi)	{ .name = n, .type = CELL_COUNT, .goes = TO_NUMBER, .max = hi, .optional = true }
#define FLAG(n, g)	{ .name = n, .type = CELL_FLAG, .goes = g }

#define COLUMNS(id, ...) \
	static const struct import_column id##_columns[] = { __VA_ARGS__, COLUMN_END }
#define FACTS(file, fact, id) \
	{ file, fact, id##_columns, NULL, import_take_fact, NULL }

COLUMNS(insurance, PERSON_KEY, ORG_KEY, MONTH_KEY, FLAG("pension", TO_NOTHING),
    FLAG("unemployment", TO_NOTHING), FLAG("injury", TO_NOTHING));
COLUMNS(graduate, PERSON_KEY, TEXT("school", TO_NOTE, true),
    { .name = "level", .type = CELL_CODE, .goes = TO_CODE, .key = true, .check = check_education },
    FLAG("full_time", TO_NUMBER), { .name = "graduated_on", .type = CELL_DAY, .goes = TO_FROM });

/* about persons */
COLUMNS(death, PERSON_KEY, { .name = "died_on", .type = CELL_DAY, .goes = TO_FROM });
COLUMNS(spell, PERSON_KEY, FROM_KEY, END_DAY);
COLUMNS(enrolment, PERSON_KEY, TEXT("school", TO_NOTE, true),
    { .name = "level", .type = CELL_CODE, .goes = TO_CODE, .key = true, .check = check_education },
    FROM, END_DAY);
COLUMNS(payroll, PERSON_KEY, TEXT("unit", TO_NOTE, true), FROM_KEY, END_DAY);
COLUMNS(group, PERSON_KEY, WORD("group", groups, true), FROM, END_DAY);
COLUMNS(benefit, PERSON_KEY, TEXT("family", TO_CODE, true), FROM_KEY, END_DAY,
    CENTS("amount_cents"), TEXT("source", TO_NOTE, true));
COLUMNS(licence, ORG_KEY, PERSON_KEY, WORD("kind", licences, true), FROM, END_DAY,
    MAYBE("insured_staff", STAFF_MAX), { .name = "taxed", .type = CELL_FLAG, .goes = TO_NUMBER, .optional = true });
COLUMNS(certificate, PERSON_KEY,
    { .name = "occupation_code", .type = CELL_CODE, .goes = TO_CODE, .key = true, .check = check_occupation },
    { .name = "level", .type = CELL_COUNT, .goes = TO_NUMBER, .key = true, .min = 1, .max = 5 },
    { .name = "issued_on", .type = CELL_DAY, .goes = TO_FROM, .key = true },
    FLAG("trained", TO_NUMBER), MAYBE("training_days", 3650), TEXT("certificate_no", TO_NOTE, false));
COLUMNS(self_insurance, PERSON_KEY, MONTH_KEY, CENTS("paid_cents"));
COLUMNS(loan, TEXT("contract_no", TO_NOTE, true),
    { .name = "id_number", .type = CELL_ID, .goes = TO_PERSON, .optional = true },
    { .name = "uscc", .type = CELL_USCC, .goes = TO_ORG, .optional = true },
    WORD("kind", loans, false), FROM_KEY, { .name = "to_on", .type = CELL_END, .goes = TO_END },
    CENTS("principal_cents"), CENTS("interest_cents"), NUMBER("rate_bp", 10000));

/* about persons at an employer */
COLUMNS(insurance_cost, PERSON_KEY, ORG_KEY, MONTH_KEY, CENTS("employer_cents"), CENTS("personal_cents"));
COLUMNS(internship, PERSON_KEY, ORG_KEY, MONTH_KEY, NUMBER("days", 31),
    { .name = "started_on", .type = CELL_DAY, .goes = TO_NUMBER }, CENTS("base_cents"));

/* about employers */
COLUMNS(insured_year, ORG_KEY, YEAR_KEY, WORD("scale", scales, false), CENTS("paid_cents"),
    NUMBER("staff_start", STAFF_MAX), NUMBER("staff_end", STAFF_MAX), NUMBER("staff_average", STAFF_MAX),
    NUMBER("natural_leavers", STAFF_MAX), NUMBER("months_paid", 12), CENTS("owed_cents"));
COLUMNS(park, ORG_KEY, { .name = "park_code", .type = CELL_TEXT, .goes = TO_CODE, .key = true, .max = 40 },
    TEXT("park", TO_NOTE, false), FROM, END_DAY, MAYBE("staff_at_entry", STAFF_MAX));
COLUMNS(size, ORG_KEY, WORD("size", sizes, false), FROM_KEY, END_DAY);
COLUMNS(listed, ORG_KEY, FROM_KEY, END_DAY);
COLUMNS(arrears, ORG_KEY, FROM_KEY, END_DAY, CENTS("owed_cents"));

const struct import_kind import_kinds[] = {
	{ "insurance_months", NULL, insurance_columns, NULL, take_insurance_month, sql_insurance_add },
	{ "graduates", NULL, graduate_columns, NULL, take_graduate, sql_graduates_add },
	FACTS("deaths", "death", death),
	FACTS("pensions", "pension", spell),
	FACTS("enrolments", "enrolment", enrolment),
	FACTS("payroll", "payroll", payroll),
	FACTS("custody", "custody", spell),
	FACTS("ui_benefits", "ui_benefit", spell),
	FACTS("groups", "group", group),
	FACTS("benefits", "benefit", benefit),
	FACTS("licences", "licence", licence),
	FACTS("certificates", "certificate", certificate),
	FACTS("self_insurance", "self_insurance", self_insurance),
	{ "loans", "loan", loan_columns, fits_loan, import_take_fact, NULL },
	FACTS("insurance_costs", "insurance_cost", insurance_cost),
	FACTS("internships", "internship", internship),
	FACTS("insured_years", "insured_year", insured_year),
	FACTS("parks", "park", park),
	FACTS("sizes", "size", size),
	FACTS("dishonest", "dishonest", listed),
	FACTS("arrears", "arrears", arrears),
};
const size_t import_kinds_count = NITEMS(import_kinds);

const struct import_kind *
import_kind(const char *name)
{
	size_t	i;

	for (i = 0; i < import_kinds_count; i++) {
		if (strcmp(import_kinds[i].name, name) == 0)
			return (&import_kinds[i]);
	}
	return (NULL);
}

static void
take_insurance_month(struct import *im)
{
	static const int	bits[] = { INSURED_PENSION, INSURED_UNEMPLOYMENT, INSURED_INJURY };
	const struct cell	*cell = im->cell;
	int			 paid = 0;
	size_t			 i;

	for (i = 0; i < NITEMS(bits); i++)
		paid |= cell[3 + i].number ? bits[i] : 0;
	if (im->covers_through == DAY_NONE || cell[2].last > im->covers_through)
		im->covers_through = cell[2].last;
	json_open(&im->out, NULL);
	json_put_int(&im->out, "l", im->csv.line);
	json_put_text(&im->out, "i", blind_index(&im->scratch, "id", cell[0].text));
	json_put_text(&im->out, "u", cell[1].text);
	json_put_day(&im->out, "m", cell[2].day);
	json_put_int(&im->out, "k", paid);
	json_close(&im->out);
}

static void
take_graduate(struct import *im)
{
	const struct cell	*cell = im->cell;

	json_open(&im->out, NULL);
	json_put_int(&im->out, "l", im->csv.line);
	json_put_text(&im->out, "i", blind_index(&im->scratch, "id", cell[0].text));
	json_put_text(&im->out, "s", cell[1].text);
	json_put_text(&im->out, "e", cell[2].text);
	json_put_bool(&im->out, "f", cell[3].number != 0);
	json_put_day(&im->out, "d", cell[4].day);
	json_close(&im->out);
}

/* A personal loan is a person's, a small firm's is the firm's. */
static int
fits_loan(const char *const *field, const char **column)
{
	*column = strcmp(field[3], "personal") == 0 ? "id_number" : "uscc";
	return (field[strcmp(field[3], "personal") == 0 ? 1 : 2][0] == '\0' ? ERR_F_MISSING : 0);
}
