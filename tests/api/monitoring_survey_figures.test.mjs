// monitoring: what sampled firms and key firms report, as figures -- by county, industry
// and type, beside the month and the year before, opened to the reports, corrected at a
// revision, watched by a rule; and always what plain SQL says.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm } from '../lib/city.mjs';
import { caughtUp } from '../lib/figures.mjs';
import { known, minter, refused, sql, today, walk } from './help.mjs';

const M = '/v1/monitoring', I = `${M}/indicators`, HERE = '431129', THERE = '431128';
const BEFORE = '2019-02-01', MONTH = '2019-03-01', YEAR_AGO = '2018-03-01';	// of a panel that was closed long ago
const ends = { [BEFORE]: '2019-02-28', [MONTH]: '2019-03-31', [YEAR_AGO]: '2018-03-31' };
const now = await today(), THIS = `${now.slice(0, 8)}01`;
const audit = (await desk('city.audit')).token, stats = (await desk('city.stats')).token;
const mint = minter(audit), officer = (role) => mint({ roles: [role] });
const county = officer(`first_review@${HERE}`), city = officer('approve@431100');
const ids = Array.from({ length: 3 }, () => randomUUID()), panel = randomUUID();
const of = (month, query = '') => `from_on=${month}&to_on=${ends[month]}${query}`;
const figure = (code, query, token = audit) => call('GET', `${I}/${code}/figure?${query}`, { token });
const list = (path, token) => call('GET', path, { token }).then((r) => r.items);
const rates = (query, token = audit) => call('GET', `${M}/survey-rates?${query}`, { token }).then((r) => r.items);
const post = (path, token, body) => call('POST', `${M}/${path}`, { token, body });

// Firms' months as they stand once the city has accepted them, [firm, month, base, at, type]; `at` null: nobody reported.
const reports = (list) => sql(list.map(([f, month, base, at, type]) => `
  INSERT INTO monitoring.survey_report (firm_id, panel_id, org_id, org_name, industry_code, month, form_version, county_code)
  SELECT f.id, f.panel_id, f.org_id, f.org_name, f.industry_code, '${month}', 1, f.county_code
    FROM monitoring.survey_firm f WHERE f.panel_id = '${panel}' AND f.org_id = '${f.org_id}';
  ${at === null ? '' : `UPDATE monitoring.survey_report SET state = 'accepted', base_heads = ${base}, current_heads = ${at},
    decrease_type = ${type ? `'${type}'` : 'NULL'}, reasons = '${type ? '[{"code": "orders"}, {"code": "tax"}]' : '[]'}', via = 'org',
    submitted_by = '${ids[0]}', reviewed_by = '${ids[1]}', accepted_by = '${ids[2]}', submitted_at = platform.now()
    WHERE org_id = '${f.org_id}' AND month = '${month}' RETURNING id;`}`).join('')).flat();

// Key firms of another county report this month.
const KEY = '431124', here = officer(`first_review@${KEY}`);
const said = { month: THIS, heads: 300, hires: 12, leavers: 20, orders: 'rising', open_posts: 30, plan_hires: 15,
  shortages: [{ occupation_code: '6-31-01-03', headcount: 10 }, { occupation_code: '6-24-01-00', headcount: 7 }] };
const name = (f) => known(() => call('POST', `${M}/key-firms`, { token: here, refused: true, body: { org_id: f.org_id, tier: 'county',
  basis: '县重点企业名单', officer_id: ids[1], officer_name: '专员甲' } }));
const keyReport = (k, f, over) => post(`key-firms/${k.id}/reports`, f.token, { ...said, ...over });

let firms, first, keys, one;
test('accepted reports become a job-loss rate that the survey’s own list and plain SQL agree with', async () => {
  firms = await Promise.all([...Array.from({ length: 5 }, (_, i) => firm(i === 4 ? { industry_code: '4710' } : {})),
    firm({ area_code: '431128001' }), ...[1, 2].map(() => firm({ area_code: `${KEY}001` }))]);
  await eventually(() => sql(`SELECT count(*) FROM monitoring.org WHERE id = ANY ('{${firms.map((f) => f.org_id)}}')`)[0][0] === '8', 'they are known');
  sql(`INSERT INTO monitoring.survey_panel (id, name, basis, from_month, until_month, state, made_by, started_by)
    VALUES ('${panel}', '往年样本', '市监测方案', '2018-01-01', '2019-12-01', 'closed', '${ids[0]}', '${ids[1]}');
    INSERT INTO monitoring.survey_firm (panel_id, org_id, org_name, industry_code, from_month, chosen_by, county_code)
    SELECT '${panel}', o.id, o.name, monitoring.section_of(o.industry_code), '2018-01-01', '${ids[0]}', o.county_code
      FROM monitoring.org o WHERE o.id = ANY ('{${firms.slice(0, 6).map((f) => f.org_id)}}')`);
  [first] = reports([...[[100, 80, 'layoff'], [200, 150, 'natural'], [100, 100], [60, 50, 'layoff'], [40, 45]]
    .map((x, i) => [firms[i], MONTH, ...x]), [firms[5], MONTH, 100, 70, 'closed'], [firms[4], BEFORE, 40, null],
  ...firms.slice(0, 4).map((f) => [f, BEFORE, 100, 95, 'natural']), [firms[5], YEAR_AGO, 100, 110]]);
  keys = await Promise.all(firms.slice(6).map(name));
  one = await keyReport(keys[0], firms[6], {});
  await keyReport(keys[1], firms[7], { orders: 'falling', hires: 3, shortages: [] });
  await caughtUp();
  sql(`INSERT INTO monitoring.warning_setting (rule_code, version, levels, wait_days, basis, from_on, to_on, state, made_by, decided_by, decided_at)
    VALUES ('survey_job_loss_rate', 1, '[{"colour": "yellow", "enter": 1000, "leave": 800}, {"colour": "red", "enter": 2500, "leave": 2000}]',
      0, '试验依据', '2019-01-01', '2019-03-31', 'approved', '${ids[0]}', '${ids[1]}', platform.now())`);	// judged below
  const plain = (month, where = 'true') => sql(`SELECT sum(base_heads - current_heads), sum(base_heads),
    round(sum(base_heads - current_heads) * 10000.0 / sum(base_heads)) FROM monitoring.survey_report r
    WHERE month = '${month}' AND state = 'accepted' AND ${where}`)[0].map(Number);
  for (const month of [MONTH, BEFORE, YEAR_AGO]) for (const [area, where] of [['431100'], [HERE, `county_code = '${HERE}'`]]) {
    const f = await figure('survey_job_loss_rate', of(month, `&area_code=${area}`));
    if (month === YEAR_AGO && area === HERE) { assert.equal(f.reason, 'no_base'); continue; }
    assert.deepEqual([f.numerator, f.denominator, f.value], plain(month, where), `${month} ${area}`);
  }
  const byCounty = await rates(`from_month=${MONTH}`), below = await call('GET', `${I}/survey_job_loss_rate/areas?${of(MONTH)}`, { token: audit });
  for (const a of below.areas) assert.equal(a.value, byCounty.find((x) => x.county_code === a.area_code)?.loss_bp ?? null, a.area_code);
  const byIndustry = await rates(`by=industry&from_month=${MONTH}`);
  const tags = (await call('GET', `${I}/survey_job_loss_rate/tags?dim=industry&${of(MONTH)}`, { token: audit })).tags;
  assert.deepEqual(tags.map((t) => [t.code, t.value]), byIndustry.map((x) => [x.industry_code, x.loss_bp]));
  assert.deepEqual(tags.map((t) => t.value), [1964, -1250], 'more people than before is less than nothing');
  assert.equal((await figure('survey_job_loss_rate', of(MONTH, '&tag=org_kind%3Denterprise'))).value, plain(MONTH)[2]);
  const months = await call('GET', `${I}/survey_job_loss_rate/series?from_on=2019-01-01&to_on=2019-03-31`, { token: audit });
  assert.deepEqual(months.points.map((p) => p.value), [null, ...(await rates(`by=month&from_month=2019-01-01&until_month=${MONTH}`)).map((x) => x.loss_bp)]);
});

test('beside the month and the year before; how many reported; why people left; what is not there says so', async () => {
  const f = await figure('survey_job_loss_rate', of(MONTH));
  assert.deepEqual([f.value, f.period_before.value, f.year_before.value, f.forecast.reason], [1750, 500, -1000, 'no_forecast']);
  assert.deepEqual([f.period_before.from_on, f.year_before.to_on, f.definition_hash.length], [BEFORE, '2018-03-31', 64]);
  assert.equal((await figure('survey_job_loss_rate', 'from_on=2019-01-01&to_on=2019-03-31')).value, 1750, 'a quarter ends with its last month');
  const r = await figure('survey_reporting_rate', of(BEFORE, `&area_code=${HERE}`)), [own] = (await rates(`from_month=${BEFORE}&county_code=${HERE}`));
  assert.deepEqual([r.numerator, r.denominator, r.value], [own.reported, own.due, 8000]);
  const lost = await call('GET', `${I}/survey_jobs_lost/tags?dim=decrease_type&${of(MONTH)}`, { token: audit });
  assert.deepEqual([lost.value, Object.fromEntries(lost.tags.map((t) => [t.code, t.value]))], [110, { closed: 30, layoff: 30, natural: 50 }]);
  assert.equal((await figure('survey_jobs_lost', of(MONTH))).forecast.reason, 'no_forecast');
  assert.equal((await figure('survey_job_loss_rate', of(MONTH, '&tag=sex%3D1'))).reason, 'no_dimension');
  assert.equal((await figure('survey_job_loss_rate', of(MONTH, `&area_code=${HERE}100`))).reason, 'area_level');
  const odd = await refused('GET', `${I}/survey_job_los_rate/figure`, { token: audit }, 400, 'monitoring.indicator_unknown', 'indicator_name monitoring.indicator_unknown');
  assert.match(odd.text, /survey_job_loss_rate/);
  await refused('GET', `${I}/survey_job_loss_rate/figure?area_code=${THERE}`, { token: county }, 403, 'auth.area');
});

test('a figure opens to its reports; a correction moves the past at a revision that can be read', async () => {
  const q = of(MONTH, `&area_code=${HERE}`), was = await figure('survey_job_loss_rate', q), [f] = firms;
  const rows = (more = '') => list(`${I}/survey_job_loss_rate/rows?${q}${more}&limit=200`, county);
  const old = await rows();
  assert.deepEqual([old.length, old.reduce((n, r) => n + r.value, 0)], [10, was.numerator]);
  assert.deepEqual(old.filter((r) => r.id === first).map((r) => [r.kind, r.value]).sort(), [['survey_base', 100], ['survey_now', -80]]);
  assert.equal((await call('GET', `${M}/survey-reports/${first}`, { token: county })).current_heads, 80);
  await refused('GET', `${I}/survey_job_loss_rate/rows?${q}`, { token: stats }, 403, 'auth.forbidden');
  const fix = await post(`survey-reports/${first}/corrections`, f.token, { why: '漏报四人' });
  await post(`survey-reports/${fix.id}/submit`, f.token, { base_heads: 100, current_heads: 84, decrease_type: 'contract_ended',
    reasons: [{ code: 'resigned' }] });
  await post(`survey-reports/${fix.id}/review`, county, { pass: true });
  assert.equal((await figure('survey_job_loss_rate', q)).value, was.value, 'not before the city has accepted it');
  await post(`survey-reports/${fix.id}/accept`, city, { pass: true });
  await caughtUp();
  const is = await figure('survey_job_loss_rate', q);
  assert.equal((await figure('survey_reporting_rate', q)).value, 10000, 'a correction is no other firm');
  assert.deepEqual([is.numerator, is.denominator], [was.numerator - 4, was.denominator]);
  assert.equal(is.value, (await rates(`from_month=${MONTH}&county_code=${HERE}`))[0].loss_bp);
  assert.equal((await figure('survey_job_loss_rate', `${q}&revision=${was.revision}`)).value, was.value);
  assert.ok((await rows(`&revision=${was.revision}`)).some((r) => r.id === first));
  const after = await rows();
  assert.ok(after.some((r) => r.id === fix.id && r.since_revision > was.revision) && !after.some((r) => r.id === first));
  const revised = (await call('GET', `${I}/survey_job_loss_rate/revisions?${q}`, { token: county })).items;
  assert.ok(revised.some((d) => d.source === 'monitoring' && d.on === now && d.to_revision > was.revision), JSON.stringify(revised));
  assert.equal((await figure('survey_jobs_lost', of(MONTH, '&tag=decrease_type%3Dcontract_ended'))).value, 16);
});

test('why people left: each type once, a firm under each of its reasons, and no few firms for statisticians', async () => {
  const losses = (query, token = audit) => call('GET', `${M}/survey-losses?from_month=${MONTH}&${query}`, { token });
  const types = await losses('by=type'), reasons = await losses(`by=reason&county_code=${HERE}`);
  assert.deepEqual([types.firms, types.lost_heads, types.items.map((x) => [x.name, x.firms, x.lost_heads])],
    [4, 106, [['自然减员', 1, 50], ['关闭破产', 1, 30], ['正常解除或终止合同', 1, 16], ['经济性裁员', 1, 10]]]);
  assert.deepEqual(reasons.items.map((x) => [x.name, x.firms, x.lost_heads]), [['订单不足', 2, 60], ['税收政策变化', 2, 60], ['自行离职', 1, 16]]);
  assert.deepEqual((await losses(`by=type`, county)).items.length, 3, 'a county sees its own');
  const few = await losses('', stats);
  assert.deepEqual([few.is_hidden, few.lost_heads, few.items.map((x) => x.lost_heads)], [true, null, [null, null, null, null]]);
  await refused('GET', `${M}/survey-losses?by=luck`, { token: audit }, 422, 'request.invalid', 'by field.choice');
  const odd = await refused('GET', `${M}/survey-losses?county_code=431120`, { token: audit }, 422, 'request.invalid', 'county_code field.area_code');
  assert.match(odd.text, /431129|431122/);
  await refused('GET', `${M}/survey-losses`, { token: firms[0].token }, 403, 'auth.forbidden');
});

test('statisticians see no cell of fewer than five firms, in however many months they reported', async () => {
  const all = await figure('survey_job_loss_rate', of(MONTH), stats);
  assert.deepEqual([all.hidden, all.period_before.value, all.year_before.value], [false, null, null], 'nor of four firms a month before');
  for (const query of [of(MONTH), 'from_on=2018-01-01&to_on=2019-03-31']) {
    const areas = (await call('GET', `${I}/survey_job_loss_rate/areas?${query}`, { token: stats })).areas;
    assert.ok(areas.filter((a) => [HERE, THERE].includes(a.area_code)).every((a) => a.hidden && a.numerator === null), query);
  }
  const tags = (await call('GET', `${I}/survey_job_loss_rate/tags?dim=industry&${of(MONTH)}`, { token: stats })).tags;
  assert.deepEqual(tags.map((t) => t.value), [null, null], 'one alone would be told by the sum');
  const listed = await rates(`by=industry&from_month=${YEAR_AGO}&until_month=${MONTH}`, stats);
  assert.deepEqual(listed.map((x) => [x.industry_code, x.is_hidden]), [['C', true], ['E', true]], 'one firm in two months is one');
});

test('early warning watches the rate: the clock judges months that are over, each county by its own', async () => {
  const rule = (await walk(`${M}/warning-rules`, county, 50)).find((r) => r.code === 'survey_job_loss_rate');
  assert.deepEqual([rule.setting, rule.is_stock, rule.per], [null, true, ['survey_base']], 'none is in force today');
  const series = JSON.parse(sql(`SELECT monitoring.warning_series_json('survey_job_loss_rate', '${THERE}', '2019-01-01', '2019-03-31')`)[0][0]);
  assert.deepEqual(series, [['2019-01-01', null], ['2019-02-01', null], [MONTH, 3000]]);
  const seen = await eventually(async () => {
    const all = await list(`${M}/warning-rules/survey_job_loss_rate/readings?limit=200`, city);
    return all.filter((x) => x.period_on === MONTH).length === 14 && all;
  }, 'all counties are judged');
  const at = (area) => seen.find((x) => x.area_code === area && x.period_on === MONTH);
  assert.deepEqual([at(THERE).value, at(THERE).colour, at(HERE).colour, at('431127').value], [3000, 'red', 'yellow', null]);
  assert.equal(at(THERE).value, (await figure('survey_job_loss_rate', of(MONTH, `&area_code=${THERE}`))).value);
  const [alert] = await list(`${M}/alerts?rule_code=survey_job_loss_rate&county_code=${THERE}`, city);
  assert.deepEqual([alert.colour, alert.value, alert.period_on], ['red', 3000, MONTH]);
  const body = { code: `rule_${randomUUID().slice(0, 6)}`, title: '监测企业经济性裁员环比', measures: ['survey_lost'], is_stock: true, tag: 'decrease_type=layoff',
    step: 'month', area_level: 'county', model: 'previous' };
  await refused('POST', `${M}/warning-rules`, { token: city, body: { ...body, tag: 'sex=1' } }, 422, 'request.invalid', '/tag field.choice');
  assert.equal((await post('warning-rules', city, body)).tag, 'decrease_type=layoff');
  assert.deepEqual(JSON.parse(sql(`SELECT monitoring.warning_series_json('${body.code}', '${HERE}', '${BEFORE}', '${ends[MONTH]}')`)[0][0]),
    [[BEFORE, 0], [MONTH, 10]], 'of the layoffs one is corrected by now');
  await refused('GET', `${M}/warning-rules/survey_job_loss_rate/readings`, { token: stats }, 403, 'auth.forbidden');
});

test('key firms: hires, leavers and shortage of the last version, and the register itself', async () => {
  const q = `area_code=${KEY}&from_on=${THIS}&to_on=${now}`, value = async (code, more = '') => (await figure(code, q + more)).value;
  await refused('POST', `${M}/key-firms/${keys[0].id}/reports`, { token: firms[6].token, body: { ...said, heads: 10, leavers: 0, hires: 11 } },
    422, 'request.invalid', '/hires field.too_large');
  const plain = (what) => Number(sql(`SELECT sum(${what}) FROM (SELECT DISTINCT ON (key_firm_id) * FROM monitoring.key_report
    WHERE month = '${THIS}' AND county_code = '${KEY}' ORDER BY key_firm_id, version DESC) AS r`)[0][0]);
  const was = await figure('key_hires', q), firmsWere = await value('key_firms');
  assert.deepEqual([was.value, await value('key_leavers'), await value('key_shortage')], [plain('hires'), plain('leavers'), 17]);
  assert.equal(firmsWere, Number(sql(`SELECT count(*) FROM monitoring.key_firm WHERE county_code = '${KEY}' AND until_on IS NULL`)[0][0]));
  assert.equal(await value('key_hires', '&tag=orders%3Dfalling'), 3);
  const two = await keyReport(keys[0], firms[6], { hires: 14, shortages: said.shortages.slice(1) });
  await post(`key-firms/${keys[1].id}/end`, here, { note: '已停产' });
  await caughtUp();
  assert.deepEqual([await value('key_hires'), await value('key_shortage'), await value('key_hires', `&revision=${was.revision}`),
    await value('key_firms')], [was.value + 2, 7, was.value, firmsWere - 1]);
  const rows = await walk(`${I}/key_hires/rows?${q}`, here, 50);
  assert.ok(rows.some((r) => r.id === two.id && r.value === 14) && !rows.some((r) => r.id === one.id));
  assert.equal(sql(`SELECT count(*) FROM monitoring.event_log WHERE type = 'monitoring.key_report.replaced.v1' AND key = '${one.id}'`)[0][0], '1');
  const hidden = (await call('GET', `${I}/key_hires/areas?from_on=${THIS}&to_on=${now}`, { token: stats })).areas;
  assert.ok(hidden.find((a) => a.area_code === KEY).hidden);
});

test('a year with a trend and none before it is forecast by smoothing its months; without a trend it is not', async () => {
  assert.deepEqual(sql("SELECT level, trend, error FROM monitoring.smooth('{10,20,40}', 5, 5)")[0].map(Number), [35000, 12500, 100000000],
    'told 30: half way to 40, and half of what the level rose by');
  const year = (months) => sql(`SELECT coalesce(monitoring.year_by_trend('{${months}}')::text, 'none')`)[0][0];
  assert.equal(year([10, 20, 30, 40, 50, 60]), '780', '210, and 70 to 120');
  assert.equal(year([60, 50, 40, 30]), '210', '180, 20, 10 and no less than nothing');
  assert.deepEqual([[50, 50, 50, 50], [0, 0, 0, 0, 0], [10, 20, 30], []].map(year), ['none', 'none', 'none', 'none']);
  sql(`INSERT INTO monitoring.cell (measure, area_code, tag, month, county_code, n)
    SELECT monitoring.measure_id('certified'), '431122', '', make_date(2012, m, 1), '431122', m * 10 FROM generate_series(1, 6) AS m`);
  try {
    const by = (to) => figure('certified', `area_code=431122&from_on=2012-01-01&to_on=${to}`).then((f) => f.forecast);
    const june = await by('2012-06-30');
    assert.deepEqual([june.method, june.value, june.reason, june.to_on], ['exponential_smoothing', 780, null, '2012-12-31']);
    assert.notEqual((await by('2012-03-31')).method, 'exponential_smoothing');
  } finally {
    sql("DELETE FROM monitoring.cell WHERE month BETWEEN '2012-01-01' AND '2012-12-01' AND area_code = '431122'");
  }
});
