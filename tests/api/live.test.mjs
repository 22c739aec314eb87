// live: events approved before they are seen, their postings, sign-ups and
// numbers; fairs with booths, postings, visitors and a report.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { newClient, token } from './oauth.mjs';
import { dayPlus, eachMistake, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const openVacancy = (f, over) => known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, refused: true, body: {
  title: '电机装配工', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2, pay_min_cents: 420000,
  pay_max_cents: 650000, pay_unit: 'month', form: 'full_time', ...over } }));
const post = (who, path, body) => call('POST', `/v1/jobs/${path}`, { token: who.token, body });
const no = (who, path, body, ...problem) => refused('POST', `/v1/jobs/${path}`, { token: who.token, body }, ...problem);
const get = (who, path) => call('GET', `/v1/jobs/${path}`, { token: who?.token });
const told = (column, id) => sql(`SELECT kind FROM jobs.message WHERE ${column} = '${id}' ORDER BY id`).map(([k]) => k);

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

const event = (over = {}) => ({ title: '江华电机专场直播', host_name: '主播小瑶', intro: '现场看车间', stream_url: 'https://live.example.cn/room/7',
  starts_at: `${dayPlus(now, 5)}T11:00:00Z`, ends_at: `${dayPlus(now, 5)}T13:00:00Z`, ...over });
const propose = (f, over) => known(() => call('POST', '/v1/jobs/live-events', { token: f.token, body: event(over), refused: true }));
const checker = () => desk('jh.recheck');
async function planned(f) {
  const e = await propose(f);
  return post(await checker(), `live-events/${e.id}/approve`);
}

test('an event is checked by an officer of the area before anybody sees it; returned, changed, approved', async () => {
  const f = await firm();
  const e = await propose(f);
  assert.deepEqual([e.state, e.host_kind, e.county_code, e.views], ['checking', 'employer', '431129', 0]);
  assert.match(e.case_no, /^JB/);
  const on = `live-events/${e.id}`;
  await eachMistake('POST', '/v1/jobs/live-events', f.token, event(), [
    [{ title: undefined }, '/title field.missing'], [{ stream_url: 'rtmp://live.example.cn/7' }, '/stream_url field.format'],
    [{ stream_url: 'https://localhost/7' }, '/stream_url field.format'],
    [{ ends_at: event().starts_at }, '/ends_at field.date_order'], [{ starts_at: now }, '/starts_at field.format']]);
  await refused('POST', '/v1/jobs/live-events', { token: f.token, body: event({ starts_at: `${dayPlus(now, -1)}T11:00:00Z` }) },
    422, 'jobs.meeting_past', '/starts_at jobs.meeting_past');
  await refused('GET', `/v1/jobs/${on}`, {}, 404, 'request.not_found');
  assert.ok(!(await walk('/v1/jobs/live-events', undefined, 50)).some((x) => x.id === e.id), 'nothing public yet');
  await no(f, `${on}/approve`, undefined, 403, 'auth.forbidden');
  await no(await desk('lst.recheck'), `${on}/approve`, undefined, 404, 'request.not_found');
  await no(await desk('lst.recheck'), `${on}/return`, { note: '不归我管' }, 404, 'request.not_found');
  await no(f, `${on}/start`, undefined, 409, 'state.wrong');
  await no(await checker(), `${on}/return`, {}, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(await checker(), `${on}/return`, { note: '请写明薪酬' })).state, 'returned');
  await no(await checker(), `${on}/return`, { note: '再退一次' }, 409, 'state.wrong');
  assert.equal((await get(f, 'own/live-events?state=returned')).items[0].note, '请写明薪酬');
  await refused('GET', '/v1/jobs/own/live-events?state=lost', { token: f.token }, 422, 'request.invalid', 'state field.choice');
  await refused('PUT', `/v1/jobs/${on}`, { token: (await firm()).token, body: event() }, 404, 'request.not_found');
  assert.equal((await call('PUT', `/v1/jobs/${on}`, { token: f.token, body: event({ intro: '月薪 5000 起' }) })).state, 'checking');
  assert.equal((await post(await checker(), `${on}/approve`)).state, 'planned');
  await no(await checker(), `${on}/approve`, undefined, 409, 'state.wrong');
  await refused('PUT', `/v1/jobs/${on}`, { token: f.token, body: event() }, 409, 'state.wrong');
  assert.equal((await get(null, on)).intro, '月薪 5000 起');
  assert.deepEqual(told('org_id', f.org_id), ['live.returned', 'live.planned']);
  assert.deepEqual(sql(`SELECT state FROM jobs.case_file WHERE case_no = '${e.case_no}'`), [['done']]);
  const listed = (q) => walk(`/v1/jobs/live-events?${q}`, undefined, 50);
  assert.ok((await listed('county_code=431129&upcoming=true&state=planned')).some((x) => x.id === e.id));
  assert.ok(!(await listed('county_code=431103')).some((x) => x.id === e.id));
  await refused('GET', '/v1/jobs/live-events?state=checking', {}, 422, 'request.invalid', 'state field.choice');
});

test('a county’s own event is approved by another officer than its maker', async () => {
  const first = await desk('jh.first');
  await refused('POST', '/v1/jobs/live-events', { token: first.token, body: event() }, 422, 'request.invalid', '/area_code field.missing');
  await refused('POST', '/v1/jobs/live-events', { token: first.token, body: event({ area_code: '431103' }) }, 403, 'auth.area', '/area_code auth.area');
  const e = await propose(first, { area_code: '431129' });
  assert.deepEqual([e.host_kind, e.org_id], ['officer', null]);
  await no(first, `live-events/${e.id}/approve`, undefined, 409, 'jobs.live_same_hand');
  assert.equal((await post(await desk('jh.approve'), `live-events/${e.id}/approve`)).state, 'planned');
  const v = await openVacancy(await firm());
  assert.equal((await post(first, `live-events/${e.id}/vacancies`, { vacancy_id: v.id })).vacancy_id, v.id);
});

test('an agency hosts by its own client, and shows no posting that is not its own', async () => {
  const [agency, f] = await Promise.all([firm({ kind: 'agency' }), firm()]);
  const client = await newClient({ org_id: agency.org_id });
  const { json } = await token({ grant_type: 'client_credentials', client_id: client.client_id, client_secret: client.client_secret });
  const e = await propose({ token: json.access_token });
  assert.deepEqual([e.host_kind, e.org_id], ['partner', agency.org_id]);
  await post(await checker(), `live-events/${e.id}/approve`);
  const v = await openVacancy(f);
  await no({ token: json.access_token }, `live-events/${e.id}/vacancies`, { vacancy_id: v.id }, 409, 'state.reference');
  assert.equal((await get({ token: json.access_token }, 'own/live-events')).items.length, 1);
});

test('postings are the host’s own or those of who was invited', async () => {
  const [f, guest, stranger] = await Promise.all([firm(), firm(), firm()]);
  const e = await planned(f);
  const on = `live-events/${e.id}`;
  const [mine, theirs, other] = await Promise.all([openVacancy(f), openVacancy(guest), openVacancy(stranger)]);
  await post(f, `${on}/vacancies`, { vacancy_id: mine.id });
  await no(f, `${on}/vacancies`, { vacancy_id: mine.id }, 409, 'state.exists');
  await no(f, `${on}/vacancies`, { vacancy_id: other.id }, 409, 'state.reference');
  await no(f, `${on}/vacancies`, {}, 422, 'request.invalid', '/vacancy_id field.missing');
  await no(guest, `${on}/vacancies`, { vacancy_id: theirs.id }, 409, 'jobs.live_not_invited');
  await no(stranger, `${on}/invitations`, { org_id: stranger.org_id }, 404, 'request.not_found');
  await no(f, `${on}/invitations`, { org_id: NOBODY }, 409, 'jobs.org_unknown');
  assert.equal((await post(f, `${on}/invitations`, { org_id: guest.org_id })).guest_id, guest.org_id);
  await no(f, `${on}/invitations`, { org_id: guest.org_id }, 409, 'state.exists');
  assert.deepEqual(told('org_id', guest.org_id), ['live.invited']);
  await post(guest, `${on}/vacancies`, { vacancy_id: theirs.id });
  assert.deepEqual((await get(null, on)).vacancies.map((v) => v.id).sort(), [mine.id, theirs.id].sort());
  await no(stranger, `${on}/vacancies/remove`, { vacancy_id: theirs.id }, 404, 'request.not_found');
  await post(guest, `${on}/vacancies/remove`, { vacancy_id: theirs.id });
  assert.deepEqual((await get(null, on)).vacancies.map((v) => v.id), [mine.id]);
  const [own] = (await get(f, 'own/live-events')).items;
  assert.deepEqual(own.guests.map((g) => g.guest_id), [guest.org_id]);
});

test('signed up, reminded, watched, applied at: numbers count people once; replayed, or called off', async () => {
  const [f, p, q] = await Promise.all([firm(), person(), person()]);
  const e = await planned(f);
  const on = `live-events/${e.id}`;
  const v = await openVacancy(f);
  await post(f, `${on}/vacancies`, { vacancy_id: v.id });
  await known(() => call('POST', `/v1/jobs/${on}/sign-ups`, { token: p.token, refused: true }));
  await known(() => call('POST', `/v1/jobs/${on}/sign-ups`, { token: q.token, refused: true }));
  await no(p, `${on}/sign-ups`, undefined, 409, 'state.exists');
  await no(await desk('jh.clerk'), `${on}/sign-ups`, undefined, 403, 'auth.forbidden');
  await no(p, `live-events/${NOBODY}/sign-ups`, undefined, 404, 'request.not_found');
  await post(q, `${on}/sign-ups/cancel`);
  await no(q, `${on}/sign-ups/cancel`, undefined, 404, 'request.not_found');
  assert.deepEqual((await get(p, 'my/live-events')).items.map((x) => x.id), [e.id]);
  await refused('GET', '/v1/jobs/my/live-events', {}, 401, 'auth.token_missing');
  await no(p, `${on}/visits`, undefined, 409, 'state.wrong');
  await no(f, `${on}/start`, undefined, 409, 'jobs.live_early');
  await clock(`${dayPlus(now, 5)}T10:30:00Z`, async () => {
    await eventually(() => told('person_id', p.id).includes('live.remind'), 'reminded');
    assert.ok(!told('person_id', q.id).includes('live.remind'));
    assert.equal((await post(f, `${on}/start`)).state, 'live');
    for (const who of [p, p, q]) await post(who, `${on}/visits`);
    await post(p, `vacancies/${v.id}/applications`, {});
    const seen = await get(null, on);
    assert.deepEqual([seen.views, seen.sign_ups, seen.applications], [2, 1, 1]);
    await no(f, `${on}/replay`, { replay_url: 'https://live.example.cn/replay/7' }, 409, 'state.wrong');
    await no(await firm(), `${on}/end`, undefined, 404, 'request.not_found');
    assert.equal((await post(f, `${on}/end`)).state, 'ended');
    await no(f, `${on}/end`, undefined, 409, 'state.wrong');
  });
  await no(f, `${on}/replay`, { replay_url: 'ftp://x' }, 422, 'request.invalid', '/replay_url field.format');
  assert.equal((await post(f, `${on}/replay`, { replay_url: 'https://live.example.cn/replay/7' })).replay_url, 'https://live.example.cn/replay/7');
  const off = await planned(f);
  await post(p, `live-events/${off.id}/sign-ups`);
  await no(f, `live-events/${off.id}/cancel`, {}, 422, 'request.invalid', '/note field.missing');
  await no(await firm(), `live-events/${off.id}/cancel`, { note: '别人的' }, 404, 'request.not_found');
  assert.equal((await post(f, `live-events/${off.id}/cancel`, { note: '主播生病' })).state, 'cancelled');
  assert.ok(told('person_id', p.id).includes('live.cancelled'));
  await no(f, `live-events/${off.id}/cancel`, { note: '再来' }, 409, 'state.wrong');
  const late = await planned(f);
  await clock(`${dayPlus(now, 5)}T11:00:01Z`, () => eventually(async () => (await get(null, `live-events/${late.id}`)).state === 'live', 'the clock starts it'));
  await clock(`${dayPlus(now, 5)}T13:00:01Z`, () => eventually(async () => (await get(null, `live-events/${late.id}`)).state === 'ended', 'and ends it'));
});

// ---- fairs --------------------------------------------------------------------

const fair = (over = {}) => ({ title: '江华春风行动招聘会', place: '县体育馆', area_code: '431129100', lat_e6: 25185000, lng_e6: 111579000,
  starts_at: `${dayPlus(now, 7)}T01:00:00Z`, ends_at: `${dayPlus(now, 7)}T08:00:00Z`, booths: 2, posts_most: 1, ...over });
const make = async (over) => post(await desk('jh.clerk'), 'fairs', fair(over));
const enter = (f, x) => known(() => call('POST', `/v1/jobs/fairs/${x.id}/entries`, { token: f.token, body: { wish: '靠门' }, refused: true }));
const assign = async (e, body = {}) => post(await desk('jh.first'), `fair-entries/${e.id}/assign`, body);

test('a fair lies in its officer’s area, is public, and is called off with a reason', async () => {
  const clerk = await desk('jh.clerk');
  await eachMistake('POST', '/v1/jobs/fairs', clerk.token, fair(), [
    [{ place: undefined }, '/place field.missing'], [{ booths: 0 }, '/booths field.too_small'], [{ posts_most: 51 }, '/posts_most field.too_large'],
    [{ lng_e6: undefined }, '/lng_e6 field.missing'], [{ area_code: '431100' }, '/area_code field.area_code'],
    [{ ends_at: `${dayPlus(now, 30)}T08:00:00Z` }, '/ends_at field.date_order']]);
  await refused('POST', '/v1/jobs/fairs', { token: clerk.token, body: fair({ area_code: '431103' }) }, 403, 'auth.area', '/area_code auth.area');
  await refused('POST', '/v1/jobs/fairs', { token: (await firm()).token, body: fair() }, 403, 'auth.forbidden');
  const x = await make();
  assert.deepEqual([x.state, x.booths, x.county_code], ['planned', 2, '431129']);
  assert.ok((await walk('/v1/jobs/fairs?county_code=431129&upcoming=true', undefined, 50)).some((y) => y.id === x.id));
  await refused('GET', '/v1/jobs/fairs?state=lost', {}, 422, 'request.invalid', 'state field.choice');
  await refused('GET', `/v1/jobs/fairs/${NOBODY}`, {}, 404, 'request.not_found');
  const p = await person();
  await known(() => call('POST', `/v1/jobs/fairs/${x.id}/sign-ups`, { token: p.token, refused: true }));
  await no(await desk('lst.clerk'), `fairs/${x.id}/cancel`, { note: '不归我管' }, 404, 'request.not_found');
  await no(clerk, `fairs/${x.id}/cancel`, {}, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(clerk, `fairs/${x.id}/cancel`, { note: '暴雨' })).state, 'cancelled');
  await no(clerk, `fairs/${x.id}/cancel`, { note: '暴雨' }, 409, 'state.wrong');
  assert.deepEqual(told('person_id', p.id), ['fair.cancelled']);
  await no(p, `fairs/${x.id}/sign-ups`, undefined, 409, 'state.wrong');
});

test('a booth has one employer: asked for, given, waited for, given back, refused', async () => {
  const [a, b, c, d] = await Promise.all([firm(), firm(), firm(), firm()]);
  const x = await make();
  const [ea, eb, ec, ed] = [await enter(a, x), await enter(b, x), await enter(c, x), await enter(d, x)];
  assert.match(ea.case_no, /^JB/);
  await no(a, `fairs/${x.id}/entries`, {}, 409, 'state.exists');
  await no(await person(), `fairs/${x.id}/entries`, {}, 403, 'auth.forbidden');
  await no(await desk('lst.first'), `fair-entries/${ea.id}/assign`, {}, 404, 'request.not_found');
  await no(await desk('jh.first'), `fair-entries/${ea.id}/assign`, { booth_no: 3 }, 422, 'request.invalid', '/booth_no field.choice');
  assert.deepEqual(await assign(ea, { booth_no: 2 }).then((e) => [e.state, e.booth_no]), ['assigned', 2]);
  await no(await desk('jh.first'), `fair-entries/${eb.id}/assign`, { booth_no: 2 }, 409, 'jobs.booth_held');
  assert.equal((await assign(eb)).booth_no, 1, 'the lowest free one');
  assert.deepEqual(await assign(ec).then((e) => [e.state, e.booth_no]), ['waiting', null]);
  await no(await desk('jh.first'), `fair-entries/${ed.id}/refuse`, {}, 422, 'request.invalid', '/note field.missing');
  await no(await desk('lst.first'), `fair-entries/${ed.id}/refuse`, { note: '不归我管' }, 404, 'request.not_found');
  assert.equal((await post(await desk('jh.first'), `fair-entries/${ed.id}/refuse`, { note: '岗位与主题不符' })).state, 'refused');
  await no(await desk('jh.first'), `fair-entries/${ed.id}/refuse`, { note: '再' }, 409, 'state.wrong');
  await no(d, `fairs/${x.id}/entries`, {}, 409, 'state.exists');
  await no(b, `fair-entries/${ea.id}/withdraw`, undefined, 404, 'request.not_found');
  assert.equal((await post(a, `fair-entries/${ea.id}/withdraw`)).state, 'withdrawn');
  await no(a, `fair-entries/${ea.id}/withdraw`, undefined, 409, 'state.wrong');
  const [mine] = (await get(c, 'org/fair-entries?state=assigned')).items;
  assert.deepEqual([mine.id, mine.booth_no], [ec.id, 2], 'who waited moves up');
  assert.deepEqual(told('org_id', c.org_id), ['fair.waiting', 'fair.assigned']);
  assert.deepEqual(sql(`SELECT state FROM jobs.case_file WHERE subject_id IN ('${ea.id}', '${ec.id}', '${ed.id}') ORDER BY id`), [['withdrawn'], ['done'], ['refused']]);
  assert.deepEqual((await get(null, `fairs/${x.id}`)).exhibitors.map((e) => [e.booth_no, e.org_id]), [[1, b.org_id], [2, c.org_id]]);
  const listed = await walk(`/v1/jobs/fair-entries?fair_id=${x.id}`, (await desk('jh.first')).token, 3);
  assert.equal(listed.length, 4);
  assert.equal((await get(await desk('lst.first'), `fair-entries?fair_id=${x.id}`)).items.length, 0);
  await refused('GET', '/v1/jobs/fair-entries?state=x', { token: (await desk('jh.first')).token }, 422, 'request.invalid', 'state field.choice');
  await refused('GET', '/v1/jobs/org/fair-entries', { token: (await person()).token }, 403, 'auth.forbidden');
});

test('six requests at once give one booth to one employer', async () => {
  const x = await make({ booths: 1 });
  const firms = await Promise.all(Array.from({ length: 6 }, () => firm()));
  const entries = await Promise.all(firms.map((f) => enter(f, x)));
  await Promise.all(entries.map((e) => assign(e)));
  assert.deepEqual(sql(`SELECT state, count(*) FROM jobs.fair_entry WHERE fair_id = '${x.id}' GROUP BY 1 ORDER BY 1`), [['assigned', '1'], ['waiting', '5']]);
});

test('postings at the booth, visitors through the gate, intentions and hires: the report adds up', async () => {
  const [f, other, p, q] = await Promise.all([firm(), firm(), person(), person()]);
  const x = await make({ booths: 1 });
  const e = await enter(f, x);
  const [v, w, foreign] = [await openVacancy(f), await openVacancy(f, { title: '食堂会计' }), await openVacancy(other)];
  await no(f, `fairs/${x.id}/vacancies`, { vacancy_id: v.id }, 409, 'jobs.booth_none');
  await assign(e);
  await no(f, `fairs/${x.id}/vacancies`, { vacancy_id: foreign.id }, 409, 'state.reference');
  await no(f, `fairs/${NOBODY}/vacancies`, { vacancy_id: v.id }, 404, 'request.not_found');
  await post(f, `fairs/${x.id}/vacancies`, { vacancy_id: w.id });
  await no(f, `fairs/${x.id}/vacancies`, { vacancy_id: w.id }, 409, 'state.exists');
  await no(f, `fairs/${x.id}/vacancies`, { vacancy_id: v.id }, 409, 'jobs.booth_full');
  await no(other, `fairs/${x.id}/vacancies/remove`, { vacancy_id: w.id }, 404, 'request.not_found');
  await post(f, `fairs/${x.id}/vacancies/remove`, { vacancy_id: w.id });
  await post(f, `fairs/${x.id}/vacancies`, { vacancy_id: v.id });
  const pass = await known(() => call('POST', `/v1/jobs/fairs/${x.id}/sign-ups`, { token: p.token, refused: true }));
  await known(() => call('POST', `/v1/jobs/fairs/${x.id}/sign-ups`, { token: q.token, refused: true }));
  await no(p, `fairs/${x.id}/sign-ups`, undefined, 409, 'state.exists');
  assert.equal((await get(p, 'my/fairs')).items[0].code, pass.code);
  await refused('GET', '/v1/jobs/my/fairs', {}, 401, 'auth.token_missing');
  const clerk = await desk('jh.clerk');
  await no(clerk, `fairs/${x.id}/check-ins`, { code: pass.code }, 409, 'state.wrong');
  await clock(`${dayPlus(now, 7)}T02:00:00Z`, async () => {
    await eventually(async () => (await get(null, `fairs/${x.id}`)).state === 'open', 'the clock opens it');
    await no(clerk, `fairs/${x.id}/check-ins`, { code: 'XXXXXXXX' }, 404, 'request.not_found');
    await no(clerk, `fairs/${x.id}/check-ins`, { code: '1' }, 422, 'request.invalid', '/code field.too_short');
    await no(await desk('lst.clerk'), `fairs/${x.id}/check-ins`, { code: pass.code }, 404, 'request.not_found');
    assert.equal((await post(clerk, `fairs/${x.id}/check-ins`, { code: pass.code.toLowerCase() })).person_id, p.id);
    await no(clerk, `fairs/${x.id}/check-ins`, { code: pass.code }, 409, 'state.exists');
    const a = await post(p, `vacancies/${v.id}/applications`, {});
    await post(q, `vacancies/${v.id}/applications`, {});
    await call('POST', `/v1/jobs/applications/${a.id}/hire`, { token: f.token, body: { hired_on: dayPlus(now, 7),
      contract_type: 'open_ended', wage_cents: 500000 } });
  });
  const numbers = (r) => [r.employers, r.posts, r.places, r.sign_ups, r.visitors, r.intentions, r.hires];
  const report = (login) => desk(login).then((d) => get(d, `fairs/${x.id}/report`));
  const r = await report('jh.recheck');
  assert.deepEqual(numbers(r), [1, 1, 2, 2, 1, 1, 1]);
  assert.deepEqual([r.exhibitors[0].org_id, r.exhibitors[0].posts, r.exhibitors[0].intentions], [f.org_id, 1, 1]);
  const s = await report('city.stats');
  assert.deepEqual(numbers(s), [1, 1, 2, null, null, null, null], 'fewer than five are not told');
  assert.equal(s.exhibitors[0].intentions, null);
  await refused('GET', `/v1/jobs/fairs/${x.id}/report`, { token: (await desk('lst.recheck')).token }, 404, 'request.not_found');
  await refused('GET', `/v1/jobs/fairs/${x.id}/report`, { token: f.token }, 403, 'auth.forbidden');
});
