/*
 * sharing.h -- what the files about datasets and work items share.
 */
#ifndef MONITORING_SHARING_H
#define MONITORING_SHARING_H

#include "codes/codes.h"
#include "monitoring.h"

/* Who proposes, checks and puts in force; persons are told apart by the database. */
#define ROLE_SHARERS	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define ROLE_WORKERS	(ROLE_CLERK | ROLE_SHARERS)
#define ROLE_OFFICE	(ROLE_WORKERS | ROLE_FINANCE | ROLE_FISCAL | ROLE_AUDIT)

/*
 * True when the rows of a …_faults statement name mistakes: all of them are
 * reported, with suggestions, and `said` is what the handler returns.
 */
bool	faults_said(struct call *, const struct db_rows *, int *said);
/* True, and refused: not a list of texts (or of objects). NULL is a list of none. */
bool	faults_list(struct call *, const char *text, const char *pointer, bool objects, int *said);

#endif
