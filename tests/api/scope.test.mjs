// scope: every route of every program, every role, every county -- generated
// from the programs' own tables, so that a new route is judged the day it is
// written. And the same once more in the database itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { doc } from '../lib/contract.mjs';
import { call, request } from '../lib/client.mjs';
import { eventually, firm, person, random } from '../lib/city.mjs';
import { idNumber, phone, uscc } from '../lib/fake.mjs';
import { admit } from './carrier_help.mjs';
import { attend, certify, examine, openClass } from './class_help.mjs';
import { outlet } from './counter.mjs';
import { JH, LST, twoCounties } from './grant.mjs';
import { dayPlus, known, minter, NOBODY, ports, SERVICES, sql, today } from './help.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;
const BIN = `${ROOT}${process.env.BUILD ?? '.build/asan'}/bin`;
const HERE = JH.code, AWAY = LST.code;

function routesOf(program) {
  const [, ...rows] = execFileSync(`${BIN}/${program}`, ['--routes'], { encoding: 'utf8' }).trim().split('\n');
  return rows.map((row) => {
    const [method, path, name, scope, limit, callers] = row.split(/\s+/);
    return { program, method, path, name, scope, limit, callers: callers.split(',') };
  });
}
const OWN = ['/healthz', '/readyz', '/metrics', '/openapi.json'];	// of every program, open to who can reach its port
const routes = [...SERVICES, 'gateway'].flatMap(routesOf).filter((r) => !OWN.includes(r.path));
const OF_PEOPLE = ['person', 'employer', 'partner', 'institution', 'carrier'];
const OFFICERS = ['clerk', 'first_review', 'recheck', 'approve', 'finance', 'fiscal', 'audit', 'stats',
  'system_admin', 'security_admin', 'audit_admin'];
const ROLES = [...OF_PEOPLE, ...OFFICERS];

const mint = minter((await person()).token);
const tokenOf = (role, area = HERE, over = {}) => mint({ roles: [`${role}@${area}`],
  ...(OF_PEOPLE.includes(role) ? { person: over.person ?? randomUUID(),
    org: role === 'person' ? undefined : over.org ?? randomUUID() } : {}), ...over });

// What a part of a service brings along (tests/api/county): rows to judge in
// each county, words for its paths, values for its fields, lists that are of no county.
const parts = await Promise.all(readdirSync(new URL('county/', import.meta.url)).filter((f) => f.endsWith('.mjs'))
  .sort().map(async (f) => (await import(`./county/${f}`)).default));
const of = (key) => parts.flatMap((p) => p[key] ?? []);
const all = (key) => Object.assign({}, ...parts.map((p) => p[key] ?? {}));

const WORDS = { kind_name: 'graduates', indicator_name: 'urban_new_employment', seq_no: '1', ...all('words') };
const QUERIES = { summary_get: '?policy_code=KGBZ', ...all('queries') };
const VALUES = all('values');
const fill = (path, id = NOBODY) => path.replace(/\{(\w+)\}/g, (_, word) => WORDS[word] ?? id);

async function each(items, fn, width = 8) {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    for (let i = next++; i < items.length; i = next++) await fn(items[i]);
  }));
}
const ask = (r, token, { id, query = '', body, base } = {}) => request(r.method, fill(r.path, id) + query, { token,
  body, base, quiet: true,
  headers: r.method === 'GET' ? {} : { 'idempotency-key': randomUUID() } });

// ---- what exists in both counties -------------------------------------------------

const now = await (async () => { await twoCounties(); return today(); })();
await Promise.all([JH, LST].map(async (county) => {
  const [f, k, s, p, q] = await Promise.all([firm({ area_code: county.town }),
    firm({ kind: 'carrier', area_code: county.town }),
    firm({ kind: 'institution', area_code: county.town }), person({ area_code: county.town }),
      person({ area_code: county.town })]);
  await outlet(county.town);
  const post = (path, token, body) => known(() => call('POST', path, { token, body, refused: true }));
  const v = await post('/v1/jobs/vacancies', f.token, { title: '辖区岗位', occupation_code: '6-24-01-00',
    area_code: county.town, headcount: 3,
    pay_min_cents: 1, pay_max_cents: 2, pay_unit: 'hour', form: 'gig' });
  await post(`/v1/jobs/vacancies/${v.id}/applications`, p.token, {});
  await post('/v1/jobs/unemployment-registrations', q.token, { reason: 'other' });
  await post('/v1/jobs/employments', f.token, { person_id: p.id, occupation_code: '6-24-01-00', hired_on: now,
    contract_type: 'task', wage_cents: 1 });
  const c = await post('/v1/entrepreneurship/carriers', k.token, { name: `辖区基地${randomUUID()}`.slice(0, 20), kind: 'incubator',
    area_code: county.town, capacity: 3 });
  await admit(k, c, f);
  const cls = await openClass(s, { title: '辖区班', occupation_code: '6-24-01-00', area_code: county.town, ends_on: dayPlus(now, 9), capacity: 5 });
  const e = await post(`/v1/training/classes/${cls.id}/enrolments`, p.token);
  await attend(s, e);
  await examine(s, e, 90);
  await certify(s, e);
  await post('/v1/identity/me/data-requests', p.token, { kind: 'erase', reason: '不再需要' });
  const [one, two] = await Promise.all([0, 1].map(() => person({ area_code: county.town, name: '重名人',
    birth_on: '1980-01-01', id_number: idNumber(random, '1980-01-01', 1) })));
  await call('POST', '/v1/identity/merges', { token: mint({ roles: [`recheck@${county.code}`] }), body: { winner_id: one.id,
    loser_id: two.id, reason: '疑似同一人' + county.code } });
  await call('POST', '/v1/identity/rights/withdrawals', { token: mint({ roles: [`security_admin@${county.code}`] }), body: {
    role: 'approve', action: 'identity.merge.undo_confirm', area_code: county.code, from_on: dayPlus(now, 200),
    to_on: dayPlus(now, 200), why: '轮岗期间收回' } });
  for (const part of parts) await part.furnish?.({ county, firm: f, carrier: k, school: s, applicant: p, jobless: q,
    vacancy: v, post, mint, now });
  // Somebody has looked, often enough for the security desk to be told.
  const officer = mint({ roles: [`first_review@${county.code}`] });
  for (let i = 0; i < 20; i++)
    await call('POST', `/v1/identity/persons/${p.id}/unmask`, { token: officer, key: null,
      body: { fields: ['name'], reason_code: 'case_review', reason: '核对登记材料' } });
}));

const tables = sql(`SELECT n.nspname, c.relname, c.relrowsecurity,
    string_agg(a.attname, ',' ORDER BY a.attnum),
    coalesce((SELECT regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\\s+', ' ',
      'g') FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'app_select'), '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE n.nspname IN (${SERVICES.map((x) => `'${x}'`)}) AND c.relkind IN ('r', 'p') GROUP BY 1, 2, 3, c.oid ORDER BY 1, 2`)
  .map(([schema, name, secured, columns, reads]) => ({ schema, name, full: `${schema}.${name}`,
    secured: secured === 't', columns: columns.split(','), reads }));

async function quiet() {	// every event done, nothing left to judge
  // Who is owed a help case has one: otherwise the clock gives it in the middle of a comparison.
  sql(`SELECT platform.act_as(at => '${now}T04:00:00Z'); SELECT jobs.help_scan(100000)`);
  await eventually(() => sql(`SELECT ${SERVICES.map((x) => `(SELECT count(*) FROM ${x}.outbox)`).join(' + ')} + (SELECT count(*) FROM subsidies.due)
    + (SELECT count(*) FROM subsidies.claim WHERE state = 'found')`)[0][0] === '0', 'nothing is under way', 20000);
  await eventually(() => tables.filter((t) => t.name === 'event_cursor').every((t) =>
    sql(`SELECT source, seq FROM ${t.full}`).every(([source, seq]) =>
      Number(sql(`SELECT coalesce(max(seq), 0) FROM ${source}.event_log`)[0][0]) <= Number(seq))), 'every event is applied');
}

// Ids of up to three rows a table, by county, the newest first.
const kept = new Map();
function idsIn(schema, county) {
  const key = `${schema} ${county}`;
  if (!kept.has(key)) kept.set(key, look(schema, county));
  return kept.get(key);
}
function look(schema, county) {
  const withId = tables.filter((t) => t.schema === schema && t.columns.includes('id') && t.columns.includes('county_code'));
  return sql(withId.map((t) => `(SELECT '${t.name}', id::text FROM ${t.full} WHERE county_code = '${county}' ORDER BY id DESC LIMIT 3)`).join(' UNION ALL '))
    .map(([table, id], i, rows) => ({ table, id, nth: i - rows.findIndex(([t]) => t === table) }));
}

// Case numbers of both counties: of one service, or of all of them.
function casesIn(program) {
  return SERVICES.filter((x) => x === program || program === 'gateway').flatMap((x) => [HERE, AWAY].flatMap((county) =>
    sql(`SELECT case_no FROM ${x}.case_file WHERE county_code = '${county}' ORDER BY id DESC LIMIT 3`).map(([no]) => no)));
}

// ---- the routes ------------------------------------------------------------------

test('there is something to judge', () => {
  assert.ok(routes.length > 80, `${routes.length} routes`);
  for (const r of routes) {
    assert.ok(r.callers.length > 0 && r.scope !== 'unset', r.name);
    for (const role of r.callers) assert.ok(['anyone', 'service', ...ROLES].includes(role), `${r.name}: ${role}`);
  }
  const published = Object.entries(doc.paths).flatMap(([p, item]) => Object.keys(item).map((m) =>
    `${m.toUpperCase()} ${p}`)).sort();
  assert.deepEqual(published, routes.filter((r) => !r.path.startsWith('/internal')).map((r) => `${r.method} ${r.path}`).sort(),
    'the document publishes every outer route');
});

test('no route answers a role it does not name, at the door or behind it', async () => {
  const tokens = Object.fromEntries(ROLES.map((role) => [role, tokenOf(role, '431100')]));
  const cases = routes.filter((r) => !r.callers.includes('anyone')).flatMap((r) =>
    [null, ...ROLES.filter((role) => !r.callers.includes(role))].map((role) => ({ r, role })));
  assert.ok(cases.length > 900, `${cases.length} cases`);
  const wrong = [];
  await each(cases, async ({ r, role }) => {
    const inner = await ask(r, role ? tokens[role] : undefined, { base: `http://127.0.0.1:${ports[r.program]}` });
    if (inner.status !== (role ? 403 : 401)) wrong.push(`${r.program} ${r.name} as ${role}: ${inner.status}`);
    const outer = await ask(r, role ? tokens[role] : undefined);
    const want = r.path.startsWith('/internal') ? 404 : role ? 403 : 401;
    if (outer.status !== want) wrong.push(`door ${r.name} as ${role}: ${outer.status}`);
  });
  assert.deepEqual(wrong, []);
});

test('a role without what its scope needs is refused', async () => {
  const wrong = [];
  for (const r of routes.filter((x) => ['person', 'org', 'area'].includes(x.scope)))
    for (const role of r.callers) {
      const bare = await ask(r, mint({ roles: [role] }),	// no person, no organisation, no area
        r.path.startsWith('/internal') ? { base: `http://127.0.0.1:${ports[r.program]}` } : {});
      if (bare.status !== 403) wrong.push(`${r.name} as a bare ${role}: ${bare.status}`);
    }
  for (const token of [mint({ roles: ['service'] }), mint({ roles: ['service@431100'] })])
    for (const r of routes.filter((x) => x.scope === 'internal')) {
      const s = await ask(r, token, { base: `http://127.0.0.1:${ports[r.program]}` });
      if (s.status !== 401) wrong.push(`${r.program} ${r.name} for a person's token that says service: ${s.status}`);
    }
  assert.deepEqual(wrong, []);
});

// What a reply says about counties, people and organisations, at any depth.
function named(json, word, out = new Set()) {
  if (Array.isArray(json)) for (const x of json) named(x, word, out);
  else if (json && typeof json === 'object')
    for (const [k, v] of Object.entries(json)) {
      if (k === word && v !== null) out.add(v);
      named(v, word, out);
    }
  return out;
}

test('what is read lies in the reader’s county, or is the reader’s own', async () => {
  const wrong = [], seen = new Set();
  const reads = routes.filter((r) => r.method === 'GET' && !['public', 'internal'].includes(r.scope));
  // A path takes ids of one table or two: the newest row of each says which, and
  // those are tried in all their rows.
  const knows = new Set();
  const first = [], then = [];
  for (const r of reads)
    for (const role of r.callers)
      if (/\{id\}/.test(r.path))
        for (const x of [...idsIn(r.program, HERE), ...idsIn(r.program, AWAY)])
          (x.nth === 0 ? first : then).push({ r, role, id: x.id, table: x.table });
      else for (const id of /\{case_no\}/.test(r.path) ? casesIn(r.program) : [undefined]) first.push({ r, role, id });
  const mine = { person: randomUUID(), org: randomUUID() };
  const tokens = Object.fromEntries(ROLES.map((role) => [role, tokenOf(role, HERE, OF_PEOPLE.includes(role) ? mine : {})]));
  const judge = async ({ r, role, id, table }) => {
    let query = /[?]/.test(r.path) || !isList(r) ? '' : '?limit=200';
    const own = QUERIES[r.name];
    query = (typeof own === 'function' ? own() : own) ?? query;
    const asked = query || '?limit=200';
    for (let page = 0; page < 20; page++) {
      const reply = await ask(r, tokens[role], { id, query,
        base: r.path.startsWith('/internal') ? `http://127.0.0.1:${ports[r.program]}` : undefined });
      if (reply.status >= 500 || reply.status === 422 || reply.status === 401) { wrong.push(`${r.name} as ${role}: ${reply.status} ${reply.text.slice(0, 200)}`); return; }
      if (reply.status >= 300) return;
      knows.add(r.name).add(`${r.name} ${table}`);
      const counties = named(reply.json, 'county_code');
      if (OF_PEOPLE.includes(role)) {
        const others = [...named(reply.json, 'person_id'), ...named(reply.json, 'org_id')].filter((x) =>
          x !== mine.person && x !== mine.org);
        if (others.length > 0) wrong.push(`${r.name} as ${role}: shows ${others[0]}`);
      } else for (const c of counties) if (c !== HERE) wrong.push(`${r.name} as ${role} of ${HERE}: shows ${c}`);
      if (counties.size > 0) seen.add(r.name);
      if (!reply.json?.next_cursor) return;
      query = `${asked}&cursor=${encodeURIComponent(reply.json.next_cursor)}`;
    }
  };
  await each(first, judge);
  await each(then.filter(({ r, table }) => !knows.has(r.name) || knows.has(`${r.name} ${table}`)), judge);
  assert.deepEqual([...new Set(wrong)].sort(), []);
  const blind = reads.filter((r) => r.callers.some((role) => OFFICERS.includes(role)) && !seen.has(r.name)).map((r) => r.name);
  // Not by county: totals of a policy, the city's lines, files of the whole city, a file of a batch, words of an explanation, one's own sessions, clients and keys of the city, rights withdrawn (there may be none), one's outlet's, the trail of a service that only reads.
  assert.deepEqual(blind.filter((n) => !['summary_get', 'budget_line_list', 'import_list', 'payment_batch_file',
    'payment_batch_get',
    'payment_batch_list', 'decision_why', 'session_list', 'client_list', 'client_get', 'signing_key_list', 'right_withdrawal_list', 'assist_list', 'monitoring_audit_list', 'officer_me',
    'grant_own', 'right_list', ...of('blind')].includes(n)), [], 'these lists showed nothing to judge');
});

const operation = (r) => doc.paths[r.path]?.[r.method.toLowerCase()];
function isList(r) { return operation(r)?.parameters?.some((p) => p.name === 'cursor'); }

// A body that the document would accept, of things in the other county.
function bodyOf(r, away, tables_) {
  const schema = operation(r)?.requestBody?.content?.['application/json']?.schema;
  if (!schema) return undefined;
  const resolve = (x) => (x.$ref ? x.$ref.slice(2).split('/').reduce((n, part) => n[decodeURIComponent(part)], doc) : x);
  const valueOf = (name, x) => {
    if (VALUES[`${r.name}.${name}`] !== undefined) return VALUES[`${r.name}.${name}`];
    if (VALUES[name] !== undefined) return VALUES[name];
    if (name === 'county_code') return AWAY;
    if (name === 'area_code') return LST.town;
    if (name === 'occupation_code') return '6-24-01-00';
    if (name === 'account_no') return '4300123456789012';
    if (name === 'claim_ids') return tables_.filter((t) => t.table === 'claim').map((t) => t.id);
    if (name === 'policy_code' || name === 'line_code') return 'KGBZ';
    if (name === 'uscc') return uscc(random);
    if (name === 'id_number') return idNumber(random, '1990-01-01');
    if (name === 'phone') return phone(random);
    if (name === 'login') return `t.${random.digits(9)}`;
    if (name === 'fields') return ['name'];
    if (name === 'value') return idNumber(random, '1990-01-01');
    if (name === 'winner_id') return tables_.filter((t) => t.table === 'person')[0].id;
    if (name === 'loser_id') return tables_.filter((t) => t.table === 'person')[1].id;
    if (name === 'purpose') return 'auto_match';
    if (/_on$/.test(name)) return now;
    if (name === 'at') return `${dayPlus(now, 1)}T01:00:00Z`;
    if (name === 'contract_months') return 12;
    if (name === 'contract_type') return 'fixed';
    if (x.enum) return x.enum[0];
    if (x.format === 'uuid') return tables_.find((t) => t.table === name.replace(/_id$/, ''))?.id ?? away;
    if (x.type === 'integer') return x.minimum ?? 1;
    if (x.type === 'boolean') return false;
    if (x.type === 'string') return '字'.repeat(Math.max(x.minLength ?? 1, 6)).slice(0, x.maxLength ?? 6);
    return undefined;
  };
  const s = resolve(schema);
  return Object.fromEntries(Object.entries(s.properties ?? {}).map(([name, x]) => [name, valueOf(name, resolve(x))])
    .filter(([name, v]) => v !== undefined && (s.required?.includes(name) || ['county_code', 'person_id',
      'policy_code'].includes(name))));
}

// Everything of the other county, as one digest a table.
function digest() {
  const mine = tables.filter((t) => t.columns.includes('county_code') && !['event_log', 'outbox',
    'event_parked', 'audit', 'message'].includes(t.name));	// what the clock tells a desk
  return Object.fromEntries(sql(mine.map((t) => `SELECT '${t.full}', count(*)::text || ' ' || coalesce(md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))), '')
    FROM ${t.full} x WHERE county_code = '${AWAY}'`).join(' UNION ALL ')));
}

test('nobody writes in another county, or on another’s record', async () => {
  await quiet();
  const before = digest();
  assert.ok(Object.values(before).filter((d) => !d.startsWith('0 ')).length > 25, 'there is something to spoil');
  const wrong = [], answered = {};
  const writes = routes.filter((r) => r.method !== 'GET' && !['public', 'internal'].includes(r.scope));
  const cases = writes.flatMap((r) => {
    const away = idsIn(r.program, AWAY);
    // Each role tries another row of each table.
    const targets = (turn) => (/\{id\}/.test(r.path) ? away.filter((x) => x.nth === turn % away.filter((y) => y.table === x.table).length)
      : [{ id: away[0]?.id ?? NOBODY }]);
    return r.callers.flatMap((role, turn) => targets(turn).map((t) => ({ r, role, id: t.id, body: bodyOf(r, t.id, away) })));
  });
  const tokens = Object.fromEntries(ROLES.map((role) => [role, tokenOf(role)]));
  await each(cases, async ({ r, role, id, body }) => {
    const reply = await ask(r, tokens[role], { id, body });
    (answered[r.name] ??= new Set()).add(reply.json?.code ?? reply.status);
    if (reply.status >= 500) wrong.push(`${r.name} as ${role}: ${reply.status} ${reply.text.slice(0, 300)}`);
    // Ending all of one's sessions, or confirming all of one's claims, of which there are none, harms nobody;
    // nor does a search that finds nobody, nor reading the messages of one's own desk.
    else if (r.name === 'message_read_all' && OFFICERS.includes(role)) return;
    else if (reply.status < 400 && reply.json.ended !== 0 &&
      reply.json.confirmed !== 0 && reply.json.count !== 0 && reply.json.items?.length !== 0) wrong.push(`${r.name} as ${role} on ${id}: ${reply.status} ${reply.text.slice(0, 300)}`);
  });
  assert.deepEqual(wrong, []);
  await quiet();
  const after = digest();
  for (const [table, value] of Object.entries(before)) assert.equal(after[table], value, `${table} of ${AWAY} changed`);
  const formal = Object.entries(answered).filter(([, codes]) => [...codes].every((c) =>
    c === 'request.invalid')).map(([n]) => n);
  assert.deepEqual(formal.sort(), ['bundle_submit', ...of('formal')].sort(), 'only these were refused for their form alone');
});

// ---- the database ------------------------------------------------------------------

// Readable by everybody on purpose: nothing in them is about a person.
const PUBLIC = ['entrepreneurship.carrier', 'entrepreneurship.org', 'jobs.org', 'monitoring.target',
  'subsidies.notice', 'subsidies.notice_line',
  'training.org', ...of('public')].sort();
// Public in part: these rows are everybody's, the others are under the scope.
const PARTLY = { 'jobs.vacancy': "state IN ('open', 'paused', 'filled', 'closed', 'expired')", ...all('partly') };
const hidden = (t) => (PARTLY[t.full] ? `NOT (${PARTLY[t.full]})` : 'true');
// Without row-level security on purpose: the runtime's own tables.
const RUNTIME = ['outbox', 'event_log', 'event_cursor', 'event_parked', 'idempotency', 'job_lock'];
const TELLS = ['county_code', 'person_id', 'org_id', 'id_index', 'phone_index', 'name_masked', 'claim_id', 'officer_id'];

const scopeOf = ({ person: p = '', org = '', areas = '' }) =>
  `SET app.scope = '${p}|${org}||${areas && `,${areas},`}||${now}T00:00:00Z|'`;
const asApp = (schema, scope, text) => sql(`${scope};\n${text}`, `${schema}_app`);

test('every table about people or places is under row-level security', () => {
  const bare = tables.filter((t) => !t.secured && !RUNTIME.includes(t.name) &&
    t.columns.some((c) => TELLS.includes(c))).map((t) => t.full);
  assert.deepEqual(bare, []);
  assert.deepEqual(tables.filter((t) => t.secured && t.reads === 'true').map((t) => t.full), PUBLIC);
  for (const t of tables.filter((x) => PUBLIC.includes(x.full)))
    assert.deepEqual(t.columns.filter((c) => ['person_id', 'id_index', 'name_masked', 'phone_index'].includes(c)), [], t.full);
  for (const [role, superuser, bypass] of sql(`SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname ~ '_(app|system)$'`))
    assert.deepEqual([superuser, bypass], ['f', 'f'], role);
});

test('without a scope no protected table shows a row', () => {
  for (const schema of SERVICES) {
    const mine = tables.filter((t) => t.schema === schema && t.secured && t.reads !== 'true');
    for (const scope of ["SET app.scope = ''", 'SELECT 1', "SET app.scope = '||||||'", "SET app.scope = '|||,,|||'"])
      for (const [table, n] of asApp(schema, scope, mine.map((t) =>
        `SELECT '${t.full}', count(*)::text FROM ${t.full} WHERE ${hidden(t)}`).join(' UNION ALL '))
        .filter((row) => row.length === 2)) assert.equal(n, '0', `${table} under ${scope}`);
  }
  assert.ok(Number(sql('SELECT count(*) FROM jobs.employment')[0][0]) > 0, 'the owner sees rows');
});

test('with the scope of one county no protected table shows a row of another', () => {
  let checked = 0;
  for (const schema of SERVICES) {
    const mine = tables.filter((t) => t.schema === schema && t.secured && t.reads !== 'true' &&
      t.columns.includes('county_code'));
    const rows = asApp(schema, scopeOf({ areas: HERE }), mine.map((t) => `SELECT '${t.full}', count(*) FILTER (WHERE county_code <> '${HERE}' AND ${hidden(t)})::text,
      count(*)::text FROM ${t.full}`).join(' UNION ALL '));
    for (const [table, other, all] of rows) {
      assert.equal(other, '0', table);
      checked += Number(all) > 0;
    }
  }
  assert.ok(checked > 15, `${checked} tables had rows to show`);
});

test('with the scope of one person, or one organisation, only their own', () => {
  let checked = 0;
  for (const [word, key] of [['person_id', 'person'], ['org_id', 'org']])
    for (const schema of SERVICES) {
      const mine = tables.filter((t) => t.schema === schema && t.secured && t.reads !== 'true' && t.columns.includes(word));
      if (mine.length === 0) continue;
      const [id] = sql(mine.map((t) => `(SELECT ${word}::text FROM ${t.full} WHERE ${word} IS NOT NULL LIMIT 1)`).join(' UNION ALL '))[0] ?? [NOBODY];
      // A carrier and a school also see those who are with them: columns of their own.
      const own = (t) => t.columns.includes('carrier_org_id') && key === 'org' ? ` AND carrier_org_id <> '${id}'` : '';
      for (const [table, other, all] of asApp(schema, scopeOf({ [key]: id }), mine.map((t) => `SELECT '${t.full}',
        count(*) FILTER (WHERE ${word} <> '${id}' AND ${hidden(t)}${own(t)})::text, count(*)::text FROM ${t.full}`).join(' UNION ALL '))) {
        assert.equal(other, '0', `${table} as ${key}`);
        checked += Number(all) > 0;
      }
    }
  assert.ok(checked > 8, `${checked} tables had rows to show`);
});

test('a service’s roles reach no other service, and cannot undo what is written down', () => {
  const roles = SERVICES.flatMap((x) => [`${x}_app`, `${x}_system`]);
  for (const [role, schema] of sql(`SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n
      WHERE r.rolname IN (${roles.map((r) => `'${r}'`)}) AND n.nspname IN (${SERVICES.map((x) => `'${x}'`)}, 'public')
        AND has_schema_privilege(r.oid, n.oid, 'usage')`))
    assert.equal(schema, role.replace(/_(app|system)$/, ''), `${role} reaches ${schema}`);
  assert.deepEqual(sql(`SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n
      WHERE r.rolname IN (${roles.map((r) => `'${r}'`)}) AND has_schema_privilege(r.oid, n.oid, 'create') AND n.nspname !~ '^pg_temp'`), []);
  const may = (role, table, what) => `SELECT '${role} may ${what} ${table}' WHERE has_table_privilege('${role}', '${table}', '${what}')`;
  const kept_ = ['ledger_entry', 'claim_step', 'claim_hand', 'decision', 'policy_version', 'notice',
    'payment_reply'].map((t) => `subsidies.${t}`);
  assert.deepEqual(sql([
    ...tables.filter((t) => ['outbox', 'event_log', 'event_parked', 'event_cursor', 'job_lock'].includes(t.name))
      .map((t) => may(`${t.schema}_app`, t.full, 'select')),
    ...kept_.flatMap((t) => ['subsidies_app', 'subsidies_system'].map((r) => may(r, t, 'delete'))),
  ].join(' UNION ALL ')), []);
});
