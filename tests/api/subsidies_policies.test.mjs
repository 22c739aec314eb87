// subsidies: policies as dated data: what is shipped, how it is found, and how
// a version comes to be by two people.
import assert from 'node:assert/strict';
import test from 'node:test';
import '../lib/contract.mjs';
import { call } from '../lib/client.mjs';
import { desk, person } from '../lib/city.mjs';
import { isProblem, NOBODY, refused, sql, walk } from './help.mjs';
import { approver, draft, newCode, openLine, publish, PUBLISHER, release, WRITER } from './policies_help.mjs';

const PATH = '/v1/subsidies/policies', DRAFTS = '/v1/subsidies/policy-drafts';
const get = (path, over) => call('GET', `${PATH}${path}`, over);
const on = (code, day) => get(`/in-force/${code}${day ? `?on=${day}` : ''}`);
const SHIPPED = ['KGBZ', 'WGTG', 'BGJG', 'BGCZ', 'BGJJR', 'BGYG', 'BGYX', 'QYRY', 'XNZD', 'LDRY', 'FXCY', 'FXCYX', 'CYXM',
  'QNJY', 'GJNZ', 'DSGZ', 'XXCJ', 'SYWG', 'JNTS', 'ZYPX', 'ZYPJ', 'LHSB', 'DWSB', 'GYGW', 'BFCJ', 'YCCY', 'DKTX', 'DKTXQ', 'JYJX'];

const trial = (over = {}) => ({ code: newCode(), version: 1, title: '试行补助', subject: 'certificate', beneficiary: 'person',
  mode: 'direct', legal_basis: ['试行'], effective_from: '2031-01-01', effective_to: '2031-12-31', benefit_family: 'trial_family',
  holds: [{ family: 'trial_family', holder: 'person', over: 'year', times: 2 }], frequency: { times: 2, over: 'year' },
  fund_source: 'unemployment_insurance', amount: { kind: 'fixed', amount_cents: 100000 }, notice_working_days: 5,
  promised_working_days: 20, approval: [{ step: 'first_review', tiers: [{ up_to_cents: null, level: 'county' }] },
    { step: 'recheck', tiers: [{ up_to_cents: null, level: 'county' }] },
    { step: 'approve', tiers: [{ up_to_cents: 1000000, level: 'county' }, { up_to_cents: null, level: 'city' }] }],
  evidence: [{ code: 'paper', title: '证书', when: 'unknown', conditions: ['level'] }],
  conditions: [{ code: 'level', title: '五级以上', refusal: '等级不符', silent: true, rule: { le: [{ fact: 'certificate_level' }, 5] } }],
  exclusions: [], ...over });

test('every policy of the city and the programmes is there, dated, and says what it does not know', async () => {
  const all = await walk(PATH, undefined, 7, '/v1/codes');
  const of = (code, version = 1) => all.find((p) => p.code === code && p.version === version);
  for (const code of SHIPPED) assert.ok(of(code), code);
  assert.deepEqual([of('FXCY').amount_set, of('FXCY').amount_text], [true, '按规则计算']);
  assert.deepEqual([of('KGBZ').amount_set, of('KGBZ').amount_text], [true, '1500元']);
  for (const code of ['WGTG', 'BGJG', 'QYRY', 'XNZD', 'LDRY', 'XXCJ', 'ZYPX', 'ZYPJ', 'GYGW', 'BFCJ', 'YCCY', 'DKTX', 'JYJX'])
    assert.deepEqual([of(code).amount_set, of(code).amount_text], [false, '未设定'], code);
  for (const code of ['WGTG', 'BGYX', 'QYRY', 'FXCYX', 'CYXM', 'XXCJ'])
    assert.deepEqual([of(code).effective_from, of(code).effective_to], ['2024-11-05', '2025-12-31'], code);
  assert.equal(of('JNTS', 2).supersedes, of('JNTS').id);
  assert.equal(of('BGJG').beneficiary, 'referrer');
  // Each document is what its hash says, and each can be paid from somewhere.
  for (const code of SHIPPED) {
    const p = await get(`/${of(code).id}`);
    assert.equal(p.document.code, code);
    assert.equal(p.published_by, null);
    assert.ok(p.legal_basis.length > 0 && p.document.approval.length === 3);
  }
  const unpaid = sql(`SELECT code FROM subsidies.policy_version v WHERE code IN ('${SHIPPED.join("', '")}') AND NOT EXISTS (
    SELECT FROM subsidies.budget_line_policy lp JOIN subsidies.budget_line l ON l.code = lp.line_code
     WHERE lp.policy_code = v.code AND l.fund_source = v.fund_source)`);
  assert.deepEqual(unpaid, []);
});

test('the eight lines the city’s plan names stand as named: 6,360万', async () => {
  const lines = await walk('/v1/subsidies/budget-lines', (await desk('city.stats')).token, 50);
  const named = lines.filter((l) => l.appropriated_cents !== null && ['WGTG', 'YQBG', 'FXCY', 'CYXM', 'QNJY', 'GJNZ', 'DSGZ',
    'XXCJ'].includes(l.code));
  assert.equal(named.length, 8);
  assert.equal(named.reduce((sum, l) => sum + l.appropriated_cents, 0), 6_360_0000_00);
  assert.deepEqual(lines.find((l) => l.code === 'YQBG').policies,
    ['BGCZ', 'BGJG', 'BGJJR', 'BGYG', 'BGYX', 'LDRY', 'QYRY', 'XNZD']);
  assert.equal(lines.find((l) => l.code === 'DKTX').fund_source, 'inclusive_finance');
});

test('policies are found by code, day, beneficiary, way and subject', async () => {
  const codes = async (query) => (await walk(`${PATH}?${query}`, undefined, 20)).filter((p) => SHIPPED.includes(p.code)).map((p) => `${p.code}.${p.version}`).sort();
  assert.deepEqual(await codes('code=JNTS'), ['JNTS.1', 'JNTS.2']);
  assert.deepEqual(await codes('code=JNTS&on=2024-12-31'), ['JNTS.1']);
  assert.deepEqual(await codes('code=JNTS&on=2025-01-01'), ['JNTS.2']);
  assert.deepEqual(await codes('code=JNTS&on=2026-01-01'), []);
  assert.deepEqual(await codes('beneficiary=referrer'), ['BGCZ.1', 'BGJG.1', 'BGJJR.1', 'BGYG.1', 'BGYX.1']);
  assert.deepEqual((await codes('mode=round&on=2025-06-01')), ['CYXM.1', 'DSGZ.1', 'FXCY.1', 'FXCYX.1', 'GJNZ.1', 'QNJY.1', 'WGTG.1',
    'XXCJ.1']);
  assert.deepEqual(await codes('subject=loan'), ['DKTX.1', 'DKTXQ.1']);
  for (const [query, field] of [['on=yesterday', 'on field.format'], ['mode=free', 'mode field.choice'],
    ['beneficiary=all', 'beneficiary field.choice'], ['subject=death', 'subject field.choice'], ['x=1', 'x field.unknown']])
    await refused('GET', `${PATH}?${query}`, {}, 422, 'request.invalid', field);
  assert.equal((await on('JNTS', '2024-06-01')).version, 1);
  assert.equal((await on('JNTS', '2025-06-01')).version, 2);
  assert.ok((await on('LHSB')).document.conditions.length > 3);
  await refused('GET', `${PATH}/in-force/JNTS?on=2023-12-31`, {}, 404, 'request.not_found');
  await refused('GET', `${PATH}/in-force/NONE`, {}, 404, 'request.not_found');
  await refused('GET', `${PATH}/${NOBODY}`, {}, 404, 'request.not_found');
});

test('a draft says what is wrong with it and where, until nothing is', async () => {
  const good = trial();
  const says = async (over) => (await draft({ ...good, ...over })).problems.map((p) => `${p.pointer} ${p.code}`).sort();
  const rule = (r) => ({ conditions: [{ code: 'c', title: 't', refusal: 'r', rule: r }], evidence: [] });
  const at = (pointer, code) => [`/conditions/0/rule${pointer} ${code}`];
  assert.deepEqual(await says({}), []);
  for (const [over, want] of [
    [rule({ is: 'is_nice' }), at('/is', 'field.fact')],
    [rule({ ge: [{ fact: 'org_staff' }, 'many'] }), at('/ge', 'field.type')],
    [rule({ ge: [{ fact: 'award_rank' }, 1] }), at('/ge/0/fact', 'field.fact')],		// not of a certificate
    [rule({ under: [{ fact: 'certificate_occupation' }, ['9-99']] }), at('/under/1/0', 'field.choice')],
    [rule({ under: [{ fact: 'org_kind' }, ['4-07']] }), at('/under/0', 'field.type')],
    [rule({ is: { fact: 'deceased' } }), at('/is', 'field.type')],
    [{ amount: { kind: 'rule', rule: { share: [{ fact: 'self_paid_cents' }, 2, 3] } } }, ['/amount/rule/share/0/fact field.fact']],
    [{ amount: { kind: 'rule', rule: { fact: 'certificate_on' } } }, ['/amount/rule field.type']],
    [{ amount: { kind: 'rule', rule: { tiers: [{ fact: 'certificate_level' }, [[5, 1], [4, 2]]] } } },
      ['/amount/rule/tiers/1/1 field.too_small']],
    [{ amount: { kind: 'fixed', amount_cents: -1 } }, ['/amount/amount_cents field.too_small']],
    [{ amount: { kind: 'fixed', amount_cents: 15.5 } }, ['/amount/amount_cents field.type']],
    [{ subject: 'death' }, ['/subject field.choice']],
    [{ beneficiary: 'referrer' }, ['/beneficiary field.choice']],
    [{ effective_to: '2030-01-01' }, ['/effective_to field.date_order']],
    [{ holds: [{ family: 'x', holder: 'nobody', over: 'ever' }] }, ['/holds/0/holder field.choice']],
    [{ approval: ['first_review', 'approve', 'recheck'] }, ['/approval/1 field.choice', '/approval/2 field.choice']],
    [{ approval: ['first_review', 'recheck', { step: 'approve', tiers: [{ up_to_cents: 5, level: 'county' }] }] },
      ['/approval/2/tiers field.missing']],
    [{ evidence: [{ code: 'p', title: '材料', when: 'unknown', conditions: ['nothing'] }] },
      ['/evidence/0/conditions/0 field.choice']],
    [{ notice_working_days: 0 }, ['/notice_working_days field.too_small']],
    [{ title: undefined }, ['/title field.missing']],
    [{ paragraph: 7 }, ['/paragraph field.unknown']],
  ]) assert.deepEqual(await says(over), want, JSON.stringify(over));
  assert.deepEqual(await says({ amount: null }), []);
  await refused('POST', DRAFTS, { token: WRITER, body: { document: 5 } }, 422, 'request.invalid', '/document field.type');
  await refused('POST', DRAFTS, { token: WRITER, body: {} }, 422, 'request.invalid', '/document field.missing');
  // In the caller's language.
  const bad = await call('POST', DRAFTS, { token: WRITER, body: { document: {} }, headers: { 'accept-language': 'en' } });
  assert.ok(bad.problems.length > 5 && bad.problems.every((p) => /^[\x20-\x7e]+$/.test(p.message)), JSON.stringify(bad.problems));
  assert.deepEqual([bad.code, bad.title], [null, null]);
});

test('drafts are the city’s; they change until they are published or dropped', async () => {
  const d = await draft({ ...trial(), title: undefined });
  assert.deepEqual([d.state, d.problems.length, d.writers.length], ['open', 1, 1]);
  const put = (document, token, over) => call('PUT', `${DRAFTS}/${d.id}`, { token, body: { document }, ...over });
  const second = approver();
  const better = await put(trial({ title: '改好的' }), second);
  assert.deepEqual([better.problems, better.title, better.writers.length], [[], '改好的', 2]);
  assert.equal((await call('GET', `${DRAFTS}/${d.id}`, { token: WRITER })).document.title, '改好的');
  assert.ok((await walk(`${DRAFTS}?state=open`, WRITER, 3, PATH)).some((x) => x.id === d.id));
  for (const token of [(await desk('jh.approve')).token, (await desk('lst.approve')).token]) {
    await refused('POST', DRAFTS, { token, body: { document: trial() } }, 403, 'auth.area');
    isProblem(await put(trial(), token, { refused: true }), 403, 'auth.area');
    await refused('GET', `${DRAFTS}/${d.id}`, { token }, 404, 'request.not_found');
    await refused('POST', `${DRAFTS}/${d.id}/drop`, { token }, 404, 'request.not_found');
    await refused('POST', `${DRAFTS}/${d.id}/publish`, { token, body: {} }, 403, 'auth.area');
    assert.deepEqual((await call('GET', DRAFTS, { token })).items, []);
  }
  for (const who of ['city.clerk', 'city.fiscal', 'jh.first'])
    await refused('POST', DRAFTS, { token: (await desk(who)).token, body: { document: trial() } }, 403, 'auth.forbidden');
  await refused('GET', DRAFTS, { token: (await person()).token }, 403, 'auth.forbidden');
  assert.equal((await call('POST', `${DRAFTS}/${d.id}/drop`, { token: WRITER })).state, 'dropped');
  isProblem(await put(trial(), second, { refused: true }), 409, 'state.wrong');
  await refused('POST', `${DRAFTS}/${d.id}/drop`, { token: WRITER }, 409, 'state.wrong');
  isProblem(await release(d.id, {}, PUBLISHER, { refused: true }), 409, 'state.wrong');
  await refused('PUT', `${DRAFTS}/${NOBODY}`, { token: WRITER, body: { document: {} } }, 404, 'request.not_found');
  isProblem(await release(NOBODY, {}, PUBLISHER, { refused: true }), 404, 'request.not_found');
});

test('one writes, another publishes; versions follow one another and never change', async () => {
  const one = trial();
  const d = await draft(one);
  const publishing = (id, body, token) => release(id, body, token, { refused: true });
  isProblem(await publishing(d.id, {}, WRITER), 409, 'subsidies.policy_second_person');
  const unfunded = isProblem(await publishing(d.id), 409, 'subsidies.policy_unfunded', '/fund_source subsidies.policy_unfunded');
  assert.equal(unfunded.json.detail, `${one.code}（失业保险基金）`);
  openLine(one.code);
  const made = await release(d.id);
  assert.deepEqual([made.code, made.version, made.supersedes], [one.code, 1, null]);
  const p = await get(`/${made.id}`);
  assert.deepEqual(p.document, one);
  assert.equal(p.hash, made.hash);
  assert.equal(p.published_by, JSON.parse(Buffer.from(PUBLISHER.split('.')[1], 'base64url')).sub);
  isProblem(await publishing(d.id), 409, 'state.wrong');
  await refused('PUT', `${DRAFTS}/${d.id}`, { token: WRITER, body: { document: one } }, 409, 'state.wrong');
  assert.equal((await call('GET', `${DRAFTS}/${d.id}`, { token: WRITER })).version_id, made.id);

  const next = async (over, body, token) => publishing((await draft({ ...one, version: 2, ...over })).id, body, token);
  isProblem(await next({ version: 1 }, {}), 409, 'subsidies.policy_follows', '/version subsidies.policy_follows');
  isProblem(await next({ version: 3 }, {}), 409, 'subsidies.policy_follows', '/version subsidies.policy_follows');
  isProblem(await next({ effective_from: '2030-12-31' }, { supersedes: made.id }), 409, 'subsidies.policy_follows',
    '/effective_from subsidies.policy_follows');
  isProblem(await next({}, {}), 409, 'subsidies.policy_overlaps', '/effective_from subsidies.policy_overlaps');
  isProblem(await next({}, { supersedes: NOBODY }), 409, 'subsidies.policy_supersedes', '/supersedes subsidies.policy_supersedes');
  isProblem(await next({ fund_source: 'nobody' }, { supersedes: made.id }), 409, 'subsidies.policy_fund',
    '/fund_source subsidies.policy_fund');
  isProblem(await next({ title: 5 }, { supersedes: made.id }), 422, 'request.invalid', '/title field.type');
  const two = (await next({ amount: { kind: 'fixed', amount_cents: 90000 } }, { supersedes: made.id })).json;
  assert.deepEqual([two.version, two.supersedes], [2, made.id]);
  // The next year needs no word of the one before.
  const three = (await next({ version: 3, effective_from: '2032-01-01', effective_to: null }, {})).json;
  assert.equal(three.supersedes, two.id);
  assert.equal((await get(`/${made.id}`)).hash, made.hash);
  for (const [day, version] of [['2031-07-01', 2], ['2031-12-31', 2], ['2032-01-01', 3], ['2099-01-01', 3]])
    assert.equal((await on(one.code, day)).version, version, day);
  assert.equal((await publish(trial({ amount: null }))).version, 1);
});

test('what two people must do no single one can, not even in the database', async () => {
  const d = await draft(trial());
  const [writer] = d.writers;
  const denied = (text, user, pattern) => assert.throws(() => sql(text, user), pattern);
  denied(`UPDATE subsidies.policy_draft SET state = 'published', published_by = '${writer}',
    version_id = (SELECT id FROM subsidies.policy_version LIMIT 1) WHERE id = '${d.id}'`, 'yjy', /policy_draft_four_eyes_check/);
  denied(`SELECT subsidies.policy_publish('${JSON.stringify(trial())}'::jsonb, '${writer}')`, 'subsidies_app', /permission denied/);
  for (const user of ['subsidies_app', 'subsidies_system'])
    denied("UPDATE subsidies.policy_version SET title = ''".replace('title', 'hash'), user, /permission denied/);
  denied(`DELETE FROM subsidies.policy_draft WHERE id = '${d.id}'`, 'subsidies_app', /permission denied/);
});

test('two approvers at the same moment: one version', async () => {
  const doc = trial();
  openLine(doc.code);
  const [a, b] = [await draft(doc), await draft({ ...doc, title: '另一稿' })];
  const replies = await Promise.all([a, b].map((d) => release(d.id, {}, PUBLISHER, { refused: true })));
  assert.deepEqual(replies.map((r) => r.status).sort(), [201, 409]);
  const [kept] = await walk(`${PATH}?code=${doc.code}`, undefined, 5);
  assert.equal(kept.version, 1);
});
