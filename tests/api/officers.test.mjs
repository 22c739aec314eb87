// officers: accounts from the link to retirement, the rules of passwords, the
// lock that tells nobody which accounts exist -- and who is refused.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request, totp } from '../lib/client.mjs';
import { desk } from '../lib/city.mjs';
import { base32, claimsOf, codeOf, create, deadEverywhere, enrol, newLogin, officerOf, PASSWORD, post, propose, signIn,
  tokenOf } from './officer_help.mjs';
import { eachMistake, isProblem, NOBODY, refused, sql, walk } from './help.mjs';

const SESSIONS = '/v1/identity/officer-sessions';
const RENEW = `${SESSIONS}/new-password`;
const revocations = (id) => sql(`SELECT reason FROM identity.revocation WHERE id = '${id}' ORDER BY seq`).flat();

test('the tools: base32 is RFC 4648', () => {
  assert.equal(base32('MZXW6YTBOI').toString(), 'foobar');
});

test('no account exists before the first links, and they appear once', () => {
  const bin = `${new URL('../../', import.meta.url).pathname}${process.env.BUILD ?? '.build/asan'}/bin/yjyctl`;
  const env = Object.fromEntries(execFileSync('cat', [`${process.env.YJY_RUN}/env`], { encoding: 'utf8' }).trim()
    .split('\n').map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
  assert.equal(execFileSync(bin, ['enrol'], { encoding: 'utf8', env: { ...process.env, ...env } }), '',
    'there are officers: nothing is said and nothing made');
  // On an empty table, undone at the end.
  const made = sql(`BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM identity.officer_grant; DELETE FROM identity.officer;
    SET LOCAL session_replication_role = origin;
    SELECT identity.enrol_first(259200, repeat('0a', 32), repeat('0b', 32), repeat('0c', 32));
    SELECT identity.enrol_first(259200, repeat('1a', 32), repeat('1b', 32), repeat('1c', 32));
    SELECT o.login, g.role, o.password_hash IS NULL, o.totp_sealed IS NULL, e.expires_at > clock_timestamp() + interval '71 hours'
      FROM identity.officer o JOIN identity.officer_grant g ON g.officer_id = o.id JOIN identity.enrolment e ON e.officer_id = o.id ORDER BY 2;
    ROLLBACK`);
  assert.deepEqual(made, [['t'], ['f'], ['admin.audit', 'audit_admin', 't', 't', 't'],
    ['admin.security', 'security_admin', 't', 't', 't'], ['admin.system', 'system_admin', 't', 't', 't']]);
  assert.deepEqual(sql(`SELECT count(*) FROM identity.officer WHERE login LIKE 'admin.%'`), [['0']]);
  for (const role of ['identity_app', 'identity_system'])
    assert.throws(() => sql(`SELECT identity.enrol_first(1, '', '', '')`, role), /permission denied/);
});

test('an account is made without a secret, enrolled through a link that works once, and signs in', async () => {
  const made = await create({ phone: '13874600001' });
  assert.deepEqual(sql(`SELECT password_hash IS NULL, totp_sealed IS NULL FROM identity.officer WHERE id = '${made.id}'`), [['t', 't']]);
  isProblem(await signIn({ ...made, password: PASSWORD, secret: Buffer.alloc(20) }), 401, 'identity.password_wrong');
  const confirmEarly = await post(`${made.link}/confirm`, { totp: '000000' });
  isProblem(confirmEarly, 404, 'identity.link_invalid');
  const opened = await post(made.link, { password: PASSWORD });
  assert.equal(opened.status, 201, opened.text);
  assert.equal(opened.headers['cache-control'], 'no-store');
  assert.match(opened.json.otpauth_uri, new RegExp(`^otpauth://totp/[^?]*:${made.login.replace('.', '\\.')}\\?secret=${opened.json.secret}&`));
  assert.equal(base32(opened.json.secret).length, 20);
  isProblem(await post(made.link, { password: 'Other-way-77' }), 404, 'identity.link_invalid');
  isProblem(await signIn({ ...made, password: PASSWORD, secret: base32(opened.json.secret) }), 401, 'identity.password_wrong');
  const wrong = totp(base32(opened.json.secret)) === '000000' ? '111111' : '000000';
  isProblem(await post(`${made.link}/confirm`, { totp: wrong }), 401, 'identity.code_wrong', '/totp identity.code_wrong');
  const done = await post(`${made.link}/confirm`, { totp: totp(base32(opened.json.secret)) });
  assert.equal(done.status, 201, done.text);
  assert.equal(new Set(done.json.recovery_codes).size, 10);
  isProblem(await post(`${made.link}/confirm`, { totp: totp(base32(opened.json.secret)) }), 404, 'identity.link_invalid');
  const replay = await post(SESSIONS, { login: made.login, password: PASSWORD, totp: totp(base32(opened.json.secret)) });
  isProblem(replay, 401, 'identity.password_wrong');
  const o = { ...made, password: PASSWORD, secret: base32(opened.json.secret) };
  isProblem(await signIn(o), 403, 'auth.forbidden');	// nobody has granted anything yet
  await propose(o, 'clerk', '431129');
  const claims = claimsOf((await tokenOf(o)).access_token);
  assert.deepEqual(claims.roles, ['clerk@431129']);
  assert.ok(claims.amr.includes('mfa'));
  const rows = sql(`SELECT o::text || (SELECT string_agg(e::text, '') FROM identity.enrolment e WHERE e.officer_id = o.id)
    || (SELECT string_agg(r::text, '') FROM identity.recovery_code r WHERE r.officer_id = o.id) FROM identity.officer o WHERE id = '${o.id}'`)[0][0];
  for (const secret of [PASSWORD, opened.json.secret, '13874600001', made.link.split('/').pop(), ...done.json.recovery_codes])
    assert.ok(!rows.includes(secret), 'no secret at rest');
});

test('a link that is unknown, expired, replaced or of a disabled account opens nothing', async () => {
  isProblem(await post(`/v1/identity/enrolments/${'A'.repeat(43)}`, { password: PASSWORD }), 404, 'identity.link_invalid');
  const system = (await desk('city.system')).token;
  const o = await create();
  sql(`UPDATE identity.enrolment SET expires_at = clock_timestamp() - interval '1 second' WHERE officer_id = '${o.id}'`);
  isProblem(await post(o.link, { password: PASSWORD }), 404, 'identity.link_invalid');
  const again = await call('POST', `/v1/identity/officers/${o.id}/reset`, { token: system, key: null });
  const third = await call('POST', `/v1/identity/officers/${o.id}/reset`, { token: system, key: null });
  isProblem(await post(new URL(again.enrolment_url).pathname, { password: PASSWORD }), 404, 'identity.link_invalid');
  await call('POST', `/v1/identity/officers/${o.id}/disable`, { token: system, body: { why: '误建' } });
  isProblem(await post(new URL(third.enrolment_url).pathname, { password: PASSWORD }), 404, 'identity.link_invalid');
});

test('only five tries confirm an enrolment', async () => {
  const o = await create();
  const opened = await post(o.link, { password: PASSWORD });
  const good = totp(base32(opened.json.secret));
  const wrong = good === '000000' ? '111111' : '000000';
  for (let i = 0; i < 5; i++)
    isProblem(await post(`${o.link}/confirm`, { totp: wrong }), 401, 'identity.code_wrong');
  isProblem(await post(`${o.link}/confirm`, { totp: totp(base32(opened.json.secret)) }), 404, 'identity.link_invalid');
});

test('accounts are made in one’s own area, every mistake is named, and a login and a phone are one account’s', async () => {
  const token = (await desk('city.system')).token;
  const good = { login: newLogin(), name: '测试人员', area_code: '431129', unit: '江华县人社局' };
  await eachMistake('POST', '/v1/identity/officers', token, good, [
    [{ login: 'A.b' }, '/login field.login'], [{ login: '1ab' }, '/login field.login'], [{ login: 'ab' }, '/login field.login'],
    [{ login: undefined }, '/login field.missing'], [{ name: '一' }, '/name field.too_short'],
    [{ area_code: '440100' }, '/area_code field.area_code'], [{ phone: '123' }, '/phone field.phone'],
    [{ password: 'x' }, '/password field.unknown'], [{ unit: undefined }, '/unit field.missing']]);
  const phone = '13874600002';
  await create({ login: good.login, phone });
  await refused('POST', '/v1/identity/officers', { token, body: good, key: null }, 409, 'state.exists', '/login state.exists');
  await refused('POST', '/v1/identity/officers', { token, key: null, body: { ...good, login: newLogin(), phone } },
    409, 'state.exists', '/phone state.exists');
  for (const login of ['city.security', 'city.auditor', 'jh.clerk'])
    await refused('POST', '/v1/identity/officers', { token: (await desk(login)).token, body: good, key: null }, 403, 'auth.forbidden');
  await refused('POST', '/v1/identity/officers', { body: good, key: null }, 401, 'auth.token_missing');
  const county = await officerOf('system_admin', '431129');
  const mine = (await tokenOf(county)).access_token;
  for (const area_code of ['431103', '431103001', '431100'])
    await refused('POST', '/v1/identity/officers', { token: mine, body: { ...good, login: newLogin(), area_code }, key: null },
      403, 'auth.area', '/area_code auth.area');
  const town = await call('POST', '/v1/identity/officers', { token: mine, key: null,
    body: { ...good, login: newLogin(), area_code: '431129103' } });
  assert.equal((await call('GET', `/v1/identity/officers/${town.officer_id}`, { token: mine })).state, 'invited');
});

test('administrators see the officers of their own area alone, by page and filter', async () => {
  const here = await officerOf('system_admin', '431129');
  const token = (await tokenOf(here)).access_token;
  const away = await create({ area_code: '431103' });
  const city = (await desk('city.system')).token;
  const seen = await walk('/v1/identity/officers', token, 3, '/v1/identity/officers/me/grants');
  assert.ok(seen.length > 5 && seen.every((o) => o.county_code === '431129'));
  const all = await walk('/v1/identity/officers', city, 50);
  assert.ok(all.some((o) => o.login === 'city.audit') && all.some((o) => o.officer_id === away.id));
  const rechecks = (await call('GET', '/v1/identity/officers?role=recheck&county_code=431103', { token: city })).items;
  assert.ok(rechecks.some((o) => o.login === 'lst.recheck') && rechecks.every((o) => o.county_code === '431103' && !o.login.startsWith('lst.first')));
  assert.deepEqual((await call('GET', '/v1/identity/officers?q=lst.reche', { token: city })).items.map((o) => o.login), ['lst.recheck']);
  assert.ok((await call('GET', '/v1/identity/officers?state=invited', { token: city })).items.every((o) => o.state === 'invited'));
  await refused('GET', '/v1/identity/officers?state=asleep', { token: city }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', '/v1/identity/officers', { token: (await desk('jh.clerk')).token }, 403, 'auth.forbidden');
  for (const path of ['', '/disable', '/enable', '/reset', '/unlock'])
    await refused(path === '' ? 'GET' : 'POST', `/v1/identity/officers/${away.id}${path}`,
      { token, key: null, body: path === '/disable' ? { why: '越权' } : undefined }, 404, 'request.not_found');
  assert.ok(!JSON.stringify(all).includes('138746'));
});

test('disabling ends sessions at once; enabling brings the account back; nobody retires oneself', async () => {
  const token = (await desk('city.system')).token;
  const o = await officerOf('clerk', '431129');
  const session = await tokenOf(o);
  await refused('POST', `/v1/identity/officers/${o.id}/disable`, { token, body: {} }, 422, 'request.invalid', '/why field.missing');
  const off = await call('POST', `/v1/identity/officers/${o.id}/disable`, { token, body: { why: '离职' } });
  assert.deepEqual([off.state, off.disabled_why], ['disabled', '离职']);
  assert.equal(revocations(o.id).at(-1), 'disabled');
  await deadEverywhere(session.access_token);
  isProblem(await signIn(o), 401, 'identity.password_wrong');
  const refresh = await request('POST', '/oauth/token', { raw: `grant_type=refresh_token&refresh_token=${session.refresh_token}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(refresh.json.error, 'invalid_grant');
  await refused('POST', `/v1/identity/officers/${o.id}/disable`, { token, body: { why: '离职' } }, 404, 'request.not_found');
  assert.equal((await call('POST', `/v1/identity/officers/${o.id}/enable`, { token })).state, 'active');
  await refused('POST', `/v1/identity/officers/${o.id}/enable`, { token }, 404, 'request.not_found');
  await tokenOf(o);
  const me = await desk('city.system');
  await refused('POST', `/v1/identity/officers/${me.id}/disable`, { token, body: { why: '自己' } }, 404, 'request.not_found');
  await refused('POST', `/v1/identity/officers/${me.id}/reset`, { token, key: null }, 404, 'request.not_found');
});

test('a reset ends password, authenticator, recovery codes and sessions, and starts with a new link', async () => {
  const token = (await desk('city.system')).token;
  const o = await officerOf('clerk', '431129');
  const session = await tokenOf(o);
  const link = await call('POST', `/v1/identity/officers/${o.id}/reset`, { token, key: null });
  await deadEverywhere(session.access_token);
  assert.equal(link.valid_hours, 72);
  assert.ok(revocations(o.id).includes('reset'));
  isProblem(await signIn(o), 401, 'identity.password_wrong');
  isProblem(await signIn(o, { recovery_code: o.codes[0] }), 401, 'identity.password_wrong');
  const path = new URL(link.enrolment_url).pathname;
  isProblem(await post(path, { password: o.password }), 422, 'request.invalid', '/password field.password_used');
  const back = await enrol({ ...o, link: path }, 'Fresh-start-9');
  await tokenOf(back);
  await refused('POST', `/v1/identity/officers/${NOBODY}/reset`, { token, key: null }, 404, 'request.not_found');
});

test('a password must be long, mixed, not the account’s, not common, not used before', async () => {
  const o = await create({ login: `zhang.${newLogin().slice(2)}` });
  const faults = async (password) => (await post(o.link, { password })).json.errors.map((e) => e.code).sort();
  assert.deepEqual(await faults('Ab1-xyzwv'), ['field.password_short']);
  assert.deepEqual(await faults('onlysmallletters'), ['field.password_classes']);
  assert.deepEqual(await faults('small12345678x'), ['field.password_classes']);
  assert.deepEqual(await faults(`X-${o.login}`), ['field.password_login']);
  assert.deepEqual(await faults(`X1-${o.login.toUpperCase()}`), ['field.password_login']);
  for (const common of ['P@ssw0rd2024', 'Yongzhou@123', 'Qwertyuiop12!', '1qaz@WSX3edc!'.replace('@WSX', '2WSX')])
    assert.deepEqual(await faults(common), ['field.password_common'], common);
  assert.deepEqual(await faults('a'), ['field.password_classes', 'field.password_short']);
  await enrol(o, 'Bridge.over.42');
});

test('one’s own password: proven, judged, and the five last are not taken again', async () => {
  const o = await officerOf('clerk', '431129');
  let token = (await tokenOf(o)).access_token;
  const change = (over) => request('POST', '/v1/identity/officers/me/password', { token,
    body: { password: o.password, totp: codeOf(o), new_password: 'Meadow-15-oak', ...over } });
  isProblem(await change({ password: 'Not-my-pass-1' }), 401, 'identity.password_wrong');
  isProblem(await change({ totp: codeOf(o) === '000000' ? '111111' : '000000' }), 401, 'identity.password_wrong');
  isProblem(await change({ new_password: 'short' }), 422, 'request.invalid');
  isProblem(await change({ new_password: o.password }), 422, 'request.invalid', '/new_password field.password_used');
  await refused('POST', '/v1/identity/officers/me/password', { body: { password: o.password, totp: '000000', new_password: 'x' },
    key: null }, 401, 'auth.token_missing');
  const used = [o.password];
  for (let i = 1; i <= 5; i++) {
    const r = await change({ new_password: `Meadow-${i}${i}-oak` });
    assert.equal(r.status, 200, r.text);
    used.push(`Meadow-${i}${i}-oak`);
    o.password = used.at(-1);
    token = (await tokenOf(o)).access_token;
  }
  isProblem(await change({ new_password: used[1] }), 422, 'request.invalid', '/new_password field.password_used');
  assert.equal((await change({ new_password: used[0] })).status, 200, 'the sixth back is free again');
  o.password = used[0];
  assert.ok(sql(`SELECT count(*) FROM identity.password_history WHERE officer_id = '${o.id}'`)[0][0] >= 6);
});

test('after ninety days the password opens only the way to a new one', async () => {
  const o = await officerOf('clerk', '431129');
  sql(`UPDATE identity.officer SET password_set_at = clock_timestamp() - interval '91 days' WHERE id = '${o.id}'`);
  isProblem(await signIn(o), 403, 'identity.password_expired');
  isProblem(await signIn({ ...o, password: 'Not-my-pass-1' }), 401, 'identity.password_wrong');
  const renew = (over) => post(RENEW, { login: o.login, password: o.password, totp: codeOf(o), new_password: 'River-stone-8', ...over });
  isProblem(await renew({ password: 'Not-my-pass-1' }), 401, 'identity.password_wrong');
  isProblem(await renew({ new_password: o.password }), 422, 'request.invalid', '/new_password field.password_used');
  const r = await renew();
  assert.equal(r.status, 200, r.text);
  isProblem(await signIn(o), 401, 'identity.password_wrong');
  await tokenOf({ ...o, password: 'River-stone-8' });
  sql(`UPDATE identity.officer SET password_set_at = clock_timestamp() - interval '89 days' WHERE id = '${o.id}'`);
  await tokenOf({ ...o, password: 'River-stone-8' });
});

test('a stronger hash is made when its owner signs in', async () => {
  const o = await officerOf('clerk', '431129');
  const hash = () => sql(`SELECT password_hash FROM identity.officer WHERE id = '${o.id}'`)[0][0];
  const now = hash();
  assert.match(now, /^\$argon2id\$v=19\$m=19456,t=2,/);
  await tokenOf(o);
  assert.equal(hash(), now, 'as strong as is asked for: left alone');
  // The same password, hashed once with less memory and fewer passes.
  const weak = '$argon2id$v=19$m=8192,t=1,p=1$zDmE2CJkyfzPeD/WNpOXgg$4UkMlXvDexG5jWS3YDtadJ8XvxNLInufRM0dqUWFuA8';
  sql(`UPDATE identity.officer SET password_hash = '${weak}' WHERE id = '${o.id}'`);
  isProblem(await signIn({ ...o, password: 'Not-my-pass-1' }), 401, 'identity.password_wrong');
  assert.equal(hash(), weak, 'a wrong password changes nothing');
  await tokenOf(o);
  assert.match(hash(), /^\$argon2id\$v=19\$m=19456,t=2,/);
  await tokenOf(o);
});

// A reply without what differs by design.
const same = ({ status, json, headers }) => {
  const { request_id, ...rest } = json;
  return { status, rest, retry: headers['retry-after'], type: headers['content-type'] };
};

test('five failures lock an account, known, unknown or disabled alike: nothing tells them apart', async () => {
  const o = await officerOf('clerk', '431129');
  const gone = await officerOf('clerk', '431129');
  await call('POST', `/v1/identity/officers/${gone.id}/disable`, { token: (await desk('city.system')).token, body: { why: '离职' } });
  const ask = (login, over = {}) => post(SESSIONS, { login, password: 'Not-my-pass-1', totp: '000000', ...over });
  const nobody = newLogin();
  for (let i = 0; i < 7; i++) {
    const [known, unknown, disabled] = [same(await ask(o.login)), same(await ask(nobody)), same(await ask(gone.login))];
    assert.deepEqual(unknown, known, `attempt ${i + 1}`);
    assert.deepEqual(disabled, known, `attempt ${i + 1}`);
    assert.equal(known.rest.code, i < 5 ? 'identity.password_wrong' : 'identity.locked');
  }
  const right = await signIn(o);
  isProblem(right, 429, 'identity.locked');
  isProblem(await post(RENEW, { login: o.login, password: o.password, totp: codeOf(o), new_password: 'River-stone-8' }), 429, 'identity.locked');
  isProblem(await signIn(o, { recovery_code: o.codes[0] }), 429, 'identity.locked');
  const [[minutes]] = sql(`SELECT count(*) FROM identity.sign_in_tally WHERE locked_until BETWEEN clock_timestamp() + interval '14 minutes' AND clock_timestamp() + interval '15 minutes'`);
  assert.ok(Number(minutes) >= 3, 'fifteen minutes from the fifth failure, not from the last');
  assert.ok(!sql('SELECT string_agg(t::text, \'\') FROM identity.sign_in_tally t')[0][0].includes(o.login), 'no account names in the tally');
  await call('POST', `/v1/identity/officers/${o.id}/unlock`, { token: (await desk('city.system')).token });
  await tokenOf(o);
  sql(`UPDATE identity.sign_in_tally SET locked_until = clock_timestamp() - interval '1 second' WHERE locked_until IS NOT NULL`);
  isProblem(await ask(nobody), 401, 'identity.password_wrong');
});

test('many guesses at once are no way around the lock', async () => {
  const o = await officerOf('clerk', '431129');
  const replies = await Promise.all(Array.from({ length: 12 }, () => post(SESSIONS,
    { login: o.login, password: 'Not-my-pass-1', totp: '000000' })));
  const codes = replies.map((r) => r.json.code);
  assert.equal(codes.filter((x) => x === 'identity.password_wrong').length, 5, codes.join());
  assert.equal(codes.filter((x) => x === 'identity.locked').length, 7);
});

test('a one-time code opens one session, whoever sends it first', async () => {
  const o = await officerOf('clerk', '431129');
  const code = codeOf(o);
  const both = await Promise.all([0, 1].map(() => post(SESSIONS, { login: o.login, password: o.password, totp: code })));
  assert.deepEqual(both.map((r) => r.status).sort(), [201, 401]);
  isProblem(await post(SESSIONS, { login: o.login, password: o.password, totp: code }), 401, 'identity.password_wrong');
});

test('a recovery code stands in for the authenticator, once', async () => {
  const o = await officerOf('clerk', '431129');
  const r = await signIn(o, { recovery_code: o.codes[3].toUpperCase().replaceAll('-', '') });
  assert.equal(r.status, 201, r.text);
  isProblem(await signIn(o, { recovery_code: o.codes[3] }), 401, 'identity.password_wrong');
  isProblem(await signIn(o, { recovery_code: 'aaaa-aaaa-aaaa-aaaa' }), 401, 'identity.password_wrong');
  isProblem(await post(SESSIONS, { login: o.login, password: o.password }), 422, 'request.invalid', '/totp field.missing');
  isProblem(await post(SESSIONS, { login: o.login, password: o.password, totp: '000000', recovery_code: o.codes[4] }), 422,
    'request.invalid', '/totp field.choice');
  assert.equal((await call('GET', '/v1/identity/officers/me', { token: r.json.access_token })).recovery_codes_left, 9);
  const other = await officerOf('clerk', '431129');
  isProblem(await signIn(other, { recovery_code: o.codes[5] }), 401, 'identity.password_wrong');
});

test('one’s own account: read, new recovery codes, a new authenticator', async () => {
  const o = await officerOf('clerk', '431129');
  const session = await tokenOf(o);
  const token = session.access_token;
  const me = await call('GET', '/v1/identity/officers/me', { token });
  assert.deepEqual([me.officer_id, me.login, me.recovery_codes_left], [o.id, o.login, 10]);
  await refused('GET', '/v1/identity/officers/me', {}, 401, 'auth.token_missing');
  const own = (path, body) => request('POST', `/v1/identity/officers/me/${path}`, { token, body });
  isProblem(await own('recovery-codes', { password: 'Not-my-pass-1', totp: codeOf(o) }), 401, 'identity.password_wrong');
  const fresh = await own('recovery-codes', { password: o.password, totp: codeOf(o) });
  assert.equal(fresh.status, 201, fresh.text);
  assert.ok(fresh.json.recovery_codes.every((x) => !o.codes.includes(x)));
  isProblem(await signIn(o, { recovery_code: o.codes[0] }), 401, 'identity.password_wrong');
  isProblem(await own('totp/confirm', { totp: '000000' }), 404, 'identity.link_invalid');
  isProblem(await own('totp', { password: o.password, totp: '000000' === codeOf(o) ? '111111' : '000000' }), 401, 'identity.password_wrong');
  const begun = await own('totp', { password: o.password, totp: codeOf(o) });
  assert.equal(begun.status, 201, begun.text);
  await tokenOf(o);	// the old authenticator works until the new one is proven
  const secret = base32(begun.json.secret);
  const wrong = totp(secret) === '000000' ? '111111' : '000000';
  isProblem(await own('totp/confirm', { totp: wrong }), 401, 'identity.code_wrong', '/totp identity.code_wrong');
  const done = await own('totp/confirm', { totp: totp(secret) });
  assert.equal(done.status, 201, done.text);
  assert.equal(revocations(o.id).at(-1), 'enrolled');
  isProblem(await signIn(o), 401, 'identity.password_wrong');
  await tokenOf({ ...o, secret });
});

test('unlocking is the system administrator’s, and of the own area', async () => {
  await refused('POST', `/v1/identity/officers/${randomUUID()}/unlock`, { token: (await desk('city.system')).token }, 404, 'request.not_found');
  await refused('POST', `/v1/identity/officers/${randomUUID()}/unlock`, { token: (await desk('city.security')).token }, 403, 'auth.forbidden');
});
