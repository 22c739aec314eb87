/* openapi_priv.h -- what openapi.c and openapi_schema.c share. */
#ifndef YJY_OPENAPI_PRIV_H
#define YJY_OPENAPI_PRIV_H

#include "http/dispatch_priv.h"

/* Schemas, each written as the member `name` of the object that is open. */
void	schema_fields(struct json_out *, const char *name, const struct field *);
void	schema_field(struct json_out *, const char *name, const struct field *);
void	schema_shape(struct json_out *, const char *name, const struct shape *);
void	schema_members(struct json_out *, const struct shape *);	/* into an object that is open */
void	schema_reply(struct json_out *, const char *name, const struct shape *, bool cased);
void	schema_problem(struct json_out *, const char *name);
void	schema_ref(struct json_out *, const char *name, const char *to);
void	schema_text(struct json_out *, const char *name, const char *format);

#endif
