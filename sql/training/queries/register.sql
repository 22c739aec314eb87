-- Projections of identity: what an event says replaces what was known.

-- name: person_put :exec
-- args: person_id uuid, id_index text, name_masked text, county_code text, area_code text
INSERT INTO training.person (id, id_index, name_masked, county_code, area_code)
VALUES ($person_id, $id_index, $name_masked, $county_code, $area_code)
ON CONFLICT (id) DO UPDATE
   SET id_index = excluded.id_index, name_masked = excluded.name_masked,
       county_code = excluded.county_code, area_code = excluded.area_code;

-- A closed account stays as it was but for its number, by which nobody enrols
-- it any more; an erased one leaves its id and nothing else.
-- name: person_erase :exec
-- args: person_id uuid, erased bool
UPDATE training.person
   SET name_masked = CASE WHEN $erased THEN '*' ELSE name_masked END, id_index = NULL, is_restricted = true
 WHERE id = $person_id;

-- name: org_put :exec
-- args: org_id uuid, uscc text, name text, kind text, county_code text, area_code text
INSERT INTO training.org (id, uscc, name, kind, county_code, area_code)
VALUES ($org_id, $uscc, $name, $kind, $county_code, $area_code)
ON CONFLICT (id) DO UPDATE
   SET uscc = excluded.uscc, name = excluded.name, kind = excluded.kind,
       county_code = excluded.county_code, area_code = excluded.area_code;
