/*
 * identity.h -- what the files of identity share: opening sessions, checking
 * one-time codes, and the settings of both.
 */
#ifndef YJY_IDENTITY_H
#define YJY_IDENTITY_H

#include "events/events.h"
#include "http/call.h"

#define ACCESS_S	600		/* an access token's life */
#define CODE_S		300		/* a texted code's life */
#define CODE_PAUSE_S	60		/* between two texts to one phone */
#define CODE_TRIES	5
#define HASH_BYTES	32

extern const struct route person_routes[];
extern const struct route org_routes[];
extern const struct route org_legal_routes[];
extern const struct route org_member_routes[];
extern const struct route text_routes[];
extern const struct route person_change_routes[];
extern const struct route outlet_routes[];
extern const struct route assist_routes[];
extern const struct route session_routes[];
extern const struct route officer_routes[];
extern const struct route login_routes[];
extern const struct route officer_account_routes[];
extern const struct route officer_own_routes[];
extern const struct route enrolment_routes[];
extern const struct route grant_routes[];
extern const struct route right_routes[];
extern const struct route oauth_routes[];
extern const struct route oauth_token_routes[];
extern const struct route oauth_authorize_routes[];
extern const struct route oauth_revoke_routes[];
extern const struct route client_routes[];
extern const struct route signing_routes[];
extern const struct route sandbox_routes[];
extern const struct route code_routes[];
extern const struct route introspect_routes[];
extern const struct route consent_routes[];
extern const struct route unmask_routes[];
extern const struct route request_routes[];
extern const struct route merge_routes[];
extern const struct route *const identity_routes[];
extern const struct consumer identity_consumers[];

extern const struct shape tokens_shape[];

/* A page and nothing else (routes.c). */
struct page_query {
	struct page_in	 page;
};
extern const struct field page_query_fields[];
#define PAGE_QUERY(s)								\
	{ .name = "limit", .type = FIELD_T_INT, .offset = offsetof(struct s, page.limit), \
	  .min = 1, .max = 200, .help = "每页条数" },				\
	{ .name = "cursor", .type = FIELD_T_TEXT, .offset = offsetof(struct s, page.cursor), \
	  .max = 500, .help = "分页游标" }

/* Lists for officers: a page, of one county if asked (routes.c). */
struct area_query {
	struct page_in	 page;
	const char	*county_code;
};
extern const struct field area_query_fields[];

/* tokens.c */
enum session_kind { SESSION_PERSON, SESSION_OFFICER };

struct session_tokens {
	const char	*refresh;	/* NULL: none is given */
	int64_t		 left_s;	/* of the session */
};

/*
 * Opens a session for `who` (whose client, actor, outlet and strength it keeps)
 * and replies with its tokens. `method` is a word of session_method_check;
 * NULL: text_code for a person, password_totp for an officer.
 */
int	tokens_reply(struct call *, enum session_kind, struct principal *who,
	    const char *method);
/* The same in two steps. `scope`: what was asked for, NULL: everything. */
int	session_start(struct call *, enum session_kind, const char *method, const char *scope,
	    struct principal *who, struct session_tokens *) MUST_CHECK;
int	tokens_write(struct call *, const struct principal *, const struct session_tokens *);
char	*refresh_make(struct arena *, uint8_t hash[HASH_BYTES]);
char	*scope_of(struct arena *, const struct principal *);
int	principal_of_person(struct call *, const struct uuid *person,
	    const struct uuid *org, struct principal *) MUST_CHECK;
int	principal_of_officer(struct call *, const struct uuid *officer,
	    struct principal *) MUST_CHECK;
void	principal_add(struct principal *, enum role, const char *area);

void	revocation_sweep(void);		/* introspect.c: rows no token can meet any more */

void	login_start(void);	/* login.c */

/*
 * officer.c: 0 with the officer whose login, password and unspent one-time code
 * these are; -1 database; else the error_code to refuse with.
 */
int	officer_prove(struct call *, const char *login, const char *password, const char *totp,
	    struct uuid *id) MUST_CHECK;

/* password.c: Argon2id on the thread pool. 1 match, 0 not, -1 queue full. */
int	password_check(struct call *, const char *hash, const char *password) MUST_CHECK;
const char *password_make(struct call *, const char *password);	/* a hash; NULL: queue full */
bool	password_outdated(const char *hash);	/* made with less than is asked for now */
const char *password_dummy(void);	/* a hash nobody's password has */

/* request.c */
#define ESCALATE_MS	5000
void	requests_escalate(void);

#endif
