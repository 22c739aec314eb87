// monitoring, funds: the books to the cent beside their plan, the entries behind
// a sum, how long money takes, what a placement costs, what is late.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { dayPlus, eachMistake, NOBODY, refused, sql, walk } from './help.mjs';
import { setNumber } from './setting_help.mjs';
import { mint, paid } from './money_help.mjs';

const HERE = { code: '431122', town: '431122100', name: '东安县' };
const M = '/v1/monitoring';
const at = (path) => `${M}/${path}`;
const officer = (role, county = HERE.code) => mint({ roles: [`${role}@${county}`] });
const city = (role) => officer(role, '431100');
const get = (path, token) => call('GET', at(path), { token });

await g.at(g.HIRED_ON);
await g.allot(HERE, 1_000_000);
await g.at(g.NOW);
const w = await paid(HERE, 2);
const period = 'from_on=2025-01-01&to_on=2025-12-31';

// The same by plain SQL over the entries of the ledger.
const ledger = () => sql(`SELECT a.line_code, a.county_code,
    sum(e.amount_cents * ((e.debit = 'treasury')::int - (e.credit = 'treasury')::int)),
    sum(e.amount_cents * ((e.credit = 'reserved')::int - (e.debit = 'reserved')::int)),
    sum(e.amount_cents * ((e.credit = 'committed')::int - (e.debit = 'committed')::int)),
    sum(e.amount_cents * ((e.credit = 'paid')::int - (e.debit = 'paid')::int)),
    coalesce(sum(e.amount_cents * ((e.debit = 'paid')::int - (e.credit = 'paid')::int))
        FILTER (WHERE e.reason IN ('refund', 'refund_reversal')), 0)
  FROM subsidies.ledger_entry e JOIN subsidies.allotment a ON a.id = e.allotment_id GROUP BY 1, 2 ORDER BY 1, 2`)
  .map(([line, county, ...cents]) => [line, county, ...cents.map(Number)]);
const columns = (i) => [i.line_code, i.county_code, i.appropriated_cents, i.reserved_cents, i.committed_cents, i.paid_cents,
  i.returned_cents];

test('every figure is the ledger’s, to the cent, per line and county', async () => {
  await call('POST', `/v1/subsidies/allotments`, { token: city('fiscal'), body: { line_code: g.POLICY, county_code: HERE.code,
    amount_cents: 12_345, direction: 'take' }, refused: true });
  let last;
  await eventually(async () => {
    last = await get('funds?from_on=2020-01-01&to_on=2030-12-31', city('stats'));
    return last.agrees && JSON.stringify(last.items.map(columns)) === JSON.stringify(ledger());
  }, 'the figures are those of the books').catch(() => {});
  assert.deepEqual(last.items.map(columns), ledger());
  assert.equal(last.agrees, true);
  assert.equal(last.paid_cents, last.items.reduce((n, i) => n + i.paid_cents, 0));
  for (const i of last.items)
    assert.deepEqual(columns({ line_code: i.line_code, county_code: i.county_code, ...i.ledger }), columns(i));
  const [mine, ...none] = (await get(`funds?${period}`, officer('finance'))).items;
  assert.deepEqual([none, mine.county_code, mine.line_code], [[], HERE.code, g.POLICY]);
  assert.deepEqual([mine.spent_cents, mine.planned_cents, mine.spent_milli], [2 * g.EACH, null, null], 'no plan, no ratio');
  const before = (await get('funds?from_on=2025-01-01&to_on=2025-10-20', officer('finance'))).items[0];
  assert.deepEqual([before.paid_cents, before.spent_cents], [0, 0], 'as it stood on a day');
});

test('a sum opens to its entries, down to the claims, but not for statisticians', async () => {
  const list = await walk(at(`funds/entries?kind=paid&${period}`), officer('audit'), 1);
  assert.deepEqual(list.map((r) => [r.amount_cents, r.claim_id]).sort(), w.list.map((c) => [g.EACH, c.id]).sort());
  assert.ok(list.every((r) => sql(`SELECT 1 FROM subsidies.ledger_entry WHERE id = '${r.id}' AND credit = 'paid'`).length));
  assert.deepEqual((await get(`funds/entries?kind=paid&${period}&county_code=431103`, officer('audit'))).items, []);
  await refused('GET', at('funds/entries?kind=paid'), { token: city('stats') }, 403, 'auth.forbidden');
  await refused('GET', at('funds/entries?kind=stolen'), { token: officer('audit') }, 422, 'request.invalid', 'kind field.choice');
  await refused('GET', at('funds/entries'), { token: officer('audit') }, 422, 'request.invalid', 'kind field.missing');
  await refused('GET', at('funds?from_on=2025-02-01&to_on=2025-01-01'), { token: officer('audit') }, 422, 'request.invalid',
    'to_on field.date_order');
  await refused('GET', at('funds'), { token: officer('clerk') }, 403, 'auth.forbidden');
});

test('a month’s plan is the fiscal officer’s, of the own county; the newest counts', async () => {
  const plan = { line_code: g.POLICY, county_code: HERE.code, month: '2025-10-01', planned_cents: 500_000, document_no: '东财〔2025〕8号' };
  const set = (token, over = {}) => call('POST', at('funds/plans'), { token, body: { ...plan, ...over }, refused: true });
  assert.equal((await set(officer('fiscal'), { planned_cents: 900_000 })).status, 201);
  assert.equal((await set(officer('fiscal'))).json.planned_cents, 500_000);
  assert.equal((await set(officer('fiscal'), { month: '2025-09-01', planned_cents: 100_000 })).status, 201);
  await refused('POST', at('funds/plans'), { token: officer('fiscal', '431103'), body: plan }, 403, 'auth.area');
  await refused('POST', at('funds/plans'), { token: officer('finance'), body: plan }, 403, 'auth.forbidden');
  await eachMistake('POST', at('funds/plans'), officer('fiscal'), plan, [[{ planned_cents: -1 }, '/planned_cents field.too_small'],
    [{ county_code: '999999' }, '/county_code field.area_code'], [{ month: '2025-13-01' }, '/month field.format'],
    [{ document_no: undefined }, '/document_no field.missing']]);
  await refused('POST', at('funds/plans'), { token: officer('fiscal'), body: { ...plan, line_code: 'NOSUCH' } }, 422, 'monitoring.line_unknown');
  await refused('POST', at('funds/plans'), { token: officer('fiscal'), body: { ...plan, month: '2025-10-02' } }, 422, 'monitoring.plan_month');
  assert.equal((await walk(at(`funds/plans?line_code=${g.POLICY}`), officer('fiscal'), 2)).length, 3, 'what was planned before stays');
  const months = (await get(`funds/months?${period}`, city('stats'))).items.filter((m) => m.county_code === HERE.code);
  assert.deepEqual(months.map((m) => [m.month, m.spent_cents, m.planned_cents, m.spent_milli]),
    [['2025-09-01', 0, 100_000, 0], ['2025-10-01', 2 * g.EACH, 500_000, 600]]);
  const [mine] = (await get('funds?from_on=2025-10-01&to_on=2025-10-31', officer('fiscal'))).items;
  assert.deepEqual([mine.planned_cents, mine.spent_cents, mine.spent_milli], [500_000, 2 * g.EACH, 600]);
  await refused('GET', at('funds/months?to_on=x'), { token: officer('fiscal') }, 422, 'request.invalid', 'to_on field.format');
  await refused('GET', at('funds/plans'), { token: w.firm.token }, 403, 'auth.forbidden');
});

test('what is late: spending behind its plan, milestones past their day', async () => {
  const id = randomUUID();
  sql(`INSERT INTO entrepreneurship.outbox (type, key, area_code, payload) VALUES ('entrepreneurship.milestone.moved.v1', '${id}', '${HERE.code}',
    '{"milestone_id":"${id}","project_id":"${NOBODY}","no":1,"state":"missed","due_on":"2025-10-10","county_code":"${HERE.code}"}')`);
  const late = async () => (await get('funds/late', officer('finance'))).items;
  await eventually(async () => (await late()).length === 2, 'both are late');
  const [m, s] = await late();
  assert.deepEqual([m.kind, m.id, m.days_late], ['milestone', id, 10]);
  assert.deepEqual([s.kind, s.line_code, s.planned_cents, s.spent_cents, s.due_on], ['spending', g.POLICY, 100_000, 0, '2025-09-30']);
  sql(`INSERT INTO entrepreneurship.outbox (type, key, area_code, payload) VALUES ('entrepreneurship.milestone.moved.v1', '${id}', '${HERE.code}',
    '{"milestone_id":"${id}","project_id":"${NOBODY}","no":1,"state":"accepted","due_on":"2025-10-10","county_code":"${HERE.code}"}')`);
  await eventually(async () => (await late()).length === 1, 'what was reached is not late');
  await refused('GET', at('funds/late'), { token: city('stats') }, 403, 'auth.forbidden');
});

test('how long money takes, and what a placement costs; few are hidden from statisticians', async () => {
  const [mine] = (await get(`funds/payment-times?by=policy&${period}`, officer('finance'))).items;
  assert.deepEqual([mine.key, mine.n, mine.days_p50, mine.days_p90, mine.longest_days, mine.promised_working_days, mine.hidden],
    [g.POLICY, 2, 9, 9, 9, null, false]);
  assert.deepEqual([mine.working_days_p50, mine.confirmed_working_days_p90], [7, 7]);
  const hidden = (await get(`funds/payment-times?by=policy_county&${period}`, city('stats'))).items.find((i) => i.key.endsWith(HERE.code));
  assert.deepEqual([hidden.hidden, hidden.n, hidden.days_p50], [true, null, null]);
  const cost = async (by, token) => (await get(`funds/unit-costs?by=${by}&${period}`, token)).items.find((i) => i.key.endsWith(HERE.code));
  const known = await cost('county', officer('audit'));
  assert.deepEqual([known.payments, known.placements, known.paid_cents, known.unit_cost_cents], [2, 2, 2 * g.EACH, g.EACH]);
  assert.deepEqual([(await cost('county', city('stats'))).unit_cost_cents], [null]);
  for (const path of ['payment-times', 'unit-costs'])
    await refused('GET', at(`funds/${path}?by=town`), { token: officer('audit') }, 422, 'request.invalid', 'by field.choice');
});

test('nothing is overdue until something is promised', async () => {
  await refused('GET', at('funds/overdue-claims'), { token: officer('finance') }, 409, 'monitoring.setting_unset');
  const more = await g.confirmed(HERE, 1);
  await setNumber(mint, 'claim_payment_days', 5);
  try {
    const overdue = async () => (await get('funds/overdue-claims', officer('finance'))).items.filter((c) => c.id === more.list[0].id);
    assert.deepEqual(await overdue(), []);
    await g.at('2025-10-28');
    const [c] = await eventually(async () => { const o = await overdue(); return o.length && o; }, 'it is overdue');
    assert.deepEqual([c.since, c.due_on, c.waited_working_days, c.state], ['2025-10-20', '2025-10-27', 6, 'confirmed']);
    await refused('GET', at('funds/overdue-claims'), { token: city('stats') }, 403, 'auth.forbidden');
  } finally {
    await g.at(g.NOW);
    await setNumber(mint, 'claim_payment_days', null);
  }
  await refused('GET', at('funds/overdue-claims'), { token: officer('finance') }, 409, 'monitoring.setting_unset');
});
