// gateway_lab.mjs -- a gateway between the test and services that misbehave on
// command: no database, no other program. `misbehave` is a raw TCP server, so
// it can say anything, cut anywhere, or say nothing.
import { spawn } from 'node:child_process';
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ISSUER = 'https://lab.example';
const ROOT = new URL('../..', import.meta.url).pathname;
const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const listening = async (server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
};

// An issuer with a key of its own; kid is the thumbprint (RFC 7638).
export function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { e, n } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e, kty: 'RSA', n })).digest('base64url');
  return { privateKey, jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e } };
}

export function mint(key, over = {}) {
  const now = Math.floor(Date.now() / 1000);
  const signed = `${b64({ typ: 'at+jwt', alg: 'RS256', kid: key.jwk.kid })}.${b64({ iss: ISSUER, aud: 'yjy365',
    sub: randomUUID(), client_id: 'app', iat: now, exp: now + 600, jti: randomUUID(), roles: ['person'], person: true, ...over })}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key.privateKey).toString('base64url')}`;
}

function dechunk(bytes) {
  const parts = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    const size = end < 0 ? NaN : parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size >= 0) || bytes.length < end + 2 + size + 2) return null;	// not all here yet
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

// One request of the input: {head, path, body, rest}, or null for more.
function take(input) {
  const end = input.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = input.toString('latin1', 0, end);
  const after = input.subarray(end + 4);
  const path = head.split(' ')[1];
  if (/transfer-encoding: chunked/i.test(head)) {
    const body = dechunk(after);
    return body && { head, path, body, rest: Buffer.alloc(0) };
  }
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (after.length < length) return null;
  return { head, path, body: after.subarray(0, length), rest: after.subarray(length) };
}

// `acts` by the last segment of the path: (socket, request) => void. A request
// carries n, its number on its connection. `early` acts see the head alone.
export async function misbehave(acts, early = {}) {
  const lab = { seen: [], connections: 0 };
  const server = net.createServer((socket) => {
    let input = Buffer.alloc(0), n = 0;
    lab.connections++;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      input = Buffer.concat([input, data]);
      const name = (path) => path.split('?')[0].split('/').pop();
      const first = /^\S+ (\S+)[^]*\r\n\r\n/.exec(input.toString('latin1'))?.[1];
      if (first && early[name(first)]) { early[name(first)](socket); input = Buffer.alloc(0); return; }
      for (let r; (r = take(input)) !== null && !socket.destroyed;) {
        input = r.rest;
        lab.seen.push({ ...r, n: ++n });
        acts[name(r.path)]?.(socket, { ...r, n });
      }
    });
  });
  lab.port = await listening(server);
  lab.close = () => server.close();
  return lab;
}

// The key set, as identity serves it; `keys` may change at any time. Nothing was
// ever revoked but what `dead` (a set of jti) says, and nobody beats.
export async function issuer(keys) {
  const lab = { keys, asked: 0, introspected: 0, dead: new Set() };
  const server = http.createServer((req, res) => {
    if (req.url.startsWith('/internal/revocations?')) {
      res.end(JSON.stringify({ head: 0, row: null, more: false, items: [] }));
      return;
    }
    if (req.url === '/internal/introspect') { introspect(lab, req, res); return; }
    if (req.url !== '/.well-known/jwks.json') { res.writeHead(404).end(); return; }
    lab.asked++;
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ keys: lab.keys.map((k) => k.jwk) }));
  });
  lab.port = await listening(server);
  lab.close = () => { server.close(); server.closeAllConnections(); };
  return lab;
}

async function introspect(lab, req, res) {
  let text = '';
  for await (const part of req) text += part;
  lab.introspected++;
  const ids = JSON.parse(text).tokens.map((t) => t.id);
  res.end(JSON.stringify({ dead: ids.filter((id) => lab.dead.has(id)) }));
}

export async function gateway(env) {
  const dir = mkdtempSync(join(tmpdir(), 'yjy-lab-'));
  writeFileSync(join(dir, 'service.key'), randomUUID() + randomUUID());
  const child = spawn(join(ROOT, process.env.BUILD ?? '.build/asan', 'bin/gateway'), {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, YJY_LISTEN: '127.0.0.1:0', YJY_ISSUER: ISSUER, YJY_REFERENCE: join(ROOT, 'sql/reference'),
      YJY_SERVICE_KEY_FILE: join(dir, 'service.key'), YJY_LIMIT_CLIENT: '0', YJY_DOCUMENT_MS: '0', ...env } });
  const lab = { child, log: '' };
  await new Promise((ready, fail) => {
    child.on('exit', (code) => fail(new Error(`the gateway left with ${code}: ${lab.log}`)));
    child.stdout.on('data', (data) => {
      lab.log += data;
      lab.port = Number(/serving on port (\d+)/.exec(lab.log)?.[1] ?? 0);
      if (lab.port) ready();
    });
  });
  lab.url = `http://127.0.0.1:${lab.port}`;
  for (let i = 0; (await fetch(`${lab.url}/readyz`)).status !== 200; i++) {
    if (i === 100) throw new Error('the gateway is not ready');
    await new Promise((r) => setTimeout(r, 50));
  }
  lab.stop = async () => {
    child.kill('SIGTERM');
    rmSync(dir, { recursive: true });
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    return code;
  };
  return lab;
}

// An exchange that may break off: {status, headers, body, broken}.
export function ask(port, method, path, { headers = {}, body } = {}) {
  return new Promise((done) => {
    const req = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (res) => {
      const parts = [];
      const end = (broken) => done({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts), broken });
      res.on('data', (d) => parts.push(d));
      res.on('end', () => end(false));
      res.on('error', () => end(true));
    });
    req.on('error', () => done({ status: 0, broken: true }));
    req.end(body);
  });
}

// Bytes out, bytes in, until the other side closes.
export async function raw(port, text) {
  const socket = net.connect(port, '127.0.0.1');
  let out = '';
  socket.on('data', (d) => { out += d; });
  socket.on('error', () => {});
  socket.write(text);
  await once(socket, 'close');
  return out;
}
