// places and the grass roots: what there is of them in one county.
import { call } from '../../lib/client.mjs';
import { outlet } from '../counter.mjs';
import { eventually, someone } from '../../lib/city.mjs';
import { dayPlus, sql } from '../help.mjs';

async function furnish({ county, mint, now }) {
  const as = (role, area = county.code) => mint({ roles: [`${role}@${area}`] });
  const o = await outlet(county.town);
  await eventually(() => sql(`SELECT 1 FROM jobs.outlet WHERE id = '${o.id}'`).length, 'jobs knows the outlet');
  const p = await call('POST', '/v1/jobs/places', { token: as('clerk'), body: { kind: 'station', name: '辖区小站',
    address: '街道一号', area_code: county.town, lat_e6: 26000000, lng_e6: 111000000, outlet_id: o.id } });
  await call('POST', `/v1/jobs/places/${p.id}/move`, { token: as('clerk'), body: { state: 'building' } });
  await call('POST', `/v1/jobs/places/${p.id}/accept`, { token: as('approve', '431100'), body: { note: '核实' } });
  // A hall against a checklist, a village's task with a record drawn from it.
  // (both counties set one at once: either will do)
  await call('POST', '/v1/jobs/hall-checklists', { token: as('approve', '431100'), refused: true, body: { basis: '验收标准', pass_score: 1,
    items: [{ code: 'A1', title: '叫号', points: 1, required: true }] } });
  const hall = await call('POST', '/v1/jobs/places', { token: as('clerk'), body: { kind: 'hall', name: '辖区大厅',
    address: '街道二号', area_code: county.town, lat_e6: 26000000, lng_e6: 111000000 } });
  await call('POST', `/v1/jobs/places/${hall.id}/move`, { token: as('clerk'), body: { state: 'building' } });
  await call('POST', `/v1/jobs/places/${hall.id}/hall-projects`, { token: as('clerk'), body: { evidence: [{ code: 'A1', note: '照片' }] } });
  await call('POST', `/v1/jobs/places/${hall.id}/works`, { token: as('clerk'), body: { title: '大厅改造', due_on: now, reason: '合同约定' } });
  const [village] = sql(`SELECT code FROM reference.villages WHERE code LIKE '${county.town}%' ORDER BY code DESC LIMIT 1`).flat();
  const { tasks: [task] } = await call('POST', '/v1/jobs/collect-tasks', { token: as('first_review'), body: { title: '采集',
    kind: 'full', area_code: village, form_version: 1, due_on: now } });
  const { name, id_number } = someone();
  await call('POST', '/v1/jobs/labour-records', { token: as('clerk'), body: { id_number, name, village_code: village,
    employment_state: 'unemployed', willing: true } });
  await call('POST', `/v1/jobs/collect-tasks/${task.id}/sample`, { token: as('approve'), body: { count: 1 } });
  await call('POST', '/v1/jobs/ratings', { token: as('clerk'), body: { village_code: village, from_on: dayPlus(now, -90), to_on: now } });
  await call('POST', `/v1/jobs/places/${p.id}/rights`, { token: as('approve'), body: { matter_code: 'JB-01' } });
}

export default {
  furnish,
  values: { 'place_right_give.matter_code': 'JB-02', lat_e6: 26000000, lng_e6: 111000000, village_code: '431103001001',
    evidence: [{ code: 'A1', note: '照片' }], scores: [{ code: 'A1', points: 1 }], items: [{ code: 'A1', title: '叫号', points: 1, required: true }], },
  queries: { rating_measure: '?village_code=431129100008&from_on=2025-01-01&to_on=2025-06-01', settlement_figures: '?from_on=2025-01-01&to_on=2030-01-01' },
  blind: [],
  formal: [],
  public: ['jobs.place_target', 'jobs.rating_rule', 'jobs.hall_checklist', 'jobs.settlement_rule'],
  partly: { 'jobs.rating': "state = 'approved'", 'jobs.place': "state = 'open'",
    'jobs.place_right': "withdrawn_at IS NULL AND EXISTS (SELECT FROM jobs.place p WHERE p.id = place_id AND p.state = 'open')" },
};
