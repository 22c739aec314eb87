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

-- name: warning_alert_get :one read
-- args: id uuid
SELECT monitoring.alert_full_json(a)::text AS reply FROM monitoring.alert a
 WHERE a.id = $id AND platform.acts_in(a.county_code);

-- What went to the city is the city's to deal with.
-- name: warning_alert_acknowledge :one tells
-- args: id uuid
WITH found AS (
    SELECT a.id, CASE WHEN a.level = 'city' AND NOT platform.whole_city() THEN 'monitoring.warning_city'
                      WHEN a.state <> 'open' THEN 'state.wrong' END AS fault
      FROM monitoring.alert a WHERE a.id = $id AND platform.acts_in(a.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.alert AS a SET state = 'acknowledged', acknowledged_by = platform.actor(),
           acknowledged_at = platform.now(), moved_at = platform.now(), is_overdue = false,
           due_on = monitoring.warning_due('handle_' || CASE a.colour WHEN 'clear' THEN a.peak ELSE a.colour END,
                                           platform.today())
      FROM found f WHERE a.id = f.id AND f.fault IS NULL
    RETURNING a AS a
)
SELECT monitoring.alert_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(f.fault) FROM found f WHERE f.fault IS NOT NULL;

-- name: warning_alert_handle :one tells
-- args: id uuid, handling text
WITH found AS (
    SELECT a.id, CASE WHEN a.level = 'city' AND NOT platform.whole_city() THEN 'monitoring.warning_city'
                      WHEN a.state <> 'acknowledged' THEN 'state.wrong' END AS fault
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
    SELECT a.id, CASE WHEN a.level = 'city' AND NOT platform.whole_city() THEN 'monitoring.warning_city'
                      WHEN NOT (a.state = 'handled' OR (a.state = 'acknowledged' AND coalesce($is_false, false))) THEN 'state.wrong'
                      WHEN coalesce(a.handled_by, a.acknowledged_by) = platform.actor()
                      THEN 'monitoring.warning_same_hand' END AS fault
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
