-- name: work_rule_list :many read
-- args: after text, lim int4
SELECT jsonb_build_object('id', r.id, 'code', r.code, 'value', r.value, 'legal_basis', r.legal_basis,
           'from_on', r.from_on, 'to_on', r.to_on)::text AS reply,
       r.id::text AS cursor
  FROM jobs.work_rule r
 WHERE r.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY r.id
 LIMIT $lim;

-- A new number takes over from its day on; what held until then ends the day before.
-- name: work_rule_set :one
-- args: code text, value int8, legal_basis text, from_on date
WITH ended AS (
    UPDATE jobs.work_rule SET to_on = $from_on - 1
     WHERE code = $code AND from_on < $from_on AND (to_on IS NULL OR to_on >= $from_on)
    RETURNING id
), made AS (
    INSERT INTO jobs.work_rule AS r (code, value, legal_basis, from_on)
    SELECT $code, $value, $legal_basis, $from_on
     WHERE (SELECT count(*) FROM ended) >= 0
       AND NOT EXISTS (SELECT FROM jobs.work_rule x WHERE x.code = $code AND x.from_on >= $from_on)
    RETURNING r AS r
)
SELECT jsonb_build_object('id', (r).id, 'code', (r).code, 'value', (r).value,
           'legal_basis', (r).legal_basis, 'from_on', (r).from_on, 'to_on', (r).to_on)::text AS reply
  FROM made
UNION ALL
SELECT platform.refuse('jobs.work_rule_later') WHERE NOT EXISTS (SELECT FROM made);

-- The poster is the organisation, the person, or whom a clerk names.
-- name: gig_open :one
-- args: id uuid, org uuid, person uuid, source text, county text, title text,
--       occupation_code text, description text, from_on date, to_on date, start_min int4,
--       end_min int4, address text, lat_e6 int4, lng_e6 int4, market_id uuid, places int4,
--       pay_cents int8, pay_unit text, tools text, insured bool, choice text, area_code text
WITH poster AS (
    SELECT o.id AS org, NULL::uuid AS person, o.name FROM jobs.org o WHERE o.id = $org
    UNION ALL
    SELECT NULL, p.id, p.name_masked FROM jobs.person p WHERE p.id = $person AND $org::uuid IS NULL
), made_today AS (
    SELECT count(*) AS n FROM jobs.gig_post g
     WHERE g.poster_person = $person AND (g.created_at AT TIME ZONE 'Asia/Shanghai')::date = platform.today()
), made AS (
    INSERT INTO jobs.gig_post AS g (id, org_id, poster_person, poster_name, source, title,
        occupation_code, description, from_on, to_on, start_min, end_min, address, lat_e6, lng_e6,
        market_id, places, places_left, pay_cents, pay_unit, tools, insured, choice, county_code,
        area_code)
    SELECT $id, w.org, w.person, w.name, $source, $title,
           $occupation_code, coalesce($description, ''), $from_on, $to_on, $start_min, $end_min,
           $address, $lat_e6, $lng_e6, $market_id, $places, $places, $pay_cents, $pay_unit,
           coalesce($tools, ''), $insured, $choice, $county, $area_code
      FROM poster w, made_today d
     WHERE w.person IS NULL OR d.n < coalesce(jobs.work_rule_on('gig_household_day', platform.today()), 0)
    RETURNING g AS g
)
SELECT jobs.gig_json(g)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN EXISTS (SELECT FROM poster) THEN 'jobs.gig_household_day'
                            WHEN $org::uuid IS NOT NULL THEN 'jobs.org_unknown'
                            ELSE 'jobs.person_unknown' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- The same once more on other days, by its poster.
-- name: gig_again :one
-- args: id uuid, new_id uuid, from_on date, to_on date
WITH found AS (
    SELECT g.* FROM jobs.gig_post g
     WHERE g.id = $id AND (g.org_id = platform.org()
        OR (platform.org() IS NULL AND g.poster_person = platform.person())
        OR platform.in_areas(g.county_code, g.area_code))
), made_today AS (
    SELECT count(*) AS n FROM jobs.gig_post g, found f
     WHERE g.poster_person = f.poster_person
       AND (g.created_at AT TIME ZONE 'Asia/Shanghai')::date = platform.today()
), made AS (
    INSERT INTO jobs.gig_post AS g (id, org_id, poster_person, poster_name, source, title,
        occupation_code, description, from_on, to_on, start_min, end_min, address, lat_e6, lng_e6,
        market_id, places, places_left, pay_cents, pay_unit, tools, insured, choice, county_code,
        area_code)
    SELECT $new_id, f.org_id, f.poster_person, f.poster_name, f.source, f.title,
           f.occupation_code, f.description, $from_on, coalesce($to_on, $from_on + (f.to_on - f.from_on)),
           f.start_min, f.end_min, f.address, f.lat_e6, f.lng_e6, f.market_id, f.places, f.places,
           f.pay_cents, f.pay_unit, f.tools, f.insured, f.choice, f.county_code, f.area_code
      FROM found f, made_today d
     WHERE $from_on BETWEEN platform.today() AND platform.today() + 90
       AND coalesce($to_on, $from_on) BETWEEN $from_on AND $from_on + 30
       AND (f.poster_person IS NULL
            OR d.n < coalesce(jobs.work_rule_on('gig_household_day', platform.today()), 0))
    RETURNING g AS g
)
SELECT jobs.gig_json(g)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN $from_on NOT BETWEEN platform.today() AND platform.today() + 90
                              OR coalesce($to_on, $from_on) NOT BETWEEN $from_on AND $from_on + 30
                            THEN 'jobs.gig_days /from_on' ELSE 'jobs.gig_household_day' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- Open to everybody. `ord` is what the list is in order of, a text that sorts.
-- name: gig_list :many read
-- args: after text, lim int4, on_day date, area_code text, occupation_code text, pay_unit text,
--       pay_cents int8?, lat_e6 int4?, lng_e6 int4?, within_m int4?, market_id uuid, sort text, today bool
WITH near AS (
    SELECT g.id, g AS post, CASE WHEN $lat_e6::int4 IS NOT NULL
               THEN jobs.metres(g.lat_e6, g.lng_e6, $lat_e6, $lng_e6) END AS metres
      FROM jobs.gig_post g
     WHERE g.state IN ('open', 'full') AND g.to_on >= platform.today()
       AND ($on_day::date IS NULL OR $on_day BETWEEN g.from_on AND g.to_on)
       AND ($today::bool IS NOT TRUE OR platform.today() BETWEEN g.from_on AND g.to_on)
       AND ($area_code::text IS NULL OR g.area_code LIKE $area_code || '%' OR g.county_code = $area_code)
       AND ($occupation_code::text IS NULL OR starts_with(g.occupation_code, $occupation_code))
       AND ($pay_unit::text IS NULL OR g.pay_unit = $pay_unit)
       AND ($pay_cents::int8 IS NULL OR g.pay_cents >= $pay_cents)
       AND ($market_id::uuid IS NULL OR g.market_id = $market_id)
), ordered AS (
    SELECT n.*, CASE coalesce($sort, 'date') WHEN 'distance' THEN lpad(n.metres::text, 9, '0')
               WHEN 'pay' THEN lpad((99999999999 - (n.post).pay_cents)::text, 11, '0')
               ELSE (n.post).from_on::text END AS ord
      FROM near n WHERE $within_m::int4 IS NULL OR n.metres <= $within_m
)
SELECT (jobs.gig_json(o.post) || jsonb_build_object('metres', o.metres))::text AS reply,
       o.ord || '/' || o.id AS cursor
  FROM ordered o
 WHERE $after::text IS NULL OR (o.ord COLLATE "C", o.id) >
       (split_part($after, '/', 1) COLLATE "C", nullif(split_part($after, '/', 2), '')::uuid)
 ORDER BY o.ord COLLATE "C", o.id
 LIMIT $lim;

-- name: gig_get :one read
-- args: id uuid
SELECT jobs.gig_json(g)::text AS reply FROM jobs.gig_post g
 WHERE g.id = $id AND g.state IN ('open', 'full');

-- name: gig_list_own :many read
-- args: after text, lim int4, state text
SELECT jobs.gig_json(g)::text AS reply, g.id::text AS cursor
  FROM jobs.gig_post g
 WHERE (g.org_id = platform.org() OR (platform.org() IS NULL AND g.poster_person = platform.person()))
   AND g.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR g.state = $state)
 ORDER BY g.id DESC
 LIMIT $lim;

-- name: gig_list_area :many read
-- args: after text, lim int4, state text, county_code text
SELECT jobs.gig_json(g)::text AS reply, g.id::text AS cursor
  FROM jobs.gig_post g
 WHERE platform.in_areas(g.county_code, g.area_code)
   AND g.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR g.state = $state)
   AND ($county_code::text IS NULL OR g.county_code = $county_code)
 ORDER BY g.id DESC
 LIMIT $lim;

-- name: gig_close :one
-- args: id uuid, next text, reason text
WITH found AS (
    SELECT g.id, g.state FROM jobs.gig_post g WHERE g.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.gig_post AS g SET state = $next, reason = $reason
      FROM found WHERE g.id = found.id AND found.state IN ('open', 'full', 'closed')
       AND found.state <> $next
    RETURNING g AS g
)
SELECT jobs.gig_json(g)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Whose post it is, to show its code: no other sees it.
-- name: gig_own :one read
-- args: id uuid
SELECT g.id FROM jobs.gig_post g
 WHERE g.id = $id AND g.state IN ('open', 'full', 'closed')
   AND (g.org_id = platform.org() OR (platform.org() IS NULL AND g.poster_person = platform.person())
        OR platform.in_areas(g.county_code, g.area_code));

-- Posts whose last hour is over end; who said that work is done and met silence is
-- confirmed, either side.
-- name: gig_end_posts :exec
-- args:
UPDATE jobs.gig_post SET state = 'ended'
 WHERE state IN ('open', 'full', 'closed')
   AND upper(jobs.gig_hours(from_on, to_on, start_min, end_min)) <= platform.now();

-- name: gig_confirm_silent :exec tells
-- args:
UPDATE jobs.gig_shift SET worker_done_at = coalesce(worker_done_at, platform.now()),
       poster_done_at = coalesce(poster_done_at, platform.now()), by_clock = true
 WHERE state = 'working' AND num_nonnulls(worker_done_at, poster_done_at) = 1
   AND coalesce(worker_done_at, poster_done_at) + make_interval(hours =>
       jobs.work_rule_on('gig_confirm_hours', platform.today())::int) <= platform.now();

-- ---- shifts -------------------------------------------------------------------

-- name: gig_sign_up :one
-- args: id uuid, caller_person uuid, is_declared bool?
WITH post AS (
    SELECT p.id, p.county_code, p.area_code FROM jobs.gig_post p WHERE p.id = $id
), who AS (
    SELECT w.id, w.name_masked FROM jobs.person w WHERE w.id = $caller_person
), made AS (
    INSERT INTO jobs.gig_shift AS s (post_id, person_id, name_masked, during, is_declared,
                                     county_code, area_code)
    SELECT p.id, w.id, w.name_masked, '{}', coalesce($is_declared, false), p.county_code, p.area_code
      FROM post p, who w
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.person_unknown') FROM post WHERE NOT EXISTS (SELECT FROM who);

-- name: gig_shift_list :many read
-- args: after text, lim int4, id uuid, state text
SELECT (jobs.gig_shift_json(s) || jobs.gig_worker_record(s.person_id))::text AS reply,
       s.id::text AS cursor
  FROM jobs.gig_shift s
 WHERE s.post_id = $id
   AND (s.org_id = platform.org() OR (platform.org() IS NULL AND s.poster_person = platform.person())
        OR platform.in_areas(s.county_code, s.area_code))
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR s.state = $state)
 ORDER BY s.id DESC
 LIMIT $lim;

-- name: gig_shift_list_person :many read
-- args: after text, lim int4, caller_person uuid, state text
SELECT jobs.gig_shift_json(s)::text AS reply, s.id::text AS cursor
  FROM jobs.gig_shift s
 WHERE s.person_id = $caller_person
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR s.state = $state)
 ORDER BY s.id DESC
 LIMIT $lim;

-- With its days and steps, for both sides and officers of the area.
-- name: gig_shift_get :one read
-- args: id uuid
SELECT (jobs.gig_shift_json(s) || jsonb_build_object(
           'gig', (SELECT jobs.gig_json(p) FROM jobs.gig_post p WHERE p.id = s.post_id),
           'present', (SELECT coalesce(jsonb_agg(jsonb_build_object('on_day', d.on_day, 'how', d.how,
                   'metres', d.metres, 'at', d.created_at) ORDER BY d.on_day), '[]')
             FROM jobs.gig_day d WHERE d.shift_id = s.id),
           'steps', (SELECT jsonb_agg(jsonb_build_object('state', t.state, 'pay_state', t.pay_state,
                   'reason', t.reason, 'at', t.created_at) ORDER BY t.ord)
             FROM jobs.gig_step t WHERE t.shift_id = s.id)))::text AS reply
  FROM jobs.gig_shift s WHERE s.id = $id;

-- A step of the poster's side: chosen, not chosen, let go, not come.
-- name: gig_shift_move :one
-- args: id uuid, next text, reason text
WITH found AS (
    SELECT s.id, s.state, $next <> 'no_show' OR lower(s.during) <= platform.now() AS due
      FROM jobs.gig_shift s
     WHERE s.id = $id AND (s.org_id = platform.org()
           OR (platform.org() IS NULL AND s.poster_person = platform.person())
           OR platform.in_areas(s.county_code, s.area_code)) FOR UPDATE
), moved AS (
    UPDATE jobs.gig_shift AS s SET state = $next, reason = $reason
      FROM found WHERE s.id = found.id AND found.due AND found.state <> $next
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.due THEN 'state.wrong' ELSE 'jobs.gig_not_begun' END) FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: gig_shift_cancel :one
-- args: id uuid, caller_person uuid, reason text
WITH found AS (
    SELECT s.id, s.state FROM jobs.gig_shift s
     WHERE s.id = $id AND s.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE jobs.gig_shift AS s SET state = 'cancelled', reason = $reason
      FROM found f WHERE s.id = f.id AND f.state <> 'cancelled'
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- What a check-in is judged by.
-- name: gig_shift_place :one
-- args: id uuid, lat_e6 int4?, lng_e6 int4?
SELECT s.post_id, s.tries, s.state IN ('accepted', 'working') AS may_come,
       CASE WHEN $lat_e6::int4 IS NOT NULL
            THEN jobs.metres(p.lat_e6, p.lng_e6, $lat_e6, $lng_e6) END AS metres,
       jobs.work_rule_on('gig_near_m', platform.today()) AS near_m
  FROM jobs.gig_shift s JOIN jobs.gig_post p ON p.id = s.post_id
 WHERE s.id = $id AND (s.person_id = platform.person() OR platform.in_areas(s.county_code, s.area_code))
   FOR UPDATE OF s;

-- name: gig_shift_try :exec
-- args: id uuid
UPDATE jobs.gig_shift SET tries = tries + 1 WHERE id = $id;

-- On a day of the post, from an hour before work begins; once a day.
-- name: gig_shift_check_in :one
-- args: id uuid, how text, metres int4?
WITH found AS (
    SELECT s.id, p.from_on, p.to_on, make_interval(mins => p.end_min - p.start_min + 60) AS long,
           (platform.now() - make_interval(mins => p.start_min) + interval '1 hour')
               AT TIME ZONE 'Asia/Shanghai' AS local
      FROM jobs.gig_shift s JOIN jobs.gig_post p ON p.id = s.post_id WHERE s.id = $id
), here AS (
    SELECT id, local::date AS on_day FROM found
     WHERE local::date BETWEEN from_on AND to_on AND local < local::date + long
), come AS (
    INSERT INTO jobs.gig_day (shift_id, on_day, person_id, org_id, poster_person, how, metres,
                              county_code, area_code)
    SELECT s.id, h.on_day, s.person_id, s.org_id, s.poster_person, $how, $metres, s.county_code,
           s.area_code
      FROM jobs.gig_shift s JOIN here h ON h.id = s.id
    ON CONFLICT (shift_id, on_day) DO NOTHING
    RETURNING shift_id
), moved AS (
    UPDATE jobs.gig_shift AS s SET state = 'working', tries = 0, days = s.days + 1
      FROM come WHERE s.id = come.shift_id AND s.state IN ('accepted', 'working')
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN EXISTS (SELECT FROM here) THEN 'jobs.gig_present'
                            ELSE 'jobs.gig_not_the_day' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Either side says that the work is done; both, and it is.
-- name: gig_shift_done :one tells
-- args: id uuid, pieces int4?, is_declared bool?
WITH found AS (
    SELECT s.id, s.state, p.pay_unit, s.pieces,
           s.person_id = platform.person()
               AND (platform.org() IS NULL OR s.org_id IS DISTINCT FROM platform.org()) AS worker
      FROM jobs.gig_shift s JOIN jobs.gig_post p ON p.id = s.post_id
     WHERE s.id = $id AND (s.person_id = platform.person() OR s.org_id = platform.org()
        OR (platform.org() IS NULL AND s.poster_person = platform.person())) FOR UPDATE OF s
), moved AS (
    UPDATE jobs.gig_shift AS s
       SET pieces = CASE f.pay_unit WHEN 'piece' THEN coalesce($pieces, s.pieces) END,
           is_declared = CASE WHEN f.worker THEN coalesce($is_declared, s.is_declared)
                              ELSE s.is_declared END,
           worker_done_at = CASE WHEN f.worker THEN platform.now() ELSE s.worker_done_at END,
           poster_done_at = CASE WHEN f.worker THEN s.poster_done_at ELSE platform.now() END
      FROM found f
     WHERE s.id = f.id AND f.state = 'working'
       AND (f.pay_unit <> 'piece' OR coalesce($pieces, f.pieces) IS NOT NULL)
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'working' THEN 'jobs.gig_pieces /pieces' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: gig_shift_pay :one
-- args: id uuid, paid_cents int8, paid_on date, paid_way text
WITH found AS (
    SELECT s.id, s.state = 'done' AND s.pay_state IN ('unpaid', 'stated') AS may
      FROM jobs.gig_shift s
     WHERE s.id = $id AND (s.org_id = platform.org()
        OR (platform.org() IS NULL AND s.poster_person = platform.person())) FOR UPDATE
), moved AS (
    UPDATE jobs.gig_shift AS s SET pay_state = 'stated', paid_cents = $paid_cents,
           paid_on = $paid_on, paid_way = $paid_way
      FROM found f WHERE s.id = f.id AND f.may AND $paid_on <= platform.today()
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.may THEN 'field.date_future /paid_on' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: gig_shift_receive :one
-- args: id uuid, caller_person uuid
WITH found AS (
    SELECT s.id, s.pay_state FROM jobs.gig_shift s
     WHERE s.id = $id AND s.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE jobs.gig_shift AS s SET pay_state = 'received'
      FROM found f WHERE s.id = f.id AND f.pay_state = 'stated'
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: gig_dispute :one
-- args: id uuid, caller_person uuid, owed_cents int8, reason text
WITH found AS (
    SELECT s.id, s.state = 'done' AND s.pay_state IN ('unpaid', 'stated') AS may
      FROM jobs.gig_shift s WHERE s.id = $id AND s.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE jobs.gig_shift AS s SET pay_state = 'disputed', owed_cents = $owed_cents,
           dispute_reason = $reason
      FROM found f WHERE s.id = f.id AND f.may
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: gig_dispute_list :many read
-- args: after text, lim int4, county_code text, pay_state text
SELECT jobs.gig_shift_json(s)::text AS reply, s.id::text AS cursor
  FROM jobs.gig_shift s
 WHERE platform.in_areas(s.county_code, s.area_code) AND s.dispute_reason IS NOT NULL
   AND s.pay_state = coalesce($pay_state, 'disputed')
   AND ($county_code::text IS NULL OR s.county_code = $county_code)
   AND s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY s.id DESC
 LIMIT $lim;

-- name: gig_dispute_answer :one tells
-- args: id uuid, result text, answer text
WITH found AS (
    SELECT s.id, s.pay_state FROM jobs.gig_shift s
     WHERE s.id = $id AND platform.in_areas(s.county_code, s.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.gig_shift AS s SET pay_state = $result, answer = $answer
      FROM found f WHERE s.id = f.id AND f.pay_state = 'disputed'
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Each side says once what it thinks of the other.
-- name: gig_shift_rate :one
-- args: id uuid, stars int4, words text
WITH found AS (
    SELECT s.id, s.state, s.worker_stars, s.poster_stars,
           s.person_id = platform.person()
               AND (platform.org() IS NULL OR s.org_id IS DISTINCT FROM platform.org()) AS worker
      FROM jobs.gig_shift s
     WHERE s.id = $id AND (s.person_id = platform.person() OR s.org_id = platform.org()
        OR (platform.org() IS NULL AND s.poster_person = platform.person())) FOR UPDATE
), moved AS (
    UPDATE jobs.gig_shift AS s
       SET worker_stars = CASE WHEN f.worker THEN s.worker_stars ELSE $stars END,
           worker_words = CASE WHEN f.worker THEN s.worker_words ELSE $words END,
           poster_stars = CASE WHEN f.worker THEN $stars ELSE s.poster_stars END,
           poster_words = CASE WHEN f.worker THEN $words ELSE s.poster_words END
      FROM found f
     WHERE s.id = f.id AND f.state = 'done'
       AND CASE WHEN f.worker THEN f.poster_stars IS NULL ELSE f.worker_stars IS NULL END
    RETURNING s AS s
)
SELECT jobs.gig_shift_json(s)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);
