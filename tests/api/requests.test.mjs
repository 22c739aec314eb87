// requests: people ask to correct, erase or copy what is held about them; two
// officers where it matters, a clock, and laws that keep what must be kept.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, register, request, textCode } from '../lib/client.mjs';
import { desk, eventually, firm, person, someone } from '../lib/city.mjs';
import { at } from './grant.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const ME = '/v1/identity/me/data-requests', ALL = '/v1/identity/data-requests';
const mint = minter((await person()).token);
const officer = (role, area = '431129') => mint({ roles: [`${role}@${area}`], sub: randomUUID() });
const file = (p, body) => call('POST', ME, { token: p.token, body: { reason: '登记有误，附证明材料', ...body } });
const step = (token, r, what, body, over) => call('POST', `${ALL}/${r.id}/${what}`, { token, body, ...over });
const yes = { decision: 'accept', answer: '经核对证件，情况属实' }, no = { decision: 'refuse', answer: '材料不足，请补充' };
const mine = async (p, id) => (await call('GET', `${ME}?limit=200`, { token: p.token })).items.find((r) => r.id === id);
const held = (p) => sql(`SELECT basis FROM identity.retention_hold WHERE person_id = '${p.id}' ORDER BY 1`).flat();

async function twoHands(r) {
  const a = officer('clerk'), b = officer('recheck');
  await step(a, r, 'take');
  assert.equal((await step(a, r, 'decide', yes)).state, 'proposed');
  return step(b, r, 'confirm', yes);
}

test('a name is corrected by two officers, everywhere, and the old one is kept sealed', async () => {
  const p = await person(), name = '欧阳更正';
  const r = await file(p, { kind: 'correct', field: 'name', wanted: name });
  assert.deepEqual([r.state, r.wanted, r.county_code, r.overdue], ['filed', '欧*', '431129', false]);
  assert.ok(r.due_on >= dayPlus(await today(), 15), 'fifteen working days');
  const a = officer('first_review');
  await refused('POST', `${ALL}/${r.id}/decide`, { token: a, body: yes }, 409, 'state.wrong');
  assert.equal((await step(a, r, 'take')).state, 'taken');
  await refused('POST', `${ALL}/${r.id}/take`, { token: officer('clerk') }, 409, 'state.wrong');
  await refused('POST', `${ALL}/${r.id}/decide`, { token: officer('clerk'), body: yes }, 409, 'identity.taken_by_other');
  assert.equal((await step(a, r, 'decide', yes)).state, 'proposed');
  assert.notEqual((await call('GET', '/v1/identity/me', { token: p.token })).name_masked, '欧*', 'not by one officer alone');
  await refused('POST', `${ALL}/${r.id}/confirm`, { token: a, body: yes }, 409, 'identity.same_hand');
  await refused('POST', `${ALL}/${r.id}/confirm`, { token: officer('recheck', '431103'), body: yes }, 404, 'request.not_found');
  assert.equal((await step(officer('recheck'), r, 'confirm', yes)).state, 'done');
  assert.equal((await call('GET', '/v1/identity/me', { token: p.token })).name_masked, '欧*');
  assert.deepEqual([(await mine(p, r.id)).state, (await mine(p, r.id)).answer], ['done', yes.answer]);
  await eventually(() => ['jobs', 'training', 'subsidies'].every((s) =>
    sql(`SELECT name_masked FROM ${s}.person WHERE id = '${p.id}'`)[0]?.[0] === '欧*'), 'the others know');
  const [[sealed, hands]] = sql(`SELECT old_sealed, first_by <> second_by FROM identity.person_change WHERE person_id = '${p.id}'`);
  assert.match(sealed, /^k\w+\./);
  assert.equal(hands, 't');
});

test('a number carries birth and sex with it, and cannot be another person’s', async () => {
  const p = await person(), q = await person(), fresh = someone({ birth_on: '1991-03-04' });
  const taken = await file(p, { kind: 'correct', field: 'id_number', wanted: q.id_number });
  const a = officer('clerk');
  await step(a, taken, 'take');
  await step(a, taken, 'decide', yes);
  await refused('POST', `${ALL}/${taken.id}/confirm`, { token: officer('recheck'), body: yes }, 409, 'identity.person_exists');
  assert.equal((await step(officer('recheck'), taken, 'confirm', no)).state, 'taken', 'back to the first');
  assert.equal((await step(a, taken, 'decide', no)).state, 'refused');
  assert.equal((await mine(p, taken.id)).answer, no.answer);
  const r = await twoHands(await file(p, { kind: 'correct', field: 'id_number', wanted: fresh.id_number }));
  assert.equal(r.state, 'done');
  const me = await call('GET', '/v1/identity/me', { token: p.token });
  assert.deepEqual([me.birth_on, me.id_masked.slice(-4)], ['1991-03-04', fresh.id_number.slice(-4)]);
  await twoHands(await file(p, { kind: 'correct', field: 'birth_on', wanted: '1991-03-05' }));
  await twoHands(await file(p, { kind: 'correct', field: 'sex', wanted: me.sex === 1 ? '2' : '1' }));
  const after = await call('GET', '/v1/identity/me', { token: p.token });
  assert.deepEqual([after.birth_on, after.sex], ['1991-03-05', 3 - me.sex]);
});

test('an address needs one officer', async () => {
  const p = await person();
  const r = await file(p, { kind: 'correct', field: 'area_code', wanted: '431129103' });
  const a = officer('clerk');
  await step(a, r, 'take');
  assert.equal((await step(a, r, 'decide', yes)).state, 'done');
  assert.equal((await call('GET', '/v1/identity/me', { token: p.token })).area_code, '431129103');
});

test('what a law keeps is closed, not erased; the answer names the law', async () => {
  const p = await person(), f = await firm();
  const day = await today();
  await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: p.id,
    occupation_code: '6-31-01-03', hired_on: day, contract_type: 'task', wage_cents: 1 } }));
  await eventually(() => held(p).includes('service_record'), 'the hold is known');
  const r = await twoHands(await file(p, { kind: 'erase' }));
  assert.equal(r.state, 'restricted');
  assert.match(JSON.stringify(r.held_by), /44号/);
  await eventually(async () => (await request('GET', '/v1/identity/me', { token: p.token })).status === 401, 'tokens are dead');
  const code = await textCode(p.phone);
  await refused('POST', '/v1/identity/sessions', { body: { phone: p.phone, code }, key: null }, 401, 'identity.code_wrong');
  const { items } = await call('POST', '/v1/identity/persons/search', { token: officer('clerk'),
    body: { by: 'id_number', value: p.id_number, reason_code: 'contact', reason: '联系本人核实' } });
  assert.deepEqual(items, [], 'no longer found');
  await refused('POST', `/v1/identity/persons/${p.id}/unmask`, { token: officer('recheck'), key: null,
    body: { fields: ['name'], reason_code: 'contact', reason: '联系本人核实' } }, 404, 'request.not_found');
  const [[row]] = sql(`SELECT x::text FROM identity.person x WHERE id = '${p.id}'`);
  assert.ok(!/k\w+\./.test(row), 'nothing sealed is left in sight');
  assert.match(sql(`SELECT id_sealed FROM identity.person_vault WHERE person_id = '${p.id}'`)[0][0], /^k/);
  await refused('POST', '/v1/identity/persons', { body: { ...someone(), id_number: p.id_number, birth_on: undefined,
    phone: p.phone, code: await again(p.phone) } }, 409, 'identity.person_exists');
});

// A phone gets one text a minute: the waiting time is shortened where it is kept.
async function again(phone) {
  sql(`UPDATE identity.text_code SET sent_at = sent_at - interval '2 minutes'`);
  return textCode(phone);
}

test('with nothing held everything goes, and the same person may begin anew', async () => {
  const p = await person();
  await eventually(() => sql(`SELECT id FROM subsidies.person WHERE id = '${p.id}'`).length === 1, 'known');
  const r = await twoHands(await file(p, { kind: 'erase' }));
  assert.deepEqual([r.state, r.held_by], ['done', null]);
  assert.deepEqual(sql(`SELECT id_sealed, name_sealed, coalesce(phone_sealed, '-'), id_index FROM identity.person WHERE id = '${p.id}'`),
    [['', '', '-', `erased:${p.id}`]]);
  assert.deepEqual(sql(`SELECT count(*) FROM identity.person_vault WHERE person_id = '${p.id}'`), [['0']]);
  await eventually(() => ['jobs', 'subsidies'].every((s) =>
    sql(`SELECT id_index, name_masked FROM ${s}.person WHERE id = '${p.id}'`).join() === `erased:${p.id},*`), 'gone elsewhere too');
  sql(`UPDATE identity.text_code SET sent_at = sent_at - interval '2 minutes'`);
  const anew = await register({ ...someone({ id_number: p.id_number }), phone: p.phone, id_number: p.id_number });
  assert.notEqual(anew.id, p.id);
  await eventually(() => sql(`SELECT id FROM subsidies.person WHERE id = '${anew.id}'`).length === 1, 'known again');
  for (const s of ['jobs', 'training', 'subsidies']) assert.deepEqual(sql(`SELECT key FROM ${s}.event_parked`), [], s);
});

test('a copy is the person’s own, whole, and each one is recorded', async () => {
  const p = await person(), q = await person();
  const r = await file(p, { kind: 'copy' });
  assert.equal(r.state, 'done');
  const path = `${ME}/${r.id}/copy`;
  const copy = await call('GET', path, { token: p.token, whole: true });
  assert.equal(copy.headers['cache-control'], 'no-store');
  assert.deepEqual([copy.json.name, copy.json.id_number, copy.json.phone], [p.name, p.id_number, p.phone]);
  assert.equal(copy.json.held.person.person_id, p.id);
  assert.equal(copy.json.held.consents[0].purpose, 'registration');
  assert.ok(copy.json.held.sessions.length > 0 && copy.json.limits.length > 10);
  await call('GET', path, { token: p.token });
  assert.deepEqual(sql(`SELECT count(*) FROM identity.data_copy WHERE person_id = '${p.id}'`), [['2']]);
  await refused('GET', path, { token: q.token }, 404, 'request.not_found');
  await refused('GET', path, { token: officer('clerk') }, 403, 'auth.forbidden');
});

test('what is overdue is listed, and escalated to the city', async () => {
  const p = await person();
  const start = await today(), r = await file(p, { kind: 'correct', field: 'sex', wanted: '1' });
  const find = async (query, token) => (await walk(`${ALL}?${query}`, token, 100, '/v1/identity/persons')
    ).find((x) => x.id === r.id);
  assert.equal(await find('overdue=true', (await desk('jh.clerk')).token), undefined);
  try {
    await at(dayPlus(r.due_on, 1));
    const jh = (await desk('jh.clerk')).token;
    assert.equal((await find('overdue=true', jh)).overdue, true);
    assert.ok(await eventually(async () => find('escalated=true', (await desk('city.approve')).token), 'escalated', 20000));
    assert.equal(await find('overdue=true', (await desk('lst.clerk')).token), undefined);
  } finally { await at(start); }
});

test('a request that is not one is refused', async () => {
  const p = await person();
  const good = { kind: 'correct', field: 'name', wanted: '某某', reason: '登记有误' };
  await eachMistake('POST', ME, p.token, good, [
    [{ kind: 'delete' }, '/kind field.choice'], [{ reason: undefined }, '/reason field.missing'],
    [{ reason: '有误' }, '/reason field.too_short'], [{ field: 'wage' }, '/field field.choice'],
    [{ field: undefined }, '/field field.missing'], [{ wanted: undefined }, '/wanted field.missing'],
    [{ kind: 'erase' }, '/field field.unknown'], [{ wanted: '某' }, '/wanted field.too_short'],
    [{ field: 'id_number' }, '/wanted field.id_number'], [{ field: 'birth_on' }, '/wanted field.format'],
    [{ field: 'birth_on', wanted: '2999-01-01' }, '/wanted field.date_future'], [{ field: 'sex', wanted: '3' }, '/wanted field.choice'],
    [{ field: 'area_code', wanted: '999999' }, '/wanted field.area_code']]);
  await file(p, good);
  await refused('POST', ME, { token: p.token, body: good }, 409, 'state.exists', '/kind state.exists');
  await refused('POST', ME, { token: officer('clerk'), body: good }, 403, 'auth.forbidden');
  await refused('GET', ME, { token: officer('clerk') }, 403, 'auth.forbidden');
  await refused('GET', ALL, { token: p.token }, 403, 'auth.forbidden');
  await refused('POST', `${ALL}/${NOBODY}/take`, { token: officer('clerk') }, 404, 'request.not_found');
  const r = await file(p, { kind: 'erase' });
  await refused('POST', `${ALL}/${r.id}/take`, { token: officer('clerk', '431103') }, 404, 'request.not_found');
  await refused('POST', `${ALL}/${r.id}/take`, { token: officer('approve') }, 403, 'auth.forbidden');
  const a = officer('clerk');
  await step(a, r, 'take');
  await refused('POST', `${ALL}/${r.id}/decide`, { token: a, body: { decision: 'accept' } }, 422, 'request.invalid',
    '/answer field.missing');
  await refused('POST', `${ALL}/${r.id}/confirm`, { token: officer('recheck'), body: yes }, 409, 'state.wrong');
});
