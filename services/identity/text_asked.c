/*
 * text_asked.c -- text messages that other services ask for.
 *
 * The event says who and what about; the phone and the words are identity's.
 * Of an organisation everybody is texted who may claim for it. Without a
 * sender nothing is sent: the message in the app is there all the same.
 */
#include "text.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define VALID_S		(2 * 86400)

struct wording {
	const char	*kind;
	const char	*before, *after;	/* the policy's title and how many */
};

static const struct wording wordings[] = {
	{ "claim_account_changed", "【永就业365】收款账户已变更：",
	    "。申领须重新审核；如非本人操作，请立即联系当地公共就业服务机构。" },
	{ "claim_unanswered", "【永就业365】待您确认：", "。请登录确认收款账户；不需要的可以放弃。" },
};

static bool	 who(const struct event *, const char *, struct uuid *);
static const struct wording *wording_of(const char *);

int
text_asked(struct db *db, const struct event *e)
{
	const struct wording	*w = wording_of(json_string(json_get(e->data, "kind")));
	const char		*title = json_string(json_get(e->data, "policy_title")), *phone;
	struct uuid		 person = { .b = { 0 } }, org = { .b = { 0 } };
	struct db_rows		 rows;
	int64_t			 count = 1;
	size_t			 i;

	if (w == NULL || title == NULL || !json_integer(json_get(e->data, "count"), &count) ||
	    who(e, "person_id", &person) == who(e, "org_id", &org))
		return (EVENT_POISON);
	if (!text_can_send())
		return (0);
	if (sql_text_readers(db, &rows, uuid_is_nil(&person) ? NULL : &person,
	    uuid_is_nil(&org) ? NULL : &org) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++) {
		phone = field_open(db->arena, "person.phone", db_text(&rows, i, "phone_sealed"));
		if (phone != NULL && text_put(db, phone, arena_printf(db->arena, "%s%s（%lld笔）%s",
		    w->before, title, (long long)count, w->after), VALID_S) == -1)
			return (-1);
	}
	return (0);
}

static bool
who(const struct event *e, const char *name, struct uuid *out)
{
	const char	*text = json_string(json_get(e->data, name));

	return (text != NULL && uuid_parse(text, out));
}

static const struct wording *
wording_of(const char *kind)
{
	size_t	i;

	for (i = 0; kind != NULL && i < NITEMS(wordings); i++)
		if (strcmp(wordings[i].kind, kind) == 0)
			return (&wordings[i]);
	return (NULL);
}
