// What the gig market, the workshops and the posts of public welfare bring.
import { call } from '../../lib/client.mjs';
import { person, random } from '../../lib/city.mjs';
import { idNumber } from '../../lib/fake.mjs';
import { dayPlus, NOBODY } from '../help.mjs';

const POINT = { lat_e6: 25180000, lng_e6: 111590000 };

const say = (token, path, body) => call('POST', path, { token, body });

// A placement that ended, one that lasts, a month of both and a check.
async function welfare({ county, f, post, mint, now }) {
  const who = (role) => mint({ roles: [`${role}@${county.code}`] });
  const w = await post('/v1/jobs/welfare-posts', f.token, { title: '辖区保洁', duties: '保洁', headcount: 2, funding: '就业补助资金',
    area_code: county.town });
  await say(who('first_review'), `/v1/jobs/welfare-posts/${w.id}/check`, { pass: true });
  await say(who('approve'), `/v1/jobs/welfare-posts/${w.id}/approve`, { pass: true });
  const clerk = who('clerk'), recheck = who('recheck');
  for (const reason of ['resigned', null]) {
    const p = await person({ area_code: county.town, id_number: idNumber(random, '1980-03-01', 1) });
    await post('/v1/jobs/unemployment-registrations', clerk, { person_id: p.id, reason: 'other', is_difficult: true });
    const x = await post(`/v1/jobs/welfare-posts/${w.id}/placements`, f.token, { person_id: p.id, contract_no: 'GY-1',
      retire_class: 'male', started_on: now });
    await say(recheck, `/v1/jobs/welfare-placements/${x.id}/decide`, { pass: true });
    await say(clerk, `/v1/jobs/welfare-placements/${x.id}/sign-in`, {});
    await say(clerk, `/v1/jobs/welfare-placements/${x.id}/checks`, { is_present: true });
    if (reason) await say(f.token, `/v1/jobs/welfare-placements/${x.id}/end`, { ended_on: now, reason });
  }
}

async function workshop({ county, f, p, post, mint, now }) {
  const who = (role) => mint({ roles: [`${role}@${county.code}`] });
  const w = await post('/v1/jobs/workshops', f.token, { name: '辖区车间', products: '服装', capacity: 9, area_code: county.town });
  await say(who('first_review'), `/v1/jobs/workshops/${w.id}/check`, { pass: true });
  await say(who('recheck'), `/v1/jobs/workshops/${w.id}/recognise`, { pass: true, until_on: dayPlus(now, 99) });
  const month = `${now.slice(0, 4)}-01-01`;
  const x = await post(`/v1/jobs/workshops/${w.id}/workers`, f.token, { person_id: p.id, pay_kind: 'day', from_on: month });
  await say(f.token, `/v1/jobs/workshops/${w.id}/wages`, { month, rows: [{ worker_id: x.id, days: 9, wage_cents: 9 }] });
}

export default {
  async furnish({ county, firm: f, applicant: p, post, mint, now }) {
    const gig = await post('/v1/jobs/gigs', f.token, { title: '辖区零工', occupation_code: '6-24-01-00', from_on: dayPlus(now, 1),
      start_min: 480, end_min: 1020, address: '村口', ...POINT, places: 2, pay_cents: 10000, pay_unit: 'day', insured: false,
      choice: 'first_come', area_code: county.town });
    await post(`/v1/jobs/gigs/${gig.id}/shifts`, p.token, {});
    await welfare({ county, f, post, mint, now });
    await workshop({ county, f, p, post, mint, now });
  },
  values: { 'work_rule_set.code': 'gig_near_m', 'work_rule_set.value': 1, 'workshop_year_close.year': 2024,
    'welfare_month_submit.month': '2025-01-01', 'workshop_wages.month': '2025-01-01',
    'workshop_wages.rows': [{ worker_id: NOBODY, days: 1, wage_cents: 1 }] },
  queries: { workshop_people: '?year=2025' },	// the year of the sample city
  // Disputes and months need days that have passed; a code says no county.
  blind: ['gig_dispute_list', 'gig_show_code', 'welfare_show_code', 'welfare_month_list'],
  public: ['jobs.work_rule'],
  partly: { 'jobs.gig_post': "state IN ('open', 'full')" },
};
