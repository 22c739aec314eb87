/*
 * import.c -- files of facts from the province's data: insurance months and
 * graduate rosters.
 *
 * Invariant: one file is one transaction and is taken once; every row is
 * either applied or reported with its line and reason. An identity number
 * lives in memory until it is a blind index, and nowhere else.
 */
#include "import.h"

#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "subsidies.h"
#include "subsidies_sql.h"

#define ERRORS_KEPT	1000

static int	import_file(struct call *);
static int	import_known(struct call *, const char *, const char *);
static int	import_rows(struct call *, struct import *);
static bool	take_row(struct import *);
static int	send_chunk(struct call *, struct import *);
static void	chunk_open(struct import *);
static void	report_duplicates(struct call *, struct import *, const char *);
static void	report(struct import *, int64_t, const char *, int);
static int	import_close(struct call *, struct import *);

static const struct shape import_error_shape[] = {
	{ .name = "line", .type = SHAPE_T_INT, .help = "行号" },
	{ .name = "column", .type = SHAPE_T_TEXT, .nullable = true, .help = "列" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "原因" },
	SHAPE_END
};

#define IMPORT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "导入批次" }, \
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "种类" }, \
	{ .name = "rows_read", .type = SHAPE_T_INT, .help = "读取行数" }, \
	{ .name = "rows_applied", .type = SHAPE_T_INT, .help = "采用行数" }, \
	{ .name = "rows_unmatched", .type = SHAPE_T_INT, .help = "其中人员或单位尚未登记" }, \
	{ .name = "rows_failed", .type = SHAPE_T_INT, .help = "有误行数" }, \
	{ .name = "covers_through", .type = SHAPE_T_DAY, .nullable = true, .help = "数据截至" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "导入时间" }

static const struct shape import_shape[] = {
	IMPORT_ROWS,
	{ .name = "errors", .type = SHAPE_T_LIST, .of = import_error_shape, .help = "有误的行，至多 1000" },
	{ .name = "repeated", .type = SHAPE_T_BOOL, .help = "此文件先前已导入" },
	SHAPE_END
};

static const struct shape import_listed_shape[] = { IMPORT_ROWS, SHAPE_END };

const struct route import_routes[] = {
	{ .name = "import_file", .method = METHOD_POST, .path = "/v1/subsidies/imports/{kind_name}",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "subsidies.import.file",
	  .raw_body = true, .reply = import_shape, .success = 200, .handler = import_file,
	  .limit = LIMIT_IMPORT, .lane = DB_SLOW,
	  .zh = "导入回流数据（市级）", .en = "Import facts from a file (city)" },
	{ .name = "import_list", .method = METHOD_GET, .path = "/v1/subsidies/imports",
	  .callers = ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.import.list", .list = true, .reply = import_listed_shape,
	  .stmt = &stmt_import_list, .limit = LIMIT_READ,
	  .zh = "导入记录", .en = "List imports" },
	ROUTE_END
};

static int
import_file(struct call *c)
{
	struct import	*im = arena_zalloc(c->arena, sizeof(*im));
	uint8_t		 digest[32];
	struct db_rows	 rows;
	int		 rc;

	if ((im->kind = import_kind(call_param(c, "kind_name"))) == NULL)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!principal_has(c->principal, ROLE_CLERK, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	sha256(c->raw.p, c->raw.len, digest);
	im->file_sha256 = hex_encode(c->arena, digest, sizeof(digest));
	im->id = uuid_new();
	csv_init(&im->csv, c->raw.p, c->raw.len);
	if (csv_next(&im->csv) != 1 || !csv_is(&im->csv, im->kind->columns))
		return (call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, im->kind->header));
	if (sql_import_open(c->db, &rows, &im->id, im->kind->name, im->file_sha256,
	    AREA_CITY) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (import_known(c, im->kind->name, im->file_sha256));
	arena_init(&im->scratch);
	buf_init(&im->chunk, IMPORT_CHUNK_BYTES);
	buf_init(&im->errors, IMPORT_ERROR_BYTES);
	im->covers_through = DAY_NONE;
	rc = import_rows(c, im) == -1 ? call_failed(c) : import_close(c, im);
	buf_release(&im->errors);
	buf_release(&im->chunk);
	arena_release(&im->scratch);
	return (rc);
}

static int
import_known(struct call *c, const char *kind, const char *sha)
{
	struct db_rows	rows;

	if (sql_import_seen(c->db, &rows, kind, sha) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* -1: database error. Bad rows are reported and passed over. */
static int
import_rows(struct call *c, struct import *im)
{
	int	rc;

	json_out_init(&im->error_out, &im->errors);
	json_open_list(&im->error_out, NULL);
	chunk_open(im);
	while ((rc = csv_next(&im->csv)) != 0) {
		im->rows_read++;
		if (rc == -1)
			report(im, im->csv.line, NULL, ERR_F_FORMAT);
		else if (take_row(im) && ++im->in_chunk == IMPORT_CHUNK) {
			if (send_chunk(c, im) == -1)
				return (-1);
			chunk_open(im);
		}
	}
	if (im->in_chunk > 0 && send_chunk(c, im) == -1)
		return (-1);
	json_close_list(&im->error_out);
	return (0);
}

static bool
take_row(struct import *im)
{
	const char	*column = NULL;
	int		 code;

	if (im->csv.count != im->kind->ncolumns)
		code = ERR_F_COUNT;
	else
		code = im->kind->take(im, &column);
	if (code != 0)
		report(im, im->csv.line, column, code);
	return (code == 0);
}

static void
chunk_open(struct import *im)
{
	buf_clear(&im->chunk);
	arena_clear(&im->scratch);
	json_out_init(&im->out, &im->chunk);
	json_open_list(&im->out, NULL);
	im->in_chunk = 0;
}

static int
send_chunk(struct call *c, struct import *im)
{
	struct db_rows	rows;

	json_close_list(&im->out);
	if (im->kind->add(c->db, &rows, &im->id, buf_cstr(&im->chunk)) == -1)
		return (-1);
	im->rows_applied += db_int(&rows, 0, "applied");
	im->rows_unmatched += db_int(&rows, 0, "unmatched");
	report_duplicates(c, im, db_text(&rows, 0, "duplicates"));
	return (0);
}

/* Lines whose key an earlier line of this file had. */
static void
report_duplicates(struct call *c, struct import *im, const char *lines)
{
	const struct json	*list;
	int64_t			 line;
	size_t			 i;

	if (lines == NULL)
		return;
	list = json_parse(c->arena, lines, strlen(lines));
	for (i = 0; i < json_count(list); i++) {
		if (json_integer(json_at(list, i), &line))
			report(im, line, NULL, ERR_F_DUPLICATE);
	}
}

static void
report(struct import *im, int64_t line, const char *column, int code)
{
	if (im->rows_failed++ >= ERRORS_KEPT)
		return;
	json_open(&im->error_out, NULL);
	json_put_int(&im->error_out, "line", line);
	json_put_text(&im->error_out, "column", column);
	json_put_text(&im->error_out, "code", error_row((enum error_code)code)->code);
	json_close(&im->error_out);
}

static int
import_close(struct call *c, struct import *im)
{
	struct db_rows	rows;

	if (sql_import_close(c->db, &rows, &im->id, im->rows_read, im->rows_applied,
	    im->rows_unmatched, im->rows_failed, im->covers_through,
	    buf_cstr(&im->errors)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
