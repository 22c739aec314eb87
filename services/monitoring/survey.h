/*
 * survey.h -- 失业动态监测: what an enterprise says of a month, and the judge of
 * whether it contradicts itself. The judge is pure.
 */
#ifndef MONITORING_SURVEY_H
#define MONITORING_SURVEY_H

#include "json/json.h"

#define SURVEY_HEADS_MAX	1000000	/* of any count that is answered */
#define SURVEY_REASONS_MAX	15	/* the form says how many of them at most */
#define SURVEY_MORE_BYTES	4096
#define SURVEY_TEXT_MAX		200	/* characters of an answer in words */

struct survey_reason {
	const char	*code, *text;
};

struct survey_in {
	int64_t		 base_heads;	/* 建档期就业人数 */
	int64_t		 current_heads;	/* 调查期就业人数 */
	const char	*decrease_type, *decrease_text;
	struct list_of	 reasons;	/* struct survey_reason */
	const char	*more;		/* JSON object of the form's further items */
};

/* A version of the form, and what the panel knows of the firm. */
struct survey_terms {
	const struct json	*types, *reasons, *more;	/* lists, as sql/monitoring/030 describes */
	int64_t			 reasons_most;
	int64_t			 base_heads;	/* that it must name; 0: not known yet */
};

/* All that is wrong, each at its field; `whole`: also what a draft may still lack. */
void	survey_judge(struct arena *, const struct survey_in *, const struct survey_terms *, bool whole,
	    struct json_errors *);

#endif
