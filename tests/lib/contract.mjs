// contract.mjs -- every reply of every test is held against the published
// document, and every operation that a test exercised is written down, so
// that a route without a test is found (tests/api/z_contract.test.mjs).
//
// Stricter than the document in some ways: a reply may hold nothing the document
// does not name, a word is of the list that its member names, a list that is also
// a file names the lists of all its words, and no identity number of a test person
// may be in any of it.
import { appendFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { onReply, request } from './client.mjs';
import { GIVEN, isBare, known } from './words.mjs';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addKeyword({ keyword: 'x-code-set', validate: (sets, value) => [].concat(value).every((v) => known(sets, v)) });

const SERVICES = 7;	// and the door
const ID_NUMBER = /(?<!\d)4399\d\d(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)/;

// RFC 6749 §5.2 has an error format of its own.
const OAUTH_ERROR = ajv.compile({ type: 'object', required: ['error'], additionalProperties: false,
  properties: { error: { enum: ['invalid_request', 'invalid_client', 'invalid_grant', 'invalid_scope',
    'unauthorized_client', 'unsupported_grant_type'] } } });

export class ContractError extends Error {
  constructor(text) { super(text); this.contract = true; }
}

export let doc;
const operations = [];

function pattern(path) {
  return new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

function close(schema) {
  if (schema === null || typeof schema !== 'object') return;
  if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
  for (const child of Object.values(schema)) close(child);
}

// The door gathers the document from the services: just after a start it may
// lack a part, and what is not in it would go unjudged.
async function whole() {
  for (const until = Date.now() + 30000; ;) {
    const { json } = await request('GET', '/openapi.json', { quiet: true });
    if (json?.tags?.length === SERVICES) return json;
    if (Date.now() > until) throw new Error(`/openapi.json: ${json?.tags?.length} of ${SERVICES} services`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

export async function load() {
  if (doc) return doc;
  doc = await whole();
  close(doc.components.schemas);
  close(doc.paths);
  ajv.addSchema(doc, 'doc');
  for (const [path, item] of Object.entries(doc.paths))
    for (const [method, op] of Object.entries(item))
      if (op.operationId)
        operations.push({ id: op.operationId, service: op.tags[0], path, method: method.toUpperCase(), op,
          re: pattern(path), params: (path.match(/\{/g) ?? []).length });
  operations.sort((a, b) => a.params - b.params);
  return doc;
}

export const key = (op) => `${op.service}.${op.id}`;
export function operationList() { return operations; }

export function find(method, path) {
  const clean = path.split('?')[0];
  return operations.find((o) => o.method === method && o.re.test(clean));
}

function pointer(...parts) {
  return `doc#/${parts.map((p) => encodeURIComponent(String(p).replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`;
}

// The entry of `responses` for a status: its own, its class (4XX), or default.
function described(op, status) {
  const { responses } = op.op;
  return [String(status), `${String(status)[0]}XX`, 'default'].find((n) => responses[n]);
}

const validators = new Map();

// {types: {media type: validate}}; null when the document is silent on the status.
function validator(op, status) {
  const name = described(op, status);
  if (!name) return null;
  const id = `${key(op)} ${op.method} ${name}`;
  if (validators.has(id)) return validators.get(id);
  let response = op.op.responses[name];
  let at = ['paths', op.path, op.method.toLowerCase(), 'responses', name];
  if (response.$ref) {
    at = response.$ref.slice(2).split('/');
    response = at.reduce((node, part) => node[part], doc);
  }
  const types = {};
  for (const [type, media] of Object.entries(response.content ?? {}))
    types[type] = /json/.test(type) && media.schema
      ? ajv.compile({ $ref: pointer(...at, 'content', type, 'schema') }) : () => true;
  validators.set(id, types);
  return types;
}

function media(types, reply) {
  const type = (reply.headers['content-type'] ?? '').split(';')[0];
  return types[type] ?? types['*/*'];
}

// These are asked for plain values, and keep a record that they were.
const PLAIN = ['person_unmask', 'data_copy_get', 'loan_hand_over'];

// A word without its list, in a file of which people would find no label.
export const item = (op) => {
  const schema = op.op.responses[200].content['application/json'].schema.properties?.items?.items;
  return (schema?.$ref ? schema.$ref.slice(2).split('/').reduce((node, part) => node[part], doc) : schema)?.properties ?? {};
};
function bare(op, reply) {
  if (reply.status !== 200 || !op.op.parameters?.some((p) => p.name === 'format')) return null;
  const members = item(op);
  for (const row of reply.json?.items ?? [])
    for (const [name, value] of Object.entries(row))
      if (members[name]?.['x-code-set'] === undefined && !GIVEN.includes(name) && !(`${name}_name` in members) && [].concat(value).some(isBare))
        return `${name} has ${value}, and does not say of which list`;
  return null;
}

function judge(op, reply) {
  const bad = (text) => new ContractError(`${key(op)} ${reply.status}: ${text}\n${reply.text.slice(0, 600)}`);
  const types = validator(op, reply.status);
  if (types === null) throw bad('the status is not in the document');
  if (['oauth_token', 'oauth_revoke', 'oauth_introspect'].includes(op.id) && [400, 401].includes(reply.status)) {
    if (!OAUTH_ERROR(reply.json)) throw bad(ajv.errorsText(OAUTH_ERROR.errors));
    return;
  }
  // Nothing is described: nothing is sent, or a file.
  if (Object.keys(types).length === 0 && (reply.text === '' || reply.headers['content-disposition'])) return;
  const valid = media(types, reply);
  if (!valid) throw bad(`content type ${reply.headers['content-type']} is not in the document`);
  if (!valid(reply.json ?? reply.text)) throw bad(ajv.errorsText(valid.errors));
  const word = bare(op, reply);
  if (word) throw bad(word);
  if (ID_NUMBER.test(reply.text) && !PLAIN.includes(op.id)) throw bad('an identity number in clear');
  if (reply.status < 300 && reply.json?.next_cursor && !/rel="next"/.test(reply.headers.link ?? ''))
    throw bad('a page with a cursor and no Link');
}

function check(method, path, reply) {
  const op = find(method, path);
  if (!op) return;
  if (process.env.YJY_RUN) appendFileSync(`${process.env.YJY_RUN}/exercised`, `${key(op)} ${reply.status}\n`);
  judge(op, reply);
}

await load();
onReply(check);
