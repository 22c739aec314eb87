-- Random checks: begun, answered, counted, looked at.

-- name: check_start :one tells
-- args: id uuid, kind text, minutes int4?, headcount int4?, absent jsonb, note text
SELECT training.check_begin(s.id, $kind, 'officer', $minutes, $headcount,
           ARRAY(SELECT (x->>'enrolment_id')::uuid FROM jsonb_array_elements($absent) x), $note)::text AS reply
  FROM training.session s WHERE s.id = $id AND platform.in_areas(s.county_code, s.area_code);

-- name: check_asked :one
-- args: id uuid
SELECT a.session_id, a.state = 'asked' AS is_asked, a.due_at >= platform.now() AS in_time
  FROM training.check_answer a WHERE a.check_id = $id AND a.person_id = platform.person() FOR UPDATE;

-- name: check_answer :one
-- args: id uuid, metres int4?, device text
UPDATE training.check_answer AS a SET state = 'answered', answered_at = platform.now(), metres = $metres,
       device_index = $device
 WHERE a.check_id = $id AND a.person_id = platform.person() AND a.state = 'asked'
RETURNING training.answer_json(a)::text AS reply;

-- name: check_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT training.answer_json(a)::text AS reply, a.id::text AS cursor
  FROM training.check_answer a
 WHERE a.person_id = $caller_person
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY a.id DESC
 LIMIT $lim;

-- name: check_list :many read
-- args: after text, lim int4, county_code text, session_id uuid
SELECT training.check_json(k)::text AS reply, k.id::text AS cursor
  FROM training.attend_check k
 WHERE (k.org_id = platform.org() OR platform.in_areas(k.county_code, k.area_code))
   AND k.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR k.county_code = $county_code)
   AND ($session_id::uuid IS NULL OR k.session_id = $session_id)
 ORDER BY k.id DESC
 LIMIT $lim;

-- name: check_get :one read
-- args: id uuid
SELECT (training.check_json(k) || jsonb_build_object(
           'answers', (SELECT coalesce(jsonb_agg(training.answer_json(a) ORDER BY a.id), '[]')
                         FROM training.check_answer a WHERE a.check_id = k.id),
           'photos', (SELECT coalesce(jsonb_agg(training.file_json(f) ORDER BY f.id), '[]')
                        FROM training.file f WHERE f.subject_id = k.id)))::text AS reply
  FROM training.attend_check k
 WHERE k.id = $id AND (k.org_id = platform.org() OR platform.in_areas(k.county_code, k.area_code));

-- Whose check a photograph is for.
-- name: check_own :one read
-- args: id uuid
SELECT k.org_id, k.county_code, k.area_code FROM training.attend_check k
 WHERE k.id = $id AND k.kind = 'count' AND platform.in_areas(k.county_code, k.area_code);

-- name: lot_list :many read
-- args: after text, lim int4, county_code text
SELECT jsonb_build_object('id', l.id, 'session_id', l.session_id, 'seed', l.seed, 'percent', l.percent,
           'value', l.value, 'is_drawn', l.is_drawn, 'due_at', l.due_at, 'check_id', l.check_id,
           'county_code', l.county_code, 'created_at', l.created_at)::text AS reply, l.id::text AS cursor
  FROM training.session_lot l
 WHERE l.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR l.county_code = $county_code)
 ORDER BY l.id DESC
 LIMIT $lim;

-- Not answered in time.
-- name: check_miss :exec
UPDATE training.check_answer SET state = 'missed' WHERE state = 'asked' AND due_at < platform.now();

-- name: lots_draw :one tells
SELECT training.lots_draw() AS n;

-- name: lots_begin :one tells
SELECT training.lots_begin() AS n;
