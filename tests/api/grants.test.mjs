// grants: who may be what, where and until when; nobody gives beyond the own
// area, to oneself, or alone what is powerful; and a transfer leaves nothing behind.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually } from '../lib/city.mjs';
import { claimsOf, create, deadEverywhere, enrol, officerOf, propose, tokenOf } from './officer_help.mjs';
import { dayPlus, eachMistake, isProblem, NOBODY, refused, sql, today, walk } from './help.mjs';

const GRANTS = '/v1/identity/grants';
const security = (await desk('city.security')).token;
const auditor = (await desk('city.auditor')).token;
const give = (who, officer, role, area_code, over = {}) => request('POST', GRANTS, { token: who,
  body: { officer_id: officer.id, role, area_code, why: '岗位安排', ...over } });
const withdraw = (grant, token = security) => request('POST', `${GRANTS}/${grant.id}/withdraw`, { token, body: { why: '岗位调整' } });
const agree = (grant, token) => request('POST', `${GRANTS}/${grant.id}/confirm`, { token });
const jh = await officerOf('security_admin', '431129');
const jhToken = (await tokenOf(jh)).access_token;
const plain = await enrol(await create());

test('a plain role in a county is given by one, and its withdrawal ends the token everywhere', async () => {
  const o = await enrol(await create());
  const g = await propose(o, 'first_review', '431129', {}, jhToken);
  assert.deepEqual([g.state, g.county_code, g.data_scope, g.proposed_by, g.to_on], ['active', '431129', 'area', jh.id, null]);
  const session = await tokenOf(o);
  assert.deepEqual(claimsOf(session.access_token).roles, ['first_review@431129']);
  await call('GET', '/v1/identity/persons', { token: session.access_token });
  assert.deepEqual((await call('GET', '/v1/identity/officers/me/grants', { token: session.access_token })).items.map((x) => x.id), [g.id]);
  await refused('POST', `${GRANTS}/${g.id}/confirm`, { token: auditor }, 409, 'state.wrong');
  await refused('POST', `${GRANTS}/${g.id}/withdraw`, { token: jhToken, body: {} }, 422, 'request.invalid', '/why field.missing');
  const gone = await withdraw(g, jhToken);
  assert.deepEqual([gone.json.state, gone.json.ended_by, gone.json.end_why], ['ended', jh.id, '岗位调整']);
  await deadEverywhere(session.access_token);
  isProblem(await withdraw(g, jhToken), 409, 'state.wrong');
  assert.equal((await call('GET', `${GRANTS}/${g.id}`, { token: jhToken })).state, 'ended');
  assert.throws(() => sql(`DELETE FROM identity.officer_grant WHERE id = '${g.id}'`, 'identity_system'), /permission denied/, 'the history stays');
});

test('nobody gives beyond the own area, to oneself, or to officers of another area', async () => {
  for (const area of ['431103', '431103001', '431100', '431171'])
    isProblem(await give(jhToken, plain, 'clerk', area), 403, 'auth.area', '/area_code auth.area');
  isProblem(await give(jhToken, jh, 'clerk', '431129'), 403, 'identity.own_grant', '/officer_id identity.own_grant');
  const away = await create({ area_code: '431103' });
  isProblem(await give(jhToken, away, 'clerk', '431129'), 404, 'request.not_found');
  isProblem(await give(jhToken, { id: NOBODY }, 'clerk', '431129'), 404, 'request.not_found');
  const theirs = (await give(security, away, 'recheck', '431103')).json;
  isProblem(await withdraw(theirs, jhToken), 404, 'request.not_found');
  await refused('GET', `${GRANTS}/${theirs.id}`, { token: jhToken }, 404, 'request.not_found');
  for (const login of ['city.system', 'city.auditor', 'jh.clerk', 'city.approve'])
    isProblem(await give((await desk(login)).token, plain, 'clerk', '431129'), 403, 'auth.forbidden');
  isProblem(await give(undefined, plain, 'clerk', '431129'), 401, 'auth.token_missing');
  const town = await officerOf('security_admin', '431129103');
  const townToken = (await tokenOf(town)).access_token;
  isProblem(await give(townToken, plain, 'clerk', '431129'), 403, 'auth.area');
  isProblem(await give(townToken, plain, 'clerk', '431129100'), 403, 'auth.area');
  const helper = await create({ area_code: '431129103' });
  assert.equal((await give(townToken, helper, 'clerk', '431129103')).json.state, 'active');
});

test('金洞 is a branch of its own, not a part of 祁阳', async () => {
  const qy = await officerOf('security_admin', '431181');
  const token = (await tokenOf(qy)).access_token;
  const o = await create({ area_code: '431181' });
  isProblem(await give(token, o, 'clerk', '431181120'), 403, 'auth.area');
  isProblem(await give(token, o, 'clerk', '431172'), 403, 'auth.area');
  const zone = await create({ area_code: '431172' });
  const g = await give(security, zone, 'clerk', '431181120');
  assert.deepEqual([g.json.county_code, g.json.area_code], ['431172', '431181120']);
});

test('a powerful role, or any for the whole city, waits for a second person, who is another', async () => {
  for (const [role, area] of [['approve', '431129'], ['finance', '431129'], ['audit', '431129'], ['clerk', '431100']]) {
    const o = await enrol(await create());
    const g = await propose(o, role, area);
    assert.equal(g.state, 'proposed', `${role}@${area}`);
    const early = await request('POST', '/v1/identity/officer-sessions', { body: { login: o.login, password: o.password, recovery_code: o.codes[0] } });
    isProblem(early, 403, 'auth.forbidden');
    isProblem(await agree(g, security), 409, 'identity.second_person');
    const session = area === '431100' ? [[403, 'auth.area'], [404, 'request.not_found']] : [[200]];
    const by = await agree(g, jhToken);
    assert.ok(session.some(([status]) => by.status === status), `${role}@${area} agreed by the county: ${by.text}`);
    if (by.status !== 200) assert.equal((await agree(g, auditor)).status, 200);
    isProblem(await agree(g, auditor), 409, 'state.wrong');
    assert.deepEqual(claimsOf((await tokenOf(o)).access_token).roles, [`${role}@${area}`]);
  }
  const declined = await propose(plain, 'finance', '431129');
  assert.equal((await withdraw(declined, auditor)).json.state, 'ended');
  isProblem(await agree(declined, auditor), 409, 'state.wrong');
  await refused('POST', `${GRANTS}/${NOBODY}/confirm`, { token: auditor }, 404, 'request.not_found');
});

test('who is to hold the role does not agree to it, and a county’s auditor not to the city’s', async () => {
  const candidate = await officerOf('security_admin', '431129');
  const token = (await tokenOf(candidate)).access_token;
  const g = (await give(security, candidate, 'security_admin', '431103')).json;
  assert.equal(g.state, 'proposed');
  const own = (await give(security, candidate, 'security_admin', '431129103')).json;
  isProblem(await agree(own, token), 403, 'identity.own_grant');
  const county = await officerOf('audit_admin', '431129');
  isProblem(await agree(own, (await tokenOf(county)).access_token), 403, 'auth.area');
  assert.equal((await agree(own, auditor)).status, 200);
});

test('system, security and audit administrator are three people without another office', async () => {
  const admin = await officerOf('system_admin', '431129');
  for (const role of ['security_admin', 'audit_admin', 'clerk', 'approve'])
    isProblem(await give(security, admin, role, '431129'), 409, 'identity.duties', '/role identity.duties');
  const clerk = await officerOf('clerk', '431129');
  isProblem(await give(security, clerk, 'audit_admin', '431129'), 409, 'identity.duties', '/role identity.duties');
  assert.equal((await give(security, clerk, 'recheck', '431129')).status, 201, 'business roles may be joined');
  const day = await today();
  isProblem(await give(security, clerk, 'audit_admin', '431129', { from_on: dayPlus(day, 30), to_on: dayPlus(day, 60) }),
    409, 'identity.duties');
  for (const user of ['yjy', 'identity_system'])
    assert.throws(() => sql(`SET app.scope = '|||||${day}T00:00:00Z|'; INSERT INTO identity.officer_grant (officer_id, role, area_code, from_on) VALUES ('${clerk.id}', 'system_admin', '431129', '${day}')`, user), /identity\.duties/, 'the table itself refuses');
  const two = await Promise.all(['audit_admin', 'system_admin'].map((role) => give(security, plain, role, '431129')));
  assert.deepEqual(two.map((r) => r.status).sort(), [201, 409], 'also when both come at once');
  await withdraw(two.find((r) => r.status === 201).json);
});

test('the table keeps the four eyes, whatever a program does', async () => {
  const day = await today();
  const put = (columns, values) => sql(`SET app.scope = '|||||${day}T00:00:00Z|'; INSERT INTO identity.officer_grant (officer_id, role, area_code, from_on, ${columns})
    VALUES ('${plain.id}', 'finance', '431129', '${day}', ${values})`, 'identity_system');
  const [a, b] = [randomUUID(), randomUUID()];
  assert.throws(() => put('state, proposed_by', `'active', '${a}'`), /officer_grant_second_check/);
  assert.throws(() => put('state, proposed_by, confirmed_by', `'active', '${a}', '${a}'`), /officer_grant_hands_check/);
  assert.throws(() => put('state, proposed_by', `'proposed', '${plain.id}'`), /officer_grant_own_check/);
  assert.throws(() => put('state, proposed_by, confirmed_by', `'active', '${a}', '${plain.id}'`), /officer_grant_own_check/);
  put('state, proposed_by, confirmed_by, end_why', `'ended', '${a}', '${b}', 'test'`);
});

test('a grant begins and ends on its days', async () => {
  const day = await today();
  const o = await enrol(await create());
  await eachMistake('POST', GRANTS, security, { officer_id: o.id, role: 'clerk', area_code: '431129', why: '岗位安排' }, [
    [{ from_on: dayPlus(day, -1) }, '/from_on field.date_past'],
    [{ from_on: dayPlus(day, 5), to_on: dayPlus(day, 4) }, '/to_on field.date_order'],
    [{ role: 'person' }, '/role field.choice'], [{ role: 'service' }, '/role field.choice'],
    [{ area_code: '440100' }, '/area_code field.area_code'], [{ why: undefined }, '/why field.missing'],
    [{ data_scope: 'outlet' }, '/outlet_id field.missing'], [{ outlet_id: NOBODY }, '/outlet_id field.choice'],
    [{ role: 'recheck', data_scope: 'outlet', outlet_id: NOBODY }, '/data_scope field.choice']]);
  await propose(o, 'recheck', '431129');
  await propose(o, 'clerk', '431129', { from_on: dayPlus(day, 1) });
  isProblem(await give(security, o, 'clerk', '431129', { from_on: dayPlus(day, 1) }), 409, 'state.exists');
  const short = await propose(o, 'first_review', '431129', { to_on: day });
  let session = await tokenOf(o);
  assert.deepEqual(claimsOf(session.access_token).roles.sort(), ['first_review@431129', 'recheck@431129'], 'tomorrow’s is not there yet');
  const admin = (await desk('city.system')).token;
  const move = (to_at) => call('POST', '/v1/identity/sandbox/clock', { token: admin, key: null, body: { to_at } });
  const now = (await call('GET', '/v1/identity/sandbox/clock')).now;
  try {
    await move(new Date(Date.parse(now) + 86400000).toISOString());
    await eventually(async () => (await call('GET', `${GRANTS}/${short.id}`, { token: security })).state === 'ended', 'yesterday’s is ended', 25000);
    await deadEverywhere(session.access_token);
    session = await tokenOf(o);
    assert.deepEqual(claimsOf(session.access_token).roles.sort(), ['clerk@431129', 'recheck@431129']);
  } finally { await move(now); }
});

test('a grant for one outlet has no area', async () => {
  const place = await call('POST', '/v1/identity/outlets', { token: (await desk('city.system')).token,
    body: { name: `授权网点${randomUUID().slice(0, 6)}`, kind: 'station', area_code: '431129103' } });
  const o = await enrol(await create());
  isProblem(await give(security, o, 'clerk', '431129103', { data_scope: 'outlet', outlet_id: NOBODY }), 404, 'request.not_found');
  const g = await propose(o, 'clerk', '431129103', { data_scope: 'outlet', outlet_id: place.id });
  assert.equal(g.outlet_id, place.id);
  const token = (await tokenOf(o)).access_token;
  assert.deepEqual([claimsOf(token).roles, claimsOf(token).outlet], [['clerk'], place.id]);
  await refused('GET', '/v1/identity/persons', { token }, 403, 'auth.area');
  await call('GET', '/v1/identity/assist-sessions', { token });
});

test('a transfer ends all at once: the old token is refused, the next has only the new area', async () => {
  const o = await officerOf('first_review', '431129');
  const more = await propose(o, 'clerk', '431129100');
  const session = await tokenOf(o);
  const move = (token, body) => request('POST', `/v1/identity/officers/${o.id}/transfer`, { token, body: { why: '工作调动', ...body } });
  isProblem(await move(jhToken, { area_code: '431103' }), 403, 'auth.area', '/area_code auth.area');
  isProblem(await move(security, { area_code: '431103', grants: [{ role: 'clerk', area_code: '440100' }] }), 422, 'request.invalid');
  isProblem(await move(security, {}), 422, 'request.invalid', '/area_code field.missing');
  isProblem(await move((await desk('city.system')).token, { area_code: '431103' }), 403, 'auth.forbidden');
  assert.equal((await call('GET', `${GRANTS}/${more.id}`, { token: security })).state, 'active', 'a refused transfer ends nothing');
  const moved = await move(security, { area_code: '431103', unit: '冷水滩区人社局',
    grants: [{ role: 'recheck', area_code: '431103' }, { role: 'finance', area_code: '431103' }] });
  assert.equal(moved.status, 200, moved.text);
  assert.deepEqual([moved.json.county_code, moved.json.unit], ['431103', '冷水滩区人社局']);
  await deadEverywhere(session.access_token);
  const again = await request('POST', '/oauth/token', { raw: `grant_type=refresh_token&refresh_token=${session.refresh_token}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(again.status, 200, again.text);
  const roles = claimsOf(again.json.access_token).roles;
  assert.deepEqual(roles, ['recheck@431103'], 'finance waits for a second person');
  isProblem(await move(jhToken, { area_code: '431129' }), 404, 'request.not_found');
  const list = (await call('GET', `${GRANTS}?officer_id=${o.id}`, { token: security })).items;
  assert.deepEqual(list.map((g) => `${g.role} ${g.state}`).sort(), ['clerk ended', 'finance proposed', 'first_review ended', 'recheck active']);
  const me = await desk('city.security');
  await refused('POST', `/v1/identity/officers/${me.id}/transfer`, { token: me.token, body: { area_code: '431103', why: '自己' } }, 403, 'identity.own_grant');
});

test('grants are listed by officer, role, county and state, in one’s own area alone', async () => {
  const mine = await walk(GRANTS, jhToken, 4, '/v1/identity/officers/me/grants');
  assert.ok(mine.length > 5 && mine.every((g) => g.county_code === '431129'));
  const filter = async (q) => (await call('GET', `${GRANTS}?limit=200&${q}`, { token: security })).items;
  assert.ok((await filter('role=finance&state=active')).every((g) => g.role === 'finance' && g.state === 'active'));
  assert.ok((await filter('county_code=431103')).every((g) => g.county_code === '431103'));
  await refused('GET', `${GRANTS}?state=gone`, { token: security }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', GRANTS, { token: (await desk('city.system')).token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/identity/officers/me/grants', {}, 401, 'auth.token_missing');
});
