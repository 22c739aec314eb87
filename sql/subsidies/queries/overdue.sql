-- Delays: listed for whoever is to act, marked and told once by a job.

-- name: overdue_list :many read
-- args: kind text, role text, county_code text, policy_code text, after text, lim int8
SELECT jsonb_build_object('kind', o.kind, 'id', o.id, 'policy_code', o.policy_code, 'step', o.step, 'role', o.role,
           'county_code', o.county_code, 'due_on', o.due_on,
           'days', subsidies.working_between(o.due_on, platform.today()))::text AS reply,
       o.id::text AS cursor
  FROM subsidies.overdue o
 WHERE ($kind::text IS NULL OR o.kind = $kind) AND ($role::text IS NULL OR o.role = $role)
   AND ($county_code::text IS NULL OR o.county_code = $county_code)
   AND ($policy_code::text IS NULL OR o.policy_code = $policy_code)
   AND o.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY o.id LIMIT $lim;

-- The desk that something is late at for the first time is told how much is late there.
-- name: overdue_mark :one
-- args: lim int8
WITH late AS MATERIALIZED (
    SELECT o.* FROM subsidies.overdue o
), fresh AS MATERIALIZED (
    SELECT o.* FROM late o
     WHERE NOT EXISTS (SELECT FROM subsidies.overdue_mark m
                        WHERE m.subject_id = o.id AND m.step = o.step AND m.due_on = o.due_on)
     ORDER BY o.id LIMIT $lim
), put AS (
    INSERT INTO subsidies.overdue_mark (subject_id, step, due_on, kind, county_code, area_code)
    SELECT id, step, due_on, kind, county_code, area_code FROM fresh
        ON CONFLICT DO NOTHING
    RETURNING subject_id
), told AS (
    SELECT subsidies.tell(CASE c.payee_kind WHEN 'person' THEN c.payee_id END,
               CASE c.payee_kind WHEN 'org' THEN c.payee_id END, 'claim_overdue', '办理已超过时限',
               '应于' || f.due_on || '前办理，正在催办。', 'claim', c.id) AS id
      FROM fresh f JOIN subsidies.claim c ON c.id = f.id
     WHERE f.kind <> 'objection' AND NOT EXISTS (SELECT FROM subsidies.application a
            WHERE a.id = f.id AND a.state = 'asked')
), sent AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.step.overdue.v1', id::text, county_code, jsonb_build_object('kind', kind, 'id', id,
               'policy_code', policy_code, 'step', step, 'role', role, 'due_on', due_on, 'county_code', county_code)
      FROM fresh
), desks AS (
    SELECT subsidies.tell_desk(l.role, l.county_code, 'step_overdue', '超过办理时限：' || count(*) || ' 件', NULL, NULL, NULL) AS id
      FROM late l
     WHERE EXISTS (SELECT FROM fresh f WHERE f.role = l.role AND f.county_code = l.county_code)
     GROUP BY l.role, l.county_code
)
SELECT (SELECT count(*) FROM put) AS marked, count(*) AS told, (SELECT count(*) FROM desks) AS desks FROM told;
