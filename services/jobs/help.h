/*
 * help.h -- 帮扶个案 (永政办发〔2024〕15号 二（三）9): the words and the shapes
 * that help.c, plan.c and dossier.c share.
 */
#ifndef JOBS_HELP_H
#define JOBS_HELP_H

#include "jobs.h"

extern const char *const	help_groups[];	/* 帮扶对象类别 */
extern const char *const	help_kinds[];	/* kinds of service */
extern const struct shape	help_shape[];	/* a case; the lists only where it is read whole */
extern const struct shape	help_item_shape[];
extern const struct shape	help_contact_shape[];

/* Replies with the whole case c->id, as the transaction has made it. */
int	help_reply_whole(struct call *, int status);
/* True: aggregates only, and cells under five are not shown (市级统计). */
bool	help_hides(const struct call *);

#endif
