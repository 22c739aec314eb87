-- Claims. claims_move is the only statement that moves one.

-- Moves claims from one of the given states to another and, when `funds` is
-- given, their money to that account of their allotment; records the step,
-- the hand that did it and the event. All in one command: the caller compares
-- `moved` with what it asked for and gives up the transaction otherwise.
-- Refused by the database itself: overspending (allotment_not_overspent_check)
-- and an actor's second step on a claim (claim_step_hands_fkey).
-- name: claims_move :one
-- args: ids text[], from_states text[], to_state text, step text, hand text, funds text,
--       note text
WITH picked AS MATERIALIZED (
    SELECT c.id, c.state, c.funds, c.allotment_id, c.amount_cents, c.county_code
      FROM subsidies.claim c
     WHERE c.id = ANY ($ids::text[]::uuid[]) AND c.state = ANY ($from_states)
     ORDER BY c.id
       FOR UPDATE
), handed AS (
    INSERT INTO subsidies.claim_hand (claim_id, actor, hand)
    SELECT id, platform.actor(), $hand FROM picked WHERE $hand::text IS NOT NULL
        ON CONFLICT DO NOTHING
), flow AS (
    SELECT p.id, p.allotment_id, p.county_code, p.amount_cents,
           p.funds AS debit, $funds::text AS credit
      FROM picked p WHERE p.funds <> $funds::text
), change AS (
    SELECT allotment_id,
           sum(amount_cents * ((credit = 'reserved')::int - (debit = 'reserved')::int)) AS reserved,
           sum(amount_cents * ((credit = 'committed')::int - (debit = 'committed')::int)) AS committed,
           sum(amount_cents * ((credit = 'paid')::int - (debit = 'paid')::int)) AS paid
      FROM flow GROUP BY allotment_id
), turn AS MATERIALIZED (
    SELECT a.id FROM subsidies.allotment a
     WHERE a.id IN (SELECT allotment_id FROM change) ORDER BY a.id FOR NO KEY UPDATE
), held AS (
    UPDATE subsidies.allotment a
       SET reserved_cents = a.reserved_cents + change.reserved,
           committed_cents = a.committed_cents + change.committed,
           paid_cents = a.paid_cents + change.paid
      FROM change JOIN turn ON turn.id = change.allotment_id
     WHERE a.id = change.allotment_id
    RETURNING a.id
), entries AS (
    INSERT INTO subsidies.ledger_entry (allotment_id, county_code, claim_id, debit, credit,
        amount_cents, reason, actor)
    SELECT allotment_id, county_code, id, debit, credit, amount_cents, $step, platform.actor()
      FROM flow
), moved AS (
    UPDATE subsidies.claim c
       SET state = $to_state, funds = coalesce($funds, c.funds), resume_state = NULL,
           moved_at = platform.now()
      FROM picked p WHERE c.id = p.id
    RETURNING c.id, c.policy_code, c.state, c.amount_cents, c.county_code
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, hand, note)
    SELECT id, $step, state, $to_state, platform.actor(), $hand, $note FROM picked
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.moved.v1', id::text, county_code, jsonb_build_object(
               'claim_id', id, 'policy_code', policy_code, 'state', state,
               'amount_cents', amount_cents, 'county_code', county_code)
      FROM moved
)
SELECT (SELECT count(*) FROM moved) AS moved,
       (SELECT count(*) FROM change) = (SELECT count(*) FROM held) AS funded,
       (SELECT count(*) FROM subsidies.claim c
         WHERE c.id = ANY ($ids::text[]::uuid[])) AS seen,
       (SELECT coalesce(sum(amount_cents), 0) FROM moved) AS amount_cents;

-- The employer's account, and the county's share of the line that may pay.
-- name: claims_account :one
-- args: ids text[], from_states text[], account_sealed text, account_masked text, account_name text
WITH picked AS (
    SELECT c.id, a.id AS allotment_id, a.line_code
      FROM subsidies.claim c
      LEFT JOIN subsidies.budget_line_policy lp ON lp.policy_code = c.policy_code
      LEFT JOIN subsidies.allotment a ON a.line_code = lp.line_code
       AND a.county_code = c.county_code
     WHERE c.id = ANY ($ids::text[]::uuid[]) AND c.state = ANY ($from_states)
       AND c.payee_id IN (platform.org(), platform.person())
     ORDER BY c.id
       FOR UPDATE OF c
), set_ AS (
    UPDATE subsidies.claim c
       SET account_sealed = $account_sealed, account_masked = $account_masked,
           account_name = $account_name,
           allotment_id = coalesce(c.allotment_id, p.allotment_id),
           line_code = coalesce(c.line_code, p.line_code)
      FROM picked p WHERE c.id = p.id
    RETURNING c.id, c.allotment_id, c.amount_cents
)
SELECT count(*) AS set, bool_and(allotment_id IS NOT NULL) AS funded,
       bool_and(amount_cents IS NOT NULL) AS priced
  FROM set_;

-- name: claims_notified :one
-- args: policy_code text, lim int8
SELECT array_agg(id)::text AS ids, count(*) AS picked FROM (
    SELECT c.id FROM subsidies.claim c
     WHERE c.payee_id IN (platform.org(), platform.person()) AND c.state = 'notified'
       AND ($policy_code::text IS NULL OR c.policy_code = $policy_code)
     ORDER BY c.id LIMIT $lim) own;

-- name: claim_list :many read
-- args: policy_code text, county_code text, state text, org_id uuid, after text, lim int8
SELECT subsidies.claim_json(c)::text AS reply, c.id::text AS cursor
  FROM subsidies.claim c
 WHERE ($policy_code::text IS NULL OR c.policy_code = $policy_code)
   AND ($county_code::text IS NULL OR c.county_code = $county_code)
   AND ($state::text IS NULL OR c.state = $state)
   AND ($org_id::uuid IS NULL OR c.org_id = $org_id)
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY c.id DESC LIMIT $lim;

-- name: claim_get :one read
-- args: id uuid
SELECT (subsidies.claim_json(c) || jsonb_build_object(
           'steps', (SELECT jsonb_agg(jsonb_build_object('step', s.step, 'from_state',
                         s.from_state, 'to_state', s.to_state, 'actor', s.actor,
                         'hand', s.hand, 'note', s.note, 'at', s.created_at) ORDER BY s.ord)
                       FROM subsidies.claim_step s WHERE s.claim_id = c.id),
           'open_objections', (SELECT count(*) FROM subsidies.objection o
                                WHERE o.notice_line_id = c.notice_line_id
                                  AND o.state = 'open')))::text AS reply
  FROM subsidies.claim c WHERE c.id = $id;
