// gig: posted, signed up for, come to, done, paid, rated -- and everything refused.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import * as s from '../e2e/steps.mjs';
import { dayPlus, eachMistake, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const start = await today();
const PLACE = { lat_e6: 25180000, lng_e6: 111590000 };
const gig = (over = {}) => ({ title: '砂糖橘采摘', occupation_code: '6-24-01-00', from_on: dayPlus(start, 1), start_min: 480,
  end_min: 1020, address: '沱江镇果园', ...PLACE, places: 2, pay_cents: 15000, pay_unit: 'day', insured: true,
  choice: 'first_come', area_code: '431129100', ...over });
const at = async (day, time = '01:00:00') => s.moveClock(await desk('city.system'), `${day}T${time}Z`);
await at(start);	// nine in the morning, whatever the hour was
after(() => at(start));

const open = (who, over) => known(() => call('POST', '/v1/jobs/gigs', { token: who.token, body: gig(over), refused: true }));
const sign = (p, post, body = {}) => known(() => call('POST', `/v1/jobs/gigs/${post.id}/shifts`, { token: p.token, body, refused: true }));
const shift = (who, one, verb, body = {}) => call('POST', `/v1/jobs/gig-shifts/${one.id}/${verb}`, { token: who.token, body });
const no = (who, one, verb, body, ...rest) => refused('POST', `/v1/jobs/gig-shifts/${one.id}/${verb}`, { token: who.token, body }, ...rest);
const codeOf = async (who, post) => (await call('GET', `/v1/jobs/gigs/${post.id}/code`, { token: who.token })).code;
const sweep = async (probe, what) => eventually(probe, what, 45000);


test('posted, signed up for, come to, done by both, paid, rated', async () => {
  const [f, p, q, r] = await Promise.all([firm(), person(), person(), person()]);
  const post = await open(f);
  assert.deepEqual([post.state, post.places_left, post.to_on, post.source], ['open', 2, dayPlus(start, 1), 'employer']);
  assert.match(post.case_no, /^JB/);
  const one = await sign(p, post, { is_declared: true });
  assert.deepEqual([one.state, one.case_state], ['accepted', 'accepted']);
  const two = await sign(q, post), third = await sign(r, post);
  assert.deepEqual([two.state, third.state], ['accepted', 'waiting']);
  assert.equal((await call('GET', `/v1/jobs/gigs/${post.id}`)).state, 'full');
  await refused('POST', `/v1/jobs/gigs/${post.id}/shifts`, { token: p.token, body: {} }, 409, 'jobs.gig_signed_up');

  // Who steps back makes room for the next who waits.
  await shift(q, two, 'cancel', { reason: '家里有事' });
  const mine = await call('GET', '/v1/jobs/my/gig-shifts', { token: r.token });
  assert.deepEqual(mine.items.map((x) => x.state), ['accepted']);
  const code = await codeOf(f, post);
  await no(p, one, 'check-in', { code }, 409, 'jobs.gig_not_the_day');
  await no(f, one, 'no-show', { reason: '没有来' }, 409, 'jobs.gig_not_begun');

  await at(post.from_on);	// nine in the morning
  try {
    const now = await codeOf(f, post);
    await no(p, one, 'check-in', {}, 422, 'request.invalid', '/code field.missing');
    await no(p, one, 'check-in', { code: now === '000000' ? '111111' : '000000' }, 422, 'jobs.gig_code', '/code jobs.gig_code');
    assert.equal(sql(`SELECT tries FROM jobs.gig_shift WHERE id = '${one.id}'`)[0][0], '1');
    await no(p, one, 'check-in', { code: now, lat_e6: 26420000, lng_e6: 111610000 }, 409, 'jobs.gig_far');
    await no(p, one, 'done', {}, 409, 'state.wrong');
    assert.equal((await shift(p, one, 'check-in', { code: now, ...PLACE })).state, 'working');
    await no(p, one, 'check-in', { code: now }, 409, 'jobs.gig_present');
    assert.equal((await call('POST', `/v1/jobs/gig-shifts/${third.id}/check-in`, { token: (await desk('jh.clerk')).token, body: {} })).state, 'working');
    await refused('POST', `/v1/jobs/gig-shifts/${third.id}/check-in`, { token: (await desk('lst.clerk')).token, body: {} }, 404, 'request.not_found');
    await no(p, one, 'cancel', { reason: '不想做了' }, 409, 'state.wrong');

    assert.equal((await shift(p, one, 'done')).state, 'working');
    const done = await shift(f, one, 'done');
    assert.deepEqual([done.state, done.days, done.due_cents, done.by_clock], ['done', 1, 15000, false]);
    await eventually(() => sql(`SELECT count(*) FROM jobs.event_log WHERE type = 'jobs.gig.done.v1' AND key = '${one.id}'
      AND (payload->>'is_declared')::bool AND payload->>'due_cents' = '15000'`)[0][0] === '1', 'the event');
    await no(p, one, 'receive', {}, 409, 'state.wrong');
    await no(f, one, 'pay', { paid_cents: 15000, paid_on: dayPlus(post.from_on, 1), paid_way: 'wechat' }, 422, 'request.invalid', '/paid_on field.date_future');
    await shift(f, one, 'pay', { paid_cents: 15000, paid_on: post.from_on, paid_way: 'wechat' });
    assert.equal((await shift(p, one, 'receive')).pay_state, 'received');
    await no(p, one, 'dispute', { owed_cents: 1, reason: '少付了' }, 409, 'state.wrong');
    await shift(p, one, 'rate', { stars: 5, words: '按时付款' });
    assert.equal((await shift(f, one, 'rate', { stars: 4, words: '干活利索' })).worker_stars, 4);
    await no(f, one, 'rate', { stars: 1, words: '再评一次' }, 409, 'state.wrong');
    await no(r, third, 'rate', { stars: 1, words: '还没做完' }, 409, 'state.wrong');
    await no(r, one, 'rate', { stars: 6, words: '好' }, 422, 'request.invalid', '/stars field.too_large', '/words field.too_short');
    const whole = await call('GET', `/v1/jobs/gig-shifts/${one.id}`, { token: p.token });
    assert.deepEqual(whole.steps.map((x) => `${x.state} ${x.pay_state}`), ['accepted unpaid', 'working unpaid', 'done unpaid',
      'done stated', 'done received']);
    assert.deepEqual(whole.present.map((d) => d.how), ['code']);
    assert.equal(whole.gig.poster_stars_tenths, 50);
    await refused('GET', `/v1/jobs/gig-shifts/${one.id}`, { token: q.token }, 404, 'request.not_found');
    const seen = await call('GET', `/v1/jobs/gigs/${post.id}/shifts?state=cancelled`, { token: f.token });
    assert.deepEqual(seen.items.map((x) => [x.name_masked, x.worker_no_shows, x.worker_late_cancels]),
      [[`${[...q.name][0]}*`, 0, 0]]);
    assert.deepEqual((await call('GET', `/v1/jobs/gigs/${post.id}/shifts`, { token: p.token })).items, []);

    // A poster's silence is a confirmation after the hours the rule says.
    await shift(r, third, 'done');
    await at(dayPlus(post.from_on, 3));
    const silent = await sweep(async () => {
      const x = await call('GET', `/v1/jobs/gig-shifts/${third.id}`, { token: r.token });
      return x.state === 'done' ? x : null;
    }, 'silence confirms');
    assert.equal(silent.by_clock, true);
    await sweep(() => sql(`SELECT state FROM jobs.gig_post WHERE id = '${post.id}'`)[0][0] === 'ended', 'the post is over');

    // Pay that does not come goes to the county's officers, and on from there.
    await refused('POST', `/v1/jobs/gig-shifts/${third.id}/dispute`, { token: r.token, body: { owed_cents: 0, reason: '未付' } }, 422,
      'request.invalid', '/owed_cents field.too_small');
    const disputed = await shift(r, third, 'dispute', { owed_cents: 15000, reason: '一直没有付工钱' });
    assert.match(disputed.case_no, /^JB/);
    const [officer, other] = await Promise.all([desk('jh.first'), desk('lst.first')]);
    const queue = await walk('/v1/jobs/gig-disputes', officer.token, 50);
    assert.ok(queue.some((x) => x.id === third.id));
    const answer = `/v1/jobs/gig-disputes/${third.id}/answer`, body = { result: 'wage_clue', answer: '移送劳动监察' };
    await refused('POST', answer, { token: other.token, body }, 404, 'request.not_found');
    await refused('POST', answer, { token: f.token, body }, 403, 'auth.forbidden');
    assert.equal((await call('POST', answer, { token: officer.token, body })).pay_state, 'wage_clue');
    await refused('POST', answer, { token: officer.token, body }, 409, 'state.wrong');
    await eventually(() => sql(`SELECT count(*) FROM jobs.event_log WHERE type = 'jobs.gig.wage_clue.v1' AND key = '${third.id}'`)[0][0] === '1', 'the clue');
    await refused('GET', '/v1/jobs/gig-disputes', { token: r.token }, 403, 'auth.forbidden');
    await refused('GET', '/v1/jobs/gig-disputes?pay_state=lost', { token: officer.token }, 422, 'request.invalid', 'pay_state field.choice');
  } finally { await at(start); }
});

test('a place is given once, however many ask at a time, and nobody is promised twice', async () => {
  const [f, g, ...people] = await Promise.all([firm(), firm(), ...Array.from({ length: 8 }, () => person())]);
  const [post, elsewhere] = [await open(f, { places: 3 }), await open(g, { from_on: dayPlus(start, 1), start_min: 600, end_min: 660, places: 50 })];
  await sign(people[0], elsewhere);
  await Promise.all(people.slice(1).map((p) => known(() => call('GET', '/v1/jobs/my/gig-shifts', { token: p.token, refused: true }))));
  const all = await Promise.all(people.slice(1).map((p) => sign(p, post)));
  assert.deepEqual(all.map((x) => x.state).sort(), [...Array(3).fill('accepted'), ...Array(4).fill('waiting')]);
  await refused('POST', `/v1/jobs/gigs/${post.id}/shifts`, { token: people[0].token, body: {} }, 409, 'jobs.gig_full').catch(() => {});
  const taken = people[1 + all.findIndex((x) => x.state === 'accepted')];
  await refused('POST', `/v1/jobs/gigs/${elsewhere.id}/shifts`, { token: taken.token, body: {} }, 409, 'jobs.gig_overlap');
  assert.throws(() => sql(`UPDATE jobs.gig_post SET places_left = -1 WHERE id = '${post.id}'`), /places_check|full_check/);
  // Called off: everybody is let go and told why; and so it stays.
  const cancel = `/v1/jobs/gigs/${post.id}/cancel`;
  await refused('POST', cancel, { token: g.token, body: { reason: '下雨' } }, 404, 'request.not_found');
  await refused('POST', cancel, { token: f.token, body: {} }, 422, 'request.invalid', '/reason field.missing');
  assert.equal((await call('POST', cancel, { token: f.token, body: { reason: '下雨' } })).state, 'cancelled');
  await refused('POST', cancel, { token: f.token, body: { reason: '下雨' } }, 409, 'state.wrong');
  const states = new Set(sql(`SELECT state FROM jobs.gig_shift WHERE post_id = '${post.id}'`).map(([x]) => x));
  assert.deepEqual([...states], ['dropped']);
  assert.equal(sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${taken.id}' AND title = '零工已被取消' AND body LIKE '%下雨'`)[0][0], '1');
});

test('a household chooses whom it wants, within its posts a day; work by the piece needs their number', async () => {
  const [h, p, q] = await Promise.all([person(), person(), person()]);
  const post = await open(h, { title: '家具搬运', choice: 'chosen', places: 1, pay_unit: 'piece', pay_cents: 500 });
  assert.deepEqual([post.source, post.org_id, post.poster_name], ['household', null, `${[...h.name][0]}*`]);
  await refused('POST', `/v1/jobs/gigs/${post.id}/shifts`, { token: h.token, body: {} }, 409, 'jobs.gig_own');
  const [a, b] = [await sign(p, post), await sign(q, post)];
  assert.deepEqual([a.state, b.state], ['applied', 'applied']);
  await no(p, a, 'accept', undefined, 404, 'request.not_found');
  assert.equal((await shift(h, a, 'accept')).state, 'accepted');
  await no(h, b, 'accept', undefined, 409, 'jobs.gig_full');
  await no(h, b, 'decline', {}, 422, 'request.invalid', '/reason field.missing');
  assert.equal((await shift(h, b, 'decline', { reason: '人数已够' })).state, 'declined');
  await no(h, b, 'decline', { reason: '人数已够' }, 409, 'state.wrong');
  assert.equal((await shift(h, a, 'drop', { reason: '改期了' })).state, 'dropped');
  await no(h, a, 'drop', { reason: '改期了' }, 409, 'state.wrong');
  const again = await call('POST', `/v1/jobs/gigs/${post.id}/again`, { token: h.token, body: { from_on: dayPlus(start, 1) } });
  assert.equal(again.places_left, 1);
  await refused('POST', `/v1/jobs/gigs/${post.id}/again`, { token: h.token, body: { from_on: dayPlus(start, 91) } }, 422, 'jobs.gig_days', '/from_on jobs.gig_days');
  await refused('POST', `/v1/jobs/gigs/${post.id}/again`, { token: p.token, body: { from_on: start } }, 404, 'request.not_found');
  await open(h);
  await refused('POST', '/v1/jobs/gigs', { token: h.token, body: gig() }, 409, 'jobs.gig_household_day');
  assert.deepEqual((await walk('/v1/jobs/my/gigs', h.token, 2)).length, 3);
  await refused('GET', '/v1/jobs/my/gigs?state=lost', { token: h.token }, 422, 'request.invalid', 'state field.choice');

  const piece = await sign(p, again);
  const clerk = await desk('jh.clerk');
  assert.equal((await shift(h, piece, 'accept')).state, 'accepted');
  await at(dayPlus(start, 1), '02:00:00');
  await call('POST', `/v1/jobs/gig-shifts/${piece.id}/check-in`, { token: clerk.token, body: {} });
  await no(p, piece, 'done', {}, 422, 'jobs.gig_pieces', '/pieces jobs.gig_pieces');
  await shift(p, piece, 'done', { pieces: 12 });
  assert.deepEqual((({ due_cents, days }) => [due_cents, days])(await shift(h, piece, 'done', { pieces: 13 })), [6500, 1]);
});

test('who does not come is counted, and the next poster sees it; a late withdrawal too', async () => {
  const [f, p, q] = await Promise.all([firm(), person(), person()]);
  const post = await open(f, { from_on: dayPlus(start, 2) });
  const [a, b] = [await sign(p, post), await sign(q, post)];
  await at(dayPlus(start, 1), '22:00:00');	// six in the morning of the day
  try {
    assert.equal((await shift(q, b, 'cancel', { reason: '睡过头了' })).is_late, true);
    await at(dayPlus(start, 2), '03:00:00');
    await refused('POST', `/v1/jobs/gigs/${post.id}/cancel`, { token: f.token, body: { reason: '下雨' } }, 409, 'jobs.gig_begun');
    await refused('POST', `/v1/jobs/gigs/${post.id}/shifts`, { token: q.token, body: {} }, 409, 'jobs.gig_begun');
    assert.equal((await shift(f, a, 'no-show', { reason: '一直没有来' })).state, 'no_show');
    assert.equal((await call('POST', `/v1/jobs/gigs/${post.id}/close`, { token: f.token })).state, 'closed');
    await refused('POST', `/v1/jobs/gigs/${post.id}/close`, { token: f.token }, 409, 'state.wrong');
    const next = await open(f, { from_on: dayPlus(start, 3) });
    for (const who of [p, q]) await sign(who, next);
    const seen = await call('GET', `/v1/jobs/gigs/${next.id}/shifts`, { token: f.token });
    assert.deepEqual(seen.items.map((x) => [x.person_id, x.worker_no_shows, x.worker_late_cancels]).sort(),
      [[p.id, 1, 0], [q.id, 0, 1]].sort());
    // A worker's silence is one as well.
    const one = seen.items.find((x) => x.person_id === q.id);
    await at(dayPlus(start, 3));
    await call('POST', `/v1/jobs/gig-shifts/${one.id}/check-in`, { token: (await desk('jh.clerk')).token, body: {} });
    await shift(f, one, 'done');
    await at(dayPlus(start, 6));
    await sweep(() => sql(`SELECT by_clock FROM jobs.gig_shift WHERE id = '${one.id}' AND state = 'done'`)[0]?.[0] === 't', 'silence confirms');
  } finally { await at(start); }
});

test('found by day, kind, pay and distance, page by page', async () => {
  const f = await firm({ area_code: '431103001' });
  const mark = { area_code: '431103001', occupation_code: '4-08-05-01' };
  const far = [3000, 100, 2000, 0, 1000].map((m) => ({ lat_e6: 26420000 + m * 9, lng_e6: 111610000 }));
  const made = [];
  for (const [i, point] of far.entries()) made.push(await open(f, { ...mark, ...point, pay_cents: 10000 + i * 100, from_on: dayPlus(start, i) }));
  const base = '/v1/jobs/gigs?area_code=431103001&occupation_code=4-08-05';
  const ids = async (q) => (await walk(base + q, undefined, 2)).map((x) => x.id);
  assert.deepEqual(await ids(''), made.map((x) => x.id));
  assert.deepEqual(await ids('&sort=distance&lat_e6=26420000&lng_e6=111610000'), [3, 1, 4, 2, 0].map((i) => made[i].id));
  assert.deepEqual(await ids('&within_m=1100&lat_e6=26420000&lng_e6=111610000'), [1, 3, 4].map((i) => made[i].id));
  assert.deepEqual(await ids('&sort=pay'), made.map((x) => x.id).reverse());
  assert.deepEqual(await ids('&pay_cents=10300&pay_unit=day'), made.slice(3).map((x) => x.id));
  assert.deepEqual(await ids('&today=true'), [made[0].id]);
  assert.deepEqual(await ids(`&on_day=${dayPlus(start, 2)}`), [made[2].id]);
  await refused('GET', '/v1/jobs/gigs?sort=distance', {}, 422, 'jobs.gig_point', 'lat_e6 jobs.gig_point');
  await refused('GET', '/v1/jobs/gigs?sort=luck', {}, 422, 'request.invalid', 'sort field.choice');
  await refused('GET', `/v1/jobs/gigs/${NOBODY}`, {}, 404, 'request.not_found');
  assert.ok((await walk('/v1/jobs/area-gigs?state=open', (await desk('lst.first')).token, 50)).every((x) => x.county_code === '431103'));
  await refused('GET', '/v1/jobs/area-gigs', { token: f.token }, 403, 'auth.forbidden');
  await refused('GET', `/v1/jobs/gigs/${made[0].id}/code`, { token: (await person()).token }, 404, 'request.not_found');
  await refused('GET', `/v1/jobs/gigs/${made[0].id}/shifts?state=lost`, { token: f.token }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', '/v1/jobs/my/gig-shifts?state=lost', { token: (await person()).token }, 422, 'request.invalid', 'state field.choice');
});

test('every mistake in a post is named; a clerk posts for whom it names, in its county', async () => {
  const f = await firm();
  const clerk = await desk('jh.clerk');
  await open(f);
  await eachMistake('POST', '/v1/jobs/gigs', f.token, gig(), [
    [{ title: '采' }, '/title field.too_short'],
    [{ occupation_code: '9-99-99-99' }, '/occupation_code field.occupation_code'],
    [{ start_min: 1440 }, '/start_min field.too_large'],
    [{ pay_unit: 'month' }, '/pay_unit field.choice'],
    [{ pay_cents: 0 }, '/pay_cents field.too_small'],
    [{ places: 501 }, '/places field.too_large'],
    [{ insured: undefined }, '/insured field.missing'],
    [{ lat_e6: 1 }, '/lat_e6 field.too_small'],
    [{ area_code: '431100' }, '/area_code field.area_code'],
  ]);
  for (const [over, code, pointer] of [[{ from_on: dayPlus(start, -1) }, 'jobs.gig_days', '/from_on'],
    [{ to_on: dayPlus(start, 40) }, 'jobs.gig_days', '/to_on'], [{ end_min: 480 }, 'jobs.gig_hours', '/end_min']])
    await refused('POST', '/v1/jobs/gigs', { token: f.token, body: gig(over) }, 422, code, `${pointer} ${code}`);
  await refused('POST', '/v1/jobs/gigs', { token: clerk.token, body: gig() }, 422, 'jobs.gig_poster', '/org_id jobs.gig_poster');
  await refused('POST', '/v1/jobs/gigs', { token: clerk.token, body: gig({ org_id: f.org_id, area_code: '431103001' }) }, 403, 'auth.area');
  await refused('POST', '/v1/jobs/gigs', { token: f.token, body: gig({ org_id: f.org_id }) }, 403, 'auth.forbidden');
  assert.equal((await call('POST', '/v1/jobs/gigs', { token: clerk.token, body: gig({ org_id: f.org_id }) })).source, 'clerk');
});

test('a rule’s number is set by the city from a day on', async () => {
  const city = await desk('city.approve');
  const body = { code: 'welfare_report_days', value: 5, legal_basis: '市级规定', from_on: dayPlus(start, 400) };
  await refused('POST', '/v1/jobs/work-rules', { token: (await desk('jh.approve')).token, body }, 403, 'auth.area');
  await refused('POST', '/v1/jobs/work-rules', { token: city.token, body: { ...body, code: 'luck' } }, 422, 'request.invalid', '/code field.choice');
  assert.equal((await call('POST', '/v1/jobs/work-rules', { token: city.token, body })).value, 5);
  await refused('POST', '/v1/jobs/work-rules', { token: city.token, body }, 409, 'jobs.work_rule_later');
  assert.ok((await walk('/v1/jobs/work-rules', undefined, 3)).some((x) => x.code === 'welfare_report_days'));
  await refused('GET', '/v1/jobs/work-rules?colour=red', {}, 422, 'request.invalid', 'colour field.unknown');
});
