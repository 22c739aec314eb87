// edge_tls.test.mjs -- a front that ends TLS: whom it speaks for is believed,
// on its own listener and from our own proxies only; officers come over TLS.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, gateway, issuer, makeKey, mint, misbehave, raw } from './gateway_lab.mjs';

const key = makeKey();
const at = '/v1/training/ok';
const ok = (s) => s.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const request = (more = '', path = at) => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${more}\r\n`;
let back, keys, door, front;

const freePort = async () => {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
};
before(async () => {
  back = await misbehave({ ok, 'officer-sessions': ok });
  keys = await issuer([key]);
  front = await freePort();
  door = await gateway({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}`,
    YJY_LISTEN_PROXY: `127.0.0.1:${front}` });
});
after(async () => { assert.equal(await door.stop(), 0); back.close(); keys.close(); });

const SIG = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
function proxy2(source, { ssl = null } = {}) {
  const body = [Buffer.from([...source.split('.').map(Number), 127, 0, 0, 1, 0x9c, 0x40, 1, 0xbb])];
  if (ssl !== null) body.push(Buffer.from([0x20, 0, 5, ssl ? 1 : 0, 0, 0, 0, 0]));
  const bytes = Buffer.concat(body);
  return Buffer.concat([SIG, Buffer.from([0x21, 0x11, 0, bytes.length]), bytes]);
}
const through = (head, more, path) => raw(front, Buffer.concat([Buffer.from(head), Buffer.from(request(more, path))]));
const last = () => back.seen.at(-1).head;

test('the address and TLS come from the front, on its listener', async () => {
  const plain = await through('PROXY TCP4 192.0.2.7 127.0.0.1 40000 443\r\n');
  assert.match(plain, /^HTTP\/1\.1 200 /);
  assert.match(last(), /X-Forwarded-For: 192\.0\.2\.7$/m);
  assert.doesNotMatch(last(), /x-yjy-tls/i);
  assert.doesNotMatch(plain, /strict-transport/i);
  const secure = await through(proxy2('192.0.2.8', { ssl: true }), 'X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6;proto=http\r\nX-Yjy-Tls: evil\r\n');
  assert.match(secure, /Strict-Transport-Security: max-age=\d+/);
  assert.match(last(), /X-Forwarded-For: 192\.0\.2\.8$/m);
  assert.match(last(), /X-Yjy-Tls: on$/m);
  assert.doesNotMatch(last(), /6\.6\.6\.6|evil/);
  await through(proxy2('192.0.2.9', { ssl: false }), 'X-Forwarded-Proto: https\r\n');
  assert.doesNotMatch(last(), /x-yjy-tls/i);
});

test('the open listener does not know the PROXY protocol, and the other knows nothing else', async () => {
  const seen = back.seen.length;
  for (const head of ['PROXY TCP4 192.0.2.7 127.0.0.1 40000 443\r\n', proxy2('192.0.2.7', { ssl: true })])
    assert.match(await raw(door.port, Buffer.concat([Buffer.from(head), Buffer.from(request())])), /^HTTP\/1\.1 400 /);
  for (const head of ['', 'PROXY TCP4 192.0.2.300 127.0.0.1 1 2\r\n', 'PROXY TCP4 192.0.2.7\r\n', Buffer.concat([SIG, Buffer.from([0x21, 0x31, 0, 0])])])
    assert.equal(await through(head), '', 'closed without a word');
  assert.equal(back.seen.length, seen);
});

test('what a stranger writes about itself over plain HTTP is not believed', async () => {
  const r = await raw(door.port, request('X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nForwarded: for=6.6.6.6;proto=https\r\nX-Yjy-Tls: on\r\n'));
  assert.match(last(), /X-Forwarded-For: 127\.0\.0\.1$/m);
  assert.doesNotMatch(last(), /x-yjy-tls|6\.6\.6\.6/i);
  assert.doesNotMatch(r, /strict-transport/i);
});

test('proxies of ours may say it in headers', async () => {
  const trusting = await gateway({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}`, YJY_PROXIES: '127.0.0.1' });
  for (const [lines, address] of [['X-Forwarded-For: 6.6.6.6, 192.0.2.1\r\nX-Forwarded-Proto: https\r\n', '192.0.2.1'],
    ['Forwarded: for=6.6.6.6, for=192.0.2.2;proto=https\r\n', '192.0.2.2'], ['Forwarded: proto=https;for="[2001:db8::3]:4711"\r\n', '2001:db8::3']]) {
    assert.match(await raw(trusting.port, request(lines)), /Strict-Transport-Security/);
    assert.match(last(), new RegExp(`X-Forwarded-For: ${address}$`, 'm'));
  }
  assert.equal(await trusting.stop(), 0);
});

test('officers and administrators come over TLS or not at all', async () => {
  const seen = back.seen.length;
  for (const role of ['first_review@431129', 'approve@431100', 'system_admin', 'security_admin', 'audit_admin']) {
    const lines = `Authorization: Bearer ${mint(key, { roles: [role], person: undefined })}\r\n`;
    const plain = await raw(door.port, request(lines));
    assert.match(plain, /^HTTP\/1\.1 403 [^]*auth\.tls_required/, role);
    assert.match(await through(proxy2('192.0.2.8', { ssl: true }), lines), /^HTTP\/1\.1 200 /, role);
  }
  assert.equal(back.seen.length, seen + 5);
  assert.match(await raw(door.port, request('', '/v1/identity/officer-sessions')), /^HTTP\/1\.1 403 [^]*auth\.tls_required/);
  assert.match(await raw(door.port, request(`Authorization: Bearer ${mint(key)}\r\n`)), /^HTTP\/1\.1 200 /, 'a person may');
  const lax = await gateway({ YJY_TRAINING: `127.0.0.1:${back.port}`, YJY_IDENTITY: `127.0.0.1:${keys.port}`, YJY_ADMIN_TLS: 'off' });
  assert.equal((await ask(lax.port, 'GET', at, { headers: { authorization: `Bearer ${mint(key, { roles: ['approve@431100'], person: undefined })}` } })).status, 200);
  assert.equal(await lax.stop(), 0);
});

const have = (() => { try { execFileSync('haproxy', ['-v'], { stdio: 'ignore' }); return true; } catch { return false; } })();

test('HAProxy in front, as the stack sets it up', { skip: !have && 'no haproxy here' }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'yjy-tls-')), port = await freePort();
  const at_dir = (f) => join(dir, f);
  const openssl = (...args) => execFileSync('openssl', args, { stdio: 'ignore' });
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=ca', '-keyout', at_dir('ca.key'), '-out', at_dir('ca.pem'));
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost', '-keyout', at_dir('door.key'), '-out', at_dir('door.csr'));
  writeFileSync(at_dir('ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  openssl('x509', '-req', '-in', at_dir('door.csr'), '-CA', at_dir('ca.pem'), '-CAkey', at_dir('ca.key'), '-CAcreateserial', '-extfile', at_dir('ext'), '-out', at_dir('door.crt'));
  writeFileSync(at_dir('door.pem'), readFileSync(at_dir('door.crt')) + readFileSync(at_dir('door.key')));
  // The lines of the stack itself, with our ports.
  const stack = readFileSync(new URL('../../shared/build/stack.sh', import.meta.url), 'utf8');
  const config = /haproxy\.cfg" <<-EOF\n([^]*?)\n\tEOF/.exec(stack)[1].replace(/^\t/gm, '').replace('$GATEWAY_HOST:$(port_of tls)', `127.0.0.1:${port}`)
    .replace('$RUN/secrets/door.pem', at_dir('door.pem')).replace('$(port_of proxied)', String(front));
  writeFileSync(at_dir('haproxy.cfg'), `${config}\n`);
  const child = spawn('haproxy', ['-db', '-f', at_dir('haproxy.cfg')], { stdio: 'ignore' });
  try {
    const ca = readFileSync(at_dir('ca.pem'));
    const connect = (more = {}) => new Promise((done, fail) => {
      const s = tls.connect({ host: '127.0.0.1', port, ca, ...more }, () => done(s));
      s.on('error', fail);
    });
    let socket;
    for (let i = 0; !socket; i++) {
      await sleep(50);
      socket = await connect().catch((e) => { if (i > 60) throw e; });
    }
    assert.equal(socket.authorized, true);
    assert.match(socket.getProtocol(), /TLSv1\.[23]/);
    let got = '';
    socket.on('data', (d) => { got += d; });
    socket.write(request(`Authorization: Bearer ${mint(key, { roles: ['approve@431100'], person: undefined })}\r\n`));
    await new Promise((done) => socket.on('close', done));
    assert.match(got, /^HTTP\/1\.1 200 [^]*Strict-Transport-Security/);
    assert.match(last(), /X-Forwarded-For: 127\.0\.0\.1$/m);
    await assert.rejects(connect({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }));
    await assert.rejects(connect({ ca: undefined }), 'only our own authority vouches for it');
  } finally {
    child.kill('SIGTERM');
    rmSync(dir, { recursive: true });
  }
});
