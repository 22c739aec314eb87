-- Officers' sign-in. All on real time.

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
