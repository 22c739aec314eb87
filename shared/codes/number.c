/*
 * number.c -- citizen identity numbers (GB 11643), unified social credit codes
 * (GB 32100), mobile numbers and bank accounts: form and check digit only.
 *
 * The area in an identity number is the one at birth: counties that no longer
 * exist are common, so it is not looked up. A date that does not exist, lies
 * before 1900 or after today is refused.
 */
#include <string.h>

#include "codes/codes.h"
#include "http/errors.h"

#define ID_LEN		18
#define ID_YEAR_LEAST	1900
#define USCC_LEN	18
#define USCC_AREA	2	/* where the six digits of the area start */
#define USCC_BASE	31
#define MOBILE_LEN	11
#define ACCOUNT_LEAST	8
#define ACCOUNT_MOST	32

static bool	 digits_at(const char *, size_t, size_t);
static int	 number_at(const char *, size_t, size_t);
static int32_t	 id_day(const char *);
static char	 id_check_digit(const char *);
static int	 uscc_value(char);

int
check_id_number(const char *id)
{
	char	 last;

	if (id == NULL || strlen(id) != ID_LEN || !digits_at(id, 0, ID_LEN - 1) ||
	    id[0] == '0')
		return (ERR_F_ID_NUMBER);
	last = id[ID_LEN - 1] == 'x' ? 'X' : id[ID_LEN - 1];
	if (last != id_check_digit(id) || id_day(id) == DAY_NONE)
		return (ERR_F_ID_NUMBER);
	return (0);
}

int32_t
id_birth_day(const char *id)
{
	return (check_id_number(id) == 0 ? id_day(id) : DAY_NONE);
}

int
id_sex(const char *id)
{
	if (check_id_number(id) != 0)
		return (0);
	return ((id[16] - '0') % 2 == 1 ? 1 : 2);
}

int
check_uscc(const char *code)
{
	int	 sum = 0, weight = 1, i, value;

	if (code == NULL || strlen(code) != USCC_LEN || !digits_at(code, USCC_AREA, 6))
		return (ERR_F_USCC);
	for (i = 0; i < USCC_LEN - 1; i++) {
		if ((value = uscc_value(code[i])) == -1)
			return (ERR_F_USCC);
		sum += value * weight;
		weight = weight * 3 % USCC_BASE;
	}
	if (uscc_value(code[i]) != (USCC_BASE - sum % USCC_BASE) % USCC_BASE)
		return (ERR_F_USCC);
	return (0);
}

int
check_mobile(const char *phone)
{
	if (phone == NULL || strlen(phone) != MOBILE_LEN ||
	    !digits_at(phone, 0, MOBILE_LEN) || phone[0] != '1' || phone[1] < '3')
		return (ERR_F_PHONE);
	return (0);
}

int
check_account(const char *account)
{
	size_t	 len = account == NULL ? 0 : strlen(account);

	if (len < ACCOUNT_LEAST || len > ACCOUNT_MOST || !digits_at(account, 0, len))
		return (ERR_F_ACCOUNT);
	return (0);
}

static bool
digits_at(const char *s, size_t from, size_t n)
{
	return (strspn(s + from, "0123456789") >= n);
}

static int
number_at(const char *s, size_t from, size_t n)
{
	int	 value = 0;

	while (n-- > 0)
		value = value * 10 + (s[from++] - '0');
	return (value);
}

/* The date of birth; DAY_NONE when nobody alive can have it. */
static int32_t
id_day(const char *id)
{
	int	 year = number_at(id, 6, 4);
	int32_t	 day;

	if (year < ID_YEAR_LEAST)
		return (DAY_NONE);
	day = day_make(year, number_at(id, 10, 2), number_at(id, 12, 2));
	return (day > clock_today() ? DAY_NONE : day);
}

static char
id_check_digit(const char *id)
{
	static const int	 weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int			 sum = 0;
	size_t			 i;

	for (i = 0; i < NITEMS(weights); i++)
		sum += (id[i] - '0') * weights[i];
	return ("10X98765432"[sum % 11]);
}

/* Digits and capitals without I, O, S, V, Z. */
static int
uscc_value(char c)
{
	static const char	 alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	const char		*at = c == '\0' ? NULL : strchr(alphabet, c);

	return (at == NULL ? -1 : (int)(at - alphabet));
}

/* Decimal degrees with at most six places. */
int
check_degrees(const char *s)
{
	size_t	whole = strspn(s, "0123456789"), part = 0;

	if (whole == 0 || whole > 3)
		return (ERR_F_FORMAT);
	if (s[whole] == '.' && (part = strspn(s + whole + 1, "0123456789")) == 0)
		return (ERR_F_FORMAT);
	return (part <= 6 && s[whole + part + (part > 0)] == '\0' ? 0 : ERR_F_FORMAT);
}

bool
degrees_e6(const char *s, int64_t least, int64_t most, int64_t *out)
{
	const char	*p = s;
	int64_t		 n = 0, places = -1;

	for (; *p != '\0'; p++) {
		if (*p == '.') {
			places = 0;
			continue;
		}
		n = n * 10 + (*p - '0');
		if (places >= 0)
			places++;
	}
	for (places = places < 0 ? 0 : places; places < 6; places++)
		n *= 10;
	*out = n;
	return (n >= least && n <= most);
}
