/*
 * test_base.c -- arena, buffer, UTF-8 and metrics.
 */
#include <sys/wait.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/metric.h"
#include "base/utf8.h"

static int		order_log[8];
static int		order_count;
static struct arena	*defer_arena;

/* The status with which `fn` ends a process of its own. */
static int
status_of(void (*fn)(void))
{
	int	 status, null;
	pid_t	 pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		if ((null = open("/dev/null", O_WRONLY)) != -1) {
			dup2(null, STDOUT_FILENO);
			dup2(null, STDERR_FILENO);
		}
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return (status);
}

static void
arena_blocks_grow_and_stay_aligned(void **state)
{
	static const size_t	sizes[] = { 0, 1, 15, 16, 17, 300, 4000, 5000, 16384,
				    16385, 70000, 8, 1000000, 24 };
	struct arena		a;
	char			*p[NITEMS(sizes)];
	size_t			total = 0;

	(void)state;
	arena_init(&a);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < NITEMS(sizes); i++) {
			p[i] = arena_alloc(&a, sizes[i]);
			assert_int_equal((uintptr_t)p[i] % 16, 0);
			memset(p[i], (int)i + 1, sizes[i]);
			total += sizes[i];
		}
		for (size_t i = 0; i < NITEMS(sizes); i++)
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(p[i][j], i + 1);
		assert_int_equal(a.used_bytes, total);
		arena_clear(&a);
		assert_int_equal(a.used_bytes, 0);
		total = 0;
	}
	arena_release(&a);
	assert_null(a.head);
}

static void
arena_clear_reuses_the_first_block(void **state)
{
	struct arena	a;
	char		*first;

	(void)state;
	arena_init(&a);
	first = arena_alloc(&a, 10);
	for (int i = 0; i < 1000; i++)
		arena_alloc(&a, 1000);
	arena_alloc(&a, 100000);
	arena_clear(&a);
	assert_ptr_equal(arena_alloc(&a, 10), first);
	arena_alloc(&a, 100000);
	arena_clear(&a);
	assert_ptr_equal(arena_alloc(&a, 10), first);
	arena_release(&a);
}

static void
arena_text_is_copied(void **state)
{
	struct arena	a;
	char		longer[3000];

	(void)state;
	arena_init(&a);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_string_equal(arena_strdup(&a, "永州"), "永州");
	assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(&a, "ab", 30), "ab");
	assert_string_equal(arena_printf(&a, "%d/%s", 7, "x"), "7/x");
	assert_string_equal(arena_printf(&a, "%s", longer), longer);
	assert_string_equal(arena_printf(&a, "%.255s", longer), longer + 3000 - 256);
	assert_string_equal(arena_printf(&a, "%.256s", longer), longer + 3000 - 257);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(((char *)arena_zalloc(&a, 100))[i], 0);
	arena_release(&a);
}

static void
note(void *arg)
{
	order_log[order_count++] = *(int *)arg;
}

static void
note_and_defer(void *arg)
{
	static int	last = 99;

	note(arg);
	arena_defer(defer_arena, note, &last);
}

static void
arena_defers_run_once_in_reverse(void **state)
{
	struct arena	a;
	int		one = 1, two = 2, three = 3;

	(void)state;
	arena_init(&a);
	order_count = 0;
	arena_defer(&a, note, &one);
	arena_defer(&a, note, &two);
	arena_clear(&a);
	arena_clear(&a);
	assert_int_equal(order_count, 2);
	assert_int_equal(order_log[0], 2);
	assert_int_equal(order_log[1], 1);

	order_count = 0;
	defer_arena = &a;
	arena_defer(&a, note, &three);
	arena_defer(&a, note_and_defer, &one);
	arena_release(&a);
	assert_int_equal(order_count, 3);
	assert_int_equal(order_log[1], 99);
	assert_int_equal(order_log[2], 3);
}

static void
ask_too_much(void)
{
	struct arena	a;

	arena_init(&a);
	arena_alloc(&a, SIZE_MAX - 8);
}

static void
arena_out_of_memory_ends_the_process(void **state)
{
	int	status = status_of(ask_too_much);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

#ifdef YJY_ASAN
static void
write_behind(void)
{
	struct arena	a;
	volatile char	*p;

	arena_init(&a);
	p = arena_alloc(&a, 32);
	arena_alloc(&a, 32);
	p[32] = 1;
}

static void
use_after_clear(void)
{
	struct arena	a;
	volatile char	*p;

	arena_init(&a);
	p = arena_alloc(&a, 32);
	arena_clear(&a);
	p[0] = 1;
}

static void
arena_overflow_is_caught(void **state)
{
	(void)state;
	assert_int_not_equal(status_of(write_behind), 0);
	assert_int_not_equal(status_of(use_after_clear), 0);
}
#endif

static void
buf_stops_at_its_maximum(void **state)
{
	struct buf	b;

	(void)state;
	buf_init(&b, 10);
	assert_string_equal(buf_cstr(&b), "");
	buf_adds(&b, "0123456789");
	assert_true(buf_ok(&b));
	assert_string_equal(buf_cstr(&b), "0123456789");
	buf_addc(&b, 'x');
	assert_false(buf_ok(&b));
	assert_string_equal(buf_cstr(&b), "0123456789");
	buf_consume(&b, 4);
	assert_string_equal(buf_cstr(&b), "456789");
	buf_addc(&b, 'x');
	assert_int_equal(b.len, 6);
	buf_clear(&b);
	assert_true(buf_ok(&b));
	buf_adds(&b, "01234567890");
	assert_false(buf_ok(&b));
	assert_int_equal(b.len, 0);
	assert_null(buf_reserve(&b, 1));
	buf_release(&b);
	assert_null(b.data);
}

static void
buf_reserve_is_filled_by_the_caller(void **state)
{
	struct buf	b;
	char		*p;

	(void)state;
	buf_init(&b, 100000);
	for (int i = 0; i < 50; i++) {
		assert_non_null(p = buf_reserve(&b, 2000));
		memset(p, 'a' + i % 26, 2000);
		buf_commit(&b, 1999);
	}
	assert_int_equal(b.len, 50 * 1999);
	assert_int_equal(strlen(buf_cstr(&b)), b.len);
	assert_int_equal(b.data[1999], 'b');
	buf_consume(&b, 49 * 1999);
	assert_int_equal(b.data[0], 'a' + 49 % 26);
	buf_consume(&b, b.len);
	assert_int_equal(b.len, 0);
	assert_null(buf_reserve(&b, 100001));
	assert_false(buf_ok(&b));
	buf_release(&b);
}

static void
buf_formats(void **state)
{
	static const int64_t	numbers[] = { 0, 7, -1, 10, 999, INT64_MAX, INT64_MIN };
	struct buf		b;
	char			text[32];

	(void)state;
	buf_init(&b, 1000);
	for (size_t i = 0; i < NITEMS(numbers); i++) {
		buf_clear(&b);
		buf_add_int(&b, numbers[i]);
		snprintf(text, sizeof(text), "%lld", (long long)numbers[i]);
		assert_string_equal(buf_cstr(&b), text);
	}
	buf_clear(&b);
	buf_addf(&b, "%s=%d;", "a", 1);
	buf_addf(&b, "%300d", 2);
	assert_int_equal(b.len, 304);
	assert_memory_equal(b.data, "a=1; ", 5);
	buf_addf(&b, "%700d", 3);
	assert_false(buf_ok(&b));
	assert_int_equal(b.len, 304);
	buf_release(&b);
}

static void
check_json(const char *in, size_t len, const char *want)
{
	struct buf	b;

	buf_init(&b, 1000);
	buf_add_json(&b, in, len);
	assert_string_equal(buf_cstr(&b), want);
	buf_release(&b);
}

static void
buf_escapes_for_json(void **state)
{
	(void)state;
	check_json("plain text of more than eight bytes", 35,
	    "plain text of more than eight bytes");
	check_json("say \"hi\" \\ to /me/", 18, "say \\\"hi\\\" \\\\ to /me/");
	check_json("1234567\"", 8, "1234567\\\"");
	check_json("12345678\n\r\t\x01\x1f\x7f", 14,
	    "12345678\\n\\r\\t\\u0001\\u001f\\u007f");
	check_json("a\0b", 3, "a\\u0000b");
	check_json("永州\xf0\x9f\x98\x80 就业", 17, "永州😀 就业");
	/* Cut, overlong, surrogate, too large, stray: one U+FFFD for each byte. */
	check_json("x\xe6\xb0", 3, "x\xef\xbf\xbd\xef\xbf\xbd");
	check_json("\xc0\x80", 2, "\xef\xbf\xbd\xef\xbf\xbd");
	check_json("\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	check_json("\xffy", 2, "\xef\xbf\xbdy");
}

/* Every byte at every place of the eight that are looked at together. */
static void
only_special_bytes_are_escaped(void **state)
{
	struct buf	b;
	char		text[16];

	(void)state;
	buf_init(&b, 1000);
	for (int c = 0; c < 256; c++)
		for (size_t at = 0; at < sizeof(text); at++) {
			bool	plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';

			memset(text, 'x', sizeof(text));
			text[at] = (char)c;
			buf_clear(&b);
			buf_add_json(&b, text, sizeof(text));
			assert_int_equal(b.len == sizeof(text) &&
			    memcmp(b.data, text, sizeof(text)) == 0, plain);
		}
	buf_release(&b);
}

static void
utf8_is_strict(void **state)
{
	static const char *const	bad[] = { "\x80", "\xbf", "\xc0\xaf", "\xc1\xbf",
	    "\xc2", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xef\xbf",
	    "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
	    "\xe4\xbd\x41" };
	uint32_t			code;

	(void)state;
	for (size_t i = 0; i < NITEMS(bad); i++)
		assert_int_equal(utf8_next(bad[i], strlen(bad[i]), &code), 0);
	assert_int_equal(utf8_next("\xc2\x80", 2, &code), 2);
	assert_int_equal(code, 0x80);
	assert_int_equal(utf8_next("\xe0\xa0\x80", 3, &code), 3);
	assert_int_equal(code, 0x800);
	assert_int_equal(utf8_next("\xed\x9f\xbf", 3, &code), 3);
	assert_int_equal(code, 0xd7ff);
	assert_int_equal(utf8_next("\xf0\x90\x80\x80", 4, &code), 4);
	assert_int_equal(code, 0x10000);
	assert_int_equal(utf8_next("\xf4\x8f\xbf\xbf", 4, &code), 4);
	assert_int_equal(code, 0x10ffff);
	assert_int_equal(utf8_count("江华瑶族", 12), 4);
	assert_int_equal(utf8_count("江华瑶族", 11), -1);
	assert_int_equal(utf8_prefix("江华", 6, 5), 3);
	assert_int_equal(utf8_prefix("江华", 6, 2), 0);
	assert_int_equal(utf8_prefix("江华", 6, 6), 6);
}

static int64_t
forty_two(void)
{
	return (42);
}

static void
metrics_are_written_by_family(void **state)
{
	static struct metric	get = { .name = "t_requests_total", .help = "Requests\nserved",
				    .labels = "route=\"get\"", .kind = METRIC_COUNTER };
	static struct metric	depth = { .name = "t_depth", .help = "Depth",
				    .kind = METRIC_GAUGE, .read = forty_two };
	static struct metric	put = { .name = "t_requests_total", .help = "Requests\nserved",
				    .labels = "route=\"put\"", .kind = METRIC_COUNTER };
	struct buf		b;

	(void)state;
	metric_register(&get);
	metric_register(&depth);
	metric_register(&put);
	metric_add(&get, 3);
	metric_add(&put, 1);
	buf_init(&b, 10000);
	metric_write(&b);
	assert_non_null(strstr(buf_cstr(&b), "# HELP t_requests_total Requests\\nserved\n"
	    "# TYPE t_requests_total counter\n"
	    "t_requests_total{route=\"get\"} 3\n"
	    "t_requests_total{route=\"put\"} 1\n"
	    "# HELP t_depth Depth\n# TYPE t_depth gauge\nt_depth 42\n"));
	buf_release(&b);
}

static void
histograms_are_cumulative(void **state)
{
	static struct metric	took = { .name = "t_seconds", .help = "Time",
				    .labels = "x=\"y\"", .kind = METRIC_HISTOGRAM };
	struct buf		b;
	const char		*text;

	(void)state;
	metric_register(&took);
	metric_observe_us(&took, 0);
	metric_observe_us(&took, 500);
	metric_observe_us(&took, 501);
	metric_observe_us(&took, 10000000);
	metric_observe_us(&took, 10000001);
	buf_init(&b, 10000);
	metric_write(&b);
	text = buf_cstr(&b);
	assert_non_null(strstr(text, "t_seconds_bucket{x=\"y\",le=\"0.0005\"} 2\n"
	    "t_seconds_bucket{x=\"y\",le=\"0.001\"} 3\n"));
	assert_non_null(strstr(text, "t_seconds_bucket{x=\"y\",le=\"5\"} 3\n"
	    "t_seconds_bucket{x=\"y\",le=\"10\"} 4\n"
	    "t_seconds_bucket{x=\"y\",le=\"+Inf\"} 5\n"
	    "t_seconds_sum{x=\"y\"} 20.001002\n"
	    "t_seconds_count{x=\"y\"} 5\n"));
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(arena_blocks_grow_and_stay_aligned),
		cmocka_unit_test(arena_clear_reuses_the_first_block),
		cmocka_unit_test(arena_text_is_copied),
		cmocka_unit_test(arena_defers_run_once_in_reverse),
		cmocka_unit_test(arena_out_of_memory_ends_the_process),
#ifdef YJY_ASAN
		cmocka_unit_test(arena_overflow_is_caught),
#endif
		cmocka_unit_test(buf_stops_at_its_maximum),
		cmocka_unit_test(buf_reserve_is_filled_by_the_caller),
		cmocka_unit_test(buf_formats),
		cmocka_unit_test(buf_escapes_for_json),
		cmocka_unit_test(only_special_bytes_are_escaped),
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(metrics_are_written_by_family),
		cmocka_unit_test(histograms_are_cumulative),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
