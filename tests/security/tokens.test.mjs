// tokens: everything that is not a token of ours, shown at the door and to
// each service behind it. Each forgery differs from a good token in one thing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, createPrivateKey, createPublicKey, createSign, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import test from 'node:test';
import { BASE, request } from '../lib/client.mjs';
import { person } from '../lib/city.mjs';
import { ports, serviceToken, SERVICES } from '../api/help.mjs';

const pem = readFileSync(`${process.env.YJY_RUN}/secrets/signing.pem`);
const key = createPrivateKey(pem), publicPem = createPublicKey(pem).export({ type: 'spki', format: 'pem' });
const b64 = (x) => Buffer.from(typeof x === 'string' || Buffer.isBuffer(x) ? x : JSON.stringify(x)).toString('base64url');
const part = (token, i) => JSON.parse(Buffer.from(token.split('.')[i], 'base64url'));
const rs256 = (text, k = key) => createSign('RSA-SHA256').update(text).sign(k).toString('base64url');
const hs256 = (text, secret) => createHmac('sha256', secret).update(text).digest('base64url');

const p = await person();
const head = part(p.token, 0), claims = part(p.token, 1), now = () => Math.floor(Date.now() / 1000);
const fresh = () => ({ ...claims, jti: randomUUID(), iat: now(), exp: now() + 300 });
const token = (over = {}, headOver = {}, sign = rs256) => {
  const text = `${b64({ ...head, ...headOver })}.${b64({ ...fresh(), ...over })}`;
  return `${text}.${sign(text)}`;
};
const without = (name) => { const c = fresh(); delete c[name]; const text = `${b64(head)}.${b64(c)}`; return `${text}.${rs256(text)}`; };
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const strangerJwk = stranger.publicKey.export({ format: 'jwk' });
const raw = (h, c) => { const text = `${b64(h)}.${b64(c)}`; return `${text}.${rs256(text)}`; };

const ME = '/v1/identity/me';
// Of each service, a read that wants a token.
const BIN = new URL(`../../${process.env.BUILD ?? '.build/asan'}/bin/`, import.meta.url).pathname;
const READS = Object.fromEntries(SERVICES.map((s) => [s, execFileSync(`${BIN}${s}`, ['--routes'], { encoding: 'utf8' })
  .split('\n').map((l) => l.split(/\s+/)).find(([method, path, , scope, , callers]) => method === 'GET' &&
    !path.includes('{') && !['public', 'internal'].includes(scope) && !callers.includes('anyone'))[1]]));

const FORGERIES = {
  'alg none, no signature': `${b64({ ...head, alg: 'none' })}.${b64(fresh())}.`,
  'alg None in capitals': `${b64({ ...head, alg: 'NONE' })}.${b64(fresh())}.`,
  'signature stripped': p.token.split('.').slice(0, 2).join('.') + '.',
  'two parts': p.token.split('.').slice(0, 2).join('.'),
  'four parts': `${p.token}.${p.token.split('.')[2]}`,
  'HS256 with the public key as its secret': token({}, { alg: 'HS256' }, (t) => hs256(t, publicPem)),
  'HS256 with the public key in DER': token({}, { alg: 'HS256' }, (t) => hs256(t, createPublicKey(pem).export({ type: 'spki', format: 'der' }))),
  'HS256 with the service key, as an access token': token({}, { alg: 'HS256' }, (t) => hs256(t, readFileSync(`${process.env.YJY_RUN}/secrets/service.key`, 'utf8').trim())),
  'ES256 named over an RSA signature': token({}, { alg: 'ES256' }),
  'RS512': token({}, { alg: 'RS512' }),
  'algorithm in lower case': token({}, { alg: 'rs256' }),
  'typ JWT': token({}, { typ: 'JWT' }),
  'no typ': (() => { const h = { ...head }; delete h.typ; return raw(h, fresh()); })(),
  'typ of a service token': token({}, { typ: 'svc+jwt' }),
  'another issuer': token({ iss: 'https://evil.example' }),
  'another audience': token({ aud: 'somebody' }),
  'the audience of services': token({ aud: 'internal' }),
  'expired by a second': token({ iat: now() - 301, exp: now() - 1 }),
  'not yet valid': token({ nbf: now() + 3600 }),
  'issued in the future': token({ iat: now() + 3600, exp: now() + 3700 }),
  'valid for a year': token({ exp: now() + 365 * 86400 }),
  'exp as text': token({ exp: String(now() + 300) }),
  'exp with a fraction': raw(head, { ...fresh(), exp: now() + 300.5 }),
  'roles as text': token({ roles: 'system_admin' }),
  'service among the roles': token({ roles: ['service'] }),
  'no subject': without('sub'), 'no exp': without('exp'), 'no iat': without('iat'), 'no jti': without('jti'),
  'no client': without('client_id'), 'no issuer': without('iss'), 'no audience': without('aud'), 'no roles': without('roles'),
  'a critical extension': token({}, { crit: ['b64'], b64: false }),
  'its own key in the header': token({}, { jwk: strangerJwk }, (t) => rs256(t, stranger.privateKey)),
  'a key set elsewhere': token({}, { jku: 'http://127.0.0.1:1/jwks.json', kid: 'mine' }, (t) => rs256(t, stranger.privateKey)),
  'a certificate elsewhere': token({}, { x5u: 'http://127.0.0.1:1/c.pem' }, (t) => rs256(t, stranger.privateKey)),
  'a stranger’s key under our kid': token({}, {}, (t) => rs256(t, stranger.privateKey)),
  'kid as a path': token({}, { kid: '../../../../dev/null' }, (t) => hs256(t, '')),
  'kid as SQL': token({}, { kid: `x' UNION SELECT 'a` }),
  'kid with NUL': token({}, { kid: `${head.kid}\u0000` }),
  'kid as a number': raw({ ...head, kid: 7 }, fresh()),
  'no kid': (() => { const h = { ...head }; delete h.kid; return raw(h, fresh()); })(),
  'a name given twice in the claims': (() => {
    const c = JSON.stringify(fresh()), text = `${b64(head)}.${b64(`${c.slice(0, -1)},"sub":"${randomUUID()}"}`)}`;
    return `${text}.${rs256(text)}`;
  })(),
  'padding behind the signature': `${p.token}==`,
  'a space within': p.token.replace('.', '. '),
  'one bit of the signature turned': (() => { const s = p.token.split('.'), b = Buffer.from(s[2], 'base64url'); b[10] ^= 1; return `${s[0]}.${s[1]}.${b64(b)}`; })(),
  'stray bits at the end of the signature': (() => {
    const last = p.token.at(-1), abc = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return p.token.slice(0, -1) + abc[abc.indexOf(last) ^ 1];
  })(),
  'claims of another under our signature': `${p.token.split('.')[0]}.${b64({ ...claims, sub: randomUUID() })}.${p.token.split('.')[2]}`,
  'a token too long': token({ pad: 'x'.repeat(9000) }),
  'the key of services': readFileSync(`${process.env.YJY_RUN}/secrets/service.key`, 'utf8').trim(),
  'nothing': '.', 'dots': '..', 'zeros': 'AAAA.AAAA.AAAA',
};

test('a good token made the same way is accepted everywhere', async () => {
  assert.equal((await request('GET', ME, { token: token() })).status, 200);
  for (const s of SERVICES)
    assert.notEqual((await request('GET', READS[s], { token: token(), base: `http://127.0.0.1:${ports[s]}`, quiet: true })).status, 401, s);
});

test('every forgery is refused at the door and by every service', async () => {
  const wrong = [];
  for (const [what, forged] of Object.entries(FORGERIES)) {
    const outer = await request('GET', ME, { token: forged });
    if (![400, 401, 431].includes(outer.status)) wrong.push(`door, ${what}: ${outer.status}`);
    if (outer.status === 401) assert.match(outer.headers['www-authenticate'] ?? '', /^Bearer /, what);
    for (const s of SERVICES) {
      const inner = await request('GET', READS[s], { token: forged, base: `http://127.0.0.1:${ports[s]}`, quiet: true });
      if (![400, 401, 431].includes(inner.status)) wrong.push(`${s}, ${what}: ${inner.status}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('a service’s token does not come through the door, and opens no row of people', async () => {
  const t = serviceToken();
  assert.equal((await request('GET', ME, { token: t })).status, 401);
  assert.equal((await request('GET', '/internal/events?after=0', { token: t })).status, 404);
  assert.equal((await request('GET', ME, { token: t, base: `http://127.0.0.1:${ports.identity}`, quiet: true })).status, 403);
});

test('a token counts only in the Authorization header, and only alone', async () => {
  const base = BASE(), auth = { authorization: `Bearer ${p.token}` };
  const elsewhere = [[`${ME}?access_token=${p.token}`, {}], [ME, { cookie: `access_token=${p.token}` }],
    [ME, { 'x-access-token': p.token }], [ME, { 'x-authorization': `Bearer ${p.token}` }],
    [ME, { 'proxy-authorization': `Bearer ${p.token}` }], [ME, { 'x-yjy-principal': p.id }], [ME, { 'x-internal-subject': p.id }]];
  for (const [path, headers] of elsewhere) {
    const r = await request('GET', path, { headers, base, quiet: true });
    assert.ok([401, 422].includes(r.status), `${JSON.stringify(headers)} ${path.slice(0, 40)}: ${r.status}`);
  }
  for (const scheme of ['Basic', 'bearer2', 'DPoP', ''])
    assert.equal((await request('GET', ME, { headers: { authorization: `${scheme} ${p.token}` }, quiet: true })).status, 401, scheme);
  assert.equal((await request('GET', ME, { headers: auth })).status, 200);
  const two = await talk(ports.gateway, `GET ${ME} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${p.token}\r\nAuthorization: Bearer ${p.token}\r\nConnection: close\r\n\r\n`);
  assert.match(two, /^HTTP\/1\.1 400 /);
  const joined = await request('GET', ME, { headers: { authorization: `Bearer ${p.token}, Bearer ${p.token}` }, quiet: true });
  assert.ok([400, 401].includes(joined.status));
});

function talk(port, bytes, from = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const s = net.connect({ port: Number(port), host: '127.0.0.1', localAddress: from });
    let got = '';
    s.on('data', (d) => { got += d.toString('latin1'); });
    s.on('close', () => resolve(got));
    s.on('error', reject);
    s.end(bytes);
  });
}

const metric = async (name, labels = '') => (await request('GET', '/metrics', { quiet: true })).text.split('\n')
  .filter((l) => l.startsWith(name) && l.includes(labels)).reduce((n, l) => n + Number(l.slice(l.lastIndexOf(' ') + 1)), 0);

// Each with sound claims, so that only the signature gives it away: the dearest kind.
test('a hundred thousand bad tokens are all refused, and nobody else is kept waiting for long', async () => {
  const ADDRESSES = 400, EACH = 250, before = await metric('yjy_gateway_refused_total', 'token');
  const text = `${b64(head)}.${b64(fresh())}`, tail = b64(randomBytes(246));
  let answered = 0, other = 0, done = false, next = 0;
  const flood = async () => {
    for (let a = next++; a < ADDRESSES; a = next++) {
      const bytes = Array.from({ length: EACH }, () => `GET ${ME} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${text}.${b64(randomBytes(9))}${tail}\r\n\r\n`);
      bytes.push('GET /v1/codes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      const got = await talk(ports.gateway, bytes.join(''), `127.1.${a >> 7}.${1 + (a & 127)}`);
      const said = got.match(/HTTP\/1\.1 \d{3}/g) ?? [];
      answered += said.filter((l) => l.endsWith('401')).length;
      other += said.filter((l) => !/401$|200$/.test(l)).length;
    }
  };
  const waits = [];
  const bystander = (async () => {
    while (!done) {
      const from = performance.now();
      assert.equal((await request('GET', ME, { token: p.token, quiet: true })).status, 200);
      waits.push(performance.now() - from);
      await new Promise((r) => setTimeout(r, 20));
    }
  })();
  await Promise.all(Array.from({ length: 8 }, flood));
  done = true;
  await bystander;
  assert.equal(other, 0);
  assert.equal(answered, ADDRESSES * EACH);
  assert.ok(await metric('yjy_gateway_refused_total', 'token') - before >= ADDRESSES * EACH);
  assert.ok(waits.length > 10, 'a bystander was served all the while');
  console.log(`# bystander: ${waits.length} requests, median ${waits.sort((a, b) => a - b)[waits.length >> 1].toFixed(1)} ms`);
});
test('an address that shows bad tokens without end is told to wait, and its good ones still pass', async () => {
  const from = '127.0.9.9', bad = `${p.token.slice(0, -6)}AAAAAA`;
  const one = (t) => `GET ${ME} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${t}\r\n\r\n`;
  await request('GET', ME, { token: p.token });		// seen before
  const got = await talk(ports.gateway, `${one(bad).repeat(400)}${one(p.token).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`, from);
  const said = got.match(/HTTP\/1\.1 \d{3}/g);
  assert.equal(said.filter((l) => l.endsWith('401')).length, 300);
  assert.equal(said.filter((l) => l.endsWith('429')).length, 100);
  assert.match(got, /Retry-After: \d+/i);
  assert.equal(said.at(-1), 'HTTP/1.1 200', 'neighbours behind one address are not shut out');
});
