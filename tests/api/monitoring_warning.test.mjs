// monitoring: early warning -- rules and their numbers by two hands, colours that
// rise and fall, alerts dealt with, passed on and closed, and back-tests.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { ctl as yjyctl } from '../lib/ctl.mjs';
import { at, NOW } from './grant.mjs';
import { dayPlus, eachMistake, logged, minter, NOBODY, refused, sql, walk } from './help.mjs';
import { setNumber } from './setting_help.mjs';

const M = '/v1/monitoring', COUNTY = '431125', QUIET = '431126';
await at(NOW);
const mint = minter((await person()).token);
const as = (role, area = '431100', over = {}) => mint({ roles: [`${role}@${area}`], ...over });
const first = as('first_review'), recheck = as('recheck'), approve = as('approve'), county = as('first_review', COUNTY);
const officer = as('recheck', COUNTY), stats = as('stats');
const code = (name) => `${name}_${randomUUID().slice(0, 6)}`;

// A measure of our own, so that the figures of the city stay what they are.
sql(`INSERT INTO monitoring.measure (id, code, name, kind, moment, counts) VALUES (84, 'warned_here', '试验指标', 'none', 'on', 'facts')
  ON CONFLICT DO NOTHING`);
const days = (from, values, area = COUNTY) => sql(`INSERT INTO monitoring.cell_day (measure, county_code, on_day, n)
  VALUES ${values.map((n, i) => `(84, '${area}', '${dayPlus(from, i)}', ${n})`)} ON CONFLICT (measure, county_code, tag, on_day) DO UPDATE SET n = excluded.n`);
after(async () => {
  sql(`UPDATE monitoring.warning_setting SET to_on = greatest(from_on, '${NOW}'::date) WHERE state = 'approved' AND to_on IS NULL`);
  sql('DELETE FROM monitoring.cell_day WHERE measure = 84; DELETE FROM monitoring.measure WHERE id = 84');
  await at(NOW);
});

const rule = { title: '试验规则', measures: ['warned_here'], step: 'day', area_level: 'county', model: 'threshold' };
const numbers = { levels: [{ colour: 'yellow', enter: 100, leave: 80 }, { colour: 'red', enter: 200, leave: 150 }],
  basis: '试验依据', from_on: NOW };
const define = (over = {}) => call('POST', `${M}/warning-rules`, { token: first, body: { code: code('rule'), ...rule, ...over } });
const propose = (r, over = {}, token = first) => call('POST', `${M}/warning-rules/${r.code}/settings`, { token, body: { ...numbers, ...over } });
const decide = (s, over = {}, token = approve) => call('POST', `${M}/warning-settings/${s.id}/decide`, { token,
  body: { approve: true, note: '同意' }, ...over });
const running = async (over, settings) => { const r = await define(over); await decide(await propose(r, settings)); return r; };
const alertsOf = (r, query = '', token = first) => walk(`${M}/alerts?rule_code=${r.code}${query}`, token, 50);
const step = (a, verb, token, body) => call('POST', `${M}/alerts/${a.id}/${verb}`, { token, body });

test('rules ship without numbers, and are unset until two officers of the city set them', async () => {
  const shipped = await walk(`${M}/warning-rules`, stats, 5);
  for (const c of ['job_loss_rate', 'registered_rate', 'large_layoff']) assert.equal(shipped.find((r) => r.code === c).setting, null, c);
  const r = await define();
  await eachMistake('POST', `${M}/warning-rules`, first, { code: code('rule'), ...rule }, [
    [{ code: '9x1' }, '/code field.format'], [{ measures: [] }, '/measures field.count'], [{ measures: [1] }, '/measures/0 field.type'],
    [{ step: 'year' }, '/step field.choice'], [{ tag: 'industry=C' }, '/tag field.choice'], [{ model: 'report' }, '/model field.choice']]);
  const wrong = await refused('POST', `${M}/warning-rules`, { token: first, body: { code: code('rule'), ...rule, measures: ['job_los'] } },
    422, 'request.invalid', '/measures/0 field.choice');
  assert.match(JSON.stringify(wrong.json), /job_losses/);
  await refused('POST', `${M}/warning-rules`, { token: first, body: { ...rule, code: r.code } }, 409, 'state.exists');
  await refused('POST', `${M}/warning-rules`, { token: county, body: { ...rule, code: code('rule') } }, 403, 'auth.area');
  await refused('GET', `${M}/warning-rules?limit=0`, { token: stats }, 422, 'request.invalid', 'limit field.too_small');

  const path = `${M}/warning-rules/${r.code}/settings`;
  await eachMistake('POST', path, first, numbers, [
    [{ from_on: dayPlus(NOW, -1) }, '/from_on field.date_past'], [{ to_on: dayPlus(NOW, -1) }, '/to_on field.date_order'],
    [{ levels: [] }, '/levels field.count'], [{ k: 3 }, '/k field.unknown'], [{ periods: 9 }, '/periods field.unknown'],
    [{ levels: [numbers.levels[1], numbers.levels[0]] }, '/levels/1/colour field.duplicate']]);
  for (const levels of [[{ colour: 'red', enter: 100, leave: 120 }], [numbers.levels[0], { colour: 'red', enter: 90, leave: 80 }]])
    await refused('POST', path, { token: first, body: { ...numbers, levels } }, 422, 'monitoring.warning_levels');
  await refused('POST', path, { token: county, body: numbers }, 403, 'auth.area');
  await refused('POST', `${M}/warning-rules/no_such/settings`, { token: first, body: numbers }, 404, 'request.not_found');
  const s = await propose(r, {}, approve);
  assert.deepEqual([s.version, s.state, s.levels], [1, 'proposed', numbers.levels]);
  await refused('POST', `${M}/warning-settings/${s.id}/decide`, { token: approve, body: { approve: true, note: '同意' } }, 409,
    'monitoring.warning_same_hand');
  await refused('POST', `${M}/warning-settings/${s.id}/decide`, { token: first, body: { approve: true, note: '同意' } }, 403, 'auth.forbidden');
  assert.equal((await decide(s, {}, as('approve'))).state, 'approved');
  await refused('POST', `${M}/warning-settings/${s.id}/decide`, { token: approve, body: { approve: true, note: '同意' } }, 409, 'state.wrong');
  const later = await propose(r, { from_on: dayPlus(NOW, 30) });
  assert.equal((await decide(later)).version, 2);
  const again = await propose(r, { from_on: dayPlus(NOW, 10) });
  await refused('POST', `${M}/warning-settings/${again.id}/decide`, { token: approve, body: { approve: true, note: '同意' } }, 409,
    'monitoring.warning_later');
  assert.equal((await decide(again, { body: { approve: false, note: '不妥' } })).state, 'refused');
  const list = await walk(path, officer, 50);
  assert.deepEqual(list.map((x) => [x.version, x.state, x.to_on]), [[3, 'refused', null], [2, 'approved', null],
    [1, 'approved', dayPlus(NOW, 29)]]);
  await refused('GET', `${path}?state=gone`, { token: officer }, 422, 'request.invalid', 'state field.choice');
  assert.equal((await walk(`${M}/warning-rules`, stats, 50)).find((x) => x.code === r.code).setting.version, 1);
  await refused('POST', `${M}/warning-settings/${later.id}/end`, { token: approve, body: { note: '停用' } }, 409, 'state.wrong');
  assert.equal((await call('POST', `${M}/warning-settings/${s.id}/end`, { token: approve, body: { note: '停用' } })).to_on, NOW);
  sql(`UPDATE monitoring.warning_setting SET to_on = from_on WHERE id = '${later.id}'`);
});

test('each model has its own numbers', async () => {
  const wants = { previous: [[{ years: 1 }, '/years field.unknown']], year: [[{ reference: 5 }, '/reference field.unknown']],
    spring: [[{}, '/years field.missing'], [{ years: 2 }, '/window_days field.missing']],
    cusum: [[{}, '/periods field.missing'], [{ reference: 'x' }, '/reference field.type']], zscore: [[{ periods: 9, window_days: 3 }, '/window_days field.unknown'],
      [{}, '/periods field.missing']] };
  for (const [model, mistakes] of Object.entries(wants))
    await eachMistake('POST', `${M}/warning-rules/${(await define({ model })).code}/settings`, first, numbers, mistakes);
  const s = await propose(await define({ model: 'cusum' }), { reference: 0, k: 3 });
  assert.deepEqual([s.reference, s.k, s.periods], [0, 3, null]);
});

test('colours rise and fall with hysteresis on one open alert, which keeps its history', async () => {
  const r = await running();
  days(NOW, [120, 90, 210, 160, 140, 50]);
  await at(dayPlus(NOW, 6));
  const [a] = await eventually(async () => {
    const list = await alertsOf(r);
    return list.length > 0 && list[0].period_on === dayPlus(NOW, 5) && list;
  }, 'an alert');
  assert.deepEqual([a.colour, a.peak, a.state, a.level, a.area_code, a.value], ['clear', 'red', 'open', 'county', COUNTY, 50]);
  const full = await call('GET', `${M}/alerts/${a.id}`, { token: county });
  assert.deepEqual(full.steps.map((s) => [s.step, s.colour, s.value]),
    [['raised', 'yellow', 120], ['rose', 'red', 210], ['fell', 'yellow', 140], ['fell', 'clear', 50]]);
  const readings = async (token, query = '') => (await call('GET', `${M}/warning-rules/${r.code}/readings?limit=100${query}`, { token })).items;
  const read = await readings(county);
  assert.deepEqual(read.map((x) => x.colour), ['clear', 'yellow', 'red', 'red', 'yellow', 'yellow']);
  assert.ok((await readings(first, `&county_code=${QUIET}`)).every((x) => x.colour === 'clear' && x.value === 0));
  await refused('GET', `${M}/warning-rules/${r.code}/readings?county_code=1`, { token: county }, 422, 'request.invalid', 'county_code field.area_code');
  const told = logged('monitoring', `key = '${a.id}'`, "type, payload->>'step', payload->>'colour'");
  assert.deepEqual(told.filter(([t]) => t === 'monitoring.alert.raised.v1'), [['monitoring.alert.raised.v1', 'raised', 'yellow']]);
  assert.equal(told.length, 4);

  // Dealt with by people: none of another county, no step before its turn, two hands.
  await refused('GET', `${M}/alerts/${a.id}`, { token: as('first_review', QUIET) }, 404, 'request.not_found');
  await refused('POST', `${M}/alerts/${a.id}/acknowledge`, { token: as('first_review', QUIET) }, 404, 'request.not_found');
  await refused('GET', `${M}/alerts`, { token: stats }, 403, 'auth.forbidden');
  await refused('GET', `${M}/alerts?colour=pink`, { token: county }, 422, 'request.invalid', 'colour field.choice');
  await refused('POST', `${M}/alerts/${a.id}/handle`, { token: county, body: { handling: '走访企业' } }, 409, 'state.wrong');
  assert.equal((await step(a, 'acknowledge', county)).state, 'acknowledged');
  await refused('POST', `${M}/alerts/${a.id}/acknowledge`, { token: county }, 409, 'state.wrong');
  await refused('POST', `${M}/alerts/${a.id}/close`, { token: officer, body: { reason: '已回落' } }, 409, 'state.wrong');
  await refused('POST', `${M}/alerts/${a.id}/handle`, { token: county, body: {} }, 422, 'request.invalid', '/handling field.missing');
  assert.equal((await step(a, 'handle', county, { handling: '走访企业，组织专场招聘' })).state, 'handled');
  await refused('POST', `${M}/alerts/${a.id}/close`, { token: county, body: { reason: '已回落' } }, 409, 'monitoring.warning_same_hand');
  const closed = await step(a, 'close', officer, { reason: '指标已回落' });
  assert.deepEqual([closed.state, closed.is_false, closed.reason], ['closed', false, '指标已回落']);

  // A new rise is a new alert; a false one needs no handling; one that rises is opened anew.
  days(dayPlus(NOW, 6), [130, 130, 250]);
  await at(dayPlus(NOW, 8));
  const b = await eventually(async () => (await alertsOf(r, '&state=open'))[0], 'another alert');
  await step(b, 'acknowledge', county);
  await at(dayPlus(NOW, 9));
  await eventually(async () => (await alertsOf(r, '&state=open&colour=red'))[0]?.id === b.id, 'it rose, and is open again');
  await step(b, 'acknowledge', county);
  await refused('POST', `${M}/alerts/${b.id}/close`, { token: county, body: { reason: '统计口径调整', is_false: true } }, 409,
    'monitoring.warning_same_hand');
  assert.equal((await step(b, 'close', officer, { reason: '统计口径调整', is_false: true })).is_false, true);
  await at(NOW);
});

test('what nobody acknowledges in time goes to the city, and then is overdue', async () => {
  await setNumber(mint, 'alert_acknowledge_days', 1, { part: 'yellow' });
  const r = await running();
  days(NOW, [120, 120, 120, 120, 120, 120, 120]);
  await at(dayPlus(NOW, 1));
  const a = await eventually(async () => (await alertsOf(r))[0], 'an alert');
  assert.deepEqual([a.due_on, a.level], [dayPlus(NOW, 2), 'county']);
  await at(dayPlus(NOW, 3));
  const up = await eventually(async () => (await alertsOf(r, '&level=city'))[0], 'it goes to the city');
  assert.deepEqual([up.state, up.due_on, up.is_overdue], ['open', dayPlus(NOW, 4), false]);
  await refused('POST', `${M}/alerts/${a.id}/acknowledge`, { token: county }, 409, 'monitoring.warning_city');
  await at(dayPlus(NOW, 5));
  await eventually(async () => (await alertsOf(r, '&is_overdue=true'))[0]?.is_overdue, 'overdue');
  assert.deepEqual((await call('GET', `${M}/alerts/${a.id}`, { token: first })).steps.map((s) => s.step), ['raised', 'escalated', 'overdue']);
  assert.equal((await step(a, 'acknowledge', first)).is_overdue, false);
  await at(NOW);
  await setNumber(mint, 'alert_acknowledge_days', null, { part: 'yellow' });
});

const ctl = (...words) => yjyctl('backtest', ...words).out;

test('numbers are tried on the past against what really happened, by the route and by the command', async () => {
  const r = await define(), s = await propose(r);
  const start = dayPlus(NOW, -30);
  days(start, [10, 120, 90, 10, 10, 10, 130, 10, 10, 10, 10, 210, 160, 90]);
  const good = { area_code: COUNTY, rule_code: r.code, title: '电机企业集中停产', from_on: dayPlus(start, 5), to_on: dayPlus(start, 5), source: '走访记录' };
  const enter = (over = {}, token = county) => call('POST', `${M}/episodes`, { token, body: { ...good, ...over } });
  await eachMistake('POST', `${M}/episodes`, county, good, [
    [{ to_on: start }, '/to_on field.date_order'], [{ from_on: dayPlus(NOW, 1), to_on: dayPlus(NOW, 1) }, '/from_on field.date_future'],
    [{ area_code: '431125001' }, '/area_code field.area_code'], [{ rule_code: 'no_such' }, '/rule_code field.choice'],
    [{ source: undefined }, '/source field.missing']]);
  await refused('POST', `${M}/episodes`, { token: county, body: { ...good, area_code: QUIET } }, 403, 'auth.area');
  await enter();
  await refused('POST', `${M}/episodes`, { token: county, body: good }, 409, 'state.exists');
  await enter({ title: '订单流失', from_on: dayPlus(start, 10), to_on: dayPlus(start, 10) });
  await enter({ title: '季节性裁减', from_on: dayPlus(start, 11), to_on: dayPlus(start, 20) });
  const wrong = await enter({ title: '误记', from_on: start, to_on: start });
  await refused('POST', `${M}/episodes/${wrong.id}/withdraw`, { token: as('recheck', QUIET), body: { note: '误记' } }, 404, 'request.not_found');
  assert.equal((await call('POST', `${M}/episodes/${wrong.id}/withdraw`, { token: county, body: { note: '误记' } })).is_withdrawn, true);
  await refused('POST', `${M}/episodes/${wrong.id}/withdraw`, { token: county, body: { note: '误记' } }, 409, 'state.wrong');
  assert.equal((await walk(`${M}/episodes?rule_code=${r.code}`, county, 2)).length, 4);
  await refused('GET', `${M}/episodes?county_code=9`, { token: county }, 422, 'request.invalid', 'county_code field.area_code');

  const path = `${M}/warning-settings/${s.id}/backtests`, period = { from_on: start, to_on: dayPlus(start, 13), lead_days: 2 };
  await eachMistake('POST', path, first, period, [[{ to_on: dayPlus(start, -1) }, '/to_on field.date_order'],
    [{ to_on: NOW }, '/to_on field.date_future'], [{ from_on: dayPlus(NOW, -900) }, '/from_on field.date_order']]);
  await refused('POST', path, { token: county, body: period }, 403, 'auth.area');
  await refused('POST', `${M}/warning-settings/${NOBODY}/backtests`, { token: first, body: period }, 404, 'request.not_found');
  const b = await call('POST', path, { token: first, body: period });
  assert.deepEqual([b.hits, b.misses, b.false_alarms, b.mean_lead_days], [2, 1, 1, 1]);
  assert.equal(b.areas.length, 1);
  assert.deepEqual(b.areas[0].episodes.map((x) => [x.is_hit, x.lead_days]), [[true, 3], [false, null], [true, -1]]);
  assert.equal((await walk(path, first, 5)).length, 1);
  await refused('GET', `${path}?limit=0`, { token: first }, 422, 'request.invalid', 'limit field.too_small');
  const out = ctl(r.code, start, dayPlus(start, 13), '2');
  assert.match(out, /hits 2 misses 1 false_alarms 1 mean_lead_days 1\n/);
  assert.match(out, new RegExp(`${COUNTY} miss .* 订单流失`));
  assert.match(ctl('job_loss_rate', start, NOW), /未设定/);
  assert.match(ctl(r.code, NOW, start), /two days/);
});

test('the baseline around Spring Festival moves with it, from one year to the next', async () => {
  const r = await define({ area_level: 'city', model: 'spring' });
  const s = await propose(r, { levels: [{ colour: 'orange', enter: 400, leave: 100 }], years: 1, window_days: 30 });
  days('2024-02-18', [50], '431100');	// eight days after 10 February 2024
  days('2025-02-06', [75], '431100');	// eight days after 29 January 2025
  const b = await call('POST', `${M}/warning-settings/${s.id}/backtests`, { token: first,
    body: { from_on: '2025-02-01', to_on: '2025-02-10', lead_days: 0 } });
  assert.deepEqual([b.hits, b.misses, b.false_alarms, b.mean_lead_days], [0, 0, 1, null]);
  assert.deepEqual(b.areas, [{ area_code: '431100', episodes: [], alarms: [{ from_on: '2025-02-07', until_on: null, peak: 'orange', is_hit: false }] }]);
});

test('a report of a large layoff is an alert at once, graded when the city has said how', async () => {
  const report = (heads, id = randomUUID()) => sql(`SELECT platform.act_as(at => '${NOW}T04:00:00Z');
    SELECT monitoring.alert_for_layoff('${id}', '${randomUUID()}', ${heads}, 200, '${COUNTY}', '${COUNTY}100')`)[1]?.[0];
  const id = randomUUID();
  const a = await call('GET', `${M}/alerts/${report(25, id)}`, { token: county });
  assert.deepEqual([a.rule_code, a.colour, a.value, a.score, a.subject_id, a.state], ['large_layoff', 'ungraded', 25, 1250, id, 'open']);
  assert.ok(!report(25, id), 'one report, one alert');
  await decide(await propose({ code: 'large_layoff' }, { levels: [{ colour: 'orange', enter: 50, leave: 50 }] }));
  assert.deepEqual([(await call('GET', `${M}/alerts/${report(60)}`, { token: county })).colour,
    (await call('GET', `${M}/alerts/${report(30)}`, { token: county })).colour], ['orange', 'ungraded']);
  await refused('GET', `${M}/alerts/${a.id}`, { token: (await firm()).token }, 403, 'auth.forbidden');
  const sums = (token) => call('GET', `${M}/alert-summary?rule_code=large_layoff`, { token }).then((x) => x.items);
  const [mine, ...more] = await sums(county);
  assert.deepEqual([mine.county_code, mine.gravest, more], [COUNTY, 'orange', []]);
  assert.deepEqual((await sums(stats)).find((x) => x.county_code === COUNTY), mine);
  await refused('GET', `${M}/alert-summary?limit=0`, { token: stats }, 422, 'request.invalid', 'limit field.too_small');
});
