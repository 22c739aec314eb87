/*
 * page.h -- what pages of text have in common: a reply that loads and runs
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
/* The same with a policy of its own: what it admits, "style-src …; form-action …". */
int	page_send(struct call *, int status, struct buf *, const char *admits);
/* The headers alone, before a reply by other means. */
void	page_policy(struct call *, const char *admits);
/* The hash by which a policy names what stands between <tag> and </tag>; NULL: nothing does. */
const char *page_hash(struct arena *, const char *page, const char *tag);

#endif
