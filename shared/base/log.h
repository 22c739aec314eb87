/*
 * log.h -- one JSON object a line on standard output, through a ring that the
 * loop flushes once a turn (log_flush).
 *
 *   {"ts":…,"level":"info","service":"jobs","msg":"…", …context…}
 *
 * Context is set once per request by the dispatcher (log_context), never by
 * callers. Personal data is never logged: pass ids, not names.
 */
#ifndef YJY_LOG_H
#define YJY_LOG_H

#include "base/base.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

struct log_context {
	const char	*route;		/* route name or NULL */
	const char	*request_id;
	const char	*trace_id;
	const char	*caller;	/* principal's subject id or service */
	const char	*area_code;
};

/* One finished request: the access line. */
struct log_access {
	struct log_context	 ctx;
	const char		*method;
	int			 status;
	int64_t			 took_us;
	size_t			 bytes_out;
};

void	log_init(const char *service, enum log_level least, int fd);
void	log_set_context(const struct log_context *);	/* NULL clears */
void	log_debug(const char *, ...) PRINTF(1, 2);
void	log_info(const char *, ...) PRINTF(1, 2);
void	log_warn(const char *, ...) PRINTF(1, 2);
void	log_error(const char *, ...) PRINTF(1, 2);
void	log_access(const struct log_access *);
void	log_flush(void);
void	log_die(const char *, ...) PRINTF(1, 2) NORETURN;	/* flush, exit(1) */

#endif
