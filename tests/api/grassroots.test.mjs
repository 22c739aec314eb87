// grassroots: labour resources collected village by village, checked by sample
// and settled for; communities rated -- each with who may not.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, person, random, someone } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const mint = minter((await person()).token);
const as = (role, area = '431129', over = {}) => mint({ roles: [`${role}@${area}`], sub: randomUUID(), ...over });
const TASKS = '/v1/jobs/collect-tasks', RECORDS = '/v1/jobs/labour-records', CHECKS = '/v1/jobs/collect-checks';
const town = '431129100';
const villages = sql(`SELECT code FROM reference.villages WHERE code LIKE '${town}%' ORDER BY code LIMIT 4`).flat();
const first = as('first_review'), clerk = as('clerk'), approve = as('approve'), city = as('approve', '431100');
const form = { title: '劳动力资源动态采集', kind: 'update', area_code: town, form_version: 1, due_on: dayPlus(now, 30) };
const newTask = async (over = {}, token = first) => call('POST', TASKS, { token, body: { ...form, ...over } });
const entry = (over = {}) => { const { name, phone, id_number } = someone(); return { id_number, name, phone, village_code: villages[0],
  employment_state: 'unemployed', willing: true, education_code: '60', work_place: '沱江镇', ...over }; };
const record = (body, token = clerk) => call('POST', RECORDS, { token, body });
const rowsOf = async (path, token) => (await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=200`, { token })).items;

test('a task goes to every village of its area, and the city’s to all 3,331', async () => {
  const t = await newTask();
  const mine = Number(sql(`SELECT count(*) FROM reference.villages WHERE code LIKE '${town}%'`)[0][0]);
  assert.deepEqual([t.items, t.tasks.length, t.tasks[0].county_code], [mine, 1, '431129']);
  const whole = await newTask({ area_code: '431100', title: '全市普查' }, city);
  assert.deepEqual([whole.items, whole.tasks.length], [3331, 14]);
  const counties = await rowsOf(`${TASKS}?batch_id=${whole.id}`, as('stats', '431100'));
  assert.equal(counties.reduce((n, x) => n + x.items, 0), 3331, 'side by side');
  assert.deepEqual((await rowsOf(`${TASKS}?batch_id=${whole.id}`, first)).map((x) => x.county_code), ['431129']);
  await refused('POST', TASKS, { token: first, body: { ...form, area_code: '431100' } }, 403, 'auth.area');
  await refused('POST', TASKS, { token: first, body: { ...form, area_code: '431103001' } }, 403, 'auth.area');
  await refused('POST', TASKS, { token: clerk, body: form }, 403, 'auth.forbidden');
  await eachMistake('POST', TASKS, first, form, [[{ kind: 'x' }, '/kind field.choice'], [{ due_on: dayPlus(now, -1) }, '/due_on field.date_order'],
    [{ form_version: 0 }, '/form_version field.too_small'], [{ area_code: '99' }, '/area_code field.area_code']]);
  const progress = await rowsOf(`${TASKS}/${t.tasks[0].id}/progress`, first);
  assert.deepEqual(progress, [{ town_code: town, county_code: '431129', items: mine, done: 0, late: 0, records: 0 }]);
  assert.deepEqual(await rowsOf(`${TASKS}/${t.tasks[0].id}/progress`, as('first_review', '431103')), []);
  await refused('GET', `${TASKS}/${t.tasks[0].id}/progress`, { token: (await person()).token }, 403, 'auth.forbidden');
  await refused('GET', `${TASKS}?batch_id=x`, { token: first }, 422, 'request.invalid', 'batch_id field.format');
});

test('a contractor collects where its items are open, is reminded, and is late', async () => {
  const [{ id: task }] = (await newTask({ due_on: dayPlus(now, 2) })).tasks;
  const f = await firm();
  await eventually(() => sql(`SELECT 1 FROM jobs.org WHERE id = '${f.org_id}'`).length, 'jobs knows the firm');
  const partner = mint({ roles: ['partner@431129'], sub: randomUUID(), org: f.org_id, person: undefined });
  const assign = (body, token = first) => ['POST', `${TASKS}/${task}/assign`, { token, body }];
  await refused(...assign({ area_code: villages[1] }), 422, 'jobs.collect_assignee');
  await refused(...assign({ area_code: villages[1], org_id: NOBODY }), 409, 'jobs.org_unknown');
  await refused(...assign({ area_code: '431103', org_id: f.org_id }), 409, 'jobs.collect_empty');
  await refused(...assign({ area_code: villages[1], org_id: f.org_id }, as('first_review', '431103')), 404, 'request.not_found');
  assert.equal((await call(...assign({ area_code: villages[1], org_id: f.org_id }))).assigned, 1);
  assert.equal((await call(...assign({ area_code: villages[2], officer_id: randomUUID() }))).assigned, 1);
  await eventually(() => sql(`SELECT 1 FROM jobs.message WHERE org_id = '${f.org_id}' AND kind = 'collect_due' AND subject_id = '${task}'`).length, 'it is reminded');
  assert.deepEqual((await rowsOf('/v1/jobs/collect-items', partner)).map((i) => i.village_code), [villages[1]]);
  const [item] = await rowsOf('/v1/jobs/collect-items?state=open', partner);
  await refused('POST', RECORDS, { token: partner, body: entry() }, 403, 'auth.area', '/village_code auth.area');
  const done = (token, body = {}) => ['POST', `/v1/jobs/collect-items/${item.id}/done`, { token, body }];
  await refused(...done(partner), 409, 'jobs.collect_unfilled', '/note jobs.collect_unfilled');
  const r = await record(entry({ village_code: villages[1] }), partner);
  assert.deepEqual([r.collector_org_id, r.task_id, r.has_phone, r.stale], [f.org_id, task, true, null]);
  await refused(...done(mint({ roles: ['partner@431129'], sub: randomUUID(), org: randomUUID(), person: undefined })), 404, 'request.not_found');
  assert.equal((await call(...done(partner))).records, 1);
  await refused(...done(partner), 409, 'state.wrong');
  await refused('POST', RECORDS, { token: partner, body: entry({ village_code: villages[1] }) }, 403, 'auth.area');
  sql(`UPDATE jobs.collect_item SET due_on = '${dayPlus(now, -1)}' WHERE task_id = '${task}' AND area_code = '${villages[2]}'`);
  assert.deepEqual((await rowsOf(`/v1/jobs/collect-items?task_id=${task}&late=true`, first)).map((i) => i.village_code), [villages[2]]);
  await refused('GET', '/v1/jobs/collect-items?state=x', { token: first }, 422, 'request.invalid', 'state field.choice');
});

test('a record is one a person, linked, kept, and follows the registers', async () => {
  await eachMistake('POST', RECORDS, clerk, entry(), [[{ id_number: '1' }, '/id_number field.id_number'], [{ village_code: town }, '/village_code field.area_code'],
    [{ employment_state: 'x' }, '/employment_state field.choice'], [{ phone: '1' }, '/phone field.phone'], [{ willing: undefined }, '/willing field.missing']]);
  await refused('POST', RECORDS, { token: as('clerk', '431103'), body: entry() }, 403, 'auth.area', '/village_code auth.area');
  const p = await person({ area_code: town });
  await eventually(() => sql(`SELECT 1 FROM jobs.person WHERE id = '${p.id}'`).length, 'jobs knows the person');
  const body = entry({ id_number: p.id_number, name: p.name });
  const one = await record(body);
  assert.deepEqual([one.person_id, one.employment_state, one.state_source, one.changes], [p.id, 'unemployed', 'collected', []]);
  const two = await record({ ...body, education_code: '21', training_wish: '电工' });
  assert.equal(two.id, one.id);
  assert.deepEqual(two.changes[0].changes.education_code, ['60', '21'], 'both are kept');
  const elsewhere = sql(`SELECT code FROM reference.villages WHERE code LIKE '431103001%' LIMIT 1`)[0][0];
  await refused('POST', RECORDS, { token: as('clerk', '431103'), body: { ...body, village_code: elsewhere } }, 409, 'jobs.labour_elsewhere', '/village_code jobs.labour_elsewhere');
  const f = await firm();
  const job = await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: p.id,
    occupation_code: '6-24-01-00', hired_on: now, contract_type: 'task', wage_cents: 400000 } }));
  const hired = await call('GET', `${RECORDS}/${one.id}`, { token: clerk });
  assert.deepEqual([hired.employment_state, hired.state_source, hired.state_on], ['employed_local', 'employment', now]);
  assert.equal(hired.changes.at(-1).source, 'employment');
  await call('POST', `/v1/jobs/employments/${job.id}/end`, { token: f.token, body: { ended_on: now, reason: 'agreed' } });
  assert.equal((await call('GET', '/v1/jobs/my/labour-record', { token: p.token })).employment_state, 'unemployed');
  await refused('GET', '/v1/jobs/my/labour-record', { token: (await person()).token }, 404, 'request.not_found');
  await refused('GET', `${RECORDS}/${one.id}`, { token: as('clerk', '431103') }, 404, 'request.not_found');
  // The record came first, the person later.
  const later = someone({ area_code: town });
  const early = await record(entry({ id_number: later.id_number, name: later.name }));
  assert.equal(early.person_id, null);
  const { register } = await import('../lib/client.mjs');
  const came = await register(later);
  await eventually(async () => (await call('GET', `${RECORDS}/${early.id}`, { token: clerk })).person_id === came.id, 'linked');
  assert.ok((await walk(`${RECORDS}?area_code=${villages[0]}&willing=true`, clerk, 2)).length >= 2);
  await refused('GET', `${RECORDS}?stale=true`, { token: clerk }, 409, 'jobs.cadence_unset');
});

test('a file is taken line by line, reported, and taken once', async () => {
  const head = 'id_number,name,phone,village_code,hukou_code,education_code,skill_level,employment_state,work_place,wish,training_wish,willing';
  const line = (over = {}) => { const e = entry(over); return [e.id_number, e.name, e.phone, e.village_code, '', '70', '4', e.employment_state, '东莞', 'local', '', over.willing ?? '1'].join(','); };
  const away = sql(`SELECT code FROM reference.villages WHERE code LIKE '431103001%' LIMIT 1`)[0][0];
  const text = [head, line(), line({ employment_state: 'resting' }), line({ village_code: away }), line({ willing: '' }), line({ employment_state: 'employed_away' })].join('\r\n');
  const send = (token, raw) => request('POST', '/v1/jobs/labour-imports', { token, raw, headers: { 'content-type': 'text/csv', 'idempotency-key': randomUUID() } });
  const r = (await send(clerk, text)).json;
  assert.deepEqual([r.rows_read, r.rows_applied, r.rows_failed, r.repeated], [5, 2, 3, false], JSON.stringify(r));
  assert.deepEqual(r.errors.map((e) => [e.line, e.column, e.code]).sort(), [[3, 'employment_state', 'field.choice'],
    [4, 'village_code', 'auth.area'], [5, 'willing', 'field.missing']]);
  const again = (await send(clerk, text)).json;
  assert.deepEqual([again.id, again.repeated, again.rows_applied], [r.id, true, 2]);
  const bad = await send(clerk, 'name\r\nx');
  assert.deepEqual([bad.status, bad.json.code], [422, 'jobs.labour_file']);
  assert.equal((await send((await person()).token, text)).status, 403);
});

test('a sample is the same whoever draws it; its checker did not collect; quality and settlement follow', async () => {
  const [{ id: task }] = (await newTask({ area_code: villages[3], due_on: dayPlus(now, 1) })).tasks;
  const collector = as('clerk'), checker = as('recheck');
  for (let i = 0; i < 4; i++) await record(entry({ village_code: villages[3] }), collector);
  const draw = (count, token = approve) => ['POST', `${TASKS}/${task}/sample`, { token, body: { count } }];
  await refused(...draw(0), 422, 'request.invalid', '/count field.too_small');
  await refused(...draw(2, as('approve', '431103')), 404, 'request.not_found');
  await refused(...draw(2, collector), 403, 'auth.forbidden');
  assert.deepEqual([(await call(...draw(2))).drawn, (await call(...draw(2))).drawn], [2, 0], 'drawn again: the same');
  const drawn = sql(`SELECT record_id FROM jobs.collect_check WHERE task_id = '${task}'`).flat().sort();
  assert.deepEqual(drawn, sql(`SELECT id FROM jobs.labour_record WHERE task_id = '${task}' ORDER BY md5('${task}' || id::text) LIMIT 2`).flat().sort());
  const [a, b] = await rowsOf(`${CHECKS}?task_id=${task}&done=false`, checker);
  assert.match((await call('GET', `${CHECKS}/${a.id}`, { token: checker })).phone, /^1\d{10}$/, 'to be called');
  assert.equal((await call('GET', `${CHECKS}/${a.id}`, { token: collector })).phone, null, 'not by who collected it');
  await refused('GET', `${CHECKS}/${a.id}`, { token: as('recheck', '431103') }, 404, 'request.not_found');
  const result = (k, body, token = checker) => ['POST', `${CHECKS}/${k.id}/result`, { token, body }];
  const marks = [{ name: 'employment_state', right: true }, { name: 'education_code', right: false, said: '大专' }, { name: 'phone', right: true }];
  await refused(...result(a, { reached: true, fields: marks }, collector), 409, 'jobs.same_hand');
  await refused(...result(a, { reached: true }), 422, 'request.invalid', '/fields field.count');
  await refused(...result(a, { reached: true, fields: [marks[0], marks[0]] }), 422, 'request.invalid', '/fields/1/name field.duplicate');
  await refused(...result(a, { reached: true, fields: [{ name: 'shoe', right: true }] }), 422, 'request.invalid', '/fields/0/name field.choice');
  const checked = await call(...result(a, { reached: true, fields: marks }));
  assert.deepEqual([checked.right_count, checked.wrong_count, checked.results[1].found, checked.results[1].said], [2, 1, '60', '大专']);
  assert.equal(checked.results[2].found ?? null, null, 'no phone is kept');
  await refused(...result(a, { reached: true, fields: marks }), 409, 'state.wrong');
  await call(...result(b, { reached: false }));
  for (const by of ['county', 'town', 'collector']) {
    const [q] = await rowsOf(`${TASKS}/${task}/quality?by=${by}`, first);
    assert.deepEqual([q.drawn, q.checked, q.reached, q.score_bp], [2, 2, 1, 6666], by);
  }
  await refused('GET', `${TASKS}/${task}/quality?by=x`, { token: first }, 422, 'request.invalid', 'by field.choice');
  await refused('GET', CHECKS, { token: (await person()).token }, 403, 'auth.forbidden');

  const FIGURES = `/v1/jobs/figures/collection?from_on=${now}&to_on=${now}`;
  const unset = await call('GET', FIGURES, { token: city });
  const jh = unset.items.find((i) => i.county_code === '431129');
  assert.deepEqual([unset.line_cents, unset.price_text, unset.amount_cents, jh.amount_cents], [1000000000, '未设定', null, null]);
  assert.equal(jh.quantity, Math.floor(jh.records * jh.score_bp / 10000));
  assert.deepEqual([unset.items.length, unset.items[0].quantity], [14, null], 'not sampled, not counted');
  const rule = { line_cents: 1000000000, unit_price_cents: 300, basis: '市级结算办法' };
  await refused('POST', '/v1/jobs/settlement-rules', { token: approve, body: rule }, 403, 'auth.area');
  await refused('POST', '/v1/jobs/settlement-rules', { token: city, body: { ...rule, unit_price_cents: -1 } }, 422, 'request.invalid', '/unit_price_cents field.too_small');
  await call('POST', '/v1/jobs/settlement-rules', { token: city, body: rule });
  assert.equal((await call('GET', FIGURES, { token: city })).amount_cents, jh.quantity * 300);
  await call('POST', '/v1/jobs/settlement-rules', { token: city, body: { ...rule, line_cents: 101 } });
  const capped = await call('GET', FIGURES, { token: city });
  assert.equal(capped.items.reduce((n, i) => n + i.amount_cents, 0), 101, 'to the line, exactly');
  const own = await call('GET', FIGURES, { token: first });
  assert.deepEqual(own.items.map((i) => [i.county_code, i.amount_cents]), [['431129', null]]);
  await refused('GET', `/v1/jobs/figures/collection?from_on=${now}&to_on=${dayPlus(now, -1)}`, { token: city }, 422, 'request.invalid', 'to_on field.date_order');
  sql(`DELETE FROM jobs.settlement_rule WHERE from_on = '${now}'`);
});

test('a community is measured, applied for, checked, approved by the city, measured anew and withdrawn', async () => {
  const village = sql(`SELECT code FROM reference.villages v WHERE code LIKE '${town}%' AND NOT EXISTS
    (SELECT FROM jobs.person p WHERE p.area_code = v.code) ORDER BY code DESC LIMIT 1`)[0][0];
  const RATINGS = '/v1/jobs/ratings', span = { from_on: dayPlus(now, -365), to_on: now };
  const measure = async () => Object.fromEntries((await call('GET', `/v1/jobs/rating-measures?village_code=${village}&from_on=${span.from_on}&to_on=${now}`,
    { token: clerk })).measures.map((m) => [m.criterion, m]));
  const before = await measure();
  assert.deepEqual([before.willing.value, before.willing.meets, before.registered.meets, before.willing.national_bar, before.willing.city_text],
    [null, false, true, 9500, '未设定'], 'nothing collected shows nothing');
  await refused('GET', `/v1/jobs/rating-measures?village_code=${village}&from_on=${now}&to_on=${now}`, { token: as('clerk', '431103') }, 404, 'request.not_found');
  await refused('GET', '/v1/jobs/rating-measures', { token: clerk }, 422, 'request.invalid');
  for (let i = 0; i < 19; i++) await record(entry({ village_code: village, employment_state: i % 2 ? 'employed_away' : 'flexible' }));
  const p = await person({ area_code: village });
  await eventually(() => sql(`SELECT 1 FROM jobs.person WHERE id = '${p.id}'`).length, 'jobs knows the person');
  await record(entry({ village_code: village, id_number: p.id_number, name: p.name }));
  const apply = (over = {}, token = clerk) => ['POST', RATINGS, { token, body: { village_code: village, ...span, ...over } }];
  await refused(...apply({}, as('clerk', '431103')), 403, 'auth.area', '/village_code auth.area');
  await refused(...apply({ to_on: dayPlus(now, 1) }), 422, 'request.invalid', '/to_on field.date_future');
  await refused(...apply({ village_code: town }), 422, 'request.invalid', '/village_code field.area_code');
  const sheet = await call(...apply());
  assert.deepEqual([sheet.state, sheet.meets, sheet.case_state], ['applied', false, 'accepted'], 'one out of work and not registered');
  await refused(...apply(), 409, 'state.exists');
  const decide = (r, step, token, body = { decision: 'pass', note: '核查属实' }) => ['POST', `${RATINGS}/${r.id}/${step}`, { token, body }];
  await refused(...decide(sheet, 'check', first), 409, 'jobs.rating_unmet');
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token, refused: true, body: { reason: 'other' } }));
  const open = await measure();
  assert.deepEqual([open.willing.value, open.registration.value, open.registered.value, open.registered.meets], [9500, 10000, 0, false]);
  const f = await firm();
  await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: p.id, occupation_code: '6-24-01-00',
    hired_on: now, contract_type: 'task', wage_cents: 400000 } }));
  assert.deepEqual(Object.values(await measure()).map((m) => m.meets), [true, true, true, true, true, true]);
  const both = mint({ roles: ['clerk@431129', 'first_review@431129'], sub: randomUUID() });
  await refused(...decide(sheet, 'check', as('first_review', '431103')), 404, 'request.not_found');
  await refused(...decide(sheet, 'approve', city), 409, 'state.wrong');
  assert.equal((await call(...decide(sheet, 'check', both))).state, 'checked');
  await refused(...decide(sheet, 'approve', approve), 403, 'jobs.place_city');
  const good = await call(...decide(sheet, 'approve', city));
  assert.deepEqual([good.state, good.recheck_due, good.meets], ['approved', false, true]);
  assert.ok((await rowsOf(`${RATINGS}?area_code=431129`)).some((r) => r.village_code === village));
  await refused('GET', `${RATINGS}?area_code=9`, {}, 422, 'request.invalid', 'area_code field.area_code');
  const figures = await rowsOf('/v1/jobs/figures/ratings', city);
  assert.deepEqual(figures.filter((x) => ['431100', '431129'].includes(x.county_code)).map((x) => [x.county_code, x.approved, x.target_text]),
    [['431100', 1, '200'], ['431129', 1, '未设定']]);
  await refused('GET', '/v1/jobs/figures/ratings', { token: p.token }, 403, 'auth.forbidden');
  // A year later.
  const again = await call(...decide(sheet, 'recheck', first, { note: '年度复核' }));
  assert.deepEqual([again.recheck_meets, again.rechecked_on], [true, now]);
  const bar = { criterion: 'willing', bar: 10000, basis: '市级标准', from_on: now };
  await call('POST', '/v1/jobs/rating-rules', { token: city, body: { ...bar, bar: 10000, criterion: 'willing' } });
  await record(entry({ village_code: village }));
  const short = await call(...decide(sheet, 'recheck', first, { note: '年度复核' }));
  assert.deepEqual([short.recheck_meets, short.state], [false, 'approved'], 'the city has to take it back');
  await refused('POST', '/v1/jobs/rating-rules', { token: approve, body: bar }, 403, 'auth.area');
  await refused('POST', '/v1/jobs/rating-rules', { token: city, body: { ...bar, criterion: 'x' } }, 422, 'request.invalid', '/criterion field.choice');
  await refused(...decide(sheet, 'withdraw', approve, { note: '不达标' }), 403, 'jobs.place_city');
  assert.equal((await call(...decide(sheet, 'withdraw', city, { note: '复核不达标' }))).state, 'withdrawn');
  await refused(...decide(sheet, 'withdraw', city, { note: '复核不达标' }), 409, 'state.wrong');
  await refused(...decide(sheet, 'recheck', first, { note: '年度复核' }), 409, 'state.wrong');
  sql(`DELETE FROM jobs.rating_rule WHERE level = 'city'`);
  assert.ok((await walk('/v1/jobs/rating-register?state=withdrawn', clerk, 5)).some((r) => r.id === sheet.id));
  await refused('GET', '/v1/jobs/rating-register?state=x', { token: clerk }, 422, 'request.invalid', 'state field.choice');
  const own = mint({ roles: ['clerk@431129', 'first_review@431129'], sub: randomUUID() });
  const mine = await call('POST', RATINGS, { token: own, body: { village_code: village, ...span } });
  await refused(...decide(mine, 'check', own), 409, 'jobs.same_hand');
  assert.equal((await call(...decide(mine, 'check', first, { decision: 'refuse', note: '材料不全' }))).state, 'refused');
});
