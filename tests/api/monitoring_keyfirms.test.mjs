// 重点企业用工: the register with an officer for each firm, monthly reports, and
// shortages as tasks that jobs finds seekers for.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { randomUUID } from 'node:crypto';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, eachMistake, isProblem, known, minter, NOBODY, ports, refused, serviceToken, sql, today, walk } from './help.mjs';
import { setNumber } from './setting_help.mjs';

const start = await today(), MONTH = `${start.slice(0, 8)}01`;
const mint = minter((await desk('jh.first')).token);
const ids = Array.from({ length: 3 }, () => randomUUID());
const county = mint({ roles: ['first_review@431129'], sub: ids[0] }), charge = mint({ roles: ['clerk@431129'], sub: ids[1] });
const next = mint({ roles: ['clerk@431129'], sub: ids[2] }), city = mint({ roles: ['approve@431100'] }), away = mint({ roles: ['first_review@431103'] });
const get = (path, token) => call('GET', `/v1/monitoring/${path}`, { token });
const post = (path, token, body) => call('POST', `/v1/monitoring/${path}`, { token, body });
const no = (path, token, body, ...why) => refused('POST', `/v1/monitoring/${path}`, { token, body }, ...why);
const OCC = '6-31-01-03';
const good = { month: MONTH, heads: 320, hires: 12, leavers: 20, orders: 'rising', orders_note: '海外订单增加', open_posts: 30,
  shortages: [{ occupation_code: OCC, headcount: 10, wage_low_cents: 450000, wage_high_cents: 600000 }], plan_hires: 15 };

let f, k;
test('named by the county or the city, one officer at a time, with a history', async () => {
  f = await firm();
  const body = { org_id: f.org_id, tier: 'county', basis: '县重点企业名单', officer_id: ids[1], officer_name: '专员甲' };
  k = await known(() => call('POST', '/v1/monitoring/key-firms', { token: county, body, refused: true }));
  assert.deepEqual([k.tier, k.officer_id, k.officer_name, k.industry_code, k.county_code], ['county', ids[1], '专员甲', 'C', '431129']);
  await no('key-firms', county, body, 409, 'state.exists');
  await no('key-firms', away, body, 409, 'monitoring.org_unknown');
  await no('key-firms', county, { ...body, tier: 'province' }, 403, 'auth.area');
  await eachMistake('POST', '/v1/monitoring/key-firms', county, body, [[{ tier: 'world' }, '/tier field.choice'], [{ officer_id: undefined }, '/officer_id field.missing']]);
  sql(`UPDATE monitoring.key_firm_officer SET from_on = '${dayPlus(start, -9)}' WHERE key_firm_id = '${k.id}'`);
  const path = `key-firms/${k.id}/officers`, change = { officer_id: ids[2], officer_name: '专员乙', from_on: start };
  await no(path, away, change, 404, 'request.not_found');
  await no(path, county, { ...change, officer_id: ids[1] }, 409, 'state.exists');
  await no(path, county, { ...change, from_on: dayPlus(start, -9) }, 422, 'request.invalid', '/from_on field.date_order');
  await no(path, county, { ...change, from_on: dayPlus(start, 1) }, 422, 'request.invalid', '/from_on field.date_future');
  assert.equal((await post(path, county, { ...change, from_on: dayPlus(start, -3) })).officer_name, '专员乙');
  await post(path, county, { officer_id: ids[1], officer_name: '专员甲', from_on: start });
  assert.deepEqual((await walk(`/v1/monitoring/${path}`, county, 1)).map((o) => [o.officer_name, o.from_on, o.until_on]), [['专员甲', start, null],
    ['专员乙', dayPlus(start, -3), start], ['专员甲', dayPlus(start, -9), dayPlus(start, -3)]]);
  assert.throws(() => sql(`UPDATE monitoring.key_firm_officer SET until_on = NULL WHERE key_firm_id = '${k.id}'`), /one_excl/);
  await refused('GET', `/v1/monitoring/${path}?limit=0`, { token: county }, 422, 'request.invalid', 'limit field.too_small');
  assert.deepEqual((await get(`key-firms?officer_id=${ids[1]}`, county)).items.map((x) => x.id), [k.id]);
  assert.deepEqual((await get('key-firms', f.token)).items.map((x) => x.id), [k.id]);
  await refused('GET', '/v1/monitoring/key-firms?tier=world', { token: county }, 422, 'request.invalid', 'tier field.choice');
});

test('the month by the firm or a clerk; every fault at its field; a later version keeps the earlier', async () => {
  const path = `key-firms/${k.id}/reports`;
  assert.ok((await get(`key-firms?missing_month=${MONTH}`, county)).items.some((x) => x.id === k.id));
  await eachMistake('POST', `/v1/monitoring/${path}`, f.token, good, [
    [{ month: dayPlus(MONTH, 32).replace(/..$/, '01') }, '/month field.date_future'],
    [{ month: dayPlus(MONTH, -40).replace(/..$/, '01') }, '/month field.date_past'],
    [{ month: dayPlus(MONTH, 1), wage_low_cents: 9, wage_high_cents: 8, shortages: [good.shortages[0], { occupation_code: OCC, headcount: 1, wage_low_cents: 2, wage_high_cents: 1 }] },
      '/month monitoring.month', '/wage_high_cents field.too_small', '/shortages/1/occupation_code field.duplicate', '/shortages/1/wage_high_cents field.too_small'],
    [{ orders: 'none' }, '/orders field.choice'], [{ shortages: [{ occupation_code: '9', headcount: 0 }] }, '/shortages/0/headcount field.too_small', '/shortages/0/occupation_code field.occupation_code']]);
  await no(path, (await firm()).token, good, 404, 'request.not_found');
  await setNumber(mint, 'shortage_days', 7);
  const r = await post(path, f.token, good);
  assert.deepEqual([r.version, r.via, r.shortages.length], [1, 'org', 1]);
  const again = await post(path, charge, { ...good, hires: 13, shortages: [{ ...good.shortages[0], headcount: 8 }] });
  assert.deepEqual([again.version, again.via], [2, 'clerk']);
  assert.deepEqual((await walk(`/v1/monitoring/key-reports?key_firm_id=${k.id}`, county, 1)).map((x) => x.hires), [13, 12]);
  await refused('GET', '/v1/monitoring/key-reports?month=soon', { token: county }, 422, 'request.invalid', 'month field.format');
  assert.ok(!(await get(`key-firms?missing_month=${MONTH}`, county)).items.some((x) => x.id === k.id));
  assert.throws(() => sql('UPDATE monitoring.key_report SET hires = 1', 'monitoring_app'), /permission denied/);
  const figures = await get(`key-firm-figures?month=${MONTH}`, county);
  assert.deepEqual(figures.items.map((x) => [x.county_code, x.reported >= 1, x.is_hidden]), [['431129', true, false]]);
  assert.equal(figures.wanted_province, null, 'how many there should be is the city’s to say');
  const stats = (await get('key-firm-figures', (await desk('city.stats')).token)).items.find((x) => x.county_code === '431129');
  assert.ok(stats.is_hidden === (stats.heads === null) && stats.reported >= 1);
  await refused('GET', '/v1/monitoring/key-firm-figures', { token: f.token }, 403, 'auth.forbidden');
});

test('a shortage opens a task, jobs says how many fit, its officer offers and closes', async () => {
  const p = await person(), q = await person();
  for (const x of [p, q]) {
    await known(() => call('PUT', '/v1/jobs/my/resume', { token: x.token, refused: true, body: { occupations: [OCC], areas: ['431129'],
      state: 'seeking', is_findable: x === p } }));
    await call('POST', '/v1/identity/me/consents', { token: x.token, refused: true, body: { purpose: 'auto_match', granted: true } });
  }
  const [s, ...more] = (await get(`shortages?key_firm_id=${k.id}`, county)).items;
  assert.equal(more.length, 0, 'the second version is the same task');
  assert.deepEqual([s.headcount, s.state, s.officer_id, s.due_on], [8, 'open', ids[1], dayPlus(start, 7)]);
  const task = async (token, query = '') => (await walk(`/v1/messages?kind=shortage_opened${query}`, token, 50)).filter((m) => m.subject_id === s.id);
  assert.deepEqual([(await task(charge)).length, (await task(charge))[0].desk_role, (await task(next)).length], [1, null, 0], 'its officer is told, once');
  const path = `shortages/${s.id}`;
  const seen = await eventually(async () => {
    await post(`${path}/rematch`, charge);
    const x = await eventually(async () => { const y = await get(path, county); return y.matched_at && y; }, 'jobs was asked');
    return x.seekers >= 1 && x;
  }, 'a seeker fits');
  assert.ok(seen.seekers_county >= 1 && seen.seekers_county <= seen.seekers && typeof seen.has_more === 'boolean');
  assert.ok(!Object.keys(seen).some((key) => /person|name_masked/.test(key)), 'nobody is named here');
  const query = `occupation_code=${OCC}&county_code=431129&pay_low_cents=450000&pay_high_cents=600000`;
  const listed = (await call('GET', `/v1/jobs/seeker-matches?${query}&limit=200`, { token: charge })).items;
  assert.ok(listed.some((x) => x.person.person_id === p.id) && !listed.some((x) => x.person.person_id === q.id), 'only who agreed to be found');
  assert.ok(listed.every((x) => x.person.county_code === '431129' && x.reasons.length > 0 && /\*/.test(x.person.name_masked)));
  await refused('GET', `/v1/jobs/seeker-matches?county_code=431129`, { token: charge }, 422, 'request.invalid', 'occupation_code field.missing');
  await refused('GET', `/v1/jobs/seeker-matches?${query}`, { token: f.token }, 403, 'auth.forbidden');
  const inside = (token, text) => request('GET', `/internal/seeker-counts?${text}`, { token, base: `http://127.0.0.1:${ports.jobs}`, quiet: true });
  assert.ok((await inside(serviceToken(), query)).json.seekers >= 1);
  isProblem(await inside(serviceToken(), 'occupation_code=9&county_code=431129'), 422, 'request.invalid', 'occupation_code field.occupation_code');

  const offer = { offered: 3, note: '推荐电机装配工三名' };
  await no(`${path}/offer`, next, offer, 403, 'monitoring.not_in_charge');
  await no(`${path}/offer`, away, offer, 404, 'request.not_found');
  await no(`${path}/rematch`, away, undefined, 404, 'request.not_found');
  assert.deepEqual(await post(`${path}/offer`, charge, offer).then((x) => [x.state, x.offered]), ['offered', 3]);
  assert.equal(sql(`SELECT count(*) FROM monitoring.message WHERE org_id = '${f.org_id}' AND kind = 'shortage_offered'`)[0][0], '1');
  sql(`UPDATE monitoring.shortage SET due_on = '${dayPlus(start, -1)}' WHERE id = '${s.id}'`);
  assert.ok((await walk('/v1/monitoring/shortages?is_overdue=true', county, 20)).some((x) => x.id === s.id));
  await refused('GET', '/v1/monitoring/shortages?state=lost', { token: county }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', `/v1/monitoring/shortages/${NOBODY}`, { token: county }, 404, 'request.not_found');
  const close = { result: 'partly_filled', filled: 3 };
  await no(`${path}/close`, next, close, 403, 'monitoring.not_in_charge');
  for (const [change, why] of [[{ filled: 9 }, 'too_large'], [{ result: 'filled' }, 'too_small'], [{ filled: 0 }, 'too_small'], [{ result: 'no_seekers' }, 'too_large']])
    await no(`${path}/close`, charge, { ...close, ...change }, 422, 'request.invalid', `/filled field.${why}`);
  assert.equal((await post(`${path}/close`, charge, close)).state, 'closed');
  assert.deepEqual(await task(charge, '&unread=true'), []);
  await no(`${path}/close`, charge, close, 409, 'state.wrong');
  await no(`${path}/rematch`, charge, undefined, 409, 'state.wrong');
  assert.deepEqual(await eventually(() => { const t = sql(`SELECT type FROM monitoring.event_log WHERE key = '${s.id}' ORDER BY seq`).flat(); return t.length === 3 && t; }, 'its events'),
    ['monitoring.shortage.opened.v1', 'monitoring.shortage.moved.v1', 'monitoring.shortage.moved.v1']);
});

test('who has not reported is told once; a firm taken off reports no more', async () => {
  const g = await firm();
  const x = await known(() => call('POST', '/v1/monitoring/key-firms', { token: city, refused: true,
    body: { org_id: g.org_id, tier: 'province', basis: '省名单', officer_id: ids[2], officer_name: '专员乙' } }));
  const told = () => sql(`SELECT count(*) FROM monitoring.message WHERE org_id = '${g.org_id}' AND kind = 'key_report_reminder'`)[0][0];
  const turn = () => sql(`SELECT platform.act_as(at => '${start}T04:00:00Z'); SELECT monitoring.key_turn()`);
  turn();
  assert.equal(told(), '0', 'no day is set, nobody is told');
  await setNumber(mint, 'key_report_day', 1);
  turn();
  turn();
  assert.equal(told(), '1');
  await no(`key-firms/${x.id}/end`, county, { note: '已迁出' }, 403, 'auth.area');
  assert.equal((await post(`key-firms/${x.id}/end`, city, { note: '已迁出' })).until_on, start);
  await no(`key-firms/${x.id}/end`, city, { note: '已迁出' }, 409, 'state.wrong');
  await no(`key-firms/${x.id}/reports`, g.token, good, 409, 'state.wrong');
});
