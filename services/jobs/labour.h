/*
 * labour.h -- one person's labour-force record as it is entered: by a form, or
 * by a line of a file (labour_import.c). The identity number and the name in
 * clear live only until they are a blind index and a mask; the phone is sealed.
 */
#ifndef YJY_LABOUR_H
#define YJY_LABOUR_H

#include "jobs.h"

struct labour_in {
	const char	*id_number, *name, *phone;
	const char	*village_code, *hukou_code, *education_code;
	int64_t		 skill_level;		/* 0: none */
	const char	*employment_state, *work_place, *wish, *training_wish;
	bool		 willing;
};

extern const char *const	labour_states[];
extern const char *const	labour_wishes[];

/* What jobs.labour_put() takes; `line` 0: no file. */
void	labour_put_json(struct arena *, struct json_out *, const struct labour_in *, int64_t line);
/* True when the code is one of the 3,331 villages, and not a town or county. */
int	check_village(const char *);

#endif
