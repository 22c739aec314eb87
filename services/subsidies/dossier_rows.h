/*
 * dossier_rows.h -- what dossier_load.c does with each statement's rows: they
 * become structs, and each holder of the dossier gets the slice that is theirs.
 * The rows are in the order of holders; a row of nobody is passed over.
 */
#ifndef SUBSIDIES_DOSSIER_ROWS_H
#define SUBSIDIES_DOSSIER_ROWS_H

#include "db/db.h"
#include "dossier.h"

typedef void dossier_take_rows(struct dossier *, const struct db_rows *);

dossier_take_rows	take_people, take_hires, take_facts, take_unemployment, take_insured,
			take_graduates, take_holds, take_claims, take_decisions;
dossier_take_rows	take_orgs, take_org_facts, take_org_holds, take_org_claims,
			take_org_decisions, take_staff;
dossier_take_rows	take_cover;

#endif
