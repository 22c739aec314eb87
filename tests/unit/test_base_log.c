/*
 * test_base_log.c -- log lines, and readers that are slow, gone or a file.
 */
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "json/json.h"

#define LINES_MAX	(4 << 20)

static const struct log_context	request = {
	.route = "vacancy_open",
	.request_id = "0191e4c8-3b5e-7abc-8def-0123456789ab",
	.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
	.caller = "person \"quoted\"",
	.area_code = "431129",
};
static struct arena		arena;
static int			fds[2];		/* reader, writer */

static int
pipe_open(void **state)
{
	(void)state;
	arena_init(&arena);
	if (pipe2(fds, O_CLOEXEC) == -1)
		return (-1);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	log_init("jobs", LOG_LEVEL_INFO, fds[1]);
	return (0);
}

static int
pipe_close(void **state)
{
	(void)state;
	log_set_context(NULL);
	log_flush();
	close(fds[0]);
	close(fds[1]);
	arena_release(&arena);
	return (0);
}

/* What has been written, as far as it goes without waiting. */
static char *
read_all(int fd, struct buf *b)
{
	ssize_t	n;
	char	*p;

	buf_init(b, LINES_MAX);
	while ((p = buf_reserve(b, 65536)) != NULL && (n = read(fd, p, 65536)) > 0)
		buf_commit(b, (size_t)n);
	return ((char *)(uintptr_t)buf_cstr(b));
}

/* Parses the first line and moves on; NULL at the end. */
static struct json *
next_line(char **text)
{
	char		*end = strchr(*text, '\n');
	struct json	*line;

	if (end == NULL)
		return (NULL);
	line = json_parse(&arena, *text, (size_t)(end - *text));
	if (line == NULL)
		fail_msg("not JSON: %.*s", (int)(end - *text), *text);
	*text = end + 1;
	return (line);
}

static const char *
member(const struct json *line, const char *name)
{
	const char	*text = json_string(json_get(line, name));

	return (text != NULL ? text : "(none)");
}

static void
lines_are_json_with_context(void **state)
{
	struct buf	b;
	struct json	*line;
	char		*text;
	int64_t		at;

	(void)state;
	log_info("a \"quote\", a\nnewline, 永州, \x01 and \xff bytes: %d", 7);
	log_set_context(&request);
	log_error("second");
	log_set_context(NULL);
	log_warn("third");
	log_flush();
	text = read_all(fds[0], &b);

	line = next_line(&text);
	assert_string_equal(member(line, "level"), "info");
	assert_string_equal(member(line, "service"), "jobs");
	assert_string_equal(member(line, "msg"),
	    "a \"quote\", a\nnewline, 永州, \x01 and \xef\xbf\xbd bytes: 7");
	assert_int_equal(json_count(line), 4);
	at = instant_parse(member(line, "ts"));
	assert_in_range(clock_real_us() - at, 0, 10000000);

	line = next_line(&text);
	assert_string_equal(member(line, "level"), "error");
	assert_string_equal(member(line, "route"), "vacancy_open");
	assert_string_equal(member(line, "request_id"), request.request_id);
	assert_string_equal(member(line, "trace_id"), request.trace_id);
	assert_string_equal(member(line, "caller"), "person \"quoted\"");
	assert_string_equal(member(line, "area"), "431129");

	line = next_line(&text);
	assert_string_equal(member(line, "level"), "warn");
	assert_int_equal(json_count(line), 4);
	assert_null(next_line(&text));
	buf_release(&b);
}

static void
access_lines(void **state)
{
	struct log_access	a = { .ctx = { .route = "job_get" }, .method = "GET",
				    .status = 200, .took_us = 12003, .bytes_out = 4096 };
	struct buf		b;
	char			*text, *msg;

	(void)state;
	log_set_context(&request);
	log_access(&a);
	a.took_us = 7;
	log_access(&a);
	log_flush();
	text = read_all(fds[0], &b);
	msg = strstr(text, "\"msg\"");
	assert_non_null(msg);
	assert_memory_equal(msg, "\"msg\":\"request\",\"method\":\"GET\",\"status\":200,"
	    "\"ms\":12.003,\"bytes\":4096,\"route\":\"job_get\"}\n", 88);
	assert_non_null(next_line(&text));
	assert_non_null(strstr(text, "\"ms\":0.007,"));
	assert_non_null(next_line(&text));
	buf_release(&b);
}

static void
levels_below_the_least_are_silent(void **state)
{
	struct log_access	a = { .method = "GET", .status = 200 };
	struct buf		b;
	char			*text;

	(void)state;
	log_debug("no");
	log_flush();
	assert_string_equal(read_all(fds[0], &b), "");
	buf_release(&b);
	log_init("jobs", LOG_LEVEL_ERROR, fds[1]);
	log_info("no");
	log_warn("no");
	log_access(&a);
	log_error("yes");
	log_init("jobs", LOG_LEVEL_DEBUG, fds[1]);
	log_debug("debug too");
	log_flush();
	text = read_all(fds[0], &b);
	assert_string_equal(member(next_line(&text), "msg"), "yes");
	assert_string_equal(member(next_line(&text), "msg"), "debug too");
	assert_null(next_line(&text));
	buf_release(&b);
}

static void
time_goes_on_within_and_across_seconds(void **state)
{
	struct buf	b;
	char		*text;
	int64_t		last = 0, at;

	(void)state;
	for (int i = 0; i < 24; i++) {
		log_info("tick");
		usleep(50000);
	}
	log_flush();
	text = read_all(fds[0], &b);
	for (int i = 0; i < 24; i++) {
		at = instant_parse(member(next_line(&text), "ts"));
		if (i > 0)
			assert_in_range(at - last, 49000, 60000000);
		last = at;
	}
	buf_release(&b);
}

static void
long_messages_are_cut_between_characters(void **state)
{
	static char	message[9001];
	struct buf	b;
	const char	*msg;
	char		*text;

	(void)state;
	for (size_t i = 0; i < 9000; i += 3)
		memcpy(message + i, "永", 3);
	message[9000] = '\0';
	log_info("%s", message);
	memset(message, '\x01', 9000);
	log_info("%s", message);
	log_flush();
	text = read_all(fds[0], &b);
	msg = member(next_line(&text), "msg");
	assert_int_equal(strlen(msg), 4095 / 3 * 3);
	assert_null(strstr(msg, "\xef\xbf\xbd"));
	assert_int_equal(strlen(member(next_line(&text), "msg")), 4095);
	buf_release(&b);
}

/* Number of "line %d" lines, which must be in order; *last is the last of them. */
static int
count_lines(char **text, int *last)
{
	struct json	*line;
	int		 n, count = 0;

	*last = -1;
	while ((line = next_line(text)) != NULL)
		if (sscanf(member(line, "msg"), "line %d", &n) == 1) {
			assert_true(n > *last);
			*last = n;
			count++;
		}
	return (count);
}

/* A reader that stopped costs neither time nor order, only lines. */
static void
a_stalled_pipe_does_not_block(void **state)
{
	int64_t		from = clock_mono_us(), lost = 0;
	struct buf	b;
	struct json	*line;
	char		*text, *p;
	ssize_t		n;
	int		count, last, total = 20000;

	(void)state;
	for (int i = 0; i < total; i++) {
		log_info("line %d", i);
		if (i % 10 == 0)
			log_flush();
	}
	assert_true(clock_mono_us() - from < 5000000);
	for (buf_init(&b, LINES_MAX); (p = buf_reserve(&b, 5000)) != NULL; log_flush()) {
		if ((n = read(fds[0], p, 5000)) <= 0)
			break;
		buf_commit(&b, (size_t)n);
	}
	text = (char *)(uintptr_t)buf_cstr(&b);
	count = count_lines(&text, &last);
	assert_string_equal(text, "");
	assert_int_equal(last, count - 1);
	assert_true(count > 1000 && count < total);
	buf_release(&b);
	/* The next line after the gap says how many are missing. */
	log_info("after");
	log_flush();
	text = read_all(fds[0], &b);
	line = next_line(&text);
	assert_string_equal(member(line, "msg"), "log lines dropped");
	assert_true(json_integer(json_get(line, "count"), &lost));
	assert_int_equal(lost + count, total);
	assert_string_equal(member(next_line(&text), "msg"), "after");
	buf_release(&b);
	buf_init(&b, 100000);
	metric_write(&b);
	text = arena_printf(&arena, "\nyjy_log_dropped_total %lld\n", (long long)lost);
	assert_non_null(strstr(buf_cstr(&b), text));
	buf_release(&b);
}

/* Two writers on one pipe, longer than its buffer: no line is torn. */
static void
lines_of_two_processes_do_not_mix(void **state)
{
	struct buf	b;
	char		*text, *p;
	ssize_t		n;
	pid_t		pid;
	int		lines = 0;

	(void)state;
	if ((pid = fork()) == 0) {
		fork();
		for (int i = 0; i < 3000; i++) {
			log_info("%d %.*d", i, i % 300 + 1, i);
			if (i % 50 == 0)
				log_flush();
			if (i % 200 == 0)
				usleep(500);
		}
		for (int i = 0; i < 100; i++, usleep(1000))
			log_flush();
		_exit(0);
	}
	close(fds[1]);
	fcntl(fds[0], F_SETFL, 0);
	for (buf_init(&b, LINES_MAX); (p = buf_reserve(&b, 5000)) != NULL; usleep(50)) {
		if ((n = read(fds[0], p, 5000)) <= 0)
			break;
		buf_commit(&b, (size_t)n);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	text = (char *)(uintptr_t)buf_cstr(&b);
	while (next_line(&text) != NULL)
		lines++;
	assert_string_equal(text, "");
	assert_true(lines > 3000);
	buf_release(&b);
	fds[1] = open("/dev/null", O_WRONLY);
}

static void
a_slow_reader_gets_everything(void **state)
{
	struct buf	b;
	char		*text, *p;
	ssize_t		n;
	pid_t		pid;
	int		last;

	(void)state;
	if ((pid = fork()) == 0) {
		for (int i = 0; i < 1000; i++) {
			log_info("line %d %0100d", i, i);
			log_flush();
		}
		for (int i = 0; i < 400; i++, usleep(2000))
			log_flush();
		_exit(0);
	}
	close(fds[1]);
	fcntl(fds[0], F_SETFL, 0);
	usleep(20000);		/* the pipe fills up */
	for (buf_init(&b, LINES_MAX); (p = buf_reserve(&b, 3000)) != NULL; usleep(100)) {
		if ((n = read(fds[0], p, 3000)) <= 0)
			break;
		buf_commit(&b, (size_t)n);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	text = (char *)(uintptr_t)buf_cstr(&b);
	assert_int_equal(count_lines(&text, &last), 1000);
	assert_string_equal(text, "");
	buf_release(&b);
	fds[1] = open("/dev/null", O_WRONLY);
}

static void
files_and_sockets(void **state)
{
	char		name[] = "/tmp/test_log.XXXXXX";
	int		fd = mkstemp(name), pair[2];
	struct buf	b;
	char		*text;

	(void)state;
	assert_int_not_equal(fd, -1);
	unlink(name);
	log_init("jobs", LOG_LEVEL_INFO, fd);
	for (int i = 0; i < 5000; i++)
		log_info("line %d", i);
	log_flush();
	lseek(fd, 0, SEEK_SET);
	text = read_all(fd, &b);
	for (int i = 0; i < 5000; i++)
		assert_non_null(next_line(&text));
	assert_null(next_line(&text));
	buf_release(&b);
	close(fd);

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	log_init("jobs", LOG_LEVEL_INFO, pair[1]);
	log_info("through a socket");
	log_flush();
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	text = read_all(pair[0], &b);
	assert_string_equal(member(next_line(&text), "msg"), "through a socket");
	buf_release(&b);
	/* The reader is gone: no signal, no end of the process. */
	close(pair[0]);
	log_info("to nobody");
	log_flush();
	close(pair[1]);
}

static void
lines_before_a_fork_are_written_once(void **state)
{
	struct buf	b;
	char		*text;
	int		status;
	pid_t		pid;

	(void)state;
	log_flush();
	read_all(fds[0], &b);
	buf_release(&b);
	log_info("before");
	if ((pid = fork()) == 0) {
		log_info("child");
		log_flush();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	log_info("parent");
	log_flush();
	text = read_all(fds[0], &b);
	assert_string_equal(member(next_line(&text), "msg"), "child");
	assert_string_equal(member(next_line(&text), "msg"), "before");
	assert_string_equal(member(next_line(&text), "msg"), "parent");
	assert_null(next_line(&text));
	buf_release(&b);
}

static void
dying_writes_what_is_held(void **state)
{
	struct buf	b;
	char		*text;
	int		status;
	pid_t		pid;

	(void)state;
	if ((pid = fork()) == 0) {
		log_info("last words");
		log_die("cannot read %s", "x");
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	text = read_all(fds[0], &b);
	assert_string_equal(member(next_line(&text), "msg"), "last words");
	assert_string_equal(member(next_line(&text), "msg"), "cannot read x");
	buf_release(&b);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, pipe_open, pipe_close)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(lines_are_json_with_context),
		TEST(access_lines),
		TEST(levels_below_the_least_are_silent),
		TEST(time_goes_on_within_and_across_seconds),
		TEST(long_messages_are_cut_between_characters),
		TEST(a_stalled_pipe_does_not_block),
		TEST(a_slow_reader_gets_everything),
		TEST(lines_of_two_processes_do_not_mix),
		TEST(lines_before_a_fork_are_written_once),
		TEST(dying_writes_what_is_held),
		TEST(files_and_sockets),
	};

	signal(SIGPIPE, SIG_DFL);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
