-- The city's numbers: what there is to set, what holds, what is proposed.

-- name: setting_list :many read
-- args: topic text, name text, after text, lim int4
WITH slot AS (
    SELECT k.*, p.part, k.name || ' ' || p.part AS key
      FROM monitoring.setting_kind k
     CROSS JOIN LATERAL unnest(CASE WHEN k.parts = '{}' THEN ARRAY[''] ELSE k.parts END) AS p (part)
     WHERE ($topic::text IS NULL OR k.topic = $topic) AND ($name::text IS NULL OR k.name = $name)
)
SELECT jsonb_build_object('name', k.name, 'part', nullif(k.part, ''), 'topic', k.topic, 'title', k.title,
           'title_en', k.title_en, 'unit', k.unit, 'smallest', k.smallest, 'largest', k.largest, 'purpose', k.purpose,
           'source', k.source, 'value', v.value, 'is_set', v.value IS NOT NULL,
           'in_force', CASE WHEN v.id IS NOT NULL THEN monitoring.setting_json(v) END,
           'coming', (SELECT coalesce(jsonb_agg(monitoring.setting_json(s) ORDER BY s.from_on), '[]')
                        FROM monitoring.setting s WHERE s.name = k.name AND s.part = k.part
                         AND s.state = 'confirmed' AND s.from_on > platform.today()),
           'proposed', (SELECT monitoring.setting_json(s) FROM monitoring.setting s
                         WHERE s.name = k.name AND s.part = k.part AND s.state = 'proposed'))::text AS reply,
       k.key AS cursor
  FROM slot k
  LEFT JOIN LATERAL (SELECT s.* FROM monitoring.setting s
                      WHERE s.name = k.name AND s.part = k.part AND s.state = 'confirmed' AND s.from_on <= platform.today()
                      ORDER BY s.from_on DESC LIMIT 1) AS v ON true
 WHERE $after::text IS NULL OR k.key COLLATE "C" > $after
 ORDER BY k.key COLLATE "C" LIMIT $lim;

-- name: setting_history :many read
-- args: name text, part text, state text, after text, lim int4
SELECT (monitoring.setting_json(s) || jsonb_build_object('note', s.note, 'proposed_by', s.proposed_by,
           'confirmed_by', s.confirmed_by, 'withdrawn_by', s.withdrawn_by))::text AS reply, s.id::text AS cursor
  FROM monitoring.setting s
 WHERE s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($name::text IS NULL OR s.name = $name) AND ($part::text IS NULL OR s.part = $part)
   AND ($state::text IS NULL OR s.state = $state)
 ORDER BY s.id DESC LIMIT $lim;

-- Whether the caller acts for the city, and a row for each thing that is wrong.
-- name: setting_faults :many
-- args: name text, part text, value int8?, from_on date
SELECT platform.whole_city() AS is_city, f.pointer, f.fault, f.near
  FROM (SELECT 1) AS one
  LEFT JOIN (
       SELECT '/name' AS pointer, 'choice' AS fault,
              array_to_string(monitoring.share_near($name, ARRAY(SELECT k.name FROM monitoring.setting_kind k)), ',') AS near
        WHERE NOT EXISTS (SELECT FROM monitoring.setting_kind k WHERE k.name = $name)
       UNION ALL
       SELECT x.pointer, x.fault, x.near FROM monitoring.setting_faults($name, coalesce($part, ''), $value) AS x
       UNION ALL
       SELECT '/from_on', 'past', NULL WHERE $from_on < platform.today()) AS f ON true;

-- One open proposal a number: setting_open_key.
-- name: setting_propose :one tells
-- args: id uuid, name text, part text, value int8?, basis text, from_on date
INSERT INTO monitoring.setting AS s (id, name, part, value, basis, from_on)
VALUES ($id, $name, coalesce($part, ''), $value, $basis, $from_on)
RETURNING monitoring.setting_json(s)::text AS reply;

-- By another hand, not for days that are past; what began on the same day is replaced.
-- name: setting_confirm :one tells
-- args: id uuid
WITH found AS (
    SELECT s.*, CASE WHEN s.state <> 'proposed' THEN 'state.wrong'
                     WHEN s.proposed_by = platform.actor() THEN 'monitoring.same_hand'
                     WHEN s.from_on < platform.today() THEN 'monitoring.setting_past' END AS fault
      FROM monitoring.setting s WHERE s.id = $id AND platform.whole_city() FOR UPDATE
), ended AS (
    UPDATE monitoring.setting AS s SET state = 'replaced' FROM found f
     WHERE f.fault IS NULL AND s.name = f.name AND s.part = f.part AND s.from_on = f.from_on AND s.state = 'confirmed'
    RETURNING s.id
), moved AS (
    UPDATE monitoring.setting AS s SET state = 'confirmed', confirmed_by = platform.actor(), confirmed_at = platform.now()
      FROM found f WHERE s.id = f.id AND f.fault IS NULL AND (SELECT count(*) FROM ended) >= 0
    RETURNING s AS s
)
SELECT monitoring.setting_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- name: setting_withdraw :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT s.id, s.state FROM monitoring.setting s WHERE s.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.setting AS s SET state = 'withdrawn', note = $note, withdrawn_by = platform.actor()
      FROM found f WHERE s.id = f.id AND f.state = 'proposed'
    RETURNING s AS s
)
SELECT monitoring.setting_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);
