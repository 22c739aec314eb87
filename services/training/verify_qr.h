/*
 * verify_qr.h -- a QR code (ISO/IEC 18004, error correction M) as an SVG image.
 */
#ifndef TRAINING_VERIFY_QR_H
#define TRAINING_VERIFY_QR_H

#include "base/buf.h"

/* Appends the image. -1: too long a text, or no memory. */
int	qr_svg(struct buf *, const char *text) MUST_CHECK;

#endif
