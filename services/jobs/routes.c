/*
 * routes.c -- the whole API of the jobs service.
 */
#include "jobs.h"

const struct route *const jobs_routes[] = {
	/* postings, employers */
	employer_routes,
	vacancy_review_routes,
	vacancy_check_routes,
	vacancy_routes,
	/* search */
	occupation_routes,
	search_routes,
	synonym_routes,
	index_routes,
	/* matching */
	match_routes,
	match_org_routes,
	match_seeker_routes,
	match_weight_routes,
	/* applications, live recruitment, fairs */
	application_routes,
	resume_routes,
	interview_routes,
	live_routes,
	fair_routes,
	/* registers */
	employment_routes,
	employment_declare_routes,
	employment_change_routes,
	unemployment_routes,
	unemployment_more_routes,
	difficulty_routes,
	difficulty_review_routes,
	household_routes,
	household_care_routes,
	retire_routes,
	/* help cases, rosters */
	help_routes,
	help_setting_routes,
	plan_routes,
	dossier_routes,
	roster_import_routes,
	roster_routes,
	graduate_routes,
	group_member_routes,
	arrears_routes,
	/* places, grass roots */
	place_routes,
	place_register_routes,
	place_right_routes,
	hall_routes,
	hall_work_routes,
	collect_routes,
	collect_check_routes,
	labour_routes,
	labour_import_routes,
	rating_routes,
	/* gig market, workshops, public-welfare posts */
	gig_routes,
	gig_shift_routes,
	welfare_routes,
	welfare_day_routes,
	workshop_routes,
	/* partners */
	mandate_routes,
	partner_vacancy_routes,
	partner_person_routes,
	partner_placement_routes,
	feed_routes,
	NULL
};
