// What the gig market, the workshops and the posts of public welfare bring.
import { dayPlus } from '../help.mjs';
import { call } from '../../lib/client.mjs';

const POINT = { lat_e6: 25180000, lng_e6: 111590000 };

export default {
  async furnish({ county, firm: f, applicant: p, post, mint, now }) {
    const gig = await post('/v1/jobs/gigs', f.token, { title: '辖区零工', occupation_code: '6-24-01-00', from_on: dayPlus(now, 1),
      start_min: 480, end_min: 1020, address: '村口', ...POINT, places: 2, pay_cents: 10000, pay_unit: 'day', insured: false,
      choice: 'first_come', area_code: county.town });
    await post(`/v1/jobs/gigs/${gig.id}/shifts`, p.token, {});
  },
  values: { ...POINT, start_min: 480, end_min: 1020, code: '123456', 'work_rule_set.code': 'gig_near_m', insured: false, 'work_rule_set.value': 1 },
  // Disputes need days that have passed; a code says no county.
  blind: ['gig_dispute_list', 'gig_show_code'],
  public: ['jobs.work_rule'],
  partly: { 'jobs.gig_post': "state IN ('open', 'full')" },
};
