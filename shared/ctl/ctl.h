/* ctl.h -- the commands of yjyctl; each returns the exit code. */
#ifndef YJY_CTL_H
#define YJY_CTL_H

#include "base/buf.h"

struct pg;

#define CTL_PATH	1024
#define CTL_SCHEMAS	32
#define CTL_FILE_MAX	((size_t)64 << 20)

int	ctl_migrate(int argc, char **argv);
int	ctl_load_reference(int argc, char **argv);
int	ctl_check_sql(int argc, char **argv);
int	ctl_audit_verify(int argc, char **argv);	/* [schema] */
int	ctl_audit_archive(int argc, char **argv);	/* directory [schema] */
int	ctl_keys(int argc, char **argv);
int	ctl_enrol(int argc, char **argv);
int	ctl_field_keys(int argc, char **argv);
int	ctl_reseal(int argc, char **argv);
int	ctl_figures(int argc, char **argv);	/* check | rebuild */
