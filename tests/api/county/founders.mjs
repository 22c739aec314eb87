// founders who are followed, and their loans, in one county.
import { heard, post } from '../startup_help.mjs';

async function furnish({ county, mint, now }) {
  const as = (role) => mint({ roles: [`${role}@${county.code}`] });
  const p = await heard({ area_code: county.town });
  const f = await post('my/founder', p.token, { idea: '辖区小店', groups: ['returning'], area_code: county.town });
  await post('my/founder/follow', p.token, { follow: true });
  await post(`founders/${f.id}/contacts`, as('clerk'), { kind: 'phone', outcome: 'helped', note: '已联系', contacted_on: now });
  const l = await post('loans', p.token, { borrower: 'personal', group: 'returning', amount_cents: 100, purpose: '进货', times_before: 0,
    has_open_loan: false, name: '张三', id_number: p.id_number, phone: '13800001111', consent: true });
  await post(`loans/${l.id}/prepare`, as('first_review'), { group_confirmed: true });
  await post(`loans/${l.id}/hand-over`, as('recheck'), { receiver: '担保公司', reason: '移交' });
}

export default {
  furnish,
  values: { 'founder_open.groups': ['returning'], 'loan_apply.borrower': 'small_firm', 'loan_apply.consent': true,
    'loan_prepare.group_confirmed': true },
  formal: ['loan_answer'],	// a refusal wants its reason, a grant its sum: neither is required as such
  public: ['entrepreneurship.loan_rule', 'entrepreneurship.loan_group'],
};
