/*
 * officer.h -- what the files about officers share: secrets being checked and
 * made, links, and the shape of an account.
 */
#ifndef YJY_OFFICER_H
#define YJY_OFFICER_H

#include "identity.h"

#define RECOVERY_CODES	10
#define ENROL_TRIES	5
#define TOTP_OWN_S	900	/* to finish a new authenticator */

#define ROLE_ADMINS	(ROLE_SYSTEM_ADMIN | ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN)
#define ROLE_DESKS	(ROLE_OFFICERS | ROLE_ADMINS)

extern const struct shape officer_shape[];
extern const struct shape secret_shape[];	/* a TOTP secret, shown once */
extern const struct shape recovery_shape[];	/* recovery codes, shown once */

int	check_login(const char *);

/* password.c: 0 the officer may take it; otherwise the reply, faults named at `pointer`. */
int	password_judge(struct call *, const struct uuid *officer, const char *login,
	    const char *password, const char *pointer) MUST_CHECK;

/* ---- officer.c ---- */
struct proof {			/* what an officer shows */
	const char	*login;
	const char	*password;
	const char	*totp;
	const char	*recovery_code;
};

/* Step of the sealed secret whose code this is; 0: none. */
int64_t	officer_step(struct call *, const char *sealed, const char *code);
/* The reply to what officer_prove() gave. */
int	officer_refuse(struct call *, int error);
/* Replaces the password of whom the proof is, and replies. */
int	officer_password(struct call *, const struct proof *, const char *new_password);

/* ---- enrolment.c ---- */

/* A link for the officer; earlier ones end. The token, for the reply only; NULL: database. */
char	*enrolment_link(struct call *, const struct uuid *officer);
/* A fresh TOTP secret: sealed for the table, and as the reply that shows it once. */
const char *totp_secret_make(struct call *, const char *login, const char **reply);
/* The tries'th proof that the secret arrived: stores what waited, replies with recovery codes. */
int	enrolment_finish(struct call *, const struct uuid *enrolment, const struct uuid *officer,
	    const char *pending_totp, const char *totp);
/* Under what a recovery code is kept: small letters, without dashes, keyed. */
const char *recovery_index(struct call *, const struct uuid *officer, const char *code);
/* Ten new codes in place of the old ones, as a reply. */
int	recovery_reply(struct call *, const struct uuid *officer, int status);

#endif
