-- An application for a merged copy is one for its original.
-- name: application_submit :one
-- args: id uuid, caller_person uuid, note text
WITH vacancy AS (
    SELECT v.id, v.title, v.org_id, v.org_name, v.county_code, v.area_code,
           v.state = 'open' AND v.expires_on >= platform.today() AS is_open
      FROM jobs.vacancy v WHERE v.id = jobs.vacancy_original($id)
), made AS (
    INSERT INTO jobs.application AS a (person_id, name_masked, vacancy_id, vacancy_title, org_id,
                                       org_name, county_code, area_code)
    SELECT p.id, p.name_masked, v.id, v.title, v.org_id, v.org_name, v.county_code, v.area_code
      FROM vacancy v, jobs.person p WHERE v.is_open AND p.id = $caller_person
    ON CONFLICT (person_id, vacancy_id) DO NOTHING
    RETURNING a AS a
), step AS (
    INSERT INTO jobs.application_step (application_id, person_id, org_id, state, note,
                                       county_code, area_code)
    SELECT (a).id, (a).person_id, (a).org_id, (a).state, $note,
           (a).county_code, (a).area_code
      FROM made
), told AS (
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.application.moved.v1', (a).id::text, (a).county_code,
           jsonb_build_object('application_id', (a).id, 'vacancy_id', (a).vacancy_id,
                              'person_id', (a).person_id, 'state', (a).state)
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
-- name: application_move :one
-- args: id uuid, next text, meet_at timestamptz, meet_mode text, note text
WITH found AS (
    SELECT a.id, a.state FROM jobs.application a WHERE a.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.application AS a SET state = $next, moved_at = platform.now()
      FROM found WHERE a.id = found.id AND jobs.application_allows(found.state, $next)
    RETURNING a AS a
), step AS (
    INSERT INTO jobs.application_step (application_id, person_id, org_id, state, meet_at, meet_mode,
                                       note, county_code, area_code)
    SELECT (a).id, (a).person_id, (a).org_id, (a).state, $meet_at, $meet_mode,
           $note, (a).county_code, (a).area_code
      FROM moved
), told AS (
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.application.moved.v1', (a).id::text, (a).county_code,
           jsonb_build_object('application_id', (a).id, 'vacancy_id', (a).vacancy_id,
                              'person_id', (a).person_id, 'state', (a).state)
      FROM moved
)
SELECT jobs.application_json(a)::text AS reply, (a).person_id, (a).vacancy_id FROM moved
UNION ALL
SELECT platform.refuse('state.wrong'), NULL, NULL FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- With its steps, for either side and for officers of the area.
-- name: application_get :one read
-- args: id uuid
SELECT (jobs.application_json(a) || jsonb_build_object('steps', (
           SELECT jsonb_agg(jsonb_build_object(
                      'state', s.state, 'meet_at', s.meet_at, 'meet_mode', s.meet_mode,
                      'note', s.note, 'created_at', s.created_at) ORDER BY s.created_at, s.id)
             FROM jobs.application_step s WHERE s.application_id = a.id)))::text AS reply
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
