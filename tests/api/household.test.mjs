// household: 零就业家庭 -- applied for, visited, recognised by two, placed by a
// member's hire, cleared; late, refused, out of reach; and the figures.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, logged, minter, NOBODY, refused, sql, today } from './help.mjs';

const now = await today();
const H = '/v1/jobs/households';
const mint = minter((await person()).token);
const as = (role, area = '431129', over = {}) => ({ token: mint({ roles: [].concat(role).map((r) => `${r}@${area}`), ...over }) });
const first = as('first_review'), recheck = as('recheck'), city = as('approve', '431100');
const clerk = await desk('jh.clerk');
const post = (path, who, body = {}) => known(() => call('POST', path, { token: who.token, body, refused: true }));
const no = (path, who, body, ...rest) => refused('POST', path, { token: who.token, body }, ...rest);
const get = (path, who) => call('GET', path, { token: who.token });
const pass = { decision: 'pass' };
const visit = (over = {}) => ({ kind: 'check', visited_on: now, is_met: true, note: '家中无人就业', ...over });
const form = (...members) => ({ address: '沱江镇某村一组', situation: '夫妻均无业', members });
// Somebody whom jobs knows.
async function one(over) {
  const p = await person(over);
  await eventually(() => sql(`SELECT count(*) FROM jobs.person WHERE id = '${p.id}'`)[0][0] === '1', 'known');
  return p;
}
async function family() {
  const [p, q] = await Promise.all([one(), one()]);
  const h = await post(H, p, form({ person_id: p.id, relation: 'self' }, { id_number: q.id_number, relation: 'spouse' }));
  return { p, q, h };
}
async function recognised() {
  const x = await family();
  await post(`${H}/${x.h.id}/visits`, clerk, visit());
  await post(`${H}/${x.h.id}/first-review`, first, pass);
  return { ...x, h: await post(`${H}/${x.h.id}/recheck`, recheck, pass) };
}
const hire = async (p) => post('/v1/jobs/employments', await firm({ area_code: '431103001' }), { person_id: p.id,
  occupation_code: '6-24-01-00', hired_on: now, contract_type: 'task', wage_cents: 100 });
const events = (type, id) => logged('jobs', `type = '${type}' AND key = '${id}'`).map(([t]) => JSON.parse(t));

test('applied for, visited, recognised by two; a hire in another county places it, then it is cleared', async () => {
  const { p, q, h } = await family();
  assert.deepEqual([h.state, h.case_state], ['applied', 'accepted']);
  assert.deepEqual(new Map(h.members.map((m) => [m.relation, m.member_id])), new Map([['self', p.id], ['spouse', q.id]]));
  await no(`${H}/${h.id}/first-review`, first, pass, 409, 'jobs.household_visit_missing');
  await no(`${H}/${h.id}/visits`, p, visit(), 403, 'auth.forbidden');
  await no(`${H}/${h.id}/visits`, as('clerk', '431103'), visit(), 404, 'request.not_found');
  await no(`${H}/${h.id}/visits`, clerk, visit({ kind: 'help' }), 409, 'state.wrong');
  await eachMistake('POST', `${H}/${h.id}/visits`, clerk.token, visit(), [[{ kind: 'tea' }, '/kind field.choice'],
    [{ visited_on: dayPlus(now, 1) }, '/visited_on field.date_future'], [{ visited_on: dayPlus(now, -1) }, '/visited_on field.date_order'],
    [{ note: undefined }, '/note field.missing']]);
  assert.equal((await post(`${H}/${h.id}/visits`, clerk, visit({ is_met: false, note: '无人在家' }))).state, 'applied');
  assert.equal((await post(`${H}/${h.id}/visits`, clerk, visit())).state, 'visited');
  assert.equal((await get(`${H}/${h.id}/visits`, first)).items.length, 2);
  await refused('GET', `${H}/${h.id}/visits`, { token: p.token }, 403, 'auth.forbidden');
  await no(`${H}/${h.id}/recheck`, recheck, pass, 409, 'state.wrong');
  await no(`${H}/${h.id}/first-review`, first, { decision: 'reject' }, 422, 'request.invalid', '/note field.missing');
  const both = as(['first_review', 'recheck'], '431129', { sub: NOBODY });
  await post(`${H}/${h.id}/first-review`, both, pass);
  await no(`${H}/${h.id}/recheck`, both, pass, 409, 'jobs.same_hand');
  await no(`${H}/${h.id}/recheck`, as('recheck', '431103'), pass, 404, 'request.not_found');
  const r = await post(`${H}/${h.id}/recheck`, recheck, pass);
  const due = sql(`SELECT least((date '${now}' + interval '1 month')::date, (date_trunc('quarter', timestamp '${now}') + interval '3 months - 1 day')::date)`)[0][0];
  assert.deepEqual([r.state, r.recognised_on, r.due_on], ['recognised', now, due]);
  assert.equal((await get(`/v1/cases/${h.case_no}`, p)).state, 'done');
  assert.equal(sql(`SELECT jobs.in_zero_household('${q.id}')`)[0][0], 't');
  await no(`${H}/${h.id}/clear`, first, { note: '销号' }, 409, 'state.wrong');
  const e = await hire(q);
  const placed = await get(`${H}/${h.id}`, p);
  assert.deepEqual([placed.state, placed.placed_on], ['placed', now]);
  assert.notEqual(e.county_code, placed.county_code);
  await no(`${H}/${h.id}/clear`, p, { note: '销号' }, 403, 'auth.forbidden');
  assert.equal((await post(`${H}/${h.id}/clear`, first, { note: '稳定就业' })).state, 'cleared');
  await eventually(() => ['recognised', 'placed', 'cleared'].every((s) => events(`jobs.household.${s}.v1`, h.id).length === 1), 'told');
  assert.equal((await post(H, p, form({ person_id: p.id, relation: 'self' }))).state, 'applied', 'free to be in another');
});

test('who may be in a household, and who may not', async () => {
  const { p, q, h } = await family();
  const [r, s, working] = [await one(), await one(), await one()];
  await hire(working);
  const self = (x) => ({ person_id: x.id, relation: 'self' });
  await no(H, p, form(self(p)), 409, 'jobs.member_taken');
  await no(H, r, form(self(r), { person_id: q.id, relation: 'other' }), 409, 'jobs.member_taken');
  await no(H, r, form(self(r), { person_id: working.id, relation: 'child' }), 409, 'jobs.household_works');
  await no(H, r, form(self(r), { person_id: NOBODY, relation: 'child' }), 409, 'jobs.member_unknown');
  await no(H, r, form(self(r), { id_number: r.id_number, relation: 'child' }), 422, 'jobs.member_twice');
  await no(H, r, form({ person_id: s.id, relation: 'child' }), 422, 'jobs.member_self');
  const old = await one({ birth_on: '1945-01-01' });
  await no(H, old, form(self(old)), 409, 'jobs.household_age');
  await no(H, r, form({ ...self(r), id_number: r.id_number }), 422, 'jobs.person_or_id');
  await eachMistake('POST', H, r.token, form(self(r)), [[{ members: [] }, '/members field.count'],
    [{ members: [{ person_id: r.id, relation: 'cat' }] }, '/members/0/relation field.choice'], [{ address: undefined }, '/address field.missing']]);
  await no(H, r, { ...form(self(r)), person_id: p.id }, 403, 'auth.forbidden');
  await no(H, clerk, form(self(r)), 422, 'request.invalid', '/person_id field.missing');
  await no(H, as('clerk', '431103'), { ...form(self(r)), person_id: r.id }, 409, 'jobs.person_unknown');
  await no(H, first, form(self(r)), 403, 'auth.forbidden');
  assert.equal((await post(H, clerk, { ...form(self(s)), person_id: s.id })).person_id, s.id);
  await no(`${H}/${h.id}/withdraw`, q, { note: '不是我申请的' }, 404, 'request.not_found');
  await refused('GET', `${H}/${h.id}`, { token: q.token }, 404, 'request.not_found');
  assert.equal((await post(`${H}/${h.id}/withdraw`, p, { note: '另找到工作' })).state, 'withdrawn');
  await no(`${H}/${h.id}/withdraw`, p, { note: '再撤' }, 409, 'state.wrong');
  assert.deepEqual((await get('/v1/jobs/my/households', p)).items.map((x) => x.id), [h.id]);
  await refused('GET', '/v1/jobs/my/households', { token: clerk.token }, 403, 'auth.forbidden');
});

test('somebody found work before the decision: nothing to recognise', async () => {
  const { q, h } = await family();
  await post(`${H}/${h.id}/visits`, clerk, visit());
  await post(`${H}/${h.id}/first-review`, first, pass);
  await hire(q);
  await no(`${H}/${h.id}/recheck`, recheck, pass, 409, 'jobs.household_works');
  assert.equal((await post(`${H}/${h.id}/recheck`, recheck, { decision: 'reject', note: '已有人就业' })).state, 'rejected');
});

test('the work ended before it was cleared: it waits again', async () => {
  const { p, q, h } = await recognised();
  const work = (who) => post('/v1/jobs/employment-declarations', who, { form: 'self_employed', work_kind: '粉店', work_place: '县城',
    occupation_code: '6-24-01-00', started_on: now, income_month_cents: 1 });
  const state = async () => (await get(`${H}/${h.id}`, p)).state;
  const [a, b] = [await work(p), await work(q)];
  assert.equal(await state(), 'placed');
  const stop = (d, who) => post(`/v1/jobs/employment-declarations/${d.id}/end`, who, { ended_on: now, reason: 'stopped' });
  await stop(a, p);
  assert.equal(await state(), 'placed', 'the other one works still');
  await stop(b, q);
  assert.equal(await state(), 'recognised');
  assert.equal((await get(`${H}/${h.id}`, p)).placed_on, null);
});

test('past its day it is on the list of the late, and the city sees it', async () => {
  const { h } = await recognised();
  sql(`UPDATE jobs.household SET due_on = date '${now}' - 1 WHERE id = '${h.id}'`);
  await eventually(async () => (await get(`${H}/${h.id}`, first)).escalated_on === now, 'escalated by the clock');
  for (const who of [first, as('audit', '431100')])
    assert.ok((await get(`${H}?is_overdue=true&is_escalated=true&limit=200`, who)).items.some((x) => x.id === h.id && x.is_overdue));
  assert.ok(!(await get(`${H}?is_overdue=false&limit=200`, first)).items.some((x) => x.id === h.id));
  await refused('GET', `${H}?state=gone`, { token: first.token }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', H, { token: (await person()).token }, 403, 'auth.forbidden');
});

test('without work found it leaves after three refusals, or three months out of reach', async () => {
  const [a, b] = [await recognised(), await recognised()];
  const out = (x, reason, who = first) => [`${H}/${x.h.id}/exit`, who, { reason, note: '依规退出' }];
  await no(...out(a, 'refused'), 409, 'jobs.household_exit');
  await no(...out(b, 'out_of_reach'), 409, 'jobs.household_exit');
  await no(...out(a, 'refused', a.p), 403, 'auth.forbidden');
  await no(`${H}/${a.h.id}/exit`, first, { reason: 'tired', note: '不行' }, 422, 'request.invalid', '/reason field.choice');
  for (let i = 0; i < 3; i++) await post(`${H}/${a.h.id}/visits`, clerk, visit({ kind: 'refusal', note: '拒绝推荐岗位' }));
  assert.deepEqual((({ state, refusals, exit_reason }) => [state, refusals, exit_reason])(await post(...out(a, 'refused'))), ['exited', 3, 'refused']);
  sql(`UPDATE jobs.household SET last_reached_on = last_reached_on - 93 WHERE id = '${b.h.id}'`);
  assert.equal((await post(...out(b, 'out_of_reach'))).state, 'exited');
  await no(...out(b, 'other'), 409, 'state.wrong');
});

test('a county’s own days; the figures by county, small ones hidden from those who see figures only', async () => {
  await post('/v1/jobs/register-values', city, { name: 'household_due_days', county_code: '431129', from_on: now, value: 10, basis: '测试' });
  assert.equal((await recognised()).h.due_on, dayPlus(now, 10));
  sql("DELETE FROM jobs.register_value WHERE name = 'household_due_days'");
  const figures = async (who, q = '') => (await get(`/v1/jobs/household-figures?limit=50${q}`, who)).items.find((x) => x.county_code === '431129');
  const all = await figures(first);
  assert.ok(all.recognised >= 5 && all.helped >= 1 && all.overdue >= 1, JSON.stringify(all));
  assert.equal(all.help_rate_bp, Math.floor(all.helped * 10000 / all.recognised));
  const stats = await figures(as('stats'));
  assert.deepEqual([stats.recognised, stats.helped, stats.help_rate_bp], [all.recognised, null, null]);
  assert.equal(await figures(first, `&from_on=${dayPlus(now, -40)}&to_on=${dayPlus(now, -30)}`), undefined);
  await refused('GET', `/v1/jobs/household-figures?from_on=${now}&to_on=${dayPlus(now, -1)}`, { token: first.token }, 422, 'request.invalid', 'to_on field.date_order');
  await refused('GET', '/v1/jobs/household-figures', { token: (await person()).token }, 403, 'auth.forbidden');
});
