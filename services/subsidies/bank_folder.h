/*
 * bank_folder.h -- files in a folder shared with a bank, each call blocking: for
 * a task's thread. Names are plain (no slash, no leading dot); what is being
 * written has a leading dot until it is whole.
 */
#ifndef SUBSIDIES_BANK_FOLDER_H
#define SUBSIDIES_BANK_FOLDER_H

#include "base/base.h"

#define FOLDER_PATH	512
#define FOLDER_NAME	128
#define FOLDER_FILES	16	/* looked at in one go */

enum folder_verb { FOLDER_WRITE, FOLDER_LIST, FOLDER_READ, FOLDER_MOVE };

struct folder_job {
	enum folder_verb verb;
	const char	*folder;
	char		 name[FOLDER_NAME];
	const char	*to;			/* MOVE: sub-folder, made when it is not there */
	char		 as[FOLDER_NAME];	/* MOVE: its name there */
	const char	*data;			/* WRITE */
	size_t		 len, max;		/* READ: filled into `room`, at most max */
	char		*room;
	char		 names[FOLDER_FILES][FOLDER_NAME];	/* LIST: *.csv, in order */
	size_t		 count;
	int		 error;			/* errno; 0: done */
};

/* The task: struct folder_job. */
void	folder_run(void *);

#endif
