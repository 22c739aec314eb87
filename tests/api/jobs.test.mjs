// jobs: posted, applied for, answered, hired, registered -- and everything refused.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, firm, person } from '../lib/city.mjs';
import { dayPlus, eachMistake, isProblem, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const posting = (over = {}) => ({ title: '电机装配工', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2,
  pay_min_cents: 420000, pay_max_cents: 650000, pay_unit: 'month', form: 'full_time', ...over });
const contract = (over = {}) => ({ hired_on: now, contract_type: 'fixed', contract_months: 24, wage_cents: 480000, ...over });

const openVacancy = (f, over) => known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting(over),
  refused: true }));
const apply = (p, vacancy, body = {}) => known(() => call('POST', `/v1/jobs/vacancies/${vacancy.id}/applications`,
  { token: p.token, body, refused: true }));
const move = (who, application, verb, body = {}) =>
  call('POST', `/v1/jobs/applications/${application.id}/${verb}`, { token: who.token, body });

// A firm, its vacancy and one applicant: what most tests begin with.
async function applied(over = {}) {
  const [employer, seeker] = await Promise.all([firm(over.firm), person(over.person)]);
  const vacancy = await openVacancy(employer, over.vacancy);
  return { employer, seeker, vacancy, application: await apply(seeker, vacancy) };
}

async function employed(over = {}) {
  const a = await applied(over);
  return { ...a, employment: await move(a.employer, a.application, 'hire', contract(over.contract)) };
}

test('posted, applied for, interviewed, offered, hired: one employment, the place taken, each step kept', async () => {
  const { employer, seeker, vacancy, application } = await applied();
  assert.equal(vacancy.county_code, '431129');
  assert.equal(vacancy.headcount_left, 2);
  assert.equal(vacancy.expires_on, dayPlus(now, 90));
  assert.equal(application.state, 'submitted');
  assert.equal(application.person_id, seeker.id);
  assert.equal(application.name_masked, `${[...seeker.name][0]}*`);
  const at = `${dayPlus(now, 3)}T01:00:00Z`;
  assert.equal((await move(employer, application, 'interview', { at, mode: 'onsite', note: '南门' })).state, 'interview');
  assert.equal((await move(employer, application, 'offer')).state, 'offered');
  const employment = await move(employer, application, 'hire', contract());
  const { case_no: number, case_state: state, ...registered } = employment;	// of the case that it opened
  assert.match(number, /^JB\d{14}[0-9A-Z]$/);
  assert.equal(state, 'done');
  assert.equal(employment.application_id, application.id);
  assert.equal(employment.vacancy_id, vacancy.id);
  assert.equal(employment.occupation_code, vacancy.occupation_code);
  assert.equal(employment.was_unemployed, false);
  assert.equal(employment.county_code, '431129');
  assert.equal((await call('GET', `/v1/jobs/vacancies/${vacancy.id}`)).headcount_left, 1);
  for (const who of [employer, seeker, await desk('jh.first')]) {
    const a = await call('GET', `/v1/jobs/applications/${application.id}`, { token: who.token });
    assert.deepEqual(a.steps.map((s) => s.state), ['submitted', 'interview', 'offered', 'hired']);
    assert.equal(Date.parse(a.steps[1].meet_at), Date.parse(at));
    const e = await call('GET', `/v1/jobs/employments/${employment.id}`, { token: who.token });
    assert.deepEqual(e, registered);
  }
  for (const list of ['/v1/jobs/my/applications', '/v1/jobs/my/employments'])
    assert.equal((await call('GET', list, { token: seeker.token })).items.length, 1);
  const received = await call('GET', `/v1/jobs/vacancies/${vacancy.id}/applications?state=hired`, { token: employer.token });
  assert.deepEqual(received.items.map((a) => a.id), [application.id]);
  const staff = await call('GET', '/v1/jobs/org/employments?is_open=true', { token: employer.token });
  assert.deepEqual(staff.items.map((e) => e.id), [employment.id]);
});

test('every mistake in a posting is named', async () => {
  const f = await firm();
  const vacancy = await openVacancy(f);
  const before = sql('SELECT count(*) FROM jobs.vacancy');
  await eachMistake('POST', '/v1/jobs/vacancies', f.token, posting(), [
    [{ title: undefined }, '/title field.missing'],
    [{ title: '工' }, '/title field.too_short'],
    [{ title: '工'.repeat(61) }, '/title field.too_long'],
    [{ title: 7 }, '/title field.type'],
    [{ title: '电机\u0007工' }, '/title field.format'],
    [{ salary: 1 }, '/salary field.unknown'],
    [{ occupation_code: '9-99-99-99' }, '/occupation_code field.occupation_code'],
    [{ area_code: '431199' }, '/area_code field.area_code'],
    [{ area_code: '431100' }, '/area_code field.area_code'],
    [{ education_code: 'xx' }, '/education_code field.education_code'],
    [{ headcount: 0 }, '/headcount field.too_small'],
    [{ headcount: 10000 }, '/headcount field.too_large'],
    [{ headcount: '2' }, '/headcount field.type'],
    [{ headcount: 1.5 }, '/headcount field.type'],
    [{ pay_min_cents: -1 }, '/pay_min_cents field.too_small'],
    [{ pay_max_cents: 1000000001 }, '/pay_max_cents field.too_large'],
    [{ pay_unit: 'year' }, '/pay_unit field.choice'],
    [{ form: null }, '/form field.missing'],
    [{ expires_on: '2026-02-30' }, '/expires_on field.format'],
    [{ description: '长'.repeat(4001) }, '/description field.too_long'],
    [{ org_id: vacancy.org_id }, '/org_id field.unknown'],
  ]);
  await refused('POST', '/v1/jobs/vacancies', { token: f.token, body: posting({ pay_min_cents: 650001 }) },
    422, 'jobs.pay_range', '/pay_min_cents jobs.pay_range');
  for (const expires_on of [dayPlus(now, -1), dayPlus(now, 366)])
    await refused('POST', '/v1/jobs/vacancies', { token: f.token, body: posting({ expires_on }) },
      422, 'jobs.expires_on', '/expires_on jobs.expires_on');
  assert.deepEqual(sql('SELECT count(*) FROM jobs.vacancy'), before, 'nothing was written');
});

test('errors speak English to those who ask for it', async () => {
  const f = await firm();
  await openVacancy(f);
  const ask = (language) => request('POST', '/v1/jobs/vacancies', { token: f.token, body: posting({ pay_min_cents: 650001 }),
    headers: { 'accept-language': language } });
  const en = await ask('en-GB,en;q=0.9');
  assert.equal(en.json.title, 'Minimum pay exceeds maximum pay');
  assert.equal(en.headers['content-language'], 'en');
  const zh = await ask('zh-CN,en;q=0.5');
  assert.equal(zh.json.title, '最低薪酬不能高于最高薪酬');
  assert.equal(zh.headers['content-language'], 'zh-CN');
});

test('a posting is paused, reopened, closed by its employer alone, and from the right state', async () => {
  const [f, other, seeker] = await Promise.all([firm(), firm(), person()]);
  const v = await openVacancy(f);
  await openVacancy(other);
  const on = (who, verb, ...rest) => rest.length
    ? refused('POST', `/v1/jobs/vacancies/${v.id}/${verb}`, { token: who.token }, ...rest)
    : call('POST', `/v1/jobs/vacancies/${v.id}/${verb}`, { token: who.token });
  for (const verb of ['pause', 'reopen', 'close']) {
    await on(other, verb, 404, 'request.not_found');
    await on(seeker, verb, 403, 'auth.forbidden');
  }
  await on(f, 'reopen', 409, 'state.wrong');
  assert.equal((await on(f, 'pause')).state, 'paused');
  await on(f, 'pause', 409, 'state.wrong');
  await refused('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: seeker.token, body: {} },
    409, 'jobs.vacancy_not_open');
  assert.equal((await on(f, 'reopen')).state, 'open');
  assert.equal((await on(f, 'close')).state, 'closed');
  await on(f, 'close', 409, 'state.wrong');
  const mine = await call('GET', '/v1/jobs/org/vacancies?state=closed', { token: f.token });
  assert.deepEqual(mine.items.map((x) => x.id), [v.id]);
  await refused('GET', '/v1/jobs/org/vacancies', { token: seeker.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/org/vacancies?state=gone', { token: f.token }, 422, 'request.invalid', 'state field.choice');
});

test('anybody searches open postings; odd questions are refused', async () => {
  const f = await firm({ area_code: '431103001' });
  const word = `试岗${randomUUID().slice(0, 8)}`;
  const [a, b] = [await openVacancy(f, { title: word, area_code: '431103001' }), await openVacancy(f,
    { title: `${word}乙`, form: 'gig',
    pay_unit: 'hour', pay_min_cents: 1500, pay_max_cents: 2500 })];
  const ids = async (query) => (await call('GET',
    `/v1/jobs/vacancies?q=${encodeURIComponent(word)}${query}`)).items.map((v) => v.id).sort();
  assert.deepEqual(await ids(''), [a.id, b.id].sort());
  assert.deepEqual(await ids('&form=gig'), [b.id]);
  assert.deepEqual(await ids('&area_code=431103'), [a.id]);
  assert.deepEqual(await ids('&area_code=431129100'), [b.id]);
  assert.deepEqual(await ids('&area_code=431100'), [a.id, b.id].sort());
  assert.deepEqual(await ids('&occupation_code=6-24'), [a.id, b.id].sort());
  assert.deepEqual(await ids('&occupation_code=7'), []);
  assert.deepEqual(await ids('&pay_unit=month&pay_cents=650000'), [a.id]);
  await call('POST', `/v1/jobs/vacancies/${a.id}/close`, { token: f.token });
  assert.deepEqual(await ids(''), [b.id]);
  for (const [query, field] of [['area_code=431199', 'area_code field.area_code'], ['pay_cents=-1',
    'pay_cents field.too_small'],
    ['pay_cents=x', 'pay_cents field.type'], ['form=full', 'form field.choice'], ['q=', 'q field.too_short'],
    ['limit=0', 'limit field.too_small'], ['limit=201', 'limit field.too_large'], ['page=2', 'page field.unknown'],
    ['limit=5&limit=6', 'limit field.duplicate']])
    await refused('GET', `/v1/jobs/vacancies?${query}`, {}, 422, 'request.invalid', field);
  await refused('GET', `/v1/jobs/vacancies/${NOBODY}`, {}, 404, 'request.not_found');
  await refused('GET', '/v1/jobs/vacancies/1', {}, 404, 'request.not_found');
  const gone = await request('DELETE', `/v1/jobs/vacancies/${b.id}`, { token: f.token, quiet: true });
  isProblem(gone, 405, 'request.method');
  assert.match(gone.headers.allow, /GET/);
});

test('an application is made once, only by a person, only for what is open, only with a sound form', async () => {
  const { employer, seeker, vacancy } = await applied();
  const path = `/v1/jobs/vacancies/${vacancy.id}/applications`;
  await refused('POST', path, { token: seeker.token, body: {} }, 409, 'jobs.already_applied');
  await refused('POST', `/v1/jobs/vacancies/${NOBODY}/applications`, { token: seeker.token, body: {} }, 404,
    'request.not_found');
  await refused('POST', path, { token: (await desk('jh.clerk')).token, body: {} }, 403, 'auth.forbidden');
  await refused('POST', path, { body: {} }, 401, 'auth.token_missing');
  await eachMistake('POST', path, seeker.token, {}, [
    [{ note: '字'.repeat(1001) }, '/note field.too_long'],
    [{ note: ['a'] }, '/note field.type'],
    [{ person_id: seeker.id }, '/person_id field.unknown'],
  ]);
  assert.equal((await call('GET', path, { token: employer.token })).items.length, 1);
});

test('twelve doors at once: one application', async () => {
  const [employer, seeker] = await Promise.all([firm(), person()]);
  const vacancy = await openVacancy(employer);
  await apply(seeker, await openVacancy(employer, { title: '仓库搬运工' }));	// jobs knows the seeker now
  const tries = await Promise.all(Array.from({ length: 12 }, () =>
    call('POST', `/v1/jobs/vacancies/${vacancy.id}/applications`, { token: seeker.token, body: {}, refused: true })));
  assert.equal(tries.filter((r) => r.status === 201).length, 1);
  for (const r of tries.filter((x) => x.status !== 201)) isProblem(r, 409, 'jobs.already_applied');
});

test("another's application is not there: other firm, other person, other county", async () => {
  const { application, vacancy } = await applied();
  const [other, stranger, away] = [await firm(), await person(), await desk('lst.first')];
  await openVacancy(other);
  const path = `/v1/jobs/applications/${application.id}`;
  for (const who of [other, stranger, away])
    await refused('GET', path, { token: who.token }, 404, 'request.not_found');
  for (const [verb, body] of [['interview', { at: `${dayPlus(now, 1)}T01:00:00Z`, mode: 'remote' }], ['offer', {}],
    ['reject', { reason: '不合适' }], ['hire', contract()]]) {
    await refused('POST', `${path}/${verb}`, { token: other.token, body }, 404, 'request.not_found');
    await refused('POST', `${path}/${verb}`, { token: stranger.token, body }, 403, 'auth.forbidden');
    await refused('POST', `${path}/${verb}`, { token: away.token, body }, 403, 'auth.forbidden');
  }
  await refused('POST', `${path}/withdraw`, { token: stranger.token, body: {} }, 404, 'request.not_found');
  assert.deepEqual((await call('GET', `/v1/jobs/vacancies/${vacancy.id}/applications`, { token: other.token })).items, []);
  assert.equal(sql(`SELECT state FROM jobs.application WHERE id = '${application.id}'`)[0][0], 'submitted');
});

test('an application goes only where its state allows', async () => {
  const { employer, seeker, application } = await applied();
  const path = `/v1/jobs/applications/${application.id}`;
  await eachMistake('POST', `${path}/interview`, employer.token, { at: `${dayPlus(now, 1)}T01:00:00Z`, mode: 'onsite' }, [
    [{ at: '2026-13-01T00:00:00Z' }, '/at field.format'],
    [{ at: now }, '/at field.format'],
    [{ mode: 'phone' }, '/mode field.choice'],
    [{ mode: undefined }, '/mode field.missing'],
  ]);
  await refused('POST', `${path}/interview`, { token: employer.token, body: { at: `${dayPlus(now, -1)}T01:00:00Z`,
    mode: 'onsite' } },
    422, 'jobs.meeting_past', '/at jobs.meeting_past');
  await eachMistake('POST', `${path}/reject`, employer.token, { reason: '不合适' }, [
    [{ reason: '' }, '/reason field.too_short'], [{ reason: undefined }, '/reason field.missing']]);
  await move(seeker, application, 'withdraw', { note: '另有安排' });
  for (const [who, verb, body] of [[seeker, 'withdraw', {}], [employer, 'offer', {}], [employer, 'reject', { reason: '晚了' }],
    [employer, 'hire', contract()]])
    await refused('POST', `${path}/${verb}`, { token: who.token, body }, 409, 'state.wrong');
  const second = await applied();
  await move(second.employer, second.application, 'reject', { reason: '条件不符' });
  await refused('POST', `/v1/jobs/applications/${second.application.id}/interview`, { token: second.employer.token,
    body: { at: `${dayPlus(now, 1)}T01:00:00Z`, mode: 'remote' } }, 409, 'state.wrong');
  await refused('POST', `/v1/jobs/applications/${second.application.id}/withdraw`, { token: second.seeker.token, body: {} },
    409, 'state.wrong');
});

test('a hire has sound dates, contract and wage, or does not happen at all', async () => {
  const { employer, application, vacancy } = await applied();
  const path = `/v1/jobs/applications/${application.id}/hire`;
  await eachMistake('POST', path, employer.token, contract(), [
    [{ hired_on: '1989-12-31' }, '/hired_on field.too_small'],
    [{ hired_on: undefined }, '/hired_on field.missing'],
    [{ hired_on: 20250101 }, '/hired_on field.type'],
    [{ wage_cents: -1 }, '/wage_cents field.too_small'],
    [{ wage_cents: 0 }, '/wage_cents field.too_small'],
    [{ wage_cents: 9007199254740993 }, '/wage_cents field.too_large'],
    [{ contract_months: 121 }, '/contract_months field.too_large'],
    [{ contract_type: 'verbal' }, '/contract_type field.choice'],
    [{ occupation_code: '6-24-01-00' }, '/occupation_code field.unknown'],
  ]);
  await refused('POST', path, { token: employer.token, body: contract({ hired_on: dayPlus(now, 1) }) },
    422, 'request.invalid', '/hired_on field.date_future');
  for (const wrong of [{ contract_type: 'open_ended' }, { contract_months: undefined }, { contract_type: 'dispatch',
    contract_months: undefined }])
    await refused('POST', path, { token: employer.token, body: contract(wrong) }, 422, 'jobs.contract');
  const none = await request('POST', path, { token: employer.token, body: contract() });
  isProblem(none, 400, 'idempotency.missing');
  const odd = await request('POST', path, { token: employer.token, body: contract(), headers: { 'idempotency-key': '"one"' } });
  isProblem(odd, 400, 'idempotency.malformed');
  assert.equal((await call('GET', `/v1/jobs/vacancies/${vacancy.id}`)).headcount_left, 2);
  assert.equal((await call('GET', `/v1/jobs/applications/${application.id}`, { token: employer.token })).state, 'submitted');
});

test('the last place is hired for once, however many try at the same moment', async () => {
  const employer = await firm();
  const vacancy = await openVacancy(employer, { headcount: 1 });
  const seekers = await Promise.all(Array.from({ length: 8 }, () => person()));
  const applications = await Promise.all(seekers.map((s) => apply(s, vacancy)));
  const tries = await Promise.all(applications.map((a) => call('POST', `/v1/jobs/applications/${a.id}/hire`,
    { token: employer.token, body: contract(), refused: true })));
  assert.equal(tries.filter((r) => r.status === 201).length, 1);
  for (const r of tries.filter((x) => x.status !== 201)) isProblem(r, 409, 'jobs.no_headcount');
  const after = await call('GET', `/v1/jobs/vacancies/${vacancy.id}`);
  assert.equal(after.headcount_left, 0);
  assert.equal(after.state, 'filled');
  await refused('POST', `/v1/jobs/vacancies/${vacancy.id}/reopen`, { token: employer.token }, 409, 'jobs.no_headcount');
  assert.equal((await call('GET', '/v1/jobs/org/employments', { token: employer.token })).items.length, 1);
  const states = await call('GET', `/v1/jobs/vacancies/${vacancy.id}/applications`, { token: employer.token });
  assert.equal(states.items.filter((a) => a.state === 'hired').length, 1);
  assert.equal(states.items.filter((a) => a.state === 'submitted').length, 7, 'the others lost nothing');
});

test('the same hire sent again is the same hire, also at the same moment', async () => {
  const { employer, application, vacancy } = await applied();
  const path = `/v1/jobs/applications/${application.id}/hire`;
  const key = randomUUID();
  const tries = await Promise.all(Array.from({ length: 6 }, () =>
    call('POST', path, { token: employer.token, body: contract(), key, whole: true })));
  assert.equal(new Set(tries.map((r) => r.json.id)).size, 1);
  assert.ok(tries.every((r) => r.status === 201));
  assert.equal(tries.filter((r) => r.headers['idempotency-replayed'] === 'true').length, 5);
  await refused('POST', path, { token: employer.token, body: contract({ wage_cents: 1 }), key }, 422, 'idempotency.reused');
  await refused('POST', path, { token: employer.token, body: contract() }, 409, 'state.wrong');
  assert.equal((await call('GET', `/v1/jobs/vacancies/${vacancy.id}`)).headcount_left, 1);
  // A key is its owner's: another firm's same key is another request.
  const other = await applied();
  const theirs = await call('POST', `/v1/jobs/applications/${other.application.id}/hire`,
    { token: other.employer.token, body: contract(), key, whole: true });
  assert.equal(theirs.headers['idempotency-replayed'], undefined);
});

test('a failure is not remembered under its key', async () => {
  const { employer, application } = await applied();
  const path = `/v1/jobs/applications/${application.id}/hire`;
  const key = randomUUID();
  await refused('POST', path, { token: employer.token, body: contract({ hired_on: dayPlus(now, 9) }), key }, 422,
    'request.invalid');
  assert.equal((await call('POST', path, { token: employer.token, body: contract(), key, whole: true })).status, 201);
});

test('hired elsewhere: by person or identity number, never both, never twice, never under age', async () => {
  const [employer, p, q] = await Promise.all([firm(), person(), person({ birth_on: '2004-05-06' })]);
  const good = (over = {}) => ({ person_id: p.id, occupation_code: '6-24-01-00', ...contract(), ...over });
  const path = '/v1/jobs/employments';
  const first = await known(() => call('POST', path, { token: employer.token, body: good(), refused: true }));
  assert.equal(first.person_id, p.id);
  assert.equal(first.vacancy_id, null);
  await refused('POST', path, { token: employer.token, body: good() }, 409, 'jobs.already_employed');
  const lower = q.id_number.replace('X', 'x');
  const second = await known(() => call('POST', path, { token: employer.token, refused: true,
    body: good({ person_id: undefined, id_number: lower }) }));
  assert.equal(second.person_id, q.id);
  await refused('POST', path, { token: employer.token, body: good({ id_number: q.id_number }) }, 422, 'jobs.person_or_id');
  await refused('POST', path, { token: employer.token, body: good({ person_id: undefined }) }, 422, 'jobs.person_or_id');
  await refused('POST', path, { token: employer.token, body: good({ person_id: NOBODY }) }, 409, 'jobs.person_unknown');
  await eachMistake('POST', path, employer.token, good(), [
    [{ person_id: 'x' }, '/person_id field.format'],
    [{ person_id: undefined, id_number: `${q.id_number.slice(0, 17)}${q.id_number[17] === '0' ? '1' : '0'}` },
      '/id_number field.id_number'],
    [{ wage_cents: -480000 }, '/wage_cents field.too_small'],
    [{ hired_on: dayPlus(now, 1) }, '/hired_on field.date_future'],
    [{ was_unemployed: true }, '/was_unemployed field.unknown'],
  ]);
  const child = await person({ birth_on: dayPlus(now, -15 * 365) });
  await refused('POST', path, { token: (await employed()).employer.token, body: good({ person_id: child.id }) },
    409, 'jobs.under_age');
  await refused('POST', path, { token: p.token, body: good() }, 403, 'auth.forbidden');
});

test('an employment ends once, on a day that can be, and by its employer', async () => {
  const { employer, seeker, employment } = await employed({ contract: { hired_on: dayPlus(now, -40) } });
  const path = `/v1/jobs/employments/${employment.id}/end`;
  const good = { ended_on: dayPlus(now, -2), reason: 'resigned' };
  const other = (await employed()).employer;
  await refused('POST', path, { token: other.token, body: good }, 404, 'request.not_found');
  await refused('POST', path, { token: seeker.token, body: good }, 403, 'auth.forbidden');
  await refused('GET', `/v1/jobs/employments/${employment.id}`, { token: other.token }, 404, 'request.not_found');
  await eachMistake('POST', path, employer.token, good, [
    [{ ended_on: dayPlus(now, 1) }, '/ended_on field.date_future'],
    [{ ended_on: dayPlus(now, -41) }, '/ended_on field.date_order'],
    [{ reason: 'bored' }, '/reason field.choice'],
    [{ reason: undefined }, '/reason field.missing'],
  ]);
  const ended = await call('POST', path, { token: employer.token, body: good });
  assert.equal(ended.ended_on, good.ended_on);
  await refused('POST', path, { token: employer.token, body: good }, 409, 'state.wrong');
  assert.deepEqual((await call('GET', '/v1/jobs/org/employments?is_open=true', { token: employer.token })).items, []);
  const again = await call('POST', '/v1/jobs/employments', { token: employer.token,
    body: { person_id: seeker.id, occupation_code: '6-24-01-00', ...contract() } });
  assert.notEqual(again.id, employment.id);
});

test('失业登记: once, by the person or the county’s clerk, ended by a hire that then counts', async () => {
  const p = await person();
  const path = '/v1/jobs/unemployment-registrations';
  const good = { reason: 'layoff', lost_on: dayPlus(now, -10) };
  const u = await known(() => call('POST', path, { token: p.token, body: good, refused: true }));
  assert.equal(u.registered_on, now);
  assert.equal(u.is_difficult, false);
  await refused('POST', path, { token: p.token, body: good }, 409, 'jobs.already_unemployed');
  const q = await person();
  await eachMistake('POST', path, q.token, good, [
    [{ reason: 'bored' }, '/reason field.choice'],
    [{ lost_on: dayPlus(now, 1) }, '/lost_on field.date_future'],
    [{ lost_on: '10/10/2025' }, '/lost_on field.format'],
    [{ is_difficult: 'yes' }, '/is_difficult field.type'],
  ]);
  await refused('POST', path, { token: q.token, body: { ...good, is_difficult: true } }, 403, 'auth.forbidden');
  await refused('POST', path, { token: q.token, body: { ...good, person_id: p.id } }, 403, 'auth.forbidden');
  await refused('POST', path, { token: (await firm()).agent.token, body: { ...good, person_id: p.id } }, 403, 'auth.forbidden');
  const [here, away] = [await desk('jh.clerk'), await desk('lst.clerk')];
  await refused('POST', path, { token: away.token, body: { ...good, person_id: q.id } }, 409, 'jobs.person_unknown');
  await refused('POST', path, { token: here.token, body: good }, 422, 'request.invalid', '/person_id field.missing');
  const counter = await call('POST', path, { token: here.token, body: { ...good, person_id: q.id, is_difficult: true } });
  assert.equal(counter.is_difficult, true);
  await refused('POST', `${path}/${counter.id}/end`, { token: away.token, body: { reason: 'pension' } }, 404,
    'request.not_found');
  await refused('POST', `${path}/${counter.id}/end`, { token: p.token, body: { reason: 'pension' } }, 404, 'request.not_found');
  await refused('POST', `${path}/${u.id}/end`, { token: p.token, body: { reason: 'hired' } }, 422, 'request.invalid',
    '/reason field.choice');

  const employer = await firm();
  const hire = (who) => known(() => call('POST', '/v1/jobs/employments', { token: employer.token, refused: true,
    body: { person_id: who.id, occupation_code: '6-24-01-00', ...contract() } }));
  assert.equal((await hire(p)).was_unemployed, true);
  const difficult = await hire(q);
  assert.deepEqual([difficult.was_unemployed, difficult.was_difficult], [true, true]);
  const mine = await call('GET', '/v1/jobs/my/unemployment-registrations', { token: p.token });
  assert.deepEqual(mine.items.map((r) => [r.id, r.end_reason, r.ended_on]), [[u.id, 'hired', now]]);
  await refused('POST', `${path}/${u.id}/end`, { token: p.token, body: { reason: 'pension' } }, 409, 'state.wrong');
  await refused('POST', path, { token: p.token, body: good }, 409, 'jobs.has_job');
});

test('失业登记 ends for the person’s own reason, and an old one does not make a hire count', async () => {
  const p = await person();
  const path = '/v1/jobs/unemployment-registrations';
  const u = await known(() => call('POST', path, { token: p.token, body: { reason: 'first_job' }, refused: true }));
  const ended = await call('POST', `${path}/${u.id}/end`, { token: p.token, body: { reason: 'school' } });
  assert.deepEqual([ended.ended_on, ended.end_reason], [now, 'school']);
  const employer = await firm();
  const e = await known(() => call('POST', '/v1/jobs/employments', { token: employer.token, refused: true,
    body: { person_id: p.id, occupation_code: '6-24-01-00', ...contract() } }));
  assert.equal(e.was_unemployed, false);
});

test('officers read their county’s registers page by page and nothing else', async () => {
  await employed();
  const [p, ...idle] = await Promise.all(['431103001', '431129100', '431129100',
    '431129100'].map((area_code) => person({ area_code })));
  for (const who of [p, ...idle])
    await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: who.token,
      body: { reason: 'other' }, refused: true }));
  const [here, away, city] = [await desk('jh.first'), await desk('lst.first'), await desk('city.audit')];
  for (const [path, other] of [['/v1/jobs/employments', '/v1/jobs/unemployment-registrations'],
    ['/v1/jobs/unemployment-registrations', '/v1/jobs/employments']]) {
    const mine = await walk(path, here.token, 2, other);
    assert.ok(mine.length > 2, 'more than a page');
    assert.ok(mine.every((r) => r.county_code === '431129'));
    assert.ok((await walk(path, away.token, 50)).every((r) => r.county_code === '431103'));
    const all = await walk(path, city.token, 200);
    assert.ok(new Set(all.map((r) => r.county_code)).size > 2);
    assert.equal(all.filter((r) => r.county_code === '431129').length, mine.length);
    assert.deepEqual((await call('GET', `${path}?county_code=431103`, { token: here.token })).items, []);
    assert.ok((await walk(`${path}?is_open=true`, here.token, 100)).every((r) => r.ended_on === null));
    await refused('GET', `${path}?county_code=431199`, { token: here.token }, 422, 'request.invalid',
      'county_code field.area_code');
    await refused('GET', `${path}?is_open=1`, { token: here.token }, 422, 'request.invalid', 'is_open field.type');
    await refused('GET', path, { token: (await desk('city.stats')).token }, 403, 'auth.forbidden');
    await refused('GET', path, { token: p.token }, 403, 'auth.forbidden');
  }
  const from = dayPlus(now, -1);
  assert.ok((await walk(`/v1/jobs/employments?hired_from=${from}&hired_to=${now}`, city.token, 50))
    .every((r) => r.hired_on >= from && r.hired_on <= now));
  await refused('GET', '/v1/jobs/employments?hired_from=yesterday', { token: here.token }, 422, 'request.invalid',
    'hired_from field.format');
});

test('own lists are paged too', async () => {
  const [employer, seeker] = await Promise.all([firm(), person()]);
  const vacancies = [];
  for (let i = 0; i < 5; i++) vacancies.push(await openVacancy(employer, { title: `岗位${i}` }));
  for (const v of vacancies) await apply(seeker, v);
  const newest = vacancies.map((v) => v.id).reverse();
  assert.deepEqual((await walk('/v1/jobs/org/vacancies', employer.token, 2, '/v1/jobs/org/employments')).map((v) =>
    v.id), newest);
  assert.deepEqual((await walk('/v1/jobs/my/applications?state=submitted', seeker.token, 2)).map((a) => a.vacancy_id), newest);
  assert.equal((await call('GET', '/v1/jobs/my/applications?state=hired', { token: seeker.token })).items.length, 0);
  const clerk = await desk('jh.clerk');
  for (const path of ['/v1/jobs/my/applications', '/v1/jobs/my/employments', '/v1/jobs/my/unemployment-registrations',
    '/v1/jobs/org/vacancies', '/v1/jobs/org/employments', `/v1/jobs/vacancies/${vacancies[0].id}/applications`]) {
    await refused('GET', path, { token: clerk.token }, 403, 'auth.forbidden');
    await refused('GET', path, {}, 401, 'auth.token_missing');
  }
});
