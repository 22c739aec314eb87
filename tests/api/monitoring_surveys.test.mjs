// 失业动态监测: the panel, the form as data, the monthly report from its opening
// to a correction, what it must not contradict, and the rates that come of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, firm } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';
import { setNumber } from './setting_help.mjs';

const start = await today(), MONTH = `${start.slice(0, 8)}01`, EARLIER = `${dayPlus(MONTH, -1).slice(0, 8)}01`;
const NEXT = `${dayPlus(MONTH, 40).slice(0, 8)}01`;
const mint = minter((await desk('jh.first')).token);
const officer = (role) => mint({ roles: [role] });
const [city, other, third] = [1, 2, 3].map(() => officer('approve@431100'));
const county = officer('first_review@431129'), clerk = officer('clerk@431129'), away = officer('first_review@431103');
const get = (path, token) => call('GET', `/v1/monitoring/${path}`, { token });
const post = (path, token, body) => call('POST', `/v1/monitoring/${path}`, { token, body });
const no = (path, token, body, ...why) => refused('POST', `/v1/monitoring/${path}`, { token, body }, ...why);
const turn = (day = start) => sql(`SELECT platform.act_as(at => '${day}T04:00:00Z'); SELECT monitoring.survey_turn()`);
const told = (f, kind) => Number(sql(`SELECT count(*) FROM monitoring.message WHERE org_id = '${f.org_id}' AND kind = '${kind}'`)[0][0]);

let panel, firms;
const reportOf = (f) => get('survey-reports', f.token).then((r) => r.items[0]);
const good = { base_heads: 100, current_heads: 90, decrease_type: 'layoff', reasons: [{ code: 'orders' }, { code: 'other', text: '订单外移' }] };

await setNumber(mint, 'survey_days', 5);
await setNumber(mint, 'survey_remind_days', 2);

test('the form is versioned data: ten types, fifteen reasons, drafted by one and published by another', async () => {
  const form = (await get('survey-forms', county)).items.at(-1);
  assert.deepEqual([form.version, form.types.length, form.reasons.length, form.reasons_most], [1, 10, 15, 3]);
  assert.deepEqual(form.types.map((t) => t.name).slice(0, 3), ['关闭破产', '停业整顿', '经济性裁员']);
  const body = { title: '监测表新版', basis: '系统3.0', types: form.types, reasons: form.reasons.slice(0, 4), reasons_most: 2,
    more: [{ code: 'open_posts', name: '空缺岗位', kind: 'count', needed: 'always' }], from_month: NEXT };
  await no('survey-forms', county, body, 403, 'auth.area');
  await eachMistake('POST', '/v1/monitoring/survey-forms', city, body, [
    [{ reasons_most: 5 }, '/reasons_most field.too_large'],
    [{ types: [...form.types, form.types[0]] }, '/types field.duplicate'],
    [{ more: [{ code: 'Open', name: '空', kind: 'sum', needed: 'always' }] }, '/more/0/code field.format', '/more/0/kind field.choice']]);
  await no('survey-forms', city, { ...body, from_month: dayPlus(NEXT, 1) }, 422, 'monitoring.month', '/from_month monitoring.month');
  const draft = await post('survey-forms', city, body);
  await no(`survey-forms/${draft.version}/publish`, city, undefined, 409, 'monitoring.same_hand');
  await no('survey-forms/999/publish', other, undefined, 404, 'request.not_found');
  const late = await post('survey-forms', city, { ...body, from_month: MONTH });
  await no(`survey-forms/${late.version}/publish`, other, undefined, 409, 'monitoring.month_begun');
  assert.equal((await post(`survey-forms/${draft.version}/publish`, other)).state, 'published');
  await no(`survey-forms/${draft.version}/publish`, third, undefined, 409, 'state.wrong');
  await refused('GET', '/v1/monitoring/survey-forms?limit=0', { token: county }, 422, 'request.invalid', 'limit field.too_small');
  sql(`UPDATE monitoring.survey_form SET from_month = '2199-01-01' WHERE version = ${draft.version}`);	// other tests move the clock
});

test('a panel: chosen by counties and city, its mix beside its rules, started by another', async () => {
  firms = await Promise.all([firm(), firm(), firm({ area_code: '431103001' }), firm()]);
  const body = { name: '失业动态监测样本', basis: '市监测方案', from_month: '2024-01-01' };	// before any day of these tests
  await no('survey-panels', county, body, 403, 'auth.area');
  await eachMistake('POST', '/v1/monitoring/survey-panels', city, body, [
    [{ until_month: '2023-12-01' }, '/until_month field.date_order'],
    [{ rules: [{ what: 'size', basis: '无' }] }, '/rules/0/basis field.too_short']]);
  await no('survey-panels', city, { ...body, from_month: dayPlus(MONTH, 1) }, 422, 'monitoring.month');
  await no('survey-panels', city, { ...body, rules: [{ what: 'size', basis: '方案' }] }, 422, 'monitoring.rule_incomplete');
  panel = await post('survey-panels', city, body);
  assert.deepEqual([panel.state, panel.has_rules, panel.rules], ['draft', false, []]);
  const path = `survey-panels/${panel.id}`;
  await no(`${path}/start`, other, undefined, 409, 'monitoring.panel_empty');
  const add = (f, who, over) => known(() => call('POST', `/v1/monitoring/${path}/firms`, { token: who, refused: true,
    body: { org_id: f.org_id, ownership: 'private', size: 'small', ...over } }));
  const one = await add(firms[0], county, { base_heads: 100 });
  assert.deepEqual([one.industry_code, one.base_heads, one.county_code], ['C', 100, '431129']);
  await no(`${path}/firms`, county, { org_id: firms[0].org_id }, 409, 'state.exists');
  await no(`${path}/firms`, county, { org_id: firms[2].org_id }, 409, 'monitoring.org_unknown');
  const rules = [{ what: 'industry', value: 'C', most_milli: 400, basis: '市方案' }, { what: 'size', value: 'medium,small,micro', least_milli: 600, basis: '市方案' },
    { what: 'insured', least: 100, basis: '市方案' }];
  await refused('PUT', `/v1/monitoring/${path}/rules`, { token: city, body: { rules: [{ what: 'insured', basis: '市方案' }] } }, 422,
    'monitoring.rule_incomplete');
  const ruled = await call('PUT', `/v1/monitoring/${path}/rules`, { token: city, body: { rules } });
  assert.deepEqual(ruled.rules.map((r) => [r.firms, r.matching, r.share_milli, r.is_met]), [[1, 1, 1000, false], [1, 1, 1000, true], [1, 0, null, false]]);
  await no(`${path}/firms`, county, { org_id: firms[1].org_id, insured_heads: 99 }, 422, 'monitoring.sample_rule');
  await call('PUT', `/v1/monitoring/${path}/rules`, { token: city, body: { rules: [] } });
  await add(firms[1], county, {});
  await add(firms[2], city, { base_heads: 100 });
  await no(`${path}/start`, city, undefined, 409, 'monitoring.same_hand');
  assert.equal((await post(`${path}/start`, other)).state, 'running');
  await no(`${path}/start`, third, undefined, 409, 'state.wrong');
  await no(`${path}/firms`, county, { org_id: firms[3].org_id }, 409, 'state.wrong');
  await refused('PUT', `/v1/monitoring/${path}/rules`, { token: city, body: { rules } }, 409, 'state.wrong');
  const clash = await post('survey-panels', city, { ...body, until_month: MONTH });
  await known(() => call('POST', `/v1/monitoring/survey-panels/${clash.id}/firms`, { token: city, refused: true, body: { org_id: firms[0].org_id } }));
  await no(`survey-panels/${clash.id}/start`, other, undefined, 409, 'monitoring.panel_months');
  const leaving = await add(firms[3], city, {});
  await no(`survey-firms/${leaving.id}/leave`, county, { until_month: EARLIER, note: '迁出本市' }, 404, 'request.not_found');
  await no(`survey-firms/${leaving.id}/leave`, city, { until_month: start.endsWith('01') ? dayPlus(start, 1) : start, note: '迁出本市' }, 422, 'monitoring.month');
  assert.equal((await post(`survey-firms/${leaving.id}/leave`, city, { until_month: EARLIER, note: '迁出本市' })).until_month, EARLIER);
  await no(`survey-firms/${leaving.id}/leave`, city, { until_month: EARLIER, note: '迁出本市' }, 409, 'state.wrong');
  assert.deepEqual((await walk(`/v1/monitoring/${path}/firms`, county, 1)).map((f) => f.county_code), ['431129', '431129', '431129']);
  assert.equal((await get(`${path}/firms?county_code=431103`, city)).items.length, 1);
  await refused('GET', `/v1/monitoring/${path}/firms?county_code=999999`, { token: city }, 422, 'request.invalid', 'county_code field.area_code');
  assert.equal((await get(path, county)).id, panel.id);
  await refused('GET', `/v1/monitoring/survey-panels/${NOBODY}`, { token: county }, 404, 'request.not_found');
  assert.ok((await get('survey-panels?state=running', county)).items.length === 1);
  await refused('GET', '/v1/monitoring/survey-panels?state=lost', { token: county }, 422, 'request.invalid', 'state field.choice');
});

test('opened by the clock once, drafted and handed in; every contradiction is named at its field', async () => {
  turn();
  turn();
  const [f, g, , gone] = firms, r = await reportOf(f);
  assert.deepEqual([r.state, r.month, r.version, r.due_on, r.is_overdue], ['open', MONTH, 1, dayPlus(start, 5), false]);
  assert.equal(await reportOf(gone), undefined, 'who left is not asked');
  assert.equal(told(f, 'survey_opened'), 1);
  const path = `survey-reports/${r.id}`;
  const put = (body, token = f.token) => call('PUT', `/v1/monitoring/${path}`, { token, body });
  assert.equal((await put({ base_heads: 100, current_heads: 90 })).state, 'draft');
  await refused('PUT', `/v1/monitoring/${path}`, { token: f.token, body: { ...good, decrease_type: 'luck' } }, 422, 'request.invalid', '/decrease_type field.choice');
  await refused('PUT', `/v1/monitoring/${path}`, { token: g.token, body: good }, 404, 'request.not_found');
  const submit = `/v1/monitoring/${path}/submit`;
  await eachMistake('POST', submit, f.token, good, [
    [{ decrease_type: undefined, reasons: undefined }, '/decrease_type field.missing', '/reasons field.missing'],
    [{ current_heads: 100 }, '/decrease_type monitoring.no_decrease', '/reasons monitoring.no_decrease'],
    [{ current_heads: 120, decrease_type: undefined }, '/reasons monitoring.no_decrease'],
    [{ base_heads: 101, decrease_type: 'luck', reasons: [{ code: 'orders' }, { code: 'orders' }, { code: 'orders' }] },
      '/base_heads monitoring.survey_base', '/decrease_type field.choice', '/reasons/1/code field.duplicate', '/reasons/2/code field.duplicate'],
    [{ decrease_type: 'other', reasons: [{ code: 'other' }, { code: 'tax', text: '多余说明' }] },
      '/decrease_text field.missing', '/reasons/0/text field.missing', '/reasons/1/text field.unknown'],
    [{ reasons: ['orders', 'tax', 'funds', 'energy'].map((code) => ({ code })) }, '/reasons field.count'],
    [{ more: { extra: 1 } }, '/more/extra field.unknown'],
    [{ more: [] }, '/more field.type'],
    [{ current_heads: -1 }, '/current_heads field.too_small']]);
  assert.equal((await get(path, f.token)).state, 'draft', 'nothing half-saved');
  const done = await call('POST', submit, { token: f.token, body: good });
  assert.deepEqual([done.state, done.via, done.case_state], ['submitted', 'org', 'accepted']);
  assert.match(done.case_no, /^MO/);
  await refused('POST', submit, { token: f.token, body: good }, 409, 'state.wrong');
  assert.throws(() => sql(`UPDATE monitoring.survey_report SET decrease_type = NULL WHERE id = '${r.id}'`), /whole_check/);
  assert.throws(() => sql(`UPDATE monitoring.survey_report SET reviewed_by = submitted_by WHERE id = '${r.id}'`), /hands_check/);
});

test('county, then city; returned with a note, handed in again by a clerk; corrected as a new version', async () => {
  const [f, g] = firms, r = await reportOf(f), path = `survey-reports/${r.id}`;
  await no(`${path}/accept`, city, { pass: true }, 409, 'state.wrong');
  await no(`${path}/review`, away, { pass: true }, 404, 'request.not_found');
  await no(`${path}/review`, county, { pass: false }, 422, 'request.invalid', '/note field.missing');
  await no(`${path}/review`, f.token, { pass: true }, 403, 'auth.forbidden');
  assert.equal((await post(`${path}/review`, county, { pass: false, note: '人数与社保不符' })).state, 'returned');
  assert.equal(told(f, 'survey_returned'), 1);
  const again = await post(`${path}/submit`, clerk, good);
  assert.deepEqual([again.via, again.state, again.note], ['clerk', 'submitted', null]);
  await post(`${path}/review`, county, { pass: true });
  await no(`${path}/accept`, officer('recheck@431129'), { pass: true }, 403, 'auth.area');
  assert.equal((await post(`${path}/accept`, city, { pass: false, note: '请补充说明' })).state, 'returned');
  for (const token of [clerk, county])
    assert.equal((await walk('/v1/messages?kind=survey_returned&unread=true', token, 50)).filter((m) => m.subject_id === r.id).length, 1,
      'who handed it in and who passed it are told');
  await post(`${path}/submit`, f.token, good);
  await post(`${path}/review`, county, { pass: true });
  await no(`${path}/corrections`, f.token, { why: '尚未通过' }, 409, 'state.wrong');
  const accepted = await post(`${path}/accept`, city, { pass: true });
  assert.equal(accepted.state, 'accepted');
  const whole = await get(path, f.token);
  assert.deepEqual(whole.steps.map((s) => s.state).join(), 'open,draft,submitted,returned,submitted,reviewed,returned,submitted,reviewed,accepted');
  assert.deepEqual(whole.steps.filter((s) => s.state === 'submitted').map((s) => s.via), ['org', 'clerk', 'org']);
  await refused('PUT', `/v1/monitoring/${path}`, { token: f.token, body: good }, 409, 'state.wrong');
  assert.throws(() => sql(`UPDATE monitoring.survey_report SET current_heads = 91 WHERE id = '${r.id}'`), /state.wrong/);

  await no(`${path}/corrections`, g.token, { why: '他人的月报' }, 404, 'request.not_found');
  const fix = await post(`${path}/corrections`, f.token, { why: '漏报两人' });
  assert.deepEqual([fix.version, fix.state, fix.current_heads], [2, 'draft', 90]);
  await no(`${path}/corrections`, f.token, { why: '再更正' }, 409, 'state.exists');
  await post(`survey-reports/${fix.id}/submit`, f.token, { ...good, current_heads: 92 });
  await post(`survey-reports/${fix.id}/review`, county, { pass: true });
  const rate = () => get(`survey-rates?from_month=${MONTH}`, county).then((x) => x.items[0]);
  assert.deepEqual([(await rate()).loss_bp, (await rate()).accepted], [1000, 1], 'the old holds until the new is accepted');
  await post(`survey-reports/${fix.id}/accept`, city, { pass: true });
  assert.deepEqual([(await rate()).loss_bp, (await rate()).accepted], [800, 1]);
  assert.deepEqual((await get(`survey-reports?firm_id=${r.firm_id}`, county)).items.map((x) => [x.version, x.state, x.current_heads]),
    [[2, 'accepted', 92], [1, 'replaced', 90]]);
  assert.ok(Number(sql(`SELECT count(*) FROM monitoring.event_log WHERE type = 'monitoring.survey_report.moved.v1' AND key = '${fix.id}'`)[0][0]) >= 3);
});

test('who has not reported is reminded, overdue and listed; rates by county, industry and month, small cells hidden', async () => {
  const [, g, far] = firms, r = await reportOf(g);
  assert.equal((await post(`survey-reports/${r.id}/remind`, clerk)).reminded_on, start);
  await no(`survey-reports/${r.id}/remind`, clerk, undefined, 409, 'monitoring.reminded');
  await no(`survey-reports/${r.id}/remind`, away, undefined, 404, 'request.not_found');
  sql(`UPDATE monitoring.survey_report SET due_on = '${dayPlus(start, -1)}' WHERE id = '${r.id}'`);
  turn();
  turn();
  assert.equal(told(g, 'survey_reminder'), 2, 'by hand, and once for being late');
  const late = await get('survey-reports?is_overdue=true&county_code=431129', county);
  assert.deepEqual(late.items.map((x) => x.id), [r.id]);
  await refused('GET', '/v1/monitoring/survey-reports?month=soon', { token: county }, 422, 'request.invalid', 'month field.format');
  const all = await get('survey-rates', city);
  const at = (code) => all.items.find((x) => x.county_code === code);
  assert.deepEqual([at('431129').due, at('431129').reported, at('431129').reporting_milli, at('431129').overdue], [2, 1, 500, 1]);
  assert.deepEqual([at('431103').due, at('431103').loss_bp, at('431103').base_heads], [1, null, null], 'nobody reported: no rate, and not zero');
  assert.deepEqual((await get('survey-rates?by=industry', city)).items.map((x) => [x.industry_code, x.due, x.loss_bp]), [['C', 3, 800]]);
  assert.equal((await get(`survey-rates?by=month&from_month=${EARLIER}&until_month=${MONTH}`, city)).items.length, 1);
  const stats = (await get('survey-rates', (await desk('city.stats')).token)).items.find((x) => x.county_code === '431129');
  assert.deepEqual([stats.is_hidden, stats.loss_bp, stats.accepted, stats.due], [true, null, null, 2]);
  await refused('GET', `/v1/monitoring/survey-rates?from_month=${MONTH}&until_month=${EARLIER}`, { token: city }, 422, 'request.invalid', 'until_month field.date_order');
  const odd = await refused('GET', '/v1/monitoring/survey-rates?county_code=431120&industry_code=Z', { token: city }, 422, 'request.invalid',
    'county_code field.area_code', 'industry_code field.industry_code');
  assert.match(odd.text, /431129|431122/, 'what may have been meant');
  await refused('GET', `/v1/monitoring/survey-reports/${(await reportOf(far)).id}`, { token: county }, 404, 'request.not_found');
  const spare = await post('survey-panels', city, { name: '待终止样本', basis: '市监测方案', from_month: '2090-01-01' });
  await no(`survey-panels/${spare.id}/close`, city, { until_month: '2090-02-01' }, 409, 'state.wrong');
  await known(() => call('POST', `/v1/monitoring/survey-panels/${panel.id}/close`, { token: city, refused: true, body: { until_month: MONTH } }));
  sql(`UPDATE monitoring.survey_panel SET state = 'running', until_month = NULL WHERE id = '${panel.id}'`);	// for who comes after
});
