// edge_reload.test.mjs -- every program changed for a new one under load, twice:
// nobody, on a kept connection or on one just made, meets a closed door.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

const url = new URL(process.env.YJY_URL);
const RUN = process.env.YJY_RUN;
const run = promisify(execFile);
const ROOT = new URL('../..', import.meta.url).pathname;

function get(agent, path) {
  return new Promise((done) => {
    const req = http.get({ host: url.hostname, port: url.port, path, agent }, (res) => {
      res.resume();
      res.on('end', () => done(res.statusCode));
      res.on('error', (e) => done(e.code));
    });
    req.on('error', (e) => done(e.code));
  });
}

for (const program of ['gateway', 'jobs'])
  test(`${program}: two reloads under load lose nothing`, async (t) => {
    let running = true, n = 0;
    const bad = [];
    const loop = async (agent, pause) => {
      for (; running; await sleep(pause)) {
        const status = await get(agent, '/v1/jobs/vacancies?limit=1');
        n += 1;
        if (status !== 200) bad.push(status);
      }
    };
    const kept = Array.from({ length: 8 }, () => new http.Agent({ keepAlive: true, maxSockets: 1 }));
    const loops = [...kept.map((a, i) => loop(a, i < 4 ? 0 : 25)), ...Array.from({ length: 8 }, () => loop(false, 1))];
    const child = () => { try { return readFileSync(`${RUN}/pid/${program}.child`, 'utf8').trim(); } catch { return ''; } };
    const children = [child()];
    for (let i = 0; i < 2; i++) {
      await sleep(500);
      await run('bash', [`${ROOT}shared/build/stack.sh`, 'reload', program], { env: process.env, cwd: ROOT });
      children.push(child());
      await sleep(1000);
    }
    running = false;
    await Promise.all(loops);
    for (const a of kept) a.destroy();
    t.diagnostic(`${n} requests, ${bad.length} lost`);
    assert.equal(new Set(children).size, 3, 'three processes, one after the other');
    assert.deepEqual(bad, []);
    assert.ok(n > 200);
  });
