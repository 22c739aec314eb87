/*
 * class.h -- words and shapes that the files of the class engine share.
 */
#ifndef YJY_CLASS_H
#define YJY_CLASS_H

#include "http/call.h"

/* skill, order, apprentice, project, startup; ended by NULL, as the others. */
extern const char *const	class_kinds[];
/* What a startup class teaches: gyb, syb, iyb, eyb, online. */
extern const char *const	class_modules[];
/* What everybody may see of a class. */
extern const struct shape	class_shape[];
/* The same, and what is between its institution and its county. */
extern const struct shape	filing_shape[];
extern const struct shape	enrolment_shape[];
/* 六类人员 (职业培训补贴), as a person declares it. */
extern const char *const	target_groups[];

#endif
