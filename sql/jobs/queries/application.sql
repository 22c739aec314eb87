-- What is sent is the résumé as it is now; what becomes of it later is nobody's
-- affair but the person's. An application for a merged copy is one for its original.
-- name: application_submit :one tells
-- args: id uuid, caller_person uuid, note text
WITH vacancy AS (
    SELECT v.id, v.title, v.org_id, v.org_name, v.county_code, v.area_code,
           v.state = 'open' AND v.expires_on >= platform.today() AS is_open
      FROM jobs.vacancy v WHERE v.id = jobs.vacancy_original($id)
), made AS (
    INSERT INTO jobs.application AS a (person_id, name_masked, vacancy_id, vacancy_title, org_id,
                                       org_name, note, resume, county_code, area_code)
    SELECT p.id, p.name_masked, v.id, v.title, v.org_id, v.org_name, $note,
           (SELECT jobs.resume_sent(r) FROM jobs.resume r WHERE r.person_id = p.id),
           v.county_code, v.area_code
      FROM vacancy v, jobs.person p WHERE v.is_open AND p.id = $caller_person
    ON CONFLICT (person_id, vacancy_id) DO NOTHING
    RETURNING a AS a
), step AS (
    INSERT INTO jobs.application_step (application_id, person_id, org_id, state, what, note,
                                       county_code, area_code)
    SELECT (a).id, (a).person_id, (a).org_id, (a).state, 'submit', $note,
           (a).county_code, (a).area_code
      FROM made
)
SELECT jobs.application_json(a)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT v.is_open THEN 'jobs.vacancy_not_open'
                            WHEN NOT EXISTS (SELECT FROM jobs.person p WHERE p.id = $caller_person)
                            THEN 'jobs.person_unknown'
                            ELSE 'jobs.already_applied' END)
  FROM vacancy v WHERE NOT EXISTS (SELECT FROM made);

-- Every later step, by either side: row-level security decides whose
-- applications the caller reaches, application_allows() where they may go.
-- name: application_move :one tells
-- args: id uuid, next text, what text, reason_code text, note text
WITH found AS (
    SELECT a.id FROM jobs.application a WHERE a.id = $id FOR UPDATE
), moved AS MATERIALIZED (
    SELECT jobs.application_go(found.id, $next, $what, $reason_code, $note, NULL, NULL) AS a FROM found
)
SELECT jobs.application_json(a)::text AS reply, (a).person_id, (a).vacancy_id
  FROM moved WHERE (a).id IS NOT NULL
UNION ALL
SELECT platform.refuse('state.wrong'), NULL, NULL FROM moved WHERE (a).id IS NULL;

-- The employer has opened it: the first time is kept.
-- name: application_view :one
-- args: id uuid, caller_org uuid
UPDATE jobs.application AS a SET viewed_at = coalesce(a.viewed_at, platform.now())
 WHERE a.id = $id AND a.org_id = $caller_org
RETURNING jobs.application_json(a)::text AS reply;

-- Who did not come to an interview, which they do not dispute.
-- name: application_no_show :one tells
-- args: id uuid, caller_org uuid, reason_code text, note text
WITH found AS (
    SELECT a.id, EXISTS (SELECT FROM jobs.interview i WHERE i.application_id = a.id
                            AND i.result = 'no_show' AND NOT i.objection_open) AS missed
      FROM jobs.application a WHERE a.id = $id AND a.org_id = $caller_org FOR UPDATE
), moved AS MATERIALIZED (
    SELECT CASE WHEN missed THEN jobs.application_go(found.id, 'no_show', 'no_show', $reason_code,
                                                     $note, NULL, NULL) END AS a, missed FROM found
)
SELECT jobs.application_json(a)::text AS reply FROM moved WHERE (a).id IS NOT NULL
UNION ALL
SELECT platform.refuse(CASE WHEN missed THEN 'state.wrong' ELSE 'jobs.not_missed' END)
  FROM moved WHERE (a).id IS NULL;

-- The rest of a posting that takes nobody more, answered together.
-- name: application_reject_rest :one tells
-- args: id uuid, caller_org uuid, reason_code text, reason text
WITH vacancy AS (
    SELECT v.id, v.state IN ('filled', 'closed', 'expired') AS is_over
      FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $caller_org
), moved AS MATERIALIZED (
    SELECT jobs.application_go(a.id, 'rejected', 'reject', $reason_code, $reason, NULL, NULL) AS a
      FROM jobs.application a JOIN vacancy v ON v.id = a.vacancy_id
     WHERE v.is_over AND a.org_id = $caller_org AND a.state IN ('submitted', 'interview')
)
SELECT jsonb_build_object('vacancy_id', v.id, 'org_id', $caller_org,
                          'rejected', (SELECT count(*) FROM moved WHERE (a).id IS NOT NULL))::text AS reply
  FROM vacancy v WHERE v.is_over
UNION ALL
SELECT platform.refuse('jobs.vacancy_still_open') FROM vacancy v WHERE NOT v.is_over;

-- ---- offers -------------------------------------------------------------------

-- name: offer_make :one tells
-- args: id uuid, caller_org uuid, pay_cents int8?, pay_unit text, start_on date,
--       valid_until date, note text
WITH found AS (
    SELECT a.id, a.state FROM jobs.application a
     WHERE a.id = $id AND a.org_id = $caller_org FOR UPDATE
), moved AS MATERIALIZED (
    SELECT jobs.application_go(found.id, 'offered', 'offer', NULL, $note, NULL, NULL) AS a,
           found.state AS before
      FROM found
), made AS (
    INSERT INTO jobs.offer (application_id, person_id, org_id, pay_cents, pay_unit, start_on,
                            valid_until, note, before, county_code, area_code)
    SELECT (a).id, (a).person_id, (a).org_id, $pay_cents, $pay_unit, $start_on, $valid_until,
           $note, before, (a).county_code, (a).area_code
      FROM moved WHERE (a).id IS NOT NULL
)
SELECT jobs.application_json(a)::text AS reply FROM moved WHERE (a).id IS NOT NULL
UNION ALL
SELECT platform.refuse('state.wrong') FROM moved WHERE (a).id IS NULL;

-- An offer that nobody answered lapses after its last day.
-- name: offer_expire :one tells
-- args:
WITH gone AS (
    UPDATE jobs.offer AS o SET state = 'expired'
     WHERE o.state = 'open' AND o.valid_until < platform.today()
    RETURNING o.application_id, o.before
), back AS (
    UPDATE jobs.application AS a SET state = gone.before, moved_at = platform.now()
      FROM gone WHERE a.id = gone.application_id AND a.state = 'offered'
    RETURNING a AS a
), step AS (
    INSERT INTO jobs.application_step (application_id, person_id, org_id, state, what,
                                       county_code, area_code)
    SELECT (a).id, (a).person_id, (a).org_id, (a).state, 'offer_expire', (a).county_code, (a).area_code
      FROM back
)
SELECT count(*) AS n FROM back;

-- ---- reading ------------------------------------------------------------------

-- With its steps, its interviews and its offer, for either side and for
-- officers of the area.
-- name: application_get :one read
-- args: id uuid
SELECT (jobs.application_json(a) || jsonb_build_object(
           'steps', (
               SELECT jsonb_agg(jsonb_build_object(
                          'what', s.what, 'state', s.state, 'meet_at', s.meet_at,
                          'meet_mode', s.meet_mode, 'reason_code', s.reason_code, 'note', s.note,
                          'actor_kind', s.actor_kind, 'created_at', s.created_at)
                        ORDER BY s.created_at, s.id)
                 FROM jobs.application_step s WHERE s.application_id = a.id),
           'interviews', (
               SELECT coalesce(jsonb_agg(jobs.interview_reply(i)::jsonb ORDER BY i.id), '[]')
                 FROM jobs.interview i WHERE i.application_id = a.id),
           'offer', jobs.offer_json(a.id)))::text AS reply
  FROM jobs.application a WHERE a.id = $id;

-- name: application_list_person :many read
-- args: after text, lim int4, caller_person uuid, state text
SELECT jobs.application_json(a)::text AS reply, a.id::text AS cursor
  FROM jobs.application a
 WHERE a.person_id = $caller_person
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR a.state = $state)
 ORDER BY a.id DESC
 LIMIT $lim;

-- name: application_list_vacancy :many read
-- args: after text, lim int4, id uuid, caller_org uuid, state text
SELECT jobs.application_json(a)::text AS reply, a.id::text AS cursor
  FROM jobs.application a
 WHERE a.vacancy_id = $id AND a.org_id = $caller_org
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR a.state = $state)
 ORDER BY a.id DESC
 LIMIT $lim;

-- Over all of the employer's postings.
-- name: application_list_org :many read
-- args: after text, lim int4, caller_org uuid, state text, vacancy_id uuid, since date, is_new bool?
SELECT jobs.application_json(a)::text AS reply, a.id::text AS cursor
  FROM jobs.application a
 WHERE a.org_id = $caller_org
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR a.state = $state)
   AND ($vacancy_id::uuid IS NULL OR a.vacancy_id = $vacancy_id)
   AND ($since::date IS NULL OR (a.created_at AT TIME ZONE 'Asia/Shanghai')::date >= $since)
   AND ($is_new::bool IS NULL OR (a.viewed_at IS NULL) = $is_new)
 ORDER BY a.id DESC
 LIMIT $lim;

-- How many stand where, for each posting that anybody applied for.
-- name: application_count_org :many read
-- args: after text, lim int4, caller_org uuid
SELECT jsonb_build_object('vacancy_id', x.vacancy_id, 'org_id', $caller_org, 'vacancy_title', x.title,
                          'total', x.total, 'unread', x.unread, 'states', x.states)::text AS reply,
       x.vacancy_id::text AS cursor
  FROM (SELECT s.vacancy_id, max(s.title) AS title, sum(s.n)::int8 AS total,
               sum(s.unread)::int8 AS unread, jsonb_object_agg(s.state, s.n) AS states
          FROM (SELECT a.vacancy_id, a.state, max(a.vacancy_title) AS title, count(*) AS n,
                       count(*) FILTER (WHERE a.viewed_at IS NULL) AS unread
                  FROM jobs.application a WHERE a.org_id = $caller_org
                   AND a.vacancy_id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                 GROUP BY a.vacancy_id, a.state) s
         GROUP BY s.vacancy_id) x
 ORDER BY x.vacancy_id DESC
 LIMIT $lim;
