/*
 * gig_code.c -- the code shown at a place of work: who types it in was there
 * within the minute.
 */
#include "gig.h"

#include "crypt/crypt.h"
#include "db/db.h"

#define STEP_US	(GIG_STEP_S * INT64_C(1000000))

const struct shape gig_code_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "签到码" },
	{ .name = "seconds", .type = SHAPE_T_INT, .help = "多少秒后更换" },
	SHAPE_END
};

void
gig_code(struct call *c, const struct uuid *post, int back, char out[GIG_CODE])
{
	int64_t		 step = clock_now_us() / STEP_US - back;
	char		 id[UUID_TEXT];
	const char	*hex;
	uint32_t	 n = 0;
	int		 i;

	(void)uuid_format(post, id);
	hex = blind_index(c->arena, "gig", arena_printf(c->arena, "%s:%lld", id, (long long)step));
	for (i = 0; hex != NULL && i < 8; i++)
		n = n * 16 + (uint32_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
	(void)snprintf(out, GIG_CODE, "%06u", n % 1000000u);
}

bool
gig_code_ok(struct call *c, const struct uuid *post, const char *said)
{
	char	now[GIG_CODE], before[GIG_CODE];

	gig_code(c, post, 0, now);
	gig_code(c, post, 1, before);
	return (strlen(said) == GIG_CODE - 1 && (equal_in_constant_time(said, now, GIG_CODE - 1) ||
	    equal_in_constant_time(said, before, GIG_CODE - 1)));
}

int
gig_code_reply(struct call *c, const struct uuid *post)
{
	char	code[GIG_CODE];
	int64_t	left = GIG_STEP_S - clock_now_us() / 1000000 % GIG_STEP_S;

	gig_code(c, post, 0, code);
	return (call_reply(c, 200, arena_printf(c->arena, "{\"code\":\"%s\",\"seconds\":%lld}", code,
	    (long long)left)));
}
