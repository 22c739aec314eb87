-- Facts told by other services. Each statement takes the event's payload as
-- it came, and puts the employments it concerns on the list to be judged.

-- name: person_put :exec
-- args: p jsonb
WITH put AS (
    INSERT INTO subsidies.person (id, id_index, name_masked, sex, birth_on, county_code, area_code)
    VALUES (($p ->> 'person_id')::uuid, $p ->> 'id_index', $p ->> 'name_masked',
            ($p ->> 'sex')::smallint, ($p ->> 'birth_on')::date, $p ->> 'county_code',
            $p ->> 'area_code')
    ON CONFLICT (id) DO UPDATE SET id_index = excluded.id_index,
        name_masked = excluded.name_masked, sex = excluded.sex, birth_on = excluded.birth_on,
        county_code = excluded.county_code, area_code = excluded.area_code,
        known_from = excluded.known_from
    RETURNING id
)
INSERT INTO subsidies.due (employment_id, person_id, county_code, hired_on)
SELECT e.id, e.person_id, e.county_code, e.hired_on
  FROM subsidies.employment e JOIN put ON put.id = e.person_id ORDER BY e.id
    ON CONFLICT (employment_id) DO UPDATE SET since = excluded.since;

-- name: org_put :exec
-- args: p jsonb
WITH put AS (
    INSERT INTO subsidies.org (id, uscc, name, kind, industry_code, county_code, area_code)
    VALUES (($p ->> 'org_id')::uuid, $p ->> 'uscc', $p ->> 'name', $p ->> 'kind',
            $p ->> 'industry_code', $p ->> 'county_code', $p ->> 'area_code')
    ON CONFLICT (id) DO UPDATE SET uscc = excluded.uscc, name = excluded.name,
        kind = excluded.kind, industry_code = excluded.industry_code,
        county_code = excluded.county_code, area_code = excluded.area_code,
        known_from = excluded.known_from
    RETURNING id
)
INSERT INTO subsidies.due (employment_id, person_id, county_code, hired_on)
SELECT e.id, e.person_id, e.county_code, e.hired_on
  FROM subsidies.employment e JOIN put ON put.id = e.org_id ORDER BY e.id
    ON CONFLICT (employment_id) DO UPDATE SET since = excluded.since;

-- A new employment also changes what is known of the person's other ones.
-- name: employment_put :exec
-- args: p jsonb, area_code text
WITH put AS (
    INSERT INTO subsidies.employment (id, person_id, org_id, hired_on, contract_type,
        contract_months, occupation_code, wage_cents, was_unemployed, was_difficult,
        county_code, area_code)
    VALUES (($p ->> 'employment_id')::uuid, ($p ->> 'person_id')::uuid, ($p ->> 'org_id')::uuid,
            ($p ->> 'hired_on')::date, $p ->> 'contract_type', ($p ->> 'contract_months')::integer,
            $p ->> 'occupation_code', ($p ->> 'wage_cents')::bigint,
            coalesce(($p ->> 'was_unemployed')::boolean, false),
            coalesce(($p ->> 'was_difficult')::boolean, false), $p ->> 'county_code', $area_code)
    ON CONFLICT (id) DO NOTHING
    RETURNING id, person_id, county_code, hired_on
), touched AS (
    SELECT * FROM put
    UNION
    SELECT e.id, e.person_id, e.county_code, e.hired_on
      FROM subsidies.employment e JOIN put ON put.person_id = e.person_id
)
INSERT INTO subsidies.due (employment_id, person_id, county_code, hired_on)
SELECT id, person_id, county_code, hired_on FROM touched ORDER BY id
    ON CONFLICT (employment_id) DO UPDATE SET since = excluded.since;

-- name: employment_end :exec
-- args: p jsonb
WITH ended AS (
    UPDATE subsidies.employment
       SET ended_on = ($p ->> 'ended_on')::date, end_reason = $p ->> 'reason',
           ended_known_from = platform.now()
     WHERE id = ($p ->> 'employment_id')::uuid
    RETURNING id, person_id, county_code, hired_on
)
INSERT INTO subsidies.due (employment_id, person_id, county_code, hired_on)
SELECT id, person_id, county_code, hired_on FROM ended
    ON CONFLICT (employment_id) DO UPDATE SET since = excluded.since;

-- name: unemployment_put :exec
-- args: p jsonb
WITH put AS (
    INSERT INTO subsidies.unemployment (id, person_id, registered_on, county_code)
    VALUES (($p ->> 'registration_id')::uuid, ($p ->> 'person_id')::uuid,
            ($p ->> 'registered_on')::date, $p ->> 'county_code')
    ON CONFLICT (id) DO NOTHING
    RETURNING person_id
)
INSERT INTO subsidies.due (employment_id, person_id, county_code, hired_on)
SELECT e.id, e.person_id, e.county_code, e.hired_on
  FROM subsidies.employment e JOIN put ON put.person_id = e.person_id ORDER BY e.id
    ON CONFLICT (employment_id) DO UPDATE SET since = excluded.since;

-- name: unemployment_end :exec
-- args: p jsonb
WITH ended AS (
    UPDATE subsidies.unemployment
       SET ended_on = ($p ->> 'ended_on')::date, end_reason = $p ->> 'reason',
           ended_known_from = platform.now()
     WHERE id = ($p ->> 'registration_id')::uuid
    RETURNING person_id
)
INSERT INTO subsidies.due (employment_id, person_id, county_code, hired_on)
SELECT e.id, e.person_id, e.county_code, e.hired_on
  FROM subsidies.employment e JOIN ended ON ended.person_id = e.person_id ORDER BY e.id
    ON CONFLICT (employment_id) DO UPDATE SET since = excluded.since;
