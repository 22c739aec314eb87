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

// ---- reading ------------------------------------------------------------------------

const facts = (token, q = '') => walk(`/v1/subsidies/facts?${q}`, token, 50);
const shape = (list) => list.map((x) => `${x.kind} ${x.from_on} ${x.to_on} ${x.source}`);

test('what is known, from where and since when, by the person and the officers of the area; as it was at an instant', async () => {
  const who = await person();
  await has(who.id);
  await send('pensions', [`${who.id_number},2025-01-01,`]);
  await send('graduates', [`${who.id_number},永州示例学院,21,1,2025-06-30`]);
  await send('insurance_months', [`${who.id_number},${f.org.uscc},2025-07,1,1,1`, `${who.id_number},${f.org.uscc},2025-08,1,1,1`]);
  await g.at('2025-10-22');
  await send('pensions', [`${who.id_number},2025-01-01,2025-09-30`]);
  const now = await facts(who.token);
  assert.deepEqual(shape(now).filter((x) => !x.startsWith('insured')), ['graduate 2025-06-30 null import', 'pension 2025-01-01 2025-09-30 import']);
  assert.deepEqual(now.filter((x) => x.kind === 'insured').map((x) => `${x.code} ${x.from_on} ${x.to_on}`).sort(),
    ['all_three', 'injury', 'pension', 'unemployment'].map((k) => `${k} 2025-07-01 2025-08-31`));
  const was = await facts(who.token, 'kind=pension&as_of=2025-10-21T00:00:00Z');
  assert.deepEqual(shape(was), ['pension 2025-01-01 null import']);
  assert.ok(was[0].known_from.startsWith('2025-10-20') && was[0].known_to.startsWith('2025-10-22'));
  assert.deepEqual(await facts(who.token, 'as_of=2025-10-01T00:00:00Z'), []);
  const officer = (await desk('jh.first')).token;
  assert.deepEqual(shape(await facts(officer, `person_id=${who.id}&kind=pension`)), ['pension 2025-01-01 2025-09-30 import']);
  for (const token of [(await desk('lst.first')).token, q.token, f.token])
    assert.deepEqual(await facts(token, `person_id=${who.id}`), []);
  assert.equal((await walk('/v1/subsidies/facts', who.token, 2)).length, now.length);
  await refused('GET', '/v1/subsidies/facts', { token: officer }, 422, 'request.invalid', 'person_id field.missing');
  await refused('GET', '/v1/subsidies/facts?kind=mood', { token: who.token }, 422, 'request.invalid', 'kind field.choice');
  await refused('GET', `/v1/subsidies/facts?person_id=${who.id}`, { token: (await desk('city.stats')).token }, 403, 'auth.forbidden');
  await g.at(g.NOW);
});

test('a corrected hire as it was before; an employer sees what is about the employer alone', async () => {
  const hires = await facts(p.token, 'kind=employment');
  assert.deepEqual(hires.map((x) => [x.from_on, x.numbers[0]]), [[g.HIRED_ON, 510000]]);
  const since = new Date(Date.parse(hires[0].known_from) - 1000).toISOString();
  const before = await facts(p.token, `kind=employment&as_of=${since}`);
  assert.ok(before.length === 0 || before[0].numbers[0] === 480000);
  await send('sizes', [`${f.org.uscc},small,2024-01-01,`]);
  await send('insurance_costs', [`${p.id_number},${f.org.uscc},2025-01,1,1`]);
  assert.deepEqual(shape(await facts(f.token)), ['size 2024-01-01 null import']);
  assert.deepEqual(shape(await facts((await desk('jh.first')).token, `org_id=${f.org_id}`)), ['size 2024-01-01 null import']);
  assert.deepEqual(await facts((await desk('lst.first')).token, `org_id=${f.org_id}`), []);
});

// ---- putting it right -----------------------------------------------------------------

const first = (await desk('jh.first')).token, recheck = (await desk('jh.recheck')).token;
const step = (c, what, token, body, more = {}) => call('POST', `/v1/subsidies/corrections/${c.id}/${what}`, { token, body, ...more });
const wrong = async (kind, row) => {
  const who = await person();
  await has(who.id);
  await send(kind, [row(who)]);
  const [fact] = await facts(who.token, `kind=${kind.replace(/s$/, '')}`);
  const ask = (more = {}) => call('POST', `/v1/subsidies/facts/${fact.id}/corrections`, { token: who.token, body: { content: '我没有领取养老金' }, ...more });
  return { who, fact, ask };
};

test('“this is wrong”: a case; one officer proposes, another agrees; no file undoes it', async () => {
  const { who, fact, ask } = await wrong('pensions', (x) => `${x.id_number},2025-02-01,`);
  const c = await ask();
  assert.deepEqual([c.state, c.kind, c.county_code], ['open', 'pension', '431129']);
  assert.match(c.case_no, /^SU/);
  isProblem(await ask({ refused: true }), 409, 'state.exists');
  const proposal = { from_on: '2025-02-01', to_on: '2025-02-28', basis: '社保经办机构证明' };
  isProblem(await step(c, 'agree', recheck, { answer: '已核实' }, { refused: true }), 409, 'state.wrong');
  isProblem(await step(c, 'propose', (await desk('lst.first')).token, proposal, { refused: true }), 404, 'request.not_found');
  isProblem(await step(c, 'propose', recheck, proposal, { refused: true }), 403, 'auth.forbidden');
  isProblem(await step(c, 'propose', first, { ...proposal, to_on: '2025-01-01' }, { refused: true }), 422, 'request.invalid', '/to_on field.date_order');
  isProblem(await step(c, 'propose', first, { ...proposal, numbers: ['x'] }, { refused: true }), 422, 'request.invalid', '/numbers field.type');
  assert.equal((await step(c, 'propose', first, proposal)).state, 'proposed');
  const both = minter(first)({ roles: ['recheck@431129'], sub: JSON.parse(Buffer.from(first.split('.')[1], 'base64url')).sub });
  isProblem(await step(c, 'agree', both, { answer: '已核实' }, { refused: true }), 409, 'subsidies.same_hand');
  assert.equal((await step(c, 'agree', recheck, { answer: '已核实更正' })).state, 'done');
  const [now] = await facts(who.token, 'kind=pension');
  assert.deepEqual([now.id, now.to_on, now.source], [fact.id, '2025-02-28', 'officer']);
  const r = await send('pensions', ['', `${who.id_number},2025-02-01,`]);
  assert.deepEqual(r.errors.map((e) => e.code), ['subsidies.fact_kept']);
  assert.equal(sql(`SELECT state FROM subsidies.case_file WHERE subject_id = '${c.id}'`)[0][0], 'done');
  assert.equal(sql(`SELECT count(*) FROM subsidies.message WHERE person_id = '${who.id}' AND kind = 'correction_done'`)[0][0], '1');
});

test('there was never such a fact: known no more, and no file brings it back', async () => {
  const { who, ask } = await wrong('deaths', (x) => `${x.id_number},2025-02-01`);
  const c = await ask({ body: { content: '我还健在，登记有误' } });
  await step(c, 'propose', first, { is_void: true, basis: '本人到场核验' });
  await step(c, 'agree', recheck, { answer: '已更正' });
  assert.deepEqual(await facts(who.token, 'kind=death'), []);
  const r = await send('deaths', ['', `${who.id_number},2025-02-01`]);
  assert.deepEqual([r.rows_changed, r.errors.map((e) => e.code)], [0, ['subsidies.fact_kept']]);
  assert.deepEqual(await facts(who.token, 'kind=death'), []);
});

test('numbers are put right, or the request refused with its reason; another’s fact is not found', async () => {
  const a = await wrong('self_insurance', (x) => `${x.id_number},2025-06,60000`);
  isProblem(await call('POST', `/v1/subsidies/facts/${a.fact.id}/corrections`, { token: q.token, body: { content: '这一条不对的' }, refused: true }), 404, 'request.not_found');
  isProblem(await a.ask({ body: { content: '错' }, refused: true }), 422, 'request.invalid', '/content field.too_short');
  const c = await a.ask({ body: { content: '金额应为 650 元' } });
  await step(c, 'propose', first, { from_on: '2025-06-01', to_on: '2025-06-30', numbers: [65000], basis: '完税证明' });
  await step(c, 'agree', recheck, { answer: '已更正' });
  assert.deepEqual((await facts(a.who.token, 'kind=self_insurance'))[0].numbers, [65000]);
  const d = await a.ask({ body: { content: '金额仍然不对' } });
  isProblem(await step(d, 'refuse', first, {}, { refused: true }), 422, 'request.invalid', '/answer field.missing');
  assert.equal((await step(d, 'refuse', first, { answer: '与缴费记录一致' })).state, 'refused');
  isProblem(await step(d, 'refuse', recheck, { answer: '与缴费记录一致' }, { refused: true }), 409, 'state.wrong');
  assert.equal(sql(`SELECT state FROM subsidies.case_file WHERE subject_id = '${d.id}'`)[0][0], 'refused');
  assert.deepEqual((await walk('/v1/subsidies/corrections', a.who.token, 1)).map((x) => x.state), ['refused', 'done']);
  assert.ok((await walk('/v1/subsidies/corrections?state=refused', first, 50)).some((x) => x.id === d.id));
  assert.ok(!(await walk('/v1/subsidies/corrections', (await desk('lst.first')).token, 50)).some((x) => x.id === d.id));
});
