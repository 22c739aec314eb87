-- name: brand_change :one
-- args: id uuid, new_id uuid, category text, occupations text[], towns text[], counties text[], story text
WITH found AS (
    SELECT b.* FROM training.brand b
     WHERE b.id = $id AND (platform.in_areas(b.county_code, b.area_code) OR training.bears(b.id))
), made AS (
    INSERT INTO training.brand_version AS v (id, brand_id, category, occupations, towns, counties, story,
                                             county_code, area_code)
    SELECT $new_id, f.id, $category, $occupations::text[], $towns::text[], $counties::text[], $story,
           f.county_code, f.area_code
      FROM found f WHERE f.state = 'recognised'
    RETURNING v AS v
)
SELECT training.brand_version_json(v)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM made);

-- Accepted, it is what the brand says of itself from now on.
-- name: brand_version_check :one
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT v.id, v.brand_id, v.state, v.proposed_by = platform.actor() AS same, b.version
      FROM training.brand_version v JOIN training.brand b ON b.id = v.brand_id
     WHERE v.id = $id AND platform.in_areas(v.county_code, v.area_code) FOR UPDATE
), judged AS (
    UPDATE training.brand_version AS v
       SET state = CASE WHEN $pass THEN 'accepted' ELSE 'returned' END, note = $note,
           version = CASE WHEN $pass THEN f.version + 1 END,
           checked_by = platform.actor(), checked_at = platform.now()
      FROM found f
     WHERE v.id = f.id AND f.state = 'proposed' AND NOT f.same AND ($pass OR $note::text IS NOT NULL)
    RETURNING v AS v
), moved AS (
    UPDATE training.brand b
       SET category = (j.v).category, occupations = (j.v).occupations, towns = (j.v).towns,
           counties = (j.v).counties, story = (j.v).story, version = (j.v).version
      FROM judged j WHERE b.id = (j.v).brand_id AND (j.v).state = 'accepted'
    RETURNING b.id
)
SELECT training.brand_version_json(v)::text AS reply FROM judged WHERE (SELECT count(*) FROM moved) >= 0
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'proposed' THEN 'state.wrong' WHEN f.same THEN 'training.same_hand'
                            ELSE 'field.missing /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM judged);

-- name: brand_version_list :many read
-- args: after text, lim int4, brand_id uuid, state text
SELECT training.brand_version_json(v)::text AS reply, v.id::text AS cursor
  FROM training.brand_version v
 WHERE ($brand_id::uuid IS NULL OR v.brand_id = $brand_id) AND ($state::text IS NULL OR v.state = $state)
   AND v.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY v.id DESC
 LIMIT $lim;
