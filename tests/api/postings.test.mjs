// postings: drafted, judged, looked at by an officer, confirmed or expired; copies
// merged; the contact behind an application; employers and their marks.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, firm, person, random } from '../lib/city.mjs';
import { uscc } from '../lib/fake.mjs';
import { dayPlus, eachMistake, known, NOBODY, refused, sql, today, walk } from './help.mjs';

const now = await today();
const posting = (over = {}) => ({ title: '电机装配工', occupation_code: '6-24-01-00', area_code: '431129100', headcount: 2,
  pay_min_cents: 420000, pay_max_cents: 650000, pay_unit: 'month', form: 'full_time', ...over });
const post = (f, over) => known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting(over), refused: true }));
const on = (who, v, verb, body) => call('POST', `/v1/jobs/vacancies/${v.id}/${verb}`, { token: who.token, body });
const not = (who, v, verb, body, ...rest) =>
  refused('POST', `/v1/jobs/vacancies/${v.id}/${verb}`, { token: who.token, body }, ...rest);
const own = (f, v) => call('GET', `/v1/jobs/org/vacancies/${v.id}`, { token: f.token });
const apply = (p, v) => known(() => call('POST', `/v1/jobs/vacancies/${v.id}/applications`, { token: p.token, body: {}, refused: true }));
const caseOf = (f, v) => call('GET', `/v1/cases/${v.case_no}`, { token: f.token });
const told = (f, kind) => sql(`SELECT title, body FROM jobs.message WHERE org_id = '${f.org_id}' AND kind = '${kind}' ORDER BY id`);
const codes = (v) => v.checks.map((c) => `${c.code} ${c.pointer}`);
const [first, recheck, away, clerk, city] = await Promise.all(['jh.first', 'jh.recheck', 'lst.first', 'jh.clerk', 'city.approve']
  .map((l) => desk(l)));

test('everything a posting can say is kept, its town lends it a point', async () => {
  const f = await firm();
  const all = { skill_level: 5, skills: ['电焊', '识图'], benefits: ['lodging', 'meals'], description: '两班倒，包住。',
    lat_e6: 25190000, lng_e6: 111570000, education_code: '40' };
  const v = await post(f, all);
  for (const [k, x] of Object.entries(all)) assert.deepEqual(v[k], x, k);
  assert.deepEqual([v.state, v.point_is_exact, v.industry_code, v.confirmed_on, v.checks], ['open', true, '3812', now, []]);
  const plain = await post(f, { title: '质检员', area_code: '431129100' });
  assert.deepEqual([plain.point_is_exact, plain.lat_e6, plain.lng_e6], [false, 25186670, 111571670]);
  const zone = await post(f, { title: '护林员', area_code: '431181120' });
  assert.deepEqual([zone.county_code, zone.lat_e6], ['431172', null]);
  const seen = await call('GET', `/v1/jobs/vacancies/${v.id}`);
  assert.equal(seen.checks, undefined, 'the checks are not everybody’s');
  assert.equal(seen.confirmed_on, now);
  await eachMistake('POST', '/v1/jobs/vacancies', f.token, posting({ title: '另一个' }), [
    [{ skill_level: 6 }, '/skill_level field.too_large'],
    [{ skills: 'x' }, '/skills field.type'],
    [{ skills: [1] }, '/skills field.type'],
    [{ skills: Array(21).fill('焊') }, '/skills field.too_large'],
    [{ skills: ['焊'.repeat(31)] }, '/skills field.too_long'],
    [{ benefits: ['yacht'] }, '/benefits field.choice'],
    [{ lat_e6: 25190000 }, '/lng_e6 field.missing'],
    [{ lat_e6: 1, lng_e6: 111570000 }, '/lat_e6 field.too_small'],
    [{ contact_name: '张' }, '/contact_phone field.missing'],
    [{ contact_name: '张', contact_phone: '12345' }, '/contact_phone field.format'],
    [{ draft: 'yes' }, '/draft field.type'],
  ]);
});

test('a draft is its employer’s alone until it is handed in', async () => {
  const f = await firm();
  const v = await post(f, { draft: true, title: '草稿岗位' });
  assert.deepEqual([v.state, v.case_state, v.posted_at], ['draft', 'accepted', null]);
  await refused('GET', `/v1/jobs/vacancies/${v.id}`, {}, 404, 'request.not_found');
  const other = await firm();
  await post(other);
  await refused('GET', `/v1/jobs/org/vacancies/${v.id}`, { token: other.token }, 404, 'request.not_found');
  for (const [verb, body] of [['submit'], ['edit', posting()], ['withdraw'], ['confirm']])
    await not(other, v, verb, body, 404, 'request.not_found');
  await not(f, v, 'confirm', undefined, 409, 'state.wrong');
  await not(f, v, 'close', undefined, 409, 'state.wrong');
  assert.equal((await on(f, v, 'edit', posting({ title: '改过的草稿' }))).state, 'draft');
  const open = await on(f, v, 'submit');
  assert.deepEqual([open.state, open.title], ['open', '改过的草稿']);
  assert.deepEqual([(await caseOf(f, v)).state, (await own(f, v)).steps.map((s) => s.state)], ['done', ['draft', 'open']]);
  await not(f, v, 'submit', undefined, 409, 'state.wrong');
  await not(f, v, 'withdraw', undefined, 409, 'state.wrong');
  const gone = await post(f, { draft: true, title: '作废岗位' });
  assert.equal((await on(f, gone, 'withdraw')).state, 'closed');
  await refused('GET', `/v1/jobs/vacancies/${gone.id}`, {}, 404, 'request.not_found');
  await not(f, gone, 'reopen', undefined, 409, 'state.wrong');
  assert.equal((await caseOf(f, gone)).state, 'withdrawn');
});

test('what is doubtful goes to an officer with its reasons, and comes back or opens', async () => {
  const f = await firm();
  const v = await post(f, { title: '普工（限男）', description: '年龄18-35岁，入职交押金200元，微信abc12345' });
  assert.deepEqual([v.state, v.case_state, codes(v)],
    ['checking', 'accepted', ['sex /title', 'fee /description', 'age /description', 'contact /description']]);
  assert.match(v.checks[1].text, /疑似收费：押金/);
  await refused('GET', `/v1/jobs/vacancies/${v.id}`, {}, 404, 'request.not_found');
  assert.equal(told(f, 'vacancy_checking').length, 1);
  const queue = await walk('/v1/jobs/vacancy-reviews?code=fee', first.token, 2, '/v1/jobs/employers');
  assert.ok(queue.some((x) => x.id === v.id) && queue.every((x) => x.county_code === '431129' && x.state === 'checking'));
  assert.deepEqual(queue.map((x) => x.id), [...queue.map((x) => x.id)].sort(), 'oldest first');
  assert.ok(!(await walk('/v1/jobs/vacancy-reviews', away.token, 50)).some((x) => x.id === v.id));
  await refused('GET', '/v1/jobs/vacancy-reviews?code=love', { token: first.token }, 422, 'request.invalid', 'code field.choice');
  await refused('GET', '/v1/jobs/vacancy-reviews', { token: f.token }, 403, 'auth.forbidden');
  await refused('GET', `/v1/jobs/vacancy-reviews/${v.id}`, { token: away.token }, 404, 'request.not_found');
  assert.deepEqual((await call('GET', `/v1/jobs/vacancy-reviews/${v.id}`, { token: first.token })).steps.map((s) => s.checks.length), [4]);
  for (const [verb, body] of [['approve', {}], ['return', { note: '请修改' }]]) {
    await not(away, v, verb, body, 404, 'request.not_found');
    await not(clerk, v, verb, body, 403, 'auth.forbidden');
    await not(f, v, verb, body, 403, 'auth.forbidden');
  }
  await not(first, v, 'return', {}, 422, 'request.invalid', '/note field.missing');
  const back = await on(first, v, 'return', { note: '请删去性别和收费内容' });
  assert.deepEqual([back.state, back.check_note], ['returned', '请删去性别和收费内容']);
  assert.match(told(f, 'vacancy_returned')[0][1], /请删去性别和收费内容/);
  assert.equal((await caseOf(f, v)).state, 'waiting');
  await not(first, v, 'approve', {}, 409, 'state.wrong');
  assert.equal((await on(f, v, 'edit', posting({ title: '普工' }))).state, 'returned');
  const again = await on(f, v, 'submit');
  assert.deepEqual([again.state, codes(again)], ['checking', ['resubmitted ']], 'an officer looks again');
  assert.equal((await on(f, v, 'edit', posting({ title: '普工', headcount: 3 }))).state, 'checking');
  const open = await on(first, v, 'approve', { note: '可以' });
  assert.equal(open.state, 'open');
  assert.equal(told(f, 'vacancy_open').length, 1);
  const done = await caseOf(f, v);
  assert.deepEqual([done.state, done.steps.map((s) => s.step)],
    ['done', ['submit', 'sent_back', 'checking', 'open']]);
  assert.deepEqual((await own(f, v)).steps.map((s) => s.state), ['checking', 'returned', 'checking', 'open']);
  await not(first, v, 'approve', {}, 409, 'state.wrong');
  const down = await on(first, v, 'return', { note: '接到举报，下线核实' });
  assert.equal(down.state, 'returned');
  await on(f, v, 'withdraw');
  await not(f, v, 'reopen', undefined, 409, 'state.wrong');
});

test('what is said not to be is not held against it', async () => {
  const f = await firm();
  for (const [i, description] of ['男女不限，年龄不限，不收取任何押金、培训费', '五险一金，年满18周岁，免费体检',
    '负责高速公路收费站收费员管理'].entries())
    assert.equal((await post(f, { title: `清白岗位${'甲乙丙'[i]}${'丁戊己'[i]}`, description })).state, 'open', description);
});

test('an edited posting is checked again, and never loses the people hired', async () => {
  const [f, p] = await Promise.all([firm(), person()]);
  const v = await post(f, { title: '装配工' });
  const a = await apply(p, v);
  await call('POST', `/v1/jobs/applications/${a.id}/hire`, { token: f.token, body: { hired_on: now, contract_type: 'fixed',
    contract_months: 12, wage_cents: 450000 } });
  await not(f, v, 'edit', posting({ headcount: 1 }), 422, 'jobs.headcount_taken', '/headcount jobs.headcount_taken');
  const more = await on(f, v, 'edit', posting({ headcount: 5 }));
  assert.deepEqual([more.state, more.headcount_left], ['open', 4]);
  await eachMistake('POST', `/v1/jobs/vacancies/${v.id}/edit`, f.token, posting(), [[{ title: undefined }, '/title field.missing']]);
  await not(f, v, 'edit', posting({ pay_min_cents: 900000 }), 422, 'jobs.pay_range', '/pay_min_cents jobs.pay_range');
  await on(f, v, 'pause');
  assert.equal((await on(f, v, 'edit', posting({ headcount: 4 }))).state, 'paused');
  const bad = await on(f, v, 'edit', posting({ headcount: 4, description: '只招女' }));
  assert.deepEqual([bad.state, codes(bad)], ['checking', ['sex /description']]);
  assert.equal((await on(f, v, 'edit', posting({ headcount: 4 }))).state, 'open', 'mended');
  await on(f, v, 'close');
  await not(f, v, 'edit', posting(), 409, 'state.wrong');

  const one = await post(f, { title: '独一个名额', headcount: 1 });
  const b = await apply(await person(), one);
  await call('POST', `/v1/jobs/applications/${b.id}/hire`, { token: f.token, body: { hired_on: now, contract_type: 'fixed',
    contract_months: 12, wage_cents: 450000 } });
  assert.equal((await own(f, one)).state, 'filled');
  await not(f, one, 'edit', posting({ title: '独一个名额', headcount: 1 }), 422, 'jobs.headcount_taken');
  const raised = await on(f, one, 'edit', posting({ title: '独一个名额', headcount: 2 }));
  assert.deepEqual([raised.state, raised.headcount_left], ['open', 1]);
});

test('a clerk posts for an employer of the area, who is told and has it in hand', async () => {
  const f = await firm();
  await post(f);
  const path = `/v1/jobs/employers/${f.org_id}/vacancies`;
  const v = await call('POST', path, { token: clerk.token, body: posting({ title: '窗口代发岗', contact_name: '陈', contact_phone: '13700001111' }) });
  assert.deepEqual([v.state, v.source, v.org_id], ['open', 'clerk', f.org_id]);
  assert.equal(told(f, 'vacancy_open').length, 1);
  assert.equal((await on(f, v, 'pause')).state, 'paused');
  assert.equal((await call('POST', path, { token: clerk.token, body: posting({ title: '窗口代发岗', description: '交押金' }) })).state, 'checking');
  await refused('POST', path, { token: (await desk('lst.clerk')).token, body: posting({ area_code: '431103001' }) }, 409, 'jobs.org_unknown');
  await refused('POST', path, { token: clerk.token, body: posting({ area_code: '431103001' }) }, 403, 'auth.forbidden');
  await refused('POST', path, { token: f.token, body: posting() }, 403, 'auth.forbidden');
  await refused('POST', path, { token: clerk.token, body: posting({ title: '工' }) }, 422, 'request.invalid', '/title field.too_short');
});

test('the contact is masked for everybody and whole for who applied', async () => {
  const [f, p, q, other] = await Promise.all([firm(), person(), person(), firm()]);
  const v = await post(f, { title: '客服专员', contact_name: '李明', contact_phone: '13912345678' });
  assert.deepEqual([v.contact_name_masked, v.contact_phone_masked], ['李*', '139****5678']);
  const path = `/v1/jobs/vacancies/${v.id}/contact`;
  assert.equal(sql(`SELECT count(*) FROM jobs.vacancy_contact WHERE phone_sealed LIKE '%13912345678%'`)[0][0], '0');
  await refused('GET', path, { token: q.token }, 403, 'jobs.contact_hidden');
  await refused('GET', path, {}, 401, 'auth.token_missing');
  await post(other);
  await refused('GET', path, { token: other.token }, 403, 'jobs.contact_hidden');
  await refused('GET', path, { token: away.token }, 403, 'jobs.contact_hidden');
  await apply(p, v);
  for (const who of [p, f, first])
    assert.deepEqual(await call('GET', path, { token: who.token }), { vacancy_id: v.id, name: '李明', phone: '13912345678', county_code: '431129' });
  await on(f, v, 'edit', posting({ title: '客服专员' }));
  assert.equal((await call('GET', path, { token: p.token })).phone, '13912345678', 'kept when not said again');
  await on(f, v, 'edit', posting({ title: '客服专员', contact_name: '王芳', contact_phone: '0746-8351234' }));
  assert.equal((await call('GET', path, { token: p.token })).name, '王芳');
  await eventually(() => Number(sql(`SELECT count(*) FROM jobs.audit WHERE action = 'jobs.vacancy.contact'
    AND status = 200 AND object_id = '${v.id}'`)[0][0]) === 5, 'each look is in the trail');
  const bare = await post(f, { title: '无联系人岗' });
  await refused('GET', `/v1/jobs/vacancies/${bare.id}/contact`, { token: f.token }, 404, 'jobs.contact_unset');
  await refused('GET', `/v1/jobs/vacancies/${NOBODY}/contact`, { token: f.token }, 404, 'request.not_found');
});

test('a copy is noticed, merged into its original, and parted again', async () => {
  const [f, p, q, other] = await Promise.all([firm(), person(), person(), firm()]);
  const text = { description: '电机装配线操作，两班倒，包住，有班车往返县城。' };
  const v = await post(f, { ...text, title: '装配操作工' });
  const copy = await post(f, { ...text, title: '装配操作工！' });
  assert.deepEqual([copy.state, copy.checks.map((c) => [c.code, c.vacancy_id])], ['checking', [['duplicate', v.id]]]);
  assert.equal((await post(f, { ...text, title: '装配操作工', area_code: '431129103' })).state, 'open', 'elsewhere it is another');
  const theirs = await post(other, { ...text, title: '装配操作工' });
  assert.equal(theirs.state, 'open', 'another employer’s is another');
  await on(first, copy, 'approve', {});
  await apply(p, copy);
  await not(f, copy, 'merge', { into: theirs.id }, 422, 'jobs.merge_other', '/into jobs.merge_other');
  await not(f, copy, 'merge', { into: copy.id }, 422, 'jobs.merge_other');
  await not(f, copy, 'merge', {}, 422, 'request.invalid', '/into field.missing');
  await not(other, copy, 'merge', { into: theirs.id }, 404, 'request.not_found');
  await not(away, copy, 'merge', { into: v.id }, 404, 'request.not_found');
  const merged = await on(f, copy, 'merge', { into: v.id });
  assert.deepEqual([merged.state, merged.merged_into], ['merged', v.id]);
  assert.deepEqual((await call('GET', `/v1/jobs/vacancies/${v.id}`)).sources.map((s) => [s.vacancy_id, s.source]),
    [[v.id, 'employer'], [copy.id, 'employer']]);
  assert.equal((await call('GET', `/v1/jobs/vacancies/${copy.id}`)).merged_into, v.id, 'still readable');
  assert.deepEqual((await call('GET', '/v1/jobs/my/applications', { token: p.token })).items.map((a) => a.vacancy_id), [copy.id]);
  assert.equal((await apply(q, copy)).vacancy_id, v.id, 'led to the original');
  for (const verb of ['reopen', 'close', 'pause']) await not(f, copy, verb, undefined, 409, 'state.wrong');
  await not(f, copy, 'merge', { into: v.id }, 409, 'state.wrong');
  await not(f, copy, 'unmerge', { note: '并非重复' }, 403, 'auth.forbidden');
  await not(away, copy, 'unmerge', { note: '并非重复' }, 404, 'request.not_found');
  const parted = await on(first, copy, 'unmerge', { note: '并非重复' });
  assert.deepEqual([parted.state, parted.merged_into], ['open', null]);
  await not(first, copy, 'unmerge', { note: '并非重复' }, 409, 'state.wrong');
  assert.equal((await call('GET', `/v1/jobs/vacancies/${v.id}`)).sources, undefined);
  assert.equal((await on(first, copy, 'merge', { into: v.id })).state, 'merged', 'an officer may too');
  assert.equal(told(f, 'vacancy_merged').length, 1);
});

test('nobody confirms it: first asked, then gone; records stay', async () => {
  const f = await firm();
  const [a, b, c] = [await post(f, { title: '老岗位甲乙' }), await post(f, { title: '新岗位丙丁' }), await post(f, { title: '到期岗位戊己' })];
  sql(`UPDATE jobs.vacancy SET confirmed_on = DATE '${now}' - 61 WHERE id = '${a.id}';
    UPDATE jobs.vacancy SET confirmed_on = DATE '${now}' - 55 WHERE id = '${b.id}';
    UPDATE jobs.vacancy SET expires_on = DATE '${now}' - 1 WHERE id = '${c.id}'`);
  sweep();
  assert.deepEqual([(await own(f, a)).state, (await own(f, a)).check_note], ['expired', '超过60天未确认仍在招聘']);
  assert.deepEqual([(await own(f, b)).state, (await own(f, c)).check_note], ['open', '有效期已满']);
  sweep();
  assert.equal(told(f, 'vacancy_confirm').length, 1, 'asked once');
  assert.match(told(f, 'vacancy_confirm')[0][1], new RegExp(dayPlus(now, 5)));
  assert.equal(told(f, 'vacancy_expired').length, 2);
  assert.equal((await on(f, b, 'confirm')).confirmed_on, now);
  await not(f, a, 'confirm', undefined, 409, 'state.wrong');
  assert.deepEqual([(await on(f, a, 'reopen')).state, (await own(f, a)).confirmed_on], ['open', now]);
  assert.ok((await on(f, c, 'reopen')).expires_on > now);
  for (const role of ['jobs_app', 'jobs_system'])
    for (const table of ['vacancy', 'vacancy_step', 'vacancy_contact', 'check_word'])
      assert.deepEqual(sql(`SELECT has_table_privilege('${role}', 'jobs.${table}', 'delete')`), [['f']], `${role} ${table}`);
});

// The clock's two statements, as the program runs them.
import { statement } from '../bench/sql.mjs';
function sweep() {
  const run = (name, values) => sql(`SET app.scope = '|||||${now}T04:00:00Z|';
    ${Object.entries(values).reduce((t, [k, x]) => t.replaceAll(new RegExp(`\\$${k}\\b`, 'g'), x),
    statement('jobs', 'vacancy_review', name).text)}`, 'jobs_system');
  run('vacancy_expire', { confirm_days: 60 });
  run('vacancy_remind', { confirm_days: 60, remind_days: 7 });
}

test('the city keeps the words and the bands; a change holds from the next posting on', async () => {
  const f = await firm();
  const word = `禁词${random.digits(6)}`;
  const add = (who, body) => call('POST', '/v1/jobs/check-words', { token: who.token, body, refused: true });
  const good = { kind: 'fee', pattern: word, note: '试' };
  assert.equal((await post(f, { title: '先前岗位', description: word })).state, 'open');
  const made = await add(city, good);
  assert.equal(made.status, 201, made.text);
  await refused('POST', '/v1/jobs/check-words', { token: city.token, body: good }, 409, 'state.exists', '/pattern state.exists');
  for (const who of [recheck, await desk('jh.approve')])
    await refused('POST', '/v1/jobs/check-words', { token: who.token, body: good }, 403, 'auth.forbidden');
  await eachMistake('POST', '/v1/jobs/check-words', city.token, good, [[{ kind: 'love' }, '/kind field.choice'],
    [{ pattern: '~#' }, '/pattern field.pattern'], [{ pattern: '长'.repeat(41) }, '/pattern field.pattern']]);
  await refused('POST', '/v1/jobs/check-words', { token: city.token, body: { ...good, pattern: '过去', from_on: dayPlus(now, -1) } },
    422, 'request.invalid', '/from_on field.date_past');
  const held = await post(f, { title: '随后岗位', description: word });
  assert.deepEqual([held.state, codes(held)], ['checking', ['fee /description']]);
  assert.ok((await walk('/v1/jobs/check-words?kind=fee&is_ended=false', first.token, 50)).some((w) => w.pattern === word));
  await refused('GET', '/v1/jobs/check-words', { token: f.token }, 403, 'auth.forbidden');
  await refused('POST', `/v1/jobs/check-words/${made.json.id}/end`, { token: recheck.token }, 403, 'auth.forbidden');
  await refused('POST', `/v1/jobs/check-words/${NOBODY}/end`, { token: city.token }, 404, 'request.not_found');
  assert.equal((await call('POST', `/v1/jobs/check-words/${made.json.id}/end`, { token: city.token })).to_on, now);
  await refused('POST', `/v1/jobs/check-words/${made.json.id}/end`, { token: city.token }, 409, 'state.wrong');

  const band = { pay_unit: 'piece', form: 'flexible', occupation: '6-24', low_cents: 50, high_cents: 500, note: '试' };
  const piece = (over) => post(f, { pay_unit: 'piece', form: 'flexible', pay_min_cents: 1, pay_max_cents: 100, ...over });
  assert.equal((await piece({ title: '计件岗甲' })).state, 'open', 'no band, no opinion');
  const set = await call('POST', '/v1/jobs/pay-bands', { token: city.token, body: band });
  assert.deepEqual(codes(await piece({ title: '计件工乙丙' })), ['pay /pay_min_cents']);
  assert.deepEqual(codes(await piece({ title: '计件做丁戊', pay_min_cents: 60, pay_max_cents: 600 })), ['pay /pay_max_cents']);
  const wider = await call('POST', '/v1/jobs/pay-bands', { token: city.token, body: { ...band, low_cents: 1, high_cents: 900 } });
  assert.equal((await piece({ title: '计件于己庚' })).state, 'open', 'the newer band holds');
  const bands = await walk('/v1/jobs/pay-bands', first.token, 50);
  assert.deepEqual([set.id, wider.id].map((id) => bands.find((b) => b.id === id).to_on !== null), [true, false]);
  await refused('POST', '/v1/jobs/pay-bands', { token: recheck.token, body: band }, 403, 'auth.forbidden');
  await refused('POST', '/v1/jobs/pay-bands', { token: city.token, body: { ...band, low_cents: 501 } }, 422, 'jobs.pay_range');
  await refused('GET', '/v1/jobs/pay-bands', { token: f.token }, 403, 'auth.forbidden');
  await refused('POST', `/v1/jobs/pay-bands/${wider.id}/end`, { token: recheck.token }, 403, 'auth.forbidden');
  await call('POST', `/v1/jobs/pay-bands/${wider.id}/end`, { token: city.token });
  await refused('POST', `/v1/jobs/pay-bands/${wider.id}/end`, { token: city.token }, 409, 'state.wrong');
});

test('an employer describes itself; officers of its area mark it', async () => {
  const [f, other] = await Promise.all([firm(), firm()]);
  const v = await post(f, { title: '先行岗位' });
  await post(other, { title: '先行岗位' });
  const bare = await call('GET', '/v1/jobs/org/profile', { token: f.token });
  assert.deepEqual([bare.id, bare.industry_code, bare.is_key, bare.uscc_doubtful, bare.size], [f.org_id, '3812', false, false, null]);
  const form = { industry_code: '3821', size: 'from_100', intro: '电机制造', address: '沱江镇工业大道1号', lat_e6: 25190000, lng_e6: 111570000 };
  const put = await call('POST', '/v1/jobs/org/profile', { token: f.token, body: form });
  for (const [k, x] of Object.entries(form)) assert.equal(put[k], x, k);
  assert.equal(put.case_state, 'done');
  assert.equal((await post(f, { title: '后来的岗' })).industry_code, '3821', 'a posting has the industry of the profile');
  await eachMistake('POST', '/v1/jobs/org/profile', f.token, form, [[{ industry_code: 'zz' }, '/industry_code field.industry_code'],
    [{ size: 'huge' }, '/size field.choice'], [{ lng_e6: undefined }, '/lng_e6 field.missing'], [{ is_key: true }, '/is_key field.unknown']]);
  await refused('POST', '/v1/jobs/org/profile', { token: first.token, body: form }, 403, 'auth.forbidden');
  await refused('GET', '/v1/jobs/org/profile', { token: first.token }, 403, 'auth.forbidden');

  const code = `p${random.digits(8)}`;
  const park = { code, name: `示例园区${code}`, area_code: '431129100' };
  await refused('POST', '/v1/jobs/parks', { token: away.token, body: park }, 403, 'auth.forbidden');
  await refused('POST', '/v1/jobs/parks', { token: f.token, body: park }, 403, 'auth.forbidden');
  assert.equal((await call('POST', '/v1/jobs/parks', { token: first.token, body: park })).county_code, '431129');
  assert.ok((await walk('/v1/jobs/parks?county_code=431129', undefined, 50)).some((x) => x.code === code));
  await refused('GET', '/v1/jobs/parks?county_code=1', {}, 422, 'request.invalid', 'county_code field.area_code');
  const mark = (who, body, ...rest) => rest.length
    ? refused('POST', `/v1/jobs/employers/${f.org_id}/mark`, { token: who.token, body }, ...rest)
    : call('POST', `/v1/jobs/employers/${f.org_id}/mark`, { token: who.token, body });
  await mark(away, { is_key: true }, 404, 'request.not_found');
  await mark(clerk, { is_key: true }, 403, 'auth.forbidden');
  await mark(first, { is_key: true, park_code: 'nowhere' }, 422, 'jobs.park_unknown', '/park_code jobs.park_unknown');
  await mark(first, {}, 422, 'request.invalid', '/is_key field.missing');
  const marked = await mark(first, { is_key: true, note: '电机产业链', park_code: code });
  assert.deepEqual([marked.is_key, marked.park_name, marked.intro], [true, park.name, '电机制造']);
  assert.ok(marked.key_officer_id);
  const keys = await walk('/v1/jobs/employers?is_key=true', first.token, 50);
  assert.ok(keys.some((e) => e.id === f.org_id) && keys.every((e) => e.county_code === '431129'));
  assert.deepEqual((await walk(`/v1/jobs/employers?park_code=${code}`, first.token, 50)).map((e) => e.id), [f.org_id]);
  assert.ok(!(await walk('/v1/jobs/employers?is_key=true', away.token, 50)).some((e) => e.id === f.org_id));
  await refused('GET', '/v1/jobs/employers', { token: f.token }, 403, 'auth.forbidden');
  const seen = await call('GET', `/v1/jobs/employers/${f.org_id}`);
  assert.deepEqual([seen.park_code, seen.is_key, seen.key_officer_id, seen.open_vacancies], [code, undefined, undefined, 2]);
  await refused('GET', `/v1/jobs/employers/${NOBODY}`, {}, 404, 'request.not_found');
  assert.equal((await mark(first, { is_key: false })).key_officer_id, null);
  assert.equal(v.state, 'open');
});

test('a code with a wrong check character is shown, and accepted for a reason', async () => {
  const sound = Array.from({ length: 40 }, () => uscc(random));
  assert.deepEqual(sql(`SELECT bool_and(jobs.uscc_sound(c)) FROM unnest(ARRAY[${sound.map((c) => `'${c}'`)}]) AS c`), [['t']]);
  const wrong = sound.map((c) => c.slice(0, 17) + (c[17] === '1' ? '2' : '1'));
  assert.deepEqual(sql(`SELECT bool_or(jobs.uscc_sound(c)) FROM unnest(ARRAY[${wrong.map((c) => `'${c}'`)}]) AS c`), [['f']]);
  const f = await firm();
  await post(f);
  const path = `/v1/jobs/employers/${f.org_id}/uscc-acceptance`;
  const reason = { reason: '已核对营业执照原件' };
  await refused('POST', path, { token: first.token, body: reason }, 409, 'jobs.uscc_sound');
  sql(`UPDATE jobs.org SET uscc = '${wrong[0]}' WHERE id = '${f.org_id}'`);
  assert.equal((await call('GET', '/v1/jobs/org/profile', { token: f.token })).uscc_doubtful, true);
  assert.ok((await walk('/v1/jobs/employers?is_doubtful=true', first.token, 50)).some((e) => e.id === f.org_id));
  await refused('POST', path, { token: away.token, body: reason }, 404, 'request.not_found');
  await refused('POST', path, { token: f.token, body: reason }, 403, 'auth.forbidden');
  await refused('POST', path, { token: first.token, body: { reason: '好' } }, 422, 'request.invalid', '/reason field.too_short');
  const taken = await call('POST', path, { token: first.token, body: reason });
  assert.deepEqual([taken.uscc_doubtful, taken.uscc_reason], [false, reason.reason]);
  assert.equal((await call('GET', '/v1/jobs/org/profile', { token: f.token })).uscc_doubtful, false);
  assert.ok(!(await walk('/v1/jobs/employers?is_doubtful=true', first.token, 50)).some((e) => e.id === f.org_id));
});
