// monitoring: one figure by area, dimension, employer and period; its definition by
// version, its target and forecast, its rows at a revision, how a period was revised.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, known, minter, refused, sql, today, walk } from './help.mjs';

const now = await today();
const year = now.slice(0, 4);
const I = '/v1/monitoring/indicators';
const TOWN = '431129100', COUNTY = '431129';
const audit = (await desk('city.audit')).token, mine = (await desk('jh.first')).token;
const stats = (await desk('city.stats')).token, clerk = (await desk('jh.clerk')).token;
const mint = minter(audit);
const city = (role) => mint({ roles: [`${role}@431100`] });
const [one, two] = [city('approve'), city('recheck')];
const figure = (code, query = '', token = audit) => call('GET', `${I}/${code}/figure?${query}`, { token });
const hire = (f, p, over = {}) => known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true,
  body: { person_id: p.id, occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 500000, ...over } }));
const reaches = (get, want, what) => eventually(async () => await get() === want, what);
const seen = { f: await firm({ area_code: TOWN }), p: await person({ area_code: TOWN }) };

test('a figure opens by county, town and village, each level the sum of the one below', async () => {
  const before = (await figure('urban_new_employment', `area_code=${TOWN}`)).value;
  seen.e = await hire(seen.f, seen.p);
  await reaches(async () => (await figure('urban_new_employment', `area_code=${TOWN}`)).value, before + 1, 'the town grows');
  for (const area of ['431100', COUNTY, TOWN]) {
    const r = await call('GET', `${I}/urban_new_employment/areas?area_code=${area}`, { token: audit });
    const sum = r.areas.reduce((n, a) => n + a.value, 0);
    assert.ok(area === '431100' ? sum === r.value : sum <= r.value, `${area}: ${sum} of ${r.value}`);
    assert.ok(r.areas.every((a) => a.name.length > 0 && a.area_code !== area));
  }
  const counties = await call('GET', `${I}/urban_new_employment/areas?from_on=2024-01-15&to_on=${now}`, { token: audit });
  for (const a of counties.areas) {
    const [[n]] = sql(`SELECT monitoring.sum_of('{employed_new,-natural_loss}', '${a.area_code}', '', '2024-01-15', '${now}')`);
    assert.equal(a.value, Number(n), a.area_code);
  }
});

test('by a dimension, by employer, and what cannot be told apart says so', async () => {
  const by = (dim, code = 'urban_new_employment') => call('GET', `${I}/${code}/tags?dim=${dim}&area_code=${COUNTY}`, { token: mine });
  for (const dim of ['industry', 'sex', 'age']) {
    const r = await by(dim);
    assert.equal(r.tags.reduce((n, t) => n + t.value, 0), r.value, dim);
    for (const t of r.tags.slice(0, 3))
      assert.equal((await figure('urban_new_employment', `area_code=${COUNTY}&tag=${encodeURIComponent(t.tag)}`)).value, t.value, t.tag);
  }
  const groups = await by('group');
  assert.equal(groups.reason, null);
  assert.deepEqual((await by('reason')).tags, []);
  assert.equal((await by('reason')).reason, 'no_dimension');
  assert.notEqual((await figure('certificate_rate', 'tag=kind%3Dskill')).reason, 'no_dimension');
  const top = await call('GET', `${I}/urban_new_employment/employers?year=${year}&top=200&area_code=${COUNTY}`, { token: mine });
  assert.ok(top.employers.some((e) => e.org_id === seen.f.org_id && e.value === 1 && e.uscc));
  assert.ok(top.employers.every((e, i) => i === 0 || e.value <= top.employers[i - 1].value));
  assert.equal((await call('GET', `${I}/certificate_rate/employers`, { token: audit })).reason, 'no_dimension');
});

test('a correction and a withdrawal change the past, and the past can be read as it was', async () => {
  const [f, p] = await Promise.all([firm({ area_code: TOWN }), person({ area_code: TOWN })]);
  const last = `${Number(year) - 1}-12-30`, period = `from_on=${year - 1}-12-01&to_on=${year - 1}-12-31&area_code=${COUNTY}`;
  const get = async (more = '') => (await figure('urban_new_employment', period + more)).value;
  const before = await figure('urban_new_employment', period);
  const e = await hire(f, p, { hired_on: last });
  await reaches(get, before.value + 1, 'a late event counts in its own month');
  const during = await figure('urban_new_employment', period);
  assert.ok(during.revision > before.revision);
  assert.equal(await get(`&revision=${before.revision}`), before.value);
  const rows = await call('GET', `${I}/urban_new_employment/rows?${period}&limit=200`, { token: mine });
  assert.equal(rows.items.reduce((n, r) => n + r.value, 0), during.value);
  assert.ok(rows.items.some((r) => r.id === e.id && r.since_revision > before.revision));
  assert.equal(rows.definition_hash, during.definition_hash);
  // The hire turns out to be of this year: the old month goes back.
  sql(`UPDATE jobs.employment SET hired_on = '${now}' WHERE id = '${e.id}'`);
  await reaches(get, before.value, 'it leaves the month');
  assert.equal(await get(`&revision=${during.revision}`), during.value);
  const then = await walk(`${I}/urban_new_employment/rows?${period}&revision=${during.revision}`, mine, 50);
  assert.ok(then.some((r) => r.id === e.id));
  assert.ok(!(await walk(`${I}/urban_new_employment/rows?${period}`, mine, 50)).some((r) => r.id === e.id));
  const revised = await call('GET', `${I}/urban_new_employment/revisions?${period}`, { token: mine });
  const day = revised.items.find((d) => d.source === 'jobs' && d.on === now);
  assert.ok(day.added >= 1 && day.withdrawn >= 1 && day.to_seq >= day.from_seq, JSON.stringify(revised.items));
});

test('month by month, with the period and the year before', async () => {
  const r = await call('GET', `${I}/urban_new_employment/series?from_on=${year - 1}-01-01&to_on=${now}`, { token: audit });
  assert.equal(r.points.length, 12 + Number(now.slice(5, 7)));
  for (const [i, p] of r.points.entries()) {
    if (i > 0 && p.is_whole) assert.equal(p.period_before, r.points[i - 1].value, p.from_on);
    if (i >= 12 && p.is_whole) assert.equal(p.year_before, r.points[i - 12].value, p.from_on);
    assert.equal(p.period_change, p.value - p.period_before);
  }
  const years = await call('GET', `${I}/urban_new_employment/series?by=year&from_on=${year - 1}-01-01&to_on=${now}`, { token: audit });
  assert.equal(years.points[0].value, r.points.slice(0, 12).reduce((n, p) => n + p.value, 0));
  const f = await figure('urban_new_employment');
  assert.equal(f.year_before.to_on, `${year - 1}${now.slice(4)}`);
  assert.equal(f.year_before.change, f.value - f.year_before.value);
});

test('the end of the year is forecast by a method that is named, or not at all', async () => {
  const f = (await figure('urban_new_employment')).forecast;
  assert.ok(['share_of_last_year', 'linear_by_working_days'].includes(f.method) && f.to_on === `${year}-12-31` && f.value >= 0);
  const jan = (await figure('urban_new_employment', 'to_on=1990-01-10')).forecast;
  assert.deepEqual([jan.value, jan.method], [null, null]);
  assert.ok(['history_short', 'no_calendar'].includes(jan.reason));
  assert.equal((await figure('certificate_rate')).forecast.reason, 'no_forecast');
  assert.equal((await figure('satisfaction_service', 'from_on=2000-01-01&to_on=2000-12-31')).reason, 'no_base');
});

test('the surveyed rate is imported with its source and never computed', async () => {
  const S = `${I}/surveyed_unemployment_rate`;
  const body = { from_on: '2025-07-01', to_on: '2025-09-30', value: 528, source: '市统计局 2025年三季度', published_on: '2025-10-20' };
  for (const [change, field] of [[{ published_on: '2025-09-01' }, '/published_on field.date_order'],
    [{ to_on: '2025-06-01' }, '/to_on field.date_order'], [{ value: -1 }, '/value field.too_small'], [{ source: undefined }, '/source field.missing']])
    await refused('POST', `${S}/values`, { token: one, body: { ...body, ...change } }, 422, 'request.invalid', field);
  await refused('POST', `${S}/values`, { token: mint({ roles: [`approve@${COUNTY}`] }), body }, 403, 'auth.area');
  await refused('POST', `${I}/certificate_rate/values`, { token: one, body }, 409, 'monitoring.not_imported');
  await call('POST', `${S}/values`, { token: one, body });
  await call('POST', `${S}/values`, { token: one, body: { ...body, value: 531 } });	// published anew
  const f = await figure('surveyed_unemployment_rate', 'from_on=2025-01-01&to_on=2025-12-31');
  assert.deepEqual([f.value, f.kind, f.imported.source, f.imported.published_on, f.target.amount, f.target.reached],
    [531, 'imported', body.source, body.published_on, 530, false]);
  assert.equal((await figure('surveyed_unemployment_rate', 'from_on=2019-01-01&to_on=2019-12-31')).reason, 'not_imported');
  assert.deepEqual((await walk(`${S}/values`, audit, 1)).slice(0, 2).map((v) => v.value), [531, 528]);
  assert.deepEqual((await call('GET', `${S}/rows`, { token: audit })).items, []);
  await refused('GET', `${I}/nothing/values`, { token: audit }, 400, 'monitoring.indicator_unknown');
  await refused('POST', `${S}/versions`, { token: one, body: { numerator: 'unemployed', definition: '由登记数推算', basis: '没有依据', from_on: now } },
    422, 'monitoring.formula');
});

test('a definition changes by a new version that another officer confirms', async () => {
  const V = `${I}/job_losses/versions`;
  const before = await figure('job_losses', `to_on=${dayPlus(now, -1)}&from_on=2024-01-01`);
  const body = { numerator: 'job_losses,-natural_loss', definition: '期内终止的就业登记，不含退休、死亡', basis: '市级口径说明', from_on: now };
  await refused('POST', V, { token: mint({ roles: [`approve@${COUNTY}`] }), body }, 403, 'auth.area');
  await refused('POST', V, { token: mine, body }, 403, 'auth.forbidden');
  for (const [change, code, ...field] of [[{ numerator: 'no_such' }, 'monitoring.measure_unknown', '/numerator monitoring.measure_unknown'],
    [{ kind: 'rate' }, 'monitoring.formula'], [{ numerator: '-' }, 'monitoring.formula'],
    [{ from_on: dayPlus(now, -1) }, 'request.invalid', '/from_on field.date_past']])
    await refused('POST', V, { token: one, body: { ...body, ...change } }, 422, code, ...field);
  const v = await call('POST', V, { token: one, body });
  assert.deepEqual([v.version, v.state, v.definition_hash], [2, 'proposed', createHash('sha256').update(v.canonical).digest('hex')]);
  const J = `/v1/monitoring/indicator-versions/${v.id}/judge`;
  await refused('POST', J, { token: one, body: { pass: true } }, 409, 'monitoring.figures_same_hand');
  await refused('POST', J, { token: mint({ roles: [`recheck@${COUNTY}`] }), body: { pass: true } }, 404, 'request.not_found');
  assert.equal((await figure('job_losses')).version, 1);
  assert.equal((await call('POST', J, { token: two, body: { pass: true, note: '同意' } })).state, 'confirmed');
  await refused('POST', J, { token: two, body: { pass: false } }, 409, 'state.wrong');
  const [after, old] = [await figure('job_losses'), await figure('job_losses', `to_on=${dayPlus(now, -1)}&from_on=2024-01-01`)];
  assert.deepEqual([after.version, after.definition_hash], [2, v.definition_hash]);
  assert.deepEqual([old.version, old.definition_hash, old.value], [1, before.definition_hash, before.value]);
  const versions = await walk(V, audit, 1);
  assert.deepEqual(versions.map((x) => [x.version, x.to_on]), [[2, null], [1, dayPlus(now, -1)]]);
  await refused('GET', `${I}/nothing/versions`, { token: audit }, 400, 'monitoring.indicator_unknown');
  assert.throws(() => sql(`UPDATE monitoring.indicator_version SET definition = 'x'`, 'monitoring_app'), /permission denied/);
});

test('a county’s target is set by one officer of the city and confirmed by another', async () => {
  const body = { indicator: 'urban_new_employment', area_code: COUNTY, from_on: `${year}-01-01`, to_on: `${year}-12-31`, amount: 4200, basis: '市就业专班分解' };
  await refused('POST', '/v1/monitoring/targets', { token: one, body: { ...body, to_on: '2020-01-01' } }, 422, 'request.invalid', '/to_on field.date_order');
  await refused('POST', '/v1/monitoring/targets', { token: one, body: { ...body, area_code: '999999' } }, 422, 'request.invalid', '/area_code field.area_code');
  await refused('POST', '/v1/monitoring/targets', { token: one, body: { ...body, indicator: 'nothing_like_it' } }, 400, 'monitoring.indicator_unknown');
  await refused('POST', '/v1/monitoring/targets', { token: mint({ roles: [`approve@${COUNTY}`] }), body }, 403, 'auth.area');
  const t = await call('POST', '/v1/monitoring/targets', { token: one, body });
  const J = `/v1/monitoring/targets/${t.id}/judge`;
  assert.equal((await figure('urban_new_employment', `area_code=${COUNTY}`)).target, null);
  await refused('POST', J, { token: one, body: { pass: true } }, 409, 'monitoring.figures_same_hand');
  await call('POST', J, { token: two, body: { pass: true } });
  await refused('POST', J, { token: two, body: { pass: true } }, 409, 'state.wrong');
  const f = await figure('urban_new_employment', `area_code=${COUNTY}`);
  assert.deepEqual([f.target.amount, f.target.value, f.target.reached, f.target.progress_bp],
    [4200, f.value, false, Math.round(f.value * 10000 / 4200)]);
  assert.ok((await walk(`/v1/monitoring/targets?indicator=urban_new_employment`, audit, 1)).length >= 2);
  const policy = await figure('urban_new_employment', 'from_on=2025-01-01&to_on=2025-12-31');
  assert.deepEqual([policy.target.amount, policy.target.from_on], [59000, '2024-11-05']);
});

test('who sees aggregates only sees no small number, nor the one that would tell it', async () => {
  const months = `from_on=2019-01-01&to_on=${now}`;
  const few = (a) => a.value >= 1 && a.value <= 4;
  const board = (token) => call('GET', `/v1/monitoring/board?${months}`, { token });
  const code = (await board(audit)).indicators.find((i) => i.value > 4 && i.kind === 'flow' && i.areas.some(few)).code;
  const [all, open] = await Promise.all([stats, audit].map((token) => call('GET', `${I}/${code}/areas?${months}`, { token })));
  assert.deepEqual((await board(stats)).indicators.find((i) => i.code === code).areas.map((a) => a.value), all.areas.map((a) => a.value));
  const small = open.areas.filter(few).map((a) => a.area_code);
  const hidden = all.areas.filter((a) => a.hidden);
  assert.ok(small.length > 0 && small.every((c) => hidden.some((a) => a.area_code === c && a.value === null)));
  assert.ok(hidden.length >= 2, 'never one alone');
  for (const a of all.areas)
    assert.equal((await figure(code, `${months}&area_code=${a.area_code}`, stats)).value, a.value, a.area_code);
  await refused('GET', `${I}/unemployed/figure?area_code=${TOWN}`, { token: stats }, 403, 'monitoring.aggregates_only');
  await refused('GET', `${I}/unemployed/figure?area_code=${COUNTY}&tag=sex%3D1`, { token: stats }, 403, 'monitoring.aggregates_only');
  await refused('GET', `${I}/unemployed/areas?area_code=${COUNTY}`, { token: stats }, 403, 'monitoring.aggregates_only');
  await refused('GET', `${I}/unemployed/tags?dim=sex&area_code=${COUNTY}`, { token: stats }, 403, 'monitoring.aggregates_only');
  for (const path of ['rows', 'employers', 'revisions']) await refused('GET', `${I}/unemployed/${path}`, { token: stats }, 403, 'auth.forbidden');
  assert.ok((await call('GET', `${I}/unemployed/tags?dim=sex`, { token: stats })).tags.every((t) => t.value === null || t.value > 4 || t.value === 0));
  assert.ok((await call('GET', `${I}/unemployed/series?from_on=2024-01-01`, { token: stats })).points.every((p) => p.year_before === null));
});

test('odd areas, odd questions and the wrong people are refused', async () => {
  for (const path of ['figure', 'areas', 'tags', 'employers', 'series', 'rows', 'revisions']) {
    const q = path === 'tags' ? 'dim=sex&' : '';
    const near = await refused('GET', `${I}/unemployed/${path}?${q}area_code=431199`, { token: audit }, 400, 'monitoring.area_unknown',
      'area_code monitoring.area_unknown');
    assert.ok(near.json.errors[0].suggestions.length > 0);
    await refused('GET', `${I}/unemployd/${path}?${q}`, { token: audit }, 400, 'monitoring.indicator_unknown');
    await refused('GET', `${I}/unemployed/${path}?${q}area_code=431103`, { token: mine }, 403, 'auth.area');
    await refused('GET', `${I}/unemployed/${path}?${q}`, { token: clerk }, 403, 'auth.forbidden');
    await refused('GET', `${I}/unemployed/${path}?${q}area_code=x`, { token: audit }, 422, 'request.invalid', 'area_code field.format');
  }
  assert.equal((await figure('unemployed', '', mine)).area_code, COUNTY);
  assert.equal((await figure('unemployed', 'area_code=431100', mine)).area_code, '431100');
  await refused('GET', `${I}/unemployed/figure?tag=sex`, { token: audit }, 422, 'request.invalid', 'tag field.format');
  await refused('GET', `${I}/unemployed/tags`, { token: audit }, 422, 'request.invalid', 'dim field.missing');
  await refused('GET', `${I}/unemployed/series?by=week`, { token: audit }, 422, 'request.invalid', 'by field.choice');
  await refused('GET', `${I}/unemployed/series?from_on=1990-01-01`, { token: audit }, 422, 'request.invalid', 'from_on field.too_large');
  for (const path of ['', '/unemployed/versions', '/unemployed/values']) await refused('GET', I + path, { token: clerk }, 403, 'auth.forbidden');
  await refused('GET', '/v1/monitoring/targets', { token: clerk }, 403, 'auth.forbidden');
});
