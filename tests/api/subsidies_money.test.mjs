// subsidies, money: an entry is the only thing that moves a balance; statements,
// transfers, reversals by two people, reservations that lapse, the year's end.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { isProblem, NOBODY, refused, sql, walk } from './help.mjs';
import { DAO, hand, ledgerError, officer, paid, pay, review, says, SHUANGPAI } from './money_help.mjs';

const { EACH, POLICY } = g;
const fiscal = (await desk('city.fiscal')).token, second = officer('fiscal@431100');
const post = (path, token, body, over = {}) => call('POST', `/v1/subsidies/${path}`, { token, body, refused: true, ...over });
const book = async (county, year = 2025) => (await call('GET', `/v1/subsidies/budgets?line_code=${POLICY}&county_code=${county.code}&year=${year}`,
  { token: fiscal })).items[0];
const entries = async (b, query = '') => (await call('GET', `/v1/subsidies/budgets/${b.id}/entries?limit=200${query}`, { token: fiscal })).items;

await g.at(g.HIRED_ON);
for (const county of [SHUANGPAI, DAO]) await g.allot(county, 10_000_000, { body: { line_code: POLICY, county_code: county.code,
  amount_cents: 10_000_000, document_no: '永财社〔2025〕1号', why: '年初下达' } });
await g.at(g.NOW);

test('no role of the service moves a balance without its entry', async () => {
  const w = await g.confirmed(SHUANGPAI, 2);
  const [c, d] = w.list.map((x) => x.id);
  const scope = `||${randomUUID()}|,431123,|subsidies.claim.approve`;
  for (const role of ['subsidies_app', 'subsidies_system']) {
    for (const text of [
      `UPDATE subsidies.allotment SET appropriated_cents = appropriated_cents + 1`,
      `UPDATE subsidies.allotment SET reserved_cents = 0`,
      `INSERT INTO subsidies.allotment (line_code, county_code, year, appropriated_cents) VALUES ('KGBZ', '431123', 2031, 5)`,
      `DELETE FROM subsidies.allotment`,
      `UPDATE subsidies.budget_line SET allotted_cents = 0`, `UPDATE subsidies.budget_line SET appropriated_cents = NULL`,
      `INSERT INTO subsidies.budget_line_policy (line_code, policy_code) VALUES ('FXCY', 'KGBZ')`,
      `UPDATE subsidies.fund_source SET pays = '{*}'`,
      `INSERT INTO subsidies.ledger_entry (allotment_id, county_code, debit, credit, amount_cents, reason)
       SELECT id, county_code, 'treasury', 'available', 1, 'allot' FROM subsidies.allotment LIMIT 1`,
      `UPDATE subsidies.ledger_entry SET amount_cents = 1`, `DELETE FROM subsidies.ledger_entry`,
      `TRUNCATE subsidies.ledger_entry`,
      `ALTER TABLE subsidies.ledger_entry DISABLE TRIGGER ALL`,
    ]) assert.match(says(role, scope, text), /permission denied|must be owner/, `${role}: ${text}`);
    // What a claim's row says about money is an entry, or is refused.
    for (const [text, constraint] of [
      [`UPDATE subsidies.claim SET amount_cents = amount_cents + 1 WHERE id = '${c}'`, 'claim_held_check'],
      [`UPDATE subsidies.claim SET allotment_id = NULL, line_code = NULL WHERE id = '${c}'`, 'claim_held_check'],
      [`UPDATE subsidies.claim SET state = 'approved', funds = 'committed' WHERE id = '${c}'`, 'claim_hands_check'],
      [`UPDATE subsidies.claim SET state = 'paid', funds = 'paid' WHERE id = '${c}'`, 'claim_hands_check'],
      [`UPDATE subsidies.claim SET funds = 'paid' WHERE id = '${c}'`, 'claim_funds_check'],
      [`UPDATE subsidies.claim SET recovered_cents = 1 WHERE id = '${c}'`, 'claim_recovered_check'],
      [`SELECT subsidies.ledger_refund('${c}', 1, 'x')`, 'subsidies.refund'],
      [`SELECT subsidies.ledger_allot('KGBZ', '431123', 2025, -9000000000, NULL, NULL)`, 'allotment_'],
    ]) assert.match(says(role, scope, text), new RegExp(constraint), `${role}: ${text}`);
  }
  // A claim freed by hand frees its money with it.
  const before = await book(SHUANGPAI);
  assert.equal(says('subsidies_system', scope, `UPDATE subsidies.claim SET state = 'notified', funds = 'available' WHERE id = '${d}'`), '');
  const after = await book(SHUANGPAI);
  assert.deepEqual([before.reserved_cents - after.reserved_cents, after.balanced], [EACH, true]);
  const [last] = (await entries(after, `&claim_id=${d}`)).slice(-1);
  assert.deepEqual([last.debit, last.credit, last.amount_cents, last.reason], ['reserved', 'available', EACH, 'release']);
  // Money of another county, or of a line that may not pay, is out of reach.
  const other = sql(`SELECT id FROM subsidies.allotment WHERE line_code = 'KGBZ' AND county_code = '431124'`)[0][0];
  assert.match(says('subsidies_system', scope, `UPDATE subsidies.claim SET allotment_id = '${other}' WHERE id = '${d}'`),
    /claim_allotment_fkey/);
  assert.match(says('subsidies_system', scope, `UPDATE subsidies.claim SET line_code = 'FXCY', allotment_id = NULL WHERE id = '${d}'`),
    /claim_fund_source_check|claim_policy_line_fkey/);
  assert.equal(ledgerError(), 0);
});

test('a statement opens, moves and closes; every figure leads to entries and claims', async () => {
  const w = await paid(DAO, 2);
  const b = await book(DAO);
  const st = await call('GET', `/v1/subsidies/budgets/${b.id}/statement?from_on=2025-10-01&to_on=2025-10-31`, { token: fiscal });
  assert.deepEqual([st.opening.appropriated_cents, st.opening.available_cents, st.opening.paid_cents], [10_000_000, 10_000_000, 0]);
  const moved = (reason) => st.moved.filter((m) => m.reason === reason).reduce((n, m) => n + m.amount_cents, 0);
  assert.deepEqual(['reserve', 'commit', 'pay'].map(moved), [2 * EACH, 2 * EACH, 2 * EACH]);
  assert.deepEqual([st.closing.paid_cents, st.closing.available_cents], [2 * EACH, 10_000_000 - 2 * EACH]);
  for (const k of ['appropriated', 'reserved', 'committed', 'paid']) assert.equal(st.closing[`${k}_cents`], b[`${k}_cents`]);
  const paidNow = await entries(b, '&reason=pay');
  assert.deepEqual(paidNow.map((e) => e.claim_id).sort(), w.list.map((c) => c.id).sort());
  const all = await walk(`/v1/subsidies/budgets/${b.id}/entries`, fiscal, 3, '/v1/subsidies/budgets');
  assert.deepEqual([all.length, all[0].document_no, all[0].note], [7, '永财社〔2025〕1号', '年初下达']);
  const csv = await request('GET', `/v1/subsidies/budgets/${b.id}/entries.csv`, { token: fiscal });
  assert.match(csv.headers['content-type'], /^text\/csv/);
  assert.deepEqual(csv.text.trim().split('\n').map((l) => l.split(',').length), Array(8).fill(11));
  for (const path of ['statement', 'entries.csv']) {
    await refused('GET', `/v1/subsidies/budgets/${b.id}/${path}`, { token: officer('fiscal@431123') }, 404, 'request.not_found');
    await refused('GET', `/v1/subsidies/budgets/${b.id}/${path}`, { token: hand('clerk', DAO).token }, 403, 'auth.forbidden');
  }
  assert.deepEqual((await call('GET', `/v1/subsidies/budgets/${b.id}/entries`, { token: officer('fiscal@431123') })).items, []);
  await refused('GET', `/v1/subsidies/budgets/${b.id}/entries?reason=theft`, { token: fiscal }, 422, 'request.invalid', 'reason field.choice');
});

test('money that came back is available again, and a mistaken refund is reversed by two', async () => {
  const [c] = sql(`SELECT id FROM subsidies.claim WHERE county_code = '431124' AND policy_code = '${POLICY}' AND state = 'paid' ORDER BY id`)[0];
  const before = await book(DAO);
  const refund = (cents) => says('subsidies_app', `||${randomUUID()}|,431124,|subsidies.recovery.pay`,
    `SELECT subsidies.ledger_refund('${c}', ${cents}, '追回多付部分')`);
  for (const cents of [0, -5, EACH + 1]) assert.match(refund(cents), /subsidies.refund/);
  assert.equal(refund(60000), '');
  assert.match(refund(EACH - 59999), /subsidies.refund/);
  const after = await book(DAO);
  assert.deepEqual([before.paid_cents - after.paid_cents, after.available_cents - before.available_cents, after.returned_cents,
    after.balanced], [60000, 60000, 60000, true]);
  assert.equal(ledgerError(), 0);
  const [e] = await entries(after, '&reason=refund');
  assert.deepEqual([e.debit, e.credit, e.note, e.claim_id], ['paid', 'available', '追回多付部分', c]);

  const [payment] = await entries(after, '&reason=pay');
  isProblem(await post(`ledger-entries/${payment.id}/corrections`, fiscal, { reason: '登记有误' }), 409, 'subsidies.entry_of_claim');
  isProblem(await post(`ledger-entries/${NOBODY}/corrections`, fiscal, { reason: '登记有误' }), 404, 'request.not_found');
  isProblem(await post(`ledger-entries/${e.id}/corrections`, fiscal, {}), 422, 'request.invalid', '/reason field.missing');
  isProblem(await post(`ledger-entries/${e.id}/corrections`, hand('finance', DAO).token, { reason: '登记有误' }), 403, 'auth.forbidden');
  isProblem(await post(`ledger-entries/${e.id}/corrections`, officer('fiscal@431123'), { reason: '登记有误' }), 404, 'request.not_found');
  const asked = (await post(`ledger-entries/${e.id}/corrections`, fiscal, { reason: '登记有误' })).json;
  isProblem(await post(`ledger-entries/${e.id}/corrections`, second, { reason: '再来' }), 409, 'state.exists');
  const decide = (token, decision = 'agree') => post(`ledger-corrections/${asked.id}/decide`, token, { decision });
  isProblem(await decide(fiscal), 409, 'subsidies.second_person');
  isProblem(await decide(second, 'maybe'), 422, 'request.invalid', '/decision field.choice');
  assert.equal((await decide(second)).json.state, 'done');
  isProblem(await decide(second), 404, 'request.not_found');
  const end = await book(DAO);
  assert.deepEqual([end.paid_cents, end.returned_cents, end.balanced], [before.paid_cents, 0, true]);
  const [r] = await entries(end, '&reason=refund_reversal');
  assert.deepEqual([r.corrects, r.debit, r.credit, r.amount_cents], [e.id, 'available', 'paid', 60000]);
  assert.equal(ledgerError(), 0);
  const list = await call('GET', '/v1/subsidies/ledger-corrections?state=done', { token: fiscal });
  assert.ok(list.items.some((x) => x.id === asked.id && x.amount_cents === 60000));
});

test('counties exchange money of a line in two entries; the pair is reversed together', async () => {
  const good = { line_code: POLICY, from_county: SHUANGPAI.code, to_county: DAO.code, amount_cents: 1000,
    document_no: '永财社〔2025〕9号', why: '执行进度不一' };
  const [a, b] = [await book(SHUANGPAI), await book(DAO)];
  isProblem(await post('budget-transfers', officer('fiscal@431123'), good), 403, 'auth.area');
  isProblem(await post('budget-transfers', fiscal, { ...good, to_county: SHUANGPAI.code }), 422, 'request.invalid', '/to_county field.duplicate');
  isProblem(await post('budget-transfers', fiscal, { ...good, line_code: 'NONE' }), 404, 'request.not_found');
  isProblem(await post('budget-transfers', fiscal, { ...good, document_no: undefined }), 422, 'request.invalid', '/document_no field.missing');
  isProblem(await post('budget-transfers', fiscal, { ...good, amount_cents: a.available_cents + 1 }), 409, 'subsidies.budget');
  const t = (await post('budget-transfers', fiscal, good)).json;
  const pair = [(await entries(a, '&reason=transfer'))[0], (await entries(b, '&reason=transfer'))[0]];
  assert.deepEqual(pair.map((e) => [e.transfer_id, e.debit, e.credit]), [[t.id, 'available', 'treasury'], [t.id, 'treasury', 'available']]);
  assert.equal((await book(DAO)).appropriated_cents, b.appropriated_cents + 1000);
  const asked = (await post(`ledger-entries/${pair[1].id}/corrections`, second, { reason: '文号有误' })).json;
  assert.equal((await post(`ledger-corrections/${asked.id}/decide`, fiscal, { decision: 'agree' })).json.state, 'done');
  assert.deepEqual([(await book(SHUANGPAI)).appropriated_cents, (await book(DAO)).appropriated_cents],
    [a.appropriated_cents, b.appropriated_cents]);
  assert.equal(ledgerError(), 0);
  // Twenty of them at once, both ways, and nobody waits for nobody forever.
  const many = await Promise.all(Array.from({ length: 20 }, (_, i) => post('budget-transfers', fiscal,
    i % 2 ? good : { ...good, from_county: good.to_county, to_county: good.from_county })));
  assert.deepEqual([...new Set(many.map((r) => r.status))], [201]);
  assert.equal(ledgerError(), 0);
});

test('a line has its sum by documents; a county may put its own money beside the city’s', async () => {
  const code = `D${Date.now() % 1e9}`;
  const line = { code, fund_source: 'county_budget', title: '双牌县自有就业资金', legal_basis: '双财预〔2025〕3号', county_code: SHUANGPAI.code };
  isProblem(await post('budget-lines', officer('fiscal@431124'), line), 403, 'auth.area');
  isProblem(await post('budget-lines', fiscal, { ...line, code: 'small' }), 422, 'request.invalid', '/code field.format');
  isProblem(await post('budget-lines', fiscal, { ...line, fund_source: 'none' }), 422, 'request.invalid', '/fund_source field.choice');
  const own = officer('fiscal@431123');
  assert.equal((await post('budget-lines', own, line)).json.treasury, SHUANGPAI.code);
  isProblem(await post('budget-lines', own, line), 409, 'state.exists');
  const sum = { amount_cents: 500000, document_no: '双财预〔2025〕3号', dated_on: '2025-01-10', why: '年初预算' };
  isProblem(await post(`budget-lines/${code}/appropriations`, officer('fiscal@431124'), sum), 403, 'auth.area');
  isProblem(await post(`budget-lines/${code}/appropriations`, own, { ...sum, dated_on: '2031-01-01' }), 422, 'request.invalid', '/dated_on field.date_future');
  isProblem(await post(`budget-lines/NONE/appropriations`, own, sum), 404, 'request.not_found');
  assert.equal((await post(`budget-lines/${code}/appropriations`, own, sum)).status, 201);
  const allot = (county, cents, token = own) => post('allotments', token, { line_code: code, county_code: county, amount_cents: cents });
  isProblem(await allot(DAO.code, 100), 403, 'auth.area');
  isProblem(await allot(SHUANGPAI.code, 500001), 409, 'subsidies.budget');
  assert.equal((await allot(SHUANGPAI.code, 400000)).status, 201);
  isProblem(await post(`budget-lines/${code}/appropriations`, own, { ...sum, amount_cents: 399999 }), 409, 'subsidies.budget');
  assert.equal((await post(`budget-lines/${code}/appropriations`, own, { ...sum, amount_cents: 450000, document_no: '双财预〔2025〕8号' })).json.was_cents, 500000);
  assert.deepEqual((await call('GET', `/v1/subsidies/budget-lines/${code}/appropriations`, { token: fiscal })).items.map((x) => x.amount_cents),
    [500000, 450000]);
  // Behind the city's line; a source that may not pay is refused.
  isProblem(await post('budget-lines/FXCY/policies', fiscal, { policy_code: POLICY }), 409, 'subsidies.fund_source');
  isProblem(await post(`budget-lines/${code}/policies`, own, { policy_code: 'NONE' }), 404, 'request.not_found');
  assert.equal((await post(`budget-lines/${code}/policies`, own, { policy_code: POLICY, ord: 2 })).status, 201);
  const w = await g.candidates(SHUANGPAI, 2);
  const city = await book(SHUANGPAI);
  assert.equal((await g.confirm(w.firm)).confirmed, 2);
  assert.equal(sql(`SELECT count(*) FROM subsidies.claim WHERE org_id = '${w.firm.org_id}' AND line_code = '${POLICY}'`)[0][0], '2');
  const take = city.available_cents - 2 * EACH;
  await post('allotments', fiscal, { line_code: POLICY, county_code: SHUANGPAI.code, amount_cents: take, direction: 'take_back' });
  const v = await g.candidates(SHUANGPAI, 2);	// the city's share is empty now
  assert.equal((await g.confirm(v.firm)).confirmed, 2);
  assert.equal(sql(`SELECT count(*) FROM subsidies.claim WHERE org_id = '${v.firm.org_id}' AND line_code = '${code}'`)[0][0], '2');
  await g.allot(SHUANGPAI, take);
  assert.equal(ledgerError(), 0);
});

test('what nobody reviews in time is freed, with a word before and after; its benefit stays taken', async () => {
  const set = (name, value, over = {}) => post('money-rules', fiscal, { name, value, county_code: DAO.code, basis: '永财办〔2025〕2号', ...over });
  const before = await g.confirmed(DAO, 1);	// no days are set: this never lapses
  isProblem(await set('reserve_working_days', 0), 422, 'request.invalid', '/value field.too_small');
  isProblem(await set('reserve_forever', 5), 422, 'request.invalid', '/name field.choice');
  isProblem(await set('reserve_working_days', 5, { from_on: '2025-10-01' }), 422, 'request.invalid', '/from_on field.date_past');
  isProblem(await post('money-rules', officer('fiscal@431123'), { name: 'reserve_working_days', value: 5, county_code: DAO.code,
    basis: '县里自定' }), 403, 'auth.area');
  assert.equal((await set('reserve_working_days', 5)).status, 201);
  assert.equal((await set('reserve_warning_working_days', 1)).status, 201);
  isProblem(await set('reserve_working_days', 6), 409, 'state.exists');
  assert.equal((await call('GET', `/v1/subsidies/money-rules?county_code=${DAO.code}`, { token: fiscal })).items.length, 2);
  const w = await g.confirmed(DAO, 2), [late, done] = w.list;
  const until = (c) => sql(`SELECT reserved_until FROM subsidies.claim WHERE id = '${c.id}'`)[0]?.[0];
  assert.deepEqual([until(before.list[0]), until(late)], [undefined, '2025-10-27']);
  const list = (query, token = hand('first_review', DAO).token) => call('GET', `/v1/subsidies/reviews?step=first_review&${query}`, { token });
  assert.deepEqual((await list(`lapsing_on=2025-10-27&county_code=${DAO.code}`)).items.map((c) => [c.id, c.reserved_until, c.level]).sort(),
    w.list.map((c) => [c.id, '2025-10-27', 'county']).sort());
  for (const [role, step] of [['first_review', 'first-review'], ['recheck', 'recheck'], ['approve', 'approve']])
    assert.equal((await review(hand(role, DAO), step, [done])).status, 200);
  const told = (kind, c) => sql(`SELECT count(*) FROM subsidies.message WHERE kind = '${kind}' AND subject_id = '${c.id}'`)[0][0];
  const was = await book(DAO);
  await g.at('2025-10-24');	// Friday; one working day before is enough
  await eventually(() => told('claim.reserve_lapsing', late) === '1', 'the warning');
  await g.at('2025-10-28');
  await eventually(() => told('claim.reserve_lapsed', late) === '1', 'the money is freed');
  assert.deepEqual([told('claim.reserve_lapsing', done), told('claim.reserve_lapsing', late)], ['0', '1']);
  const c = await g.claimOf(w.firm, late.id);
  assert.deepEqual([c.state, c.steps.at(-1).step, c.steps.at(-1).actor], ['notified', 'reserve_lapsed', null]);
  assert.equal((await g.claimOf(w.firm, done.id)).state, 'approved');
  assert.equal((await g.claimOf(before.firm, before.list[0].id)).state, 'confirmed');
  assert.equal(sql(`SELECT live FROM subsidies.hold WHERE claim_id = '${late.id}'`)[0][0], 't');
  const now = await book(DAO);
  assert.deepEqual([was.reserved_cents - now.reserved_cents, now.balanced], [EACH, true]);
  assert.equal((await g.confirm(w.firm)).confirmed, 1);	// may be asked for anew
  assert.equal(until(late), '2025-11-04');
  assert.equal(ledgerError(), 0);
  await g.at(g.NOW);
});

test('the year ends when nothing is held any more, and what is left goes back', async () => {
  const close = (over = {}, token = fiscal) => post('budget-closings', token, { line_code: POLICY, county_code: DAO.code, year: 2025, ...over });
  isProblem(await close({}, officer('fiscal@431124')), 403, 'auth.area');
  isProblem(await close({ year: 2031 }), 404, 'request.not_found');
  isProblem(await close(), 409, 'subsidies.year_open');
  // Whatever is still held is freed by its reviewers, or paid.
  for (const [state, role, step] of [['confirmed', 'first_review', 'first-review'], ['approved', 'approve', null]]) {
    const open = sql(`SELECT id FROM subsidies.claim WHERE county_code = '${DAO.code}' AND policy_code = '${POLICY}' AND state = '${state}'`).map(([id]) => id);
    if (step) assert.equal((await review(hand(role, DAO), step, open, { decision: 'reject', note: '年终清理' })).status, 200);
    else {
      await call('POST', '/v1/subsidies/notices', { token: hand(role, DAO).token, body: { claim_ids: open } });
      await g.at('2025-10-29');
      await pay(DAO);
      await g.at(g.NOW);
    }
  }
  const b = await book(DAO), line = async () => (await walk('/v1/subsidies/budget-lines', fiscal, 50)).find((l) => l.code === POLICY);
  const had = await line();
  assert.equal((await close()).json.closed, 1);
  const end = await book(DAO);
  assert.deepEqual([end.available_cents, end.appropriated_cents, end.closed_on, end.balanced], [0, b.paid_cents, g.NOW, true]);
  assert.equal(had.allotted_cents - (await line()).allotted_cents, b.available_cents);
  isProblem(await close(), 404, 'request.not_found');
  isProblem(await post('allotments', fiscal, { line_code: POLICY, county_code: DAO.code, amount_cents: 5 }), 409, 'subsidies.year_closed');
  const w = await g.candidates(DAO, 1);
  await refused('POST', '/v1/subsidies/claims/confirm', { token: w.firm.token, body: g.account(w.firm) }, 409, 'subsidies.budget');
  // What comes back afterwards goes to the treasury.
  const [c] = sql(`SELECT id FROM subsidies.claim WHERE county_code = '${DAO.code}' AND state = 'paid' LIMIT 1`)[0];
  assert.equal(says('subsidies_system', '||||', `SELECT subsidies.ledger_refund('${c}', 100, '追回')`), '');
  const after = await book(DAO);
  assert.deepEqual([after.appropriated_cents, after.available_cents, after.balanced], [end.appropriated_cents - 100, 0, true]);
  assert.equal(ledgerError(), 0);
});

test('books and rules are for those whose work they are', async () => {
  const clerk = hand('clerk', DAO).token, w = await g.candidates(SHUANGPAI, 1);
  for (const [path, token] of [['review-counts', fiscal], ['ledger-corrections', clerk], ['money-rules', w.firm.token],
    [`budget-lines/${POLICY}/appropriations`, w.firm.token], [`budgets/${NOBODY}/entries`, clerk]])
    await refused('GET', `/v1/subsidies/${path}`, { token }, 403, 'auth.forbidden');
});
