/*
 * attend.h -- what the files of attendance share: the timetable, signing in
 * and out, random checks, anomalies.
 *
 * The rules they keep together: a session is planned before it begins; who
 * signs was there, with the code of the minute; a person is in one place at one
 * time; what an officer confirmed as wrong is not counted.
 */
#ifndef TRAINING_ATTEND_H
#define TRAINING_ATTEND_H

#include "http/call.h"

#define SESSION_KEY	"session.key"	/* the column a session's key is sealed for */
#define SIGN_TRIES	10	/* wrong codes before only a mark by hand can help */

/* What a phone says when its owner signs in or out, or answers a check. */
struct sign_in {
	const char	*code;
	int64_t		 lat_e6, lng_e6;	/* 0: not told */
	int64_t		 accuracy_m;		/* 0: not told; kept, not judged */
	const char	*device_id;		/* the app's own; kept as a keyed hash. NULL: not told */
};

extern const struct field	sign_in_fields[];
extern const struct shape	attendance_shape[];

/* What was found about a saying; what the phone did not tell is NULL. */
struct sign_seen {
	const int64_t	*lat_e6, *lng_e6, *accuracy_m;
	const int64_t	*metres;	/* from the place of the session */
	const int64_t	*travel_kmh;	/* since the person last signed anywhere */
	const char	*device;
	int64_t		 metres_, travel_;
};

/*
 * Judges window, tries, code and distance by a row of training.sign_facts();
 * false: `*refused` is the refusal made. A wrong code is counted and committed.
 */
bool	sign_judge(struct call *, const struct uuid *session, const struct db_rows *facts,
	    const struct sign_in *, struct sign_seen *, int *refused) MUST_CHECK;
/* After a statement failed: elsewhere at that time, or what call_failed() says. */
int	attend_failed(struct call *);

#endif
