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
	session_routes,
	sign_routes,
	check_routes,
	anomaly_routes,
	/* training: examinations */
	exam_routes,
	exam_body_routes,
	exam_visit_routes,
	verify_routes,
	follow_routes,
	satisfaction_routes,
	stock_routes,
	/* training: carriers */
	skill_carrier_routes,
	skill_carrier_year_routes,
	/* training: brands */
	brand_routes,
	brand_version_routes,
	brand_bearer_routes,
	brand_year_routes,
	brand_photo_routes,
	brand_page_routes,
	skill_rule_routes,
	NULL
};
