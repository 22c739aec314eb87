// wire.mjs -- a client below HTTP: one connection, bytes as we want them, and
// an end when and as we want it.
import net from 'node:net';

// A whole request as bytes.
export function bytesOf(method, path, { token, key, body = '', type = 'application/json', close = false } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return Buffer.from([`${method} ${path} HTTP/1.1`, 'Host: city', ...(token ? [`Authorization: Bearer ${token}`] : []),
    ...(key ? [`Idempotency-Key: "${key}"`] : []), ...(close ? ['Connection: close'] : []),
    ...(method === 'GET' ? [] : [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(text)}`]),
    '', method === 'GET' ? '' : text].join('\r\n'));
}

export class Wire {
  constructor(port) {
    this.got = Buffer.alloc(0);
    this.ended = false;
    this.socket = net.connect(Number(port), '127.0.0.1');
    this.socket.setNoDelay(true);
    this.connected = new Promise((done) => { this.socket.on('connect', done); this.socket.on('error', done); });
    this.closed = new Promise((done) => this.socket.on('close', done));
    this.socket.on('data', (d) => { this.got = Buffer.concat([this.got, d]); this.look(); });
    this.socket.on('end', () => { this.ended = true; this.look(); });
    this.socket.on('error', () => { this.ended = true; this.look(); });
    this.waiting = [];
  }

  write(bytes) { return new Promise((done) => this.socket.write(bytes, () => done())); }

  // The next whole reply {status, headers, text}; null when the connection ended without one.
  reply() { return new Promise((done) => { this.waiting.push(done); this.look(); }); }

  look() {
    while (this.waiting.length > 0) {
      const r = this.parse();
      if (r === undefined && !this.ended) return;
      this.waiting.shift()(r ?? null);
    }
  }

  parse() {
    const at = this.got.indexOf('\r\n\r\n');
    if (at === -1) return undefined;
    const [first, ...lines] = this.got.toString('latin1', 0, at).split('\r\n');
    const headers = Object.fromEntries(lines.map((l) => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 1).trim()]));
    const end = at + 4 + Number(headers['content-length'] ?? 0);
    if (this.got.length < end) return undefined;
    const text = this.got.toString('utf8', at + 4, end);
    this.got = this.got.subarray(end);
    return { status: Number(first.split(' ')[1]), headers, text };
  }

  leave() { this.socket.destroy(); }		// says goodbye
  vanish() { this.socket.resetAndDestroy(); }	// does not
}
