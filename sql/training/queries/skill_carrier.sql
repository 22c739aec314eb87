-- name: skill_carrier_list :many read
-- args: after text, lim int4, county_code text, kind text, occupation_code text
SELECT training.skill_carrier_json(c)::text AS reply, c.id::text AS cursor
  FROM training.skill_carrier c
 WHERE c.state = 'active'
   AND c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR c.county_code = $county_code)
   AND ($kind::text IS NULL OR c.kind = $kind)
   AND ($occupation_code::text IS NULL OR $occupation_code = ANY (c.occupations))
 ORDER BY c.id DESC
 LIMIT $lim;

-- name: skill_carrier_get :one read
-- args: id uuid
SELECT training.skill_carrier_json(c)::text AS reply FROM training.skill_carrier c WHERE c.id = $id AND c.state = 'active';

-- What the organisation says of it; a studio of the city is one of masters or of 劳模工匠.
-- name: skill_carrier_fill :one
-- args: id uuid, kind text, name text, occupations text[], intro text, address text, lat_e6 int4?, lng_e6 int4?
WITH found AS (
    SELECT c.id, c.state = 'active' AS active,
           $kind::text IS NULL OR $kind = c.kind OR ($kind IN ('master_studio', 'model_studio')
               AND c.kind IN ('master_studio', 'model_studio')) AS fits
      FROM training.skill_carrier c WHERE c.id = $id AND c.org_id = platform.org() FOR UPDATE
), moved AS (
    UPDATE training.skill_carrier AS c
       SET kind = coalesce($kind, c.kind), name = $name, occupations = $occupations::text[], intro = coalesce($intro, ''),
           address = $address, lat_e6 = $lat_e6, lng_e6 = $lng_e6
      FROM found f WHERE c.id = f.id AND f.active AND f.fits AND ($lat_e6::int4 IS NULL) = ($lng_e6::int4 IS NULL)
    RETURNING c AS c
)
SELECT training.skill_carrier_json(c)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN NOT f.active THEN 'state.wrong' WHEN NOT f.fits THEN 'field.choice /kind'
                            WHEN $lat_e6::int4 IS NULL THEN 'field.missing /lat_e6' ELSE 'field.missing /lng_e6' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: skill_master_name :one
-- args: id uuid, new_id uuid, person_id uuid, is_leader bool
WITH made AS (
    INSERT INTO training.skill_master AS m (id, carrier_id, org_id, person_id, name_masked, is_leader, county_code, area_code)
    SELECT $new_id, c.id, c.org_id, $person_id, '', coalesce($is_leader, false), c.county_code, c.area_code
      FROM training.skill_carrier c WHERE c.id = $id AND c.org_id = platform.org()
    RETURNING m AS m
)
SELECT training.skill_master_json(m)::text AS reply FROM made;

-- name: skill_master_answer :one
-- args: id uuid, accept bool, shown_name text
WITH found AS (
    SELECT m.id, m.state FROM training.skill_master m WHERE m.id = $id AND m.person_id = platform.person() FOR UPDATE
), moved AS (
    UPDATE training.skill_master AS m
       SET state = CASE WHEN $accept THEN 'confirmed' ELSE 'declined' END, answered_at = platform.now(),
           shown_name = CASE WHEN $accept THEN $shown_name END
      FROM found f WHERE m.id = f.id AND f.state = 'named'
    RETURNING m AS m
)
SELECT training.skill_master_json(m)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: skill_master_end :one
-- args: id uuid
WITH found AS (
    SELECT m.id, m.state FROM training.skill_master m
     WHERE m.id = $id AND (m.person_id = platform.person() OR m.org_id = platform.org()) FOR UPDATE
), moved AS (
    UPDATE training.skill_master AS m
       SET state = 'ended', shown_name = NULL, answered_at = coalesce(m.answered_at, platform.now())
      FROM found f WHERE m.id = f.id AND f.state IN ('named', 'confirmed')
    RETURNING m AS m
)
SELECT training.skill_master_json(m)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: skill_master_list :many read
-- args: after text, lim int4, carrier_id uuid, state text
SELECT training.skill_master_json(m)::text AS reply, m.id::text AS cursor
  FROM training.skill_master m
 WHERE ($carrier_id::uuid IS NULL OR m.carrier_id = $carrier_id) AND ($state::text IS NULL OR m.state = $state)
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY m.id DESC
 LIMIT $lim;

-- A year with its masters' apprentices, row by row; returned, it is sent again.
-- name: skill_year_report :one
-- args: id uuid, new_id uuid, year int4, projects int4, summary text, rows jsonb
WITH carrier AS (
    SELECT c.* FROM training.skill_carrier c WHERE c.id = $id AND c.org_id = platform.org() FOR SHARE
), judged AS (
    SELECT c.id, CASE WHEN c.state <> 'active' THEN 'state.wrong'
                      WHEN $year >= extract(year FROM platform.today()) OR $year < extract(year FROM c.accepted_on)
                      THEN 'training.skill_year /year'
                      WHEN EXISTS (SELECT FROM training.skill_year y WHERE y.carrier_id = c.id AND y.year = $year
                                      AND y.state <> 'returned') THEN 'state.wrong' END AS fault
      FROM carrier c
), given AS (
    SELECT r.n, (r.row ->> 'master_id')::uuid AS master, (r.row ->> 'apprentices')::int AS apprentices,
           (r.row ->> 'finished')::int AS finished, count(*) OVER (PARTITION BY r.row ->> 'master_id') AS times
      FROM jsonb_array_elements($rows) WITH ORDINALITY AS r (row, n)
), weighed AS (
    SELECT g.*, CASE WHEN m.id IS NULL THEN 'training.skill_master' WHEN g.times > 1 THEN 'field.duplicate'
                     WHEN g.finished > g.apprentices THEN 'field.too_large' END AS code
      FROM given g CROSS JOIN carrier c
      LEFT JOIN training.skill_master m ON m.id = g.master AND m.carrier_id = c.id AND m.state = 'confirmed'
), book AS (
    INSERT INTO training.skill_year AS y (id, carrier_id, org_id, year, projects, summary, county_code, area_code)
    SELECT $new_id, c.id, c.org_id, $year, $projects, $summary, c.county_code, c.area_code
      FROM carrier c JOIN judged j ON j.id = c.id
     WHERE j.fault IS NULL AND NOT EXISTS (SELECT FROM weighed w WHERE w.code IS NOT NULL)
    ON CONFLICT (carrier_id, year) DO UPDATE SET projects = excluded.projects, summary = excluded.summary,
           state = 'submitted', submitted_by = platform.actor(), checked_by = NULL, checked_on = NULL, note = NULL
    RETURNING y.*
), kept AS (
    INSERT INTO training.skill_year_row AS r (year_id, master_id, org_id, apprentices, finished, county_code, area_code)
    SELECT b.id, w.master, b.org_id, w.apprentices, w.finished, b.county_code, b.area_code FROM weighed w CROSS JOIN book b
    ON CONFLICT (year_id, master_id) DO UPDATE SET apprentices = excluded.apprentices, finished = excluded.finished
    RETURNING r.master_id
)
SELECT jsonb_build_object('id', (SELECT b.id FROM book b), 'carrier_id', c.id, 'year', $year, 'state', (SELECT b.state FROM book b),
           'county_code', c.county_code, 'taken', (SELECT count(*) FROM kept),
           'failed', (SELECT count(*) FROM weighed w WHERE w.code IS NOT NULL),
           'rows', (SELECT jsonb_agg(jsonb_build_object('row', w.n, 'master_id', w.master, 'code', w.code) ORDER BY w.n)
                      FROM weighed w))::text AS reply
  FROM carrier c JOIN judged j ON j.id = c.id WHERE j.fault IS NULL
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: skill_year_check :one
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT y.id, y.state, y.submitted_by = platform.actor() AS same FROM training.skill_year y
     WHERE y.id = $id AND platform.in_areas(y.county_code, y.area_code) FOR UPDATE
), moved AS (
    UPDATE training.skill_year AS y SET state = CASE WHEN $pass THEN 'passed' ELSE 'returned' END, note = $note,
           checked_by = platform.actor(), checked_on = platform.today()
      FROM found f
     WHERE y.id = f.id AND f.state = 'submitted' AND NOT f.same AND ($pass OR $note::text IS NOT NULL)
    RETURNING y AS y
)
SELECT training.skill_year_json(y)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'submitted' THEN 'state.wrong' WHEN f.same THEN 'training.same_hand'
                            ELSE 'field.missing /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: skill_year_list :many read
-- args: after text, lim int4, carrier_id uuid, year int4?, state text
SELECT training.skill_year_json(y)::text AS reply, y.id::text AS cursor
  FROM training.skill_year y
 WHERE ($carrier_id::uuid IS NULL OR y.carrier_id = $carrier_id) AND ($year::int4 IS NULL OR y.year = $year)
   AND ($state::text IS NULL OR y.state = $state)
   AND y.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY y.id DESC
 LIMIT $lim;

-- Standing carriers whose last year is not passed, or that nobody inspected since it ended.
-- name: skill_carrier_overdue :many read
-- args: after text, lim int4
WITH due AS (
    SELECT extract(year FROM platform.today())::int - 1 AS year, date_trunc('year', platform.today())::date AS began,
           date_trunc('year', platform.today())::date
               + training.skill_rule_on('carrier_report_days', NULL, platform.today())::int AS due_on
), late AS (
    SELECT c.id, c.name, c.kind, c.county_code, d.year, d.due_on, y.state, training.inspected_since(c.id, d.began) AS inspected
      FROM due d
      JOIN training.skill_carrier c ON c.state = 'active' AND extract(year FROM c.accepted_on) <= d.year
      LEFT JOIN training.skill_year y ON y.carrier_id = c.id AND y.year = d.year
     WHERE platform.in_areas(c.county_code, c.area_code) AND platform.today() > d.due_on
)
SELECT jsonb_build_object('id', l.id, 'name', l.name, 'kind', l.kind, 'year', l.year, 'due_on', l.due_on, 'state', l.state,
           'is_inspected', l.inspected, 'county_code', l.county_code)::text AS reply, l.id::text AS cursor
  FROM late l
 WHERE (l.state IS DISTINCT FROM 'passed' OR NOT l.inspected)
   AND l.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
UNION ALL
SELECT platform.refuse('training.rule_unset'), '' FROM due d WHERE d.due_on IS NULL
 ORDER BY 2 DESC
 LIMIT $lim;

-- Every county of the caller's areas, whether it has one or not.
-- name: skill_carrier_figures :many read
-- args: after text, lim int4
SELECT jsonb_build_object('county_code', a.code,
           'bases', count(c.id) FILTER (WHERE c.kind = 'base'),
           'studios', count(c.id) FILTER (WHERE c.kind IN ('master_studio', 'model_studio')),
           'county_studios', count(c.id) FILTER (WHERE c.kind = 'county_studio'),
           'base_target', training.skill_rule_on('base_target', NULL, platform.today()),
           'studio_target', training.skill_rule_on('studio_target', NULL, platform.today()),
           'county_studio_target', training.skill_rule_on('county_studio_target', NULL, platform.today()),
           'county_studio_cents', training.skill_rule_on('county_studio_cents', a.code, platform.today()))::text AS reply,
       a.code AS cursor
  FROM unnest(platform.areas()) AS a (code)
  LEFT JOIN training.skill_carrier c ON c.county_code = a.code AND c.state = 'active'
 WHERE length(a.code) = 6 AND a.code <> '431100' AND a.code > coalesce($after::text, '')
 GROUP BY a.code
 ORDER BY a.code
 LIMIT $lim;
