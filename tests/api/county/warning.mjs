// warning: an alert, what was judged and what happened in one county; a policy
// that its bureau had assessed.
import { randomUUID } from 'node:crypto';
import { call } from '../../lib/client.mjs';
import { eventually, firm } from '../../lib/city.mjs';
import { LST } from '../grant.mjs';
import { handIn, pdf } from '../files_help.mjs';
import { sql } from '../help.mjs';

const answers = { field: '产业', content: '内容', effect: '影响', coordination: '衔接' };
const SETTING = '00000000-0000-7000-8000-00000000ca5e';	// proposed, and never in force

async function furnish({ county, post, mint, now }) {
  sql(`SELECT platform.act_as(at => '${now}T04:00:00Z');
    SELECT monitoring.alert_for_layoff('${randomUUID()}', '${randomUUID()}', 30, 200, '${county.code}', '${county.town}');
    INSERT INTO monitoring.warning_setting (id, rule_code, version, levels, wait_days, basis, from_on, made_by)
    VALUES ('${SETTING}', 'job_loss_rate', 1 + (SELECT coalesce(max(version), 0) FROM monitoring.warning_setting WHERE rule_code = 'job_loss_rate'),
      '[{"colour": "red", "enter": 2, "leave": 1}]', 0, '辖区', '2099-01-01', '${randomUUID()}') ON CONFLICT (id) DO NOTHING;
    INSERT INTO monitoring.warning_reading (rule_code, area_code, period_on, setting_id, colour, county_code)
    VALUES ('job_loss_rate', '${county.code}', '2024-01-01', '${SETTING}', 'clear', '${county.code}') ON CONFLICT DO NOTHING`);
  await call('POST', '/v1/monitoring/episodes', { token: mint({ roles: [`first_review@${county.code}`] }), body: { area_code: county.code,
    title: `辖区波动${randomUUID().slice(0, 6)}`, from_on: now, to_on: now, source: '走访' } });
  const bureau = await firm({ kind: 'public_body', area_code: county.town, industry_code: undefined });
  await eventually(() => sql(`SELECT count(*) FROM monitoring.org WHERE id = '${bureau.org_id}'`)[0][0] === '1', 'the bureau is known');
  const a = await post('/v1/monitoring/assessments/policy', bureau.token, { title: '辖区政策', county_code: county.code, answers });
  await handIn(`/v1/monitoring/assessments/${a.id}`, bureau.token, 'document', pdf(), '办法.pdf');
}

export default {
  furnish,
  words: { rule_code: 'job_loss_rate' },
  values: { 'warning_rule_define.code': 'rule_of_scope', 'warning_rule_define.measures': ['job_losses'],
    'warning_setting_propose.levels': [{ colour: 'red', enter: 2, leave: 1 }], 'episode_enter.area_code': LST.code,
    'backtest_run.from_on': '2025-01-01', 'backtest_run.to_on': '2025-01-02', 'assessment_policy.answers': answers,
    'assessment_impact.answers': { subject: '重大项目', content: '内容', effect: '影响', measures: '措施' }, 'assessment_resubmit.answers': answers, 'assessment_follow_add.on_day': '2025-01-02',
    'assessment_form_propose.questions': [{ code: 'content', text: '内容', type: 'text', required: true }] },
  // Definitions and numbers of the city; a file has no county to show.
  blind: ['warning_rule_list', 'warning_setting_list', 'backtest_list', 'assessment_form_list', 'assessment_file_get'],
  formal: ['assessment_file_add'],	// wants its slot first
  public: ['monitoring.warning_rule', 'monitoring.warning_setting', 'monitoring.assessment_form'],
  partly: {},
};
