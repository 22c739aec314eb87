// core.mjs -- what the runtime costs: `make bench-core` (BENCH_SHORT=1: one
// round of a second each; BENCH_ONLY=get,post,gateway,event,ready,main: these
// alone). A city of its own under $RUN, the programs of
// $BUILD; ratios only between figures of this one run, medians of rounds that
// take turns. CPU is user + system of every process named, per request.
import { readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { actFor } from '../lib/client.mjs';
import { person } from '../lib/city.mjs';
import { cast } from './cast.mjs';
import { benchEvents, benchReady } from './events.mjs';
import { run } from './load.mjs';
import { machineBusy, memoryOf, spentBy } from './machine.mjs';
import { ROUNDS, SECONDS, line, note } from './report.mjs';
import { benchGateway, benchGet, benchPost } from './requests.mjs';
import { PROGRAMS, Stack } from './stack.mjs';

const stack = new Stack();
const only = process.env.BENCH_ONLY?.split(',');
const wanted = (section) => !only || only.includes(section);

// Whoever else uses the processors makes figures worse; say how much there was.
async function watched(what) {
  const roots = stack.roots();
  const from = { at: performance.now(), busy: machineBusy(), ours: spentBy(roots) };
  await what();
  const wall = (performance.now() - from.at) / 1000 * cpus().length;
  const others = machineBusy() - from.busy - (spentBy(stack.roots()) - from.ours);
  line('core.foreign_cpu', Math.max(0, 100 * others / wall), '%');
}

function memory(when) {
  const all = PROGRAMS.map((p) => ({ p, ...memoryOf(stack.pid(p)) }));
  const total = (k) => all.reduce((n, m) => n + m[k], 0);
  for (const m of all) {
    line(`core.rss_${when}.${m.p}`, m.rss, 'MB');
    line(`core.pss_${when}.${m.p}`, m.pss, 'MB');
  }
  line(`core.pss_${when}_total`, total('pss'), 'MB');
  line(`core.rss_${when}_total`, total('rss'), 'MB');
}

async function mainJob() {
  note('core.main_job: tests/e2e/main_job.mjs through the gateway, from its own figures');
  const summary = join(stack.run, 'main-job.json');
  rmSync(summary, { force: true });
  await run(process.execPath, [new URL('../e2e/main_job.mjs', import.meta.url).pathname],
    { env: { YJY_SUMMARY: summary, YJY_SAMPLE: join(stack.run, 'sample'), YJY_RUN: stack.run } });
  const { people, seconds } = JSON.parse(readFileSync(summary, 'utf8'));
  line('core.main_job.people', people, 'n');
  line('core.main_job.seconds', seconds, 's');
  line('core.main_job.people_per_s', people / seconds, '1/s');
}

async function requests() {
  const { employer, body, vacancy, reader } = await cast(stack);
  if (wanted('get'))
    await watched(() => benchGet(stack, { id: vacancy.id, token: reader.token }));
  if (wanted('post')) {
    const { token } = await actFor(employer.agent, employer.org_id);	// the first one has aged
    await watched(() => benchPost(stack, { token, org: employer.org_id, body,
      county: vacancy.county_code, now: vacancy.created_at }));
  }
  if (wanted('gateway')) {
    const { token } = await person();
    await watched(() => benchGateway(stack, { id: vacancy.id, token }));
  }
}

async function main() {
  note(`${ROUNDS} round(s) of ${SECONDS} s, interleaved, medians; ${cpus().length} processors, ` +
    `${cpus()[0].model}; each load generator is one thread on the same machine`);
  stack.up();
  await new Promise((done) => setTimeout(done, 3000));
  memory('idle');
  if (wanted('ready')) await benchReady(stack);
  await requests();
  if (wanted('event')) await benchEvents(stack);
  memory('loaded');
  if (wanted('main')) await mainJob();
}

let ended = false;
function end(code) {
  if (ended) return;
  ended = true;
  try { stack.down(); } finally { process.exit(code); }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(130));
main().then(() => end(0), (error) => { console.error(error.stack); end(1); });
