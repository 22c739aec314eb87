-- Grants. Every change ends the officer's tokens: the next ones say what is true now.

-- An officer of the caller's area; a powerful grant waits for a second person.
-- name: grant_propose :one
-- args: id uuid, officer_id uuid, role text, county_code text, area_code text, data_scope text, outlet_id uuid, from_on date, to_on date, why text, caller uuid
WITH made AS (
    INSERT INTO identity.officer_grant AS g (id, officer_id, role, county_code, area_code, data_scope,
        outlet_id, from_on, to_on, state, why, proposed_by)
    SELECT $id, o.id, $role, $county_code, $area_code, $data_scope, $outlet_id,
        coalesce($from_on, platform.today()), $to_on,
        CASE WHEN identity.is_powerful($role, $area_code) THEN 'proposed' ELSE 'active' END, $why, $caller
      FROM identity.officer o
     WHERE o.id = $officer_id AND o.disabled_at IS NULL AND identity.in_office(o.county_code, o.area_code)
       AND ($outlet_id::uuid IS NULL OR EXISTS (SELECT FROM identity.outlet t
            WHERE t.id = $outlet_id AND t.closed_at IS NULL AND identity.in_office(t.county_code, t.area_code)))
    RETURNING g.officer_id, g.state, identity.grant_reply(g) AS reply
)
SELECT reply::text AS reply, CASE WHEN state = 'active' THEN identity.revoke(officer_id, 'grant') END AS id
  FROM made;

-- name: grant_find :one
-- args: id uuid
SELECT officer_id, role, area_code, state, proposed_by
  FROM identity.officer_grant
 WHERE id = $id AND identity.in_office(county_code, area_code)
   FOR UPDATE;

-- name: grant_confirm :one
-- args: id uuid, caller uuid
WITH made AS (
    UPDATE identity.officer_grant g
       SET state = 'active', confirmed_by = $caller, confirmed_at = clock_timestamp()
     WHERE id = $id AND state = 'proposed'
    RETURNING g.officer_id, identity.grant_reply(g) AS reply
)
SELECT reply::text AS reply, identity.revoke(officer_id, 'grant') AS id FROM made;

-- name: grant_withdraw :one
-- args: id uuid, why text, caller uuid
WITH made AS (
    UPDATE identity.officer_grant g
       SET state = 'ended', ended_by = $caller, ended_at = clock_timestamp(), end_why = $why
     WHERE id = $id AND state <> 'ended'
    RETURNING g.officer_id, identity.grant_reply(g) AS reply
)
SELECT reply::text AS reply, identity.revoke(officer_id, 'withdrawn') AS id FROM made;

-- name: grant_get :one read
-- args: id uuid
SELECT identity.grant_reply(g)::text AS reply FROM identity.officer_grant g WHERE g.id = $id;

-- name: grant_list :many read
-- args: after text, officer_id uuid, role text, county_code text, state text, lim int8
SELECT identity.grant_reply(g)::text AS reply, g.id::text AS cursor
  FROM identity.officer_grant g
 WHERE ($after::text IS NULL OR g.id > $after::uuid)
   AND identity.in_office(g.county_code, g.area_code)
   AND ($officer_id::uuid IS NULL OR g.officer_id = $officer_id)
   AND ($role::text IS NULL OR g.role = $role)
   AND ($county_code::text IS NULL OR g.county_code = $county_code)
   AND ($state::text IS NULL OR g.state = $state)
 ORDER BY g.id
 LIMIT $lim;

-- name: grant_own :many read
-- args: caller uuid, after text, lim int8
SELECT identity.grant_reply(g)::text AS reply, g.id::text AS cursor
  FROM identity.officer_grant g
 WHERE g.officer_id = $caller AND ($after::text IS NULL OR g.id > $after::uuid)
 ORDER BY g.id
 LIMIT $lim;

-- The office moves and all that was granted ends, whatever area it was for.
-- name: officer_transfer :one
-- args: id uuid, county_code text, area_code text, unit text, why text, caller uuid
WITH moved AS (
    UPDATE identity.officer o
       SET county_code = $county_code, area_code = $area_code, unit = coalesce($unit, o.unit)
     WHERE o.id = $id AND o.id <> $caller AND o.disabled_at IS NULL
       AND identity.in_office(o.county_code, o.area_code)
    RETURNING o.id
), placed AS (
    UPDATE identity.officer_outlet w SET to_at = clock_timestamp()
      FROM moved m WHERE w.officer_id = m.id AND w.to_at IS NULL
), ended AS (
    UPDATE identity.officer_grant g
       SET state = 'ended', ended_by = $caller, ended_at = clock_timestamp(), end_why = $why
      FROM moved m WHERE g.officer_id = m.id AND g.state <> 'ended'
)
SELECT identity.revoke(id, 'transferred') AS id FROM moved;

-- What ran out is written down as ended, and its tokens with it.
-- name: grant_expire :many
WITH over AS (
    UPDATE identity.officer_grant SET state = 'ended', ended_at = clock_timestamp(), end_why = 'to_on'
     WHERE state = 'active' AND to_on < platform.today()
    RETURNING officer_id
)
SELECT identity.revoke(officer_id, 'expired') AS id FROM over GROUP BY officer_id;

-- What an officer is today. A disabled one is nothing.
-- name: officer_grants :many read
-- args: id uuid
SELECT g.role, CASE WHEN g.data_scope = 'area' THEN g.area_code ELSE '' END AS area_code, g.outlet_id
  FROM identity.officer_grant g JOIN identity.officer o ON o.id = g.officer_id AND o.disabled_at IS NULL
 WHERE g.officer_id = $id AND g.state = 'active' AND g.from_on <= platform.today()
   AND (g.to_on IS NULL OR g.to_on >= platform.today())
 ORDER BY g.role, g.area_code;
