/*
 * case_no.c -- case numbers: made, checked, and whose they are. The database
 * makes them by platform.case_no(); both must agree (tests/api/cases.test.mjs).
 */
#include "workflow/case.h"
#include "base/clock.h"

#define BODY_LEN	(CASE_NO_LEN - 1)
#define SERIAL_MOST	999999
#define ALPHABET	36

static const char	symbols[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static const struct {
	const char	*letters, *service;
} owners[] = {
	{ "ID", "identity" }, { "JB", "jobs" }, { "TR", "training" },
	{ "EN", "entrepreneurship" }, { "SU", "subsidies" }, { "MO", "monitoring" }
};

static int	value_of(char);
static char	check_of(const char *);

int
case_no_make(const char *letters, int32_t day, int64_t serial, char out[CASE_NO_TEXT])
{
	int	year, month, mday;

	if (day == DAY_NONE || serial < 0 || serial > SERIAL_MOST || strlen(letters) != 2)
		return (-1);
	day_split(day, &year, &month, &mday);
	if (year < 1000 || year > 9999)
		return (-1);
	(void)snprintf(out, CASE_NO_TEXT, "%s%04d%02d%02d%06d", letters, year, month, mday, (int)serial);
	out[BODY_LEN] = check_of(out);
	out[CASE_NO_LEN] = '\0';
	return (0);
}

bool
case_no_ok(const char *text)
{
	char	day[9];
	size_t	i;

	if (strlen(text) != CASE_NO_LEN || case_no_service(text) == NULL)
		return (false);
	for (i = 2; i < BODY_LEN; i++)
		if (text[i] < '0' || text[i] > '9')
			return (false);
	memcpy(day, text + 2, 8);
	day[8] = '\0';
	if (day_make((day[0] - '0') * 1000 + (day[1] - '0') * 100 + (day[2] - '0') * 10 + day[3] - '0',
	    (day[4] - '0') * 10 + day[5] - '0', (day[6] - '0') * 10 + day[7] - '0') == DAY_NONE)
		return (false);
	return (text[BODY_LEN] == check_of(text));
}

const char *
case_no_letters(const char *service)
{
	size_t	i;

	for (i = 0; i < NITEMS(owners); i++)
		if (strcmp(owners[i].service, service) == 0)
			return (owners[i].letters);
	return (NULL);
}

const char *
case_no_service(const char *text)
{
	size_t	i;

	for (i = 0; i < NITEMS(owners); i++)
		if (strncmp(text, owners[i].letters, 2) == 0)
			return (owners[i].service);
	return (NULL);
}

/* ISO 7064 MOD 37,36 over the body: the hybrid system with 36 characters. */
static char
check_of(const char *body)
{
	int	i, p = ALPHABET;

	for (i = 0; i < BODY_LEN; i++) {
		p = (p + value_of(body[i])) % ALPHABET;
		p = (p == 0 ? ALPHABET : p) * 2 % (ALPHABET + 1);
	}
	return (symbols[(ALPHABET + 1 - p) % ALPHABET]);
}

static int
value_of(char c)
{
	return (c >= 'A' && c <= 'Z' ? c - 'A' + 10 : c >= '0' && c <= '9' ? c - '0' : 0);
}
