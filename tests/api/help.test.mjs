// help: 一人一档, 一人一策 -- a case opened by a register, planned, served,
// visited, paused, escalated and closed; and everything refused.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { CASES, city, clerk, contact, get, helped, lst, mint, moved, no, now, post, set } from './help_fixture.mjs';
import { dayPlus, eachMistake, known, NOBODY, refused, sql } from './help.mjs';

const at = (c, verb) => `${CASES}/${c.id}/${verb}`;
const posting = { title: '帮扶推荐岗', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 5,
  pay_min_cents: 300000, pay_max_cents: 400000, pay_unit: 'month', form: 'full_time' };
const enabled = (over = {}) => post('/v1/jobs/help-packages', { code: '311', name: '311服务', source: '市人社局启用（测试）',
  items: [{ kind: 'referral', times: 3, within_days: 365 }, { kind: 'guidance', times: 1, within_days: 30 },
    { kind: 'training', times: 1 }], is_enabled: true, from_on: now, ...over }, city);
async function vacancy() {
  const f = await firm();
  return { f, v: await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting, refused: true })) };
}

test('a registration opens the case, once; the person is told and reads it', async () => {
  const p = await helped();
  assert.equal(p.case.group, 'unemployed');
  assert.equal(p.case.source, 'unemployment');
  assert.deepEqual(p.case.timeline.map((s) => s.step), ['opened']);
  assert.equal(sql(`SELECT count(*) FROM jobs.message WHERE person_id = '${p.id}' AND kind = 'help.opened'`)[0][0], '1');
  await no(CASES, { person_id: p.id, group: 'other' }, 409, 'jobs.help_open');
  const seen = await get(`${CASES}/${p.case.id}`);
  assert.equal(seen.person_id, p.id);
  await refused('GET', `${CASES}/${p.case.id}`, { token: (await person()).token }, 404, 'request.not_found');
  await refused('GET', `${CASES}/${p.case.id}`, { token: lst }, 404, 'request.not_found');
  await eventually(() => sql(`SELECT FROM jobs.event_log WHERE type = 'jobs.help.opened.v1' AND key = '${p.case.id}'`).length >= 0 &&
    sql(`SELECT seq FROM jobs.event_log WHERE type = 'jobs.help.opened.v1' AND key = '${p.case.id}'`).length === 1, 'told');
});

test('who has a registration and no case gets one by the clock, once', async () => {
  const p = await helped();
  sql(`BEGIN; DELETE FROM jobs.help_step WHERE case_id = '${p.case.id}'; DELETE FROM jobs.help_case WHERE id = '${p.case.id}'; COMMIT;
    SELECT jobs.help_scan(500)`);
  const list = (await call('GET', '/v1/jobs/my/help-cases', { token: p.token })).items;
  assert.equal(list.length, 1);
  await post(at(list[0], 'close'), { reason: 'other' });
  sql('SELECT jobs.help_scan(500)');
  assert.equal((await call('GET', '/v1/jobs/my/help-cases', { token: p.token })).items.length, 1, 'not again for the same cause');
});

test('an officer opens one for whom no register brought in, in the own area', async () => {
  const p = await person();
  const c = await known(() => call('POST', CASES, { token: clerk, body: { person_id: p.id, group: 'household' }, refused: true }));
  assert.equal(c.group, 'household');
  assert.equal(c.source, 'officer');
  await no(CASES, { person_id: NOBODY, group: 'other' }, 409, 'jobs.person_unknown');
  await no(CASES, { person_id: (await person()).id, group: 'other' }, 409, 'jobs.person_unknown', lst);
  await no(CASES, { person_id: p.id, group: 'rich' }, 422, 'request.invalid', clerk, '/group field.choice');
  await no(CASES, { person_id: p.id, group: 'other' }, 403, 'auth.forbidden', p.token);
});

test('given to an officer, given on, sent to another county with all it holds', async () => {
  const p = await helped();
  const mine = await post(at(p.case, 'assign'), {});
  assert.ok(mine.officer_id);
  const other = randomUUID();
  assert.equal((await post(at(p.case, 'assign'), { officer_id: other })).officer_id, other);
  const list = await get(`${CASES}?officer_id=${other}`);
  assert.deepEqual(list.items.map((c) => c.id), [p.case.id]);
  await no(at(p.case, 'transfer'), { area_code: '431129', reason: '迁居' }, 409, 'jobs.help_same_county');
  await no(at(p.case, 'transfer'), { area_code: '431100', reason: '迁居' }, 422, 'field.area_code');
  await post(at(p.case, 'contacts'), contact());
  await post(at(p.case, 'transfer'), { area_code: '431103', reason: '迁居冷水滩' });
  await refused('GET', `${CASES}/${p.case.id}`, { token: clerk }, 404, 'request.not_found');
  const there = await get(`${CASES}/${p.case.id}`, lst);
  assert.equal(there.officer_id, null);
  assert.equal(there.contacts.length, 1);
  assert.ok(there.timeline.some((s) => s.step === 'transferred' && s.note === '迁居冷水滩'));
  await no(at(p.case, 'assign'), {}, 404, 'request.not_found');
});

test('packages: shown from the start, offered when the city enables them, kept by version', async () => {
  const p = await helped();
  const all = (await get('/v1/jobs/help-packages')).items;
  assert.deepEqual(all.filter((x) => x.code === '1131').map((x) => x.items.map((i) => `${i.kind} ${i.times}`).join()),
    ['policy 1,guidance 1,referral 3,training 1']);
  await no(at(p.case, 'plan'), { package_code: '1131' }, 409, 'jobs.help_package_off');
  const county = mint({ roles: ['approve@431129'] });
  const body = { code: '311', name: '311服务', source: '测试', items: [{ kind: 'visit', times: 1 }], is_enabled: true, from_on: now };
  await no('/v1/jobs/help-packages', body, 403, 'auth.area', county);
  await no('/v1/jobs/help-packages', body, 403, 'auth.forbidden');
  await eachMistake('POST', '/v1/jobs/help-packages', city, body, [
    [{ items: [] }, '/items field.count'], [{ items: [{ kind: 'visit', times: 0 }] }, '/items/0/times field.too_small'],
    [{ name: undefined }, '/name field.missing']]);
  await no('/v1/jobs/help-packages', { ...body, code: 'ab' }, 422, 'field.format', city, '/code field.format');
  const v = await enabled();
  assert.equal(v.items[2].within_days, null);
  const c = await post(at(p.case, 'plan'), { package_code: '311' });
  assert.equal(c.package_version, v.version);
  assert.equal(c.items.length, 5);
  assert.deepEqual(c.items.filter((i) => i.due_on === null).map((i) => i.kind), ['training']);
  const w = await enabled();
  assert.equal(w.version, v.version + 1);
  assert.equal((await get(`${CASES}/${p.case.id}`)).package_version, v.version);
  await no(at(p.case, 'plan'), { package_code: '311' }, 409, 'state.wrong');
});

test('services are written down; refusals are counted; a referral becomes done by applying and by the hire', async () => {
  const p = await helped();
  const { f, v } = await vacancy();
  const item = await post(at(p.case, 'items'), { kind: 'referral', title: '推荐电机岗位', due_on: dayPlus(now, 5) });
  const give = { kind: 'referral', item_id: item.id, vacancy_id: v.id };
  await no(at(p.case, 'contacts'), contact({ kind: 'referral', item_id: item.id }), 422, 'jobs.help_referral', clerk, '/vacancy_id jobs.help_referral');
  await no(at(p.case, 'contacts'), contact({ vacancy_id: v.id }), 422, 'jobs.help_referral');
  await no(at(p.case, 'contacts'), contact({ ...give, vacancy_id: NOBODY }), 409, 'jobs.vacancy_not_open');
  await no(at(p.case, 'contacts'), contact({ item_id: item.id }), 409, 'jobs.help_item');
  await no(at(p.case, 'contacts'), contact({ outcome: 'refused' }), 422, 'jobs.help_refusal');
  await no(at(p.case, 'contacts'), contact({ contacted_on: dayPlus(now, 1) }), 422, 'field.date_future');
  await no(at(p.case, 'contacts'), contact({ contacted_on: dayPlus(now, -1) }), 422, 'field.date_order');
  await no(at(p.case, 'contacts'), contact({ next_visit_on: dayPlus(now, -1) }), 422, 'field.date_past');
  await no(at(p.case, 'contacts'), contact(), 404, 'request.not_found', lst);
  await no(at(p.case, 'items'), { kind: 'visit', title: '回访', due_on: dayPlus(now, -1) }, 422, 'field.date_past');
  await post(at(p.case, 'contacts'), contact({ ...give, reply: '愿意', consents: 'given' }));
  let c = await get(`${CASES}/${p.case.id}`);
  assert.deepEqual(c.items.map((i) => i.state), ['given']);
  assert.equal(c.last_contact_on, now);
  const a = await call('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, body: {} });
  c = await get(`${CASES}/${p.case.id}`);
  assert.deepEqual(c.items.map((i) => `${i.state} ${i.outcome}`), ['done applied']);
  await post(at(p.case, 'contacts'), contact({ outcome: 'refused', refusal_reason: '路远', kind: 'training' }));
  await post(at(p.case, 'contacts'), contact({ outcome: 'unreached', next_visit_on: dayPlus(now, 3) }));
  c = await get(`${CASES}/${p.case.id}`);
  assert.deepEqual([c.refused_count, c.next_visit_on, c.contacts.length], [1, dayPlus(now, 3), 3]);
  const extra = await post(at(p.case, 'items'), { kind: 'startup', title: '创业指导' });
  assert.equal((await post(`/v1/jobs/help-items/${extra.id}/drop`, { note: '不再需要' })).state, 'dropped');
  await no(`/v1/jobs/help-items/${extra.id}/drop`, { note: '不再需要' }, 409, 'state.wrong');
  await no(`/v1/jobs/help-items/${extra.id}/drop`, { note: '不再需要' }, 404, 'request.not_found', lst);
  await call('POST', `/v1/jobs/applications/${a.id}/hire`, { token: f.token,
    body: { hired_on: now, contract_type: 'task', wage_cents: 300000 } });
  c = await get(`${CASES}/${p.case.id}`);
  assert.deepEqual([c.state, c.close_reason, c.items.find((i) => i.id === item.id).outcome], ['closed', 'employed', 'hired']);
  await no(at(p.case, 'contacts'), contact(), 409, 'state.wrong');
  await no(at(p.case, 'items'), { kind: 'visit', title: '回访' }, 409, 'state.wrong');
  const served = (await get('/v1/jobs/help-contacts?kind=referral')).items;
  assert.ok(served.some((x) => x.person_id === p.id));
  await eventually(() => sql(`SELECT type FROM jobs.event_log WHERE payload ->> 'case_id' = '${p.case.id}' AND type ~ '^jobs[.]help[.]'
    AND type <> 'jobs.help.opened.v1' ORDER BY seq`).flat().join() === 'jobs.help.served.v1,jobs.help.closed.v1', 'one served, one closed');
});

test('the person answers: what is refused counts, what is closed cannot be answered', async () => {
  const p = await helped();
  const [a, b] = [await post(at(p.case, 'items'), { kind: 'training', title: '电工培训' }),
    await post(at(p.case, 'items'), { kind: 'internship', title: '就业见习' })];
  const answer = (i, body, token = p.token) => call('POST', `/v1/jobs/my/help-items/${i.id}/answer`, { token, body });
  const path = `/v1/jobs/my/help-items/${a.id}/answer`;
  await no(path, { accepts: false }, 422, 'jobs.help_refusal', p.token);
  await no(path, { accepts: true }, 404, 'request.not_found', (await person()).token);
  await no(path, { accepts: true }, 403, 'auth.forbidden');
  assert.equal((await answer(a, { accepts: false, reason: '时间不合适' })).state, 'refused');
  await no(path, { accepts: true }, 409, 'state.wrong', p.token);
  assert.equal((await answer(b, { accepts: true })).note, '本人接受');
  const c = await get(`${CASES}/${p.case.id}`);
  assert.deepEqual([c.refused_count, c.contacts.length, c.contacts[0].refusal_reason], [1, 1, '时间不合适']);
  assert.equal((await post(at(p.case, 'close'), { reason: 'refused' })).close_reason, 'refused');
});

test('next visits by day; late is taken to the city by the clock, once, and paused clocks stand still', async () => {
  await set({ escalate_days: 1, visit_days: 20, reopen_days: 60 });
  await no('/v1/jobs/help-settings', { visit_days: 3 }, 403, 'auth.area', mint({ roles: ['approve@431129'] }));
  await no('/v1/jobs/help-settings', { visit_days: 0 }, 422, 'request.invalid', city, '/visit_days field.too_small');
  assert.ok((await get('/v1/jobs/help-settings')).items.some((s) => s.county_code === '431100' && s.visit_days === 20));
  const [late, ill] = await Promise.all([helped(), helped()]);
  for (const p of [late, ill]) {
    assert.equal(p.case.next_visit_on, dayPlus(now, 20));
    await post(at(p.case, 'assign'), {});
    await post(at(p.case, 'items'), { kind: 'policy', title: '政策宣讲', due_on: dayPlus(now, 1) });
  }
  const officer = (await get(`${CASES}/${late.case.id}`)).officer_id;
  const due = (await get(`/v1/jobs/help-visits?officer_id=${officer}&due_to=${dayPlus(now, 1)}&limit=200`)).items;
  assert.ok([late, ill].every((p) => due.some((x) => x.id === p.case.id && x.due_on === dayPlus(now, 1) && x.overdue_days === 0)));
  const pause = { reason: 'illness', from_on: now, to_on: dayPlus(now, 2) };
  await no(at(ill.case, 'pause'), { ...pause, reason: 'unreachable' }, 422, 'request.invalid', clerk, '/reason field.choice');
  await no(at(ill.case, 'pause'), { ...pause, to_on: dayPlus(now, -1) }, 422, 'jobs.help_pause');
  await no(at(ill.case, 'pause'), { ...pause, from_on: dayPlus(now, -1) }, 422, 'field.date_order');
  await no(at(ill.case, 'resume'), undefined, 409, 'state.wrong');
  assert.equal((await post(at(ill.case, 'pause'), pause)).state, 'paused');
  await no(at(ill.case, 'pause'), pause, 409, 'state.wrong');
  await moved(4, async (day) => {
    await eventually(async () => (await get(`${CASES}/${late.case.id}`)).escalated_on === day, 'the late one is the city’s');
    const back = await eventually(async () => { const c = await get(`${CASES}/${ill.case.id}`); return c.state === 'open' && c; }, 'the pause ran out');
    assert.deepEqual([back.items[0].due_on, back.next_visit_on, back.escalated_on], [dayPlus(now, 4), dayPlus(now, 23), null]);
    assert.equal(back.pauses[0].resumed_on, dayPlus(now, 3));
    const list = (await get(`${CASES}?is_escalated=true&limit=200`, mint({ roles: ['recheck@431100'] }))).items;
    assert.ok(list.some((c) => c.id === late.case.id) && !list.some((c) => c.id === ill.case.id));
    assert.ok((await get('/v1/jobs/help-visits?is_overdue=true&limit=200')).items.some((c) => c.id === late.case.id && c.overdue_days === 3));
    const board = (await get('/v1/jobs/help-board')).items.find((b) => b.county_code === '431129');
    assert.ok(board.overdue >= 1 && board.escalated >= 1);
  });
  const c = await get(`${CASES}/${late.case.id}`);
  assert.equal(c.timeline.filter((s) => s.step === 'escalated').length, 1);
  await post(at(late.case, 'contacts'), contact({ kind: 'policy', item_id: c.items[0].id }));
  assert.equal((await get(`${CASES}/${late.case.id}`)).escalated_on, null, 'done: the city need not look any more');
});

test('resumed by hand before the pause runs out, by an officer of the area', async () => {
  const p = await helped();
  await post(at(p.case, 'pause'), { reason: 'illness', from_on: now, to_on: dayPlus(now, 5) });
  await no(at(p.case, 'resume'), undefined, 404, 'request.not_found', lst);
  await no(at(p.case, 'resume'), undefined, 403, 'auth.forbidden', p.token);
  assert.equal((await post(at(p.case, 'resume'))).state, 'open');
  assert.deepEqual((await get(`${CASES}/${p.case.id}`)).pauses.map((x) => x.resumed_on), [now]);
  await no(at(p.case, 'resume'), undefined, 409, 'state.wrong');
});

test('closed with its reason, reopened within the period that is set', async () => {
  await set({ visit_days: 20 });
  const p = await helped();
  await no(at(p.case, 'close'), { reason: 'refused' }, 409, 'jobs.help_not_refused');
  await no(at(p.case, 'close'), { reason: 'bored' }, 422, 'request.invalid', clerk, '/reason field.choice');
  await no(at(p.case, 'close'), { reason: 'moved' }, 404, 'request.not_found', lst);
  await no(at(p.case, 'reopen'), undefined, 409, 'state.wrong');
  assert.equal((await post(at(p.case, 'close'), { reason: 'moved' })).close_reason, 'moved');
  await no(at(p.case, 'close'), { reason: 'moved' }, 409, 'state.wrong');
  await no(at(p.case, 'assign'), {}, 409, 'state.wrong');
  await no(at(p.case, 'reopen'), undefined, 409, 'jobs.help_reopen_unset');
  await set({ visit_days: 20, reopen_days: 2 });
  assert.equal((await post(at(p.case, 'reopen'))).state, 'open');
  await post(at(p.case, 'close'), { reason: 'other' });
  await moved(3, () => no(at(p.case, 'reopen'), undefined, 409, 'jobs.help_reopen_late'));
});

test('figures say what they are made of; small cells are hidden from statisticians', async () => {
  const p = await helped();
  await post(at(p.case, 'contacts'), contact());
  const q = `/v1/jobs/help-figures?from_on=${dayPlus(now, -30)}&to_on=${now}&county_code=431129`;
  const rows = (await get(q)).items;
  const r = rows.find((x) => x.group === 'unemployed');
  assert.ok(r.persons >= r.followed && r.followed >= 1 && r.served >= 1);
  assert.equal(r.help_rate_bp, Math.floor(r.served * 10000 / r.persons));
  const seen = (await get(q, mint({ roles: ['stats@431129'] }))).items;
  for (const x of seen) {
    const full = rows.find((y) => y.group === x.group);
    const small = [full.persons, full.followed, full.served, full.employed].some((n) => n > 0 && n < 5);
    assert.equal(x.hidden, small);
    assert.equal('persons' in x, !small);
  }
  assert.ok(seen.some((x) => x.hidden));
  await refused('GET', `/v1/jobs/help-figures?from_on=${now}&to_on=${dayPlus(now, -1)}`, { token: clerk },
    422, 'request.invalid', 'to_on field.date_order');
  await refused('GET', q, { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/help-board', { token: p.token }, 403, 'auth.forbidden');
});

test('lists are for the officers, each person’s own for the person; a wrong question is told', async () => {
  const p = await person();
  for (const path of [CASES, '/v1/jobs/help-visits', '/v1/jobs/help-contacts'])
    await refused('GET', path, { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/my/help-cases', { token: clerk }, 403, 'auth.forbidden');
  for (const [path, field] of [[`${CASES}?group=rich`, 'group field.choice'], ['/v1/jobs/help-visits?due_to=soon', 'due_to field.format'],
    ['/v1/jobs/help-contacts?kind=gift', 'kind field.choice'], ['/v1/jobs/help-packages?cursor=x', 'cursor field.cursor'],
    ['/v1/jobs/help-settings?county=x', 'county field.unknown']])
    await refused('GET', path, { token: clerk }, 422, 'request.invalid', field);
});
