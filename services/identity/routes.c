/*
 * routes.c -- the whole interface of identity on a screen.
 */
#include "identity.h"
#include "codes/codes.h"

const struct route *const identity_routes[] = {
	person_routes,		/* /v1/identity/persons, /me */
	org_routes,		/* /v1/identity/orgs */
	org_legal_routes,	/* /v1/identity/org-legal-checks, /uscc-overrides */
	org_member_routes,	/* /v1/identity/orgs/own/members, /invitations */
	text_routes,		/* /v1/identity/sms-codes */
	session_routes,		/* /v1/identity/sessions */
	person_change_routes,	/* /v1/identity/me/…, /persons/{id}/verify */
	outlet_routes,		/* /v1/identity/outlets */
	assist_routes,		/* /v1/identity/assist-sessions */
	officer_routes,		/* /v1/identity/officer-sessions */
	login_routes,		/* /v1/identity/sessions, of one's own and of officers */
	officer_account_routes,	/* /v1/identity/officers */
	officer_own_routes,	/* /v1/identity/officers/me */
	enrolment_routes,	/* /v1/identity/enrolments */
	grant_routes,		/* /v1/identity/grants, …/transfer */
	right_routes,		/* /v1/identity/rights, /internal/rights, /internal/actions */
	oauth_routes,		/* /.well-known/… */
	oauth_authorize_routes,	/* /oauth/authorize */
	oauth_token_routes,	/* /oauth/token */
	oauth_revoke_routes,	/* /oauth/revoke, /oauth/introspect */
	client_routes,		/* /v1/identity/clients */
	signing_routes,		/* /v1/identity/signing-keys */
	code_routes,		/* /v1/codes */
	introspect_routes,	/* /internal/revocations, /internal/introspect */
	consent_routes,		/* /v1/identity/consent-purposes, /me/consents */
	merge_routes,		/* /v1/identity/merges, /merge-candidates */
	request_routes,		/* /v1/identity/data-requests, /me/data-requests */
	unmask_routes,		/* /v1/identity/persons/{id}/unmask, /unmaskings */
	sandbox_routes,		/* /v1/identity/sandbox/… */
	NULL
};

const struct field area_query_fields[] = {
	PAGE_QUERY(area_query),
	FIELD_CHECK(area_query, county_code, OPTIONAL, check_county, "县级单位代码"),
	FIELD_END
};

const struct field page_query_fields[] = {
	PAGE_QUERY(page_query),
	FIELD_END
};
