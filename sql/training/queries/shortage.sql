-- The city's list of 急需紧缺 occupations, by dated versions.

-- name: shortage_draft :one
-- args: id uuid, title text, basis text, from_on date, to_on date, items jsonb
WITH made AS (
    INSERT INTO training.shortage_list AS l (id, title, basis, from_on, to_on)
    SELECT $id, $title, $basis, $from_on, $to_on WHERE platform.whole_city()
    RETURNING l AS l
), listed AS (
    INSERT INTO training.shortage_item AS i (list_id, occupation_code, level, headcount, reason, source)
    SELECT (m.l).id, x.occupation_code, x.level, x.headcount, x.reason, x.source
      FROM made m, jsonb_to_recordset($items::jsonb) AS x (occupation_code text, level integer, headcount integer,
                                                    reason text, source text)
    RETURNING i.id
)
SELECT training.shortage_list_json(l, (SELECT count(*) FROM listed))::text AS reply FROM made
UNION ALL
SELECT platform.refuse('training.shortage_city') WHERE NOT EXISTS (SELECT FROM made);

-- By another officer of the city. The version before it ends the day before.
-- name: shortage_publish :one
-- args: id uuid
WITH found AS (
    SELECT l.id, l.state, l.from_on, l.to_on, l.drafted_by = platform.actor() AS same FROM training.shortage_list l
     WHERE l.id = $id AND platform.whole_city() FOR UPDATE
), ended AS (
    UPDATE training.shortage_list AS l SET to_on = f.from_on - 1
      FROM found f
     WHERE f.state = 'draft' AND NOT f.same AND f.from_on >= platform.today()
       AND l.state = 'published' AND l.from_on < f.from_on AND l.to_on >= f.from_on
    RETURNING l.id
), moved AS (
    UPDATE training.shortage_list AS l
       SET state = 'published', published_by = platform.actor(), published_at = platform.now()
      FROM found f
     WHERE l.id = f.id AND f.state = 'draft' AND NOT f.same AND f.from_on >= platform.today()
       AND (SELECT count(*) FROM ended) >= 0
       AND NOT EXISTS (SELECT FROM training.shortage_list o WHERE o.state = 'published'
                          AND o.from_on >= f.from_on AND o.from_on <= f.to_on)
    RETURNING l AS l
), told AS (
    INSERT INTO training.outbox (type, key, area_code, payload)
    SELECT 'training.shortage.published.v1', (m.l).id::text, '431100',
           jsonb_build_object('list_id', (m.l).id, 'from_on', (m.l).from_on, 'to_on', (m.l).to_on,
               'county_code', '431100',
               'items', (SELECT jsonb_agg(jsonb_build_object('occupation_code', i.occupation_code, 'level', i.level,
                                                             'headcount', i.headcount) ORDER BY i.occupation_code, i.level)
                           FROM training.shortage_item i WHERE i.list_id = (m.l).id))
      FROM moved m
)
SELECT training.shortage_list_json(l, (SELECT count(*) FROM training.shortage_item i WHERE i.list_id = (l).id))::text
       AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'draft' THEN 'state.wrong' WHEN f.same THEN 'training.same_hand'
                            ELSE 'training.shortage_past' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: shortage_drop :one
-- args: id uuid
WITH found AS (
    SELECT l.id, l.state FROM training.shortage_list l WHERE l.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE training.shortage_list AS l SET state = 'dropped'
      FROM found f WHERE l.id = f.id AND f.state = 'draft'
    RETURNING l AS l
)
SELECT training.shortage_list_json(l, (SELECT count(*) FROM training.shortage_item i WHERE i.list_id = (l).id))::text
       AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Versions: the published to everybody, drafts to the city's officers.
-- name: shortage_list_list :many read
-- args: after text, lim int4, state text
SELECT training.shortage_list_json(l, (SELECT count(*) FROM training.shortage_item i WHERE i.list_id = l.id))::text AS reply,
       l.id::text AS cursor
  FROM training.shortage_list l
 WHERE l.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR l.state = $state)
 ORDER BY l.id DESC
 LIMIT $lim;

-- The list as it was, is or will be in force on a day.
-- name: shortage_on :many read
-- args: after text, lim int4, on date, occupation_code text
SELECT jsonb_build_object('id', i.id, 'list_id', i.list_id, 'occupation_code', i.occupation_code, 'level', i.level,
           'headcount', i.headcount, 'reason', i.reason, 'source', i.source, 'from_on', l.from_on,
           'to_on', l.to_on)::text AS reply,
       i.id::text AS cursor
  FROM training.shortage_list l JOIN training.shortage_item i ON i.list_id = l.id
 WHERE l.state = 'published' AND coalesce($on, platform.today()) BETWEEN l.from_on AND l.to_on
   AND i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($occupation_code::text IS NULL OR starts_with(i.occupation_code, $occupation_code))
 ORDER BY i.id DESC
 LIMIT $lim;
