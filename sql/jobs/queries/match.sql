-- Matching (services/jobs/match*.c). What the engine reads of people comes from
-- jobs.match_facts(), which knows nothing that the law forbids to weigh.

-- ---- the engine's feed ----

-- name: match_posting_page :many read
-- args: after uuid, lim int4
SELECT v.id, v.occupation_code, v.county_code, v.area_code, v.lat_e6, v.lng_e6, v.pay_min_cents,
       v.pay_max_cents, v.pay_unit, v.form, v.education_code, v.skill_level::int4 AS skill_level,
       array_to_string(v.skills, chr(31)) AS skills, array_to_string(v.benefits, chr(31)) AS benefits,
       (coalesce(v.posted_at, v.created_at) AT TIME ZONE 'Asia/Shanghai')::date AS posted_on,
       v.expires_on, v.headcount_left
  FROM jobs.vacancy v
 WHERE v.state = 'open' AND v.id > $after
 ORDER BY v.id LIMIT $lim;

-- name: match_posting_of :many read
-- args: ids text[]
SELECT v.id, v.occupation_code, v.county_code, v.area_code, v.lat_e6, v.lng_e6, v.pay_min_cents,
       v.pay_max_cents, v.pay_unit, v.form, v.education_code, v.skill_level::int4 AS skill_level,
       array_to_string(v.skills, chr(31)) AS skills, array_to_string(v.benefits, chr(31)) AS benefits,
       (coalesce(v.posted_at, v.created_at) AT TIME ZONE 'Asia/Shanghai')::date AS posted_on,
       v.expires_on, v.headcount_left
  FROM jobs.vacancy v
 WHERE v.state = 'open' AND v.id = ANY ($ids::text[]::uuid[]);

-- Those who look for work, or are registered as being without.
-- name: match_people_page :many read
-- args: after uuid, lim int4
SELECT f.* FROM jobs.match_facts(ARRAY(
    SELECT x.person_id FROM (
        (SELECT r.person_id FROM jobs.resume r
          WHERE r.state <> 'not_seeking' AND r.person_id > $after ORDER BY 1 LIMIT $lim)
        UNION
        (SELECT u.person_id FROM jobs.unemployment u
          WHERE u.ended_on IS NULL AND u.person_id > $after ORDER BY 1 LIMIT $lim)) AS x
     ORDER BY 1 LIMIT $lim)) AS f;

-- name: match_people_of :many read
-- args: ids text[]
SELECT f.* FROM jobs.match_facts($ids::text[]::uuid[]) AS f
 WHERE EXISTS (SELECT FROM jobs.resume r WHERE r.person_id = f.person_id AND r.state <> 'not_seeking')
    OR f.is_registered;

-- What happened behind `after` that the engine must know of.
-- name: match_missed :many read
-- args: after int8, lim int4
SELECT e.seq, e.type, e.key, e.payload ->> 'person_id' AS person_id
  FROM jobs.event_log e WHERE e.seq > $after ORDER BY e.seq LIMIT $lim;

-- name: match_head :one read
-- args:
SELECT coalesce(max(e.seq), 0) AS seq FROM jobs.event_log e;

-- ---- for the person ----

-- name: match_my :one read
-- args: caller_person uuid
SELECT f.*, jobs.match_weights() AS weights FROM jobs.match_facts(ARRAY[$caller_person]) AS f;

-- An officer's: of a person of the area alone.
-- name: match_of_person :one read
-- args: id uuid
SELECT f.*, jobs.match_weights() AS weights, p.name_masked
  FROM jobs.person p, jobs.match_facts(ARRAY[p.id]) AS f WHERE p.id = $id;

-- name: match_shown :many read
-- args: ids text[]
SELECT v.id, jobs.vacancy_reply(v) AS vacancy, jsonb_build_object(
           'id', v.id, 'title', v.title, 'org_name', v.org_name, 'work_area_code', v.area_code,
           'occupation_code', v.occupation_code, 'form', v.form, 'pay_min_cents', v.pay_min_cents,
           'pay_max_cents', v.pay_max_cents, 'pay_unit', v.pay_unit, 'expires_on', v.expires_on)::text AS brief
  FROM unnest($ids::text[]::uuid[]) WITH ORDINALITY AS x (id, ord)
  JOIN jobs.vacancy v ON v.id = x.id AND v.state = 'open'
 ORDER BY x.ord;

-- name: match_dismiss :one
-- args: id uuid, caller_person uuid, reason text, note text
WITH made AS (
    INSERT INTO jobs.match_dismissal AS d (person_id, vacancy_id, reason, note, county_code, area_code)
    SELECT p.id, v.id, $reason, $note, p.county_code, p.area_code
      FROM jobs.person p, jobs.vacancy v WHERE p.id = $caller_person AND v.id = $id
    ON CONFLICT (person_id, vacancy_id) DO UPDATE SET reason = excluded.reason, note = excluded.note
    RETURNING d AS d
)
SELECT jsonb_build_object('vacancy_id', (d).vacancy_id, 'reason', (d).reason, 'note', (d).note,
                          'created_at', (d).created_at)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.person_unknown') WHERE EXISTS (SELECT FROM jobs.vacancy v WHERE v.id = $id)
   AND NOT EXISTS (SELECT FROM jobs.person p WHERE p.id = $caller_person);

-- name: match_restore :one
-- args: id uuid, caller_person uuid
DELETE FROM jobs.match_dismissal d WHERE d.vacancy_id = $id AND d.person_id = $caller_person
RETURNING jsonb_build_object('vacancy_id', d.vacancy_id, 'reason', d.reason, 'note', d.note,
                             'created_at', d.created_at)::text AS reply;

-- name: match_dismissed :many read
-- args: after text, lim int4, caller_person uuid
SELECT jsonb_build_object('vacancy_id', d.vacancy_id, 'reason', d.reason, 'note', d.note,
                          'created_at', d.created_at)::text AS reply, d.vacancy_id::text AS cursor
  FROM jobs.match_dismissal d
 WHERE d.person_id = $caller_person
   AND d.vacancy_id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY d.vacancy_id DESC LIMIT $lim;

-- The night's list, without what was closed or put aside since.
-- name: match_night :many read
-- args: after int8, lim int4, caller_person uuid
SELECT l.rank, l.score, l.parts::text AS parts, l.whys::text AS whys, l.made_on, l.weight_version,
       jobs.vacancy_reply(v) AS vacancy, v.id, (SELECT concat_ws(',', w.version, w.occupation, w.place,
           w.pay, w.form, w.education, w.skill_level, w.skills, w.benefits, w.freshness)
           FROM jobs.match_weight w WHERE w.version = l.weight_version) AS weights
  FROM jobs.match_list l JOIN jobs.vacancy v ON v.id = l.vacancy_id AND v.state = 'open'
 WHERE l.person_id = $caller_person AND l.rank > $after
   AND NOT EXISTS (SELECT FROM jobs.match_dismissal d
                    WHERE d.person_id = l.person_id AND d.vacancy_id = l.vacancy_id)
 ORDER BY l.rank LIMIT $lim;

-- ---- for the employer ----

-- `without`: who has applied, and need not be found.
-- name: match_own_posting :one read
-- args: id uuid, caller_org uuid
SELECT v.id, v.occupation_code, v.county_code, v.area_code, v.lat_e6, v.lng_e6, v.pay_min_cents,
       v.pay_max_cents, v.pay_unit, v.form, v.education_code, v.skill_level::int4 AS skill_level,
       array_to_string(v.skills, chr(31)) AS skills, array_to_string(v.benefits, chr(31)) AS benefits,
       (coalesce(v.posted_at, v.created_at) AT TIME ZONE 'Asia/Shanghai')::date AS posted_on,
       v.expires_on, v.headcount_left, v.state, jobs.match_weights() AS weights,
       (SELECT string_agg(a.person_id::text, ',' ORDER BY a.person_id)
          FROM jobs.application a WHERE a.vacancy_id = v.id) AS without
  FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $caller_org;

-- name: match_shown_people :many read
-- args: id uuid, ids text[]
SELECT f.person_id, jsonb_build_object(
           'person_id', f.person_id, 'name_masked', f.name_masked, 'county_code', f.county_code,
           'education_code', f.education_code, 'skill_level', f.skill_level, 'skills', f.skills,
           'experience_years', f.experience_years, 'occupations', f.occupations,
           'invitation_state', (SELECT i.state FROM jobs.invitation i
                                 WHERE i.vacancy_id = $id AND i.person_id = f.person_id))::text AS person
  FROM unnest($ids::text[]::uuid[]) WITH ORDINALITY AS x (id, ord)
  JOIN jobs.match_findable($ids::text[]::uuid[]) AS f ON f.person_id = x.id
 ORDER BY x.ord;

-- name: job_invitation_send :one
-- args: new_id uuid, id uuid, caller_org uuid, person_id uuid, message text
WITH vacancy AS (
    SELECT v.id, v.title, v.org_id, v.org_name, v.county_code, v.area_code,
           v.state = 'open' AND v.expires_on >= platform.today() AS is_open
      FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $caller_org
), person AS (
    SELECT f.person_id, f.name_masked FROM jobs.match_findable(ARRAY[$person_id]) AS f
), applied AS (
    SELECT a.id FROM jobs.application a WHERE a.vacancy_id = $id AND a.person_id = $person_id
), made AS (
    INSERT INTO jobs.invitation AS i (id, person_id, name_masked, vacancy_id, vacancy_title, org_id,
                                      org_name, message, county_code, area_code)
    SELECT $new_id, p.person_id, p.name_masked, v.id, v.title, v.org_id, v.org_name,
           coalesce($message, ''), v.county_code, v.area_code
      FROM vacancy v, person p WHERE v.is_open AND NOT EXISTS (SELECT FROM applied)
    ON CONFLICT (person_id, vacancy_id) DO NOTHING
    RETURNING i AS i
), told AS (
    SELECT jobs.tell((i).person_id, NULL, 'invitation', '有单位邀请您投递',
                     (i).org_name || '邀请您投递“' || (i).vacancy_title || '”', 'invitation', (i).id)
      FROM made
)
SELECT jobs.invitation_reply(i) AS reply FROM made WHERE (SELECT count(*) FROM told) > 0
UNION ALL
SELECT platform.refuse(CASE WHEN NOT v.is_open THEN 'jobs.vacancy_not_open'
                            WHEN NOT EXISTS (SELECT FROM person) THEN 'jobs.not_findable'
                            WHEN EXISTS (SELECT FROM applied) THEN 'jobs.already_applied'
                            ELSE 'jobs.already_invited' END)
  FROM vacancy v WHERE NOT EXISTS (SELECT FROM made);

-- name: job_invitation_list_person :many read
-- args: after text, lim int4, caller_person uuid, state text
SELECT jobs.invitation_reply(i) AS reply, i.id::text AS cursor
  FROM jobs.invitation i
 WHERE i.person_id = $caller_person
   AND i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR i.state = $state)
 ORDER BY i.id DESC LIMIT $lim;

-- name: job_invitation_list_org :many read
-- args: after text, lim int4, caller_org uuid, state text
SELECT jobs.invitation_reply(i) AS reply, i.id::text AS cursor
  FROM jobs.invitation i
 WHERE i.org_id = $caller_org
   AND i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR i.state = $state)
 ORDER BY i.id DESC LIMIT $lim;

-- name: job_invitation_decline :one
-- args: id uuid, caller_person uuid, reason text
WITH found AS (
    SELECT i.id, i.state FROM jobs.invitation i
     WHERE i.id = $id AND i.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE jobs.invitation AS i SET state = 'declined', reason = $reason, answered_at = platform.now()
      FROM found WHERE i.id = found.id AND found.state = 'sent'
    RETURNING i AS i
), told AS (
    SELECT jobs.tell(NULL, (i).org_id, 'invitation', '邀请被谢绝',
                     '受邀人谢绝了“' || (i).vacancy_title || '”', 'invitation', (i).id)
      FROM moved
)
SELECT jobs.invitation_reply(i) AS reply FROM moved WHERE (SELECT count(*) FROM told) > 0
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- ---- telling people of new postings ----

-- name: match_due_list :many read
-- args: lim int4
SELECT v.id, v.occupation_code, v.county_code, v.area_code, v.lat_e6, v.lng_e6, v.pay_min_cents,
       v.pay_max_cents, v.pay_unit, v.form, v.education_code, v.skill_level::int4 AS skill_level,
       array_to_string(v.skills, chr(31)) AS skills, array_to_string(v.benefits, chr(31)) AS benefits,
       (coalesce(v.posted_at, v.created_at) AT TIME ZONE 'Asia/Shanghai')::date AS posted_on,
       v.expires_on, CASE WHEN v.state = 'open' THEN v.headcount_left ELSE 0 END AS headcount_left,
       jobs.match_weights() AS weights
  FROM jobs.match_due d JOIN jobs.vacancy v ON v.id = d.vacancy_id
 ORDER BY d.at LIMIT $lim;

-- Who is told: not of what they have seen to already, and not too often a day.
-- name: match_tell :one
-- args: vacancy uuid, people jsonb, cap int8
WITH due AS (
    DELETE FROM jobs.match_due d WHERE d.vacancy_id = $vacancy RETURNING d.vacancy_id
), told AS (
    INSERT INTO jobs.match_told AS t (person_id, vacancy_id, score, county_code, area_code)
    SELECT p.id, due.vacancy_id, x.score, p.county_code, p.area_code
      FROM due, jsonb_to_recordset($people) AS x (id uuid, score int4)
      JOIN jobs.person p ON p.id = x.id
     WHERE jobs.consents(p.id, 'auto_match', NULL, true)
       AND (SELECT count(*) FROM jobs.match_told n
             WHERE n.person_id = p.id AND n.told_on = platform.today()) < $cap
       AND NOT EXISTS (SELECT FROM jobs.application a
                        WHERE a.person_id = p.id AND a.vacancy_id = due.vacancy_id)
    ON CONFLICT (person_id, vacancy_id) DO NOTHING
    RETURNING t.person_id
)
SELECT count(jobs.tell(told.person_id, NULL, 'match', '有新岗位适合您',
                       v.org_name || '：' || v.title, 'vacancy', v.id)) AS told
  FROM told, jobs.vacancy v WHERE v.id = $vacancy;

-- ---- the night ----

-- name: match_day_take :one
-- args:
WITH made AS (
    INSERT INTO jobs.match_day (day, total, weight_version)
    SELECT platform.today(), (SELECT count(*) FROM jobs.unemployment u WHERE u.ended_on IS NULL),
           split_part(jobs.match_weights(), ',', 1)::int4
     WHERE NOT EXISTS (SELECT FROM jobs.match_day d WHERE d.day = platform.today())
    ON CONFLICT DO NOTHING
    RETURNING day, reached
)
SELECT m.day, m.reached FROM made m
UNION ALL
SELECT d.day, d.reached FROM jobs.match_day d
 WHERE d.day = platform.today() AND d.finished_at IS NULL;

-- name: match_day_people :many read
-- args: after uuid, lim int4
SELECT f.*, jobs.match_weights() AS weights FROM jobs.match_facts(ARRAY(
    SELECT u.person_id FROM jobs.unemployment u
     WHERE u.ended_on IS NULL AND u.person_id > $after ORDER BY u.person_id LIMIT $lim)) AS f;

-- One page of people: their lists are replaced and the day moves on, if nobody
-- else moved it. A list that nobody may have (switched off meanwhile) is not kept.
-- name: match_day_put :one
-- args: day date, reached uuid, next uuid, people text[], rows jsonb, worked_ms int8
WITH moved AS (
    UPDATE jobs.match_day AS d SET reached = $next, done = d.done + cardinality($people::text[]),
           results = d.results + jsonb_array_length($rows), worked_ms = d.worked_ms + $worked_ms
     WHERE d.day = $day AND d.reached = $reached AND d.finished_at IS NULL
    RETURNING d.day
), gone AS (
    DELETE FROM jobs.match_list l USING moved
     WHERE l.person_id = ANY ($people::text[]::uuid[])
       AND NOT EXISTS (SELECT FROM jsonb_to_recordset($rows) AS x (person uuid, rank int2)
                        WHERE x.person = l.person_id AND x.rank = l.rank)
), made AS (
    INSERT INTO jobs.match_list AS l (person_id, rank, vacancy_id, score, parts, whys, weight_version,
                                      made_on, county_code, area_code)
    SELECT x.person, x.rank, x.vacancy, x.score, x.parts, x.whys, x.version, moved.day,
           p.county_code, p.area_code
      FROM moved, jsonb_to_recordset($rows) AS x (person uuid, rank int2, vacancy uuid, score int4,
                                                  parts int2[], whys int2[], version int4)
      JOIN jobs.person p ON p.id = x.person
     WHERE jobs.consents(p.id, 'auto_match', NULL, true)
    ON CONFLICT (person_id, rank) DO UPDATE
       SET vacancy_id = excluded.vacancy_id, score = excluded.score, parts = excluded.parts,
           whys = excluded.whys, weight_version = excluded.weight_version,
           made_on = excluded.made_on, county_code = excluded.county_code,
           area_code = excluded.area_code
)
SELECT count(*) AS moved FROM moved;

-- Lists of earlier days belong to people who are no longer registered.
-- name: match_day_end :exec
-- args: day date
WITH ended AS (
    UPDATE jobs.match_day AS d SET finished_at = clock_timestamp()
     WHERE d.day = $day AND d.finished_at IS NULL RETURNING d.day
)
DELETE FROM jobs.match_list l USING ended WHERE l.made_on < ended.day;

-- name: match_day_list :many read
-- args: after text, lim int4
SELECT jsonb_build_object('day', d.day, 'done', d.done, 'total', d.total, 'results', d.results,
           'seconds', (d.worked_ms + 999) / 1000, 'weight_version', d.weight_version,
           'started_at', d.started_at, 'finished_at', d.finished_at)::text AS reply,
       d.day::text AS cursor
  FROM jobs.match_day d
 WHERE $after::text IS NULL OR d.day < $after::text::date
 ORDER BY d.day DESC LIMIT $lim;

-- ---- weights ----

-- name: match_weight_list :many read
-- args: after text, lim int4
SELECT jobs.match_weight_reply(w) AS reply, w.version::text AS cursor
  FROM jobs.match_weight w WHERE $after::text IS NULL OR w.version < $after::text::int4
 ORDER BY w.version DESC LIMIT $lim;

-- name: match_weight_set :one
-- args: from_on date, occupation int4, place int4, pay int4, form int4, education int4,
--       skill_level int4, skills int4, benefits int4, freshness int4, note text
INSERT INTO jobs.match_weight AS w (from_on, occupation, place, pay, form, education, skill_level,
                                    skills, benefits, freshness, note)
VALUES ($from_on, $occupation, $place, $pay, $form, $education, $skill_level, $skills, $benefits,
        $freshness, $note)
RETURNING jobs.match_weight_reply(w) AS reply;
