// merge: one person registered twice becomes one by two officers, and two again.
import assert from 'node:assert/strict';
import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request, textCode } from '../lib/client.mjs';
import { desk, eventually, firm, person, random } from '../lib/city.mjs';
import { idNumber, uscc } from '../lib/fake.mjs';
import { at, GRADUATE, HIRED_ON, JH, NOW, returned, workforce } from './grant.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, RUN, sql, today, walk } from './help.mjs';

const ALL = '/v1/identity/merges';
const mint = minter((await person()).token);
const officer = (role, area = '431129') => mint({ roles: [`${role}@${area}`], sub: randomUUID() });
const propose = (token, winner, loser, over) => call('POST', ALL, { token,
  body: { winner_id: winner.id, loser_id: loser.id, reason: '同一人两次登记，已核对户口簿' }, ...over });
const step = (token, m, what, body) => call('POST', `${ALL}/${m.id}/${what}`, { token, body });
const yes = { decision: 'accept' };
const UNDO = { reason: '核查后确认并非同一人' };

async function merged(winner, loser) {
  const m = await propose(officer('first_review'), winner, loser);
  assert.equal(m.state, 'proposed');
  return step(officer('recheck'), m, 'confirm', yes);
}
async function undone(m) {
  await step(officer('first_review'), m, 'undo', UNDO);
  return step(officer('approve'), m, 'undo/confirm', yes);
}
async function signIn(p) {
  sql(`UPDATE identity.text_code SET sent_at = sent_at - interval '2 minutes'`);
  return call('POST', '/v1/identity/sessions', { body: { phone: p.phone, code: await textCode(p.phone) }, key: null });
}
const rows = (...people) => sql(`SELECT md5(x::text) FROM identity.person x WHERE id IN (${people.map((p) => `'${p.id}'`)})
  UNION ALL SELECT md5(coalesce(string_agg(c::text, '' ORDER BY ord), '')) FROM identity.consent c WHERE person_id IN (${people.map((p) => `'${p.id}'`)})
  ORDER BY 1`).flat();
const aliases = (s, p) => sql(`SELECT person_id FROM ${s}.person_alias WHERE alias_id = '${p.id}'`).flat();

async function candidatesFor(token, p) {
  const all = [];
  for (let cursor = ''; ;) {
    const page = await call('GET', `/v1/identity/merge-candidates?limit=100${cursor}`, { token });
    all.push(...page.items);
    if (!page.next_cursor) break;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  return all.filter((c) => c.first_id === p.id || c.second_id === p.id);
}

test('the same name and birthday, a number corrected since, a phone used before: these are shown', async () => {
  const p = await person({ name: '周同名', id_number: idNumber(random, '1987-06-05', 1) });
  const q = await person({ name: '周同名', id_number: idNumber(random, '1987-06-05', 1) });
  const near = await person({ name: '周异名', id_number: idNumber(random, '1987-06-05', 1) });
  const token = officer('first_review');
  const found = await candidatesFor(token, p);
  assert.deepEqual(found.map((c) => [[c.first_id, c.second_id].sort(), c.signals]), [[[p.id, q.id].sort(), ['name_birth']]]);
  assert.ok(!JSON.stringify(found).includes('周同名') && !JSON.stringify(found).includes(p.id_number));
  assert.deepEqual(await candidatesFor(token, near), []);
  assert.deepEqual(await candidatesFor(officer('first_review', '431103'), p), []);
  sql(`UPDATE identity.person SET id_sealed = '${sealed(old15(p.id_number))}', id_masked = '****' WHERE id = '${q.id}'`);
  const old = await candidatesFor(token, p);
  assert.deepEqual(old.map((c) => c.signals), [['name_birth', 'id15']]);
  const r = await person();
  sql(`INSERT INTO identity.person_phone (person_id, phone_index, until_at) SELECT '${r.id}', phone_index, now() FROM identity.person WHERE id = '${near.id}'`);
  assert.deepEqual((await candidatesFor(token, r)).map((c) => c.signals), [['phone']]);
  await refused('GET', '/v1/identity/merge-candidates', { token: p.token }, 403, 'auth.forbidden');
});

const old15 = (number) => number.slice(0, 6) + number.slice(8, 17);
function sealed(plain) {	// as shared/crypt does it, with the run's own key
  const [id, alg, hex] = readFileSync(`${RUN}/secrets/field.keys`, 'utf8').trim().split('\n').at(-1).split(' ');
  assert.equal(alg, 'aes');
  const nonce = randomBytes(12), c = createCipheriv('aes-256-gcm', Buffer.from(hex, 'hex'), nonce);
  c.setAAD(Buffer.from('person.id'));
  const text = Buffer.concat([c.update(plain, 'utf8'), c.final()]);
  return `k${id}.${Buffer.concat([nonce, text, c.getAuthTag()]).toString('base64url')}`;
}

test('two officers make one of two; every sign-in leads to it; two undo it and nothing is lost', async () => {
  const winner = await person(), loser = await person();
  const org = await call('POST', '/v1/identity/orgs', { token: loser.token, body: { uscc: uscc(random), name: '合并测试公司',
    kind: 'enterprise', area_code: '431129100' } });
  const before = rows(winner, loser);
  const m = await merged(winner, loser);
  assert.deepEqual([m.state, m.undo_until], ['merged', dayPlus(await today(), 30)]);
  await eventually(async () => (await Promise.all([winner, loser].map((p) =>
    request('GET', '/v1/identity/me', { token: p.token })))).every((r) => r.status === 401), 'old tokens are dead');
  for (const p of [winner, loser]) assert.equal((await signIn(p)).subject, winner.id);
  const acting = await call('POST', '/v1/identity/sessions/act-for', { token: (await signIn(loser)).access_token,
    body: { org_id: org.org_id }, key: null, refused: true });
  assert.equal(acting.status, 201, 'acts for the firm of both');
  await eventually(() => ['jobs', 'subsidies'].every((s) => aliases(s, loser)[0] === winner.id), 'the others know');
  const f = await firm();
  const hire = await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: {
    id_number: loser.id_number, occupation_code: '6-31-01-03', hired_on: HIRED_ON, contract_type: 'task', wage_cents: 1 } }));
  assert.equal(sql(`SELECT person_id FROM jobs.employment WHERE id = '${hire.id}'`)[0][0], winner.id, 'hired by either number');
  assert.equal((await undone(m)).state, 'undone');
  assert.deepEqual(rows(winner, loser), before, 'both as they were');
  assert.equal((await signIn(loser)).subject, loser.id);
  assert.equal((await signIn(winner)).subject, winner.id);
  await eventually(() => ['jobs', 'subsidies'].every((s) => aliases(s, loser).length === 0), 'the others know');
  assert.deepEqual(sql(`SELECT type FROM identity.event_log WHERE payload ->> 'merge_id' = '${m.id}' ORDER BY seq`).flat(),
    ['identity.person.merged.v1', 'identity.person.unmerged.v1']);
});

test('each half of a merge, and of its undoing, needs another officer who reaches both', async () => {
  const winner = await person(), loser = await person(), away = await person({ area_code: '431103001' });
  const a = officer('first_review'), b = officer('recheck');
  await refused('POST', ALL, { token: a, body: { winner_id: winner.id, loser_id: away.id, reason: '同一人两次登记' } }, 404,
    'request.not_found');
  await refused('POST', ALL, { token: officer('first_review', '431103'), body: { winner_id: winner.id, loser_id: loser.id,
    reason: '同一人两次登记' } }, 404, 'request.not_found');
  await eachMistake('POST', ALL, a, { winner_id: winner.id, loser_id: loser.id, reason: '同一人两次登记' }, [
    [{ reason: undefined }, '/reason field.missing'], [{ reason: '同一人' }, '/reason field.too_short'],
    [{ loser_id: winner.id }, '/loser_id field.duplicate'], [{ loser_id: undefined }, '/loser_id field.missing']]);
  const m = await propose(a, winner, loser);
  await refused('POST', ALL, { token: b, body: { winner_id: winner.id, loser_id: loser.id, reason: '同一人两次登记' } }, 409,
    'state.exists', '/loser_id state.exists');
  await refused('POST', `${ALL}/${m.id}/confirm`, { token: a, body: yes }, 409, 'identity.same_hand');
  await refused('POST', `${ALL}/${m.id}/confirm`, { token: officer('recheck', '431103'), body: yes }, 404, 'request.not_found');
  await refused('POST', `${ALL}/${m.id}/confirm`, { token: (await desk('jh.clerk')).token, body: yes }, 403, 'auth.forbidden');
  await refused('POST', `${ALL}/${m.id}/undo`, { token: b, body: UNDO }, 409, 'state.wrong');
  assert.equal(sql(`SELECT count(*) FROM identity.person WHERE id = '${loser.id}' AND merged_into IS NOT NULL`)[0][0], '0');
  assert.equal((await step(b, m, 'confirm', yes)).state, 'merged');
  await refused('POST', `${ALL}/${m.id}/confirm`, { token: officer('recheck'), body: yes }, 409, 'state.wrong');
  await refused('POST', ALL, { token: a, body: { winner_id: loser.id, loser_id: (await person()).id, reason: '同一人两次登记' } },
    409, 'state.wrong');
  await refused('POST', `${ALL}/${m.id}/undo`, { token: b, body: {} }, 422, 'request.invalid', '/reason field.missing');
  await refused('POST', `${ALL}/${NOBODY}/undo`, { token: b, body: UNDO }, 404, 'request.not_found');
  assert.equal((await step(b, m, 'undo', UNDO)).state, 'undo_proposed');
  await refused('POST', `${ALL}/${m.id}/undo/confirm`, { token: b, body: yes }, 409, 'identity.same_hand');
  assert.equal((await step(a, m, 'undo/confirm', { decision: 'reject' })).state, 'merged');
  assert.equal((await undone(m)).state, 'undone');
  const again = await propose(a, winner, loser);
  assert.equal((await step(b, again, 'confirm', { decision: 'reject' })).state, 'rejected');
  const list = await walk(`${ALL}?state=rejected`, officer('approve'), 50, '/v1/identity/persons');
  assert.ok(list.some((x) => x.id === again.id));
  await refused('GET', ALL, { token: (await person()).token }, 403, 'auth.forbidden');
});

test('a benefit is had once by the person, not once by each registration', async () => {
  const start = await today();
  try {
    await at(HIRED_ON);
    const forces = [await workforce(JH, [GRADUATE]), await workforce(JH, [GRADUATE])];
    const [one, two] = forces.map((w) => w.people[0].person);
    await at(NOW);
    const m = await merged(one, two);
    await eventually(() => aliases('subsidies', two)[0] === one.id, 'the alias is known');
    await returned(...forces);
    const found = () => sql(`SELECT state FROM subsidies.claim WHERE person_id IN ('${one.id}', '${two.id}')`).length;
    assert.equal(found(), 1);
    await undone(m);
    await eventually(() => found() === 2, 'apart again, each has one');
  } finally { await at(start); }
});

test('after its time a merge is not undone', async () => {
  const m = await merged(await person(), await person());
  const start = await today();
  try {
    await at(dayPlus(m.undo_until, 1));
    await refused('POST', `${ALL}/${m.id}/undo`, { token: officer('recheck'), body: UNDO }, 409, 'identity.merge_window');
    await at(m.undo_until);
    assert.equal((await step(officer('recheck'), m, 'undo', UNDO)).state, 'undo_proposed', 'the last day counts');
  } finally { await at(start); }
});
