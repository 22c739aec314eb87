// training, certificates: checked by anybody, revoked by two; what became of the
// trainees; what they say; skilled workers counted once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, person, random } from '../lib/city.mjs';
import { bornIn, idNumber } from '../lib/fake.mjs';
import { certify, enrol, examine, openClass, school, turn } from './class_help.mjs';
import { dayPlus, eachMistake, isProblem, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const HOME = { area_code: '431125100' };
const now = await today();
const mint = minter((await person()).token);
const officer = (role, county = '431125') => mint({ roles: [`${role}@${county}`] });
const at = (path) => `/v1/training/${path}`;
const post = (path, token, body, more = {}) => call('POST', at(path), { token, body, ...more });
const get = (path, token) => call('GET', at(path), { token });

// A class of the school in which everybody passed and was certified, then over.
async function certified(s, n) {
  const c = await openClass(s, HOME);
  const people = await Promise.all(Array.from({ length: n }, () => person(HOME)));
  for (const p of people) p.enrolment = await enrol(p, c);
  for (const p of people) {
    await examine(s, p.enrolment, 88);
    p.certificate = await certify(s, p.enrolment);
  }
  await turn(s, c, 'complete');
  return { ...c, people };
}
const s = await school(HOME);
const cls = await certified(s, 6);
const [one, two, three] = cls.people;

test('anybody checks a certificate by its number, and nothing else of it', async () => {
  const no = one.certificate.number;
  const found = await get(`certificate-checks/${no}`);
  assert.deepEqual(found, { number: no, state: 'valid', name_masked: `${[...one.name][0]}*`, occupation_code: '6-31-01-03', level: 5,
    issued_on: now, revoked_on: null, issuer: s.org.name });
  const wrong = no.slice(0, -1) + (no.endsWith('0') ? '1' : '0');
  await refused('GET', at(`certificate-checks/${wrong}`), {}, 422, 'training.certificate_number');
  await refused('GET', at('certificate-checks/abc'), {}, 422, 'training.certificate_number');
  const digits = `431125${now.slice(0, 4)}1000000`;
  const unknown = `TC${digits}${sql(`SELECT training.check_character('${digits}')`)[0][0]}`;
  await refused('GET', at(`certificate-checks/${unknown}`), {}, 404, 'training.certificate_unknown');
  const svg = await call('GET', at(`certificate-checks/${no}/qr`), { whole: true });
  assert.match(svg.headers['content-type'], /^image\/svg\+xml/);
  assert.match(svg.text, /^<svg [^>]*viewBox="0 0 \d+ \d+"/);
  assert.equal((await call('GET', at(`certificate-checks/${unknown}/qr`), { whole: true })).status, 200, 'the picture tells nothing');
  await refused('GET', at(`certificate-checks/${wrong}/qr`), {}, 422, 'training.certificate_number');
  const draws = sql(`SELECT count(DISTINCT right(number, 7)), max(right(number, 7)) FROM training.certificate WHERE class_id = '${cls.id}'`)[0];
  assert.equal(draws[0], '6');
});

test('a certificate is taken back by two officers, and everybody hears of it', async () => {
  const path = at(`certificates/${two.certificate.id}/revocations`);
  const body = { cause: 'fraud', reason: '经查为冒名参加培训' };
  await eachMistake('POST', path, officer('recheck'), body, [[{ cause: 'other' }, '/cause field.choice'], [{ reason: undefined }, '/reason field.missing']]);
  await refused('POST', path, { token: s.token, body }, 403, 'auth.forbidden');
  await refused('POST', path, { token: officer('recheck', '431103'), body }, 404, 'request.not_found');
  const both = mint({ roles: ['recheck@431125', 'approve@431125'] });
  const r = await call('POST', path, { token: both, body });
  await refused('POST', path, { token: officer('recheck'), body }, 409, 'state.wrong');
  const decide = (token, decision = 'pass') => post(`certificate-revocations/${r.id}/decide`, token, { decision, note: '证据充分' }, { refused: true });
  isProblem(await decide(both), 409, 'training.exam_same_hand');
  isProblem(await decide(officer('approve', '431103')), 404, 'request.not_found');
  isProblem(await decide(officer('approve'), 'maybe'), 422, 'request.invalid', '/decision field.choice');
  assert.throws(() => sql(`UPDATE training.certificate_revocation SET state = 'revoked', decided_by = proposed_by WHERE id = '${r.id}'`), /hands_check/);
  assert.equal((await get(`certificate-checks/${two.certificate.number}`)).state, 'valid', 'proposed is not decided');
  assert.equal((await decide(officer('approve'))).json.state, 'revoked');
  isProblem(await decide(officer('approve')), 409, 'state.wrong');
  await refused('POST', path, { token: officer('recheck'), body }, 409, 'training.certificate_revoked');
  const now_ = await get(`certificate-checks/${two.certificate.number}`);
  assert.deepEqual([now_.state, now_.revoked_on], ['revoked', now]);
  assert.ok((await walk(at('certificates?revoked=true'), officer('audit'), 2)).every((c) => c.revoked_on !== null));
  assert.equal((await walk(at(`certificates?class_id=${cls.id}`), s.token, 2)).length, 6);
  await refused('GET', at('certificates'), { token: one.token }, 403, 'auth.forbidden');
  assert.ok((await walk(at('certificate-revocations?state=revoked'), officer('audit'), 1)).some((x) => x.id === r.id));
  await refused('GET', at('certificate-revocations'), { token: s.token }, 403, 'auth.forbidden');
  const told = sql(`SELECT payload ->> 'cause' FROM training.event_log WHERE type = 'training.certificate.revoked.v1' AND key = '${two.certificate.id}'
    UNION ALL SELECT payload ->> 'cause' FROM training.outbox WHERE type = 'training.certificate.revoked.v1' AND key = '${two.certificate.id}'`);
  assert.deepEqual(told, [['fraud']]);
  const fact = (p) => sql(`SELECT 1 FROM subsidies.fact WHERE person_id = '${p.id}' AND kind = 'certificate' AND known_to IS NULL`).length;
  await eventually(() => fact(two) === 0 && fact(one) === 1, 'subsidies knows the one and no longer the other');
});

test('thirty days later the data answer, or somebody asks', async () => {
  // As if the class had ended forty days ago.
  sql(`UPDATE training.follow_up SET due_on = due_on - 40 WHERE class_id = '${cls.id}'`);
  const f = await firm(HOME);
  const hire = (p) => known(() => call('POST', '/v1/jobs/employments', { token: f.token, refused: true, body: { person_id: p.id,
    occupation_code: '6-31-01-03', hired_on: dayPlus(now, -20), contract_type: 'fixed', contract_months: 24, wage_cents: 480000 } }));
  await hire(one);
  await eventually(() => sql(`SELECT 1 FROM training.follow_up WHERE person_id = '${one.id}' AND stage = 30 AND source = 'data'`).length, 'the data answered');
  sql(`SELECT platform.act_as(at => '${now}T04:00:00Z'); SELECT training.follow_judge(NULL)`);
  const list = (query, token) => walk(at(`follow-ups?class_id=${cls.id}&${query}`), token, 3);
  assert.equal((await list('stage=30&state=open', officer('clerk'))).length, 5);
  assert.equal((await list('overdue=true', officer('clerk'))).length, 5);
  assert.equal((await list('state=waiting', s.token)).length, 12, 'ninety and a hundred and eighty days are to come');
  assert.deepEqual(await list('stage=30', officer('clerk', '431103')), []);
  await refused('GET', at('follow-ups'), { token: one.token }, 403, 'auth.forbidden');
  const [task] = (await list('stage=30&state=open', officer('clerk'))).filter((x) => x.person_id === three.id);
  const path = at(`follow-ups/${task.id}/contact`), said = { result: 'self_employed', contacted_on: now, note: '摆摊修电器' };
  await eachMistake('POST', path, officer('clerk'), said, [[{ result: 'rich' }, '/result field.choice'], [{ contacted_on: undefined }, '/contacted_on field.missing']]);
  for (const day of [dayPlus(now, 1), dayPlus(now, -11)])
    await refused('POST', path, { token: officer('clerk'), body: { ...said, contacted_on: day } }, 422, 'training.contact_day');
  await refused('POST', path, { token: officer('clerk', '431103'), body: said }, 404, 'request.not_found');
  const done = await call('POST', path, { token: officer('clerk', '431125100'), body: said });
  assert.deepEqual([done.state, done.result, done.source], ['done', 'self_employed', 'contact']);
  await refused('POST', path, { token: s.token, body: said }, 409, 'state.wrong');
  // A job that ends, told late, opens it again; what was said stands.
  const [e] = sql(`SELECT id FROM training.job WHERE person_id = '${one.id}'`);
  await call('POST', `/v1/jobs/employments/${e[0]}/end`, { token: f.token, body: { ended_on: dayPlus(now, -15), reason: 'resigned' } });
  await eventually(() => sql(`SELECT 1 FROM training.follow_up WHERE person_id = '${one.id}' AND stage = 30 AND state = 'open'`).length, 'it is asked after all');
  const query = (by) => at(`follow-figures?by=${by}&stage=30&from_on=${dayPlus(now, -60)}&to_on=${now}`);
  const row = (await call('GET', query('class'), { token: officer('audit') })).items.find((x) => x.key === cls.id);
  assert.deepEqual([row.due, row.employed, row.open, row.employed_permille], [6, 1, 5, 166]);
  assert.ok((await call('GET', query('county'), { token: officer('stats') })).items.every((x) => x.hidden || x.due >= 5));
  await refused('GET', query('town'), { token: officer('stats') }, 422, 'request.invalid', 'by field.choice');
  await refused('GET', query('class'), { token: s.token }, 403, 'auth.forbidden');
});

test('trainees rate once; a bad word has a reason and an answer', async () => {
  const rate = (p, body, token = p.token) => post(`enrolments/${p.enrolment.id}/rating`, token, body, { refused: true });
  isProblem(await rate(one, { stars: 6 }), 422, 'request.invalid', '/stars field.too_large');
  isProblem(await rate(one, { stars: 2 }), 422, 'training.rating_why', '/reasons training.rating_why');
  isProblem(await rate(one, { stars: 5 }, two.token), 404, 'request.not_found');
  const open = await openClass(s, HOME), late = await person(HOME);
  late.enrolment = await enrol(late, open);
  isProblem(await rate(late, { stars: 5 }), 409, 'training.not_completed');
  const bad = (await rate(one, { stars: 1, reasons: [{ code: 'not_held' }, { code: 'fee' }], note: '三天课只上了一天' })).json;
  assert.deepEqual([bad.stars, bad.reasons], [1, ['fee', 'not_held']]);
  isProblem(await rate(one, { stars: 5 }), 409, 'training.already_rated');
  for (const p of cls.people.slice(1)) assert.equal((await rate(p, { stars: 4 })).status, 201);
  const list = await walk(at(`ratings?class_id=${cls.id}&bad=true`), s.token, 1);
  assert.deepEqual(list.map((r) => r.id), [bad.id]);
  assert.ok(!JSON.stringify(list).includes(one.id), 'nobody is named');
  await refused('GET', at('ratings?overdue=true'), { token: officer('audit') }, 409, 'training.answer_days_unset');
  const answer = (token, text = '已补课并退费') => post(`ratings/${bad.id}/answer`, token, { answer: text }, { refused: true });
  isProblem(await answer(s.token, '好'), 422, 'request.invalid', '/answer field.too_short');
  isProblem(await answer((await school(HOME)).token), 404, 'request.not_found');
  assert.equal((await answer(s.token)).json.answered_on, now);
  isProblem(await answer(s.token), 409, 'state.wrong');
  const query = (path, by) => at(`${path}?by=${by}&from_on=${dayPlus(now, -60)}&to_on=${dayPlus(now, 60)}`);
  const row = async (path, by, key, role = 'audit') => (await call('GET', query(path, by), { token: officer(role) })).items.find((x) => x.key === key);
  const f = await row('satisfaction-figures', 'class', cls.id, 'stats');
  assert.deepEqual([f.n, f.satisfied, f.satisfied_permille, f.target_permille, f.unanswered], [6, 5, 833, 980, 0]);
  const r = await row('certificate-rates', 'class', cls.id);
  assert.deepEqual([r.rate_of, r.enrolled, r.completed, r.examined, r.certified, r.certified_permille], ['completed', 6, 6, 6, 5, 833]);
  const small = await row('certificate-rates', 'class', open.id, 'stats');
  assert.deepEqual([small.hidden, small.enrolled], [true, null]);
  for (const path of ['satisfaction-figures', 'certificate-rates']) {
    await refused('GET', query(path, 'person'), { token: officer('stats') }, 422, 'request.invalid', 'by field.choice');
    await refused('GET', query(path, 'class'), { token: one.token }, 403, 'auth.forbidden');
  }
  await refused('GET', at('ratings'), { token: one.token }, 403, 'auth.forbidden');
});

test('skilled workers are people, each once at the highest level', async () => {
  const header = 'id_number,name,number,issuer,occupation_code,level,issued_on,area_code';
  const send = (rows, token = officer('clerk'), first = header) => call('POST', at('certificate-imports'), { token, raw: [first, ...rows].join('\n'),
    headers: { 'content-type': 'text/csv' }, refused: true });
  const tag = randomUUID().slice(0, 8);
  const stranger = idNumber(random, bornIn(random, 1970, 2000));
  const row = (id, no, level, over = {}) => [id, '李四', `${tag}${no}`, '湖南省鉴定中心', over.job ?? '6-31-01-03', level, over.on ?? '2020-05-06', over.area ?? '431125101'].join(',');
  const count = async (by) => Object.fromEntries((await get(`skill-stock?by=${by}`, officer('audit'))).items.map((x) => [x.key, x.people]));
  const before = [await count('all'), await count('level')];
  isProblem(await send([], officer('clerk'), 'name'), 422, 'training.certificate_file');
  isProblem(await send([], one.token), 403, 'auth.forbidden');
  const rows = [row(stranger, 1, 5), row(stranger, 2, 0), row(three.id_number, 3, 4), row(stranger, 4, 6), row('43', 5, 5), row(stranger, 6, 7),
    row(stranger, 7, 5, { area: '431103001' }), row(stranger, 8, 5, { job: '9' }), row(stranger, 9, 5, { on: '2999-01-01' }),
    row(one.id_number, 1, 5), 'too,few'];
  const said = (await send(rows)).json;
  assert.deepEqual([said.rows_read, said.rows_applied, said.rows_same, said.rows_failed], [11, 4, 0, 7]);
  assert.deepEqual(said.errors.map((e) => [e.line, e.column, e.code]).sort((a, b) => a[0] - b[0]), [[6, 'id_number', 'field.id_number'], [7, 'level', 'field.choice'],
    [8, 'area_code', 'auth.area'], [9, 'occupation_code', 'field.occupation_code'], [10, 'issued_on', 'field.format'],
    [11, 'number', 'field.duplicate'], [12, null, 'field.count']]);
  const again = (await send(rows.slice(0, 4))).json;
  assert.deepEqual([again.rows_applied, again.rows_same, again.rows_failed], [0, 4, 0]);
  const other = (await send([row(one.id_number, 1, 5)])).json;
  assert.deepEqual(other.errors.map((e) => e.code), ['field.duplicate'], 'somebody else holds that number');
  const after = [await count('all'), await count('level')];
  assert.equal(after[0].all, before[0].all + 1, 'one more person, not three');
  assert.equal(after[1]['0'] ?? 0, (before[1]['0'] ?? 0) + 1);
  assert.equal(after[1]['4'] ?? 0, (before[1]['4'] ?? 0) + 1, 'at the higher of two');
  assert.equal(after[1]['5'], before[1]['5'] - 1);
  assert.ok((await get('skill-stock?by=level', officer('stats'))).items.every((x) => x.hidden === (x.people === null)));
  await refused('GET', at('skill-stock?by=name'), { token: officer('stats') }, 422, 'request.invalid', 'by field.choice');
  await refused('GET', at('skill-stock?by=all'), { token: s.token }, 403, 'auth.forbidden');
  assert.ok(!JSON.stringify(sql('SELECT * FROM training.held_certificate LIMIT 5')).includes(stranger), 'no number is kept');
  assert.ok(NOBODY);
});

test('numbers cannot be tried one after another', async () => {
  const digits = `431125${now.slice(0, 4)}2`;
  let refusals = 0;
  for (let i = 0; refusals === 0 && i < 8; i++) {
    const tries = await Promise.all(Array.from({ length: 50 }, (_, k) => request('GET', at(`certificate-checks/TC${digits}${String(i * 50 + k)
      .padStart(6, '0')}0`), { headers: { 'x-forwarded-for': '198.51.100.7' } })));
    refusals += tries.filter((r) => r.status === 429).length;
  }
  assert.ok(refusals > 0, 'after three hundred in a minute');
});
