// places and the grass roots: what there is of them in one county.
import { call } from '../../lib/client.mjs';
import { outlet } from '../counter.mjs';
import { eventually } from '../../lib/city.mjs';
import { sql } from '../help.mjs';

async function furnish({ county, mint }) {
  const as = (role, area = county.code) => mint({ roles: [`${role}@${area}`] });
  const o = await outlet(county.town);
  await eventually(() => sql(`SELECT 1 FROM jobs.outlet WHERE id = '${o.id}'`).length, 'jobs knows the outlet');
  const p = await call('POST', '/v1/jobs/places', { token: as('clerk'), body: { kind: 'station', name: '辖区小站',
    address: '街道一号', area_code: county.town, lat_e6: 26000000, lng_e6: 111000000, outlet_id: o.id } });
  await call('POST', `/v1/jobs/places/${p.id}/move`, { token: as('clerk'), body: { state: 'building' } });
  await call('POST', `/v1/jobs/places/${p.id}/accept`, { token: as('approve', '431100'), body: { note: '核实' } });
  await call('POST', `/v1/jobs/places/${p.id}/rights`, { token: as('approve'), body: { matter_code: 'JB-01' } });
}

export default {
  furnish,
  values: { 'place_right_give.matter_code': 'JB-02', lat_e6: 26000000, lng_e6: 111000000 },
  public: ['jobs.place_target', 'jobs.hall_checklist'],
  partly: { 'jobs.place': "state = 'open'",
    'jobs.place_right': "withdrawn_at IS NULL AND EXISTS (SELECT FROM jobs.place p WHERE p.id = place_id AND p.state = 'open')" },
};
