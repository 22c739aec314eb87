// sql.mjs -- a named statement of sql/<schema>/queries as others need it: with
// $1, $2 … for a driver, with :name for pgbench. The text stays the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

export function statement(schema, resource, name) {
  const file = readFileSync(join(ROOT, 'sql', schema, 'queries', `${resource}.sql`), 'utf8');
  const parts = file.split(/^-- name: /m).slice(1);
  const part = parts.find((p) => p.startsWith(`${name} `));
  if (!part) throw new Error(`no statement ${name}`);
  const lines = part.split('\n').slice(1);
  let head = '';
  while (lines[0]?.startsWith('--')) head += lines.shift().slice(2);
  // A comment before the next statement belongs to that one.
  const text = lines.filter((l) => !l.startsWith('--')).join('\n').trim().replace(/;$/, '');
  const args = head.replace(/^\s*args:/, '').split(',').map((a) => a.trim().split(/\s+/))
    .filter((a) => a[0]).map(([arg, type]) => ({ name: arg, type: type.replace('?', '') }));
  return { text, args };
}

export function withNumbers({ text, args }) {
  return args.reduce((t, a, i) => t.replace(new RegExp(`\\$${a.name}\\b`, 'g'), `$${i + 1}`), text);
}

// What has no value is null.
export function forPgbench({ text, args }, names) {
  const sql = args.reduce((t, a) => t.replace(new RegExp(`\\$${a.name}\\b`, 'g'),
    `${names.includes(a.name) ? `:${a.name}` : 'NULL'}::${a.type}`), text);
  return `${sql};\n`;
}
