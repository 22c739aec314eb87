// subsidies_facts: what other services tell becomes what is known, once however
// often it is told; who may read it, as it is and as it was; and how it is put right.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { emit, known, send } from './facts_help.mjs';
import * as g from './grant.mjs';
import { isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

await g.at(g.NOW);
const mint = minter((await person()).token);
const has = (id) => eventually(() => sql(`SELECT 1 FROM subsidies.person WHERE id = '${id}' UNION ALL SELECT 1 FROM subsidies.org WHERE id = '${id}'`).length, 'known');
const [p, q, f] = [await person(), await person(), await firm()];
await Promise.all([p.id, q.id, f.org_id].map(has));
const becomes = async (who, list, column = 'person_id') => {
  let last;
  await eventually(() => { last = known(column, who); return JSON.stringify(last) === JSON.stringify(list); }, `${list} but ${last}`)
    .catch(() => assert.deepEqual(known(column, who), list));
};
const settled = () => eventually(() => sql(`SELECT (SELECT count(*) FROM jobs.outbox) + (SELECT count(*) FROM training.outbox)
  + (SELECT coalesce(max(seq), 0) FROM jobs.event_log) - (SELECT seq FROM subsidies.event_cursor WHERE source = 'jobs')
  + (SELECT coalesce(max(seq), 0) FROM training.event_log) - (SELECT seq FROM subsidies.event_cursor WHERE source = 'training')`)[0][0] === '0',
'every event is applied');
const rows = (id) => Number(sql(`SELECT count(*) FROM subsidies.fact WHERE id = '${id}'`)[0][0]);

test('declared work: its income and its end; told twice it is known once', async () => {
  const who = await person();
  await has(who.id);
  const e = await eventually(async () => {
    const r = await call('POST', '/v1/jobs/employment-declarations', { token: who.token, refused: true, body: { form: 'flexible',
      work_kind: '外卖配送', work_place: '县城', occupation_code: '6-24-01-00', started_on: '2025-09-01', income_month_cents: 420000 } });
    return r.status < 300 && r.json;
  }, 'declared');
  await becomes(who.id, ['flexible 2025-09-01 - flexible {420000}']);
  const payload = { employment_id: e.id, person_id: who.id, org_id: null, hired_on: '2025-09-01', form: 'flexible', wage_cents: 420000, county_code: '431129' };
  emit('jobs.employment.declared.v1', e.id, payload);
  await settled();
  assert.equal(rows(e.id), 1);
  emit('jobs.employment.corrected.v1', e.id, { ...payload, hired_on: '2025-09-05', wage_cents: 400000 });
  await becomes(who.id, ['flexible 2025-09-05 - flexible {400000}']);
  emit('jobs.employment.declaration_ended.v1', e.id, { employment_id: e.id, person_id: who.id, ended_on: '2025-10-10', reason: 'quit', county_code: '431129' });
  await becomes(who.id, ['flexible 2025-09-05 2025-10-10 flexible {400000}']);
  emit('jobs.employment.declared.v1', e.id, { ...payload, hired_on: '2025-09-05', wage_cents: 400000 });
  await settled();
  assert.deepEqual(known('person_id', who.id), ['flexible 2025-09-05 2025-10-10 flexible {400000}']);
});

test('a corrected hire: as it is now, with what it was', async () => {
  const e = await g.hire(f, p);
  await eventually(() => sql(`SELECT 1 FROM subsidies.employment WHERE id = '${e.id}'`).length, 'the hire is known');
  await call('POST', `/v1/jobs/employments/${e.id}/correct`, { token: mint({ roles: ['first_review@431129'] }),
    body: { reason: '工资有误', wage_cents: 510000 } });
  const wage = () => sql(`SELECT wage_cents FROM subsidies.employment WHERE id = '${e.id}'`)[0][0];
  await eventually(() => wage() === '510000', 'the correction is known');
  assert.deepEqual(sql(`SELECT row_was ->> 'wage_cents' FROM subsidies.known_before WHERE tbl = 'employment' AND id = '${e.id}'`), [['480000']]);
});

test('difficulty: from its recognition to its last day, moved by the yearly check, ended by withdrawal', async () => {
  const id = randomUUID();
  const say = (to) => emit('jobs.difficulty.recognised.v1', id, { difficulty_id: id, person_id: q.id, valid_from: '2025-01-01', valid_to: to, county_code: '431129' });
  say('2025-12-31');
  say('2025-12-31');
  say('2026-12-31');
  await becomes(q.id, ['difficulty 2025-01-01 2026-12-31 - {}']);
  assert.equal(rows(id), 2);
  emit('jobs.difficulty.withdrawn.v1', id, { difficulty_id: id, person_id: q.id, ended_on: '2025-08-01', reason: 'employed', county_code: '431129' });
  await becomes(q.id, ['difficulty 2025-01-01 2025-08-01 - {}']);
  emit('jobs.difficulty.withdrawn.v1', id, { difficulty_id: id, person_id: q.id, ended_on: '2024-12-31', reason: 'wrong', county_code: '431129' });
  await becomes(q.id, []);	// it never was
});

test('public-welfare months know their placement, before it and after', async () => {
  const [placement, month, late] = [randomUUID(), randomUUID(), randomUUID()];
  const who = await person();
  await has(who.id);
  const place = (cap, started = '2025-03-01') => emit('jobs.welfare.placed.v1', placement, { placement_id: placement, post_id: randomUUID(), org_id: f.org_id,
    person_id: who.id, started_on: started, cap_on: cap, ended_on: null, reason: null, county_code: '431129' });
  const confirm = (id, m, days) => emit('jobs.welfare.month_confirmed.v1', id, { month_id: id, placement_id: placement, post_id: randomUUID(),
    person_id: who.id, month: m, days, county_code: '431129' });
  confirm(month, '2025-04-01', 20);
  await becomes(who.id, ['welfare_month 2025-04-01 2025-04-30 - {20,NULL,NULL}']);
  place('2028-02-29');
  await becomes(who.id, ['welfare_month 2025-04-01 2025-04-30 - {20,20148,21243}']);
  confirm(late, '2025-05-01', 22);
  await becomes(who.id, ['welfare_month 2025-04-01 2025-04-30 - {20,20148,21243}', 'welfare_month 2025-05-01 2025-05-31 - {22,20148,21243}']);
  assert.equal(sql(`SELECT count(*) FROM subsidies.fact WHERE org_id = '${f.org_id}' AND kind = 'welfare_month' AND known_to IS NULL`)[0][0], '2');
});

test('a workshop’s year names its qualified workers; closed again, only those it names now', async () => {
  const [shop, a, b] = [randomUUID(), await person(), await person()];
  await Promise.all([a.id, b.id].map(has));
  const close = (people) => emit('jobs.workshop.year_closed.v1', shop, { workshop_id: shop, org_id: f.org_id, year: 2024, workers: 5,
    qualified: people.length, people, county_code: '431129' });
  close([{ person_id: a.id, months: 8, wage_cents: 1600000 }, { person_id: b.id, months: 7, wage_cents: 1300000 }]);
  await becomes(b.id, ['workshop_worker 2024-01-01 2024-12-31 - {7,1300000}']);
  close([{ person_id: a.id, months: 9, wage_cents: 1800000 }]);
  await becomes(b.id, []);
  await becomes(a.id, ['workshop_worker 2024-01-01 2024-12-31 - {9,1800000}']);
});

test('a certificate of ours is the same certificate in a file of the province, and the file does not change it', async () => {
  const who = await person();
  await has(who.id);
  const id = randomUUID();
  emit('training.certificate.issued.v1', id, { certificate_id: id, enrolment_id: randomUUID(), class_id: randomUUID(), person_id: who.id,
    occupation_code: '6-31-01-03', level: 4, issued_on: '2025-06-06', county_code: '431129' });
  await becomes(who.id, ['certificate 2025-06-06 - 6-31-01-03 {4,1,NULL}']);
  const r = await send('certificates', [`${who.id_number},6-31-01-03,4,2025-06-06,0,,C9`]);
  assert.deepEqual([r.rows_changed, r.errors.map((e) => `${e.line} ${e.code}`)], [0, ['2 subsidies.fact_kept']]);
  assert.deepEqual(known('person_id', who.id), ['certificate 2025-06-06 - 6-31-01-03 {4,1,NULL}']);
});

test('nothing of what was told is parked', () => {
  assert.deepEqual(sql('SELECT type, error FROM subsidies.event_parked'), []);
});
