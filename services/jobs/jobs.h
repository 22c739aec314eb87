/*
 * jobs.h -- the service of vacancies, applications and the two registers
 * (就业登记, 失业登记): its route tables and the one function by which a hire,
 * wherever it was made, becomes a registration.
 */
#ifndef YJY_JOBS_H
#define YJY_JOBS_H

#include "events/events.h"
#include "http/call.h"

/* Officers who may see rows about persons; statisticians and treasurers may not. */
#define ROLE_CASE_OFFICERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | \
				 ROLE_APPROVE | ROLE_AUDIT)

/* The contract as an employer reports it. */
struct hire_in {
	struct uuid	 person_id;	/* nil: found by id_number */
	const char	*id_number;
	int32_t		 hired_on;
	const char	*contract_type;
	int64_t		 contract_months;	/* 0: open-ended or not agreed */
	const char	*occupation_code;
	int64_t		 wage_cents;
	const char	*form;		/* NULL: "employer"; "public_post" */
};

/* Who was hired, and through what; all may be NULL but one of the first two. */
struct hire {
	const struct uuid	*person;
	const char		*id_index;
	const struct uuid	*vacancy, *application;
	const char		*occupation_code;
};

/* postings, employers */
extern const struct route	employer_routes[];
extern const struct route	vacancy_check_routes[];
extern const struct route	vacancy_review_routes[];
extern const struct route	vacancy_routes[];
/* search */
extern const struct route	occupation_routes[];
extern const struct route	search_routes[], synonym_routes[], index_routes[];
extern struct listener	search_ears;	/* the index follows our own channel */
int	search_start(void);
bool	search_ready(void);	/* the index is filled */
/* matching */
extern const struct route	match_routes[];
extern const struct route	match_org_routes[];
extern const struct route	match_seeker_routes[];
extern const struct route	match_weight_routes[];
extern struct listener		match_ears;
int	match_start(void);
/* applications, live recruitment, fairs */
extern const struct route	application_routes[];
extern const struct route	resume_routes[];
extern const struct route	interview_routes[];
extern const struct route	live_routes[];
extern const struct route	fair_routes[];
/* registers */
extern const struct route	employment_routes[];
extern const struct route	employment_declare_routes[];
extern const struct route	employment_change_routes[];
extern const struct route	unemployment_routes[];
extern const struct route	unemployment_more_routes[];
extern const struct route	difficulty_routes[];
extern const struct route	difficulty_review_routes[];
extern const struct route	household_routes[];
extern const struct route	household_care_routes[];
extern const struct route	retire_routes[];
extern const struct shape	unemployment_shape[];
extern const struct shape	difficulty_shape[];
void	unemployment_start(void);	/* what the registers do by the clock */
/* help cases, rosters */
/* Who helps: at the counter and in the county office. */
#define ROLE_HELPERS		(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
extern const struct route	help_routes[];
extern const struct route	help_setting_routes[];
extern const struct route	plan_routes[];
extern const struct route	dossier_routes[];
extern const struct route	roster_import_routes[];
extern const struct route	roster_routes[];
extern const struct route	graduate_routes[];
extern const struct route	group_member_routes[];
extern const struct route	arrears_routes[];
void	help_start(void);
/* places, grass roots */
extern const struct route	place_routes[];
extern const struct route	place_register_routes[];
extern const struct route	place_right_routes[];
extern const struct route	hall_routes[];
extern const struct route	hall_work_routes[];
extern const struct route	collect_routes[];
extern const struct route	collect_check_routes[];
extern const struct route	labour_routes[];
extern const struct route	labour_import_routes[];
extern const struct route	rating_routes[];
void	collect_start(void);
bool	query_said(const struct call *, const char *name);
/* gig market, workshops, public-welfare posts */
extern const struct route	gig_routes[];
extern const struct route	gig_shift_routes[];
void	gig_start(void);
extern const struct route	welfare_routes[];
extern const struct route	welfare_day_routes[];
void	welfare_start(void);
extern const struct route	workshop_routes[];
/* partners */
extern const struct route	mandate_routes[];
extern const struct route	partner_vacancy_routes[];
extern const struct route	partner_person_routes[];
extern const struct route	partner_placement_routes[];
extern const struct route	feed_routes[];
extern const struct route *const jobs_routes[];
extern const struct consumer	jobs_consumers[];
extern const struct field	hire_in_fields[];	/* of a hire through the platform */
extern const struct shape	employment_shape[];
extern const struct shape	vacancy_shape[];

/* Judges the dates and the contract, registers, replies; what a handler returns. */
int	employment_reply_hired(struct call *, const struct hire_in *, const struct hire *);

int	occupation_start(void) MUST_CHECK;

#endif
