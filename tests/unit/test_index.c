/*
 * test_index.c -- the index of postings against the plainest program that
 * answers the same questions: every posting looked at, one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/jobs/index.h"

#define TEST(f)		cmocka_unit_test(f)
#define POSTINGS	3000
#define KIND_AREA	1
#define KIND_FORM	2

static const char *const words[] = { "电机", "装配", "焊工", "普工", "操作", "质检", "会计", "java", "家政", "箱包" };
static const char *const areas[] = { "431129", "431103", "431181" };

struct posting {
	struct uuid	 id;
	char		 title[64], names[64], text[128];
	size_t		 area, form;
	int64_t		 pay, posted_us;
	int32_t		 expires_on, lat, lng;
	bool		 live;
};

static struct posting	 all[POSTINGS];
static struct index	*x;
static uint64_t		 state = 88172645463325252ULL;

static uint32_t
rnd(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return ((uint32_t)((state >> 11) % n));
}

static void
text_of(char *out, size_t cap, size_t n)
{
	size_t	len = 0;

	out[0] = '\0';
	while (n-- > 0 && len + 12 < cap)
		len += (size_t)snprintf(out + len, cap - len, "%s%s", len > 0 ? "，" : "", words[rnd(NITEMS(words))]);
}

static void
draw(struct posting *p)
{
	text_of(p->title, sizeof(p->title), 1 + rnd(2));
	text_of(p->names, sizeof(p->names), rnd(3));
	text_of(p->text, sizeof(p->text), rnd(5));
	p->area = rnd(NITEMS(areas));
	p->form = rnd(4);
	p->pay = rnd(50);
	p->posted_us = rnd(1000);
	p->expires_on = (int32_t)rnd(100);
	p->lat = rnd(10) == 0 ? INDEX_NOWHERE : 25000000 + (int32_t)rnd(400000);
	p->lng = 111000000 + (int32_t)rnd(400000);
}

static void
put(struct posting *p)
{
	char			form[2] = { (char)('a' + p->form), '\0' };
	struct index_mark	marks[2] = { { KIND_AREA, areas[p->area] }, { KIND_FORM, form } };
	struct index_posting	in = { .id = p->id, .title = p->title, .names = p->names, .text = p->text,
	    .marks = marks, .nmarks = 2, .pay_low_cents = 0, .pay_high_cents = p->pay,

	    .pay_rank = p->pay, .posted_us = p->posted_us, .employer = p->names, .expires_on = p->expires_on, .lat_e6 = p->lat, .lng_e6 = p->lng };

	in.facets[0] = (uint8_t)p->area;
	in.facets[1] = (uint8_t)p->form;
	in.flags = (uint32_t)1 << p->form;
	index_put(x, &in);
	p->live = true;
}

static int
fill(void **s)
{
	size_t	i;

	(void)s;
	x = index_new();
	for (i = 0; i < POSTINGS; i++) {
		all[i].id = uuid_new();
		draw(&all[i]);
		if (i % 10 != 0)
			all[i].posted_us = (int64_t)(i * 1000 / POSTINGS);	/* most of them in order */
		put(&all[i]);
	}
	return (0);
}

static int
empty(void **s)
{
	(void)s;
	index_free(&x);
	return (0);
}

/* ---- the plain program ---- */

static bool
has(const struct index_query *q, const struct posting *p, bool title, bool names, bool text)
{
	size_t	i, k;
	bool	found;

	for (i = 0; i < q->nwords; i++) {
		for (k = 0, found = false; k < q->words[i].nways && !found; k++)
			found = (title && strstr(p->title, q->words[i].ways[k])) ||
			    (names && strstr(p->names, q->words[i].ways[k])) ||
			    (text && strstr(p->text, q->words[i].ways[k]));
		if (!found)
			return (false);
	}
	return (true);
}

static uint32_t
tier_of(const struct index_query *q, const struct posting *p)
{
	if (q->nwords == 0)
		return (2);
	return (has(q, p, true, false, false) ? 0 : has(q, p, true, true, false) ? 1 : 2);
}

static double
metres(const struct index_query *q, const struct posting *p)
{
	double	y = (p->lat - q->lat_e6) * 0.11119508, x_ = (p->lng - q->lng_e6) * 0.11119508 * 0.905;

	return (__builtin_sqrt(x_ * x_ + y * y));
}

static bool
matches(const struct index_query *q, const struct posting *p)
{
	size_t	i, k;
	bool	any;

	if (!p->live || !has(q, p, true, true, true) || p->pay < q->pay_least ||
	    p->posted_us < q->posted_since_us)
		return (false);
	for (i = 0; i < q->nfilters; i++) {
		for (k = 0, any = false; k < q->filters[i].nany; k++)
			any = any || (q->filters[i].kind == KIND_AREA ? strcmp(q->filters[i].any[k], areas[p->area]) == 0 :
			    q->filters[i].any[k][0] == (char)('a' + p->form));
		if (!any)
			return (false);
	}
	return (true);
}

static const struct index_query	*comparing;

static int
by_order(const void *a, const void *b)
{
	const struct posting	*p = *(const struct posting *const *)a, *r = *(const struct posting *const *)b;
	int64_t			 k, l;

	if (comparing->sort == INDEX_RELEVANCE) {
		k = -(int64_t)tier_of(comparing, p);
		l = -(int64_t)tier_of(comparing, r);
	} else {
		k = comparing->sort == INDEX_PAY ? p->pay : 0;
		l = comparing->sort == INDEX_PAY ? r->pay : 0;
	}
	if (k == l) {
		k = p->posted_us;
		l = r->posted_us;
	}
	if (k != l)
		return (k > l ? -1 : 1);
	return (memcmp(p->id.b, r->id.b, sizeof(p->id.b)) > 0 ? -1 : 1);
}

/* All pages of the index are what the plain program finds, in its order. */
static void
agrees(struct index_query *q)
{
	static const struct posting	*want[POSTINGS];
	struct index_hit		 hits[64];
	struct index_result		 r = { .hits = hits };
	size_t				 n = 0, at = 0, i;

	for (i = 0; i < POSTINGS; i++)
		if (matches(q, &all[i]))
			want[n++] = &all[i];
	comparing = q;
	qsort(want, n, sizeof(want[0]), by_order);
	q->limit = 1 + rnd(60);
	q->count = q->facets = true;
	q->more = false;
	do {
		index_ask(x, q, &r);
		assert_int_equal(r.total, n);
		for (i = 0; i < r.nhits; i++, at++) {
			assert_true(at < n);
			assert_true(uuid_equal(&hits[i].id, &want[at]->id));
		}
		q->more = true;
		if (r.nhits > 0)
			q->after = hits[r.nhits - 1].after;
	} while (r.more);
	assert_int_equal(at, n);
	for (i = 0, at = 0; i < NITEMS(areas); i++)
		at += r.facets[0][i];
	assert_int_equal(at, n);
	for (i = 0; i < 4; i++)
		assert_int_equal(r.flags[i], r.facets[1][i]);
}

static void
ask_anything(struct index_query *q)
{
	static const char	*const forms[] = { "a", "b", "c" };
	size_t			 i, k;

	memset(q, 0, sizeof(*q));
	q->lat_e6 = INDEX_NOWHERE;
	q->nwords = rnd(3);
	for (i = 0; i < q->nwords; i++) {
		q->words[i].nways = 1 + rnd(2);
		for (k = 0; k < q->words[i].nways; k++)
			q->words[i].ways[k] = words[rnd(NITEMS(words))];
	}
	if (rnd(2) == 0)
		q->filters[q->nfilters++] = (struct index_filter){ KIND_AREA, &areas[rnd(NITEMS(areas))], 1 };
	if (rnd(3) == 0)
		q->filters[q->nfilters++] = (struct index_filter){ KIND_FORM, forms, 2 };
	q->pay_least = rnd(3) == 0 ? rnd(50) : 0;
	q->posted_since_us = rnd(3) == 0 ? rnd(1000) : 0;
	q->sort = (enum index_sort)rnd(3);
}

static void
answers_as_one_by_one(void **s)
{
	struct index_query	q;
	size_t			i;

	(void)s;
	for (i = 0; i < 300; i++) {
		ask_anything(&q);
		agrees(&q);
	}
}

static void
changes_are_seen_at_once(void **s)
{
	struct index_query	q;
	struct posting		*p;
	size_t			i, n = 0;

	(void)s;
	for (i = 0; i < 3000; i++) {
		p = &all[rnd(POSTINGS)];
		if (rnd(3) == 0) {
			index_drop(x, &p->id);
			p->live = false;
		} else {
			draw(p);
			put(p);
		}
		assert_int_equal(index_holds(x, &p->id, p->posted_us, 0), p->live);
		if (i % 30 == 0) {
			ask_anything(&q);
			agrees(&q);
		}
	}
	while (!index_settle(x, 100))
		continue;
	ask_anything(&q);
	agrees(&q);
	for (i = 0; i < POSTINGS; i++)
		n += all[i].live;
	assert_int_equal(index_count(x), n);
}

static void
the_last_day_counts_whole(void **s)
{
	size_t	i, n = 0;

	(void)s;
	for (i = 0; i < POSTINGS; i++) {
		n += all[i].live && all[i].expires_on < 40;
		all[i].live = all[i].live && all[i].expires_on >= 40;
	}
	assert_true(n > 100);
	assert_int_equal(index_expire(x, 40), n);
	assert_int_equal(index_expire(x, 40), 0);
	for (i = 0; i < POSTINGS; i++)
		assert_int_equal(index_holds(x, &all[i].id, all[i].posted_us, 0), all[i].live);
}

static void
what_is_near_is_found_and_nearest_comes_first(void **s)
{
	struct index_hit	hits[200];
	struct index_result	r = { .hits = hits };
	struct index_query	q = { .lat_e6 = 25200000, .lng_e6 = 111200000, .radius_m = 9000,
	    .sort = INDEX_NEAREST, .limit = 200, .count = true };
	size_t			i, near_ = 0;
	double			m;

	(void)s;
	index_ask(x, &q, &r);
	for (i = 0; i < POSTINGS; i++) {
		if (!all[i].live || all[i].lat == INDEX_NOWHERE)
			continue;
		m = metres(&q, &all[i]);
		near_ += m < 8980;
		if (m > 9020)
			continue;
	}
	assert_true(near_ > 20);
	assert_true(r.total >= near_ && r.total <= near_ + 20);
	for (i = 0; i + 1 < r.nhits; i++)
		assert_true(hits[i].distance_m <= hits[i + 1].distance_m);
	assert_true(hits[r.nhits - 1].distance_m <= 9000);
}

static uint64_t
found(const char *word)
{
	struct index_hit	hit;
	struct index_result	r = { .hits = &hit };
	struct index_query	q = { .nwords = 1, .count = true, .limit = 1, .lat_e6 = INDEX_NOWHERE };

	q.words[0].ways[0] = word;
	q.words[0].nways = 1;
	index_ask(x, &q, &r);
	return (r.total);
}

static void
words_are_cut_and_folded(void **s)
{
	struct index_posting	p = { .id = uuid_new(), .title = "Ｃ＋＋工程师（急招）焊", .names = "永州ABC电子",
	    .text = "负责 node 服务", .expires_on = 9999, .lat_e6 = INDEX_NOWHERE };

	(void)s;
	index_put(x, &p);
	assert_int_equal(found("c++"), 1);
	assert_int_equal(found("C++工程师"), 1);
	assert_int_equal(found("工程师c++"), 1);
	assert_int_equal(found("abc"), 1);
	assert_int_equal(found("NODE"), 1);
	assert_int_equal(found("急"), 1);
	assert_int_equal(found("程"), 1);
	assert_int_equal(found("工程"), 1);
	assert_int_equal(found("工师"), 0);
	assert_int_equal(found("node服务"), 1);
	assert_int_equal(found("没有的"), 0);
	assert_int_equal(found("\xff\xfe"), 0);
	assert_int_equal(found(""), 0);
	index_drop(x, &p.id);
	assert_int_equal(found("c++"), 0);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(answers_as_one_by_one),
		TEST(changes_are_seen_at_once),
		TEST(what_is_near_is_found_and_nearest_comes_first),
		TEST(words_are_cut_and_folded),
		TEST(the_last_day_counts_whole),
	};

	return (cmocka_run_group_tests(tests, fill, empty));
}
