// sharing: datasets for other departments -- proposed, put in force by other
// hands, read as snapshot and changes or as an aggregate, counted and written down.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { claimsOf, newClient, token } from './oauth.mjs';
import { dayPlus, eachMistake, isProblem, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const mint = minter((await person()).token);
const officer = (role, area = '431100') => ({ token: mint({ roles: [`${role}@${area}`] }) });
const [one, two, three, stats, county] = [officer('first_review'), officer('recheck'), officer('approve'), officer('stats'),
  officer('first_review', '431129')];
const get = (who, path, options) => call('GET', `/v1/monitoring/${path}`, { token: who?.token, ...options });
const post = (who, path, body, options) => call('POST', `/v1/monitoring/${path}`, { token: who.token, body, ...options });
const no = (who, path, body, ...rest) => refused('POST', `/v1/monitoring/${path}`, { token: who.token, body }, ...rest);
const noGet = (who, path, ...rest) => refused('GET', `/v1/monitoring/${path}`, { token: who?.token, patience_ms: 0 }, ...rest);

let serial = 0;
const code = () => `share_${Date.now().toString(36)}_${++serial}`;
const rowsOf = (over = {}) => ({ code: code(), name: '失业登记人员共享', kind: 'rows', owner: '市人力资源和社会保障局', purpose: '核对救助对象就业状况',
  legal_basis: '社会救助暂行办法第六十条', measure: 'unemployed', counties: ['431129'], reads_a_day: 1000, rows_a_day: 100000,
  expires_on: dayPlus(now, 90), fields: [{ column: 'on_day', mask: 'month' }, { column: 'county_code' }, { column: 'area_code', mask: 'county' },
    { column: 'person_ref', mask: 'hash' }, { column: 'birth_on', mask: 'year' }, { column: 'sex' }, { column: 'leg' }, { column: 'groups' }], ...over });
const cellsOf = (over = {}) => ({ code: code(), name: '新登记失业汇总', kind: 'aggregate', owner: '市人力资源和社会保障局', purpose: '形势研判',
  legal_basis: '就业促进法第十一条', measure: 'unemployed_new', dim: 'sex', reads_a_day: 1000, rows_a_day: 100000, expires_on: dayPlus(now, 90), ...over });
async function inForce(body) {
  const d = await post(one, 'datasets', body);
  if (d.about_persons) await post(two, `datasets/${d.id}/check`, { note: '字段已最小化' });
  return post(three, `datasets/${d.id}/approve`);
}
// A department: a public body, and its client.
async function department() {
  const f = await firm({ kind: 'public_body', name: `示例市民政局${++serial}` });
  await eventually(() => sql(`SELECT 1 FROM monitoring.org WHERE id = '${f.org_id}'`).length === 1, 'the department is known');
  return { ...f, token: mint({ roles: ['partner@431100'], org: f.org_id }) };
}
const what = (d, over = {}) => ({ dataset_code: d.code, purpose: '核对救助对象就业状况', legal_basis: '社会救助暂行办法第六十条', until_on: dayPlus(now, 60), ...over });
async function receives(d, a) {
  const r = await post(one, 'dataset-recipients', { ...what(d), org_id: a.org_id });
  return post(three, `dataset-recipients/${r.id}/approve`);
}
const lost = async (over) => {
  const p = await person(over);
  const u = await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token, body: { reason: 'layoff' }, refused: true }));
  return { ...p, registration: u.id };
};
const counted = (id, leg = 0) => eventually(() => sql(`SELECT 1 FROM monitoring.tally t JOIN monitoring.measure m ON m.id = t.measure
  WHERE t.fact_id = '${id}' AND t.leg = ${leg} AND m.code = 'unemployed' AND t.gone = 9223372036854775807`).length === 1, 'the registration is counted');
// Applies page after page until nothing is new, as a department would.
class Copy {
  constructor(d, a) { Object.assign(this, { d, a, held: new Map(), cursor: '', pages: 0, seen: [] }); }
  async page(limit = 3) {
    const r = await get(this.a, `shared/${this.d.code}?limit=${limit}${this.cursor && `&cursor=${encodeURIComponent(this.cursor)}`}`);
    for (const i of r.items) {
      this.seen.push(i.kind);
      if (i.kind === 'row') this.held.set(i.row_id, i.fields); else this.held.delete(i.row_id);
    }
    this.pages++;
    const was = this.cursor;
    this.cursor = r.next_cursor;
    return { r, was };
  }
  async all(limit) { for (let n = 0, had = 1; n < 200 && (had > 0 || n < 2); n++) had = (await this.page(limit)).r.items.length; }
}
const open = () => Number(sql(`SELECT count(*) FROM monitoring.tally t JOIN monitoring.measure m ON m.id = t.measure WHERE m.code = 'unemployed'
  AND t.county_code = '431129' AND t.gone = 9223372036854775807`)[0][0]);

test('a proposal names what exists, and suggests what was meant', async () => {
  const columns = await walk('/v1/monitoring/dataset-columns', undefined, 7, '/v1/codes');
  assert.ok(columns.some((c) => c.code === 'birth_on' && c.is_personal && !c.masks.includes('none')));
  await refused('GET', '/v1/monitoring/dataset-columns?limit=0', {}, 422, 'request.invalid', 'limit field.too_small');
  const r = await no(one, 'datasets', rowsOf({ measure: 'unemploied', counties: ['431129', '431128x'], fields: [{ column: 'birthday' },
    { column: 'sex' }, { column: 'sex' }, { column: 'org_nam' }] }), 422, 'request.invalid', '/measure field.share_measure',
  '/counties/1 field.area_code', '/fields/0/column field.share_column', '/fields/2/column field.duplicate', '/fields/3/column field.share_column');
  const near = (pointer) => r.json.errors.find((e) => e.pointer === pointer).suggestions.map((s) => s.code);
  assert.ok(near('/measure').includes('unemployed'));
  assert.ok(near('/counties/1').includes('431128'));
  assert.equal(near('/fields/3/column')[0], 'org_name');
  assert.ok(r.json.errors.find((e) => e.pointer === '/counties/1').suggestions.some((s) => s.name === '新田县'), r.text);
  await eachMistake('POST', '/v1/monitoring/datasets', one.token, rowsOf(), [
    [{ fields: [] }, '/fields field.missing'], [{ fields: [{ column: 'birth_on' }] }, '/fields/0/mask field.share_mask'],
    [{ fields: [{ column: 'reason' }] }, '/fields/0/column field.share_dim'], [{ fields: {} }, '/fields field.type'], [{ fields: ['sex'] }, '/fields/0 field.type'],
    [{ counties: [1] }, '/counties/0 field.type'], [{ code: 'Bad-code' }, '/code field.format'], [{ legal_basis: undefined }, '/legal_basis field.missing'],
    [{ expires_on: dayPlus(now, -1) }, '/expires_on field.date_past'], [{ rows_a_day: 0 }, '/rows_a_day field.too_small'], [{ kind: 'all' }, '/kind field.choice']]);
  await eachMistake('POST', '/v1/monitoring/datasets', one.token, cellsOf(), [[{ dim: 'reason' }, '/dim field.share_dim'],
    [{ least_n: 4 }, '/least_n field.too_small'], [{ fields: [{ column: 'sex' }] }, '/fields field.unknown']]);
  await no(county, 'datasets', rowsOf(), 403, 'auth.area');
  await no(stats, 'datasets', rowsOf(), 403, 'auth.forbidden');
});

test('two hands put an aggregate in force, three what is about persons; a version replaces the one before', async () => {
  const body = rowsOf();
  const d = await post(one, 'datasets', body);
  assert.deepEqual([d.state, d.version, d.about_persons, d.fields.length, d.least_n], ['proposed', 1, true, 8, null]);
  await no(one, 'datasets', body, 409, 'state.exists');
  await no(three, `datasets/${d.id}/approve`, undefined, 409, 'monitoring.sharing_third');
  await no({ token: mint({ sub: claimsOf(one.token).sub, roles: ['approve@431100'] }) }, `datasets/${d.id}/approve`, undefined, 409, 'monitoring.sharing_hand');
  await no({ token: mint({ sub: claimsOf(one.token).sub, roles: ['recheck@431100'] }) }, `datasets/${d.id}/check`, {}, 409, 'monitoring.sharing_hand');
  await no(county, `datasets/${d.id}/revoke`, { note: '不在辖区' }, 404, 'request.not_found');
  await post(two, `datasets/${d.id}/check`, { note: '字段已最小化' });
  await no({ token: mint({ sub: claimsOf(two.token).sub, roles: ['approve@431100'] }) }, `datasets/${d.id}/approve`, undefined, 409, 'monitoring.sharing_hand');
  assert.equal((await post(three, `datasets/${d.id}/approve`)).state, 'active');
  await no(two, `datasets/${d.id}/check`, {}, 409, 'state.wrong');
  const next = await inForce({ ...body, rows_a_day: 500 });
  assert.equal(next.version, 2);
  assert.equal((await get(one, `datasets/${d.id}`)).state, 'replaced');
  assert.throws(() => sql(`UPDATE monitoring.dataset SET checked_by = NULL WHERE id = '${next.id}'`), /dataset_approved_check/);
  assert.throws(() => sql(`UPDATE monitoring.dataset_field SET mask = 'none'`, 'monitoring_app'), /permission denied/);
  const list = await walk(`/v1/monitoring/datasets?code=${body.code}`, one.token, 1, '/v1/monitoring/dataset-recipients');
  assert.deepEqual(list.map((x) => x.version), [2, 1]);
  const drop = await post(one, 'datasets', cellsOf());
  assert.deepEqual([drop.about_persons, drop.least_n, drop.grain], [false, 5, 'month']);
  await no(two, `datasets/${drop.id}/check`, {}, 409, 'state.wrong');
  await no(one, `datasets/${drop.id}/revoke`, {}, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(two, `datasets/${drop.id}/revoke`, { note: '用途不明' })).state, 'refused');
  await no(two, `datasets/${drop.id}/revoke`, { note: '用途不明' }, 409, 'state.wrong');
  await noGet(one, `datasets/${NOBODY}`, 404, 'request.not_found');
  await noGet(one, 'datasets?state=x', 422, 'request.invalid', 'state field.choice');
  // 市级统计 sees aggregates only
  const seen = await get(stats, 'datasets?limit=200&kind=rows');
  assert.ok(seen.items.length > 0 && seen.items.every((x) => x.kind === 'aggregate'));
  await noGet(stats, `datasets/${next.id}`, 403, 'auth.forbidden');
  await noGet(stats, `datasets/${next.id}/reads`, 403, 'auth.forbidden');
  await noGet(stats, `shared/${body.code}`, 403, 'auth.forbidden');
  await noGet(stats, `shared/${body.code}/cells?period=2025-01`, 404, 'request.not_found');
});

test('a department asks, two officers answer; only a public body receives', async () => {
  const [d, a, f] = [await inForce(rowsOf()), await department(), await firm()];
  await eventually(() => sql(`SELECT 1 FROM monitoring.org WHERE id = '${f.org_id}'`).length === 1, 'known');
  const other = { token: mint({ roles: ['partner@431100'], org: f.org_id }) };
  await no(other, 'dataset-requests', what(d), 422, 'monitoring.sharing_body');
  await no(a, 'dataset-requests', what(d, { dataset_code: 'nothing_there' }), 404, 'request.not_found');
  await no(a, 'dataset-requests', what(d, { until_on: dayPlus(now, -1) }), 422, 'monitoring.sharing_past');
  await no(f, 'dataset-requests', what(d), 403, 'auth.forbidden');
  const r = await post(a, 'dataset-requests', what(d));
  assert.deepEqual([r.state, r.org_name, r.case_state], ['asked', a.org.name, 'accepted']);
  await no(a, 'dataset-requests', what(d), 409, 'state.exists');
  await noGet(a, `shared/${d.code}`, 404, 'request.not_found');
  await no(three, `dataset-recipients/${r.id}/approve`, undefined, 409, 'state.wrong');
  await no(county, `dataset-recipients/${r.id}/endorse`, undefined, 404, 'request.not_found');
  assert.equal((await post(one, `dataset-recipients/${r.id}/endorse`)).state, 'proposed');
  await no(one, `dataset-recipients/${r.id}/endorse`, undefined, 409, 'state.wrong');
  await no({ token: mint({ sub: claimsOf(one.token).sub, roles: ['approve@431100'] }) }, `dataset-recipients/${r.id}/approve`, undefined, 409, 'monitoring.sharing_hand');
  assert.equal((await post(three, `dataset-recipients/${r.id}/approve`)).state, 'active');
  const file = await call('GET', `/v1/cases/${r.case_no}`, { token: a.token });
  assert.deepEqual([file.state, file.steps.map((s) => s.step)], ['done', ['submit', 'proposed', 'active']]);
  assert.equal(sql(`SELECT count(*) FROM monitoring.message WHERE org_id = '${a.org_id}' AND kind = 'dataset_active'`)[0][0], '1');
  assert.deepEqual((await walk('/v1/monitoring/dataset-recipients', a.token, 1, '/v1/monitoring/datasets')).map((x) => x.id), [r.id]);
  assert.deepEqual((await get(other, 'dataset-recipients')).items, []);
  await noGet(county, 'dataset-recipients?state=x', 422, 'request.invalid', 'state field.choice');
  await no(county, 'dataset-recipients', { ...what(d), org_id: a.org_id }, 403, 'auth.area');
  await no(one, 'dataset-recipients', what(d), 422, 'request.invalid', '/org_id field.missing');
  // its own client, by the standard
  const client = await newClient({ org_id: a.org_id });
  const t = await token({ grant_type: 'client_credentials', client_id: client.client_id, client_secret: client.client_secret });
  assert.equal(t.status, 200, t.text);
  assert.ok(Array.isArray((await call('GET', `/v1/monitoring/shared/${d.code}`, { token: t.json.access_token })).items));
  // ended at once
  await no(two, `dataset-recipients/${r.id}/end`, {}, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(two, `dataset-recipients/${r.id}/end`, { note: '用途已完成' })).state, 'ended');
  await noGet(a, `shared/${d.code}`, 403, 'monitoring.sharing_ended');
  await no(two, `dataset-recipients/${r.id}/end`, { note: '用途已完成' }, 409, 'state.wrong');
  await eventually(() => sql(`SELECT count(*) FROM monitoring.event_log WHERE type = 'monitoring.recipient.changed.v1' AND key = '${r.id}'`)[0][0] === '4', 'told');
});

test('a snapshot and then changes keep a copy exact, whatever is counted meanwhile', async () => {
  const [d, a] = [await inForce(rowsOf()), await department()];
  await receives(d, a);
  const before = await Promise.all([lost(), lost()]);
  for (const p of before) await counted(p.registration);
  const copy = new Copy(d, a);
  const first = await copy.page(1);
  assert.equal(first.r.items.length, 1);
  const had = open();
  const late = await lost();	// while the snapshot is being read
  await counted(late.registration);
  while ((await copy.page(2)).r.items.length === 2);
  assert.equal(copy.held.size, had, 'the snapshot is that of its beginning');
  await copy.all();
  assert.equal(copy.held.size, open());
  const fields = [...copy.held.values()][0];
  assert.deepEqual(Object.keys(fields).sort(), ['area_code', 'birth_on', 'county_code', 'groups', 'leg', 'on_day', 'person_ref', 'sex']);
  for (const f of copy.held.values()) {
    assert.match(f.on_day, /^\d{4}-\d{2}$/);
    assert.match(f.person_ref, /^[0-9a-f]{32}$/);
    assert.ok(Number.isInteger(f.birth_on) && f.birth_on > 1900 && f.birth_on < 2020);
    assert.deepEqual([f.area_code, f.county_code], ['431129', '431129']);
  }
  assert.ok(!JSON.stringify([...copy.held]).includes(before[0].id), 'nobody’s id');
  assert.deepEqual((await copy.page()).r.items, [], 'nothing new: a cursor all the same');
  // one who is hired leaves: a second row of the same registration, its end
  const f = await firm();
  await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: before[0].id, occupation_code: '6-24-01-00',
    hired_on: now, contract_type: 'open_ended', wage_cents: 500000 } }));
  await counted(before[0].registration, 1);
  await copy.all();
  assert.equal(copy.held.size, open());
  assert.ok([...copy.held.values()].some((x) => x.leg === 1));
  // and a wrong end that is taken back is a tombstone
  const desk = (role) => ({ token: mint({ roles: [`${role}@431129`] }) });
  const at_ = `/v1/jobs/unemployment-registrations/${late.registration}`;
  await call('POST', `${at_}/end`, { token: desk('clerk').token, body: { reason: 'refused_service', note: '三次拒绝推荐' } });
  await counted(late.registration, 1);
  await copy.all();
  copy.seen = [];
  await call('POST', `${at_}/restore`, { token: desk('first_review').token, body: { reason: '认错了人' } });
  await eventually(() => sql(`SELECT 1 FROM monitoring.tally t JOIN monitoring.measure m ON m.id = t.measure WHERE m.code = 'unemployed'
    AND t.fact_id = '${late.registration}' AND t.leg = 1 AND t.gone < 9223372036854775807`).length === 1, 'taken back');
  await copy.all();
  assert.deepEqual([copy.seen.filter((k) => k === 'tombstone').length, copy.held.size], [1, open()]);
  // a cursor is of its dataset and version, and of a revision that is still kept
  const other = await inForce(rowsOf({ counties: [] }));
  await receives(other, a);
  const at = `cursor=${encodeURIComponent(copy.cursor)}`;
  await noGet(a, `shared/${other.code}?${at}`, 422, 'request.invalid', 'cursor field.cursor');
  await noGet(a, `shared/${d.code}?cursor=none`, 422, 'request.invalid', 'cursor field.cursor');
  const [[id, kept]] = sql('SELECT id, recorded_at FROM monitoring.revision ORDER BY id DESC LIMIT 1');
  sql(`UPDATE monitoring.revision SET recorded_at = recorded_at - interval '1 second' WHERE id = ${id}`);
  const stale = await refused('GET', `/v1/monitoring/shared/${d.code}?${at}`, { token: a.token }, 410, 'monitoring.sharing_anew').catch((e) => e);
  sql(`UPDATE monitoring.revision SET recorded_at = '${kept}' WHERE id = ${id}`);
  assert.ok(!(stale instanceof Error), String(stale));
  await copy.all();
  const { id: was, version, state, created_at, ...rest } = d;
  await inForce(rowsOf({ code: d.code, fields: [{ column: 'county_code' }] }));
  await noGet(a, `shared/${d.code}?${at}`, 410, 'monitoring.sharing_anew');
  assert.deepEqual(Object.keys((await get(a, `shared/${d.code}`)).items[0].fields), ['county_code']);
});

test('every read is written down and counted; over the quota, expired or revoked it ends', async () => {
  const owner = await department();
  const [d, a] = [await inForce(rowsOf({ reads_a_day: 3, owner_org_id: owner.org_id })), await department()];
  const r = await receives(d, a);
  await counted((await lost()).registration);
  const reply = await request('GET', `/v1/monitoring/shared/${d.code}?limit=1`, { token: a.token });
  assert.equal(reply.status, 200, reply.text);
  await get(a, `shared/${d.code}?limit=1&cursor=${encodeURIComponent(reply.json.next_cursor)}`);
  await get(a, `shared/${d.code}?limit=1`);
  await noGet(a, `shared/${d.code}?limit=1`, 429, 'monitoring.sharing_quota');
  assert.equal((await get(a, 'dataset-recipients')).items[0].reads_today, 3);
  const reads = await walk(`/v1/monitoring/datasets/${d.id}/reads`, one.token, 2, '/v1/monitoring/datasets');
  assert.deepEqual(reads.map((x) => [x.org_id, x.what, x.version, x.rows > 0, x.request_id !== null]), Array(3).fill([a.org_id, 'snapshot', 1, true, true]));
  assert.equal(reads[2].request_id, reply.headers['x-request-id'] ?? reads[2].request_id);
  await noGet(one, `datasets/${d.id}/reads?limit=0`, 422, 'request.invalid', 'limit field.too_small');
  for (const user of ['monitoring_app', 'monitoring_system'])
    for (const text of ['UPDATE monitoring.dataset_read SET rows = 0', 'DELETE FROM monitoring.dataset_read'])
      assert.throws(() => sql(text, user), /permission denied/);
  // its owner sees by whom it is used, and nobody else
  const usage = await get(owner, `datasets/${d.id}/usage`);
  assert.deepEqual(usage.recipients.map((x) => [x.recipient_name, x.reads]), [[a.org.name, 3]]);
  assert.equal((await get(one, `datasets/${d.id}/usage?from_on=${now}&to_on=${now}`)).recipients[0].reads, 3);
  await noGet(a, `datasets/${d.id}/usage`, 404, 'request.not_found');
  // many at once do not read past it
  const tight = await inForce(rowsOf({ reads_a_day: 2 }));
  await receives(tight, a);
  const raced = await Promise.all(Array.from({ length: 6 }, () => request('GET', `/v1/monitoring/shared/${tight.code}?limit=1`, { token: a.token })));
  assert.deepEqual(raced.map((x) => x.status).sort(), [200, 200, 429, 429, 429, 429]);
  assert.equal(sql(`SELECT count(*) FROM monitoring.dataset_read WHERE dataset_code = '${tight.code}'`)[0][0], '2');
  // rows a day: a page is cut to what is left
  const few = await inForce(rowsOf({ rows_a_day: 1 }));
  await receives(few, a);
  assert.equal((await get(a, `shared/${few.code}?limit=50`)).items.length, 1);
  await noGet(a, `shared/${few.code}?limit=50`, 429, 'monitoring.sharing_quota');
  sql(`UPDATE monitoring.dataset_recipient SET used_on = used_on - 1, until_on = '${dayPlus(now, -1)}' WHERE id = '${r.id}'`);
  await noGet(a, `shared/${d.code}`, 403, 'monitoring.sharing_expired');
  sql(`UPDATE monitoring.dataset_recipient SET until_on = '${now}' WHERE id = '${r.id}'`);
  await get(a, `shared/${d.code}`);	// a new day, a new quota
  await post(two, `datasets/${d.id}/revoke`, { note: '用途变更' });
  await noGet(a, `shared/${d.code}`, 403, 'monitoring.sharing_ended');
});

test('an aggregate hides what is small, and what would give it away', async () => {
  const hide = (v, rows, cols) => sql(`SELECT array_to_string(monitoring.suppress(ARRAY[${v}]::bigint[], ${rows}, ${cols}, 5), ' ')`)[0][0].split(' ').map((x) => x === 't');
  assert.deepEqual(hide([3, 20, 23], 3, 1), [true, true, false], 'one small number: the next one goes too');
  assert.deepEqual(hide([3, 4, 7, 14], 4, 1), [true, true, false, false]);
  assert.deepEqual(hide([1, 2, 30, 33], 4, 1), [true, true, true, false], 'two that together are small');
  assert.deepEqual(hide([0, 3, 3], 3, 1), [false, true, true], 'what is the only one: its sum too');
  assert.deepEqual(hide([9, 8, 17], 3, 1), [false, false, false]);
  const v = [2, 30, 32, 40, 50, 90, 42, 80, 122];	// two areas and two tags with their margins
  const hid = hide(v, 3, 3);
  assert.deepEqual(hid, [true, true, false, true, true, false, false, false, false]);
  // a line with one unknown, or with unknowns that sum to little, would tell
  let seed = 7;
  const rnd = (n) => { seed = (seed * 48271) % 2147483647; return seed % n; };
  for (let round = 0; round < 20; round++) {
    const [R, C] = [3, 3], t = Array.from({ length: R }, () => Array.from({ length: C }, () => rnd(14)));
    const whole = [...t.map((x) => [...x, x.reduce((s, y) => s + y, 0)])];
    whole.push(whole[0].map((_, j) => whole.reduce((s, x) => s + x[j], 0)));
    const h = hide(whole.flat(), R + 1, C + 1), at = (i, j) => h[i * (C + 1) + j];
    whole.flat().forEach((x, i) => { if (x > 0 && x < 5) assert.ok(h[i]); });
    for (let i = 0; i <= R; i++) assert.notEqual([0, 1, 2, 3].filter((j) => at(i, j)).length, 1, JSON.stringify(whole));
    for (let j = 0; j <= C; j++) assert.notEqual([0, 1, 2, 3].filter((i) => at(i, j)).length, 1, JSON.stringify(whole));
  }
  const [d, a] = [await inForce(cellsOf({ grain: 'year' })), await department()];
  await receives(d, a);
  const month = (back) => { const x = new Date(`${now.slice(0, 7)}-01T00:00:00Z`); x.setUTCMonth(x.getUTCMonth() - back); return x.toISOString().slice(0, 7); };
  const c = await get(a, `shared/${d.code}/cells?period=${month(1)}`);
  assert.deepEqual([c.dataset_code, c.version, c.grain, c.least_n], [d.code, 1, 'year', 5]);
  assert.equal(new Set(c.items.map((x) => x.area_code)).size, 15);
  assert.ok(c.items.every((x) => x.is_hidden === (x.n === null) && (x.n === null || x.n === 0 || x.n >= 5)));
  assert.equal((await get(stats, `shared/${d.code}/cells?period=${month(1)}`)).items.length, c.items.length);
  await noGet(county, `shared/${d.code}/cells?period=${month(1)}`, 404, 'request.not_found');
  await noGet(a, `shared/${d.code}/cells?period=${month(0)}`, 422, 'request.invalid', 'period field.date_future');
  await noGet(a, `shared/${d.code}/cells?period=2025-13`, 422, 'request.invalid', 'period field.format');
  await noGet(a, `shared/${d.code}`, 404, 'request.not_found');
  const reads = (await get(one, `datasets/${d.id}/reads`)).items;
  assert.deepEqual(reads.map((x) => [x.what, x.org_id, x.position]), [['cells', null, month(1)], ['cells', a.org_id, month(1)]]);
});
