-- Key groups: figures, and what is overdue for their members.

-- name: group_list :one read
-- args: area text, from_on date, to_on date, hides bool
WITH line AS MATERIALIZED (
    SELECT l.code, l.numbers FROM monitoring.group_lines(NULL, $area, $from_on, $to_on, $hides) l WHERE l.place IS NULL
), away AS (
    SELECT monitoring.total(monitoring.measure_id('migrants_away'), $area, '', NULL, $to_on) AS n,
           CASE WHEN $area = '431100' THEN g.away END AS target, CASE WHEN $area = '431100' THEN g.basis END AS basis
      FROM monitoring.key_group g WHERE g.code = 'poverty'
)
SELECT jsonb_build_object('area_code', $area, 'from_on', $from_on, 'to_on', $to_on, 'as_of', platform.now(),
    'groups', (SELECT jsonb_agg(monitoring.group_line(g, l.numbers) ORDER BY g.ord)
                 FROM monitoring.key_group g LEFT JOIN line l ON l.code = g.code),
    'households', monitoring.household_figures($area, $from_on, $to_on, $hides),
    'migrants', jsonb_build_object('away', monitoring.unless_small(a.n, $hides), 'target', a.target,
                                   'target_source', a.basis, 'target_milli', monitoring.milli(a.n, a.target)))::text AS reply
  FROM away a;

-- name: group_known :many read
-- args:
SELECT g.code, g.name FROM monitoring.key_group g ORDER BY g.ord;

-- By county within the city, by town within a county.
-- name: group_get :one read
-- args: code text, area text, from_on date, to_on date, hides bool
WITH line AS MATERIALIZED (
    SELECT l.place, l.numbers FROM monitoring.group_lines($code, $area, $from_on, $to_on, $hides) l
)
SELECT (monitoring.group_line(g, (SELECT l.numbers FROM line l WHERE l.place IS NULL))
        || jsonb_build_object('area_code', $area, 'from_on', $from_on, 'to_on', $to_on, 'as_of', platform.now(),
            'areas', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', l.place) || l.numbers ORDER BY l.place), '[]')
                        FROM line l WHERE l.place IS NOT NULL)))::text AS reply
  FROM monitoring.key_group g WHERE g.code = $code;

-- What is late today for those who are members today, longest first: help that was
-- owed by a day, and families that still wait.
-- name: group_overdue :many read
-- args: code text, area text, after text, lim int8
WITH late AS (
    SELECT 'help_item' AS kind, f.id, (f.attrs ->> 'case_id')::uuid AS case_id, f.on_day - 1 AS due_on,
           f.county_code, f.area_code
      FROM monitoring.fact f
     WHERE f.kind = 'help_late' AND NOT f.is_dropped AND f.on_day <= platform.today()
       AND (f.until_day IS NULL OR f.until_day > platform.today())
       AND f.person_id IN (SELECT p.person_id FROM monitoring.group_people($code, '431100', platform.today(), platform.today()) p
                            WHERE p.is_in)
    UNION ALL
    SELECT 'household', f.id, NULL, (f.attrs ->> 'due_on')::date, f.county_code, f.area_code
      FROM monitoring.fact f
     WHERE $code = 'zero_family' AND f.kind = 'household' AND NOT f.is_dropped AND f.until_day IS NULL
       AND NOT (f.attrs ->> 'placed')::boolean AND (f.attrs ->> 'due_on')::date < platform.today()
)
SELECT jsonb_build_object('id', l.id, 'kind', l.kind, 'case_id', l.case_id, 'due_on', l.due_on,
           'days_late', platform.today() - l.due_on, 'county_code', l.county_code, 'area_code', l.area_code)::text AS reply,
       to_char(l.due_on, 'YYYY-MM-DD') || l.id::text AS cursor
  FROM late l
 WHERE ($area = '431100' OR l.county_code = $area OR left(l.area_code, 9) = $area)
   AND ($after::text IS NULL OR (l.due_on, l.id) > (left($after, 10)::date, substr($after, 11)::uuid))
 ORDER BY l.due_on, l.id
 LIMIT $lim;

-- Who is counted today, by the recognition, the roster's row or the registration
-- that makes them a member.
-- name: group_rows :many read
-- args: code text, area text, after text, lim int8
SELECT jsonb_build_object('id', f.id, 'on', f.on_day, 'until', f.until_day - 1, 'county_code', f.county_code,
           'area_code', f.area_code)::text AS reply,
       to_char(f.on_day, 'YYYY-MM-DD') || f.id::text AS cursor
  FROM monitoring.key_group g JOIN monitoring.fact f ON f.kind = g.kind AND f.attrs @> g.filter
 WHERE g.code = $code AND NOT f.is_dropped AND f.on_day <= platform.today()
   AND (f.until_day IS NULL OR f.until_day > platform.today())
   AND f.person_id IN (SELECT p.person_id FROM monitoring.group_people($code, $area, platform.today(), platform.today()) p
                        WHERE p.is_in)
   AND ($area = '431100' OR f.county_code = $area OR left(f.area_code, 9) = $area)
   AND ($after::text IS NULL OR (f.on_day, f.id) < (left($after, 10)::date, substr($after, 11)::uuid))
 ORDER BY f.on_day DESC, f.id DESC
 LIMIT $lim;
