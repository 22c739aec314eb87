-- The OAuth server: clients, codes, assertions, tokens asked about. All as the
-- system: nobody is signed in yet, or a client asks.

-- name: client_find :one read
-- args: client_id text
SELECT id, client_id, name, type, auth, org_id, array_to_string(grants, ' ') AS grants,
       array_to_string(scopes, ' ') AS scopes, array_to_string(redirect_uris, ' ') AS redirect_uris,
       jwks::text AS jwks
  FROM identity.client
 WHERE client_id = $1 AND disabled_at IS NULL
   AND (expires_at IS NULL OR expires_at > clock_timestamp());

-- name: client_secret_check :one read
-- args: client uuid, hash text
SELECT EXISTS (SELECT FROM identity.client_secret
                WHERE client = $1 AND hash = $2
                  AND (expires_at IS NULL OR expires_at > clock_timestamp())) AS good;

-- No row: it was shown before.
-- name: client_assertion_spend :one
-- args: client uuid, jti text, valid_s int8
INSERT INTO identity.client_assertion (client, jti, expires_at)
VALUES ($1, $2, clock_timestamp() + $3 * interval '1 second')
ON CONFLICT DO NOTHING
RETURNING 1 AS fresh;

-- name: code_issue :exec
-- args: code_hash bytea, client_id text, redirect_uri text, challenge text, scope text, kind text, subject uuid, method text, valid_s int8
INSERT INTO identity.authorization_code (code_hash, client_id, redirect_uri, challenge, scope,
       kind, subject, method, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + $9 * interval '1 second');

-- name: code_find :one
-- args: code_hash bytea
SELECT client_id, redirect_uri, challenge, scope, kind, subject, method, session,
       used_at IS NOT NULL AS used, expires_at <= clock_timestamp() AS late
  FROM identity.authorization_code
 WHERE code_hash = $1
   FOR UPDATE;

-- name: code_spend :exec
-- args: code_hash bytea, session uuid
UPDATE identity.authorization_code
   SET used_at = coalesce(used_at, clock_timestamp()), session = coalesce(session, $2)
 WHERE code_hash = $1;

-- name: token_revoke :exec
-- args: id uuid, why text
SELECT identity.revoke($1, $2);

-- Not taken back under any of its names, and its session still open.
-- name: token_alive :one read
-- args: id uuid, session uuid, subject uuid, actor uuid, issued_at timestamptz
SELECT NOT EXISTS (SELECT FROM identity.revocation
                    WHERE id IN ($1, $2, $3, $4) AND until_at >= $5)
   AND NOT EXISTS (SELECT FROM identity.session WHERE id = $2 AND ended_at IS NOT NULL) AS alive;

-- name: oauth_sweep :exec
-- args: keep_s int8
WITH codes AS (
    DELETE FROM identity.authorization_code
     WHERE expires_at < clock_timestamp() - $1 * interval '1 second'
), secrets AS (
    DELETE FROM identity.client_secret WHERE expires_at < clock_timestamp()
)
DELETE FROM identity.client_assertion WHERE expires_at < clock_timestamp();

-- ---- clients, by the system administrator ----

-- name: client_create :one
-- args: id uuid, client_id text, name text, type text, auth text, org uuid, county_code text, grants text[], scopes text[], redirect_uris text[], jwks text, expires_at timestamptz, secret_hash text
WITH made AS (
    INSERT INTO identity.client (id, client_id, name, type, auth, org_id, county_code, grants,
        scopes, redirect_uris, jwks, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12)
    RETURNING id
), secret AS (
    INSERT INTO identity.client_secret (client, hash)
    SELECT id, $13 FROM made WHERE $13::text IS NOT NULL
)
SELECT id FROM made;

-- name: client_org :one read
-- args: org uuid
SELECT county_code FROM identity.org WHERE id = $1;

-- name: client_get :one read
-- args: id uuid
SELECT identity.client_reply(c) AS reply FROM identity.client c WHERE c.id = $1;

-- name: client_list :many read
-- args: after text, lim int8
SELECT identity.client_reply(c) AS reply, c.id::text AS cursor
  FROM identity.client c
 WHERE ($1::text IS NULL OR c.id > $1::uuid)
 ORDER BY c.id
 LIMIT $2;

-- The older secrets go on for a while, so that the partner can change over.
-- name: client_secret_add :one
-- args: id uuid, hash text, overlap_s int8
WITH client AS (
    SELECT c.id FROM identity.client c
     WHERE c.id = $1 AND c.auth = 'client_secret' AND c.disabled_at IS NULL
), older AS (
    UPDATE identity.client_secret s
       SET expires_at = least(s.expires_at, clock_timestamp() + $3 * interval '1 second')
      FROM client
     WHERE s.client = client.id
)
INSERT INTO identity.client_secret (client, hash)
SELECT id, $2 FROM client
RETURNING client;

-- name: client_change :one
-- args: id uuid, redirect_uris text[], jwks text
UPDATE identity.client c
   SET redirect_uris = coalesce($2, c.redirect_uris), jwks = coalesce($3::jsonb, c.jwks)
 WHERE c.id = $1 AND c.disabled_at IS NULL
RETURNING identity.client_reply(c) AS reply;

-- Its own tokens, and those of every session opened through it.
-- name: client_disable :one
-- args: id uuid
WITH off AS (
    UPDATE identity.client SET disabled_at = clock_timestamp()
     WHERE id = $1 AND disabled_at IS NULL
    RETURNING id, client_id
), ended AS (
    UPDATE identity.session s SET ended_at = clock_timestamp(), ended_why = 'client disabled'
      FROM off
     WHERE s.client_id = off.client_id AND s.ended_at IS NULL
    RETURNING s.id
), dead AS (
    SELECT identity.revoke(id, 'client disabled') AS id FROM off
     UNION ALL
    SELECT identity.revoke(id, 'client disabled') FROM ended
)
SELECT jsonb_build_object('ended', count(*) - 1)::text AS reply FROM dead HAVING count(*) > 0;
