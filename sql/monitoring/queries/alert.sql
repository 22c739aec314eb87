-- Alerts as people deal with them.

-- name: warning_alert_list :many read
-- args: after text, lim int4, county_code text, rule_code text, colour text, state text, level text, is_overdue bool?
SELECT monitoring.alert_json(a)::text AS reply, a.id::text AS cursor
  FROM monitoring.alert a
 WHERE platform.acts_in(a.county_code)
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR a.county_code = $county_code)
   AND ($rule_code::text IS NULL OR a.rule_code = $rule_code)
   AND ($colour::text IS NULL OR a.colour = $colour)
   AND ($state::text IS NULL OR a.state = $state)
   AND ($level::text IS NULL OR a.level = $level)
   AND (NOT coalesce($is_overdue, false)
        OR a.is_overdue OR (a.state IN ('open', 'acknowledged') AND a.due_on < platform.today()))
 ORDER BY a.id DESC
 LIMIT $lim;

-- How a county, or the city itself, stands: numbers only.
-- name: warning_alert_summary :many read
-- args: after text, lim int4, rule_code text
SELECT jsonb_build_object('county_code', a.county_code,
           'open', count(*) FILTER (WHERE a.state = 'open'), 'acknowledged', count(*) FILTER (WHERE a.state = 'acknowledged'),
           'handled', count(*) FILTER (WHERE a.state = 'handled'), 'closed', count(*) FILTER (WHERE a.state = 'closed'),
           'closed_false', count(*) FILTER (WHERE a.is_false), 'at_city', count(*) FILTER (WHERE a.level = 'city' AND a.state <> 'closed'),
           'overdue', count(*) FILTER (WHERE a.state IN ('open', 'acknowledged') AND a.due_on < platform.today()),
           'gravest', (array_agg(a.colour ORDER BY monitoring.warning_rank(a.colour) DESC)
                           FILTER (WHERE a.state <> 'closed'))[1])::text AS reply,
       a.county_code AS cursor
  FROM monitoring.alert a
 WHERE platform.acts_in(a.county_code)
   AND ($rule_code::text IS NULL OR a.rule_code = $rule_code)
   AND ($after::text IS NULL OR a.county_code > $after)
 GROUP BY a.county_code
 ORDER BY a.county_code
 LIMIT $lim;

-- name: warning_alert_get :one read
-- args: id uuid
SELECT monitoring.alert_full_json(a)::text AS reply FROM monitoring.alert a
 WHERE a.id = $id AND platform.acts_in(a.county_code);

-- What went to the city is the city's to deal with; a report is dealt with as a report.
-- name: warning_alert_acknowledge :one tells
-- args: id uuid
WITH found AS (
    SELECT a.id, coalesce(monitoring.alert_fault(a), CASE WHEN a.state <> 'open' THEN 'state.wrong' END) AS fault
      FROM monitoring.alert a WHERE a.id = $id AND platform.acts_in(a.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.alert AS a SET state = 'acknowledged', acknowledged_by = platform.actor(),
           acknowledged_at = platform.now(), moved_at = platform.now(), is_overdue = false,
           due_on = monitoring.setting_due('alert_handle_days', platform.today(),
                                           CASE a.colour WHEN 'clear' THEN a.peak ELSE a.colour END)
      FROM found f WHERE a.id = f.id AND f.fault IS NULL
    RETURNING a AS a
)
SELECT monitoring.alert_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- name: warning_alert_handle :one tells
-- args: id uuid, handling text
WITH found AS (
    SELECT a.id, coalesce(monitoring.alert_fault(a), CASE WHEN a.state <> 'acknowledged' THEN 'state.wrong' END) AS fault
      FROM monitoring.alert a WHERE a.id = $id AND platform.acts_in(a.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.alert AS a SET state = 'handled', handled_by = platform.actor(), handled_at = platform.now(),
           handling = $handling, moved_at = platform.now(), is_overdue = false, due_on = NULL
      FROM found f WHERE a.id = f.id AND f.fault IS NULL
    RETURNING a AS a
)
SELECT monitoring.alert_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- By another officer than the one who dealt with it; a false alarm needs no handling.
-- name: warning_alert_close :one tells
-- args: id uuid, reason text, is_false bool?
WITH found AS (
    SELECT a.id, coalesce(monitoring.alert_fault(a), CASE
               WHEN NOT (a.state = 'handled' OR (a.state = 'acknowledged' AND coalesce($is_false, false))) THEN 'state.wrong'
               WHEN coalesce(a.handled_by, a.acknowledged_by) = platform.actor() THEN 'monitoring.warning_same_hand' END) AS fault
      FROM monitoring.alert a WHERE a.id = $id AND platform.acts_in(a.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.alert AS a SET state = 'closed', closed_by = platform.actor(), closed_at = platform.now(),
           reason = $reason, is_false = coalesce($is_false, false), moved_at = platform.now(), is_overdue = false, due_on = NULL
      FROM found f WHERE a.id = f.id AND f.fault IS NULL
    RETURNING a AS a
)
SELECT monitoring.alert_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- name: alert_escalate :one tells
SELECT monitoring.alert_escalate() AS n;
