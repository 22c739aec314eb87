/*
 * labels.h -- the enumerations of our interfaces: a list of words with their
 * official labels each.
 */
#ifndef IDENTITY_LABELS_H
#define IDENTITY_LABELS_H

#include "codes/codes.h"

const struct code_list	*labels(size_t *n);

#endif
