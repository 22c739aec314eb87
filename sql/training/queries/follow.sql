-- Whether those who were trained work: what jobs tells, and what is asked. The rules are
-- functions of sql/training/044.

-- A corrected declaration has no employer.
-- name: job_put :exec
-- args: employment_id uuid, person_id uuid, org_id text, hired_on date, contract_type text,
--       county_code text, event_area text
SELECT training.job_put($employment_id, $person_id, $org_id::text::uuid, $hired_on, $contract_type, $county_code, $event_area);

-- name: declared_put :exec
-- args: employment_id uuid, person_id uuid, hired_on date, county_code text, event_area text
SELECT training.job_put($employment_id, $person_id, NULL, $hired_on, NULL, $county_code, $event_area);

-- name: job_end :exec
-- args: employment_id uuid, person_id uuid, ended_on date
SELECT training.job_end($employment_id, $person_id, $ended_on);

-- name: follow_scan :one
SELECT training.follow_judge(NULL) AS moved;

-- name: follow_contact :one
-- args: id uuid, result text, contacted_on date, note text
WITH found AS (
    SELECT f.id, f.state FROM training.follow_up f WHERE f.id = $id FOR UPDATE
), moved AS (
    UPDATE training.follow_up AS f
       SET state = 'done', result = $result, source = 'contact', contacted_by = platform.actor(),
           contacted_on = $contacted_on, note = $note
      FROM found WHERE f.id = found.id AND found.state = 'open'
       AND $contacted_on BETWEEN f.due_on AND platform.today()
    RETURNING f AS f
)
SELECT training.follow_reply(f) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state = 'open' THEN 'training.contact_day /contacted_on' ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: follow_list :many read
-- args: after text, lim int4, state text, stage int4?, class_id uuid, overdue bool
SELECT training.follow_reply(f) AS reply, f.id::text AS cursor
  FROM training.follow_up f
 WHERE f.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR f.state = $state)
   AND ($stage::int4 IS NULL OR f.stage = $stage)
   AND ($class_id::uuid IS NULL OR f.class_id = $class_id)
   AND (NOT coalesce($overdue, false) OR (f.state = 'open' AND f.due_on < platform.today()))
 ORDER BY f.id DESC
 LIMIT $lim;

-- Of those whose day has come: how many work, how many do not, of how many nobody knows.
-- name: follow_figures :many read
-- args: by text, stage int4, from_on date, to_on date, hidden bool
SELECT jsonb_build_object('key', g.key, 'due', n.due, 'hidden', n.due IS NULL,
           'employed', CASE WHEN n.due IS NOT NULL THEN g.employed END,
           'open', CASE WHEN n.due IS NOT NULL THEN g.open END,
           'employed_permille', CASE WHEN n.due IS NOT NULL THEN g.employed * 1000 / n.due END)::text AS reply,
       g.key AS cursor
  FROM (SELECT CASE $by WHEN 'class' THEN f.class_id::text WHEN 'occupation' THEN coalesce(f.occupation_code, '-')
                        ELSE f.class_county END AS key,
               count(*) AS due, count(*) FILTER (WHERE f.result IN ('employed', 'self_employed')) AS employed,
               count(*) FILTER (WHERE f.state <> 'done') AS open
          FROM training.follow_up f
         WHERE f.stage = $stage AND f.due_on BETWEEN $from_on AND least($to_on, platform.today())
         GROUP BY 1) AS g
 CROSS JOIN LATERAL (SELECT CASE WHEN NOT $hidden OR g.due >= 5 THEN g.due END) AS n (due)
 ORDER BY g.key;
