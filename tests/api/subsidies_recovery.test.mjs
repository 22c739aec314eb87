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

sql('DELETE FROM subsidies.recovery_rule');	// of other tests: first it is unset
await g.at(g.HIRED_ON);
for (const county of [JH, LST]) await g.allot(county, 5_000_000);
await g.at(g.NOW);
const w = await paid(JH, 13, 4);
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
  const own = await proposed(w.list[12], {}).catch((e) => assert.fail(e));
  await no(of(own, 'check'), as('recheck', 'a', LST.code), { decision: 'pass' }, 404, 'request.not_found');
  await post(of(own, 'check'), as('recheck'), { decision: 'return', note: '事实不清' });
  assert.equal((await whole(own)).state, 'cancelled');
  const mine = await post('recoveries', twin, { claim_id: w.list[12].id, source: 'audit', ...WHY });
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

test('an appeal stops the clock and is decided by somebody without a hand in it: dismissed, reduced, upheld', async () => {
  const r = await noticed(claim());
  await no(of(r, 'appeal'), f.token, { content: '短' }, 422, 'request.invalid', '/content field.too_short');
  await no(of(r, 'appeal'), as('recheck'), { content: '不服本次追缴' }, 403, 'auth.forbidden');
  const a = await post(of(r, 'appeal'), f.token, { content: '人员仍在岗，请核实' });
  assert.deepEqual([a.state, a.due_on, a.case_state], ['open', '2025-11-07', 'accepted']);
  await no(of(r, 'appeal'), f.token, { content: '人员仍在岗，请核实' }, 409, 'state.wrong');
  await g.at('2025-11-20');
  const late = await whole(r);
  assert.deepEqual([late.state, late.late_cents], ['appealed', 0], 'nothing falls due');
  assert.ok((await get('recovery-appeals?is_late=true', as('approve'))).items.some((x) => x.id === a.id));
  const answer = { decision: 'dismissed', answer: '经核实已离职' };
  for (const token of [as('recheck'), as('approve')]) await no(of(r, 'appeal/decide'), token, answer, 409, 'subsidies.same_hand');
  await no(of(r, 'appeal/decide'), as('approve', 'b', LST.code), answer, 404, 'request.not_found');
  await no(of(r, 'appeal/decide'), as('approve', 'b'), { ...answer, decision: 'reduced' }, 422, 'request.invalid', '/owed_cents field.missing');
  await no(of(r, 'appeal/decide'), as('approve', 'b'), { ...answer, decision: 'reduced', owed_cents: EACH }, 422, 'request.invalid', '/owed_cents field.too_large');
  const d = await post(of(r, 'appeal/decide'), as('approve', 'b'), answer);
  assert.deepEqual([d.state, d.due_on], ['acknowledged', '2025-12-04'], 'a new deadline');
  assert.equal((await call('GET', `/v1/cases/${a.case_no}`, { token: f.token })).state, 'done');
  await g.at(PAID_ON);

  const less = await noticed(claim());
  await receipt(less, 60000);
  await post(of(less, 'appeal'), f.token, { content: '应享受一半，请核减' });
  const cut = await post(of(less, 'appeal/decide'), as('approve', 'b'), { decision: 'reduced', owed_cents: 100000, answer: '核减' });
  assert.deepEqual([cut.amount_cents, cut.received_cents, cut.state], [50000, 50000, 'settled']);
  const [back] = (await get('topups?source=appeal', f.token)).items;
  assert.deepEqual([back.amount_cents, back.state, (await g.claimOf(f, back.supplement_claim_id)).state], [10000, 'approved', 'notified']);

  const right = await noticed(claim());
  await post(of(right, 'appeal'), f.token, { content: '认定有误，请撤销' });
  assert.equal((await post(of(right, 'appeal/decide'), as('approve', 'b'), { decision: 'upheld', answer: '成立' })).state, 'cancelled');
  const slow = await noticed(claim());
  await g.at('2025-11-06');
  await no(of(slow, 'appeal'), f.token, { content: '过了期限才申诉' }, 409, 'subsidies.appeal_late');
  await g.at(PAID_ON);
  await receipt(slow, EACH);
});

test('in parts: dated, summing to what is left, agreed; a missed part tells, is reminded of and may be handed on', async () => {
  const r = await noticed(claim());
  await receipt(r, 30000);
  const plan = (...parts) => ({ instalments: parts.map(([due_on, amount_cents]) => ({ due_on, amount_cents })) });
  const parts = [['2025-11-28', 40000], ['2025-12-31', 80000]];
  await no(of(r, 'plan'), f.token, plan(parts[0]), 422, 'subsidies.plan_sum');
  await no(of(r, 'plan'), f.token, plan(parts[1], parts[0]), 422, 'request.invalid', '/instalments/1/due_on field.date_order');
  await no(of(r, 'plan'), f.token, plan([PAID_ON, 120000]), 422, 'request.invalid', '/instalments/0/due_on field.date_order');
  await no(of(r, 'plan'), f.token, plan(), 422, 'request.invalid', '/instalments field.count');
  await no(of(r, 'plan/decide'), as('recheck'), { decision: 'agreed' }, 409, 'state.wrong');
  const first = await post(of(r, 'plan'), f.token, plan(...parts));
  await no(of(r, 'plan'), f.token, plan(...parts), 409, 'state.exists');
  await post(of(r, 'plan/decide'), as('recheck'), { decision: 'refused', note: '期限过长' });
  assert.equal((await call('GET', `/v1/cases/${first.case_no}`, { token: f.token })).state, 'refused');
  await post(of(r, 'plan'), f.token, plan(...parts));
  const agreed = await post(of(r, 'plan/decide'), as('recheck'), { decision: 'agreed' });
  assert.deepEqual([agreed.state, agreed.due_on], ['planned', '2025-12-31']);
  await no(of(r, 'plan/end'), as('recheck'), { note: '未履行' }, 409, 'subsidies.not_overdue');
  await no(of(r, 'referrals'), as('approve'), { target: 'credit', document_no: '永人社移〔2025〕1号', referred_on: PAID_ON }, 409, 'subsidies.not_overdue');
  await receipt(r, 15000);
  await g.at('2025-12-01');
  const missed = await eventually(async () => { const x = await whole(r); return x.steps.some((s) => s.step === 'missed') && x; }, 'the missed part tells');
  assert.deepEqual([missed.late_cents, missed.left_cents], [25000, 105000]);
  assert.ok((await get('recoveries?figure=late', as('approve'))).items.some((x) => x.id === r.id));
  const doc = { target: 'credit', document_no: `移〔2025〕${r.recovery_no.slice(-6)}号`, referred_on: '2025-12-01' };
  await no(of(r, 'referrals'), as('approve'), { ...doc, referred_on: '2025-12-02' }, 422, 'request.invalid', '/referred_on field.date_future');
  await post(of(r, 'referrals'), as('approve'), doc);
  await no(of(r, 'referrals'), as('approve'), doc, 409, 'state.exists');
  assert.ok((await get('recoveries?figure=referred', as('approve'))).items.some((x) => x.id === r.id));
  const ended = await post(of(r, 'plan/end'), as('recheck'), { note: '未履行' });
  assert.deepEqual([ended.state, ended.due_on], ['acknowledged', '2025-12-01']);
  const paid_ = await receipt(r, 105000);
  assert.equal(paid_.state, 'settled');
  assert.equal((await whole(r)).referrals[0].withdrawn_on, '2025-12-01', 'withdrawn when it is settled');
  assert.equal(sql(`SELECT count(*) FROM subsidies.recovery_step WHERE recovery_id = '${r.id}' AND step IN ('missed', 'remind')`)[0][0], '1', 'once a day that passed');
  await g.at(PAID_ON);
});

test('too much is sent back by another officer; written off by two; money for what was written off is taken', async () => {
  const r = await noticed(claim());
  const clerk = as('finance', 'b');
  const over = await receipt(r, EACH + 500, 'OVER-1', clerk);
  assert.deepEqual([over.state, over.received_cents], ['settled', EACH]);
  const [x] = (await whole(r)).receipts;
  assert.deepEqual([x.booked_cents, x.refund_cents, x.refunded_on], [EACH, 500, null]);
  const refund = { bank_ref: 'BACK-1', paid_on: PAID_ON };
  await no(`recovery-receipts/${x.id}/refund`, clerk, refund, 409, 'subsidies.same_hand');
  await no(`recovery-receipts/${NOBODY}/refund`, as('finance'), refund, 404, 'request.not_found');
  await no(`recovery-receipts/${x.id}/refund`, as('finance'), { ...refund, paid_on: '2025-10-30' }, 422, 'request.invalid', '/paid_on field.date_future');
  await post(`recovery-receipts/${x.id}/refund`, as('finance'), refund);
  await no(`recovery-receipts/${x.id}/refund`, as('finance'), refund, 409, 'state.wrong');

  const gone = await noticed(claim());
  const p = await post(of(gone, 'proposals'), as('approve'), { kind: 'write_off', reason: '单位已注销', legal_basis: '财政部门核销办法' });
  await no(of(gone, 'proposals'), as('approve'), { kind: 'reversal', reason: '单位已注销', legal_basis: '办法' }, 409, 'state.exists');
  await no(of(gone, 'proposals'), as('approve'), { kind: 'gift', reason: '单位已注销', legal_basis: '办法' }, 422, 'request.invalid', '/kind field.choice');
  await no(`recovery-proposals/${p.id}/decide`, as('approve'), { decision: 'approved' }, 409, 'subsidies.same_hand');
  await no(`recovery-proposals/${NOBODY}/decide`, as('approve'), { decision: 'approved' }, 404, 'request.not_found');
  await post(`recovery-proposals/${p.id}/decide`, as('approve', 'b'), { decision: 'approved' });
  const lost = await whole(gone);
  assert.deepEqual([lost.state, lost.lost_cents, lost.left_cents], ['written_off', EACH, 0]);
  const found = await receipt(gone, 1000);
  assert.deepEqual([found.state, found.lost_cents, found.received_cents], ['written_off', EACH - 1000, 1000]);
  assert.equal((await budget(JH)).balanced, true);
});

test('a recovery that was wrong is reversed by two: what came in goes out as a claim of its own', async () => {
  const c = claim(), r = await noticed(c);
  await receipt(r, EACH);
  const p = await post(of(r, 'proposals'), as('audit'), { kind: 'reversal', reason: '数据更正，原发放无误', legal_basis: '复核意见' });
  const q = await post(`recovery-proposals/${p.id}/decide`, as('approve'), { decision: 'refused', note: '再核' });
  assert.equal(q.state, 'refused');
  const p2 = await post(of(r, 'proposals'), as('audit'), { kind: 'reversal', reason: '数据更正，原发放无误', legal_basis: '复核意见' });
  await post(`recovery-proposals/${p2.id}/decide`, as('approve'), { decision: 'approved' });
  assert.equal((await whole(r)).state, 'reversed');
  const [t] = (await get('topups?source=reversal', as('recheck'))).items;
  assert.deepEqual([t.claim_id, t.amount_cents], [c.id, EACH]);
  const s = await g.claimOf(f, t.supplement_claim_id);
  assert.deepEqual([s.state, s.amount_cents, s.subject_id], ['notified', EACH, c.subject_id]);
  await call('POST', `/v1/subsidies/claims/${s.id}/confirm`, { token: f.token, body: g.account(f) });
  await g.throughHands(JH, [s]);
  assert.equal((await g.claimOf(f, s.id)).state, 'approved');
});

test('other claims of the payee are stopped only by an officer, and go on when it is over', async () => {
  const r = await noticed(claim()), [c] = w.spare;
  await no(of(r, 'freezes'), as('approve'), { claim_id: NOBODY, basis: '条例' }, 422, 'request.invalid', '/claim_id field.choice');
  await post(of(r, 'freezes'), as('approve'), { claim_id: c.id, basis: '条例第九条' });
  await no(of(r, 'freezes'), as('approve'), { claim_id: c.id, basis: '条例第九条' }, 409, 'state.wrong');
  const stopped = await g.claimOf(f, c.id);
  assert.deepEqual([stopped.state, stopped.resume_state, stopped.steps.at(-1).step], ['suspended', 'approved', 'recovery_hold']);
  assert.ok((await get('frozen-claims', as('approve'))).items.some((x) => x.claim_id === c.id && x.recovery_id === r.id));
  await refused('GET', '/v1/subsidies/frozen-claims?county_code=x', { token: as('approve') }, 422, 'request.invalid', 'county_code field.area_code');
  await post(of(r, 'unfreeze'), as('approve'), { claim_id: c.id });
  await no(of(r, 'unfreeze'), as('approve'), { claim_id: c.id }, 422, 'request.invalid', '/claim_id field.choice');
  assert.equal((await g.claimOf(f, c.id)).state, 'approved');
  await post(of(r, 'freezes'), as('approve'), { claim_id: c.id, basis: '条例第九条' });
  await receipt(r, EACH);
  assert.equal((await g.claimOf(f, c.id)).state, 'approved', 'settled: it goes on');
});

test('an offset: with consent or on the law, from a later payment, with a receipt here and entries on both', async () => {
  const c = claim(), r = await noticed(c), [, whole_, part] = w.spare;
  const consent = { claim_id: whole_.id, basis_text: '同意书' };
  await no(of(r, 'offsets'), f.token, { ...consent, claim_id: c.id }, 422, 'subsidies.offset');
  await no(of(r, 'offsets'), f.token, { ...consent, amount_cents: EACH + 1 }, 422, 'request.invalid', '/amount_cents field.too_large');
  await no(of(r, 'offset-orders'), as('finance'), consent, 403, 'auth.forbidden');
  const order = await post(of(r, 'offset-orders'), as('approve'), { ...consent, amount_cents: 50000, basis_text: '社会保险法第八十八条' });
  await no(of(r, 'offsets'), f.token, consent, 409, 'state.exists');
  assert.equal((await post(`recovery-offsets/${order.id}/release`, as('approve'), { note: '改为全额' })).state, 'released');
  const o = await post(of(r, 'offsets'), f.token, consent);
  assert.deepEqual([o.amount_cents, o.basis, o.case_state], [EACH, 'consent', 'accepted']);
  assert.equal(sql(`SELECT subsidies.offset_for('${whole_.id}')`)[0][0], String(EACH));
  await no(`recovery-offsets/${o.id}/apply`, as('finance'), undefined, 409, 'state.wrong');	// its notice is not over
  await no(`recovery-offsets/${NOBODY}/apply`, as('finance'), undefined, 404, 'request.not_found');
  await g.publish(JH, [whole_]);
  await g.at('2025-11-10');
  const before = await budget(JH);
  const applied = await post(`recovery-offsets/${o.id}/apply`, as('finance'));
  assert.equal(applied.state, 'applied');
  const here = await whole(r), there = await g.claimOf(f, whole_.id), now = await budget(JH);
  assert.deepEqual([here.state, here.receipts[0].kind, there.state, (await g.claimOf(f, c.id)).recovered_cents], ['settled', 'offset', 'paid', EACH]);
  assert.deepEqual([now.paid_cents - before.paid_cents, before.committed_cents - now.committed_cents, now.balanced], [0, EACH, true]);
  assert.equal((await call('GET', `/v1/cases/${o.case_no}`, { token: f.token })).state, 'done');

  // Part of a payment: the bank pays the rest.
  const d = claim(), debt = await noticed(d, { owed_cents: 100000 });
  await post(of(debt, 'offset-orders'), as('approve'), { claim_id: part.id, amount_cents: 50000, basis_text: '社会保险法第八十八条' });
  await no(`recovery-offsets/${(await whole(debt)).offsets[0].id}/apply`, as('finance'), undefined, 409, 'state.wrong');	// not all of it
  await g.publish(JH, [part]);
  await g.at('2025-11-20');
  await payOut(JH);
  const net = sql(`SELECT amount_cents FROM subsidies.payment_line WHERE claim_id = '${part.id}'`)[0][0];
  const settled = await whole(debt), full = await g.claimOf(f, part.id);
  assert.deepEqual([net, settled.state, settled.receipts[0].amount_cents, full.state, full.amount_cents], ['100000', 'settled', 50000, 'paid', EACH]);
  assert.equal((await budget(JH)).balanced, true);
  await g.at(PAID_ON);
});

test('what a late fact shows: more is due, as a claim beside; less, as a recovery of the difference', async () => {
  const c = w.list[0], n = reconsidered(c, 'top_up', 7000);
  await no('topups', as('first_review'), { reconsideration_id: NOBODY }, 404, 'request.not_found');
  const t = await post('topups', as('first_review'), { reconsideration_id: n });
  await no('topups', as('first_review'), { reconsideration_id: n }, 409, 'state.wrong');
  const both = mint({ roles: [`first_review@${JH.code}`, `recheck@${JH.code}`] });
  await no(`topups/${t.id}/decide`, as('recheck'), { decision: 'refuse' }, 422, 'request.invalid', '/note field.missing');
  await no(`topups/${t.id}/decide`, as('recheck', 'a', LST.code), { decision: 'pass' }, 404, 'request.not_found');
  const made = await post(`topups/${t.id}/decide`, as('recheck'), { decision: 'pass' });
  const s = await g.claimOf(f, made.supplement_claim_id);
  assert.deepEqual([s.amount_cents, s.state, s.person_id], [7000, 'notified', c.person_id]);
  assert.equal(sql(`SELECT count(*) FROM subsidies.hold WHERE claim_id = '${s.id}'`)[0][0], '0', 'it lives under the first claim');
  assert.throws(() => sql(`INSERT INTO subsidies.claim (supplements, policy_code, policy_version_id, benefit_family, subject_kind, subject_id,
    person_id, payee_kind, payee_id, amount_cents, state, county_code) SELECT id, policy_code, policy_version_id, benefit_family, subject_kind,
    subject_id, person_id, payee_kind, payee_id, 1, 'notified', county_code FROM subsidies.claim WHERE id = '${c.id}'`), /nobody approved/);
  const again = reconsidered(w.list[2], 'top_up', 9000);
  const u = await post('topups', both, { reconsideration_id: again });
  await no(`topups/${u.id}/decide`, both, { decision: 'pass' }, 409, 'subsidies.same_hand');
  assert.equal((await post(`topups/${u.id}/decide`, as('recheck'), { decision: 'refuse', note: '不符合条件' })).state, 'refused');
  assert.ok((await walk('/v1/subsidies/topups', as('recheck'), 2)).length >= 3);

  const d = w.list[12], m = reconsidered(d, 'recovery', 30000);
  const r = await post('recoveries', as('first_review'), { claim_id: d.id, source: 'reconsideration', source_id: m, ...WHY });
  assert.deepEqual([r.owed_cents, r.amount_cents], [EACH - 30000, 30000]);
  assert.equal(sql(`SELECT state FROM subsidies.reconsideration WHERE id = '${m}'`)[0][0], 'accepted');
  await post(of(r, 'check'), as('recheck'), { decision: 'return', note: '再核' });
  assert.equal(sql(`SELECT state FROM subsidies.reconsideration WHERE id = '${m}'`)[0][0], 'proposed', 'the finding is open again');
});
