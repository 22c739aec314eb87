// report.mjs -- figures on standard output, one `name value unit` a line;
// lines that begin with # say how a figure came about.

export const SHORT = process.env.BENCH_SHORT === '1';
export const ROUNDS = SHORT ? 1 : 5;
export const SECONDS = SHORT ? 1 : 3;

export function line(name, value, unit) {
  if (!Number.isFinite(value)) throw new Error(`${name}: no figure`);
  const digits = unit === 'n' ? 0 : value >= 1000 ? 0 : value >= 100 ? 1 : 2;
  console.log(`${name} ${value.toFixed(digits)} ${unit}`);
}

export function note(text) { console.log(`# ${text}`); }

export function median(list) { return quantile(list, 0.5); }

export function quantile(list, q) {
  const s = [...list].sort((a, b) => a - b);
  const at = (s.length - 1) * q, low = Math.floor(at);
  return s[low] + (s[Math.min(low + 1, s.length - 1)] - s[low]) * (at - low);
}

// Rounds of several contenders, one after the other within each round, so
// that a slow moment of the machine meets all of them. `contenders`: name ->
// async function that returns {figure: value}; answers name -> figure -> list.
export async function interleave(contenders, between = async () => {}) {
  const got = {};
  const names = Object.keys(contenders);
  for (let round = 0; round < ROUNDS; round++) {
    // Nobody always comes first.
    const order = names.map((_, i) => names[(i + round) % names.length]);
    for (const name of order) {
      const figures = await contenders[name]();
      got[name] ??= {};
      for (const [k, v] of Object.entries(figures)) (got[name][k] ??= []).push(v);
      await between();
    }
  }
  return got;
}

// The ratio of medians, not the median of ratios: each side's figure stands by itself.
export const middle = (lists) =>
  Object.fromEntries(Object.entries(lists).map(([k, v]) => [k, median(v)]));
