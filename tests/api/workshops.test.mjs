// workshops: recognised by two hands, staffed, paid by the month, counted by
// the year, raised and accepted -- and everything refused.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, refused, sql, today, walk } from './help.mjs';

const start = await today();
const YEAR = Number(start.slice(0, 4)) - 1;
const shop = (over = {}) => ({ name: '瑶绣帮扶车间', products: '瑶绣', capacity: 40, area_code: '431129100', ...over });
const propose = (f) => known(() => call('POST', '/v1/jobs/workshops', { token: f.token, body: shop(), refused: true }));
const step = async (w, who, verb, body) => call('POST', `/v1/jobs/workshops/${w.id}/${verb}`, { token: (await desk(who)).token, body });
async function recognised(f) {
  const w = await propose(f);
  await step(w, 'jh.first', 'check', { pass: true });
  return step(w, 'jh.recheck', 'recognise', { pass: true, until_on: dayPlus(start, 365) });
}
async function enrol(w, who, p, over = {}) {
  await eventually(() => sql(`SELECT count(*) FROM jobs.person WHERE id = '${p.id}'`)[0][0] === '1', 'known');
  return call('POST', `/v1/jobs/workshops/${w.id}/workers`, { token: who.token, body: { person_id: p.id, pay_kind: 'piece', from_on: `${YEAR}-01-01`, ...over } });
}

test('recognised by two people of the county, for a time', async () => {
  const f = await firm();
  const w = await propose(f);
  assert.deepEqual([w.state, w.case_state, w.workers], ['proposed', 'accepted', 0]);
  const [first, second, other, clerk] = await Promise.all(['jh.first', 'jh.recheck', 'lst.first', 'jh.clerk'].map(desk));
  const path = `/v1/jobs/workshops/${w.id}`, yes = { pass: true, until_on: dayPlus(start, 365) };
  await refused('POST', `${path}/recognise`, { token: second.token, body: yes }, 409, 'state.wrong');
  await refused('POST', `${path}/check`, { token: other.token, body: { pass: true } }, 404, 'request.not_found');
  await refused('POST', `${path}/workers`, { token: f.token, body: { person_id: f.agent.id, pay_kind: 'day', from_on: start } }, 409, 'jobs.workshop_not_recognised');
  assert.equal((await call('POST', `${path}/check`, { token: first.token, body: { pass: true } })).state, 'checked');
  await refused('POST', `${path}/recognise`, { token: second.token, body: { pass: true } }, 422, 'request.invalid', '/until_on field.missing');
  await refused('POST', `${path}/recognise`, { token: second.token, body: { pass: true, until_on: start } }, 422, 'request.invalid', '/until_on field.date_past');
  assert.equal((await call('POST', `${path}/recognise`, { token: second.token, body: yes })).state, 'recognised');
  assert.throws(() => sql(`UPDATE jobs.workshop SET recognised_by = checked_by WHERE id = '${w.id}'`), /hands_check/);
  await eachMistake('POST', '/v1/jobs/workshops', clerk.token, shop({ org_id: f.org_id }), [
    [{ org_id: undefined }, '/org_id field.missing'],
    [{ capacity: 0 }, '/capacity field.too_small'],
    [{ area_code: '431100' }, '/area_code field.area_code'],
  ]);
  await refused('POST', '/v1/jobs/workshops', { token: clerk.token, body: shop({ org_id: f.org_id, area_code: '431103001' }) }, 403, 'auth.area');
  assert.ok((await walk('/v1/jobs/workshops?state=recognised', first.token, 2)).some((x) => x.id === w.id));
  await refused('GET', '/v1/jobs/workshops?state=lost', { token: first.token }, 422, 'request.invalid', 'state field.choice');

  // Raised, and accepted by another than who asked.
  await refused('POST', `${path}/upgrade-acceptance`, { token: second.token, body: { pass: true } }, 409, 'state.wrong');
  assert.equal((await call('POST', `${path}/upgrade`, { token: f.token, body: { what: '新增缝纫设备 20 台' } })).upgrade_state, 'asked');
  await refused('POST', `${path}/upgrade`, { token: f.token, body: { what: '再申请一次' } }, 409, 'state.wrong');
  assert.throws(() => sql(`UPDATE jobs.workshop SET accepted_by = asked_by WHERE id = '${w.id}'`), /accepted_check/);
  const up = await call('POST', `${path}/upgrade-acceptance`, { token: second.token, body: { pass: true, note: '符合标准' } });
  assert.deepEqual([up.upgrade_state, up.upgraded_on], ['accepted', start]);
  const figures = await call('GET', '/v1/jobs/workshop-figures', { token: (await desk('city.stats')).token });
  const mine = figures.items.find((x) => x.county_code === '431129');
  assert.ok(mine.upgraded >= 1 && mine.upgrade_target === 1050 && (mine.workers === null || mine.workers >= 5));
  await refused('GET', '/v1/jobs/workshop-figures', { token: f.token }, 403, 'auth.forbidden');
  await refused('POST', `${path}/revoke`, { token: second.token, body: {} }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await call('POST', `${path}/revoke`, { token: second.token, body: { note: '已停产' } })).state, 'revoked');
  await refused('POST', `${path}/revoke`, { token: second.token, body: { note: '已停产' } }, 409, 'state.wrong');
});

test('wages by the month, row by row, safe to send again; the year counts whom the rule counts', async () => {
  const [f, g, ...people] = await Promise.all([firm(), firm(), person(), person(), person(), person()]);
  const [w, elsewhere] = await Promise.all([recognised(f), recognised(g)]);
  const clerk = await desk('jh.clerk');
  const [a, b, c] = [await enrol(w, clerk, people[0], { is_poor: true }), await enrol(w, clerk, people[1], { is_poor: true }),
    await enrol(w, f, people[2], { is_poor: true })];
  assert.deepEqual([a.is_poor, c.is_poor], [true, null], 'an owner’s word does not make anybody 脱贫人口');
  const stranger = await enrol(elsewhere, g, people[3]);
  const path = `/v1/jobs/workshops/${w.id}`;
  await refused('POST', `${path}/workers`, { token: f.token, body: { person_id: people[0].id, pay_kind: 'day', from_on: start } }, 409, 'jobs.workshop_enrolled');
  await refused('POST', `${path}/workers`, { token: f.token, body: { person_id: people[3].id, pay_kind: 'day', from_on: dayPlus(start, 1) } }, 422, 'request.invalid', '/from_on field.date_future');
  const month = (m) => `${YEAR}-${String(m).padStart(2, '0')}-01`;
  const send = (m, rows, who = f) => call('POST', `${path}/wages`, { token: who.token, body: { month: month(m), rows } });
  const row = (x, wage_cents, days = 20) => ({ worker_id: x.id, days, wage_cents });
  for (let m = 1; m <= 6; m++) {
    const r = await send(m, [row(a, 100000), row(b, 99999), row(c, 200000)]);
    assert.deepEqual([r.taken, r.failed], [3, 0]);
  }
  const again = await send(2, [row(a, 100000), row(stranger, 1), row(b, 1), row(b, 2), row(c, 200000, 30)]);
  assert.deepEqual(again.rows.map((r) => r.code), [null, 'jobs.workshop_not_enrolled', 'field.duplicate', 'field.duplicate', 'field.too_large']);
  assert.equal(sql(`SELECT count(*) FROM jobs.workshop_wage WHERE workshop_id = '${w.id}'`)[0][0], '18');
  await eachMistake('POST', `${path}/wages`, f.token, { month: month(7), rows: [row(a, 1)] }, [
    [{ rows: [] }, '/rows field.count'],
    [{ rows: [row(a, -1)] }, '/rows/0/wage_cents field.too_small'],
  ]);
  for (const wrong of [`${YEAR}-07-02`, `${YEAR + 2}-01-01`])
    await refused('POST', `${path}/wages`, { token: f.token, body: { month: wrong, rows: [row(a, 1)] } }, 422, 'jobs.workshop_month', '/month jobs.workshop_month');
  await refused('POST', `${path}/wages`, { token: g.token, body: { month: month(7), rows: [row(a, 1)] } }, 404, 'request.not_found');
  assert.equal((await call('GET', `${path}/wages?month=${month(2)}`, { token: f.token })).items.length, 3);
  await refused('GET', `${path}/wages?month=soon`, { token: f.token }, 422, 'request.invalid', 'month field.format');
  const counted = (await call('GET', `${path}/people?year=${YEAR}`, { token: f.token })).items;
  assert.deepEqual(Object.fromEntries(counted.map((x) => [x.person_id, [x.months, x.wage_cents, x.is_qualified]])),
    { [people[0].id]: [6, 600000, true], [people[1].id]: [6, 599994, false], [people[2].id]: [6, 1200000, false] });
  await refused('GET', `${path}/people`, { token: f.token }, 422, 'request.invalid', 'year field.missing');
  assert.equal((await walk(`${path}/workers`, f.token, 2)).length, 3);
  await refused('GET', `${path}/workers`, { token: people[0].token }, 403, 'auth.forbidden');

  const first = await desk('jh.first'), close = `${path}/years`;
  await refused('POST', close, { token: first.token, body: { year: YEAR + 1 } }, 422, 'jobs.workshop_year', '/year jobs.workshop_year');
  await refused('POST', close, { token: (await desk('lst.first')).token, body: { year: YEAR } }, 404, 'request.not_found');
  const year = await call('POST', close, { token: first.token, body: { year: YEAR } });
  assert.deepEqual([year.workers, year.qualified], [3, 1]);
  await refused('POST', close, { token: first.token, body: { year: YEAR } }, 409, 'state.exists');
  await refused('POST', `${path}/wages`, { token: f.token, body: { month: month(7), rows: [row(a, 1)] } }, 409, 'jobs.workshop_closed');
  await eventually(() => sql(`SELECT count(*) FROM jobs.event_log WHERE type = 'jobs.workshop.year_closed.v1' AND key = '${year.id}'
    AND payload->'people'->0->>'person_id' = '${people[0].id}'`)[0][0] === '1', 'the event');

  const leave = `/v1/jobs/workshop-workers/${a.id}/leave`;
  await refused('POST', leave, { token: g.token, body: { to_on: start } }, 404, 'request.not_found');
  await refused('POST', leave, { token: f.token, body: { to_on: dayPlus(start, 1) } }, 422, 'request.invalid', '/to_on field.date_order');
  assert.equal((await call('POST', leave, { token: f.token, body: { to_on: start } })).to_on, start);
  await refused('POST', leave, { token: f.token, body: { to_on: start } }, 409, 'state.wrong');

  // No wages for three months: the county sees which.
  const idle = async () => (await walk('/v1/jobs/workshops?is_inactive=true', first.token, 20)).map((x) => x.id);
  assert.ok(!(await idle()).includes(w.id), 'recognised only now');
  sql(`UPDATE jobs.workshop SET recognised_on = '${YEAR}-01-01' WHERE id = '${w.id}'`);
  assert.equal((await idle()).includes(w.id), start >= `${YEAR}-10-01`);
});
