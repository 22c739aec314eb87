/*
 * verify_number.h -- the number of a certificate: TC, county (6), year (4),
 * level (1: 0 特级技师, 9 首席技师), six digits drawn by lot, and a check
 * character by ISO 7064 MOD 11-2 over the digits, as in GB 11643.
 */
#ifndef TRAINING_VERIFY_NUMBER_H
#define TRAINING_VERIFY_NUMBER_H

#include <stdbool.h>

#define CERTIFICATE_NO_LEN	20

/* Whether it has the form of one and its check character fits. */
bool	certificate_no_ok(const char *);

#endif
