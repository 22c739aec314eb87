-- name: brand_bearer_name :one
-- args: id uuid, new_id uuid, kind text, org_id uuid, person_id uuid
WITH found AS (
    SELECT b AS b FROM training.brand b
     WHERE b.id = $id AND (platform.in_areas(b.county_code, b.area_code) OR training.bears(b.id))
), judged AS (
    SELECT f.b, CASE WHEN $kind = 'leader' AND $person_id::uuid IS NULL THEN 'field.missing /person_id'
                     WHEN $kind <> 'leader' AND $org_id::uuid IS NULL THEN 'field.missing /org_id'
                     WHEN num_nonnulls($org_id::uuid, $person_id::uuid) = 2 THEN 'training.brand_bearer_who' END AS fault
      FROM found f
), made AS (
    SELECT training.brand_bearer_json(training.brand_bearer_add($new_id, (j.b).id, $kind, $org_id, $person_id), j.b) AS x
      FROM judged j WHERE j.fault IS NULL
)
SELECT x::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- Only whom it is about says yes; a person also says under which name, if any,
-- everybody may read it.
-- name: brand_bearer_answer :one
-- args: id uuid, accept bool, shown_name text
WITH found AS (
    SELECT x.id, x.state FROM training.brand_bearer x
     WHERE x.id = $id AND (x.org_id = platform.org() OR x.person_id = platform.person()) FOR UPDATE
), moved AS (
    UPDATE training.brand_bearer AS x
       SET state = CASE WHEN $accept THEN 'confirmed' ELSE 'declined' END, answered_at = platform.now(),
           shown_name = CASE WHEN x.org_id IS NOT NULL THEN x.shown_name WHEN $accept THEN $shown_name END
      FROM found f WHERE x.id = f.id AND f.state = 'named'
    RETURNING x AS x
)
SELECT training.brand_bearer_json(m.x, b)::text AS reply FROM moved m JOIN training.brand b ON b.id = (m.x).brand_id
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Whoever bears it may stop; so may the county say.
-- name: brand_bearer_end :one
-- args: id uuid, note text
WITH found AS (
    SELECT x.id, x.state FROM training.brand_bearer x WHERE x.id = $id FOR UPDATE
), moved AS (
    UPDATE training.brand_bearer AS x
       SET state = 'ended', note = $note, answered_at = coalesce(x.answered_at, platform.now()),
           shown_name = CASE WHEN x.org_id IS NOT NULL THEN x.shown_name END
      FROM found f WHERE x.id = f.id AND f.state IN ('named', 'confirmed')
    RETURNING x AS x
)
SELECT training.brand_bearer_json(m.x, b)::text AS reply FROM moved m JOIN training.brand b ON b.id = (m.x).brand_id
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: brand_bearer_list :many read
-- args: after text, lim int4, brand_id uuid, state text
SELECT training.brand_bearer_json(x, b)::text AS reply, x.id::text AS cursor
  FROM training.brand_bearer x JOIN training.brand b ON b.id = x.brand_id
 WHERE ($brand_id::uuid IS NULL OR x.brand_id = $brand_id) AND ($state::text IS NULL OR x.state = $state)
   AND x.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY x.id DESC
 LIMIT $lim;
