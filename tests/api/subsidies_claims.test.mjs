// subsidies_claims: persons claim as employers do, with one tap where the data
// says so; an account that changes begins anew; silence is asked, then waived.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm } from '../lib/city.mjs';
import { HOME, assisted, card, certificate, citizen, line, live, make, policy, post, stranger } from './claims_help.mjs';
import * as g from './grant.mjs';
import { eachMistake, isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

const { get, LST } = g;
await g.at(g.NOW);
const mint = minter((await citizen()).token);
const officer = (role, area = HOME.code) => mint({ roles: [`${role}@${area}`] });
const through = async (claim) => {
  for (const [role, step] of [['first_review', 'first-review'], ['recheck', 'recheck'], ['approve', 'approve']])
    await post(`claims/${step}`, officer(role), { claim_ids: [claim.id], decision: 'pass' });
};

// ---- 直补快办 --------------------------------------------------------------------

test('one tap: the decision becomes a confirmed claim with its money set aside, once', async () => {
  const t = await policy(), p = await citizen();
  const id = await certificate(p, t);
  const [c] = (await get('claimable', p.token)).items;
  assert.deepEqual([c.policy_code, c.subject_id, c.amount_cents, c.mode], [t.code, id, 100000, 'direct']);
  const made = await make(p, t);
  assert.deepEqual([made.state, made.mode, made.amount_cents, made.payee_kind, made.payee_id, made.period, made.assisted_by],
    ['confirmed', 'direct', 100000, 'person', p.id, '2025', null]);
  assert.equal(made.case_no.slice(0, 2), 'SU');
  assert.match(made.promised_on, /^2025-11-/);
  assert.deepEqual(line(t), [100000, 0, 0]);
  assert.deepEqual((await get('claimable', p.token)).items, []);
  await refused('POST', '/v1/subsidies/claims', { token: p.token, body: { policy_code: t.code, ...card(p) } }, 409,
    'subsidies.double_benefit');
  // Another certificate of the same year: the share of the year is taken.
  await certificate(p, t, { on: '2025-09-08' });
  await refused('POST', '/v1/subsidies/claims', { token: p.token, body: { policy_code: t.code, ...card(p) } }, 409,
    'subsidies.double_benefit');
  assert.deepEqual(line(t), [100000, 0, 0], 'nothing of it stays');
  const cases = (await call('GET', '/v1/cases', { token: p.token })).items.filter((x) => x.subject_id === made.id);
  assert.deepEqual(cases.map((x) => [x.matter_code, x.state, x.due_on]), [['SU-10', 'accepted', made.promised_on]]);
});

test('ten taps at once: one claim, one share of the money', async () => {
  const t = await policy(), p = await citizen();
  await certificate(p, t);
  const all = await Promise.all(Array.from({ length: 10 }, () => make(p, t, {}, { refused: true })));
  assert.equal(all.filter((r) => r.status === 201).length, 1);
  for (const r of all.filter((x) => x.status !== 201)) isProblem(r, 409, 'subsidies.double_benefit');
  assert.deepEqual(line(t), [100000, 0, 0]);
});

test('no tap without an eligible decision, a card of one’s own, a set amount and money', async () => {
  const t = await policy(), p = await citizen();
  const body = { policy_code: t.code, ...card(p) };
  const ask = (over, status, code, ...fields) => refused('POST', '/v1/subsidies/claims', { token: p.token, body: { ...body, ...over } },
    status, code, ...fields);
  await ask({}, 409, 'subsidies.undecided');
  await ask({ policy_code: 'NONE' }, 422, 'request.invalid', '/policy_code field.choice');
  await ask({ policy_code: 'KGBZ' }, 409, 'subsidies.mode');
  const id = await certificate(p, t, { level: 5, verdict: 'refused' });
  const no = await ask({}, 409, 'subsidies.not_eligible');
  assert.match(no.json.detail, /证书等级不足/);
  const [, why] = /(\/v1\/subsidies\/decisions\/[-0-9a-f]+\/why)/.exec(no.json.detail);
  assert.ok(why);
  await ask({ subject_id: id }, 409, 'subsidies.not_eligible');
  await ask({ subject_id: NOBODY }, 409, 'subsidies.undecided');
  await eachMistake('POST', '/v1/subsidies/claims', p.token, body, [
    [{ account_no: '12' }, '/account_no field.account'], [{ account_name: undefined }, '/account_name field.missing'],
    [{ policy_code: undefined }, '/policy_code field.missing'], [{ amount_cents: 1 }, '/amount_cents field.unknown']]);
  isProblem(await request('POST', '/v1/subsidies/claims', { token: p.token, body }), 400, 'idempotency.missing');
  await refused('POST', '/v1/subsidies/claims', { token: officer('clerk'), body }, 403, 'auth.forbidden');
  const q = await citizen();
  await certificate(q, t);
  await refused('POST', '/v1/subsidies/claims', { token: q.token, body: { policy_code: t.code, ...card(q, { account_name: stranger(q) }) } },
    422, 'subsidies.account');
  assert.equal(sql(`SELECT count(*) FROM subsidies.claim WHERE payee_id = '${q.id}'`)[0][0], '0');
  const [unset, poor] = [await policy({ amount: { kind: 'fixed', amount_cents: null } }), await policy({}, 50000)];
  for (const [x, code] of [[unset, 'subsidies.amount_unset'], [poor, 'subsidies.budget']]) {
    await certificate(q, x);
    isProblem(await make(q, x, {}, { refused: true }), 409, code);
  }
  assert.equal(sql(`SELECT count(*) FROM subsidies.claim WHERE payee_id = '${q.id}'`)[0][0], '0');
  assert.deepEqual(sql(`SELECT count(*) FROM subsidies.hold WHERE holder_id = '${q.id}'`), [['0']]);
});

test('withdrawn before the approval gives everything back; after it, no more', async () => {
  const t = await policy(), p = await citizen();
  await certificate(p, t);
  const made = await make(p, t);
  await post('claims/first-review', officer('first_review'), { claim_ids: [made.id], decision: 'pass' });
  const path = `/v1/subsidies/claims/${made.id}/withdraw`;
  await refused('POST', path, { token: (await citizen()).token, body: { reason: '别人的' } }, 404, 'request.not_found');
  await refused('POST', path, { token: p.token, body: {} }, 422, 'request.invalid', '/reason field.missing');
  const w = await call('POST', path, { token: p.token, body: { reason: '改主意了' } });
  assert.deepEqual([w.state, w.steps.at(-1).step, w.steps.at(-1).note], ['declined', 'withdraw', '改主意了']);
  assert.deepEqual([line(t), live(made)], [[0, 0, 0], false]);
  await refused('POST', path, { token: p.token, body: { reason: '再次' } }, 409, 'state.wrong');
  const again = await make(p, t);
  await through(again);
  await refused('POST', `/v1/subsidies/claims/${again.id}/withdraw`, { token: p.token, body: { reason: '晚了' } }, 409, 'state.wrong');
  assert.deepEqual(line(t), [0, 100000, 0]);
  const states = sql(`SELECT matter_code, state FROM subsidies.case_file WHERE subject_id = '${made.id}' ORDER BY 1`);
  assert.deepEqual(states, [['SU-10', 'withdrawn'], ['SU-12', 'done']]);
});

// ---- accounts ----------------------------------------------------------------------

test('a changed account takes the claim back to the beginning and is told', async () => {
  const t = await policy(), p = await citizen();
  await certificate(p, t);
  const made = await make(p, t);
  await through(made);
  const before = sql(`SELECT account_index, account_masked FROM subsidies.claim WHERE id = '${made.id}'`)[0];
  assert.match(before[0], /^[0-9a-f]{64}$/);
  const path = `/v1/subsidies/claims/${made.id}/account`;
  await refused('POST', path, { token: p.token, body: card(p, { account_name: stranger(p) }) }, 422, 'subsidies.account');
  assert.deepEqual(line(t), [0, 100000, 0]);
  const c = await call('POST', path, { token: p.token, body: card(p) });
  assert.deepEqual([c.state, c.steps.at(-1).step, c.steps.at(-1).from_state], ['confirmed', 'change_account', 'approved']);
  assert.match(c.steps.at(-1).note, /重新审核/);
  assert.deepEqual(line(t), [100000, 0, 0]);
  assert.notEqual(sql(`SELECT account_index FROM subsidies.claim WHERE id = '${made.id}'`)[0][0], before[0]);
  const told = (await call('GET', '/v1/messages', { token: p.token })).items.filter((x) => x.kind === 'claim_account_changed');
  assert.equal(told.length, 1);
  await eventually(async () => /账户/.test((await call('GET', `/v1/identity/sandbox/message?phone=${p.phone}`)).body), 'a text says so');
  await through(made);	// everybody once more
  assert.equal((await g.claimOf(p, made.id)).state, 'approved');
  await refused('POST', path, { token: (await citizen()).token, body: card(p) }, 404, 'request.not_found');
});

// ---- 免申即享 for persons -------------------------------------------------------------

// Found by the engine, and told to the person.
async function told(p, t) {
  const id = await certificate(p, t);
  return (await eventually(() => sql(`SELECT id FROM subsidies.claim WHERE subject_id = '${id}' AND policy_code = '${t.code}'
    AND state = 'notified'`)[0], 'told'))[0];
}

test('a person confirms what was found, one by one or all together, and may decline', async () => {
  const [t, u, v] = [await policy({ mode: 'auto' }), await policy({ mode: 'auto' }), await policy({ mode: 'auto' })];
  const p = await citizen();
  const [a, b, c] = [await told(p, t), await told(p, u), await told(p, v)];
  for (const step of ['confirm', 'account', 'decline'])
    await refused('POST', `/v1/subsidies/claims/${a}/${step}`, { token: (await citizen()).token, body: step === 'decline' ?
      { reason: '不要' } : card(p) }, 404, 'request.not_found');
  await refused('POST', `/v1/subsidies/claims/${a}/confirm`, { token: p.token, body: card(p, { account_name: stranger(p) }) }, 422,
    'subsidies.account');
  const one = await post(`claims/${a}/confirm`, p.token, card(p));
  assert.deepEqual([one.state, one.account_name], ['confirmed', p.name]);
  const d = await post(`claims/${b}/decline`, p.token, { reason: '不需要' });
  assert.equal(d.state, 'declined');
  assert.deepEqual(await post('claims/confirm', p.token, card(p)), { confirmed: 1, more: false });
  assert.equal((await g.claimOf(p, c)).state, 'confirmed');
  assert.deepEqual([line(t), line(u), line(v)], [[100000, 0, 0], [0, 0, 0], [100000, 0, 0]]);
  const mine = await walk('/v1/subsidies/claims?mode=auto', p.token, 2);
  assert.equal(mine.length, 3);
  // At the counter it is the person's claim, and the clerk's hand.
  const w = await policy({ mode: 'auto' });
  const q = await citizen(), s = await assisted(q);
  const e = await told(q, w);
  const done = await post(`claims/${e}/confirm`, s.token, card(q));
  assert.deepEqual([done.assisted_by, done.steps.at(-1).actor], [s.clerk.id, s.clerk.id]);
});

test('an agent of a firm does not confirm what is the agent’s own', async () => {
  const t = await policy({ mode: 'auto' });
  const f = await firm({ area_code: HOME.town });
  const p = f.agent;
  await eventually(() => sql(`SELECT 1 FROM subsidies.person WHERE id = '${p.id}'`).length, 'the agent is known');
  const id = await told(p, t);
  await refused('POST', `/v1/subsidies/claims/${id}/confirm`, { token: f.token, body: card(p) }, 404, 'request.not_found');
  assert.deepEqual(await post('claims/confirm', f.token, card(p)), { confirmed: 0, more: false });
  assert.equal((await post(`claims/${id}/confirm`, p.token, card(p))).state, 'confirmed');
});

// ---- no answer -------------------------------------------------------------------------

const clockSet = (step, working_days) => post('clocks', officer('approve', '431100'), { step, working_days, basis: '市级规定' });

test('clocks are the city’s to set, and anybody’s to read', async () => {
  const city = officer('approve', '431100');
  const good = { step: 'first_review', working_days: 3, basis: '市级规定' };
  await eachMistake('POST', '/v1/subsidies/clocks', city, good, [[{ step: 'lunch' }, '/step field.choice'],
    [{ working_days: 0 }, '/working_days field.too_small'], [{ basis: undefined }, '/basis field.missing']]);
  await refused('POST', '/v1/subsidies/clocks', { token: officer('approve'), body: good }, 403, 'auth.area');
  await refused('POST', '/v1/subsidies/clocks', { token: officer('clerk', '431100'), body: good }, 403, 'auth.forbidden');
  assert.equal((await call('POST', '/v1/subsidies/clocks', { token: city, body: good })).working_days, 3);
  const all = (await call('GET', '/v1/subsidies/clocks')).items;
  assert.equal(all.find((k) => k.step === 'first_review').working_days, 3);
  assert.equal(all.find((k) => k.step === 'objection').working_days, 10);
  assert.equal((await clockSet('first_review', null)).working_days, null);
});

test('three texts, a call, the public call, then it is waived; and may be taken up again', async () => {
  const t = await policy({ mode: 'auto' }), u = await policy({ mode: 'auto', effective_to: '2025-12-31' }), p = await citizen();
  const [a, b] = [await told(p, t), await told(p, u)];
  const both = [a, b];
  const steps = (id) => sql(`SELECT step, coalesce(note, '') FROM subsidies.claim_step WHERE claim_id = '${id}' ORDER BY ord`).map((r) => r[0]);
  const count = (id, step) => steps(id).filter((s) => s === step).length;
  const clerk = officer('clerk');
  const calls = async () => (await walk(`/v1/subsidies/calls?policy_code=${t.code}`, clerk, 50)).map((x) => x.claim_id);
  await refused('POST', `/v1/subsidies/claims/${a}/call`, { token: clerk, body: { outcome: 'no_answer' } }, 409, 'state.wrong');
  try {
    await clockSet('remind', 2);
    await clockSet('public_call', 5);
    // Monday 20 October; 22nd, 24th, 28th: two working days apart, no text on a Sunday.
    for (const [day, n] of [['2025-10-21', 0], ['2025-10-22', 1], ['2025-10-23', 1], ['2025-10-24', 2], ['2025-10-26', 2], ['2025-10-28', 3]]) {
      await g.at(day);
      await eventually(() => both.every((id) => count(id, 'remind') === n), `${n} reminders on ${day}`);
      assert.deepEqual(await calls(), []);
    }
    const texts = (await call('GET', '/v1/messages?limit=50', { token: p.token })).items.filter((m) => m.kind === 'claim_unanswered');
    assert.equal(texts.length, 6, 'a message a policy, three times');
    await eventually(async () => /待您确认/.test((await call('GET', `/v1/identity/sandbox/message?phone=${p.phone}`)).body), 'a text');
    await g.at('2025-10-30');
    await eventually(async () => (await calls()).includes(a), 'on the list of calls');
    await eachMistake('POST', `/v1/subsidies/claims/${a}/call`, clerk, { outcome: 'no_answer' }, [[{ outcome: 'shouted' }, '/outcome field.choice']]);
    await refused('POST', `/v1/subsidies/claims/${a}/call`, { token: officer('clerk', LST.code), body: { outcome: 'no_answer' } }, 404,
      'request.not_found');
    await refused('POST', `/v1/subsidies/claims/${a}/call`, { token: officer('approve'), body: { outcome: 'no_answer' } }, 403, 'auth.forbidden');
    for (const id of both)
      assert.equal((await post(`claims/${id}/call`, clerk, { outcome: 'no_answer', note: '响铃无人接' })).called_on, '2025-10-30');
    assert.ok(!(await calls()).includes(a));
    await g.at('2025-11-03');
    await eventually(() => count(a, 'public_call') === 1 && count(b, 'public_call') === 1, 'the public call');
    const [seen] = (await call('GET', `/v1/subsidies/public-calls?policy_code=${t.code}`)).items;
    assert.deepEqual([seen.payee_name, seen.listed_on, seen.answer_by], [`${p.name[0]}*`, '2025-11-03', '2025-11-10']);
    // One is answered at last, the other lapses.
    assert.equal((await post(`claims/${a}/confirm`, p.token, card(p))).state, 'confirmed');
    assert.deepEqual((await call('GET', `/v1/subsidies/public-calls?policy_code=${t.code}`)).items, []);
    await g.at('2025-11-10');
    await eventually(async () => (await g.claimOf(p, b)).state === 'waived', 'waived');
    assert.equal(live(b), false);
    assert.ok((await call('GET', '/v1/messages?limit=50', { token: p.token })).items.some((m) => m.kind === 'claim_waived' && m.subject_id === b));
    const path = `/v1/subsidies/claims/${b}/reopen`;
    await refused('POST', path, { token: (await citizen()).token }, 404, 'request.not_found');
    await refused('POST', `/v1/subsidies/claims/${a}/reopen`, { token: p.token }, 409, 'state.wrong');
    // Meanwhile the share of the year went elsewhere, and came back.
    const hold = (on) => sql(`UPDATE subsidies.hold SET live = ${on} WHERE claim_id = '${a}' AND family = 'f_${u.code}'`);
    sql(`INSERT INTO subsidies.hold (claim_id, family, holder_kind, holder_id, share, over, county_code)
      SELECT '${a}', family, holder_kind, holder_id, share, over, county_code FROM subsidies.hold WHERE claim_id = '${b}'`);
    await refused('POST', path, { token: p.token }, 409, 'subsidies.double_benefit');
    hold(false);
    const again = await call('POST', path, { token: p.token });
    assert.deepEqual([again.state, live(b), again.steps.at(-1).step], ['notified', true, 'reopen']);
    sql(`DELETE FROM subsidies.hold WHERE claim_id = '${a}' AND family = 'f_${u.code}'`);
    await post(`claims/${b}/decline`, p.token, { reason: '不要了' });
    // After the policy's term there is nothing to take up.
    sql(`UPDATE subsidies.claim SET state = 'waived' WHERE id = '${b}'`);
    await g.at('2026-01-05');
    await refused('POST', path, { token: p.token }, 409, 'subsidies.policy_over');
  } finally {
    await clockSet('remind', null);
    await clockSet('public_call', null);
    await g.at(g.NOW);
  }
});
