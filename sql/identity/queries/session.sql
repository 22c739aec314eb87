-- One-time codes and officers' sign-in. All on real time.

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
