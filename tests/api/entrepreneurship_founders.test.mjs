// entrepreneurship_founders: the path on the phone, step by step, officers who
// follow, and the loan from the pre-check to the bank's answer.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { actFor, call } from '../lib/client.mjs';
import { eventually, firm, random } from '../lib/city.mjs';
import { uscc } from '../lib/fake.mjs';
import { attend, enrol, openClass, turn } from './class_help.mjs';
import { clerkAt, outlet } from './counter.mjs';
import { dayPlus, eachMistake, known, logged, minter, NOBODY, refused, sql, today, walk } from './help.mjs';
import { advise, book, E, get, heard, HERE, hour, keeper, mentor, officers, passes, post, studio } from './startup_help.mjs';

const now = await today();
const [p, q] = await Promise.all([heard(), heard()]);
const mint = minter(p.token);
const as = officers(p.token), away = officers(p.token, '431103');
const no = (path, token, body, status, code, ...fields) => refused('POST', `${E}/${path}`, { token, body }, status, code, ...fields);
const profile = (over = {}) => ({ idea: '开一家米粉店', groups: ['returning'], area_code: HERE.town, ...over });
const open = (x, over) => post('my/founder', x.token, profile(over));
const path = (x) => get('my/path', x.token);
const events = (type, word, id) => logged('entrepreneurship',
  `type = 'entrepreneurship.${type}.v1' AND payload ->> '${word}' = '${id}'`).map(([x]) => JSON.parse(x));
const clock = `SELECT platform.act_as(at => '${now}T04:00:00Z')`;

test('from the idea to twelve months: each step is found, none is claimed', async () => {
  await refused('GET', `${E}/my/path`, { token: q.token }, 404, 'request.not_found');
  const made = await open(p);
  assert.deepEqual([made.step, made.county_code, made.follow, made.case_no.slice(0, 2)], ['trained', HERE.code, false, 'EN']);
  await eachMistake('POST', `${E}/my/founder`, p.token, profile(), [[{ idea: '店' }, '/idea field.too_short'],
    [{ groups: ['x'] }, '/groups field.choice'], [{ skips: ['licence'] }, '/skips field.choice'], [{ area_code: '431100' }, '/area_code field.area_code'],
    [{ step: 'done' }, '/step field.unknown']]);
  const first = await path(p);
  assert.deepEqual(first.steps.map((x) => x.state), ['done', 'now', ...Array(9).fill('later')]);
  assert.deepEqual([first.steps[1].code, first.steps[1].next.path], ['trained', '/v1/training/classes?kind=startup']);
  // Trained in a class of training's, which tells of it; advised; and a licence.
  const school = await keeper();
  const cls = await openClass(school, { title: '创办你的企业', kind: 'startup', module: 'syb', occupation_code: undefined, level: undefined,
    area_code: HERE.town });
  const e = await enrol(p, cls);
  await turn(school, cls, 'start');
  await attend(school, e);
  await turn(school, cls, 'complete');
  await eventually(async () => (await path(p)).founder.step === 'mentor', 'training has told');
  assert.equal((await path(p)).step, 'mentor');
  const k = await keeper(), m = await mentor(k, await studio(k, as));
  const slot = await hour(m, `${dayPlus(now, 20)}T01:00:00Z`), b = await book(p, slot);
  passes(slot);
  await post(`guidances/${(await advise(m, b)).id}/confirm`, p.token);
  const third = await path(p);
  assert.deepEqual([third.step, third.founder.step], ['place', 'place']);
  await post('my/founder', p.token, profile({ skips: ['place', 'loan', 'subsidies'] }));
  assert.equal((await path(p)).step, 'licence');
  const firmOf = async (who) => {
    const org = await call('POST', '/v1/identity/orgs', { token: who.token, body: { uscc: uscc(random), name: '新田米粉店', kind: 'enterprise',
      industry_code: '3812', area_code: HERE.town } });
    await eventually(() => sql(`SELECT 1 FROM entrepreneurship.org WHERE id = '${org.org_id}'`).length, 'the firm is heard of');
    return { ...(await actFor(who, org.org_id)), org };
  };
  const f = await firmOf(p);
  const licence = { uscc: f.org.uscc, founded_on: dayPlus(now, -200) };
  await no('my/founder/firm', q.token, licence, 404, 'request.not_found');
  await eachMistake('POST', `${E}/my/founder/firm`, p.token, licence, [[{ uscc: 'x' }, '/uscc field.uscc'],
    [{ founded_on: dayPlus(now, 1) }, '/founded_on field.date_future'], [{ closed_on: dayPlus(now, -201) }, '/closed_on field.date_order']]);
  await no('my/founder/firm', p.token, { ...licence, uscc: uscc(random) }, 409, 'entrepreneurship.org_unknown');
  const claimed = await post('my/founder/firm', p.token, licence);
  assert.deepEqual([claimed.firm_state, claimed.step], ['claimed', 'licence'], 'named is not confirmed');
  const stranger = mint({ roles: [`employer@${HERE.code}`], person: q.id, sub: q.id, org: f.org_id });
  await no('org/founder/confirm', stranger, undefined, 404, 'request.not_found');
  await no('org/founder/confirm', p.token, undefined, 403, 'auth.forbidden');
  const confirmed = await post('org/founder/confirm', f.token);
  assert.deepEqual([confirmed.firm_state, confirmed.step], ['confirmed', 'first_hire']);
  await no('org/founder/confirm', f.token, undefined, 409, 'state.wrong');
  // The first hire, and the months that passed.
  await known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: q.id,
    occupation_code: '6-24-01-00', hired_on: now, contract_type: 'open_ended', wage_cents: 400000 } }));
  await eventually(async () => (await path(p)).founder.step === 'alive_12', 'the hire moved the founder on');
  const last = await path(p);
  assert.deepEqual(last.steps.map((x) => x.state), ['done', 'done', 'done', 'skipped', 'done', 'skipped', 'skipped', 'done', 'done', 'done', 'now']);
  assert.ok(last.steps.find((x) => x.code === 'alive_6').done_on < now);
  sql(`SELECT platform.act_as(at => '${dayPlus(now, 200)}T04:00:00Z'); SELECT entrepreneurship.founder_day(100000)`);
  assert.equal(sql(`SELECT step FROM entrepreneurship.founder WHERE person_id = '${p.id}'`)[0][0], 'done');
  assert.equal((await post('my/founder/firm', p.token, { ...licence, closed_on: now })).step, 'closed');
  assert.deepEqual(events('founder.moved', 'person_id', p.id).map((x) => x.step).filter((x, i, all) => x !== all[i - 1]),
    ['trained', 'mentor', 'place', 'licence', 'first_hire', 'alive_12', 'done', 'closed']);
});

test('officers follow who agreed, see only counts of the others, and write down each contact', async () => {
  const x = await heard();
  await no('my/founder/follow', x.token, { follow: true }, 404, 'request.not_found');
  const f = await open(x, { groups: ['veteran', 'graduate'] });
  const clerk = as('clerk');
  const list = (query = '', token = clerk) => walk(`${E}/founders?${query}`, token, 50);
  assert.ok(!(await list()).some((y) => y.id === f.id), 'not without consent');
  const contact = { kind: 'phone', outcome: 'helped', note: '介绍了培训班', contacted_on: now, next_on: dayPlus(now, 30) };
  await no(`founders/${f.id}/contacts`, clerk, contact, 404, 'request.not_found');
  await post('my/founder/follow', x.token, { follow: true });
  sql(`${clock}; ALTER TABLE entrepreneurship.founder DISABLE TRIGGER USER; UPDATE entrepreneurship.founder SET step_since = '${dayPlus(now, -40)}' WHERE id = '${f.id}'; ALTER TABLE entrepreneurship.founder ENABLE TRIGGER USER`);
  const [row] = await list('step=trained&group=veteran&stuck_days=30');
  assert.deepEqual([row.id, row.stuck_days, row.last_contact_on], [f.id, 40, null]);
  assert.deepEqual(await list('stuck_days=41'), []);
  assert.deepEqual(await list('', away('clerk')), []);
  await refused('GET', `${E}/founders?step=x`, { token: clerk }, 422, 'request.invalid', 'step field.choice');
  await eachMistake('POST', `${E}/founders/${f.id}/contacts`, clerk, contact, [[{ kind: 'x' }, '/kind field.choice'],
    [{ contacted_on: dayPlus(now, 1) }, '/contacted_on field.date_future'], [{ next_on: dayPlus(now, -1) }, '/next_on field.date_order']]);
  await no(`founders/${f.id}/contacts`, away('clerk'), contact, 404, 'request.not_found');
  const k = await post(`founders/${f.id}/contacts`, clerk, contact);
  assert.deepEqual([k.step, k.outcome], ['trained', 'helped']);
  assert.deepEqual((await walk(`${E}/founders/${f.id}/contacts`, x.token, 50)).map((y) => y.id), [k.id], 'the founder reads it too');
  assert.equal((await list('group=veteran'))[0].last_contact_on, now);
  await refused('GET', `${E}/founders/${f.id}/contacts`, { token: as('stats') }, 403, 'auth.forbidden');
  const figures = async () => (await get('founder-figures', as('stats'))).items.find((y) => y.step === 'trained');
  assert.equal((await figures()).founders, null, 'fewer than five are not shown');
  await Promise.all([1, 2, 3, 4, 5].map(async () => open(await heard())));
  assert.ok((await figures()).founders >= 6);
  await refused('GET', `${E}/founder-figures`, { token: x.token }, 403, 'auth.forbidden');
  await post('my/founder/follow', x.token, { follow: false });
  assert.deepEqual(await list('group=veteran'), []);
  assert.deepEqual((await get(`founders/${f.id}/contacts`, clerk)).items, [], 'nor what was written, once consent is gone');
});

const check = (query) => get(`loan-check?${query}`);
test('the pre-check says met, unmet or unknown, and why', async () => {
  const of = (r) => Object.fromEntries(r.conditions.map((c) => [c.code, c.result]));
  const r = await check('borrower=personal&amount_cents=30000000&times=0&has_open_loan=false&term_months=24&group=veteran');
  assert.deepEqual([r.result, of(r)], ['unknown', { amount: 'met', times: 'met', open_loan: 'met', term: 'unknown', group: 'unknown' }]);
  assert.match(r.conditions.find((c) => c.code === 'term').text, /未设定/);
  const bad = await check('borrower=personal&amount_cents=30000001&times=3&has_open_loan=true&group=other');
  assert.deepEqual([bad.result, of(bad)], ['unmet', { amount: 'unmet', times: 'unmet', open_loan: 'unmet', group: 'unmet' }]);
  assert.equal(bad.conditions[0].text, '最高30万元，您申请300000.01元');
  const silent = await check('borrower=personal&amount_cents=1');
  assert.deepEqual(of(silent), { amount: 'met', times: 'unknown', open_loan: 'unknown', group: 'unknown' });
  const small = await check('borrower=small_firm&amount_cents=400000000&times=1&has_open_loan=false');
  assert.deepEqual([small.result, of(small)], ['unknown', { amount: 'met', times: 'met', open_loan: 'met', new_hires: 'unknown', size: 'unknown' }]);
  await refused('GET', `${E}/loan-check?borrower=x&amount_cents=0`, {}, 422, 'request.invalid', 'borrower field.choice', 'amount_cents field.too_small');
});

const form = (who, over = {}) => ({ borrower: 'personal', group: 'returning', amount_cents: 20000000, term_months: 24, purpose: '进货', times_before: 0,
  has_open_loan: false, name: who.name ?? '张三', id_number: who.id_number, phone: '13800001111', consent: true, ...over });
// The same officer under two roles, or different ones.
const hands = () => ({ one: mint({ roles: [`first_review@${HERE.code}`], sub: randomUUID() }),
  two: mint({ roles: [`recheck@${HERE.code}`], sub: randomUUID() }) });
const hand = { receiver: '新田县担保公司', reason: '按申请人同意移交' };

test('a loan: filed with consent, prepared by one, given out once by another, answered', async () => {
  const x = await heard(), y = await heard();
  await open(x);
  const full = form(x);
  await eachMistake('POST', `${E}/loans`, x.token, full, [[{ group: undefined }, '/group field.missing'], [{ id_number: y.id_number }, '/id_number field.id_number'],
    [{ borrower: 'small_firm' }, '/borrower field.choice'], [{ phone: '1' }, '/phone field.phone'], [{ amount_cents: 0 }, '/amount_cents field.too_small']]);
  await no('loans', x.token, { ...full, consent: false }, 409, 'entrepreneurship.loan_consent');
  await no('loans', x.token, { ...full, amount_cents: 30000001 }, 409, 'entrepreneurship.loan_unmet');
  const l = await post('loans', x.token, full);
  assert.deepEqual([l.state, l.checks.result, l.name_masked, l.id_masked, l.phone_masked],
    ['filed', 'unknown', `${[...full.name][0]}*`, `${x.id_number.slice(0, 6)}********${x.id_number.slice(-4)}`, '138****1111']);
  await no('loans', x.token, full, 409, 'state.exists');
  const stored = sql(`SELECT row_to_json(l) FROM entrepreneurship.loan l WHERE id = '${l.id}'`)[0][0];
  assert.ok(!stored.includes(x.id_number) && !stored.includes('13800001111'), 'sealed');
  const { one, two } = hands(), at = `loans/${l.id}`;
  await no(`${at}/prepare`, away('first_review'), { group_confirmed: true }, 404, 'request.not_found');
  await no(`${at}/prepare`, one, { group_confirmed: false }, 409, 'entrepreneurship.loan_group');
  await no(`${at}/hand-over`, two, hand, 409, 'state.wrong');
  const ready = await post(`${at}/prepare`, one, { group_confirmed: true, note: '退役证已核对' });
  assert.deepEqual([ready.state, ready.version, ready.checks.conditions.find((c) => c.code === 'group').result], ['prepared', 1, 'met']);
  const same = mint({ roles: [`recheck@${HERE.code}`], sub: JSON.parse(Buffer.from(one.split('.')[1], 'base64url')).sub });
  await no(`${at}/hand-over`, same, hand, 409, 'entrepreneurship.second_hand');
  await no(`${at}/hand-over`, two, { receiver: '新田县担保公司' }, 422, 'request.invalid', '/reason field.missing');
  const key = randomUUID();
  const out = await post(`${at}/hand-over`, two, hand, { key });
  assert.deepEqual(await post(`${at}/hand-over`, two, hand, { key }), out, 'a lost answer is given again');
  await no(`${at}/hand-over`, two, hand, 409, 'entrepreneurship.loan_out');
  const file = JSON.parse(out.file), doc = JSON.parse(file.document);
  assert.deepEqual([doc.id_number, doc.name, doc.phone, doc.amount_cents, doc.version], [x.id_number, full.name, '13800001111', 20000000, 1]);
  assert.deepEqual([file.sm3, file.sm3, file.csv.split('\n').length], [out.sm3, ready.document_sm3, 3]);
  assert.match(file.signature, /^[0-9a-f]{64}$/);
  const kept = (await get(`loan-handovers?county_code=${HERE.code}`, as('audit'))).items;
  assert.ok(kept.some((h) => h.loan_id === l.id && h.receiver === hand.receiver && h.sm3 === out.sm3));
  await refused('GET', `${E}/loan-handovers`, { token: x.token }, 403, 'auth.forbidden');
  const [trail] = await eventually(() => { const r = sql(`SELECT reason FROM entrepreneurship.audit WHERE route = 'loan_hand_over' AND status = 200 AND object_id = '${l.id}'`); return r.length && r; }, 'the trail');
  assert.equal(trail[0], hand.reason);
  await no(`${at}/withdraw`, x.token, undefined, 409, 'state.wrong');
  const yes = { granted: true, bank: '农商行', answered_on: now, amount_cents: 20000000, from_on: now, to_on: dayPlus(now, 700) };
  await eachMistake('POST', `${E}/${at}/answer`, two, yes, [[{ amount_cents: undefined }, '/amount_cents field.missing'],
    [{ from_on: undefined }, '/from_on field.missing'], [{ to_on: undefined }, '/to_on field.missing'], [{ to_on: now }, '/to_on field.date_order'],
    [{ answered_on: dayPlus(now, 1) }, '/answered_on field.date_future'], [{ granted: false }, '/note field.missing']]);
  await no(`${at}/answer`, away('recheck'), yes, 404, 'request.not_found');
  const done = await post(`${at}/answer`, two, yes);
  assert.deepEqual([done.state, done.granted_cents, done.bank], ['granted', 20000000, '农商行']);
  await no(`${at}/answer`, two, yes, 409, 'state.wrong');
  assert.deepEqual(events('loan.granted', 'loan_id', l.id).map((e) => [e.person_id, e.amount_cents, e.to_on]), [[x.id, 20000000, dayPlus(now, 700)]]);
  assert.equal((await path(x)).steps.find((s) => s.code === 'loan').state, 'done');
  assert.equal(sql(`SELECT state FROM entrepreneurship.case_file WHERE subject_id = '${l.id}'`)[0][0], 'done');
  assert.deepEqual((await get('loans', x.token)).items.map((r) => r.id), [l.id]);
  await refused('GET', `${E}/${at}`, { token: y.token }, 404, 'request.not_found');
  await refused('GET', `${E}/loans?state=x`, { token: x.token }, 422, 'request.invalid', 'state field.choice');
  assert.equal((await get(at, as('audit'))).id, l.id);
  assert.throws(() => sql('DELETE FROM entrepreneurship.loan_handover', 'entrepreneurship_system'), /permission denied/);
});

test('a file that was lost is made anew; a firm applies; one withdraws, one is returned, one refused', async () => {
  const f = await firm({ area_code: HERE.town });
  await eventually(() => sql(`SELECT 1 FROM entrepreneurship.org WHERE id = '${f.org_id}'`).length, 'the firm is heard of');
  const small = form(f.agent, { borrower: 'small_firm', group: undefined, amount_cents: 400000000 });
  await no('loans', f.token, { ...small, borrower: 'personal', group: 'veteran' }, 422, 'request.invalid', '/borrower field.choice');
  const l = await post('loans', f.token, small), { one, two } = hands();
  await post(`loans/${l.id}/prepare`, one, { group_confirmed: true });
  await post(`loans/${l.id}/hand-over`, two, hand);
  assert.equal((await post(`loans/${l.id}/prepare`, one, { group_confirmed: true })).version, 2);
  const again = JSON.parse((await post(`loans/${l.id}/hand-over`, two, hand)).file);
  assert.deepEqual([JSON.parse(again.document).uscc, JSON.parse(again.document).version], [f.org.uscc, 2]);
  const told = await post(`loans/${l.id}/answer`, two, { granted: false, bank: '农商行', answered_on: now, note: '反担保不足' });
  assert.deepEqual([told.state, told.note, told.org_id], ['refused', '反担保不足', f.org_id]);
  await no(`loans/${l.id}/prepare`, one, { group_confirmed: true }, 409, 'state.wrong');
  const x = await heard(), first = await post('loans', x.token, form(x));
  await no(`loans/${first.id}/withdraw`, q.token, undefined, 404, 'request.not_found');
  assert.equal((await post(`loans/${first.id}/withdraw`, x.token)).state, 'withdrawn');
  const next = await post('loans', x.token, form(x));
  await no(`loans/${next.id}/return`, one, {}, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(`loans/${next.id}/return`, one, { note: '请补身份证明' })).state, 'returned');
  await no(`loans/${next.id}/return`, one, { note: '请补身份证明' }, 409, 'state.wrong');
});

test('at the counter: the profile and the loan are the person’s, and the clerk does not prepare it', async () => {
  const o = await outlet(HERE.town), clerk = await clerkAt(o, [`clerk@${HERE.code}`, `first_review@${HERE.code}`]), x = await heard();
  const s = await call('POST', '/v1/identity/assist-sessions', { token: clerk.token, key: null, body: { id_number: x.id_number, card_name: x.name,
    card_valid_on: dayPlus(now, 400), reason: '未带手机' } });
  const token = s.access_token;
  assert.equal((await post('my/founder', token, profile())).person_id, x.id);
  const l = await post('loans', token, form(x));
  assert.equal(l.person_id, x.id);
  await no(`loans/${l.id}/prepare`, clerk.token, { group_confirmed: true }, 409, 'entrepreneurship.second_hand');
});
