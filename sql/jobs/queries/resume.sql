-- name: resume_get :one read
-- args: caller_person uuid
SELECT jobs.resume_reply(r) AS reply FROM jobs.resume r WHERE r.person_id = $caller_person;

-- The whole of it: what is not given is gone.
-- name: resume_put :one tells
-- args: caller_person uuid, state text, education_code text, school text, major text,
--       graduated_on date, skill_level int4?, skills text[], experience jsonb,
--       experience_years int4, occupations text[], areas text[], forms text[], benefits text[],
--       pay_least_cents int8?, pay_unit text, lat_e6 int4?, lng_e6 int4?, intro text,
--       is_findable bool
WITH person AS (
    SELECT p.id, p.name_masked, p.county_code, p.area_code FROM jobs.person p WHERE p.id = $caller_person
), made AS (
    INSERT INTO jobs.resume AS r (person_id, name_masked, state, education_code, school, major,
        graduated_on, skill_level, skills, experience, experience_years, occupations, areas, forms,
        benefits, pay_least_cents, pay_unit, lat_e6, lng_e6, intro, is_findable, county_code,
        area_code, updated_at)
    SELECT p.id, p.name_masked, $state, $education_code, $school, $major,
           $graduated_on, $skill_level, $skills, $experience, $experience_years, $occupations,
           $areas, $forms, $benefits, $pay_least_cents, $pay_unit, $lat_e6, $lng_e6,
           coalesce($intro, ''), $is_findable, p.county_code, p.area_code, platform.now()
      FROM person p
    ON CONFLICT (person_id) DO UPDATE
       SET name_masked = excluded.name_masked, state = excluded.state,
           education_code = excluded.education_code, school = excluded.school,
           major = excluded.major, graduated_on = excluded.graduated_on,
           skill_level = excluded.skill_level, skills = excluded.skills,
           experience = excluded.experience, experience_years = excluded.experience_years,
           occupations = excluded.occupations, areas = excluded.areas, forms = excluded.forms,
           benefits = excluded.benefits, pay_least_cents = excluded.pay_least_cents,
           pay_unit = excluded.pay_unit, lat_e6 = excluded.lat_e6, lng_e6 = excluded.lng_e6,
           intro = excluded.intro, is_findable = excluded.is_findable,
           county_code = excluded.county_code, area_code = excluded.area_code,
           updated_at = excluded.updated_at
    RETURNING r AS r
)
SELECT jobs.resume_reply(r) AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.person_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: resume_delete :one tells
-- args: caller_person uuid
WITH gone AS (
    DELETE FROM jobs.resume r WHERE r.person_id = $caller_person RETURNING r.person_id
)
SELECT jsonb_build_object('person_id', person_id, 'deleted', true)::text AS reply FROM gone;

-- Whether employers whose postings fit may find it.
-- name: resume_show :one tells
-- args: caller_person uuid, is_findable bool
UPDATE jobs.resume AS r SET is_findable = $is_findable, updated_at = platform.now()
 WHERE r.person_id = $caller_person
RETURNING jobs.resume_reply(r) AS reply;

-- For officers of the area, and for who may read it by an application or a
-- consent: row-level security says which. Home and position are the officers'.
-- name: resume_get_person :one read
-- args: id uuid
SELECT (CASE WHEN platform.areas() IS NOT NULL THEN jobs.resume_reply(r)::jsonb
             ELSE jobs.resume_sent(r) || jsonb_build_object('person_id', r.person_id,
                                                            'name_masked', r.name_masked) END)::text AS reply
  FROM jobs.resume r WHERE r.person_id = $id;
