-- Collection tasks, their villages, samples and what is settled for.

-- name: collect_task_create :one
-- args: batch uuid, title text, kind text, form_version int4, area_code text, from_on date, due_on date,
--       villages jsonb
WITH v AS (
    SELECT * FROM jsonb_to_recordset($villages) AS x (code text, name text, county text)
), made AS (
    INSERT INTO jobs.collect_task AS t (batch_id, title, kind, form_version, from_on, due_on, county_code,
                                        area_code)
    SELECT $batch, $title, $kind, $form_version, $from_on, $due_on, c.county,
           CASE WHEN $area_code = '431100' THEN c.county ELSE $area_code END
      FROM (SELECT DISTINCT v.county FROM v) AS c
    RETURNING t.id, t.county_code, t.due_on
), items AS (
    INSERT INTO jobs.collect_item (task_id, village_name, due_on, county_code, area_code)
    SELECT m.id, v.name, m.due_on, v.county, v.code FROM v JOIN made m ON m.county_code = v.county
    RETURNING 1
)
SELECT jsonb_build_object('id', $batch, 'title', $title, 'area_code', $area_code,
    'tasks', (SELECT jsonb_agg(jsonb_build_object('id', m.id, 'county_code', m.county_code)
                               ORDER BY m.county_code) FROM made m),
    'items', (SELECT count(*) FROM items))::text AS reply;

-- Counties of a batch side by side: how far, and how many records.
-- name: collect_task_list :many read
-- args: after text, lim int4, batch_id uuid
SELECT jsonb_build_object('id', t.id, 'batch_id', t.batch_id, 'title', t.title, 'kind', t.kind,
           'form_version', t.form_version, 'from_on', t.from_on, 'due_on', t.due_on,
           'county_code', t.county_code, 'area_code', t.area_code,
           'items', n.items, 'done', n.done, 'late', n.late,
           'records', (SELECT count(*) FROM jobs.labour_record r WHERE r.task_id = t.id))::text AS reply,
       t.id::text AS cursor
  FROM jobs.collect_task t
  CROSS JOIN LATERAL (SELECT count(*) AS items, count(*) FILTER (WHERE i.state = 'done') AS done,
                             count(*) FILTER (WHERE i.state = 'open' AND i.due_on < platform.today()) AS late
                        FROM jobs.collect_item i WHERE i.task_id = t.id) AS n
 WHERE t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($batch_id::uuid IS NULL OR t.batch_id = $batch_id)
 ORDER BY t.id DESC
 LIMIT $lim;

-- name: collect_progress :many read
-- args: after text, lim int4, id uuid
SELECT jsonb_build_object('town_code', n.town, 'county_code', n.county, 'items', n.items, 'done', n.done,
           'late', n.late, 'records', (SELECT count(*) FROM jobs.labour_record r
                                        WHERE r.task_id = $id AND left(r.area_code, 9) = n.town))::text AS reply,
       n.town AS cursor
  FROM (SELECT left(i.area_code, 9) AS town, min(i.county_code) AS county, count(*) AS items,
               count(*) FILTER (WHERE i.state = 'done') AS done,
               count(*) FILTER (WHERE i.state = 'open' AND i.due_on < platform.today()) AS late
          FROM jobs.collect_item i WHERE i.task_id = $id GROUP BY 1) AS n
 WHERE $after::text IS NULL OR n.town COLLATE "C" > $after
 ORDER BY n.town COLLATE "C"
 LIMIT $lim;

-- The open villages of an area to one clerk, or to one contractor.
-- name: collect_assign :one
-- args: id uuid, area_code text, officer_id uuid, org_id uuid
WITH found AS (
    SELECT t.id, t.county_code FROM jobs.collect_task t
     WHERE t.id = $id AND platform.in_areas(t.county_code, t.area_code)
), moved AS (
    UPDATE jobs.collect_item i SET officer_id = $officer_id, org_id = $org_id, reminded = 0
      FROM found f
     WHERE i.task_id = f.id AND i.state = 'open' AND num_nonnulls($officer_id::uuid, $org_id::uuid) = 1
       AND (i.county_code = $area_code OR starts_with(i.area_code, $area_code))
       AND ($org_id::uuid IS NULL OR EXISTS (SELECT FROM jobs.org o WHERE o.id = $org_id))
    RETURNING i.id
)
SELECT jsonb_build_object('id', f.id, 'county_code', f.county_code, 'assigned', count(m.id))::text AS reply
  FROM found f, moved m GROUP BY f.id, f.county_code
UNION ALL
SELECT platform.refuse(CASE WHEN num_nonnulls($officer_id::uuid, $org_id::uuid) <> 1 THEN 'jobs.collect_assignee'
                            WHEN $org_id::uuid IS NOT NULL AND NOT EXISTS
                                 (SELECT FROM jobs.org o WHERE o.id = $org_id) THEN 'jobs.org_unknown'
                            ELSE 'jobs.collect_empty' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: collect_item_list :many read
-- args: after text, lim int4, task_id uuid, state text, late bool?, area_code text
SELECT jsonb_build_object('id', i.id, 'task_id', i.task_id, 'village_code', i.area_code,
           'village_name', i.village_name, 'officer_id', i.officer_id, 'org_id', i.org_id,
           'state', i.state, 'due_on', i.due_on,
           'late', i.state = 'open' AND i.due_on < platform.today(), 'done_at', i.done_at,
           'note', i.note, 'records', (SELECT count(*) FROM jobs.labour_record r
                                        WHERE r.task_id = i.task_id AND r.area_code = i.area_code),
           'county_code', i.county_code)::text AS reply, i.id::text AS cursor
  FROM jobs.collect_item i
 WHERE i.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($task_id::uuid IS NULL OR i.task_id = $task_id)
   AND ($state::text IS NULL OR i.state = $state)
   AND ($late::bool IS NULL OR (i.state = 'open' AND i.due_on < platform.today()) = $late)
   AND ($area_code::text IS NULL OR i.county_code = $area_code OR starts_with(i.area_code, $area_code))
 ORDER BY i.id DESC
 LIMIT $lim;

-- A village without a record is done only with a word why.
-- name: collect_item_done :one
-- args: id uuid, note text
WITH found AS (
    SELECT i.id, i.state, EXISTS (SELECT FROM jobs.labour_record r WHERE r.task_id = i.task_id
                                     AND r.area_code = i.area_code) AS filled
      FROM jobs.collect_item i WHERE i.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.collect_item AS i
       SET state = 'done', done_by = platform.actor(), done_at = platform.now(), note = $note
      FROM found f WHERE i.id = f.id AND f.state = 'open' AND (f.filled OR $note::text IS NOT NULL)
    RETURNING i AS i
)
SELECT jsonb_build_object('id', (i).id, 'task_id', (i).task_id, 'village_code', (i).area_code,
           'village_name', (i).village_name, 'officer_id', (i).officer_id, 'org_id', (i).org_id,
           'state', (i).state, 'due_on', (i).due_on, 'late', false, 'done_at', (i).done_at,
           'note', (i).note, 'records', (SELECT count(*) FROM jobs.labour_record r
                                          WHERE r.task_id = (i).task_id AND r.area_code = (i).area_code),
           'county_code', (i).county_code)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'open' THEN 'state.wrong' ELSE 'jobs.collect_unfilled /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Contractors are told once that villages are due in three days, once that they
-- are late; running it again tells nobody anew.
-- name: collect_remind :exec
WITH due AS (
    UPDATE jobs.collect_item i
       SET reminded = CASE WHEN i.due_on < platform.today() THEN 2 ELSE 1 END
     WHERE i.state = 'open' AND i.org_id IS NOT NULL
       AND ((i.due_on < platform.today() AND i.reminded < 2)
            OR (i.due_on <= platform.today() + 3 AND i.reminded < 1))
    RETURNING i.task_id, i.org_id, i.reminded
)
SELECT jobs.tell(NULL, d.org_id, 'collect_due',
           CASE d.reminded WHEN 2 THEN '采集任务已逾期' ELSE '采集任务即将到期' END,
           t.title || '：' || count(*) || ' 个村（社区）未完成，截止 ' || t.due_on, 'collect_task', t.id)
  FROM due d JOIN jobs.collect_task t ON t.id = d.task_id
 GROUP BY d.org_id, d.reminded, t.id, t.title, t.due_on;

-- The same task draws the same records, whoever asks and however often.
-- name: collect_sample :one
-- args: id uuid, count int4
WITH found AS (
    SELECT t.id, t.county_code FROM jobs.collect_task t
     WHERE t.id = $id AND platform.in_areas(t.county_code, t.area_code)
), made AS (
    INSERT INTO jobs.collect_check AS k (task_id, record_id, person_id, name_masked, collected_by,
                                         collector_org_id, county_code, area_code)
    SELECT f.id, r.id, r.person_id, r.name_masked, r.collected_by, r.collector_org_id, r.county_code,
           r.area_code
      FROM found f JOIN jobs.labour_record r ON r.task_id = f.id
     ORDER BY md5(f.id::text || r.id::text) LIMIT $count
    ON CONFLICT (task_id, record_id) DO NOTHING
    RETURNING k.id
)
SELECT jsonb_build_object('id', f.id, 'county_code', f.county_code, 'drawn', (SELECT count(*) FROM made),
    'records', (SELECT count(*) FROM jobs.labour_record r WHERE r.task_id = f.id))::text AS reply
  FROM found f;

-- name: collect_check_list :many read
-- args: after text, lim int4, task_id uuid, done bool?
SELECT jobs.collect_check_json(k)::text AS reply, k.id::text AS cursor
  FROM jobs.collect_check k
 WHERE k.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($task_id::uuid IS NULL OR k.task_id = $task_id)
   AND ($done::bool IS NULL OR (k.checked_at IS NOT NULL) = $done)
 ORDER BY k.id DESC
 LIMIT $lim;

-- What the checker calls about; the collector is not shown it.
-- name: collect_check_get :one read
-- args: id uuid
SELECT jobs.collect_check_json(k)::text AS reply, r.phone, k.collected_by = platform.actor() AS own
  FROM jobs.collect_check k JOIN jobs.labour_record r ON r.id = k.record_id
 WHERE k.id = $id;

-- name: collect_check_result :one
-- args: id uuid, reached bool, fields jsonb
WITH found AS (
    SELECT k.id, k.checked_at, k.collected_by, to_jsonb(r) - 'phone' - 'id_index' AS had
      FROM jobs.collect_check k JOIN jobs.labour_record r ON r.id = k.record_id
     WHERE k.id = $id FOR UPDATE OF k
), moved AS (
    UPDATE jobs.collect_check AS k
       SET checker = platform.actor(), checked_at = platform.now(), reached = $reached,
           results = (SELECT coalesce(jsonb_agg(x || jsonb_build_object('found', f.had ->
                            CASE x ->> 'name' WHEN 'name' THEN 'name_masked' WHEN 'village_code' THEN 'area_code'
                                              ELSE x ->> 'name' END)), '[]'::jsonb)
                        FROM jsonb_array_elements(coalesce($fields, '[]'::jsonb)) x),
           right_count = (SELECT count(*) FROM jsonb_array_elements(coalesce($fields, '[]'::jsonb)) x
                           WHERE (x ->> 'right')::boolean),
           wrong_count = (SELECT count(*) FROM jsonb_array_elements(coalesce($fields, '[]'::jsonb)) x
                           WHERE NOT (x ->> 'right')::boolean)
      FROM found f
     WHERE k.id = f.id AND f.checked_at IS NULL AND f.collected_by <> platform.actor()
    RETURNING k AS k
)
SELECT jobs.collect_check_json(k)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.checked_at IS NOT NULL THEN 'state.wrong' ELSE 'jobs.same_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Right fields of all checked, in hundredths of a percent.
-- name: collect_quality :many read
-- args: after text, lim int4, id uuid, by text
SELECT jsonb_build_object('key', q.key, 'county_code', q.county, 'drawn', q.drawn, 'checked', q.checked,
           'reached', q.reached, 'right_count', q.good, 'wrong_count', q.bad,
           'score_bp', q.good * 10000 / nullif(q.good + q.bad, 0))::text AS reply, q.key AS cursor
  FROM (SELECT CASE coalesce($by, 'county') WHEN 'county' THEN k.county_code WHEN 'town' THEN left(k.area_code, 9)
                    ELSE coalesce(k.collector_org_id, k.collected_by)::text END AS key,
               min(k.county_code) AS county, count(*) AS drawn, count(k.checked_at) AS checked,
               count(*) FILTER (WHERE k.reached) AS reached,
               coalesce(sum(k.right_count), 0) AS good, coalesce(sum(k.wrong_count), 0) AS bad
          FROM jobs.collect_check k WHERE k.task_id = $id GROUP BY 1) AS q
 WHERE $after::text IS NULL OR q.key COLLATE "C" > $after
 ORDER BY q.key COLLATE "C"
 LIMIT $lim;

-- name: settlement_rule_set :one
-- args: from_on date, line_cents int8, unit_price_cents int8?, min_score_bp int4?, basis text
INSERT INTO jobs.settlement_rule AS s (from_on, line_cents, unit_price_cents, min_score_bp, basis, set_by)
VALUES (coalesce($from_on, platform.today()), $line_cents, $unit_price_cents, $min_score_bp, $basis,
        platform.actor())
ON CONFLICT (from_on) DO UPDATE
   SET line_cents = excluded.line_cents, unit_price_cents = excluded.unit_price_cents,
       min_score_bp = excluded.min_score_bp, basis = excluded.basis, set_by = excluded.set_by
RETURNING jsonb_build_object('from_on', s.from_on, 'line_cents', s.line_cents,
    'unit_price_cents', s.unit_price_cents, 'min_score_bp', s.min_score_bp, 'basis', s.basis)::text AS reply;

-- Records of the period times the share found right; what was not sampled
-- counts nothing. With a price each county gets its product, and when these
-- exceed the line a share of it, rounded so that the shares add up to it.
-- name: settlement_figures :one read
-- args: from_on date, to_on date
WITH rule AS (
    SELECT s.* FROM jobs.settlement_rule s WHERE s.from_on <= $to_on ORDER BY s.from_on DESC LIMIT 1
), counted AS (
    SELECT c.code, c.ord,
           (SELECT count(*) FROM jobs.labour_record r WHERE r.county_code = c.code
               AND r.task_id IS NOT NULL AND r.collected_on BETWEEN $from_on AND $to_on) AS records,
           (SELECT sum(k.right_count) * 10000 / nullif(sum(k.right_count + k.wrong_count), 0)
              FROM jobs.collect_check k JOIN jobs.collect_task t ON t.id = k.task_id
             WHERE k.county_code = c.code AND k.checked_at IS NOT NULL
               AND t.from_on <= $to_on AND t.due_on >= $from_on) AS score
      FROM unnest(jobs.counties()) WITH ORDINALITY AS c (code, ord)
     WHERE platform.in_areas(c.code, NULL)
), weighed AS (
    SELECT c.*, CASE WHEN c.score IS NULL THEN NULL WHEN c.score < coalesce(r.min_score_bp, 0) THEN 0
                     ELSE c.records * c.score / 10000 END AS quantity
      FROM counted c CROSS JOIN rule r
), priced AS (
    SELECT w.*, coalesce(w.quantity, 0) * r.unit_price_cents AS product,
           sum(coalesce(w.quantity, 0) * r.unit_price_cents) OVER () AS whole,
           sum(coalesce(w.quantity, 0) * r.unit_price_cents) OVER (ORDER BY w.ord) AS upto, r.line_cents
      FROM weighed w CROSS JOIN rule r
), paid AS (
    SELECT p.*, CASE WHEN p.whole <= p.line_cents THEN p.product
                     ELSE div(p.upto * p.line_cents, p.whole) - div((p.upto - p.product) * p.line_cents, p.whole)
                     END::bigint AS amount
      FROM priced p
)
SELECT jsonb_build_object('from_on', $from_on, 'to_on', $to_on, 'line_cents', r.line_cents,
    'unit_price_cents', r.unit_price_cents, 'min_score_bp', r.min_score_bp, 'basis', r.basis,
    'price_text', CASE WHEN r.unit_price_cents IS NULL THEN '未设定' ELSE r.unit_price_cents || '分/条' END,
    'whole_city', jobs.is_city(), 'amount_cents', CASE WHEN jobs.is_city() THEN (SELECT sum(p.amount) FROM paid p) END,
    'items', (SELECT jsonb_agg(jsonb_build_object('county_code', p.code, 'records', p.records,
                  'score_bp', p.score, 'quantity', p.quantity,
                  'amount_cents', CASE WHEN jobs.is_city() THEN p.amount END) ORDER BY p.ord) FROM paid p))::text AS reply
  FROM rule r;
