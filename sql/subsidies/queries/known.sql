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
