// subsidies_reconcile: the bank's statements against the ledger. Every movement is
// matched, or a difference that somebody explains; two people sign, and then it stands.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { seal, statement } from '../bank/format.mjs';
import * as g from './grant.mjs';
import { isProblem, minter, NOBODY, sql, walk } from './help.mjs';
import * as p from './payments_help.mjs';

const COUNTY = p.counties.jiang_yong, DAY = '2025-10-28', NEXT = '2025-10-29', AFTER = '2025-10-30', { EACH, POLICY } = g;
const o = p.officers(COUNTY), other = p.officers(p.counties.dong_an);
const bank = await p.openBank(COUNTY.code);
test.after(() => bank.close());
await g.at(g.HIRED_ON);
await g.allot(COUNTY, 50_000_000);

const post = (raw, over = {}) => call('POST', '/v1/subsidies/bank-statements', { token: o.finance, raw,
  headers: { 'content-type': 'text/csv' }, ...over });
const path = (s) => `/v1/subsidies/bank-statements/${s.id ?? s}`;
const get = (s, what = '', token = o.finance) => call('GET', `${path(s)}${what}`, { token });
const items = async (s, query = '') => (await get(s, `/items?limit=200${query}`)).items;
const explain = (s, item, over = {}) => call('POST', `${path(s)}/corrections`, { token: o.finance,
  body: { item, kind: 'later_day', note: '次日入账', ...over }, refused: true });
const sign = (s, token, verb = 'sign') => call('POST', `${path(s)}/${verb}`, { token, body: {}, refused: true });
const results = (list) => list.map((i) => i.result).sort();

async function paid(n, account_no) {
  const w = await p.payable(COUNTY, n, account_no, DAY);
  const b = await p.sent(o, COUNTY);
  return { w, b, reply: (await bank.file(b.file, `${DAY}T10:00:00+08:00`)).text };
}

test('a statement of an ordinary day proves that ledger and bank agree', async () => {
  const one = await paid(3), back = await paid(1, '4300123400007777');
  for (const x of [one, back]) await p.take(o, x.b, x.reply);
  const [refund] = await bank.comeBack(`${DAY}T16:00:00+08:00`);
  await p.take(o, back.b, refund);
  const raw = await bank.statement(DAY, DAY);
  isProblem(await post(raw, { token: other.finance, refused: true }), 403, 'auth.area');
  isProblem(await post(raw, { token: o.audit, refused: true }), 403, 'auth.forbidden');
  isProblem(await post(raw.slice(0, raw.lastIndexOf('#HMAC')), { refused: true }), 422, 'subsidies.seal');
  isProblem(await post(raw.replace(',150000,', ',150001,'), { refused: true }), 422, 'subsidies.seal');
  const body = raw.slice(0, raw.lastIndexOf('#HMAC'));
  for (const [spoil, why] of [[(t) => t.replace(/,150000,/, ',150001,'), /余额不连续/], [(t) => t.replace(/\n[^\n]+\n$/, '\n'), /期末余额/],
    [(t) => t.replace(/out/, 'side'), /明细格式/], [(t) => t.replaceAll(DAY, '2025-10-32'), /首行格式/],
    [(t) => t.replace('bank_no,day', 'day,bank_no'), /列名/], [(t) => t.replaceAll(DAY, '2025-12-31'), /对账期尚未结束/]]) {
    const r = await post(seal(spoil(body)), { refused: true });
    isProblem(r, 422, 'subsidies.file');
    assert.match(r.json.detail, why);
  }
  const s = await post(raw);
  assert.deepEqual([s.movements, s.open_differences, s.state, s.bank], [5, 0, 'open', 'bank']);
  assert.deepEqual([(await post(raw)).id, (await post(raw)).repeated], [s.id, true]);
  isProblem(await post(seal(`${body}\n`), { refused: true }), 409, 'state.exists');	// other bytes, the same days
  const proof = await get(s);
  assert.deepEqual(proof.days.map((d) => [d.day, d.policy_code, d.ledger_cents, d.bank_cents, d.matched, d.open, d.proved]),
    [[DAY, POLICY, 3 * EACH, 3 * EACH, 5, 0, true]]);
  assert.deepEqual(results(await items(s)), Array(5).fill('matched'));
  const page = await get(s, `/items?limit=2&day=${DAY}&policy_code=${POLICY}`);
  assert.ok(page.items.length === 2 && page.next_cursor);
  const csv = await get(s, '/file', o.audit);
  assert.equal(csv.trim().split('\n').length, 6);
  assert.match(csv, /^day,policy_code,direction,pay_no,bank_no,ledger_cents,bank_cents,correction_cents,result,kind,note\n/);
  for (const what of ['', '/file']) isProblem(await call('GET', `${path(s)}${what}`, { token: other.finance, refused: true }), 404, 'request.not_found');
  assert.deepEqual((await get(s, '/items', other.finance)).items, []);
  // Two people, finance first.
  isProblem(await sign(s, o.audit, 'audit'), 409, 'state.wrong');
  isProblem(await sign(s, o.audit), 403, 'auth.forbidden');
  isProblem(await sign(NOBODY, o.finance), 404, 'request.not_found');
  const both = minter(o.finance)({ roles: [`finance@${COUNTY.code}`, `audit@${COUNTY.code}`] });
  assert.equal((await sign(s, both)).json.state, 'finance_signed');
  isProblem(await sign(s, o.finance), 409, 'state.wrong');
  isProblem(await sign(s, both, 'audit'), 409, 'subsidies.same_hand');
  const done = (await sign(s, o.audit, 'audit')).json;
  assert.deepEqual([done.state, done.open_differences], ['signed', 0]);
  isProblem(await sign(s, o.audit, 'audit'), 409, 'state.wrong');
  assert.deepEqual((await get(s)).days, proof.days, 'what was signed stands');
  for (const text of [`UPDATE subsidies.bank_statement SET closing_cents = 0 WHERE id = '${s.id}'`,
    `INSERT INTO subsidies.bank_movement SELECT statement_id, 99, county_code, 'late', day, NULL, 'in', 1, 1 FROM subsidies.bank_movement WHERE statement_id = '${s.id}' LIMIT 1`])
    assert.throws(() => sql(text), /state.wrong/, text);
  assert.throws(() => sql(`UPDATE subsidies.reconcile_item SET content = '{}'`, 'subsidies_system'), /permission denied/);
});

test('every kind of difference is found, listed and kept open until it is explained', async () => {
  const balance = bank.books().at(-1).balance_cents;
  const w = await p.payable(COUNTY, 3, undefined, NEXT);
  const b = await p.sent(o, COUNTY);
  const at = `${NEXT}T10:00:00+08:00`;
  const answer = (await bank.file(b.file, at)).text;
  await p.take(o, b, answer);
  const [one, two, three] = (await p.batchOf(o, b)).lines.map((l) => l.pay_no);
  assert.ok(three && w.list.length === 3);
  // The bank shows: the first as it is, the second with another sum, the third not at all,
  // and a fee that is nobody's, and a payment that we never asked for.
  let sum = balance;
  const move = (bank_no, pay_no, amount_cents, text) => ({ bank_no, day: NEXT, pay_no, direction: 'out', amount_cents,
    balance_cents: (sum -= amount_cents), text });
  const rows = [move('x-1', one, EACH), move('x-2', two, EACH + 100), move('x-3', null, 1500, '手续费'), move('x-4', 'P9', EACH)];
  isProblem(await post(seal(statement(COUNTY.code, NEXT, NEXT, balance + 1, rows.map((r) => ({ ...r, balance_cents: r.balance_cents + 1 })))),
    { refused: true }), 409, 'subsidies.statement_gap');
  const s = await post(seal(statement(COUNTY.code, NEXT, NEXT, balance, rows)));
  assert.equal(s.open_differences, 4);
  const all = await items(s);
  const of = (no) => all.find((i) => i.pay_no === no || i.bank_no === no);
  assert.deepEqual([one, two, three, 'x-3', 'P9'].map((no) => [of(no).result, of(no).ledger_cents, of(no).bank_cents]), [['matched', EACH, EACH],
    ['amount_differs', EACH, EACH + 100], ['missing_at_bank', EACH, 0], ['unknown_here', 0, 1500], ['unknown_here', 0, EACH]]);
  assert.deepEqual((await items(s, '&result=missing_at_bank')).map((i) => i.pay_no), [three]);
  assert.equal((await items(s, '&is=open')).length, 4);
  isProblem(await call('GET', `${path(s)}/items?result=lost`, { token: o.finance, refused: true }), 422, 'request.invalid', 'result field.choice');
  isProblem(await sign(s, o.finance), 409, 'subsidies.differences_open');
  isProblem(await explain(s, of(one).item), 404, 'request.not_found');
  isProblem(await explain(s, of(two).item, { kind: 'guess' }), 422, 'request.invalid', '/kind field.choice');
  isProblem(await call('POST', `${path(s)}/corrections`, { token: o.audit, body: {}, refused: true }), 403, 'auth.forbidden');
  for (const [no, kind] of [[two, 'bank_error'], [three, 'later_day'], ['x-3', 'fee_or_interest'], ['P9', 'bank_error']]) {
    const r = await explain(s, of(no).item, { kind });
    assert.equal(r.status, 201, r.text);
    assert.equal(r.json.difference_cents, of(no).bank_cents - of(no).ledger_cents);
  }
  isProblem(await explain(s, of(two).item), 409, 'state.exists');
  assert.deepEqual([(await items(s, '&is=open')).length, (await items(s, '&is=explained')).length], [0, 4]);
  assert.ok((await get(s)).days.every((d) => d.proved));
  assert.equal((await sign(s, o.finance)).json.state, 'finance_signed');
  assert.equal((await sign(s, o.audit, 'audit')).json.state, 'signed');
  isProblem(await explain(s, of(two).item), 409, 'state.wrong');
  // The third shows up the day after: nothing is open; the second comes a second time: a double payment.
  await g.at(AFTER);
  const next = [{ bank_no: 'y-1', day: AFTER, pay_no: three, direction: 'out', amount_cents: EACH, balance_cents: (sum -= EACH) },
    { bank_no: 'y-2', day: AFTER, pay_no: one, direction: 'out', amount_cents: EACH, balance_cents: (sum -= EACH) }];
  const t = await post(seal(statement(COUNTY.code, AFTER, AFTER, sum + 2 * EACH, next)));
  assert.deepEqual((await items(t)).map((i) => [i.pay_no, i.result, i.ledger_cents]).sort(),
    [[one, 'amount_differs', 0], [three, 'matched', EACH]].sort());
  assert.equal(t.open_differences, 1);
  const list = await walk(`/v1/subsidies/bank-statements?county_code=${COUNTY.code}`, o.finance, 2);
  assert.deepEqual(list.map((x) => x.state).slice(0, 3), ['open', 'signed', 'signed']);
  await g.at(g.NOW);
});
