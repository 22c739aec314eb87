// What matching brings to scope.test.mjs: somebody who can be found, put a
// posting aside, was invited, and a list made by night.
import { call } from '../../lib/client.mjs';
import { eventually } from '../../lib/city.mjs';
import { sql } from '../help.mjs';

export default {
  async furnish({ firm, applicant, jobless, vacancy }) {
    for (const p of [applicant, jobless])
      await eventually(() => sql(`SELECT id FROM jobs.person WHERE id = '${p.id}'`).length, 'known');
    sql(`INSERT INTO jobs.resume (person_id, name_masked, is_findable, county_code, area_code)
      SELECT id, name_masked, true, county_code, area_code FROM jobs.person WHERE id IN ('${applicant.id}', '${jobless.id}')
      ON CONFLICT (person_id) DO UPDATE SET state = 'seeking', is_findable = true;
      INSERT INTO jobs.match_list (person_id, rank, vacancy_id, score, parts, whys, weight_version, made_on, county_code, area_code)
      SELECT id, 100, '${vacancy.id}', 1, '{1}', '{1}', 1, platform.today(), county_code, area_code
        FROM jobs.person WHERE id = '${jobless.id}';
      INSERT INTO jobs.match_told (person_id, vacancy_id, score, county_code, area_code)
      SELECT id, '${vacancy.id}', 1, county_code, area_code FROM jobs.person WHERE id = '${jobless.id}' ON CONFLICT DO NOTHING`);
    await call('POST', `/v1/jobs/vacancies/${vacancy.id}/invitations`, { token: firm.token, body: { person_id: jobless.id } });
    await call('POST', `/v1/jobs/my/matches/${vacancy.id}/dismiss`, { token: applicant.token, body: { reason: 'other' } });
  },
  // Of the whole city: the weights, and how far each night came.
  blind: ['match_weight_list', 'match_day_list'],
};
