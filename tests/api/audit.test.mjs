// audit: what is done, read and refused is in the service's trail, where only
// the audit roles of the place, and the person concerned, read it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { doc } from '../lib/contract.mjs';
import { JH, LST } from './grant.mjs';
import { known, minter, NOBODY, SERVICES, sql, today } from './help.mjs';
import { randomUUID } from 'node:crypto';

const mint = minter((await person()).token);
const auditor = mint({ roles: ['audit_admin@431100'] });
const trail = (service, query, token = auditor) => call('GET', `/v1/${service}/audit?limit=200&${query}`, { token });
const entries = (service, query, want, token) => eventually(async () => {
  const { items } = await trail(service, query, token);
  const found = items.filter(want);
  return found.length > 0 && found;
}, `${service}: ${query}`);
const post = (path, token, body, over = {}) => request('POST', path, { token, body, ...over });

const f = await firm({ area_code: JH.town });
const p = await person({ area_code: JH.town });
const on = await today();
const hired = await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true,
  body: { person_id: p.id, occupation_code: '6-31-01-03', hired_on: on, contract_type: 'task', wage_cents: 1 } }));
const VACANCY = { title: '审计员', occupation_code: '6-24-01-00', area_code: JH.town, headcount: 1, pay_min_cents: 1,
  pay_max_cents: 2, pay_unit: 'hour', form: 'gig' };

test('a change is in the trail as soon as it is acknowledged, with what it was about', async () => {
  for (const headers of [{}, { 'idempotency-key': randomUUID() }]) {
    const made = await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: VACANCY, headers, key: headers['idempotency-key'] ?? null, refused: true }));
    const [row] = sql(`SELECT actor::text, roles, org_id::text, route, county_code, status::text, client FROM jobs.audit
      WHERE object_id = '${made.id}' AND action = 'jobs.vacancy.open'`);
    assert.deepEqual(row, [f.id, 'employer', f.org_id, 'vacancy_open', JH.code, '201', 'app']);
    await call('POST', `/v1/jobs/vacancies/${made.id}/close`, { token: f.token });
    const [closed] = sql(`SELECT actor::text, county_code, status::text FROM jobs.audit
      WHERE object_id = '${made.id}' AND route = 'vacancy_close'`);
    assert.deepEqual(closed, [f.id, JH.code, '200']);
  }
});

test('asked again with its key a change is not written down twice', async () => {
  const key = randomUUID();
  const [a, b] = [await post('/v1/jobs/vacancies', f.token, VACANCY, { headers: { 'idempotency-key': key } }),
    await post('/v1/jobs/vacancies', f.token, VACANCY, { headers: { 'idempotency-key': key } })];
  assert.equal(b.headers['idempotency-replayed'], 'true');
  assert.equal(sql(`SELECT count(*) FROM jobs.audit WHERE object_id = '${a.json.id}'`)[0][0], '1');
});

test('a change that is refused leaves no change in the trail, but the refusal', async () => {
  const before = Number(sql("SELECT count(*) FROM jobs.audit WHERE route = 'vacancy_close' AND status < 400")[0][0]);
  const reply = await post(`/v1/jobs/vacancies/${NOBODY}/close`, f.token);
  assert.equal(reply.status, 404);
  const found = await entries('jobs', `actor=${f.id}&result=refused`, (x) => x.request_id === reply.headers['x-request-id']);
  assert.deepEqual([found.length, found[0].status, found[0].error, found[0].object_id, found[0].summary],
    [1, 404, 'request.not_found', NOBODY, '结束招聘']);
  assert.equal(Number(sql("SELECT count(*) FROM jobs.audit WHERE route = 'vacancy_close' AND status < 400")[0][0]), before);
});

test('refusals of every kind are written down', async () => {
  const officer = await desk(`${JH.desk}.clerk`);
  const cases = [
    ['jobs', 403, () => post('/v1/jobs/vacancies', officer.token, VACANCY)],
    ['jobs', 422, () => post('/v1/jobs/vacancies', f.token, { ...VACANCY, headcount: -1 })],
    ['jobs', 422, () => post('/v1/jobs/vacancies', f.token, { ...VACANCY, pay_min_cents: 9 })],
    ['training', 404, () => post(`/v1/training/classes/${NOBODY}/start`, mint({ roles: ['institution@431100'], org: randomUUID() }))],
  ];
  for (const [service, status, ask] of cases) {
    const reply = await ask();
    assert.equal(reply.status, status);
    await eventually(() => sql(`SELECT status::text FROM ${service}.audit WHERE request_id = '${reply.headers['x-request-id']}'`)[0]?.[0] === String(status),
      `${service} ${status}`);
  }
});

test('an officer’s read of people names the people; one’s own read is nobody else’s business', async () => {
  const officer = await desk(`${JH.desk}.clerk`);
  const read = await request('GET', `/v1/jobs/employments/${hired.id}`, { token: officer.token });
  assert.equal(read.status, 200);
  const list = await request('GET', '/v1/jobs/employments?limit=200', { token: officer.token });
  const rows = await entries('jobs', `person=${p.id}`, (x) => x.actor === officer.id && x.action === 'jobs.employment.list');
  assert.deepEqual([...rows[0].people].sort(), [...new Set(list.json.items.map((x) => x.person_id))].sort());
  const [one] = await entries('jobs', `person=${p.id}`, (x) => x.request_id === read.headers['x-request-id']);
  assert.deepEqual([one.people, one.county_code, one.object_id, one.roles, one.status],
    [[p.id], JH.code, hired.id, ['clerk'], 200]);
  const own = await request('GET', `/v1/jobs/employments/${hired.id}`, { token: p.token });
  assert.equal(own.status, 200);
  await call('GET', '/v1/jobs/my/employments', { token: p.token });
  await entries('jobs', `actor=${officer.id}`, () => true);
  assert.equal(sql(`SELECT count(*) FROM jobs.audit WHERE request_id = '${own.headers['x-request-id']}'`)[0][0], '0');
});

test('a person reads who looked, in which office, and for what, and nothing of others', async () => {
  const officer = await desk(`${JH.desk}.clerk`);
  await call('GET', `/v1/jobs/employments/${hired.id}`, { token: officer.token });
  const items = await eventually(async () => {
    const page = await call('GET', '/v1/jobs/me/accesses', { token: p.token });
    return page.items.some((x) => x.action === 'jobs.employment.get') && page.items;
  }, 'the access is shown');
  const seen = items.find((x) => x.action === 'jobs.employment.get');
  assert.deepEqual({ ...seen, at: null, id: null }, { id: null, at: null, service: 'jobs', role: '受理', office: '江华瑶族自治县', client: 'desk',
    action: 'jobs.employment.get', purpose: seen.purpose, reason: null, result: 'done' });
  assert.match(seen.purpose, /就业/);
  assert.ok(items.some((x) => x.role === '用人单位' && x.action.startsWith('jobs.employment')), 'the firm registered the employment');
  assert.ok(items.every((x, i) => i === 0 || x.at <= items[i - 1].at), 'newest first');
  assert.ok(!JSON.stringify(items).includes(officer.id), 'the officer is not named');
  const en = await request('GET', '/v1/jobs/me/accesses?limit=1', { token: p.token, headers: { 'accept-language': 'en' } });
  assert.match(en.json.items[0].purpose, /^[A-Z]/);
  const next = await call('GET', `/v1/jobs/me/accesses?limit=1&cursor=${encodeURIComponent(en.json.next_cursor)}`, { token: p.token });
  assert.equal(next.items.length, 1);
  const stranger = await person();
  assert.deepEqual((await call('GET', '/v1/jobs/me/accesses', { token: stranger.token })).items, []);
});

test('at the door all services’ accesses are one list, newest first, page by page', async () => {
  const clerk = await desk(`${JH.desk}.clerk`);
  await call('GET', `/v1/jobs/employments/${hired.id}`, { token: clerk.token });
  await call('GET', '/v1/identity/persons?limit=200', { token: clerk.token });
  const all = await eventually(async () => {
    const { items, incomplete } = await call('GET', '/v1/me/accesses?limit=200', { token: p.token });
    return !incomplete?.length && new Set(items.map((x) => x.service)).size > 1 && items;
  }, 'two services at least');
  assert.deepEqual(all.map((x) => x.id), all.map((x) => x.id).sort().reverse());
  const paged = [];
  for (let cursor = ''; cursor !== null;) {
    const page = await call('GET', `/v1/me/accesses?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, { token: p.token });
    paged.push(...page.items);
    cursor = page.next_cursor;
  }
  assert.deepEqual(paged, all);
  assert.equal((await request('GET', '/v1/me/accesses')).status, 401);
  assert.equal((await request('GET', '/v1/me/accesses', { token: clerk.token })).status, 403);
});

test('sign-ins: success, wrong password, unknown account of the same shape, lock-out, and no name in clear', async () => {
  const d = await desk(`${JH.desk}.recheck`);
  const [ok] = await entries('identity', `actor=${d.id}&action=identity.officer`, (x) => x.status === 201);
  assert.match(ok.account_hash, /^[0-9a-f]{64}$/);
  const login = (name) => post('/v1/identity/officer-sessions', undefined, { login: name, password: 'wrong-password-1', totp: '000000' });
  const rowOf = async (reply) => (await entries('identity', 'action=identity.officer.sign_in&result=refused',
    (x) => x.request_id === reply.headers['x-request-id']))[0];
  const wrong = await login('nobody.known'), again = await login('nobody.known');
  const a = await rowOf(wrong), b = await rowOf(again);
  assert.equal(a.account_hash, b.account_hash);
  const shape = ({ ord, at, business_at, request_id, trace_id, account_hash, ...rest }) => rest;
  const victim = await desk(`${LST.desk}.recheck`);
  let last, known_;
  for (let i = 0; i < 7 && last?.error !== 'identity.locked'; i++) {
    last = await rowOf(await login(victim.login));
    known_ ??= last;
  }
  assert.deepEqual(shape(a), shape(known_), 'unknown and known look the same');
  assert.match(last.error, /lock/);
  sql('DELETE FROM identity.sign_in_tally WHERE locked_until IS NOT NULL');
  const phone = await post('/v1/identity/sessions', undefined, { phone: p.phone, code: '000000' });
  await eventually(() => sql(`SELECT 1 FROM identity.audit WHERE request_id = '${phone.headers['x-request-id']}'`).length, 'that is in the trail');
  const text = JSON.stringify(sql('SELECT * FROM identity.audit'));
  for (const secret of [p.phone, 'nobody.known', victim.login]) assert.ok(!text.includes(secret), secret);
});

test('three administrators: only audit and audit_admin read the trail, each their areas', async () => {
  for (const service of SERVICES) {
    for (const role of ['system_admin', 'security_admin', 'clerk', 'approve', 'stats', 'finance'])
      assert.equal((await request('GET', `/v1/${service}/audit`, { token: mint({ roles: [`${role}@431100`] }) })).status, 403, `${service} ${role}`);
    assert.equal((await request('GET', `/v1/${service}/audit`)).status, 401);
    assert.equal((await request('GET', `/v1/${service}/audit?result=maybe`, { token: auditor })).status, 422);
    await trail(service, 'result=done');
    await trail(service, '', mint({ roles: [`audit@${JH.code}`] }));
    assert.equal((await request('GET', `/v1/${service}/me/accesses`, { token: auditor })).status, 403);
    assert.equal((await request('GET', `/v1/${service}/me/accesses?cursor=x`, { token: p.token })).status, 422);
    await call('GET', `/v1/${service}/me/accesses`, { token: p.token });
  }
  const others = Object.values(doc.paths).flatMap((item) => Object.values(item)).filter((op) =>
    op['x-scope'] === 'area' && op['x-callers'].includes('audit_admin') && op.tags[0] !== 'identity');
  assert.deepEqual([...new Set(others.map((op) => op['x-action']))], ['audit.list']);
});

test('an auditor of a county sees that county’s rows; the city’s sees all, and is seen reading', async () => {
  const away = await firm({ area_code: LST.town });
  await known(() => call('POST', '/v1/jobs/vacancies', { token: away.token, refused: true, body: { ...VACANCY, area_code: LST.town } }));
  const here = await trail('jobs', '', mint({ roles: [`audit@${JH.code}`] }));
  assert.ok(here.items.length > 0);
  assert.deepEqual([...new Set(here.items.map((x) => x.county_code))], [JH.code]);
  const all = await trail('jobs', '');
  assert.ok(all.items.some((x) => x.county_code === LST.code));
  await entries('jobs', 'action=audit', (x) => x.roles.includes('audit_admin') && x.summary === '查阅审计记录');
  const from = new Date(Date.now() - 1000 * 3600).toISOString(), to = new Date(Date.now() + 60000).toISOString();
  assert.ok((await trail('jobs', `from=${from}&to=${to}`)).items.length > 0);
  assert.deepEqual((await trail('jobs', `to=${from}`)).items, []);
});

test('neither of a service’s roles can alter, remove or forge a row', () => {
  const scope = `SET app.scope = '||${NOBODY.replaceAll('-', '')}||audit.list|2025-01-01T00:00:00Z|'`;
  const denied = (text, role) => assert.throws(() => sql(`${scope};\n${text}`, role), /permission denied|row-level security/, text);
  for (const service of SERVICES)
    for (const role of [`${service}_app`, `${service}_system`])
      for (const text of ["UPDATE @.audit SET roles = 'x'", 'DELETE FROM @.audit', 'TRUNCATE @.audit', 'UPDATE @.audit_seal SET n = n + 1',
        'DELETE FROM @.audit_seal', 'TRUNCATE @.audit_seal', 'DROP TABLE @.audit', 'ALTER TABLE @.audit DISABLE ROW LEVEL SECURITY'])
        assert.throws(() => sql(`${scope};\n${text.replace('@', service)}`, role), /permission denied|must be owner/, `${role}: ${text}`);
  const columns = 'assisted, action, route, county_code, status, request_id, trace_id';
  const values = `false, 'audit.list', 'x', '431129', 200, '${NOBODY}', 'x'`;
  denied(`INSERT INTO jobs.audit (ord, ${columns}) OVERRIDING SYSTEM VALUE VALUES (1, ${values})`, 'jobs_app');
  denied(`INSERT INTO jobs.audit (xid, ${columns}) VALUES (1, ${values})`, 'jobs_app');
  denied(`INSERT INTO jobs.audit (at, ${columns}) VALUES (now(), ${values})`, 'jobs_app');
  denied(`INSERT INTO jobs.audit (actor, ${columns}) VALUES ('${randomUUID()}', ${values})`, 'jobs_app');
  denied(`INSERT INTO jobs.audit (actor, ${columns}) VALUES ('${NOBODY}', ${values.replace('audit.list', 'jobs.vacancy.open')})`, 'jobs_app');
  denied('SELECT * FROM jobs.audit_seal', 'jobs_app');
});
