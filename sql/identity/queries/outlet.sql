-- Outlets and who works there.

-- name: outlet_open :one tells
-- args: id uuid, name text, kind text, county_code text, area_code text
INSERT INTO identity.outlet (id, name, kind, county_code, area_code)
VALUES ($1, $2, $3, $4, $5)
RETURNING jsonb_build_object('id', id, 'name', name, 'kind', kind, 'county_code', county_code,
    'area_code', area_code, 'closed_at', closed_at)::text AS reply;

-- name: outlet_list :many read
-- args: after text, county_code text, lim int8
SELECT jsonb_build_object('id', id, 'name', name, 'kind', kind, 'county_code', county_code,
           'area_code', area_code, 'closed_at', closed_at)::text AS reply,
       id::text AS cursor
  FROM identity.outlet
 WHERE ($1::text IS NULL OR id > $1::uuid)
   AND ($2::text IS NULL OR county_code = $2)
 ORDER BY id
 LIMIT $3;

-- name: outlet_in_area :one
-- args: id uuid
SELECT id FROM identity.outlet
 WHERE id = $1 AND closed_at IS NULL AND platform.in_areas(county_code, area_code)
   FOR SHARE;

-- name: clerk_by_login :one
-- args: login text
SELECT o.id, g.area_code
  FROM identity.officer o
  JOIN identity.officer_grant g ON g.officer_id = o.id
 WHERE o.login = $1 AND g.role = 'clerk' AND g.from_on <= platform.today()
   AND (g.to_on IS NULL OR g.to_on >= platform.today())
 ORDER BY g.area_code
 LIMIT 1;

-- name: outlet_place :one
-- args: officer uuid, outlet uuid
WITH made AS (
    INSERT INTO identity.officer_outlet (officer_id, outlet_id)
    VALUES ($1, $2)
    RETURNING *
), told AS (
    SELECT identity.revoke(officer_id, 'placed at an outlet') FROM made
)
SELECT jsonb_build_object('outlet_id', outlet_id, 'officer_id', officer_id,
    'from_at', from_at, 'to_at', to_at)::text AS reply
  FROM made, told;

-- From this outlet, or NULL: from whichever it is.
-- name: outlet_leave :one
-- args: officer uuid, outlet uuid
WITH done AS (
    UPDATE identity.officer_outlet SET to_at = clock_timestamp()
     WHERE officer_id = $1 AND to_at IS NULL AND ($2::uuid IS NULL OR outlet_id = $2)
    RETURNING *
), told AS (
    SELECT identity.revoke(officer_id, 'taken from an outlet') FROM done
)
SELECT jsonb_build_object('outlet_id', outlet_id, 'officer_id', officer_id,
    'from_at', from_at, 'to_at', to_at)::text AS reply
  FROM done, told;

-- name: outlet_close :one tells
-- args: id uuid
WITH closed AS (
    UPDATE identity.outlet SET closed_at = clock_timestamp()
     WHERE id = $1 AND closed_at IS NULL AND platform.in_areas(county_code, area_code)
    RETURNING *
), left_ AS (
    UPDATE identity.officer_outlet w SET to_at = clock_timestamp()
      FROM closed c
     WHERE w.outlet_id = c.id AND w.to_at IS NULL
    RETURNING w.officer_id
), told AS (
    SELECT count(identity.revoke(officer_id, 'outlet closed')) AS n FROM left_
)
SELECT jsonb_build_object('id', id, 'name', name, 'kind', kind, 'county_code', county_code,
    'area_code', area_code, 'closed_at', closed_at)::text AS reply
  FROM closed, told;

-- Where the officer works today: becomes `outlet` of the token.
-- name: outlet_of_officer :one read
-- args: officer uuid
SELECT o.id, o.name, o.area_code, f.name AS clerk_name
  FROM identity.officer_outlet w
  JOIN identity.outlet o ON o.id = w.outlet_id
  JOIN identity.officer f ON f.id = w.officer_id
 WHERE w.officer_id = $1 AND w.to_at IS NULL AND o.closed_at IS NULL;

-- The list of an outlet as jobs has it now; every program is told to ask again.
-- name: outlet_right_put :exec
-- args: place_id uuid, outlet_id uuid, name text, address text, lat_e6 int4, lng_e6 int4,
--       county_code text, is_open bool, rights jsonb
WITH told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    VALUES ('identity.rights.changed.v1', $outlet_id::text, $county_code,
            jsonb_build_object('outlet_id', $outlet_id))
)
INSERT INTO identity.outlet_right (place_id, outlet_id, name, address, lat_e6, lng_e6, county_code,
                                   is_open, rights)
VALUES ($place_id, $outlet_id, $name, $address, $lat_e6, $lng_e6, $county_code, $is_open, $rights)
ON CONFLICT (place_id) DO UPDATE
   SET outlet_id = excluded.outlet_id, name = excluded.name, address = excluded.address,
       lat_e6 = excluded.lat_e6, lng_e6 = excluded.lng_e6, county_code = excluded.county_code,
       is_open = excluded.is_open, rights = excluded.rights;
