-- name: brand_propose :one
-- args: id uuid, org uuid, name text, category text, occupations text[], towns text[],
--       counties text[], story text, county text, area_code text
WITH made AS (
    INSERT INTO training.brand AS b (id, name, category, occupations, towns, counties, story, applicant_id,
                                     county_code, area_code)
    SELECT $id, $name, $category, $occupations::text[], $towns::text[], $counties::text[], $story, $org, $county, $area_code
     WHERE $org::uuid IS NULL OR EXISTS (SELECT FROM training.org o WHERE o.id = $org)
    RETURNING b AS b
)
SELECT training.brand_own_json(b)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('training.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- By its applicant, or by an officer of the county where that proposed it; and
-- the hands begin anew.
-- name: brand_amend :one
-- args: id uuid, name text, category text, occupations text[], towns text[], counties text[], story text
WITH found AS (
    SELECT b.id, b.state FROM training.brand b
     WHERE b.id = $id AND CASE WHEN b.applicant_id IS NULL THEN platform.in_areas(b.county_code, b.area_code)
                               ELSE b.applicant_id = platform.org() END
       FOR UPDATE
), moved AS (
    UPDATE training.brand AS b
       SET name = $name, category = $category, occupations = $occupations::text[], towns = $towns::text[],
           counties = $counties::text[], story = $story, state = 'proposed', note = NULL,
           proposed_by = platform.actor(), checked_by = NULL, moved_at = platform.now()
      FROM found f WHERE b.id = f.id AND f.state IN ('proposed', 'returned')
    RETURNING b AS b
)
SELECT training.brand_own_json(b)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- The county's hand: another than who proposed it.
-- name: brand_check :one
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT b.id, b.state, b.proposed_by = platform.actor() AS same FROM training.brand b
     WHERE b.id = $id AND platform.in_areas(b.county_code, b.area_code) FOR UPDATE
), moved AS (
    UPDATE training.brand AS b
       SET state = CASE WHEN $pass THEN 'checked' ELSE 'returned' END, note = $note,
           checked_by = CASE WHEN $pass THEN platform.actor() END, moved_at = platform.now()
      FROM found f WHERE b.id = f.id AND f.state = 'proposed' AND NOT f.same AND ($pass OR $note::text IS NOT NULL)
    RETURNING b AS b
)
SELECT training.brand_own_json(b)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'proposed' THEN 'state.wrong' WHEN f.same THEN 'training.same_hand'
                            ELSE 'field.missing /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- The city decides, by a third person.
-- name: brand_decide :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT b.id, b.state, platform.actor() IN (b.proposed_by, b.checked_by) AS same FROM training.brand b
     WHERE b.id = $id AND platform.in_areas(b.county_code, b.area_code) FOR UPDATE
), moved AS (
    UPDATE training.brand AS b
       SET state = CASE WHEN $pass THEN 'recognised' ELSE 'refused' END, note = $note,
           version = CASE WHEN $pass THEN 1 ELSE 0 END, decided_by = platform.actor(),
           recognised_on = CASE WHEN $pass THEN platform.today() END, moved_at = platform.now()
      FROM found f
     WHERE b.id = f.id AND platform.whole_city() AND f.state = 'checked' AND f.same IS NOT TRUE
       AND ($pass OR $note::text IS NOT NULL)
    RETURNING b AS b
)
SELECT training.brand_own_json(b)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN NOT platform.whole_city() THEN 'auth.area' WHEN f.state <> 'checked' THEN 'state.wrong'
                            WHEN f.same THEN 'training.same_hand' ELSE 'field.missing /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Suspended or removed with a reason; a suspended one may come back.
-- name: brand_move :one tells
-- args: id uuid, state text, note text
WITH found AS (
    SELECT b.id, CASE b.state WHEN 'recognised' THEN $state IN ('suspended', 'removed')
                              WHEN 'suspended' THEN $state IN ('recognised', 'removed') ELSE false END AS may
      FROM training.brand b
     WHERE b.id = $id AND platform.in_areas(b.county_code, b.area_code) FOR UPDATE
), moved AS (
    UPDATE training.brand AS b SET state = $state, note = $note, moved_by = platform.actor(), moved_at = platform.now()
      FROM found f WHERE b.id = f.id AND f.may AND platform.whole_city()
    RETURNING b AS b
)
SELECT training.brand_own_json(b)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN platform.whole_city() THEN 'state.wrong' ELSE 'auth.area' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: brand_list :many read
-- args: after text, lim int4, county_code text, category text, occupation_code text, q text
SELECT training.brand_json(b)::text AS reply, b.id::text AS cursor
  FROM training.brand b
 WHERE b.state = 'recognised'
   AND b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR $county_code = ANY (b.counties))
   AND ($category::text IS NULL OR b.category = $category)
   AND ($occupation_code::text IS NULL OR $occupation_code = ANY (b.occupations))
   AND ($q::text IS NULL OR strpos(b.name, $q) > 0)
 ORDER BY b.id DESC
 LIMIT $lim;

-- name: brand_get :one read
-- args: id uuid
SELECT training.brand_page_json(b)::text AS reply FROM training.brand b WHERE b.id = $id AND b.state = 'recognised';

-- Of the organisation that asked for them or bears them, or of the area.
-- name: brand_list_own :many read
-- args: after text, lim int4, county_code text, state text
SELECT training.brand_own_json(b)::text AS reply, b.id::text AS cursor
  FROM training.brand b
 WHERE (platform.in_areas(b.county_code, b.area_code) OR training.bears(b.id))
   AND b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR b.county_code = $county_code)
   AND ($state::text IS NULL OR b.state = $state)
 ORDER BY b.id DESC
 LIMIT $lim;

-- name: brand_get_own :one read
-- args: id uuid
SELECT (training.brand_own_json(b) || jsonb_build_object('bearers', training.brand_bearers_all(b.id),
            'photos', (SELECT coalesce(jsonb_agg(training.brand_photo_json(p) ORDER BY p.id), '[]')
                         FROM training.brand_photo p WHERE p.brand_id = b.id)))::text AS reply
  FROM training.brand b
 WHERE b.id = $id AND (platform.in_areas(b.county_code, b.area_code) OR training.bears(b.id) OR training.is_named(b.id));

-- Small counts of people are not shown.
-- name: brand_figures :many read
-- args: after text, lim int4
WITH last AS (
    SELECT y.brand_id, y.id, row_number() OVER (PARTITION BY y.brand_id ORDER BY y.year DESC) AS n
      FROM training.brand_year y WHERE y.state = 'passed'
), counted AS (
    SELECT l.brand_id, sum(r.workers) AS workers FROM last l JOIN training.brand_year_row r ON r.year_id = l.id
     WHERE l.n = 1 GROUP BY l.brand_id
)
SELECT jsonb_build_object('county_code', b.county_code,
           'recognised', count(*) FILTER (WHERE b.state = 'recognised'),
           'suspended', count(*) FILTER (WHERE b.state = 'suspended'),
           'under_way', count(*) FILTER (WHERE b.state IN ('proposed', 'returned', 'checked')),
           'city_target', training.skill_rule_on('brand_target', NULL, platform.today()),
           'workers', CASE WHEN sum(c.workers) FILTER (WHERE b.state = 'recognised') >= 5
                           THEN sum(c.workers) FILTER (WHERE b.state = 'recognised') END,
           'towns', (SELECT count(DISTINCT t) FROM training.brand x, unnest(x.towns) AS t
                      WHERE x.county_code = b.county_code AND x.state = 'recognised'))::text AS reply,
       b.county_code AS cursor
  FROM training.brand b LEFT JOIN counted c ON c.brand_id = b.id
 WHERE platform.in_areas(b.county_code, b.area_code) AND b.county_code > coalesce($after::text, '')
 GROUP BY b.county_code
 ORDER BY b.county_code
 LIMIT $lim;
