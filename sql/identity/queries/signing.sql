-- Signing keys: read by every identity process every few seconds.

-- Whatever may still verify a token, the one that signs among them.
-- name: signing_keys :many
-- args: keep_s int8
SELECT kid, alg, state, sealed, jwk::text AS jwk
  FROM identity.signing_key
 WHERE state IN ('next', 'active')
    OR (state = 'retired' AND retired_at > clock_timestamp() - $1 * interval '1 second')
 ORDER BY published_at, kid;

-- No row: it is there, or another process made the active one.
-- name: signing_key_put :one
-- args: kid text, alg text, state text, sealed text, jwk text
INSERT INTO identity.signing_key (kid, alg, state, sealed, jwk, active_at)
VALUES ($1, $2, $3, $4, $5::jsonb, CASE $3 WHEN 'active' THEN clock_timestamp() END)
ON CONFLICT DO NOTHING
RETURNING kid;

-- name: signing_rotate :one
-- args: publish_s int8
SELECT identity.signing_rotate($1) AS kid;

-- name: signing_due :one read
-- args: days int8
SELECT coalesce(bool_and(active_at < clock_timestamp() - $1 * interval '1 day'), false) AS due
  FROM identity.signing_key
 WHERE state = 'active';

-- name: signing_withdraw :one
-- args: kid_name text
SELECT jsonb_build_object('kid', kid)::text AS reply
  FROM identity.signing_withdraw($1) AS kid
 WHERE kid IS NOT NULL;

-- name: signing_key_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('kid', kid, 'alg', alg, 'state', state, 'published_at', published_at,
           'active_at', active_at, 'retired_at', retired_at)::text AS reply,
       to_char(published_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || kid AS cursor
  FROM identity.signing_key
 WHERE $1::text IS NULL
    OR to_char(published_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || kid < $1
 ORDER BY 2 DESC
 LIMIT $2;
