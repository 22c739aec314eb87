// surveys: a sampled firm with a report on its way, a key firm with its officer,
// report and shortage, and a layoff, in each county.
import { randomUUID } from 'node:crypto';
import { call } from '../../lib/client.mjs';
import { eventually } from '../../lib/city.mjs';
import { known, NOBODY, sql } from '../help.mjs';

const OCC = '6-24-01-00';
let panel;	// of the whole city: made by whoever comes first

async function running(mint, month) {
  const [maker, starter] = [1, 2].map(() => mint({ roles: ['approve@431100'] }));
  const [had] = (await call('GET', '/v1/monitoring/survey-panels?state=running', { token: maker })).items;
  if (had) return had;
  const p = await call('POST', '/v1/monitoring/survey-panels', { token: maker, body: { name: '监测样本', basis: '市方案', from_month: month } });
  await eventually(() => sql(`SELECT 1 FROM monitoring.org WHERE county_code = '431129'`).length, 'an organisation');
  const [[org]] = sql(`SELECT id FROM monitoring.org WHERE county_code = '431129' ORDER BY id DESC LIMIT 1`);
  await call('POST', `/v1/monitoring/survey-panels/${p.id}/firms`, { token: maker, body: { org_id: org } });
  return call('POST', `/v1/monitoring/survey-panels/${p.id}/start`, { token: starter });
}

async function furnish({ county, firm: f, post, mint, now }) {
  const month = `${now.slice(0, 8)}01`, city = mint({ roles: ['approve@431100'] }), first = mint({ roles: [`first_review@${county.code}`] });
  panel ??= running(mint, month);
  const { id } = await panel;
  await known(() => call('POST', `/v1/monitoring/survey-panels/${id}/firms`, { token: city, refused: true, body: { org_id: f.org_id, from_month: month } }));
  sql(`SELECT platform.act_as(at => '${now}T04:00:00Z'); SELECT monitoring.survey_turn()`);
  const [report] = (await call('GET', '/v1/monitoring/survey-reports', { token: f.token })).items;
  await call('POST', `/v1/monitoring/survey-reports/${report.id}/submit`, { token: f.token, body: { base_heads: 9, current_heads: 9 } });
  const k = await post('/v1/monitoring/key-firms', first, { org_id: f.org_id, tier: 'county', basis: '县名单', officer_id: randomUUID(), officer_name: '专员' });
  await post(`/v1/monitoring/key-firms/${k.id}/reports`, f.token, { month, heads: 9, hires: 1, leavers: 1, orders: 'level', open_posts: 1, plan_hires: 0,
    shortages: [{ occupation_code: OCC, headcount: 3 }] });
  await post('/v1/monitoring/layoffs', f.token, { headcount: 20, staff: 90, reason: 'change', noticed_on: now, planned_on: `${Number(now.slice(0, 4)) + 1}${now.slice(4)}`,
    plan: '裁减二十人，依法补偿安置', union_view: '工会无异议' });
  await eventually(() => sql(`SELECT 1 FROM monitoring.shortage WHERE county_code = '${county.code}' AND matched_at IS NOT NULL`).length, 'jobs was asked');
}

const WORD = [{ code: 'orders', name: '订单不足' }];

export default {
  furnish,
  words: { version_no: '1' },
  queries: { seeker_match_list: `?occupation_code=${OCC}&county_code=431129` },
  values: { 'survey_form_draft.types': WORD, 'survey_form_draft.reasons': WORD, 'survey_panel_rules.rules': [],
    'survey_form_draft.from_month': '2098-01-01', 'survey_panel_make.from_month': '2098-01-01', 'survey_panel_close.until_month': '2098-01-01',
    'survey_firm_leave.until_month': '2098-01-01', 'survey_firm_add.org_id': NOBODY, 'key_firm_name.org_id': NOBODY, 'key_firm_name.officer_id': NOBODY,
    'key_firm_assign.officer_id': NOBODY,
    'key_report_submit.month': '2025-10-01', 'layoff_report.planned_on': '2098-01-01' },
  // Of the whole city: its form, its panels, by whose id their firms are asked for; why people left, summed; seekers there may be none.
  blind: ['survey_form_list', 'survey_panel_list', 'survey_panel_get', 'survey_firm_list', 'survey_loss_list', 'seeker_match_list'],
  partly: { 'monitoring.survey_form': "state = 'published'", 'monitoring.survey_panel': "state <> 'draft'" },
};
