// demand: a wish and a need of one county, a class that has taken of it, what is
// open and who is free; and a draft of the city's list.
import { call } from '../../lib/client.mjs';
import { eventually } from '../../lib/city.mjs';
import { dayPlus, sql } from '../help.mjs';

async function furnish({ county, firm, jobless, post, mint, now }) {
  const first = mint({ roles: [`first_review@${county.code}`] });
  const wish = await post('/v1/training/my/demands', jobless.token, { occupation_code: '6-24' });
  await post('/v1/training/org/demands', firm.token, { occupation_code: '6-24-01-00', headcount: 50, area_code: county.town });
  const need = await post('/v1/training/org/demands', firm.token, { occupation_code: '6-24-01-00', headcount: 500, area_code: county.town });
  for (const d of [wish, need]) await call('POST', `/v1/training/demands/${d.id}/confirm`, { token: first, body: {} });
  await eventually(() => sql(`SELECT 1 FROM training.vacancy v, training.jobless j
    WHERE v.county_code = '${county.code}' AND v.state = 'open' AND j.person_id = '${jobless.id}'`).length, 'training knows what is open');
  await call('POST', '/v1/training/shortage-lists', { token: mint({ roles: ['first_review@431100'] }), body: { title: '目录草稿', basis: '文号',
    from_on: dayPlus(now, 900), to_on: dayPlus(now, 901), items: [{ occupation_code: '6-24-01-00', reason: '缺工', source: '监测' }] } });
}

export default {
  furnish,
  queries: { demand_left_of: '?occupation_code=6-24-01-00&level=5&county_code=431129' },
  values: { 'shortage_draft.items': [{ occupation_code: '6', reason: '缺工', source: '监测' }] },
  // The versions of the city's list, which belong to no county.
  blind: ['shortage_list_list'],
  formal: [],
  public: [],
  partly: {},
};
