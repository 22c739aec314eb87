-- name: slot_open :one
-- args: caller_person uuid, studio_id uuid, starts_at timestamptz, ends_at timestamptz, way text, place text
WITH seat AS (
    SELECT m.id AS mentor, s.id AS studio, s.county_code, s.area_code
      FROM entrepreneurship.mentor m
      JOIN entrepreneurship.mentor_seat x ON x.person_id = m.person_id AND x.state = 'confirmed'
      JOIN entrepreneurship.studio s ON s.id = x.studio_id AND s.state = 'recognised'
     WHERE m.person_id = $caller_person AND s.id = $studio_id
), busy AS (
    SELECT FROM entrepreneurship.slot o
     WHERE o.mentor_person = $caller_person AND o.state = 'open' AND o.starts_at < $ends_at AND o.ends_at > $starts_at
     LIMIT 1
), made AS (
    INSERT INTO entrepreneurship.slot AS s (mentor_id, mentor_person, studio_id, starts_at, ends_at, way, place,
                                            county_code, area_code)
    SELECT seat.mentor, $caller_person, seat.studio, $starts_at, $ends_at, $way, $place, seat.county_code, seat.area_code
      FROM seat
     WHERE NOT EXISTS (SELECT FROM busy)
    RETURNING s AS s
), told AS (
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    SELECT 'entrepreneurship.slot.opened.v1', (s).id::text, (s).county_code,
           jsonb_build_object('slot_id', (s).id, 'mentor_id', (s).mentor_id, 'studio_id', (s).studio_id,
                              'starts_at', (s).starts_at, 'ends_at', (s).ends_at, 'county_code', (s).county_code)
      FROM made
)
SELECT entrepreneurship.slot_json(s)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN EXISTS (SELECT FROM seat) THEN 'entrepreneurship.slot_overlap'
                            ELSE 'entrepreneurship.not_mentor' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: slot_cancel :one tells
-- args: id uuid, caller_person uuid, reason text
WITH found AS (
    SELECT s.id, s.state = 'open' AND s.starts_at > platform.now() AS may
      FROM entrepreneurship.slot s WHERE s.id = $id AND s.mentor_person = $caller_person FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.slot AS s SET state = 'cancelled', reason = $reason
      FROM found f WHERE s.id = f.id AND f.may
    RETURNING s AS s
)
SELECT entrepreneurship.slot_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- A mentor's times to come, taken or free.
-- name: slot_list :many read
-- args: after text, lim int4, id uuid
SELECT entrepreneurship.slot_json(s)::text AS reply, s.starts_at || '/' || s.id AS cursor
  FROM entrepreneurship.slot s
 WHERE s.mentor_id = $id AND s.state = 'open' AND s.starts_at > platform.now()
   AND ($after::text IS NULL OR (s.starts_at, s.id) >
        (split_part($after, '/', 1)::timestamptz, nullif(split_part($after, '/', 2), '')::uuid))
 ORDER BY s.starts_at, s.id
 LIMIT $lim;

-- name: booking_make :one tells
-- args: id uuid, caller_person uuid, question text, wait bool
WITH slot AS (
    SELECT s.* FROM entrepreneurship.slot s WHERE s.id = $id
), made AS (
    INSERT INTO entrepreneurship.booking AS b (slot_id, mentor_id, mentor_person, studio_id, person_id, name_masked,
                                               question, starts_at, ends_at, state, county_code, area_code)
    SELECT s.id, s.mentor_id, s.mentor_person, s.studio_id, $caller_person, '', $question, s.starts_at, s.ends_at,
           CASE WHEN $wait THEN 'waiting' ELSE 'booked' END, s.county_code, s.area_code
      FROM slot s
    RETURNING b AS b
)
SELECT entrepreneurship.booking_json(b)::text AS reply FROM made;

-- Short of the notice asked for it is late; once begun it is too late.
-- name: booking_cancel :one tells
-- args: id uuid, person uuid, reason text, notice_hours int4
WITH found AS (
    SELECT b.id, b.state IN ('booked', 'waiting') AND b.starts_at > platform.now() AS may,
           b.state = 'booked' AND b.starts_at < platform.now() + make_interval(hours => $notice_hours) AS late
      FROM entrepreneurship.booking b WHERE b.id = $id AND b.person_id = $person FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.booking AS b SET state = 'cancelled', reason = $reason, late = f.late
      FROM found f WHERE b.id = f.id AND f.may
    RETURNING b AS b
)
SELECT entrepreneurship.booking_json(b)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: booking_missed :one tells
-- args: id uuid, caller_person uuid
WITH found AS (
    SELECT b.id, b.state = 'booked' AND b.starts_at <= platform.now() AS may
      FROM entrepreneurship.booking b WHERE b.id = $id AND b.mentor_person = $caller_person FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.booking AS b SET state = 'missed' FROM found f WHERE b.id = f.id AND f.may
    RETURNING b AS b
)
SELECT entrepreneurship.booking_json(b)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- The founder's, the mentor's, or those of the officer's areas.
-- name: booking_list :many read
-- args: after text, lim int4, state text, county_code text
SELECT entrepreneurship.booking_json(b)::text AS reply, b.id::text AS cursor
  FROM entrepreneurship.booking b
 WHERE ($state::text IS NULL OR b.state = $state) AND ($county_code::text IS NULL OR b.county_code = $county_code)
   AND b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY b.id DESC
 LIMIT $lim;

-- name: booking_remind :one tells
SELECT entrepreneurship.booking_remind() AS n;
