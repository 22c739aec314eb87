// applications: a résumé, an interview and an offer in each county.
import { call } from '../../lib/client.mjs';
import { person } from '../../lib/city.mjs';
import { dayPlus, known } from '../help.mjs';

async function applied(f, vacancy, town, post) {
  const p = await person({ area_code: town });
  await known(() => call('PUT', '/v1/jobs/my/resume', { token: p.token, refused: true,
    body: { state: 'seeking', skills: ['电工'], occupations: ['6-24'] } }));
  return { p, a: await post(`/v1/jobs/vacancies/${vacancy.id}/applications`, p.token, {}) };
}

export default {
  async furnish({ county, firm, vacancy, post, now }) {
    const [met, offered] = [await applied(firm, vacancy, county.town, post), await applied(firm, vacancy, county.town, post)];
    await post(`/v1/jobs/applications/${met.a.id}/interviews`, firm.token,
      { times: [{ at: `${dayPlus(now, 3)}T01:00:00Z` }], mode: 'onsite', place: '厂区' });
    await post(`/v1/jobs/applications/${offered.a.id}/offer`, firm.token, { pay_cents: 1, pay_unit: 'hour' });
  },
  // By person: whose résumé it is depends on who else was made here.
  blind: ['resume_get_person'],
  values: { 'interview_propose.times': [{ at: '2099-01-01T01:00:00Z' }],
    'interview_move.times': [{ at: '2099-01-01T01:00:00Z' }] },
};
