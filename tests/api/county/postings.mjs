// Postings: one under check, one merged, a contact, a profile with its marks, a park.
import { randomUUID } from 'node:crypto';
import { call } from '../../lib/client.mjs';
import { sql } from '../help.mjs';

export default {
  async furnish({ county, firm: f, vacancy, post, mint }) {
    const form = (over) => ({ title: '辖区审核岗位', occupation_code: '6-24-01-00', area_code: county.town, headcount: 2,
      pay_min_cents: 100, pay_max_cents: 200, pay_unit: 'hour', form: 'gig', contact_name: '李经理',
      contact_phone: '13900001111', ...over });
    await post('/v1/jobs/vacancies', f.token, form({ description: '入职需交押金200元' }));
    const copy = await post('/v1/jobs/vacancies', f.token, form({ title: '并入用的岗位' }));
    await call('POST', `/v1/jobs/vacancies/${copy.id}/merge`, { token: f.token, body: { into: vacancy.id } });
    await call('POST', '/v1/jobs/org/profile', { token: f.token, body: { size: 'from_20', intro: '辖区企业' } });
    const officer = mint({ roles: [`first_review@${county.code}`] });
    const code = `park_${randomUUID().slice(0, 8)}`;
    await call('POST', '/v1/jobs/parks', { token: officer, body: { code, name: code, area_code: county.town } });
    await call('POST', `/v1/jobs/employers/${f.org_id}/mark`, { token: officer, body: { is_key: true, park_code: code } });
    sql(`INSERT INTO jobs.pay_band (pay_unit, form, low_cents, high_cents) SELECT 'piece', 'flexible', 0, 999999999
      WHERE NOT EXISTS (SELECT FROM jobs.pay_band)`);
  },
  values: { into: randomUUID(), 'park_put.code': 'park_spoiled', 'check_word_add.pattern': '甲乙丙丁' },
  // Words, bands: the city's, read alike in every county.
  blind: ['check_word_list', 'pay_band_list'],
  public: ['jobs.employer', 'jobs.park'],
  partly: { 'jobs.vacancy': "state IN ('open', 'paused', 'filled', 'closed', 'expired', 'merged') AND posted_at IS NOT NULL" },
};
