// subsidies_recovery: money that was paid and is owed back, from the finding to
// the last cent, with every way out; and what is still due, as a claim beside.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, person } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { eachMistake, isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';
import { PAID_ON, paid, payOut, RECOVERIES, reconsidered, WHY } from './recovery_help.mjs';

const { EACH, JH, LST, budget, get } = g;
const mint = minter((await person()).token);
const people = {};	// one officer a role and name, so that hands are people
const as = (role, who = 'a', county = JH.code) => people[`${role}${who}${county}`] ??= mint({ roles: [`${role}@${county}`] });
const post = (path, token, body, over = {}) => call('POST', `/v1/subsidies/${path}`, { token, body, ...over });
const no = (path, token, body, status, code, ...fields) => refused('POST', `/v1/subsidies/${path}`, { token, body }, status, code, ...fields);
const of = (r, verb) => `recoveries/${r.id}/${verb}`;
const whole = (r, token = as('recheck')) => get(`recoveries/${r.id}`, token);

await g.at(g.HIRED_ON);
for (const county of [JH, LST]) await g.allot(county, 5_000_000);
await g.at(g.NOW);
const w = await paid(JH, 6);
const f = w.firm;
let next = 0;
const claim = () => w.list[next++];
after(() => g.at(g.NOW));

const RULE = { from_on: '2025-01-01', pay_days: 10, appeal_days: 5, answer_days: 7, basis: '市局办法' };
const proposed = (c, over = {}) => post('recoveries', as('audit'), { claim_id: c.id, source: 'audit', ...WHY, ...over });
async function noticed(c, over) {
  const r = await proposed(c, over);
  await post(of(r, 'check'), as('recheck'), { decision: 'pass' });
  return post(of(r, 'issue'), as('approve'));
}
const receipt = (r, cents, ref, token = as('finance'), over = {}) => post(of(r, 'receipts'), token,
  { bank_ref: ref ?? `BR${Math.random().toString(36).slice(2)}`, amount_cents: cents, received_on: PAID_ON }, over);

test('proposed by one, checked by a second, issued only with the days that the city set; paid back in two parts', async () => {
  const c = claim(), before = await budget(JH);
  await no('recoveries', as('first_review'), { claim_id: c.id, source: 'audit', ...WHY }, 403, 'auth.forbidden');
  await no('recoveries', as('audit'), { claim_id: c.id, source: 'objection', ...WHY }, 422, 'request.invalid', '/source_id field.missing');
  await no('recoveries', as('first_review'), { claim_id: c.id, source: 'objection', source_id: NOBODY, ...WHY }, 422, 'request.invalid', '/source_id field.choice');
  await no('recoveries', as('first_review'), { claim_id: c.id, source: 'reconsideration', source_id: NOBODY, ...WHY }, 422, 'request.invalid', '/source_id field.choice');
  await no('recoveries', as('audit', 'a', LST.code), { claim_id: c.id, source: 'audit', ...WHY }, 404, 'request.not_found');
  await no('recoveries', as('audit'), { claim_id: c.id, source: 'audit', owed_cents: EACH, ...WHY }, 422, 'subsidies.recovery_nothing');
  await eachMistake('POST', RECOVERIES, as('audit'), { claim_id: c.id, source: 'audit', ...WHY },
    [[{ reason: undefined }, '/reason field.missing'], [{ amount_cents: 1 }, '/amount_cents field.unknown'], [{ owed_cents: -1 }, '/owed_cents field.too_small']]);
  const r = await proposed(c, { owed_cents: 50000 });
  assert.deepEqual([r.state, r.paid_cents, r.owed_cents, r.before_cents, r.amount_cents], ['proposed', EACH, 50000, 0, 100000]);
  await no('recoveries', as('audit'), { claim_id: c.id, source: 'audit', ...WHY }, 409, 'subsidies.recovery_open');
  await refused('GET', `${RECOVERIES}/${r.id}`, { token: f.token }, 404, 'request.not_found');	// not before its notice
  const twin = mint({ roles: [`audit@${JH.code}`, `recheck@${JH.code}`] });
  const own = await proposed(w.list[5], {}).catch((e) => assert.fail(e));
  await no(of(own, 'check'), as('recheck', 'a', LST.code), { decision: 'pass' }, 404, 'request.not_found');
  await post(of(own, 'check'), as('recheck'), { decision: 'return', note: '事实不清' });
  assert.equal((await whole(own)).state, 'cancelled');
  const mine = await post('recoveries', twin, { claim_id: w.list[5].id, source: 'audit', ...WHY });
  await no(of(mine, 'check'), twin, { decision: 'pass' }, 409, 'subsidies.same_hand');
  await post(of(mine, 'check'), as('recheck'), { decision: 'return' });
  await no(of(r, 'issue'), as('approve'), undefined, 409, 'subsidies.recovery_days_unset');
  await post(of(r, 'check'), as('recheck'), { decision: 'pass', note: '属实' });
  await no(of(r, 'issue'), as('approve'), undefined, 409, 'subsidies.recovery_days_unset');
  await no('recovery-rules', as('approve'), RULE, 403, 'auth.area');
  await post('recovery-rules', as('approve', 'a', '431100'), RULE);
  await no('recovery-rules', as('approve', 'a', '431100'), RULE, 409, 'state.exists');
  assert.equal((await get('recovery-rules', as('stats'))).items[0].pay_days, 10);
  const n = await post(of(r, 'issue'), as('approve'));
  assert.match(n.recovery_no, /^R20251029\d{12}$/);
  assert.deepEqual([n.state, n.due_on, n.appeal_until], ['noticed', '2025-11-12', '2025-11-05']);
  const letter = await get(`recoveries/${r.id}/notice`, f.token);
  assert.deepEqual(letter.lines.map((l) => l.amount_cents), [EACH, -50000, 0, 100000]);
  for (const part of [n.recovery_no, WHY.reason, WHY.legal_basis, '1500.00', '2025-11-12']) assert.ok(letter.text.includes(part), part);
  await refused('GET', `${RECOVERIES}/${r.id}/notice`, { token: as('recheck', 'a', LST.code) }, 404, 'request.not_found');

  await no(of(r, 'acknowledge'), (await person()).token, undefined, 404, 'request.not_found');
  assert.equal((await post(of(r, 'acknowledge'), f.token)).state, 'acknowledged');
  await no(of(r, 'receipts'), as('approve'), { bank_ref: 'XXXX', amount_cents: 1, received_on: PAID_ON }, 403, 'auth.forbidden');
  await no(of(r, 'receipts'), as('finance'), { bank_ref: 'XXXX', amount_cents: 1, received_on: '2025-10-30' }, 422, 'request.invalid', '/received_on field.date_future');
  assert.deepEqual([(await receipt(r, 40000, 'BANK-1')).left_cents], [60000]);
  await no(of(r, 'receipts'), as('finance'), { bank_ref: 'BANK-1', amount_cents: 40000, received_on: PAID_ON }, 409, 'subsidies.receipt_exists');
  const done = await receipt(r, 60000, 'BANK-2');
  assert.deepEqual([done.state, done.received_cents, done.left_cents], ['settled', 100000, 0]);
  const after_ = await budget(JH), back = await g.claimOf(f, c.id);
  assert.deepEqual([before.paid_cents - after_.paid_cents, after_.available_cents - before.available_cents, after_.balanced, back.recovered_cents],
    [100000, 100000, true, 100000]);
  const told = sql(`SELECT kind FROM subsidies.message WHERE subject_id = '${r.id}' ORDER BY id`).flat();
  assert.deepEqual(told, ['recovery.notice', 'recovery.receipt', 'recovery.receipt']);
  assert.deepEqual((await whole(r)).steps.map((s) => s.step), ['propose', 'check', 'notice', 'acknowledge', 'receipt', 'receipt']);
});

test('the list shows each its own; figures open to their rows and hide small cells from who only counts', async () => {
  const all = await walk(RECOVERIES, as('recheck'), 2, '/v1/subsidies/claims');
  assert.ok(all.every((r) => r.county_code === JH.code));
  assert.deepEqual((await get('recoveries', as('recheck', 'a', LST.code))).items.filter((r) => r.county_code === JH.code), []);
  const own = (await get('recoveries', f.token)).items;
  assert.ok(own.length > 0 && own.every((r) => r.payee_id === f.org_id && r.noticed_on));
  await refused('GET', `${RECOVERIES}?state=lost`, { token: f.token }, 422, 'request.invalid', 'state field.choice');
  const [figure] = (await get('recovery-figures', as('recheck'))).items;
  const rows = (await get('recoveries?figure=received&limit=200', as('recheck'))).items;
  assert.equal(figure.received_cents, rows.reduce((s, r) => s + r.received_cents, 0));
  const [small] = (await get('recovery-figures', as('stats'))).items;
  assert.deepEqual([small.hidden, small.received_cents], [true, undefined]);
});
