/*
 * rights.h -- rights as data, below what the rows admit: identity says which
 * actions are withdrawn from which roles in which areas, and which matters are
 * delegated to which outlets (outlets.c). The dispatcher then takes a caller's
 * grants for less than the token says. Nothing withdrawn costs one comparison a
 * request, a row without a matter another one.
 */
#ifndef YJY_RIGHTS_H
#define YJY_RIGHTS_H

#include "base/buf.h"

/*
 * {"withdrawn":[{"role","action","area_code"}], "outlets":[{"outlet_id","name","lat_e6",
 * "lng_e6","is_open","matters":[code] or null}]} replaces what was known; -1 keeps it.
 */
int	rights_set(const char *json, size_t len) MUST_CHECK;
/* This program's public rows, as identity keeps them: {"service","rows":[…]}. */
void	rights_actions(struct buf *);

#endif
