// monitoring: what officers are told -- each his own and his desk's, nobody
// another's; taken by one, read by each; and the alert that comes again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after } from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';
import { at, NOW } from './grant.mjs';
import { dayPlus, known, minter, NOBODY, refused, sql, walk } from './help.mjs';
import { setNumber } from './setting_help.mjs';

const M = '/v1/monitoring', COUNTY = '431125', TOWN = '431125100', OTHER = '431126';
await at(NOW);
const someone = await person();
const mint = minter(someone.token);
const as = (role, area = COUNTY, over = {}) => mint({ roles: [`${role}@${area}`], ...over });
const subOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).sub;
const first = as('first_review'), second = as('first_review'), recheck = as('recheck'), clerk = as('clerk');
const away = as('first_review', OTHER), city = as('first_review', '431100'), mayor = as('approve', '431100');
const scoped = (text) => sql(`SELECT platform.act_as(at => '${NOW}T04:00:00Z'); ${text}`).at(-1)?.[0];
const kind = (name) => `${name}_${randomUUID().slice(0, 6).replace(/-/g, '')}`;
const tellDesk = (k, over = {}) => scoped(`SELECT ${over.service ?? 'jobs'}.tell_desk('${over.role ?? 'first_review'}', '${over.county ?? COUNTY}', '${k}',
  '${over.title ?? '待办'}', NULL, NULL, ${over.subject ? `'${over.subject}'` : 'NULL'})`);
const inbox = (token, query = '') => walk(`/v1/messages?${query}`, token, 50);
const about = async (token, id, query = '') => (await inbox(token, query)).filter((m) => m.subject_id === id);
const unread = async (token, k) => (await call('GET', `/v1/messages/unread?kind=${k}`, { token })).count;
const act = (m, verb, token) => call('POST', `/v1/messages/${m.service}/${m.id}/${verb}`, { token });

test('a desk’s message is its officers’, each reads it, one takes it', async () => {
  const k = kind('told'), id = tellDesk(k), [m, ...more] = await inbox(first, `kind=${k}`);
  assert.deepEqual([m.id, m.service, m.desk_role, m.county_code, m.read_at, m.taken_by, more.length],
    [id, 'jobs', 'first_review', COUNTY, null, null, 0]);
  // Neither another role's nor another county's, nor the city's, nor a person's.
  for (const token of [recheck, away, city, someone.token]) {
    assert.deepEqual(await inbox(token, `kind=${k}`), []);
    assert.equal(await unread(token, k), 0);
    await refused('POST', `/v1/messages/jobs/${id}/read`, { token }, 404, 'request.not_found');
  }
  for (const token of [recheck, away, city])
    await refused('POST', `/v1/messages/jobs/${id}/take`, { token }, 404, 'request.not_found');
  await refused('POST', `/v1/messages/jobs/${id}/take`, { token: someone.token }, 403, 'auth.forbidden');
  await refused('POST', `/v1/messages/nowhere/${id}/take`, { token: first }, 404, 'request.not_found');
  await refused('POST', `/v1/messages/jobs/${NOBODY}/take`, { token: first }, 404, 'request.not_found');
  for (const path of ['/v1/messages', '/v1/messages/unread'])
    await refused('GET', `${path}?kind=a%26b`, { token: first }, 422, 'request.invalid', 'kind field.format');

  assert.deepEqual([await unread(first, k), await unread(second, k)], [1, 1]);
  const read = await act(m, 'read', first), again = await act(m, 'read', first);
  assert.ok(read.read_at && read.read_at === again.read_at);
  assert.deepEqual([await unread(first, k), await unread(second, k)], [0, 1], 'read by one is not read by the other');
  assert.equal((await inbox(second, `kind=${k}&untaken=true`)).length, 1);
  const taken = await act(m, 'take', second);
  assert.equal(taken.taken_by, subOf(second));
  assert.equal((await act(m, 'take', second)).taken_at, taken.taken_at);
  await refused('POST', `/v1/messages/jobs/${id}/take`, { token: first }, 409, 'message.taken');
  assert.deepEqual((await inbox(first, `kind=${k}`)).map((x) => [x.taken_by, x.read_at]), [[subOf(second), read.read_at]]);
  assert.deepEqual([await unread(second, k), (await inbox(first, `kind=${k}&untaken=true`)).length], [0, 0]);
});

test('an officer’s own is his alone; what is unread is not told twice; what is done waits no more', async () => {
  const k = kind('own'), thing = randomUUID();
  const own = (who) => scoped(`SELECT training.tell_officer('${subOf(who)}', '${k}', '本人待办', NULL, 'thing', '${thing}')`);
  const id = own(first);
  assert.equal(own(first), id, 'while it is unread');
  assert.deepEqual((await inbox(first, `kind=${k}`)).map((m) => [m.id, m.service, m.desk_role, m.county_code]), [[id, 'training', null, null]]);
  assert.deepEqual(await inbox(second, `kind=${k}`), []);
  // At the counter it is the person's messages that are shown.
  const present = mint({ roles: ['person'], person: someone.id, sub: someone.id, act: { sub: subOf(first) } });
  assert.deepEqual(await inbox(present, `kind=${k}`), []);
  await refused('POST', `/v1/messages/training/${id}/read`, { token: second }, 404, 'request.not_found');
  await refused('POST', `/v1/messages/training/${id}/take`, { token: first }, 404, 'request.not_found');
  await call('POST', `/v1/messages/training/${id}/read`, { token: first });
  assert.notEqual(own(first), id, 'once it was read it is told anew');

  const one = tellDesk(k, { subject: thing, title: '先' });
  assert.equal(tellDesk(k, { subject: thing, title: '后' }), one);
  assert.notEqual(tellDesk(k, { county: OTHER, subject: thing }), one);
  assert.deepEqual((await about(second, thing)).map((m) => m.title), ['后']);
  assert.equal(await unread(second, k), 1);
  scoped(`SELECT jobs.told_done('${thing}')`);
  assert.deepEqual([await unread(second, k), (await about(second, thing, 'unread=true&')).length], [0, 0]);
  assert.ok((await about(second, thing))[0].done_at);
  await call('POST', '/v1/messages/read', { token: second });
  assert.equal((await about(second, thing))[0].read_at !== null, true);

  // The database itself: nothing without a desk, no other desk's, one reader a message.
  const asked = (scope) => sql(`SET app.scope = '${scope}'; SELECT count(*) FROM jobs.message WHERE kind = '${k}'`, 'jobs_app').at(-1)[0];
  assert.deepEqual([asked(`||${subOf(first)}|,${COUNTY},||${NOW}T00:00:00Z|`), asked(`||${subOf(first)}|||${NOW}T00:00:00Z|||first_review@${OTHER}`)], ['0', '1']);
  assert.throws(() => tellDesk(k, { role: 'person' }), /message_desk_check/);
  assert.throws(() => sql(`SET app.scope = '||${subOf(first)}|||${NOW}T00:00:00Z|||first_review@${COUNTY}';
    INSERT INTO jobs.message_read (message_id, officer_id) VALUES ('${one}', '${NOBODY}')`, 'jobs_app'), /row-level security/);

  // Swept after its days, an officer's only.
  const gone = (d) => scoped(`UPDATE jobs.message SET at = platform.now() - interval '9 days' WHERE kind = '${k}'; SELECT jobs.message_sweep(${d})`);
  gone(10);
  assert.equal((await about(second, thing)).length, 1);
  assert.ok(Number(gone(8)) >= 2);
  assert.deepEqual(await about(second, thing), []);
});

test('who has to act is told: layoffs, 督办, assessments; and it is done when somebody did', async () => {
  const f = await firm({ area_code: TOWN }), bureau = await firm({ kind: 'public_body', area_code: TOWN, industry_code: undefined });
  const post = (path, token, body) => known(() => call('POST', `${M}/${path}`, { token, body, refused: true }));
  const kinds = async (token, id) => (await about(token, id)).map((m) => m.kind);
  const l = await post('layoffs', f.token, { headcount: 20, staff: 500, reason: 'difficulty', noticed_on: dayPlus(NOW, -5),
    planned_on: dayPlus(NOW, 30), plan: '裁减二十人，依法支付经济补偿', union_view: '工会无异议' });
  assert.deepEqual([await kinds(first, l.id), await kinds(away, l.id), await kinds(f.token, l.id)], [['layoff_reported'], [], []]);
  await call('POST', `${M}/layoffs/${l.id}/acknowledge`, { token: second, body: {} });
  assert.ok((await about(first, l.id))[0].done_at);

  const s = await post('supervisions', city, { item_no: 12, county_code: COUNTY, content: '请说明劳务品牌培育进度。', due_on: dayPlus(NOW, 5) });
  assert.deepEqual(await kinds(first, s.id), ['supervision_opened']);
  await post(`supervisions/${s.id}/answer`, clerk, { answer: '已培育一个品牌。' });
  assert.deepEqual([(await about(first, s.id, 'unread=true&')).length, await kinds(city, s.id), await kinds(as('first_review', '431100'), s.id)],
    [0, ['supervision_answered'], []], 'who asked is told');

  const a = await post('assessments/policy', bureau.token, { title: '产业扶持办法', county_code: COUNTY,
    answers: { field: '产业', content: '支持产业', effect: '预计新增就业', coordination: '与稳岗政策衔接' } });
  assert.deepEqual(await kinds(first, a.id), ['assessment_submitted']);
  await post(`assessments/${a.id}/opinion`, first, { opinion: 'neutral', text: '影响不大' });
  assert.deepEqual([(await about(second, a.id, 'unread=true&')).length, await kinds(as('approve'), a.id)], [0, ['assessment_opined']]);
});

test('what waits is told a desk once a day, as a number', async () => {
  const f = await firm({ area_code: '431124001' }), late = randomUUID();
  const posting = { title: '岗位审核待办', occupation_code: '6-24-01-00', area_code: '431124001', headcount: 3, pay_min_cents: 400000,
    pay_max_cents: 500000, pay_unit: 'month', form: 'full_time' };
  const v = await known(() => call('POST', '/v1/jobs/vacancies', { token: f.token, body: posting, refused: true }));
  sql(`UPDATE jobs.vacancy SET state = 'checking' WHERE id = '${v.id}'`);
  scoped(`INSERT INTO monitoring.supervision (id, item_no, unit, content, due_on, opened_by, county_code)
    VALUES ('${late}', 12, '县级人民政府', '逾期督办', '${dayPlus(NOW, -1)}', '${NOBODY}', '431124')`);
  const told = async (k) => { const [m] = await inbox(as('first_review', '431124'), `kind=${k}`); return m; };
  const both = await eventually(async () => {
    const list = [await told('vacancy_waiting'), await told('supervision_overdue')];
    return list.every(Boolean) && list;
  }, 'the clocks');
  assert.match(both[0].title, /^招聘岗位待人工审核：\d+ 个$/);
  assert.match(both[1].title, /^督办逾期未答复：\d+ 件$/);
  assert.equal(scoped('SELECT monitoring.desk_turn()'), '0', 'the same day nothing is told again');
  assert.equal(await told('vacancy_waiting').then((m) => m.id), both[0].id);
  // The next day the unread one is told anew: it stays one.
  const next = sql(`SELECT platform.act_as(at => '${dayPlus(NOW, 1)}T04:00:00Z'); SELECT monitoring.desk_turn()`).at(-1)[0];
  assert.ok(Number(next) > 0);
  assert.deepEqual((await inbox(as('first_review', '431124'), 'kind=supervision_overdue')).map((m) => m.id), [both[1].id]);
  assert.equal((await inbox(away, 'kind=supervision_overdue')).some((m) => m.county_code !== OTHER), false);
  sql(`DELETE FROM monitoring.message WHERE kind = 'supervision_overdue'; UPDATE monitoring.supervision SET state = 'closed', answered_by = '${NOBODY.replace(/1$/, '2')}',
    closed_by = '${NOBODY}' WHERE id = '${late}'; UPDATE jobs.vacancy SET state = 'open' WHERE id = '${v.id}'`);
});

// ---- an alert closed while its signal stays high ------------------------------------

after(() => sql(`UPDATE monitoring.warning_setting SET to_on = from_on WHERE state = 'approved' AND basis = '再次发出';
  DELETE FROM monitoring.setting WHERE basis = '再次发出'`));
const onDay = (n, text) => sql(`SELECT platform.act_as(at => '${dayPlus(NOW, n)}T04:00:00Z'); ${text}`).at(-1)?.[0];
const alerts = async (code) => (await call('GET', `${M}/alerts?rule_code=${code}`, { token: first })).items;
async function rule() {
  const code = `again_${randomUUID().slice(0, 6)}`;
  await call('POST', `${M}/warning-rules`, { token: city, body: { code, title: '再次发出', measures: ['job_losses'], step: 'day', area_level: 'county', model: 'threshold' } });
  const s = await call('POST', `${M}/warning-rules/${code}/settings`, { token: city, body: { basis: '再次发出', from_on: NOW,
    levels: [{ colour: 'orange', enter: 100, leave: 80 }, { colour: 'red', enter: 200, leave: 150 }] } });
  await call('POST', `${M}/warning-settings/${s.id}/decide`, { token: mayor, body: { approve: true, note: '同意' } });
  // As the clock does it on day `n`, of the period `p` days from now.
  return { code, judge: (n, p, was, colour) => onDay(n, `SELECT monitoring.warning_record(s, '${COUNTY}', '${dayPlus(NOW, p)}', '${was}', 130, 130, '${colour}')
    FROM monitoring.warning_setting s WHERE s.id = '${s.id}'`) };
}

test('an alert is told to who has it; closed while its signal is high it comes again when that is set, or when it is worse', async () => {
  const r = await rule();
  await setNumber(mint, 'alert_acknowledge_days', 0, { part: 'orange', basis: '再次发出' });
  r.judge(1, 0, 'clear', 'orange');
  const [a] = await alerts(r.code);
  assert.deepEqual([a.follows_id, a.again_on, a.again_is_set], [null, null, false]);
  const told = async (token, id) => (await about(token, id)).map((m) => [m.kind, m.done_at !== null]);
  assert.deepEqual([await told(first, a.id), await told(away, a.id), await told(city, a.id)], [[['alert_raised', false]], [], []]);
  // Nobody acknowledges it: the city's desk is told, and then the one above.
  onDay(2, 'SELECT monitoring.alert_escalate()');
  assert.deepEqual([await told(first, a.id), await told(city, a.id)], [[['alert_raised', true]], [['alert_escalated', false]]]);
  onDay(3, 'SELECT monitoring.alert_escalate()');
  assert.deepEqual(await told(mayor, a.id), [['alert_overdue', false]]);
  const step = (x, verb, token, body) => call('POST', `${M}/alerts/${x.id}/${verb}`, { token, body });
  await step(a, 'acknowledge', city);
  assert.deepEqual([await told(mayor, a.id), await told(city, a.id)], [[['alert_overdue', true]], [['alert_escalated', true]]]);
  await step(a, 'handle', city, { handling: '走访企业' });
  const done = await step(a, 'close', mayor, { reason: '已研判' });
  assert.deepEqual([done.state, done.again_on, done.again_is_set], ['closed', null, false], 'no days are set, and the reply says so');
  r.judge(400, 1, 'orange', 'orange');
  assert.equal((await alerts(r.code)).length, 1, 'without days it does not come again');

  r.judge(2, 2, 'orange', 'red');
  const [b] = await alerts(r.code);
  assert.deepEqual([b.colour, b.follows_id], ['red', a.id], 'worse: at once');
  await step(b, 'acknowledge', first);
  await step(b, 'handle', first, { handling: '走访企业' });
  await step(b, 'close', recheck, { reason: '已研判' });
  await setNumber(mint, 'alert_again_days', 2, { basis: '再次发出' });
  const shown = await call('GET', `${M}/alerts/${b.id}`, { token: first });
  assert.deepEqual([shown.again_on, shown.again_is_set], [dayPlus(NOW, 2), true]);
  r.judge(1, 3, 'red', 'red');
  assert.equal((await alerts(r.code)).length, 2, 'not before its day');
  r.judge(2, 4, 'red', 'orange');
  const [c] = await alerts(r.code);
  assert.deepEqual([c.colour, c.state, c.follows_id, c.raised_on], ['orange', 'open', b.id, dayPlus(NOW, 2)]);
  assert.deepEqual(await told(second, c.id), [['alert_raised', false]]);
  for (const [verb, token, body] of [['acknowledge', first], ['handle', first, { handling: '走访企业' }], ['close', recheck, { reason: '已研判' }]])
    await step(c, verb, token, body);
  r.judge(2, 5, 'orange', 'clear');
  r.judge(9, 6, 'clear', 'clear');
  assert.equal((await alerts(r.code)).length, 3, 'a signal that is gone stays gone');
  r.judge(10, 7, 'clear', 'orange');
  assert.deepEqual((await alerts(r.code)).map((x) => x.follows_id), [null, b.id, a.id, null], 'and begins anew');
});
