// registers -- declared and corrected work, a certificate, a household without
// work and what the city set, in each county.
import { call } from '../../lib/client.mjs';
import { person } from '../../lib/city.mjs';
import { known } from '../help.mjs';

async function furnish({ county, firm: f, post, mint, now }) {
  const as = (role) => mint({ roles: [`${role}@${county.code}`] });
  const [clerk, first, recheck] = ['clerk', 'first_review', 'recheck'].map(as);
  const city = mint({ roles: ['approve@431100'] });
  const [p, q, r] = await Promise.all([0, 1, 2].map(() => person({ area_code: county.town })));
  await post('/v1/jobs/register-values', as('approve'), { name: 'correction_days', county_code: county.code, from_on: now,
    value: 30, basis: '县区办法' });
  await call('POST', '/v1/jobs/difficulty-kinds/land_lost', { token: city, body: { from_on: now, switched: 'on', valid_months: 12,
    basis: '市级名单', source: 'city' } });
  await post('/v1/jobs/employment-declarations', p.token, { form: 'flexible', work_kind: '外卖配送', work_place: '县城',
    occupation_code: '6-24-01-00', started_on: now, income_month_cents: 100 });
  const d = await post('/v1/jobs/difficulty-applications', q.token, { kinds: ['land_lost'], proof_note: '征地协议' });
  const h = await post('/v1/jobs/households', r.token, { address: '某村一组', situation: '全家无业',
    members: [{ person_id: r.id, relation: 'self' }] });
  const step = (path, token, body) => call('POST', path, { token, body });
  await step(`/v1/jobs/difficulty-applications/${d.id}/first-review`, first, { decision: 'pass' });
  await step(`/v1/jobs/difficulty-applications/${d.id}/recheck`, recheck, { decision: 'pass' });
  await step(`/v1/jobs/households/${h.id}/visits`, clerk, { kind: 'check', visited_on: now, is_met: true, note: '属实' });
  await step(`/v1/jobs/households/${h.id}/first-review`, first, { decision: 'pass' });
  await step(`/v1/jobs/households/${h.id}/recheck`, recheck, { decision: 'pass' });
  const e = await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: q.id,
    occupation_code: '6-24-01-00', hired_on: now, contract_type: 'task', wage_cents: 1 } }));
  await step(`/v1/jobs/employments/${e.id}/correct`, first, { reason: '工资有误', wage_cents: 2 });
}

export default {
  furnish,
  words: { hardship_code: 'older' },
  queries: { retire_get: '?birth_on=1970-01-01&retire_class=male' },
  values: { 'difficulty_apply.kinds': ['land_lost'], 'household_apply.members': [
    { person_id: '00000000-0000-7000-8000-000000000001', relation: 'self' }], 'register_value_set.name': 'restore_days', 'register_value_set.value': 1 },
  public: ['jobs.difficulty_kind', 'jobs.register_value'],
};
