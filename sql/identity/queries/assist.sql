-- Sessions in which a clerk acts for a person who is present.

-- A session like any other, but that nothing renews.
-- name: assist_open :exec
-- args: id uuid, outlet uuid, clerk uuid, person uuid, org uuid, method text, card_valid_on date, reason text, name_masked text, outlet_name text, clerk_name text, county_code text, area_code text, valid_s int8
WITH session AS (
    INSERT INTO identity.session (id, kind, subject, org_id, actor, outlet, client_id, method,
        ends_at)
    VALUES ($1, 'person', $4, $5, $3, $2, 'app', 'assisted',
        clock_timestamp() + $14 * interval '1 second')
    RETURNING ends_at
)
INSERT INTO identity.assist_session (id, outlet_id, clerk_id, person_id, org_id, method,
    card_valid_on, reason, name_masked, outlet_name, clerk_name, county_code, area_code, until_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, ends_at FROM session;

-- By the clerk who opened it, or the person it is about.
-- name: assist_end :one
-- args: id uuid, caller uuid, caller_person uuid
WITH done AS (
    UPDATE identity.assist_session SET ended_at = clock_timestamp()
     WHERE id = $1 AND ended_at IS NULL AND (clerk_id = $2 OR person_id = $3)
    RETURNING *
), over AS (
    UPDATE identity.session s SET ended_at = clock_timestamp(), ended_why = 'assist over'
      FROM done
     WHERE s.id = done.id AND s.ended_at IS NULL
), told AS (
    SELECT identity.revoke(id, 'assisted session ended') FROM done
)
SELECT jsonb_build_object('id', id, 'ended_at', ended_at)::text AS reply FROM done, told;

-- name: assist_by_card :one read
-- args: id uuid
SELECT 1 AS yes FROM identity.assist_session
 WHERE id = $1 AND method = 'card' AND ended_at IS NULL AND until_at > clock_timestamp();

-- name: assist_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('id', id, 'outlet_id', outlet_id, 'outlet_name', outlet_name,
           'clerk_id', clerk_id, 'clerk_name', clerk_name, 'person_id', person_id,
           'org_id', org_id, 'name_masked', name_masked, 'method', method, 'reason', reason,
           'from_at', from_at, 'until_at', until_at, 'ended_at', ended_at)::text AS reply,
       id::text AS cursor
  FROM identity.assist_session
 WHERE outlet_id = platform.outlet() AND ($1::text IS NULL OR id < $1::uuid)
 ORDER BY id DESC
 LIMIT $2;

-- name: assist_own :many read
-- args: after text, lim int8
SELECT jsonb_build_object('id', id, 'outlet_id', outlet_id, 'outlet_name', outlet_name,
           'clerk_id', clerk_id, 'clerk_name', clerk_name, 'person_id', person_id,
           'org_id', org_id, 'name_masked', name_masked, 'method', method, 'reason', reason,
           'from_at', from_at, 'until_at', until_at, 'ended_at', ended_at)::text AS reply,
       id::text AS cursor
  FROM identity.assist_session
 WHERE person_id = platform.person() AND ($1::text IS NULL OR id < $1::uuid)
 ORDER BY id DESC
 LIMIT $2;
