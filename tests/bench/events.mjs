// events.mjs -- from commit to applied, and how long until everything serves.
import { call } from '../lib/client.mjs';
import { firm, person, random } from '../lib/city.mjs';
import { name, uscc } from '../lib/fake.mjs';
import { run } from './load.mjs';
import { SHORT, line, median, note, quantile } from './report.mjs';
import { PROGRAMS, get } from './stack.mjs';

const EVENTS = SHORT ? 60 : 300;
const PACE_MS = 20;
const CONSUMERS = ['jobs', 'training', 'entrepreneurship', 'subsidies'];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// A consumer's position moves in the transaction of the effect, so whoever
// sees the position sees the effect. Each look is a snapshot of its own.
const watch = (first) => `
CREATE TEMP TABLE seen (consumer text, seq bigint, at timestamptz);
CREATE TEMP TABLE was (consumer text PRIMARY KEY, seq bigint);
INSERT INTO was ${CONSUMERS.map((c) => `SELECT '${c}', ${first}`).join(' UNION ALL ')};
DO $$
DECLARE
    until timestamptz := clock_timestamp() + interval '120 s';
BEGIN
    WHILE clock_timestamp() < until AND EXISTS (SELECT FROM was WHERE seq < ${first + EVENTS}) LOOP
        WITH head AS (
            ${CONSUMERS.map((c) => `SELECT '${c}' AS consumer, seq FROM ${c}.event_cursor
              WHERE source = 'identity'`).join(' UNION ALL ')}
        ), moved AS (
            UPDATE was SET seq = head.seq FROM head, was AS old
             WHERE was.consumer = head.consumer AND old.consumer = was.consumer AND head.seq > was.seq
            RETURNING was.consumer, old.seq AS low, was.seq AS high
        )
        INSERT INTO seen SELECT consumer, generate_series(low + 1, high), clock_timestamp() FROM moved;
        PERFORM pg_sleep(0.0002);
    END LOOP;
END $$;
SELECT seen.consumer, extract(epoch FROM seen.at - e.recorded_at) * 1000
  FROM seen JOIN identity.event_log AS e USING (seq);
`;

export async function benchEvents(stack) {
  note(`core.event: ${EVENTS} registrations of firms, one every ${PACE_MS} ms; from the statement that`);
  note('  wrote the event (before its commit) until the effect is visible to another session, for');
  note(`  each of ${CONSUMERS.join(', ')}; looked at every 0.2-0.4 ms`);
  const agent = await person({ birth_on: '1980-02-03' });
  await sleep(2000);	// its own event is applied, the machine is quiet
  const first = Number(stack.psql('SELECT max(seq) FROM identity.event_log'));
  const watcher = run('psql', ['-h', stack.sockets, '-U', 'yjy', '-d', 'yjy', '-AtqX',
    '-v', 'ON_ERROR_STOP=1', '-f', '-'], { input: watch(first) });
  watcher.catch(() => {});
  await sleep(300);
  for (let i = 0; i < EVENTS; i++) {
    // Never in step with anybody's timer.
    const pause = sleep(PACE_MS / 2 + random.next() * PACE_MS);
    await call('POST', '/v1/identity/orgs', { token: agent.token, key: null, body: {
      uscc: uscc(random), name: `示例${name(random)}机械有限公司`, kind: 'enterprise',
      industry_code: '3812', area_code: '431129100' } });
    await pause;
  }
  const rows = (await watcher).out.trim().split('\n').map((r) => r.split('|'));
  const all = rows.map(([, ms]) => Number(ms));
  if (all.length !== EVENTS * CONSUMERS.length)
    throw new Error(`${all.length} effects of ${EVENTS} events at ${CONSUMERS.length} consumers`);
  for (const c of CONSUMERS)
    line(`core.event.${c}.p50`, median(rows.filter(([who]) => who === c).map(([, ms]) => Number(ms))), 'ms');
  line('core.event.max', Math.max(...all), 'ms');
  line('core.event.p50', median(all), 'ms');
  line('core.event.p99', quantile(all, 0.99), 'ms');
}

async function readyAll(stack, from) {
  const took = {};
  await Promise.all(PROGRAMS.map(async (p) => {
    for (;;) {
      if (await get(`${stack.url(p)}/readyz`, 500).then((r) => r.status === 200, () => false)) break;
      if (performance.now() - from > 60000) throw new Error(`${p} did not become ready`);
      await sleep(5);
    }
    took[p] = (performance.now() - from) / 1000;
  }));
  return took;
}

export async function benchReady(stack) {
  note('core.ready: all seven programs from nothing until each answers /readyz, the database being');
  note('  there; from the start command on (its shell included), asked every 5 ms');
  const times = [];
  for (let i = 0; i < (SHORT ? 1 : 3); i++) {
    stack.script('programs-down', { quiet: false });
    const from = performance.now();
    const started = stack.start('programs-up');
    times.push(await readyAll(stack, from));
    await started;
  }
  for (const p of PROGRAMS) line(`core.ready.${p}`, median(times.map((t) => t[p])), 's');
  line('core.ready', median(times.map((t) => Math.max(...Object.values(t)))), 's');
}
