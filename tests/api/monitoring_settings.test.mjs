// The city's numbers: what there is to set, two hands, days that are not past,
// and nothing forgotten.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually } from '../lib/city.mjs';
import { dayPlus, eachMistake, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const S = '/v1/monitoring/settings', start = await today();
const mint = minter((await desk('jh.first')).token);
const as = (...roles) => mint({ roles });
const [one, two, third, county] = [as('first_review@431100'), as('approve@431100'), as('approve@431100'), as('approve@431129')];
const good = { name: 'layoff_days', value: 9, basis: '市方案', from_on: dayPlus(start, 10) };
const propose = (over = {}, token = one) => call('POST', S, { token, body: { ...good, ...over } });
const confirm = (s, token = two) => call('POST', `${S}/${s.id}/confirm`, { token });
const of = async (name, token, part = null) => (await call('GET', `${S}?name=${name}`, token && { token })).items.find((x) => x.part === part);
const on = (day, name = 'layoff_days', part = '') => sql(`SELECT monitoring.setting_on('${name}', '${day}', '${part}')`)[0]?.[0] ?? '';

test('what there is to set is listed for everybody, set or not, each within its bounds', async () => {
  const first = await call('GET', `${S}?limit=20`);
  const rest = await call('GET', `${S}?limit=20&cursor=${encodeURIComponent(first.next_cursor)}`);
  const all = [...first.items, ...rest.items];
  assert.deepEqual([first.items.length, new Set(all.map((x) => `${x.name} ${x.part}`)).size, rest.next_cursor], [20, all.length, null]);
  assert.deepEqual(all.filter((x) => x.name === 'alert_handle_days').map((x) => x.part).sort(), ['blue', 'orange', 'red', 'ungraded', 'yellow']);
  assert.ok(all.every((x) => x.smallest <= x.largest && x.is_set === (x.value !== null) && x.title_en && x.source && x.proposed === null));
  const [day] = (await call('GET', `${S}?topic=survey`)).items.filter((x) => x.name === 'survey_open_day');
  assert.deepEqual([day.unit, day.smallest, day.largest, day.part], ['day_of_month', 1, 28, null]);
  await refused('GET', `${S}?topic=luck`, {}, 422, 'request.invalid', 'topic field.choice');
});

test('every fault at its field, with what may have been meant; only the city proposes', async () => {
  await eachMistake('POST', S, one, good, [
    [{ value: -1 }, '/value field.too_small'], [{ basis: undefined }, '/basis field.missing'], [{ value: 1001 }, '/value field.too_large'],
    [{ name: 'survey_open_day', value: 0, from_on: dayPlus(start, -1) }, '/value field.too_small', '/from_on field.date_past'],
    [{ part: 'red' }, '/part field.unknown'], [{ name: 'alert_handle_days' }, '/part field.missing'],
    [{ name: 'alert_handle_days', part: 'pink', value: 1001 }, '/part field.choice', '/value field.too_large']]);
  const p = await call('POST', S, { token: one, body: { ...good, name: 'layof_days' }, refused: true });
  assert.deepEqual([p.status, p.json.errors[0].pointer, p.json.errors[0].code], [422, '/name', 'field.choice']);
  assert.ok(JSON.stringify(p.json.errors[0]).includes('layoff_days'), p.text);
  await refused('POST', S, { token: county, body: good }, 403, 'auth.area');
  await refused('POST', S, { token: as('clerk@431100'), body: good }, 403, 'auth.forbidden');
});

test('one proposes and another confirms; each number ends where the next begins, in whatever order they came', async () => {
  const late = await propose({ from_on: dayPlus(start, 20) });
  assert.equal((await of('layoff_days', county)).proposed.id, late.id);
  assert.equal((await of('layoff_days')).proposed, null, 'not yet the public’s');
  await refused('POST', S, { token: two, body: good }, 409, 'state.exists');
  await refused('POST', `${S}/${late.id}/confirm`, { token: one }, 403, 'auth.forbidden');
  await refused('POST', `${S}/${late.id}/confirm`, { token: county }, 404, 'request.not_found');
  assert.equal((await confirm(late)).state, 'confirmed');
  await refused('POST', `${S}/${late.id}/confirm`, { token: third }, 409, 'state.wrong');
  await confirm(await propose({ value: 4 }));
  await confirm(await propose({ value: undefined, from_on: dayPlus(start, 30) }));
  const [now, ...coming] = [await of('layoff_days'), ...(await of('layoff_days')).coming];
  assert.deepEqual(coming.map((x) => [x.value, x.from_on, x.to_on]), [[4, dayPlus(start, 10), dayPlus(start, 19)],
    [9, dayPlus(start, 20), dayPlus(start, 29)], [null, dayPlus(start, 30), null]]);
  assert.equal(on(start), now.value === null ? '' : String(now.value));
  assert.deepEqual([on(dayPlus(start, 10)), on(dayPlus(start, 25)), on(dayPlus(start, 30))], ['4', '9', '']);
  // From the same day on: the first is replaced, and kept.
  await confirm(await propose({ value: 6 }));
  assert.equal(on(dayPlus(start, 19)), '6');
  const past = await walk(`${S}/history?name=layoff_days&state=replaced`, county, 1);
  assert.deepEqual(past.map((x) => [x.value, x.from_on]), [[4, dayPlus(start, 10)]]);
  assert.notEqual(past[0].confirmed_by, past[0].proposed_by);
  const told = await eventually(() => {
    const rows = sql(`SELECT payload->>'state', payload->>'value' FROM monitoring.event_log WHERE type = 'monitoring.setting.moved.v1'
      AND payload->>'setting_id' = '${past[0].id}' ORDER BY seq`);
    return rows.length === 3 && rows;
  }, 'each step told');
  assert.deepEqual(told, [['proposed', '4'], ['confirmed', '4'], ['replaced', '4']]);
});

test('nobody confirms the own number, nor one whose day is past; what is withdrawn is kept with its reason', async () => {
  const part = { name: 'alert_handle_days', part: 'red', value: 1, from_on: start };
  const own = await propose(part, two);
  await refused('POST', `${S}/${own.id}/confirm`, { token: two }, 409, 'monitoring.same_hand');
  await refused('POST', `${S}/${own.id}/withdraw`, { token: two, body: {} }, 422, 'request.invalid', '/note field.missing');
  await refused('POST', `${S}/${own.id}/withdraw`, { token: county, body: { note: '不合适' } }, 404, 'request.not_found');
  assert.equal((await call('POST', `${S}/${own.id}/withdraw`, { token: third, body: { note: '另行研究' } })).state, 'withdrawn');
  await refused('POST', `${S}/${own.id}/confirm`, { token: third }, 409, 'state.wrong');
  const [row] = (await call('GET', `${S}/history?part=red&state=withdrawn`, { token: county })).items;
  assert.deepEqual([row.id, row.note], [own.id, '另行研究']);
  await refused('GET', `${S}/history?state=lost`, { token: county }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', `${S}/history`, {}, 401, 'auth.token_missing');
  const stale = await propose(part);
  sql(`UPDATE monitoring.setting SET from_on = '${dayPlus(start, -1)}' WHERE id = '${stale.id}'`);
  await refused('POST', `${S}/${stale.id}/confirm`, { token: two }, 409, 'monitoring.setting_past');
  await call('POST', `${S}/${stale.id}/withdraw`, { token: one, body: { note: '日期已过' } });
  assert.equal(on(start, 'alert_handle_days', 'red'), '');
  await refused('POST', `${S}/${NOBODY}/withdraw`, { token: one, body: { note: '没有' } }, 404, 'request.not_found');
});

test('the database itself refuses one hand, a number out of bounds, a change and a look at what is only proposed', () => {
  const put = (name, value, more = '') => () => sql(`INSERT INTO monitoring.setting (name, value, basis, from_on, proposed_by${more && ', state, confirmed_by, confirmed_at'})
    VALUES ('${name}', ${value}, '测试', '2099-01-01', '${NOBODY}'${more})`);
  assert.throws(put('survey_open_day', 29), /no such number/);
  assert.throws(put('alert_handle_days', 1), /no such number/);
  assert.throws(put('survey_days', 1, `, 'confirmed', '${NOBODY}', now()`), /setting_hands_check/);
  assert.throws(() => sql('UPDATE monitoring.setting SET value = 9', 'monitoring_app'), /permission denied/);
  assert.throws(() => sql('DELETE FROM monitoring.setting', 'monitoring_app'), /permission denied/);
  const app = (text) => sql(`SET app.scope = '|||||${start}T00:00:00Z|'; ${text}`, 'monitoring_app');
  assert.throws(() => app(`INSERT INTO monitoring.setting (name, value, basis, from_on, proposed_by) VALUES ('survey_days', 1, '测试', '2099-01-01', '${NOBODY}')`),
    /row-level security/);
  assert.equal(app("SELECT count(*) FROM monitoring.setting WHERE state IN ('proposed', 'withdrawn')").at(-1)[0], '0');
});
