/*
 * verify_qr.c -- draws a QR code: one path of unit squares, dark modules only,
 * within the quiet zone that the standard asks for. The only user of
 * libqrencode. Pure.
 */
#include "verify_qr.h"

#include <qrencode.h>

#define QUIET	4	/* modules around the code */
#define DARK	1	/* the bit of a module that says so */

static void	draw_row(struct buf *, const unsigned char *, int, int);

int
qr_svg(struct buf *out, const char *text)
{
	QRcode	*code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	int	 side, y;

	if (code == NULL)
		return (-1);
	side = code->width + 2 * QUIET;
	buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
	    "shape-rendering=\"crispEdges\"><rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>"
	    "<path d=\"", side, side);
	for (y = 0; y < code->width; y++)
		draw_row(out, code->data + (size_t)y * (size_t)code->width, code->width, y);
	buf_adds(out, "\"/></svg>\n");
	QRcode_free(code);
	return (buf_ok(out) ? 0 : -1);
}

/* Neighbours are one run. */
static void
draw_row(struct buf *out, const unsigned char *row, int width, int y)
{
	int	x, from;

	for (x = 0; x < width; x++) {
		if ((row[x] & DARK) == 0)
			continue;
		for (from = x; x + 1 < width && (row[x + 1] & DARK) != 0; x++)
			continue;
		buf_addf(out, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from + 1, x - from + 1);
	}
}
