/*
 * page.h -- what pages of text have in common: a reply that runs nothing, loads
 * nothing but what its policy names, and is framed by nobody.
 */
#ifndef YJY_PAGE_H
#define YJY_PAGE_H

#include "base/buf.h"
#include "http/call.h"

/*
 * Replies with a page whose only style is `style`, the text between its style
 * tags; `images`: it shows pictures of our own. Releases the buffer; a page that
 * did not fit is 500.
 */
int	page_reply(struct call *, struct buf *, const char *style, bool images);

#endif
