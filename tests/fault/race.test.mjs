// Many hands at once: of racing reviews one counts, a batch is built once, and
// no race spends what is not there.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import '../lib/contract.mjs';
import * as s from '../e2e/steps.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person, random } from '../lib/city.mjs';
import * as park from '../api/carrier_help.mjs';
import { minter, Session, sql } from '../api/help.mjs';
import { ledgerError } from '../api/money_help.mjs';
import { COUNTY, account, allotment, changeAllotment, confirmAll, makeClaims } from './claims.mjs';
import { openDesks } from './job.mjs';
import { whole } from './strike.mjs';
import { isSound } from './truth.mjs';

const PRICE = 150000, CENTS = ['appropriated_cents', 'reserved_cents', 'committed_cents', 'paid_cents'];
let desks, lst;

before(async () => {
  await whole();
  desks = await openDesks();
  lst = (role) => desks[`${COUNTY.desk}.${role}`];
});
after(() => isSound());

const post = (path, desk, body, options = {}) =>
  call('POST', path, { token: desk.token, body, key: randomUUID(), refused: true, ...options });
const decide = (step, desk, claims, decision = 'pass') => post(`/v1/subsidies/claims/${step}`, desk,
  { claim_ids: claims.map((c) => c.id), decision, ...(decision === 'pass' ? {} : { note: '材料不全' }) });
const statuses = (replies) => replies.map((r) => r.status).sort();
const won = (replies) => replies.filter((r) => r.status < 300);
const list = (claims) => claims.map((c) => `'${c.id}'`).join();
const steps = (claims, step) => sql(`SELECT count(*), count(DISTINCT claim_id) FROM subsidies.claim_step
  WHERE claim_id IN (${list(claims)}) AND step = '${step}'`)[0].map(Number);
const states = (claims) => Object.fromEntries(sql(`SELECT state, count(*) FROM subsidies.claim
  WHERE id IN (${list(claims)}) GROUP BY 1`).map(([k, n]) => [k, Number(n)]));
const entries = (claims, credit) => Number(sql(`SELECT coalesce(sum(amount_cents), 0) FROM subsidies.ledger_entry
  WHERE claim_id IN (${list(claims)}) AND credit = '${credit}'`)[0][0]);

function onlyOneOf(replies, code = 'state.wrong') {
  assert.equal(won(replies).length, 1, JSON.stringify(statuses(replies)));
  for (const r of replies.filter((x) => x.status >= 300)) {
    assert.equal(r.status, 409, r.text);
    assert.equal(r.json.code, code);
  }
}

test('a racing approval, by one and by two, happens once; so do batch and bank reply', async () => {
  const { firm, claims } = await makeClaims(desks, 12);
  await confirmAll(firm);
  onlyOneOf(await Promise.all(Array.from({ length: 16 }, () => decide('first-review', lst('first'), claims))));
  onlyOneOf(await Promise.all(Array.from({ length: 16 }, () => decide('recheck', lst('recheck'), claims))));

  // One officer sixteen times for the first six; two officers eight times each for the others.
  const [one, two] = [claims.slice(0, 6), claims.slice(6)];
  onlyOneOf(await Promise.all(Array.from({ length: 16 }, () => decide('approve', lst('approve'), one))));
  onlyOneOf(await Promise.all(Array.from({ length: 16 }, (_, i) =>
    decide('approve', i % 2 ? lst('approve') : desks['city.approve'], two))));
  for (const step of ['first_review', 'recheck', 'approve']) assert.deepEqual(steps(claims, step), [12, 12], step);
  assert.equal(entries(claims, 'committed'), 12 * PRICE);
  assert.deepEqual(states(claims), { approved: 12 });

  const notice = { policy_code: s.POLICY, claim_ids: claims.map((c) => c.id) };
  onlyOneOf(await Promise.all(Array.from({ length: 8 }, () => post('/v1/subsidies/notices', lst('approve'), notice))));
  await s.moveClock(desks['city.system'], '2025-10-29T01:00:00Z');
  const wish = { policy_code: s.POLICY, county_code: COUNTY.code };
  const built = await Promise.all(Array.from({ length: 8 }, () => post('/v1/subsidies/payment-batches', lst('finance'), wish)));
  onlyOneOf(built);
  const batch = won(built)[0].json;
  const path = `/v1/subsidies/payment-batches/${batch.id}`;
  onlyOneOf(await Promise.all(Array.from({ length: 4 }, () =>
    post(`${path}/release`, desks['city.fiscal'], { release_no: `CZ${batch.batch_no}` }))));
  // Two signatures of eight, by two people: whoever comes twice is refused.
  const signs = await Promise.all(Array.from({ length: 8 }, (_, i) => post(`${path}/sign`, i % 2 ? lst('sign') : desks['city.finance'], {})));
  assert.equal(won(signs).length, 2, JSON.stringify(statuses(signs)));
  const file = await call('GET', `${path}/file`, { token: lst('finance').token });
  onlyOneOf(await Promise.all(Array.from({ length: 4 }, () => post(`${path}/send`, lst('finance'), {}))));
  // The bank's answer is a fact: saying it again is no offence.
  const said = await Promise.all(Array.from({ length: 8 }, () => call('POST', `${path}/reply`, { token: lst('finance').token,
    raw: s.bankReply(file, null, '2025-10-29T10:00:00+08:00'), headers: { 'content-type': 'text/csv' }, refused: true })));
  assert.deepEqual(statuses(said), Array(8).fill(200));
  assert.equal(said.filter((r) => !r.json.repeated).length, 1);
  assert.deepEqual(states(claims), { paid: 12 });
  assert.equal(entries(claims, 'paid'), 12 * PRICE);
});

test('passing and returning the same claims: one of them', async () => {
  const { firm, claims } = await makeClaims(desks, 8);
  await confirmAll(firm);
  assert.equal((await decide('first-review', lst('first'), claims)).status, 200);
  assert.equal((await decide('recheck', lst('recheck'), claims)).status, 200);
  // Overlapping pairs in every order, passed by one and returned by the other.
  const pairs = claims.flatMap((a, i) => claims.filter((_, j) => j !== i && random.int(2)).map((b) => [a, b]));
  const replies = await Promise.all(pairs.map((pair, i) =>
    decide('approve', i % 2 ? lst('approve') : desks['city.approve'], pair, i % 2 ? 'pass' : 'return')));
  for (const r of replies.filter((x) => x.status !== 200)) assert.equal(r.status, 409, r.text);
  const moved = won(replies).reduce((n, r) => n + r.json.moved, 0);
  const { approved = 0, notified = 0, rechecked = 0 } = states(claims);
  assert.equal(approved + notified, moved);
  assert.equal(approved + notified + rechecked, 8);
  assert.deepEqual(steps(claims, 'approve'), [moved, moved]);
  assert.equal(entries(claims, 'committed'), approved * PRICE);
});

test('sixty-four confirmations for the money of ten', async () => {
  const { firm, claims } = await makeClaims(desks, 64);
  const had = await allotment(desks);
  await changeAllotment(desks, had.available_cents - 10 * PRICE - 1000, 'take_back');
  const replies = await Promise.all(claims.map((c) =>
    post(`/v1/subsidies/claims/${c.id}/confirm`, firm, account(firm))));
  assert.deepEqual(statuses(replies), [...Array(10).fill(200), ...Array(54).fill(409)]);
  for (const r of replies.filter((x) => x.status === 409)) assert.equal(r.json.code, 'subsidies.budget');
  assert.deepEqual(states(claims), { confirmed: 10, notified: 54 });
  let now = await allotment(desks);
  assert.equal(now.available_cents, 1000);
  assert.equal(now.balanced, true);
  assert.equal(entries(claims, 'reserved'), 10 * PRICE);

  // Given, taken back and confirmed at once: every yes is covered, whatever the order.
  const open = claims.filter((_, i) => replies[i].status === 409);
  const again = await Promise.all([
    ...open.map((c) => post(`/v1/subsidies/claims/${c.id}/confirm`, firm, account(firm)).then((r) => [r, 0])),
    ...Array.from({ length: 16 }, (_, i) => {
      const cents = i % 2 ? 3 * PRICE : 5 * PRICE;
      return changeAllotment(desks, cents, i % 2 ? 'take_back' : 'give', { refused: true })
        .then((r) => [r, r.status < 300 ? (i % 2 ? -cents : cents) : 0]);
    })]);
  for (const [r] of again) assert.ok(r.status < 300 || r.json.code === 'subsidies.budget', r.text);
  const yes = again.slice(0, open.length).filter(([r]) => r.status === 200).length;
  const given = again.reduce((sum, [, cents]) => sum + cents, 0);
  now = await allotment(desks);
  assert.equal(now.balanced, true);
  assert.equal(now.available_cents, 1000 + given - yes * PRICE);
  assert.ok(now.available_cents >= 0);
  assert.deepEqual(states(claims), { confirmed: 10 + yes, ...(yes < 54 && { notified: 54 - yes }) });

  // All at once or nothing: the rest does not fit, none of it is confirmed.
  await changeAllotment(desks, now.available_cents - 1000, 'take_back');
  const bulk = await Promise.all(Array.from({ length: 8 }, () => post('/v1/subsidies/claims/confirm', firm, account(firm))));
  for (const r of bulk) assert.equal(r.json.code, 'subsidies.budget', r.text);
  const end = await allotment(desks);
  for (const k of CENTS) assert.equal(end[k], end.entries[k], k);
  assert.equal(end.available_cents, 1000);
  await changeAllotment(desks, 54 * PRICE, 'give');
});

test('sixty-four approvers on a line with next to nothing left, confirmations and the treasury among them', async () => {
  const { firm, claims } = await makeClaims(desks, 64);
  const had = await allotment(desks);
  await changeAllotment(desks, had.available_cents - 43 * PRICE, 'take_back');
  const [reviewed, open] = [claims.slice(0, 40), claims.slice(40)];
  const confirm = (c) => post(`/v1/subsidies/claims/${c.id}/confirm`, firm, account(firm));
  assert.deepEqual([...new Set(statuses(await Promise.all(reviewed.map(confirm))))], [200]);
  assert.equal((await decide('first-review', lst('first'), reviewed)).status, 200);
  assert.equal((await decide('recheck', lst('recheck'), reviewed)).status, 200);
  const mint = minter((await person()).token);
  const before = await allotment(desks);
  let worst = 0, racing = true;
  const watch = (async () => {
    while (racing) {
      worst = Math.max(worst, Number(sql(`SELECT max(reserved_cents + committed_cents + paid_cents - appropriated_cents) FROM subsidies.allotment`)[0][0]));
      await new Promise((done) => setTimeout(done, 5));
    }
  })();
  const approvers = Array.from({ length: 64 }, (_, i) => ({ token: mint({ roles: [`approve@${COUNTY.code}`] }), i }));
  const [said, confirmed, taken] = await Promise.all([
    Promise.all(approvers.map((a) => decide('approve', a, [reviewed[a.i % 40]]))),
    Promise.all(open.map(confirm)),
    Promise.all(Array.from({ length: 12 }, (_, i) => changeAllotment(desks, PRICE, i % 3 ? 'take_back' : 'give', { refused: true })))]);
  racing = false;
  await watch;
  assert.equal(won(said).length, 40, JSON.stringify(statuses(said)));
  for (const r of said.filter((x) => x.status >= 300)) assert.equal(r.json.code, 'state.wrong', r.text);
  for (const r of [...confirmed, ...taken].filter((x) => x.status >= 300)) assert.equal(r.json.code, 'subsidies.budget', r.text);
  const given = taken.reduce((n, r, i) => n + (r.status < 300 ? (i % 3 ? -PRICE : PRICE) : 0), 0);
  const now = await allotment(desks);
  assert.equal(now.committed_cents - before.committed_cents, 40 * PRICE);
  assert.equal(now.available_cents, before.available_cents + given - won(confirmed).length * PRICE);
  assert.ok(now.available_cents >= 0 && worst <= 0, `${worst} too much at some moment`);
  assert.deepEqual(states(claims), { approved: 40, ...(won(confirmed).length > 0 && { confirmed: won(confirmed).length }),
    notified: 24 - won(confirmed).length });
  assert.equal(ledgerError(), 0);
  await changeAllotment(desks, 64 * PRICE, 'give');
});

test('a claim is reviewed or lapses, never both; its money is freed once', async () => {
  const { firm, claims } = await makeClaims(desks, 24);
  await confirmAll(firm);
  sql(`UPDATE subsidies.claim SET reserved_until = '2025-10-22' WHERE id IN (${list(claims)})`);
  const before = await allotment(desks);
  const said = [];
  await Promise.all([s.moveClock(desks['city.system'], '2025-10-24T01:00:00Z'),
    ...claims.map(async (c) => { said.push(await decide('first-review', lst('first'), [c], 'reject')); })]);
  await s.eventually(() => states(claims).confirmed === undefined, 'each is rejected or has lapsed');
  const now = states(claims), { rejected = 0, notified = 0 } = now;
  assert.equal(rejected + notified, 24, JSON.stringify(now));
  assert.equal(won(said).length, rejected);
  assert.equal(entries(claims, 'available'), 24 * PRICE);
  assert.equal((await allotment(desks)).available_cents - before.available_cents, 24 * PRICE);
  assert.equal(ledgerError(), 0);
  await s.moveClock(desks['city.system'], '2025-10-20T01:00:00Z');
});

test('four scans at once, beside the periodic job, find each claim once', async () => {
  const { claims } = await makeClaims(desks, 24, 4);
  await isSound();
  const ids = claims.map((c) => `'${c.subject_id}'`).join();
  assert.deepEqual(sql(`SELECT count(*), count(DISTINCT subject_id) FROM subsidies.claim WHERE subject_id IN (${ids}) AND policy_code = '${s.POLICY}'`),
    [['24', '24']]);
  assert.deepEqual(sql(`SELECT verdict, count(*) FROM subsidies.decision
    WHERE subject_id IN (${ids}) AND policy_code = '${s.POLICY}' AND superseded_at IS NULL GROUP BY 1`), [['eligible', '24']]);
  assert.deepEqual(sql(`SELECT count(*) FROM subsidies.event_log WHERE type = 'subsidies.claim.found.v1' AND key IN (${list(claims)})`),
    [['24']]);
});

test('a change that another one locks out for good is made again, whole and once', async () => {
  const [keeper, ...tenants] = await Promise.all([park.keeper(), firm(), firm()]);
  const c = await park.open(keeper);
  for (const key of [null, randomUUID()]) {
    const t = await park.admit(keeper, c, tenants.pop());
    const other = new Session();
    await other.run(`BEGIN; SET LOCAL deadlock_timeout = '30s'; SELECT FROM entrepreneurship.tenant WHERE id = '${t.id}' FOR UPDATE`);
    const asked = call('POST', `/v1/entrepreneurship/tenants/${t.id}/leave`, { token: keeper.token, body: { reason: 'graduated' }, key, refused: true });
    await eventually(() => sql(`SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
      AND query LIKE '%entrepreneurship.tenant%'`)[0][0] !== '0', 'the request waits');
    await other.run(`SELECT FROM entrepreneurship.carrier WHERE id = '${c.id}' FOR UPDATE`);	// now each waits for the other
    await other.run('COMMIT');
    other.end();
    const said = await asked;
    assert.deepEqual([said.status, said.json.left_on !== null], [200, true], said.text);
    assert.equal(sql(`SELECT tenant_count FROM entrepreneurship.carrier WHERE id = '${c.id}'`)[0][0], '0');
  }
});
