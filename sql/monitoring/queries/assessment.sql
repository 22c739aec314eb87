-- Assessments of policies and projects: forms, and the steps of a case.

-- name: assessment_form_list :many read
-- args: after text, lim int4, kind text
SELECT monitoring.assessment_form_json(f)::text AS reply, f.id::text AS cursor
  FROM monitoring.assessment_form f
 WHERE f.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($kind::text IS NULL OR f.kind = $kind)
 ORDER BY f.id DESC
 LIMIT $lim;

-- name: assessment_form_propose :one
-- args: new_id uuid, kind text, questions jsonb, basis text, from_on date
WITH judged AS (
    SELECT CASE WHEN NOT platform.whole_city() THEN 'auth.area'
                WHEN monitoring.assessment_questions_ok($questions) IS NOT TRUE THEN 'monitoring.assessment_questions /questions'
                WHEN $from_on < platform.today() THEN 'field.date_past /from_on' END AS fault
), made AS (
    INSERT INTO monitoring.assessment_form AS f (id, kind, version, questions, basis, from_on)
    SELECT $new_id, $kind, 1 + (SELECT coalesce(max(x.version), 0) FROM monitoring.assessment_form x WHERE x.kind = $kind),
           $questions, $basis, $from_on
      FROM judged j WHERE j.fault IS NULL
    RETURNING f AS f
)
SELECT monitoring.assessment_form_json(f)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- By another officer; the version until then ends the day before.
-- name: assessment_form_decide :one
-- args: id uuid, approve bool, note text
WITH found AS (
    SELECT f.*, CASE WHEN NOT platform.whole_city() THEN 'auth.area' WHEN f.state <> 'proposed' THEN 'state.wrong'
                     WHEN f.made_by = platform.actor() THEN 'monitoring.warning_same_hand'
                     WHEN $approve AND f.from_on < platform.today() THEN 'monitoring.setting_past'
                     WHEN $approve AND EXISTS (SELECT FROM monitoring.assessment_form x WHERE x.kind = f.kind
                                                  AND x.state = 'approved' AND x.from_on >= f.from_on)
                     THEN 'monitoring.warning_later' END AS fault
      FROM monitoring.assessment_form f WHERE f.id = $id
), ended AS (
    UPDATE monitoring.assessment_form x SET to_on = f.from_on - 1
      FROM found f
     WHERE f.fault IS NULL AND $approve AND x.kind = f.kind AND x.state = 'approved'
       AND (x.to_on IS NULL OR x.to_on >= f.from_on)
    RETURNING x.id
), moved AS (
    UPDATE monitoring.assessment_form AS x SET state = CASE WHEN $approve THEN 'approved' ELSE 'refused' END,
           decided_by = platform.actor(), note = $note
      FROM found f WHERE x.id = f.id AND f.fault IS NULL AND (SELECT count(*) FROM ended) >= 0
    RETURNING x AS x
)
SELECT monitoring.assessment_form_json(x)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- name: assessment_fault_list :many read
-- args: kind text, id uuid, answers jsonb
SELECT x.pointer, x.code
  FROM monitoring.assessment_form f CROSS JOIN LATERAL monitoring.assessment_faults(f.questions, $answers) AS x
 WHERE x.code IS NOT NULL AND f.id = coalesce(
     (SELECT g.id FROM monitoring.assessment a JOIN monitoring.assessment_form g ON g.kind = a.kind AND g.version = a.version
       WHERE a.id = $id), (monitoring.assessment_form_on($kind, platform.today())).id)
 LIMIT 16;

-- A department's own, or by a clerk or officer for it.
-- name: assessment_submit :one tells
-- args: id uuid, kind text, org uuid, title text, county_code text, answers jsonb
WITH judged AS (
    SELECT o.id, o.name, f.version,
           CASE WHEN o.id IS NULL THEN 'monitoring.assessment_org'
                WHEN platform.org() IS NULL AND NOT platform.acts_in($county_code) THEN 'auth.area'
                WHEN platform.org() IS NOT NULL AND $county_code NOT IN (o.county_code, '431100') THEN 'field.area_code /county_code'
                WHEN o.kind <> 'public_body' THEN 'monitoring.assessment_org'
                WHEN f.id IS NULL THEN 'monitoring.assessment_form_unset' END AS fault
      FROM (VALUES ($org::uuid)) AS w (id)
      LEFT JOIN monitoring.assessment_org(w.id) o ON o.id IS NOT NULL
      LEFT JOIN monitoring.assessment_form_on($kind, platform.today()) f ON f.id IS NOT NULL
), made AS (
    INSERT INTO monitoring.assessment AS a (id, kind, version, title, org_id, org_name, answers, county_code)
    SELECT $id, $kind, j.version, $title, j.id, j.name, $answers, $county_code FROM judged j WHERE j.fault IS NULL
    RETURNING a AS a
)
SELECT monitoring.assessment_json(a)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: assessment_list :many read
-- args: after text, lim int4, kind text, state text, county_code text, is_overdue bool?
SELECT monitoring.assessment_json(a)::text AS reply, a.id::text AS cursor
  FROM monitoring.assessment a
 WHERE (a.org_id = platform.org() OR platform.acts_in(a.county_code))
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($kind::text IS NULL OR a.kind = $kind)
   AND ($state::text IS NULL OR a.state = $state)
   AND ($county_code::text IS NULL OR a.county_code = $county_code)
   AND (NOT coalesce($is_overdue, false)
        OR (a.due_on < platform.today() AND a.state IN ('submitted', 'opined', 'published')))
 ORDER BY a.id DESC
 LIMIT $lim;

-- name: assessment_get :one read
-- args: id uuid
SELECT monitoring.assessment_full_json(a)::text AS reply FROM monitoring.assessment a
 WHERE a.id = $id AND (a.org_id = platform.org() OR platform.acts_in(a.county_code));

-- name: assessment_for_file :one read
-- args: id uuid
SELECT a.org_id, a.county_code, a.state NOT IN ('closed', 'withdrawn') AS is_open FROM monitoring.assessment a
 WHERE a.id = $id AND (a.org_id = platform.org() OR platform.acts_in(a.county_code));

-- name: assessment_return :one tells
-- args: id uuid, note text
UPDATE monitoring.assessment AS a SET state = 'returned', note = $note, due_on = NULL, moved_at = platform.now()
 WHERE a.id = $id AND platform.acts_in(a.county_code)
RETURNING monitoring.assessment_json(a)::text AS reply;

-- name: assessment_resubmit :one tells
-- args: id uuid, title text, answers jsonb
WITH found AS (
    SELECT a.id, a.state FROM monitoring.assessment a
     WHERE a.id = $id AND (a.org_id = platform.org() OR platform.acts_in(a.county_code)) FOR UPDATE
), moved AS (
    UPDATE monitoring.assessment AS a SET state = 'submitted', title = coalesce($title, a.title), answers = $answers,
           due_on = monitoring.setting_due('assessment_opinion_days', platform.today()), moved_at = platform.now()
      FROM found f WHERE a.id = f.id AND f.state = 'returned'
    RETURNING a AS a
)
SELECT monitoring.assessment_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: assessment_withdraw :one tells
-- args: id uuid, note text
UPDATE monitoring.assessment AS a SET state = 'withdrawn', note = $note, due_on = NULL, moved_at = platform.now()
 WHERE a.id = $id AND (a.org_id = platform.org() OR platform.acts_in(a.county_code))
RETURNING monitoring.assessment_json(a)::text AS reply;

-- name: assessment_opine :one tells
-- args: id uuid, opinion text, text text
WITH found AS (
    SELECT a.id, CASE WHEN a.state <> 'submitted' THEN 'state.wrong'
                      WHEN a.submitted_by = platform.actor() THEN 'monitoring.warning_same_hand' END AS fault
      FROM monitoring.assessment a WHERE a.id = $id AND platform.acts_in(a.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.assessment AS a SET state = 'opined', opinion = $opinion, opinion_text = $text,
           opinion_by = platform.actor(), opinion_at = platform.now(),
           due_on = monitoring.setting_due('assessment_result_days', platform.today()), moved_at = platform.now()
      FROM found f WHERE a.id = f.id AND f.fault IS NULL
    RETURNING a AS a
)
SELECT monitoring.assessment_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- name: assessment_conclude :one tells
-- args: id uuid, result text, text text
WITH found AS (
    SELECT a.id, CASE WHEN a.state <> 'opined' THEN 'state.wrong'
                      WHEN platform.actor() IN (a.submitted_by, a.opinion_by) THEN 'monitoring.warning_same_hand' END AS fault
      FROM monitoring.assessment a WHERE a.id = $id AND platform.acts_in(a.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.assessment AS a SET state = 'concluded', result = $result, result_text = $text,
           result_by = platform.actor(), result_at = platform.now(), due_on = NULL, moved_at = platform.now()
      FROM found f WHERE a.id = f.id AND f.fault IS NULL
    RETURNING a AS a
)
SELECT monitoring.assessment_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- name: assessment_publish :one tells
-- args: id uuid
UPDATE monitoring.assessment AS a SET state = 'published', published_by = platform.actor(), published_on = platform.today(),
       due_on = monitoring.setting_due('assessment_follow_days', platform.today()), moved_at = platform.now()
 WHERE a.id = $id AND platform.acts_in(a.county_code)
RETURNING monitoring.assessment_json(a)::text AS reply;

-- name: assessment_follow_add :one
-- args: id uuid, on_day date, text text, jobs_made int8?, jobs_lost int8?
WITH found AS (
    SELECT a.* FROM monitoring.assessment a
     WHERE a.id = $id AND (a.org_id = platform.org() OR platform.acts_in(a.county_code))
), made AS (
    INSERT INTO monitoring.assessment_follow AS w (assessment_id, on_day, text, jobs_made, jobs_lost, org_id, county_code)
    SELECT f.id, $on_day, $text, $jobs_made::int8::integer, $jobs_lost::int8::integer, f.org_id, f.county_code
      FROM found f WHERE f.state = 'published' AND $on_day BETWEEN f.published_on AND platform.today()
    RETURNING w.*
)
SELECT jsonb_build_object('id', m.id, 'on_day', m.on_day, 'text', m.text, 'jobs_made', m.jobs_made, 'jobs_lost', m.jobs_lost,
                          'at', m.at)::text AS reply FROM made m
UNION ALL
SELECT platform.refuse(CASE f.state WHEN 'published' THEN 'field.date_order /on_day' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM made);

-- When somebody else has told what became of it.
-- name: assessment_close :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT a.id, CASE WHEN a.state <> 'published' THEN 'state.wrong'
                      WHEN NOT EXISTS (SELECT FROM monitoring.assessment_follow w WHERE w.assessment_id = a.id)
                      THEN 'monitoring.assessment_follow'
                      WHEN (SELECT w.made_by FROM monitoring.assessment_follow w WHERE w.assessment_id = a.id
                             ORDER BY w.id DESC LIMIT 1) = platform.actor() THEN 'monitoring.warning_same_hand' END AS fault
      FROM monitoring.assessment a WHERE a.id = $id AND platform.acts_in(a.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.assessment AS a SET state = 'closed', note = $note, closed_by = platform.actor(),
           closed_at = platform.now(), due_on = NULL, moved_at = platform.now()
      FROM found f WHERE a.id = f.id AND f.fault IS NULL
    RETURNING a AS a
)
SELECT monitoring.assessment_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- What anybody may read: the conclusion.
-- name: assessment_published_list :many read
-- args: after text, lim int4, kind text
SELECT jsonb_build_object('id', a.id, 'kind', a.kind, 'title', a.title, 'org_name', a.org_name, 'county_code', a.county_code,
           'result', a.result, 'result_text', a.result_text, 'published_on', a.published_on)::text AS reply,
       a.id::text AS cursor
  FROM monitoring.assessment a
 WHERE a.state IN ('published', 'closed')
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($kind::text IS NULL OR a.kind = $kind)
 ORDER BY a.id DESC
 LIMIT $lim;
