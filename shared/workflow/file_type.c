/*
 * file_type.c -- the three kinds of files that are taken, by their structure.
 */
#include <string.h>
#include <strings.h>

#include "workflow/file_type.h"

#define HEAD	1024		/* where a reader looks for what a file might be */
#define PNG_SIGN	8
#define PNG_CHUNK	12	/* length, type, CRC */

static enum file_kind jpeg_judge(const uint8_t *, size_t);
static enum file_kind png_judge(const uint8_t *, size_t);
static enum file_kind pdf_judge(const uint8_t *, size_t);
static bool	 script_in(const uint8_t *, size_t);
static bool	 begins(const uint8_t *, size_t, const char *, size_t);
static uint32_t	 big_endian(const uint8_t *);

enum file_kind
file_kind_of(const void *bytes, size_t len)
{
	const uint8_t	*p = bytes;
	enum file_kind	 kind = FILE_OTHER;

	if (begins(p, len, "\xff\xd8\xff", 3))
		kind = jpeg_judge(p, len);
	else if (begins(p, len, "\x89PNG\r\n\x1a\n", PNG_SIGN))
		kind = png_judge(p, len);
	else if (begins(p, len, "%PDF-1.", 7) || begins(p, len, "%PDF-2.", 7))
		kind = pdf_judge(p, len);
	if (kind >= FILE_PDF && script_in(p, len < HEAD ? len : HEAD))
		return (FILE_SCRIPT);
	return (kind);
}

const char *
file_kind_name(enum file_kind kind)
{
	switch (kind) {
	case FILE_PDF:
		return ("pdf");
	case FILE_JPEG:
		return ("jpeg");
	case FILE_PNG:
		return ("png");
	default:
		return (NULL);
	}
}

/* Segments by their lengths up to the first scan, and an end marker at the end. */
static enum file_kind
jpeg_judge(const uint8_t *p, size_t len)
{
	size_t	at = 2, size;

	while (at + 4 <= len) {
		if (p[at] != 0xff)
			return (FILE_DAMAGED);
		if (p[at + 1] == 0xff) {
			at++;
			continue;
		}
		if (p[at + 1] == 0xda)		/* from here on: the picture itself */
			return (p[len - 2] == 0xff && p[len - 1] == 0xd9 ? FILE_JPEG : FILE_DAMAGED);
		size = (size_t)p[at + 2] << 8 | p[at + 3];
		if (size < 2)
			return (FILE_DAMAGED);
		at += 2 + size;
	}
	return (FILE_DAMAGED);
}

/* Chunk by chunk: IHDR first, IEND last and with it the file. */
static enum file_kind
png_judge(const uint8_t *p, size_t len)
{
	size_t	at = PNG_SIGN, size;

	if (!begins(p + at, len - at, "\0\0\0\x0dIHDR", 8))
		return (FILE_DAMAGED);
	while (at + PNG_CHUNK <= len) {
		size = big_endian(p + at);
		if (size > len - at - PNG_CHUNK)
			return (FILE_DAMAGED);
		if (memcmp(p + at + 4, "IEND", 4) == 0)
			return (at + PNG_CHUNK + size == len ? FILE_PNG : FILE_DAMAGED);
		at += PNG_CHUNK + size;
	}
	return (FILE_DAMAGED);
}

/* The last %%EOF is followed by nothing but the end of its line. */
static enum file_kind
pdf_judge(const uint8_t *p, size_t len)
{
	while (len > 0 && (p[len - 1] == '\n' || p[len - 1] == '\r' || p[len - 1] == ' '))
		len--;
	return (len > 16 && memcmp(p + len - 5, "%%EOF", 5) == 0 ? FILE_PDF : FILE_DAMAGED);
}

static bool
script_in(const uint8_t *p, size_t len)
{
	static const char *const	heads[] = { "#!/", "<script", "<?php", "<html", "<!doctype",
	    "<svg", "<%@" };
	size_t				i, k;

	for (i = 0; i < len; i++)
		for (k = 0; k < NITEMS(heads); k++)
			if (len - i >= strlen(heads[k]) &&
			    strncasecmp((const char *)p + i, heads[k], strlen(heads[k])) == 0)
				return (true);
	return (false);
}

static bool
begins(const uint8_t *p, size_t len, const char *sign, size_t n)
{
	return (len >= n && memcmp(p, sign, n) == 0);
}

static uint32_t
big_endian(const uint8_t *p)
{
	return ((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}
