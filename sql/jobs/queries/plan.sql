-- 一人一策: packages, the plan of a case, what was done, and the figures.

-- Every version, newest first; what is offered is the newest that is enabled.
-- name: plan_package_list :many read
-- args: after text, lim int4, is_enabled bool?
SELECT jsonb_build_object('code', p.code, 'version', p.version, 'name', p.name, 'source', p.source,
           'items', p.items, 'is_enabled', p.is_enabled, 'from_on', p.from_on,
           'created_at', p.created_at)::text AS reply,
       p.code || ' ' || lpad(p.version::text, 6, '0') AS cursor
  FROM jobs.help_package p
 WHERE ($after::text IS NULL OR p.code || ' ' || lpad(p.version::text, 6, '0') < $after)
   AND ($is_enabled::bool IS NULL OR p.is_enabled = $is_enabled)
 ORDER BY p.code || ' ' || lpad(p.version::text, 6, '0') DESC
 LIMIT $lim;

-- name: plan_package_publish :one
-- args: code text, name text, source text, items jsonb, is_enabled bool, from_on date
INSERT INTO jobs.help_package AS p (code, version, name, source, items, is_enabled, from_on)
SELECT $code, coalesce((SELECT max(o.version) FROM jobs.help_package o WHERE o.code = $code), 0) + 1, $name,
       $source, (SELECT jsonb_agg(jsonb_build_object('kind', i.kind, 'times', i.times,
                     'within_days', nullif(i.within_days, 0)) ORDER BY i.n)
                   FROM (SELECT t ->> 'kind' AS kind, (t ->> 'times')::int AS times,
                                (t ->> 'within_days')::int AS within_days, n
                           FROM jsonb_array_elements($items) WITH ORDINALITY AS x (t, n)) AS i),
       $is_enabled, $from_on
RETURNING jsonb_build_object('code', p.code, 'version', p.version, 'name', p.name, 'source', p.source,
    'items', p.items, 'is_enabled', p.is_enabled, 'from_on', p.from_on,
    'created_at', p.created_at)::text AS reply;

-- From the newest enabled version in force; once a case.
-- name: plan_make :one tells
-- args: id uuid, package_code text
WITH found AS (
    SELECT k.id, k.person_id, k.state, k.package_code, k.county_code, k.area_code
      FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
), package AS (
    SELECT p.code, p.version, p.items, p.name FROM jobs.help_package p
     WHERE p.code = $package_code AND p.from_on <= platform.today()
     ORDER BY p.version DESC LIMIT 1
), fit AS (
    SELECT f.*, p.code, p.version, p.items, p.name FROM found f, package p
     WHERE f.state <> 'closed' AND f.package_code IS NULL
       AND (SELECT h.is_enabled FROM jobs.help_package h WHERE h.code = p.code AND h.version = p.version)
), items AS (
    INSERT INTO jobs.help_item (case_id, person_id, kind, title, due_on, of_package, county_code, area_code)
    SELECT f.id, f.person_id, t ->> 'kind', f.name || '（' || n || '/' || (t ->> 'times') || '）',
           platform.today() + (t ->> 'within_days')::int, true, f.county_code, f.area_code
      FROM fit f, jsonb_array_elements(f.items) AS t, generate_series(1, (t ->> 'times')::int) AS n
), moved AS (
    UPDATE jobs.help_case k SET package_code = f.code, package_version = f.version FROM fit f WHERE k.id = f.id
    RETURNING k.id
)
SELECT m.id::text AS done FROM moved m
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'closed' OR f.package_code IS NOT NULL THEN 'state.wrong'
                            ELSE 'jobs.help_package_off' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: plan_item_add :one tells
-- args: id uuid, kind text, title text, due_on date, note text
WITH found AS (
    SELECT k.id, k.person_id, k.state, k.county_code, k.area_code FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
), made AS (
    INSERT INTO jobs.help_item AS i (case_id, person_id, kind, title, due_on, note, county_code, area_code)
    SELECT f.id, f.person_id, $kind, $title, $due_on, $note, f.county_code, f.area_code
      FROM found f WHERE f.state <> 'closed'
    RETURNING i AS i
)
SELECT jobs.help_item_json(i)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM made);

-- What is no longer wanted, with the reason.
-- name: plan_item_drop :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT i.id, i.state FROM jobs.help_item i WHERE i.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.help_item i SET state = 'dropped', note = $note, escalated_on = NULL
      FROM found f WHERE i.id = f.id AND f.state IN ('planned', 'given')
    RETURNING i AS i
)
SELECT jobs.help_item_json(i)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- By the person, while the item is open.
-- name: plan_item_answer :one
-- args: id uuid, caller_person uuid, accepts bool, reason text
WITH found AS (
    SELECT i.id, i.state, k.state AS stands
      FROM jobs.help_item i JOIN jobs.help_case k ON k.id = i.case_id
     WHERE i.id = $id AND i.person_id = $caller_person
)
SELECT CASE WHEN f.stands = 'closed' OR f.state NOT IN ('planned', 'given') THEN platform.refuse('state.wrong')
            ELSE concat(jobs.help_answer(f.id, $accepts, $reason), f.id) END AS done
  FROM found f;

-- name: plan_item_get :one read
-- args: id uuid
SELECT jobs.help_item_json(i)::text AS reply FROM jobs.help_item i WHERE i.id = $id;

-- A referral names an open posting; an item is one of the case, of that kind, and not done.
-- name: plan_contact_add :one tells
-- args: id uuid, item_id uuid, kind text, contacted_on date, channel text, outcome text, result text,
--       reply text, consents bool?, refusal_reason text, vacancy_id uuid, next_visit_on date
WITH found AS (
    SELECT k.id, k.person_id, k.state, k.opened_on, k.county_code, k.area_code
      FROM jobs.help_case k WHERE k.id = $id FOR UPDATE
), judged AS (
    SELECT f.*, CASE WHEN f.state = 'closed' THEN 'state.wrong'
            WHEN $contacted_on < f.opened_on THEN 'field.date_order /contacted_on'
            WHEN $item_id::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM jobs.help_item i WHERE i.id = $item_id
                AND i.case_id = f.id AND i.kind = $kind AND i.state IN ('planned', 'given'))
            THEN 'jobs.help_item /item_id'
            WHEN $vacancy_id::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM jobs.vacancy v WHERE v.id = $vacancy_id
                AND v.state = 'open' AND v.expires_on >= platform.today())
            THEN 'jobs.vacancy_not_open' END AS fault
      FROM found f
), made AS (
    INSERT INTO jobs.help_contact AS t (case_id, item_id, person_id, kind, contacted_on, channel, outcome,
        result, reply, consents, refusal_reason, vacancy_id, next_visit_on, county_code, area_code)
    SELECT j.id, $item_id, j.person_id, $kind, $contacted_on, $channel, $outcome, coalesce($result, ''), $reply,
           $consents, $refusal_reason, $vacancy_id, $next_visit_on, j.county_code, j.area_code
      FROM judged j WHERE j.fault IS NULL
    RETURNING t AS t
)
SELECT jobs.help_contact_json(t)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;

-- name: plan_contact_list :many read
-- args: after text, lim int4, county_code text, from_on date, to_on date, kind text, outcome text
SELECT (jobs.help_contact_json(t) || jsonb_build_object('person_id', t.person_id,
           'county_code', t.county_code))::text AS reply, t.id::text AS cursor
  FROM jobs.help_contact t
 WHERE platform.in_areas(t.county_code, t.area_code)
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR t.county_code = $county_code)
   AND ($from_on::date IS NULL OR t.contacted_on >= $from_on)
   AND ($to_on::date IS NULL OR t.contacted_on <= $to_on)
   AND ($kind::text IS NULL OR t.kind = $kind)
   AND ($outcome::text IS NULL OR t.outcome = $outcome)
 ORDER BY t.id DESC
 LIMIT $lim;

-- DOMAIN §5: help rate = persons with at least one dated service ÷ all persons
-- whose case was open in the period; follow-up likewise with any contact;
-- employment = closed by work ÷ persons, and of graduates ÷ the willing. Rates
-- are in ten-thousandths. Small cells are hidden from who may not see cases.
-- name: plan_figure_list :one read
-- args: from_on date, to_on date, county_code text, group text, hides bool
WITH open AS (
    SELECT k.* FROM jobs.help_case k
     WHERE platform.in_areas(k.county_code, k.area_code)
       AND k.opened_on <= $to_on AND (k.closed_on IS NULL OR k.closed_on >= $from_on)
       AND ($county_code::text IS NULL OR k.county_code = $county_code)
       AND ($group::text IS NULL OR k.grp = $group)
), counted AS (
    SELECT o.county_code, o.grp, count(DISTINCT o.person_id) AS persons,
           count(DISTINCT o.person_id) FILTER (WHERE t.followed) AS followed,
           count(DISTINCT o.person_id) FILTER (WHERE t.served) AS served,
           count(DISTINCT o.person_id) FILTER (WHERE o.closed_on BETWEEN $from_on AND $to_on
               AND o.close_reason IN ('employed', 'self_employed')) AS employed
      FROM open o
     CROSS JOIN LATERAL (SELECT coalesce(bool_or(c.outcome <> 'unreached'), false) AS followed,
                                coalesce(bool_or(c.outcome = 'served' AND c.kind <> 'visit'), false) AS served
                           FROM jobs.help_contact c
                          WHERE c.case_id = o.id AND c.contacted_on BETWEEN $from_on AND $to_on) AS t
     GROUP BY o.county_code, o.grp
), shown AS (
    SELECT c.*, $hides AND least(c.persons, c.followed + 5 * (c.followed = 0)::int, c.served + 5 * (c.served = 0)::int,
               c.employed + 5 * (c.employed = 0)::int) < 5 AS hidden FROM counted c
)
SELECT jsonb_build_object('from_on', $from_on, 'to_on', $to_on, 'items', coalesce(jsonb_agg(
           jsonb_build_object('county_code', s.county_code, 'group', s.grp, 'hidden', s.hidden)
           || CASE WHEN s.hidden THEN '{}'::jsonb ELSE jsonb_build_object('persons', s.persons,
               'followed', s.followed, 'served', s.served, 'employed', s.employed,
               'follow_up_rate_bp', s.followed * 10000 / s.persons, 'help_rate_bp', s.served * 10000 / s.persons,
               'employment_rate_bp', s.employed * 10000 / s.persons) END
           ORDER BY s.county_code, s.grp), '[]'))::text AS reply
  FROM shown s;
