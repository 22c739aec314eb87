/*
 * roster_import.c -- files of the rosters, taken in row by row.
 *
 * Invariant: every row is applied, the same as before, or reported with its
 * line and reason; a file sent again changes nothing. An identity number lives
 * in memory until it is a blind index, and nowhere else. Rows of places outside
 * the caller's areas are refused one by one.
 */
#include "roster.h"

#include "base/utf8.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "jobs_sql.h"

#define CHUNK_ROWS	1000
#define CHUNK_BYTES	(4 << 20)
#define NAME_MOST	30

static int	roster_import(struct call *);
static int	take_rows(struct roster_file *);
static bool	take_row(struct roster_file *);
static void	chunk_open(struct roster_file *);
static int	chunk_send(struct roster_file *);
static int	import_close(struct roster_file *);

static const struct shape error_shape[] = {
	{ .name = "line", .type = SHAPE_T_INT, .help = "行号" },
	{ .name = "column", .type = SHAPE_T_TEXT, .nullable = true, .help = "列" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "原因" },
	SHAPE_END
};

static const struct shape import_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "导入记录" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "roster_kinds", .help = "台账" },
	{ .name = "rows_read", .type = SHAPE_T_INT, .help = "读取行数" },
	{ .name = "rows_applied", .type = SHAPE_T_INT, .help = "新增或变更的行数" },
	{ .name = "rows_same", .type = SHAPE_T_INT, .help = "与已有相同、未变更的行数" },
	{ .name = "rows_matched", .type = SHAPE_T_INT, .help = "其中人员已在平台登记" },
	{ .name = "rows_failed", .type = SHAPE_T_INT, .help = "有误行数" },
	{ .name = "errors", .type = SHAPE_T_LIST, .of = error_shape, .help = "有误的行，至多 1000" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "导入时间" },
	SHAPE_END
};

const struct route roster_import_routes[] = {
	{ .name = "roster_import", .method = METHOD_POST, .path = "/v1/jobs/rosters/{kind_name}/imports",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "jobs.roster.import",
	  .raw_body = true, .reply = import_shape, .success = 200, .handler = roster_import,
	  .emits = "jobs.help.opened.v1 jobs.group.changed.v1 jobs.graduate.changed.v1", .limit = LIMIT_IMPORT, .lane = DB_SLOW,
	  .zh = "导入毕业生、脱贫人口、退役军人、残疾人台账",
	  .en = "Take in a roster: graduates, poverty, veterans or disabled" },
	{ .name = "roster_import_list", .method = METHOD_GET, .path = "/v1/jobs/roster-imports",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "jobs.roster.imports",
	  .list = true, .reply = import_shape, .stmt = &stmt_roster_import_list, .limit = LIMIT_READ,
	  .zh = "本人的导入记录", .en = "List one's own imports" },
	ROUTE_END
};

static int
roster_import(struct call *c)
{
	static const struct roster_kind	*const kinds[] = { &roster_graduates, &roster_poverty,
	    &roster_veterans, &roster_disabled };
	struct roster_file	*f = arena_zalloc(c->arena, sizeof(*f));
	const char		*name = call_param(c, "kind_name");
	size_t			 i;
	int			 rc;

	for (i = 0; i < NITEMS(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			f->kind = kinds[i];
	if (f->kind == NULL)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	f->call = c;
	csv_init(&f->csv, c->raw.p, c->raw.len);
	if (csv_next(&f->csv) != 1 || !csv_is(&f->csv, f->kind->columns))
		return (call_reject_detail(c, ERR_JOBS_ROSTER_FILE, NULL, f->kind->header));
	arena_init(&f->scratch);
	buf_init(&f->chunk, CHUNK_BYTES);
	row_faults_open(&f->faults);
	rc = take_rows(f) == -1 ? call_failed(c) : import_close(f);
	row_faults_release(&f->faults);
	buf_release(&f->chunk);
	arena_release(&f->scratch);
	return (rc);
}

/* -1: database error. Bad rows are reported and passed over. */
static int
take_rows(struct roster_file *f)
{
	int	rc;

	chunk_open(f);
	while ((rc = csv_next(&f->csv)) != 0) {
		f->rows_read++;
		if (rc == -1)
			row_fault(&f->faults, f->csv.line, NULL, ERR_F_FORMAT);
		else if (take_row(f) && ++f->in_chunk == CHUNK_ROWS) {
			if (chunk_send(f) == -1)
				return (-1);
			chunk_open(f);
		}
	}
	if (f->in_chunk > 0 && chunk_send(f) == -1)
		return (-1);
	return (0);
}

static bool
take_row(struct roster_file *f)
{
	const char	*column = NULL;
	int		 code;

	if (f->csv.count != f->kind->ncolumns)
		code = ERR_F_COUNT;
	else
		code = f->kind->take(f, &column);
	if (code != 0)
		row_fault(&f->faults, f->csv.line, column, (enum error_code)code);
	return (code == 0);
}

/* Opens the row's object, which `take` closes. */
int
roster_take_who(struct roster_file *f, const char *id, const char *name, const char *area,
    const char **column)
{
	const char	*county;
	int		 code;

	*column = "id_number";
	if ((code = check_id_number(id)) != 0)
		return (code);
	*column = "name";
	if ((code = roster_check_text(name, NAME_MOST)) != 0)
		return (code);
	*column = "area_code";
	if (check_area(area) != 0 || (county = area_county(area)) == NULL)
		return (ERR_F_AREA);
	if (!call_in_area(f->call, area))
		return (ERR_AREA);
	json_open(&f->out, NULL);
	json_put_int(&f->out, "l", f->csv.line);
	json_put_text(&f->out, "i", blind_index(&f->scratch, "id", id));
	json_put_text(&f->out, "n", mask_name(&f->scratch, name));
	json_put_text(&f->out, "c", county);
	json_put_text(&f->out, "a", area);
	return (0);
}

int
roster_check_text(const char *text, size_t most)
{
	int64_t	n = utf8_count(text, strlen(text));

	if (n == 0)
		return (ERR_F_MISSING);
	if (n == -1)
		return (ERR_F_FORMAT);
	return (n > (int64_t)most ? ERR_F_LONG : 0);
}

static void
chunk_open(struct roster_file *f)
{
	buf_clear(&f->chunk);
	arena_clear(&f->scratch);
	json_out_init(&f->out, &f->chunk);
	json_open_list(&f->out, NULL);
	f->in_chunk = 0;
}

/* What the statement did not change was there already; a number twice is reported. */
static int
chunk_send(struct roster_file *f)
{
	const struct json	*list;
	struct db_rows		 rows;
	const char		*lines;
	int64_t			 line;
	size_t			 i;

	json_close_list(&f->out);
	if (f->kind->add(f->call->db, &rows, buf_cstr(&f->chunk)) == -1)
		return (-1);
	f->rows_applied += db_int(&rows, 0, "applied");
	f->rows_same += db_int(&rows, 0, "rows") - db_int(&rows, 0, "applied");
	f->rows_matched += db_int(&rows, 0, "matched");
	if ((lines = db_text(&rows, 0, "duplicates")) == NULL)
		return (0);
	list = json_parse(&f->scratch, lines, strlen(lines));
	for (i = 0; i < json_count(list); i++)
		if (json_integer(json_at(list, i), &line))
			row_fault(&f->faults, line, NULL, ERR_F_DUPLICATE);
	return (0);
}

static int
import_close(struct roster_file *f)
{
	struct call	*c = f->call;
	uint8_t		 digest[32];
	struct db_rows	 rows;

	sha256(c->raw.p, c->raw.len, digest);
	if (sql_roster_import_keep(c->db, &rows, f->kind->name,
	    hex_encode(c->arena, digest, sizeof(digest)), f->rows_read, f->rows_applied,
	    f->rows_same, f->rows_matched, f->faults.count, row_faults_json(&f->faults)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
