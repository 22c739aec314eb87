// Partners: a mandate, a posting and a placement sent by an agency.
import { randomUUID } from 'node:crypto';
import { eventually, firm } from '../../lib/city.mjs';
import { call } from '../../lib/client.mjs';
import { sql } from '../help.mjs';

export default {
  async furnish({ county, firm: f, jobless: p, mint, now }) {
    const agency = await firm({ kind: 'agency', area_code: county.town });
    await eventually(() => sql(`SELECT 1 FROM jobs.org WHERE id = '${agency.org_id}'`).length === 1, 'the agency is known');
    await call('POST', '/v1/jobs/org/mandates', { token: f.token, body: { partner_id: agency.org_id, may_post: true, may_place: true } });
    const token = mint({ roles: ['partner@431100'], org: agency.org_id });
    await call('POST', '/v1/jobs/partner/vacancies', { token, body: { rows: [{ partner_ref: 'P-1', org_id: f.org_id,
      title: '辖区代发岗位', occupation_code: '6-24-01-00', area_code: county.town, headcount: 1, pay_min_cents: 1,
      pay_max_cents: 2, pay_unit: 'hour', form: 'gig', contact_name: '李经理', contact_phone: '13900001111' }] } });
    await call('POST', '/v1/identity/me/consents', { token: p.token, body: { purpose: 'agency_resume', org_id: agency.org_id, text_version: 1 } });
    await eventually(() => sql(`SELECT 1 FROM jobs.consent WHERE person_id = '${p.id}' AND org_id = '${agency.org_id}'`).length === 1,
      'the consent is known');
    await call('POST', '/v1/jobs/partner/placements', { token, body: { rows: [{ partner_ref: 'T-1', org_id: f.org_id, person_id: p.id,
      occupation_code: '6-24-01-00', hired_on: now, contract_type: 'task', wage_cents: 1 }] } });
  },
  values: { partner_id: randomUUID() },
  // Rows are refused one by one, in a reply that is a report.
  formal: ['partner_vacancy_put', 'placement_import'],
};
