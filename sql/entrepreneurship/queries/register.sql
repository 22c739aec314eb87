-- name: org_put :exec
-- args: org_id uuid, uscc text, name text, kind text, county_code text, area_code text
INSERT INTO entrepreneurship.org (id, uscc, name, kind, county_code, area_code)
VALUES ($org_id, $uscc, $name, $kind, $county_code, $area_code)
ON CONFLICT (id) DO UPDATE
   SET uscc = excluded.uscc, name = excluded.name, kind = excluded.kind,
       county_code = excluded.county_code, area_code = excluded.area_code;
