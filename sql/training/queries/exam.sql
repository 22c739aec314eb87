-- Assessing bodies, examiners, examinations, and officers who look in on them. The rules
-- are functions of sql/training/040-042.

-- name: assessing_apply :one
-- args: new_id uuid, caller_org uuid, occupation_code text, highest_level int4, from_on date, to_on date
WITH made AS (
    INSERT INTO training.assessing_right AS r (id, org_id, org_name, occupation_code, highest_level, from_on, to_on,
                                               county_code, area_code)
    SELECT $new_id, o.id, o.name, $occupation_code, $highest_level, $from_on, $to_on, o.county_code, o.area_code
      FROM training.org o WHERE o.id = $caller_org
    RETURNING r AS r
)
SELECT training.assessing_reply(r) AS reply FROM made
UNION ALL
SELECT platform.refuse('training.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: assessing_check :one
-- args: id uuid, decision text, note text
WITH moved AS (
    UPDATE training.assessing_right AS r
       SET state = CASE $decision WHEN 'pass' THEN 'checked' ELSE 'refused' END, note = $note,
           checked_by = platform.actor()
     WHERE r.id = $id AND r.state = 'filed' AND platform.in_areas(r.county_code, r.area_code)
    RETURNING r AS r
)
SELECT training.assessing_reply(r) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM training.assessing_right r
 WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) AND NOT EXISTS (SELECT FROM moved);

-- name: assessing_decide :one
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT r.id, r.state, r.checked_by = platform.actor() AS same FROM training.assessing_right r
     WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) FOR UPDATE
), moved AS (
    UPDATE training.assessing_right AS r
       SET state = CASE $decision WHEN 'pass' THEN 'granted' ELSE 'refused' END, note = $note,
           decided_by = platform.actor()
      FROM found f WHERE r.id = f.id AND f.state = 'checked' AND NOT f.same
    RETURNING r AS r
)
SELECT training.assessing_reply(r) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'checked' THEN 'training.exam_same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: assessing_end :one
-- args: id uuid, reason text
WITH moved AS (
    UPDATE training.assessing_right AS r
       SET state = 'ended', note = $reason
     WHERE r.id = $id AND r.state = 'granted' AND platform.in_areas(r.county_code, r.area_code)
    RETURNING r AS r
)
SELECT training.assessing_reply(r) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM training.assessing_right r
 WHERE r.id = $id AND platform.in_areas(r.county_code, r.area_code) AND NOT EXISTS (SELECT FROM moved);

-- Anybody's list: who may assess today.
-- name: assessing_list :many read
-- args: after text, lim int4, occupation_code text, county_code text
SELECT training.assessing_reply(r) AS reply, r.id::text AS cursor
  FROM training.assessing_right r
 WHERE r.state = 'granted' AND platform.today() BETWEEN r.from_on AND r.to_on
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($occupation_code::text IS NULL OR starts_with($occupation_code, r.occupation_code))
   AND ($county_code::text IS NULL OR r.county_code = $county_code)
 ORDER BY r.id DESC
 LIMIT $lim;

-- The institution's own, or the officer's area's.
-- name: assessing_work :many read
-- args: after text, lim int4, state text
SELECT training.assessing_reply(r) AS reply, r.id::text AS cursor
  FROM training.assessing_right r
 WHERE (r.org_id = platform.org() OR platform.in_areas(r.county_code, r.area_code))
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR r.state = $state)
 ORDER BY r.id DESC
 LIMIT $lim;

-- ---- examiners ----

-- name: examiner_add :one
-- args: caller_org uuid, person_id uuid, occupation_code text, card_no text, until_on date
SELECT training.examiner_reply(x) AS reply
  FROM training.examiner_add($caller_org, $person_id, $occupation_code, $card_no, $until_on) AS x;

-- name: examiner_end :one
-- args: id uuid, caller_org uuid, reason text
WITH found AS (
    SELECT x.id FROM training.examiner x WHERE x.id = $id AND x.org_id = $caller_org
), moved AS (
    UPDATE training.examiner AS x SET ended_on = platform.today(), reason = $reason
      FROM found WHERE x.id = found.id AND x.ended_on IS NULL
    RETURNING x AS x
)
SELECT training.examiner_reply(x) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: examiner_list :many read
-- args: after text, lim int4
SELECT training.examiner_reply(x) AS reply, x.id::text AS cursor
  FROM training.examiner x
 WHERE x.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY x.id DESC
 LIMIT $lim;

-- ---- examinations ----

-- name: exam_schedule :one
-- args: new_id uuid, id uuid, caller_org uuid, body_id uuid, starts_at timestamptz, place text, parts jsonb,
--       examiners jsonb
SELECT training.exam_reply(x) AS reply
  FROM training.exam_schedule($new_id, $id, $caller_org, coalesce($body_id, $caller_org), $starts_at, $place,
           coalesce($parts, '[{"code": "theory", "weight": 50}, {"code": "practice", "weight": 50}]'), $examiners) AS x
 WHERE x.id IS NOT NULL;

-- name: exam_resit :one
-- args: new_id uuid, id uuid, caller_org uuid, starts_at timestamptz, place text, examiners jsonb
SELECT training.exam_reply(x) AS reply
  FROM training.exam_resit($new_id, $id, $caller_org, $starts_at, $place, $examiners) AS x
 WHERE x.id IS NOT NULL;

-- name: exam_close :one
-- args: id uuid, caller_org uuid
SELECT training.exam_reply(x) AS reply FROM training.exam_close($id, $caller_org) AS x WHERE x.id IS NOT NULL;

-- name: exam_cancel :one
-- args: id uuid, caller_org uuid, reason text
SELECT training.exam_reply(x) AS reply FROM training.exam_cancel($id, $caller_org, $reason) AS x WHERE x.id IS NOT NULL;

-- name: exam_score :one
-- args: id uuid, caller_person uuid, marks jsonb
SELECT j::text AS reply FROM training.exam_score($id, $caller_person, $marks) AS j WHERE j IS NOT NULL;

-- An institution's own and those it assesses, an examiner's, an officer's area's.
-- name: exam_list :many read
-- args: after text, lim int4, class_id uuid, state text
SELECT training.exam_reply(x) AS reply, x.id::text AS cursor
  FROM training.exam x
 WHERE x.kind <> 'short' AND x.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($class_id::uuid IS NULL OR x.class_id = $class_id)
   AND ($state::text IS NULL OR x.state = $state)
 ORDER BY x.id DESC
 LIMIT $lim;

-- name: exam_get :one read
-- args: id uuid
SELECT training.exam_reply(x) AS reply FROM training.exam x WHERE x.id = $id;

-- name: exam_sittings :many read
-- args: after text, lim int4, id uuid
SELECT training.exam_sitting_reply(s) AS reply, s.id::text AS cursor
  FROM training.exam_sitting s
 WHERE s.exam_id = $id AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY s.id DESC
 LIMIT $lim;

-- name: exam_sittings_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT training.exam_sitting_reply(s) AS reply, s.id::text AS cursor
  FROM training.exam_sitting s
 WHERE s.person_id = $caller_person
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY s.id DESC
 LIMIT $lim;

-- name: enrolment_score :one
-- args: id uuid, caller_org uuid, examiner_id uuid, score int4, reason text
SELECT training.enrolment_reply(e) AS reply
  FROM training.exam_short($id, $caller_org, $examiner_id, $score, $reason) AS e WHERE e.id IS NOT NULL;

-- ---- officers look in ----

-- name: exam_draw :one
-- args: county_code text, from_on date, to_on date, count int4, seed text
SELECT CASE WHEN platform.in_areas($county_code, NULL) THEN jsonb_build_object('seed', $seed, 'visits',
           coalesce((SELECT jsonb_agg(training.exam_visit_reply(v)::jsonb)
              FROM training.exam_draw($county_code, $from_on, $to_on, $count, $seed) AS v), '[]'))::text
           ELSE platform.refuse('auth.area') END AS reply;

-- name: exam_visit_record :one
-- args: id uuid, regular bool, present int4, note text
WITH found AS (
    SELECT v.id, v.state, x.starts_at <= platform.now() AS begun
      FROM training.exam_visit v JOIN training.exam x ON x.id = v.exam_id
     WHERE v.id = $id FOR UPDATE OF v
), moved AS (
    UPDATE training.exam_visit AS v
       SET state = CASE WHEN $regular THEN 'regular' ELSE 'irregular' END, present = $present, note = $note,
           officer_id = platform.actor(), visited_at = platform.now()
      FROM found f WHERE v.id = f.id AND f.state = 'drawn' AND f.begun
    RETURNING v AS v
)
SELECT training.exam_visit_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.begun THEN 'state.wrong' ELSE 'training.exam_not_begun' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: exam_visit_clear :one
-- args: id uuid, note text
WITH found AS (
    SELECT v.id, v.state, v.officer_id = platform.actor() AS same FROM training.exam_visit v WHERE v.id = $id FOR UPDATE
), moved AS (
    UPDATE training.exam_visit AS v SET state = 'cleared', cleared_by = platform.actor(), cleared_note = $note
      FROM found f WHERE v.id = f.id AND f.state = 'irregular' AND NOT f.same
    RETURNING v AS v
)
SELECT training.exam_visit_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'irregular' THEN 'training.exam_same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: exam_visit_list :many read
-- args: after text, lim int4, state text
SELECT training.exam_visit_reply(v) AS reply, v.id::text AS cursor
  FROM training.exam_visit v
 WHERE v.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR v.state = $state)
 ORDER BY v.id DESC
 LIMIT $lim;
