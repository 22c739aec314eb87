// lint.mjs -- the rules of the house that a compiler does not know: which
// layer may see which, where SQL may stand, how long things may get.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .trim().split('\n');
const faults = [];
const fault = (file, line, text) => faults.push(`${file}:${line}: ${text}`);

// Lowest first; a module may include those of lower rank and its own.
const RANK = { base: 0, conf: 1, json: 1, codes: 1, crypt: 1, http1: 1, table: 1, loop: 2, co: 3,
  db: 4, auth: 4, http: 5, events: 6, workflow: 7, svc: 8, ctl: 9 };
// Libraries that one module alone may use.
const OWNERS = [
  [/^kore(\.h|\/)|^hooks\.h$|^seccomp\.h$/, ['loop', 'http', 'svc', 'build'], 'Kore'],
  [/^libpq-fe\.h$/, ['db', 'ctl'], 'libpq'],
  [/^jansson\.h$/, ['json'], 'jansson'],
  [/^hiredis/, ['events'], 'hiredis'],
  [/^jwt\.h$/, ['auth'], 'libjwt'],
  [/^xlsxwriter/, ['table'], 'libxlsxwriter'],
];
const TOP = /^(services|gateway|shared|k8s|sql|tests)\/|^(Makefile|README\.md|LICENSE|NOTICE)$|^\./;
const SQL_IN_C = /"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE TABLE)\s/;
const FUNCTION_LINES = 60;	// the aim is 40; a table of cases may be longer
const FILE_LINES = 500;

const moduleOf = (f) => /^shared\/([a-z0-9_]+)\//.exec(f)?.[1];

function checkIncludes(file, text) {
  const own = moduleOf(file);
  text.split('\n').forEach((line, i) => {
    const m = /^#include\s+[<"]([^>"]+)[>"]/.exec(line);
    if (!m) return;
    for (const [pattern, owners, what] of OWNERS)
      if (pattern.test(m[1]) && !owners.includes(own) && !file.startsWith('tests/'))
        fault(file, i + 1, `${what} belongs to ${owners.join(', ')}`);
    const target = m[1].split('/')[0];
    if (!m[1].includes('/') || RANK[target] === undefined) return;
    if (/_priv\.h$/.test(m[1]) && own !== target && !file.startsWith('tests/'))
      fault(file, i + 1, `${m[1]} is private to ${target}`);
    if (own === undefined || own === target || RANK[own] === undefined) return;
    // Lists of names are read by whoever needs the names.
    const allowed = RANK[target] < RANK[own] || m[1] === 'http/errors.h' || m[1].endsWith('.def');
    if (!allowed) fault(file, i + 1, `${own} may not see ${target}`);
  });
}

function checkService(file, text) {
  const own = /^services\/([a-z]+)\//.exec(file)?.[1];
  if (!own) return;
  text.split('\n').forEach((line, i) => {
    const m = /^#include\s+"([a-z]+)_sql\.h"/.exec(line);
    if (m && m[1] !== own && m[1] !== 'platform')
      fault(file, i + 1, `statements of ${m[1]} in ${own}`);
  });
}

function checkLength(file, text) {
  const lines = text.split('\n');
  if (lines.length > FILE_LINES + 1) fault(file, 1, `${lines.length - 1} lines; at most ${FILE_LINES}`);
  let start = 0;
  lines.forEach((line, i) => {
    if (line === '{') start = i + 1;
    if (line === '}' && start) {
      if (i + 1 - start > FUNCTION_LINES) fault(file, start, `function of ${i + 1 - start} lines`);
      start = 0;
    }
    if (SQL_IN_C.test(line) && !file.startsWith('tests/') && !/^shared\/(ctl|build)\//.test(file))
      fault(file, i + 1, 'SQL belongs in sql/<schema>/queries');
  });
}

// SQL of a schema names that schema and platform alone.
function checkSql(file, text) {
  const own = /^sql\/([a-z]+)\//.exec(file)?.[1];
  const schemas = ['identity', 'jobs', 'training', 'entrepreneurship', 'subsidies', 'monitoring'];
  if (!schemas.includes(own)) return;
  text.split('\n').forEach((line, i) => {
    const code = line.replace(/--.*$/, '').replace(/'[^']*'/g, "''");
    for (const s of schemas)
      if (s !== own && new RegExp(`\\b${s}\\.[a-z_]+`).test(code))
        fault(file, i + 1, `schema ${own} names ${s}`);
    if (/\b(now\(\)|current_date|current_timestamp|localtimestamp)/i.test(code) &&
        !/platform\.now\(\)/.test(code))
      fault(file, i + 1, 'business time is platform.now()');
  });
  if (/\/\d+_/.test(file) && !/\/\d{3}_[a-z]+_[a-z_]+\.sql$/.test(file))
    fault(file, 1, 'migrations are NNN_verb_object.sql');
}

function checkNames(file, text) {
  if (!TOP.test(file)) fault(file, 1, 'does not belong at the top');
  text.split('\n').forEach((line, i) => {
    if (/[ \t]+$/.test(line) && !/\.(csv|md)$/.test(file)) fault(file, i + 1, 'space at the end of the line');
  });
}

for (const file of files) {
  let text;
  try { text = readFileSync(file, 'utf8'); } catch { continue; }
  if (/^sql\/reference\//.test(file) || /package-lock\.json$/.test(file)) continue;
  checkNames(file, text);
  if (/\.[ch]$/.test(file)) { checkIncludes(file, text); checkService(file, text); checkLength(file, text); }
  if (/\.sql$/.test(file)) checkSql(file, text);
}
for (const f of faults) console.log(f);
console.log(faults.length === 0 ? `lint: ${files.length} files, nothing to say` : `lint: ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
