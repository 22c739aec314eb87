// stream.mjs -- a reader of server-sent events: what a browser's EventSource
// does, with a token and without coming again by itself.
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import { find, key } from './contract.mjs';
import { BASE } from './client.mjs';

// Resolves once the head is here: {status, headers, events, next(), until(), close(), ended}.
export function listen(path, { token, last, headers = {}, base = BASE() } = {}) {
  const url = new URL(path, base);
  const h = { accept: 'text/event-stream', ...headers };
  if (token) h.authorization = `Bearer ${token}`;
  if (last !== undefined) h['last-event-id'] = String(last);
  return new Promise((resolve, reject) => {
    const req = http.get(url, { headers: h, agent: false }, (res) => {
      const op = find('GET', path);
      if (process.env.YJY_RUN) appendFileSync(`${process.env.YJY_RUN}/exercised`, `${key(op)} ${res.statusCode}\n`);
      resolve(reader(req, res));
    });
    req.on('error', reject);
  });
}

function reader(req, res) {
  const s = { status: res.statusCode, headers: res.headers, events: [], beats: 0, text: '', ended: false, last: 0, res };
  let wake = () => {}, rest = '';
  res.setEncoding('utf8');
  res.on('data', (piece) => {
    s.text += piece;
    rest += piece;
    for (let at; (at = rest.indexOf('\n\n')) !== -1; rest = rest.slice(at + 2)) {
      const f = { at: Date.now() };
      for (const line of rest.slice(0, at).split('\n')) {
        if (line.startsWith(':')) s.beats++;
        const m = /^(event|id|data|retry): ?(.*)$/.exec(line);
        if (m) f[m[1]] = m[2];
      }
      if (f.id) s.last = f.id = Number(f.id);
      if (f.data) s.events.push({ ...f, data: JSON.parse(f.data) });
    }
    wake();
  });
  const over = () => { s.ended = true; wake(); };
  res.on('end', () => { s.whole = true; over(); });
  res.on('close', over);
  res.on('error', over);
  // The first event from `from` on that `like` accepts.
  s.until = async (like, { from = 0, ms = 5000 } = {}) => {
    const late = Date.now() + ms;
    for (let i = from; ; ) {
      for (; i < s.events.length; i++) if (like(s.events[i])) return s.events[i];
      if (s.ended || Date.now() > late) throw new Error(`no such event; ${s.ended ? 'ended' : 'late'}: ${s.text.slice(-1500)}`);
      await new Promise((done) => { wake = done; setTimeout(done, 50); });
    }
  };
  s.over = async (ms = 5000) => {
    for (const late = Date.now() + ms; !s.ended;) {
      if (Date.now() > late) throw new Error('the stream did not end');
      await new Promise((done) => { wake = done; setTimeout(done, 50); });
    }
  };
  s.close = () => { req.destroy(); };
  return s;
}
