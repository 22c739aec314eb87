-- Work items, quotas, what is reported of them, and what the office asks about.

-- name: work_item_list :many read
-- args: after text, lim int4, state text
SELECT monitoring.work_item_json(w)::text AS reply, lpad(w.no::text, 2, '0') || '.' || lpad(w.version::text, 6, '0') AS cursor
  FROM monitoring.work_item w
 WHERE lpad(w.no::text, 2, '0') || '.' || lpad(w.version::text, 6, '0') > coalesce($after, '')
   AND ($state::text IS NULL OR w.state = $state)
 ORDER BY w.no, w.version LIMIT $lim;

-- Indicators that there are not, and what may have been meant.
-- name: work_item_faults :many read
-- args: indicators jsonb
SELECT platform.whole_city() AS is_city, f.pointer, f.fault, f.near
  FROM (SELECT 1) AS one
  LEFT JOIN LATERAL (
       SELECT '/indicators/' || (x.n - 1) AS pointer, 'indicator' AS fault,
              array_to_string(monitoring.share_near(x.code, ARRAY(SELECT i.code FROM monitoring.indicator i)), ',') AS near
         FROM jsonb_array_elements_text(coalesce($indicators, '[]')) WITH ORDINALITY AS x (code, n)
        WHERE NOT EXISTS (SELECT FROM monitoring.indicator i WHERE i.code = x.code)) AS f ON true;

-- name: work_item_propose :one
-- args: id uuid, no int8, name text, action_name text, units jsonb, indicators jsonb, amounts jsonb, basis text, from_on date
INSERT INTO monitoring.work_item AS w (id, no, version, name, action, units, indicators, amounts, basis, from_on)
SELECT $id, $no::int8::integer, 1 + coalesce((SELECT max(x.version) FROM monitoring.work_item x WHERE x.no = $no), 0), $name, $action_name,
       ARRAY(SELECT jsonb_array_elements_text($units)), ARRAY(SELECT jsonb_array_elements_text(coalesce($indicators, '[]'))),
       coalesce($amounts, '[]'), $basis, $from_on
RETURNING monitoring.work_item_json(w)::text AS reply;

-- name: work_item_confirm :one
-- args: id uuid
WITH found AS (
    SELECT w.id, w.no, w.state, w.proposed_by = platform.actor() AS same FROM monitoring.work_item w
     WHERE w.id = $id AND platform.whole_city() FOR UPDATE
), ended AS (
    UPDATE monitoring.work_item AS w SET state = 'replaced' FROM found f
     WHERE f.state = 'proposed' AND NOT f.same AND w.no = f.no AND w.state = 'active'
    RETURNING w.id
), moved AS (
    UPDATE monitoring.work_item AS w SET state = 'active', confirmed_by = platform.actor() FROM found f
     WHERE w.id = f.id AND f.state = 'proposed' AND NOT f.same AND (SELECT count(*) FROM ended) >= 0
    RETURNING w AS w
)
SELECT monitoring.work_item_json(w)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'proposed' THEN 'state.wrong' ELSE 'monitoring.work_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: work_item_drop :one
-- args: id uuid
WITH found AS (
    SELECT w.id, w.state FROM monitoring.work_item w WHERE w.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.work_item AS w SET state = 'dropped' FROM found f WHERE w.id = f.id AND f.state = 'proposed'
    RETURNING w AS w
)
SELECT monitoring.work_item_json(w)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: work_quota_list :many read
-- args: after text, lim int4, item_no int4, year int4, county_code text, state text
SELECT monitoring.work_quota_json(q)::text AS reply, q.id::text AS cursor
  FROM monitoring.work_quota q
 WHERE platform.acts_in(q.county_code)
   AND q.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($item_no::int4 IS NULL OR $item_no = 0 OR q.item_no = $item_no)
   AND ($year::int4 IS NULL OR $year = 0 OR q.year = $year)
   AND ($county_code::text IS NULL OR q.county_code = $county_code)
   AND ($state::text IS NULL OR q.state = $state)
 ORDER BY q.id DESC LIMIT $lim;

-- name: work_quota_faults :many read
-- args: item_no int8, indicator text
SELECT platform.whole_city() AS is_city, EXISTS (SELECT FROM monitoring.work_item w WHERE w.no = $item_no AND w.state = 'active') AS has_item,
       f.pointer, f.fault, f.near
  FROM (SELECT 1) AS one
  LEFT JOIN LATERAL (
       SELECT '/indicator' AS pointer, 'indicator' AS fault,
              array_to_string(monitoring.share_near($indicator, ARRAY(SELECT i.code FROM monitoring.indicator i)), ',') AS near
        WHERE $indicator::text IS NOT NULL AND NOT EXISTS (SELECT FROM monitoring.indicator i WHERE i.code = $indicator)) AS f ON true;

-- name: work_quota_set :one
-- args: id uuid, item_no int8, indicator text, what text, county_code text, year int8, amount int8, legal_basis text
INSERT INTO monitoring.work_quota AS q (id, item_no, indicator, what, county_code, year, amount, legal_basis)
VALUES ($id, $item_no::int8::integer, $indicator, coalesce($indicator, $what), $county_code, $year::int8::integer, $amount, $legal_basis)
RETURNING monitoring.work_quota_json(q)::text AS reply;

-- By another hand; what held until now is replaced.
-- name: work_quota_confirm :one tells
-- args: id uuid
WITH found AS (
    SELECT q.*, q.set_by = platform.actor() AS same FROM monitoring.work_quota q
     WHERE q.id = $id AND platform.whole_city() FOR UPDATE
), ended AS (
    UPDATE monitoring.work_quota AS q SET state = 'replaced' FROM found f
     WHERE f.state = 'set' AND NOT f.same AND q.state = 'confirmed' AND q.item_no = f.item_no AND q.what = f.what
       AND q.year = f.year AND q.county_code = f.county_code
    RETURNING q.id
), moved AS (
    UPDATE monitoring.work_quota AS q SET state = 'confirmed', confirmed_by = platform.actor(), confirmed_at = platform.now()
      FROM found f WHERE q.id = f.id AND f.state = 'set' AND NOT f.same AND (SELECT count(*) FROM ended) >= 0
    RETURNING q AS q
)
SELECT monitoring.work_quota_json(q)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'set' THEN 'state.wrong' ELSE 'monitoring.work_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: work_quota_drop :one
-- args: id uuid, note text
WITH found AS (
    SELECT q.id, q.state FROM monitoring.work_quota q WHERE q.id = $id AND platform.whole_city() FOR UPDATE
), moved AS (
    UPDATE monitoring.work_quota AS q SET state = 'dropped', note = $note FROM found f WHERE q.id = f.id AND f.state = 'set'
    RETURNING q AS q
)
SELECT monitoring.work_quota_json(q)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: supervision_list :many read
-- args: after text, lim int4, item_no int4, county_code text, state text
SELECT monitoring.supervision_json(s)::text AS reply, s.id::text AS cursor
  FROM monitoring.supervision s
 WHERE platform.acts_in(s.county_code)
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($item_no::int4 IS NULL OR $item_no = 0 OR s.item_no = $item_no)
   AND ($county_code::text IS NULL OR s.county_code = $county_code)
   AND ($state::text IS NULL OR s.state = $state)
 ORDER BY s.id DESC LIMIT $lim;

-- name: supervision_open :one tells
-- args: new_id uuid, item_no int8, county_code text, unit text, content text, due_on date
WITH judged AS (
    SELECT CASE WHEN NOT coalesce(platform.whole_city(), false) THEN 'auth.area'
                WHEN NOT EXISTS (SELECT FROM monitoring.work_item w WHERE w.no = $item_no AND w.state = 'active') THEN 'request.not_found'
                WHEN monitoring.work_unit($item_no::int8::integer, $county_code, $unit) IS NULL THEN 'field.work_unit /unit'
                WHEN $due_on < platform.today() THEN 'field.date_past /due_on' END AS fault
), made AS (
    INSERT INTO monitoring.supervision AS s (id, item_no, county_code, unit, content, due_on)
    SELECT $new_id, $item_no, $county_code, monitoring.work_unit($item_no::int8::integer, $county_code, $unit), $content, $due_on
      FROM judged j WHERE j.fault IS NULL
    RETURNING s AS s
)
SELECT monitoring.supervision_json(s)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: supervision_answer :one tells
-- args: id uuid, answer text
WITH found AS (
    SELECT s.id, s.state, s.opened_by = platform.actor() AS same FROM monitoring.supervision s
     WHERE s.id = $id AND platform.acts_in(s.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.supervision AS s SET state = 'answered', answer = $answer, answered_by = platform.actor(),
           answered_on = platform.today()
      FROM found f WHERE s.id = f.id AND f.state = 'open' AND NOT f.same
    RETURNING s AS s
)
SELECT monitoring.supervision_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'open' THEN 'state.wrong' ELSE 'monitoring.work_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Closed, or asked again by another day.
-- name: supervision_judge :one tells
-- args: id uuid, accept bool, note text, due_on date
WITH found AS (
    SELECT s.id, s.state, s.answered_by = platform.actor() AS same FROM monitoring.supervision s
     WHERE s.id = $id AND platform.whole_city() FOR UPDATE
), judged AS (
    SELECT f.id, CASE WHEN f.state <> 'answered' THEN 'state.wrong' WHEN f.same THEN 'monitoring.work_hand'
                      WHEN NOT $accept AND $due_on::date IS NULL THEN 'field.missing /due_on'
                      WHEN NOT $accept AND $due_on < platform.today() THEN 'field.date_past /due_on' END AS fault
      FROM found f
), moved AS (
    UPDATE monitoring.supervision AS s SET state = CASE WHEN $accept THEN 'closed' ELSE 'open' END, closed_note = $note,
           closed_by = CASE WHEN $accept THEN platform.actor() END,
           times_returned = s.times_returned + CASE WHEN $accept THEN 0 ELSE 1 END,
           due_on = CASE WHEN $accept THEN s.due_on ELSE $due_on END
      FROM judged j WHERE s.id = j.id AND j.fault IS NULL
    RETURNING s AS s
)
SELECT monitoring.supervision_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;
