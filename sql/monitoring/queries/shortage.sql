-- Shortages of key firms as tasks.

-- name: key_turn :one
-- args:
SELECT monitoring.key_turn() AS n;

-- name: shortage_list :many read
-- args: after text, lim int4, state text, county_code text, officer_id uuid, key_firm_id uuid, is_overdue bool?
SELECT monitoring.shortage_json(s)::text AS reply, s.id::text AS cursor
  FROM monitoring.shortage s
 WHERE s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR s.state = $state)
   AND ($county_code::text IS NULL OR s.county_code = $county_code)
   AND ($officer_id::uuid IS NULL OR s.officer_id = $officer_id)
   AND ($key_firm_id::uuid IS NULL OR s.key_firm_id = $key_firm_id)
   AND ($is_overdue::bool IS NULL OR $is_overdue = coalesce(s.due_on < platform.today() AND s.state <> 'closed', false))
 ORDER BY s.id DESC LIMIT $lim;

-- name: shortage_get :one read
-- args: id uuid
SELECT monitoring.shortage_json(s)::text AS reply FROM monitoring.shortage s WHERE s.id = $id;

-- What jobs is to be asked about: new ones, and each day anew those still open.
-- name: shortage_unmatched :many
-- args: lim int4
SELECT s.id, s.occupation_code, s.county_code, s.wage_low_cents, s.wage_high_cents
  FROM monitoring.shortage s
 WHERE s.state <> 'closed' AND (s.matched_at IS NULL
        OR (s.matched_at AT TIME ZONE 'Asia/Shanghai')::date < platform.today())
 ORDER BY s.matched_at NULLS FIRST, s.id LIMIT $lim;

-- name: shortage_matched :exec
-- args: id uuid, seekers int8, seekers_county int8, has_more bool
UPDATE monitoring.shortage SET seekers = $seekers, seekers_county = $seekers_county, has_more = $has_more,
       matched_at = platform.now()
 WHERE id = $id;

-- name: shortage_rematch :one
-- args: id uuid
WITH found AS (
    SELECT s.id, s.state FROM monitoring.shortage s
     WHERE s.id = $id AND platform.in_areas(s.county_code, s.area_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.shortage AS s SET matched_at = NULL FROM found f WHERE s.id = f.id AND f.state <> 'closed'
    RETURNING s AS s
)
SELECT monitoring.shortage_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- By whoever is in charge of the firm.
-- name: shortage_offer :one tells
-- args: id uuid, offered int8, note text
WITH found AS (
    SELECT s.id, s.state, s.officer_id = platform.actor() AS mine FROM monitoring.shortage s
     WHERE s.id = $id AND platform.in_areas(s.county_code, s.area_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.shortage AS s SET state = 'offered', offered = coalesce(s.offered, 0) + $offered::int8::integer,
           offer_note = $note, offered_on = platform.today()
      FROM found f WHERE s.id = f.id AND f.state <> 'closed' AND f.mine
    RETURNING s AS s
)
SELECT monitoring.shortage_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'closed' THEN 'state.wrong' ELSE 'monitoring.not_in_charge' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: shortage_close :one tells
-- args: id uuid, result text, filled int8, note text
WITH found AS (
    SELECT s.id, s.state, s.headcount, s.officer_id = platform.actor() AS mine FROM monitoring.shortage s
     WHERE s.id = $id AND platform.in_areas(s.county_code, s.area_code) FOR UPDATE
), judged AS (
    SELECT CASE WHEN f.state = 'closed' THEN 'state.wrong' WHEN f.mine IS NOT TRUE THEN 'monitoring.not_in_charge'
                WHEN $filled > f.headcount THEN 'field.too_large /filled'
                WHEN $result = 'filled' AND $filled < f.headcount THEN 'field.too_small /filled'
                WHEN $result = 'partly_filled' AND $filled = 0 THEN 'field.too_small /filled'
                WHEN $result = 'partly_filled' AND $filled = f.headcount THEN 'field.too_large /filled'
                WHEN $result NOT IN ('filled', 'partly_filled') AND $filled > 0 THEN 'field.too_large /filled' END AS fault
      FROM found f
), moved AS (
    UPDATE monitoring.shortage AS s SET state = 'closed', result = $result, filled = $filled::int8::integer, note = $note,
           closed_on = platform.today(), closed_by = platform.actor()
      FROM found f, judged j WHERE s.id = f.id AND j.fault IS NULL
    RETURNING s AS s
)
SELECT monitoring.shortage_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;
