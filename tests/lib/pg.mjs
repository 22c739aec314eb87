// pg.mjs -- statements for PostgreSQL, answered before the call returns, each in
// a session of its own: what `psql -c` gives, without starting a program. A
// thread speaks the protocol (simple query) while this one waits.
import net from 'node:net';
import { MessageChannel, Worker, isMainThread, receiveMessageOnPort, workerData } from 'node:worker_threads';

const LONGEST_MS = 120000;
let port, done;

function open() {
  const { port1, port2 } = new MessageChannel();
  done = new Int32Array(new SharedArrayBuffer(4));
  new Worker(new URL(import.meta.url), { workerData: { done, port: port2 }, transferList: [port2] }).unref();
  port1.unref();
  return port1;
}

// Rows of texts, of all statements in `text`, which are one transaction. Refused:
// an error with what the server says.
export function query(socket, user, database, text) {
  port ??= open();
  Atomics.store(done, 0, 0);
  port.postMessage({ socket, user, database, text });
  if (Atomics.wait(done, 0, 0, LONGEST_MS) === 'timed-out') throw new Error(`no answer: ${text}`);
  const { rows, error } = receiveMessageOnPort(port).message;
  if (error !== undefined) throw Object.assign(new Error(`${error}\n${text}`), { stderr: error });
  return rows;
}

// ---- the thread --------------------------------------------------------------------

const message = (kind, ...parts) => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(kind.length + 4);
  head.write(kind, 'latin1');
  head.writeInt32BE(body.length + 4, kind.length);
  return Buffer.concat([head, body]);
};
const text0 = (text) => Buffer.from(`${text}\0`);
const PROTOCOL = Buffer.from([0, 3, 0, 0]);

function row(body) {
  const cells = [];
  let at = 2;
  for (let n = body.readInt16BE(0); n > 0; n--) {
    const size = body.readInt32BE(at);
    at += 4;
    cells.push(size === -1 ? '' : body.toString('utf8', at, at + size));
    at += Math.max(size, 0);
  }
  return cells;
}

// Severity, text, then detail, hint and context as psql shows them.
function refusal(body) {
  const fields = Object.fromEntries(body.toString('utf8').split('\0').filter(Boolean).map((f) => [f[0], f.slice(1)]));
  return [`${fields.S}:  ${fields.M}`, fields.D && `DETAIL:  ${fields.D}`, fields.H && `HINT:  ${fields.H}`,
    fields.W && `CONTEXT:  ${fields.W}`].filter(Boolean).join('\n');
}

function ask({ socket, user, database, text }) {
  return new Promise((resolve) => {
    const rows = [], s = net.connect(socket);
    let rest = Buffer.alloc(0), error, ready = 0;
    s.on('connect', () => s.write(Buffer.concat([
      message('', PROTOCOL, ...['user', user, 'database', database].map(text0), Buffer.alloc(1)),
      message('Q', text0(text)), message('X')])));
    s.on('data', (d) => {
      rest = Buffer.concat([rest, d]);
      for (let size; rest.length >= 5 && rest.length > (size = rest.readInt32BE(1)); rest = rest.subarray(size + 1)) {
        const kind = String.fromCharCode(rest[0]), body = rest.subarray(5, size + 1);
        if (kind === 'D') rows.push(row(body));
        else if (kind === 'E') error ??= refusal(body);
        else if (kind === 'Z') ready++;
      }
    });
    s.on('error', (e) => { error ??= String(e.message); });
    s.on('close', () => resolve(error !== undefined || ready === 2 ? { rows, error } : { error: 'the server closed the session' }));
  });
}

if (!isMainThread && workerData?.port) {
  workerData.port.on('message', async (m) => {
    workerData.port.postMessage(await ask(m));
    Atomics.store(workerData.done, 0, 1);
    Atomics.notify(workerData.done, 0);
  });
}
