-- 好差评: what may be rated, what was said, and the rates of it.

-- name: words_take :exec
-- args: source text, events jsonb
SELECT monitoring.words_take($source, $events);

-- name: matter_to_rate :many read
-- args: after text, lim int8
SELECT jsonb_build_object('id', f.case_id, 'case_no', f.case_no, 'matter_code', f.matter_code, 'service', f.service,
           'outcome', f.outcome, 'finished_on', f.finished_on, 'rate_by', monitoring.rate_by(f))::text AS reply,
       f.case_id::text AS cursor
  FROM monitoring.finished f
 WHERE (f.person_id = platform.person() OR f.org_id = platform.org()) AND f.is_asked
   AND NOT EXISTS (SELECT FROM monitoring.rating g WHERE g.case_id = f.case_id AND g.withdrawn_on IS NULL)
   AND coalesce(monitoring.rate_by(f) >= platform.today(), true)
   AND f.case_id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY f.case_id DESC LIMIT $lim;

-- name: rating_make :one tells
-- args: new_id uuid, case_id uuid, stars int8, reasons jsonb, note text
SELECT g::text AS reply
  FROM monitoring.rating_make($new_id, $case_id, $stars::int4,
           ARRAY(SELECT jsonb_array_elements(coalesce($reasons::jsonb, '[]')) ->> 'code'), $note) g
 WHERE g IS NOT NULL;

-- ---- for a firm, at the counter -----------------------------------------------------

-- name: counter_matters :many read
-- args: uscc text, after text, lim int8
SELECT jsonb_build_object('id', f.case_id, 'case_no', f.case_no, 'matter_code', f.matter_code, 'service', f.service,
           'outcome', f.outcome, 'finished_on', f.finished_on, 'rate_by', monitoring.rate_by(f), 'org_id', f.org_id,
           'org_name', monitoring.org_name(f.org_id), 'county_code', f.county_code)::text AS reply,
       f.case_id::text AS cursor
  FROM monitoring.finished f
 WHERE f.org_id = monitoring.org_of($uscc) AND monitoring.counter_open(f)
   AND f.case_id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY f.case_id DESC LIMIT $lim;

-- name: rating_counter :one tells
-- args: new_id uuid, case_id uuid, uscc text, outlet uuid, stars int8, reasons text[], note text
SELECT g::text AS reply
  FROM monitoring.rating_counter($new_id, $case_id, $uscc, $outlet, $stars::int4, $reasons::text[], $note) g
 WHERE g IS NOT NULL;

-- name: counter_withdraw :one tells
-- args: id uuid
SELECT g::text AS reply FROM monitoring.counter_withdraw($id) g WHERE g IS NOT NULL;

-- 追评, once.
-- name: rating_add :one
-- args: id uuid, note text
WITH added AS (
    UPDATE monitoring.rating g SET added_note = $note, added_on = platform.today()
     WHERE g.id = $id AND (g.person_id = platform.person() OR g.org_id = platform.org()) AND g.added_on IS NULL
       AND g.withdrawn_on IS NULL
    RETURNING g AS g
)
SELECT monitoring.rating_own_json(g)::text AS reply FROM added
UNION ALL
SELECT platform.refuse('monitoring.added_already') FROM monitoring.rating g
 WHERE g.id = $id AND (g.person_id = platform.person() OR g.org_id = platform.org()) AND (g.added_on IS NOT NULL OR g.withdrawn_on IS NOT NULL)
   AND NOT EXISTS (SELECT FROM added);

-- name: rating_mine :many read
-- args: after text, lim int8
SELECT monitoring.rating_own_json(g)::text AS reply, g.id::text AS cursor
  FROM monitoring.rating g
 WHERE (g.person_id = platform.person() OR g.org_id = platform.org())
   AND g.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY g.id DESC LIMIT $lim;

-- For officers: never whose word it is, nor which case it was.
-- name: matter_ratings :many read
-- args: bad bool, service text, matter_code text, county_code text, from_on date, to_on date, after text, lim int8
SELECT jsonb_build_object('id', g.id, 'source', g.source, 'service', g.service, 'group', g.group_code,
           'matter_code', g.matter_code, 'stars', g.stars, 'reasons', to_jsonb(g.reasons), 'note', g.note,
           'rated_on', g.rated_on, 'added_note', g.added_note, 'added_on', g.added_on, 'outlet_id', g.outlet_id,
           'channel', g.channel, 'void', g.is_void, 'at_counter', g.given_by IS NOT NULL,
           'withdrawn_on', g.withdrawn_on, 'county_code', g.county_code)::text AS reply,
       to_char(g.rated_on, 'YYYY-MM-DD') || g.id::text AS cursor
  FROM monitoring.period_of($from_on, $to_on) p JOIN monitoring.rating g ON g.rated_on BETWEEN p.from_on AND p.to_on
 WHERE (NOT coalesce($bad, false) OR g.stars <= 2) AND ($service::text IS NULL OR g.service = $service)
   AND ($matter_code::text IS NULL OR g.matter_code = $matter_code)
   AND ($county_code::text IS NULL OR g.county_code = $county_code)
   AND ($after::text IS NULL OR (g.rated_on, g.id) < (left($after, 10)::date, substr($after, 11)::uuid))
 ORDER BY g.rated_on DESC, g.id DESC LIMIT $lim;

-- 基本满意 and better are satisfied; the policy wants 98 % of each of its three groups.
-- name: satisfaction_rates :many read
-- args: by text, from_on date, to_on date, hides bool, after text, lim int8
WITH p AS MATERIALIZED (
    SELECT * FROM monitoring.period_of($from_on, $to_on)
), given AS (
    SELECT monitoring.rating_key($by, g.service, g.matter_code, g.county_code, g.outlet_id, g.channel) AS key,
           count(*) AS n, count(*) FILTER (WHERE g.stars >= 3) AS satisfied
      FROM p JOIN monitoring.rating g ON g.rated_on BETWEEN p.from_on AND p.to_on AND NOT g.is_void GROUP BY 1
), silent AS (
    SELECT monitoring.rating_key($by, f.service, f.matter_code, f.county_code, f.outlet_id, f.channel) AS key,
           count(*) AS unrated
      FROM p JOIN monitoring.finished f ON f.finished_on BETWEEN p.from_on AND p.to_on AND f.is_asked
       AND NOT EXISTS (SELECT FROM monitoring.rating g WHERE g.case_id = f.case_id AND g.withdrawn_on IS NULL)
     GROUP BY 1
), keys AS (
    SELECT key FROM given UNION SELECT key FROM silent
    UNION SELECT x FROM unnest(ARRAY['public_service', 'training', 'policy']) AS x WHERE $by = 'group'
), sums AS (
    SELECT key, coalesce(g.n, 0) AS n, coalesce(g.satisfied, 0) AS satisfied, coalesce(s.unrated, 0) AS unrated,
           CASE $by WHEN 'group' THEN 980 END AS target
      FROM keys LEFT JOIN given g USING (key) LEFT JOIN silent s USING (key)
)
SELECT CASE WHEN monitoring.too_few(n, $hides)
            THEN jsonb_build_object('key', key, 'n', NULL, 'satisfied', NULL, 'bad', NULL, 'satisfied_milli', NULL,
                     'target_milli', target, 'unrated', NULL, 'hidden', true)
            ELSE jsonb_build_object('key', key, 'n', n, 'satisfied', satisfied, 'bad', n - satisfied,
                     'satisfied_milli', monitoring.milli(satisfied, n), 'target_milli', target, 'unrated',
                     CASE WHEN NOT monitoring.too_few(unrated, $hides) THEN unrated END, 'hidden', false) END::text AS reply,
       key AS cursor
  FROM sums WHERE $after::text IS NULL OR key COLLATE "C" > $after
 ORDER BY key COLLATE "C" LIMIT $lim;

-- ---- bad ratings ------------------------------------------------------------------------

-- name: redress_list :many read
-- args: state text, overdue bool, mine bool, county_code text, after text, lim int8
SELECT monitoring.redress_json(r)::text AS reply, r.id::text AS cursor
  FROM monitoring.redress r
 WHERE ($state::text IS NULL OR r.state = $state) AND ($county_code::text IS NULL OR r.county_code = $county_code)
   AND (NOT coalesce($overdue, false) OR monitoring.redress_is_late(r))
   AND (NOT coalesce($mine, false) OR r.assigned_to = platform.actor())
   AND r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY r.id DESC LIMIT $lim;

-- name: redress_get :one read
-- args: id uuid
SELECT (monitoring.redress_json(r) || jsonb_build_object('steps', (
           SELECT coalesce(jsonb_agg(jsonb_build_object('step', s.step, 'note', s.note, 'actor', s.actor, 'at', s.at)
                      ORDER BY s.ord), '[]')
             FROM monitoring.redress_step s WHERE s.redress_id = r.id)))::text AS reply
  FROM monitoring.redress r WHERE r.id = $id;

-- name: redress_move :one tells
-- args: id uuid, step text, note text, officer_id uuid
SELECT monitoring.redress_json(r)::text AS reply
  FROM monitoring.redress_move($id, $step, $note, $officer_id) r WHERE r.id IS NOT NULL;
