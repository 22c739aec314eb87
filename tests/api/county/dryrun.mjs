// dry runs with one row each, and one claim on the draft list, in each county.
import { call } from '../../lib/client.mjs';
import { eventually } from '../../lib/city.mjs';
import { sql } from '../help.mjs';

export default {
  async furnish({ county, firm: f, mint }) {
    const token = mint({ roles: [`approve@${county.code}`] });
    const document = JSON.parse(sql(`SELECT document FROM subsidies.policy_version WHERE code = 'KGBZ' AND version = 1`)[0][0]);
    const { id } = await call('POST', '/v1/subsidies/dry-runs', { token, body: { document, from_on: '2025-01-01', to_on: '2025-06-30',
      county_code: county.code } });
    await eventually(async () => (await call('GET', `/v1/subsidies/dry-runs/${id}`, { token })).state === 'done', 'the dry run is done');
    sql(`INSERT INTO subsidies.dry_run_row (dry_run_id, subject_id, change, org_id, subject_on, county_code)
      VALUES ('${id}', gen_random_uuid(), 'winner', '${f.org_id}', '2025-03-01', '${county.code}')`);
    sql(`BEGIN; SET LOCAL app.rows_why = 'furniture of a test';
      INSERT INTO subsidies.claim (policy_code, policy_version_id, benefit_family, subject_kind, subject_id, org_id, org_name, payee_kind,
          payee_id, amount_cents, state, county_code)
        SELECT code, id, benefit_family, 'employment', gen_random_uuid(), '${f.org_id}', '名单上的单位', 'org', '${f.org_id}', amount_cents,
               'drafted', '${county.code}' FROM subsidies.policy_version WHERE code = 'KGBZ' AND version = 1; COMMIT`);
  },
};
