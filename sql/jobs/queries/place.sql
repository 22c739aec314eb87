-- Places where people are served.

-- name: outlet_put :exec
-- args: outlet_id uuid, name text, kind text, county_code text, area_code text, closed bool
INSERT INTO jobs.outlet (id, name, kind, county_code, area_code, closed)
VALUES ($outlet_id, $name, $kind, $county_code, $area_code, $closed)
ON CONFLICT (id) DO UPDATE
   SET name = excluded.name, kind = excluded.kind, county_code = excluded.county_code,
       area_code = excluded.area_code, closed = excluded.closed;

-- name: place_create :one tells
-- args: id uuid, kind text, name text, address text, county_code text, area_code text, lat_e6 int8,
--       lng_e6 int8, phone text, outlet_id uuid, hours jsonb, exceptions jsonb
WITH made AS (
    INSERT INTO jobs.place AS p (id, kind, name, address, county_code, area_code, lat_e6, lng_e6,
                                 phone, outlet_id, hours, exceptions)
    SELECT $id, $kind, $name, $address, $county_code, $area_code, $lat_e6::int8::integer,
           $lng_e6::int8::integer, $phone, $outlet_id, coalesce($hours, '[]'::jsonb),
           coalesce($exceptions, '[]'::jsonb)
     WHERE $outlet_id::uuid IS NULL
        OR EXISTS (SELECT FROM jobs.outlet o WHERE o.id = $outlet_id AND NOT o.closed)
    RETURNING p AS p
), kept AS (
    INSERT INTO jobs.place_step (place_id, state, county_code, area_code)
    SELECT (p).id, (p).state, (p).county_code, (p).area_code FROM made
)
SELECT jobs.place_json(p)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.outlet_unknown /outlet_id') WHERE NOT EXISTS (SELECT FROM made);

-- Absent members stay as they are; an outlet is named once.
-- name: place_change :one tells
-- args: id uuid, name text, address text, lat_e6 int8?, lng_e6 int8?, phone text, outlet_id uuid,
--       hours jsonb, exceptions jsonb
WITH found AS (
    SELECT p.id, p.outlet_id FROM jobs.place p
     WHERE p.id = $id AND platform.in_areas(p.county_code, p.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.place AS p
       SET name = coalesce($name, p.name), address = coalesce($address, p.address),
           lat_e6 = coalesce($lat_e6::int8::integer, p.lat_e6),
           lng_e6 = coalesce($lng_e6::int8::integer, p.lng_e6),
           phone = coalesce($phone, p.phone), outlet_id = coalesce($outlet_id, p.outlet_id),
           hours = coalesce($hours, p.hours), exceptions = coalesce($exceptions, p.exceptions)
      FROM found
     WHERE p.id = found.id
       AND ($outlet_id::uuid IS NULL OR (coalesce(found.outlet_id, $outlet_id) = $outlet_id
            AND EXISTS (SELECT FROM jobs.outlet o WHERE o.id = $outlet_id AND NOT o.closed)))
    RETURNING p AS p
)
SELECT jobs.place_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.outlet_id IS NOT NULL AND found.outlet_id <> $outlet_id
                            THEN 'state.wrong /outlet_id' ELSE 'jobs.outlet_unknown /outlet_id' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Along its life, all but being accepted; nothing opens that was not.
-- name: place_move :one tells
-- args: id uuid, state text, note text
WITH found AS (
    SELECT p.id, p.state FROM jobs.place p
     WHERE p.id = $id AND platform.in_areas(p.county_code, p.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.place AS p SET state = $state
      FROM found
     WHERE p.id = found.id
       AND CASE $state WHEN 'building' THEN found.state = 'planned'
                       WHEN 'open' THEN p.accepted_on IS NOT NULL AND found.state IN ('accepted', 'closed')
                       WHEN 'closed' THEN found.state <> 'closed' ELSE false END
    RETURNING p AS p
), kept AS (
    INSERT INTO jobs.place_step (place_id, state, note, county_code, area_code)
    SELECT (p).id, (p).state, $note, (p).county_code, (p).area_code FROM moved
)
SELECT jobs.place_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Counted kinds by the city, never by whoever entered it. One that is being
-- upgraded is accepted by its project.
-- name: place_accept :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT p.id, p.state, p.created_by, p.kind IN ('station', 'fuel', 'gig_market') AS counted,
           EXISTS (SELECT FROM jobs.hall_project h WHERE h.place_id = p.id
                      AND h.state <> 'accepted') AS upgrading
      FROM jobs.place p
     WHERE p.id = $id AND platform.in_areas(p.county_code, p.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.place AS p
       SET state = 'accepted', accepted_by = platform.actor(), accepted_on = platform.today()
      FROM found
     WHERE p.id = found.id AND found.state = 'building' AND found.created_by <> platform.actor()
       AND NOT found.upgrading AND (NOT found.counted OR jobs.is_city())
    RETURNING p AS p
), kept AS (
    INSERT INTO jobs.place_step (place_id, state, note, county_code, area_code)
    SELECT (p).id, (p).state, $note, (p).county_code, (p).area_code FROM moved
)
SELECT jobs.place_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state <> 'building' THEN 'state.wrong'
                            WHEN found.counted AND NOT jobs.is_city() THEN 'jobs.place_city'
                            WHEN found.upgrading THEN 'jobs.acceptance_running'
                            ELSE 'jobs.same_hand' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- By the clerk who stands there, for an hour.
-- name: place_queue :one tells
-- args: id uuid, waiting int4
UPDATE jobs.place AS p SET queue = $waiting, queue_at = platform.now()
 WHERE p.id = $id AND p.outlet_id = platform.outlet() AND p.state = 'open'
RETURNING jobs.place_json(p)::text AS reply;

-- Nearest first, and by id where two are equally far; without a point by id.
-- name: place_near :many read
-- args: after text, lim int8, lat_e6 int8?, lng_e6 int8?, radius_m int8?, kind text, matter_code text,
--       open_now bool?, area_code text, q text
WITH clock AS MATERIALIZED (
    SELECT jobs.place_clock(platform.now()) AS now, platform.today() AS today
), near AS (
    SELECT p AS p, p.id, coalesce(jobs.metres(p.lat_e6, p.lng_e6, $lat_e6::int8::integer,
                                              $lng_e6::int8::integer), 0) AS metres
      FROM clock k CROSS JOIN jobs.place p
     WHERE p.state = 'open'
       AND ($kind::text IS NULL OR p.kind = $kind)
       AND ($area_code::text IS NULL OR $area_code = '431100' OR p.county_code = $area_code
            OR (length($area_code) > 6 AND starts_with(p.area_code, $area_code)))
       AND ($q::text IS NULL OR strpos(p.name || ' ' || p.address, $q) > 0)
       AND ($matter_code::text IS NULL OR (p.outlet_id IS NOT NULL AND NOT p.listed)
            OR EXISTS (SELECT FROM jobs.place_right r WHERE r.place_id = p.id
                          AND r.matter_code = $matter_code
                          AND jobs.place_right_holds(r, k.today)))
       AND ($open_now::bool IS NULL
            OR jobs.place_is_open_by(p.state, p.hours, p.exceptions, k.now) = $open_now)
)
SELECT (jobs.place_json(n.p) || jsonb_build_object('distance_m',
            CASE WHEN $lat_e6::int8 IS NOT NULL THEN n.metres END))::text AS reply,
       n.metres || ':' || n.id AS cursor
  FROM near n
 WHERE ($radius_m::int8 IS NULL OR n.metres <= $radius_m)
   AND ($after::text IS NULL
        OR (n.metres, n.id) > (split_part($after, ':', 1)::bigint, split_part($after, ':', 2)::uuid))
 ORDER BY n.metres, n.id
 LIMIT $lim;

-- name: place_get :one read
-- args: id uuid
SELECT jobs.place_json(p)::text AS reply FROM jobs.place p WHERE p.id = $id AND p.state = 'open';

-- name: place_register_list :many read
-- args: after text, lim int4, kind text, state text, county_code text
SELECT jobs.place_json(p)::text AS reply, p.id::text AS cursor
  FROM jobs.place p
 WHERE platform.in_areas(p.county_code, p.area_code)
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($kind::text IS NULL OR p.kind = $kind)
   AND ($state::text IS NULL OR p.state = $state)
   AND ($county_code::text IS NULL OR p.county_code = $county_code)
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: place_register_get :one read
-- args: id uuid
SELECT (jobs.place_json(p) || jsonb_build_object('steps',
        (SELECT jsonb_agg(jsonb_build_object('state', s.state, 'note', s.note, 'actor', s.actor,
                                             'at', s.at) ORDER BY s.ord)
           FROM jobs.place_step s WHERE s.place_id = p.id)))::text AS reply
  FROM jobs.place p WHERE p.id = $id AND platform.in_areas(p.county_code, p.area_code);

-- What there is and what there should be, by kind: the counties one acts in,
-- and for who acts in all of them the city.
-- name: place_figures :many read
-- args: after text, lim int4, kind text
WITH kinds AS (
    SELECT k FROM unnest(ARRAY['station', 'fuel', 'gig_market', 'hall', 'workshop', 'incubator',
                               'town_point', 'village_point']) AS k
     WHERE $kind::text IS NULL OR k = $kind
), counts AS (
    SELECT p.kind, p.county_code, count(*) FILTER (WHERE p.state = 'planned') AS planned,
           count(*) FILTER (WHERE p.state = 'building') AS building,
           count(*) FILTER (WHERE p.state = 'accepted') AS accepted,
           count(*) FILTER (WHERE p.state = 'open') AS open,
           count(*) FILTER (WHERE p.state = 'closed') AS closed
      FROM jobs.place p WHERE platform.in_areas(p.county_code, p.area_code)
     GROUP BY 1, 2
), lines AS (
    SELECT k.k AS kind, c AS county, coalesce(n.planned, 0) AS planned, coalesce(n.building, 0) AS building,
           coalesce(n.accepted, 0) AS accepted, coalesce(n.open, 0) AS open, coalesce(n.closed, 0) AS closed
      FROM kinds k CROSS JOIN unnest(jobs.counties()) AS c
      LEFT JOIN counts n ON n.kind = k.k AND n.county_code = c
     WHERE platform.in_areas(c, NULL)
    UNION ALL
    SELECT k.k, '431100', coalesce(sum(n.planned), 0), coalesce(sum(n.building), 0),
           coalesce(sum(n.accepted), 0), coalesce(sum(n.open), 0), coalesce(sum(n.closed), 0)
      FROM kinds k LEFT JOIN counts n ON n.kind = k.k WHERE jobs.is_city() GROUP BY k.k
)
SELECT jsonb_build_object('kind', l.kind, 'county_code', l.county, 'planned', l.planned,
           'building', l.building, 'accepted', l.accepted, 'open', l.open, 'closed', l.closed,
           'counted', l.accepted + l.open, 'target', t.target,
           'target_text', CASE WHEN t.target IS NULL THEN '未设定' ELSE t.target::text END)::text AS reply,
       l.kind || ':' || l.county AS cursor
  FROM lines l CROSS JOIN LATERAL (SELECT jobs.place_target_of(l.kind, l.county)) AS t (target)
 WHERE $after::text IS NULL OR (l.kind || ':' || l.county) COLLATE "C" > $after
 ORDER BY (l.kind || ':' || l.county) COLLATE "C"
 LIMIT $lim;

-- name: place_target_set :one
-- args: kind text, county_code text, from_on date, target int4, basis text
INSERT INTO jobs.place_target AS t (kind, county_code, from_on, target, basis, set_by)
VALUES ($kind, $county_code, coalesce($from_on, platform.today()), $target, $basis, platform.actor())
ON CONFLICT (kind, county_code, from_on) DO UPDATE
   SET target = excluded.target, basis = excluded.basis, set_by = excluded.set_by
RETURNING jsonb_build_object('kind', t.kind, 'county_code', t.county_code, 'from_on', t.from_on,
    'target', t.target, 'basis', t.basis)::text AS reply;

-- One that ran out gives way to the new one.
-- name: place_right_give :one tells
-- args: id uuid, right_id uuid, matter_code text, from_on date, to_on date
WITH found AS (
    SELECT p.id, p.outlet_id, p.county_code, p.area_code FROM jobs.place p
     WHERE p.id = $id AND platform.in_areas(p.county_code, p.area_code)
), lapsed AS (
    UPDATE jobs.place_right r SET withdrawn_by = platform.actor(), withdrawn_at = platform.now(),
           why = '期满'
     WHERE r.place_id = $id AND r.matter_code = $matter_code AND r.withdrawn_at IS NULL
       AND r.to_on < platform.today()
    RETURNING r.id
), made AS (
    INSERT INTO jobs.place_right AS r (id, place_id, matter_code, from_on, to_on, county_code, area_code)
    SELECT $right_id, f.id, $matter_code, coalesce($from_on, platform.today()), $to_on,
           f.county_code, f.area_code
      FROM found f, (SELECT count(*) FROM lapsed) AS l
     WHERE f.outlet_id IS NOT NULL
    RETURNING r AS r
)
SELECT jobs.place_right_json(r)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.place_no_outlet') FROM found WHERE NOT EXISTS (SELECT FROM made);

-- name: place_right_withdraw :one tells
-- args: id uuid, why text
WITH found AS (
    SELECT r.id FROM jobs.place_right r
     WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.place_right AS r SET withdrawn_by = platform.actor(), withdrawn_at = platform.now(),
           why = $why
      FROM found WHERE r.id = found.id AND r.withdrawn_at IS NULL
    RETURNING r AS r
)
SELECT jobs.place_right_json(r)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: place_right_list :many read
-- args: after text, lim int4, place_id uuid, matter_code text
SELECT jobs.place_right_json(r)::text AS reply, r.id::text AS cursor
  FROM jobs.place_right r
 WHERE platform.in_areas(r.county_code, r.area_code)
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($place_id::uuid IS NULL OR r.place_id = $place_id)
   AND ($matter_code::text IS NULL OR r.matter_code = $matter_code)
 ORDER BY r.id DESC
 LIMIT $lim;
