// work items: the measures of the policy, what counties are to do, what is
// reported of them by quarter, and what the office of the 专班 asks about.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, person } from '../lib/city.mjs';
import { claimsOf } from './oauth.mjs';
import { pdf } from './files_help.mjs';
import { dayPlus, eachMistake, isProblem, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const mint = minter((await person()).token);
const officer = (role, area = '431100', sub) => ({ token: mint({ roles: [`${role}@${area}`], ...(sub && { sub }) }) });
const again = (who, role, area) => officer(role, area, claimsOf(who.token).sub);
const [one, two, three, stats] = [officer('first_review'), officer('recheck'), officer('approve'), officer('stats')];
const [here, away] = [officer('clerk', '431129'), officer('first_review', '431103')];
const get = (who, path) => call('GET', `/v1/monitoring/${path}`, { token: who?.token });
const post = (who, path, body) => call('POST', `/v1/monitoring/${path}`, { token: who.token, body });
const no = (who, path, body, ...rest) => refused('POST', `/v1/monitoring/${path}`, { token: who.token, body }, ...rest);
const noGet = (who, path, ...rest) => refused('GET', `/v1/monitoring/${path}`, { token: who?.token }, ...rest);

// The last quarter that is over, and the one before it, in one year where there are two.
const month = Number(now.slice(5, 7));
const [year, quarter] = month > 3 ? [Number(now.slice(0, 4)), Math.ceil(month / 3) - 1] : [Number(now.slice(0, 4)) - 1, 4];
const end = new Date(Date.UTC(year, quarter * 3, 0)).toISOString().slice(0, 10);
const at = `year=${year}&quarter=${quarter}`;
const upload = (who, id, options = {}) => request('POST', `/v1/monitoring/progress/${id}/files?slot=evidence&name=${encodeURIComponent('台账.pdf')}`, {
  token: who.token, raw: pdf(), headers: { 'content-type': 'application/octet-stream', 'idempotency-key': `"${randomUUID()}"` }, ...options });
const report = (over = {}) => ({ item_no: 10, county_code: '431129', year, quarter, summary: '面向园区开展精准化技能培训。', ...over });
// Each test its own item, so that no two write the same report.
async function submitted(over = {}, who = here) {
  const p = await post(who, 'progress', report(over));
  assert.equal((await upload(who, p.id)).status, 201);
  return post(who, `progress/${p.id}/submit`);
}

test('the 18 measures are there with their units; a version is put in force by another hand', async () => {
  const items = await walk('/v1/monitoring/work-items?state=active', undefined, 7, '/v1/monitoring/settings');
  assert.deepEqual(items.map((i) => i.no), Array.from({ length: 18 }, (_, i) => i + 1));
  const named = items.flatMap((i) => i.amounts).filter((a) => a.tier === 'city').reduce((s, a) => s + (a.total_cents ?? a.count * a.unit_cents), 0);
  assert.equal(named, 6360_0000_00, 'what the policy names for the city');
  assert.ok(items.every((i) => i.units.includes('各县市区人民政府') && i.units.includes('市人社局') && i.basis.startsWith('永政办发〔2024〕15号')));
  await noGet(undefined, 'work-items?state=x', 422, 'request.invalid', 'state field.choice');
  const body = { no: 41, name: '试点举措', action_name: '“云上快办”数字赋能行动', units: ['市人社局', '各县市区人民政府'], indicators: ['certified'], basis: '专班会议纪要', from_on: dayPlus(end, 1000) };
  await eachMistake('POST', '/v1/monitoring/work-items', one.token, body, [[{ units: [] }, '/units field.count'], [{ units: 'x' }, '/units field.type'],
    [{ amounts: [1] }, '/amounts/0 field.type'], [{ no: 0 }, '/no field.too_small']]);
  const r = await no(one, 'work-items', { ...body, indicators: ['certifid'] }, 422, 'request.invalid', '/indicators/0 field.work_indicator');
  assert.ok(r.json.errors[0].suggestions.some((s) => s.code === 'certified'));
  await no(here, 'work-items', body, 403, 'auth.forbidden');
  await no(away, 'work-items', body, 403, 'auth.area');
  const w = await post(one, 'work-items', body);
  assert.deepEqual([w.state, w.version], ['proposed', 1]);
  await no(one, 'work-items', body, 409, 'state.exists');
  await no(again(one, 'approve'), `work-items/${w.id}/confirm`, undefined, 409, 'monitoring.work_hand');
  assert.equal((await post(two, `work-items/${w.id}/confirm`)).state, 'active');
  await no(two, `work-items/${w.id}/confirm`, undefined, 409, 'state.wrong');
  const next = await post(one, 'work-items', { ...body, name: '试点举措（二）' });
  await no(away, `work-items/${next.id}/drop`, undefined, 404, 'request.not_found');
  assert.equal((await post(one, `work-items/${next.id}/drop`)).state, 'dropped');
  await no(one, `work-items/${next.id}/drop`, undefined, 409, 'state.wrong');
  assert.throws(() => sql('DELETE FROM monitoring.work_item', 'monitoring_app'), /permission denied/);
});

test('a county’s task is set by the city and confirmed by another hand', async () => {
  const body = { item_no: 10, indicator: 'certified', county_code: '431129', year, amount: 4000, legal_basis: '永州市年度任务分解' };
  await eachMistake('POST', '/v1/monitoring/work-quotas', one.token, body, [[{ indicator: undefined }, '/what field.missing'], [{ what: '取证' }, '/what field.unknown'],
    [{ item_no: 99 }, '/item_no field.choice'], [{ amount: 0 }, '/amount field.too_small'], [{ county_code: '431199' }, '/county_code field.area_code'],
    [{ indicator: 'startup' }, '/indicator field.work_indicator']]);
  await no(away, 'work-quotas', { ...body, county_code: '431103' }, 403, 'auth.area');
  const q = await post(one, 'work-quotas', body);
  assert.equal(q.state, 'set');
  await no(one, 'work-quotas', body, 409, 'state.exists');
  await no(again(one, 'approve'), `work-quotas/${q.id}/confirm`, undefined, 409, 'monitoring.work_hand');
  assert.equal((await post(two, `work-quotas/${q.id}/confirm`)).state, 'confirmed');
  await no(two, `work-quotas/${q.id}/drop`, { note: '重新分解' }, 409, 'state.wrong');
  const more = await post(one, 'work-quotas', { ...body, amount: 1 });
  await post(two, `work-quotas/${more.id}/confirm`);
  const drop = await post(one, 'work-quotas', { ...body, indicator: undefined, what: '订单班', amount: 5 });
  await no(one, `work-quotas/${drop.id}/drop`, {}, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(one, `work-quotas/${drop.id}/drop`, { note: '重新分解' })).state, 'dropped');
  await no(two, `work-quotas/${drop.id}/confirm`, undefined, 409, 'state.wrong');
  const mine = await walk(`/v1/monitoring/work-quotas?year=${year}&item_no=10`, here.token, 1, '/v1/monitoring/progress');
  assert.deepEqual(mine.map((x) => [x.amount, x.state]), [[5, 'dropped'], [1, 'confirmed'], [4000, 'replaced']]);
  assert.ok((await get(away, 'work-quotas?limit=200')).items.every((x) => x.county_code === '431103'));
  await noGet(here, 'work-quotas?state=x', 422, 'request.invalid', 'state field.choice');
  await noGet(stats, 'work-quotas', 403, 'auth.forbidden');
  assert.throws(() => sql(`UPDATE monitoring.work_quota SET confirmed_by = set_by WHERE id = '${q.id}'`), /work_quota_hands_check/);
  await eventually(() => sql(`SELECT 1 FROM monitoring.event_log WHERE type = 'monitoring.quota.confirmed.v1' AND key = '${more.id}'`).length === 1, 'told');
});

test('a quarter is reported with evidence; what is counted stands beside it; another checks', async () => {
  const figures = [{ indicator: 'certified', reported: 25 }, { what: '订单班', reported: 2 }];
  await eachMistake('POST', '/v1/monitoring/progress', here.token, report({ figures }), [
    [{ item_no: 98 }, '/item_no field.choice'], [{ unit: '市财政局' }, '/unit field.work_unit'], [{ year: 2099 }, '/quarter field.date_future'],
    [{ quarter: 5 }, '/quarter field.too_large'], [{ figures: [{ indicator: 'certifed', reported: 1 }] }, '/figures/0/indicator field.work_indicator'],
    [{ figures: [...figures, figures[0]] }, '/figures/2 field.duplicate'], [{ figures: [{ what: 'x' }] }, '/figures/0/reported field.missing'],
    [{ figures: [{ what: 'x', reported: '1' }] }, '/figures/0/reported field.type'], [{ figures: [{ what: 'x', reported: -1 }] }, '/figures/0/reported field.too_small'],
    [{ figures: [{ reported: 1 }] }, '/figures/0 field.missing'], [{ figures: [{ what: 1, reported: 1 }] }, '/figures/0/what field.type'],
    [{ figures: 3 }, '/figures field.type']]);
  await no(here, 'progress', report({ county_code: '431103' }), 403, 'auth.area');
  await no(here, 'progress', report({ county_code: '431100', unit: '市财政局' }), 403, 'auth.area');
  await no(stats, 'progress', report(), 403, 'auth.forbidden');
  const p = await post(here, 'progress', report({ figures: [figures[0]] }));
  assert.deepEqual([p.state, p.unit, p.due_on, p.is_late, p.files], ['draft', '县级人民政府', null, null, []]);
  await no(here, 'progress', report(), 409, 'state.exists');
  await no(here, `progress/${p.id}/submit`, undefined, 409, 'monitoring.work_evidence');
  const put = (who, body) => call('PUT', `/v1/monitoring/progress/${p.id}`, { token: who.token, body });
  assert.deepEqual((await put(here, { summary: '面向园区开展培训，补充订单班。', figures })).figures.map((f) => [f.what, f.reported, f.counted]),
    [['certified', 25, null], ['订单班', 2, null]]);
  await refused('PUT', `/v1/monitoring/progress/${p.id}`, { token: here.token, body: { summary: '短' } }, 422, 'request.invalid', '/summary field.too_short');
  await refused('PUT', `/v1/monitoring/progress/${p.id}`, { token: away.token, body: { summary: '外县来改一改' } }, 404, 'request.not_found');
  isProblem(await upload(away, p.id), 404, 'request.not_found');
  isProblem(await upload(here, p.id, { raw: Buffer.from('not a file') }), 422, 'file.kind');
  const [f, g] = [await upload(here, p.id), await upload(here, p.id)].map((r) => r.json);
  assert.equal((await request('GET', `/v1/monitoring/progress-files/${f.id}`, { token: one.token })).status, 200);
  await noGet(away, `progress-files/${f.id}`, 404, 'request.not_found');
  await call('DELETE', `/v1/monitoring/progress-files/${g.id}`, { token: here.token });
  const counted = Number(sql(`SELECT monitoring.sum_of('{certified}', '431129', '', '${year}-01-01', '${end}')`)[0][0]);
  const sent = await post(here, `progress/${p.id}/submit`);
  assert.deepEqual(sent.figures.map((x) => [x.counted, x.difference]), [[counted, 25 - counted], [null, null]]);
  assert.deepEqual([sent.state, sent.submitted_on, sent.files.map((x) => x.submitted)], ['submitted', now, [true]]);
  await refused('DELETE', `/v1/monitoring/progress-files/${f.id}`, { token: here.token }, 409, 'state.wrong');
  await no(here, `progress/${p.id}/submit`, undefined, 409, 'state.wrong');
  await refused('PUT', `/v1/monitoring/progress/${p.id}`, { token: here.token, body: { summary: '提交以后再改' } }, 409, 'state.wrong');
  await no(again(here, 'recheck', '431100'), `progress/${p.id}/check`, { decision: 'accepted' }, 409, 'monitoring.work_hand');
  await no(away, `progress/${p.id}/check`, { decision: 'accepted' }, 404, 'request.not_found');
  await no(two, `progress/${p.id}/check`, { decision: 'returned' }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(two, `progress/${p.id}/check`, { decision: 'returned', note: '报送数与系统计数差距较大' })).state, 'returned');
  await post(here, `progress/${p.id}/submit`);
  assert.equal((await post(two, `progress/${p.id}/check`, { decision: 'accepted' })).state, 'accepted');
  const steps = await get(here, `progress/${p.id}/steps`);
  assert.deepEqual(steps.items.map((x) => x.state), ['draft', 'submitted', 'returned', 'submitted', 'accepted']);
  await noGet(here, `progress/${p.id}/steps?limit=0`, 422, 'request.invalid', 'limit field.too_small');
  await noGet(away, `progress/${p.id}`, 404, 'request.not_found');
  assert.ok((await walk(`/v1/monitoring/progress?${at}`, here.token, 1, '/v1/monitoring/supervisions')).some((x) => x.id === p.id));
  await noGet(here, 'progress?state=x', 422, 'request.invalid', 'state field.choice');
  assert.equal((await get(one, `progress/${p.id}`)).state, 'accepted');
  await eventually(() => sql(`SELECT count(*) FROM monitoring.event_log WHERE type = 'monitoring.progress.changed.v1' AND key = '${p.id}'`)[0][0] === '4', 'told');
  assert.throws(() => sql(`UPDATE monitoring.work_progress SET checked_by = submitted_by WHERE id = '${p.id}'`), /work_progress_hands_check/);
  assert.throws(() => sql('DELETE FROM monitoring.progress_step', 'monitoring_system'), /permission denied/);
});

test('a number that falls within the year says why', async () => {
  if (quarter === 1) return;	// there is no earlier one in the year
  const early = await submitted({ item_no: 11, quarter: quarter - 1, figures: [{ what: '工作室', reported: 9 }] });
  await post(two, `progress/${early.id}/check`, { decision: 'accepted' });
  const less = report({ item_no: 11, figures: [{ what: '工作室', reported: 7 }] });
  await no(here, 'progress', less, 422, 'request.invalid', '/figures/0 field.work_falls');
  const p = await post(here, 'progress', { ...less, figures: [{ what: '工作室', reported: 7, reason: '两家已注销' }] });
  assert.equal(p.figures[0].reason, '两家已注销');
  await refused('PUT', `/v1/monitoring/progress/${p.id}`, { token: here.token, body: { summary: '又去掉了原因', figures: less.figures } },
    422, 'request.invalid', '/figures/0 field.work_falls');
});

test('a department of the city reports its part, and another of the city checks', async () => {
  await no(one, 'progress', report({ item_no: 1, county_code: '431100', unit: '市妇联' }), 422, 'request.invalid', '/unit field.work_unit');
  const p = await submitted({ item_no: 1, county_code: '431100', unit: '市财政局' }, one);
  await no(again(one, 'approve'), `progress/${p.id}/check`, { decision: 'accepted' }, 409, 'monitoring.work_hand');
  assert.equal((await post(two, `progress/${p.id}/check`, { decision: 'accepted' })).state, 'accepted');
  await noGet(here, `progress/${p.id}`, 404, 'request.not_found');
});

test('without a day nothing is late and without a rule nobody is praised; with them both are data', async () => {
  const cell = async () => (await get(here, `work-board?${at}`)).items.find((x) => x.item_no === 10);
  const [late, praise] = [await get(one, `progress-overdue?${at}`), await get(one, `work-praise?${at}`)];
  assert.deepEqual([late.report_due_on, late.is_set, late.items, praise.is_set, praise.items], [null, false, [], false, []]);
  assert.deepEqual([(await cell()).is_late, (await cell()).state], [null, 'accepted']);
  // What holds on a quarter's last day was set before it.
  sql(`INSERT INTO monitoring.setting (name, value, basis, from_on, state, proposed_by, confirmed_by, confirmed_at)
    SELECT name, value, '专班工作规则', '${end}', 'confirmed', gen_random_uuid(), gen_random_uuid(), now() FROM (VALUES ('report_due_days', 0),
      ('check_due_days', 10), ('praise_quota_per_mille', 900), ('praise_reports_per_mille', 1000)) AS v (name, value)`);
  const due = await get(here, `progress-overdue?${at}`);
  assert.deepEqual([due.report_due_on, due.is_set], [end, true]);
  assert.ok(due.items.length >= 15 && due.items.every((x) => x.county_code === '431129' && x.kind === 'report' && x.days_late > 0));
  assert.ok(!due.items.some((x) => x.item_no === 10), 'accepted is not overdue');
  assert.ok((await get(one, `progress-overdue?${at}`)).items.some((x) => x.unit === '市财政局'));
  // a task of 1 that is done or not, as the count says
  const counted = Number(sql(`SELECT monitoring.sum_of('{certified}', '431129', '', '${year}-01-01', '${end}')`)[0][0]);
  const c = await cell();
  assert.deepEqual([c.is_late, c.quotas], [true, [{ what: 'certified', amount: 1, counted, per_mille: counted * 1000, reported: 25 }]]);
  assert.equal((await get(one, `work-praise?${at}`)).items.some((x) => x.reason === 'quota' && x.county_code === '431129' && x.item_no === 10), counted > 0);
  sql(`DELETE FROM monitoring.setting WHERE basis = '专班工作规则'`);
  assert.equal((await get(stats, `work-board?${at}`)).items.filter((x) => x.item_no === 10).length, 14 + 8);
  assert.ok((await get(away, `work-board?${at}`)).items.every((x) => x.county_code === '431103'));
  for (const path of ['work-board', 'progress-overdue', 'work-praise']) {
    await noGet(here, `${path}?year=${year}&quarter=5`, 422, 'request.invalid', 'quarter field.too_large');
    await noGet(here, `${path}?year=${year}`, 422, 'request.invalid', 'quarter field.missing');
  }
});

test('督办: asked by a day, answered by the county, closed by another of the city', async () => {
  const body = { item_no: 12, county_code: '431129', content: '请说明劳务品牌培育进度。', due_on: dayPlus(now, 5) };
  await eachMistake('POST', '/v1/monitoring/supervisions', one.token, body, [[{ due_on: dayPlus(now, -1) }, '/due_on field.date_past'],
    [{ unit: '市财政局' }, '/unit field.work_unit'], [{ content: undefined }, '/content field.missing']]);
  await no(away, 'supervisions', { ...body, county_code: '431103' }, 403, 'auth.area');
  await no(one, 'supervisions', { ...body, item_no: 97 }, 404, 'request.not_found');
  const s = await post(one, 'supervisions', body);
  assert.deepEqual([s.state, s.unit, s.is_overdue], ['open', '县级人民政府', false]);
  await no(two, `supervisions/${s.id}/judge`, { accept: true, note: '尚未答复' }, 409, 'state.wrong');
  await no(away, `supervisions/${s.id}/answer`, { answer: '外县来答复' }, 404, 'request.not_found');
  await no(again(one, 'clerk', '431129'), `supervisions/${s.id}/answer`, { answer: '自问自答一次' }, 409, 'monitoring.work_hand');
  sql(`UPDATE monitoring.supervision SET due_on = '${dayPlus(now, -1)}' WHERE id = '${s.id}'`);
  assert.ok((await get(one, 'supervisions?state=open')).items.find((x) => x.id === s.id).is_overdue);
  assert.equal((await get(here, `work-board?${at}`)).items.find((x) => x.item_no === 12).supervisions_open, 1);
  assert.equal((await post(here, `supervisions/${s.id}/answer`, { answer: '已培育一个品牌。' })).state, 'answered');
  await no(here, `supervisions/${s.id}/answer`, { answer: '再答复一次。' }, 409, 'state.wrong');
  await no(again(here, 'approve', '431100'), `supervisions/${s.id}/judge`, { accept: true, note: '同意' }, 409, 'monitoring.work_hand');
  await no(two, `supervisions/${s.id}/judge`, { accept: false, note: '不够具体' }, 422, 'request.invalid', '/due_on field.missing');
  const back = await post(two, `supervisions/${s.id}/judge`, { accept: false, note: '不够具体', due_on: dayPlus(now, 2) });
  assert.deepEqual([back.state, back.times_returned, back.due_on], ['open', 1, dayPlus(now, 2)]);
  await post(here, `supervisions/${s.id}/answer`, { answer: '品牌为“江华电机工”，带动 120 人。' });
  assert.equal((await post(two, `supervisions/${s.id}/judge`, { accept: true, note: '同意办结' })).state, 'closed');
  assert.ok((await walk('/v1/monitoring/supervisions', here.token, 1, '/v1/monitoring/work-quotas')).every((x) => x.county_code === '431129'));
  await noGet(here, 'supervisions?state=x', 422, 'request.invalid', 'state field.choice');
  await noGet(here, `progress/${NOBODY}`, 404, 'request.not_found');
  await eventually(() => sql(`SELECT count(*) FROM monitoring.event_log WHERE type = 'monitoring.supervision.changed.v1' AND key = '${s.id}'`)[0][0] === '5', 'told');
});
