// rights: what the code admits is the ceiling; below it an action is withdrawn
// from a role in an area, in every program within two seconds, and given back.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, person } from '../lib/city.mjs';
import { officerOf, tokenOf } from './officer_help.mjs';
import { dayPlus, eachMistake, isProblem, NOBODY, ports, refused, serviceToken, SERVICES, sql, today, walk } from './help.mjs';

const RIGHTS = '/v1/identity/rights', GONE = `${RIGHTS}/withdrawals`;
const security = (await desk('city.security')).token;
const auditor = (await desk('city.auditor')).token;
const jh = await officerOf('security_admin', '431129');
const jhToken = (await tokenOf(jh)).access_token;
const take = (role, action, area_code, over = {}, token = security) => request('POST', GONE, { token,
  body: { role, action, area_code, why: '整改期间', ...over } });
const back = (w, token = security) => request('POST', `${GONE}/${w.id}/return`, { token, body: { why: '整改完成' } });
const within = (probe, what) => eventually(probe, what, 2000);
const status = async (path, token, base) => (await request('GET', path, { token, base, quiet: true })).status;

test('every program has told its rows, and they are listed by role, action and data scope', async () => {
  await eventually(() => SERVICES.every((s) => Number(sql(`SELECT count(*) FROM identity.action WHERE service = '${s}'`)[0][0]) > 3), 'all told');
  const all = await walkRights();
  const of = (role, action) => all.filter((r) => r.role === role && r.action === action).map((r) => r.data_scope);
  assert.deepEqual(of('person', 'jobs.employment.get'), ['own']);
  assert.deepEqual(of('employer', 'jobs.employment.get'), ['own_organisation']);
  assert.deepEqual(of('first_review', 'identity.person.list'), ['area']);
  assert.ok(all.some((r) => r.data_scope === 'own_outlet'));
  assert.ok(all.every((r) => !['anyone', 'service'].includes(r.role)));
  const some = (await call('GET', `${RIGHTS}?role=finance&service=subsidies&limit=200`, { token: security })).items;
  assert.ok(some.length > 1 && some.every((r) => r.role === 'finance' && r.service === 'subsidies' && r.zh && r.en));
  await refused('GET', `${RIGHTS}?data_scope=everything`, { token: security }, 422, 'request.invalid', 'data_scope field.choice');
  await refused('GET', RIGHTS, { token: (await desk('city.system')).token }, 403, 'auth.forbidden');
});
async function walkRights() {
  const all = [];
  for (let q = '?limit=100'; q;) {
    const page = await call('GET', RIGHTS + q, { token: security });
    all.push(...page.items);
    q = page.next_cursor && `?limit=100&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  assert.equal(new Set(all.map((r) => `${r.role} ${r.action} ${r.data_scope}`)).size, all.length, 'no row twice');
  return all;
}

test('an action withdrawn in a county is gone there within two seconds, in another service too, and comes back', async () => {
  const here = (await desk('jh.first')).token, there = (await desk('lst.first')).token;
  for (const [service, action, path] of [['identity', 'identity.person.list', '/v1/identity/persons'],
    ['jobs', 'jobs.employment.list', '/v1/jobs/employments']]) {
    assert.equal(await status(path, here), 200);
    const w = await take('first_review', action, '431129', {}, jhToken);
    assert.deepEqual([w.status, w.json.state], [201, 'active'], w.text);
    await within(async () => (await status(path, here)) === 403, `${action} is gone`);
    assert.equal(await status(path, here, `http://127.0.0.1:${ports[service]}`), 403, 'behind the door too');
    assert.equal(await status(path, there), 200, 'the other county keeps it');
    assert.deepEqual((await call('GET', `${RIGHTS}?role=first_review&action=${action}`, { token: security })).items[0].withdrawn_in, ['431129']);
    isProblem(await take('first_review', action, '431129'), 409, 'state.exists');
    assert.equal((await back(w.json, jhToken)).json.state, 'ended');
    await within(async () => (await status(path, here)) === 200, `${action} is back`);
    isProblem(await back(w.json, jhToken), 409, 'state.wrong');
  }
});

test('a grant for the city loses the county and keeps the others', async () => {
  const token = (await desk('city.clerk')).token;
  await person({ area_code: '431129100' });
  await person({ area_code: '431103001' });
  const counties = async () => new Set((await walk('/v1/identity/persons', token, 200)).map((p) => p.county_code));
  assert.ok((await counties()).has('431129'));
  const w = (await take('clerk', 'identity.person.list', '431129')).json;
  await within(async () => !(await counties()).has('431129'), 'the county is cut out');
  assert.ok((await counties()).has('431103'));
  assert.equal((await back(w)).status, 200);
  await within(async () => (await counties()).has('431129'), 'and in again');
});

test('what reaches the whole city or a powerful role takes a second person, both ways', async () => {
  const token = (await desk('jh.clerk')).token;
  const w = (await take('clerk', 'identity.org.list', '431100')).json;
  assert.equal(w.state, 'proposed');
  isProblem(await request('POST', `${GONE}/${w.id}/confirm`, { token: security }), 409, 'identity.second_person');
  assert.ok([403, 404].includes((await request('POST', `${GONE}/${w.id}/confirm`, { token: jhToken })).status));
  assert.equal(await status('/v1/identity/orgs', token), 200, 'not in force yet');
  const yes = await request('POST', `${GONE}/${w.id}/confirm`, { token: auditor });
  assert.deepEqual([yes.status, yes.json.state], [200, 'active'], yes.text);
  await within(async () => (await status('/v1/identity/orgs', token)) === 403, 'gone in the whole city');
  isProblem(await request('POST', `${GONE}/${w.id}/confirm`, { token: auditor }), 409, 'state.wrong');
  isProblem(await back(w, security), 409, 'identity.second_person');
  assert.equal((await back(w, auditor)).json.state, 'ended');
  await within(async () => (await status('/v1/identity/orgs', token)) === 200, 'back');
  const money = (await take('finance', 'subsidies.payment_batch.list', '431129', {}, jhToken));
  if (money.status === 201) {
    assert.equal(money.json.state, 'proposed');
    assert.equal((await back(money.json, jhToken)).json.state, 'ended', 'who proposed may take the proposal back');
  } else isProblem(money, 422, 'request.invalid', '/action field.choice');
  assert.throws(() => sql(`INSERT INTO identity.role_right (id, role, action, county_code, area_code, from_on, state, why, proposed_by)
    VALUES (platform.uuid7(), 'finance', 'x', '431129', '431129', '2025-01-01', 'active', 'x', platform.uuid7())`), /role_right_second_check/);
});

test('withdrawals keep to the area of who makes them, to what exists, and to what may be given back', async () => {
  const day = await today();
  await eachMistake('POST', GONE, security, { role: 'clerk', action: 'identity.org.list', area_code: '431129', why: '整改期间' }, [
    [{ action: 'identity.org.fly' }, '/action field.choice'], [{ action: 'subsidies.claim.approve' }, '/action field.choice'],
    [{ role: 'anyone' }, '/role field.choice'], [{ role: 'person', action: 'identity.person.me' }, '/area_code field.choice'],
    [{ from_on: dayPlus(day, -1) }, '/from_on field.date_past'], [{ to_on: dayPlus(day, -1) }, '/to_on field.date_order'],
    [{ why: undefined }, '/why field.missing']]);
  for (const area of ['431103', '431100'])
    isProblem(await take('clerk', 'identity.org.list', area, {}, jhToken), 403, 'auth.area', '/area_code auth.area');
  for (const [role, action] of [['security_admin', 'identity.right.return'], ['audit_admin', 'identity.right.confirm'],
    ['security_admin', 'identity.grant.propose']])
    isProblem(await take(role, action, '431129'), 409, 'identity.right_kept', '/action identity.right_kept');
  isProblem(await take('clerk', 'identity.org.list', '431129', {}, (await desk('city.system')).token), 403, 'auth.forbidden');
  await refused('POST', `${GONE}/${NOBODY}/return`, { token: security, body: { why: '整改完成' } }, 404, 'request.not_found');
  await refused('POST', `${GONE}/${NOBODY}/confirm`, { token: security }, 404, 'request.not_found');
  const later = (await take('clerk', 'identity.org.list', '431103', { from_on: dayPlus(day, 3) })).json;
  await refused('POST', `${GONE}/${later.id}/return`, { token: jhToken, body: { why: '越权' } }, 404, 'request.not_found');
  await new Promise((r) => setTimeout(r, 700));
  assert.equal(await status('/v1/identity/orgs', (await desk('lst.clerk')).token), 200, 'its day has not come');
  await back(later);
  const mine = await walk(GONE, jhToken, 2, RIGHTS);
  assert.ok(mine.length > 1 && mine.every((w) => w.county_code === '431129'));
  await refused('GET', `${GONE}?state=gone`, { token: security }, 422, 'request.invalid', 'state field.choice');
});

test('only programs tell rows and ask what is withdrawn', async () => {
  const base = `http://127.0.0.1:${ports.identity}`;
  const all = (await request('GET', '/internal/rights', { base, token: serviceToken(), quiet: true })).json;
  assert.deepEqual([Object.keys(all).sort(), all.withdrawn], [['outlets', 'withdrawn'], []]);
  for (const token of [security, undefined])
    assert.ok([401, 403].includes((await request('GET', '/internal/rights', { base, token, quiet: true })).status));
  isProblem(await request('POST', '/internal/actions', { base, token: security, body: { service: 'jobs', rows: [] }, quiet: true }), 403, 'auth.forbidden');
  assert.equal((await request('GET', '/internal/rights', { token: serviceToken(), quiet: true })).status, 404, 'not through the door');
});
