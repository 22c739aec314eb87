/*
 * base.h -- words every file may use: MUST_CHECK, array sizes, and the list
 * of libc functions that do not compile in this project (banned.h).
 */
#ifndef YJY_BASE_H
#define YJY_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK	__attribute__((warn_unused_result))
#define PRINTF(f, a)	__attribute__((format(printf, f, a)))
#define NORETURN	__attribute__((noreturn))
#define UNUSED		__attribute__((unused))
#define NITEMS(a)	(sizeof(a) / sizeof((a)[0]))

#include "base/banned.h"

#endif
