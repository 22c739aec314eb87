/*
 * oauth_authorize.c -- the authorization endpoint (RFC 6749 §4.1, RFC 7636,
 * RFC 9207): a client sends a person or an officer here to sign in, and gets
 * a code back.
 *
 * Invariant: nobody is led to an address before the client and its address
 * are proven; until then there is only a page that says what is wrong. The
 * form carries its whole request sealed, so there is no state to steal.
 */
#include "oauth.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "text.h"

#define SEALED_AS	"oauth.request"
#define REQUEST_S	600		/* a sign-in page's life */
#define CODE_LIFE_S	60
#define CODE_BYTES	32
#define CHALLENGE_LEN	43		/* of SHA-256 in base64url */
#define STATE_MOST	1000
#define SCOPE_MOST	500

struct request {
	struct oauth_client	 client;
	const char		*redirect_uri, *state, *scope, *challenge;
};

static int	oauth_authorize(struct call *);
static int	oauth_sign_in(struct call *);
static int	request_prove(struct call *, const char *, const char *, struct request *);
static const char *request_error(const struct oauth_form *, struct request *);
static const char *request_seal(struct call *, const struct request *);
static int	request_open(struct call *, const struct oauth_form *, struct request *);
static int	lead(struct call *, const struct request *, const char *, const char *);
static int	page(struct call *, const struct request *, const struct oauth_form *, int,
		    const char *, const char *);
static int	text_code(struct call *, const struct request *, const struct oauth_form *);
static int	prove_person(struct call *, const struct oauth_form *, struct uuid *);
static int	prove_officer(struct call *, const struct oauth_form *, struct uuid *);
static int	code_issue(struct call *, const struct request *, const struct uuid *, bool);
static const char *words_of(int);

const struct route oauth_authorize_routes[] = {
	{ .name = "oauth_authorize", .method = METHOD_GET, .path = "/oauth/authorize",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.authorize",
	  .any_query = true, .media = "text/html", .leads_away = true,
	  .handler = oauth_authorize, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "授权端点：登录页", .en = "Authorization endpoint: the sign-in page" },
	{ .name = "oauth_sign_in", .method = METHOD_POST, .path = "/oauth/authorize",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.authorize",
	  .raw_body = true, .media = "text/html", .leads_away = true, .success = 200,
	  .handler = oauth_sign_in, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "授权端点：提交登录", .en = "Authorization endpoint: the form" },
	ROUTE_END
};

static int
oauth_authorize(struct call *c)
{
	struct oauth_form	 f;
	struct request		 r;
	const char		*error;
	int			 said;

	if (oauth_form_read(c->arena, c->head->query, &f) == -1)
		return (oauth_page_error(c, "登录请求格式不正确，请返回应用重新登录。"));
	if ((said = request_prove(c, oauth_form_get(&f, "client_id"),
	    oauth_form_get(&f, "redirect_uri"), &r)) != 0)
		return (said);
	if ((error = request_error(&f, &r)) != NULL)
		return (lead(c, &r, "error", error));
	return (page(c, &r, NULL, 200, NULL, NULL));
}

/* The client is in force and the address is one of its own, to the letter. */
static int
request_prove(struct call *c, const char *client_id, const char *uri, struct request *r)
{
	int	found;

	memset(r, 0, sizeof(*r));
	if (client_id == NULL)
		return (oauth_page_error(c, "缺少应用标识，请返回应用重新登录。"));
	if ((found = oauth_client_find(c, client_id, &r->client)) == -1)
		return (call_failed(c));
	if (!found || !oauth_word_in(r->client.grants, "authorization_code"))
		return (oauth_page_error(c, "该应用未登记或已停用，不能登录。"));
	if (uri == NULL || strchr(uri, ' ') != NULL || !oauth_word_in(r->client.redirect_uris, uri))
		return (oauth_page_error(c, "回跳地址与登记的不一致，不能登录。"));
	r->redirect_uri = uri;
	return (0);
}

/* What is wrong, in the words of RFC 6749 §4.1.2.1; NULL when nothing is. */
static const char *
request_error(const struct oauth_form *f, struct request *r)
{
	const char	*type = oauth_form_get(f, "response_type");
	const char	*method = oauth_form_get(f, "code_challenge_method");

	r->state = oauth_form_get(f, "state");
	r->challenge = oauth_form_get(f, "code_challenge");
	r->scope = oauth_form_get(f, "scope");
	if (r->state != NULL && strlen(r->state) > STATE_MOST) {
		r->state = NULL;
		return ("invalid_request");
	}
	if (type == NULL)
		return ("invalid_request");
	if (strcmp(type, "code") != 0)
		return ("unsupported_response_type");
	if (r->challenge == NULL || method == NULL || strcmp(method, "S256") != 0 ||
	    strlen(r->challenge) != CHALLENGE_LEN || strspn(r->challenge,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != CHALLENGE_LEN)
		return ("invalid_request");
	if (r->scope == NULL)
		r->scope = r->client.scopes;
	else if (strlen(r->scope) > SCOPE_MOST || !scope_within(r->scope, r->client.scopes))
		return ("invalid_scope");
	return (NULL);
}

static int
oauth_sign_in(struct call *c)
{
	struct oauth_form	 f;
	struct request		 r;
	const char		*what;
	struct uuid		 id;
	int			 said, error;
	bool			 officer;

	if (oauth_form_read(c->arena, c->raw, &f) == -1)
		return (oauth_page_error(c, "提交的内容格式不正确，请返回应用重新登录。"));
	if ((said = request_open(c, &f, &r)) != 0)
		return (said);
	officer = strcmp(r.client.type, "web") == 0;
	what = oauth_form_get(&f, "do");
	if (what != NULL && strcmp(what, "cancel") == 0)
		return (lead(c, &r, "error", "access_denied"));
	if (what != NULL && strcmp(what, "send") == 0 && !officer)
		return (text_code(c, &r, &f));
	if ((error = officer ? prove_officer(c, &f, &id) : prove_person(c, &f, &id)) == -1)
		return (call_failed(c));
	if (error != 0)
		return (page(c, &r, &f, 400, words_of(error), NULL));
	return (code_issue(c, &r, &id, officer));
}

static const char *
request_seal(struct call *c, const struct request *r)
{
	struct json_out	 out;
	struct buf	 b;
	const char	*text;

	buf_init(&b, 16384);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_int(&out, "at", clock_real_us() / 1000000);
	json_put_text(&out, "client_id", r->client.client_id);
	json_put_text(&out, "redirect_uri", r->redirect_uri);
	json_put_text(&out, "state", r->state);
	json_put_text(&out, "scope", r->scope);
	json_put_text(&out, "challenge", r->challenge);
	json_close(&out);
	text = field_seal(c->arena, SEALED_AS, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

/* The client may have been disabled since: it is proven again. */
static int
request_open(struct call *c, const struct oauth_form *f, struct request *r)
{
	const char		*sealed = oauth_form_get(f, "request"), *text = NULL;
	const struct json	*j;
	int64_t			 at = 0, now = clock_real_us() / 1000000;
	int			 said;

	if (sealed != NULL)
		text = field_open(c->arena, SEALED_AS, sealed);
	j = text == NULL ? NULL : json_parse(c->arena, text, strlen(text));
	if (!json_integer(json_get(j, "at"), &at) || at > now || at <= now - REQUEST_S)
		return (oauth_page_error(c, "登录页已过期，请返回应用重新登录。"));
	if ((said = request_prove(c, json_string(json_get(j, "client_id")),
	    json_string(json_get(j, "redirect_uri")), r)) != 0)
		return (said);
	r->state = json_string(json_get(j, "state"));
	r->scope = json_string(json_get(j, "scope"));
	r->challenge = json_string(json_get(j, "challenge"));
	return (0);
}

/* Back to the client: with `code` or `error`, the state as it came, and who we are. */
static int
lead(struct call *c, const struct request *r, const char *name, const char *value)
{
	struct buf	b;

	buf_init(&b, 16384);
	buf_addf(&b, "%s%c%s=", r->redirect_uri, strchr(r->redirect_uri, '?') != NULL ? '&' : '?',
	    name);
	oauth_escape(&b, value);
	if (r->state != NULL) {
		buf_adds(&b, "&state=");
		oauth_escape(&b, r->state);
	}
	buf_adds(&b, "&iss=");
	oauth_escape(&b, conf_text(CONF_ISSUER));
	call_header(c, "Location", buf_cstr(&b));
	buf_release(&b);
	call_header(c, "Cache-Control", "no-store");
	call_header(c, "Referrer-Policy", "no-referrer");
	return (call_reply_bytes(c, 303, NULL, "", 0));
}

static int
page(struct call *c, const struct request *r, const struct oauth_form *typed, int status,
    const char *error, const char *notice)
{
	struct oauth_page	p = {
		.client = r->client.name, .request = request_seal(c, r), .error = error,
		.notice = notice, .target = r->redirect_uri,
		.officer = strcmp(r->client.type, "web") == 0
	};

	if (typed != NULL) {
		p.phone = oauth_form_get(typed, "phone");
		p.login = oauth_form_get(typed, "login");
	}
	return (oauth_page(c, status, &p));
}

static int
text_code(struct call *c, const struct request *r, const struct oauth_form *f)
{
	const char	*phone = oauth_form_get(f, "phone");
	int		 error;

	if (phone == NULL || check_mobile(phone) != 0)
		return (page(c, r, f, 400, "请输入正确的手机号码。", NULL));
	if ((error = code_send(c, phone, CODE_SIGN_IN)) == -1)
		return (call_failed(c));
	if (error != 0)
		return (page(c, r, f, 400, words_of(error), NULL));
	return (page(c, r, f, 200, NULL, "验证码已发送，5 分钟内有效。"));
}

/* 0 and who it is, an enum error_code, or -1. A try counts whatever follows. */
static int
prove_person(struct call *c, const struct oauth_form *f, struct uuid *id)
{
	const char	*phone = oauth_form_get(f, "phone"), *code = oauth_form_get(f, "code");
	struct db_rows	 rows;
	int		 good;

	if (phone == NULL || check_mobile(phone) != 0)
		return (ERR_F_PHONE);
	call_account(c, phone);
	if (code == NULL || strlen(code) != 6)
		return (ERR_AUTH_CODE);
	if ((good = code_check(c, phone, code, CODE_SIGN_IN)) == -1)
		return (-1);
	if (!good)
		return (ERR_AUTH_CODE);
	if (sql_person_by_phone(c->db, &rows, blind_index(c->arena, "phone", phone)) == -1)
		return (-1);
	if (rows.count == 0)
		return (ERR_AUTH_CODE);
	if (db_bool(&rows, 0, "mismatched"))
		return (ERR_REAL_NAME);
	*id = db_uuid(&rows, 0, "id");
	return (0);
}

static int
prove_officer(struct call *c, const struct oauth_form *f, struct uuid *id)
{
	const char	*login = oauth_form_get(f, "login"), *totp = oauth_form_get(f, "totp");
	const char	*password = oauth_form_get(f, "password");

	if (login == NULL || password == NULL || totp == NULL || strlen(login) > 40 ||
	    strlen(password) > 512 || strlen(totp) > 40)
		return (ERR_AUTH_PASSWORD);
	call_account(c, login);
	return (officer_prove(c, login, password, totp, id));
}

static int
code_issue(struct call *c, const struct request *r, const struct uuid *id, bool officer)
{
	uint8_t	 bytes[CODE_BYTES], hash[HASH_BYTES];
	char	*code;

	random_bytes(bytes, sizeof(bytes));
	code = base64url_encode(c->arena, bytes, sizeof(bytes));
	sha256(code, strlen(code), hash);
	if (sql_code_issue(c->db, NULL, hash, sizeof(hash), r->client.client_id, r->redirect_uri,
	    r->challenge, r->scope, officer ? "officer" : "person", id,
	    officer ? "password_totp" : "text_code", CODE_LIFE_S) == -1)
		return (call_failed(c));
	return (lead(c, r, "code", code));
}

static const char *
words_of(int error)
{
	switch (error) {
	case ERR_F_PHONE:
		return ("请输入正确的手机号码。");
	case ERR_AUTH_CODE:
		return ("验证码不正确或已失效。尚未注册的，请先在应用内实名注册。");
	case ERR_AUTH_CODE_SOON:
		return ("验证码发送过于频繁，请一分钟后再试。");
	case ERR_REAL_NAME:
		return ("实名核验未通过，请到就近网点核实身份。");
	case ERR_AUTH_PASSWORD:
		return ("账号、口令或动态码不正确。");
	case ERR_AUTH_LOCKED:
		return ("尝试次数过多，请稍后再试。");
	case ERR_BUSY:
	case ERR_DOWN:
		return ("服务暂不可用，请稍后再试。");
	default:
		return ("暂时不能登录，请稍后再试。");
	}
}
