/*
 * brand_photo.c -- pictures of a brand: handed in by a bearer, shown to
 * everybody once an officer says so.
 *
 * Invariant: who may read a picture is row-level security's to say
 * (training.is_shown); only JPEG and PNG are taken. The SQL is in
 * sql/training/queries/brand_photo.sql.
 */
#include "brand.h"
#include "training_sql.h"
#include "workflow/file.h"
#include "workflow/file_type.h"

#define PHOTOS_MOST	20

struct photo_query {
	const char	*name, *caption;
};

struct show_in {
	bool	shown;
};

static int	brand_photo_add(struct call *);
static int	photo_made(struct call *, const struct db_rows *, const char *);

static const struct field photo_query_fields[] = {
	FIELD_TEXT(photo_query, name, REQUIRED, 1, 120, "文件名"),
	FIELD_TEXT(photo_query, caption, REQUIRED, 1, 60, "照片说明"),
	FIELD_END
};
static const struct field show_fields[] = {
	FIELD_BOOL(show_in, shown, REQUIRED, "是否公开"),
	FIELD_END
};

const struct shape brand_photo_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "照片" },
	{ .name = "brand_id", .type = SHAPE_T_UUID, .help = "劳务品牌" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "提供单位" },
	{ .name = "caption", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "is_shown", .type = SHAPE_T_BOOL, .help = "已公开" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提供时间" },
	SHAPE_END
};

const struct route brand_photo_routes[] = {
	{ .name = "brand_photo_add", .method = METHOD_POST, .path = "/v1/training/brands/{id}/photos",
	  .callers = ROLE_BEARERS, .scope = SCOPE_ORG, .right = RIGHT_POST, .action = "training.brand.photo_add",
	  .query = INPUT(photo_query, photo_query_fields), .raw_body = true, .reply = brand_photo_shape,
	  .handler = brand_photo_add, .limit = LIMIT_IMPORT,
	  .zh = "提供劳务品牌照片", .en = "Hand in a picture" },
	{ .name = "brand_photo_show", .method = METHOD_POST, .path = "/v1/training/brand-photos/{id}/show",
	  .callers = ROLE_BEARERS | ROLE_KEEPERS, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "training.brand.photo_show", .body = INPUT(show_in, show_fields), .reply = brand_photo_shape,
	  .success = 200, .stmt = &stmt_brand_photo_show, .limit = LIMIT_WRITE,
	  .zh = "公开或撤下照片", .en = "Show a picture to everybody, or hide it" },
	{ .name = "brand_photo_get", .method = METHOD_GET, .path = "/v1/training/brand-photos/{id}",
	  .callers = ROLE_ANYONE | ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.brand.photo_get", .media = "*/*", .handler = file_show, .limit = LIMIT_READ,
	  .zh = "查看照片", .en = "Read a picture: shown, own, or of the area" },
	ROUTE_END
};

static int
brand_photo_add(struct call *c)
{
	const struct photo_query	*in = c->query;
	enum file_kind			 kind = file_kind_of(c->raw.p, c->raw.len);
	struct file_query		 q = { .slot = "photo", .name = in->name };
	struct file_for			 f = { .subject_kind = "brand", .subject = c->id,
	    .org = &c->principal->org, .keep_until = DAY_NONE };
	struct db_rows			 rows;
	int				 status;

	if (kind == FILE_PDF)
		return (call_reject(c, ERR_TRAINING_PHOTO, NULL));
	if (sql_brand_for_photo(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&rows, 0, "open") || db_int(&rows, 0, "photos") >= PHOTOS_MOST)
		return (call_reject(c, ERR_STATE, NULL));
	f.county = db_text(&rows, 0, "county_code");
	f.area = db_text(&rows, 0, "area_code");
	status = file_keep(c, &q, &f);
	if (call_status(c) != 201)
		return (status);
	return (photo_made(c, &rows, in->caption));
}

/* Handed in is handed in: the file stays with its brand. */
static int
photo_made(struct call *c, const struct db_rows *brand, const char *caption)
{
	struct span		 made = call_replied(c);
	const struct json	*file = json_parse(c->arena, made.p, made.len);
	struct uuid		 id;
	struct db_rows		 rows;

	if (!uuid_parse(json_string(json_get(file, "id")), &id))
		return (call_reject(c, ERR_INTERNAL, NULL));
	if (sql_brand_photo_put(c->db, &rows, &id, &c->id, &c->principal->org, caption,
	    db_text(brand, 0, "county_code"), db_text(brand, 0, "area_code")) == -1 ||
	    file_lock(c->db, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
