/*
 * title_priv.h -- what the files of titles share.
 *
 *	title.c		texts kept, weighed, compared
 *	title_cut.c	text -> characters that matter -> features
 *	title_load.c	the files of sql/reference
 */
#ifndef JOBS_TITLE_PRIV_H
#define JOBS_TITLE_PRIV_H

#include "title.h"

#define TITLE_CHARS	64	/* of one text that are looked at */
#define TITLE_FEATURES	(TITLE_CHARS * 4)
#define TITLE_NOISE	128
#define TITLE_NOISE_CHARS 12

struct title_feature {
	uint64_t	feature;	/* never 0 */
	float		weight;
};

/* One text in which a feature stands. */
struct title_place {
	uint32_t	text;
	float		weight;
};

struct title_entry {
	uint64_t		 feature;	/* 0: free */
	uint32_t		 texts;		/* that have it */
	uint32_t		 nlist;
	struct title_place	*list;		/* NULL before it is sealed */
};

struct title_text {
	char			 code[TITLE_CODE];
	enum title_kind		 kind;
	struct title_feature	*features;	/* NULL once sealed */
	size_t			 nfeatures;
	double			 prior;
};

struct title_noise {
	uint32_t	chars[TITLE_NOISE_CHARS];
	size_t		n;
};

struct titles {
	struct title_noise	 noise[TITLE_NOISE];
	size_t			 nnoise;
	struct title_text	*texts;
	size_t			 ntexts, texts_room;
	struct title_entry	*entries;	/* open addressing */
	size_t			 nentries, entries_cap;
	double			*scores;	/* by text, nought between questions */
	uint32_t		*touched;	/* texts with a score */
	size_t			 ntouched;
};

/* The features of a text, each once; how many. */
size_t	title_features(const struct titles *, const char *text, struct title_feature out[TITLE_FEATURES]);
size_t	title_noise_chars(const char *word, uint32_t out[TITLE_NOISE_CHARS]);

#endif
