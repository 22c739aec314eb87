// ctl.mjs -- yjyctl of the build under test, with the settings of its city.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const BIN = new URL(`../../${process.env.BUILD ?? '.build/asan'}/bin/yjyctl`, import.meta.url).pathname;
const unquoted = (text) => text.replace(/^['"]|['"]$/g, '');
const env = Object.fromEntries(readFileSync(`${process.env.YJY_RUN}/env`, 'utf8').trim().split('\n')
  .map((l) => l.replace(/^export /, '')).filter((l) => /^YJY_\w+=/.test(l))
  .map((l) => [l.slice(0, l.indexOf('=')), unquoted(l.slice(l.indexOf('=') + 1))]));

// The last argument may be settings that differ.
export function ctl(...args) {
  const over = typeof args.at(-1) === 'object' ? args.pop() : {};
  const r = spawnSync(BIN, args, { encoding: 'utf8', env: { ...process.env, ...env, ...over } });
  return { code: r.status, out: r.stdout + r.stderr };
}
