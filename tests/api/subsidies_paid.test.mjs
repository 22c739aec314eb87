// subsidies, from approval to the bank: public notice, objections, batches, the
// bank's answers; and how a policy comes to be.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { seal } from '../bank/format.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { publish } from './policies_help.mjs';
import { isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

const { approved, budget, claimOf, EACH, get, JH, LST, POLICY } = g;
const NOTICE_ENDS = '2025-10-27';	// five working days from Monday the 20th
const mint = minter((await person()).token);
const officer = (...roles) => mint({ roles });

await g.at(g.HIRED_ON);
for (const county of [JH, LST]) await g.allot(county, 50_000_000);
await g.at(g.NOW);

// ---- notice, objections, bank ---------------------------------------------------------

test('a notice runs its working days; objections hold the money, and may end the claim', async () => {
  const [w, v] = [await approved(JH, 2), await approved(JH, 1)];
  const ids = [...w.list, ...v.list];
  const approve = await desk('jh.approve');
  for (const [body, status, code] of [[{}, 422, 'request.invalid'], [{ policy_code: POLICY }, 422, 'request.invalid'],
    [{ claim_ids: [NOBODY] }, 404, 'request.not_found'], [{ policy_code: POLICY, county_code: LST.code }, 409, 'state.wrong']])
    await refused('POST', '/v1/subsidies/notices', { token: approve.token, body }, status, code);
  await refused('POST', '/v1/subsidies/notices', { token: (await desk('lst.approve')).token,
    body: { claim_ids: [ids[0].id] } }, 404, 'request.not_found');
  await refused('POST', '/v1/subsidies/notices', { token: w.firm.token, body: { claim_ids: [ids[0].id] } }, 403,
    'auth.forbidden');
  const n = await g.publish(JH, ids);
  assert.deepEqual([n.starts_on, n.ends_on, n.employers, n.claims, n.amount_cents], [g.NOW, NOTICE_ENDS, 2, 3, 3 * EACH]);
  await refused('POST', '/v1/subsidies/notices', { token: approve.token, body: { claim_ids: [ids[0].id] } }, 409,
    'state.wrong');
  const lines = await walk(`/v1/subsidies/notices/${n.id}/lines`, undefined, 1);
  assert.deepEqual(lines.map((l) => l.count).sort(), [1, 2]);
  assert.ok(lines.every((l) => l.people.every((name) => /^.\*$/.test(name))), 'names are masked');
  const list = await call('GET', '/v1/subsidies/notices?county_code=431129');
  assert.ok(list.items.find((x) => x.id === n.id).open);
  await refused('GET', '/v1/subsidies/notices?county_code=1', {}, 422, 'request.invalid', 'county_code field.area_code');
  await refused('GET', '/v1/subsidies/notices/1/lines', {}, 404, 'request.not_found');

  const line = (f) => lines.find((l) => l.payee_name === f.org.name).id;
  const object = (body) => call('POST', `/v1/subsidies/notices/${n.id}/objections`,
    { body: { line_id: line(v.firm), content: '此单位未实际用工', ...body }, refused: true });
  isProblem(await object({ content: '假' }), 422, 'request.invalid', '/content field.too_short');
  isProblem(await object({ line_id: NOBODY }), 404, 'request.not_found');
  isProblem(await object({ state: 'upheld' }), 422, 'request.invalid', '/state field.unknown');
  const [bad, idle] = [(await object({ contact: '13800000000' })).json, (await object({ line_id: line(w.firm) })).json];
  assert.equal(sql(`SELECT count(*) FROM subsidies.objection WHERE contact_sealed ~ '13800000000'`)[0][0], '0');
  const open = await walk('/v1/subsidies/objections?state=open', approve.token, 1, '/v1/subsidies/claims');
  assert.ok(open.some((o) => o.id === bad.id) && open.every((o) => o.county_code === '431129'));
  await refused('GET', '/v1/subsidies/objections', { token: w.firm.token }, 403, 'auth.forbidden');
  const build = (over) => refused('POST', '/v1/subsidies/payment-batches', { token: officer('finance@431129'),
    body: { policy_code: POLICY, county_code: JH.code } }, ...over);
  await build([409, 'subsidies.notice_running']);

  const resolve = (o, token, body) => call('POST', `/v1/subsidies/objections/${o.id}/resolve`, { token, body, refused: true });
  isProblem(await resolve(bad, (await desk('lst.approve')).token, { decision: 'upheld', answer: '属实' }), 404,
    'request.not_found');
  isProblem(await resolve(bad, (await desk('jh.first')).token, { decision: 'upheld', answer: '属实' }), 403, 'auth.forbidden');
  isProblem(await resolve(bad, approve.token, { decision: 'maybe', answer: '' }), 422, 'request.invalid',
    '/answer field.too_short', '/decision field.choice');
  const city = await desk('city.approve');	// no hand of these claims
  isProblem(await resolve(bad, approve.token, { decision: 'upheld', answer: '属实' }), 409, 'subsidies.same_hand');
  const before = await budget(JH);
  assert.equal((await resolve(bad, city.token, { decision: 'upheld', answer: '经查未实际用工' })).json.state, 'upheld');
  isProblem(await resolve(bad, approve.token, { decision: 'dismissed', answer: '反悔' }), 404, 'request.not_found');
  assert.equal((await claimOf(v.firm, v.list[0].id)).state, 'rejected');
  assert.equal(before.committed_cents - (await budget(JH)).committed_cents, EACH);

  await g.at('2025-10-29');
  const payable = async () => (await get('claims?state=public&limit=200',
    (await desk('jh.finance')).token)).items.filter((c) => c.org_id === w.firm.org_id);
  isProblem(await object({ line_id: line(w.firm) }), 404, 'request.not_found');	// the notice is over
  const one = await g.batch(JH).catch(() => null);	// whatever else was ready: not these
  assert.equal((await payable()).length, 2, 'contested claims are not paid');
  await resolve(idle, city.token, { decision: 'dismissed', answer: '用工属实' });
  const two = await g.batch(JH);
  assert.ok(two.id !== one?.id && (await payable()).length === 0);
  await g.at(g.NOW);
});

test('the bank pays, returns and is corrected; a file that does not fit changes nothing', async () => {
  const w = await approved(LST, 3), other = await approved(LST, 1);
  await g.publish(LST, [...w.list, ...other.list]);
  const finance = await desk('lst.finance');
  const body = { policy_code: POLICY, county_code: LST.code };
  await refused('POST', '/v1/subsidies/payment-batches', { token: finance.token, body: { ...body,
    county_code: JH.code } }, 403, 'auth.area');
  await refused('POST', '/v1/subsidies/payment-batches', { token: finance.token, body: { ...body,
    policy_code: 'NONE' } }, 404, 'request.not_found');
  await refused('POST', '/v1/subsidies/payment-batches', { token: (await desk('lst.approve')).token, body }, 403,
    'auth.forbidden');
  await g.at('2025-10-29');
  const races = await Promise.all([1, 2, 3].map(() => call('POST', '/v1/subsidies/payment-batches',
    { token: officer('finance@431103'), body, refused: true })));
  assert.equal(races.filter((r) => r.status === 201).length, 1, races.map((r) => r.text).join('\n'));
  for (const r of races.filter((x) => x.status !== 201)) isProblem(r, 409, 'state.wrong');
  const batch = races.find((r) => r.status === 201).json;
  const path = `/v1/subsidies/payment-batches/${batch.id}`;
  assert.equal(batch.total_cents, batch.line_count * EACH);
  await refused('GET', `${path}/file`, { token: finance.token }, 409, 'subsidies.signatures');
  await refused('POST', `${path}/send`, { token: finance.token }, 409, 'state.wrong');	// nobody has signed
  await g.signBatch(LST, batch);
  const file = await call('GET', `${path}/file`, { token: finance.token });
  assert.equal(await call('GET', `${path}/file`, { token: finance.token }), file, 'the same bytes again');
  const rows = file.trim().split('\n');
  assert.equal(rows[0], `#batch,${batch.batch_no},${batch.line_count},${batch.total_cents},CNY`);
  assert.match(rows.at(-1), /^#HMAC-SM3,[0-9a-f]{64}$/);
  const pays = rows.slice(2, -1).map((r) => r.split(','));
  assert.equal(pays.reduce((sum, r) => sum + Number(r[4]), 0), batch.total_cents);
  for (const token of [(await desk('jh.finance')).token])
    for (const [method, p] of [['GET', path], ['GET', `${path}/file`], ['POST', `${path}/send`]])
      await refused(method, p, { token }, 404, 'request.not_found');
  await refused('GET', `${path}/file`, { token: (await desk('city.audit')).token }, 403, 'auth.forbidden');
  assert.ok(!JSON.stringify(await call('GET', path, { token: (await desk('city.audit')).token })).includes(pays[0][2]),
    'accounts are masked');

  const time = '2025-10-29T10:00:00+08:00';
  const head = 'pay_no,status,code,text,time';
  const line = (no, status = 'paid') => `${no},${status},${status === 'paid' ? '0000,成功' : 'E104,账号不存在'},${time}`;
  const answer = (raw, token = finance.token) => call('POST', `${path}/reply`, { token, raw: seal(raw && `${raw}\n`),
    headers: { 'content-type': 'text/csv' }, refused: true });
  const nos = pays.map((r) => r[1]);
  const all = [head, ...nos.map((no) => line(no))].join('\n');
  isProblem(await answer(all), 409, 'state.wrong');	// not sent yet
  await call('POST', `${path}/send`, { token: finance.token });
  await refused('POST', `${path}/send`, { token: finance.token }, 409, 'state.wrong');
  const before = await budget(LST);
  for (const [what, raw, code] of [['nothing', '', 'subsidies.file'], ['no head', nos.map((n) => line(n)).join('\n'),
    'subsidies.file'],
    ['a stranger', [head, line('P2025102900000000010'), ...nos.slice(1).map((n) => line(n))].join('\n'), 'subsidies.file'],
    ['one twice', [head, ...nos.slice(1).map((n) => line(n)), line(nos[1])].join('\n'), 'subsidies.file'],
    ['one missing', [head, ...nos.slice(1).map((n) => line(n))].join('\n'), 'subsidies.batch_total'],
    ['another word', [head, ...nos.map((n) => line(n, 'lost'))].join('\n'), 'subsidies.file'],
    ['another batch', [`#batch,B20250101000000000100,${nos.length},${batch.total_cents},CNY`, all].join('\n'),
      'subsidies.file'],
    ['a wrong total', [`#batch,${batch.batch_no},${nos.length},${batch.total_cents - 1},CNY`, all].join('\n'),
      'subsidies.batch_total'],
    ['a wrong count', [`#batch,${batch.batch_no},${nos.length + 1},${batch.total_cents},CNY`, all].join('\n'),
      'subsidies.batch_total'],
    ['a day that is none', [head, ...nos.map((n) => line(n).replace('2025-10-29', '2025-10-32'))].join('\n'),
      'subsidies.file']])
  {
    isProblem(await answer(raw), 422, code);
    assert.deepEqual(await budget(LST), before, what);
  }
  isProblem(await answer(all, (await desk('jh.finance')).token), 404, 'request.not_found');

  const victim = pays.findIndex((r) => r[3] === w.firm.org.name);
  const said = [head, ...nos.map((no, i) => line(no, i === victim ? 'returned' : 'paid'))].join('\n');
  const [one, two] = await Promise.all([answer(said), answer(said)]);
  assert.deepEqual([one.json.repeated, two.json.repeated].sort(), [false, true]);
  assert.deepEqual([one.json.paid, one.json.returned, two.json.paid], [nos.length - 1, 1, nos.length - 1]);
  isProblem(await answer(all), 422, 'subsidies.file');	// contradicts what was said
  const after = await budget(LST);
  assert.deepEqual([after.paid_cents - before.paid_cents, before.committed_cents - after.committed_cents, after.balanced],
    [(nos.length - 1) * EACH, (nos.length - 1) * EACH, true]);
  const [back] = await g.claims(w.firm, 'returned');
  assert.equal(back.payment_no, nos[victim]);
  await refused('POST', '/v1/subsidies/payment-batches', { token: officer('finance@431103'), body }, 409, 'state.wrong');
  const fixed = await call('POST', `/v1/subsidies/claims/${back.id}/account`, { token: w.firm.token,
    body: g.account(w.firm, { account_no: '4300123456789099' }) });
  assert.equal(fixed.state, 'payable');
  const second = await g.batch(LST);
  assert.deepEqual([second.line_count, second.total_cents], [1, EACH]);
  const { file: again } = await g.toBank(LST, second);
  await g.takeReply(LST, second, g.bankReply(again, null, time));
  assert.equal((await g.claims(w.firm, 'paid')).length, 3);
  const done = await claimOf(w.firm, back.id);
  assert.deepEqual(done.steps.slice(-11).map((s) => s.step), ['batch', 'release', 'sign', 'sign', 'bank_returned', 'correct_account',
    'batch', 'release', 'sign', 'sign', 'bank_paid']);
  const batches = await walk('/v1/subsidies/payment-batches?state=answered', finance.token, 1, '/v1/subsidies/claims');
  assert.ok(batches.length >= 2 && batches.every((x) => x.county_code === LST.code));
  await refused('GET', '/v1/subsidies/payment-batches?state=lost', { token: finance.token }, 422, 'request.invalid',
    'state field.choice');
  await refused('GET', '/v1/subsidies/payment-batches', { token: (await desk('lst.first')).token }, 403, 'auth.forbidden');
  const told = w.list.map((c) => c.id);
  await eventually(() => sql(`SELECT count(*), coalesce(sum(amount), 0) FROM monitoring.fact WHERE kind = 'payment' AND NOT is_dropped AND id IN (${told.map((i) => `'${i}'`)})`)[0]
    .join() === `3,${3 * EACH}`, 'the board heard of each payment once');
  await g.at(g.NOW);
});

// ---- policies ---------------------------------------------------------------------------

test('without a sum nothing is promised; the next version sets it', async () => {
  const { document } = await call('GET', `/v1/subsidies/policies/in-force/${POLICY}?on=2025-07-07`);
  // One day of hires, in a family of its own: this test's people and no others.
  const day = '2025-07-09';
  const draft = { ...document, code: `T${randomUUID().slice(0, 6)}`, version: 1, title: '试行补助', effective_from: day,
    effective_to: day,
    benefit_family: `trial_${randomUUID().slice(0, 8)}`, amount: { kind: 'fixed', amount_cents: null },
    conditions: [{ code: 'kind', title: '企业', refusal: '不是企业', rule: { in: [{ fact: 'org_kind' }, ['enterprise']] } }],
      exclusions: [] };
  const made = await publish(draft);
  assert.deepEqual([made.code, made.version], [draft.code, 1]);

  const w = await g.workforce(JH, [{ hired_on: day, months: 0 }]);
  const mine = () => g.claims(w.firm, 'found', (c) => c.policy_code === draft.code);
  const [c] = await eventually(async () => { const l = await mine(); return l.length === 1 && l; },
    'a claim without an amount');
  assert.equal(c.amount_cents, null);
  await refused('POST', `/v1/subsidies/claims/${c.id}/confirm`, { token: w.firm.token, body: g.account(w.firm) }, 409,
    'subsidies.amount_unset');
  await publish({ ...draft, version: 2, amount: { kind: 'fixed', amount_cents: 20000 } });
  await call('POST', '/v1/subsidies/scans', { token: (await desk('jh.first')).token, body: { policy_code: draft.code,
    county_code: JH.code } });
  const [n] = await g.claims(w.firm, 'notified', (x) => x.policy_code === draft.code);
  assert.deepEqual([n?.id, n?.amount_cents], [c.id, 20000]);
  // Its line has nothing: what another has is not taken.
  await refused('POST', `/v1/subsidies/claims/${c.id}/confirm`, { token: w.firm.token, body: g.account(w.firm) }, 409,
    'subsidies.budget');
});

test('nothing is left under way: rejected, or paid', async () => {
  for (const county of [JH, LST]) {
    await g.finish(county, officer);
    for (const state of ['confirmed', 'first_reviewed', 'rechecked', 'approved', 'public', 'payable'])
      assert.deepEqual((await g.claims({ token: officer(`approve@${county.code}`) }, state)).filter((c) => c.policy_code === g.POLICY), [], `${state} in ${county.name}`);
    const b = await budget(county);
    assert.deepEqual([b.reserved_cents, b.balanced], [0, true]);
  }
});
