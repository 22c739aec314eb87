// subsidies_audit: every write and every look at somebody's file is in the trail
// and shown to who it is about; and every row that money or a decision stands in
// is what the service last wrote, or is named with its table.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test, { after } from 'node:test';
import { call, request } from '../lib/client.mjs';
import { desk, eventually, person } from '../lib/city.mjs';
import { doc } from '../lib/contract.mjs';
import * as g from './grant.mjs';
import { minter, NOBODY, RUN, sql } from './help.mjs';
import { paid, WHY } from './recovery_help.mjs';

const { JH } = g;
const BIN = new URL(`../../${process.env.BUILD ?? '.build/asan'}/bin/yjyctl`, import.meta.url).pathname;
const env = { ...process.env, ...Object.fromEntries(readFileSync(`${RUN}/env`, 'utf8').trim().split('\n').map((l) =>
  l.replace(/^export /, '')).filter((l) => /^YJY_\w+=/.test(l)).map((l) =>
  [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1).replace(/^['"]|['"]$/g, '')])) };
function verify() {
  const r = spawnSync(BIN, ['audit-verify', 'subsidies'], { encoding: 'utf8', env });
  return { code: r.status, out: r.stdout + r.stderr };
}
const sound = (what) => { const v = verify(); assert.equal(v.code, 0, `${what}: ${v.out}`); return v.out; };

const mint = minter((await person()).token);
const as = (role, area = JH.code) => mint({ roles: [`${role}@${area}`] });
await g.at(g.HIRED_ON);
await g.allot(JH, 5_000_000);
await g.at(g.NOW);
const w = await paid(JH, 2);
after(() => g.at(g.NOW));
const [c] = w.list, one = w.people.find((x) => x.person.id === c.person_id).person;
const officer = await desk('jh.recheck');
const found = (id) => eventually(() => sql(`SELECT coalesce(people::text, ''), route, status::text FROM subsidies.audit WHERE request_id = '${id}'`)[0],
  `a row of the trail for ${id}`);

const ops = Object.entries(doc.paths).flatMap(([path, item]) => Object.entries(item).filter(([m]) => ['get', 'post', 'put', 'patch', 'delete'].includes(m))
  .map(([method, op]) => ({ path, method: method.toUpperCase(), ...op }))).filter((op) => op.path.startsWith('/v1/subsidies/'));

test('whatever is asked to be written is in the trail, also when it is refused', async () => {
  const writes = ops.filter((op) => op.method !== 'GET' && !op['x-callers'].includes('anyone'));
  assert.ok(writes.length > 40, `${writes.length} writes`);
  const asked = [];
  for (const op of writes) {
    const role = op['x-callers'][0];
    const token = mint({ roles: [`${role}@${JH.code}`], person: randomUUID(), ...(role === 'person' ? {} : { org: randomUUID() }) });
    const r = await request(op.method, op.path.replace(/\{\w+_name\}/g, 'graduates').replace(/\{\w+_code\}/g, 'KGBZ').replace(/\{\w+\}/g, NOBODY),
      { token, body: {}, quiet: true, headers: { 'idempotency-key': randomUUID() } });
    if (r.status !== 429) asked.push([op.operationId, r.headers['x-request-id'], r.status]);
  }
  for (const [name, id, status] of asked) {
    const [, route, said] = await found(id);
    assert.deepEqual([`subsidies.${route}`, said], [name.startsWith('subsidies.') ? name : `subsidies.${name}`, String(status)], name);
  }
});

test('what shows a person’s file names the person: decision, why, claim, recovery, payment, file', async () => {
  const r = await call('POST', '/v1/subsidies/recoveries', { token: as('audit'), body: { claim_id: c.id, source: 'audit', ...WHY } });
  const [batch] = sql(`SELECT batch_id FROM subsidies.payment_line WHERE claim_id = '${c.id}'`).flat();
  const [everybody] = sql(`SELECT string_agg(DISTINCT c.person_id::text, ',' ORDER BY c.person_id::text) FROM subsidies.payment_line l
    JOIN subsidies.claim c ON c.id = l.claim_id WHERE l.batch_id = '${batch}'`).flat();
  const looks = [
    [`claims/${c.id}`, officer.token], [`decisions/${c.decision_id}`, officer.token], [`decisions/${c.decision_id}/why`, officer.token],
    [`recoveries/${r.id}`, officer.token], ['recoveries?limit=200', officer.token], ['claims?state=paid&limit=200', officer.token],
    [`payment-batches/${batch}`, as('finance')], [`payment-batches/${batch}/file`, as('finance')],
  ];
  for (const [path, token] of looks) {
    const reply = await request('GET', `/v1/subsidies/${path}`, { token, quiet: true });
    assert.equal(reply.status, 200, `${path}: ${reply.text}`);
    const [people] = await found(reply.headers['x-request-id']);
    assert.ok(people.includes(one.id), `${path} names ${one.id}: ${people}`);
    if (path.startsWith('payment-batches'))
      assert.deepEqual(people.replace(/[{}]/g, '').split(',').sort().join(), everybody, `${path}: everybody in it`);
  }
  // Nothing else of the service shows a person without saying so.
  const quiet = ops.filter((op) => op.method === 'GET' && !op['x-opens-personal-data'] && !op.path.includes('/me/'));
  for (const op of quiet) assert.ok(!/person_id|person_name/.test(JSON.stringify(op.responses?.['200'] ?? '')), op.operationId);

  const seen = await eventually(async () => {
    const { items } = await call('GET', '/v1/me/accesses?limit=200', { token: one.token });
    const mine = items.filter((x) => x.service === 'subsidies');
    return mine.some((x) => x.action === 'subsidies.decision.why') && mine.some((x) => x.action === 'subsidies.payment.file') && mine;
  }, 'the person sees them all');
  const why = seen.find((x) => x.action === 'subsidies.decision.why');
  assert.deepEqual([why.role, why.office, why.result], ['复核', '江华瑶族自治县', 'done']);
  assert.ok(!JSON.stringify(seen).includes(officer.id), 'office and role, not who');
  assert.ok(seen.some((x) => x.role === '审计监督' && /追缴/.test(x.purpose)), 'a change of the file is an access, too');
});

// ---- rows ----------------------------------------------------------------------------------

const quiet = (text) => sql(`SET session_replication_role = replica; ${text}`);	// the owner, past every trigger
const tables = sql(`SELECT split_part(tbl, '.', 2), key FROM platform.watched WHERE tbl LIKE 'subsidies.%' ORDER BY 1`);

test('any row altered, removed or added by the owner is named with its table', () => {
  assert.match(sound('at first'), /\d+ tables watched, every row as it was last written; [1-9]\d* entries/);
  const judged = [];
  for (const [table, key] of tables) {
    const [row] = sql(`SELECT ${key} FROM subsidies.${table} r ORDER BY 1 LIMIT 1`).flat();
    if (row === undefined) continue;
    const [[column, type]] = sql(`SELECT a.attname, a.atttypid::regtype FROM pg_attribute a WHERE a.attrelid = 'subsidies.${table}'::regclass
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = '' AND a.atttypid::regtype::text IN ('text', 'bigint', 'boolean', 'date')
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND a.attnum = ANY (k.conkey) AND k.contype IN ('p', 'u', 'c', 'x'))
      UNION ALL SELECT 'created_at', 'timestamptz' LIMIT 1`);
    const free = column !== 'created_at' || sql(`SELECT 1 FROM pg_attribute WHERE attrelid = 'subsidies.${table}'::regclass AND attname = 'created_at'`).length > 0;
    const other = { text: `coalesce(${column}, '') || 'x'`, bigint: `coalesce(${column}, 0) + 1`, boolean: `NOT ${column}`, date: `coalesce(${column}, '2025-01-01') + 1` }[type] ??
      `${column} + interval '1 second'`;
    const where = `WHERE ${key} = '${row}'`, at = `subsidies.${table}`;
    sql(`DROP TABLE IF EXISTS kept_row; CREATE TABLE kept_row AS SELECT * FROM ${at} r ${where}`);
    const back = `INSERT INTO ${at} OVERRIDING SYSTEM VALUE SELECT * FROM kept_row`;
    let v;
    if (free) {
      quiet(`UPDATE ${at} r SET ${column} = ${other} ${where}`);
      v = verify();
      assert.equal(v.code, 1, `${at}.${column}`);
      assert.ok(v.out.includes(`${at}: row ${row} was altered`), v.out);
    }
    quiet(`DELETE FROM ${at} r ${where}`);
    v = verify();
    assert.ok(v.code === 1 && v.out.includes(`${at}: row ${row} is missing`), v.out);
    quiet(back);
    judged.push(table);
  }
  sql('DROP TABLE kept_row');
  sound('all put back');
  for (const t of ['claim', 'claim_step', 'decision', 'hold', 'ledger_entry', 'allotment', 'payment_line', 'payment_reply', 'recovery', 'recovery_step'])
    assert.ok(judged.includes(t), t);
  const added = [['ledger_entry', 'gen_random_uuid(), allotment_id'], ['claim_step', null]];
  for (const [table] of added) {
    const [id] = quiet(`CREATE TEMP TABLE one AS SELECT * FROM subsidies.${table} LIMIT 1; UPDATE one SET id = platform.uuid7()${table === 'claim_step' ? ', ord = ord + 1000000' : ', ord = ord + 1000000'};
      INSERT INTO subsidies.${table} OVERRIDING SYSTEM VALUE SELECT * FROM one RETURNING id`).flat();
    const v = verify();
    assert.ok(v.code === 1 && v.out.includes(`subsidies.${table}: row ${id} was added`), v.out);
    quiet(`DELETE FROM subsidies.${table} WHERE id = '${id}'`);
  }
  sound('and again');
});

test('with the triggers on it is found as well; said aloud it is told, and nobody passes for a request', async () => {
  const step = `SELECT ord FROM subsidies.recovery_step ORDER BY ord LIMIT 1`;
  sql(`UPDATE subsidies.recovery_step SET note = 'x' WHERE ord = (${step})`);
  assert.match(verify().out, /subsidies\.recovery_step: row \d+ was altered/);
  sql(`SET app.rows_why = '更正录入'; UPDATE subsidies.recovery_step SET note = '属实' WHERE ord = (${step})`);
  assert.match(sound('said why'), /subsidies: [1-9]\d* changes by the owner: 更正录入/);

  sql('ALTER TABLE subsidies.claim_step DISABLE TRIGGER zz_log_update');
  assert.match(verify().out, /subsidies\.claim_step: is no longer watched/);
  sql('ALTER TABLE subsidies.claim_step ENABLE TRIGGER zz_log_update');
  sound('watched again');

  const [[ord, was]] = sql("SELECT ord, encode(digest, 'hex') FROM subsidies.row_log ORDER BY ord LIMIT 1");
  await eventually(() => sql(`SELECT coalesce(sum(count), 0) >= 1 FROM subsidies.row_seal`)[0][0] === 't', 'the log is sealed');
  sql(`UPDATE subsidies.row_log SET digest = sha256('x') WHERE ord = ${ord}`);
  assert.match(verify().out, new RegExp(`subsidies: entry of the row log ${ord} was altered`));
  sql(`UPDATE subsidies.row_log SET digest = '\\x${was}' WHERE ord = ${ord}`);
  sound('put back');

  for (const role of ['subsidies_app', 'subsidies_system'])
    for (const text of ['UPDATE subsidies.row_log SET key = key', 'DELETE FROM subsidies.row_log', 'DELETE FROM subsidies.row_seal', "INSERT INTO subsidies.row_log (tbl) VALUES ('x')",
      'ALTER TABLE subsidies.claim DISABLE TRIGGER ALL'])
      assert.throws(() => sql(text, role), /permission denied|must be owner/, `${role}: ${text}`);

  // As if by a request, but none is in the trail: left as it is, it is found for good.
  const keep = sql(`SELECT note FROM subsidies.recovery_step WHERE ord = (${step})`)[0]?.[0] ?? '';
  sql(`BEGIN; SET LOCAL SESSION AUTHORIZATION subsidies_app; SET LOCAL app.scope = '||${NOBODY.replaceAll('-', '')}|${JH.code}|x|2025-10-29T01:00:00Z|';
    UPDATE subsidies.recovery SET reason = reason || '。'; ROLLBACK`);
  assert.equal(sql(`SELECT note FROM subsidies.recovery_step WHERE ord = (${step})`)[0]?.[0] ?? '', keep);
  sound('rolled back leaves nothing');
});
