-- Projections of identity: what an event says replaces what was known.

-- name: person_put :exec
-- args: person_id uuid, id_index text, name_masked text, sex int4, birth_on date, county_code text,
--       area_code text
INSERT INTO jobs.person (id, id_index, name_masked, sex, birth_on, county_code, area_code)
VALUES ($person_id, $id_index, $name_masked, $sex, $birth_on, $county_code, $area_code)
ON CONFLICT (id) DO UPDATE
   SET id_index = excluded.id_index, name_masked = excluded.name_masked, sex = excluded.sex,
       birth_on = excluded.birth_on, county_code = excluded.county_code,
       area_code = excluded.area_code;

-- A closed account stays as it was; an erased one leaves its id and nothing else.
-- name: person_erase :exec
-- args: person_id uuid, erased bool
UPDATE jobs.person SET name_masked = '*', id_index = 'erased:' || id,
       birth_on = DATE '1900-01-01'
 WHERE id = $person_id AND $erased;

-- name: alias_put :exec
-- args: loser_id uuid, winner_id uuid, merge_id uuid
INSERT INTO jobs.person_alias (alias_id, person_id, merge_id)
VALUES ($loser_id, $winner_id, $merge_id)
ON CONFLICT (alias_id) DO UPDATE SET person_id = excluded.person_id, merge_id = excluded.merge_id;

-- name: alias_drop :exec
-- args: loser_id uuid, merge_id uuid
DELETE FROM jobs.person_alias WHERE alias_id = $loser_id AND merge_id = $merge_id;

-- name: org_put :exec
-- args: org_id uuid, uscc text, name text, kind text, industry_code text, county_code text,
--       area_code text
INSERT INTO jobs.org (id, uscc, name, kind, industry_code, county_code, area_code)
VALUES ($org_id, $uscc, $name, $kind, $industry_code, $county_code, $area_code)
ON CONFLICT (id) DO UPDATE
   SET uscc = excluded.uscc, name = excluded.name, kind = excluded.kind,
       industry_code = excluded.industry_code, county_code = excluded.county_code,
       area_code = excluded.area_code;

-- name: consent_put :exec
-- args: person_id uuid, purpose text, org_id text, given bool
INSERT INTO jobs.consent (person_id, purpose, org_id, given)
VALUES ($person_id, $purpose, coalesce($org_id::uuid, '00000000-0000-0000-0000-000000000000'::uuid), $given)
ON CONFLICT (person_id, purpose, org_id) DO UPDATE SET given = excluded.given;
