/*
 * test_matter.c -- the file of matters: the one that ships is sound, and a
 * broken one is refused with the place of each mistake.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "workflow/matter.h"

#define GOOD "{\"code\":\"JB-01\",\"name\":\"失业登记\",\"name_en\":\"Registration\",\"service\":\"jobs\"," \
	"\"route\":\"unemployment_register\",\"audience\":[\"person\"],\"channels\":[\"app\"],\"instant\":false"

static struct buf	faults;

/* Loads {"matters": [text]}; the faults are left in `faults`. */
static int
load(const char *text)
{
	char	path[] = "/tmp/yjy-matters-XXXXXX";
	int	fd = mkstemp(path), rc;
	FILE	*f = fdopen(fd, "w");

	assert_non_null(f);
	fprintf(f, "{\"matters\":[%s]}", text);
	fclose(f);
	buf_clear(&faults);
	rc = matters_load(path, &faults);
	unlink(path);
	return (rc);
}

static void
refused(const char *text, const char *says)
{
	assert_int_equal(load(text), -1);
	if (strstr(buf_cstr(&faults), says) == NULL)
		fail_msg("%s is not in: %s", says, buf_cstr(&faults));
}

static void
the_shipped_file_is_sound(void **state)
{
	size_t	n;

	(void)state;
	buf_clear(&faults);
	assert_int_equal(matters_load("gateway/matters.json", &faults), 0);
	assert_non_null(matters(&n));
	assert_true(n >= 14);
	assert_string_equal(matter_find("JB-01")->route, "unemployment_register");
	assert_true(matter_find("JB-01")->instant);
	assert_null(matter_find("JB-99"));
}

static void
a_good_one_is_read(void **state)
{
	(void)state;
	assert_int_equal(load(GOOD ",\"days\":3}"), 0);
	assert_int_equal(matter_find("JB-01")->days, 3);
	assert_null(matter_find("JB-01")->basis);
}

static void
each_mistake_has_its_place(void **state)
{
	(void)state;
	refused("", "1 to");
	refused("1", "/matters/0");
	refused("{}", "/matters/0/code: Required");
	refused(GOOD ",\"colour\":1}", "/matters/0/colour: Unknown field");
	refused(GOOD ",\"days\":0}", "/matters/0/days: Too small");
	refused(GOOD "},{\"code\":\"JB01\"}", "/matters/1/code: Wrong format");
	refused(GOOD ",\"basis\":[]}", "/matters/0/basis");
	refused(GOOD ",\"next\":{\"done\":{\"zh\":\"好\"}}}", "/matters/0/next/done");
	refused(GOOD ",\"path\":[]}", "/matters/0/path");
	refused(GOOD "}," GOOD "}", "two matters JB-01");
	refused("{\"code\":\"TR-01\",\"name\":\"失业登记\",\"name_en\":\"Registration\",\"service\":\"jobs\","
	    "\"route\":\"x_y\",\"audience\":[\"king\"],\"channels\":[\"post\"],\"instant\":true,\"days\":2}",
	    "TR-01 is no code of jobs");
	assert_non_null(strstr(buf_cstr(&faults), "/matters/0/audience/0: unknown king"));
	assert_non_null(strstr(buf_cstr(&faults), "/matters/0/channels/0: unknown post"));
	assert_non_null(strstr(buf_cstr(&faults), "done at once"));
}

static void
a_file_that_is_not_there(void **state)
{
	(void)state;
	buf_clear(&faults);
	assert_int_equal(matters_load("/nowhere/matters.json", &faults), -1);
	assert_non_null(strstr(buf_cstr(&faults), "cannot be read"));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(the_shipped_file_is_sound), cmocka_unit_test(a_good_one_is_read),
		cmocka_unit_test(each_mistake_has_its_place), cmocka_unit_test(a_file_that_is_not_there)
	};

	buf_init(&faults, 65536);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
