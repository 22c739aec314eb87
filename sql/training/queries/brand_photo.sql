-- name: brand_for_photo :one
-- args: id uuid
SELECT b.state NOT IN ('refused', 'removed') AS open, b.county_code, b.area_code,
       (SELECT count(*) FROM training.brand_photo p WHERE p.brand_id = b.id) AS photos
  FROM training.brand b WHERE b.id = $id AND training.bears(b.id);

-- name: brand_photo_put :one
-- args: file_id uuid, brand_id uuid, org uuid, caption text, county text, area text
INSERT INTO training.brand_photo AS p (id, brand_id, org_id, caption, county_code, area_code)
VALUES ($file_id, $brand_id, $org, $caption, $county, $area)
RETURNING training.brand_photo_json(p)::text AS reply;

-- An officer shows it; an officer or its owner hides it.
-- name: brand_photo_show :one
-- args: id uuid, shown bool
WITH found AS (
    SELECT p.id, platform.in_areas(p.county_code, p.area_code) AS officer FROM training.brand_photo p
     WHERE p.id = $id AND (p.org_id = platform.org() OR platform.in_areas(p.county_code, p.area_code)) FOR UPDATE
), moved AS (
    UPDATE training.brand_photo AS p SET is_shown = $shown,
           shown_by = CASE WHEN $shown THEN platform.actor() ELSE p.shown_by END
      FROM found f WHERE p.id = f.id AND (f.officer OR NOT $shown)
    RETURNING p AS p
)
SELECT training.brand_photo_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('auth.forbidden') FROM found WHERE NOT EXISTS (SELECT FROM moved);
