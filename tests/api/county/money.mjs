// money -- ties and what was refused for one, a step given away, an entry to be
// put right and a county's own line, in each county.
import { call } from '../../lib/client.mjs';
import { LST, POLICY } from '../grant.mjs';

async function furnish({ county, firm: f, mint, now }) {
  const as = (role, more = {}) => mint({ roles: [`${role}@${county.code}`], ...more });
  const say = (token, path, body) => call('POST', `/v1/subsidies/${path}`, { token, body, refused: true });
  const sub = crypto.randomUUID();
  await say(as('clerk'), 'ties', { tie: 'kin', uscc: f.org.uscc });
  // Somebody close to a firm whose claims wait was refused.
  const [claim] = (await call('GET', '/v1/subsidies/reviews?step=first_review&limit=1', { token: as('first_review') })).items;
  await say(as('audit'), 'ties/import', { ties: [{ officer_id: sub, tie: 'account', account_no: '4300123456789012' }] });
  if (claim) await say(as('first_review', { sub }), 'claims/first-review', { claim_ids: [claim.id], decision: 'pass' });
  await say(as('approve'), 'delegations', { delegate: crypto.randomUUID(), hand: 'approve', county_code: county.code, from_on: now,
    to_on: now, why: '出差' });
  await say(as('fiscal'), 'money-rules', { name: 'reserve_warning_working_days', value: 1, county_code: county.code, basis: '县办法' });
  const fiscal = mint({ roles: ['fiscal@431100'] });
  const [b] = (await call('GET', `/v1/subsidies/budgets?line_code=${POLICY}&county_code=${county.code}`, { token: fiscal })).items;
  const [e] = (await call('GET', `/v1/subsidies/budgets/${b.id}/entries?reason=allot`, { token: fiscal })).items;
  await say(fiscal, `ledger-entries/${e.id}/corrections`, { reason: '核对后再定' });
}

export default {
  furnish,
  queries: { review_list: '?step=first_review&limit=200' },
  words: { line_code: POLICY },
  values: { 'budget_transfer.from_county': LST.code, 'budget_transfer.to_county': '431122', 'budget_line_open.code': 'ZYXM',
    'budget_close.year': 2025,
    'money_rule_set.value': 1 },
  // Sums of lines are of no county; a tie of one's own, and one's own log, of nobody's.
  blind: ['budget_line_appropriations', 'tie_own', 'delegation_log', 'money_rule_list', 'entry_export'],
  // What an officer says of the own ties harms nobody else's county.
  formal: ['tie_declare', 'tie_import'],
  public: ['subsidies.budget_line', 'subsidies.money_rule', 'subsidies.budget_appropriation'],
};
