-- Facts told by other services. Each statement takes members of the event's
-- payload, and whoever it concerns is due to be judged.

-- name: person_put :exec
-- args: person_id uuid, sex int4, birth_on date, id_index text, name_masked text,
--       county_code text, area_code text
WITH put AS (
    INSERT INTO subsidies.person (id, id_index, name_masked, sex, birth_on, county_code, area_code)
    VALUES ($person_id, $id_index, $name_masked,
            $sex, $birth_on, $county_code,
            $area_code)
    ON CONFLICT (id) DO UPDATE SET id_index = excluded.id_index,
        name_masked = excluded.name_masked, sex = excluded.sex, birth_on = excluded.birth_on,
        county_code = excluded.county_code, area_code = excluded.area_code,
        known_from = excluded.known_from
    RETURNING id
)
SELECT subsidies.due_person(ARRAY(SELECT id FROM put));

-- A closed account stays as it was; an erased one leaves its id and nothing else.
-- name: person_erase :exec
-- args: person_id uuid, erased bool
UPDATE subsidies.person SET name_masked = '*', id_index = 'erased:' || id,
       birth_on = DATE '1900-01-01'
 WHERE id = $person_id AND $erased;

-- Both are judged again: what one was given counts for the other.
-- name: alias_put :exec
-- args: loser_id uuid, winner_id uuid, merge_id uuid
WITH put AS (
    INSERT INTO subsidies.person_alias (alias_id, person_id, merge_id)
    VALUES ($loser_id, $winner_id, $merge_id)
    ON CONFLICT (alias_id) DO UPDATE
       SET person_id = excluded.person_id, merge_id = excluded.merge_id
)
SELECT subsidies.due_person(ARRAY[$loser_id, $winner_id]);

-- name: alias_drop :exec
-- args: loser_id uuid, winner_id uuid, merge_id uuid
WITH dropped AS (
    DELETE FROM subsidies.person_alias WHERE alias_id = $loser_id AND merge_id = $merge_id
)
SELECT subsidies.due_person(ARRAY[$loser_id, $winner_id]);

-- name: org_put :exec
-- args: org_id uuid, uscc text, name text, kind text, industry_code text,
--       county_code text, area_code text
WITH put AS (
    INSERT INTO subsidies.org (id, uscc, name, kind, industry_code, county_code, area_code)
    VALUES ($org_id, $uscc, $name, $kind,
            $industry_code, $county_code, $area_code)
    ON CONFLICT (id) DO UPDATE SET uscc = excluded.uscc, name = excluded.name,
        kind = excluded.kind, industry_code = excluded.industry_code,
        county_code = excluded.county_code, area_code = excluded.area_code,
        known_from = excluded.known_from
    RETURNING id
)
SELECT subsidies.due_org(ARRAY(SELECT id FROM put)),
       subsidies.due_person(ARRAY(SELECT e.person_id FROM subsidies.employment e JOIN put ON put.id = e.org_id));

-- A new employment also changes what is known of the person's other ones.
-- name: employment_put :exec
-- args: employment_id uuid, person_id uuid, org_id uuid, hired_on date,
--       contract_months int4, wage_cents int8, was_unemployed bool, was_difficult bool,
--       contract_type text, occupation_code text, county_code text, event_area text
WITH put AS (
    INSERT INTO subsidies.employment (id, person_id, org_id, hired_on, contract_type,
        contract_months, occupation_code, wage_cents, was_unemployed, was_difficult,
        county_code, area_code)
    VALUES ($employment_id, $person_id, $org_id,
            $hired_on, $contract_type, $contract_months,
            $occupation_code, $wage_cents,
            coalesce($was_unemployed, false),
            coalesce($was_difficult, false), $county_code, $event_area)
    ON CONFLICT (id) DO NOTHING
    RETURNING person_id
)
SELECT subsidies.due_person(ARRAY(SELECT person_id FROM put));

-- name: employment_end :exec
-- args: ended_on date, employment_id uuid, reason text
WITH ended AS (
    UPDATE subsidies.employment
       SET ended_on = $ended_on, end_reason = $reason,
           ended_known_from = platform.now(), known_from = platform.now()
     WHERE id = $employment_id
    RETURNING person_id
)
SELECT subsidies.due_person(ARRAY(SELECT person_id FROM ended));

-- name: unemployment_put :exec
-- args: registration_id uuid, person_id uuid, registered_on date, county_code text
WITH put AS (
    INSERT INTO subsidies.unemployment (id, person_id, registered_on, county_code)
    VALUES ($registration_id, $person_id,
            $registered_on, $county_code)
    ON CONFLICT (id) DO NOTHING
    RETURNING person_id
)
SELECT subsidies.due_person(ARRAY(SELECT person_id FROM put));

-- name: unemployment_end :exec
-- args: ended_on date, registration_id uuid, reason text
WITH ended AS (
    UPDATE subsidies.unemployment
       SET ended_on = $ended_on, end_reason = $reason,
           ended_known_from = platform.now(), known_from = platform.now()
     WHERE id = $registration_id
    RETURNING person_id
)
SELECT subsidies.due_person(ARRAY(SELECT person_id FROM ended));

-- Its end was wrong: what was judged by it is judged again.
-- name: unemployment_restore :exec
-- args: registration_id uuid
WITH restored AS (
    UPDATE subsidies.unemployment
       SET ended_on = NULL, end_reason = NULL, ended_known_from = NULL, known_from = platform.now()
     WHERE id = $registration_id
    RETURNING person_id
)
SELECT subsidies.due_person(ARRAY(SELECT person_id FROM restored));

-- ---- facts told by events ----

-- A hire as it is now; declared work has no employer and is a fact.
-- name: employment_correct :exec
-- args: employment_id uuid, person_id uuid, org_id text, hired_on date,
--       contract_months int4, wage_cents int8, was_unemployed bool, was_difficult bool,
--       contract_type text, occupation_code text, form text, county_code text, event_area text
WITH put AS (
    INSERT INTO subsidies.employment AS e (id, person_id, org_id, hired_on, contract_type,
        contract_months, occupation_code, wage_cents, was_unemployed, was_difficult,
        county_code, area_code)
    SELECT $employment_id, $person_id, $org_id::text::uuid, $hired_on, $contract_type,
           $contract_months, $occupation_code, $wage_cents, coalesce($was_unemployed, false),
           coalesce($was_difficult, false), $county_code, $event_area
     WHERE $org_id::text IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, org_id = excluded.org_id,
        hired_on = excluded.hired_on, contract_type = excluded.contract_type,
        contract_months = excluded.contract_months, occupation_code = excluded.occupation_code,
        wage_cents = excluded.wage_cents, was_unemployed = excluded.was_unemployed,
        was_difficult = excluded.was_difficult, county_code = excluded.county_code,
        area_code = excluded.area_code, known_from = platform.now()
     WHERE (e.person_id, e.org_id, e.hired_on, e.contract_type, e.contract_months,
            e.occupation_code, e.wage_cents, e.was_unemployed, e.was_difficult, e.county_code)
           IS DISTINCT FROM
           (excluded.person_id, excluded.org_id, excluded.hired_on, excluded.contract_type,
            excluded.contract_months, excluded.occupation_code, excluded.wage_cents,
            excluded.was_unemployed, excluded.was_difficult, excluded.county_code)
    RETURNING person_id
)
SELECT subsidies.due_person(ARRAY(SELECT person_id FROM put)),
       CASE WHEN $org_id::text IS NULL THEN subsidies.flexible_tell('jobs.employment.corrected',
           $employment_id, $person_id, $hired_on, $form, $wage_cents, $county_code, $event_area) END;

-- name: flexible_put :exec
-- args: employment_id uuid, person_id uuid, hired_on date, form text, wage_cents int8,
--       county_code text, event_area text
SELECT subsidies.flexible_tell('jobs.employment.declared', $employment_id, $person_id,
           $hired_on, $form, $wage_cents, $county_code, $event_area);

-- name: flexible_end :exec
-- args: employment_id uuid, ended_on date
SELECT subsidies.fact_end('jobs.employment.declaration_ended', $employment_id, $ended_on);

-- name: difficulty_put :exec
-- args: difficulty_id uuid, person_id uuid, valid_from date, valid_to text, county_code text,
--       event_area text
SELECT subsidies.fact_tell('jobs.difficulty.recognised', 'difficulty', $difficulty_id,
           $person_id, NULL, $valid_from, $valid_to::text::date, NULL, NULL, NULL, $county_code, $event_area);

-- name: difficulty_end :exec
-- args: difficulty_id uuid, ended_on date
SELECT subsidies.fact_end('jobs.difficulty.withdrawn', $difficulty_id, $ended_on);

-- Months say which placement they are of; when that is put right, so are they.
-- name: welfare_put :exec
-- args: placement_id uuid, post_id uuid, org_id uuid, person_id uuid, started_on date,
--       cap_on date, ended_on text, county_code text, event_area text
WITH put AS (
    INSERT INTO subsidies.welfare_placement (id, post_id, org_id, person_id, started_on, cap_on,
        ended_on, county_code, area_code)
    VALUES ($placement_id, $post_id, $org_id, $person_id, $started_on, $cap_on,
            $ended_on::text::date, $county_code, $event_area)
    ON CONFLICT (id) DO UPDATE SET org_id = excluded.org_id, person_id = excluded.person_id,
        started_on = excluded.started_on, cap_on = excluded.cap_on, ended_on = excluded.ended_on,
        known_from = excluded.known_from
    RETURNING *
)
SELECT count(subsidies.fact_tell(f.source, f.kind, f.id, f.person_id, put.org_id, f.from_on,
           f.to_on, NULL, ARRAY[f.numbers[1], put.started_on - DATE '1970-01-01',
           put.cap_on - DATE '1970-01-01'], f.note, f.county_code, f.area_code))
  FROM put JOIN subsidies.fact f ON f.kind = 'welfare_month' AND f.person_id = put.person_id
   AND f.note = put.id::text AND f.known_to IS NULL;

-- name: welfare_month_put :exec
-- args: month_id uuid, placement_id uuid, person_id uuid, month date, days int8,
--       county_code text, event_area text
SELECT subsidies.fact_tell('jobs.welfare.month_confirmed', 'welfare_month', $month_id,
           $person_id, w.org_id, date_trunc('month', $month)::date,
           (date_trunc('month', $month) + interval '1 month')::date - 1, NULL,
           ARRAY[$days, w.started_on - DATE '1970-01-01', w.cap_on - DATE '1970-01-01'],
           $placement_id::text, $county_code, $event_area)
  FROM (VALUES (1)) AS one (row) LEFT JOIN subsidies.welfare_placement w ON w.id = $placement_id;

-- Everybody the year names has a fact; whom an earlier close of it named and
-- this one does not has none.
-- name: workshop_year_put :exec
-- args: workshop_id uuid, org_id uuid, year int4, people jsonb, county_code text, event_area text
WITH said AS MATERIALIZED (
    SELECT subsidies.fact_id('workshop_worker', concat_ws(E'\n', $workshop_id, $year, p.person_id)) AS id, p.*
      FROM jsonb_to_recordset($people) AS p (person_id uuid, months bigint, wage_cents bigint)
)
SELECT (SELECT count(subsidies.fact_tell('jobs.workshop.year_closed', 'workshop_worker', s.id,
            s.person_id, $org_id, make_date($year, 1, 1), make_date($year, 12, 31), NULL,
            ARRAY[s.months, s.wage_cents], $workshop_id::text, $county_code, $event_area)) FROM said s) AS told,
       (SELECT count(subsidies.fact_drop(f.id)) FROM subsidies.fact f
         WHERE f.kind = 'workshop_worker' AND f.org_id = $org_id AND f.note = $workshop_id::text
           AND f.from_on = make_date($year, 1, 1) AND f.known_to IS NULL
           AND NOT EXISTS (SELECT FROM said s WHERE s.id = f.id)) AS dropped;

-- The same certificate in a file of the province has the same id.
-- name: certificate_put :exec
-- args: certificate_id uuid, enrolment_id text, person_id uuid, occupation_code text, level int8,
--       issued_on date, class_starts_on text, class_ends_on text, county_code text, event_area text
SELECT subsidies.fact_tell('training.certificate.issued', 'certificate',
           coalesce(subsidies.fact_id('certificate', p.id_index || E'\n' || $occupation_code || E'\n'
               || $level || E'\n' || $issued_on), $certificate_id),
           $person_id, NULL, $issued_on, NULL, $occupation_code,
           ARRAY[$level, CASE WHEN $enrolment_id::text IS NULL THEN 0 ELSE 1 END, NULL::bigint]
               || CASE WHEN $class_starts_on::text IS NULL THEN '{}'::bigint[]
                       ELSE ARRAY[$class_starts_on::date - '1970-01-01'::date, $class_ends_on::date - '1970-01-01'::date]::bigint[] END, NULL,
           $county_code, $event_area)
  FROM (VALUES (1)) AS one (row) LEFT JOIN subsidies.person p ON p.id = $person_id;

-- Revoked: under whichever id it was told, it is known no longer, and its holder is judged anew.
-- name: certificate_drop :exec
-- args: certificate_id uuid, person_id uuid, occupation_code text, level int8, issued_on date
SELECT subsidies.fact_drop(f.id)
  FROM subsidies.fact f
 WHERE f.kind = 'certificate' AND f.known_to IS NULL AND f.person_id = $person_id
   AND (f.id = $certificate_id OR (f.code = $occupation_code AND f.numbers[1] = $level AND f.from_on = $issued_on));

-- name: placement_put :exec
-- args: placement_id uuid, partner_id uuid, person_id uuid, org_id uuid, employment_id uuid,
--       hired_on date, county_code text, event_area text
SELECT subsidies.referral_placed($placement_id, $partner_id, $person_id, $org_id, $employment_id,
           $hired_on, $county_code, $event_area);

-- An instalment of an award that another service made, and that it is none.
-- name: award_hear :exec
-- args: event_source text, award_id uuid, policy_code text, org_id text, person_id text,
--       rank int8, score_milli int8, quantity int8, instalment int8, instalments int8,
--       occurred_at timestamptz, county_code text, area_code text
SELECT subsidies.award_hear($event_source, $award_id, $policy_code, $org_id::text::uuid,
           $person_id::text::uuid, ARRAY[coalesce($rank, 0), coalesce($score_milli, 0),
           coalesce($quantity, 0), $instalment, $instalments],
           ($occurred_at AT TIME ZONE 'Asia/Shanghai')::date, $county_code, $area_code);

-- name: award_unhear :exec
-- args: event_source text, award_id uuid
SELECT subsidies.award_unhear($event_source, $award_id);
