// grant.mjs -- bringing 一次性扩岗补助 as far as a test wants it: people hired, data
// returned, claims found, confirmed, through the hands, made public, in a batch.
import assert from 'node:assert/strict';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import * as s from '../e2e/steps.mjs';
import { known, sql } from './help.mjs';

export const POLICY = s.POLICY;
export const HIRED_ON = '2025-07-07', NOW = '2025-10-20';	// a Monday each
export const JH = s.COUNTIES[0], LST = s.COUNTIES[1];
const MONTHS = ['2025-07', '2025-08', '2025-09'];
export const GRADUATE = { graduated_on: '2025-06-30', level: '21', full_time: 1, months: 3 };

export const at = async (day) => s.moveClock(await desk('city.system'), `${day}T01:00:00Z`);
export const allot = async (county, cents, over = {}) => call('POST', '/v1/subsidies/allotments',
  { token: (await desk('city.fiscal')).token, body: { line_code: POLICY, county_code: county.code,
    amount_cents: cents }, ...over });
export const scan = async (county) => s.scan(await desk(`${county.desk}.first`), county);
export const importFile = async (kind, csv) => s.importFile(await desk('city.clerk'), kind, csv);
export const claims = (who, state, filter) => s.claimsIn(who, state, filter);

// A firm of the county with one person of each kind hired.
export async function workforce(county, kinds) {
  const f = await firm({ area_code: county.town });
  const people = await Promise.all(kinds.map(async (kind) => {
    const p = await person({ area_code: county.town });
    const e = await hire(f, p, kind.hired_on);
    return { person: p, kind, firm: f, employment: e };
  }));
  return { firm: f, people, county };
}

export const hire = (f, p, hired_on = HIRED_ON) => known(() => call('POST', '/v1/jobs/employments', { token: f.token,
  refused: true,
  body: { person_id: p.id, occupation_code: '6-31-01-03', hired_on, contract_type: 'fixed', contract_months: 24,
    wage_cents: 480000 } }));

// The files the province would send about these people.
export function files(...forces) {
  const months = ['id_number,uscc,month,pension,unemployment,injury'];
  const graduates = ['id_number,school,level,full_time,graduated_on'];
  for (const { firm: f, people } of forces)
    for (const { person: p, kind } of people) {
      for (const m of MONTHS.slice(0, kind.months)) months.push(`${p.id_number},${f.org.uscc},${m},1,1,1`);
      if (kind.graduated_on)
        graduates.push(`${p.id_number},永州示例学院,${kind.level},${kind.full_time},${kind.graduated_on}`);
    }
  return { insurance_months: `${months.join('\n')}\n`, graduates: `${graduates.join('\n')}\n` };
}

// Until all that is known of these people has been judged.
export async function judged(...forces) {
  const ids = forces.flatMap((w) => w.people.map((row) => `'${row.employment.id}'`));
  await eventually(() => sql(`SELECT count(*) FROM subsidies.employment e JOIN subsidies.person p ON p.id = e.person_id
    JOIN subsidies.org o ON o.id = e.org_id JOIN subsidies.decision d ON d.subject_id = e.id AND d.superseded_at IS NULL
     AND d.policy_code = '${POLICY}' WHERE e.id IN (${ids}) AND NOT EXISTS (SELECT FROM subsidies.due WHERE holder_id = e.person_id)`)[0][0] === String(ids.length),
  'a decision on everybody');
}

export async function returned(...forces) {
  const csv = files(...forces);
  await importFile('graduates', csv.graduates);
  await importFile('insurance_months', csv.insurance_months);
  await judged(...forces);
}

export const account = (f, over = {}) => ({ account_no: '4300123456789012', account_name: f.org.name, ...over });
export const confirm = (f, over) => call('POST', '/v1/subsidies/claims/confirm', { token: f.token, body: account(f, over) });

export async function review(county, role, step, list, over = {}) {
  return call('POST', `/v1/subsidies/claims/${step}`, { token: (await desk(`${county.desk}.${role}`)).token,
    body: { claim_ids: list.map((c) => c.id ?? c), decision: 'pass' }, ...over });
}

// confirmed -> approved by three people of the county.
export async function throughHands(county, list) {
  for (const [role, step] of [['first', 'first-review'], ['recheck', 'recheck'], ['approve', 'approve']])
    await review(county, role, step, list);
}

export const publish = async (county, list, over = {}) => call('POST', '/v1/subsidies/notices',
  { token: (await desk(`${county.desk}.approve`)).token, body: { claim_ids: list.map((c) => c.id ?? c) }, ...over });
export const batch = async (county, over = {}) => call('POST', '/v1/subsidies/payment-batches',
  { token: (await desk(`${county.desk}.finance`)).token, body: { policy_code: POLICY, county_code: county.code }, ...over });
export const { bankReply } = s;
export const signBatch = (county, b) => s.signBatch(desk, county, b);
export const toBank = (county, b) => s.toBank(desk, county, b);
export const takeReply = async (county, b, raw) => s.takeReply(await desk(`${county.desk}.finance`), b, raw);

export const EACH = 150000;	// what KGBZ pays for a person
export const get = (path, token) => call('GET', `/v1/subsidies/${path}`, { token });
export const claimOf = (f, id) => get(`claims/${id}`, f.token);
export const budget = async (county) => (await get(`budgets?line_code=${POLICY}&county_code=${county.code}`,
  (await desk('city.fiscal')).token)).items[0];
export const notified = (f, n) => eventually(async () => {
  const list = await claims(f, 'notified');
  return list.length === n && list;
}, `${n} claims for the firm`);

// A firm with n graduates whose claims are found, or further along.
export async function candidates(county, n, kinds = Array(n).fill(GRADUATE)) {
  const w = await workforce(county, kinds);
  await returned(w);
  return { ...w, list: await notified(w.firm, n) };
}
export async function confirmed(county, n) {
  const w = await candidates(county, n);
  assert.deepEqual(await confirm(w.firm), { confirmed: n, more: false });
  return w;
}
export async function approved(county, n) {
  const w = await confirmed(county, n);
  await throughHands(county, w.list);
  return w;
}

// Brings whatever the tests of a county left under way to an end, as officers
// would: what is not yet approved is rejected, what is approved is paid.
export async function finish(county, officer) {
  const token = (role) => officer(`${role}@${county.code}`);
  const list = (state) => claims({ token: token('approve') }, state);
  for (const [state, role, step] of [['confirmed', 'first_review', 'first-review'], ['first_reviewed', 'recheck', 'recheck'],
    ['rechecked', 'approve', 'approve']]) {
    const left = await list(state);
    if (left.length > 0)
      await call('POST', `/v1/subsidies/claims/${step}`, { token: token(role),
        body: { claim_ids: left.map((c) => c.id), decision: 'reject', note: '到此为止' } });
  }
  const approved_ = await list('approved');
  if (approved_.length > 0) await publish(county, approved_, {});
  for (const o of (await get('objections?state=open&limit=200', token('approve'))).items)
    await call('POST', `/v1/subsidies/objections/${o.id}/resolve`, { token: token('approve'),
      body: { decision: 'dismissed', answer: '经核查无误' } });
  await at('2025-10-29');
  const b = await batch(county, { refused: true, token: token('finance') });
  if (b.status === 201) {
    const path = `/v1/subsidies/payment-batches/${b.json.id}`;
    const step = (role, verb, body = {}) => call('POST', `${path}/${verb}`, { token: token(role), body });
    await step('fiscal', 'release', { release_no: `CZ${b.json.batch_no}` });
    await step('finance', 'sign');
    await step('finance', 'sign');
    const file = await call('GET', `${path}/file`, { token: token('finance') });
    await step('finance', 'send');
    await call('POST', `${path}/reply`, { token: token('finance'), headers: { 'content-type': 'text/csv' },
      raw: s.bankReply(file, null, '2025-10-29T10:00:00+08:00') });
  }
  await at(NOW);
}

// People of both counties, claims in every state the scope tests look for.
export async function twoCounties() {
  await at(HIRED_ON);
  for (const county of [JH, LST]) await allot(county, 10_000_000);
  const forces = await Promise.all([JH, LST].map((county) => workforce(county, Array(4).fill(GRADUATE))));
  await at(NOW);
  await returned(...forces);
  for (const { firm: f, county } of forces) {
    await scan(county);
    const found = await eventually(async () => {
      const list = await claims(f, 'notified');
      return list.length === 4 && list;
    }, 'four claims');
    await confirm(f);
    await throughHands(county, found.slice(0, 3));
    const notice = await publish(county, found.slice(0, 2));
    const [line] = (await call('GET', `/v1/subsidies/notices/${notice.id}/lines`)).items;
    const o = await call('POST', `/v1/subsidies/notices/${notice.id}/objections`,
      { body: { line_id: line.id, content: '名单有误，请核查' } });
    await call('POST', `/v1/subsidies/objections/${o.id}/resolve`, { token: (await desk('city.approve')).token,
      body: { decision: 'dismissed', answer: '经核查无误' } });
    await call('POST', `/v1/subsidies/notices/${notice.id}/objections`, { body: { line_id: line.id, content: '名单有误，再请核查' } });
  }
  return forces;
}
