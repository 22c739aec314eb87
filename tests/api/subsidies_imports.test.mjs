// subsidies_imports: files of every kind of fact -- taken once, put right by a
// later one, complete up to a day, settled by a registration, taken back by two.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person, random, someone } from '../lib/city.mjs';
import { register } from '../lib/client.mjs';
import { idNumber, uscc } from '../lib/fake.mjs';
import { clerk, header, known, send } from './facts_help.mjs';
import * as g from './grant.mjs';
import { isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

await g.at(g.NOW);
const mint = minter((await person()).token);
const second = mint({ roles: ['clerk@431100'] });
const [p, f] = [await person(), await firm()];
await eventually(() => sql(`SELECT 1 FROM subsidies.person WHERE id = '${p.id}'`).length
  + sql(`SELECT 1 FROM subsidies.org WHERE id = '${f.org_id}'`).length === 2, 'both are known');
const [id, code] = [p.id_number, f.org.uscc];

// kind of file: rows and what is known by them; p: person, o: employer
const KINDS = {
  deaths: [`${id},2025-10-01`, 'p', 'death 2025-10-01 - - {}'],
  pensions: [`${id},2025-01-01,`, 'p', 'pension 2025-01-01 - - {}'],
  enrolments: [`${id},永州示例学院,21,2021-09-01,2025-06-30`, 'p', 'enrolment 2021-09-01 2025-06-30 21 {}'],
  payroll: [`${id},某局,2020-01-01,`, 'p', 'payroll 2020-01-01 - - {}'],
  custody: [`${id},2025-01-01,2026-12-31`, 'p', 'custody 2025-01-01 2026-12-31 - {}'],
  ui_benefits: [`${id},2025-03-01,2025-09-30`, 'p', 'ui_benefit 2025-03-01 2025-09-30 - {}'],
  groups: [`${id},poverty_lifted,2020-12-31,`, 'p', 'group 2020-12-31 - poverty_lifted {}'],
  benefits: [`${id},expansion,2024-01-01,2024-12-31,150000,省集中系统`, 'p', 'benefit 2024-01-01 2024-12-31 expansion {150000}'],
  licences: [`${code},${id},sole_trader,2024-05-01,,3,1`, 'p', 'licence 2024-05-01 - sole_trader {3,1}'],
  certificates: [`${id},6-31-01-03,4,2025-05-05,1,20,C123`, 'p', 'certificate 2025-05-05 - 6-31-01-03 {4,1,20}'],
  self_insurance: [`${id},2025-08,65000`, 'p', 'self_insurance 2025-08-01 2025-08-31 - {65000}'],
  loans: [`D-1,${id},,personal,2025-04-01,2025-06-30,20000000,150000,300`, 'p', 'loan 2025-04-01 2025-06-30 personal {20000000,150000,300}'],
  insurance_costs: [`${id},${code},2025-02,80000,30000`, 'p', 'insurance_cost 2025-02-01 2025-02-28 - {80000,30000}'],
  internships: [`${id},${code},2025-07,22,2025-06-15,180000`, 'p', 'internship 2025-07-01 2025-07-31 - {22,20254,180000}'],
  insured_years: [`${code},2024,small,1200000,40,42,41,1,12,0`, 'o', 'insured_year 2024-01-01 2024-12-31 small {1200000,40,42,41,1,12,0}'],
  parks: [`${code},PK01,江华高新区,2024-02-01,,35`, 'o', 'park 2024-02-01 - PK01 {35}'],
  sizes: [`${code},small,2024-01-01,`, 'o', 'size 2024-01-01 - small {}'],
  dishonest: [`${code},2025-01-01,`, 'o', 'dishonest 2025-01-01 - - {}'],
  arrears: [`${code},2025-02-01,2025-03-01,500000`, 'o', 'arrears 2025-02-01 2025-03-01 - {500000}'],
};

for (const [kind, [row, who, fact]] of Object.entries(KINDS))
  test(`${kind}: a fact of its holder; the same again, in this or another file, changes nothing`, async () => {
    const [column, holder] = who === 'p' ? ['person_id', p.id] : ['org_id', f.org_id];
    const first = await send(kind, [row]);
    assert.deepEqual([first.rows_read, first.rows_applied, first.rows_changed, first.rows_unmatched, first.rows_failed],
      [1, 1, 1, 0, 0], JSON.stringify(first.errors));
    assert.ok(known(column, holder).includes(fact), known(column, holder).join('\n'));
    const before = sql('SELECT count(*), count(known_to) FROM subsidies.fact');
    assert.deepEqual(await send(kind, [row]), { ...first, repeated: true });
    const other = await send(kind, ['', row, row]);	// other bytes, the row twice
    assert.deepEqual([other.rows_applied, other.rows_changed, other.errors.map((e) => `${e.line} ${e.code}`)],
      [1, 0, ['4 field.duplicate']]);
    assert.deepEqual(sql('SELECT count(*), count(known_to) FROM subsidies.fact'), before);
    assert.equal(sql(`SELECT count(*) FROM subsidies.fact WHERE id_index ~ '${id}' OR note ~ '${id}'`)[0][0], '0');
  });

test('bad cells are named by line and column, and nothing of their rows is kept', async () => {
  const bad = async (kind, rows) => (await send(kind, rows)).errors.map((e) => `${e.line} ${e.column} ${e.code}`);
  const wrong = id.slice(0, 17) + (id[17] === '1' ? '2' : '1');
  assert.deepEqual(await bad('deaths', [`${wrong},2025-01-01`, `${id},2026-01-01`, `${id},`, `${id},1.1.2025`, `${id}`]),
    ['2 id_number field.id_number', '3 died_on field.date_future', '4 died_on field.missing', '5 died_on field.format',
      '6 null field.count']);
  assert.deepEqual(await bad('custody', [`${id},2025-02-01,2025-01-31`, `${id},2025-02-01,x`]),
    ['2 to_on field.date_order', '3 to_on field.format']);
  assert.deepEqual(await bad('groups', [`${id},rich,2025-02-01,`]), ['2 group field.choice']);
  assert.deepEqual(await bad('certificates', [`${id},9-99-99-99,4,2025-05-05,1,20,C`, `${id},6-31-01-03,6,2025-05-05,1,20,C`,
    `${id},6-31-01-03,0,2025-05-05,1,20,C`, `${id},6-31-01-03,4,2025-05-05,2,20,C`, `${id},6-31-01-03,4,2025-05-05,1,-1,C`]),
  ['2 occupation_code field.occupation_code', '3 level field.too_large', '4 level field.too_small', '5 trained field.choice',
    '6 training_days field.format']);
  assert.deepEqual(await bad('insured_years', [`${code},24,small,1,1,1,1,1,12,0`, `${code},2027,small,1,1,1,1,1,12,0`,
    `${code},2024,huge,1,1,1,1,1,12,0`, `${code},2024,small,1.50,1,1,1,1,12,0`, `${code},2024,small,1,1,1,1,1,13,0`,
    `${code},2024,small,99999999999999999999,1,1,1,1,12,0`]),
  ['2 year field.format', '3 year field.date_future', '4 scale field.choice', '5 paid_cents field.format',
    '6 months_paid field.too_large', '7 paid_cents field.too_large']);
  assert.deepEqual(await bad('loans', [`D-2,,${code},personal,2025-04-01,2025-06-30,1,1,1`, `D-3,${id},,small_firm,2025-04-01,2025-06-30,1,1,1`,
    `D-4,${id},,personal,2025-04-01,,1,1,1`, `,${id},,personal,2025-04-01,2025-06-30,1,1,1`]),
  ['2 id_number field.missing', '3 uscc field.missing', '4 to_on field.missing', '5 contract_no field.missing']);
  assert.deepEqual(await bad('sizes', [`${code.slice(0, 17)}${code[17] === 'A' ? 'B' : 'A'},small,2024-01-01,`]), ['2 uscc field.uscc']);
});

test('a later file puts right what an earlier said; an end is said by to_on; what was known stays to be seen', async () => {
  const q = await person();
  await eventually(() => sql(`SELECT 1 FROM subsidies.person WHERE id = '${q.id}'`).length, 'known');
  await send('pensions', [`${q.id_number},2025-01-01,`]);
  sql(`DELETE FROM subsidies.due WHERE holder_id = '${q.id}'`);
  const r = await send('pensions', [`${q.id_number},2025-01-01,2025-09-30`]);
  assert.equal(r.rows_changed, 1);
  assert.deepEqual(known('person_id', q.id), ['pension 2025-01-01 2025-09-30 - {}']);
  const all = sql(`SELECT id, to_on, known_to IS NULL, batch_id FROM subsidies.fact WHERE person_id = '${q.id}' ORDER BY known_from`);
  assert.deepEqual(all.map((x) => [x[0], x[1], x[2]]), [[all[0][0], '', 'f'], [all[0][0], '2025-09-30', 't']]);
  assert.equal(sql(`SELECT count(*) FROM subsidies.fact a JOIN subsidies.fact b ON b.id = a.id AND a.known_to = b.known_from
    WHERE a.person_id = '${q.id}'`)[0][0], '1', 'one ends where the other begins');
});

test('a register says through which day it is complete, once that day is over', async () => {
  const r = await send('deaths', [`${id},2025-10-02`], { query: '?through=2025-10-15' });
  assert.equal(r.covers_through, '2025-10-15');
  assert.deepEqual(sql(`SELECT subsidies.covered_through('death')`), [['2025-10-15']]);
  isProblem(await send('deaths', [`${id},2025-10-03`], { query: '?through=2025-10-21', refused: true }), 422, 'request.invalid', 'through field.date_future');
  isProblem(await send('deaths', [`${id},2025-10-03`], { query: '?through=soon', refused: true }), 422, 'request.invalid', 'through field.format');
});

test('people and employers who register later are found by what the files said of them', async () => {
  const who = someone();
  const firm_code = uscc(random);
  const r = await send('insurance_costs', [`${who.id_number},${firm_code},2025-03,1,1`]);
  assert.deepEqual([r.rows_applied, r.rows_unmatched], [1, 1]);
  const one = () => call('GET', `/v1/subsidies/import-batches/${r.id}`, { token: clerk.token });
  assert.equal((await one()).strangers, 1);
  const rows = await walk(`/v1/subsidies/import-batches/${r.id}/strangers`, clerk.token, 1);
  assert.deepEqual(rows.map((x) => [x.kind, x.person_known, x.uscc, x.org_known]), [['insurance_cost', false, firm_code, false]]);
  assert.ok(!JSON.stringify(rows).includes(who.id_number));
  const q = await register(who);
  const later = await firm({ uscc: firm_code });
  await eventually(async () => (await one()).strangers === 0, 'both are known');
  assert.deepEqual(known('person_id', q.id), ['insurance_cost 2025-03-01 2025-03-31 - {1,1}']);
  assert.deepEqual(known('org_id', later.org_id), ['insurance_cost 2025-03-01 2025-03-31 - {1,1}']);
});

test('months of a stranger are their own once they register', async () => {
  const who = someone();
  await send('insurance_months', [`${who.id_number},${code},2025-07,1,1,1`, `${who.id_number},${code},2025-08,1,1,0`,
    `${who.id_number},${code},2025-09,1,0,0`]);
  const q = await register(who);
  const ranges = () => sql(`SELECT all_three, any_kind, ui, org_id FROM subsidies.insured WHERE person_id = '${q.id}'`);
  await eventually(() => ranges().length === 1, 'the months are known');
  assert.deepEqual(ranges()[0], ['{[2025-07-01,2025-08-01)}', '{[2025-07-01,2025-10-01)}', '{[2025-07-01,2025-09-01)}', f.org_id]);
  await send('insurance_months', [`${who.id_number},${code},2025-08,0,0,0`]);
  assert.deepEqual(ranges()[0].slice(0, 3), ['{[2025-07-01,2025-08-01)}', '{[2025-07-01,2025-08-01),[2025-09-01,2025-10-01)}',
    '{[2025-07-01,2025-08-01)}']);
});

test('what became of a file is read as JSON and as CSV, and found by kind and day', async () => {
  const r = await send('dishonest', [`${code},2025-03-01,`, `${code},2099-01-01,`]);
  const one = await call('GET', `/v1/subsidies/import-batches/${r.id}`, { token: clerk.token });
  assert.deepEqual(one.errors, r.errors);
  const csv = await call('GET', `/v1/subsidies/import-batches/${r.id}/report`, { token: clerk.token, whole: true });
  assert.match(csv.headers['content-type'], /^text\/csv/);
  assert.equal(csv.text, 'line,column,code,reason\n3,from_on,field.date_future,日期不能晚于今天\n');
  const clean = await send('dishonest', [`${code},2025-03-02,`]);
  assert.equal((await call('GET', `/v1/subsidies/import-batches/${clean.id}/report`, { token: clerk.token, whole: true })).text,
    'line,column,code,reason\n');
  const list = async (q) => (await walk(`/v1/subsidies/imports?${q}`, clerk.token, 50)).map((x) => x.id);
  assert.ok((await list('kind=dishonest')).includes(r.id));
  assert.ok(!(await list('kind=deaths')).includes(r.id));
  assert.ok((await list(`kind=dishonest&from_on=${g.NOW}&to_on=${g.NOW}`)).includes(r.id));
  assert.deepEqual(await list('kind=dishonest&to_on=2025-10-19'), []);
  await refused('GET', '/v1/subsidies/imports?kind=wages', { token: clerk.token }, 422, 'request.invalid', 'kind field.choice');
  for (const path of ['', '/report', '/strangers'])
    await refused('GET', `/v1/subsidies/import-batches/${r.id}${path}`, { token: p.token }, 403, 'auth.forbidden');
  for (const path of ['', '/report'])
    await refused('GET', `/v1/subsidies/import-batches/${NOBODY}${path}`, { token: clerk.token }, 404, 'request.not_found');
});

test('who may send: a clerk of the city, a known kind, with its own header', async () => {
  isProblem(await send('deaths', [], { token: (await desk('jh.clerk')).token, refused: true }), 403, 'auth.area');
  isProblem(await send('deaths', [], { token: (await desk('city.audit')).token, refused: true }), 403, 'auth.forbidden');
  await refused('POST', '/v1/subsidies/imports/deaths', { token: clerk.token, raw: 'id_number\n', headers: { 'content-type': 'text/csv' } },
    422, 'subsidies.file');
  assert.equal(await header('deaths'), 'id_number,died_on');
});

// ---- a file sent by mistake ---------------------------------------------------------

const undo = (b, over = {}) => call('POST', `/v1/subsidies/import-batches/${b.id}/undo`, { token: clerk.token, body: { reason: '传错文件' }, ...over });
const agree = (u, over = {}) => call('POST', `/v1/subsidies/import-undos/${u.id}/agree`, { token: second, ...over });

test('a file sent by mistake is taken back by two: its facts end, what it replaced holds again', async () => {
  const q = await person();
  await eventually(() => sql(`SELECT 1 FROM subsidies.person WHERE id = '${q.id}'`).length, 'known');
  await send('pensions', [`${q.id_number},2024-01-01,`]);
  const rows = [`${q.id_number},2024-01-01,2024-12-31`, `${q.id_number},2025-02-01,`];
  const b = await send('pensions', rows, { query: '?through=2025-10-18' });
  assert.deepEqual(known('person_id', q.id), ['pension 2024-01-01 2024-12-31 - {}', 'pension 2025-02-01 - - {}']);
  const county = (await desk('jh.clerk')).token;
  await refused('POST', `/v1/subsidies/import-batches/${b.id}/undo`, { token: county, body: { reason: '传错文件' } }, 403, 'auth.area');
  await refused('POST', `/v1/subsidies/import-batches/${b.id}/undo`, { token: clerk.token, body: {} }, 422, 'request.invalid', '/reason field.missing');
  const u = await undo(b);
  assert.deepEqual([u.state, u.batch_id], ['asked', b.id]);
  await refused('POST', `/v1/subsidies/import-batches/${b.id}/undo`, { token: clerk.token, body: { reason: '又一次' } }, 409, 'state.wrong');
  isProblem(await agree(u, { token: clerk.token, refused: true }), 409, 'subsidies.same_hand');
  isProblem(await agree(u, { token: county, refused: true }), 403, 'auth.area');
  assert.equal(known('person_id', q.id).length, 2, 'nothing has happened yet');
  const done = await agree(u);
  assert.deepEqual([done.state, done.rows_closed, done.rows_restored], ['done', 2, 1]);
  assert.deepEqual(known('person_id', q.id), ['pension 2024-01-01 - - {}']);
  assert.notEqual(sql(`SELECT subsidies.covered_through('pension')`)[0]?.[0], '2025-10-18');
  const one = await call('GET', `/v1/subsidies/import-batches/${b.id}`, { token: clerk.token });
  assert.ok(one.withdrawn_at);
  isProblem(await agree(u, { refused: true }), 409, 'state.wrong');
  const again = await send('pensions', rows, { query: '?through=2025-10-18' });	// it was right after all
  assert.deepEqual([again.repeated, again.rows_changed], [false, 2]);
  assert.ok((await walk('/v1/subsidies/import-undos?state=done', second, 50)).some((x) => x.id === u.id));
});

test('a file that a later one has built on is not taken back; a second officer may refuse', async () => {
  const [b1] = [await send('payroll', [`${id},某所,2021-01-01,`])];
  const b2 = await send('payroll', [`${id},某所,2021-01-01,2025-01-01`]);
  const u = await undo(b1);
  isProblem(await agree(u, { refused: true }), 409, 'subsidies.import_superseded');
  const no = await call('POST', `/v1/subsidies/import-undos/${u.id}/refuse`, { token: second });
  assert.equal(no.state, 'refused');
  await refused('POST', `/v1/subsidies/import-undos/${u.id}/refuse`, { token: second }, 409, 'state.wrong');
  const u2 = await undo(b2);
  isProblem(await call('POST', `/v1/subsidies/import-undos/${u2.id}/refuse`, { token: clerk.token, refused: true }), 409, 'subsidies.same_hand');
  assert.deepEqual([(await agree(u2)).rows_restored], [1]);
  const u1 = await undo(b1);	// now nothing stands on it
  assert.equal((await agree(u1)).state, 'done');
  assert.ok(!known('person_id', p.id).some((x) => x.startsWith('payroll 2021')));
  await refused('GET', '/v1/subsidies/import-undos', { token: p.token }, 403, 'auth.forbidden');
});

test('months and graduates are taken back too, and the projection follows', async () => {
  const q = await person();
  await eventually(() => sql(`SELECT 1 FROM subsidies.person WHERE id = '${q.id}'`).length, 'known');
  const month = (m, k) => `${q.id_number},${code},${m},${k}`;
  await send('insurance_months', [month('2025-05', '1,1,1'), month('2025-06', '1,1,1')]);
  const b = await send('insurance_months', [month('2025-06', '0,0,0'), month('2025-07', '1,1,1')]);
  const three = () => sql(`SELECT all_three FROM subsidies.insured WHERE person_id = '${q.id}'`)[0][0];
  assert.equal(three(), '{[2025-05-01,2025-06-01),[2025-07-01,2025-08-01)}');
  const done = await agree(await undo(b));
  assert.deepEqual([done.rows_closed, done.rows_restored], [2, 1]);
  assert.equal(three(), '{[2025-05-01,2025-07-01)}');
  assert.equal(sql(`SELECT count(*) FROM subsidies.known_before WHERE tbl = 'insurance_month' AND id = '${b.id}'`)[0][0], '2');
  const roster = await send('graduates', [`${q.id_number},永州示例学院,21,1,2025-06-30`]);
  assert.equal((await agree(await undo(roster))).rows_closed, 1);
});

test('two files of a kind at once are taken one after the other, and agree with the history', async () => {
  const people = Array.from({ length: 40 }, () => idNumber(random, '1990-01-01'));
  await Promise.all(['2025-01', '2025-02', '2025-03', '2025-04'].map((m) =>
    send('insurance_months', people.map((x) => `${x},${code},${m},1,1,1`))));
  assert.deepEqual(sql(`SELECT count(*), count(*) FILTER (WHERE all_three = '{[2025-01-01,2025-05-01)}') FROM subsidies.insured
    WHERE uscc = '${code}' AND person_id IS NULL AND any_kind @> DATE '2025-01-01'`)[0], ['40', '40']);
});
