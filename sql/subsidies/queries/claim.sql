-- Claims. claims_move is the only statement that moves one.

-- Moves claims from one of the given states to another and, when `funds` is
-- given, their money to that account of their allotment; records the step,
-- the hand that did it, whom it stood in for, and the event. All in one
-- command: the caller compares `moved` with what it asked for and gives up the
-- transaction otherwise. The money's entries are written by the claims' own
-- trigger, which is last to lock what everybody wants, the allotment.
-- Refused by the database itself: overspending (allotment_not_overspent_check),
-- an actor's second step on a claim (claim_step_hands_fkey), also by way of
-- somebody on leave (claim_step_behalf_fkey), and a tie to whom it is about.
-- `ahead`: the working days to come, for what is reserved now; `city`: whether
-- the caller may do what is the city's to decide.
-- name: claims_move :one
-- args: ids text[], from_states text[], to_state text, step text, hand text, funds text,
--       note text, ahead text[], city bool
WITH behalf AS MATERIALIZED (
    SELECT d.county_code, d.delegator FROM subsidies.delegation d
     WHERE d.delegate = platform.actor() AND d.hand = $hand
       AND platform.today() BETWEEN d.from_on AND d.to_on
       AND (d.ended_on IS NULL OR d.ended_on > platform.today())
), picked AS MATERIALIZED (
    SELECT c.id, c.state, c.policy_version_id, c.amount_cents,
           (SELECT b.delegator FROM behalf b WHERE b.county_code IN (c.county_code, '431100')
             ORDER BY b.county_code = '431100' LIMIT 1) AS delegator
      FROM subsidies.claim c
     WHERE c.id = ANY ($ids::text[]::uuid[]) AND c.state = ANY ($from_states)
     ORDER BY c.id
       FOR UPDATE OF c
), handed AS (
    INSERT INTO subsidies.claim_hand (claim_id, actor, hand)
    SELECT id, platform.actor(), $hand FROM picked WHERE $hand::text IS NOT NULL
    UNION ALL
    SELECT id, delegator, $hand FROM picked WHERE delegator IS NOT NULL
        ON CONFLICT DO NOTHING
), moved AS (
    UPDATE subsidies.claim c
       SET state = $to_state, funds = coalesce($funds, c.funds), resume_state = NULL,
           reserved_until = CASE WHEN coalesce($funds, c.funds) <> 'reserved' THEN NULL
               WHEN c.funds = 'reserved' THEN c.reserved_until
               ELSE ($ahead::text[])[subsidies.money_rule_of('reserve_working_days', c.county_code)]::date END,
           reserve_warned = c.reserve_warned AND $funds::text IS NULL,
           moved_at = platform.now()
      FROM picked p WHERE c.id = p.id
    RETURNING c.id, c.policy_code, c.state, c.amount_cents, c.county_code
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state, actor, hand, note, on_behalf_of)
    SELECT id, $step, state, $to_state, platform.actor(), $hand, $note, delegator FROM picked
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.moved.v1', id::text, county_code, jsonb_build_object(
               'claim_id', id, 'policy_code', policy_code, 'state', state,
               'amount_cents', amount_cents, 'county_code', county_code)
      FROM moved
)
SELECT (SELECT count(*) FROM moved) AS moved,
       (SELECT count(*) FROM picked p JOIN subsidies.policy_version v ON v.id = p.policy_version_id
         WHERE NOT $city::bool AND jsonb_typeof(v.approval -> 0) = 'object'
           AND subsidies.approval_level(v.approval, $step, p.amount_cents) = 'city') AS above,
       (SELECT count(*) FROM subsidies.claim c
         WHERE c.id = ANY ($ids::text[]::uuid[])) AS seen,
       (SELECT coalesce(sum(amount_cents), 0) FROM moved) AS amount_cents;

-- The payee's account, and the county's share of the line that may pay. What is
-- set aside at once for many of one policy comes from a share that has it all.
-- name: claims_account :one
-- args: ids text[], from_states text[], account_sealed text, account_masked text,
--       account_name text, account_index text
WITH picked AS MATERIALIZED (
    SELECT c.id, c.funds, c.policy_version_id, c.county_code, c.amount_cents
      FROM subsidies.claim c
     WHERE c.id = ANY ($ids::text[]::uuid[]) AND c.state = ANY ($from_states)
       AND c.payee_id IN (platform.org(), platform.person())
     ORDER BY c.id
       FOR UPDATE
), share AS MATERIALIZED (
    SELECT x.policy_version_id, x.county_code, a.allotment_id, a.line_code
      FROM (SELECT policy_version_id, county_code, sum(amount_cents)::bigint AS cents FROM picked
             WHERE funds = 'available' GROUP BY 1, 2) x
     CROSS JOIN LATERAL subsidies.allotment_for(x.policy_version_id, x.county_code, x.cents) a
), set_ AS (
    UPDATE subsidies.claim c
       SET account_sealed = $account_sealed, account_masked = $account_masked,
           account_name = $account_name, account_index = $account_index,
           allotment_id = CASE WHEN c.funds = 'available' THEN s.allotment_id ELSE c.allotment_id END,
           line_code = CASE WHEN c.funds = 'available' THEN s.line_code ELSE c.line_code END
      FROM picked p LEFT JOIN share s USING (policy_version_id, county_code)
     WHERE c.id = p.id
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
                         'hand', s.hand, 'on_behalf_of', s.on_behalf_of,
                         'note', s.note, 'at', s.created_at) ORDER BY s.ord)
                       FROM subsidies.claim_step s WHERE s.claim_id = c.id),
           'open_objections', (SELECT count(*) FROM subsidies.objection o
                                WHERE o.notice_line_id = c.notice_line_id
                                  AND o.state = 'open')))::text AS reply
  FROM subsidies.claim c WHERE c.id = $id;
