/*
 * policy_fields.h -- the outer members of a policy document, for the routes
 * that write one and the compiler that reads it.
 */
#ifndef SUBSIDIES_POLICY_FIELDS_H
#define SUBSIDIES_POLICY_FIELDS_H

#include "http/errors.h"
#include "json/json.h"

struct policy_in {
	const char	*code;
	int64_t		 version;
	const char	*title;
	const char	*subject;
	const char	*beneficiary;
	const char	*mode;
	const char	*release;
	const char	*period;
	const char	*legal_basis;
	int32_t		 effective_from, effective_to;
	const char	*benefit_family;
	const char	*holds;
	const char	*frequency;
	const char	*fund_source;
	const char	*amount;
	int64_t		 notice_working_days;
	int64_t		 promised_working_days;
	const char	*approval;
	const char	*evidence;
	const char	*conditions;
	const char	*exclusions;
};

extern const struct field policy_fields[];

/* What subject, beneficiary and mode may be; ended by NULL. */
extern const char *const policy_subjects[], *const policy_beneficiaries[], *const policy_modes[];

#endif
