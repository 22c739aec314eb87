/*
 * routes.c -- the whole API of the training service.
 */
#include "training.h"

const struct route *const training_routes[] = {
	class_routes,
	enrolment_routes,
	certificate_routes,
	/* training: demand */
	/* training: institutions */
	/* training: classes */
	/* training: attendance */
	session_routes,
	sign_routes,
	check_routes,
	anomaly_routes,
	/* training: examinations */
	/* training: carriers */
	/* training: brands */
	NULL
};
