// payments: a batch asked for, answered or taken back, and a statement with an
// open difference, in each county.
import { call } from '../../lib/client.mjs';
import { seal, statement } from '../../bank/format.mjs';
import * as s from '../../e2e/steps.mjs';

export default {
  async furnish({ county, mint, now }) {
    const token = (role) => mint({ roles: [`${role}@${county.code}`] });
    const officer = token('finance');
    await call('POST', '/v1/subsidies/bank-statements', { token: officer, headers: { 'content-type': 'text/csv' },
      raw: seal(statement(county.code, now, now, 1000, [{ bank_no: `f-${county.code}`, day: now, pay_no: null, direction: 'out',
        amount_cents: 10, balance_cents: 990, text: '手续费' }])) });
    const list = await s.claimsIn({ token: token('approve') }, 'payable');
    if (list.length === 0) return;
    const b = await call('POST', '/v1/subsidies/payment-batches', { token: officer, body: { policy_code: s.POLICY, county_code: county.code } });
    await call('POST', `/v1/subsidies/payment-batches/${b.id}/release`, { token: token('fiscal'), body: { release_no: `CZ${b.batch_no}` } });
  },
  // Lists and proofs of a county that has something are judged by its rows; these carry no county in them.
  blind: ['payment_batch_inquiry', 'statement_item_list', 'statement_file'],
  values: { 'statement_correct.item': 'out #f-431103', 'payment_batch_release.release_no': 'CZ-20250001' },
  public: ['subsidies.payment_published'],
};
