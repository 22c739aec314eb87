/*
 * stock.c -- 技能劳动者存量: officers' files of certificates from elsewhere, and
 * everybody who holds one counted once at the highest level.
 *
 * Invariant: every row of a file is taken, the same as before, or reported
 * with its line and reason. An identity number lives in memory until it is a
 * blind index, and nowhere else.
 */
#include "base/csv.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "http/row_faults.h"
#include "training.h"
#include "training_sql.h"

#define CHUNK_ROWS	1000
#define CHUNK_BYTES	(4 << 20)
#define COLUMNS		8
#define HEADER		"id_number,name,number,issuer,occupation_code,level,issued_on,area_code"

struct file {
	struct call	*call;
	struct csv	 csv;
	struct arena	 scratch;
	struct buf	 chunk;
	struct json_out	 out;
	struct row_faults faults;
	int64_t		 in_chunk, read, applied, same;
};

struct stock_query {
	const char	*by;
};

static int	held_import(struct call *);
static int	take_rows(struct file *);
static int	take_row(struct file *, const char **);
static bool	level_of(const char *, int64_t *);
static int	chunk_send(struct file *);
static int	answer(struct file *);
static int	stock_figures(struct call *);

static const char *const columns[] = { "id_number", "name", "number", "issuer", "occupation_code",
	"level", "issued_on", "area_code", NULL };
static const char *const groupings[] = { "all", "county", "level", "occupation", NULL };

static const struct field stock_query_fields[] = {
	FIELD_ENUM(stock_query, by, REQUIRED, groupings, "合计，或按县区、等级、职业"),
	FIELD_END
};

static const struct shape error_shape[] = {
	{ .name = "line", .type = SHAPE_T_INT, .help = "行号" },
	{ .name = "column", .type = SHAPE_T_TEXT, .nullable = true, .help = "列" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "原因" },
	SHAPE_END
};

static const struct shape import_shape[] = {
	{ .name = "rows_read", .type = SHAPE_T_INT, .help = "读取行数" },
	{ .name = "rows_applied", .type = SHAPE_T_INT, .help = "新增或变更的行数" },
	{ .name = "rows_same", .type = SHAPE_T_INT, .help = "与已有相同的行数" },
	{ .name = "rows_failed", .type = SHAPE_T_INT, .help = "有误行数" },
	{ .name = "errors", .type = SHAPE_T_LIST, .of = error_shape, .help = "有误的行，至多 1000" },
	SHAPE_END
};

static const struct shape stock_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "figure_groupings areas skill_levels occupations",
	  .help = "合计、县区、等级或职业" },
	{ .name = "people", .type = SHAPE_T_INT, .nullable = true, .help = "人数，一人按最高等级计一次" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "人数过少，不予显示" },
	SHAPE_END
};

const struct route stock_routes[] = {
	{ .name = "held_import", .method = METHOD_POST, .path = "/v1/training/certificate-imports",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "training.stock.import",
	  .raw_body = true, .reply = import_shape, .success = 200, .handler = held_import,
	  .limit = LIMIT_IMPORT, .lane = DB_SLOW,
	  .zh = "导入外地、其他机构颁发的证书", .en = "Take in certificates from elsewhere" },
	{ .name = "stock_figures", .method = METHOD_GET, .path = "/v1/training/skill-stock",
	  .callers = ROLE_STATS | ROLE_CASE_OFFICERS, .scope = SCOPE_AREA,
	  .action = "training.stock.figures", .query = INPUT(stock_query, stock_query_fields),
	  .list = true, .reply = stock_shape, .handler = stock_figures, .limit = LIMIT_READ,
	  .zh = "技能劳动者总量", .en = "Skilled workers, each once" },
	ROUTE_END
};

static int
held_import(struct call *c)
{
	struct file	*f = arena_zalloc(c->arena, sizeof(*f));
	int		 rc;

	f->call = c;
	csv_init(&f->csv, c->raw.p, c->raw.len);
	if (csv_next(&f->csv) != 1 || !csv_is(&f->csv, columns))
		return (call_reject_detail(c, ERR_TRAINING_HELD_FILE, NULL, "第一行应为 " HEADER));
	arena_init(&f->scratch);
	buf_init(&f->chunk, CHUNK_BYTES);
	row_faults_open(&f->faults);
	rc = take_rows(f) == -1 ? call_failed(c) : answer(f);
	row_faults_release(&f->faults);
	buf_release(&f->chunk);
	arena_release(&f->scratch);
	return (rc);
}

/* -1: database error. Bad rows are reported and passed over. */
static int
take_rows(struct file *f)
{
	const char	*column;
	int		 rc, code;

	while ((rc = csv_next(&f->csv)) != 0) {
		if (f->in_chunk == 0) {
			buf_clear(&f->chunk);
			arena_clear(&f->scratch);
			json_out_init(&f->out, &f->chunk);
			json_open_list(&f->out, NULL);
		}
		f->read++;
		column = NULL;
		if ((code = rc == -1 ? ERR_F_FORMAT : take_row(f, &column)) != 0)
			row_fault(&f->faults, f->csv.line, column, (enum error_code)code);
		else if (++f->in_chunk == CHUNK_ROWS && chunk_send(f) == -1)
			return (-1);
	}
	if (f->in_chunk > 0 && chunk_send(f) == -1)
		return (-1);
	return (0);
}

/* 0, or what is wrong and in which column. */
static int
take_row(struct file *f, const char **column)
{
	const char *const	*v = f->csv.field;
	int64_t			 level;
	int32_t			 day;
	size_t			 i;

	if (f->csv.count != COLUMNS)
		return (ERR_F_COUNT);
	for (i = 0; i < COLUMNS; i++)
		if (v[i][0] == '\0' && (*column = columns[i]) != NULL)
			return (ERR_F_MISSING);
	if (check_id_number(v[0]) != 0)
		return (*column = columns[0], ERR_F_ID_NUMBER);
	if (check_occupation(v[4]) != 0)
		return (*column = columns[4], ERR_F_OCCUPATION);
	if (!level_of(v[5], &level))
		return (*column = columns[5], ERR_F_CHOICE);
	if ((day = day_parse(v[6])) == DAY_NONE || day > clock_today())
		return (*column = columns[6], ERR_F_FORMAT);
	*column = columns[7];
	if (check_area(v[7]) != 0 || area_county(v[7]) == NULL)
		return (ERR_F_AREA);
	if (!call_in_area(f->call, v[7]))
		return (ERR_AREA);
	json_open(&f->out, NULL);
	json_put_int(&f->out, "l", f->csv.line);
	json_put_text(&f->out, "i", blind_index(&f->scratch, "id", v[0]));
	json_put_text(&f->out, "m", mask_name(&f->scratch, v[1]));
	json_put_text(&f->out, "n", v[2]);
	json_put_text(&f->out, "u", v[3]);
	json_put_text(&f->out, "o", v[4]);
	json_put_int(&f->out, "v", level);
	json_put_day(&f->out, "d", day);
	json_put_text(&f->out, "c", area_county(v[7]));
	json_put_text(&f->out, "a", v[7]);
	json_close(&f->out);
	return (0);
}

/* "6" 学徒工, "5" … "1", "0" 特级技师, "-1" 首席技师. */
static bool
level_of(const char *text, int64_t *level)
{
	if (strcmp(text, "-1") == 0)
		*level = -1;
	else if (strlen(text) == 1 && text[0] >= '0' && text[0] <= '6')
		*level = text[0] - '0';
	else
		return (false);
	return (true);
}

static int
chunk_send(struct file *f)
{
	const struct json	*lines;
	struct db_rows		 rows;
	const char		*text;
	int64_t			 line;
	size_t			 i;

	json_close_list(&f->out);
	f->in_chunk = 0;
	if (sql_held_put(f->call->db, &rows, buf_cstr(&f->chunk)) == -1)
		return (-1);
	f->applied += db_int(&rows, 0, "applied");
	f->same += db_int(&rows, 0, "same");
	text = db_text(&rows, 0, "faults");
	lines = json_parse(&f->scratch, text, strlen(text));
	for (i = 0; i < json_count(lines); i++)
		if (json_integer(json_at(lines, i), &line))
			row_fault(&f->faults, line, "number", ERR_F_DUPLICATE);
	return (0);
}

static int
answer(struct file *f)
{
	struct json_out	 out;
	const char	*text;

	buf_clear(&f->chunk);
	json_out_init(&out, &f->chunk);
	json_open(&out, NULL);
	json_put_int(&out, "rows_read", f->read);
	json_put_int(&out, "rows_applied", f->applied);
	json_put_int(&out, "rows_same", f->same);
	json_put_int(&out, "rows_failed", f->faults.count);
	json_put_raw(&out, "errors", row_faults_json(&f->faults));
	json_close(&out);
	text = arena_printf(f->call->arena, "%s", buf_cstr(&f->chunk));
	return (call_reply(f->call, 200, text));
}

static int
stock_figures(struct call *c)
{
	const struct stock_query	*q = c->query;
	struct db_rows			 rows;

	if (sql_stock_figures(c->db, &rows, q->by, small_cells_hidden(c)) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, FIGURES_MAX));
}
