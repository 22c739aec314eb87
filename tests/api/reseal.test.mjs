// reseal: the key of personal fields is changed while the city works; nothing
// fails, everything still opens, and the old key can go.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import '../lib/contract.mjs';
import { call, desks, request, signIn } from '../lib/client.mjs';
import { eventually, person } from '../lib/city.mjs';
import { expectErrorLine, minter, ports, RUN, sql } from './help.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;
const CTL = `${ROOT}${process.env.BUILD ?? '.build/asan'}/bin/yjyctl`;
const FILE = `${RUN}/secrets/field.keys`;
const env = { ...process.env, ...Object.fromEntries(readFileSync(`${RUN}/env`, 'utf8').trim().split('\n')
  .map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)])) };
const ctl = (...args) => new Promise((done) => execFile(CTL, args, { env, encoding: 'utf8' }, (error, out, err) =>
  done({ code: error?.code ?? 0, out, err })));
const keys = () => readFileSync(FILE, 'utf8').trim().split('\n').map((l) => l.split(' ')[0]);
const mint = minter((await person()).token);
const recheck = () => mint({ roles: ['recheck@431129'], sub: randomUUID() });
const COLUMNS = sql(`SELECT tbl, col FROM platform.sealed_column JOIN pg_attribute
  ON attrelid = to_regclass(tbl) AND attname = col ORDER BY 1, 2`);
const under = (id, not = '') => COLUMNS.reduce((n, [tbl, col]) => n + Number(sql(`SELECT count(*) FROM ${tbl}
  WHERE ${col} LIKE 'k%.%' AND ${not} starts_with(${col}, 'k${id}.')`)[0][0]), 0);

async function plain(p) {
  const r = await call('POST', `/v1/identity/persons/${p.id}/unmask`, { token: recheck(), key: null,
    body: { fields: ['id_number', 'name', 'phone'], reason_code: 'audit', reason: '换密钥后逐项核对' } });
  assert.deepEqual([r.id_number, r.name, r.phone], [p.id_number, p.name, p.phone]);
}

// People register and are read all the while.
function load(people) {
  const state = { going: true, done: 0 };
  state.end = (async () => {
    while (state.going) {
      people.push(await person());
      await plain(people[Math.floor(Math.random() * people.length)]);
      state.done++;
    }
  })();
  return state;
}

async function rotate(alg) {
  const people = [await person(), await person()], work = load(people);
  try { await rotateUnder(alg, people, work); } finally { work.going = false; }
}

async function rotateUnder(alg, people, work) {
  const old = keys().at(-1);
  const made = await ctl('field-keys', 'add', alg);
  assert.equal(made.code, 0, made.err);
  const fresh = keys().at(-1);
  assert.notEqual(fresh, old);
  const refused = await ctl('field-keys', 'drop', old);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /reseal first/);
  assert.ok(keys().includes(old));
  await eventually(async () => (await Promise.all([person()])).every((p) =>
    sql(`SELECT id_sealed FROM identity.person WHERE id = '${p.id}'`)[0][0].startsWith(`k${fresh}.`)), 'the new key seals');
  const run = await ctl('reseal', '--batch', '37');
  assert.equal(run.code, 0, run.out + run.err);
  assert.match(run.out, /identity\.person\.id_sealed: \d+ resealed, 0 left, 0 do not open/);
  assert.match(run.out, new RegExp(`reseal: 0 rows under another key than k${fresh}\\.`));
  assert.equal(under(fresh, 'NOT'), 0, 'nothing is left under another key');
  assert.ok(under(fresh) > 1000);
  const again = await ctl('reseal');
  assert.match(again.out, /identity\.person\.id_sealed: 0 resealed/, 'once done there is nothing to do');
  work.going = false;
  await work.end;
  assert.ok(work.done > 3, `${work.done} rounds of work meanwhile`);
  const dropped = await ctl('field-keys', 'drop', old);
  assert.equal(dropped.code, 0, dropped.err);
  assert.deepEqual(keys().includes(old), false);
  assert.equal(statSync(FILE).mode & 0o777, 0o600);
  await new Promise((r) => setTimeout(r, 3000));	// every program has looked again
  for (const p of people) await plain(p);
  await signIn(desks().desks.find((d) => d.login === 'lst.clerk'));	// the secret of a one-time code
  return fresh;
}

test('AES to SM4 under load: nothing fails and the old key can go', async () => { await rotate('sm4'); });
test('and from SM4 to AES', async () => { await rotate('aes'); });

test('a cut-off run goes on where it was', async () => {
  const made = await ctl('field-keys', 'add', 'aes');
  assert.equal(made.code, 0, made.err);
  const fresh = keys().at(-1), old = keys().at(-2);
  const child = execFile(CTL, ['reseal', '--batch', '1'], { env });
  await eventually(() => under(fresh) > 20, 'some rows are done');
  expectErrorLine('connection to client lost');
  child.kill('SIGKILL');
  await new Promise((r) => child.on('exit', r));
  const run = await ctl('reseal');
  assert.equal(run.code, 0, run.out + run.err);
  assert.equal(under(fresh, 'NOT'), 0);
  assert.equal((await ctl('field-keys', 'drop', old)).code, 0);
});

test('a column nobody listed stops it before the first row', async () => {
  sql('CREATE TABLE identity.forgotten (note_sealed text)');
  try {
    const run = await ctl('reseal');
    assert.equal(run.code, 1);
    assert.match(run.err, /identity\.forgotten\.note_sealed is not in platform\.sealed_column/);
  } finally { sql('DROP TABLE identity.forgotten'); }
});

test('a malformed key file is told and changes nothing', async () => {
  expectErrorLine('the new file of field keys is malformed');
  const good = readFileSync(FILE, 'utf8'), p = await person();
  const told = () => execFileSync('grep', ['-c', 'field keys is malformed', `${RUN}/log/identity.log`], { encoding: 'utf8' }).trim();
  writeFileSync(FILE, '9 aes 00\n');
  try {
    await eventually(() => { try { return Number(told()) > 0; } catch { return false; } }, 'it is told');
    await plain(p);
    await plain(await person());
  } finally { writeFileSync(FILE, good); }
  assert.equal((await request('GET', '/readyz', { base: `http://127.0.0.1:${ports.identity}`, quiet: true })).status, 200);
  await new Promise((r) => setTimeout(r, 2500));
});

test('only what is meant is understood', async () => {
  for (const args of [['field-keys', 'add', 'des'], ['field-keys', 'drop'], ['reseal', '--batch', '0'], ['reseal', '--batch', 'x'], ['reseal', 'now']])
    assert.equal((await ctl(...args)).code, 2, args.join(' '));
  const last = keys().at(-1);
  assert.equal((await ctl('field-keys', 'drop', last)).code, 1, 'the key that seals stays');
  assert.equal(keys().at(-1), last);
});
