-- Rights: what the programs admit, and what was withdrawn from it.

-- One program's rows, all of them; what it no longer has goes.
-- name: action_register :one
-- args: service text, rows jsonb
WITH told AS (
    SELECT * FROM jsonb_to_recordset($rows) AS r(name text, action text, method text, path text,
        callers jsonb, scope text, zh text, en text)
), gone AS (
    DELETE FROM identity.action a
     WHERE a.service = $service AND NOT EXISTS (SELECT FROM told WHERE told.name = a.name)
), made AS (
    INSERT INTO identity.action AS a (service, name, action, method, path, callers, scope, zh, en)
    SELECT $service, t.name, t.action, t.method, t.path,
           ARRAY(SELECT jsonb_array_elements_text(t.callers)), t.scope, t.zh, t.en
      FROM told t
    ON CONFLICT (service, name) DO UPDATE
       SET action = excluded.action, method = excluded.method, path = excluded.path,
           callers = excluded.callers, scope = excluded.scope, zh = excluded.zh, en = excluded.en,
           told_at = clock_timestamp()
    RETURNING 1
)
SELECT jsonb_build_object('actions', count(*))::text AS reply FROM made;

-- All that is withdrawn today, and what outlets may handle: what every program
-- asks for.
-- name: right_withdrawn :one
SELECT jsonb_build_object('withdrawn', coalesce(jsonb_agg(jsonb_build_object('role', role,
        'action', action, 'area_code', area_code) ORDER BY role, action, area_code), '[]'::jsonb),
        'outlets', (SELECT coalesce(jsonb_agg(identity.outlet_delegated(o, platform.today())
                                             ORDER BY o.outlet_id), '[]'::jsonb)
                      FROM identity.outlet_right o JOIN identity.outlet l ON l.id = o.outlet_id
                     WHERE l.closed_at IS NULL))::text AS reply
  FROM identity.role_right
 WHERE state = 'active' AND from_on <= platform.today() AND (to_on IS NULL OR to_on >= platform.today());

-- Role by action; a withdrawal is named to whom its area belongs.
-- name: right_list :many read
-- args: after text, role text, action text, service text, data_scope text, lim int8
SELECT jsonb_build_object('role', m.role, 'action', m.action, 'service', m.service, 'data_scope', m.data_scope,
        'zh', m.zh, 'en', m.en, 'withdrawn_in', (SELECT coalesce(jsonb_agg(DISTINCT w.area_code), '[]'::jsonb)
            FROM identity.role_right w WHERE w.role = m.role AND w.action = m.action AND w.state = 'active'
             AND w.from_on <= platform.today() AND (w.to_on IS NULL OR w.to_on >= platform.today())))::text AS reply,
       m.key AS cursor
  FROM (SELECT DISTINCT ON (a.action, c.role, identity.data_scope(a.scope, c.role))
               a.service, a.action, a.zh, a.en, c.role, identity.data_scope(a.scope, c.role) AS data_scope,
               a.action || ' ' || c.role || ' ' || identity.data_scope(a.scope, c.role) AS key
          FROM identity.action a CROSS JOIN LATERAL unnest(a.callers) AS c(role)
         ORDER BY a.action, c.role, identity.data_scope(a.scope, c.role), a.name) m
 WHERE ($after::text IS NULL OR m.key COLLATE "C" > $after)
   AND ($role::text IS NULL OR m.role = $role)
   AND ($action::text IS NULL OR m.action = $action)
   AND ($service::text IS NULL OR m.service = $service)
   AND ($data_scope::text IS NULL OR m.data_scope = $data_scope)
 ORDER BY m.key COLLATE "C"
 LIMIT $lim;

-- name: right_known :one read
-- args: role text, action text
SELECT 1 AS found FROM identity.action WHERE action = $action AND $role = ANY (callers) LIMIT 1;

-- name: right_withdraw :one
-- args: id uuid, role text, action text, county_code text, area_code text, from_on date, to_on date, why text, caller uuid
WITH made AS (
    INSERT INTO identity.role_right AS r (id, role, action, county_code, area_code, from_on, to_on, state,
        why, proposed_by)
    VALUES ($id, $role, $action, $county_code, $area_code, coalesce($from_on, platform.today()), $to_on,
        CASE WHEN identity.is_powerful($role, $area_code) THEN 'proposed' ELSE 'active' END, $why, $caller)
    RETURNING r.id, r.role, r.action, r.area_code, r.state, identity.right_reply(r) AS reply
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.rights.changed.v1', id::text, area_code,
           jsonb_build_object('role', role, 'action', action, 'area_code', area_code)
      FROM made WHERE state = 'active'
)
SELECT reply::text AS reply FROM made;

-- name: right_find :one
-- args: id uuid
SELECT role, area_code, state, proposed_by, identity.is_powerful(role, area_code) AS powerful
  FROM identity.role_right
 WHERE id = $id AND identity.in_office(county_code, area_code)
   FOR UPDATE;

-- name: right_confirm :one
-- args: id uuid, caller uuid
WITH made AS (
    UPDATE identity.role_right r
       SET state = 'active', confirmed_by = $caller, confirmed_at = clock_timestamp()
     WHERE id = $id AND state = 'proposed'
    RETURNING r.id, r.role, r.action, r.area_code, identity.right_reply(r) AS reply
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.rights.changed.v1', id::text, area_code,
           jsonb_build_object('role', role, 'action', action, 'area_code', area_code)
      FROM made
)
SELECT reply::text AS reply FROM made;

-- name: right_return :one
-- args: id uuid, why text, caller uuid
WITH made AS (
    UPDATE identity.role_right r
       SET state = 'ended', ended_by = $caller, ended_at = clock_timestamp(), end_why = $why
     WHERE id = $id AND state <> 'ended'
    RETURNING r.id, r.role, r.action, r.area_code, identity.right_reply(r) AS reply
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.rights.changed.v1', id::text, area_code,
           jsonb_build_object('role', role, 'action', action, 'area_code', area_code)
      FROM made
)
SELECT reply::text AS reply FROM made;

-- name: right_withdrawal_list :many read
-- args: after text, role text, action text, county_code text, state text, lim int8
SELECT identity.right_reply(r)::text AS reply, r.id::text AS cursor
  FROM identity.role_right r
 WHERE ($after::text IS NULL OR r.id > $after::uuid)
   AND ($role::text IS NULL OR r.role = $role)
   AND ($action::text IS NULL OR r.action = $action)
   AND ($county_code::text IS NULL OR r.county_code = $county_code)
   AND ($state::text IS NULL OR r.state = $state)
 ORDER BY r.id
 LIMIT $lim;
