-- Postings and registrations as jobs tells of them, and the gaps between.

-- name: vacancy_put :exec
-- args: vacancy_id uuid, org_id uuid, occupation_code text, county_code text
INSERT INTO training.vacancy (id, org_id, occupation_code, county_code)
VALUES ($vacancy_id, $org_id, $occupation_code, $county_code)
ON CONFLICT (id) DO UPDATE
   SET org_id = excluded.org_id, occupation_code = excluded.occupation_code, county_code = excluded.county_code;

-- name: vacancy_move :exec
-- args: vacancy_id uuid, org_id uuid, state text, headcount_left int4, occupation_code text, county_code text
INSERT INTO training.vacancy (id, org_id, state, headcount_left, occupation_code, county_code)
VALUES ($vacancy_id, $org_id, $state, $headcount_left, $occupation_code, $county_code)
ON CONFLICT (id) DO UPDATE
   SET state = excluded.state, headcount_left = excluded.headcount_left, county_code = excluded.county_code,
       occupation_code = coalesce(excluded.occupation_code, training.vacancy.occupation_code);

-- name: jobless_put :exec
-- args: registration_id uuid, person_id uuid, registered_on date, county_code text
INSERT INTO training.jobless (id, person_id, registered_on, county_code)
VALUES ($registration_id, $person_id, $registered_on, $county_code)
ON CONFLICT (id) DO NOTHING;

-- name: jobless_restore :exec
-- args: registration_id uuid
UPDATE training.jobless SET ended_on = NULL WHERE id = $registration_id;

-- name: jobless_end :exec
-- args: registration_id uuid, ended_on date
UPDATE training.jobless SET ended_on = $ended_on WHERE id = $registration_id;

-- For officers of the county, in full.
-- name: gap_list :many read
-- args: after text, lim int4, county_code text, occupation_code text, sort text
WITH rows AS (
    SELECT g.*, CASE $sort WHEN 'openings' THEN g.openings WHEN 'available' THEN g.available
                           ELSE g.openings - g.available END AS place
      FROM training.gap_rows($occupation_code) g
     WHERE platform.in_areas(g.county_code, NULL)
       AND ($county_code::text IS NULL OR g.county_code = $county_code)
)
SELECT jsonb_build_object('county_code', r.county_code, 'occupation_code', r.occupation_code,
           'openings', r.openings, 'available', r.available, 'gap', r.openings - r.available,
           'certified', r.certified, 'wishes', r.wishes, 'needs', r.needs)::text AS reply,
       r.place || ':' || r.county_code || ':' || r.occupation_code AS cursor
  FROM rows r
 WHERE $after::text IS NULL
    OR (-r.place, r.county_code, r.occupation_code)
       > (-split_part($after, ':', 1)::bigint, split_part($after, ':', 2), split_part($after, ':', 3))
 ORDER BY r.place DESC, r.county_code, r.occupation_code
 LIMIT $lim;

-- For everybody: fewer than five people are not shown, nor what would tell them.
-- name: gap_figures :many read
-- args: after text, lim int4, county_code text, occupation_code text, sort text
WITH shown AS (
    SELECT g.county_code, g.occupation_code, g.openings, training.cell(g.available) AS available,
           g.openings - training.cell(g.available) AS gap, training.cell(g.certified) AS certified,
           training.cell(g.wishes) AS wishes, g.needs
      FROM training.gap_rows($occupation_code) g
     WHERE $county_code::text IS NULL OR g.county_code = $county_code
), rows AS (
    SELECT s.*, CASE $sort WHEN 'openings' THEN s.openings WHEN 'available' THEN coalesce(s.available, 0)
                           ELSE coalesce(s.gap, s.openings) END AS place
      FROM shown s
)
SELECT jsonb_build_object('county_code', r.county_code, 'occupation_code', r.occupation_code,
           'openings', r.openings, 'available', r.available, 'gap', r.gap, 'certified', r.certified,
           'wishes', r.wishes, 'needs', r.needs)::text AS reply,
       r.place || ':' || r.county_code || ':' || r.occupation_code AS cursor
  FROM rows r
 WHERE $after::text IS NULL
    OR (-r.place, r.county_code, r.occupation_code)
       > (-split_part($after, ':', 1)::bigint, split_part($after, ':', 2), split_part($after, ':', 3))
 ORDER BY r.place DESC, r.county_code, r.occupation_code
 LIMIT $lim;
