/*
 * test_base_id.c -- UUIDv7 and random bytes.
 */
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/id.h"

static void
uuids_are_version_7_and_grow(void **state)
{
	struct uuid	before, id;
	char		text[UUID_TEXT], last[UUID_TEXT] = "";
	int64_t		ms, now_ms;

	(void)state;
	memset(&before, 0, sizeof(before));
	for (int i = 0; i < 20000; i++) {
		id = uuid_new();
		assert_int_equal(id.b[6] >> 4, 7);
		assert_int_equal(id.b[8] >> 6, 2);
		assert_true(memcmp(before.b, id.b, 16) < 0);
		assert_true(strcmp(last, uuid_format(&id, text)) < 0);
		memcpy(last, text, sizeof(last));
		before = id;
	}
	ms = 0;
	for (int i = 0; i < 6; i++)
		ms = ms << 8 | id.b[i];
	now_ms = clock_real_us() / 1000;
	assert_in_range(ms, now_ms - 1000, now_ms + 20);
}

static void
uuids_are_read_strictly(void **state)
{
	static const char	good[] = "0191e4c8-3b5e-7abc-8def-0123456789aB";
	static const char *const bad[] = { "", "0191e4c8", "0191e4c8-3b5e-7abc-8def-0123456789a",
	    "0191e4c8-3b5e-7abc-8def-0123456789abc", "0191e4c83-b5e-7abc-8def-0123456789ab",
	    "0191e4c8-3b5e-7abc-8def-0123456789ag", "{191e4c8-3b5e-7abc-8def-0123456789a}",
	    "0191e4c83b5e7abc8def0123456789ab" };
	struct uuid		id, same, nil;
	char			text[UUID_TEXT];

	(void)state;
	memset(&nil, 0, sizeof(nil));
	assert_true(uuid_parse(good, &id));
	assert_string_equal(uuid_format(&id, text), "0191e4c8-3b5e-7abc-8def-0123456789ab");
	assert_true(uuid_parse(text, &same));
	assert_true(uuid_equal(&id, &same));
	assert_false(uuid_is_nil(&id));
	for (size_t i = 0; i < NITEMS(bad); i++)
		assert_false(uuid_parse(bad[i], &same));
	assert_true(uuid_equal(&id, &same));
	assert_true(uuid_parse("00000000-0000-0000-0000-000000000000", &same));
	assert_true(uuid_is_nil(&same));
	assert_true(uuid_equal(&nil, &same));
}

/* Parent and child of a fork share the pool's memory, but not its bytes. */
static void
random_bytes_differ_after_fork(void **state)
{
	uint8_t	mine[32], theirs[32], warm[8];
	int	fds[2];
	pid_t	pid;

	(void)state;
	random_bytes(warm, sizeof(warm));
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		random_bytes(theirs, sizeof(theirs));
		_exit(write(fds[1], theirs, sizeof(theirs)) == sizeof(theirs) ? 0 : 1);
	}
	random_bytes(mine, sizeof(mine));
	assert_int_equal(read(fds[0], theirs, sizeof(theirs)), sizeof(theirs));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_memory_not_equal(mine, theirs, sizeof(mine));
	close(fds[0]);
	close(fds[1]);
}

static void
random_bytes_fill_everything(void **state)
{
	uint8_t	all[300], seen;
	size_t	sizes[] = { 1, 7, 64, 65, 300 };

	(void)state;
	/* After 64 draws a byte that stays zero was never written. */
	for (size_t s = 0; s < NITEMS(sizes); s++)
		for (size_t i = 0; i < sizes[s]; i++) {
			seen = 0;
			for (int n = 0; n < 64 && seen == 0; n++) {
				memset(all, 0, sizeof(all));
				random_bytes(all, sizes[s]);
				seen |= all[i];
			}
			assert_int_not_equal(seen, 0);
			if (sizes[s] < sizeof(all))
				assert_int_equal(all[sizes[s]], 0);
		}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(uuids_are_version_7_and_grow),
		cmocka_unit_test(uuids_are_read_strictly),
		cmocka_unit_test(random_bytes_differ_after_fork),
		cmocka_unit_test(random_bytes_fill_everything),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
