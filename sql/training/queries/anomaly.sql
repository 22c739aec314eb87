-- Anomalies: found, explained, judged, appealed against.

-- name: anomaly_scan :one tells
SELECT training.anomaly_scan() AS n;

-- name: anomaly_rule_list :many read
-- args: after text, lim int4
SELECT jsonb_build_object('code', r.code, 'threshold', r.threshold,
           'value', training.attend_rule_on(r.threshold, platform.today()),
           'is_on', r.threshold IS NULL
               OR training.attend_rule_on(r.threshold, platform.today()) IS NOT NULL)::text AS reply,
       r.ord::text AS cursor
  FROM training.anomaly_rule r
 WHERE r.ord > coalesce($after::text::integer, 0)
 ORDER BY r.ord
 LIMIT $lim;

-- name: anomaly_list :many read
-- args: after text, lim int4, county_code text, class_id uuid, state text, rule_code text
SELECT training.anomaly_json(a)::text AS reply, a.id::text AS cursor
  FROM training.anomaly a
 WHERE (a.org_id = platform.org() OR platform.in_areas(a.county_code, a.area_code))
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR a.county_code = $county_code)
   AND ($class_id::uuid IS NULL OR a.class_id = $class_id)
   AND ($state::text IS NULL OR a.state = $state)
   AND ($rule_code::text IS NULL OR a.rule_code = $rule_code)
 ORDER BY a.id DESC
 LIMIT $lim;

-- name: anomaly_get :one read
-- args: id uuid
SELECT training.anomaly_json(a)::text AS reply FROM training.anomaly a
 WHERE a.id = $id AND (a.org_id = platform.org() OR platform.in_areas(a.county_code, a.area_code));

-- The institution's word, before an officer judges; the later one stands.
-- name: anomaly_explain :one
-- args: id uuid, caller_org uuid, explanation text
WITH found AS (
    SELECT a.id, a.state FROM training.anomaly a WHERE a.id = $id AND a.org_id = $caller_org FOR UPDATE
), said AS (
    UPDATE training.anomaly AS a SET explanation = $explanation
      FROM found WHERE a.id = found.id AND found.state = 'open'
    RETURNING a AS a
)
SELECT training.anomaly_json(a)::text AS reply FROM said
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM said);

-- name: anomaly_judge :one tells
-- args: id uuid, outcome text, note text
UPDATE training.anomaly AS a SET state = $outcome, judged_by = platform.actor(), judged_at = platform.now(),
       judged_note = $note
 WHERE a.id = $id AND platform.in_areas(a.county_code, a.area_code)
RETURNING training.anomaly_json(a)::text AS reply;

-- name: anomaly_appeal :one
-- args: id uuid, caller_org uuid, reason text
UPDATE training.anomaly AS a SET state = 'appealed', appeal_reason = $reason, appealed_at = platform.now()
 WHERE a.id = $id AND a.org_id = $caller_org
RETURNING training.anomaly_json(a)::text AS reply;

-- By another officer than the one who confirmed.
-- name: anomaly_decide :one tells
-- args: id uuid, outcome text, note text
WITH found AS (
    SELECT a.id, a.state, a.judged_by = platform.actor() AS same FROM training.anomaly a
     WHERE a.id = $id AND platform.in_areas(a.county_code, a.area_code) FOR UPDATE
), moved AS (
    UPDATE training.anomaly AS a SET state = $outcome, decided_by = platform.actor(),
           decided_at = platform.now(), decided_note = $note
      FROM found WHERE a.id = found.id AND NOT found.same
    RETURNING a AS a
)
SELECT training.anomaly_json(a)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('training.same_hand') FROM found WHERE NOT EXISTS (SELECT FROM moved);
