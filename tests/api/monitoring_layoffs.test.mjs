// Large layoffs (劳动合同法 第四十一条): what has to be reported, thirty days
// ahead, and how the county takes it up.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';
import { setNumber } from './setting_help.mjs';

const start = await today();
const mint = minter((await desk('jh.first')).token);
const officer = (role) => mint({ roles: [role] });
const county = officer('first_review@431129'), clerk = officer('clerk@431129'), away = officer('first_review@431103'), city = officer('approve@431100');
const get = (path, token) => call('GET', `/v1/monitoring/${path}`, { token });
const post = (path, token, body) => call('POST', `/v1/monitoring/${path}`, { token, body });
const no = (path, token, body, ...why) => refused('POST', `/v1/monitoring/${path}`, { token, body }, ...why);
const good = (over) => ({ headcount: 20, staff: 500, reason: 'difficulty', noticed_on: dayPlus(start, -5), planned_on: dayPlus(start, 25),
  plan: '裁减二十人，依法支付经济补偿', union_view: '工会无异议', ...over });

test('reported when the law asks for it, thirty days ahead; everything wrong is named', async () => {
  const f = await firm();
  await eachMistake('POST', '/v1/monitoring/layoffs', f.token, good(), [
    [{ headcount: 19 }, '/headcount monitoring.layoff_small'],
    [{ headcount: 9, staff: 91 }, '/headcount monitoring.layoff_small'],
    [{ headcount: 501 }, '/headcount field.too_large'],
    [{ planned_on: dayPlus(start, 24) }, '/planned_on monitoring.layoff_notice'],
    [{ noticed_on: dayPlus(start, 1), headcount: 3 }, '/headcount monitoring.layoff_small', '/noticed_on field.date_future', '/planned_on monitoring.layoff_notice'],
    [{ plan: '裁人' }, '/plan field.too_short'], [{ reason: 'mood' }, '/reason field.choice']]);
  await no('layoffs', f.token, good({ org_id: f.org_id }), 403, 'auth.forbidden');
  await no('layoffs', clerk, good(), 422, 'request.invalid', '/org_id field.missing');
  await no('layoffs', away, good({ org_id: f.org_id }), 403, 'auth.forbidden');
  await no('layoffs', officer('clerk@431103'), good({ org_id: f.org_id }), 409, 'monitoring.org_unknown');
  const small = await known(() => call('POST', '/v1/monitoring/layoffs', { token: f.token, refused: true, body: good({ headcount: 9, staff: 90 }) }));
  assert.deepEqual([small.state, small.earliest_on, small.due_on, small.via, small.case_state], ['reported', dayPlus(start, 25), null, 'org', 'accepted'],
    'a tenth of the staff; the city has set no days');
  await no('layoffs', f.token, good(), 409, 'monitoring.layoff_open');
  for (const [set, check] of [["planned_on = noticed_on + 29", 'notice_check'], ['headcount = 8', 'large_check'], ["state = 'closed'", 'steps_check']])
    assert.throws(() => sql(`UPDATE monitoring.layoff SET ${set} WHERE id = '${small.id}'`), new RegExp(check));
  const told = await eventually(() => sql(`SELECT payload->>'headcount', payload->>'staff', payload->>'planned_on' FROM monitoring.event_log
    WHERE type = 'monitoring.layoff.reported.v1' AND key = '${small.id}'`)[0], 'the event');
  assert.deepEqual(told, ['9', '90', dayPlus(start, 25)]);
  const g = await firm();
  await no(`layoffs/${small.id}/withdraw`, g.token, { note: '不是本单位' }, 404, 'request.not_found');
  assert.equal((await post(`layoffs/${small.id}/withdraw`, f.token, { note: '订单恢复' })).state, 'withdrawn');
  await no(`layoffs/${small.id}/withdraw`, f.token, { note: '再次撤回' }, 409, 'state.wrong');
  assert.deepEqual((await get('layoffs', f.token)).items.map((x) => x.id), [small.id]);
  await refused('GET', `/v1/monitoring/layoffs/${small.id}`, { token: g.token }, 404, 'request.not_found');
});

test('acknowledged, handled, closed by the county; what is late is listed', async () => {
  await setNumber(mint, 'layoff_days', 3);
  const f = await firm();
  const r = await known(() => call('POST', '/v1/monitoring/layoffs', { token: clerk, refused: true, body: good({ org_id: f.org_id }) }));
  assert.deepEqual([r.via, r.due_on, r.is_overdue], ['clerk', dayPlus(start, 3), false]);
  const path = `layoffs/${r.id}`, measures = { measures: '组织专场招聘，落实稳岗返还' };
  await no(`${path}/handle`, county, measures, 409, 'state.wrong');
  await no(`${path}/acknowledge`, away, {}, 404, 'request.not_found');
  await no(`${path}/acknowledge`, clerk, {}, 403, 'auth.forbidden');
  assert.equal((await post(`${path}/acknowledge`, county, { note: '已约谈企业' })).state, 'acknowledged');
  sql(`UPDATE monitoring.layoff SET due_on = '${dayPlus(start, -1)}' WHERE id = '${r.id}'`);
  assert.ok((await walk('/v1/monitoring/layoffs?is_overdue=true', county, 20)).some((x) => x.id === r.id));
  await refused('GET', '/v1/monitoring/layoffs?state=lost', { token: county }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', `/v1/monitoring/layoffs/${NOBODY}`, { token: county }, 404, 'request.not_found');
  await no(`${path}/handle`, county, {}, 422, 'request.invalid', '/measures field.missing');
  assert.equal((await post(`${path}/handle`, county, measures)).is_overdue, false);
  await no(`${path}/withdraw`, f.token, { note: '太晚撤回' }, 409, 'state.wrong');
  for (const [body, field] of [[{ outcome: 'carried_out', laid_off: 19 }, '/laid_off field.too_small'], [{ outcome: 'cancelled', laid_off: 1 }, '/laid_off field.too_large'],
    [{ outcome: 'reduced', laid_off: 20 }, '/outcome field.choice'], [{ outcome: 'carried_out', laid_off: 21 }, '/laid_off field.too_large']])
    await no(`${path}/close`, county, body, 422, 'request.invalid', field);
  const done = await post(`${path}/close`, county, { outcome: 'reduced', laid_off: 12 });
  assert.deepEqual([done.state, done.laid_off, done.closed_on], ['closed', 12, start]);
  await no(`${path}/close`, county, { outcome: 'reduced', laid_off: 12 }, 409, 'state.wrong');
  assert.equal((await get(path, f.token)).measures, measures.measures);
  assert.equal(sql(`SELECT state FROM monitoring.case_file WHERE subject_id = '${r.id}'`)[0][0], 'done');
  // Its alert has followed it, and is dealt with nowhere else.
  const [a] = (await walk('/v1/monitoring/alerts?rule_code=large_layoff', county, 50)).filter((x) => x.subject_id === r.id);
  assert.deepEqual([a.state, a.value, a.org_id, a.handling, a.is_false], ['closed', 20, f.org_id, measures.measures, false]);
  assert.deepEqual((await get(`alerts/${a.id}`, county)).steps.map((x) => x.step), ['raised', 'acknowledged', 'handled', 'closed']);
  for (const [verb, body] of [['acknowledge'], ['handle', { handling: '走访' }], ['close', { reason: '办结' }]])
    await no(`alerts/${a.id}/${verb}`, county, body, 409, 'monitoring.warning_reported');
  assert.equal(sql(`SELECT count(*) FROM monitoring.layoff l LEFT JOIN monitoring.alert a ON a.subject_id = l.id
    WHERE (l.state IN ('closed', 'withdrawn')) IS DISTINCT FROM (a.state = 'closed')`)[0][0], '0');
});
