// money and ratings as monitoring has them: a plan of a line's spending, a
// finished matter and a bad word about it in each county.
import { call } from '../../lib/client.mjs';
import { eventually } from '../../lib/city.mjs';
import { sql } from '../help.mjs';
import { Random, uscc } from '../../lib/fake.mjs';
import { POLICY } from '../grant.mjs';

const FIRM = uscc(new Random(8527));	// nobody's

async function furnish({ county, jobless, mint, now }) {
  const fiscal = mint({ roles: [`fiscal@${county.code}`] });
  await eventually(async () => (await call('POST', '/v1/monitoring/funds/plans', { token: fiscal, refused: true, body: {
    line_code: POLICY, county_code: county.code, month: `${now.slice(0, 7)}-01`, planned_cents: 100000, document_no: '财〔2025〕1号' } })).status === 201,
  'monitoring knows the line');
  const m = await eventually(async () => (await call('GET', '/v1/monitoring/my/matters', { token: jobless.token })).items
    .find((x) => x.matter_code === 'JB-01'), 'the registration may be rated');
  const said = await call('POST', '/v1/monitoring/ratings', { token: jobless.token, body: { case_id: m.id, stars: 1, reasons: [{ code: 'slow' }] } });
  const [[id]] = sql(`SELECT id FROM monitoring.redress WHERE rating_id = '${said.id}'`);
  await call('POST', `/v1/monitoring/redress/${id}/steps`, { token: mint({ roles: [`recheck@${county.code}`] }), body: { step: 'assign' } });
}

export default {
  furnish,
  queries: { fund_entries: '?kind=appropriated', payment_times: '?by=county', unit_costs: '?by=county', satisfaction_rates: '?by=county',
    counter_matters: `?uscc=${FIRM}` },
  values: { 'plan_set.line_code': POLICY, 'plan_set.month': '2025-10-01', 'redress_move.step': 'appeal', 'redress_move.officer_id': undefined,
    'rating_counter.uscc': FIRM },
  // Without a promise there is no overdue claim; rates are keyed, and nothing may be late; a firm is named by its code.
  blind: ['claims_overdue', 'fund_late', 'payment_times', 'unit_costs', 'satisfaction_rates', 'counter_matters'],
  formal: [],
};
