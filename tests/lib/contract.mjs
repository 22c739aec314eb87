// contract.mjs -- every reply of every test is held against the published
// document, and every operation that a test exercised is written down, so
// that a route without a test is found (tests/api/z_contract.test.mjs).
import { appendFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { onReply, request } from './client.mjs';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);

export let doc;
const operations = [];

function pattern(path) {
  return new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

export async function load() {
  if (doc) return doc;
  const reply = await request('GET', '/openapi.json', { quiet: true });
  doc = reply.json;
  ajv.addSchema(doc, 'doc');
  for (const [path, item] of Object.entries(doc.paths))
    for (const [method, op] of Object.entries(item))
      if (op.operationId)
        operations.push({ id: op.operationId, path, method: method.toUpperCase(), op,
          re: pattern(path), params: (path.match(/\{/g) ?? []).length });
  operations.sort((a, b) => a.params - b.params);
  return doc;
}

function pointer(...parts) {
  return `doc#/${parts.map((p) => encodeURIComponent(String(p).replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`;
}

const validators = new Map();

function validator(op, status) {
  const key = `${op.id} ${status}`;
  if (validators.has(key)) return validators.get(key);
  const name = op.op.responses[status] ? String(status) : op.op.responses.default ? 'default' : null;
  let check = null;
  if (name) {
    let response = op.op.responses[name];
    let at = ['paths', op.path, op.method.toLowerCase(), 'responses', name];
    if (response.$ref) {
      at = response.$ref.slice(2).split('/');
      response = at.reduce((node, part) => node[part], doc);
    }
    const type = Object.keys(response.content ?? {})[0];
    check = type && /json/.test(type)
      ? ajv.compile({ $ref: pointer(...at, 'content', type, 'schema') }) : () => true;
  }
  validators.set(key, check);
  return check;
}

export function find(method, path) {
  const clean = path.split('?')[0];
  return operations.find((o) => o.method === method && o.re.test(clean));
}

function check(method, path, reply) {
  const op = find(method, path);
  if (!op) return;
  if (process.env.YJY_RUN) appendFileSync(`${process.env.YJY_RUN}/exercised`, `${op.id} ${reply.status}\n`);
  const valid = validator(op, reply.status);
  if (valid === null) throw new Error(`${op.id}: status ${reply.status} is not in the document`);
  if (reply.json !== undefined && !valid(reply.json))
    throw new Error(`${op.id} ${reply.status}: ${ajv.errorsText(valid.errors)}\n${reply.text.slice(0, 400)}`);
}

export function operationList() { return operations; }

await load();
onReply(check);
