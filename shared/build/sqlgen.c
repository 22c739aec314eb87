/*
 * sqlgen.c -- makes <schema>_sql.h and <schema>_sql.c from named statements.
 *
 *	sqlgen <schema> <output directory> <file.sql>...
 *
 * Each statement becomes a `struct db_stmt` and a C function whose parameters
 * are its arguments; the NULL-ended list <schema>_statements holds them all.
 * A file that does not exist is passed over: the shell hands its pattern
 * through when a schema has no statements yet.
 */
#include <unistd.h>

#include "ctl/sqlfile.h"
/* Built before the library exists, so the parser is compiled in. */
#include "ctl/sqlfile.c"

struct c_type {
	const char	*plain, *nullable;	/* C parameter */
	const char	*bind, *bind_nullable;	/* db_args_… */
	const char	*constant;
};

static const struct c_type c_types[] = {
	[DB_T_TEXT] = { "const char *", NULL, "text", NULL, "DB_T_TEXT" },
	[DB_T_INT8] = { "int64_t ", "const int64_t *", "int8", "int8p", "DB_T_INT8" },
	[DB_T_INT4] = { "int64_t ", "const int64_t *", "int8", "int8p", "DB_T_INT4" },
	[DB_T_BOOL] = { "bool ", "const bool *", "bool", "boolp", "DB_T_BOOL" },
	[DB_T_UUID] = { "const struct uuid *", NULL, "uuid", NULL, "DB_T_UUID" },
	[DB_T_DATE] = { "int32_t ", NULL, "day", NULL, "DB_T_DATE" },
	[DB_T_TIMESTAMPTZ] = { "int64_t ", NULL, "instant", NULL, "DB_T_TIMESTAMPTZ" },
	[DB_T_JSONB] = { "const char *", NULL, "text", NULL, "DB_T_JSONB" },
	[DB_T_BYTEA] = { "const void *", NULL, "bytes", NULL, "DB_T_BYTEA" },
	[DB_T_TEXT_ARRAY] = { "const char *", NULL, "text", NULL, "DB_T_TEXT_ARRAY" },
};

static int	 write_both(const char *, const char *, const struct sqlfile *);
static FILE	*open_output(const char *, const char *, const char *);
static int	 close_output(FILE *, const char *);
static void	 write_header(FILE *, const char *, const struct sqlfile *);
static void	 write_source(FILE *, const char *, const struct sqlfile *);
static void	 write_stmt(FILE *, const struct sqlfile_stmt *, size_t);
static void	 write_function(FILE *, const struct sqlfile_stmt *);
static void	 write_prototype(FILE *, const struct sqlfile_stmt *, const char *);
static void	 write_text(FILE *, const char *);
static const char *c_name(const char *, char *, size_t);

int
main(int argc, char **argv)
{
	struct sqlfile	 all = { 0 };
	int		 i, rc = 1;

	if (argc < 3) {
		fprintf(stderr, "usage: sqlgen schema directory [file.sql ...]\n");
		return (2);
	}
	for (i = 3; i < argc; i++) {
		if (strchr(argv[i], '*') != NULL && access(argv[i], F_OK) == -1)
			continue;
		if (sqlfile_read(&all, argv[i]) == -1) {
			fprintf(stderr, "%s\n", all.error);
			goto out;
		}
	}
	rc = write_both(argv[2], argv[1], &all) == 0 ? 0 : 1;
out:
	sqlfile_free(&all);
	return (rc);
}

static int
write_both(const char *dir, const char *schema, const struct sqlfile *all)
{
	FILE	*h = open_output(dir, schema, "h"), *c = open_output(dir, schema, "c");
	int	 rc = -1;

	if (h != NULL && c != NULL) {
		write_header(h, schema, all);
		write_source(c, schema, all);
		rc = 0;
	}
	if (h != NULL && close_output(h, schema) == -1)
		rc = -1;
	if (c != NULL && close_output(c, schema) == -1)
		rc = -1;
	return (rc);
}

static FILE *
open_output(const char *dir, const char *schema, const char *ending)
{
	char	 path[512];
	FILE	*f;

	snprintf(path, sizeof(path), "%s/%s_sql.%s", dir, schema, ending);
	if ((f = fopen(path, "w")) == NULL)
		perror(path);
	else
		fprintf(f, "/* Made by sqlgen from sql/%s/queries. Do not edit. */\n", schema);
	return (f);
}

static int
close_output(FILE *f, const char *schema)
{
	bool	bad = ferror(f) != 0;

	if (fclose(f) == 0 && !bad)
		return (0);
	perror(schema);
	return (-1);
}

static void
write_header(FILE *f, const char *schema, const struct sqlfile *all)
{
	size_t	i;

	fprintf(f, "#ifndef YJY_%s_SQL_H\n#define YJY_%s_SQL_H\n\n#include \"db/db.h\"\n\n",
	    schema, schema);
	fprintf(f, "extern const struct db_stmt *const %s_statements[];\n\n", schema);
	for (i = 0; i < all->count; i++) {
		fprintf(f, "extern const struct db_stmt stmt_%s;\n", all->stmts[i].name);
		write_prototype(f, &all->stmts[i], " ");
		fprintf(f, " MUST_CHECK;\n");
	}
	fprintf(f, "\n#endif\n");
}

static void
write_source(FILE *f, const char *schema, const struct sqlfile *all)
{
	size_t	i;

	fprintf(f, "#include \"%s_sql.h\"\n\n", schema);
	if (all->count > 0)
		fprintf(f, "static uint16_t slots[%zu];\n", all->count);
	for (i = 0; i < all->count; i++) {
		write_stmt(f, &all->stmts[i], i);
		write_function(f, &all->stmts[i]);
	}
	fprintf(f, "\nconst struct db_stmt *const %s_statements[] = {\n", schema);
	for (i = 0; i < all->count; i++)
		fprintf(f, "\t&stmt_%s,\n", all->stmts[i].name);
	fprintf(f, "\tNULL\n};\n");
}

static void
write_stmt(FILE *f, const struct sqlfile_stmt *s, size_t i)
{
	static const char *const cards[] = { "DB_ONE", "DB_MANY", "DB_EXEC" };
	size_t	j;

	fprintf(f, "\n/* %s:%d */\n", s->file, s->line);
	if (s->nargs > 0) {
		fprintf(f, "static const struct db_param params_%s[] = {\n", s->name);
		for (j = 0; j < s->nargs; j++)
			fprintf(f, "\t{ \"%s\", %s },\n", s->args[j].name,
			    c_types[s->args[j].type].constant);
		fprintf(f, "};\n");
	}
	fprintf(f, "const struct db_stmt stmt_%s = {\n\t.name = \"%s\",\n", s->name, s->name);
	fprintf(f, "\t.card = %s, .read = %s, .emits = %s,\n", cards[s->card],
	    s->read ? "true" : "false", s->emits ? "true" : "false");
	if (s->nargs > 0)
		fprintf(f, "\t.params = params_%s, .nparams = %zu,\n", s->name, s->nargs);
	fprintf(f, "\t.slot = &slots[%zu],\n\t.sql =\n", i);
	write_text(f, s->sql);
	fprintf(f, "\n};\n");
}

static void
write_function(FILE *f, const struct sqlfile_stmt *s)
{
	const struct c_type	*t;
	char			 name[80];
	size_t			 i;

	fprintf(f, "\n");
	write_prototype(f, s, "\n");
	fprintf(f, "\n{\n\tstruct db_args\tdb_a;\n\n\tdb_args_init(&db_a, db->arena);\n");
	for (i = 0; i < s->nargs; i++) {
		t = &c_types[s->args[i].type];
		c_name(s->args[i].name, name, sizeof(name));
		fprintf(f, "\tdb_args_%s(&db_a, %s",
		    s->args[i].optional && t->bind_nullable != NULL ?
		    t->bind_nullable : t->bind, name);
		if (s->args[i].type == DB_T_BYTEA)
			fprintf(f, ", %s_len", name);
		fprintf(f, ");\n");
	}
	fprintf(f, "\treturn (db_run_args(db, &stmt_%s, rows, &db_a));\n}\n", s->name);
}

static void
write_prototype(FILE *f, const struct sqlfile_stmt *s, const char *after_type)
{
	const struct c_type	*t;
	char			 name[80];
	size_t			 i;

	fprintf(f, "int%ssql_%s(struct db *db, struct db_rows *rows", after_type, s->name);
	for (i = 0; i < s->nargs; i++) {
		t = &c_types[s->args[i].type];
		fprintf(f, ",\n    %s%s", s->args[i].optional && t->nullable != NULL ?
		    t->nullable : t->plain, c_name(s->args[i].name, name, sizeof(name)));
		if (s->args[i].type == DB_T_BYTEA)
			fprintf(f, ", size_t %s_len", name);
	}
	fprintf(f, ")");
}

/* As adjacent C string literals, a line each. */
static void
write_text(FILE *f, const char *sql)
{
	fputs("\t    \"", f);
	for (; *sql != '\0'; sql++) {
		if (*sql == '\n')
			fputs("\\n\"\n\t    \"", f);
		else if (*sql == '\t')
			fputs("\\t", f);
		else {
			if (strchr("\\\"?", *sql) != NULL)
				fputc('\\', f);
			fputc(*sql, f);
		}
	}
	fputs("\",", f);
}

/* An argument's name, unless C or the function itself has taken it. */
static const char *
c_name(const char *name, char *out, size_t size)
{
	static const char *const taken[] = { "db", "rows", "auto", "bool", "break", "case",
	    "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
	    "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict",
	    "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef",
	    "union", "unsigned", "void", "volatile", "while", "time" };
	size_t	i;

	for (i = 0; i < NITEMS(taken); i++)
		if (strcmp(name, taken[i]) == 0)
			break;
	snprintf(out, size, "%s%s", name, i < NITEMS(taken) ? "_" : "");
	return (out);
}
