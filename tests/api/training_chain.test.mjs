// training and subsidies, the whole chain: a class, its roll, its examination, a
// certificate, the decision on it, the claim, four hands, the notice, the bank.
// And whom it is not paid to, though they hold a certificate.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm } from '../lib/city.mjs';
import { attend, certify, enrol, examine, openClass, school, turn } from './class_help.mjs';
import { citizen, decided, line, make, policy, post } from './claims_help.mjs';
import { send } from './facts_help.mjs';
import * as g from './grant.mjs';
import { minter, refused, sql } from './help.mjs';
import { bankReply } from '../e2e/steps.mjs';

const COUNTY = { code: '431125', town: '431125100', name: '江永县' };
const OCCUPATION = '6-20-05-01', EACH = 120000, PAY_DAY = '2025-10-29', TAUGHT = ['2025-09-22', '2025-09-30'];
await g.at(TAUGHT[0]);
const mint = minter((await citizen(COUNTY)).token);
const officer = (role) => mint({ roles: [`${role}@${COUNTY.code}`] });

// 职业培训补贴 as it is published, with a sum, for certificates of this test alone.
const { document } = await call('GET', `/v1/subsidies/policies/in-force/ZYPX?on=${g.NOW}`);
const t = await policy({ amount: { kind: 'fixed', amount_cents: EACH }, period: 'once', frequency: document.frequency,
  conditions: [{ code: 'mine', title: '本项测试的证书', refusal: '非本项测试的证书', silent: true,
    rule: { in: [{ fact: 'certificate_occupation' }, [OCCUPATION]] } }, document.conditions.find((c) => c.code === 'trained')],
  exclusions: document.exclusions, effective_from: '2025-09-01', effective_to: '2025-10-31' }, 10_000_000, COUNTY);
const [s, f] = [await school({ area_code: COUNTY.town }), await firm({ area_code: COUNTY.town })];
const CASES = ['good', 'retired', 'student', 'at_work', 'dead', 'three'];
const people = {};
for (const name of CASES) people[name] = await citizen(COUNTY);

test('people are trained, examined and certified', async () => {
  const c = await openClass(s, { area_code: COUNTY.town, occupation_code: OCCUPATION, level: 4, starts_on: TAUGHT[0], ends_on: TAUGHT[1] });
  for (const p of Object.values(people)) p.enrolment = await enrol(p, c);
  await turn(s, c, 'start');
  for (const p of Object.values(people)) await attend(s, p.enrolment);
  await g.at(TAUGHT[1]);
  for (const p of Object.values(people)) {
    await examine(s, p.enrolment, 85);
    p.certificate = await certify(s, p.enrolment);
  }
  await turn(s, c, 'complete');
  await g.at(g.NOW);
  assert.equal((await call('GET', `/v1/training/certificate-checks/${people.good.certificate.number}`)).state, 'valid');
});

test('whom the data exclude is refused with the reason', async () => {
  const { retired, student, at_work, dead, three } = people;
  const all = (kind, rows) => send(kind, ['', ...rows], { query: `?through=${g.NOW}` });
  await all('pensions', [`${retired.id_number},2025-01-01,`]);
  await all('enrolments', [`${student.id_number},永州示例学院,20,2024-09-01,2028-06-30`]);
  await all('deaths', [`${dead.id_number},2025-09-01`]);
  await all('payroll', []);
  await all('custody', []);
  await send('benefits', ['2020', '2021', '2022'].map((y) => `${three.id_number},${t.benefit_family},${y}-03-01,${y}-03-31,80000,省集中系统`));
  await send('insurance_months', ['2025-08', '2025-09'].map((m) => `${at_work.id_number},${f.org.uscc},${m},1,1,1`));
  const fact = (p) => sql(`SELECT id FROM subsidies.fact WHERE person_id = '${p.id}' AND kind = 'certificate' AND known_to IS NULL`)[0]?.[0];
  const reasons = { retired: '该人员已领取养老金', student: '该人员为在校学生', at_work: '培训期间在用人单位全日制参保', dead: '该人员已死亡',
    three: '已享受三次职业培训补贴' };
  for (const [name, reason] of Object.entries(reasons)) {
    const p = people[name];
    await eventually(() => fact(p), `subsidies knows the certificate of ${name}`);
    await decided(p, t, fact(p), 'refused');
    const [id] = sql(`SELECT id FROM subsidies.decision WHERE subject_id = '${fact(p)}' AND policy_code = '${t.code}' AND superseded_at IS NULL`)[0];
    const why = await call('GET', `/v1/subsidies/decisions/${id}/why`, { token: officer('first_review') });
    assert.ok(JSON.stringify(why).includes(reason), `${name}: ${JSON.stringify(why)}`);
    const r = await make(p, t, {}, { refused: true });
    assert.equal(r.status, 409, `${name} claims: ${r.text}`);
  }
  await decided(people.good, t, fact(people.good));
});

test('who is eligible is paid: claim, hands, notice, batch, bank', async () => {
  const p = people.good;
  const claim = await make(p, t);
  assert.deepEqual([claim.state, claim.amount_cents], ['confirmed', EACH]);
  const body = { claim_ids: [claim.id], decision: 'pass' };
  for (const [role, step] of [['first_review', 'first-review'], ['recheck', 'recheck'], ['approve', 'approve']])
    await post(`claims/${step}`, officer(role), body);
  const n = await post('notices', officer('approve'), { claim_ids: [claim.id] });
  const finance = officer('finance'), batches = { policy_code: t.code, county_code: COUNTY.code };
  await refused('POST', '/v1/subsidies/payment-batches', { token: finance, body: batches }, 409, 'subsidies.notice_running');
  assert.equal(n.claims, 1);
  await g.at(PAY_DAY);
  const b = await post('payment-batches', finance, batches);
  assert.deepEqual([b.line_count, b.total_cents], [1, EACH]);
  const path = `payment-batches/${b.id}`;
  await post(`${path}/release`, officer('fiscal'), { release_no: `CZ${b.batch_no}` });
  for (const hand of [officer('finance'), officer('finance')]) await post(`${path}/sign`, hand, {});
  const file = await call('GET', `/v1/subsidies/${path}/file`, { token: finance });
  await post(`${path}/send`, finance, {});
  await post(`${path}/reply`, finance, undefined, { raw: bankReply(file, null, `${PAY_DAY}T10:00:00+08:00`), headers: { 'content-type': 'text/csv' } });
  assert.equal((await call('GET', `/v1/subsidies/claims/${claim.id}`, { token: p.token })).state, 'paid');
  assert.deepEqual(line(t, COUNTY), [0, 0, EACH]);
  await g.at(g.NOW);
});

test('a certificate taken back after the payment proposes to recover it', async () => {
  const { certificate } = people.good;
  const r = await call('POST', `/v1/training/certificates/${certificate.id}/revocations`, { token: officer('recheck'),
    body: { cause: 'fraud', reason: '经查系替考' } });
  await call('POST', `/v1/training/certificate-revocations/${r.id}/decide`, { token: officer('approve'), body: { decision: 'pass' } });
  const proposal = () => sql(`SELECT q.kind, q.difference_cents FROM subsidies.reconsideration q JOIN subsidies.claim c ON c.id = q.claim_id
    WHERE c.person_id = '${people.good.id}' AND c.policy_code = '${t.code}'`);
  await eventually(() => proposal().length > 0, 'the payment is looked at again');
  assert.deepEqual(proposal(), [['recovery', String(EACH)]]);
});
