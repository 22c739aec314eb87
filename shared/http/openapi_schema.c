/*
 * openapi_schema.c -- field tables and reply shapes as JSON Schema 2020-12.
 */
#include "http/openapi_priv.h"
#include "base/clock.h"

#define SHAPE_MOST	64	/* members of a reply that opens a case */
#define DEPTH_MAX	8	/* shapes that hold themselves are cut here */

static void	field_members(struct json_out *, const struct field *);
static void	shape_object(struct json_out *, const char *, const struct shape *, bool,
		    const char *, int);
static void	shape_one(struct json_out *, const struct shape *, int);
static void	put_type(struct json_out *, const char *, bool);
static void	put_bounds(struct json_out *, const char *, const char *, const struct field *);
static void	put_day_bounds(struct json_out *, const struct field *);

/* The object a table describes; nothing else is accepted in it. */
void
schema_fields(struct json_out *out, const char *name, const struct field *fields)
{
	const struct field	*f;
	bool			 any = false;

	json_open(out, name);
	json_put_text(out, "type", "object");
	json_open(out, "properties");
	for (f = fields; f->name != NULL; f++) {
		schema_field(out, f->name, f);
		any = any || f->required;
	}
	json_close(out);
	if (any) {
		json_open_list(out, "required");
		for (f = fields; f->name != NULL; f++)
			if (f->required)
				json_put_text(out, NULL, f->name);
		json_close_list(out);
	}
	json_put_bool(out, "additionalProperties", false);
	json_close(out);
}

void
schema_field(struct json_out *out, const char *name, const struct field *f)
{
	json_open(out, name);
	field_members(out, f);
	if (f->help != NULL)
		json_put_text(out, "description", f->help);
	json_close(out);
}

static void
field_members(struct json_out *out, const struct field *f)
{
	static const char *const	formats[] = {
		[FIELD_T_UUID] = "uuid", [FIELD_T_DAY] = "date", [FIELD_T_INSTANT] = "date-time",
		[FIELD_T_LIST] = NULL
	};
	const char *const		*word;

	switch (f->type) {
	case FIELD_T_JSON:
		return;
	case FIELD_T_INT:
		json_put_text(out, "type", "integer");
		json_put_text(out, "format", "int64");
		put_bounds(out, "minimum", "maximum", f);
		return;
	case FIELD_T_BOOL:
		json_put_text(out, "type", "boolean");
		return;
	case FIELD_T_LIST:
		json_put_text(out, "type", "array");
		put_bounds(out, "minItems", "maxItems", f);
		schema_fields(out, "items", f->sub);
		return;
	default:
		json_put_text(out, "type", "string");
	}
	if (formats[f->type] != NULL)
		json_put_text(out, "format", formats[f->type]);
	if (f->type == FIELD_T_TEXT)
		put_bounds(out, "minLength", "maxLength", f);
	if (f->type == FIELD_T_DAY && (f->min != 0 || f->max != 0))
		put_day_bounds(out, f);
	if (f->type == FIELD_T_ENUM) {
		json_open_list(out, "enum");
		for (word = f->set; *word != NULL; word++)
			json_put_text(out, NULL, *word);
		json_close_list(out);
	}
}

void
schema_shape(struct json_out *out, const char *name, const struct shape *shape)
{
	shape_object(out, name, shape, false, NULL, 0);
}

/* `cased`: with what the dispatcher adds when the change opened a case. */
void
schema_reply(struct json_out *out, const char *name, const struct shape *shape, bool cased)
{
	static const struct shape	added[] = {
		{ .name = "case_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "办件编号" },
		{ .name = "case_state", .type = SHAPE_T_TEXT, .codes = "case_states", .nullable = true,
		  .help = "办件状态" },
		SHAPE_END
	};
	struct shape			all[SHAPE_MOST];
	size_t				n;

	for (n = 0; shape[n].name != NULL && n < NITEMS(all) - NITEMS(added); n++)
		all[n] = shape[n];
	memcpy(&all[n], added, sizeof(added));
	schema_shape(out, name, cased ? all : shape);
}

/* Members for an object that is open already. */
void
schema_members(struct json_out *out, const struct shape *shape)
{
	for (; shape->name != NULL; shape++)
		shape_one(out, shape, 0);
}

static void
shape_object(struct json_out *out, const char *name, const struct shape *shape, bool nullable,
    const char *help, int depth)
{
	const struct shape	*s;
	bool			 any = false;

	json_open(out, name);
	put_type(out, "object", nullable);
	if (help != NULL)
		json_put_text(out, "description", help);
	if (shape != NULL && depth < DEPTH_MAX) {
		json_open(out, "properties");
		for (s = shape; s->name != NULL; s++) {
			shape_one(out, s, depth);
			any = any || !s->nullable;
		}
		json_close(out);
	}
	if (any) {
		json_open_list(out, "required");
		for (s = shape; s->name != NULL; s++)
			if (!s->nullable)
				json_put_text(out, NULL, s->name);
		json_close_list(out);
	}
	json_close(out);
}

static void
shape_one(struct json_out *out, const struct shape *s, int depth)
{
	static const struct {
		const char	*type, *format;
	}	words[] = {
		[SHAPE_T_TEXT] = { "string", NULL }, [SHAPE_T_INT] = { "integer", "int64" },
		[SHAPE_T_BOOL] = { "boolean", NULL }, [SHAPE_T_UUID] = { "string", "uuid" },
		[SHAPE_T_DAY] = { "string", "date" }, [SHAPE_T_INSTANT] = { "string", "date-time" },
		[SHAPE_T_JSON] = { NULL, NULL }, [SHAPE_T_OBJECT] = { "object", NULL },
		[SHAPE_T_LIST] = { "array", NULL }
	};

	if (s->type == SHAPE_T_OBJECT) {
		shape_object(out, s->name, s->of, s->nullable, s->help, depth + 1);
		return;
	}
	json_open(out, s->name);
	if (words[s->type].type != NULL)
		put_type(out, words[s->type].type, s->nullable);
	if (words[s->type].format != NULL)
		json_put_text(out, "format", words[s->type].format);
	if (s->codes != NULL)
		json_put_text(out, "x-code-set", s->codes);
	if (s->help != NULL)
		json_put_text(out, "description", s->help);
	if (s->type == SHAPE_T_LIST) {
		if (s->of != NULL)
			shape_object(out, "items", s->of, false, NULL, depth + 1);
		else
			schema_text(out, "items", NULL);
	}
	json_close(out);
}

/* The body of every refusal (RFC 9457). */
void
schema_problem(struct json_out *out, const char *name)
{
	static const struct shape	near[] = {
		{ .name = "code", .type = SHAPE_T_TEXT, .help = "代码" },
		{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
		SHAPE_END
	};
	static const struct shape	error[] = {
		{ .name = "pointer", .type = SHAPE_T_TEXT, .help = "请求体内的 JSON Pointer，或参数名" },
		{ .name = "code", .type = SHAPE_T_TEXT, .help = "稳定的错误代码" },
		{ .name = "detail", .type = SHAPE_T_TEXT, .help = "说明" },
		{ .name = "suggestions", .type = SHAPE_T_LIST, .nullable = true, .of = near,
		  .help = "可能想填的代码，最接近的在前" },
		SHAPE_END
	};
	static const struct shape	problem[] = {
		{ .name = "type", .type = SHAPE_T_TEXT, .help = "urn:yjy365:problem:<code>" },
		{ .name = "title", .type = SHAPE_T_TEXT, .help = "错误，语言随 Accept-Language" },
		{ .name = "status", .type = SHAPE_T_INT, .help = "HTTP 状态码" },
		{ .name = "detail", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
		{ .name = "instance", .type = SHAPE_T_TEXT, .help = "请求路径" },
		{ .name = "code", .type = SHAPE_T_TEXT, .help = "稳定的错误代码" },
		{ .name = "request_id", .type = SHAPE_T_UUID, .help = "请求编号，与日志对应" },
		{ .name = "errors", .type = SHAPE_T_LIST, .nullable = true, .of = error,
		  .help = "逐项错误" },
		SHAPE_END
	};

	schema_shape(out, name, problem);
}

void
schema_ref(struct json_out *out, const char *name, const char *to)
{
	json_open(out, name);
	json_put_text(out, "$ref", to);
	json_close(out);
}

void
schema_text(struct json_out *out, const char *name, const char *format)
{
	json_open(out, name);
	json_put_text(out, "type", "string");
	if (format != NULL)
		json_put_text(out, "format", format);
	json_close(out);
}

static void
put_type(struct json_out *out, const char *type, bool nullable)
{
	if (!nullable) {
		json_put_text(out, "type", type);
		return;
	}
	json_open_list(out, "type");
	json_put_text(out, NULL, type);
	json_put_text(out, NULL, "null");
	json_close_list(out);
}

static void
put_bounds(struct json_out *out, const char *least, const char *most, const struct field *f)
{
	json_put_int(out, least, f->min);
	json_put_int(out, most, f->max);
}

/* JSON Schema has no bounds for dates: they are named as our own words. */
static void
put_day_bounds(struct json_out *out, const struct field *f)
{
	json_put_day(out, "x-minimum", (int32_t)f->min);
	json_put_day(out, "x-maximum", (int32_t)f->max);
}
