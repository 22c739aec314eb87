// The door and every service speak strict HTTP/1.1: what is odd is refused,
// what is legal is answered, in order.
import assert from 'node:assert/strict';
import net from 'node:net';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const gateway = new URL(process.env.YJY_URL);
const ports = Object.fromEntries(readFileSync(`${process.env.YJY_RUN}/ports`, 'utf8').trim()
  .split('\n').map((l) => l.split(' ')));

// Sends bytes (pieces apart) and collects the answer until close or `want` heads.
function talk(port, pieces, { want = 1, half = false, wait_ms = 4000, gap_ms = 20 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), gateway.hostname);
    let got = '';
    const done = () => { socket.destroy(); resolve(got); };
    const timer = setTimeout(done, wait_ms);
    socket.on('data', (d) => {
      got += d.toString('latin1');
      if ((got.match(/HTTP\/1\.1 [2-5]/g) ?? []).length >= want && got.includes('\r\n\r\n')) {
        clearTimeout(timer); setTimeout(done, 50);
      }
    });
    socket.on('close', () => { clearTimeout(timer); resolve(got); });
    socket.on('error', reject);
    socket.on('connect', async () => {
      for (const p of [pieces].flat()) {
        socket.write(p);
        await new Promise((r) => setTimeout(r, gap_ms));
      }
      if (half) socket.end();
    });
  });
}

const H = 'Host: x\r\n';
const status = (answer) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

const refused = {
  'content-length with transfer-encoding': `POST /v1/identity/sms-codes HTTP/1.1\r\n${H}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'two content-lengths': `POST /v1/identity/sms-codes HTTP/1.1\r\n${H}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
  'content-length list': `POST /v1/identity/sms-codes HTTP/1.1\r\n${H}Content-Length: 2, 2\r\n\r\n{}`,
  'content-length with a sign': `POST /v1/identity/sms-codes HTTP/1.1\r\n${H}Content-Length: +2\r\n\r\n{}`,
  'unknown transfer-encoding': `POST /v1/identity/sms-codes HTTP/1.1\r\n${H}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  'bare line feed': `GET /healthz HTTP/1.1\nHost: x\n\n`,
  'space before colon': `GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n`,
  'folded header': `GET /healthz HTTP/1.1\r\n${H}X-A: 1\r\n 2\r\n\r\n`,
  'NUL in a header': `GET /healthz HTTP/1.1\r\n${H}X-A: a\0b\r\n\r\n`,
  'no host': 'GET /healthz HTTP/1.1\r\nX-A: 1\r\n\r\n',
  'two hosts': `GET /healthz HTTP/1.1\r\n${H}${H}\r\n`,
  'absolute target': `GET http://x/healthz HTTP/1.1\r\n${H}\r\n`,
  'control byte in the target': `GET /heal\x01thz HTTP/1.1\r\n${H}\r\n`,
};

for (const name of ['gateway', 'jobs']) {
  for (const [what, bytes] of Object.entries(refused))
    test(`${name} refuses ${what}`, async () => {
      const answer = await talk(ports[name], bytes);
      assert.equal(status(answer), 400, answer.slice(0, 200));
      assert.match(answer, /connection: close/i);
    });

  test(`${name} refuses an endless header with 431`, async () => {
    const answer = await talk(ports[name], `GET /healthz HTTP/1.1\r\n${H}X-A: ${'a'.repeat(40000)}`);
    assert.equal(status(answer), 431);
  });

  test(`${name} refuses HTTP/2.0 in the version with 505`, async () => {
    assert.equal(status(await talk(ports[name], `GET /healthz HTTP/2.0\r\n${H}\r\n`)), 505);
  });

  test(`${name} answers pipelined requests in order`, async () => {
    const answer = await talk(ports[name],
      `GET /healthz HTTP/1.1\r\n${H}\r\nGET /nowhere HTTP/1.1\r\n${H}\r\nGET /healthz HTTP/1.1\r\n${H}\r\n`,
      { want: 3 });
    assert.deepEqual((answer.match(/HTTP\/1\.1 \d{3}/g)), ['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  test(`${name} takes a head that trickles in byte by byte`, async () => {
    const answer = await talk(ports[name], [...`GET /healthz HTTP/1.1\r\n${H}\r\n`], { gap_ms: 2 });
    assert.equal(status(answer), 200);
  });

  test(`${name} answers a client that has closed its side`, async () => {
    assert.equal(status(await talk(ports[name], `GET /healthz HTTP/1.1\r\n${H}\r\n`, { half: true })), 200);
  });
}

test('a chunked body is read, whatever its pieces', async () => {
  const body = '{"phone":"12"}';
  const answer = await talk(ports.gateway, [
    `POST /v1/identity/sms-codes HTTP/1.1\r\n${H}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    `5\r\n${body.slice(0, 5)}\r\n`, `${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n`, '0\r\n\r\n']);
  assert.equal(status(answer), 422, answer.slice(0, 300));
  assert.match(answer, /field\.phone/);
});

test('100-continue is given before the body is sent', async () => {
  const answer = await talk(ports.gateway, [
    `POST /v1/identity/sms-codes HTTP/1.1\r\n${H}Content-Type: application/json\r\nContent-Length: 14\r\nExpect: 100-continue\r\n\r\n`,
    '{"phone":"12"}'], { want: 1, gap_ms: 300 });
  assert.match(answer, /^HTTP\/1\.1 100 /);
  assert.match(answer, /HTTP\/1\.1 422/);
});

test('odd paths never reach a service', async () => {
  for (const path of ['//v1/jobs/vacancies', '/v1/../internal/events', '/v1/./jobs', '/v1%2fjobs', '/v1/jobs%00']) {
    const s = status(await talk(ports.gateway, `GET ${path} HTTP/1.1\r\n${H}\r\n`));
    assert.ok(s === 400 || s === 404, `${path}: ${s}`);
  }
});

test('internal paths are closed at the door', async () => {
  for (const path of ['/internal/events?after=0', '/internal/events/parked'])
    assert.equal(status(await talk(ports.gateway, `GET ${path} HTTP/1.1\r\n${H}\r\n`)), 404);
});

test('HEAD has the head of GET and no body', async () => {
  const answer = await talk(ports.gateway, `HEAD /healthz HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
  assert.equal(status(answer), 200);
  assert.equal(answer.split('\r\n\r\n')[1], '');
});
