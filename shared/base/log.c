/*
 * log.c -- composes lines; log_ring.c takes them to the descriptor.
 *
 * A line is written once, into a buffer kept for that, and copied into the
 * ring: no printf but for the caller's own format. The date and time down to
 * the second are formatted once a second. One lock guards all of it, since
 * tasks on other threads log as well; the context is per thread.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base_priv.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/log_priv.h"
#include "base/utf8.h"

#define MESSAGE_MAX	4096	/* bytes; longer ones are cut */
#define SECOND_TEXT	20	/* "2025-03-10T01:02:03." */

static void	log_write(enum log_level, const char *, va_list) PRINTF(2, 0);
static void	line_open(enum log_level, int64_t);
static void	line_text(const char *, const char *);
static void	line_context(const struct log_context *);
static void	line_close(void);
static void	line_time(int64_t);
static void	fork_watch(void);
static void	fork_before(void);
static void	fork_parent(void);
static void	fork_child(void);

static pthread_mutex_t			 lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t			 once = PTHREAD_ONCE_INIT;
static __thread struct log_context	 context;
static const char			*service = "";
static enum log_level			 least_level = LOG_LEVEL_INFO;
/* On storage of its own: logging never allocates, so log_die() may rely on it. */
static char				 line_data[LOG_LINE_MAX];
static struct buf			 line = {
	.data = line_data,
	.cap = sizeof(line_data),
	.max = sizeof(line_data) - 1,
};

void
log_init(const char *name, enum log_level least, int fd)
{
	pthread_once(&once, fork_watch);
	pthread_mutex_lock(&lock);
	service = name;
	least_level = least;
	log_ring_open(fd);
	pthread_mutex_unlock(&lock);
}

void
log_set_context(const struct log_context *ctx)
{
	if (ctx != NULL)
		context = *ctx;
	else
		memset(&context, 0, sizeof(context));
}

void
log_debug(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	log_write(LOG_LEVEL_DEBUG, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	log_write(LOG_LEVEL_INFO, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	log_write(LOG_LEVEL_WARN, fmt, ap);
	va_end(ap);
}

void
log_error(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	log_write(LOG_LEVEL_ERROR, fmt, ap);
	va_end(ap);
}

/* Access lines are of level info. */
void
log_access(const struct log_access *a)
{
	char	 ms[5] = ".";

	if (least_level > LOG_LEVEL_INFO)
		return;
	pthread_mutex_lock(&lock);
	line_open(LOG_LEVEL_INFO, clock_real_us());
	line_text("msg", "request");
	line_text("method", a->method);
	buf_adds(&line, ",\"status\":");
	buf_add_int(&line, a->status);
	buf_adds(&line, ",\"ms\":");
	buf_add_int(&line, a->took_us / 1000);
	decimal_pad(ms + 1, (uint32_t)(a->took_us % 1000), 3);
	buf_add(&line, ms, 4);
	buf_adds(&line, ",\"bytes\":");
	buf_add_int(&line, (int64_t)a->bytes_out);
	line_context(&a->ctx);
	line_close();
	pthread_mutex_unlock(&lock);
}

void
log_flush(void)
{
	pthread_mutex_lock(&lock);
	log_ring_flush();
	pthread_mutex_unlock(&lock);
}

void
log_die(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	log_write(LOG_LEVEL_ERROR, fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&lock);
	log_ring_drain();
	pthread_mutex_unlock(&lock);
	exit(1);
}

static void
log_write(enum log_level level, const char *fmt, va_list ap)
{
	static char	message[MESSAGE_MAX];
	int		n;

	if (level < least_level)
		return;
	pthread_mutex_lock(&lock);
	n = vsnprintf(message, sizeof(message), fmt, ap);
	if (n >= (int)sizeof(message))
		message[utf8_prefix(message, (size_t)n, sizeof(message) - 1)] = '\0';
	line_open(level, clock_real_us());
	line_text("msg", n < 0 ? fmt : message);
	line_context(&context);
	line_close();
	pthread_mutex_unlock(&lock);
}

static void
line_open(enum log_level level, int64_t now_us)
{
	static const char *const	names[] = { "debug", "info", "warn", "error" };

	buf_clear(&line);
	buf_adds(&line, "{\"ts\":\"");
	line_time(now_us);
	buf_adds(&line, "\",\"level\":\"");
	buf_adds(&line, names[level]);
	buf_addc(&line, '"');
	line_text("service", service);
}

/* NULL writes nothing. `name` needs no escapes. */
static void
line_text(const char *name, const char *text)
{
	if (text == NULL)
		return;
	buf_add(&line, ",\"", 2);
	buf_adds(&line, name);
	buf_add(&line, "\":\"", 3);
	buf_add_json(&line, text, strlen(text));
	buf_addc(&line, '"');
}

static void
line_context(const struct log_context *ctx)
{
	line_text("route", ctx->route);
	line_text("request_id", ctx->request_id);
	line_text("trace_id", ctx->trace_id);
	line_text("caller", ctx->caller);
	line_text("area", ctx->area_code);
}

static void
line_close(void)
{
	buf_add(&line, "}\n", 2);
	if (buf_ok(&line))
		log_ring_add(line.data, line.len);
	else
		log_ring_drop();
}

static void
line_time(int64_t now_us)
{
	static char	text[INSTANT_TEXT];
	static int64_t	second = -1;
	int64_t		now = now_us / 1000000;

	if (now != second)
		instant_format(now_us, text);
	else
		decimal_pad(text + SECOND_TEXT, (uint32_t)(now_us % 1000000), 6);
	second = now;
	buf_add(&line, text, INSTANT_TEXT - 1);
}

/* What the parent has not written yet is not the child's to write again. */
static void
fork_watch(void)
{
	if (pthread_atfork(fork_before, fork_parent, fork_child) != 0)
		abort();
}

static void
fork_before(void)
{
	pthread_mutex_lock(&lock);
}

static void
fork_parent(void)
{
	pthread_mutex_unlock(&lock);
}

static void
fork_child(void)
{
	log_ring_forget();
	pthread_mutex_unlock(&lock);
}
