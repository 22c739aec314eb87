// applications: a résumé, an interview, an offer and live events in each county.
import { call } from '../../lib/client.mjs';
import { person } from '../../lib/city.mjs';
import { dayPlus, known } from '../help.mjs';

async function applied(f, vacancy, town, post) {
  const p = await person({ area_code: town });
  await known(() => call('PUT', '/v1/jobs/my/resume', { token: p.token, refused: true,
    body: { state: 'seeking', skills: ['电工'], occupations: ['6-24'] } }));
  return { p, a: await post(`/v1/jobs/vacancies/${vacancy.id}/applications`, p.token, {}) };
}

// One that everybody sees, with a posting, a guest and a sign-up; one still to be checked.
async function live({ county, firm, vacancy, post, mint, now }, p) {
  const [shown] = [await propose(), await propose()];
  await post(`/v1/jobs/live-events/${shown.id}/approve`, mint({ roles: [`recheck@${county.code}`] }));
  await post(`/v1/jobs/live-events/${shown.id}/vacancies`, firm.token, { vacancy_id: vacancy.id });
  await post(`/v1/jobs/live-events/${shown.id}/invitations`, firm.token, { org_id: firm.org_id });
  await post(`/v1/jobs/live-events/${shown.id}/sign-ups`, p.token);

  function propose() {
    return post('/v1/jobs/live-events', firm.token, { title: '辖区直播', stream_url: 'https://live.example.cn/1',
      starts_at: `${dayPlus(now, 3)}T01:00:00Z`, ends_at: `${dayPlus(now, 3)}T02:00:00Z` });
  }
}

async function fair({ county, firm, vacancy, post, mint, now }, p) {
  const clerk = mint({ roles: [`clerk@${county.code}`] });
  const x = await post('/v1/jobs/fairs', clerk, { title: '辖区招聘会', place: '体育馆', area_code: county.town, booths: 2, posts_most: 2,
    starts_at: `${dayPlus(now, 3)}T01:00:00Z`, ends_at: `${dayPlus(now, 3)}T02:00:00Z` });
  const e = await post(`/v1/jobs/fairs/${x.id}/entries`, firm.token, {});
  await post(`/v1/jobs/fair-entries/${e.id}/assign`, clerk, {});
  await post(`/v1/jobs/fairs/${x.id}/vacancies`, firm.token, { vacancy_id: vacancy.id });
  await post(`/v1/jobs/fairs/${x.id}/sign-ups`, p.token);
}

export default {
  async furnish({ county, firm, vacancy, post, mint, now }) {
    const [met, offered] = [await applied(firm, vacancy, county.town, post), await applied(firm, vacancy, county.town, post)];
    await post(`/v1/jobs/applications/${met.a.id}/interviews`, firm.token,
      { times: [{ at: `${dayPlus(now, 3)}T01:00:00Z` }], mode: 'onsite', place: '厂区' });
    await post(`/v1/jobs/applications/${offered.a.id}/offer`, firm.token, { pay_cents: 1, pay_unit: 'hour' });
    await live({ county, firm, vacancy, post, mint, now }, met.p);
    await fair({ county, firm, vacancy, post, mint, now }, met.p);
  },
  public: ['jobs.live_vacancy', 'jobs.fair', 'jobs.fair_booth', 'jobs.fair_vacancy'],
  partly: { 'jobs.live_event': "state IN ('planned', 'live', 'ended')",
    'jobs.fair_entry': "state = 'assigned'" },
  // By person: whose résumé it is depends on who else was made here.
  blind: ['resume_get_person'],
  values: { 'interview_propose.times': [{ at: '2099-01-01T01:00:00Z' }],
    'interview_move.times': [{ at: '2099-01-01T01:00:00Z' }],
    stream_url: 'https://live.example.cn/1', replay_url: 'https://live.example.cn/2',
    starts_at: '2099-01-01T01:00:00Z', ends_at: '2099-01-01T02:00:00Z' },
};
