/*
 * projects.h -- what the files of 优质创业项目 share: a second look, and papers of
 * what the caller's firm hands in.
 */
#ifndef YJY_PROJECTS_H
#define YJY_PROJECTS_H

#include "http/call.h"
#include "workflow/file.h"

struct look_in {
	bool		 met;
	const char	*note;
};
extern const struct field	look_fields[];
extern const struct shape	milestone_shape[];

/*
 * Takes a file for c->id, which `rows` say is the caller's firm's: county_code,
 * area_code, and `open`, whether it still takes any. No row: 404.
 */
int	paper_keep(struct call *, const char *subject_kind, const struct db_rows *);

#endif
