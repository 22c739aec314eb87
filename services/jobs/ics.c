/*
 * ics.c -- see ics.h. Invariant: no line is longer than 75 octets, and what
 * somebody wrote can add no line of its own.
 */
#include "ics.h"
#include "base/clock.h"

#define FOLD		75
#define LINE_BYTES	65536

static void	put_text(struct buf *, const char *name, const char *);
static void	put_instant(struct buf *, const char *name, int64_t);
static void	put_line(struct buf *, const char *, size_t);
static size_t	character(const char *, size_t);

void
ics_write(struct buf *b, const struct ics_event *e)
{
	buf_adds(b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//yjy365//jobs//ZH\r\n");
	buf_addf(b, "CALSCALE:GREGORIAN\r\nMETHOD:%s\r\n", e->cancelled ? "CANCEL" : "PUBLISH");
	buf_adds(b, "BEGIN:VEVENT\r\n");
	put_text(b, "UID", e->uid);
	put_instant(b, "DTSTAMP", e->stamp_us);
	put_instant(b, "DTSTART", e->start_us);
	put_instant(b, "DTEND", e->end_us);
	buf_addf(b, "SEQUENCE:%lld\r\nSTATUS:%s\r\n", (long long)e->sequence,
	    e->cancelled ? "CANCELLED" : "CONFIRMED");
	put_text(b, "SUMMARY", e->summary);
	if (e->description != NULL)
		put_text(b, "DESCRIPTION", e->description);
	if (e->location != NULL)
		put_text(b, "LOCATION", e->location);
	if (e->url != NULL) {
		struct buf	line;

		buf_init(&line, LINE_BYTES);
		buf_addf(&line, "URL:%s", e->url);
		put_line(b, buf_cstr(&line), line.len);
		buf_release(&line);
	}
	buf_adds(b, "END:VEVENT\r\nEND:VCALENDAR\r\n");
}

/* TEXT (3.3.11): backslash, semicolon, comma and newline are escaped, a CR is dropped. */
static void
put_text(struct buf *b, const char *name, const char *text)
{
	struct buf	line;

	buf_init(&line, LINE_BYTES);
	buf_addf(&line, "%s:", name);
	for (; *text != '\0'; text++) {
		if (*text == '\r')
			continue;
		if (*text == '\n') {
			buf_adds(&line, "\\n");
			continue;
		}
		if (*text == '\\' || *text == ';' || *text == ',')
			buf_addc(&line, '\\');
		buf_addc(&line, *text);
	}
	put_line(b, buf_cstr(&line), line.len);
	buf_release(&line);
}

static void
put_instant(struct buf *b, const char *name, int64_t us)
{
	char		 text[INSTANT_TEXT];
	const char	*p;

	(void)instant_format(us, text);
	buf_addf(b, "%s:", name);
	for (p = text; *p != '\0' && *p != '.'; p++)
		if (*p != '-' && *p != ':')
			buf_addc(b, *p);
	buf_adds(b, "Z\r\n");
}

/* Folded (3.1): a continuation begins with a blank, which counts. */
static void
put_line(struct buf *b, const char *p, size_t len)
{
	size_t	used = 0, n;

	for (; len > 0; p += n, len -= n) {
		n = character(p, len);
		if (used + n > FOLD) {
			buf_adds(b, "\r\n ");
			used = 1;
		}
		buf_add(b, p, n);
		used += n;
	}
	buf_adds(b, "\r\n");
}

/* Octets of the UTF-8 character here. */
static size_t
character(const char *p, size_t len)
{
	size_t	n = 1;

	while (n < len && ((unsigned char)p[n] & 0xc0) == 0x80)
		n++;
	return (n);
}
