/*
 * labour_import.c -- labour-force records from a file. One file is one
 * transaction and is taken once from each hand; every line is applied, or
 * reported with its number, column and reason. The same file again gets the
 * first report.
 */
#include <stdlib.h>

#include "labour.h"
#include "base/csv.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "http/row_faults.h"
#include "jobs_sql.h"

#define CHUNK		500
#define CHUNK_BYTES	((size_t)4 << 20)

struct import {
	struct csv	 csv;
	struct arena	 scratch;
	struct buf	 rows;
	struct json_out	 out;
	struct row_faults faults;
	int64_t		 in_chunk, rows_read, applied;
};

static int	labour_import(struct call *);
static int	import_lines(struct call *, struct import *);
static int	line_read(struct csv *, struct labour_in *, const char **);
static int	line_words(const struct labour_in *, const char **);
static int	word_of(const char *, const char *const *);
static int	chunk_send(struct call *, struct import *);

static const char *const columns[] = { "id_number", "name", "phone", "village_code", "hukou_code",
	"education_code", "skill_level", "employment_state", "work_place", "wish", "training_wish",
	"willing", NULL };
#define COLUMNS	(NITEMS(columns) - 1)

static const struct shape import_error_shape[] = {
	{ .name = "line", .type = SHAPE_T_INT, .help = "行号" },
	{ .name = "column", .type = SHAPE_T_TEXT, .nullable = true, .help = "列" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "原因" },
	SHAPE_END
};

static const struct shape import_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "导入批次" },
	{ .name = "rows_read", .type = SHAPE_T_INT, .help = "读取行数" },
	{ .name = "rows_applied", .type = SHAPE_T_INT, .help = "采用行数" },
	{ .name = "rows_failed", .type = SHAPE_T_INT, .help = "有误行数" },
	{ .name = "errors", .type = SHAPE_T_LIST, .of = import_error_shape, .help = "有误的行，至多 1000" },
	{ .name = "repeated", .type = SHAPE_T_BOOL, .help = "此文件先前已导入" },
	SHAPE_END
};

const struct route labour_import_routes[] = {
	{ .name = "labour_import", .method = METHOD_POST, .path = "/v1/jobs/labour-imports",
	  .callers = ROLE_CLERK | ROLE_PARTNER, .scope = SCOPE_CALLER, .action = "jobs.labour.import",
	  .raw_body = true, .reply = import_shape, .success = 200, .handler = labour_import,
	  .limit = LIMIT_IMPORT, .lane = DB_SLOW,
	  .zh = "批量导入劳动力信息（CSV）", .en = "Import labour-force records (CSV)" },
	ROUTE_END
};

static int
labour_import(struct call *c)
{
	struct import	*im = arena_zalloc(c->arena, sizeof(*im));
	uint8_t		 digest[32];
	struct uuid	 id = uuid_new();
	struct db_rows	 rows;
	const char	*sha;
	int		 rc;

	sha256(c->raw.p, c->raw.len, digest);
	sha = hex_encode(c->arena, digest, sizeof(digest));
	if (sql_labour_import_seen(c->db, &rows, sha) == -1)
		return (call_failed(c));
	if (rows.count > 0)
		return (call_reply_row(c, 200, &rows));
	csv_init(&im->csv, c->raw.p, c->raw.len);
	if (csv_next(&im->csv) != 1 || !csv_is(&im->csv, columns))
		return (call_reject_detail(c, ERR_LABOUR_FILE, NULL, "id_number,name,phone,village_code,"
		    "hukou_code,education_code,skill_level,employment_state,work_place,wish,training_wish,willing"));
	arena_init(&im->scratch);
	buf_init(&im->rows, CHUNK_BYTES);
	row_faults_open(&im->faults);
	rc = import_lines(c, im);
	if (rc == 0)
		rc = sql_labour_import_keep(c->db, &rows, &id, sha, im->rows_read, im->applied,
		    row_faults_json(&im->faults));
	row_faults_release(&im->faults);
	buf_release(&im->rows);
	arena_release(&im->scratch);
	return (rc == -1 ? call_failed(c) : call_reply_row(c, 200, &rows));
}

static int
import_lines(struct call *c, struct import *im)
{
	struct labour_in	 in;
	const char		*column;
	int			 rc, code;

	while ((rc = csv_next(&im->csv)) != 0) {
		if (im->in_chunk == 0) {
			buf_clear(&im->rows);
			json_out_init(&im->out, &im->rows);
			json_open_list(&im->out, NULL);
		}
		im->rows_read++;
		column = NULL;
		code = rc == -1 ? ERR_F_FORMAT : line_read(&im->csv, &in, &column);
		if (code != 0) {
			row_fault(&im->faults, im->csv.line, column, (enum error_code)code);
			continue;
		}
		labour_put_json(&im->scratch, &im->out, &in, im->csv.line);
		if (++im->in_chunk == CHUNK && chunk_send(c, im) == -1)
			return (-1);
	}
	if (im->in_chunk > 0 && chunk_send(c, im) == -1)
		return (-1);
	return (0);
}

/* An empty field is an absent one. 0, or what is wrong and in which column. */
static int
line_read(struct csv *v, struct labour_in *in, const char **column)
{
	const char	*f[COLUMNS];
	size_t		 i;

	if (v->count != COLUMNS)
		return (ERR_F_COUNT);
	for (i = 0; i < COLUMNS; i++)
		f[i] = v->field[i][0] == '\0' ? NULL : v->field[i];
	*in = (struct labour_in){ .id_number = f[0], .name = f[1], .phone = f[2], .village_code = f[3],
	    .hukou_code = f[4], .education_code = f[5], .employment_state = f[7], .work_place = f[8],
	    .wish = f[9], .training_wish = f[10] };
	if (f[6] != NULL) {
		if (strlen(f[6]) != 1 || f[6][0] < '1' || f[6][0] > '5') {
			*column = columns[6];
			return (ERR_F_CHOICE);
		}
		in->skill_level = f[6][0] - '0';
	}
	if (f[11] == NULL || strlen(f[11]) != 1 || (f[11][0] != '0' && f[11][0] != '1')) {
		*column = columns[11];
		return (f[11] == NULL ? ERR_F_MISSING : ERR_F_CHOICE);
	}
	in->willing = f[11][0] == '1';
	return (line_words(in, column));
}

static int
line_words(const struct labour_in *in, const char **column)
{
	const struct {
		size_t		 at;
		const char	*text;
		int		(*check)(const char *);
		bool		 required;
	}	checks[] = {
		{ 0, in->id_number, check_id_number, true }, { 1, in->name, NULL, true },
		{ 2, in->phone, check_mobile, false }, { 3, in->village_code, check_village, true },
		{ 4, in->hukou_code, check_area, false }, { 5, in->education_code, check_education, false },
		{ 7, in->employment_state, NULL, true }
	};
	int	code;
	size_t	i;

	for (i = 0; i < NITEMS(checks); i++) {
		*column = columns[checks[i].at];
		if (checks[i].text == NULL && checks[i].required)
			return (ERR_F_MISSING);
		if (checks[i].text != NULL && checks[i].check != NULL &&
		    (code = checks[i].check(checks[i].text)) != 0)
			return (code);
	}
	*column = columns[7];
	if ((code = word_of(in->employment_state, labour_states)) != 0)
		return (code);
	*column = columns[9];
	return (in->wish == NULL ? 0 : word_of(in->wish, labour_wishes));
}

static int
word_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(s, *words) == 0)
			return (0);
	return (ERR_F_CHOICE);
}

static int
chunk_send(struct call *c, struct import *im)
{
	const struct json	*faults;
	struct db_rows		 rows;
	const char		*text;
	int64_t			 line = 0;
	size_t			 i;

	json_close_list(&im->out);
	im->in_chunk = 0;
	if (sql_labour_put_rows(c->db, &rows, buf_cstr(&im->rows)) == -1)
		return (-1);
	im->applied += db_int(&rows, 0, "applied");
	text = db_text(&rows, 0, "faults");
	faults = json_parse(c->arena, text, strlen(text));
	for (i = 0; i < json_count(faults); i++)
		if (json_integer(json_get(json_at(faults, i), "line"), &line))
			row_fault_named(&im->faults, line, "village_code",
			    json_string(json_get(json_at(faults, i), "code")));
	arena_clear(&im->scratch);
	return (0);
}
