// counter.mjs -- outlets and clerks of the tests' own, and a second identity
// with other settings beside the running one.
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { call, desks, request, signIn } from '../lib/client.mjs';
import { desk, eventually } from '../lib/city.mjs';
import { RUN, sql } from './help.mjs';

const ROOT = new URL('../../', import.meta.url).pathname;

// An officer with the password and the TOTP secret of a desk of the sample city
// (they are sealed by column, not by row), and grants of its own.
export function officer(grants, like = 'jh.clerk') {
  const row = desks().desks.find((d) => d.login === like);
  const id = randomUUID(), login = `t.${id.slice(0, 13)}`;
  sql(`INSERT INTO identity.officer SELECT (jsonb_populate_record(o,
      '{"id":"${id}","login":"${login}","totp_step":0}')).* FROM identity.officer o WHERE login = '${like}';
    INSERT INTO identity.officer_grant (officer_id, role, area_code, from_on)
      VALUES ${grants.map((g) => `('${id}', '${g.split('@')[0]}', '${g.split('@')[1]}', '2020-01-01')`)}`);
  return { ...row, id, login };
}

export const admin = () => desk('city.system');
export async function outlet(area_code, over = {}) {
  return call('POST', '/v1/identity/outlets', { token: (await admin()).token,
    body: { name: `乐业小站${randomUUID().slice(0, 6)}`, kind: 'station', area_code, ...over } });
}
export async function place(o, who) {
  return call('POST', `/v1/identity/outlets/${o.id}/clerks`, { token: (await admin()).token, body: { login: who.login } });
}
// Signed in, placed at an outlet.
export async function clerkAt(o, grants = ['clerk@431129']) {
  const row = officer(grants);
  await place(o, row);
  return signIn(row);
}

// ---- what stands outside ---------------------------------------------------------

// A receiver that keeps what it is sent; `answer` says {status, body}.
export async function receiver(answer) {
  const got = [];
  const server = http.createServer((req, res) => {
    let text = '';
    req.on('data', (d) => { text += d; });
    req.on('end', () => {
      const one = { path: req.url, headers: req.headers, text, json: JSON.parse(text) };
      got.push(one);
      const { status = 200, body = {} } = answer(one, got.length) ?? {};
      res.writeHead(status, { 'content-type': 'application/json' });
      res.end(JSON.stringify(body));
    });
  });
  await new Promise((r) => server.listen(0, '127.0.0.1', r));
  return { got, url: `http://127.0.0.1:${server.address().port}/in`,
    end: () => { server.closeAllConnections?.(); server.close(); } };
}

const freePort = () => new Promise((resolve) => {
  const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => resolve(port)); });
});

// Another identity on the same database. Its replies are judged like any other.
export async function secondIdentity(env) {
  const dir = mkdtempSync(`${tmpdir()}/identity.`), port = await freePort();
  const key = `${dir}/outside.key`;
  writeFileSync(key, 'a key that only the test knows');
  const of = Object.fromEntries(readFileSync(`${RUN}/env`, 'utf8').trim().split('\n').map((l) =>
    [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
  const log = `${RUN}/log/identity.second.log`;
  const child = spawn(`${ROOT}${process.env.BUILD ?? '.build/asan'}/bin/identity`, [], {
    env: { ...process.env, ...of, YJY_LISTEN: `127.0.0.1:${port}`, YJY_PID_FILE: `${dir}/pid`,
      YJY_SIGNING_KEY_FILE: `${RUN}/secrets/signing.pem`, YJY_SMS_KEY_FILE: key, YJY_VERIFIER_KEY_FILE: key, ...env },
    stdio: ['ignore', openSync(log, 'a'), openSync(log, 'a')] });
  const base = `http://127.0.0.1:${port}`;
  await eventually(() => request('GET', '/readyz', { base, quiet: true }).then((r) => r.status === 200, () => false),
    'the second identity is ready', 30000);
  return { base, log, key: readFileSync(key), async end() {
    const gone = new Promise((r) => child.once('exit', r));
    child.kill('SIGTERM');
    await gone;
    rmSync(dir, { recursive: true });
  } };
}
