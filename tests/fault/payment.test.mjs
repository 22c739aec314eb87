// Killed in the middle of a payment, with a bank of its own books beside us: the
// service's worker and parent, Redis, PostgreSQL, in every step of a payment run.
// A lock that this test holds keeps a statement of the step waiting; while it waits
// the strike falls. Afterwards nothing was paid twice (the bank's books are the
// judge), nothing acknowledged is lost, the ledger balances and the trail is whole.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { call } from '../lib/client.mjs';
import { eventually } from '../lib/city.mjs';
import * as g from '../api/grant.mjs';
import { RUN, Session, sql } from '../api/help.mjs';
import * as p from '../api/payments_help.mjs';
import { killParent, killPostmaster, killRedis, killWorker, whole } from './strike.mjs';
import { isSound } from './truth.mjs';

const LONG = process.env.FAULT_LONG === '1';
const COUNTY = { code: '431126', town: '431126001', desk: null, name: '宁远县' };
const HITS = { worker: killWorker('subsidies'), parent: killParent('subsidies'), Redis: killRedis, PostgreSQL: killPostmaster };
const BIN = new URL(`../../${process.env.BUILD ?? '.build/asan'}/bin/yjyctl`, import.meta.url).pathname;
let bank, o, since;

before(async () => {
  await whole();
  o = p.officers(COUNTY);
  bank = await p.openBank(COUNTY.code);
  since = sql('SELECT platform.uuid7()')[0][0];
  await g.at(g.HIRED_ON);
  await g.allot(COUNTY, 50_000_000);
});
after(async () => { bank?.close(); await g.at(g.NOW); });

// Where a step's statements wait: the last table it writes before it commits.
const LOCKS = { request: 'payment_line', release: 'claim_step', sign: 'payment_signature', file: 'payment_download',
  send: 'payment_batch', reply: 'payment_reply', settle: 'claim', returned: 'message', account: 'claim', resend: 'payment_line',
  back: 'message', import: 'bank_movement', reconcile: 'bank_statement', audit: 'reconcile_item' };

const waiting = (lock) => sql(`SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE NOT l.granted AND l.relation = 'subsidies.${lock}'::regclass AND a.usename = 'subsidies_app'`)[0][0] !== '0';

// Does `run`, struck while a statement of it waits. It is asked for again under its
// own key until it is answered. What was not struck is not counted as struck.
async function struck(step, hit, run) {
  if (hit === undefined) return run();
  const lock = new Session();
  let running;
  try {
    await lock.run(`BEGIN; LOCK TABLE subsidies.${LOCKS[step]} IN EXCLUSIVE MODE`);
    running = run().then((value) => ({ value }), (error) => ({ error }));
    await eventually(() => waiting(LOCKS[step]), `a statement of ${step} waits`);
    await hit();		// who is killed is gone, and what it asked for still waits
  } finally { lock.end(); }	// its transaction ends with it
  await whole();
  const said = await running;
  if (said.error) throw said.error;
  return said.value;
}

const PATIENT = { patience_ms: 120000 };

// A whole payment run of three claims: one paid, one returned and sent again, one
// paid and sent back and sent again; then the day is reconciled. `hits`: step → strike.
async function run(hits, told) {
  const at = (step, fn) => struck(step, hits[step], fn).then((x) => { if (hits[step]) told.push(step); return x; });
  const day = p.PAY_DAY, noon = `${day}T12:00:00+08:00`;
  const firms = [];
  for (const account of ['4300123456789012', '4300123400000000', '4300123400007777'])
    firms.push(await p.payable(COUNTY, 1, account));
  const step = (b, verb, token, body = {}) => p.step(b, verb, token, body, PATIENT);
  const b = await at('request', () => p.request(o, COUNTY, PATIENT));
  await at('release', () => step(b, 'release', o.fiscal, { release_no: `CZ${b.batch_no}` }));
  await at('sign', () => step(b, 'sign', o.signs[0]));
  await step(b, 'sign', o.signs[1]);
  const file = await at('file', () => p.fileOf(o, b));
  await at('send', () => step(b, 'send', o.finance));
  const reply = (await bank.file(file, noon)).text;
  assert.equal((await bank.file(file, noon)).text, reply, 'the bank pays a number once');
  // Each of the reply's tables in turn: a run strikes one of them.
  const where = ['reply', 'settle', 'returned'].find((s) => hits[s]) ?? 'reply';
  const report = await at(where, () => p.take(o, b, reply, PATIENT));
  assert.deepEqual([report.paid, report.returned], [2, 1]);
  const [back] = await bank.comeBack(`${day}T15:00:00+08:00`);
  const refund = await at('back', () => p.take(o, b, back, PATIENT));
  assert.equal(refund.refunded, 1);
  const returned = async (f) => (await g.claims(f.firm, 'returned'))[0];
  for (const f of firms.slice(1)) {
    const claim = await returned(f);
    const fix = () => call('POST', `/v1/subsidies/claims/${claim.id}/account`, { token: f.firm.token, body: g.account(f.firm), ...PATIENT });
    await (f === firms[1] ? at('account', fix) : fix());
  }
  const again = await at('resend', () => p.request(o, COUNTY, PATIENT));
  assert.equal(again.line_count, 2);
  await step(again, 'release', o.fiscal, { release_no: `CZ${again.batch_no}` });
  for (const s of o.signs) await step(again, 'sign', s);
  const next = await p.fileOf(o, again);
  await step(again, 'send', o.finance);
  await p.take(o, again, (await bank.file(next, `${day}T16:00:00+08:00`)).text, PATIENT);
  for (const f of firms) assert.equal((await g.claims(f.firm, 'paid')).length, 1, 'each claim is paid');
  return firms;
}

// The day's statement, proved and signed; the steps of it struck too.
async function reconcile(hits, told) {
  const at = (step, fn) => struck(step, hits[step], fn).then((x) => { if (hits[step]) told.push(step); return x; });
  const raw = await bank.statement(p.PAY_DAY, p.PAY_DAY);
  const s = await at('import', () => call('POST', '/v1/subsidies/bank-statements', { token: o.finance, raw,
    headers: { 'content-type': 'text/csv' }, ...PATIENT }));
  assert.equal(s.open_differences, 0, 'every movement of the bank is in the ledger, and every entry at the bank');
  const sign = (verb, token) => call('POST', `/v1/subsidies/bank-statements/${s.id}/${verb}`, { token, body: {}, ...PATIENT });
  await at('reconcile', () => sign('sign', o.finance));
  assert.equal((await at('audit', () => sign('audit', o.audit))).state, 'signed');
}

// The bank's books are the judge.
function judged() {
  const net = new Map(), claims = new Map();
  for (const m of bank.books()) net.set(m.pay_no, (net.get(m.pay_no) ?? 0) + (m.direction === 'out' ? 1 : -1));
  for (const [no, claim, state, live] of sql(`SELECT pay_no, claim_id, state, state IN ('queued', 'paid') FROM subsidies.payment_line
      WHERE county_code = '${COUNTY.code}' AND id > '${since}'`)) {
    const n = net.get(no) ?? 0;
    assert.ok(n === 0 || n === 1, `${no} moved ${n} times`);
    assert.equal(n === 1, state === 'paid', `${no} is ${state}`);
    claims.set(claim, (claims.get(claim) ?? 0) + n);
    assert.ok(live === 'f' || state === 'paid', `${no} is still under way`);
    net.delete(no);
  }
  assert.deepEqual([...net.keys()], [], 'the bank paid nothing that we do not know');
  assert.ok([...claims.values()].every((n) => n === 1), 'each claim once');
}

function trailIsWhole() {
  const env = Object.fromEntries(readFileSync(`${RUN}/env`, 'utf8').trim().split('\n').map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
  const r = spawnSync(BIN, ['audit-verify', 'subsidies'], { encoding: 'utf8', env: { ...process.env, ...env } });
  assert.equal(r.status, 0, r.stdout + r.stderr);
}

async function payment(t, hits) {
  const told = [];
  await whole();
  await run(hits, told);
  assert.deepEqual(told.sort(), Object.keys(hits).filter((s) => !RECONCILE.includes(s)).sort(), 'every strike fell while its step was under way');
  t.diagnostic(`struck in ${told.join(', ')}`);
  judged();
  await isSound();
  trailIsWhole();
}

const RECONCILE = ['import', 'reconcile', 'audit'];
const STEPS = ['request', 'release', 'sign', 'file', 'send', 'back', 'account', 'resend'];
const TURNS = ['reply', 'settle', 'returned'];

if (LONG) {
  for (const [name, hit] of Object.entries(HITS))
    for (const turn of TURNS)
      test(`${name} killed in every step of a payment, the reply struck at ${turn}`, (t) =>
        payment(t, Object.fromEntries([...STEPS, turn].map((s) => [s, hit]))));
} else {
  // In the short form the four take turns: each step is struck by one of them.
  const names = Object.keys(HITS);
  test('in each step of a payment one is killed', (t) =>
    payment(t, Object.fromEntries([...STEPS, 'settle'].map((s, i) => [s, HITS[names[i % names.length]]]))));
}

test('killed while a day is reconciled and signed', async () => {
  const told = [];
  const [a, b, c] = LONG ? [HITS.PostgreSQL, HITS.worker, HITS.parent] : [HITS.worker, HITS.PostgreSQL, HITS.parent];
  await reconcile({ import: a, reconcile: b, audit: c }, told);
  assert.deepEqual(told, RECONCILE);
  judged();
  await isSound();
  trailIsWhole();
});
