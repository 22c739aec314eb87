/*
 * identity.h -- what the files of identity share: opening sessions, checking
 * one-time codes, and the settings of both.
 */
#ifndef YJY_IDENTITY_H
#define YJY_IDENTITY_H

#include "http/call.h"

#define ACCESS_S	600		/* an access token's life */
#define REFRESH_S	(30 * 86400)	/* a refresh token's life */
#define CODE_S		300		/* a texted code's life */
#define CODE_PAUSE_S	60		/* between two texts to one phone */
#define CODE_TRIES	5
#define OFFICER_TRIES	5
#define OFFICER_LOCK_S	900
#define HASH_BYTES	32

extern const struct route person_routes[];
extern const struct route org_routes[];
extern const struct route session_routes[];
extern const struct route officer_routes[];
extern const struct route oauth_routes[];
extern const struct route sandbox_routes[];
extern const struct route code_routes[];
extern const struct route *const identity_routes[];

extern const struct shape tokens_shape[];

/* Lists for officers: a page, of one county if asked (routes.c). */
struct area_query {
	struct page_in	 page;
	const char	*county_code;
};
extern const struct field area_query_fields[];

/* tokens.c */
enum session_kind { SESSION_PERSON, SESSION_OFFICER };

/* Opens a session and replies with its tokens. `family` NULL starts one. */
int	tokens_reply(struct call *, enum session_kind, const struct principal *,
	    const struct uuid *family);
int	principal_of_person(struct call *, const struct uuid *person,
	    const struct uuid *org, struct principal *) MUST_CHECK;
int	principal_of_officer(struct call *, const struct uuid *officer,
	    struct principal *) MUST_CHECK;
void	principal_add(struct principal *, enum role, const char *area);

/* session.c: 1 the code is right, 0 wrong, -1 database. */
int	code_check(struct call *, const char *phone, const char *code) MUST_CHECK;

/* password.c: Argon2id on the thread pool. 1 match, 0 not, -1 queue full. */
int	password_check(struct call *, const char *hash, const char *password) MUST_CHECK;
const char *password_dummy(void);	/* a hash nobody's password has */

#endif
