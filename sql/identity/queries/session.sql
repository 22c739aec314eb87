-- One-time codes, officers' sign-in, refresh tokens. All on real time.

-- name: code_put :one
-- args: phone_index text, code_hash bytea, valid_s int8, pause_s int8
INSERT INTO identity.text_code AS t (phone_index, code_hash, sent_at, expires_at)
VALUES ($1, $2, clock_timestamp(), clock_timestamp() + $3 * interval '1 second')
ON CONFLICT (phone_index) DO UPDATE
   SET code_hash = excluded.code_hash, sent_at = excluded.sent_at,
       expires_at = excluded.expires_at, tries = 0
 WHERE t.sent_at < clock_timestamp() - $4 * interval '1 second'
RETURNING 1 AS sent;

-- name: message_put :exec
-- args: phone_index text, body text
INSERT INTO identity.text_message (phone_index, body) VALUES ($1, $2);

-- name: message_last :one read
-- args: phone_index text
SELECT jsonb_build_object('body', body, 'sent_at', sent_at)::text AS reply
  FROM identity.text_message
 WHERE phone_index = $1
 ORDER BY id DESC
 LIMIT 1;

-- name: code_try :one
-- args: phone_index text, code_hash bytea, most_tries int8
WITH tried AS (
    UPDATE identity.text_code
       SET tries = tries + 1
     WHERE phone_index = $1
    RETURNING code_hash = $2 AND expires_at > clock_timestamp() AND tries <= $3 AS good
)
SELECT coalesce(bool_and(good), false) AS good FROM tried;

-- name: code_drop :exec
-- args: phone_index text
DELETE FROM identity.text_code WHERE phone_index = $1;

-- name: officer_by_login :one
-- args: login text
SELECT id, password_hash, totp_sealed, totp_step,
       coalesce(locked_until > clock_timestamp(), false) AS locked
  FROM identity.officer
 WHERE login = $1;

-- name: officer_failed :exec
-- args: id uuid, most int8, lock_s int8
UPDATE identity.officer
   SET failures = CASE WHEN failures + 1 >= $2 THEN 0 ELSE failures + 1 END,
       locked_until = CASE WHEN failures + 1 >= $2
           THEN clock_timestamp() + $3 * interval '1 second' ELSE locked_until END
 WHERE id = $1;

-- The step is spent by the same statement, so one code opens one session.
-- name: officer_passed :one
-- args: id uuid, step int8
UPDATE identity.officer
   SET totp_step = $2, failures = 0, locked_until = NULL
 WHERE id = $1 AND totp_step < $2
RETURNING id;

-- name: officer_grants :many read
-- args: id uuid
SELECT role, area_code
  FROM identity.officer_grant
 WHERE officer_id = $1 AND from_on <= platform.today()
   AND (to_on IS NULL OR to_on >= platform.today())
 ORDER BY role, area_code;

-- name: client_get :one read
-- args: client_id text
SELECT id, org_id, secret_hash FROM identity.client WHERE client_id = $1 AND NOT disabled;

-- name: session_open :exec
-- args: id uuid, family uuid, kind text, subject uuid, org uuid, token_hash bytea, valid_s int8
INSERT INTO identity.session (id, family, kind, subject, org_id, token_hash, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7 * interval '1 second');

-- name: session_use :one
-- args: token_hash bytea
WITH found AS (
    SELECT id, family, kind, subject, org_id, used_at IS NOT NULL AS reused,
           ended_at IS NOT NULL OR expires_at <= clock_timestamp() AS over
      FROM identity.session
     WHERE token_hash = $1
       FOR UPDATE
), used AS (
    UPDATE identity.session s SET used_at = clock_timestamp()
      FROM found f
     WHERE s.id = f.id AND NOT f.reused AND NOT f.over
)
SELECT family, kind, subject, org_id, reused, over FROM found;

-- name: session_end_family :exec
-- args: family uuid
UPDATE identity.session SET ended_at = clock_timestamp()
 WHERE family = $1 AND ended_at IS NULL;

-- name: session_end_own :one
-- args: caller uuid
WITH ended AS (
    UPDATE identity.session SET ended_at = clock_timestamp()
     WHERE subject = $1 AND ended_at IS NULL
    RETURNING 1
)
SELECT jsonb_build_object('ended', count(*))::text AS reply FROM ended;
