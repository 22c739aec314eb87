-- Steps given to somebody else for some days.

-- Nobody passes on what was passed to them: then it would not be seen whose it is.
-- name: delegation_give :one
-- args: id uuid, delegate uuid, hand text, county_code text, from_on date, to_on date, why text
WITH chain AS (
    SELECT FROM subsidies.delegation d
     WHERE d.hand = $hand AND (d.delegator = $delegate OR d.delegate = platform.actor())
       AND (d.county_code = $county_code OR '431100' IN (d.county_code, $county_code))
       AND daterange(d.from_on, least(d.to_on, d.ended_on - 1), '[]') && daterange($from_on, $to_on, '[]')
       AND (d.ended_on IS NULL OR d.ended_on > d.from_on)
), made AS (
    INSERT INTO subsidies.delegation (id, delegator, delegate, hand, county_code, from_on, to_on, why)
    SELECT $id, platform.actor(), $delegate, $hand, $county_code, $from_on, $to_on, $why
     WHERE NOT EXISTS (SELECT FROM chain)
    RETURNING *
)
SELECT jsonb_build_object('id', d.id, 'delegator', d.delegator, 'delegate', d.delegate, 'hand', d.hand,
           'county_code', d.county_code, 'from_on', d.from_on, 'to_on', d.to_on, 'why', d.why,
           'ended_on', d.ended_on, 'end_why', d.end_why)::text AS reply FROM made d
UNION ALL
SELECT platform.refuse('subsidies.delegation_overlap') WHERE NOT EXISTS (SELECT FROM made);

-- Over at once; one that has not begun never will.
-- name: delegation_end :one
-- args: id uuid, caller uuid, why text
UPDATE subsidies.delegation d
   SET ended_on = greatest(platform.today(), d.from_on), ended_by = $caller, end_why = $why
 WHERE d.id = $id AND $caller IN (d.delegator, d.delegate) AND d.ended_on IS NULL
   AND d.to_on >= platform.today()
RETURNING jsonb_build_object('id', d.id, 'delegator', d.delegator, 'delegate', d.delegate, 'hand', d.hand,
           'county_code', d.county_code, 'from_on', d.from_on, 'to_on', d.to_on, 'why', d.why,
           'ended_on', d.ended_on, 'end_why', d.end_why)::text AS reply;

-- name: delegation_list :many read
-- args: county_code text, officer_id uuid, after text, lim int8
SELECT jsonb_build_object('id', d.id, 'delegator', d.delegator, 'delegate', d.delegate, 'hand', d.hand,
           'county_code', d.county_code, 'from_on', d.from_on, 'to_on', d.to_on, 'why', d.why,
           'ended_on', d.ended_on, 'end_why', d.end_why)::text AS reply,
       d.id::text AS cursor
  FROM subsidies.delegation d
 WHERE ($county_code::text IS NULL OR d.county_code = $county_code)
   AND ($officer_id::uuid IS NULL OR $officer_id IN (d.delegator, d.delegate))
   AND d.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY d.id LIMIT $lim;

-- name: delegation_log :many read
-- args: id uuid, after text, lim int8
SELECT jsonb_build_object('no', l.ord, 'what', l.what, 'was', l.was, 'now_is', l.now_is, 'actor', l.actor,
           'at', l.created_at, 'county_code', l.county_code)::text AS reply,
       l.ord::text AS cursor
  FROM subsidies.delegation_log l
 WHERE l.delegation_id = $id AND l.ord > (SELECT coalesce($after::text::int8, 0))
 ORDER BY l.ord LIMIT $lim;
