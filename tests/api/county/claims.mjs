// claims: a person's claim, an application with a file, an objection that is
// late, somebody on the list of calls, in each county.
import { call } from '../../lib/client.mjs';
import { eventually } from '../../lib/city.mjs';
import { certificate, citizen, card, make, policy } from '../claims_help.mjs';
import { pdf, upload } from '../files_help.mjs';
import { sql } from '../help.mjs';

async function furnish({ county, mint, now }) {
  const as = (role) => mint({ roles: [`${role}@${county.code}`] });
  const post = (path, token, body) => call('POST', `/v1/subsidies/${path}`, { token, body });
  const [t, u, v] = [await policy({}, 10_000_000, county), await policy({ mode: 'apply', evidence: [{ code: 'copy', title: '复印件', when: 'always' }] }, 0, county),
    await policy({ mode: 'auto' }, 0, county)];
  const p = await citizen(county);
  await certificate(p, t, { county });
  const c = await make(p, t);
  for (const [role, step] of [['first_review', 'first-review'], ['recheck', 'recheck'], ['approve', 'approve']])
    await post(`claims/${step}`, as(role), { claim_ids: [c.id], decision: 'pass' });
  const n = await post('notices', as('approve'), { claim_ids: [c.id] });
  const [line] = (await call('GET', `/v1/subsidies/notices/${n.id}/lines`)).items;
  const o = await call('POST', `/v1/subsidies/notices/${n.id}/objections`, { body: { line_id: line.id, content: '请核查此人证书' } });
  const a = await call('POST', '/v1/subsidies/applications', { token: p.token, body: { policy_code: u.code, from_on: '2025-09-01' } });
  await upload(`applications/${a.id}`, p.token, 'copy', pdf(), 'a.pdf');
  await post(`applications/${a.id}/submit`, p.token, card(p));
  await certificate(p, v, { county });
  await eventually(() => sql(`SELECT count(*) FROM subsidies.claim WHERE policy_code = '${v.code}'`)[0][0] !== '0', 'the claim is found');
  sql(`SELECT platform.act_as(at => '${now}T01:00:00Z'); INSERT INTO subsidies.nudge (claim_id, texts, last_on, policy_code, title, payee_name, county_code, area_code)
    SELECT id, 3, '${now}', policy_code, '测试', person_name_masked, county_code, area_code FROM subsidies.claim WHERE policy_code = '${v.code}';
    INSERT INTO subsidies.overdue_mark (subject_id, step, due_on, kind, county_code) VALUES ('${o.id}', 'objection', '${now}', 'objection', '${county.code}')`);
}

export default {
  furnish,
  // A file's bytes name no county; what is late is so by days that the test's clock does not reach.
  blind: ['apply_file_get', 'overdue_list', 'call_list'],
  queries: { apply_file_add: '?slot=copy&name=a.pdf' },
  values: { 'apply_accept.evidence': [{ code: 'copy', accepted: true }], 'apply_accept.numbers': [1], numbers: [1],
    corrections: [{ claim_id: '00000000-0000-7000-8000-000000000001', amount_cents: 1 }] },
  formal: ['apply_ask', 'apply_file_add'],
};
