/*
 * fuzz_import.c -- any bytes as an import file: rows end where they should,
 * fields are whole texts, lines are counted, and reading always comes to an
 * end. Each field is then looked at as the checks of an import do.
 */
#include "fuzz.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "base/csv.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct csv	 csv;
	char			*text = copy_of((const char *)bytes, len);
	int64_t			 line = 0;
	size_t			 i, rows = 0, total;
	int			 rc;

	csv_init(&csv, text, len);
	while ((rc = csv_next(&csv)) != 0) {
		MUST(++rows <= len + 1);
		MUST(csv.line > line && csv.next_line >= csv.line);
		MUST(csv.at <= text + len);
		line = csv.line;
		if (rc == -1)
			continue;
		MUST(csv.count >= 1 && csv.count <= CSV_FIELDS);
		for (i = 0, total = 0; i < csv.count; i++) {
			total += strlen(csv.field[i]) + 1;
			(void)check_id_number(csv.field[i]);
			(void)check_uscc(csv.field[i]);
			(void)day_parse(csv.field[i]);
		}
		MUST(total <= CSV_LINE_MAX);
	}
	free(text);
	return (0);
}
