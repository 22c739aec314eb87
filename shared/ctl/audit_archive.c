/*
 * audit_archive.c -- moves the oldest rows of a trail to a file.
 *
 * A line a row: {"ord":…,"text":…,"row":{…}}, where SM3 of `text` is the digest
 * its seal holds and `row` the same for people and programs. The file is on
 * disk before the rows go; its own SM3 is part of the chain.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "ctl/audit.h"
#include "ctl/ctl.h"
#include "json/json.h"
#include "platform_sql.h"

#define FILE_BYTES	((size_t)512 << 20)
#define FILE_ENOUGH	((size_t)32 << 20)	/* then the next file begins */
#define NOTE_MAX	512

/* The seals first..last, of transactions [from_xid, to_xid), and their rows. */
struct parcel {
	int64_t		first, last, from_xid, to_xid, rows;
	struct buf	text;
};

static int	gather(struct trail *, int64_t, struct parcel *);
static int	gather_seal(struct trail *, const struct seal *, struct parcel *);
static int	save(const char *, const struct buf *);
static int	move_out(struct trail *, const struct parcel *, const char *);
static int	append(struct trail *, const char *);
static void	hex_of(const void *, size_t, char *);

int
trail_archive(struct trail *t, const char *directory, int64_t before_us)
{
	char		path[CTL_PATH], name[128], sum[2 * CHAIN_BYTES + 1], note[NOTE_MAX];
	struct parcel	p = { .first = t->archived + 1 };
	uint8_t		digest[CHAIN_BYTES];
	int		rc;

	buf_init(&p.text, FILE_BYTES);
	if ((rc = gather(t, before_us, &p)) == 1) {
		snprintf(name, sizeof(name), "%s-audit-%lld-%lld.jsonl", t->schema,
		    (long long)p.first, (long long)p.last);
		snprintf(path, sizeof(path), "%s/%s", directory, name);
		sm3(p.text.data != NULL ? p.text.data : "", p.text.len, digest);
		hex_of(digest, sizeof(digest), sum);
		snprintf(note, sizeof(note), "archive %lld-%lld %s %s", (long long)p.first,
		    (long long)p.last, sum, name);
		if (save(path, &p.text) == -1 || move_out(t, &p, note) == -1)
			rc = -1;
		else
			printf("%s: seals %lld-%lld, %lld rows: %s\n", t->schema, (long long)p.first,
			    (long long)p.last, (long long)p.rows, path);
	}
	buf_release(&p.text);
	return (rc);
}

/* 1: there is something; 0: nothing is so old. */
static int
gather(struct trail *t, int64_t before_us, struct parcel *p)
{
	struct pg_rows	rows;
	char		after[24];
	const char     *args[] = { after, "1" };
	struct seal	s;
	int		rc = 1;

	p->last = t->archived;
	while (rc == 1 && p->text.len < FILE_ENOUGH) {
		snprintf(after, sizeof(after), "%lld", (long long)p->last);
		if (pg_run_in(t->pg, t->schema, &stmt_ctl_audit_seals, &rows, args) == -1)
			return (-1);
		if (rows.count == 0)
			rc = 0;
		else if (trail_seal(t, &rows, 0, &s) == -1)
			rc = -1;
		else {
			if (s.sealed_us >= before_us)
				rc = 0;
			else if (gather_seal(t, &s, p) == -1)
				rc = -1;
			free((void *)(uintptr_t)s.rows);
		}
		pg_clear(&rows);
	}
	return (rc == -1 ? -1 : p->last > t->archived);
}

static int
gather_seal(struct trail *t, const struct seal *s, struct parcel *p)
{
	char		from[24], to[24], lim[24];
	const char     *args[] = { from, to, lim };
	struct seal_check check = { .seal = s };
	const char     *text;
	struct pg_rows	rows;
	struct json_out	out;
	int		i;

	snprintf(from, sizeof(from), "%lld", (long long)s->from_xid);
	snprintf(to, sizeof(to), "%lld", (long long)s->to_xid);
	snprintf(lim, sizeof(lim), "%zu", s->count + 1);
	if (pg_run_in(t->pg, t->schema, &stmt_ctl_audit_lines, &rows, args) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++) {
		text = pg_cell(&rows, i, 1);
		seal_check_row(&check, strtoll(pg_cell(&rows, i, 0), NULL, 10), text, strlen(text));
		json_out_init(&out, &p->text);
		json_open(&out, NULL);
		json_put_int(&out, "ord", strtoll(pg_cell(&rows, i, 0), NULL, 10));
		json_put_text(&out, "text", text);
		json_put_raw(&out, "row", pg_cell(&rows, i, 2));
		json_close(&out);
		buf_addc(&p->text, '\n');
	}
	if (p->last < p->first)
		p->from_xid = s->from_xid;
	p->to_xid = s->to_xid;
	p->last = s->n;
	p->rows += rows.count;
	seal_check_end(&check);
	i = check.fault == SEAL_SOUND && buf_ok(&p->text) ? 0 : -1;
	if (i == -1)
		printf("%s: seal %lld cannot be archived\n", t->schema, (long long)s->n);
	pg_clear(&rows);
	return (i);
}

/* A new file, on disk when this returns. */
static int
save(const char *path, const struct buf *text)
{
	size_t	done = 0;
	ssize_t	n = 0;
	int	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc = -1;

	if (fd == -1)
		goto out;
	while (done < text->len && (n = write(fd, text->data + done, text->len - done)) > 0)
		done += (size_t)n;
	if (done == text->len && fsync(fd) == 0)
		rc = 0;
out:
	if (rc == -1)
		fprintf(stderr, "yjyctl: %s: %s\n", path, strerror(errno));
	if (fd != -1)
		(void)close(fd);
	return (rc);
}

/* One transaction: the note joins the chain, the rows leave. */
static int
move_out(struct trail *t, const struct parcel *p, const char *note)
{
	char		from[24], to[24];
	const char     *args[] = { from, to };
	struct pg_rows	gone;
	int		rc = -1;

	snprintf(from, sizeof(from), "%lld", (long long)p->from_xid);
	snprintf(to, sizeof(to), "%lld", (long long)p->to_xid);
	if (pg_run(t->pg, &stmt_tx_begin, NULL, NULL) == -1)
		return (-1);
	if (pg_run_in(t->pg, t->schema, &stmt_ctl_audit_hold, NULL, NULL) == -1 ||
	    append(t, note) == -1 ||
	    pg_run_in(t->pg, t->schema, &stmt_ctl_audit_remove, &gone, args) == -1)
		goto out;
	if (strtoll(pg_cell(&gone, 0, 0), NULL, 10) != p->rows)
		printf("%s: other rows were found than were archived\n", t->schema);
	else
		rc = pg_run(t->pg, &stmt_tx_commit, NULL, NULL);
	pg_clear(&gone);
out:
	if (rc == -1)
		pg_rollback(t->pg);
	return (rc);
}

/* Behind the last seal, which may have followed while the file was written. */
static int
append(struct trail *t, const char *note)
{
	char		n[24], xid[24], at[INSTANT_TEXT], hash[2 * CHAIN_BYTES + 3];
	const char     *args[] = { n, xid, xid, "0", "\\x", note, at, hash };
	uint8_t		prev[CHAIN_BYTES];
	struct seal	s = { .note = note, .sealed_us = clock_real_us() };
	struct pg_rows	head;
	int		rc = -1;

	if (pg_run_in(t->pg, t->schema, &stmt_audit_head, &head, NULL) == -1)
		return (-1);
	s.n = strtoll(pg_cell(&head, 0, 0), NULL, 10) + 1;
	s.from_xid = s.to_xid = strtoll(pg_cell(&head, 0, 1), NULL, 10);
	if (seal_unhex(pg_cell(&head, 0, 2), prev, sizeof(prev))) {
		seal_hash(&s, prev, s.hash);
		snprintf(n, sizeof(n), "%lld", (long long)s.n);
		snprintf(xid, sizeof(xid), "%lld", (long long)s.to_xid);
		(void)instant_format(s.sealed_us, at);
		memcpy(hash, "\\x", 2);
		hex_of(s.hash, sizeof(s.hash), hash + 2);
		rc = pg_run_in(t->pg, t->schema, &stmt_audit_seal_put, NULL, args);
	}
	pg_clear(&head);
	return (rc);
}

int
trail_seal(const struct trail *t, const struct pg_rows *rows, int i, struct seal *s)
{
	const char	*list = pg_cell(rows, i, 3);
	uint8_t		*bytes;

	memset(s, 0, sizeof(*s));
	s->n = strtoll(pg_cell(rows, i, 0), NULL, 10);
	s->from_xid = strtoll(pg_cell(rows, i, 1), NULL, 10);
	s->to_xid = strtoll(pg_cell(rows, i, 2), NULL, 10);
	s->note = pg_cell(rows, i, 4);
	s->sealed_us = strtoll(pg_cell(rows, i, 5), NULL, 10);
	s->count = strlen(list) / (2 * SEAL_ROW);
	if ((bytes = malloc(s->count * SEAL_ROW + 1)) != NULL &&
	    seal_unhex(list, bytes, s->count * SEAL_ROW) &&
	    seal_unhex(pg_cell(rows, i, 6), s->hash, sizeof(s->hash))) {
		s->rows = bytes;
		return (0);
	}
	free(bytes);
	printf("%s: seal %lld was altered\n", t->schema, (long long)s->n);
	return (-1);
}

static void
hex_of(const void *bytes, size_t len, char *out)
{
	const uint8_t	*p = bytes;
	size_t		 i;

	for (i = 0; i < len; i++)
		snprintf(out + 2 * i, 3, "%02x", p[i]);
}
