-- The one way a hire is registered, through the platform or elsewhere: the
-- person by id or by blind index. An open 失业登记 ends with it; when that was
-- older than the hire, the hire counts as 失业人员再就业.
-- name: employment_register :one
-- args: person uuid, id_index text, org uuid, vacancy uuid, application uuid, hired_on date,
--       contract_type text, contract_months int4?, occupation_code text, wage_cents int8
WITH person AS (
    SELECT p.id, p.name_masked, (p.birth_on + interval '16 years')::date <= $hired_on AS of_age
      FROM jobs.person p
     WHERE p.id = (SELECT jobs.one_person(x.id) FROM jobs.person x
                    WHERE x.id = $person OR x.id_index = $id_index)
), ended AS (
    UPDATE jobs.unemployment AS u
       SET ended_on = greatest(u.registered_on, $hired_on), end_reason = 'hired'
      FROM person WHERE u.person_id = person.id AND u.ended_on IS NULL
    RETURNING u AS u
), standing AS (
    SELECT count(*) > 0 AS unemployed, coalesce(bool_or((u).is_difficult), false) AS difficult
      FROM ended WHERE (u).registered_on <= $hired_on
), made AS (
    INSERT INTO jobs.employment AS e (person_id, name_masked, org_id, org_name, vacancy_id,
                                      application_id, hired_on, contract_type, contract_months,
                                      occupation_code, wage_cents, was_unemployed, was_difficult,
                                      county_code, area_code)
    SELECT p.id, p.name_masked, o.id, o.name, $vacancy,
           $application, $hired_on, $contract_type, $contract_months,
           $occupation_code, $wage_cents, s.unemployed, s.difficult,
           o.county_code, o.area_code
      FROM person p, jobs.org o, standing s WHERE o.id = $org AND p.of_age
    ON CONFLICT (person_id, org_id) WHERE ended_on IS NULL DO NOTHING
    RETURNING e AS e
), told_ended AS (
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.unemployment.ended.v1', (u).id::text, (u).county_code,
           jsonb_build_object('registration_id', (u).id, 'person_id', (u).person_id,
                              'ended_on', (u).ended_on, 'reason', (u).end_reason,
                              'county_code', (u).county_code)
      FROM ended
), told AS (
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.employment.registered.v1', (e).id::text, (e).county_code,
           jsonb_build_object('employment_id', (e).id, 'person_id', (e).person_id,
                              'org_id', (e).org_id, 'hired_on', (e).hired_on,
                              'contract_type', (e).contract_type,
                              'contract_months', (e).contract_months,
                              'occupation_code', (e).occupation_code,
                              'wage_cents', (e).wage_cents,
                              'was_unemployed', (e).was_unemployed,
                              'was_difficult', (e).was_difficult,
                              'county_code', (e).county_code)
      FROM made
)
SELECT jobs.employment_reply(e) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM person) THEN 'jobs.person_unknown'
                            WHEN NOT (SELECT p.of_age FROM person p) THEN 'jobs.under_age'
                            WHEN NOT EXISTS (SELECT FROM jobs.org o WHERE o.id = $org)
                            THEN 'jobs.org_unknown'
                            ELSE 'jobs.already_employed' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: employment_end :one
-- args: id uuid, caller_org uuid, ended_on date, reason text
WITH found AS (
    SELECT e.id, e.ended_on, e.hired_on FROM jobs.employment e
     WHERE e.id = $id AND e.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.employment AS e SET ended_on = $ended_on, end_reason = $reason
      FROM found WHERE e.id = found.id AND found.ended_on IS NULL AND found.hired_on <= $ended_on
    RETURNING e AS e
), told AS (
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.employment.ended.v1', (e).id::text, (e).county_code,
           jsonb_build_object('employment_id', (e).id, 'person_id', (e).person_id,
                              'org_id', (e).org_id, 'ended_on', (e).ended_on,
                              'reason', (e).end_reason, 'county_code', (e).county_code)
      FROM moved
)
SELECT jobs.employment_reply(e) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.ended_on IS NOT NULL THEN 'state.wrong'
                            ELSE 'field.date_order /ended_on' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: employment_get :one read
-- args: id uuid
SELECT jobs.employment_reply(e) AS reply FROM jobs.employment e WHERE e.id = $id;

-- name: employment_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.employment_reply(e) AS reply, e.id::text AS cursor
  FROM jobs.employment e
 WHERE e.person_id = $caller_person
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY e.id DESC
 LIMIT $lim;

-- name: employment_list_org :many read
-- args: after text, lim int4, caller_org uuid, is_open bool?
SELECT jobs.employment_reply(e) AS reply, e.id::text AS cursor
  FROM jobs.employment e
 WHERE e.org_id = $caller_org
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($is_open::bool IS NULL OR (e.ended_on IS NULL) = $is_open)
 ORDER BY e.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: employment_list :many read
-- args: after text, lim int4, county_code text, hired_from date, hired_to date, is_open bool?
SELECT jobs.employment_reply(e) AS reply, e.id::text AS cursor
  FROM jobs.employment e
 WHERE e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR e.county_code = $county_code)
   AND ($hired_from::date IS NULL OR e.hired_on >= $hired_from)
   AND ($hired_to::date IS NULL OR e.hired_on <= $hired_to)
   AND ($is_open::bool IS NULL OR (e.ended_on IS NULL) = $is_open)
 ORDER BY e.id DESC
 LIMIT $lim;
