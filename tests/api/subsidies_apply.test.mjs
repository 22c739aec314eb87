// subsidies_apply: what data cannot prove is shown on paper, accepted by a
// clerk, known from then on, and judged like everything else.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm } from '../lib/city.mjs';
import { HOME, assisted, card, citizen, decided, line, live, policy, post } from './claims_help.mjs';
import { pdf, png, upload } from './files_help.mjs';
import * as g from './grant.mjs';
import { eachMistake, isProblem, minter, NOBODY, refused, sql, walk } from './help.mjs';

const { get, LST } = g;
await g.at(g.NOW);
const mint = minter((await citizen()).token);
const officer = (role, area = HOME.code) => mint({ roles: [`${role}@${area}`] });
const EVIDENCE = [{ code: 'copy', title: '证书复印件', when: 'always' },
  { code: 'training', title: '培训证明', when: 'unknown', conditions: ['level'] }];
const forPaper = (over = {}, ...more) => policy({ mode: 'apply', evidence: EVIDENCE, ...over }, ...more);
const draft = (p, t, over = {}) => post('applications', p.token, { policy_code: t.code, from_on: '2025-09-01', code: t.code,
  numbers: [4, 0, 0], ...over });
const ready = async (p, t) => {
  const a = await draft(p, t);
  for (const slot of ['copy', 'training']) await upload(`applications/${a.id}`, p.token, slot, pdf(), `${slot}.pdf`);
  return a;
};
const submit = (p, a, options) => post(`applications/${a.id}/submit`, p.token, card(p), options);
const YES = { evidence: [{ code: 'copy', accepted: true }, { code: 'training', accepted: true, note: '清楚' }] };

test('a draft, its files, the desk, a fact, a decision, a confirmed claim', async () => {
  const t = await forPaper(), p = await citizen();
  const a = await draft(p, t);
  assert.deepEqual([a.state, a.claim_state, a.evidence.map((e) => [e.code, e.needed])], ['draft', null,
    [['copy', true], ['training', true]]]);
  const clerk = officer('clerk');
  await refused('GET', `/v1/subsidies/applications/${a.id}`, { token: clerk }, 404, 'request.not_found');
  await upload(`applications/${a.id}`, p.token, 'copy', pdf(), '证书.pdf');
  const missing = isProblem(await submit(p, a, { refused: true }), 422, 'subsidies.evidence');
  assert.match(missing.text, /\/evidence\/training/);
  await upload(`applications/${a.id}`, p.token, 'training', png(), '培训.png');
  const s = await submit(p, a);
  assert.deepEqual([s.state, s.claim_state, s.evidence.map((e) => e.files.length), s.evidence[0].files[0].submitted],
    ['submitted', 'applied', [1, 1], true]);
  assert.equal(s.case_no.slice(0, 2), 'SU');
  assert.deepEqual([line(t), live(a)], [[0, 0, 0], true]);
  const due = sql(`SELECT state, due_on FROM subsidies.case_file WHERE subject_id = '${a.id}' AND matter_code = 'SU-11'`);
  assert.deepEqual(due, [['accepted', s.promised_on]]);
  // The desk: of the county, not without all evidence, and nobody else's.
  const path = `/v1/subsidies/applications/${a.id}`;
  await refused('POST', `${path}/accept`, { token: officer('clerk', LST.code), body: YES }, 404, 'request.not_found');
  await refused('POST', `${path}/accept`, { token: officer('approve'), body: YES }, 403, 'auth.forbidden');
  await refused('POST', `${path}/accept`, { token: clerk, body: { evidence: [{ code: 'copy', accepted: true }] } }, 422,
    'subsidies.evidence');
  await refused('POST', `${path}/accept`, { token: clerk, body: { evidence: [{ code: 'copy', accepted: true },
    { code: 'training', accepted: false, note: '看不清' }] } }, 422, 'subsidies.evidence');
  await eachMistake('POST', `${path}/accept`, clerk, YES, [
    [{ evidence: [{ code: 'other', accepted: true }] }, '/evidence field.choice'],
    [{ evidence: [{ code: 'copy' }] }, '/evidence/0 field.format'], [{ evidence: {} }, '/evidence field.type'],
    [{ from_on: '2026-01-01' }, '/from_on field.date_future'], [{ to_on: '2025-01-01' }, '/to_on field.date_order'],
    [{ numbers: ['x'] }, '/numbers/0 field.type'], [{ uscc: 'x' }, '/uscc field.uscc']]);
  const seen = await get(`applications/${a.id}`, clerk);
  assert.equal(seen.evidence[0].accepted, null, 'nothing half-saved');
  const ok = await post(`applications/${a.id}/accept`, clerk, { ...YES, numbers: [3, 0, 0] });
  assert.deepEqual([ok.state, ok.numbers], ['accepted', [3, 0, 0]]);
  const fact = sql(`SELECT kind, person_id, from_on, code, numbers, source FROM subsidies.fact WHERE id = '${a.subject_id}' AND known_to IS NULL`);
  assert.deepEqual(fact, [['certificate', p.id, '2025-09-01', t.code, '{3,0,0}', 'officer']]);
  await decided(p, t, a.subject_id);
  const done = await eventually(async () => {
    const c = await g.claimOf(p, a.id);
    return c.state === 'confirmed' && c;
  }, 'judged and confirmed');
  assert.deepEqual([done.mode, done.amount_cents, done.period, done.steps.map((x) => x.step)],
    ['apply', 100000, '2025', ['apply', 'accept', 'judge']]);
  assert.deepEqual(line(t), [100000, 0, 0]);
  assert.equal((await get(`applications/${a.id}`, p.token)).state, 'granted');
  // Who accepted it does not review it.
  const sub = sql(`SELECT actor FROM subsidies.claim_hand WHERE claim_id = '${a.id}' AND hand = 'create'`)[0][0];
  await refused('POST', '/v1/subsidies/claims/first-review', { token: mint({ roles: [`first_review@${HOME.code}`], sub }),
    body: { claim_ids: [a.id], decision: 'pass' } }, 409, 'subsidies.same_hand');
  await post('claims/first-review', officer('first_review'), { claim_ids: [a.id], decision: 'pass' });
});

test('asked for more, with a day; the time it waits is not ours; then it goes on', async () => {
  const t = await forPaper(), p = await citizen();
  const a = await ready(p, t);
  const s = await submit(p, a);
  const clerk = officer('clerk'), path = `/v1/subsidies/applications/${a.id}`;
  await eachMistake('POST', `${path}/ask`, clerk, { reason: '复印件不清晰', answer_by: '2025-11-10' }, [
    [{ reason: undefined }, '/reason field.missing'], [{ answer_by: '2025-10-20' }, '/answer_by field.date_past']]);
  const asked = await call('POST', `${path}/ask`, { token: clerk, body: { reason: '复印件不清晰', answer_by: '2025-11-10' } });
  assert.deepEqual([asked.state, asked.reason, asked.answer_by], ['asked', '复印件不清晰', '2025-11-10']);
  const state = () => sql(`SELECT state FROM subsidies.case_file WHERE subject_id = '${a.id}' AND matter_code = 'SU-11'`)[0][0];
  assert.equal(state(), 'waiting');
  assert.ok((await call('GET', '/v1/messages', { token: p.token })).items.some((m) => m.kind === 'application_asked' && m.subject_id === a.id));
  await refused('POST', `${path}/accept`, { token: clerk, body: YES }, 409, 'state.wrong');
  await g.at('2025-10-27');	// five working days later
  try {
    await upload(`applications/${a.id}`, p.token, 'copy', pdf(9), '重拍.pdf');
    const again = await submit(p, a);
    assert.equal(again.state, 'submitted');
    assert.equal(state(), 'accepted');
    const days = sql(`SELECT subsidies.working_between('${s.promised_on}', '${again.promised_on}')`)[0][0];
    assert.equal(days, '5');
    assert.equal(again.case_no, s.case_no);
  } finally { await g.at(g.NOW); }
  assert.equal((await call('POST', `${path}/accept`, { token: clerk, body: YES })).state, 'accepted');
});

test('refused at the desk or by the rules, with the reason; withdrawn by the applicant; the share is free again', async () => {
  const t = await forPaper(), p = await citizen(), clerk = officer('clerk');
  const [a] = [await ready(p, t)];
  await submit(p, a);
  const second = await ready(p, t);
  isProblem(await submit(p, second, { refused: true }), 409, 'subsidies.double_benefit');
  await refused('POST', `/v1/subsidies/applications/${a.id}/refuse`, { token: clerk, body: {} }, 422, 'request.invalid',
    '/reason field.missing');
  const no = await post(`applications/${a.id}/refuse`, clerk, { reason: '材料系伪造' });
  assert.deepEqual([no.state, no.reason, no.claim_state], ['refused', '材料系伪造', 'rejected']);
  assert.equal(live(a), false);
  await refused('POST', `/v1/subsidies/applications/${a.id}/submit`, { token: p.token, body: card(p) }, 409, 'state.wrong');
  await submit(p, second);
  await post(`applications/${second.id}/accept`, clerk, { ...YES, numbers: [5, 0, 0] });
  await decided(p, t, second.subject_id, 'refused');
  const r = await eventually(async () => {
    const x = await get(`applications/${second.id}`, p.token);
    return x.state === 'refused' && x;
  }, 'the rules refuse');
  assert.match(r.reason, /等级不足/);
  assert.deepEqual(sql(`SELECT matter_code, state FROM subsidies.case_file WHERE subject_id = '${second.id}'`), [['SU-11', 'refused']]);
  const third = await ready(p, t);
  await submit(p, third);
  await refused('POST', `/v1/subsidies/claims/${third.id}/withdraw`, { token: (await citizen()).token, body: { reason: '不' } }, 404,
    'request.not_found');
  assert.equal((await post(`claims/${third.id}/withdraw`, p.token, { reason: '不申请了' })).state, 'declined');
  assert.equal((await get(`applications/${third.id}`, p.token)).state, 'withdrawn');
  assert.equal(live(third), false);
  await refused('POST', `/v1/subsidies/applications/${third.id}/accept`, { token: clerk, body: YES }, 409, 'state.wrong');
});

test('no money, no amount: it waits and says why, and goes on when there is some', async () => {
  const t = await forPaper({}, 50000), p = await citizen(), clerk = officer('clerk');
  const a = await ready(p, t);
  await submit(p, a);
  await post(`applications/${a.id}/accept`, clerk, YES);
  await decided(p, t, a.subject_id);
  await eventually(async () => /预算/.test((await get(`applications/${a.id}`, p.token)).reason), 'the budget is in the way');
  assert.deepEqual([(await g.claimOf(p, a.id)).state, line(t)], ['applied', [0, 0, 0]]);
  await g.allot(HOME, 100000, { body: { line_code: t.code, county_code: HOME.code, amount_cents: 100000 } });
  sql(`UPDATE subsidies.application SET tried_at = NULL WHERE id = '${a.id}'`);	// the minute is over
  await eventually(async () => (await g.claimOf(p, a.id)).state === 'confirmed', 'it goes on');
});

test('drafts: whose, of what, and what they must say', async () => {
  const t = await forPaper(), p = await citizen();
  const good = { policy_code: t.code, from_on: '2025-09-01', numbers: [4] };
  await eachMistake('POST', '/v1/subsidies/applications', p.token, good, [
    [{ from_on: '2025-13-01' }, '/from_on field.format'], [{ numbers: 'x' }, '/numbers field.count'], [{ numbers: [1.5] }, '/numbers/0 field.type'],
    [{ uscc: '1' }, '/uscc field.uscc'], [{ colour: 'red' }, '/colour field.unknown']]);
  const ask = (token, over, status, code, ...fields) => refused('POST', '/v1/subsidies/applications', { token, body: { ...good, ...over } },
    status, code, ...fields);
  await ask(p.token, { policy_code: 'NONE' }, 422, 'request.invalid', '/policy_code field.choice');
  await ask(p.token, { policy_code: 'KGBZ' }, 409, 'subsidies.mode');
  await ask(p.token, { subject_id: NOBODY }, 422, 'request.invalid', '/subject_id field.choice');
  await ask(p.token, { from_on: null }, 422, 'request.invalid', '/from_on field.missing');
  await ask(p.token, { from_on: '2026-05-01' }, 422, 'request.invalid', '/from_on field.date_future');
  await ask(p.token, { to_on: '2025-08-01' }, 422, 'request.invalid', '/to_on field.date_order');
  await ask((await firm({ area_code: HOME.town })).token, {}, 409, 'subsidies.payee');
  await ask(officer('clerk'), {}, 403, 'auth.forbidden');
  const a = await draft(p, t), other = await citizen(), path = `/v1/subsidies/applications/${a.id}`;
  for (const [method, step, body] of [['GET', ''], ['POST', '/amend', { note: '改' }], ['DELETE', ''], ['POST', '/submit', card(other)]])
    await refused(method, path + step, { token: other.token, body }, 404, 'request.not_found');
  const b = await post(`applications/${a.id}/amend`, p.token, { note: '更正', to_on: '2026-09-01' });
  assert.deepEqual([b.note, b.to_on, b.from_on], ['更正', '2026-09-01', '2025-09-01']);
  await refused('POST', `${path}/amend`, { token: p.token, body: { to_on: '2020-01-01' } }, 422, 'request.invalid', '/to_on field.date_order');
  const f = await upload(`applications/${a.id}`, p.token, 'copy', pdf(), 'a.pdf');
  await upload(`applications/${a.id}`, p.token, 'nothing', pdf(), 'a.pdf', 422);
  assert.deepEqual(await call('DELETE', path, { token: p.token }), { id: a.id });
  assert.deepEqual(sql(`SELECT count(*) FROM subsidies.file WHERE id = '${f.id}'`), [['0']]);
  const c = await ready(p, t);
  await submit(p, c);
  await refused('DELETE', `/v1/subsidies/applications/${c.id}`, { token: p.token }, 409, 'state.wrong');
  await refused('POST', `/v1/subsidies/applications/${c.id}/amend`, { token: p.token, body: { note: '晚' } }, 409, 'state.wrong');
  assert.ok((await walk('/v1/subsidies/applications?state=submitted', officer('clerk'), 2)).some((x) => x.id === c.id));
  assert.ok(!(await walk('/v1/subsidies/applications', officer('clerk', LST.code), 50)).some((x) => x.id === c.id));
  await refused('GET', '/v1/subsidies/applications?state=maybe', { token: p.token }, 422, 'request.invalid', 'state field.choice');
});

test('at the counter: the clerk fills it in for the person, and another accepts it', async () => {
  const t = await forPaper(), p = await citizen(), s = await assisted(p);
  const q = { ...p, token: s.token };
  const a = await ready(q, t);
  assert.equal(a.assisted_by, s.clerk.id);
  await submit(q, a);
  assert.equal((await g.claimOf(p, a.id)).assisted_by, s.clerk.id);
  await refused('POST', `/v1/subsidies/applications/${a.id}/accept`, { token: s.clerk.token, body: YES }, 409, 'subsidies.same_hand');
  assert.equal((await post(`applications/${a.id}/accept`, officer('clerk'), YES)).state, 'accepted');
});
