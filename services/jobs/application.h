/*
 * application.h -- what the files of applications share: the shapes of what was
 * sent and of interviews, and the clocks of both.
 */
#ifndef YJY_APPLICATION_H
#define YJY_APPLICATION_H

#include "http/call.h"

extern const struct shape	resume_sent_shape[];	/* a résumé as it was sent */
extern const struct shape	application_shape[];
extern const struct shape	interview_shape[];
extern const char *const	no_show_reasons[];

/* Reminders, offers and events whose time has come; called once, at start. */
void	applications_start(void);

#endif
