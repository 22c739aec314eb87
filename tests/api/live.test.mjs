// live: events approved before they are seen, their postings, sign-ups and
// numbers; fairs with booths, postings, visitors and a report.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
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
