/*
 * loan_file.c -- makes the hand-over file, and tells whether one is ours.
 *
 * Invariant: what is signed are the bytes of the document itself; a changed
 * letter is found, and a cell of the table never begins a formula.
 */
#include "loan_file.h"

#include "base/buf.h"
#include "json/json.h"

#define FILE_MAX_BYTES	65536

static void	document_write(struct buf *, const struct loan_file *);
static void	csv_write(struct buf *, const struct loan_file *);
static void	cell(struct buf *, const char *, char end);
static void	seal(struct arena *, const char *, size_t, const void *, size_t, const char **, const char **);

const char *
loan_file_make(struct arena *a, const struct loan_file *f, const void *key, size_t key_len,
    char sm3_text[LOAN_SM3_TEXT])
{
	struct buf	 doc, csv, all;
	struct json_out	 out;
	const char	*digest, *sign, *text = NULL;

	buf_init(&doc, FILE_MAX_BYTES);
	buf_init(&csv, FILE_MAX_BYTES);
	buf_init(&all, 4 * FILE_MAX_BYTES);
	document_write(&doc, f);
	csv_write(&csv, f);
	if (!buf_ok(&doc) || !buf_ok(&csv))
		goto out;
	seal(a, doc.data, doc.len, key, key_len, &digest, &sign);
	json_out_init(&out, &all);
	json_open(&out, NULL);
	json_put_text(&out, "document", arena_strndup(a, doc.data, doc.len));
	json_put_text(&out, "csv", arena_strndup(a, csv.data, csv.len));
	json_put_text(&out, "sm3", digest);
	json_put_text(&out, "signature", sign);
	json_close(&out);
	if (!buf_ok(&all))
		goto out;
	snprintf(sm3_text, LOAN_SM3_TEXT, "%s", digest);
	text = arena_strndup(a, all.data, all.len);
out:
	buf_release(&all);
	buf_release(&csv);
	buf_release(&doc);
	return (text);
}

static void
document_write(struct buf *buf, const struct loan_file *f)
{
	struct json_out	out;

	json_out_init(&out, buf);
	json_open(&out, NULL);
	json_put_text(&out, "kind", "创业担保贷款移交材料");
	json_put_text(&out, "loan_id", f->loan_id);
	json_put_int(&out, "version", f->version);
	json_put_day(&out, "made_on", f->made_on);
	json_put_text(&out, "county_code", f->county_code);
	json_put_text(&out, "borrower", f->borrower);
	json_put_text(&out, "org_name", f->org_name);
	json_put_text(&out, "uscc", f->uscc);
	json_put_text(&out, "name", f->name);
	json_put_text(&out, "id_number", f->id_number);
	json_put_text(&out, "phone", f->phone);
	json_put_text(&out, "group", f->group);
	json_put_int(&out, "amount_cents", f->amount_cents);
	json_put_text(&out, "currency", "CNY");
	if (f->term_months == 0)
		json_put_text(&out, "term_months", NULL);
	else
		json_put_int(&out, "term_months", f->term_months);
	json_put_text(&out, "purpose", f->purpose);
	json_put_int(&out, "times_before", f->times_before);
	json_put_bool(&out, "has_open_loan", f->has_open_loan);
	json_put_text(&out, "consent_at", f->consent_at);
	json_put_raw(&out, "checks", f->checks);
	json_close(&out);
}

static void
csv_write(struct buf *buf, const struct loan_file *f)
{
	buf_adds(buf, "编号,版本,借款人类别,单位名称,统一社会信用代码,姓名,公民身份号码,电话,人员类别,金额（分）,期限（月）,用途\n");
	cell(buf, f->loan_id, ',');
	buf_addf(buf, "%lld,", (long long)f->version);
	cell(buf, strcmp(f->borrower, "personal") == 0 ? "个人" : "小微企业", ',');
	cell(buf, f->org_name, ',');
	cell(buf, f->uscc, ',');
	cell(buf, f->name, ',');
	cell(buf, f->id_number, ',');
	cell(buf, f->phone, ',');
	cell(buf, f->group, ',');
	buf_addf(buf, "%lld,", (long long)f->amount_cents);
	buf_addf(buf, "%lld,", (long long)f->term_months);
	cell(buf, f->purpose, '\n');
}

/* Quoted; what a spreadsheet would take for a formula begins with an apostrophe. */
static void
cell(struct buf *buf, const char *text, char end)
{
	const char	*p = text != NULL ? text : "";

	buf_addc(buf, '"');
	if (*p != '\0' && strchr("=+-@\t", *p) != NULL)
		buf_addc(buf, '\'');
	for (; *p != '\0'; p++) {
		if (*p == '"')
			buf_addc(buf, '"');
		buf_addc(buf, *p);
	}
	buf_addc(buf, '"');
	buf_addc(buf, end);
}

static void
seal(struct arena *a, const char *doc, size_t len, const void *key, size_t key_len, const char **digest,
    const char **sign)
{
	uint8_t	bytes[CHAIN_BYTES];

	sm3(doc, len, bytes);
	*digest = hex_encode(a, bytes, sizeof(bytes));
	hmac_sm3(key, key_len, doc, len, bytes);
	*sign = hex_encode(a, bytes, sizeof(bytes));
}

bool
loan_file_sound(struct arena *a, const char *text, size_t len, const void *key, size_t key_len)
{
	const struct json	*root = json_parse(a, text, len);
	const char		*doc, *said_digest, *said_sign, *digest, *sign;

	if (root == NULL || !json_is_object(root) ||
	    (doc = json_string(json_get(root, "document"))) == NULL ||
	    (said_digest = json_string(json_get(root, "sm3"))) == NULL ||
	    (said_sign = json_string(json_get(root, "signature"))) == NULL)
		return (false);
	seal(a, doc, strlen(doc), key, key_len, &digest, &sign);
	return (strcmp(digest, said_digest) == 0 && strlen(sign) == strlen(said_sign) &&
	    equal_in_constant_time(sign, said_sign, strlen(sign)));
}
