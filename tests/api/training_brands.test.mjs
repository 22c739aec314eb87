// training, 劳务品牌: asked for, checked by the county, decided by the city, borne by
// those who said yes, changed by checked versions, reported by the year, shown to
// everybody as data and as a page -- and everything refused.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { enrol, openClass, school, turn } from './class_help.mjs';
import { fetched, jpeg, pdf, png } from './files_help.mjs';
import { eachMistake, isProblem, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const HERE = '431126', TOWNS = ['431126001', '431126002'], AT = '/v1/training';
const now = await today(), YEAR = Number(now.slice(0, 4)) - 1;
const citizen = await person({ area_code: TOWNS[0] });
const mint = minter(citizen.token);
const officer = (role, area = HERE) => mint({ roles: [`${role}@${area}`] });
const first = officer('first_review'), second = officer('recheck'), clerk = officer('clerk');
const city = officer('approve', '431100'), elsewhere = officer('first_review', '431103');
const form = (over = {}) => ({ name: `宁远品牌${randomUUID().slice(0, 8)}`, category: 'industry', area_code: TOWNS[0],
  occupations: [{ code: '6-31-01-03' }], towns: TOWNS.map((code) => ({ code })), story: '本地百年手艺，\n<b>口碑</b>相传。', ...over });
const post = (path, token, body, over = {}) => call('POST', `${AT}/${path}`, { token, body, ...over });
const no = (path, token, body, ...over) => refused('POST', `${AT}/${path}`, { token, body }, ...over);
const get = (path, token) => call('GET', `${AT}/${path}`, { token });
const propose = (f, over) => known(() => call('POST', `${AT}/brands`, { token: f.token, body: form(over), refused: true }));
const yes = { pass: true };
async function recognised(f) {
  const b = await propose(f);
  await post(`brands/${b.id}/check`, first, yes);
  return post(`brands/${b.id}/decide`, city, yes);
}
const messages = async (who) => (await call('GET', '/v1/messages?limit=200', { token: who.token })).items.map((m) => m.title);
const photo = (b, token, bytes, name, status) => request('POST', `${AT}/brands/${b.id}/photos?caption=${encodeURIComponent('车间“一角”')}&name=${name}`,
  { token, raw: bytes, headers: { 'content-type': 'application/octet-stream', 'idempotency-key': `"${randomUUID()}"` } })
  .then((r) => { assert.equal(r.status, status ?? 201, r.text); return status ? r : r.json; });

test('three hands recognise a brand; each mistake is named, each wrong hand refused', async () => {
  const [f, other] = await Promise.all([firm({ area_code: TOWNS[0] }), firm({ area_code: TOWNS[1] })]);
  const b = await propose(f);
  assert.deepEqual([b.state, b.version, b.county_code, b.applicant_id, b.case_state], ['proposed', 0, HERE, f.org_id, 'accepted']);
  assert.match(b.case_no, /^TR/);
  await eachMistake('POST', `${AT}/brands`, f.token, form(), [
    [{ name: undefined }, '/name field.missing'], [{ category: 'food' }, '/category field.choice'],
    [{ occupations: [] }, '/occupations field.count'], [{ occupations: [{ code: '0' }] }, '/occupations/0/code field.occupation_code'],
    [{ occupations: [{ code: '6-31-01-03' }, { code: '6-31-01-03' }] }, '/occupations/1/code field.duplicate'],
    [{ towns: [{ code: HERE }] }, '/towns/0/code field.area_code'], [{ towns: [{ code: TOWNS[0] }, { code: TOWNS[0] }] }, '/towns/1/code field.duplicate'],
    [{ area_code: '431100' }, '/area_code field.area_code'], [{ story: '短' }, '/story field.too_short'], [{ state: 'recognised' }, '/state field.unknown']]);
  await no('brands', other.token, form({ name: b.name }), 409, 'state.exists');
  await no('brands', elsewhere, form(), 403, 'auth.area');
  await no('brands', citizen.token, form(), 403, 'auth.forbidden');
  await refused('GET', `${AT}/brands/${b.id}`, {}, 404, 'request.not_found');
  await refused('GET', `${AT}/brands/${b.id}/page`, {}, 404, 'request.not_found');
  await refused('GET', `${AT}/own/brands/${b.id}`, { token: other.token }, 404, 'request.not_found');

  await no(`brands/${b.id}/check`, elsewhere, yes, 404, 'request.not_found');
  await no(`brands/${b.id}/check`, first, { pass: false }, 422, 'request.invalid', '/note field.missing');
  await no(`brands/${b.id}/decide`, city, yes, 409, 'state.wrong');
  assert.equal((await post(`brands/${b.id}/check`, first, { pass: false, note: '请补充故事' })).state, 'returned');
  const better = { ...form(), name: b.name, area_code: undefined };
  await refused('PUT', `${AT}/brands/${b.id}`, { token: other.token, body: better }, 404, 'request.not_found');
  assert.equal((await call('PUT', `${AT}/brands/${b.id}`, { token: f.token, body: better })).state, 'proposed');
  assert.equal((await post(`brands/${b.id}/check`, first, yes)).state, 'checked');
  await refused('PUT', `${AT}/brands/${b.id}`, { token: f.token, body: better }, 409, 'state.wrong');
  await no(`brands/${b.id}/check`, second, yes, 409, 'state.wrong');
  await no(`brands/${b.id}/decide`, officer('approve'), yes, 403, 'auth.area');
  await no(`brands/${b.id}/decide`, city, { pass: false }, 422, 'request.invalid', '/note field.missing');
  const done = await post(`brands/${b.id}/decide`, city, yes);
  assert.deepEqual([done.state, done.version, done.recognised_on], ['recognised', 1, now]);
  await no(`brands/${b.id}/decide`, city, yes, 409, 'state.wrong');
  assert.throws(() => sql(`UPDATE training.brand SET decided_by = checked_by WHERE id = '${b.id}'`), /brand_hands_check/);
  assert.equal((await call('GET', `/v1/cases/${b.case_no}`, { token: f.token })).state, 'done');
  assert.ok((await messages(f)).some((t) => /已获认定/.test(t)));
  await eventually(() => sql(`SELECT count(*) FROM training.event_log WHERE type = 'training.brand.moved.v1' AND key = '${b.id}'
    AND payload->>'state' = 'recognised'`)[0][0] === '1', 'the event');

  // An officer's own proposal needs two others, too.
  const one = randomUUID(), sub = (role, area = HERE) => mint({ sub: one, roles: [`${role}@${area}`] });
  const own = await post('brands', sub('first_review'), form({ category: 'service' }));
  assert.equal(own.applicant_id, null);
  await no(`brands/${own.id}/check`, sub('first_review'), yes, 409, 'training.same_hand');
  await post(`brands/${own.id}/check`, second, yes);
  await no(`brands/${own.id}/decide`, sub('approve', '431100'), yes, 409, 'training.same_hand');
  assert.equal((await post(`brands/${own.id}/decide`, city, { pass: false, note: '特色不明显' })).state, 'refused');
  const listed = await walk(`${AT}/own/brands?state=refused`, first, 50);
  assert.ok(listed.some((x) => x.id === own.id) && !listed.some((x) => x.id === b.id));
  assert.deepEqual((await walk(`${AT}/own/brands`, f.token, 1)).map((x) => x.id), [b.id]);
  await refused('GET', `${AT}/own/brands?state=lost`, { token: f.token }, 422, 'request.invalid', 'state field.choice');
});

test('bearers say yes for themselves; a person is shown only as they wish', async () => {
  const [f, ally, school, chief, stranger] = await Promise.all([firm({ area_code: TOWNS[0] }), firm({ area_code: TOWNS[1] }),
    firm({ kind: 'institution', area_code: TOWNS[0] }), person({ area_code: TOWNS[0] }), firm()]);
  const b = await recognised(f);
  await eventually(() => sql(`SELECT (SELECT count(*) FROM training.org WHERE id IN ('${ally.org_id}', '${school.org_id}'))
    + (SELECT count(*) FROM training.person WHERE id = '${chief.id}')`)[0][0] === '3', 'they are known');
  const name = (body, token = f.token) => post(`brands/${b.id}/bearers`, token, body);
  for (const [body, fault] of [[{ kind: 'leader' }, '/person_id field.missing'], [{ kind: 'leading_firm' }, '/org_id field.missing'],
    [{ kind: 'association', org_id: ally.org_id }, '/kind field.choice']])
    await no(`brands/${b.id}/bearers`, f.token, body, 422, 'request.invalid', fault);
  await no(`brands/${b.id}/bearers`, f.token, { kind: 'leader', person_id: chief.id, org_id: ally.org_id }, 422, 'training.brand_bearer_who');
  await no(`brands/${b.id}/bearers`, f.token, { kind: 'leading_firm', org_id: NOBODY }, 409, 'training.org_unknown');
  await no(`brands/${b.id}/bearers`, f.token, { kind: 'leader', person_id: NOBODY }, 409, 'training.person_unknown');
  await no(`brands/${b.id}/bearers`, stranger.token, { kind: 'leading_firm', org_id: ally.org_id }, 404, 'request.not_found');
  const [x, y, z] = [await name({ kind: 'leading_firm', org_id: ally.org_id }), await name({ kind: 'institution', org_id: school.org_id }, clerk),
    await name({ kind: 'leader', person_id: chief.id })];
  await no(`brands/${b.id}/bearers`, f.token, { kind: 'leader', person_id: chief.id }, 409, 'state.exists');
  assert.deepEqual((await get(`brands/${b.id}`)).bearers, [{ kind: 'leading_firm', name: f.org.name }], 'nobody before they said so');
  assert.ok((await messages(chief)).some((t) => /带头人/.test(t)));
  const answer = (row, who, body) => post(`brand-bearers/${row.id}/answer`, who.token, body);
  await no(`brand-bearers/${x.id}/answer`, f.token, { accept: true }, 404, 'request.not_found');
  assert.equal((await answer(x, ally, { accept: true })).state, 'confirmed');
  assert.equal((await answer(y, school, { accept: false })).state, 'declined');
  await no(`brand-bearers/${y.id}/answer`, school.token, { accept: true }, 409, 'state.wrong');
  assert.equal((await answer(z, chief, { accept: true, shown_name: '李师傅' })).shown_name, '李师傅');
  assert.deepEqual((await get(`brands/${b.id}`)).bearers.map((r) => r.name), [f.org.name, ally.org.name, '李师傅']);
  assert.ok(!JSON.stringify(await get(`brands/${b.id}`)).includes(chief.id));
  assert.deepEqual((await get(`own/brands/${b.id}`, f.token)).bearers.map((r) => r.state), ['confirmed', 'confirmed', 'declined', 'confirmed']);
  assert.deepEqual((await walk(`${AT}/brand-bearers`, chief.token, 5)).map((r) => [r.id, r.brand_name]), [[z.id, b.name]]);
  assert.equal((await walk(`${AT}/brand-bearers?brand_id=${b.id}`, first, 2)).length, 4);
  await refused('GET', `${AT}/brand-bearers?state=lost`, { token: first }, 422, 'request.invalid', 'state field.choice');
  await no(`brand-bearers/${z.id}/end`, ally.token, { note: '代为退出' }, 404, 'request.not_found');
  const gone = await post(`brand-bearers/${z.id}/end`, chief.token, { note: '不再担任' });
  assert.deepEqual([gone.state, gone.shown_name], ['ended', null], 'the name goes with them');
  await no(`brand-bearers/${z.id}/end`, clerk, { note: '再次' }, 409, 'state.wrong');
  assert.equal((await get(`brands/${b.id}`)).bearers.length, 2);
});

test('what a recognised brand says changes by versions that another checked', async () => {
  const [f, stranger] = await Promise.all([firm({ area_code: TOWNS[0] }), firm({ area_code: TOWNS[0] })]);
  const raw = await propose(f), change = { ...form({ category: 'heritage', story: '换了新的故事，说得更清楚。' }), name: undefined, area_code: undefined };
  await no(`brands/${raw.id}/versions`, f.token, change, 409, 'state.wrong');
  const b = await recognised(f);
  await no(`brands/${b.id}/versions`, stranger.token, change, 404, 'request.not_found');
  await no(`brands/${b.id}/versions`, f.token, { ...change, name: '改名' }, 422, 'request.invalid', '/name field.unknown');
  const v = await post(`brands/${b.id}/versions`, f.token, change);
  assert.deepEqual([v.state, v.version, v.case_state], ['proposed', null, 'accepted']);
  await no(`brands/${b.id}/versions`, f.token, change, 409, 'state.exists');
  assert.equal((await get(`brands/${b.id}`)).category, 'industry', 'nothing before the check');
  await no(`brand-versions/${v.id}/check`, elsewhere, yes, 404, 'request.not_found');
  await no(`brand-versions/${v.id}/check`, first, { pass: false }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(`brand-versions/${v.id}/check`, first, { pass: false, note: '依据不足' })).state, 'returned');
  await no(`brand-versions/${v.id}/check`, first, yes, 409, 'state.wrong');
  const one = randomUUID(), own = mint({ sub: one, roles: [`first_review@${HERE}`] });
  const w = await post(`brands/${b.id}/versions`, own, change);
  await no(`brand-versions/${w.id}/check`, own, yes, 409, 'training.same_hand');
  assert.equal((await post(`brand-versions/${w.id}/check`, second, yes)).version, 2);
  const shown = await get(`brands/${b.id}`);
  assert.deepEqual([shown.category, shown.version, shown.story], ['heritage', 2, '换了新的故事，说得更清楚。']);
  assert.deepEqual((await walk(`${AT}/brand-versions?brand_id=${b.id}`, f.token, 2)).map((x) => [x.version, x.state]),
    [[2, 'accepted'], [null, 'returned'], [1, 'accepted']]);
  assert.deepEqual((await walk(`${AT}/brand-versions?brand_id=${b.id}`, stranger.token, 2)), []);
  await refused('GET', `${AT}/brand-versions?state=lost`, { token: f.token }, 422, 'request.invalid', 'state field.choice');
  assert.throws(() => sql(`UPDATE training.brand_version SET story = '改' WHERE id = '${v.id}'`), /does not change/);
});

test('a year is reported row by row, handed in, checked by another; late ones are listed', async () => {
  const [f, stranger, sleepy, s, pupil] = await Promise.all([firm({ area_code: TOWNS[0] }), firm(), firm({ area_code: TOWNS[0] }), school({ area_code: TOWNS[0] }), person()]);
  const b = await recognised(f), idle = await recognised(sleepy);
  const cls = await openClass(s, { area_code: TOWNS[0] });
  await enrol(pupil, cls);
  await turn(s, cls, 'start');
  await turn(s, cls, 'complete');
  sql(`UPDATE training.enrolment SET completed_on = '${YEAR}-12-31' WHERE class_id = '${cls.id}'`);
  const years = `brands/${b.id}/years`, row = (town, place, workers) => ({ town_code: town, place, workers });
  const rows = [row(TOWNS[0], 'county', 40), row(TOWNS[0], 'outside', 3), row(TOWNS[1], 'outside', 9)];
  await no(years, f.token, { year: YEAR, rows }, 422, 'training.brand_year', '/year training.brand_year');
  sql(`UPDATE training.brand SET recognised_on = '${YEAR}-03-01' WHERE id = '${b.id}'`);
  await no(years, f.token, { year: YEAR + 1, rows }, 422, 'training.brand_year', '/year training.brand_year');
  await no(years, stranger.token, { year: YEAR, rows }, 404, 'request.not_found');
  await eachMistake('POST', `${AT}/${years}`, f.token, { year: YEAR, rows }, [
    [{ rows: [] }, '/rows field.count'], [{ rows: [row(TOWNS[0], 'moon', 1)] }, '/rows/0/place field.choice'],
    [{ rows: [row(TOWNS[0], 'county', -1)] }, '/rows/0/workers field.too_small'], [{ avg_wage_cents: -1 }, '/avg_wage_cents field.too_small']]);
  const mixed = await post(years, f.token, { year: YEAR, avg_wage_cents: 512345, rows: [...rows, row('431103001', 'county', 8), row(TOWNS[1], 'city', 1), row(TOWNS[1], 'city', 2)] });
  assert.deepEqual([mixed.taken, mixed.failed, mixed.rows.map((r) => r.code)],
    [3, 3, [null, null, null, 'training.brand_town', 'field.duplicate', 'field.duplicate']]);
  const again = await post(years, f.token, { year: YEAR, rows });
  assert.deepEqual([again.id, again.taken, again.avg_wage_cents], [mixed.id, 3, 512345], 'sent again, it is the same');
  const y = `brand-years/${mixed.id}`;
  const pageOne = await get(`${y}/rows?limit=2`, f.token);
  const rest = await get(`${y}/rows?cursor=${encodeURIComponent(pageOne.next_cursor)}`, first);
  assert.deepEqual([...pageOne.items, ...rest.items].map((r) => r.workers), [40, 3, 9]);
  await no(`${y}/submit`, stranger.token, undefined, 404, 'request.not_found');
  await no(`${y}/check`, first, yes, 409, 'state.wrong');
  assert.equal((await post(`${y}/submit`, f.token)).state, 'submitted');
  await no(`${y}/submit`, f.token, undefined, 409, 'state.wrong');
  await no(years, f.token, { year: YEAR, rows }, 409, 'state.wrong');
  await no(`${y}/check`, first, { pass: false }, 422, 'request.invalid', '/note field.missing');
  assert.equal((await post(`${y}/check`, first, { pass: false, note: '人数请核实' })).state, 'returned');
  // Sent in by an officer, it is another's to check.
  const one = randomUUID(), own = mint({ sub: one, roles: [`first_review@${HERE}`] });
  assert.equal((await post(years, own, { year: YEAR, rows })).state, 'draft');
  await post(`${y}/submit`, own);
  await no(`${y}/check`, own, yes, 409, 'training.same_hand');

  const set = (body, token = city) => post('skill-rules', token, { legal_basis: '市人社局通知', from_on: `${YEAR + 1}-01-01`, ...body });
  const late = async () => (await walk(`${AT}/brand-overdue`, first, 50)).map((x) => x.id);
  if (sql(`SELECT count(*) FROM training.skill_rule WHERE code = 'brand_report_days'`)[0][0] === '0') {
    await refused('GET', `${AT}/brand-overdue`, { token: first }, 409, 'training.rule_unset');
    await set({ code: 'brand_report_days', value: 60 });
  }
  await no('skill-rules', city, { code: 'brand_report_days', value: 90, legal_basis: '通知', from_on: `${YEAR + 1}-01-01` }, 409, 'training.rule_later');
  await no('skill-rules', officer('approve'), { code: 'brand_report_days', value: 1, legal_basis: '通知', from_on: now }, 403, 'auth.area');
  await no('skill-rules', city, { code: 'brand_target', county_code: HERE, value: 1, legal_basis: '通知', from_on: now }, 422, 'request.invalid', '/county_code field.unknown');
  await no('skill-rules', city, { code: 'county_studio_cents', value: 1, legal_basis: '通知', from_on: now }, 422, 'request.invalid', '/county_code field.missing');
  assert.deepEqual((await walk(`${AT}/skill-rules?code=brand_target`, undefined, 5)).map((r) => [r.value, r.legal_basis]), [[30, '永政办发〔2024〕15号 二（四）12']]);
  await refused('GET', `${AT}/skill-rules?code=luck`, {}, 422, 'request.invalid', 'code field.choice');
  assert.ok((await late()).includes(b.id), 'not passed by its day');
  sql(`UPDATE training.brand SET recognised_on = '${YEAR}-03-01' WHERE id = '${idle.id}'`);
  await refused('GET', `${AT}/brand-overdue`, { token: f.token }, 403, 'auth.forbidden');

  const passed = await post(`${y}/check`, second, yes);
  assert.deepEqual([passed.state, passed.workers, passed.towns, passed.trained], ['passed', 52, 2, 1]);
  assert.ok(!(await late()).includes(b.id));
  const told = async (who) => (await messages(who)).filter((t) => /已逾期/.test(t)).length;
  const whileLate = await told(f);	// the clock may have come by while its report was late, once
  assert.ok(whileLate <= 1);
  await eventually(() => sql(`SELECT count(*) FROM training.event_log WHERE type = 'training.brand.year_passed.v1' AND key = '${mixed.id}'
    AND payload->>'workers' = '52'`)[0][0] === '1', 'the event');
  const [shown] = (await get(`brands/${b.id}`)).years;
  assert.deepEqual([shown.year, shown.workers, shown.avg_wage_cents, shown.trained], [YEAR, 52, 512345, null]);
  assert.deepEqual(shown.places, [{ place: 'county', workers: 40 }, { place: 'outside', workers: 12 }]);
  assert.deepEqual((await walk(`${AT}/brand-years?brand_id=${b.id}&year=${YEAR}`, f.token, 3)).map((x) => x.state), ['passed']);
  await refused('GET', `${AT}/brand-years?year=1`, { token: f.token }, 422, 'request.invalid', 'year field.too_small');
  await refused('GET', `${AT}/${y}/rows`, { token: citizen.token }, 403, 'auth.forbidden');
  const mine = (await call('GET', `${AT}/brand-figures`, { token: officer('stats', '431100') })).items.find((x) => x.county_code === HERE);
  assert.ok(mine.recognised >= 1 && mine.city_target === 30 && mine.workers >= 52 && mine.towns === 2);
  await refused('GET', `${AT}/brand-figures`, { token: f.token }, 403, 'auth.forbidden');
  await eventually(async () => await told(sleepy) === 1, 'who is late is told');
  assert.equal(await told(f), whileLate, 'not for a report that passed');
});

test('pictures are handed in by bearers, shown by officers, read by everybody; the page runs nothing', async () => {
  const [f, stranger] = await Promise.all([firm({ area_code: TOWNS[0] }), firm()]);
  const b = await recognised(f);
  isProblem(await photo(b, f.token, pdf(), 'a.pdf', 422), 422, 'training.brand_photo');
  isProblem(await photo(b, f.token, Buffer.from('<script>'), 'a.png', 422), 422, 'file.kind');
  isProblem(await photo(b, stranger.token, png(), 'a.png', 404), 404, 'request.not_found');
  const [bytes, grey] = [png(), jpeg()];
  const [p, q] = [await photo(b, f.token, bytes, 'a.png'), await photo(b, f.token, grey, 'b.jpg')];
  assert.deepEqual([p.is_shown, p.caption, p.county_code], [false, '车间“一角”', HERE]);
  await refused('GET', `${AT}/brand-photos/${p.id}`, {}, 404, 'request.not_found');
  await refused('GET', `${AT}/brand-photos/${p.id}`, { token: stranger.token }, 404, 'request.not_found');
  assert.equal((await fetched(`${AT}/brand-photos/${p.id}`, first)).status, 200, 'the officer looks first');
  const show = (x, token, shown) => post(`brand-photos/${x.id}/show`, token, { shown });
  await no(`brand-photos/${p.id}/show`, f.token, { shown: true }, 403, 'auth.forbidden');
  await no(`brand-photos/${p.id}/show`, officer('clerk', '431103'), { shown: true }, 404, 'request.not_found');
  await show(p, clerk, true);
  await show(q, clerk, true);
  const got = await request('GET', `${AT}/brand-photos/${p.id}`);
  assert.deepEqual([got.status, got.headers['content-type'], got.headers['x-content-type-options']], [200, 'image/png', 'nosniff']);
  assert.match(got.headers['content-security-policy'], /sandbox/);
  assert.ok((await fetched(`${AT}/brand-photos/${q.id}`, stranger.token)).bytes.equals(grey));

  const page = await request('GET', `${AT}/brands/${b.id}/page`);
  assert.equal(page.status, 200);
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(page.headers['content-security-policy'], /^default-src 'none'; img-src 'self'; style-src 'sha256-[A-Za-z0-9+/]+='; /);
  assert.ok(page.text.includes('&lt;b&gt;口碑&lt;/b&gt;') && !page.text.includes('<b>'), 'escaped');
  assert.ok(!/<script|javascript:|onerror/i.test(page.text));
  for (const part of [b.name, f.org.name, `/v1/training/brand-photos/${p.id}`, '领军企业', '专精特新'])
    assert.ok(page.text.includes(part), part);

  assert.equal((await show(p, f.token, false)).is_shown, false, 'its owner may hide it');
  assert.deepEqual((await get(`brands/${b.id}`)).photos.map((x) => x.id), [q.id]);
  assert.equal((await get(`own/brands/${b.id}`, f.token)).photos.length, 2);

  // The public list with its filters; a suspended brand is nowhere public.
  const has = async (query) => (await walk(`${AT}/brands?${query}`, undefined, 50)).some((x) => x.id === b.id);
  for (const [query, want] of [[`county_code=${HERE}`, true], ['county_code=431103', false], ['category=industry', true],
    ['category=service', false], ['occupation_code=6-31-01-03', true], [`q=${encodeURIComponent(b.name)}`, true], ['q=zzz', false]])
    assert.equal(await has(query), want, query);
  await refused('GET', `${AT}/brands?category=food`, {}, 422, 'request.invalid', 'category field.choice');
  const move = (state, note = '群众反映') => post(`brands/${b.id}/move`, city, { state, note });
  await no(`brands/${b.id}/move`, officer('approve'), { state: 'suspended', note: '整改' }, 403, 'auth.area');
  await no(`brands/${b.id}/move`, city, { state: 'suspended' }, 422, 'request.invalid', '/note field.missing');
  await no(`brands/${b.id}/move`, city, { state: 'recognised', note: '无须恢复' }, 409, 'state.wrong');
  assert.equal((await move('suspended')).state, 'suspended');
  assert.equal(await has(`county_code=${HERE}`), false);
  await refused('GET', `${AT}/brands/${b.id}`, {}, 404, 'request.not_found');
  await refused('GET', `${AT}/brand-photos/${q.id}`, {}, 404, 'request.not_found');
  assert.equal((await move('recognised', '整改到位')).state, 'recognised');
  assert.equal((await move('removed', '弄虚作假')).state, 'removed');
  await no(`brands/${b.id}/move`, city, { state: 'recognised', note: '恢复' }, 409, 'state.wrong');
  assert.ok((await messages(f)).some((t) => /已取消/.test(t)));
});
