-- Sessions and their refresh tokens: opened, renewed, listed, ended. Real time.

-- An acting session does not outlive the one it was opened from, nor see more.
-- name: session_open :one
-- args: id uuid, parent uuid, kind text, subject uuid, org uuid, actor uuid, outlet uuid, client text, method text, strong bool, scope text, life_s int8, token_hash bytea
WITH made AS (
    INSERT INTO identity.session (id, parent, kind, subject, org_id, actor, outlet, client_id,
        method, strong, scope, county_code, ends_at)
    SELECT $1, p.id, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, p.scope), o.county_code,
           least(clock_timestamp() + $12 * interval '1 second', p.ends_at)
      FROM (VALUES (1)) AS one
      LEFT JOIN identity.session p ON p.id = $2 AND p.subject = $4
      LEFT JOIN identity.officer o ON o.id = $4 AND $3 = 'officer'
    RETURNING id, ends_at, scope
), token AS (
    INSERT INTO identity.refresh_token (token_hash, session)
    SELECT $13, id FROM made
)
SELECT ceil(extract(epoch FROM ends_at - clock_timestamp()))::int8 AS left_s, scope FROM made;

-- Locks the token and its session, so that two presentations come one after the other.
-- name: refresh_find :one
-- args: token_hash bytea, grace_s int8, person_idle_s int8, officer_idle_s int8
SELECT s.id, s.kind, s.subject, s.org_id, s.actor, s.outlet, s.client_id, s.strong, s.scope,
       ceil(extract(epoch FROM s.ends_at - clock_timestamp()))::int8 AS left_s,
       s.ended_at IS NOT NULL OR s.ends_at <= clock_timestamp() OR c.disabled_at IS NOT NULL
           OR s.last_used_at + CASE s.kind WHEN 'person' THEN $3 ELSE $4 END
              * interval '1 second' <= clock_timestamp() AS over,
       r.used_at IS NOT NULL AS used,
       coalesce(r.used_at + $2 * interval '1 second' > clock_timestamp(), false)
           AND r.successor_sealed IS NOT NULL
           AND NOT EXISTS (SELECT FROM identity.refresh_token n
                            WHERE n.token_hash = r.successor AND n.used_at IS NOT NULL) AS graced,
       r.successor_sealed, coalesce(c.auth = 'none', false) AS public
  FROM identity.refresh_token r
  JOIN identity.session s ON s.id = r.session
  LEFT JOIN identity.client c ON c.client_id = s.client_id
 WHERE r.token_hash = $1
   FOR UPDATE OF r, s;

-- name: refresh_rotate :exec
-- args: token_hash bytea, session uuid, successor bytea, successor_sealed text
WITH older AS (
    UPDATE identity.refresh_token SET successor_sealed = NULL
     WHERE session = $2 AND successor_sealed IS NOT NULL AND token_hash <> $1
), spent AS (
    UPDATE identity.refresh_token
       SET used_at = clock_timestamp(), successor = $3, successor_sealed = $4
     WHERE token_hash = $1
), touched AS (
    UPDATE identity.session SET last_used_at = clock_timestamp() WHERE id = $2
)
INSERT INTO identity.refresh_token (token_hash, session) VALUES ($3, $2);

-- name: refresh_session :one read
-- args: token_hash bytea, person_idle_s int8, officer_idle_s int8
SELECT s.id, s.client_id, s.subject, s.kind, s.scope,
       extract(epoch FROM s.opened_at)::int8 AS opened_s,
       extract(epoch FROM s.ends_at)::int8 AS ends_s,
       s.ended_at IS NULL AND s.ends_at > clock_timestamp() AND r.used_at IS NULL
           AND s.last_used_at + CASE s.kind WHEN 'person' THEN $2 ELSE $3 END
              * interval '1 second' > clock_timestamp() AS alive
  FROM identity.refresh_token r
  JOIN identity.session s ON s.id = r.session
 WHERE r.token_hash = $1;

-- Ends a session and those opened from it; its access tokens die too.
-- name: session_end_by :one
-- args: id uuid, why text
WITH ended AS (
    UPDATE identity.session SET ended_at = clock_timestamp(), ended_why = $2
     WHERE (id = $1 OR parent = $1) AND ended_at IS NULL
    RETURNING id
)
SELECT count(identity.revoke(id, $2)) AS ended FROM ended;

-- name: session_end_own :one
-- args: caller uuid
WITH ended AS (
    UPDATE identity.session SET ended_at = clock_timestamp(), ended_why = 'by its owner'
     WHERE subject = $1 AND ended_at IS NULL
    RETURNING id
)
SELECT jsonb_build_object('ended', count(identity.revoke(id, 'session ended')))::text AS reply
  FROM ended;

-- name: session_end_one :one
-- args: caller uuid, id uuid
WITH ended AS (
    UPDATE identity.session SET ended_at = clock_timestamp(), ended_why = 'by its owner'
     WHERE (id = $2 OR parent = $2) AND subject = $1 AND ended_at IS NULL
    RETURNING id
)
SELECT jsonb_build_object('ended', count(identity.revoke(id, 'session ended')))::text AS reply
  FROM ended
HAVING count(*) > 0;

-- name: session_list :many read
-- args: caller uuid, current uuid, after text, lim int8
SELECT jsonb_build_object('session_id', id, 'client_id', client_id, 'method', method,
        'org_id', org_id, 'opened_at', opened_at, 'last_used_at', last_used_at,
        'ends_at', ends_at, 'current', id = $2)::text AS reply,
       id::text AS cursor
  FROM identity.session
 WHERE subject = $1 AND ended_at IS NULL AND ends_at > clock_timestamp()
   AND ($3::text IS NULL OR id < $3::uuid)
 ORDER BY id DESC
 LIMIT $4;

-- As the system, therefore with the areas in full.
-- name: officer_session_list :many
-- args: areas text, officer_id uuid, after text, lim int8
SELECT jsonb_build_object('session_id', s.id, 'officer_id', s.subject, 'login', o.login,
        'county_code', s.county_code, 'client_id', s.client_id, 'method', s.method,
        'opened_at', s.opened_at, 'last_used_at', s.last_used_at,
        'ends_at', s.ends_at)::text AS reply,
       s.id::text AS cursor
  FROM identity.session s
  JOIN identity.officer o ON o.id = s.subject
 WHERE s.kind = 'officer' AND s.ended_at IS NULL AND s.ends_at > clock_timestamp()
   AND s.county_code = ANY (string_to_array($1, ','))
   AND ($2::uuid IS NULL OR s.subject = $2)
   AND ($3::text IS NULL OR s.id < $3::uuid)
 ORDER BY s.id DESC
 LIMIT $4;

-- name: officer_session_end :one
-- args: id uuid, areas text
WITH ended AS (
    UPDATE identity.session SET ended_at = clock_timestamp(), ended_why = 'by an administrator'
     WHERE id = $1 AND kind = 'officer' AND ended_at IS NULL
       AND county_code = ANY (string_to_array($2, ','))
    RETURNING id
)
SELECT jsonb_build_object('ended', count(identity.revoke(id, 'ended by an administrator')))::text
           AS reply
  FROM ended
HAVING count(*) > 0;

-- What nobody can use any more.
-- name: session_sweep :exec
-- args: grace_s int8, keep_days int8, person_idle_s int8, officer_idle_s int8
WITH sealed AS (
    UPDATE identity.refresh_token SET successor_sealed = NULL
     WHERE successor_sealed IS NOT NULL
       AND used_at < clock_timestamp() - $1 * interval '1 second'
), idle AS (
    UPDATE identity.session SET ended_at = clock_timestamp(), ended_why = 'idle'
     WHERE ended_at IS NULL AND ends_at > clock_timestamp()
       AND last_used_at + CASE kind WHEN 'person' THEN $3 ELSE $4 END
           * interval '1 second' <= clock_timestamp()
)
DELETE FROM identity.session
 WHERE ends_at < clock_timestamp() - $2 * interval '1 day';
