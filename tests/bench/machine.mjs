// machine.mjs -- what processes cost, read from /proc: CPU by process tree and
// by database backend, memory by program. All CPU is user + system seconds.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICK = 1 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function statOf(pid) {
  let text;
  try { text = readFileSync(`/proc/${pid}/stat`, 'utf8'); } catch { return null; }
  const f = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid: Number(pid), parent: Number(f[1]),
    cpu: (Number(f[11]) + Number(f[12])) * TICK,
    reaped: (Number(f[13]) + Number(f[14])) * TICK };	// children that ended
}

export function processes() {
  return readdirSync('/proc').filter((n) => /^\d+$/.test(n)).map(statOf).filter(Boolean);
}

export function tree(root, all = processes()) {
  const found = all.filter((p) => p.pid === root);
  for (let i = 0; i < found.length; i++)
    found.push(...all.filter((p) => p.parent === found[i].pid));
  return found;
}

const sum = (list, of) => list.reduce((n, p) => n + of(p), 0);

export const treeCpu = (root) => sum(tree(root), (p) => p.cpu);
export const cpuOf = (pid) => statOf(pid)?.cpu ?? 0;
export const reapedBy = (pid) => statOf(pid)?.reaped ?? 0;
export const alive = (pid) => statOf(pid) !== null;
export const childrenOf = (pid) => processes().filter((p) => p.parent === pid).map((p) => p.pid);

// Everything a set of roots ever used, ended children included.
export const spentBy = (roots) =>
  sum(roots.flatMap((r) => tree(r)), (p) => p.cpu + p.reaped);

// CPU of a set that may grow: a process that came later counts from zero.
export function sample(pids) { return new Map(pids.map((p) => [p, cpuOf(p)])); }
export function since(before, pids) {
  return pids.reduce((n, p) => n + cpuOf(p) - (before.get(p) ?? 0), 0);
}

export function machineBusy() {		// seconds, all processors
  const f = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))[1].split(' ').map(Number);
  return (f[0] + f[1] + f[2] + f[5] + f[6]) * TICK;
}

function kilobytes(file, name) {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))[1]);
  } catch { return 0; }
}

// RSS counts a shared page in each process, PSS divides it among them.
export function memoryOf(root) {
  const pids = tree(root).map((p) => p.pid);
  return { rss: sum(pids, (p) => kilobytes(`/proc/${p}/status`, 'VmRSS')) / 1024,
    pss: sum(pids, (p) => kilobytes(`/proc/${p}/smaps_rollup`, 'Pss')) / 1024 };
}
