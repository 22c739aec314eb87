-- The host is the organisation acted for, or the county.
-- name: live_propose :one
-- args: live uuid, host_kind text, org uuid, host_name text, title text, intro text,
--       stream_url text, starts_at timestamptz, ends_at timestamptz, county_code text,
--       area_code text
WITH host AS (
    SELECT o.id, o.name, o.county_code, coalesce(o.area_code, o.county_code) AS area_code
      FROM jobs.org o WHERE o.id = $org
    UNION ALL
    SELECT NULL, NULL, $county_code, coalesce($area_code, $county_code) WHERE $org::uuid IS NULL
), made AS (
    INSERT INTO jobs.live_event AS e (id, host_kind, org_id, host_name, title, intro, stream_url,
                                      starts_at, ends_at, county_code, area_code)
    SELECT $live, $host_kind, h.id, coalesce($host_name, h.name), $title, coalesce($intro, ''),
           $stream_url, $starts_at, $ends_at, h.county_code, h.area_code
      FROM host h
    RETURNING e AS e
)
SELECT jobs.live_json(e)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- Whole, until it has been approved; it is checked anew.
-- name: live_change :one
-- args: id uuid, host_name text, title text, intro text, stream_url text,
--       starts_at timestamptz, ends_at timestamptz
WITH found AS (
    SELECT e.id, e.state FROM jobs.live_event e
     WHERE e.id = $id AND e.org_id IS NOT DISTINCT FROM platform.org() FOR UPDATE
), moved AS (
    UPDATE jobs.live_event AS e
       SET host_name = coalesce($host_name, e.host_name), title = $title,
           intro = coalesce($intro, ''), stream_url = $stream_url, starts_at = $starts_at,
           ends_at = $ends_at, state = 'checking', note = NULL, made_by = platform.actor()
      FROM found WHERE e.id = found.id AND found.state IN ('checking', 'returned')
    RETURNING e AS e
)
SELECT jobs.live_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: live_approve :one
-- args: id uuid
WITH found AS (
    SELECT e.id, e.state, e.made_by FROM jobs.live_event e
     WHERE e.id = $id AND platform.in_areas(e.county_code, e.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.live_event AS e SET state = 'planned', note = NULL, checked_by = platform.actor()
      FROM found WHERE e.id = found.id AND found.state = 'checking'
       AND found.made_by IS DISTINCT FROM platform.actor()
    RETURNING e AS e
)
SELECT jobs.live_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state = 'checking' THEN 'jobs.live_same_hand'
                            ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: live_return :one
-- args: id uuid, note text
WITH found AS (
    SELECT e.id, e.state FROM jobs.live_event e
     WHERE e.id = $id AND platform.in_areas(e.county_code, e.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.live_event AS e SET state = 'returned', note = $note
      FROM found WHERE e.id = found.id AND found.state = 'checking'
    RETURNING e AS e
)
SELECT jobs.live_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- By the host, from an hour before; the clock does it at the latest.
-- name: live_start :one
-- args: id uuid
WITH found AS (
    SELECT e.id, e.state FROM jobs.live_event e
     WHERE e.id = $id AND e.org_id IS NOT DISTINCT FROM platform.org() FOR UPDATE
), moved AS (
    UPDATE jobs.live_event AS e SET state = 'live', started_at = platform.now()
      FROM found WHERE e.id = found.id AND found.state = 'planned'
       AND platform.now() >= e.starts_at - interval '1 hour'
    RETURNING e AS e
)
SELECT jobs.live_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state = 'planned' THEN 'jobs.live_early'
                            ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: live_end :one
-- args: id uuid
WITH found AS (
    SELECT e.id, e.state FROM jobs.live_event e
     WHERE e.id = $id AND e.org_id IS NOT DISTINCT FROM platform.org() FOR UPDATE
), moved AS (
    UPDATE jobs.live_event AS e SET state = 'ended', ended_at = platform.now()
      FROM found WHERE e.id = found.id AND found.state = 'live'
    RETURNING e AS e
)
SELECT jobs.live_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- By the host, or by an officer of the area.
-- name: live_cancel :one
-- args: id uuid, note text
WITH found AS (
    SELECT e.id, e.state FROM jobs.live_event e
     WHERE e.id = $id AND (e.org_id = platform.org() OR platform.in_areas(e.county_code, e.area_code))
       FOR UPDATE
), moved AS (
    UPDATE jobs.live_event AS e SET state = 'cancelled', note = $note
      FROM found WHERE e.id = found.id AND found.state IN ('checking', 'returned', 'planned', 'live')
    RETURNING e AS e
)
SELECT jobs.live_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: live_replay :one
-- args: id uuid, replay_url text
WITH found AS (
    SELECT e.id, e.state FROM jobs.live_event e
     WHERE e.id = $id AND e.org_id IS NOT DISTINCT FROM platform.org() FOR UPDATE
), moved AS (
    UPDATE jobs.live_event AS e SET replay_url = $replay_url
      FROM found WHERE e.id = found.id AND found.state = 'ended'
    RETURNING e AS e
)
SELECT jobs.live_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: live_invite :one
-- args: id uuid, org_id uuid
WITH found AS (
    SELECT e.id, e.title, e.county_code, e.area_code,
           e.state IN ('checking', 'returned', 'planned', 'live') AS is_ahead
      FROM jobs.live_event e
     WHERE e.id = $id AND e.org_id IS NOT DISTINCT FROM platform.org()
), made AS (
    INSERT INTO jobs.live_guest AS g (live_id, guest_id, guest_name, county_code, area_code)
    SELECT found.id, o.id, o.name, found.county_code, found.area_code
      FROM found, jobs.org o WHERE o.id = $org_id AND found.is_ahead
    ON CONFLICT (live_id, guest_id) DO NOTHING
    RETURNING g.live_id, g.guest_id, g.guest_name
), told AS MATERIALIZED (
    SELECT jobs.tell(NULL, made.guest_id, 'live.invited', '邀请参加直播带岗', found.title, 'live', found.id)
      FROM made, found
)
SELECT jsonb_build_object('live_id', made.live_id, 'guest_id', made.guest_id,
                          'guest_name', made.guest_name)::text AS reply
  FROM made, told
UNION ALL
SELECT platform.refuse(CASE WHEN NOT found.is_ahead THEN 'state.wrong'
                            WHEN NOT EXISTS (SELECT FROM jobs.org o WHERE o.id = $org_id)
                            THEN 'jobs.org_unknown' ELSE 'state.exists' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- The host's own postings, or those of an employer whom the host invited.
-- name: live_vacancy_add :one
-- args: id uuid, vacancy_id uuid
WITH found AS (
    SELECT e.id, e.county_code, e.area_code,
           e.org_id IS NOT DISTINCT FROM platform.org() OR EXISTS
               (SELECT FROM jobs.live_guest g WHERE g.live_id = e.id AND g.guest_id = platform.org())
               AS is_welcome,
           e.state IN ('checking', 'returned', 'planned', 'live') AS is_ahead
      FROM jobs.live_event e
     WHERE e.id = $id AND (platform.org() IS NOT NULL OR platform.in_areas(e.county_code, e.area_code))
), post AS (
    SELECT v.id, v.org_id, v.state = 'open' AS is_open FROM jobs.vacancy v
     WHERE v.id = $vacancy_id AND (v.org_id = platform.org() OR v.partner_id = platform.org()
                                   OR platform.in_areas(v.county_code, v.area_code))
), made AS (
    INSERT INTO jobs.live_vacancy AS l (live_id, vacancy_id, org_id, county_code, area_code)
    SELECT found.id, post.id, post.org_id, found.county_code, found.area_code
      FROM found, post WHERE found.is_welcome AND found.is_ahead AND post.is_open
    ON CONFLICT (live_id, vacancy_id) DO NOTHING
    RETURNING l.live_id, l.vacancy_id, l.org_id
)
SELECT jsonb_build_object('live_id', live_id, 'vacancy_id', vacancy_id, 'org_id', org_id)::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT found.is_welcome THEN 'jobs.live_not_invited'
                            WHEN NOT found.is_ahead THEN 'state.wrong'
                            WHEN NOT EXISTS (SELECT FROM post) THEN 'state.reference'
                            WHEN NOT (SELECT post.is_open FROM post) THEN 'jobs.vacancy_not_open'
                            ELSE 'state.exists' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- name: live_vacancy_drop :one
-- args: id uuid, vacancy_id uuid
WITH gone AS (
    DELETE FROM jobs.live_vacancy l WHERE l.live_id = $id AND l.vacancy_id = $vacancy_id
       AND (l.by_org = platform.org() OR platform.in_areas(l.county_code, l.area_code))
    RETURNING l.live_id, l.vacancy_id, l.org_id
)
SELECT jsonb_build_object('live_id', live_id, 'vacancy_id', vacancy_id, 'org_id', org_id)::text AS reply
  FROM gone;

-- name: live_sign_up :one
-- args: id uuid, caller_person uuid
WITH found AS (
    SELECT e.id, e.county_code, e.area_code, e.state IN ('planned', 'live') AS is_ahead
      FROM jobs.live_event e WHERE e.id = $id AND e.state <> 'checking'
), made AS (
    INSERT INTO jobs.live_signup AS s (live_id, person_id, county_code, area_code)
    SELECT found.id, p.id, found.county_code, found.area_code
      FROM found, jobs.person p WHERE p.id = $caller_person AND found.is_ahead
    ON CONFLICT (live_id, person_id) DO NOTHING
    RETURNING s.live_id, s.person_id, s.created_at
)
SELECT jsonb_build_object('live_id', live_id, 'person_id', person_id, 'created_at', created_at)::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT found.is_ahead THEN 'state.wrong'
                            WHEN NOT EXISTS (SELECT FROM jobs.person p WHERE p.id = $caller_person)
                            THEN 'jobs.person_unknown' ELSE 'state.exists' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- name: live_sign_off :one
-- args: id uuid, caller_person uuid
WITH gone AS (
    DELETE FROM jobs.live_signup s WHERE s.live_id = $id AND s.person_id = $caller_person
    RETURNING s.live_id, s.person_id, s.created_at
)
SELECT jsonb_build_object('live_id', live_id, 'person_id', person_id, 'created_at', created_at)::text AS reply
  FROM gone;

-- A sign of life from who is watching.
-- name: live_visit :one
-- args: id uuid, caller_person uuid
WITH found AS (
    SELECT e.id, e.county_code, e.area_code, e.state = 'live' AS is_live
      FROM jobs.live_event e WHERE e.id = $id AND e.state IN ('planned', 'live', 'ended')
), made AS (
    INSERT INTO jobs.live_visit AS v (live_id, person_id, county_code, area_code)
    SELECT found.id, p.id, found.county_code, found.area_code
      FROM found, jobs.person p WHERE p.id = $caller_person AND found.is_live
    ON CONFLICT (live_id, person_id) DO UPDATE SET last_at = platform.now()
    RETURNING v.live_id, v.person_id, v.created_at
)
SELECT jsonb_build_object('live_id', live_id, 'person_id', person_id, 'created_at', created_at)::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN found.is_live THEN 'jobs.person_unknown' ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- ---- clocks -------------------------------------------------------------------

-- name: live_tick :one
-- args:
WITH begun AS (
    UPDATE jobs.live_event AS e SET state = 'live', started_at = e.starts_at
     WHERE e.state = 'planned' AND e.starts_at <= platform.now() AND e.ends_at > platform.now()
    RETURNING e.id
), over AS (
    UPDATE jobs.live_event AS e SET state = 'ended', ended_at = e.ends_at,
           started_at = coalesce(e.started_at, e.starts_at)
     WHERE e.state IN ('planned', 'live') AND e.ends_at <= platform.now()
    RETURNING e.id
)
SELECT (SELECT count(*) FROM begun) + (SELECT count(*) FROM over) AS n;

-- An hour before, once.
-- name: live_remind :one
-- args:
WITH due AS (
    UPDATE jobs.live_signup AS s SET reminded = true
      FROM jobs.live_event e
     WHERE e.id = s.live_id AND NOT s.reminded AND e.state IN ('planned', 'live')
       AND e.starts_at <= platform.now() + interval '1 hour'
    RETURNING s.person_id, e.id, e.title, e.starts_at
), told AS MATERIALIZED (
    SELECT jobs.tell(due.person_id, NULL, 'live.remind', '直播带岗即将开始',
                     to_char(due.starts_at AT TIME ZONE 'Asia/Shanghai', 'MM月DD日 HH24:MI') || ' ' || due.title,
                     'live', due.id) FROM due
)
SELECT count(*) AS n FROM told;

-- ---- reading ------------------------------------------------------------------

-- With its postings, and for its host whom it invited.
-- name: live_event_get :one read
-- args: id uuid
SELECT (jobs.live_json(e) || jsonb_build_object(
           'vacancies', (SELECT coalesce(jsonb_agg(jobs.vacancy_reply(v)::jsonb ORDER BY v.id), '[]')
                           FROM jobs.live_vacancy l JOIN jobs.vacancy v ON v.id = l.vacancy_id
                          WHERE l.live_id = e.id)))::text AS reply
  FROM jobs.live_event e WHERE e.id = $id AND e.state IN ('planned', 'live', 'ended');

-- name: live_event_list :many read
-- args: after text, lim int4, county_code text, state text, upcoming bool?
SELECT jobs.live_json(e)::text AS reply, e.id::text AS cursor
  FROM jobs.live_event e
 WHERE e.state IN ('planned', 'live', 'ended')
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR e.county_code = $county_code)
   AND ($state::text IS NULL OR e.state = $state)
   AND ($upcoming::bool IS NULL OR (e.state IN ('planned', 'live') AND e.ends_at > platform.now()) = $upcoming)
 ORDER BY e.id DESC
 LIMIT $lim;

-- The host's own, in every state, with its guests.
-- name: live_list_own :many read
-- args: after text, lim int4, state text
SELECT (jobs.live_json(e) || jsonb_build_object(
           'guests', (SELECT coalesce(jsonb_agg(jsonb_build_object('guest_id', g.guest_id,
                                 'guest_name', g.guest_name) ORDER BY g.created_at), '[]')
                        FROM jobs.live_guest g WHERE g.live_id = e.id)))::text AS reply,
       e.id::text AS cursor
  FROM jobs.live_event e
 WHERE (e.org_id = platform.org() OR platform.in_areas(e.county_code, e.area_code))
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR e.state = $state)
 ORDER BY e.id DESC
 LIMIT $lim;

-- name: live_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.live_json(e)::text AS reply, e.id::text AS cursor
  FROM jobs.live_signup s JOIN jobs.live_event e ON e.id = s.live_id
 WHERE s.person_id = $caller_person
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY e.id DESC
 LIMIT $lim;
