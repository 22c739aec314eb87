-- Officers: signing in, accounts and their secrets. All on real time. Whoever
-- writes runs as identity_system, so the area is asked for in the statement.

-- Counted before the password is looked at, so that many at once are no way
-- around the limit. A lock is the same for accounts that do not exist.
-- name: sign_in_try :one
-- args: login_index text, login text, most int8, lock_s int8
WITH tried AS (
    INSERT INTO identity.sign_in_tally AS t (login_index, tries, last_at)
    VALUES ($login_index, 1, clock_timestamp())
    ON CONFLICT (login_index) DO UPDATE
       SET tries = CASE WHEN coalesce(t.locked_until, t.last_at + $lock_s * interval '1 second')
                             <= clock_timestamp() THEN 1
                        ELSE least(t.tries + 1, 1000000) END,
           locked_until = CASE WHEN coalesce(t.locked_until, t.last_at + $lock_s * interval '1 second')
                             <= clock_timestamp() THEN NULL
                        WHEN t.locked_until IS NOT NULL THEN t.locked_until
                        WHEN t.tries + 1 >= $most
                        THEN clock_timestamp() + $lock_s * interval '1 second' END,
           last_at = clock_timestamp()
    RETURNING tries > $most AS locked
)
SELECT tried.locked, o.id, o.password_hash, o.totp_sealed, o.totp_step,
       (date_part('epoch', o.password_set_at) * 1000000)::bigint AS password_us
  FROM tried LEFT JOIN identity.officer o ON o.login = $login AND o.disabled_at IS NULL
   AND o.password_hash IS NOT NULL;

-- The step is spent by the same statement, so one code opens one session.
-- name: officer_passed :one
-- args: id uuid, step int8, login_index text
WITH counted AS (
    DELETE FROM identity.sign_in_tally WHERE login_index = $login_index
)
UPDATE identity.officer SET totp_step = $step
 WHERE id = $id AND totp_step < $step
RETURNING id;

-- name: recovery_use :one
-- args: id uuid, code_index text, login_index text
WITH counted AS (
    DELETE FROM identity.sign_in_tally
     WHERE login_index = $login_index AND EXISTS (SELECT FROM identity.recovery_code
        WHERE officer_id = $id AND code_index = $code_index AND used_at IS NULL)
)
UPDATE identity.recovery_code SET used_at = clock_timestamp()
 WHERE officer_id = $id AND code_index = $code_index AND used_at IS NULL
RETURNING officer_id AS id;

-- name: sign_in_forget :exec
-- args: login_index text
DELETE FROM identity.sign_in_tally WHERE login_index = $login_index;

-- name: sign_in_sweep :exec
DELETE FROM identity.sign_in_tally WHERE last_at < clock_timestamp() - interval '1 day';

-- name: officer_name :one read
-- args: id uuid
SELECT login FROM identity.officer WHERE id = $id AND disabled_at IS NULL AND password_hash IS NOT NULL;

-- Same password, stronger hash.
-- name: officer_rehash :exec
-- args: id uuid, old_hash text, new_hash text
UPDATE identity.officer SET password_hash = $new_hash
 WHERE id = $id AND password_hash = $old_hash;

-- name: password_used :many read
-- args: id uuid, most int8
SELECT password_hash FROM (
    SELECT password_hash, 'infinity'::timestamptz AS set_at FROM identity.officer
     WHERE id = $id AND password_hash IS NOT NULL
     UNION ALL
    SELECT password_hash, set_at FROM identity.password_history WHERE officer_id = $id) h
 ORDER BY set_at DESC LIMIT $most;

-- A new password ends whatever was opened with the old one.
-- name: password_change :one
-- args: id uuid, new_hash text
WITH kept AS (
    INSERT INTO identity.password_history (officer_id, password_hash)
    SELECT id, password_hash FROM identity.officer WHERE id = $id AND password_hash IS NOT NULL
), changed AS (
    UPDATE identity.officer SET password_hash = $new_hash, password_set_at = clock_timestamp()
     WHERE id = $id
    RETURNING id
)
SELECT identity.officer_out(id, 'password') AS id FROM changed;

-- name: recovery_drop :exec
-- args: id uuid
DELETE FROM identity.recovery_code WHERE officer_id = $id;

-- name: recovery_put :exec
-- args: id uuid, code_index text
INSERT INTO identity.recovery_code (officer_id, code_index) VALUES ($id, $code_index);

-- ---- accounts ----

-- name: officer_create :one
-- args: id uuid, login text, name text, county_code text, area_code text, unit text, phone_index text, phone_sealed text, phone_masked text, caller uuid
INSERT INTO identity.officer AS o (id, login, name, county_code, area_code, unit, phone_index,
    phone_sealed, phone_masked, created_by, password_set_at)
SELECT $id, $login, $name, $county_code, $area_code, $unit, $phone_index, $phone_sealed,
    $phone_masked, $caller, NULL
 WHERE identity.in_office($county_code, $area_code)
RETURNING identity.officer_reply(o)::text AS reply;

-- Earlier links of the officer end with a new one.
-- name: enrolment_put :exec
-- args: id uuid, officer_id uuid, token_hash bytea, valid_s int8, caller uuid
WITH earlier AS (
    UPDATE identity.enrolment SET closed_at = clock_timestamp(), pending_hash = NULL, pending_totp = NULL
     WHERE officer_id = $officer_id AND closed_at IS NULL
)
INSERT INTO identity.enrolment (id, officer_id, kind, token_hash, created_by, expires_at)
VALUES ($id, $officer_id, 'account', $token_hash, $caller,
    clock_timestamp() + $valid_s * interval '1 second');

-- name: officer_get :one read
-- args: id uuid
SELECT identity.officer_reply(o)::text AS reply FROM identity.officer o WHERE o.id = $id;

-- name: officer_me :one read
-- args: caller uuid
SELECT (identity.officer_reply(o) || jsonb_build_object('recovery_codes_left',
        (SELECT count(*) FROM identity.recovery_code r WHERE r.officer_id = o.id AND r.used_at IS NULL)))::text AS reply
  FROM identity.officer o WHERE o.id = $caller;

-- name: officer_list :many read
-- args: after text, county_code text, state text, role text, q text, lim int8
SELECT identity.officer_reply(o)::text AS reply, o.id::text AS cursor
  FROM identity.officer o
 WHERE ($after::text IS NULL OR o.id > $after::uuid)
   AND identity.in_office(o.county_code, o.area_code)
   AND ($county_code::text IS NULL OR o.county_code = $county_code)
   AND ($state::text IS NULL OR identity.officer_reply(o)->>'state' = $state)
   AND ($q::text IS NULL OR strpos(o.login, lower($q)) > 0 OR strpos(o.name, $q) > 0)
   AND ($role::text IS NULL OR EXISTS (SELECT FROM identity.officer_grant g
        WHERE g.officer_id = o.id AND g.role = $role AND g.state = 'active'))
 ORDER BY o.id
 LIMIT $lim;

-- Nobody retires or resets oneself.
-- name: officer_disable :one
-- args: id uuid, why text, caller uuid
WITH done AS (
    UPDATE identity.officer o SET disabled_at = clock_timestamp(), disabled_why = $why
     WHERE o.id = $id AND o.id <> $caller AND o.disabled_at IS NULL
       AND identity.in_office(o.county_code, o.area_code)
    RETURNING o.id, identity.officer_reply(o) AS reply
), links AS (
    UPDATE identity.enrolment e SET closed_at = clock_timestamp(), pending_hash = NULL, pending_totp = NULL
      FROM done WHERE e.officer_id = done.id AND e.closed_at IS NULL
)
SELECT reply::text AS reply, identity.officer_out(id, 'disabled') AS id FROM done;

-- name: officer_enable :one
-- args: id uuid
UPDATE identity.officer o SET disabled_at = NULL, disabled_why = NULL
 WHERE o.id = $id AND o.disabled_at IS NOT NULL AND identity.in_office(o.county_code, o.area_code)
RETURNING identity.officer_reply(o)::text AS reply;

-- All secrets go; the old password stays in the history.
-- name: officer_reset :one
-- args: id uuid, caller uuid
WITH kept AS (
    INSERT INTO identity.password_history (officer_id, password_hash)
    SELECT o.id, o.password_hash FROM identity.officer o
     WHERE o.id = $id AND o.id <> $caller AND o.disabled_at IS NULL AND o.password_hash IS NOT NULL
       AND identity.in_office(o.county_code, o.area_code)
), codes AS (
    DELETE FROM identity.recovery_code r USING identity.officer o
     WHERE r.officer_id = o.id AND o.id = $id AND o.id <> $caller AND o.disabled_at IS NULL
       AND identity.in_office(o.county_code, o.area_code)
), done AS (
    UPDATE identity.officer o SET password_hash = NULL, totp_sealed = NULL, password_set_at = NULL
     WHERE o.id = $id AND o.id <> $caller AND o.disabled_at IS NULL
       AND identity.in_office(o.county_code, o.area_code)
    RETURNING o.id
)
SELECT identity.officer_out(id, 'reset') AS id FROM done;

-- name: officer_login :one read
-- args: id uuid
SELECT login FROM identity.officer o WHERE o.id = $id AND identity.in_office(o.county_code, o.area_code);

-- ---- enrolment ----

-- name: enrolment_find :one
-- args: token_hash bytea
SELECT e.id, e.officer_id, o.login
  FROM identity.enrolment e JOIN identity.officer o ON o.id = e.officer_id
 WHERE e.token_hash = $token_hash AND e.opened_at IS NULL AND e.closed_at IS NULL
   AND e.expires_at > clock_timestamp() AND o.disabled_at IS NULL;

-- The link is spent here: of two who open it one is refused.
-- name: enrolment_open :one
-- args: id uuid, pending_hash text, pending_totp text
UPDATE identity.enrolment
   SET opened_at = clock_timestamp(), pending_hash = $pending_hash, pending_totp = $pending_totp
 WHERE id = $id AND opened_at IS NULL AND closed_at IS NULL
RETURNING id;

-- name: enrolment_try :one
-- args: token_hash bytea, most int8
UPDATE identity.enrolment e SET tries = tries + 1
  FROM identity.officer o
 WHERE e.token_hash = $token_hash AND e.opened_at IS NOT NULL AND e.closed_at IS NULL
   AND e.expires_at > clock_timestamp() AND e.tries < $most
   AND o.id = e.officer_id AND o.disabled_at IS NULL
RETURNING e.id, e.officer_id, e.pending_totp;

-- name: enrolment_finish :one
-- args: id uuid, step int8
WITH found AS (
    SELECT e.id, e.officer_id, e.pending_hash, e.pending_totp
      FROM identity.enrolment e WHERE e.id = $id AND e.closed_at IS NULL FOR UPDATE
), closed AS (
    UPDATE identity.enrolment e SET closed_at = clock_timestamp(), pending_hash = NULL, pending_totp = NULL
      FROM found f WHERE e.id = f.id
), changed AS (
    UPDATE identity.officer o
       SET password_hash = coalesce(f.pending_hash, o.password_hash),
           password_set_at = CASE WHEN f.pending_hash IS NOT NULL THEN clock_timestamp()
                                  ELSE o.password_set_at END,
           totp_sealed = f.pending_totp, totp_step = $step
      FROM found f
     WHERE o.id = f.officer_id
    RETURNING o.id
)
SELECT identity.officer_out(id, 'enrolled') AS id FROM changed;

-- name: totp_begin :exec
-- args: id uuid, officer_id uuid, pending_totp text, valid_s int8
WITH earlier AS (
    UPDATE identity.enrolment SET closed_at = clock_timestamp(), pending_hash = NULL, pending_totp = NULL
     WHERE officer_id = $officer_id AND closed_at IS NULL
)
INSERT INTO identity.enrolment (id, officer_id, kind, pending_totp, created_by, expires_at, opened_at)
VALUES ($id, $officer_id, 'totp', $pending_totp, $officer_id,
    clock_timestamp() + $valid_s * interval '1 second', clock_timestamp());

-- name: totp_try :one
-- args: officer_id uuid, most int8
UPDATE identity.enrolment SET tries = tries + 1
 WHERE officer_id = $officer_id AND kind = 'totp' AND closed_at IS NULL
   AND expires_at > clock_timestamp() AND tries < $most
RETURNING id, pending_totp;
