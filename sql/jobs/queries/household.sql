-- Members in the order they were named; the first fault names its place.
-- name: household_apply :one tells
-- args: person uuid, members jsonb, address text, situation text
WITH person AS (
    SELECT p.id, p.name_masked, p.county_code, p.area_code FROM jobs.person p WHERE p.id = $person
), named AS MATERIALIZED (
    SELECT m.* FROM jobs.household_people($members) m
), fault AS (
    SELECT CASE WHEN n.id IS NULL THEN 'jobs.member_unknown /members/' || n.ord - 1
                WHEN jobs.household_taken(n.id) THEN 'jobs.member_taken /members/' || n.ord - 1
                WHEN n.works THEN 'jobs.household_works /members/' || n.ord - 1 END AS code
      FROM named n
     WHERE n.id IS NULL OR n.works OR jobs.household_taken(n.id) ORDER BY n.ord LIMIT 1
), shape AS (
    SELECT CASE WHEN count(DISTINCT n.id) < count(n.id) THEN 'jobs.member_twice /members'
                WHEN NOT bool_or(n.id = $person) THEN 'jobs.member_self /members'
                WHEN NOT bool_or(n.working_age) THEN 'jobs.household_age /members' END AS code
      FROM named n
), made AS (
    INSERT INTO jobs.household AS h (person_id, name_masked, address, situation, applied_on,
                                     last_reached_on, county_code, area_code)
    SELECT p.id, p.name_masked, $address, $situation, platform.today(), platform.today(),
           p.county_code, p.area_code
      FROM person p, shape s WHERE s.code IS NULL AND NOT EXISTS (SELECT FROM fault)
    RETURNING h.id
)
SELECT made.id FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM person) THEN 'jobs.person_unknown'
                            ELSE coalesce((SELECT f.code FROM fault f), (SELECT s.code FROM shape s))
                       END)::uuid
 WHERE NOT EXISTS (SELECT FROM made);

-- Behind the household's own row, which row-level security asks for.
-- name: household_join :one
-- args: id uuid, members jsonb
WITH joined AS (
    INSERT INTO jobs.household_member (household_id, member_id, name_masked, relation, county_code,
                                       area_code)
    SELECT h.id, m.id, m.name_masked, m.relation, h.county_code, h.area_code
      FROM jobs.household h, jobs.household_people($members) m WHERE h.id = $id
    ON CONFLICT (member_id) WHERE is_open DO NOTHING
    RETURNING member_id
)
SELECT CASE WHEN count(*) < jsonb_array_length($members)
            THEN platform.refuse('jobs.member_taken /members') END AS refused
  FROM joined;

-- name: household_get :one read
-- args: id uuid
SELECT jobs.household_reply(h) AS reply FROM jobs.household h WHERE h.id = $id;

-- 入户核查 before the checks, help and refusals of jobs after them.
-- name: household_visit :one
-- args: id uuid, kind text, visited_on date, is_met bool, note text
WITH found AS (
    SELECT h AS was, CASE $kind WHEN 'check' THEN h.state IN ('applied', 'visited')
                        ELSE h.state = 'recognised' END AS fits
      FROM jobs.household h WHERE h.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.household AS h
       SET state = CASE WHEN h.state = 'applied' AND $is_met THEN 'visited' ELSE h.state END,
           refusals = h.refusals + ($kind = 'refusal')::integer,
           last_reached_on = CASE WHEN $is_met THEN greatest(h.last_reached_on, $visited_on)
                                  ELSE h.last_reached_on END
      FROM found f WHERE h.id = (f.was).id AND f.fits AND $visited_on >= (f.was).applied_on
    RETURNING h AS h
), kept AS (
    INSERT INTO jobs.household_visit (household_id, kind, visited_on, is_met, note, county_code,
                                      area_code)
    SELECT (h).id, $kind, $visited_on, $is_met, $note, (h).county_code, (h).area_code FROM moved
)
SELECT jobs.household_reply(h) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.fits THEN 'field.date_order /visited_on' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: household_visit_list :many read
-- args: after text, lim int4, id uuid
SELECT jsonb_build_object('id', v.id, 'household_id', v.household_id, 'kind', v.kind,
           'visited_on', v.visited_on, 'is_met', v.is_met, 'note', v.note,
           'county_code', v.county_code, 'at', v.at)::text AS reply, v.id::text AS cursor
  FROM jobs.household_visit v
 WHERE v.household_id = $id
   AND v.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY v.id DESC
 LIMIT $lim;

-- name: household_first_review :one
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT h AS was, h.entered_by = platform.actor() AS same FROM jobs.household h
     WHERE h.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.household AS h
       SET state = CASE $decision WHEN 'pass' THEN 'first_reviewed' ELSE 'rejected' END,
           first_by = platform.actor(), first_at = platform.now(), first_note = $note
      FROM found f WHERE h.id = (f.was).id AND (f.was).state = 'visited' AND f.same IS NOT TRUE
    RETURNING h AS h
)
SELECT jobs.household_reply(h) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN (f.was).state = 'applied' THEN 'jobs.household_visit_missing'
                            WHEN (f.was).state <> 'visited' THEN 'state.wrong'
                            ELSE 'jobs.same_hand' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Somebody may have found work since; then there is nothing to recognise.
-- name: household_recheck :one tells
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT h AS was, platform.actor() IN (h.first_by, h.entered_by) AS same,
           EXISTS (SELECT FROM jobs.household_member m
                    WHERE m.household_id = h.id AND jobs.works(m.member_id)) AS works
      FROM jobs.household h WHERE h.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.household AS h
       SET state = CASE $decision WHEN 'pass' THEN 'recognised' ELSE 'rejected' END,
           recheck_by = platform.actor(), recheck_at = platform.now(), recheck_note = $note,
           recognised_on = CASE $decision WHEN 'pass' THEN platform.today() END,
           due_on = CASE $decision WHEN 'pass'
               THEN jobs.household_due(h.county_code, platform.today()) END
      FROM found f
     WHERE h.id = (f.was).id AND (f.was).state = 'first_reviewed' AND f.same IS NOT TRUE
       AND ($decision = 'reject' OR NOT f.works)
    RETURNING h AS h
)
SELECT jobs.household_reply(h) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN (f.was).state <> 'first_reviewed' THEN 'state.wrong'
                            WHEN f.same THEN 'jobs.same_hand' ELSE 'jobs.household_works' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- 销号: the work has lasted, an officer says so.
-- name: household_clear :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT h AS was, EXISTS (SELECT FROM jobs.household_member m
                            WHERE m.household_id = h.id AND jobs.works(m.member_id)) AS works
      FROM jobs.household h WHERE h.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.household AS h
       SET state = 'cleared', cleared_on = platform.today(), cleared_by = platform.actor(),
           close_note = $note
      FROM found f WHERE h.id = (f.was).id AND (f.was).state = 'placed' AND f.works
    RETURNING h AS h
)
SELECT jobs.household_reply(h) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN (f.was).state <> 'placed' THEN 'state.wrong'
                            ELSE 'jobs.household_idle' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Without work found: after three refusals, or three months out of reach; for
-- another reason with a note.
-- name: household_exit :one tells
-- args: id uuid, reason text, note text
WITH found AS (
    SELECT h AS was, CASE $reason WHEN 'refused' THEN h.refusals >= 3
                        WHEN 'out_of_reach' THEN h.last_reached_on + interval '3 months' <= platform.today()
                        ELSE true END AS fits
      FROM jobs.household h WHERE h.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.household AS h SET state = 'exited', exit_reason = $reason, close_note = $note
      FROM found f WHERE h.id = (f.was).id AND (f.was).state IN ('recognised', 'placed') AND f.fits
    RETURNING h AS h
)
SELECT jobs.household_reply(h) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.fits THEN 'state.wrong' ELSE 'jobs.household_exit' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- By whoever applied, before it is decided.
-- name: household_withdraw :one
-- args: id uuid, note text
WITH found AS (
    SELECT h.id, h.state FROM jobs.household h WHERE h.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.household AS h SET state = 'withdrawn', close_note = $note
      FROM found f WHERE h.id = f.id AND f.state IN ('applied', 'visited', 'first_reviewed')
    RETURNING h AS h
)
SELECT jobs.household_reply(h) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: household_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.household_reply(h) AS reply, h.id::text AS cursor
  FROM jobs.household h
 WHERE h.person_id = $caller_person
   AND h.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY h.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: household_list :many read
-- args: after text, lim int4, county_code text, state text, is_overdue bool?, is_escalated bool?
SELECT jobs.household_reply(h) AS reply, h.id::text AS cursor
  FROM jobs.household h
 WHERE h.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR h.county_code = $county_code)
   AND ($state::text IS NULL OR h.state = $state)
   AND ($is_overdue::bool IS NULL
        OR (h.state = 'recognised' AND h.due_on < platform.today()) = $is_overdue)
   AND ($is_escalated::bool IS NULL
        OR (h.state = 'recognised' AND h.escalated_on IS NOT NULL) = $is_escalated)
 ORDER BY h.id DESC
 LIMIT $lim;

-- By county: recognised in the period, of them helped into work, cleared, still
-- waiting, late. The rate is of families helped among those recognised (measure
-- 9: 100 %). Cells under five are hidden from whoever sees figures only.
-- name: household_figures :many read
-- args: after text, lim int4, from_on date, to_on date, hide bool
SELECT jsonb_build_object('county_code', c.county_code,
           'recognised', CASE WHEN $hide AND c.recognised < 5 THEN NULL ELSE c.recognised END,
           'helped', CASE WHEN $hide AND (c.recognised < 5 OR c.helped < 5) THEN NULL ELSE c.helped END,
           'cleared', CASE WHEN $hide AND (c.recognised < 5 OR c.cleared < 5) THEN NULL ELSE c.cleared END,
           'waiting', CASE WHEN $hide AND (c.recognised < 5 OR c.waiting < 5) THEN NULL ELSE c.waiting END,
           'overdue', CASE WHEN $hide AND (c.recognised < 5 OR c.overdue < 5) THEN NULL ELSE c.overdue END,
           'help_rate_bp', CASE WHEN $hide AND c.helped < 5 THEN NULL
                                ELSE c.helped * 10000 / c.recognised END)::text AS reply,
       c.county_code AS cursor
  FROM (SELECT h.county_code, count(*) AS recognised,
               count(*) FILTER (WHERE h.placed_on IS NOT NULL) AS helped,
               count(*) FILTER (WHERE h.state = 'cleared') AS cleared,
               count(*) FILTER (WHERE h.state = 'recognised') AS waiting,
               count(*) FILTER (WHERE h.state = 'recognised' AND h.due_on < platform.today()) AS overdue
          FROM jobs.household h
         WHERE h.recognised_on BETWEEN coalesce($from_on, date_trunc('year', platform.today())::date)
               AND coalesce($to_on, platform.today())
         GROUP BY h.county_code) AS c
 WHERE c.county_code > coalesce($after::text, '')
 ORDER BY c.county_code
 LIMIT $lim;

-- By the clock: past its day and nobody works. The city sees it from then on.
-- name: household_escalate :exec
UPDATE jobs.household SET escalated_on = platform.today()
 WHERE state = 'recognised' AND due_on < platform.today() AND escalated_on IS NULL;
