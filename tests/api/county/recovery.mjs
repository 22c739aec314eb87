// recovery -- money owed back, an appeal, a claim stopped and a top-up, in each
// county. Written by the service's own role: paying first would move the clock.
import { randomUUID } from 'node:crypto';
import { call } from '../../lib/client.mjs';
import { dayPlus, sql, today } from '../help.mjs';

async function furnish({ county, mint, now }) {
  // (both counties set one at once: either will do)
  await call('POST', '/v1/subsidies/recovery-rules', { token: mint({ roles: ['approve@431100'] }), refused: true,
    body: { from_on: now, pay_days: 10, appeal_days: 5, answer_days: 7, basis: '市局办法' } });
  const [r, t, a] = [randomUUID(), randomUUID(), randomUUID()], [one, two, three] = [0, 1, 2].map(() => randomUUID());
  sql(`SET app.scope = '||${one.replaceAll('-', '')}|||${now}T01:00:00Z|';
    WITH c AS (SELECT * FROM subsidies.claim WHERE county_code = '${county.code}' ORDER BY id LIMIT 1),
    r AS (INSERT INTO subsidies.recovery (id, recovery_no, claim_id, source, policy_code, person_id, org_id, payee_kind, payee_id,
        payee_name, paid_cents, owed_cents, before_cents, amount_cents, reason, legal_basis, state, proposed_by, checked_by, issued_by,
        noticed_on, due_on, appeal_until, county_code)
      SELECT '${r}', 'R-${county.code}', id, 'audit', policy_code, person_id, org_id, payee_kind, payee_id, org_name, 100, 0, 0, 100,
        '示例', '示例', 'appealed', '${one}', '${two}', '${three}', '${now}', '${dayPlus(now, 14)}', '${now}', county_code FROM c),
    a AS (INSERT INTO subsidies.recovery_appeal (id, recovery_id, content, due_on, county_code)
      SELECT '${a}', '${r}', '示例申诉', '${dayPlus(now, 9)}', county_code FROM c),
    s AS (INSERT INTO subsidies.recovery_freeze (recovery_id, claim_id, basis, county_code) SELECT '${r}', id, '示例', county_code FROM c),
    n AS (INSERT INTO subsidies.reconsideration (claim_id, decision_before, decision_after, kind, difference_cents, reason, policy_code,
        person_id, payee_kind, payee_id, county_code)
      SELECT id, decision_id, decision_id, 'recovery', 100, '示例', policy_code, person_id, payee_kind, payee_id, county_code FROM c)
    INSERT INTO subsidies.topup (id, claim_id, source, source_id, amount_cents, reason, proposed_by, payee_id, person_id, county_code)
      SELECT '${t}', id, 'reconsideration', '${randomUUID()}', 100, '示例', '${one}', payee_id, person_id, county_code FROM c`, 'subsidies_system');
}

const day = dayPlus(await today(), 30);
export default {
  furnish,
  values: { 'recovery_plan_propose.instalments': [{ due_on: day, amount_cents: 1 }] },
  // what it rests on is asked for before anything is looked at; days of the whole city
  formal: ['recovery_propose'],
  blind: ['recovery_rule_list'],
};
