-- Seekers for work that is no posting (yet): how many fit, and who, for the
-- officers of their counties.

-- name: seeker_weights :one read
-- args:
SELECT jobs.match_weights() AS weights;

-- name: seeker_count :one read
-- args: ids text[], county_code text
SELECT count(*) AS seekers, count(*) FILTER (WHERE f.county_code = $county_code) AS seekers_county
  FROM jobs.match_findable($ids::text[]::uuid[]) AS f;

-- name: seeker_shown :many read
-- args: ids text[]
SELECT f.person_id, jsonb_build_object(
           'person_id', f.person_id, 'name_masked', f.name_masked, 'county_code', f.county_code,
           'education_code', f.education_code, 'skill_level', f.skill_level, 'skills', f.skills,
           'experience_years', f.experience_years, 'occupations', f.occupations)::text AS person
  FROM unnest($ids::text[]::uuid[]) WITH ORDINALITY AS x (id, ord)
  JOIN jobs.match_findable($ids::text[]::uuid[]) AS f ON f.person_id = x.id
 WHERE platform.in_areas(f.county_code, NULL)
 ORDER BY x.ord;
