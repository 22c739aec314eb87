-- Employers as they describe themselves, and as the officers of the area know them.

-- name: employer_own :one read
-- args: caller_org uuid
SELECT jobs.employer_known(o, e) AS reply
  FROM jobs.org o LEFT JOIN jobs.employer e ON e.org_id = o.id
 WHERE o.id = $caller_org;

-- All of it at once: what is left out is empty afterwards. The park is the
-- officers' to say.
-- name: employer_put :one
-- args: org uuid, industry_code text, size text, intro text, address text, lat_e6 int4?, lng_e6 int4?
WITH made AS (
    INSERT INTO jobs.employer AS e (org_id, industry_code, size, intro, address, lat_e6, lng_e6,
                                    county_code, area_code)
    SELECT o.id, $industry_code, $size, coalesce($intro, ''), coalesce($address, ''), $lat_e6, $lng_e6,
           o.county_code, o.area_code
      FROM jobs.org o WHERE o.id = $org
    ON CONFLICT (org_id) DO UPDATE
       SET industry_code = excluded.industry_code, size = excluded.size, intro = excluded.intro,
           address = excluded.address, lat_e6 = excluded.lat_e6, lng_e6 = excluded.lng_e6,
           county_code = excluded.county_code, area_code = excluded.area_code,
           updated_at = platform.now()
    RETURNING e AS e
)
SELECT jobs.employer_known(o, (SELECT e FROM made)) AS reply FROM made, jobs.org o WHERE o.id = $org
UNION ALL
SELECT platform.refuse('jobs.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: employer_get :one read
-- args: id uuid
SELECT (jobs.employer_json(o, e) || jsonb_build_object('open_vacancies',
           (SELECT count(*) FROM jobs.vacancy v WHERE v.org_id = o.id AND v.state = 'open')))::text AS reply
  FROM jobs.org o LEFT JOIN jobs.employer e ON e.org_id = o.id
 WHERE o.id = $id;

-- name: employer_list :many read
-- args: after text, lim int4, q text, county_code text, park_code text, is_key bool?, is_doubtful bool?
SELECT jobs.employer_known(o, e) AS reply, o.id::text AS cursor
  FROM jobs.org o
  LEFT JOIN jobs.employer e ON e.org_id = o.id
  LEFT JOIN jobs.employer_mark m ON m.org_id = o.id
 WHERE platform.in_areas(o.county_code, o.area_code)
   AND o.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
   AND ($q::text IS NULL OR strpos(o.name, $q) > 0 OR o.uscc = upper($q))
   AND ($county_code::text IS NULL OR o.county_code = $county_code)
   AND ($park_code::text IS NULL OR e.park_code = $park_code)
   AND ($is_key::bool IS NULL OR coalesce(m.is_key, false) = $is_key)
   AND ($is_doubtful::bool IS NULL OR $is_doubtful =
        (NOT jobs.uscc_sound(o.uscc) AND m.uscc_accepted IS DISTINCT FROM o.uscc))
 ORDER BY o.id
 LIMIT $lim;

-- 重点企业 and its officer, and the park it lies in.
-- name: employer_mark :one
-- args: id uuid, is_key bool, key_officer_id uuid, note text, park_code text
WITH org AS (
    SELECT o.* FROM jobs.org o WHERE o.id = $id AND platform.in_areas(o.county_code, o.area_code)
), park AS (
    SELECT p.code FROM jobs.park p WHERE p.code = $park_code AND NOT p.is_closed
), fits AS (
    SELECT org.* FROM org WHERE $park_code::text IS NULL OR EXISTS (SELECT FROM park)
), profile AS (
    INSERT INTO jobs.employer AS e (org_id, park_code, county_code, area_code)
    SELECT f.id, $park_code, f.county_code, f.area_code FROM fits f
    ON CONFLICT (org_id) DO UPDATE SET park_code = excluded.park_code, updated_at = platform.now()
    RETURNING e AS e
), mark AS (
    INSERT INTO jobs.employer_mark AS m (org_id, is_key, key_officer, key_note, key_at, county_code, area_code)
    SELECT f.id, $is_key, CASE WHEN $is_key THEN coalesce($key_officer_id, platform.actor()) END,
           $note, platform.now(), f.county_code, f.area_code
      FROM fits f
    ON CONFLICT (org_id) DO UPDATE
       SET is_key = excluded.is_key, key_officer = excluded.key_officer, key_note = excluded.key_note,
           key_at = excluded.key_at
    RETURNING m AS m
)
SELECT (jobs.employer_json(o, (SELECT e FROM profile)) || jsonb_build_object(
           'uscc_doubtful', NOT jobs.uscc_sound(o.uscc) AND (m).uscc_accepted IS DISTINCT FROM o.uscc,
           'is_key', (m).is_key, 'key_officer_id', (m).key_officer, 'key_note', (m).key_note))::text AS reply
  FROM mark, jobs.org o WHERE o.id = $id
UNION ALL
SELECT platform.refuse('jobs.park_unknown /park_code') FROM org WHERE NOT EXISTS (SELECT FROM fits);

-- name: employer_accept_uscc :one
-- args: id uuid, reason text
WITH org AS (
    SELECT o.* FROM jobs.org o WHERE o.id = $id AND platform.in_areas(o.county_code, o.area_code)
), mark AS (
    INSERT INTO jobs.employer_mark AS m (org_id, uscc_accepted, uscc_reason, uscc_officer, uscc_at,
                                         county_code, area_code)
    SELECT org.id, org.uscc, $reason, platform.actor(), platform.now(), org.county_code, org.area_code
      FROM org WHERE NOT jobs.uscc_sound(org.uscc)
    ON CONFLICT (org_id) DO UPDATE
       SET uscc_accepted = excluded.uscc_accepted, uscc_reason = excluded.uscc_reason,
           uscc_officer = excluded.uscc_officer, uscc_at = excluded.uscc_at
    RETURNING m AS m
)
SELECT (jobs.employer_json(o, (SELECT e FROM jobs.employer e WHERE e.org_id = o.id)) || jsonb_build_object('uscc_doubtful', false,
           'uscc_reason', (m).uscc_reason, 'is_key', (m).is_key,
           'key_officer_id', (m).key_officer, 'key_note', (m).key_note))::text AS reply
  FROM mark, jobs.org o WHERE o.id = $id
UNION ALL
SELECT platform.refuse('jobs.uscc_sound') FROM org WHERE NOT EXISTS (SELECT FROM mark);

-- name: park_list :many read
-- args: after text, lim int4, county_code text
SELECT jsonb_build_object('code', p.code, 'name', p.name, 'county_code', p.county_code,
           'area_code', p.area_code, 'is_closed', p.is_closed)::text AS reply, p.code AS cursor
  FROM jobs.park p
 WHERE p.code > coalesce($after::text, '') AND ($county_code::text IS NULL OR p.county_code = $county_code)
 ORDER BY p.code
 LIMIT $lim;

-- name: park_put :one
-- args: code text, name text, county_code text, area_code text, is_closed bool
INSERT INTO jobs.park AS p (code, name, county_code, area_code, is_closed)
VALUES ($code, $name, $county_code, $area_code, $is_closed)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, is_closed = excluded.is_closed
 WHERE p.county_code = excluded.county_code
RETURNING jsonb_build_object('code', p.code, 'name', p.name, 'county_code', p.county_code,
    'area_code', p.area_code, 'is_closed', p.is_closed)::text AS reply;
