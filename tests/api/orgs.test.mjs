// orgs: who confirms a legal representative, and who may act for a firm.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { actFor, call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person, random, someone } from '../lib/city.mjs';
import { phone as somePhone, uscc } from '../lib/fake.mjs';
import { clerkAt, outlet, receiver, secondIdentity } from './counter.mjs';
import { dayPlus, eachMistake, isProblem, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const CHECKS = '/v1/identity/org-legal-checks';
const OWN = '/v1/identity/orgs/own';
const ACT = '/v1/identity/sessions/act-for';
const jh = async (role = 'first') => (await desk(`jh.${role}`)).token;
const form = (over = {}) => ({ uscc: uscc(random), name: '待确认电机有限公司', kind: 'enterprise', area_code: '431129100', ...over });
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

// ---- an identity that asks the register of organisations -------------------------------

const said = new Map();		// uscc -> answer
const register = await receiver(({ json }) => ({ body: { result: said.get(json.uscc) ?? 'match' } }));
const second = await secondIdentity({ YJY_ORG_VERIFIER: 'http', YJY_ORG_VERIFIER_URL: register.url,
  YJY_VERIFY_RETRY_S: '1' });
after(async () => { await second.end(); register.end(); });
const there = (method, path, token, body) => request(method, path, { base: second.base, token, body });

async function pending(p, over) {
  const body = form(over);
  said.set(body.uscc, 'unavailable');
  const r = await there('POST', '/v1/identity/orgs', p.token, body);
  assert.equal(r.status, 201, r.text);
  assert.equal(r.json.state, 'pending');
  return r.json;
}
const checkOf = async (org_id) => (await walk(`${CHECKS}?state=pending`, await jh(), 200)).find((c) => c.org_id === org_id);
const decide = async (check, decision, over = {}) => call('POST', `${CHECKS}/${check.id}/decide`,
  { token: await jh(), body: { decision, reason: '已核对营业执照' }, ...over });
const events = (org) => Number(sql(`SELECT (SELECT count(*) FROM identity.event_log WHERE type = 'identity.org.registered.v1' AND key = '${org}')
  + (SELECT count(*) FROM identity.outbox WHERE type = 'identity.org.registered.v1' AND key = '${org}')`)[0][0]);

test('the register confirms a legal representative, or says it is another', async () => {
  const p = await person(), body = form();
  const r = await there('POST', '/v1/identity/orgs', p.token, body);
  assert.equal(r.json.state, 'confirmed', r.text);
  assert.deepEqual(register.got.at(-1).json, { uscc: body.uscc, name: p.name, id_number: p.id_number });
  assert.match(register.got.at(-1).headers['x-signature'], /^t=\d+,v1=[0-9a-f]{64}$/);
  assert.deepEqual(sql(`SELECT state, source FROM identity.org_legal WHERE org_id = '${r.json.org_id}'`), [['confirmed', 'register']]);
  const other = form();
  said.set(other.uscc, 'mismatch');
  isProblem(await there('POST', '/v1/identity/orgs', p.token, other), 422, 'identity.not_legal', '/uscc identity.not_legal');
  assert.equal(sql(`SELECT count(*) FROM identity.org WHERE uscc = '${other.uscc}'`)[0][0], '0');
});

test('in the sandbox a word is enough, and that is written down', async () => {
  const f = await firm();
  assert.deepEqual(sql(`SELECT state, source FROM identity.org_legal WHERE org_id = '${f.org_id}'`), [['confirmed', 'self']]);
});

test('nobody acts for a pending organisation until an officer of its county says yes', async () => {
  const p = await person(), org = await pending(p);
  assert.equal(events(org.org_id), 0, 'nobody has heard of it');
  await refused('POST', ACT, { token: p.token, body: { org_id: org.org_id }, key: null }, 409, 'identity.org_pending', '/org_id identity.org_pending');
  isProblem(await there('POST', '/v1/identity/orgs', (await person()).token, { ...form(), uscc: org.uscc }), 409, 'state.exists');
  const check = await checkOf(org.org_id);
  assert.deepEqual([check.kind, check.person_id, check.uscc], ['first', p.id, org.uscc]);
  await refused('POST', `${CHECKS}/${check.id}/decide`, { token: (await desk('lst.first')).token,
    body: { decision: 'confirm', reason: '别县人员' } }, 404, 'request.not_found');
  await refused('POST', `${CHECKS}/${check.id}/decide`, { token: await jh('approve'), body: { decision: 'confirm', reason: '无权' } }, 403, 'auth.forbidden');
  await eachMistake('POST', `${CHECKS}/${check.id}/decide`, await jh(), { decision: 'confirm', reason: '可以' },
    [[{ decision: 'maybe' }, '/decision field.choice'], [{ reason: '' }, '/reason field.too_short']]);
  assert.equal((await decide(check, 'confirm')).state, 'confirmed');
  isProblem(await decide(check, 'refuse', { refused: true }), 409, 'state.wrong');
  assert.equal(events(org.org_id), 1);
  assert.deepEqual(sql(`SELECT source, reason, decided_by IS NOT NULL FROM identity.org_legal WHERE id = '${check.id}'`), [['officer', '已核对营业执照', 't']]);
  const acting = await actFor(p, org.org_id);
  assert.equal((await call('GET', OWN, { token: acting.token })).state, 'confirmed');
});

test('the register is asked again while nobody has decided', async () => {
  const [p, q] = [await person(), await person()];
  const [good, bad] = [await pending(p), await pending(q)];
  said.set(good.uscc, 'match');
  said.set(bad.uscc, 'mismatch');
  const of = (org) => sql(`SELECT o.state, l.state, l.source FROM identity.org o JOIN identity.org_legal l ON l.org_id = o.id WHERE o.id = '${org.org_id}'`)[0].join();
  await eventually(() => of(good) === 'confirmed,confirmed,register', 'confirmed by the register', 30000);
  await eventually(() => of(bad) === 'refused,refused,register', 'refused by the register', 30000);
  assert.equal((await actFor(p, good.org_id)).org_id, good.org_id);
  await refused('POST', ACT, { token: q.token, body: { org_id: bad.org_id }, key: null }, 403, 'identity.not_member');
  assert.deepEqual([events(good.org_id), events(bad.org_id)], [1, 0]);
});

test('a refused organisation is nobody’s, and leaves its code to others', async () => {
  const p = await person(), org = await pending(p);
  await decide(await checkOf(org.org_id), 'refuse');
  await refused('POST', ACT, { token: p.token, body: { org_id: org.org_id }, key: null }, 403, 'identity.not_member');
  assert.deepEqual((await call('GET', '/v1/identity/me', { token: p.token })).orgs, []);
  assert.equal(events(org.org_id), 0);
  said.set(org.uscc, 'match');
  assert.equal((await there('POST', '/v1/identity/orgs', (await person()).token, form({ uscc: org.uscc }))).status, 201);
});

test('a code with a wrong check character needs an officer’s word and reason', async () => {
  const good = uscc(random), bad = good.slice(0, 17) + (good[17] === '0' ? '1' : '0');
  const p = await person(), path = '/v1/identity/uscc-overrides';
  await eachMistake('POST', '/v1/identity/orgs', p.token, form({ uscc: bad }), [[{}, '/uscc field.uscc']]);
  const body = { uscc: bad, area_code: '431129100', reason: '营业执照原件如此，系早期赋码' };
  await refused('POST', path, { token: p.token, body }, 403, 'auth.forbidden');
  await refused('POST', path, { token: (await desk('lst.first')).token, body }, 403, 'auth.area', '/area_code auth.area');
  await eachMistake('POST', path, await jh(), body, [[{ reason: undefined }, '/reason field.missing'], [{ uscc: 'IOSVZ' }, '/uscc field.uscc']]);
  const made = await call('POST', path, { token: await jh(), body });
  await refused('POST', path, { token: await jh(), body }, 409, 'state.exists', '/uscc state.exists');
  const org = await call('POST', '/v1/identity/orgs', { token: p.token, body: form({ uscc: bad }) });
  assert.deepEqual(sql(`SELECT v.id, v.reason, f.login FROM identity.org o JOIN identity.uscc_override v ON v.id = o.uscc_override_id
    JOIN identity.officer f ON f.id = v.officer_id WHERE o.id = '${org.org_id}'`), [[made.id, body.reason, 'jh.first']]);
});

// ---- members ---------------------------------------------------------------------------

const invite = (f, body, over) => call('POST', `${OWN}/invitations`, { token: f.token, body, ...over });
const accept = (p, id, body = {}, over = {}) => call('POST', `/v1/identity/me/invitations/${id}/accept`, { token: p.token, body, ...over });
async function member(f, rights = {}) {
  const p = await person();
  const i = await invite(f, { person_id: p.id, ...rights });
  await accept(p, i.id);
  return { ...p, acting: await actFor(p, f.org_id) };
}
const membersOf = async (f) => Object.fromEntries((await call('GET', `${OWN}/members?limit=200`, { token: f.token })).items.map((m) => [m.person_id, m.rights.join()]));

test('one is invited by phone with a code, or by person, and accepts', async () => {
  const f = await firm(), p = await person();
  const i = await invite(f, { phone: p.phone, post: true, hire: true });
  assert.deepEqual([i.rights, i.phone_masked], [['post', 'hire'], `${p.phone.slice(0, 3)}****${p.phone.slice(7)}`]);
  isProblem(await invite(f, { phone: p.phone }, { refused: true }), 409, 'state.exists', '/phone state.exists');
  const [mine] = (await call('GET', '/v1/identity/me/invitations', { token: p.token })).items;
  assert.deepEqual([mine.id, mine.org_name, mine.by_code], [i.id, f.org.name, true]);
  const code = /邀请码 (\d{6})/.exec((await call('GET', `/v1/identity/sandbox/message?phone=${p.phone}`)).body)[1];
  isProblem(await accept(await person(), i.id, { code }, { refused: true }), 404, 'request.not_found');
  isProblem(await accept(p, i.id, {}, { refused: true }), 401, 'identity.code_wrong', '/code identity.code_wrong');
  const got = await accept(p, i.id, { code });
  assert.deepEqual([got.org_id, got.title, got.rights], [f.org_id, 'agent', ['post', 'hire']]);
  isProblem(await accept(p, i.id, { code }, { refused: true }), 404, 'request.not_found');
  assert.deepEqual(await membersOf(f), { [f.agent.id]: 'post,hire,claim,account,manage', [p.id]: 'post,hire' });
  assert.equal((await actFor(p, f.org_id)).org_id, f.org_id);
  await refused('POST', `${OWN}/invitations`, { token: f.token, body: {} }, 422, 'identity.invited', '/phone identity.invited');
  await refused('POST', `${OWN}/invitations`, { token: f.token, body: { person_id: NOBODY } }, 409, 'state.reference', '/person_id state.reference');
  await eachMistake('POST', `${OWN}/invitations`, f.token, { phone: p.phone }, [[{ phone: '1' }, '/phone field.phone'], [{ manage: 'yes' }, '/manage field.type']]);
});

test('five wrong codes end an invitation; it can be withdrawn and declined', async () => {
  const f = await firm(), p = await person();
  const i = await invite(f, { phone: p.phone });
  for (let n = 0; n < 5; n++) isProblem(await accept(p, i.id, { code: '0000' + n + 'x' }, { refused: true }), 401, 'identity.code_wrong');
  isProblem(await accept(p, i.id, { code: '000000' }, { refused: true }), 404, 'request.not_found');
  const path = `${OWN}/invitations/${i.id}/withdraw`;
  await refused('POST', path, { token: (await firm()).token }, 404, 'request.not_found');
  assert.equal((await call('POST', path, { token: f.token })).state, 'withdrawn');
  const j = await invite(f, { person_id: p.id });
  const decline = `/v1/identity/me/invitations/${j.id}/decline`;
  await refused('POST', decline, { token: (await person()).token }, 404, 'request.not_found');
  assert.equal((await call('POST', decline, { token: p.token })).state, 'declined');
  isProblem(await accept(p, j.id, {}, { refused: true }), 404, 'request.not_found');
  assert.deepEqual((await walk(`${OWN}/invitations`, f.token, 200)).map((x) => x.state), ['declined', 'withdrawn']);
});

test('only who manages invites, and not beyond their own rights', async () => {
  const f = await firm(), agent = await member(f, { post: true }), manager = await member(f, { manage: true, hire: true });
  const p = await person();
  isProblem(await invite(agent.acting, { person_id: p.id }, { refused: true }), 403, 'identity.no_right');
  isProblem(await invite(manager.acting, { person_id: p.id, account: true }, { refused: true }), 403, 'identity.no_right');
  await invite(manager.acting, { person_id: p.id, hire: true });
  const rights = (who, id, body, over) => call('POST', `${OWN}/members/${id}/rights`, { token: who.token, body, ...over });
  isProblem(await rights(agent.acting, agent.id, { manage: true }, { refused: true }), 403, 'identity.no_right');
  isProblem(await rights(manager.acting, manager.id, { manage: true, account: true }, { refused: true }), 403, 'identity.no_right');
  isProblem(await rights(manager.acting, f.agent.id, {}, { refused: true }), 404, 'request.not_found');
  assert.deepEqual((await rights(f, agent.id, { claim: true, account: true })).rights, ['claim', 'account']);
  assert.equal((await membersOf(f))[agent.id], 'claim,account');
  isProblem(await call('POST', `${OWN}/members/${manager.id}/remove`, { token: (await actFor(agent, f.org_id)).token, refused: true }), 403, 'identity.no_right');
});

test('a member does for the firm what the rights say, in every service, until they change', async () => {
  const f = await firm();
  const m = await member(f, { post: true });
  const body = { title: '权限岗位', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 1,
    pay_min_cents: 1, pay_max_cents: 2, pay_unit: 'hour', form: 'gig' };
  const v = await known(() => call('POST', '/v1/jobs/vacancies', { token: m.acting.token, body, refused: true }));
  const hire = { person_id: m.id, occupation_code: '6-24-01-00', hired_on: await today(), contract_type: 'task', wage_cents: 1 };
  await refused('POST', '/v1/jobs/employments', { token: m.acting.token, body: hire }, 403, 'identity.no_right');
  await refused('POST', '/v1/subsidies/claims/confirm', { token: m.acting.token,
    body: { account_no: '4300123456789012', account_name: f.org.name } }, 403, 'identity.no_right');
  await refused('POST', `/v1/subsidies/claims/${NOBODY}/account`, { token: m.acting.token,
    body: { account_no: '4300123456789012', account_name: f.org.name } }, 403, 'identity.no_right');
  await call('POST', `${OWN}/members/${m.id}/rights`, { token: f.token, body: { hire: true } });
  await eventually(async () => (await request('POST', `/v1/jobs/vacancies/${v.id}/close`, { token: m.acting.token })).status === 401,
    'the token of before is dead');
  const again = await actFor(m, f.org_id);
  await refused('POST', `/v1/jobs/vacancies/${v.id}/close`, { token: again.token }, 403, 'identity.no_right');
  assert.ok((await known(() => call('POST', '/v1/jobs/employments', { token: again.token, body: hire, refused: true }))).id);
});

test('who is removed, or leaves, is out at once', async () => {
  const f = await firm(), a = await member(f, { hire: true }), b = await member(f);
  const clerk = await clerkAt(await outlet('431129100'));
  const present = await call('POST', '/v1/identity/assist-sessions', { token: clerk.token, key: null, body: { id_number: a.id_number,
    card_name: a.name, card_valid_on: dayPlus(await today(), 9), reason: '窗口办理', org_id: f.org_id } });
  const gone = await call('POST', `${OWN}/members/${a.id}/remove`, { token: f.token });
  assert.equal(gone.person_id, a.id);
  await refused('POST', `${OWN}/members/${a.id}/remove`, { token: f.token }, 404, 'request.not_found');
  await call('POST', `/v1/identity/me/orgs/${f.org_id}/leave`, { token: b.token });
  await refused('POST', `/v1/identity/me/orgs/${f.org_id}/leave`, { token: b.token }, 404, 'request.not_found');
  await refused('POST', `/v1/identity/me/orgs/${f.org_id}/leave`, { token: f.agent.token }, 404, 'request.not_found');
  for (const token of [a.acting.token, b.acting.token, present.access_token])
    await eventually(async () => (await request('GET', '/v1/jobs/my/applications', { token })).status === 401, 'the token is taken back');
  for (const p of [a, b]) {
    const again = await request('POST', '/oauth/token', { raw: `grant_type=refresh_token&refresh_token=${p.acting.refresh}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(again.json.error, 'invalid_grant', again.text);
    await refused('POST', ACT, { token: p.token, body: { org_id: f.org_id }, key: null }, 403, 'identity.not_member');
    assert.equal((await call('GET', '/v1/identity/me', { token: p.token })).person_id, p.id, 'oneself one stays');
  }
  assert.deepEqual(Object.keys(await membersOf(f)), [f.agent.id]);
});

test('a new legal representative takes the place of the old one', async () => {
  const f = await firm(), next = await member(f), path = `${OWN}/legal`;
  await refused('POST', path, { token: next.acting.token, body: { person_id: next.id } }, 403, 'identity.no_right');
  await refused('POST', path, { token: f.token, body: { person_id: (await person()).id } }, 403, 'identity.not_member', '/person_id identity.not_member');
  await eachMistake('POST', path, f.token, {}, [[{}, '/person_id field.missing']]);
  await call('POST', path, { token: f.token, body: { person_id: next.id } });
  await refused('POST', ACT, { token: f.agent.token, body: { org_id: f.org_id }, key: null }, 403, 'identity.not_member');
  assert.equal(sql(`SELECT count(*) FROM identity.revocation WHERE id = '${claimsOf(f.token).sid}'`)[0][0], '1');
  const now = await actFor(next, f.org_id);
  assert.deepEqual(await membersOf(now), { [next.id]: 'post,hire,claim,account,manage' });

  // Where the register cannot say, an officer does.
  const third = await member(now);
  said.set(f.org.uscc, 'unavailable');
  const asked = await there('POST', path, now.token, { person_id: third.id });
  assert.equal(asked.json.state, 'pending', asked.text);
  isProblem(await there('POST', path, now.token, { person_id: third.id }), 409, 'state.exists');
  assert.equal((await membersOf(now))[third.id], '', 'nothing has changed yet');
  await decide(await checkOf(f.org_id), 'refuse');
  assert.equal((await membersOf(now))[next.id], 'post,hire,claim,account,manage');
  await there('POST', path, now.token, { person_id: third.id });
  await decide(await checkOf(f.org_id), 'confirm');
  assert.deepEqual(await membersOf(await actFor(third, f.org_id)), { [third.id]: 'post,hire,claim,account,manage' });
});

test('every list of this says no to a cursor of another', async () => {
  const f = await firm();
  for (const [path, token] of [[`${OWN}/members`, f.token], [`${OWN}/invitations`, f.token], ['/v1/identity/me/invitations', f.agent.token],
    ['/v1/identity/me/assist-sessions', f.agent.token], [CHECKS, await jh()], ['/v1/identity/outlets', await jh()]])
    await refused('GET', `${path}?cursor=x`, { token }, 422, 'request.invalid', 'cursor field.cursor');
});
