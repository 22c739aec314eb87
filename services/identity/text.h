/*
 * text.h -- text messages: one-time codes, and what else a person is told by
 * phone. The sender is a setting; nobody waits for it.
 */
#ifndef YJY_TEXT_H
#define YJY_TEXT_H

#include "identity.h"

#define CODE_TEXT	7	/* six digits and NUL */

/* A code is good for what it was asked for alone: read out to a clerk, it signs nobody in. */
enum code_purpose { CODE_SIGN_IN, CODE_ASSIST, CODE_PHONE };

int	text_start(void) MUST_CHECK;	/* settings and job; -1: log says what is wrong */
/* False: no sender is configured. */
bool	text_can_send(void);
/* Hands a message over, in the caller's transaction. -1: database. */
int	text_send(struct call *, const char *phone, const char *body, int64_t valid_s) MUST_CHECK;
int	text_put(struct db *, const char *phone, const char *body, int64_t valid_s) MUST_CHECK;
int	text_asked(struct db *, const struct event *);	/* text_asked.c */
void	code_make(char code[CODE_TEXT]);
/* What is kept of a code: of use only together with what it was made for. */
void	code_hash(struct arena *, const char *index, const char *code, uint8_t hash[HASH_BYTES]);

/* Texts a one-time code. 0 sent, otherwise an enum error_code; -1 database. */
int	code_send(struct call *, const char *phone, enum code_purpose) MUST_CHECK;
/* 1 the code is right, and used; 0 wrong, the try is committed; -1 database. */
int	code_check(struct call *, const char *phone, const char *code, enum code_purpose) MUST_CHECK;
int	code_check_index(struct call *, const char *phone_index, const char *code,
	    enum code_purpose) MUST_CHECK;

#endif
