// door.mjs -- the gateway as it ships and HAProxy, side by side before one
// upstream. Identity is played here: a key set of two keys, nothing revoked,
// its beat on a Redis of our own, so that the gateway hears revocations live.
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join, resolve } from 'node:path';
import { freePort, serve } from './peers.mjs';
import { get } from './stack.mjs';

const ROOT = resolve(new URL('../..', import.meta.url).pathname);
const ISSUER = 'https://bench.example', AUDIENCE = 'yjy365';
export const PATH = '/v1/jobs/vacancies/01a2078c-3b16-7ffe-b890-f05a0a8329f3';
// What a phone's app sends: with method, path and host 600 bytes of head.
export const HEADERS = {
  'User-Agent': 'Mozilla/5.0 (Linux; Android 14; 23013RK75C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Mobile Safari/537.36',
  Accept: 'application/json, text/plain, */*',
  'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.8',
  'Accept-Encoding': 'identity',
  Referer: 'https://m.yjy365.example/jobs/search?area_code=431129&occupation_code=6-20-01-01&limit=20',
  'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Site': 'same-site',
  'X-App-Version': '3.14.2', 'X-Device': 'c0ffee00-aaaa-4bbb-8ccc-123456789abc',
  Cookie: 'theme=light; county=431129; fontsize=normal',
};
const REPLY = JSON.stringify({ id: PATH.slice(-36), title: '电机装配工（两班倒）', occupation_code: '6-20-01-01',
  area_code: '431129100', headcount: 5, pay_min_cents: 450000, pay_max_cents: 620000, currency: 'CNY',
  description: '装配线操作，包工作餐和住宿，满三个月缴纳五险。', created_at: '2025-07-07T01:02:03Z' });

const b64 = (v) => Buffer.from(JSON.stringify(v)).toString('base64url');

class Signer {
  constructor(alg, dir) {
    const rsa = alg === 'RS256';
    const pair = rsa ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.alg = alg;
    this.key = rsa ? pair.privateKey : { key: pair.privateKey, dsaEncoding: 'ieee-p1363' };
    this.jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: `bench-${alg}`, use: 'sig', alg };
    this.pem = join(dir, `${alg}.pem`);
    writeFileSync(this.pem, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  }
  token() {
    const now = Math.floor(Date.now() / 1000);
    const text = `${b64({ typ: 'at+jwt', alg: this.alg, kid: this.jwk.kid })}.${b64({ iss: ISSUER, aud: AUDIENCE,
      sub: randomUUID(), client_id: 'app', iat: now, exp: now + 3600, jti: randomUUID(), sid: randomUUID(),
      roles: ['person@431100'], person: true })}`;
    return `${text}.${createSign('SHA256').update(text).sign(this.key).toString('base64url')}`;
  }
}

export class Door {
  async up(dir, build) {
    Object.assign(this, { dir, build, servers: [], beats: 0 });
    mkdirSync(dir, { recursive: true });
    this.rs = new Signer('RS256', dir);
    this.es = new Signer('ES256', dir);
    await this.identity();
    await this.redis();
    await this.upstream();
    this.dead = await freePort();	// nobody serves here
  }

  async identity() {
    const replies = { '/.well-known/jwks.json': { keys: [this.rs.jwk, this.es.jwk] } };
    const list = { head: 0, row: null, more: false, items: [] };
    this.server = http.createServer((req, res) => {
      const reply = replies[req.url] ?? (req.url.startsWith('/internal/revocations') ? list : null);
      res.writeHead(reply ? 200 : 404, { 'content-type': 'application/json' });
      res.end(JSON.stringify(reply ?? {}));
    });
    this.server.listen(0, '127.0.0.1');
    await new Promise((done) => this.server.once('listening', done));
  }

  async redis() {
    const port = await freePort();
    const server = await serve('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '',
      '--appendonly', 'no'], {}, () => new Promise((done) => {
      const s = net.connect(port, '127.0.0.1', () => { s.end(); done(true); });
      s.on('error', () => done(false));
    }));
    this.servers.push(server);
    this.redisPort = port;
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    const text = '{"source":"identity","head":0}';
    this.beat = setInterval(() => socket.write(`*3\r\n$7\r\nPUBLISH\r\n$11\r\nev.identity\r\n$${text.length}\r\n${text}\r\n`), 400);
    this.beatSocket = socket;
  }

  config(name, lines, threads = 1) {
    const file = join(this.dir, `${name}.cfg`);
    writeFileSync(file, ['global', `\tnbthread ${threads}`, '\tmaxconn 8000',
      'defaults', '\tmode http', '\toption http-keep-alive', '\thttp-reuse always',
      '\ttimeout connect 5s', '\ttimeout client 300s', '\ttimeout server 75s',
      ...lines, ''].join('\n'));
    return ['-db', '-f', file];
  }

  async haproxyServer(name, lines, port, probe = PATH, ok = 200) {
    const url = `http://127.0.0.1:${port}${PATH}`;
    const server = await serve('haproxy', this.config(name, lines), {},
      () => get(`http://127.0.0.1:${port}${probe}`).then((r) => r.status === ok, () => false));
    this.servers.push(server);
    return { ...server, port, url };
  }

  // Answers every request at once with the same 400 bytes: cheaper than either door.
  async upstream() {
    const port = await freePort(), body = join(this.dir, 'reply.json');
    writeFileSync(body, REPLY);
    this.origin = await this.haproxyServer('origin', ['frontend f', `\tbind 127.0.0.1:${port}`,
      '\toption http-buffer-request', `\thttp-request return status 200 content-type application/json file ${body} hdr ETag \\"1\\"`], port);
  }

  // `check`: a Signer whose tokens are verified, as far as HAProxy 2.6 can.
  async haproxy(name, check) {
    const port = await freePort(), verify = !check ? [] : [
      '\thttp-request deny deny_status 401 unless { req.hdr_cnt(authorization) eq 1 }',
      "\thttp-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')",
      `\thttp-request deny deny_status 401 unless { var(txn.alg) -m str ${check.alg} }`,
      "\thttp-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')",
      '\thttp-request set-var(txn.now) date()',
      '\thttp-request deny deny_status 401 if { var(txn.exp),sub(txn.now) -m int lt 0 }',
      `\thttp-request deny deny_status 401 unless { http_auth_bearer,jwt_payload_query('$.iss') -m str ${ISSUER} }`,
      `\thttp-request deny deny_status 401 unless { http_auth_bearer,jwt_payload_query('$.aud') -m str ${AUDIENCE} }`,
      `\thttp-request deny deny_status 401 unless { http_auth_bearer,jwt_verify(txn.alg,"${check.pem}") 1 }`];
    return this.haproxyServer(name, ['frontend door', `\tbind 127.0.0.1:${port}`, ...verify, '\tdefault_backend b',
      'backend b', `\tserver s 127.0.0.1:${this.origin.port}`], port, PATH, check ? 401 : 200);
  }

  async gateway(env = {}) {
    const port = await freePort(), log = join(this.dir, `gateway-${port}.log`), fd = openSync(log, 'w');
    writeFileSync(join(this.dir, 'service.key'), randomUUID() + randomUUID());
    const server = await serve(join(ROOT, this.build, 'bin/gateway'), [], {
      YJY_LISTEN: `127.0.0.1:${port}`, YJY_ISSUER: ISSUER, YJY_AUDIENCE: AUDIENCE,
      YJY_REFERENCE: join(ROOT, 'sql/reference'), YJY_SERVICE_KEY_FILE: join(this.dir, 'service.key'),
      YJY_REDIS: `127.0.0.1:${this.redisPort}`, YJY_IDENTITY: `127.0.0.1:${this.server.address().port}`,
      YJY_JOBS: `127.0.0.1:${this.origin.port}`, YJY_TRAINING: `127.0.0.1:${this.dead}`,
      YJY_LIMIT_CLIENT: '100000000', YJY_LIMIT_ADDRESS: '100000000', YJY_LIMIT_CHANGE: '100000000', ...env },
    // Not ready as a whole, for no service is there: but it knows keys and revocations.
    () => get(`http://127.0.0.1:${port}/readyz`).then((r) => /"keys":true.*"live"/.test(r.text), () => false), fd);
    closeSync(fd);
    this.servers.push(server);
    return { ...server, port, log: () => readFileSync(log, 'utf8'), url: `http://127.0.0.1:${port}${PATH}` };
  }

  async down() {
    clearInterval(this.beat);
    this.beatSocket?.destroy();
    this.server?.close();
    this.server?.closeAllConnections();
    await Promise.all((this.servers ?? []).map((s) => s.stop()));
  }
}
