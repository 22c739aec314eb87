/*
 * json.h -- JSON in by field tables, JSON out by an append-only writer.
 *
 * In: one `struct field` row per member says name, type, bounds and where in
 * the C struct it goes. json_decode() refuses malformed text, duplicate
 * names, unknown members and wrong types, checks every bound, and reports
 * each mistake with its JSON pointer (RFC 6901); it never stops at the first.
 * Text is UTF-8 without control characters but newline and tab. Decoded text
 * lives in the arena. Absent optional members are NULL, 0, false, DAY_NONE or
 * an empty list; null is as good as absent, and so is the nil UUID.
 *
 * Out: the writer escapes everything it is given as text; nesting is checked.
 * jansson is used only here.
 */
#ifndef YJY_JSON_H
#define YJY_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"

#define JSON_DEPTH_MAX	32	/* nesting we read and write */

enum field_type {
	FIELD_T_TEXT,		/* const char *; min/max count characters, not bytes */
	FIELD_T_INT,		/* int64_t within min..max */
	FIELD_T_BOOL,		/* bool */
	FIELD_T_UUID,		/* struct uuid */
	FIELD_T_DAY,		/* int32_t day; min/max are days, 0,0 = any */
	FIELD_T_INSTANT,	/* int64_t microseconds; 0,0 = any */
	FIELD_T_ENUM,		/* const char *, one of `set` (NULL-ended) */
	FIELD_T_CHECK,		/* const char * that `check` accepts */
	FIELD_T_JSON,		/* const char *: any JSON value as compact text of max bytes */
	FIELD_T_LIST,		/* struct list_of; min..max rows of `sub`, `sub_size` bytes each */
};

/* A decoded list: `count` structs of the field's sub_size in a row. */
struct list_of {
	size_t	 count;
	void	*items;
};

/*
 * Says whether text is acceptable. Returns 0, or an enum error_code to report
 * at the field's pointer.
 */
struct field {
	const char		*name;
	enum field_type		 type;
	bool			 required;
	size_t			 offset;
	int64_t			 min, max;
	const char *const	*set;
	int			(*check)(const char *);
	const struct field	*sub;
	size_t			 sub_size;
	const char		*help;		/* zh, for the OpenAPI document */
};

#define REQUIRED	true
#define OPTIONAL	false
#define FIELD_ROW_(s, m, ty, req, ...) \
	{ .name = #m, .type = ty, .required = req, .offset = offsetof(struct s, m), __VA_ARGS__ }
#define FIELD_TEXT(s, m, req, lo, hi, h) \
	FIELD_ROW_(s, m, FIELD_T_TEXT, req, .min = lo, .max = hi, .help = h)
#define FIELD_INT(s, m, req, lo, hi, h) \
	FIELD_ROW_(s, m, FIELD_T_INT, req, .min = lo, .max = hi, .help = h)
#define FIELD_BOOL(s, m, req, h)	FIELD_ROW_(s, m, FIELD_T_BOOL, req, .help = h)
#define FIELD_UUID(s, m, req, h)	FIELD_ROW_(s, m, FIELD_T_UUID, req, .help = h)
#define FIELD_DAY(s, m, req, h)		FIELD_ROW_(s, m, FIELD_T_DAY, req, .help = h)
#define FIELD_INSTANT(s, m, req, h)	FIELD_ROW_(s, m, FIELD_T_INSTANT, req, .help = h)
#define FIELD_ENUM(s, m, req, list, h)	FIELD_ROW_(s, m, FIELD_T_ENUM, req, .set = list, .help = h)
#define FIELD_CHECK(s, m, req, fn, h)	FIELD_ROW_(s, m, FIELD_T_CHECK, req, .check = fn, .help = h)
#define FIELD_JSON(s, m, req, hi, h)	FIELD_ROW_(s, m, FIELD_T_JSON, req, .max = hi, .help = h)
#define FIELD_LIST(s, m, req, lo, hi, sub_s, sub_fields, h) \
	FIELD_ROW_(s, m, FIELD_T_LIST, req, .min = lo, .max = hi, \
	    .sub = sub_fields, .sub_size = sizeof(struct sub_s), .help = h)
#define FIELD_END	{ .name = NULL }

/* One mistake in the input. `code` is an enum error_code (http/errors.def). */
struct json_error {
	const char	*pointer;	/* "/pay_min_cents", "" for the document */
	int		 code;
};

#define JSON_ERRORS_MAX	16

struct json_errors {
	struct json_error	list[JSON_ERRORS_MAX];
	size_t			count;
};

/*
 * 0 when `out` (zeroed by the call) is filled and sound; -1 with errors. Text
 * that is no JSON at all is one error at "": ERR_BAD_JSON, for a name given
 * twice ERR_F_DUPLICATE, for a number beyond 64 bits ERR_F_LARGE.
 */
int	json_decode(struct arena *, const char *text, size_t len,
	    const struct field *, void *out, size_t out_size,
	    struct json_errors *) MUST_CHECK;
/*
 * Decodes name=value text (query, form) into `out`, which the caller zeroed;
 * same table, same errors, pointer = name. Lists cannot be given this way.
 */
int	json_decode_pair(struct arena *, const char *name, const char *value,
	    const struct field *, void *out, struct json_errors *) MUST_CHECK;
/* Row of the table with that name, -1: none. Its number is its bit in `seen`. */
int	json_field_index(const struct field *, const char *name);
/*
 * After the last pair: reports required fields not seen, sets days not seen to
 * DAY_NONE. `seen`: bit i % 64 of word i / 64. -1 when there are any errors.
 */
int	json_decode_finish(const struct field *, void *out,
	    const uint64_t *seen, struct json_errors *) MUST_CHECK;

/* A member's name as it stands in a pointer: escaped, a long one cut. */
const char	*json_pointer_name(struct arena *, const char *);

/* ---- reading free JSON: a thin, read-only view used by rules and tools ---- */
struct json;
struct json	*json_parse(struct arena *, const char *text, size_t);	/* NULL: malformed */
struct json	*json_get(const struct json *, const char *name);		/* NULL: absent */
struct json	*json_at(const struct json *, size_t i);
size_t		 json_count(const struct json *);		/* array or object */
const char	*json_key(const struct json *, size_t i);	/* object member name */
struct json	*json_value(const struct json *, size_t i);	/* object member value */
/* jansson has functions of the next two names: ours carry others for the linker. */
const char	*json_string(const struct json *)		/* NULL: not a string */
		    __asm__("yjy_json_string");
bool		 json_integer(const struct json *, int64_t *)
		    __asm__("yjy_json_integer") MUST_CHECK;
bool		 json_is_true(const struct json *);
bool		 json_is_bool(const struct json *);
bool		 json_is_object(const struct json *);
bool		 json_is_array(const struct json *);
bool		 json_is_null(const struct json *);
char		*json_text(struct arena *, const struct json *);	/* compact, sorted keys */

/* ---- writing: DAY_NONE, INT64_MIN, a nil UUID and NULL pointers write null ---- */
struct json_out {
	struct buf	*buf;
	uint32_t	 depth;
	bool		 comma;		/* a value precedes at this depth */
	uint64_t	 lists;		/* bit d: depth d is a list, not an object */
};

void	json_out_init(struct json_out *, struct buf *);
void	json_open(struct json_out *, const char *name);		/* {  (name NULL in arrays) */
void	json_close(struct json_out *);				/* } */
void	json_open_list(struct json_out *, const char *name);	/* [ */
void	json_close_list(struct json_out *);			/* ] */
void	json_put_text(struct json_out *, const char *name, const char *);
void	json_put_int(struct json_out *, const char *name, int64_t);
void	json_put_bool(struct json_out *, const char *name, bool);
void	json_put_uuid(struct json_out *, const char *name, const struct uuid *);
void	json_put_day(struct json_out *, const char *name, int32_t day);
void	json_put_instant(struct json_out *, const char *name, int64_t us);
void	json_put_raw(struct json_out *, const char *name, const char *);	/* trusted JSON text */
void	json_escape(struct buf *, const char *, size_t);	/* without the quotes */

#endif
