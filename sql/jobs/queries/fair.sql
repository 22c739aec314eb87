-- name: fair_make :one
-- args: fair uuid, title text, intro text, place text, lat_e6 int4?, lng_e6 int4?,
--       starts_at timestamptz, ends_at timestamptz, booths int4, posts_most int4,
--       county_code text, area_code text
WITH made AS (
    INSERT INTO jobs.fair AS f (id, title, intro, place, lat_e6, lng_e6, starts_at, ends_at,
                                county_code, area_code)
    VALUES ($fair, $title, coalesce($intro, ''), $place, $lat_e6, $lng_e6, $starts_at, $ends_at,
            $county_code, $area_code)
    RETURNING f AS f
), booth AS (
    INSERT INTO jobs.fair_booth (fair_id, booth_no, posts_most, county_code, area_code)
    SELECT (f).id, n, $posts_most, (f).county_code, (f).area_code
      FROM made, generate_series(1, $booths) AS n
)
SELECT (jobs.fair_json(f) || jsonb_build_object('booths', $booths))::text AS reply FROM made;

-- name: fair_cancel :one
-- args: id uuid, note text
WITH found AS (
    SELECT f.id, f.state FROM jobs.fair f
     WHERE f.id = $id AND platform.in_areas(f.county_code, f.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.fair AS f SET state = 'cancelled', note = $note
      FROM found WHERE f.id = found.id AND found.state IN ('planned', 'open')
    RETURNING f AS f
)
SELECT jobs.fair_json(f)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: fair_tick :one
-- args:
WITH moved AS (
    UPDATE jobs.fair AS f
       SET state = CASE WHEN f.ends_at <= platform.now() THEN 'ended' ELSE 'open' END
     WHERE (f.state = 'planned' AND f.starts_at <= platform.now())
        OR (f.state = 'open' AND f.ends_at <= platform.now())
    RETURNING f.id
)
SELECT count(*) AS n FROM moved;

-- ---- booths -------------------------------------------------------------------

-- Once a fair; who was withdrawn may ask again, who was refused may not.
-- name: fair_apply :one
-- args: id uuid, caller_org uuid, wish text
WITH found AS (
    SELECT f.id, f.county_code, f.area_code, f.state = 'planned' AS is_ahead
      FROM jobs.fair f WHERE f.id = $id
), made AS (
    INSERT INTO jobs.fair_entry AS e (fair_id, org_id, org_name, wish, county_code, area_code)
    SELECT found.id, o.id, o.name, $wish, found.county_code, found.area_code
      FROM found, jobs.org o WHERE o.id = $caller_org AND found.is_ahead
    ON CONFLICT (fair_id, org_id) DO UPDATE SET state = 'applied', wish = excluded.wish, note = NULL
        WHERE e.state = 'withdrawn'
    RETURNING e AS e
)
SELECT jobs.fair_entry_json(e)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT found.is_ahead THEN 'state.wrong'
                            WHEN NOT EXISTS (SELECT FROM jobs.org o WHERE o.id = $caller_org)
                            THEN 'jobs.org_unknown' ELSE 'state.exists' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- Two officers do not give the same booth away: whoever gives one out holds the
-- fair's row first, and looks only then.
-- name: fair_hold :one
-- args: id uuid
SELECT f.id FROM jobs.fair f JOIN jobs.fair_entry e ON e.fair_id = f.id
 WHERE e.id = $id AND platform.in_areas(e.county_code, e.area_code) FOR UPDATE OF f;

-- A given booth, or the lowest free one; none: the employer waits.
-- name: fair_assign :one
-- args: id uuid, booth_no int4?
WITH found AS (
    SELECT e.id, e.fair_id, e.state FROM jobs.fair_entry e
     WHERE e.id = $id AND platform.in_areas(e.county_code, e.area_code)
), held AS (
    SELECT f.id, f.state FROM jobs.fair f JOIN found ON found.fair_id = f.id
), wanted AS MATERIALIZED (
    SELECT found.id, coalesce($booth_no, jobs.fair_free_booth(held.id)) AS booth_no,
           held.state = 'planned' AND (found.state IN ('applied', 'waiting')
               OR found.state = 'assigned' AND $booth_no::int4 IS NOT NULL) AS is_ahead,
           $booth_no::int4 IS NULL OR EXISTS (SELECT FROM jobs.fair_booth b
               WHERE b.fair_id = held.id AND b.booth_no = $booth_no) AS is_there,
           EXISTS (SELECT FROM jobs.fair_entry o WHERE o.fair_id = held.id
                      AND o.booth_no = $booth_no AND o.id <> found.id) AS is_held
      FROM found, held
), moved AS (
    UPDATE jobs.fair_entry AS e
       SET state = CASE WHEN w.booth_no IS NULL THEN 'waiting' ELSE 'assigned' END,
           booth_no = w.booth_no
      FROM wanted w WHERE e.id = w.id AND w.is_ahead AND w.is_there AND NOT w.is_held
    RETURNING e AS e
)
SELECT jobs.fair_entry_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN NOT w.is_ahead THEN 'state.wrong'
                            WHEN NOT w.is_there THEN 'field.choice /booth_no'
                            ELSE 'jobs.booth_held' END)
  FROM wanted w WHERE NOT EXISTS (SELECT FROM moved);

-- name: fair_refuse :one
-- args: id uuid, note text
WITH found AS (
    SELECT e.id, e.state FROM jobs.fair_entry e
     WHERE e.id = $id AND platform.in_areas(e.county_code, e.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.fair_entry AS e SET state = 'refused', booth_no = NULL, note = $note
      FROM found WHERE e.id = found.id AND found.state IN ('applied', 'waiting', 'assigned')
    RETURNING e AS e
)
SELECT jobs.fair_entry_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: fair_withdraw :one
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT e.id, e.state FROM jobs.fair_entry e WHERE e.id = $id AND e.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.fair_entry AS e SET state = 'withdrawn', booth_no = NULL
      FROM found WHERE e.id = found.id AND found.state IN ('applied', 'waiting', 'assigned')
    RETURNING e AS e
)
SELECT jobs.fair_entry_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- As many postings as the booth shows, own and open.
-- name: fair_vacancy_add :one
-- args: id uuid, caller_org uuid, vacancy_id uuid
WITH entry AS (
    SELECT e.fair_id, e.booth_no, e.county_code, e.area_code FROM jobs.fair_entry e
     WHERE e.fair_id = $id AND e.org_id = $caller_org AND e.state = 'assigned' FOR UPDATE
), room AS (
    SELECT entry.*, f.state IN ('planned', 'open') AS is_ahead,
           b.posts_most > (SELECT count(*) FROM jobs.fair_vacancy x
                            WHERE x.fair_id = entry.fair_id AND x.org_id = $caller_org) AS is_left
      FROM entry JOIN jobs.fair f ON f.id = entry.fair_id
      JOIN jobs.fair_booth b ON b.fair_id = entry.fair_id AND b.booth_no = entry.booth_no
), post AS (
    SELECT v.id, v.state = 'open' AS is_open FROM jobs.vacancy v
     WHERE v.id = $vacancy_id AND v.org_id = $caller_org
), made AS (
    INSERT INTO jobs.fair_vacancy AS l (fair_id, vacancy_id, org_id, county_code, area_code)
    SELECT r.fair_id, post.id, $caller_org, r.county_code, r.area_code
      FROM room r, post WHERE r.is_ahead AND r.is_left AND post.is_open
    ON CONFLICT (fair_id, vacancy_id) DO NOTHING
    RETURNING l.fair_id, l.vacancy_id, l.org_id
)
SELECT jsonb_build_object('fair_id', fair_id, 'vacancy_id', vacancy_id, 'org_id', org_id)::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM room) THEN 'jobs.booth_none'
                            WHEN NOT (SELECT is_ahead FROM room) THEN 'state.wrong'
                            WHEN NOT EXISTS (SELECT FROM post) THEN 'state.reference'
                            WHEN NOT (SELECT is_open FROM post) THEN 'jobs.vacancy_not_open'
                            WHEN EXISTS (SELECT FROM jobs.fair_vacancy x WHERE x.fair_id = $id
                                            AND x.vacancy_id = $vacancy_id) THEN 'state.exists'
                            ELSE 'jobs.booth_full' END)
  FROM jobs.fair f WHERE f.id = $id AND NOT EXISTS (SELECT FROM made);

-- name: fair_vacancy_drop :one
-- args: id uuid, caller_org uuid, vacancy_id uuid
WITH gone AS (
    DELETE FROM jobs.fair_vacancy l
     WHERE l.fair_id = $id AND l.vacancy_id = $vacancy_id AND l.org_id = $caller_org
    RETURNING l.fair_id, l.vacancy_id, l.org_id
)
SELECT jsonb_build_object('fair_id', fair_id, 'vacancy_id', vacancy_id, 'org_id', org_id)::text AS reply
  FROM gone;

-- ---- visitors -----------------------------------------------------------------

-- name: fair_sign_up :one
-- args: id uuid, caller_person uuid
WITH found AS (
    SELECT f.id, f.county_code, f.area_code, f.state IN ('planned', 'open') AS is_ahead
      FROM jobs.fair f WHERE f.id = $id
), made AS (
    INSERT INTO jobs.fair_visitor AS p (fair_id, person_id, name_masked, county_code, area_code)
    SELECT found.id, x.id, x.name_masked, found.county_code, found.area_code
      FROM found, jobs.person x WHERE x.id = $caller_person AND found.is_ahead
    ON CONFLICT (fair_id, person_id) DO NOTHING
    RETURNING p.fair_id, p.person_id, p.name_masked, p.code, p.checked_in_at
)
SELECT jsonb_build_object('fair_id', fair_id, 'person_id', person_id, 'name_masked', name_masked,
                          'code', code, 'checked_in_at', checked_in_at)::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT found.is_ahead THEN 'state.wrong'
                            WHEN NOT EXISTS (SELECT FROM jobs.person x WHERE x.id = $caller_person)
                            THEN 'jobs.person_unknown' ELSE 'state.exists' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- At the gate, on the day; the code says who it is.
-- name: fair_check_in :one
-- args: id uuid, code text
WITH found AS (
    SELECT p.id, p.checked_in_at, f.state FROM jobs.fair_visitor p JOIN jobs.fair f ON f.id = p.fair_id
     WHERE p.fair_id = $id AND p.code = upper($code)
       AND platform.in_areas(p.county_code, p.area_code) FOR UPDATE OF p
), moved AS (
    UPDATE jobs.fair_visitor AS p SET checked_in_at = platform.now(), checked_in_by = platform.actor()
      FROM found WHERE p.id = found.id AND found.checked_in_at IS NULL AND found.state = 'open'
    RETURNING p.fair_id, p.person_id, p.name_masked, p.code, p.checked_in_at
)
SELECT jsonb_build_object('fair_id', fair_id, 'person_id', person_id, 'name_masked', name_masked,
                          'code', code, 'checked_in_at', checked_in_at)::text AS reply
  FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.checked_in_at IS NULL THEN 'state.wrong' ELSE 'state.exists' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- ---- reading ------------------------------------------------------------------

-- With who stands where, and what they offer.
-- name: fair_get :one read
-- args: id uuid
SELECT (jobs.fair_json(f) || jobs.fair_counts(f) || jsonb_build_object(
           'exhibitors', (SELECT coalesce(jsonb_agg(jsonb_build_object('booth_no', e.booth_no,
                                     'org_id', e.org_id, 'org_name', e.org_name) ORDER BY e.booth_no), '[]')
                            FROM jobs.fair_entry e WHERE e.fair_id = f.id AND e.state = 'assigned'),
           'vacancies', (SELECT coalesce(jsonb_agg(jobs.vacancy_reply(v)::jsonb ORDER BY v.id), '[]')
                           FROM jobs.fair_vacancy l JOIN jobs.vacancy v ON v.id = l.vacancy_id
                          WHERE l.fair_id = f.id)))::text AS reply
  FROM jobs.fair f WHERE f.id = $id;

-- name: fair_list :many read
-- args: after text, lim int4, county_code text, state text, upcoming bool?
SELECT (jobs.fair_json(f) || jobs.fair_counts(f))::text AS reply, f.id::text AS cursor
  FROM jobs.fair f
 WHERE f.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR f.county_code = $county_code)
   AND ($state::text IS NULL OR f.state = $state)
   AND ($upcoming::bool IS NULL OR (f.state IN ('planned', 'open') AND f.ends_at > platform.now()) = $upcoming)
 ORDER BY f.id DESC
 LIMIT $lim;

-- name: fair_entry_list_org :many read
-- args: after text, lim int4, caller_org uuid, state text
SELECT jobs.fair_entry_json(e)::text AS reply, e.id::text AS cursor
  FROM jobs.fair_entry e
 WHERE e.org_id = $caller_org
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR e.state = $state)
 ORDER BY e.id DESC
 LIMIT $lim;

-- name: fair_entry_list :many read
-- args: after text, lim int4, fair_id uuid, state text
SELECT jobs.fair_entry_json(e)::text AS reply, e.id::text AS cursor
  FROM jobs.fair_entry e
 WHERE platform.in_areas(e.county_code, e.area_code)
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($fair_id::uuid IS NULL OR e.fair_id = $fair_id)
   AND ($state::text IS NULL OR e.state = $state)
 ORDER BY e.id DESC
 LIMIT $lim;

-- name: fair_visit_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jsonb_build_object('fair_id', p.fair_id, 'person_id', p.person_id, 'name_masked', p.name_masked,
                          'code', p.code, 'checked_in_at', p.checked_in_at, 'title', f.title,
                          'place', f.place, 'starts_at', f.starts_at, 'state', f.state)::text AS reply,
       p.id::text AS cursor
  FROM jobs.fair_visitor p JOIN jobs.fair f ON f.id = p.fair_id
 WHERE p.person_id = $caller_person
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY p.id DESC
 LIMIT $lim;

-- Totals and one line an employer; with `blur` numbers of people below five are
-- not told.
-- name: fair_report :one read
-- args: id uuid, blur bool
WITH fair AS (
    SELECT f, jobs.fair_counts(f) AS n FROM jobs.fair f
     WHERE f.id = $id AND platform.in_areas(f.county_code, f.area_code)
), line AS (
    SELECT e.booth_no, e.org_id, e.org_name,
           (SELECT count(*) FROM jobs.fair_vacancy v
             WHERE v.fair_id = e.fair_id AND v.org_id = e.org_id) AS posts,
           (SELECT i.intentions FROM jobs.fair_intentions(fair.f, e.org_id) AS i) AS intentions
      FROM fair JOIN jobs.fair_entry e ON e.fair_id = (fair.f).id AND e.state = 'assigned'
)
SELECT (jobs.fair_json(f) || jsonb_build_object(
           'employers', n -> 'employers', 'posts', n -> 'posts', 'places', n -> 'places',
           'blurred', $blur)
        || (SELECT jsonb_object_agg(k, CASE WHEN $blur AND (n ->> k)::int8 BETWEEN 1 AND 4
                                            THEN NULL ELSE (n ->> k)::int8 END)
              FROM unnest(ARRAY['sign_ups', 'visitors', 'intentions', 'hires']) AS k)
        || jsonb_build_object('exhibitors', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                  'booth_no', l.booth_no, 'org_id', l.org_id, 'org_name', l.org_name, 'posts', l.posts,
                  'intentions', CASE WHEN $blur AND l.intentions BETWEEN 1 AND 4 THEN NULL
                                     ELSE l.intentions END) ORDER BY l.booth_no), '[]')
              FROM line l)))::text AS reply
  FROM fair;
