// Work items: a task, a report, a question in each county; a dataset of the city.
import { call } from '../../lib/client.mjs';
import { sql } from '../help.mjs';

const QUARTER = '?year=2025&quarter=1';

async function furnish({ county, mint }) {
  const as = (role, area = '431100') => mint({ roles: [`${role}@${area}`] });
  const post = (path, token, body) => call('POST', `/v1/monitoring/${path}`, { token, body });
  await post('work-quotas', as('first_review'), { item_no: 3, what: '就业帮扶车间', county_code: county.code, year: 2025, amount: 80, legal_basis: '年度任务分解' });
  await post('progress', as('clerk', county.code), { item_no: 3, county_code: county.code, year: 2025, quarter: 1, summary: '提质改造帮扶车间。',
    figures: [{ what: '就业帮扶车间', reported: 12 }] });
  await post('supervisions', as('first_review'), { item_no: 3, county_code: county.code, content: '请说明帮扶车间进度。', due_on: '2099-01-01' });
  for (const name of ['report_due_days', 'praise_reports_per_mille'])
    sql(`INSERT INTO monitoring.setting (name, value, basis, from_on, state, proposed_by, confirmed_by, confirmed_at)
      VALUES ('${name}', 0, '测试', '2025-01-01', 'confirmed', gen_random_uuid(), gen_random_uuid(), now()) ON CONFLICT DO NOTHING`);
  if (sql(`SELECT 1 FROM monitoring.dataset WHERE code = 'scope_cells'`).length > 0) return;
  const d = await post('datasets', as('first_review'), { code: 'scope_cells', name: '新登记失业汇总', kind: 'aggregate', owner: '市人社局', purpose: '形势研判',
    legal_basis: '就业促进法第十一条', measure: 'unemployed_new', reads_a_day: 10, rows_a_day: 1000, expires_on: '2099-01-01' });
  await post(`datasets/${d.id}/approve`, as('approve'));
}

export default {
  furnish,
  words: { dataset_code: 'scope_cells' },
  queries: { shared_cells: '?period=2025-01', work_board: QUARTER, work_overdue: QUARTER, work_praise: QUARTER },
  values: { 'dataset_propose.kind': 'aggregate', 'dataset_propose.measure': 'unemployed_new', 'dataset_propose.code': 'scope_other',
    'work_item_propose.units': ['市人社局'] },
  // datasets, who receives them and how they are read are the city's own; evidence is no JSON
  blind: ['dataset_list', 'dataset_get', 'dataset_read_list', 'dataset_usage', 'recipient_list', 'shared_cells', 'progress_file_get'],
  // evidence is no JSON
  formal: ['progress_file_add'],
};
