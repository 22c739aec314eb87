/*
 * test_certificate_no.c -- numbers of certificates, and the picture of one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/training/verify_number.h"
#include "services/training/verify_qr.h"

#define GOOD	"TC43112520265123456X"

/* The one check character that fits, of eleven. */
static void
one_character_fits(void **state)
{
	static const char	all[] = "0123456789X";
	char			no[] = GOOD;
	int			fits = 0;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(all) - 1; i++) {
		no[CERTIFICATE_NO_LEN - 1] = all[i];
		fits += certificate_no_ok(no);
	}
	assert_int_equal(fits, 1);
}

static void
slips_are_seen(void **state)
{
	static const char	all[] = "0123456789X";
	char			no[] = GOOD, bad[sizeof(no)];
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(all) - 1; i++) {
		no[CERTIFICATE_NO_LEN - 1] = all[i];
		if (certificate_no_ok(no))
			break;
	}
	assert_true(certificate_no_ok(no));
	for (i = 2; i + 2 < CERTIFICATE_NO_LEN; i++) {
		memcpy(bad, no, sizeof(bad));
		bad[i] = bad[i] == '9' ? '0' : (char)(bad[i] + 1);
		assert_false(certificate_no_ok(bad));
		memcpy(bad, no, sizeof(bad));
		if (bad[i] != bad[i + 1] && bad[i + 1] != 'X') {
			bad[i] = no[i + 1];
			bad[i + 1] = no[i];
			assert_false(certificate_no_ok(bad));
		}
	}
	assert_false(certificate_no_ok(""));
	assert_false(certificate_no_ok("TC"));
	assert_false(certificate_no_ok("XX431125202651234560"));
	assert_false(certificate_no_ok("TC4311252026512345A0"));
}

static void
draws_a_code(void **state)
{
	struct buf	svg;

	(void)state;
	buf_init(&svg, 65536);
	assert_int_equal(qr_svg(&svg, "https://example.org/v1/training/certificate-checks/" GOOD), 0);
	assert_non_null(strstr(buf_cstr(&svg), "<svg "));
	assert_non_null(strstr(buf_cstr(&svg), "M4 4h7v1h-7z"));	/* the first finder pattern */
	buf_release(&svg);
	buf_init(&svg, 100);
	assert_int_equal(qr_svg(&svg, GOOD), -1);
	buf_release(&svg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_character_fits),
		cmocka_unit_test(slips_are_seen),
		cmocka_unit_test(draws_a_code)
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
