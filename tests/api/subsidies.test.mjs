// subsidies: what is known, what is found, what is promised, and four hands --
// and that no race, repetition or wrong hand moves a cent.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { eachMistake, isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

const { budget, candidates, claimOf, confirmed, EACH, get, GRADUATE, JH, LST, notified, POLICY } = g;
const DONGAN = { code: '431122', town: '431122100', name: '东安县' };	// no desks there: its budget is ours alone
const clerk = await desk('city.clerk');
const mint = minter((await person()).token);
const officer = (...roles) => mint({ roles });

await g.at(g.HIRED_ON);
for (const county of [JH, LST]) await g.allot(county, 50_000_000);
await g.at(g.NOW);

// ---- files ----------------------------------------------------------------------

test('a file is taken row by row, bad ones named; the same file again changes nothing', async () => {
  const w = await g.workforce(JH, [GRADUATE]);
  const [id, code] = [w.people[0].person.id_number, w.firm.org.uscc];
  const wrong = id.slice(0, 17) + (id[17] === '1' ? '2' : '1');
  const head = 'id_number,uscc,month,pension,unemployment,injury';
  const rows = [`${id},${code},2025-07,1,1,1`, `${wrong},${code},2025-07,1,1,1`, `${id},91431103MA4TXT00XA,2025-07,1,1,1`,
    `${id},${code},2025-13,1,1,1`, `${id},${code},2025-11,1,1,1`, `${id},${code},2025-08,1,2,1`, `${id},${code},2025-08,1,1`,
    `${id},${code},2025-08,1,1,1,9`, `"${id},${code},2025-08,1,1,1`, `${id},${code},2025-07,1,1,0`, '',
      `"${id}","${code}",2025-08,1,0,1`];
  const file = `${head}\r\n${rows.slice(0, 8).join('\r\n')}\r\n${rows.slice(9).join('\n')}\n`;
  const first = await g.importFile('insurance_months', `\ufeff${file}`);
  assert.deepEqual(first.errors.map((e) => `${e.line} ${e.column} ${e.code}`), ['3 id_number field.id_number',
    '4 uscc field.uscc',
    '5 month field.format', '6 month field.date_future', '7 unemployment field.choice', '8 null field.count',
      '9 null field.count',
    '10 null field.duplicate']);
  assert.deepEqual([first.rows_read, first.rows_applied, first.rows_unmatched, first.rows_failed], [10, 2, 0, 8]);
  assert.equal(first.covers_through, '2025-08-31');
  const before = sql('SELECT count(*) FROM subsidies.insurance_month');
  const again = await g.importFile('insurance_months', `\ufeff${file}`);
  assert.deepEqual(again, { ...first, repeated: true });
  const other = await g.importFile('insurance_months', `${head}\n${rows[0]}\n`);	// other bytes, nothing new
  assert.deepEqual([other.rows_read, other.repeated], [1, false]);
  assert.deepEqual(sql('SELECT count(*) FROM subsidies.insurance_month'), before);
  const unread = await g.importFile('insurance_months', `${head}\n"${id},${code}\n`);
  assert.deepEqual([unread.rows_failed, unread.errors[0].code], [1, 'field.format']);
});

test('graduates: bad rows, strangers, and who may send a file at all', async () => {
  const p = await person();
  const head = 'id_number,school,level,full_time,graduated_on';
  const stranger = '439902200001010015';
  const file = [head, `${p.id_number},永州示例学院,21,1,2025-06-30`, `${p.id_number},,21,1,2025-06-30`,
    `${p.id_number},院,99,1,2025-06-30`,
    `${p.id_number},院,21,yes,2025-06-30`, `${p.id_number},院,21,1,2025-12-31`, `${p.id_number},院,21,1,30.6.2025`,
      stranger].join('\n');
  const r = await g.importFile('graduates', file);
  assert.deepEqual(r.errors.map((e) => `${e.line} ${e.column} ${e.code}`), ['3 school field.missing',
    '4 level field.education_code',
    '5 full_time field.choice', '6 graduated_on field.date_future', '7 graduated_on field.format', '8 null field.count']);
  assert.equal(r.rows_applied, 1);
  const send = (token, kind, raw) => call('POST', `/v1/subsidies/imports/${kind}`, { token, raw,
    headers: { 'content-type': 'text/csv' }, refused: true });
  for (const raw of ['', 'x', `${head},extra\n`, head.replace('school', 'college')])
    isProblem(await send(clerk.token, 'graduates', raw), 422, 'subsidies.file');
  isProblem(await send(clerk.token, 'wages', file), 404, 'request.not_found');
  isProblem(await send((await desk('jh.clerk')).token, 'graduates', file), 403, 'auth.area');
  isProblem(await send((await desk('jh.first')).token, 'graduates', file), 403, 'auth.forbidden');
  const list = await walk('/v1/subsidies/imports', clerk.token, 2, '/v1/subsidies/claims');
  assert.ok(list.some((x) => x.id === r.id));
  await refused('GET', '/v1/subsidies/imports', { token: p.token }, 403, 'auth.forbidden');
  const leak = sql(`SELECT count(*) FROM subsidies.graduate WHERE id_index ~ '${p.id_number}' OR school ~ '${p.id_number}'`);
  assert.deepEqual(leak, [['0']]);
});

// ---- decisions --------------------------------------------------------------------

test('each person gets a decision with its reason, that can be explained and replayed', async () => {
  const kinds = [GRADUATE, { ...GRADUATE, full_time: 0 }, { ...GRADUATE, months: 2 }, { months: 3 }];
  const w = await g.workforce(JH, kinds);
  await g.returned(w);
  const all = (await get(`decisions?limit=50&policy_code=${POLICY}`, w.firm.token)).items;
  const of = (i) => all.find((d) => d.subject_id === w.people[i].employment.id);
  assert.deepEqual([0, 1, 2, 3].map((i) => [of(i).verdict, of(i).reason]), [['eligible', null], ['refused', 'group'],
    ['waiting', 'insured_months'], ['refused', 'group']]);
  assert.equal(of(0).amount_cents, EACH);
  const first = await desk('jh.first');
  for (const [token, sees] of [[first.token, true], [w.people[0].person.token, true], [w.firm.token, false]]) {
    const d = await get(`decisions/${of(0).id}`, token);
    assert.equal(d.facts !== null, sees, 'an employer does not see the person’s facts');
    const why = await get(`decisions/${of(0).id}/why`, token);
    assert.ok(why.lines.length > 4);
    assert.equal(/毕业日期|出生日期/.test(why.lines.join()), sees, why.lines.join('\n'));
  }
  const again = await call('POST', `/v1/subsidies/decisions/${of(2).id}/replay`, { token: first.token, key: null });
  assert.deepEqual([again.identical, again.same_rule], [true, true]);
  assert.deepEqual(again.stored, again.replayed);
  const reasons = await get(`decisions?verdict=waiting&reason=insured_months&policy_code=${POLICY}&county_code=431129`,
    first.token);
  assert.ok(reasons.items.some((d) => d.id === of(2).id));
  const away = await desk('lst.first');
  for (const path of [`decisions/${of(0).id}`, `decisions/${of(0).id}/why`])
    for (const token of [away.token, w.people[1].person.token, (await firm()).token])
      await refused('GET', `/v1/subsidies/${path}`, { token }, 404, 'request.not_found');
  await refused('POST', `/v1/subsidies/decisions/${of(0).id}/replay`, { token: away.token, key: null }, 404,
    'request.not_found');
  await refused('GET', '/v1/subsidies/decisions?verdict=maybe', { token: first.token }, 422, 'request.invalid',
    'verdict field.choice');
  await refused('GET', '/v1/subsidies/decisions', { token: (await desk('city.stats')).token }, 403, 'auth.forbidden');
});

test('a scan finds nothing twice, and stays in its county', async () => {
  const w = await candidates(JH, 1);
  const first = await desk('jh.first');
  const before = sql(`SELECT count(*) FROM subsidies.claim`);
  const s = await g.scan(JH);
  assert.equal(s.remaining, 0);
  assert.deepEqual(sql(`SELECT count(*) FROM subsidies.claim`), before);
  assert.equal((await g.claims(w.firm, 'notified')).length, 1);
  await refused('POST', '/v1/subsidies/scans', { token: first.token, body: { policy_code: POLICY,
    county_code: LST.code } }, 403, 'auth.area');
  await refused('POST', '/v1/subsidies/scans', { token: first.token, body: { policy_code: 'NONE' } }, 422,
    'request.invalid', '/policy_code field.choice');
  await refused('POST', '/v1/subsidies/scans', { token: w.firm.token, body: { policy_code: POLICY } }, 403, 'auth.forbidden');
  const sum = await get(`summary?policy_code=${POLICY}`, first.token);
  assert.ok(sum.claims.notified.count >= 1);
  await refused('GET', '/v1/subsidies/summary', { token: first.token }, 422, 'request.invalid', 'policy_code field.missing');
  const city = await get(`summary?policy_code=${POLICY}&county_code=431129`, (await desk('city.audit')).token);
  assert.deepEqual(city.claims, sum.claims);
});

test('one person, one benefit for life: the second employer is refused until the first declines', async () => {
  const w = await candidates(JH, 1);
  const [{ person: p }] = w.people;
  const second = await firm({ area_code: JH.town });
  const e = await g.hire(second, p, '2025-07-08');
  const later = { firm: second, people: [{ person: p, kind: GRADUATE, firm: second, employment: e }] };
  await g.judged(later);
  const verdict = async () => (await get(`decisions?policy_code=${POLICY}`, second.token)).items.find((d) => d.subject_id === e.id);
  assert.deepEqual([(await verdict()).verdict, (await verdict()).reason], ['refused', 'benefit_taken']);
  // Not even by writing it down: the database refuses the second live one.
  assert.throws(() => sql(`INSERT INTO subsidies.hold (claim_id, family, holder_kind, holder_id, share, over, county_code)
    SELECT gen_random_uuid(), family, holder_kind, holder_id, share, over, county_code FROM subsidies.hold
     WHERE claim_id = '${w.list[0].id}'`), /hold_double_benefit_excl/);
  const path = `/v1/subsidies/claims/${w.list[0].id}/decline`;
  await refused('POST', path, { token: second.token, body: { reason: '不是我的' } }, 404, 'request.not_found');
  await refused('POST', path, { token: w.firm.token, body: { reason: '' } }, 422, 'request.invalid', '/reason field.too_short');
  const d = await call('POST', path, { token: w.firm.token, body: { reason: '不需要' } });
  assert.deepEqual([d.state, d.steps.at(-1).note], ['declined', '不需要']);
  await refused('POST', path, { token: w.firm.token, body: { reason: '再次' } }, 409, 'state.wrong');
  await g.scan(JH);
  assert.deepEqual([(await verdict()).verdict, (await verdict()).reason], ['waiting', 'insured_months'],
    'the scan looked again');
  // The months were the second employer's after all.
  const months = (f, flags) => ['2025-07', '2025-08', '2025-09'].map((m) => `${p.id_number},${f.org.uscc},${m},${flags}`);
  await g.importFile('insurance_months', `${['id_number,uscc,month,pension,unemployment,injury', ...months(w.firm, '0,0,0'),
    ...months(second, '1,1,1')].join('\n')}\n`);
  assert.equal((await notified(second, 1))[0].subject_id, e.id);
});

test('two jobs that both qualify, judged at the same moment: one claim', async () => {
  const p = await person();
  const [a, b] = await Promise.all([firm({ area_code: JH.town }), firm({ area_code: LST.town })]);
  const [later, earlier] = [await g.hire(b, p, '2025-07-01'), await g.hire(a, p, '2025-04-01')];
  const months = (f, list) => list.map((m) => `${p.id_number},${f.org.uscc},2025-${m},1,1,1`);
  await g.importFile('graduates', `id_number,school,level,full_time,graduated_on\n${p.id_number},永州示例学院,21,1,2025-06-30\n`);
  const csv = ['id_number,uscc,month,pension,unemployment,injury', ...months(b, ['07', '08', '09']), ...months(a,
    ['04', '05', '06'])].join('\n');
  await Promise.all([g.importFile('insurance_months', csv), g.scan(JH), g.scan(LST), g.scan(JH), g.scan(LST)]);
  await g.judged({ people: [{ employment: later }, { employment: earlier }] });
  const found = await Promise.all([a, b].map((f) => g.claims(f, 'notified')));
  assert.equal(found.flat().length, 1);
  const [without, employment] = found[0].length === 0 ? [a, earlier] : [b, later];
  const d = (await get(`decisions?policy_code=${POLICY}`, without.token)).items.find((x) => x.subject_id === employment.id);
  assert.deepEqual([d.verdict, d.reason], ['refused', 'benefit_taken']);
});

// ---- confirming and money ----------------------------------------------------------

test('an employer confirms its own claims with a sound account, once', async () => {
  const w = await candidates(JH, 2);
  const [a, b] = w.list;
  const path = `/v1/subsidies/claims/${a.id}/confirm`;
  const good = g.account(w.firm);
  await eachMistake('POST', path, w.firm.token, good, [
    [{ account_no: '62' }, '/account_no field.account'],
    [{ account_no: '6222x12345678901' }, '/account_no field.account'],
    [{ account_no: 4300123456789012 }, '/account_no field.type'],
    [{ account_name: undefined }, '/account_name field.missing'],
    [{ account_name: '户'.repeat(81) }, '/account_name field.too_long'],
    [{ amount_cents: 900000 }, '/amount_cents field.unknown'],
  ]);
  isProblem(await request('POST', path, { token: w.firm.token, body: good }), 400, 'idempotency.missing');
  for (const token of [(await firm()).token]) {
    await refused('POST', path, { token, body: good }, 404, 'request.not_found');
    await refused('GET', `/v1/subsidies/claims/${a.id}`, { token }, 404, 'request.not_found');
    await refused('POST', `/v1/subsidies/claims/${a.id}/account`, { token, body: good }, 404, 'request.not_found');
    assert.deepEqual(await call('POST', '/v1/subsidies/claims/confirm', { token, body: good }), { confirmed: 0, more: false });
  }
  await refused('POST', path, { token: w.people[0].person.token, body: good }, 404, 'request.not_found');	// the money is the employer's
  const before = await budget(JH);
  const tries = await Promise.all([1, 2, 3, 4].map(() => call('POST', path, { token: w.firm.token, body: good,
    refused: true })));
  assert.deepEqual(tries.map((r) => r.status).sort(), [200, 409, 409, 409]);
  for (const r of tries.filter((x) => x.status !== 200)) isProblem(r, 409, 'state.wrong');
  const mine = await claimOf(w.firm, a.id);
  assert.deepEqual([mine.state, mine.amount_cents, mine.account_masked.slice(-4)], ['confirmed', EACH,
    good.account_no.slice(-4)]);
  assert.ok(!JSON.stringify(mine).includes(good.account_no));
  assert.equal((await budget(JH)).reserved_cents - before.reserved_cents, EACH);
  await refused('POST', `/v1/subsidies/claims/${a.id}/account`, { token: w.firm.token, body: good }, 409, 'state.wrong');
  await refused('POST', `/v1/subsidies/claims/${a.id}/decline`, { token: w.firm.token, body: { reason: '晚了' } }, 409,
    'state.wrong');
  await eachMistake('POST', '/v1/subsidies/claims/confirm', w.firm.token, good,
    [[{ account_no: '1' }, '/account_no field.account']]);
  const key = randomUUID();
  const bulk = () => call('POST', '/v1/subsidies/claims/confirm', { token: w.firm.token, body: good, key, whole: true });
  const [one, two] = await Promise.all([bulk(), bulk()]);
  assert.deepEqual([one.json, two.json], [{ confirmed: 1, more: false }, { confirmed: 1, more: false }]);
  assert.equal((await claimOf(w.firm, b.id)).steps.filter((s) => s.step === 'confirm').length, 1);
  assert.equal((await budget(JH)).reserved_cents - before.reserved_cents, 2 * EACH);
});

test('money for two is promised to two, however many ask at the same moment', async () => {
  const fiscal = await desk('city.fiscal');
  const forces = await Promise.all([1, 2, 3, 4, 5].map(() => g.workforce(DONGAN, [GRADUATE])));
  await g.returned(...forces);
  const rows = await Promise.all(forces.map(async (w) => ({ w, claim: (await notified(w.firm, 1))[0] })));
  const ask = ({ w, claim }) => call('POST', `/v1/subsidies/claims/${claim.id}/confirm`, { token: w.firm.token,
    body: g.account(w.firm), refused: true });
  const take = (amount_cents) => call('POST', '/v1/subsidies/allotments', { token: fiscal.token, refused: true,
    body: { line_code: POLICY, county_code: DONGAN.code, amount_cents, direction: 'take_back' } });
  const old = await budget(DONGAN) ?? { available_cents: 0, reserved_cents: 0 };
  if (old.available_cents > 0) await take(old.available_cents);
  isProblem(await ask(rows[0]), 409, 'subsidies.budget');	// nothing is allotted
  await g.allot(DONGAN, 2 * EACH + 1);
  const tries = await Promise.all(rows.map(ask));
  assert.deepEqual(tries.map((r) => r.status).sort(), [200, 200, 409, 409, 409], tries.map((r) => r.text).join('\n'));
  for (const r of tries.filter((x) => x.status === 409)) isProblem(r, 409, 'subsidies.budget');
  const b = await budget(DONGAN);
  assert.deepEqual([b.reserved_cents - old.reserved_cents, b.available_cents, b.balanced], [2 * EACH, 1, true]);
  isProblem(await take(2), 409, 'subsidies.budget', '/amount_cents subsidies.budget');
  assert.equal((await take(1)).json.available_cents, 0);
  isProblem(await ask(rows[tries.findIndex((r) => r.status === 409)]), 409, 'subsidies.budget');
  const after = await budget(DONGAN);
  assert.deepEqual([after.appropriated_cents - after.committed_cents - after.paid_cents, after.reserved_cents, after.balanced],
    [b.reserved_cents, b.reserved_cents, true]);
});

test('allotments are the city treasury’s, within their line, and once a key', async () => {
  const fiscal = await desk('city.fiscal');
  const good = { line_code: POLICY, county_code: DONGAN.code, amount_cents: 100 };
  await eachMistake('POST', '/v1/subsidies/allotments', fiscal.token, good, [
    [{ amount_cents: -100 }, '/amount_cents field.too_small'], [{ amount_cents: 0 }, '/amount_cents field.too_small'],
    [{ amount_cents: 1e14 }, '/amount_cents field.too_large'], [{ amount_cents: 1.5 }, '/amount_cents field.type'],
    [{ county_code: '431100' }, '/county_code field.area_code'], [{ direction: 'away' }, '/direction field.choice'],
    [{ line_code: undefined }, '/line_code field.missing']]);
  await refused('POST', '/v1/subsidies/allotments', { token: fiscal.token, body: { ...good, line_code: 'NONE' } }, 404,
    'request.not_found');
  await refused('POST', '/v1/subsidies/allotments', { token: fiscal.token, body: { ...good, line_code: 'FXCY',
    amount_cents: 400000001 } }, 409, 'subsidies.budget');
  await refused('POST', '/v1/subsidies/allotments', { token: officer('fiscal@431129'), body: good }, 403, 'auth.area');
  await refused('POST', '/v1/subsidies/allotments', { token: (await desk('jh.finance')).token, body: good }, 403,
    'auth.forbidden');
  const key = randomUUID();
  const before = (await budget(DONGAN))?.appropriated_cents ?? 0;
  await Promise.all([1, 2, 3].map(() => g.allot(DONGAN, 100, { key })));
  assert.equal((await budget(DONGAN)).appropriated_cents, before + 100);
  await refused('POST', '/v1/subsidies/allotments', { token: fiscal.token, key, body: { ...good, amount_cents: 101 } },
    422, 'idempotency.reused');
  const mine = await walk('/v1/subsidies/budgets', (await desk('jh.approve')).token, 1);
  assert.deepEqual([...new Set(mine.map((b) => b.county_code))], [JH.code]);
  const all = await walk('/v1/subsidies/budgets', fiscal.token, 1, '/v1/subsidies/budget-lines');
  assert.ok(all.length >= 3 && all.every((b) => b.balanced));
  const lines = await walk('/v1/subsidies/budget-lines', (await desk('city.stats')).token, 4);
  assert.ok(lines.find((l) => l.code === POLICY).policies.includes(POLICY));
  await refused('GET', '/v1/subsidies/budgets', { token: (await desk('jh.clerk')).token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/subsidies/budget-lines', { token: (await person()).token }, 403, 'auth.forbidden');
});

// ---- hands ---------------------------------------------------------------------------

test('four hands are four people: no one passes two steps, whatever roles they hold', async () => {
  const w = await confirmed(JH, 1);
  const [c] = w.list;
  const jack = officer('first_review@431129', 'recheck@431129', 'approve@431129', 'finance@431129');
  const step = (token, verb, over = {}) => call('POST', `/v1/subsidies/claims/${verb}`, { token, refused: true,
    body: { claim_ids: [c.id], decision: 'pass', ...over } });
  isProblem(await step(jack, 'recheck'), 409, 'state.wrong');
  assert.deepEqual((await step(jack, 'first-review')).json, { moved: 1, state: 'first_reviewed' });
  isProblem(await step(jack, 'recheck'), 409, 'subsidies.same_hand');
  isProblem(await step((await desk('jh.first')).token, 'recheck'), 403, 'auth.forbidden');
  isProblem(await step((await desk('lst.recheck')).token, 'recheck'), 404, 'request.not_found');
  assert.equal((await step((await desk('jh.recheck')).token, 'recheck')).status, 200);
  isProblem(await step(jack, 'approve'), 409, 'subsidies.same_hand');
  const jill = officer('approve@431129', 'finance@431129');
  assert.equal((await step(jill, 'approve')).json.state, 'approved');
  await call('POST', '/v1/subsidies/notices', { token: jill, body: { claim_ids: [c.id] } });
  await g.at('2025-10-29');
  for (const payer of [jack, jill])
    await refused('POST', '/v1/subsidies/payment-batches', { token: payer, body: { policy_code: POLICY,
      county_code: '431129' } },
      409, 'subsidies.same_hand');
  const full = await claimOf(w.firm, c.id);
  assert.equal(full.state, 'public');
  const hands = full.steps.filter((s) => s.hand).map((s) => s.actor);
  assert.equal(new Set(hands).size, 4);
  assert.equal(sql(`SELECT count(*) FROM subsidies.claim_step WHERE claim_id = '${c.id}' AND hand = 'pay'`)[0][0], '0');
  await g.at(g.NOW);
});

test('two approvers at the same moment: one approval, the money committed once', async () => {
  const w = await confirmed(JH, 3);
  await g.review(JH, 'first', 'first-review', w.list);
  await g.review(JH, 'recheck', 'recheck', w.list);
  const before = await budget(JH);
  const ids = w.list.map((c) => c.id);
  const tries = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/v1/subsidies/claims/approve', {
    token: officer('approve@431129'), body: { claim_ids: ids, decision: 'pass' }, refused: true })));
  assert.equal(tries.filter((r) => r.status === 200).length, 1, tries.map((r) => r.text).join('\n'));
  for (const r of tries.filter((x) => x.status !== 200)) isProblem(r, 409, 'state.wrong');
  const after = await budget(JH);
  assert.deepEqual([after.committed_cents - before.committed_cents, before.reserved_cents - after.reserved_cents,
    after.balanced],
    [3 * EACH, 3 * EACH, true]);
  for (const id of ids) {
    const c = await claimOf(w.firm, id);
    assert.deepEqual(c.steps.map((s) => s.step), ['found', 'notify', 'confirm', 'first_review', 'recheck', 'approve']);
  }
  // One officer's double click is one approval too.
  const second = await confirmed(JH, 1);
  await g.review(JH, 'first', 'first-review', second.list);
  const key = randomUUID();
  const clicks = await Promise.all([1, 2, 3].map(() => g.review(JH, 'recheck', 'recheck', second.list, { key, whole: true })));
  assert.equal(clicks.filter((r) => r.headers['idempotency-replayed'] === 'true').length, 2);
  await refused('POST', '/v1/subsidies/claims/recheck', { token: (await desk('jh.recheck')).token, key,
    body: { claim_ids: [second.list[0].id], decision: 'reject', note: '改主意' } }, 422, 'idempotency.reused');
});

test('a list moves as a whole or not at all; a claim is returned, confirmed anew, or ended', async () => {
  const w = await confirmed(JH, 3);
  const [a, b, c] = w.list.map((x) => x.id);
  const first = await desk('jh.first');
  const send = (claim_ids, over = {}) => call('POST', '/v1/subsidies/claims/first-review', { token: first.token, refused: true,
    body: { claim_ids, decision: 'pass', ...over } });
  for (const [ids, status, code] of [[[], 422, 'request.invalid'], ['x', 422, 'request.invalid'], [['x'], 422,
    'request.invalid'],
    [[a, NOBODY], 404, 'request.not_found'], [[a, a], 404, 'request.not_found'],
      [Array.from({ length: 501 }, () => randomUUID()), 422, 'request.invalid']])
    isProblem(await send(ids), status, code);
  isProblem(await send([a], { decision: 'maybe' }), 422, 'request.invalid', '/decision field.choice');
  isProblem(await send([a], { decision: 'return' }), 422, 'request.invalid', '/note field.missing');
  assert.equal((await claimOf(w.firm, a)).state, 'confirmed', 'nothing moved');
  const before = await budget(JH);
  assert.deepEqual((await send([a], { decision: 'return', note: '账户名称不符' })).json, { moved: 1, state: 'notified' });
  assert.deepEqual((await send([b], { decision: 'reject', note: '劳动合同不实' })).json, { moved: 1, state: 'rejected' });
  isProblem(await send([b, c]), 409, 'state.wrong');
  assert.equal((await claimOf(w.firm, c)).state, 'confirmed');
  assert.equal(before.reserved_cents - (await budget(JH)).reserved_cents, 2 * EACH, 'their money is free again');
  const again = await call('POST', `/v1/subsidies/claims/${a}/confirm`, { token: w.firm.token,
    body: g.account(w.firm, { account_name: '改正户名' }) });
  assert.deepEqual([again.state, again.account_name], ['confirmed', '改正户名']);
  assert.equal((await send([a, c])).json.moved, 2);
  await refused('POST', `/v1/subsidies/claims/${b}/confirm`, { token: w.firm.token, body: g.account(w.firm) }, 409,
    'state.wrong');
  const rejected = await g.claims(w.firm, 'rejected');
  assert.deepEqual(rejected.map((x) => x.id), [b]);
  await refused('GET', '/v1/subsidies/claims?state=lost', { token: first.token }, 422, 'request.invalid', 'state field.choice');
  const one = await walk(`/v1/subsidies/claims?org_id=${w.firm.org_id}`, first.token, 1, '/v1/subsidies/decisions');
  assert.equal(one.length, 3);
});

test('facts that change suspend a claim; put right it goes on; otherwise an approver ends it', async () => {
  const w = await confirmed(JH, 2);
  const [p, q] = w.people;
  const csv = (row, flags) => ['id_number,uscc,month,pension,unemployment,injury', ...['2025-07', '2025-08',
    '2025-09'].map((m) =>
    `${row.person.id_number},${w.firm.org.uscc},${m},${flags}`)].join('\n');
  for (const row of [p, q]) await g.importFile('insurance_months', csv(row, '1,0,1'));
  const state = async (row) => (await get('claims', w.firm.token)).items.find((c) => c.subject_id === row.employment.id);
  await eventually(async () => (await state(p)).state === 'suspended' && (await state(q)).state === 'suspended',
    'both are suspended');
  assert.equal((await state(p)).resume_state, 'confirmed');
  const first = await desk('jh.first');
  await refused('POST', '/v1/subsidies/claims/first-review', { token: first.token,
    body: { claim_ids: [(await state(p)).id], decision: 'pass' } }, 409, 'state.wrong');
  await g.importFile('insurance_months', `${csv(p, '1,1,1')}\n`);
  await eventually(async () => (await state(p)).state === 'confirmed', 'it goes on');
  const before = await budget(JH);
  const end = (token, over = {}) => call('POST', '/v1/subsidies/claims/reject', { token, refused: true,
    body: { claim_ids: [over.id], note: '断缴', ...over.body } });
  const id = (await state(q)).id;
  isProblem(await end(first.token, { id }), 403, 'auth.forbidden');
  isProblem(await end((await desk('lst.approve')).token, { id }), 404, 'request.not_found');
  isProblem(await end((await desk('jh.approve')).token, { id, body: { note: undefined } }), 422, 'request.invalid',
    '/note field.missing');
  isProblem(await end((await desk('jh.approve')).token, { id: (await state(p)).id }), 409, 'state.wrong');
  assert.deepEqual((await end((await desk('jh.approve')).token, { id })).json, { moved: 1, state: 'rejected' });
  assert.equal(before.reserved_cents - (await budget(JH)).reserved_cents, EACH);
});
