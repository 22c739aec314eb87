// rosters: graduates without work and people lifted from poverty, taken in from
// files, linked to who registers, followed, counted; and one view of a person.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person, random, someone } from '../lib/city.mjs';
import { register } from '../lib/client.mjs';
import { idNumber } from '../lib/fake.mjs';
import { CASES, clerk, contact, file, get, GRADUATES, helped, lst, mint, moved, no, now, post, POVERTY } from './help_fixture.mjs';
import { dayPlus, known, NOBODY, refused, sql } from './help.mjs';

const id = () => idNumber(random, '2003-05-06');
const graduate = (over = {}) => [over.id ?? id(), over.name ?? '李明', '湖南科技学院', '电气工程', '21', over.on ?? dayPlus(now, -40),
  over.area ?? '431129100'].join();
const member = (over = {}) => [over.id ?? id(), '赵四', over.no ?? `H${random.digits(8)}`, over.kind ?? 'lifted',
  over.area ?? '431129100'].join();
const find = (list, school) => list.find((g) => g.school === school);

test('a file is taken row by row: applied, the same, or reported; sent again it changes nothing', async () => {
  const [a, b] = [id(), id()];
  const rows = [GRADUATES, graduate({ id: a }), graduate({ id: b, name: '欧阳春' }), graduate({ id: a }),
    graduate({ id: '43112919990101001X' }), graduate({ on: dayPlus(now, 3) }), graduate({ area: '431103' }),
    graduate({ area: '999999' }), `${id()},王五`, `${id()},,湖南科技学院,电气,21,${now},431129100`, '"坏'];
  const r = await file('graduates', rows);
  assert.deepEqual([r.rows_read, r.rows_applied, r.rows_same, r.rows_matched, r.rows_failed], [10, 2, 0, 0, 8]);
  assert.deepEqual(r.errors.map((e) => `${e.line} ${e.column} ${e.code}`).sort(), ['10 name field.missing', '11 null field.format',
    '4 null field.duplicate', '5 id_number field.id_number', '6 graduated_on field.date_future', '7 area_code auth.area',
    '8 area_code field.area_code', '9 null field.count']);
  const again = await file('graduates', rows.slice(0, 3));
  assert.deepEqual([again.rows_applied, again.rows_same, again.rows_failed], [0, 2, 0]);
  const kept = sql(`SELECT name_masked FROM jobs.graduate WHERE school = '湖南科技学院'`).flat();
  assert.ok(kept.includes('欧*') && kept.every((n) => /\*/.test(n)), 'no name in clear');
  assert.ok((await get('/v1/jobs/roster-imports')).items.some((x) => x.id === r.id));
  for (const [kind, status, code] of [['graduates', 422, 'jobs.roster_file'], ['villagers', 404, 'request.not_found']])
    await refused('POST', `/v1/jobs/rosters/${kind}/imports`, { token: clerk, raw: 'a,b\n' }, status, code);
  const auditor = mint({ roles: ['audit@431129'] });
  await refused('POST', '/v1/jobs/rosters/graduates/imports', { token: auditor, raw: 'a\n' }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/roster-imports', { token: auditor }, 403, 'auth.forbidden');
});

test('who registers is linked, and a case is opened; who is registered already at once', async () => {
  const later = id();
  const early = someone({ birth_on: '2003-05-06' });
  const p = await register(early);
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token, body: { reason: 'graduated' }, refused: true }));
  const r = await file('graduates', [GRADUATES, graduate({ id: later }), graduate({ id: early.id_number })]);
  assert.equal(r.rows_matched, 1);
  const q = await register({ ...someone(), id_number: later });
  const [c] = await eventually(async () => {
    const list = (await call('GET', '/v1/jobs/my/help-cases', { token: q.token })).items;
    return list.length === 1 && list;
  }, 'a case for the graduate');
  assert.deepEqual([c.group, c.source], ['graduate', 'graduate']);
  const list = (await get('/v1/jobs/graduates?limit=200')).items;
  assert.ok([p.id, q.id].every((x) => list.some((g) => g.person_id === x)));
  const mine = list.find((g) => g.person_id === q.id);
  assert.ok((await post(`/v1/jobs/graduates/${mine.id}/assign`, {})).officer_id);
  assert.ok((await get(`${CASES}/${c.id}`)).officer_id, 'the case too');
  await post(`${CASES}/${c.id}/contacts`, contact());
  const seen = await get(`/v1/jobs/graduates/${mine.id}`);
  assert.deepEqual([seen.followed_on, seen.served_on], [now, now]);
});

test('those not registered are followed on the roster; rates against their targets', async () => {
  const school = `院校${randomUUID().slice(0, 6)}`;
  const row = (n) => graduate({ id: id() }).replace('湖南科技学院', n);
  await file('graduates', [GRADUATES, row(school), row(`${school}二`)]);
  const list = (await get('/v1/jobs/graduates?limit=200&is_followed=false')).items;
  const [a, b] = [find(list, school), find(list, `${school}二`)];
  const follow = (g, body) => post(`/v1/jobs/graduates/${g.id}/follow-ups`, { contacted_on: now, ...body });
  assert.equal((await follow(a, { contact_result: 'unreached' })).followed_on, null);
  const f = await follow(a, { contact_result: 'seeking', is_served: true });
  assert.deepEqual([f.followed_on, f.served_on, f.is_willing], [now, now, true]);
  assert.equal((await follow(b, { contact_result: 'employed' })).employed_on, now);
  const path = `/v1/jobs/graduates/${a.id}/follow-ups`;
  await no(path, { contacted_on: dayPlus(now, 1), contact_result: 'seeking' }, 422, 'field.date_future');
  await no(path, { contacted_on: dayPlus(now, -400), contact_result: 'seeking' }, 422, 'field.date_order');
  await no(path, { contacted_on: now, contact_result: 'rich' }, 422, 'field.choice');
  await no(path, { contacted_on: now, contact_result: 'seeking' }, 404, 'request.not_found', lst);
  await no(`/v1/jobs/graduates/${a.id}/assign`, {}, 404, 'request.not_found', lst);
  await refused('GET', `/v1/jobs/graduates/${a.id}`, { token: lst }, 404, 'request.not_found');
  await refused('GET', '/v1/jobs/graduates', { token: (await person()).token }, 403, 'auth.forbidden');
  const figures = await get('/v1/jobs/graduate-figures');
  const r = figures.items.find((x) => x.county_code === '431129');
  assert.equal(figures.targets.graduate_employment_bp, 9500);
  assert.equal(r.follow_up_rate_bp, Math.floor(r.followed * 10000 / r.persons));
  assert.equal(r.employment_rate_bp, Math.floor(r.employed * 10000 / r.willing));
  const [hidden] = (await get(`/v1/jobs/graduate-figures?graduated_from=2001-01-01`, mint({ roles: ['stats@431129'] }))).items;
  assert.equal(hidden.hidden, true);
  assert.equal(hidden.persons, undefined);
  await refused('GET', '/v1/jobs/graduate-figures', { token: (await person()).token }, 403, 'auth.forbidden');
});

test('poverty roster: spells of work away, none over another, told to the others; counted against 297,000', async () => {
  const no_ = `H${random.digits(9)}`, one = id();
  await file('poverty', [POVERTY, member({ no: no_, id: one }), member({ no: no_, kind: 'monitored' })]);
  const bad = await file('poverty', [POVERTY, member({ kind: 'poor' }), member({ area: '431103' })]);
  assert.deepEqual(bad.errors.map((e) => e.code).sort(), ['auth.area', 'field.choice']);
  const list = (await get(`/v1/jobs/poverty-members?household_no=${no_}`)).items;
  assert.deepEqual(list.map((m) => m.kind).sort(), ['lifted', 'monitored']);
  const m = list.find((x) => x.kind === 'lifted');
  const path = `/v1/jobs/poverty-members/${m.id}/spells`;
  const spell = (over = {}) => ({ place_kind: 'outside_province', place: '广东省东莞市', employer: '示例电子厂', from_on: dayPlus(now, -60),
    income_cents: 550000, source: 'village', ...over });
  const before = (await get('/v1/jobs/migration-figures')).items.find((x) => x.county_code === '431129');
  const s = await post(path, spell());
  await no(path, spell({ from_on: dayPlus(now, -10) }), 409, 'jobs.spell_overlap');
  await no(path, spell({ from_on: dayPlus(now, -90), to_on: dayPlus(now, -60) }), 409, 'jobs.spell_overlap');
  await no(path, spell({ from_on: dayPlus(now, -90), to_on: dayPlus(now, -91) }), 422, 'field.date_order');
  await no(path, spell({ from_on: dayPlus(now, 1) }), 422, 'field.date_future');
  await no(path, spell({ income_cents: -1 }), 422, 'field.too_small');
  await no(path, spell(), 404, 'request.not_found', lst);
  await post(path, spell({ from_on: dayPlus(now, -90), to_on: dayPlus(now, -61), place_kind: 'village_workshop', place: '本村' }));
  const whole = await get(`/v1/jobs/poverty-members/${m.id}`);
  assert.deepEqual([whole.is_working, whole.spells.length], [true, 2]);
  const figures = await get('/v1/jobs/migration-figures');
  const after = figures.items.find((x) => x.county_code === '431129');
  assert.equal(figures.target, 297000);
  assert.equal(after.working, before.working + 1);
  assert.ok((await get('/v1/jobs/migration-figures?county_code=431129')).items.some((x) => x.town_code === '431129100'));
  const end = `/v1/jobs/migration-spells/${s.id}/end`;
  await no(end, { to_on: dayPlus(now, 1) }, 422, 'field.date_future');
  await no(end, { to_on: dayPlus(now, -61) }, 422, 'field.date_order');
  await no(end, { to_on: now }, 404, 'request.not_found', lst);
  assert.equal((await post(end, { to_on: dayPlus(now, -1) })).to_on, dayPlus(now, -1));
  await no(end, { to_on: now }, 409, 'state.wrong');
  await eventually(() => sql(`SELECT count(*) FROM jobs.event_log WHERE type = 'jobs.migration.changed.v1' AND key = '${m.id}'`)[0][0] === '3', 'told');
  await refused('GET', `/v1/jobs/poverty-members/${m.id}`, { token: lst }, 404, 'request.not_found');
  await refused('GET', '/v1/jobs/poverty-members', { token: mint({ roles: ['stats@431129'] }) }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/migration-figures', { token: (await person()).token }, 403, 'auth.forbidden');
  // Eight clerks at once: one spell stands.
  const other = list.find((x) => x.kind === 'monitored');
  const raced = await Promise.all(Array.from({ length: 8 }, () => call('POST', `/v1/jobs/poverty-members/${other.id}/spells`,
    { token: clerk, body: spell(), refused: true })));
  assert.deepEqual(raced.map((r) => r.status ?? 201).filter((x) => x !== 409), [201]);
  // 雨露计划+: the graduate of such a family comes first.
  await file('graduates', [GRADUATES, graduate(), graduate({ id: one }), graduate()]);
  const first = (await get('/v1/jobs/graduates?limit=3')).items;
  assert.equal(first[0].is_priority, true);
});

test('one view of a person: for the officers of the area and the person, nobody else', async () => {
  const p = await helped();
  await post(`${CASES}/${p.case.id}/contacts`, contact());
  const d = await get(`/v1/jobs/persons/${p.id}/dossier`);
  assert.deepEqual([d.person_id, d.unemployments.length, d.employments.length, d.help_cases[0].contacts.length, d.parts],
    [p.id, 1, 0, 1, { difficulties: [], households: [], groups: [] }]);
  assert.equal(d.messages, 0, 'an officer does not read them');
  const own = await call('GET', '/v1/jobs/my/dossier', { token: p.token });
  assert.ok(own.messages >= 1);
  assert.deepEqual(own.help_cases.map((c) => c.id), [p.case.id]);
  await refused('GET', `/v1/jobs/persons/${p.id}/dossier`, { token: lst }, 404, 'request.not_found');
  await refused('GET', `/v1/jobs/persons/${NOBODY}/dossier`, { token: clerk }, 404, 'request.not_found');
  await refused('GET', `/v1/jobs/persons/${p.id}/dossier`, { token: p.token }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/my/dossier', { token: clerk }, 403, 'auth.forbidden');
  const looks = sql(`SELECT count(*) FROM jobs.audit WHERE action = 'jobs.dossier.get'`);
  assert.ok(Number(looks[0][0]) >= 0);
});

test('an erased person leaves the counts and nothing that tells who it was', async () => {
  const who = someone({ birth_on: '2003-05-06' });
  const p = await register(who);
  await known(() => call('POST', '/v1/jobs/unemployment-registrations', { token: p.token, body: { reason: 'other' }, refused: true }));
  await file('graduates', [GRADUATES, graduate({ id: who.id_number })]);
  const [c] = (await call('GET', '/v1/jobs/my/help-cases', { token: p.token })).items;
  await post(`${CASES}/${c.id}/contacts`, contact({ result: '家住河边', reply: '愿意' }));
  sql(`UPDATE jobs.person SET name_masked = '*', id_index = 'erased:' || id WHERE id = '${p.id}'`);
  assert.deepEqual(sql(`SELECT k.name_masked, g.name_masked, g.id_index = 'erased:' || g.id, t.result || coalesce(t.reply, '')
    FROM jobs.help_case k JOIN jobs.graduate g USING (person_id) JOIN jobs.help_contact t ON t.case_id = k.id
   WHERE k.person_id = '${p.id}'`), [['*', '*', 't', '']]);
});
