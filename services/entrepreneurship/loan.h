/*
 * loan.h -- what the files about start-up loans share: names of sealed columns.
 */
#ifndef YJY_LOAN_H
#define YJY_LOAN_H

#include "crypt/crypt.h"
#include "http/call.h"

#define LOAN_NAME	"loan.name"
#define LOAN_ID		"loan.id"
#define LOAN_PHONE	"loan.phone"
#define LOAN_DOCUMENT	"loan.document"

extern const struct shape	loan_shape[];

#endif
