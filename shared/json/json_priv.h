/*
 * json_priv.h -- the only file that includes jansson.h.
 *
 * json.h has functions with names jansson uses for constructors and macros we
 * do without: they are renamed or undefined here, so that the two never meet.
 */
#ifndef YJY_JSON_PRIV_H
#define YJY_JSON_PRIV_H

#define json_string	jansson_string_unused
#define json_integer	jansson_integer_unused
#include <jansson.h>
#undef json_string
#undef json_integer
#undef json_is_true
#undef json_is_object
#undef json_is_array
#undef json_is_null
#undef json_is_boolean

#include "json/json.h"

/*
 * NULL, and *error an enum error_code, when the text is not acceptable. Flags
 * are jansson's; duplicate names are always refused.
 */
json_t	*json_load_text(const char *text, size_t len, size_t flags, int *error)
	    MUST_CHECK;
/* Compact text with sorted keys, in the arena. */
char	*json_dump_text(struct arena *, const json_t *);
/* UTF-8 without control characters but newline and tab. *chars may be NULL. */
bool	 json_text_sound(const char *, size_t, int64_t *chars);
bool	 json_tree_sound(const json_t *);	/* all names and strings are */

/* Check a value against its row and put it at `slot`: 0 or an enum error_code. */
int	 field_put_text(struct arena *, const struct field *, const char *, size_t,
	    void *slot) MUST_CHECK;
int	 field_put_int(const struct field *, int64_t, void *slot) MUST_CHECK;
int	 field_put_json(struct arena *, const struct field *, const json_t *,
	    void *slot) MUST_CHECK;
/* Sets an absent member to its value of absence where that is not zero. */
void	 field_put_absent(const struct field *, void *slot);

void	 json_errors_add(struct json_errors *, const char *pointer, int code);

#endif
