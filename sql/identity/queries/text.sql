-- One-time codes, and the messages that carry them. All on real time.

-- A code that was used has no pause before the next; the day's count stays.
-- name: code_put :one
-- args: phone_index text, code_hash bytea, valid_s int8, pause_s int8, most int8
WITH day AS (
    SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date AS today
), put AS (
    INSERT INTO identity.text_code AS t (phone_index, code_hash, sent_at, expires_at, day, sent)
    SELECT $phone_index, $code_hash, clock_timestamp(),
           clock_timestamp() + $valid_s * interval '1 second', today, 1
      FROM day
    ON CONFLICT (phone_index) DO UPDATE
       SET code_hash = excluded.code_hash, sent_at = excluded.sent_at,
           expires_at = excluded.expires_at, tries = 0, day = excluded.day,
           sent = CASE WHEN t.day = excluded.day THEN t.sent + 1 ELSE 1 END
     WHERE t.sent_at < clock_timestamp() - $pause_s * interval '1 second'
       AND (t.day <> excluded.day OR t.sent < $most)
    RETURNING 1
)
SELECT EXISTS (SELECT FROM put) AS sent,
       EXISTS (SELECT FROM identity.text_code t, day
                WHERE t.phone_index = $phone_index AND t.day = day.today
                  AND t.sent >= $most) AS capped;

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
UPDATE identity.text_code SET sent_at = '-infinity', expires_at = '-infinity'
 WHERE phone_index = $1;

-- name: address_count :one
-- args: address_index text
INSERT INTO identity.text_address AS t (address_index, day, sent)
VALUES ($1, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date, 1)
ON CONFLICT (address_index, day) DO UPDATE SET sent = t.sent + 1
RETURNING sent;

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

-- name: text_queue_put :exec
-- args: phone_index text, phone_sealed text, body_sealed text, valid_s int8
INSERT INTO identity.text_queue (phone_index, phone_sealed, body_sealed, expires_at)
VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 second');

-- What is due, taken for a minute: a process that dies gives it back by that.
-- name: text_queue_take :many
-- args: lim int8
UPDATE identity.text_queue q
   SET tries = tries + 1, next_at = clock_timestamp() + interval '1 minute'
 WHERE id IN (SELECT id FROM identity.text_queue
               WHERE state = 'queued' AND next_at <= clock_timestamp()
               ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING id, phone_sealed, body_sealed, tries, expires_at <= clock_timestamp() AS late;

-- name: text_queue_done :exec
-- args: id int8, state text
UPDATE identity.text_queue
   SET state = $2, body_sealed = NULL, phone_sealed = NULL, done_at = clock_timestamp()
 WHERE id = $1 AND state = 'queued';

-- name: text_queue_again :exec
-- args: id int8, after_ms int8
UPDATE identity.text_queue SET next_at = clock_timestamp() + $2 * interval '1 millisecond'
 WHERE id = $1 AND state = 'queued';

-- name: text_sweep :exec
-- args: keep_s int8
WITH texts AS (
    DELETE FROM identity.text_queue
     WHERE state <> 'queued' AND done_at < clock_timestamp() - $1 * interval '1 second'
), codes AS (
    DELETE FROM identity.text_code WHERE day < clock_timestamp() - $1 * interval '1 second'
)
DELETE FROM identity.text_address WHERE day < clock_timestamp() - $1 * interval '1 second';

-- Whoever is to read a text: the person, or those who claim for an organisation.
-- name: text_readers :many
-- args: person uuid, org uuid
SELECT p.phone_sealed FROM identity.person p
 WHERE p.phone_sealed IS NOT NULL AND (p.id = $person OR p.id IN (
       SELECT m.person_id FROM identity.org_member m
        WHERE m.org_id = $org AND m.to_at IS NULL AND 'claim' = ANY (identity.member_rights(m.title, m.rights))))
 ORDER BY p.id LIMIT 5;
