/*
 * vacancy_judge.c -- the automatic check of a posting: words, pay, copies. What
 * it finds sends the posting to an officer; it never refuses one by itself.
 *
 * The words are held in memory and read again when the table's version, which
 * comes with every judgement, or the day is another; so no program judges by
 * words of yesterday.
 */
#include <string.h>

#include "base/log.h"
#include "codes/codes.h"
#include "jobs_sql.h"
#include "vacancy.h"
#include "vacancy_check.h"

#define CHECKS_BYTES	8192

static struct check_words	*words;
static int64_t			 words_version = -1;
static int32_t			 words_day;

static int	words_read(struct db *, int64_t);
static void	judge_text(struct json_out *, const char *, const char *);
static void	judge_pay(struct json_out *, const struct vacancy_in *, const struct db_rows *);
static void	judge_copies(struct json_out *, const struct vacancy_in *, const struct db_rows *);
static void	put_check(struct json_out *, const char *, const char *, const char *, const char *);

static const char *const said[CHECK_FOUND] = { "疑似收费", "疑似性别歧视", "疑似年龄歧视",
	"疑似民族歧视", "疑似户籍歧视", "夹带联系方式" };

int
vacancy_judge(struct db *db, const struct uuid *org, const struct uuid *self,
    const struct vacancy_in *in, const char **checks)
{
	struct db_rows	rows;
	struct json_out	out;
	struct buf	b;

	if (sql_vacancy_judge(db, &rows, self, org, in->occupation_code, in->area_code,
	    in->pay_unit, in->form) == -1 ||
	    words_read(db, db_int(&rows, 0, "words")) == -1)
		return (-1);
	buf_init(&b, CHECKS_BYTES);
	json_out_init(&out, &b);
	json_open_list(&out, NULL);
	judge_text(&out, "/title", in->title);
	judge_text(&out, "/description", in->description);
	judge_text(&out, "/skills", in->skills);
	judge_pay(&out, in, &rows);
	judge_copies(&out, in, &rows);
	json_close_list(&out);
	*checks = arena_strdup(db->arena, buf_cstr(&b));
	buf_release(&b);
	return (0);
}

/* Only complete lists replace what is there. */
static int
words_read(struct db *db, int64_t version)
{
	struct check_words	*fresh;
	enum check_kind		 kind;
	struct db_rows		 rows;
	size_t			 i;

	if (words != NULL && version == words_version && words_day == clock_today())
		return (0);
	if (sql_check_word_all(db, &rows) == -1)
		return (-1);
	fresh = check_words_new();
	for (i = 0; i < rows.count; i++) {
		kind = check_kind_of(db_text(&rows, i, "kind"));
		if (kind == CHECK_KINDS || check_words_add(fresh, kind, db_text(&rows, i, "pattern")) == -1)
			log_warn("check: a word of the table is not used");
	}
	check_words_free(&words);
	words = fresh;
	words_version = version;
	words_day = clock_today();
	log_info("check: %zu words", check_words_count(words));
	return (0);
}

static void
judge_text(struct json_out *out, const char *pointer, const char *text)
{
	struct check_hit	hits[CHECK_FOUND];
	size_t			i, n = check_text(words, text, hits);

	for (i = 0; i < n; i++)
		put_check(out, check_kind_name(hits[i].kind), pointer, said[hits[i].kind], hits[i].shown);
}

/* Without a band there is no opinion. */
static void
judge_pay(struct json_out *out, const struct vacancy_in *in, const struct db_rows *rows)
{
	if (db_null(rows, 0, "low_cents"))
		return;
	if (in->pay_min_cents < db_int(rows, 0, "low_cents"))
		put_check(out, "pay", "/pay_min_cents", "薪酬低于合理区间", NULL);
	else if (in->pay_max_cents > db_int(rows, 0, "high_cents"))
		put_check(out, "pay", "/pay_max_cents", "薪酬高于合理区间", NULL);
}

/* Names the newest posting that this one repeats. */
static void
judge_copies(struct json_out *out, const struct vacancy_in *in, const struct db_rows *rows)
{
	struct uuid	id;
	size_t		i;

	for (i = 0; i < rows->count; i++) {
		if (db_null(rows, i, "id") || !check_is_copy(in->title, in->description,
		    db_text(rows, i, "title"), db_text(rows, i, "description")))
			continue;
		id = db_uuid(rows, i, "id");
		json_open(out, NULL);
		json_put_text(out, "code", "duplicate");
		json_put_text(out, "pointer", "");
		json_put_text(out, "text", "与本单位另一岗位重复");
		json_put_uuid(out, "vacancy_id", &id);
		json_close(out);
		return;
	}
}

static void
put_check(struct json_out *out, const char *code, const char *pointer, const char *what, const char *shown)
{
	char	text[CHECK_SHOWN + 64];

	if (shown != NULL)
		(void)snprintf(text, sizeof(text), "%s：%s", what, shown);
	json_open(out, NULL);
	json_put_text(out, "code", code);
	json_put_text(out, "pointer", pointer);
	json_put_text(out, "text", shown != NULL ? text : what);
	json_close(out);
}
