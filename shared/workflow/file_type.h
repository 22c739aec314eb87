/*
 * file_type.h -- what an uploaded file really is, by its bytes alone.
 *
 * Three kinds are taken: PDF, JPEG, PNG. A file must begin as its kind begins
 * and end where its kind ends, with nothing behind it; what begins like a
 * script or a page besides is refused. Names and declared types say nothing.
 */
#ifndef YJY_FILE_TYPE_H
#define YJY_FILE_TYPE_H

#include "base/base.h"

enum file_kind {
	FILE_OTHER,		/* none of the three */
	FILE_DAMAGED,		/* one of them, cut short or with something behind its end */
	FILE_SCRIPT,		/* one of them, with a script's or a page's head in it */
	FILE_PDF, FILE_JPEG, FILE_PNG
};

enum file_kind file_kind_of(const void *, size_t);
/* "pdf", "jpeg", "png", which is also the ending of its name; NULL: not taken. */
const char *file_kind_name(enum file_kind);

#endif
