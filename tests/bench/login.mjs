// login.mjs -- officers signing in: how many a second, and what a storm of them
// does to everybody else. An unknown account costs what a known one does, so
// the storm needs no codes; every one of them is an Argon2id of 19 MiB.
import { cast } from './cast.mjs';
import { wrk } from './load.mjs';
import { treeCpu } from './machine.mjs';
import { SECONDS, SHORT, interleave, line, middle, note } from './report.mjs';
import { Stack } from './stack.mjs';

const CALLERS = 32, RATE = 500;	// reads a second, far below what the programs carry
const script = new URL('tokens.lua', import.meta.url).pathname;
const STORM = { BENCH_METHOD: 'POST', BENCH_BODY: JSON.stringify({ login: 'nobody.here', password: 'no such password', totp: '123456' }) };

export async function benchLogin(pace, requestText) {
  const stack = new Stack();
  stack.up();
  try {
    await measure(stack, pace, requestText);
  } finally {
    stack.down();
  }
}

async function measure(stack, pace, requestText) {
  note(`login: whole city; POST /v1/identity/officer-sessions through the gateway, hashing on ${process.env.YJY_TASK_THREADS ?? 2} threads of low priority`);
  note(`  storm: ${CALLERS} such callers without pause beside ${RATE} reads a second (open loop) of a vacancy through the same gateway`);
  const url = `${stack.url('gateway')}/v1/identity/officer-sessions`;
  const storm = (seconds) => wrk(url, { script, env: STORM, seconds, refused: true, connections: CALLERS });
  const { vacancy } = await cast(stack);
  const text = requestText({ Accept: '*/*' }).replace(/^GET \S+/, `GET /v1/jobs/vacancies/${vacancy.id}`);
  const seconds = SHORT ? 2 : 5, port = stack.ports.gateway;
  await pace(port, text, 2, RATE);
  await storm(1);

  const before = treeCpu(stack.pid('identity')), r = await storm(Math.max(3, SECONDS));
  line('login.argon2id_per_s', r.rate, '1/s');
  line('login.cpu_ms', (treeCpu(stack.pid('identity')) - before) * 1000 / r.requests, 'ms');

  const m = await interleave({
    calm: () => pace(port, text, seconds, RATE),
    storm: async () => {
      const wild = storm(seconds + 2);
      await new Promise((done) => setTimeout(done, 500));
      const f = await pace(port, text, seconds, RATE);
      f.logins = (await wild).rate;
      return f;
    },
  });
  const calm = middle(m.calm), wild = middle(m.storm);
  for (const q of ['p50', 'p99']) {
    line(`login.calm_${q}`, calm[q], 'us');
    line(`login.storm_${q}`, wild[q], 'us');
    line(`login.storm_${q}_ratio`, wild[q] / calm[q], 'ratio');
  }
  line('login.storm_argon2id_per_s', wild.logins, '1/s');
}
