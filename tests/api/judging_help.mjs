// judging_help.mjs -- a policy of the tests' own, about days nothing else speaks
// of, and facts put as the registers would.
import { randomUUID } from 'node:crypto';
import { call } from '../lib/client.mjs';
import { desk, eventually } from '../lib/city.mjs';
import * as g from './grant.mjs';
import { sql } from './help.mjs';

export const CODE = 'CSSB', FAMILY = 'test_insurance_cost';
export const MONTH = '2019-03-01', END = '2019-03-31';

// 单位缴多少补多少，封顶1,000元；每人每月一次；名单由人工发布。
export const document = { code: CODE, version: 1, title: '测试用单位社保补贴', subject: 'insurance_cost', beneficiary: 'employer',
  mode: 'auto', release: 'officer', legal_basis: ['测试'], effective_from: '2019-03-01', effective_to: '2019-03-31',
  benefit_family: FAMILY, holds: [{ family: FAMILY, holder: 'person', over: 'period', times: 1 }], period: 'month',
  frequency: { times: 1, over: 'month' }, fund_source: 'unemployment_insurance',
  amount: { kind: 'rule', rule: { fact: 'employer_paid_cents' }, cap_cents: 100000 },
  approval: ['first_review', 'recheck', 'approve'], notice_working_days: 5, promised_working_days: 20, evidence: [],
  conditions: [{ code: 'paid', title: '单位已缴费', refusal: '单位未缴费', rule: { ge: [{ fact: 'employer_paid_cents' }, 1] } },
    { code: 'kind', title: '用人单位为企业', refusal: '不是企业', silent: true, rule: { eq: [{ fact: 'org_kind' }, 'enterprise'] } }],
  exclusions: [{ code: 'benefit_taken', title: '未重复享受', refusal: '本月已享受同类补贴', rule: { is: 'benefit_taken' } }] };

export function publish() {
  sql(`SELECT platform.act_as(at => '${g.NOW}T04:00:00Z');
    INSERT INTO subsidies.budget_line_policy (line_code, policy_code) VALUES ('${g.POLICY}', '${CODE}') ON CONFLICT DO NOTHING;
    SELECT subsidies.policy_publish($d$${JSON.stringify(document)}$d$::jsonb, NULL)
     WHERE NOT EXISTS (SELECT FROM subsidies.policy_version WHERE code = '${CODE}')`);
}

// What an employer paid for somebody in the month; the same id again is a correction.
export function cost(p, f, cents, id = randomUUID()) {
  sql(`SELECT platform.act_as(at => '${g.NOW}T04:00:00Z');
    SELECT subsidies.fact_put(jsonb_populate_record(NULL::subsidies.fact, $f$${JSON.stringify({ id, kind: 'insurance_cost',
    person_id: p.id, org_id: f.org_id, from_on: MONTH, to_on: END, numbers: [cents, 0], source: 'import',
    county_code: f.org.area_code?.slice(0, 6) ?? '431129' })}$f$))`);
  return id;
}
export const takeBack = (id) => sql(`SELECT platform.act_as(at => '${g.NOW}T04:00:00Z'); SELECT subsidies.fact_drop('${id}')`);

export const known = (p, f) => eventually(() => sql(`SELECT count(*) FROM subsidies.person p, subsidies.org o
  WHERE p.id = '${p.id}' AND o.id = '${f.org_id}'`)[0][0] === '1', 'both are known');
export const idle = () => eventually(() => sql('SELECT count(*) FROM subsidies.due')[0][0] === '0', 'nobody is due');
export const decisions = (id) => sql(`SELECT id, verdict, coalesce(reason, ''), coalesce(amount_cents, 0) FROM subsidies.decision
  WHERE subject_id = '${id}' AND policy_code = '${CODE}' AND superseded_at IS NULL`);
export const claimOf = (id) => sql(`SELECT id, state, amount_cents, funds FROM subsidies.claim WHERE subject_id = '${id}' AND policy_code = '${CODE}'`)[0];
export const proposals = (claim) => sql(`SELECT kind, difference_cents, state, reason FROM subsidies.reconsideration
  WHERE claim_id = '${claim}' ORDER BY id`);

export async function replayed(id) {
  const r = await call('POST', `/v1/subsidies/decisions/${id}/replay`, { token: (await desk('jh.first')).token, key: null });
  return r.identical && r.same_rule;
}
