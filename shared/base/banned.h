/*
 * banned.h -- libc calls that overflow, read the wrong clock or lose errors.
 * Using one is a compile error. Include base.h after the system headers.
 */
#ifndef YJY_BANNED_H
#define YJY_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* With _FORTIFY_SOURCE these are macros under clang. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok
#pragma GCC poison atoi atol atoll gmtime localtime ctime asctime mktime
#ifndef YJY_CLOCK_C
#pragma GCC poison time gettimeofday
#endif

#endif
