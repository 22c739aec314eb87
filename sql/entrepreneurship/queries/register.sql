-- name: org_put :exec
-- args: org_id uuid, uscc text, name text, kind text, county_code text, area_code text
INSERT INTO entrepreneurship.org (id, uscc, name, kind, county_code, area_code)
VALUES ($org_id, $uscc, $name, $kind, $county_code, $area_code)
ON CONFLICT (id) DO UPDATE
   SET uscc = excluded.uscc, name = excluded.name, kind = excluded.kind,
       county_code = excluded.county_code, area_code = excluded.area_code;

-- name: person_put :exec
-- args: person_id uuid, id_index text, name_masked text, birth_on date, county_code text, area_code text
INSERT INTO entrepreneurship.person (id, id_index, name_masked, birth_on, county_code, area_code)
VALUES ($person_id, $id_index, $name_masked, $birth_on, $county_code, $area_code)
ON CONFLICT (id) DO UPDATE
   SET id_index = excluded.id_index, name_masked = excluded.name_masked, birth_on = excluded.birth_on,
       county_code = excluded.county_code, area_code = excluded.area_code;

-- A closed account stays as it was; an erased one leaves its id and nothing else.
-- name: person_erase :exec tells
-- args: person_id uuid, erased bool
UPDATE entrepreneurship.person SET name_masked = '*', id_index = 'erased:' || id, birth_on = DATE '1900-01-01'
 WHERE id = $person_id AND $erased;
