-- What really happened, and settings tried on it.

-- name: episode_list :many read
-- args: after text, lim int4, county_code text, rule_code text
SELECT monitoring.warning_episode_json(e)::text AS reply, e.id::text AS cursor
  FROM monitoring.warning_episode e
 WHERE platform.acts_in(e.county_code)
   AND e.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR e.county_code = $county_code)
   AND ($rule_code::text IS NULL OR e.rule_code = $rule_code)
 ORDER BY e.id DESC
 LIMIT $lim;

-- name: episode_enter :one
-- args: id uuid, area_code text, rule_code text, title text, from_on date, to_on date, source text
WITH judged AS (
    SELECT CASE WHEN NOT platform.acts_in($area_code) THEN 'auth.area'
                WHEN $rule_code::text IS NOT NULL AND NOT EXISTS (
                    SELECT FROM monitoring.warning_rule r WHERE r.code = $rule_code) THEN 'field.choice /rule_code'
                WHEN EXISTS (SELECT FROM monitoring.warning_episode x WHERE x.area_code = $area_code AND x.title = $title
                                AND x.from_on = $from_on AND x.withdrawn_at IS NULL) THEN 'state.exists' END AS fault
), made AS (
    INSERT INTO monitoring.warning_episode AS e (id, area_code, rule_code, title, from_on, to_on, source, county_code)
    SELECT $id, $area_code, $rule_code, $title, $from_on, $to_on, $source, $area_code FROM judged j WHERE j.fault IS NULL
    RETURNING e AS e
)
SELECT monitoring.warning_episode_json(e)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: episode_withdraw :one
-- args: id uuid, note text
WITH found AS (
    SELECT e.id, e.withdrawn_at FROM monitoring.warning_episode e
     WHERE e.id = $id AND platform.acts_in(e.county_code) FOR UPDATE
), moved AS (
    UPDATE monitoring.warning_episode AS e SET withdrawn_by = platform.actor(), withdrawn_at = platform.now(),
           withdrawn_note = $note
      FROM found f WHERE e.id = f.id AND f.withdrawn_at IS NULL
    RETURNING e AS e
)
SELECT monitoring.warning_episode_json(e)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- What a back-test is made of: the numbers as of the first day, and its areas.
-- name: backtest_setting :one read
-- args: id uuid, from_on date
SELECT s.rule_code, r.model, monitoring.warning_document(s, date_trunc(r.step, $from_on::timestamp)::date)::text AS document,
       monitoring.warning_areas(r.area_level)::text AS areas
  FROM monitoring.warning_setting s JOIN monitoring.warning_rule r ON r.code = s.rule_code
 WHERE s.id = $id;

-- Of a rule that version, or the last one that was proposed.
-- name: backtest_version :one read
-- args: rule text, version int8?
SELECT s.id, s.version FROM monitoring.warning_setting s
 WHERE s.rule_code = $rule AND s.version = coalesce($version::int8, s.version)
 ORDER BY s.version DESC LIMIT 1;

-- name: backtest_area :one read
-- args: rule text, area text, series_from date, from_on date, to_on date
SELECT monitoring.warning_series_json($rule, $area, $series_from, $to_on)::text AS series,
       monitoring.warning_episodes_json($rule, $area, $from_on, $to_on)::text AS episodes;

-- name: backtest_keep :one
-- args: setting uuid, from_on date, to_on date, lead_days int8, hits int8, misses int8, false_alarms int8,
--       mean_lead_days int8?, areas jsonb
WITH made AS (
    INSERT INTO monitoring.warning_backtest AS b (setting_id, from_on, to_on, lead_days, hits, misses, false_alarms,
                                                  mean_lead_days, areas)
    SELECT $setting, $from_on, $to_on, $lead_days::int8::integer, $hits::int8::integer, $misses::int8::integer,
           $false_alarms::int8::integer, $mean_lead_days::int8::integer, $areas
     WHERE platform.whole_city()
    RETURNING b AS b
)
SELECT monitoring.warning_backtest_json(b)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('auth.area') WHERE NOT EXISTS (SELECT FROM made);

-- name: backtest_list :many read
-- args: id uuid, after text, lim int4
SELECT monitoring.warning_backtest_json(b)::text AS reply, b.id::text AS cursor
  FROM monitoring.warning_backtest b
 WHERE b.setting_id = $id AND b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY b.id DESC
 LIMIT $lim;
