/*
 * routes.c -- the whole API of the training service.
 */
#include "training.h"

const struct route *const training_routes[] = {
	class_routes,
	enrolment_routes,
	certificate_routes,
	/* training: demand */
	demand_routes,
	demand_officer_routes,
	shortage_routes,
	gap_routes,
	/* training: institutions */
	institution_routes,
	course_routes,
	trainer_routes,
	agreement_routes,
	apprentice_routes,
	/* training: classes */
	class_file_routes,
	class_check_routes,
	enrol_list_routes,
	/* training: attendance */
	/* training: examinations */
	/* training: carriers */
	/* training: brands */
	NULL
};
