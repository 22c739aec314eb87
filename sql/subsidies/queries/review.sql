-- What waits for a review, and which of many claims cannot be decided.

-- Waiting at a step. `open`: only what the caller may still do, for no other
-- hand of the claim is the caller's.
-- name: review_list :many read
-- args: step text, policy_code text, county_code text, mode text, lapsing_on date, overdue bool, open bool,
--       after text, lim int8
SELECT (subsidies.claim_json(c) || jsonb_build_object('reserved_until', c.reserved_until,
           'level', subsidies.approval_level(v.approval, $step, c.amount_cents),
           'overdue', coalesce(c.promised_on < platform.today(), false)))::text AS reply, c.id::text AS cursor
  FROM subsidies.claim c JOIN subsidies.policy_version v ON v.id = c.policy_version_id
 WHERE c.state = CASE $step WHEN 'first_review' THEN 'confirmed' WHEN 'recheck' THEN 'first_reviewed'
                            ELSE 'rechecked' END
   AND ($policy_code::text IS NULL OR c.policy_code = $policy_code)
   AND ($county_code::text IS NULL OR c.county_code = $county_code)
   AND ($mode::text IS NULL OR c.mode = $mode)
   AND ($lapsing_on::date IS NULL OR c.reserved_until <= $lapsing_on)
   AND ($overdue::bool IS NOT TRUE OR c.promised_on < platform.today())
   AND ($open::bool IS NOT TRUE OR NOT EXISTS (SELECT FROM subsidies.claim_hand h
          WHERE h.claim_id = c.id AND h.actor = platform.actor() AND h.hand <> $step))
   AND c.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY c.id LIMIT $lim;

-- name: review_counts :many read
-- args: policy_code text, county_code text, after text, lim int8
SELECT jsonb_build_object('step', x.step, 'policy_code', x.policy_code, 'county_code', x.county_code,
           'claims', x.n, 'amount_cents', x.cents, 'overdue', x.late, 'currency', 'CNY')::text AS reply,
       x.place AS cursor
  FROM (SELECT CASE c.state WHEN 'confirmed' THEN 'first_review' WHEN 'first_reviewed' THEN 'recheck'
                            ELSE 'approve' END AS step,
               c.policy_code, c.county_code, count(*) AS n, sum(c.amount_cents) AS cents,
               count(*) FILTER (WHERE c.promised_on < platform.today()) AS late,
               concat_ws('/', c.county_code, c.policy_code, c.state) AS place
          FROM subsidies.claim c
         WHERE c.state IN ('confirmed', 'first_reviewed', 'rechecked')
           AND ($policy_code::text IS NULL OR c.policy_code = $policy_code)
           AND ($county_code::text IS NULL OR c.county_code = $county_code)
         GROUP BY c.state, c.policy_code, c.county_code) x
 WHERE $after::text IS NULL OR x.place > $after
 ORDER BY x.place LIMIT $lim;

-- Each claim asked for, with the code of what stands against it; refusals for
-- a tie are written down as claims_refused() does.
-- name: claims_check :many
-- args: ids text[], from_states text[], step text, city bool, action text
WITH behalf AS MATERIALIZED (
    SELECT d.county_code, d.delegator FROM subsidies.delegation d
     WHERE d.delegate = platform.actor() AND d.hand = $step
       AND platform.today() BETWEEN d.from_on AND d.to_on
       AND (d.ended_on IS NULL OR d.ended_on > platform.today())
), asked AS MATERIALIZED (
    SELECT i.ord, i.id, c.id AS claim_id, c.state, c.county_code, v.approval, c.amount_cents,
           coalesce(subsidies.tie_of(platform.actor(), c), subsidies.tie_of(b.delegator, c)) AS tie,
           EXISTS (SELECT FROM subsidies.claim_hand h
                    WHERE h.claim_id = c.id AND h.hand <> $step
                      AND h.actor IN (platform.actor(), b.delegator)) AS handed
      FROM unnest($ids::text[]::uuid[]) WITH ORDINALITY AS i (id, ord)
      LEFT JOIN subsidies.claim c ON c.id = i.id
      LEFT JOIN subsidies.policy_version v ON v.id = c.policy_version_id
      LEFT JOIN LATERAL (SELECT x.delegator FROM behalf x WHERE x.county_code IN (c.county_code, '431100')
                          ORDER BY x.county_code = '431100' LIMIT 1) b ON true
), judged AS (
    SELECT a.*, CASE
               WHEN claim_id IS NULL THEN 'request.not_found'
               WHEN NOT state = ANY ($from_states) THEN 'state.wrong'
               WHEN tie IS NOT NULL THEN 'subsidies.conflict_of_interest'
               WHEN handed THEN 'subsidies.same_hand'
               WHEN NOT $city::bool AND jsonb_typeof(approval -> 0) = 'object'
                    AND subsidies.approval_level(approval, $step, amount_cents) = 'city'
               THEN 'subsidies.city_approval' END AS code
      FROM asked a
), noted AS (
    INSERT INTO subsidies.tie_refusal (officer_id, claim_id, tie, action, county_code)
    SELECT platform.actor(), claim_id, tie, $action, county_code
      FROM judged WHERE code = 'subsidies.conflict_of_interest'
)
SELECT id, code FROM judged ORDER BY ord;
