/*
 * matter.c -- the file of matters, read and judged whole: each mistake is
 * reported with its place, and a file with any is not used.
 */
#include <stdlib.h>

#include "workflow/matter.h"
#include "auth/auth.h"
#include "http/errors.h"
#include "workflow/case.h"

#define FILE_MAX	((size_t)1 << 20)
#define MATTERS_MAX	256
#define MATERIALS_MOST	40
#define DAYS_MOST	365

static char	*file_read(struct arena *, const char *, size_t *);
static void	 matter_read(struct matter *, const struct json *, size_t, struct buf *);
static void	 matter_judge(const struct matter *, size_t, struct buf *);
static void	 judge_names(const char *, const char *, bool (*)(const char *), size_t, struct buf *);
static void	 judge_texts(const char *, size_t, struct buf *);
static bool	 is_role(const char *);
static bool	 is_channel(const char *);
static int	 check_code(const char *);
static int	 by_code(const void *, const void *);

static const struct field	material_fields[] = {
	FIELD_TEXT(matter_material, name, REQUIRED, 1, 100, "材料"),
	FIELD_TEXT(matter_material, name_en, REQUIRED, 1, 200, "英文名"),
	FIELD_BOOL(matter_material, by_data, REQUIRED, "数据核验，免提交"),
	FIELD_END
};

static const struct field	matter_fields[] = {
	FIELD_CHECK(matter, code, REQUIRED, check_code, "事项编码"),
	FIELD_TEXT(matter, name, REQUIRED, 2, 60, "事项名称"),
	FIELD_TEXT(matter, name_en, REQUIRED, 2, 120, "英文名称"),
	FIELD_TEXT(matter, service, REQUIRED, 2, 40, "承办服务"),
	FIELD_TEXT(matter, route, REQUIRED, 2, 60, "承办接口"),
	FIELD_JSON(matter, audience, REQUIRED, 1000, "办理对象"),
	FIELD_JSON(matter, channels, REQUIRED, 200, "办理渠道"),
	FIELD_JSON(matter, basis, OPTIONAL, 4000, "设定依据"),
	FIELD_JSON(matter, path, OPTIONAL, 1000, "路径参数取自表单"),
	FIELD_JSON(matter, next, OPTIONAL, 4000, "各状态的下一步"),
	FIELD_LIST(matter, materials, OPTIONAL, 0, MATERIALS_MOST, matter_material, material_fields, "材料"),
	FIELD_INT(matter, days, OPTIONAL, 1, DAYS_MOST, "承诺时限（工作日）"),
	FIELD_BOOL(matter, instant, REQUIRED, "即办"),
	FIELD_END
};

static struct arena	 arena;
static bool		 loaded;
static struct matter	*all;
static size_t		 count;

int
matters_load(const char *path, struct buf *faults)
{
	const struct json	*list;
	size_t			 len, i;
	char			*text;

	if (!loaded)
		arena_init(&arena);
	loaded = true;
	count = 0;
	if ((text = file_read(&arena, path, &len)) == NULL) {
		buf_addf(faults, "%s cannot be read\n", path);
		return (-1);
	}
	list = json_get(json_parse(&arena, text, len), "matters");
	if (!json_is_array(list) || json_count(list) == 0 || json_count(list) > MATTERS_MAX) {
		buf_addf(faults, "%s: no JSON with a list \"matters\" of 1 to %d\n", path, MATTERS_MAX);
		return (-1);
	}
	all = arena_zalloc(&arena, json_count(list) * sizeof(*all));
	for (i = 0; i < json_count(list); i++)
		matter_read(&all[i], json_at(list, i), i, faults);
	if (faults->len > 0)
		return (-1);
	count = json_count(list);
	qsort(all, count, sizeof(*all), by_code);
	for (i = 1; i < count; i++)
		if (strcmp(all[i - 1].code, all[i].code) == 0)
			buf_addf(faults, "%s: two matters %s\n", path, all[i].code);
	return (faults->len > 0 ? -1 : 0);
}

const struct matter *
matters(size_t *n)
{
	*n = count;
	return (all);
}

const struct matter *
matter_find(const char *code)
{
	struct matter	key = { .code = code };

	return (count == 0 ? NULL : bsearch(&key, all, count, sizeof(*all), by_code));
}

static char *
file_read(struct arena *a, const char *path, size_t *len)
{
	FILE	*f = fopen(path, "r");
	char	*text = arena_alloc(a, FILE_MAX);

	if (f == NULL)
		return (NULL);
	*len = fread(text, 1, FILE_MAX, f);
	(void)fclose(f);
	return (*len < FILE_MAX ? text : NULL);
}

static void
matter_read(struct matter *m, const struct json *from, size_t i, struct buf *faults)
{
	struct json_errors	 e = { .count = 0 };
	const char		*text = json_text(&arena, from);
	size_t			 k;

	if (json_decode(&arena, text, strlen(text), matter_fields, m, sizeof(*m), &e) == 0) {
		matter_judge(m, i, faults);
		return;
	}
	for (k = 0; k < e.count; k++)
		buf_addf(faults, "/matters/%zu%s: %s\n", i, e.list[k].pointer,
		    error_row((enum error_code)e.list[k].code)->en);
}

/* What a field table cannot say. */
static void
matter_judge(const struct matter *m, size_t i, struct buf *faults)
{
	const char	*service = case_no_service(m->code);

	if (service == NULL || strcmp(service, m->service) != 0)
		buf_addf(faults, "/matters/%zu/code: %s is no code of %s\n", i, m->code, m->service);
	if (m->instant && m->days != 0)
		buf_addf(faults, "/matters/%zu/days: a matter done at once has none\n", i);
	judge_names("audience", m->audience, is_role, i, faults);
	judge_names("channels", m->channels, is_channel, i, faults);
	if (m->basis != NULL)
		judge_names("basis", m->basis, NULL, i, faults);
	if (m->next != NULL)
		judge_texts(m->next, i, faults);
	if (m->path != NULL && !json_is_object(json_parse(&arena, m->path, strlen(m->path))))
		buf_addf(faults, "/matters/%zu/path: not an object\n", i);
}

/* A list of texts, not empty, each of which `known` knows. */
static void
judge_names(const char *member, const char *text, bool (*known)(const char *), size_t i,
    struct buf *faults)
{
	const struct json	*list = json_parse(&arena, text, strlen(text));
	const char		*word;
	size_t			 k;

	if (!json_is_array(list) || json_count(list) == 0)
		buf_addf(faults, "/matters/%zu/%s: a list that is not empty\n", i, member);
	for (k = 0; json_is_array(list) && k < json_count(list); k++)
		if ((word = json_string(json_at(list, k))) == NULL || (known != NULL && !known(word)))
			buf_addf(faults, "/matters/%zu/%s/%zu: unknown %s\n", i, member, k,
			    word != NULL ? word : "thing");
}

/* {"accepted": {"zh": …, "en": …}, …} */
static void
judge_texts(const char *text, size_t i, struct buf *faults)
{
	const struct json	*o = json_parse(&arena, text, strlen(text)), *v;
	size_t			 k;

	if (!json_is_object(o))
		buf_addf(faults, "/matters/%zu/next: not an object\n", i);
	for (k = 0; json_is_object(o) && k < json_count(o); k++) {
		v = json_value(o, k);
		if (json_string(json_get(v, "zh")) == NULL || json_string(json_get(v, "en")) == NULL)
			buf_addf(faults, "/matters/%zu/next/%s: wants zh and en\n", i, json_key(o, k));
	}
}

static bool
is_role(const char *word)
{
	return (role_of(word) != 0 || strcmp(word, "anyone") == 0);
}

static bool
is_channel(const char *word)
{
	return (strcmp(word, "app") == 0 || strcmp(word, "outlet") == 0);
}

static int
check_code(const char *text)
{
	return (strlen(text) == 5 && text[2] == '-' && text[3] >= '0' && text[3] <= '9' &&
	    text[4] >= '0' && text[4] <= '9' ? 0 : ERR_F_FORMAT);
}

static int
by_code(const void *a, const void *b)
{
	return (strcmp(((const struct matter *)a)->code, ((const struct matter *)b)->code));
}
