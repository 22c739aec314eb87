-- name: welfare_post_propose :one
-- args: id uuid, org uuid, county text, area_code text, title text, duties text, headcount int4,
--       funding text, lat_e6 int4?, lng_e6 int4?
WITH made AS (
    INSERT INTO jobs.welfare_post AS p (id, org_id, org_name, title, duties, headcount, funding, lat_e6,
                                        lng_e6, county_code, area_code)
    SELECT $id, o.id, o.name, $title, $duties, $headcount, $funding, $lat_e6, $lng_e6, $county, $area_code
      FROM jobs.org o WHERE o.id = $org
    RETURNING p AS p
)
SELECT jobs.welfare_post_json(p)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: welfare_post_judge :one
-- args: id uuid, step text, pass bool, note text
WITH found AS (
    SELECT p.id, p.state, platform.actor() IN (p.proposed_by, p.checked_by) AS same
      FROM jobs.welfare_post p
     WHERE p.id = $id AND platform.in_areas(p.county_code, p.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.welfare_post AS p
       SET state = CASE WHEN NOT $pass THEN 'refused' WHEN $step = 'check' THEN 'checked' ELSE 'approved' END,
           note = $note,
           checked_by = CASE WHEN $step = 'check' THEN platform.actor() ELSE p.checked_by END,
           approved_by = CASE WHEN $step = 'approve' THEN platform.actor() END
      FROM found f
     WHERE p.id = f.id AND f.same IS NOT TRUE
       AND f.state = CASE $step WHEN 'check' THEN 'proposed' ELSE 'checked' END
    RETURNING p AS p
)
SELECT jobs.welfare_post_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'jobs.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: welfare_post_list :many read
-- args: after text, lim int4, state text, county_code text
SELECT jobs.welfare_post_json(p)::text AS reply, p.id::text AS cursor
  FROM jobs.welfare_post p
 WHERE p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR p.state = $state)
   AND ($county_code::text IS NULL OR p.county_code = $county_code)
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: welfare_post_close :one
-- args: id uuid, note text
WITH found AS (
    SELECT p.id, p.state, EXISTS (SELECT FROM jobs.welfare_placement x
        WHERE x.post_id = p.id AND x.state IN ('proposed', 'active')) AS taken
      FROM jobs.welfare_post p WHERE p.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.welfare_post AS p SET state = 'closed', note = $note
      FROM found f WHERE p.id = f.id AND f.state IN ('proposed', 'checked', 'approved') AND NOT f.taken
    RETURNING p AS p
)
SELECT jobs.welfare_post_json(p)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.taken THEN 'jobs.welfare_taken' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- The trigger fills in what follows from the post and the person.
-- name: welfare_place :one
-- args: id uuid, person_id uuid, contract_no text, retire_class text, started_on date, again_reason text
WITH made AS (
    INSERT INTO jobs.welfare_placement AS x (post_id, org_id, person_id, name_masked, contract_no,
        retire_class, started_on, cap_on, cap_kind, nth, again_reason, county_code, area_code)
    SELECT p.id, p.org_id, $person_id, '', $contract_no, $retire_class, $started_on, $started_on, 'term',
           1, $again_reason, p.county_code, p.area_code
      FROM jobs.welfare_post p WHERE p.id = $id
       AND $started_on BETWEEN platform.today() - 31 AND platform.today() + 31
    RETURNING x AS x
)
SELECT jobs.welfare_placement_json(x)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.welfare_start /started_on')
  FROM jobs.welfare_post p WHERE p.id = $id AND NOT EXISTS (SELECT FROM made);

-- name: welfare_decide :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT x.id, x.state, x.proposed_by = platform.actor() AS same
      FROM jobs.welfare_placement x
     WHERE x.id = $id AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.welfare_placement AS x SET state = CASE WHEN $pass THEN 'active' ELSE 'refused' END,
           note = $note, decided_by = platform.actor()
      FROM found f WHERE x.id = f.id AND f.state = 'proposed' AND NOT f.same
    RETURNING x AS x
)
SELECT jobs.welfare_placement_json(x)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'jobs.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: welfare_end :one tells
-- args: id uuid, ended_on date, reason text, note text
WITH found AS (
    SELECT x.id, x.state, x.started_on FROM jobs.welfare_placement x
     WHERE x.id = $id AND (x.org_id = platform.org() OR platform.in_areas(x.county_code, x.area_code))
       FOR UPDATE
), moved AS (
    UPDATE jobs.welfare_placement AS x SET state = 'ended', ended_on = $ended_on, end_reason = $reason,
           note = $note
      FROM found f
     WHERE x.id = f.id AND f.state = 'active' AND $ended_on BETWEEN f.started_on AND platform.today()
    RETURNING x AS x
)
SELECT jobs.welfare_placement_json(x)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'active' THEN 'field.date_order /ended_on' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: welfare_placement_list :many read
-- args: after text, lim int4, state text, county_code text, post_id uuid
SELECT jobs.welfare_placement_json(x)::text AS reply, x.id::text AS cursor
  FROM jobs.welfare_placement x
 WHERE (x.org_id = platform.org() OR platform.in_areas(x.county_code, x.area_code))
   AND x.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR x.state = $state)
   AND ($county_code::text IS NULL OR x.county_code = $county_code)
   AND ($post_id::uuid IS NULL OR x.post_id = $post_id)
 ORDER BY x.id DESC
 LIMIT $lim;

-- name: welfare_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.welfare_placement_json(x)::text AS reply, x.id::text AS cursor
  FROM jobs.welfare_placement x
 WHERE x.person_id = $caller_person
   AND x.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY x.id DESC
 LIMIT $lim;

-- name: welfare_post_own :one read
-- args: id uuid
SELECT p.id FROM jobs.welfare_post p WHERE p.id = $id AND p.state = 'approved';

-- What a sign-in is judged by: the point of the post, seen through the placement.
-- name: welfare_place_of :one
-- args: id uuid
SELECT x.post_id, x.tries, x.state = 'active' AND x.started_on <= platform.today() AS may_come,
       jobs.work_rule_on('gig_near_m', platform.today()) AS near_m
  FROM jobs.welfare_placement x
 WHERE x.id = $id AND (x.person_id = platform.person() OR platform.in_areas(x.county_code, x.area_code))
   FOR UPDATE;

-- name: welfare_metres :one
-- args: post_id uuid, lat_e6 int4, lng_e6 int4
SELECT jobs.welfare_metres($post_id, $lat_e6, $lng_e6) AS metres;

-- name: welfare_try :exec
-- args: id uuid
UPDATE jobs.welfare_placement SET tries = tries + 1 WHERE id = $id;

-- name: welfare_sign_in :one
-- args: id uuid, how text, metres int4?
WITH come AS (
    INSERT INTO jobs.welfare_day (placement_id, on_day, org_id, person_id, how, metres, county_code, area_code)
    SELECT x.id, platform.today(), x.org_id, x.person_id, $how, $metres, x.county_code, x.area_code
      FROM jobs.welfare_placement x WHERE x.id = $id
    ON CONFLICT (placement_id, on_day) DO NOTHING
    RETURNING placement_id, on_day, how, metres, person_id, county_code
), fresh AS (
    UPDATE jobs.welfare_placement x SET tries = 0 FROM come WHERE x.id = come.placement_id
)
SELECT jsonb_build_object('placement_id', placement_id, 'person_id', person_id, 'on_day', on_day,
           'how', how, 'metres', metres, 'county_code', county_code)::text AS reply FROM come
UNION ALL
SELECT platform.refuse('jobs.gig_present') WHERE NOT EXISTS (SELECT FROM come);

-- name: welfare_day_list :many read
-- args: after text, lim int4, id uuid
SELECT jsonb_build_object('placement_id', d.placement_id, 'person_id', d.person_id, 'on_day', d.on_day,
           'how', d.how, 'metres', d.metres, 'county_code', d.county_code)::text AS reply,
       d.on_day::text AS cursor
  FROM jobs.welfare_day d
 WHERE d.placement_id = $id AND d.on_day < coalesce($after::text::date, 'infinity'::date)
 ORDER BY d.on_day DESC
 LIMIT $lim;

-- The unit hands in a month that is over: the days signed in, of everybody who
-- was placed in it. Handed in again, what the county has not judged is counted anew.
-- name: welfare_month_submit :one
-- args: id uuid, month date
WITH post AS (
    SELECT p.id, p.org_id FROM jobs.welfare_post p WHERE p.id = $id AND p.org_id = platform.org()
), counted AS (
    SELECT x.*, (SELECT count(*) FROM jobs.welfare_day d WHERE d.placement_id = x.id
                    AND d.on_day >= $month AND d.on_day < $month + interval '1 month') AS days
      FROM jobs.welfare_placement x JOIN post ON post.id = x.post_id
     WHERE x.state IN ('active', 'ended') AND x.started_on < $month + interval '1 month'
       AND (x.ended_on IS NULL OR x.ended_on >= $month)
), made AS (
    INSERT INTO jobs.welfare_month AS m (placement_id, post_id, org_id, person_id, name_masked, month, days,
                                         county_code, area_code)
    SELECT c.id, c.post_id, c.org_id, c.person_id, c.name_masked, $month, c.days, c.county_code, c.area_code
      FROM counted c
     WHERE extract(day FROM $month) = 1 AND $month + interval '1 month' <= platform.today()
    ON CONFLICT (placement_id, month) DO UPDATE SET days = excluded.days, state = 'submitted', note = NULL,
           unit_by = platform.actor(), county_by = NULL
     WHERE m.state <> 'confirmed'
    RETURNING m AS m
)
SELECT jsonb_build_object('items', jsonb_agg(jobs.welfare_month_json(m)))::text AS reply FROM made
HAVING count(*) > 0
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM post) THEN 'request.not_found'
           WHEN extract(day FROM $month) <> 1 OR $month + interval '1 month' > platform.today()
           THEN 'jobs.welfare_month /month' ELSE 'jobs.welfare_nobody' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: welfare_month_judge :one tells
-- args: id uuid, pass bool, note text
WITH found AS (
    SELECT m.id, m.state, m.unit_by = platform.actor() AS same FROM jobs.welfare_month m
     WHERE m.id = $id AND platform.in_areas(m.county_code, m.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.welfare_month AS m SET state = CASE WHEN $pass THEN 'confirmed' ELSE 'refused' END,
           note = $note, county_by = platform.actor()
      FROM found f WHERE m.id = f.id AND f.state = 'submitted' AND NOT f.same
    RETURNING m AS m
)
SELECT jobs.welfare_month_json(m)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.same THEN 'jobs.same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: welfare_month_list :many read
-- args: after text, lim int4, month date, state text, county_code text
SELECT jobs.welfare_month_json(m)::text AS reply, m.id::text AS cursor
  FROM jobs.welfare_month m
 WHERE (m.org_id = platform.org() OR platform.in_areas(m.county_code, m.area_code))
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($month::date IS NULL OR m.month = $month)
   AND ($state::text IS NULL OR m.state = $state)
   AND ($county_code::text IS NULL OR m.county_code = $county_code)
 ORDER BY m.id DESC
 LIMIT $lim;

-- name: welfare_gap_list :many read
-- args: after text, lim int4, overdue bool?, county_code text
SELECT jobs.welfare_gap_json(g)::text AS reply, g.id::text AS cursor
  FROM jobs.welfare_gap g
 WHERE g.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($overdue::bool IS NOT TRUE OR (g.reported_on IS NULL AND g.due_on < platform.today()))
   AND ($county_code::text IS NULL OR g.county_code = $county_code)
 ORDER BY g.id DESC
 LIMIT $lim;

-- name: welfare_gap_report :one
-- args: id uuid
WITH found AS (
    SELECT g.id, g.reported_on FROM jobs.welfare_gap g WHERE g.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.welfare_gap AS g SET reported_on = platform.today(), reported_by = platform.actor()
      FROM found f WHERE g.id = f.id AND f.reported_on IS NULL
    RETURNING g AS g
)
SELECT jobs.welfare_gap_json(g)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- An officer who is there unannounced, or the unit about its own.
-- name: welfare_check :one
-- args: id uuid, is_present bool, note text
WITH made AS (
    INSERT INTO jobs.welfare_check AS k (kind, post_id, placement_id, org_id, person_id, name_masked,
                                         is_present, note, county_code, area_code)
    SELECT CASE WHEN platform.org() IS NULL THEN 'spot' ELSE 'unit' END, x.post_id, x.id, x.org_id,
           x.person_id, x.name_masked, $is_present, $note, x.county_code, x.area_code
      FROM jobs.welfare_placement x
     WHERE x.id = $id AND x.state = 'active'
       AND (x.org_id = platform.org() OR platform.in_areas(x.county_code, x.area_code))
    RETURNING k AS k
)
SELECT jobs.welfare_check_json(k)::text AS reply FROM made;

-- name: welfare_check_list :many read
-- args: after text, lim int4, is_present bool?, kind text, county_code text
SELECT jobs.welfare_check_json(k)::text AS reply, k.id::text AS cursor
  FROM jobs.welfare_check k
 WHERE k.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($is_present::bool IS NULL OR k.is_present = $is_present)
   AND ($kind::text IS NULL OR k.kind = $kind)
   AND ($county_code::text IS NULL OR k.county_code = $county_code)
 ORDER BY k.id DESC
 LIMIT $lim;

-- ---- the clock ------------------------------------------------------------------

-- name: welfare_cap_reached :exec tells
-- args:
UPDATE jobs.welfare_placement SET state = 'ended', ended_on = cap_on,
       end_reason = CASE cap_kind WHEN 'term' THEN 'cap_reached' ELSE 'retired' END, note = '安置期限届满'
 WHERE state = 'active' AND cap_on <= platform.today();

-- name: welfare_warn :exec
-- args:
WITH near AS (
    UPDATE jobs.welfare_placement x
       SET told_60 = true, told_30 = x.cap_on <= platform.today() + 30
     WHERE x.state = 'active' AND ((NOT x.told_60 AND x.cap_on <= platform.today() + 60)
                                OR (NOT x.told_30 AND x.cap_on <= platform.today() + 30))
    RETURNING x.id, x.person_id, x.org_id, x.cap_on
)
SELECT jobs.tell(n.person_id, NULL, 'welfare', '公益性岗位即将到期', '到期日 ' || n.cap_on, 'welfare_placement', n.id) AS person,
       jobs.tell(NULL, n.org_id, 'welfare', '公益性岗位即将到期', '到期日 ' || n.cap_on, 'welfare_placement', n.id) AS org
  FROM near n;

-- name: welfare_gap_warn :exec
-- args:
WITH late AS (
    UPDATE jobs.welfare_gap g SET told = true
     WHERE NOT g.told AND g.reported_on IS NULL AND g.due_on < platform.today()
    RETURNING g.id, g.org_id, g.due_on
)
SELECT jobs.tell(NULL, l.org_id, 'welfare', '公益性岗位空岗逾期未报告', '应于 ' || l.due_on || ' 前报告',
                 'welfare_gap', l.id) FROM late l;
