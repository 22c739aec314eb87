/*
 * verify_number.c -- the form of a certificate's number. Pure.
 */
#include "verify_number.h"

#include <string.h>

#define PREFIX		2
#define DIGITS		17

bool
certificate_no_ok(const char *no)
{
	static const char	check[] = "10X98765432";
	int			sum = 0, i;

	if (strlen(no) != CERTIFICATE_NO_LEN || strncmp(no, "TC", PREFIX) != 0)
		return (false);
	for (i = 0; i < DIGITS; i++) {
		if (no[PREFIX + i] < '0' || no[PREFIX + i] > '9')
			return (false);
		sum = (sum + no[PREFIX + i] - '0') * 2 % 11;
	}
	return (no[PREFIX + DIGITS] == check[sum]);
}
