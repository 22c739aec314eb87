/*
 * brand_html.h -- a recognised brand as a page to read: plain HTML without a
 * script, made of what GET /v1/training/brands/{id} answers.
 */
#ifndef TRAINING_BRAND_HTML_H
#define TRAINING_BRAND_HTML_H

#include "base/buf.h"
#include "json/json.h"

/* All text is escaped; a member that is missing is left out. */
void		 brand_html(struct buf *, const struct json *brand);
/* The style of the page, for the policy that admits it and nothing else. */
extern const char brand_html_style[];

#endif
