-- The one way a hire is registered, through the platform or elsewhere: the
-- person by id or by blind index. An open 失业登记 ends with it; when that was
-- older than the hire, the hire counts as 失业人员再就业.
-- name: employment_register :one tells
-- args: person uuid, id_index text, org uuid, vacancy uuid, application uuid, form text,
--       hired_on date, contract_type text, contract_months int4?, occupation_code text, wage_cents int8
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
    SELECT count(*) > 0 AS unemployed,
           coalesce(bool_or((u).is_difficult OR jobs.is_difficult((u).person_id, $hired_on)), false)
               AS difficult
      FROM ended WHERE (u).registered_on <= $hired_on
), made AS (
    INSERT INTO jobs.employment AS e (person_id, name_masked, org_id, org_name, vacancy_id,
                                      application_id, form, hired_on, contract_type,
                                      contract_months, occupation_code, wage_cents, was_unemployed,
                                      was_difficult, county_code, area_code)
    SELECT p.id, p.name_masked, o.id, o.name, $vacancy,
           $application, $form, $hired_on, $contract_type, $contract_months,
           $occupation_code, $wage_cents, s.unemployed, s.difficult,
           o.county_code, o.area_code
      FROM person p, jobs.org o, standing s WHERE o.id = $org AND p.of_age
    ON CONFLICT (person_id, org_id) WHERE ended_on IS NULL DO NOTHING
    RETURNING e AS e
)
SELECT jobs.employment_reply(e) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM person) THEN 'jobs.person_unknown'
                            WHEN NOT (SELECT p.of_age FROM person p) THEN 'jobs.under_age'
                            WHEN NOT EXISTS (SELECT FROM jobs.org o WHERE o.id = $org)
                            THEN 'jobs.org_unknown'
                            ELSE 'jobs.already_employed' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: employment_end :one tells
-- args: id uuid, caller_org uuid, ended_on date, reason text
WITH found AS (
    SELECT e.id, e.ended_on, e.hired_on FROM jobs.employment e
     WHERE e.id = $id AND e.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.employment AS e SET ended_on = $ended_on, end_reason = $reason
      FROM found WHERE e.id = found.id AND found.ended_on IS NULL AND found.hired_on <= $ended_on
    RETURNING e AS e
)
SELECT jobs.employment_reply(e) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.ended_on IS NOT NULL THEN 'state.wrong'
                            ELSE 'field.date_order /ended_on' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Declared work (灵活、个体): where the person lives. Flexible work ends being
-- unemployed from the minimum wage on, or where an officer says that the income
-- is stable; while no minimum wage is set, only the officer's word counts.
-- name: employment_declare :one tells
-- args: person uuid, form text, work_kind text, work_place text, occupation_code text,
--       started_on date, income_cents int8, licence_uscc text, stable_note text
WITH person AS (
    SELECT p.id, p.name_masked, p.county_code, p.area_code,
           (p.birth_on + interval '16 years')::date <= $started_on AS of_age,
           jobs.person_retires_on(p) <= platform.today() AS retired,
           $form = 'self_employed' OR $stable_note::text IS NOT NULL
               OR coalesce($income_cents >= jobs.register_value('min_wage_cents', p.county_code,
                                                                platform.today()), false) AS stable
      FROM jobs.person p WHERE p.id = $person
), standing AS (
    SELECT count(*) > 0 AS unemployed,
           coalesce(bool_or(u.is_difficult OR jobs.is_difficult(u.person_id, $started_on)), false)
               AS difficult
      FROM person, jobs.unemployment u
     WHERE person.stable AND u.person_id = person.id AND u.ended_on IS NULL
       AND u.registered_on <= $started_on
), made AS (
    INSERT INTO jobs.employment AS e (person_id, name_masked, form, work_kind, work_place,
                                      occupation_code, hired_on, wage_cents, licence_uscc, is_stable,
                                      stable_note, was_unemployed, was_difficult, county_code,
                                      area_code)
    SELECT p.id, p.name_masked, $form, $work_kind, $work_place, $occupation_code, $started_on,
           $income_cents, $licence_uscc, p.stable, $stable_note, s.unemployed, s.difficult,
           p.county_code, p.area_code
      FROM person p, standing s WHERE p.of_age AND NOT p.retired
    ON CONFLICT (person_id) WHERE ended_on IS NULL AND org_id IS NULL DO NOTHING
    RETURNING e AS e
)
SELECT jobs.employment_reply(e) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM person) THEN 'jobs.person_unknown'
                            WHEN NOT (SELECT p.of_age FROM person p) THEN 'jobs.under_age'
                            WHEN (SELECT p.retired FROM person p) THEN 'jobs.retired'
                            ELSE 'jobs.already_declared' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: employment_undeclare :one tells
-- args: id uuid, ended_on date, reason text
WITH found AS (
    SELECT e.id, e.ended_on, e.hired_on FROM jobs.employment e
     WHERE e.id = $id AND e.org_id IS NULL FOR UPDATE
), moved AS (
    UPDATE jobs.employment AS e SET ended_on = $ended_on, end_reason = $reason
      FROM found WHERE e.id = found.id AND found.ended_on IS NULL AND found.hired_on <= $ended_on
    RETURNING e AS e
)
SELECT jobs.employment_reply(e) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.ended_on IS NOT NULL THEN 'state.wrong'
                            ELSE 'field.date_order /ended_on' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- An officer's word that flexible work pays enough; the trigger ends 失业登记.
-- name: employment_state_stable :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT e AS was FROM jobs.employment e WHERE e.id = $id AND e.org_id IS NULL FOR UPDATE
), moved AS (
    UPDATE jobs.employment AS e
       SET is_stable = true, stable_note = $note,
           was_unemployed = e.was_unemployed OR EXISTS (SELECT FROM jobs.unemployment u
               WHERE u.person_id = e.person_id AND u.ended_on IS NULL)
      FROM found WHERE e.id = (found.was).id AND (found.was).ended_on IS NULL AND NOT (found.was).is_stable
    RETURNING e AS e
), kept AS (
    INSERT INTO jobs.register_change (register, record_id, kind, reason, before, after, person_id,
                                      county_code, area_code)
    SELECT 'employment', (m.e).id, 'stable', $note, jobs.employment_terms(f.was),
           jobs.employment_terms(m.e), (m.e).person_id, (m.e).county_code, (m.e).area_code
      FROM moved m, found f
)
SELECT jobs.employment_reply(e) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- By the employer while the city lets it, later by an officer of the area; what
-- is not given stays. The terms before are kept.
-- name: employment_correct :one tells
-- args: id uuid, reason text, hired_on date, contract_type text, contract_months int4?,
--       occupation_code text, wage_cents int8?
WITH found AS (
    SELECT e AS was, e.ended_on IS NULL OR platform.org() IS NULL AS movable,
           jobs.register_value('correction_days', e.county_code, platform.today()) AS days,
           (e.created_at AT TIME ZONE 'Asia/Shanghai')::date AS entered_on,
           platform.org() IS NOT NULL AS by_employer
      FROM jobs.employment e
     WHERE e.id = $id AND e.org_id IS NOT NULL
       AND (platform.org() IS NULL OR e.org_id = platform.org()) FOR UPDATE
), moved AS (
    UPDATE jobs.employment AS e
       SET hired_on = coalesce($hired_on, e.hired_on),
           contract_type = coalesce($contract_type, e.contract_type),
           contract_months = CASE WHEN $contract_type::text IS NULL AND $contract_months::int4 IS NULL
                                  THEN e.contract_months ELSE $contract_months END,
           occupation_code = coalesce($occupation_code, e.occupation_code),
           wage_cents = coalesce($wage_cents, e.wage_cents)
      FROM found f
     WHERE e.id = (f.was).id AND f.movable
       AND (NOT f.by_employer OR f.entered_on + f.days::int4 >= platform.today())
       AND coalesce(coalesce($hired_on, e.hired_on) <= coalesce(e.contract_from, e.ended_on), true)
       AND coalesce(coalesce($hired_on, e.hired_on) <= e.ended_on, true)
    RETURNING e AS e
), kept AS (
    INSERT INTO jobs.register_change (register, record_id, kind, reason, before, after, person_id,
                                      org_id, county_code, area_code)
    SELECT 'employment', (m.e).id, 'correction', $reason, jobs.employment_terms(f.was),
           jobs.employment_terms(m.e), (m.e).person_id, (m.e).org_id, (m.e).county_code,
           (m.e).area_code
      FROM moved m, found f
)
SELECT jobs.employment_reply(e) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN NOT f.movable THEN 'state.wrong'
                            WHEN f.by_employer AND f.days IS NULL THEN 'jobs.correction_unset'
                            WHEN f.by_employer AND f.entered_on + f.days::int4 < platform.today()
                            THEN 'jobs.correction_late'
                            ELSE 'field.date_order /hired_on' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- 续签: another contract behind the one that runs.
-- name: employment_renew :one tells
-- args: id uuid, caller_org uuid, from_on date, contract_type text, contract_months int4?,
--       wage_cents int8?
WITH found AS (
    SELECT e AS was, e.ended_on IS NULL AS movable FROM jobs.employment e
     WHERE e.id = $id AND e.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.employment AS e
       SET contract_from = $from_on, contract_type = $contract_type,
           contract_months = $contract_months, wage_cents = coalesce($wage_cents, e.wage_cents)
      FROM found f
     WHERE e.id = (f.was).id AND f.movable AND $from_on > coalesce(e.contract_from, e.hired_on)
    RETURNING e AS e
), kept AS (
    INSERT INTO jobs.register_change (register, record_id, kind, reason, before, after, person_id,
                                      org_id, county_code, area_code)
    SELECT 'employment', (m.e).id, 'renewal', '续签劳动合同', jobs.employment_terms(f.was),
           jobs.employment_terms(m.e), (m.e).person_id, (m.e).org_id, (m.e).county_code,
           (m.e).area_code
      FROM moved m, found f
)
SELECT jobs.employment_reply(e) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN NOT f.movable THEN 'state.wrong'
                            ELSE 'field.date_order /from_on' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- What one record of either register said before.
-- name: register_change_list :many read
-- args: after text, lim int4, id uuid
SELECT jsonb_build_object('id', c.id, 'record_id', c.record_id, 'kind', c.kind, 'reason', c.reason,
           'before', c.before, 'after', c.after, 'actor_kind', c.actor_kind,
           'county_code', c.county_code, 'at', c.at)::text AS reply, c.id::text AS cursor
  FROM jobs.register_change c
 WHERE c.record_id = $id
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY c.id DESC
 LIMIT $lim;

-- ---- values that a city or a county sets ----

-- name: register_value_set :one
-- args: name text, county_code text, from_on date, value int8, basis text
INSERT INTO jobs.register_value AS v (name, county_code, from_on, value, basis)
VALUES ($name, $county_code, $from_on, $value, $basis)
ON CONFLICT (name, county_code, from_on) DO UPDATE
   SET value = excluded.value, basis = excluded.basis, set_by = excluded.set_by,
       set_at = excluded.set_at
RETURNING jsonb_build_object('name', v.name, 'county_code', v.county_code, 'from_on', v.from_on,
    'value', v.value, 'basis', v.basis, 'set_at', v.set_at)::text AS reply;

-- name: register_value_list :many read
-- args: after text, lim int4, name text
SELECT jsonb_build_object('name', v.name, 'county_code', v.county_code, 'from_on', v.from_on,
           'value', v.value, 'basis', v.basis, 'set_at', v.set_at)::text AS reply,
       concat_ws(' ', v.name, v.county_code, v.from_on) AS cursor
  FROM jobs.register_value v
 WHERE concat_ws(' ', v.name, v.county_code, v.from_on) > coalesce($after::text, '')
   AND ($name::text IS NULL OR v.name = $name)
 ORDER BY concat_ws(' ', v.name, v.county_code, v.from_on)
 LIMIT $lim;

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
-- args: after text, lim int4, caller_org uuid, is_open bool?, form text, contract_ends_to date
SELECT jobs.employment_reply(e) AS reply, e.id::text AS cursor
  FROM jobs.employment e
 WHERE e.org_id = $caller_org
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($is_open::bool IS NULL OR (e.ended_on IS NULL) = $is_open)
   AND ($form::text IS NULL OR e.form = $form)
   AND ($contract_ends_to::date IS NULL OR e.ended_on IS NULL AND
        coalesce(e.contract_from, e.hired_on) + make_interval(months => e.contract_months)
            <= $contract_ends_to)
 ORDER BY e.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: employment_list :many read
-- args: after text, lim int4, county_code text, hired_from date, hired_to date, is_open bool?,
--       form text, is_stable bool?
SELECT jobs.employment_reply(e) AS reply, e.id::text AS cursor
  FROM jobs.employment e
 WHERE e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR e.county_code = $county_code)
   AND ($hired_from::date IS NULL OR e.hired_on >= $hired_from)
   AND ($hired_to::date IS NULL OR e.hired_on <= $hired_to)
   AND ($is_open::bool IS NULL OR (e.ended_on IS NULL) = $is_open)
   AND ($form::text IS NULL OR e.form = $form)
   AND ($is_stable::bool IS NULL OR e.is_stable = $is_stable)
 ORDER BY e.id DESC
 LIMIT $lim;
