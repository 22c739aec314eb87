/*
 * dossier_load.h -- dossiers from the database: some holders by name, or all
 * within a range of ids, with no more than what is wanted of them.
 *
 * All return -1 after a database error. The db's arena becomes the dossier's.
 * What they read is what is known now; under the evaluator's lock it is what
 * a decision is made on.
 */
#ifndef SUBSIDIES_DOSSIER_LOAD_H
#define SUBSIDIES_DOSSIER_LOAD_H

#include "db/db.h"
#include "dossier.h"

struct dossier_want {
	rule_mask	facts;		/* that some policy names */
	uint64_t	subjects;	/* kinds judged, as bits */
	bool		decisions;	/* and what was decided, claimed and held */
};

/* Two uuid[] literals, "{}" for none: those people, and these employers with whom they name. */
int	dossier_load(struct db *, const char *people, const char *orgs,
	    const struct dossier_want *, struct dossier *) MUST_CHECK;
/* Everybody from `first` to `last`; their employers are those of `with` (loaded for long). */
int	dossier_load_range(struct db *, const struct uuid *first, const struct uuid *last,
	    const struct dossier_want *, const struct dossier *with, struct dossier *) MUST_CHECK;
/* Every employer, and nobody. */
int	dossier_load_orgs(struct db *, const struct dossier_want *, struct dossier *) MUST_CHECK;
/* One person with all that any policy could ask; npeople is 0 when there is none. */
int	dossier_load_person(struct db *, const struct uuid *, struct dossier *) MUST_CHECK;

#endif
