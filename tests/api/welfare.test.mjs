// welfare: posts of public welfare -- approved by two hands, filled with those
// who may be placed, signed in, confirmed, capped; and everything refused.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person, random } from '../lib/city.mjs';
import { idNumber } from '../lib/fake.mjs';
import * as s from '../e2e/steps.mjs';
import { dayPlus, eachMistake, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const start = await today();
const at = async (day, time = '01:00:00') => s.moveClock(await desk('city.system'), `${day}T${time}Z`);
await at(start);	// nine in the morning, whatever the hour was
after(() => at(start));
const POINT = { lat_e6: 25180000, lng_e6: 111590000 };
const years = (n) => `${Number(start.slice(0, 4)) + n}${start.slice(4)}`;

const proposal = (over = {}) => ({ title: '村级保洁员', duties: '村内公共区域保洁', headcount: 2, funding: '就业补助资金',
  area_code: '431129100', ...POINT, ...over });
async function approved(f, over) {
  const p = await known(() => call('POST', '/v1/jobs/welfare-posts', { token: f.token, body: proposal(over), refused: true }));
  const judge = async (who, step) => call('POST', `/v1/jobs/welfare-posts/${p.id}/${step}`, { token: (await desk(who)).token, body: { pass: true } });
  await judge('jh.first', 'check');
  return judge('jh.approve', 'approve');
}
async function difficult(birth = '1980-03-01', sex = 1) {
  const p = await person({ id_number: idNumber(random, birth, sex) });
  await known(async () => call('POST', '/v1/jobs/unemployment-registrations', { token: (await desk('jh.clerk')).token,
    body: { person_id: p.id, reason: 'other', is_difficult: true }, refused: true }));
  return p;
}
const placing = (p, over = {}) => ({ person_id: p.id, contract_no: 'GY-001', retire_class: 'male', started_on: start, ...over });
const place = (f, post, p, over) => call('POST', `/v1/jobs/welfare-posts/${post.id}/placements`, { token: f.token, body: placing(p, over) });
const decide = async (x, pass = true, who = 'jh.recheck') => call('POST', `/v1/jobs/welfare-placements/${x.id}/decide`,
  { token: (await desk(who)).token, body: { pass } });
const placed = async (f, post, p, over) => decide(await place(f, post, p, over));

test('a post needs two hands of the county, and neither may be the proposer', async () => {
  const f = await firm();
  const p = await known(() => call('POST', '/v1/jobs/welfare-posts', { token: f.token, body: proposal(), refused: true }));
  assert.equal(p.state, 'proposed');
  const [first, approve, other] = await Promise.all(['jh.first', 'jh.approve', 'lst.first'].map(desk));
  const path = `/v1/jobs/welfare-posts/${p.id}`;
  await refused('POST', `${path}/approve`, { token: approve.token, body: { pass: true } }, 409, 'state.wrong');
  await refused('POST', `${path}/check`, { token: other.token, body: { pass: true } }, 404, 'request.not_found');
  await refused('POST', `${path}/check`, { token: first.token, body: {} }, 422, 'request.invalid', '/pass field.missing');
  await refused('GET', `${path}/code`, { token: f.token }, 404, 'request.not_found');
  assert.equal((await call('POST', `${path}/check`, { token: first.token, body: { pass: true } })).state, 'checked');
  assert.throws(() => sql(`UPDATE jobs.welfare_post SET approved_by = checked_by WHERE id = '${p.id}'`), /hands_check/);
  assert.equal((await call('POST', `${path}/approve`, { token: approve.token, body: { pass: true } })).state, 'approved');
  const clerk = await desk('jh.clerk');
  await eachMistake('POST', '/v1/jobs/welfare-posts', clerk.token, proposal({ org_id: f.org_id }), [
    [{ org_id: undefined }, '/org_id field.missing'],
    [{ headcount: 0 }, '/headcount field.too_small'],
    [{ funding: undefined }, '/funding field.missing'],
    [{ area_code: '431100' }, '/area_code field.area_code'],
  ]);
  await refused('POST', '/v1/jobs/welfare-posts', { token: clerk.token, body: proposal({ org_id: f.org_id, area_code: '431103001' }) }, 403, 'auth.area');
  assert.ok((await walk('/v1/jobs/welfare-posts', first.token, 3)).every((x) => x.county_code === '431129'));
  await refused('GET', '/v1/jobs/welfare-posts?state=lost', { token: first.token }, 422, 'request.invalid', 'state field.choice');
  await refused('POST', `${path}/close`, { token: f.token, body: {} }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await call('POST', `${path}/close`, { token: f.token, body: { note: '村里不再需要' } })).state, 'closed');
  await refused('POST', `${path}/placements`, { token: f.token, body: placing(f.agent) }, 409, 'jobs.welfare_not_approved');
});

test('only who is certified is placed, in one post at a time, by another hand, until the cap', async () => {
  const [f, g, p, plain] = await Promise.all([firm(), firm(), difficult(), person({ id_number: idNumber(random, '1981-01-01', 1) })]);
  const [post, other] = [await approved(f), await approved(g)];
  const path = `/v1/jobs/welfare-posts/${post.id}/placements`;
  await eventually(() => sql(`SELECT count(*) FROM jobs.person WHERE id = '${plain.id}'`)[0][0] === '1', 'known');
  await refused('POST', path, { token: f.token, body: placing(plain) }, 409, 'jobs.welfare_not_difficult');
  await refused('POST', path, { token: f.token, body: placing({ id: NOBODY }) }, 409, 'jobs.person_unknown');
  await refused('POST', path, { token: f.token, body: placing(p, { retire_class: 'female_50' }) }, 422, 'jobs.welfare_class', '/retire_class jobs.welfare_class');
  await refused('POST', path, { token: f.token, body: placing(p, { started_on: dayPlus(start, 60) }) }, 422, 'jobs.welfare_start', '/started_on jobs.welfare_start');
  const x = await place(f, post, p);
  assert.deepEqual([x.state, x.cap_kind, x.cap_on, x.nth, x.case_state], ['proposed', 'term', years(3), 1, 'accepted']);
  await refused('POST', `/v1/jobs/welfare-posts/${other.id}/placements`, { token: g.token, body: placing(p) }, 409, 'jobs.welfare_placed');
  await refused('POST', `/v1/jobs/welfare-placements/${x.id}/decide`, { token: (await desk('lst.recheck')).token, body: { pass: true } }, 404, 'request.not_found');
  const active = await decide(x);
  assert.equal(active.state, 'active');
  await refused('POST', `/v1/jobs/welfare-placements/${x.id}/decide`, { token: (await desk('jh.recheck')).token, body: { pass: true } }, 409, 'state.wrong');
  assert.throws(() => sql(`UPDATE jobs.welfare_placement SET decided_by = proposed_by WHERE id = '${x.id}'`), /hands_check/);
  await eventually(() => sql(`SELECT count(*) FROM jobs.event_log WHERE type = 'jobs.welfare.placed.v1' AND key = '${x.id}'`)[0][0] === '1', 'the event');
  const mine = await call('GET', '/v1/jobs/my/welfare-placements', { token: p.token });
  assert.deepEqual(mine.items.map((m) => m.id), [x.id]);
  await refused('GET', '/v1/jobs/my/welfare-placements', { token: (await desk('jh.first')).token }, 403, 'auth.forbidden');
  assert.ok((await walk('/v1/jobs/welfare-placements', (await desk('jh.first')).token, 50)).some((m) => m.id === x.id));
  await refused('GET', '/v1/jobs/welfare-placements?state=lost', { token: f.token }, 422, 'request.invalid', 'state field.choice');
  await refused('POST', `/v1/jobs/welfare-posts/${post.id}/close`, { token: f.token, body: { note: '不再需要' } }, 409, 'jobs.welfare_taken');

  // Hired elsewhere, the placement ends, the place is vacant; a second one needs its reason, a third there is not.
  await call('POST', '/v1/jobs/employments', { token: g.token, body: { person_id: p.id, occupation_code: '6-24-01-00', hired_on: start,
    contract_type: 'fixed', contract_months: 12, wage_cents: 300000 } });
  const after_ = sql(`SELECT state, end_reason FROM jobs.welfare_placement WHERE id = '${x.id}'`)[0];
  assert.deepEqual(after_, ['ended', 'hired']);
  sql(`UPDATE jobs.employment SET ended_on = hired_on, end_reason = 'resigned' WHERE person_id = '${p.id}'`);
  await known(async () => call('POST', '/v1/jobs/unemployment-registrations', { token: (await desk('jh.clerk')).token,
    body: { person_id: p.id, reason: 'other', is_difficult: true }, refused: true }));
  await refused('POST', path, { token: f.token, body: placing(p) }, 422, 'jobs.welfare_again', '/again_reason jobs.welfare_again');
  const second = await placed(f, post, p, { again_reason: '残疾人' });
  assert.equal(second.nth, 2);
  const end = `/v1/jobs/welfare-placements/${second.id}/end`;
  await refused('POST', end, { token: g.token, body: { ended_on: start, reason: 'resigned' } }, 404, 'request.not_found');
  await refused('POST', end, { token: f.token, body: { ended_on: dayPlus(start, 1), reason: 'resigned' } }, 422, 'request.invalid', '/ended_on field.date_order');
  assert.equal((await call('POST', end, { token: f.token, body: { ended_on: start, reason: 'resigned' } })).state, 'ended');
  await refused('POST', end, { token: f.token, body: { ended_on: start, reason: 'resigned' } }, 409, 'state.wrong');
  await refused('POST', path, { token: f.token, body: placing(p, { again_reason: '残疾人' }) }, 409, 'jobs.welfare_places');
});

test('near retirement the cap is that day, by the table of 2025; the cap is told of and then kept', async () => {
  for (const [birth, cls, day] of [['1965-01-15', 'male', '2025-02-15'], ['1965-04-15', 'male', '2025-05-15'], ['1965-05-15', 'male', '2025-07-15'],
    ['1964-12-31', 'male', '2024-12-31'], ['1980-06-01', 'male', '2043-06-01'], ['1975-01-10', 'female_50', '2025-02-10'],
    ['1975-03-10', 'female_50', '2025-05-10'], ['1990-01-01', 'female_50', '2045-01-01'], ['1970-01-10', 'female_55', '2025-02-10'], ['1990-01-01', 'female_55', '2048-01-01']])
    assert.equal(sql(`SELECT jobs.retires_on('${birth}', '${cls}')`)[0][0], day, `${birth} ${cls}`);
  const [f, old, young] = await Promise.all([firm(), difficult(years(-58)), difficult('1988-02-02', 2)]);
  const post = await approved(f);
  const x = await placed(f, post, old);
  assert.equal(x.cap_kind, 'retirement');
  assert.ok(x.cap_on > years(2) && x.cap_on < years(5));
  const y = await placed(f, post, young, { retire_class: 'female_55' });
  assert.equal(y.cap_on, years(3));
  await refused('POST', `/v1/jobs/welfare-posts/${post.id}/placements`, { token: f.token, body: placing(await difficult()) }, 409, 'jobs.no_headcount');
  try {
    await at(dayPlus(y.cap_on, -40));
    const told = () => Number(sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${young.id}' AND title = '公益性岗位即将到期'`)[0][0]);
    await eventually(() => told() === 1, 'told sixty days before');
    await at(dayPlus(y.cap_on, -20));
    await eventually(() => told() === 2, 'told thirty days before');
    await at(y.cap_on);
    await eventually(() => sql(`SELECT end_reason FROM jobs.welfare_placement WHERE id = '${y.id}'`)[0]?.[0] === 'cap_reached', 'the cap is kept');
  } finally { await at(start); }
});

test('signed in by code, place or clerk; the month is handed in and confirmed, and pays nobody else', async () => {
  const [f, p, q, r] = await Promise.all([firm(), difficult(), difficult(), difficult()]);
  const post = await approved(f, { headcount: 3 });
  const [x, y, z] = [await placed(f, post, p), await placed(f, post, q), await placed(f, post, r)];
  const sign = (who, one, body) => call('POST', `/v1/jobs/welfare-placements/${one.id}/sign-in`, { token: who.token, body });
  const no = (who, one, body, ...rest) => refused('POST', `/v1/jobs/welfare-placements/${one.id}/sign-in`, { token: who.token, body }, ...rest);
  const { code } = await call('GET', `/v1/jobs/welfare-posts/${post.id}/code`, { token: f.token });
  await no(p, x, {}, 422, 'request.invalid', '/code field.missing');
  await no(p, x, { code: code === '000000' ? '111111' : '000000' }, 422, 'jobs.gig_code', '/code jobs.gig_code');
  await no(p, x, { lat_e6: 26420000, lng_e6: 111610000 }, 409, 'jobs.gig_far');
  await no(q, x, { code }, 404, 'request.not_found');
  assert.equal((await sign(p, x, { code })).how, 'code');
  await no(p, x, { code }, 409, 'jobs.gig_present');
  assert.deepEqual((({ how, metres }) => [how, metres])(await sign(q, y, POINT)), ['place', 0]);
  assert.equal((await sign(await desk('jh.clerk'), z, {})).how, 'clerk');
  assert.equal((await call('GET', `/v1/jobs/welfare-placements/${x.id}/days`, { token: p.token })).items.length, 1);
  await refused('GET', `/v1/jobs/welfare-placements/${x.id}/days?colour=red`, { token: p.token }, 422, 'request.invalid', 'colour field.unknown');

  const month = `${start.slice(0, 7)}-01`, path = `/v1/jobs/welfare-posts/${post.id}/months`;
  await refused('POST', path, { token: f.token, body: { month } }, 422, 'jobs.welfare_month', '/month jobs.welfare_month');
  await refused('POST', path, { token: (await firm()).token, body: { month } }, 404, 'request.not_found');
  try {
    await at(dayPlus(month, 33));
    const { items } = await call('POST', path, { token: f.token, body: { month } });
    assert.deepEqual(items.map((m) => m.days), [1, 1, 1]);
    assert.deepEqual((await call('POST', path, { token: f.token, body: { month } })).items.map((m) => m.id).sort(), items.map((m) => m.id).sort(), 'sent again');
    const judge = `/v1/jobs/welfare-months/${items.find((m) => m.person_id === p.id).id}/judge`;
    await refused('POST', judge, { token: (await desk('lst.first')).token, body: { pass: true } }, 404, 'request.not_found');
    assert.equal((await call('POST', judge, { token: (await desk('jh.first')).token, body: { pass: true } })).state, 'confirmed');
    await refused('POST', judge, { token: (await desk('jh.first')).token, body: { pass: true } }, 409, 'state.wrong');
    const returned = items.find((m) => m.person_id === q.id);
    await call('POST', `/v1/jobs/welfare-months/${returned.id}/judge`, { token: (await desk('jh.first')).token, body: { pass: false, note: '请核对' } });
    assert.equal(sql(`SELECT count(*) FROM jobs.message WHERE org_id = '${f.org_id}' AND subject_id = '${returned.id}'`)[0][0], '1');
    assert.equal((await call('POST', path, { token: f.token, body: { month } })).items.length, 2, 'what is confirmed stays');
    assert.throws(() => sql(`UPDATE jobs.welfare_month SET county_by = unit_by WHERE placement_id = '${x.id}'`), /hands_check/);
    const [event] = await eventually(() => { const e = sql(`SELECT payload FROM jobs.event_log WHERE type = 'jobs.welfare.month_confirmed.v1'
      AND payload->>'placement_id' = '${x.id}'`); return e.length ? e : null; }, 'the event');
    const told = JSON.parse(event[0]);
    assert.deepEqual(Object.keys(told).sort(), ['county_code', 'days', 'month', 'month_id', 'person_id', 'placement_id', 'post_id']);
    assert.deepEqual([told.person_id, told.days], [p.id, 1]);
    const list = await walk(`/v1/jobs/welfare-months?state=confirmed&month=${month}`, (await desk('jh.first')).token, 20);
    assert.ok(list.some((m) => m.person_id === p.id));
    await refused('GET', '/v1/jobs/welfare-months?state=lost', { token: f.token }, 422, 'request.invalid', 'state field.choice');
  } finally { await at(start); }

  // Looked at unannounced, and by the unit itself.
  const check = (who, one, body) => call('POST', `/v1/jobs/welfare-placements/${one.id}/checks`, { token: who.token, body });
  assert.equal((await check(await desk('jh.first'), x, { is_present: false, note: '不在岗' })).kind, 'spot');
  assert.equal((await check(f, y, { is_present: true })).kind, 'unit');
  await refused('POST', `/v1/jobs/welfare-placements/${x.id}/checks`, { token: (await desk('lst.first')).token, body: { is_present: true } }, 404, 'request.not_found');
  const absent = await walk('/v1/jobs/welfare-checks?is_present=false', (await desk('jh.first')).token, 20);
  assert.ok(absent.some((k) => k.placement_id === x.id));
  assert.ok((await walk('/v1/jobs/welfare-checks', f.token, 20)).every((k) => k.kind === 'unit'), 'not what officers saw');
  await refused('GET', '/v1/jobs/welfare-checks?kind=lost', { token: f.token }, 422, 'request.invalid', 'kind field.choice');
});

test('a place that falls vacant is reported in the days the rule says, or is overdue', async () => {
  const [f, p] = await Promise.all([firm(), difficult()]);
  const post = await approved(f), x = await placed(f, post, p);
  sql(`INSERT INTO jobs.work_rule (code, value, from_on, to_on) VALUES ('welfare_report_days', 5, '${start}', '${start}')`);
  await call('POST', `/v1/jobs/welfare-placements/${x.id}/end`, { token: f.token, body: { ended_on: start, reason: 'resigned' } });
  sql(`DELETE FROM jobs.work_rule WHERE code = 'welfare_report_days' AND to_on = '${start}'`);
  const [gap] = (await call('GET', '/v1/jobs/welfare-gaps', { token: f.token })).items;
  assert.deepEqual([gap.fell_on, gap.due_on, gap.is_overdue], [start, dayPlus(start, 5), false]);
  await refused('GET', '/v1/jobs/welfare-gaps?overdue=1', { token: f.token }, 422, 'request.invalid', 'overdue field.type');
  try {
    await at(dayPlus(start, 6));
    const officer = await desk('jh.first');
    assert.ok((await walk('/v1/jobs/welfare-gaps?overdue=true', officer.token, 20)).some((g) => g.id === gap.id));
    await eventually(() => sql(`SELECT count(*) FROM jobs.message WHERE org_id = '${f.org_id}' AND subject_id = '${gap.id}'`)[0][0] === '1', 'the unit is told');
    const report = `/v1/jobs/welfare-gaps/${gap.id}/report`;
    await refused('POST', report, { token: (await firm()).token }, 404, 'request.not_found');
    assert.deepEqual((({ is_overdue, reported_on }) => [is_overdue, reported_on])(await call('POST', report, { token: f.token })), [true, dayPlus(start, 6)]);
    await refused('POST', report, { token: f.token }, 409, 'state.wrong');
  } finally { await at(start); }
});
