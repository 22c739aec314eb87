// The numbers of the city: one is proposed, for a day that is far away.
import { call } from '../../lib/client.mjs';
import { sql } from '../help.mjs';

async function furnish({ mint }) {
  if (sql(`SELECT 1 FROM monitoring.setting WHERE name = 'survey_days' AND state = 'proposed'`).length > 0) return;
  await call('POST', '/v1/monitoring/settings', { token: mint({ roles: ['approve@431100'] }),
    body: { name: 'survey_days', value: 5, basis: '辖区', from_on: '2099-01-01' } });
}

export default {
  furnish,
  values: { 'setting_propose.name': 'survey_days', 'setting_propose.value': 5, 'setting_propose.part': undefined, 'setting_propose.from_on': '2099-01-01' },
  // Of the whole city.
  blind: ['setting_list', 'setting_history'],
  partly: { 'monitoring.setting': "state IN ('confirmed', 'replaced')" },
};
