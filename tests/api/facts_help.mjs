// facts_help.mjs -- files of facts: sending them, reading what is known by them.
import { call } from '../lib/client.mjs';
import { desk } from '../lib/city.mjs';
import { sql } from './help.mjs';

export const clerk = await desk('city.clerk');

// The header of each kind of file, as the service says it when it is wrong.
export async function header(kind) {
  const r = await call('POST', `/v1/subsidies/imports/${kind}`, { token: clerk.token, raw: 'x\n', refused: true,
    headers: { 'content-type': 'text/csv' } });
  return r.json.detail.slice('第一行应为 '.length);
}

export async function send(kind, rows, { query = '', token = clerk.token, ...more } = {}) {
  return call('POST', `/v1/subsidies/imports/${kind}${query}`, { token, headers: { 'content-type': 'text/csv' },
    raw: `${[await header(kind), ...rows].join('\n')}\n`, ...more });
}

// What is known now of a person or an employer, as "kind from to code numbers".
export const known = (column, id) => sql(`SELECT kind, from_on, coalesce(to_on::text, '-'), coalesce(code, '-'), numbers
  FROM subsidies.fact WHERE ${column} = '${id}' AND known_to IS NULL ORDER BY kind, from_on`).map((r) => r.join(' '));
export const isDue = (id) => sql(`SELECT 1 FROM subsidies.due WHERE holder_id = '${id}'`).length === 1;

// What another service would tell: through its own outbox, in its own order.
export const emit = (type, key, payload, area = '431129') => sql(`INSERT INTO ${type.split('.')[0]}.outbox (type, key, area_code, payload)
  VALUES ('${type}', '${key}', '${area}', '${JSON.stringify(payload)}')`);
