// applications: what was sent stays as it was; interviews, offers, reasons and
// absences; each step told to the other side.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const posting = (over = {}) => ({ title: '电机装配工', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2,
  pay_min_cents: 420000, pay_max_cents: 650000, pay_unit: 'month', form: 'full_time', ...over });
const contract = { hired_on: now, contract_type: 'fixed', contract_months: 24, wage_cents: 480000 };
const resume = { state: 'seeking', skills: ['电工'], intro: '第一稿' };
const openVacancy = (f, over) => known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting(over), refused: true }));
const apply = (p, v, body = {}) => known(() => call('POST', `/v1/jobs/vacancies/${v.id}/applications`,
  { token: p.token, body, refused: true }));
const post = (who, path, body = {}) => call('POST', `/v1/jobs/${path}`, { token: who.token, body });
const no = (who, path, body, ...problem) => refused('POST', `/v1/jobs/${path}`, { token: who.token, body }, ...problem);
const get = (who, path) => call('GET', `/v1/jobs/${path}`, { token: who.token });

async function applied(over = {}) {
  const [employer, seeker] = await Promise.all([firm(), person()]);
  const vacancy = await openVacancy(employer, over);
  if (over.resume !== null)
    await known(() => call('PUT', '/v1/jobs/my/resume', { token: seeker.token, body: resume, refused: true }));
  return { employer, seeker, vacancy, application: await apply(seeker, vacancy, { note: '您好' }) };
}
const told = (column, id) => sql(`SELECT kind FROM jobs.message WHERE ${column} = '${id}' ORDER BY id`).map(([k]) => k);
const at = (days, hour = 1) => `${dayPlus(now, days)}T0${hour}:00:00Z`;
const onsite = (over = {}) => ({ times: [{ at: at(3) }, { at: at(4) }], mode: 'onsite', place: '南门传达室', note: '带身份证', ...over });

// Moves business time for as long as `work` takes.
async function clock(to_at, work) {
  const token = (await desk('city.system')).token;
  const move = (x) => call('POST', '/v1/identity/sandbox/clock', { token, key: null, body: { to_at: x } });
  const back = (await call('GET', '/v1/identity/sandbox/clock')).now;
  try {
    await move(to_at);
    return await work();
  } finally { await move(back); }
}

test('what was sent stays as it was: the employer sees it in list and detail, and opening it is kept', async () => {
  const { employer, seeker, vacancy, application } = await applied();
  await call('PUT', '/v1/jobs/my/resume', { token: seeker.token, body: { ...resume, intro: '第二稿' } });
  for (const list of [`vacancies/${vacancy.id}/applications`, 'org/applications']) {
    const [a] = (await get(employer, list)).items;
    assert.deepEqual([a.resume.intro, a.note, a.viewed_at, a.resume.county_code], ['第一稿', '您好', null, undefined], list);
  }
  const seen = await post(employer, `applications/${application.id}/view`);
  assert.ok(seen.viewed_at);
  assert.equal((await post(employer, `applications/${application.id}/view`)).viewed_at, seen.viewed_at, 'the first time');
  assert.equal((await get(seeker, `applications/${application.id}`)).viewed_at, seen.viewed_at);
  await no(await firm(), `applications/${application.id}/view`, {}, 404, 'request.not_found');
  await no(seeker, `applications/${application.id}/view`, {}, 403, 'auth.forbidden');
});

test('the employer’s list is filtered, counted, and the rest answered together once the posting is full', async () => {
  const { employer, seeker, vacancy, application } = await applied({ headcount: 1 });
  const [b, c] = await Promise.all([person(), person()]);
  await apply(b, vacancy);
  await apply(c, vacancy);
  const other = await openVacancy(employer, { title: '食堂会计' });
  await apply(c, other);
  const ids = async (q) => (await get(employer, `org/applications?${q}`)).items.length;
  assert.deepEqual([await ids(''), await ids(`vacancy_id=${vacancy.id}`), await ids('state=hired'), await ids(`since=${now}`),
    await ids(`since=${dayPlus(now, 1)}`), await ids('is_new=true')], [4, 3, 0, 4, 0, 4]);
  assert.equal((await walk('/v1/jobs/org/applications', employer.token, 2)).length, 4);
  await refused('GET', '/v1/jobs/org/applications?state=lost', { token: employer.token }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', '/v1/jobs/org/applications', { token: seeker.token }, 403, 'auth.forbidden');
  const rest = `vacancies/${vacancy.id}/applications/reject`;
  await no(employer, rest, { reason_code: 'position_filled' }, 409, 'jobs.vacancy_still_open');
  await no(employer, rest, {}, 422, 'request.invalid', '/reason_code field.missing');
  await call('POST', `/v1/jobs/applications/${application.id}/hire`, { token: employer.token, body: contract });
  assert.ok(told('org_id', employer.org_id).includes('vacancy.filled'), 'the employer is offered it');
  await no(await firm(), rest, { reason_code: 'position_filled' }, 404, 'request.not_found');
  assert.equal((await post(employer, rest, { reason_code: 'position_filled' })).rejected, 2);
  const counts = await get(employer, 'org/applications/counts');
  const of = counts.items.find((x) => x.vacancy_id === vacancy.id);
  assert.deepEqual([of.total, of.states], [3, { hired: 1, rejected: 2 }]);
  await refused('GET', '/v1/jobs/org/applications/counts', { token: seeker.token }, 403, 'auth.forbidden');
  assert.ok(told('person_id', b.id).includes('application.reject'));
  assert.equal((await get(b, 'my/applications?state=rejected')).items[0].reason_code, 'position_filled');
});

test('reasons are codes with words; a person withdraws at any time before the end', async () => {
  const { employer, seeker, application } = await applied();
  const path = `applications/${application.id}`;
  await no(seeker, `${path}/withdraw`, { reason_code: 'skills' }, 422, 'request.invalid', '/reason_code field.choice');
  await post(employer, `${path}/interviews`, onsite());
  await post(employer, `${path}/offer`, { note: '请来' });
  const gone = await post(seeker, `${path}/withdraw`, { reason_code: 'found_other', note: '已在别处上班' });
  assert.deepEqual([gone.state, gone.reason_code], ['withdrawn', 'found_other']);
  const whole = await get(seeker, path);
  assert.deepEqual(whole.steps.map((s) => [s.what, s.actor_kind]), [['submit', 'person'], ['interview_propose', 'org'],
    ['offer', 'org'], ['withdraw', 'person']]);
  assert.equal(whole.interviews[0].state, 'cancelled', 'the meeting is off');
  assert.equal(whole.offer.state, 'closed');
  await no(seeker, `${path}/withdraw`, {}, 409, 'state.wrong');
  assert.deepEqual(told('person_id', seeker.id), ['application.interview_propose', 'application.offer']);
  assert.deepEqual(told('org_id', employer.org_id), ['application.submit', 'application.withdraw']);
  await no(employer, `${path}/reject`, { reason_code: 'found_other', reason: '不合适' }, 422, 'request.invalid', '/reason_code field.choice');
});

test('several times are proposed, others asked for, one accepted; the calendar follows', async () => {
  const { employer, seeker, application } = await applied();
  const path = `applications/${application.id}/interviews`;
  await eachMistake('POST', `/v1/jobs/${path}`, employer.token, onsite(), [
    [{ times: [] }, '/times field.count'], [{ times: [{ at: 'soon' }] }, '/times/0/at field.format'],
    [{ mode: 'phone' }, '/mode field.choice'], [{ place: undefined }, '/place field.missing'],
    [{ link: 'http://meet.example' }, '/link field.format'], [{ minutes: 4 }, '/minutes field.too_small'],
    [{ times: [{ at: at(3) }, { at: at(3) }] }, '/times/1/at field.duplicate']]);
  await no(employer, path, onsite({ times: [{ at: at(-1) }] }), 422, 'jobs.meeting_past', '/times/0/at jobs.meeting_past');
  await no(seeker, path, onsite(), 403, 'auth.forbidden');
  await no(await firm(), path, onsite(), 404, 'request.not_found');
  const i = await post(employer, path, onsite());
  assert.deepEqual([i.state, i.starts_at, i.times.length, i.minutes], ['proposed', null, 2, 30]);
  const on = `interviews/${i.id}`;
  await refused('GET', `/v1/jobs/${on}/calendar`, { token: seeker.token }, 409, 'state.wrong');
  assert.equal((await post(seeker, `${on}/ask`, { note: '周末可以' })).state, 'asked');
  await no(seeker, `${on}/ask`, {}, 409, 'state.wrong');
  await no(seeker, `${on}/accept`, { at: at(3) }, 409, 'state.wrong');
  assert.equal((await post(employer, `${on}/move`, onsite({ times: [{ at: at(5) }, { at: at(6) }] }))).state, 'proposed');
  await no(seeker, `${on}/accept`, { at: at(3) }, 422, 'jobs.meeting_time', '/at jobs.meeting_time');
  await no(seeker, `${on}/accept`, {}, 422, 'request.invalid', '/at field.missing');
  await no(await person(), `${on}/accept`, { at: at(5) }, 404, 'request.not_found');
  const agreed = await post(seeker, `${on}/accept`, { at: at(5) });
  assert.equal(Date.parse(agreed.starts_at), Date.parse(at(5)));
  const file = async (who) => {
    const r = await request('GET', `/v1/jobs/${on}/calendar`, { token: who.token });
    assert.match(r.headers['content-type'], /^text\/calendar/);
    for (const l of r.text.split('\r\n')) assert.ok(Buffer.byteLength(l) <= 75 && !l.includes('\n'), l);
    return r.text.replace(/\r\n /g, '');
  };
  const one = await file(seeker);
  assert.match(one, new RegExp(`UID:${i.id}@yjy365\r\n`));
  assert.match(one, new RegExp(`DTSTART:${at(5).replace(/[-:]/g, '')}\r\n`));
  assert.match(one, /LOCATION:南门传达室\r\n/);
  const version = (text) => Number(/SEQUENCE:(\d+)/.exec(text)[1]);
  await refused('GET', `/v1/jobs/${on}/calendar`, { token: (await person()).token }, 404, 'request.not_found');
  await no(employer, `${on}/result`, { result: 'attended' }, 409, 'jobs.meeting_ahead');
  assert.equal((await post(employer, `${on}/cancel`, { note: '临时停电' })).state, 'cancelled');
  await no(employer, `${on}/cancel`, {}, 409, 'state.wrong');
  await no(employer, `${on}/move`, onsite(), 409, 'state.wrong');
  const last = await file(employer);
  assert.match(last, /METHOD:CANCEL\r\n[^]*STATUS:CANCELLED\r\n/);
  assert.ok(version(last) > version(one));
  for (const who of [seeker, employer, await desk('jh.first')]) assert.equal((await get(who, on)).state, 'cancelled');
  await refused('GET', `/v1/jobs/${on}`, { token: (await desk('lst.first')).token }, 404, 'request.not_found');
  assert.equal((await get(seeker, 'my/interviews?state=cancelled')).items.length, 1);
  assert.equal((await get(employer, 'org/interviews?state=held')).items.length, 0);
  await refused('GET', '/v1/jobs/my/interviews?state=x', { token: seeker.token }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', '/v1/jobs/org/interviews', { token: seeker.token }, 403, 'auth.forbidden');
  const second = await post(employer, path, onsite());
  assert.equal((await post(seeker, `interviews/${second.id}/decline`, { note: '不去了' })).state, 'declined');
  await no(seeker, `interviews/${second.id}/decline`, {}, 409, 'state.wrong');
});

test('a remote interview needs an address: without a meeting service the employer’s own', async () => {
  const { employer, application } = await applied();
  const path = `applications/${application.id}/interviews`;
  await no(employer, path, { times: [{ at: at(2) }], mode: 'remote' }, 409, 'jobs.meeting_unset');
  const i = await post(employer, path, { times: [{ at: at(2) }], mode: 'remote', link: 'https://meet.example/r/1' });
  assert.equal(i.link, 'https://meet.example/r/1');
});

test('reminded the day before and two hours before, each once; missed, objected to, corrected, ended', async () => {
  const { employer, seeker, application } = await applied();
  const i = await post(employer, `applications/${application.id}/interviews`, onsite());
  const on = `interviews/${i.id}`;
  await post(seeker, `${on}/accept`, { at: at(4) });
  const reminders = () => told('person_id', seeker.id).filter((k) => k === 'interview.remind').length;
  await clock(`${dayPlus(now, 3)}T10:00:00Z`, () => eventually(() => reminders() === 1, 'the day before'));
  await clock(`${dayPlus(now, 3)}T23:30:00Z`, () => eventually(() => reminders() === 2, 'two hours before'));
  assert.equal(told('org_id', employer.org_id).filter((k) => k === 'interview.remind').length, 2);
  const end = `applications/${application.id}/no-show`;
  await no(employer, end, { reason_code: 'no_notice' }, 409, 'jobs.not_missed');
  await no(employer, end, {}, 422, 'request.invalid', '/reason_code field.missing');
  await no(seeker, `${on}/objection`, { text: '还没到时间' }, 409, 'state.wrong');
  await clock(`${dayPlus(now, 4)}T02:00:00Z`, async () => {
    assert.equal(reminders(), 2);
    await no(employer, `${on}/result`, { result: 'late' }, 422, 'request.invalid', '/result field.choice');
    await no(seeker, `${on}/result`, { result: 'attended' }, 403, 'auth.forbidden');
    assert.equal((await post(employer, `${on}/result`, { result: 'no_show', reason_code: 'no_notice' })).result, 'no_show');
    await no(employer, `${on}/result`, { result: 'attended' }, 409, 'state.wrong');
    await no(seeker, `${on}/objection`, {}, 422, 'request.invalid', '/text field.missing');
    assert.equal((await post(seeker, `${on}/objection`, { text: '我在门口等了半小时' })).objection_open, true);
    await no(employer, end, { reason_code: 'no_notice' }, 409, 'jobs.not_missed');
    await post(employer, `${on}/result`, { result: 'no_show', reason_code: 'late_notice', note: '门卫证实未到' });
    await no(seeker, `${on}/objection`, { text: '再说一次' }, 409, 'state.wrong');
    assert.equal((await post(employer, end, { reason_code: 'late_notice' })).state, 'no_show');
    await no(employer, end, { reason_code: 'late_notice' }, 409, 'state.wrong');
  });
  const cases = sql(`SELECT state FROM jobs.case_file WHERE subject_id = '${application.id}'`);
  assert.deepEqual(cases, [['refused']]);
});

test('an offer is accepted, declined, or lapses; a hire follows it or comes without one', async () => {
  const { employer, seeker, application } = await applied();
  const path = `applications/${application.id}`;
  const offer = { pay_cents: 500000, pay_unit: 'month', start_on: dayPlus(now, 9), valid_until: dayPlus(now, 2), note: '转正后加薪' };
  await no(seeker, `${path}/offer/accept`, {}, 409, 'state.wrong');
  await no(employer, `${path}/offer`, { ...offer, pay_unit: undefined }, 422, 'request.invalid', '/pay_unit field.missing');
  await no(employer, `${path}/offer`, { ...offer, start_on: dayPlus(now, -1) }, 422, 'jobs.day_past', '/start_on jobs.day_past');
  await no(employer, `${path}/offer`, { ...offer, valid_until: dayPlus(now, -1) }, 422, 'jobs.expires_on', '/valid_until jobs.expires_on');
  assert.equal((await post(employer, `${path}/offer`, offer)).state, 'offered');
  await no(employer, `${path}/offer`, offer, 409, 'state.wrong');
  const state = async () => (await get(seeker, path)).state;
  await clock(`${dayPlus(now, 3)}T01:00:00Z`, () => eventually(async () => (await state()) === 'submitted', 'it lapses'));
  const lapsed = await get(seeker, path);
  assert.deepEqual([lapsed.offer.state, lapsed.steps.at(-1).what, lapsed.steps.at(-1).actor_kind], ['expired', 'offer_expire', 'system']);
  for (const [column, id] of [['person_id', seeker.id], ['org_id', employer.org_id]])
    assert.ok(told(column, id).includes('application.offer_expire'), column);
  await post(employer, `${path}/offer`, offer);
  await no(await person(), `${path}/offer/accept`, {}, 404, 'request.not_found');
  await no(await desk('jh.clerk'), `${path}/offer/accept`, {}, 403, 'auth.forbidden');
  assert.equal((await post(seeker, `${path}/offer/accept`)).state, 'accepted');
  const e = await call('POST', `/v1/jobs/${path}/hire`, { token: employer.token, body: contract });
  assert.equal(e.application_id, application.id);
  const done = await get(employer, path);
  assert.deepEqual([done.state, done.offer.state, done.offer.pay_cents], ['hired', 'accepted', 500000]);
  const second = await applied();
  const there = `applications/${second.application.id}`;
  await post(second.employer, `${there}/offer`, {});
  await no(second.seeker, `${there}/offer/decline`, { reason_code: 'weather' }, 422, 'request.invalid', '/reason_code field.choice');
  const declined = await post(second.seeker, `${there}/offer/decline`, { reason_code: 'pay', note: '低了' });
  assert.deepEqual([declined.state, declined.reason_code], ['declined', 'pay']);
  await refused('POST', `/v1/jobs/${there}/hire`, { token: second.employer.token, body: contract }, 409, 'state.wrong');
  await no(second.seeker, `applications/${NOBODY}/offer/decline`, {}, 404, 'request.not_found');
});

test('what a person wrote follows them to another county, and goes when they are erased', async () => {
  const { employer, seeker, application } = await applied();
  const i = await post(employer, `applications/${application.id}/interviews`, onsite());
  await post(seeker, `interviews/${i.id}/ask`, { note: '我住得远' });
  sql(`UPDATE jobs.person SET county_code = '431103', area_code = '431103001' WHERE id = '${seeker.id}'`);
  const path = `/v1/jobs/persons/${seeker.id}/resume`;
  assert.equal((await call('GET', path, { token: (await desk('lst.first')).token })).county_code, '431103');
  await refused('GET', path, { token: (await desk('jh.first')).token }, 404, 'request.not_found');
  sql(`UPDATE jobs.person SET name_masked = '*', id_index = 'erased:' || id WHERE id = '${seeker.id}'`);
  await refused('GET', '/v1/jobs/my/resume', { token: seeker.token }, 404, 'request.not_found');
  const left = await get(employer, `applications/${application.id}`);
  assert.deepEqual([left.name_masked, left.resume, left.note, left.interviews[0].name_masked, left.interviews[0].answer],
    ['*', null, null, '*', null]);
  assert.ok(left.steps.every((s) => s.actor_kind === 'org' || s.note === null));
});
