// policies_help.mjs -- policies written and published by two people of the city.
import { randomUUID } from 'node:crypto';
import { call } from '../lib/client.mjs';
import { person } from '../lib/city.mjs';
import { minter, sql } from './help.mjs';

const mint = minter((await person()).token);
export const approver = () => mint({ roles: ['approve@431100'] });
export const WRITER = approver(), PUBLISHER = approver();
export const newCode = () => `T${randomUUID().slice(0, 6).toUpperCase()}`;

export const draft = (document, token = WRITER, over = {}) => call('POST', '/v1/subsidies/policy-drafts',
  { token, body: { document }, ...over });
export const release = (id, body = {}, token = PUBLISHER, over = {}) => call('POST',
  `/v1/subsidies/policy-drafts/${id}/publish`, { token, body, ...over });

// A line of the budget that may pay the policy; without an allotment it has nothing.
export function openLine(code, fund = 'unemployment_insurance') {
  sql(`INSERT INTO subsidies.budget_line (code, fund_source, title, legal_basis)
         VALUES ('${code}', '${fund}', '试行', '试行') ON CONFLICT DO NOTHING;
       INSERT INTO subsidies.budget_line_policy (line_code, policy_code) VALUES ('${code}', '${code}') ON CONFLICT DO NOTHING`);
}

// Written by one, published by another; the version before, if any, is superseded.
export async function publish(document, line = true) {
  if (line) openLine(document.code, document.fund_source);
  const d = await draft(document);
  const [before] = (await call('GET', `/v1/subsidies/policies?code=${document.code}&limit=1`)).items;
  return release(d.id, before ? { supersedes: before.id } : {});
}
