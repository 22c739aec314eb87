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
	/* training: examinations */
	exam_routes,
	exam_body_routes,
	exam_visit_routes,
	verify_routes,
	follow_routes,
	satisfaction_routes,
	stock_routes,
	/* training: carriers */
	/* training: brands */
	NULL
};
