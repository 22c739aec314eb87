/*
 * events.c -- what identity hears: which of a person's data other services
 * must keep, and until when: an erasure asks for nothing else. And what the
 * outlets may handle.
 */
#include "identity.h"
#include "identity_sql.h"
#include "text.h"

const struct consumer identity_consumers[] = {
	{ .type = EV_APPLICATION_MOVED, .stmt = &stmt_hold_service },
	{ .type = EV_EMPLOYMENT_REGISTERED, .stmt = &stmt_hold_service },
	{ .type = EV_EMPLOYMENT_ENDED, .stmt = &stmt_hold_service },
	{ .type = EV_UNEMPLOYMENT_REGISTERED, .stmt = &stmt_hold_service },
	{ .type = EV_UNEMPLOYMENT_ENDED, .stmt = &stmt_hold_service },
	{ .type = EV_EMPLOYMENT_DECLARED, .stmt = &stmt_hold_service },
	{ .type = EV_DIFFICULTY_RECOGNISED, .stmt = &stmt_hold_service },
	{ .type = EV_ENROLMENT_COMPLETED, .stmt = &stmt_hold_service },
	{ .type = EV_CERTIFICATE_ISSUED, .stmt = &stmt_hold_service },
	{ .type = EV_CLAIM_FOUND, .stmt = &stmt_hold_service },
	{ .type = EV_CLAIM_PAID, .stmt = &stmt_hold_payment },
	{ .type = EV_TEXT_ASKED, .apply = text_asked },
	{ .type = EV_PLACE_DELEGATED, .stmt = &stmt_outlet_right_put },
	CONSUMER_END
};
