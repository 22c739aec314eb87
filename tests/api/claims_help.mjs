// claims_help.mjs -- policies of the tests' own that a person claims, the facts
// they are about, and desks of one kind.
import { randomUUID } from 'node:crypto';
import { call } from '../lib/client.mjs';
import { desk, eventually, person } from '../lib/city.mjs';
import { clerkAt, outlet } from './counter.mjs';
import { known, sql } from './help.mjs';

// No desks and no other test's claims are there.
export const HOME = { code: '431124', town: '431124101', name: '道县' };
const quote = (x) => (x === null || x === undefined ? 'NULL' : `'${String(x).replaceAll("'", "''")}'`);
let serial = Date.now() % 100000;

// Publishes a policy about certificates, with a line that pays it in the county.
export async function policy(over = {}, cents = 10_000_000, county = HOME) {
  const code = `T${(serial++).toString(36).toUpperCase()}`;
  const tiers = [{ up_to_cents: null, level: 'county' }];
  const document = { code, version: 1, title: `测试补贴${code}`, subject: 'certificate', beneficiary: 'person', mode: 'direct',
    release: 'auto', legal_basis: ['测试依据'], effective_from: '2024-01-01', effective_to: '2031-12-31', benefit_family: `f_${code}`,
    holds: [{ family: `f_${code}`, holder: 'person', over: 'year', times: 1 }], period: 'year',
    frequency: { times: 1, over: 'year' }, fund_source: 'unemployment_insurance', amount: { kind: 'fixed', amount_cents: 100000 },
    approval: ['first_review', 'recheck', 'approve'].map((step) => ({ step, tiers })),
    notice_working_days: 5, promised_working_days: 20, evidence: [],
    conditions: [{ code: 'mine', title: '本项测试的证书', refusal: '非本项测试的证书', silent: true,
      rule: { in: [{ fact: 'certificate_occupation' }, [code]] } }, { code: 'level', title: '证书等级为五级以上', refusal: '证书等级不足',
      rule: { le: [{ fact: 'certificate_level' }, 4] } }], exclusions: [], ...over };
  sql(`SELECT platform.act_as(at => '2024-01-01T00:00:00Z');
    SELECT subsidies.policy_publish(${quote(JSON.stringify(document))}::jsonb, NULL);
    INSERT INTO subsidies.budget_line (code, fund_source, title, legal_basis) VALUES ('${code}', 'unemployment_insurance', '测试', '测试');
    INSERT INTO subsidies.budget_line_policy (line_code, policy_code) VALUES ('${code}', '${code}')`);
  if (cents > 0)
    await call('POST', '/v1/subsidies/allotments', { token: (await desk('city.fiscal')).token,
      body: { line_code: code, county_code: county.code, amount_cents: cents } });
  return { ...document, amount_cents: document.amount.amount_cents };
}

// A person of the county whom subsidies knows.
export async function citizen(county = HOME, over = {}) {
  const p = await person({ area_code: county.town, ...over });
  await eventually(() => sql(`SELECT 1 FROM subsidies.person WHERE id = '${p.id}'`).length, 'subsidies knows the person');
  return p;
}

// A certificate of the person, and what the policy says about it.
export async function certificate(p, policy_, { level = 4, on = '2025-09-01', verdict = 'eligible', county = HOME } = {}) {
  const id = randomUUID();
  sql(`SELECT platform.act_as(at => '${on}T04:00:00Z'); SELECT subsidies.fact_put(jsonb_populate_record(NULL::subsidies.fact,
    '${JSON.stringify({ id, kind: 'certificate', person_id: p.id, from_on: on, code: policy_.code, numbers: [level, 0, 0],
      source: 'test', county_code: county.code, area_code: county.town })}'))`);
  await decided(p, policy_, id, verdict);
  return id;
}

// Until the engine has said what it thinks of it.
export async function decided(p, policy_, subject, verdict = 'eligible') {
  await eventually(() => sql(`SELECT 1 FROM subsidies.decision WHERE subject_id = '${subject}' AND policy_code = '${policy_.code}'
    AND superseded_at IS NULL AND verdict = '${verdict}'`).length > 0, `${verdict} by ${policy_.code}`);
}

export const card = (p, over = {}) => ({ account_no: `62${String(Math.floor(Math.random() * 1e14)).padStart(14, '0')}`,
  account_name: p.name, ...over });
export const stranger = (p) => (p.name[0] === '欧' ? '张三丰' : '欧阳锋');
export const make = (p, policy_, over = {}, options = {}) => call('POST', '/v1/subsidies/claims', { token: p.token,
  body: { policy_code: policy_.code, ...card(p), ...over }, ...options });
export const post = (path, token, body, options = {}) => call('POST', `/v1/subsidies/${path}`, { token, body, ...options });
export const line = (policy_, county = HOME) => sql(`SELECT reserved_cents, committed_cents, paid_cents FROM subsidies.allotment
  WHERE line_code = '${policy_.code}' AND county_code = '${county.code}'`)[0].map(Number);
export const live = (claim) => sql(`SELECT count(*) FROM subsidies.hold WHERE claim_id = '${claim.id ?? claim}' AND live`)[0][0] !== '0';
export { known };

// The person at a clerk's desk: a token that is the person's, by the clerk's hand.
let desk_;
export async function assisted(p) {
  desk_ ??= outlet(HOME.town).then((o) => clerkAt(o, [`clerk@${HOME.code}`]));
  const clerk = await desk_;
  const s = await call('POST', '/v1/identity/assist-sessions', { token: clerk.token, key: null,
    body: { id_number: p.id_number, card_name: p.name, card_valid_on: '2035-01-01', reason: '窗口办理' } });
  return { clerk, token: s.access_token };
}
