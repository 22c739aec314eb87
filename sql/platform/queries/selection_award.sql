-- Acceptance (验收) and awards; the rules are functions of sql/platform/074.

-- name: acceptance_list_set :one
-- args: policy_code text, from_on date, items jsonb, quantity bool, instalments int8, basis text
WITH made AS (
    INSERT INTO @schema@.acceptance_list AS l (policy_code, version, from_on, items, quantity, instalments, basis)
    SELECT $policy_code, coalesce((SELECT max(x.version) FROM @schema@.acceptance_list x
                                    WHERE x.policy_code = $policy_code), 0) + 1,
           coalesce($from_on, platform.today()), $items, coalesce($quantity, false),
           coalesce($instalments::int8::integer, 1), $basis
     WHERE platform.whole_city()
       AND @schema@.selection_policy($policy_code) IS NOT NULL
    RETURNING *
)
SELECT jsonb_build_object('policy_code', policy_code, 'version', version, 'from_on', from_on, 'items', items,
           'quantity', quantity, 'instalments', instalments, 'basis', basis)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN platform.whole_city() THEN 'selection.round_policy /policy_code' ELSE 'auth.area' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: acceptance_list_list :many read
-- args: policy_code text, after text, lim int8
SELECT jsonb_build_object('policy_code', l.policy_code, 'version', l.version, 'from_on', l.from_on, 'items', l.items,
           'quantity', l.quantity, 'instalments', l.instalments, 'basis', l.basis)::text AS reply,
       l.policy_code || lpad(l.version::text, 6, '0') AS cursor
  FROM @schema@.acceptance_list l
 WHERE ($policy_code::text IS NULL OR l.policy_code = $policy_code)
   AND l.policy_code || lpad(l.version::text, 6, '0') > coalesce($after::text, '')
 ORDER BY 2 LIMIT $lim;

-- name: acceptance_name :one
-- args: new_id uuid, policy_code text, tier text, period text, org_id uuid, basis text
SELECT j::text AS reply FROM @schema@.unit_name($new_id, $policy_code, $tier, $period, $org_id, $basis) AS j
 WHERE j IS NOT NULL;

-- name: acceptance_list_units :many read
-- args: policy_code text, state text, overdue bool, after text, lim int8
SELECT @schema@.unit_json(u)::text AS reply, u.id::text AS cursor
  FROM @schema@.acceptance_unit u
 WHERE ($policy_code::text IS NULL OR u.policy_code = $policy_code)
   AND ($state::text IS NULL OR u.state = $state)
   AND (NOT coalesce($overdue, false) OR (u.state = 'failed' AND u.again_on < platform.today()))
   AND u.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY u.id DESC LIMIT $lim;

-- name: acceptance_get :one read
-- args: id uuid
SELECT @schema@.unit_json(u)::text AS reply FROM @schema@.acceptance_unit u WHERE u.id = $id;

-- name: acceptance_inspect :one tells
-- args: id uuid, kind text, results jsonb, quantity int8?, again_on date
SELECT j::text AS reply FROM @schema@.unit_inspect($id, $kind, $results, $quantity, $again_on) AS j
 WHERE j IS NOT NULL;

-- name: acceptance_revoke :one
-- args: id uuid, reason text
SELECT j::text AS reply FROM @schema@.unit_revoke($id, $reason) AS j WHERE j IS NOT NULL;

-- name: award_list :many read
-- args: policy_code text, source text, after text, lim int8
SELECT @schema@.award_json(a)::text AS reply, a.id::text AS cursor
  FROM @schema@.award a
 WHERE ($policy_code::text IS NULL OR a.policy_code = $policy_code)
   AND ($source::text IS NULL OR a.source = $source)
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY a.id DESC LIMIT $lim;

-- name: award_place_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('policy_code', q.policy_code, 'tier', q.tier, 'places', q.places, 'basis', q.basis)::text AS reply,
       q.policy_code || q.tier AS cursor
  FROM @schema@.award_quota q
 WHERE q.policy_code || q.tier > coalesce($after::text, '')
 ORDER BY 2 LIMIT $lim;
