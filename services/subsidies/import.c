/*
 * import.c -- taking a file of facts from the province's data.
 *
 * Invariant: one file is one transaction and is taken once; every row is
 * either applied or reported with its line and reason. An identity number
 * lives in memory until it is a blind index, and nowhere else. Files of a kind
 * are taken one after the other: the newest is what is known now.
 */
#include "import.h"

#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "subsidies.h"
#include "subsidies_sql.h"


static bool	header_is(const struct import *);
static const char *header_of(struct call *, const struct import_kind *);
static int	import_begin(struct call *, struct import *);
static int	import_known(struct call *, const char *, const char *);
static int	import_rows(struct call *, struct import *);
static bool	take_row(struct import *);
static int	send_chunk(struct call *, struct import *);
static void	chunk_open(struct import *);
static void	report_lines(struct call *, struct import *, const char *, int);
static int	import_close(struct call *, struct import *);

int
import_file(struct call *c)
{
	const struct import_query	*q = c->query;
	struct import			*im = arena_zalloc(c->arena, sizeof(*im));
	uint8_t				 digest[32];

	if ((im->kind = import_kind(call_param(c, "kind_name"))) == NULL)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!principal_has(c->principal, ROLE_CLERK, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (q->through != DAY_NONE && q->through > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "through"));
	im->covers_through = q->through;
	sha256(c->raw.p, c->raw.len, digest);
	im->file_sha256 = hex_encode(c->arena, digest, sizeof(digest));
	csv_init(&im->csv, c->raw.p, c->raw.len);
	if (csv_next(&im->csv) != 1 || !header_is(im))
		return (call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, header_of(c, im->kind)));
	return (import_begin(c, im));
}

static bool
header_is(const struct import *im)
{
	size_t	i;

	if (im->csv.count != import_width(im->kind))
		return (false);
	for (i = 0; i < im->csv.count; i++) {
		if (strcmp(im->csv.field[i], im->kind->columns[i].name) != 0)
			return (false);
	}
	return (true);
}

static const char *
header_of(struct call *c, const struct import_kind *kind)
{
	const struct import_column	*col = kind->columns;
	const char			*text = arena_printf(c->arena, "第一行应为 %s", col->name);

	for (col++; col->name != NULL; col++)
		text = arena_printf(c->arena, "%s,%s", text, col->name);
	return (text);
}

/* The batch's id is made behind the lock: of two files the later has the later id. */
static int
import_begin(struct call *c, struct import *im)
{
	struct db_rows	rows;
	int		rc;

	if (sql_import_lock(c->db, NULL, im->kind->name) == -1)
		return (call_failed(c));
	im->id = uuid_new();
	if (sql_import_open(c->db, &rows, &im->id, im->kind->name, im->kind->fact, im->file_sha256,
	    AREA_CITY) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (import_known(c, im->kind->name, im->file_sha256));
	arena_init(&im->scratch);
	buf_init(&im->chunk, IMPORT_CHUNK_BYTES);
	row_faults_open(&im->faults);
	rc = import_rows(c, im) == -1 ? call_failed(c) : import_close(c, im);
	row_faults_release(&im->faults);
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

	chunk_open(im);
	while ((rc = csv_next(&im->csv)) != 0) {
		im->rows_read++;
		if (rc == -1)
			row_fault(&im->faults, im->csv.line, NULL, ERR_F_FORMAT);
		else if (take_row(im) && ++im->in_chunk == IMPORT_CHUNK) {
			if (send_chunk(c, im) == -1)
				return (-1);
			chunk_open(im);
		}
	}
	if (im->in_chunk > 0 && send_chunk(c, im) == -1)
		return (-1);
	return (0);
}

static bool
take_row(struct import *im)
{
	const char	*column = NULL;
	int		 code;

	if (im->csv.count != import_width(im->kind))
		code = ERR_F_COUNT;
	else if ((code = import_cells(im->kind, im->csv.field, im->cell, &column)) == 0 &&
	    im->kind->fits != NULL)
		code = im->kind->fits(im->csv.field, &column);
	if (code != 0)
		row_fault(&im->faults, im->csv.line, column, (enum error_code)code);
	else
		im->kind->take(im);
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
	struct db_rows	 rows;
	const char	*text;
	int		 rc;

	json_close_list(&im->out);
	text = buf_cstr(&im->chunk);
	rc = im->kind->add != NULL ? im->kind->add(c->db, &rows, &im->id, text) :
	    sql_facts_add(c->db, &rows, &im->id, im->kind->fact, text);
	if (rc == -1)
		return (-1);
	im->rows_applied += db_int(&rows, 0, "applied");
	im->rows_changed += db_int(&rows, 0, "changed");
	im->rows_unmatched += db_int(&rows, 0, "unmatched");
	/* Their key an earlier line of this file had; what a file may not undo. */
	report_lines(c, im, db_text(&rows, 0, "duplicates"), ERR_F_DUPLICATE);
	report_lines(c, im, db_text(&rows, 0, "kept"), ERR_SUBSIDIES_KEPT);
	return (0);
}

static void
report_lines(struct call *c, struct import *im, const char *lines, int code)
{
	const struct json	*list;
	int64_t			 line;
	size_t			 i;

	if (lines == NULL)
		return;
	list = json_parse(c->arena, lines, strlen(lines));
	for (i = 0; i < json_count(list); i++) {
		if (json_integer(json_at(list, i), &line))
			row_fault(&im->faults, line, NULL, (enum error_code)code);
	}
}

static int
import_close(struct call *c, struct import *im)
{
	struct db_rows	rows;

	if (sql_import_close(c->db, &rows, &im->id, im->rows_read, im->rows_applied, im->rows_changed,
	    im->rows_unmatched, im->faults.count, im->covers_through, row_faults_json(&im->faults)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
