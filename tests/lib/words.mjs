// words.mjs -- the enumerations of all interfaces as the programs know them
// (shared/codes/labels.c): the words of each list, and their labels.
import { readdirSync, readFileSync } from 'node:fs';

const DIR = new URL('../../shared/codes/', import.meta.url);
const text = readdirSync(DIR).filter((f) => /^labels.*\.(c|def)$/.test(f)).map((f) => readFileSync(new URL(f, DIR), 'utf8')).join('\n');
const roles = readFileSync(new URL('roles.h', DIR), 'utf8');

// {list: {word: label}}
export const labels = {
  roles: Object.fromEntries([...roles.matchAll(/ROLE_ROW\(\w+,\s*"([^"]+)",\s*"([^"]+)"\)/g)].map((m) => [m[1], m[2]])) };
for (const [, name, body] of text.matchAll(/WORDS\("(\w+)",\s*"[^"]*",((?:\s*\{\s*"[^"]*",\s*"[^"]*"\s*\},?)+)/g))
  labels[name] = Object.fromEntries([...body.matchAll(/\{\s*"([^"]*)",\s*"([^"]*)"\s*\}/g)].map((m) => [m[1], m[2]]));

// What only a program would write: a word of any list that is not also a Chinese or a number.
const all = new Set(Object.values(labels).flatMap(Object.keys).filter((w) => /^[a-z][a-z0-9_]*$/.test(w)));
export const isBare = (value) => typeof value === 'string' && all.has(value);
// Names that are given, or written into a definition, and words only by chance.
export const GIVEN = ['client', 'client_id', 'code', 'indicator', 'numerator', 'denominator', 'cases', 'measures', 'per',
  'object_id', 'bank', 'what', 'trace_id'];
// Whether the lists named, with spaces, know it; those of a standard are not judged here, nor is a sentence.
export function known(sets, value) {
  const lists = sets.split(' ').map((s) => labels[s]);
  return value === null || !/^(-?\d{1,2}|[a-z][a-z0-9_]*)$/.test(value) || lists.includes(undefined) || lists.some((l) => Object.hasOwn(l, String(value)));
}
