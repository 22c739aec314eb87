// market: both sides of a quarter beside plain SQL over the tables of jobs, and
// its report: made when the quarter is over, by two hands, on paper.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { workbook } from '../lib/xlsx.mjs';
import { desk, eventually, firm, person } from '../lib/city.mjs';
import { dayPlus, eachMistake, known, minter, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const quarterOf = (day) => `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
const THIS = quarterOf(now);
const first = `${now.slice(0, 4)}-${String(Math.floor((Number(now.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`;
const LAST = quarterOf(dayPlus(first, -1));
const HERE = '431128', TOWN = '431128001';	// where no other test has postings or seekers
const mint = minter((await desk('jh.first')).token);
const here = mint({ roles: [`first_review@${HERE}`] }), check = mint({ roles: [`recheck@${HERE}`] }), cityFirst = mint({ roles: ['first_review@431100'] });
const cityCheck = mint({ roles: ['recheck@431100'] }), stats = (await desk('city.stats')).token;
const MARKET = '/v1/monitoring/market', REPORTS = `${MARKET}/reports`;
const get = (path, token = here) => call('GET', path, { token });
const post = (path, body, token) => call('POST', path, { token, body });

const employer = () => firm({ area_code: TOWN }), seeker = () => person({ area_code: TOWN });
const vacancy = (f, over = {}) => known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, refused: true, body: {
  title: '电机装配工', occupation_code: '6-24-01-00', area_code: TOWN, headcount: 7, pay_min_cents: 400000,
  pay_max_cents: 500000, pay_unit: 'month', form: 'full_time', education_code: '31', skill_level: 4, ...over } }));
const resume = (p, over = {}) => known(() => call('PUT', '/v1/jobs/my/resume', { token: p.token, refused: true, body: {
  state: 'seeking', education_code: '21', skill_level: 3, occupations: ['6-24-01-00'], areas: [HERE], forms: ['full_time'], ...over } }));
const jobless = (p) => known(() => call('POST', '/v1/jobs/unemployment-registrations',
  { token: p.token, refused: true, body: { reason: 'resigned', is_willing: 'yes' } }));
const line = (m, dim, code) => m.by[dim].find((l) => l.code === code) ??
  { demand: 0, demand_new: 0, seekers: 0, seekers_new: 0, seekers_carried: 0, demand_carried: 0 };

// What jobs' own tables say, without spells or facts: new in the quarter, and left of before.
const heads = () => sql(`SELECT coalesce(sum(headcount) FILTER (WHERE d >= '${first}'), 0),
    coalesce(sum(headcount_left) FILTER (WHERE d < '${first}' AND state IN ('open', 'paused')), 0)
    FROM (SELECT headcount, headcount_left, state, (posted_at AT TIME ZONE 'Asia/Shanghai')::date AS d FROM jobs.vacancy
           WHERE posted_at IS NOT NULL AND county_code = '${HERE}') v WHERE d <= '${now}'`)[0].map(Number);
const people = () => sql(`SELECT count(*) FILTER (WHERE d >= '${first}'), count(*) FILTER (WHERE d < '${first}')
    FROM (SELECT person_id, min(d) AS d FROM (
        SELECT person_id, registered_on AS d FROM jobs.unemployment WHERE is_willing IS NOT FALSE AND county_code = '${HERE}'
           AND (ended_on IS NULL OR registered_on >= '${first}')
        UNION ALL SELECT r.person_id, '${now}' FROM jobs.resume r WHERE r.state <> 'not_seeking' AND county_code = '${HERE}') x
      GROUP BY 1) y`)[0].map(Number);

test('heads asked for, filled and given up; seekers once each; as jobs has them', async () => {
  const before = await get(MARKET);
  assert.deepEqual([before.quarter, before.area_code, before.from_on], [THIS, HERE, first]);
  const [f, p, q, r] = await Promise.all([employer(), seeker(), seeker(), seeker()]);
  const open = await vacancy(f);
  const shut = await vacancy(f, { title: '仓库管理员', occupation_code: '4-02-06-01', headcount: 3, education_code: undefined, skill_level: undefined });
  assert.deepEqual([open.state, shut.state], ['open', 'open']);
  await resume(p);
  await jobless(p);	// the same person, once
  await jobless(q);
  await resume(r, { occupations: ['6-24', '4-02'], education_code: '61', skill_level: undefined });
  const want = { demand: before.total.demand_new + 10, seekers: before.total.seekers_new + 3 };
  const m = await eventually(async () => {
    const x = await get(MARKET);
    return x.total.demand_new === want.demand && x.total.seekers_new === want.seekers && x;
  }, 'both sides move').catch(async () => assert.deepEqual((await get(MARKET)).total, want));
  assert.equal(m.total.demand, m.total.demand_carried + m.total.demand_new);
  assert.equal(m.total.ratio_milli, Math.round((1000 * m.total.demand) / m.total.seekers));
  const moved = (dim, code, side) => line(m, dim, code)[side] - line(before, dim, code)[side];
  assert.equal(moved('occupation', '6-24-01', 'demand'), 7);
  assert.equal(moved('occupation', '6-24-01', 'seekers'), 1, 'the first wish, of that level');
  assert.equal(moved('occupation_middle', '6-24', 'seekers'), 2);
  assert.equal(moved('occupation_major', '4', 'demand'), 3);
  assert.equal(moved('education_level', '30', 'demand'), 7);
  assert.equal(moved('education_level', '20', 'seekers'), 1);
  assert.equal(moved('skill_level', '4', 'demand'), 7);
  assert.equal(moved('kind', 'unemployed', 'seekers'), 2);
  assert.equal(moved('kind', 'other', 'seekers'), 1);
  assert.equal(moved('industry', 'C', 'demand'), 10);
  assert.equal(moved('org_kind', 'enterprise', 'demand'), 10);
  assert.equal(line(m, 'sex', '1').demand, null);
  assert.equal(m.by.industry[0].seekers, null);
  for (const dim of ['industry', 'org_kind', 'occupation', 'occupation_major', 'education_level', 'skill_level'])
    assert.equal(m.by[dim].reduce((n, l) => n + l.demand, 0), m.total.demand, dim);
  for (const dim of ['occupation', 'education_level', 'sex', 'age', 'kind'])
    assert.equal(m.by[dim].reduce((n, l) => n + l.seekers, 0), m.total.seekers, dim);
  for (const [list, sign] of [[m.short, 1], [m.excess, -1]])
    assert.ok(list.length <= 10 && list.every((x, i) => x.gap === x.demand - x.seekers && x.gap * sign > 0 &&
      (i === 0 || list[i - 1].gap * sign >= x.gap * sign)));
  // beside plain SQL
  assert.deepEqual([m.total.demand_new, m.total.demand_carried], heads());
  assert.deepEqual([m.total.seekers_new, m.total.seekers_carried], people());
  const city = await get(MARKET, cityFirst);
  assert.deepEqual([city.area_code, city.total.demand_new], ['431100', Number(sql(`SELECT sum(heads) FROM jobs.demand_spell
    WHERE NOT is_filled AND from_on BETWEEN '${first}' AND '${now}'`)[0][0])]);
  // its rows
  const rows = await walk(`${MARKET}/rows?side=demand&occupation_code=6-24-01`, here, 50);
  assert.ok(rows.some((x) => x.vacancy_id === open.id && x.heads === 7 && x.org_id === f.org_id));
  assert.equal((await walk(`${MARKET}/rows?side=seekers`, here, 100)).length, m.total.seekers_new);
  assert.doesNotMatch(JSON.stringify(rows), /person/);
});

test('what was filled or closed is not carried into the next quarter', async () => {
  const [f, p, q] = await Promise.all([employer(), seeker(), seeker()]);
  const [v, w] = [await vacancy(f), await vacancy(f, { title: '质检员', occupation_code: '6-31-03-01', headcount: 4 })];
  await jobless(q);
  const a = await known(() => call('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, refused: true, body: {} }));
  await call('POST', `/v1/jobs/applications/${a.id}/hire`, { token: f.token, refused: true, body: { hired_on: now,
    contract_type: 'fixed', contract_months: 24, wage_cents: 450000 } }).then((x) => assert.ok(x.status < 300, x.text));
  await call('POST', `/v1/jobs/vacancies/${w.id}/close`, { token: f.token, body: {} });
  const next = `${quarterOf(now) === `${now.slice(0, 4)}Q4` ? Number(now.slice(0, 4)) + 1 : now.slice(0, 4)}Q${(Number(THIS[5]) % 4) + 1}`;
  const left = () => sql(`SELECT sum(headcount_left) FROM jobs.vacancy WHERE county_code = '${HERE}' AND state IN ('open', 'paused')
    AND (posted_at AT TIME ZONE 'Asia/Shanghai')::date <= '${now}'`)[0][0];	// the sample city's own may be of a day to come
  const m = await eventually(async () => {
    const x = await get(`${MARKET}?quarter=${next}`);
    return String(x.total.demand_carried) === left() && x;
  }, 'what is left is carried');
  assert.equal(m.total.demand_new, 0);
  assert.equal(m.total.demand, m.total.demand_carried);
  assert.equal(m.previous.quarter, THIS);
  assert.equal(m.previous.demand, (await get(MARKET)).total.demand);
  assert.equal(m.total.seekers_carried, Number(sql(`SELECT count(DISTINCT person_id) FROM (
      SELECT person_id FROM jobs.unemployment WHERE ended_on IS NULL AND is_willing IS NOT FALSE AND county_code = '${HERE}'
      UNION ALL SELECT person_id FROM jobs.resume WHERE state <> 'not_seeking' AND county_code = '${HERE}') x`)[0][0]), 'who still looks');
});

test('a quarter without data says so and divides nothing', async () => {
  const m = await get(`${MARKET}?quarter=2020Q1`);
  assert.deepEqual([m.is_empty, m.ratio_reason, m.total.ratio_milli, m.total.demand, m.short], [true, 'no_data', null, 0, []]);
  assert.deepEqual([m.previous.ratio_milli, m.previous.demand_change_milli], [null, null]);
});

test('small numbers of seekers are hidden from statisticians', async () => {
  const m = await get(MARKET, stats);
  assert.equal(m.area_code, '431100');
  const parts = Object.values(m.by).flat();
  assert.ok(parts.some((l) => l.is_hidden) && parts.every((l) => !l.is_hidden || (l.seekers === null && l.ratio_milli === null)));
  assert.ok(parts.every((l) => l.seekers === null || l.seekers === 0 || l.seekers >= 5));
  await refused('GET', `${MARKET}/rows?side=seekers`, { token: stats }, 403, 'auth.forbidden');
});

test('a report: made when the quarter is over, handed in, published by another; frozen', async () => {
  await refused('POST', REPORTS, { token: cityFirst, body: { quarter: THIS, area_code: '431100' } }, 409, 'monitoring.quarter_running',
    '/quarter monitoring.quarter_running');
  const own = dayPlus(first, 5) > now ? null : await eventually(async () =>
    (await get(`${REPORTS}?area_code=431125&quarter=${LAST}`, cityFirst)).items[0], 'the clock makes them');
  if (own) assert.deepEqual([own.state, own.made_by_clock, own.version], ['draft', true, 1]);
  const body = { quarter: LAST, area_code: HERE };
  // what a clerk and an employer entered then
  const [f, p] = await Promise.all([employer(), seeker()]), then = dayPlus(first, -20);
  await eventually(() => sql(`SELECT p.id FROM jobs.person p, jobs.org o WHERE p.id = '${p.id}' AND o.id = '${f.org_id}'`).length === 1, 'known');
  sql(`INSERT INTO jobs.unemployment (person_id, name_masked, registered_on, reason, county_code, area_code)
         VALUES ('${p.id}', '*', '${then}', 'resigned', '${HERE}', '${TOWN}');
       INSERT INTO jobs.vacancy (org_id, org_name, title, occupation_code, county_code, area_code, headcount, headcount_left,
         pay_min_cents, pay_max_cents, pay_unit, form, posted_at, expires_on)
       VALUES ('${f.org_id}', '某公司', '缝纫工', '6-05-01-01', '${HERE}', '${TOWN}', 6, 6, 400000, 500000, 'month', 'full_time',
         '${then} 09:00+08', '${dayPlus(now, 30)}')`);
  const live = await eventually(async () => {
    const x = await get(`${MARKET}?quarter=${LAST}`);
    return x.total.demand >= 6 && x.total.seekers >= 1 && x;
  }, 'a quarter with both sides');
  const r = await post(REPORTS, body, here), path = `${REPORTS}/${r.id}`;
  assert.deepEqual([r.state, r.made_by_clock], ['draft', false]);
  const whole = await get(path);
  assert.equal(whole.figures.total.demand, live.total.demand);
  assert.equal(whole.figures.total.seekers, live.total.seekers);
  await refused('GET', path, { token: mint({ roles: ['audit@431103'] }) }, 404, 'request.not_found');
  assert.equal((await post(`${path}/submit`, { remark: '本季用工<平稳>' }, here)).state, 'submitted');
  await refused('POST', `${path}/submit`, { token: here, body: {} }, 409, 'state.wrong');
  await refused('POST', `${path}/review`, { token: check, body: { pass: false } }, 422, 'request.invalid', '/note field.missing');
  const me = JSON.parse(Buffer.from(here.split('.')[1], 'base64url')).sub;
  await refused('POST', `${path}/review`, { token: mint({ roles: ['recheck@' + HERE], sub: me }), body: { pass: true } }, 409,
    'monitoring.report_same_hand');
  await refused('POST', `${path}/review`, { token: mint({ roles: ['recheck@431103'] }), body: { pass: true } }, 404, 'request.not_found');
  await refused('GET', `${MARKET}/published/${r.id}/page`, {}, 404, 'request.not_found');
  await refused('GET', `${MARKET}/published/${r.id}/workbook`, {}, 404, 'request.not_found');
  assert.equal((await post(`${path}/review`, { pass: true, note: '同意' }, check)).state, 'published');
  // corrected: a newer version takes its place
  const again = await post(REPORTS, body, here);
  assert.equal(again.version, r.version + 1);
  await post(`${REPORTS}/${again.id}/submit`, {}, here);
  assert.equal((await post(`${REPORTS}/${again.id}/review`, { pass: true }, check)).state, 'published');
  assert.equal((await get(path)).state, 'superseded');
  const third = await post(REPORTS, body, here), fourth = await post(REPORTS, body, here);
  await refused('POST', `${REPORTS}/${third.id}/submit`, { token: here, body: {} }, 409, 'monitoring.report_outdated');
  await post(`${REPORTS}/${fourth.id}/submit`, {}, here);
  assert.equal((await post(`${REPORTS}/${fourth.id}/review`, { pass: false, note: '数据有误，请核实' }, check)).state, 'returned');
  assert.equal(sql(`SELECT count(*) FROM monitoring.market_report WHERE state = 'published' AND county_code = '${HERE}' AND to_char(quarter_on, 'YYYY"Q"Q') = '${LAST}'`)[0][0], '1');
  assert.throws(() => sql(`UPDATE monitoring.market_report SET figures = '{}' WHERE id = '${r.id}'`, 'monitoring_app'));
  assert.equal(whole.figures.short.concat(whole.figures.excess).length > 0, true);
  // on paper
  const paper = await request('GET', `${path}/page`, { token: here });
  assert.match(paper.headers['content-type'], /^text\/html/);
  assert.match(paper.headers['content-security-policy'], /default-src 'none'; style-src 'sha256-/);
  assert.match(paper.text, /@page\{size:A4/);
  assert.match(paper.text, /本季用工&lt;平稳&gt;/);
  assert.match(paper.text, new RegExp(`<td>需求人数</td><td>${live.total.demand_carried}</td><td>${live.total.demand_new}</td>`));
  for (const [what, token] of [[`${path}/workbook`, here], [`${MARKET}/published/${again.id}/workbook`]]) {
    assert.equal((await request('GET', what, { token })).status, 200);
    const book = await workbook(what, token);
    assert.deepEqual(book.sheet, ['总体', '短缺职业前十', '富余职业前十', '按行业', '按单位类型', '按职业大类', '按职业中类', '按职业小类',
      '按文化程度', '按技能等级', '求职人员性别', '求职人员年龄', '求职人员类别', '求职人员中的重点群体']);
    assert.match(book.text, /<t[^>]*>6-05-01<\/t>/);
  }
  const open = await request('GET', `${MARKET}/published/${again.id}/page`);
  assert.equal(open.status, 200);
  assert.ok((await call('GET', `${MARKET}/published?limit=200`)).items.some((x) => x.id === again.id && x.version === again.version));
  assert.ok((await get(`${REPORTS}?state=published&quarter=${LAST}&area_code=${HERE}`, cityFirst)).items.every((x) => x.id === again.id));
  await eventually(() => sql(`SELECT seq FROM monitoring.event_log WHERE type = 'monitoring.market_report.moved.v1' AND key = '${r.id}'`).length === 4, 'each step told');
});

test('odd questions and the wrong people are refused', async () => {
  const near = await refused('GET', `${MARKET}?area_code=431199`, { token: cityFirst }, 400, 'monitoring.area_unknown', 'area_code monitoring.area_unknown');
  assert.ok(near.json.errors[0].suggestions.some((s) => /^4311/.test(s.code)), near.text);
  const town = await refused('GET', `${MARKET}?area_code=${TOWN}`, { token: cityFirst }, 400, 'monitoring.area_unknown', 'area_code monitoring.area_unknown');
  assert.equal(town.json.errors[0].suggestions[0].code, HERE);
  await refused('GET', `${MARKET}?area_code=431103`, { token: here }, 403, 'auth.area');
  assert.equal((await get(`${MARKET}?area_code=431100`)).area_code, '431100', 'the city’s sum is everybody’s');
  for (const q of ['2025', '2025Q5', '2025-3', '2O25Q1'])
    await refused('GET', `${MARKET}?quarter=${q}`, { token: here }, 422, 'request.invalid', q === '2025' ? 'quarter field.format' : 'quarter field.format');
  await refused('GET', `${MARKET}/rows?side=orders`, { token: here }, 422, 'request.invalid', 'side field.choice');
  await refused('GET', `${MARKET}/rows?side=demand&cursor=AAAA`, { token: here }, 422, 'request.invalid', 'cursor field.cursor');
  await refused('GET', `${MARKET}/published?cursor=AAAA`, {}, 422, 'request.invalid', 'cursor field.cursor');
  await refused('GET', `${REPORTS}?state=lost`, { token: here }, 422, 'request.invalid', 'state field.choice');
  await eachMistake('POST', REPORTS, cityFirst, { quarter: '2024Q4', area_code: '431100' }, [
    [{ quarter: undefined }, '/quarter field.missing'], [{ quarter: '2024Q0' }, '/quarter field.format'],
    [{ area_code: 'x' }, '/area_code field.format'], [{ county: 'x' }, '/county field.unknown']]);
  await refused('POST', REPORTS, { token: cityFirst, body: { quarter: '2024Q4', area_code: '999999' } }, 400, 'monitoring.area_unknown');
  await refused('POST', REPORTS, { token: here, body: { quarter: '2024Q4', area_code: '431100' } }, 403, 'auth.area');
  for (const path of [`${REPORTS}/${NOBODY}`, `${REPORTS}/${NOBODY}/page`, `${REPORTS}/${NOBODY}/workbook`])
    await refused('GET', path, { token: here }, 404, 'request.not_found');
  await refused('POST', `${REPORTS}/${NOBODY}/submit`, { token: here, body: {} }, 404, 'request.not_found');
  await refused('POST', `${REPORTS}/${NOBODY}/review`, { token: check, body: { pass: true } }, 404, 'request.not_found');
  for (const token of [(await person()).token, (await firm()).token, (await desk('jh.clerk')).token])
    await refused('GET', MARKET, { token }, 403, 'auth.forbidden');
  await refused('POST', REPORTS, { token: cityCheck, body: {} }, 403, 'auth.forbidden');
});
