/*
 * market_html.h -- a quarter's report as a page that prints on A4: plain HTML
 * without a script, made of what GET /v1/monitoring/market/reports/{id} answers.
 */
#ifndef MONITORING_MARKET_HTML_H
#define MONITORING_MARKET_HTML_H

#include "base/buf.h"
#include "json/json.h"

/* All text is escaped; a number that is null is a dash. */
void		 market_html(struct buf *, const struct json *report);
/* The style of the page, for the policy that admits it and nothing else. */
extern const char market_html_style[];

#endif
