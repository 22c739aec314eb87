-- The person's own profile, made or changed.
-- name: founder_open :one tells
-- args: person uuid, idea text, groups jsonb, skips jsonb, county text, area_code text
WITH said AS (
    SELECT entrepreneurship.words_of($groups, entrepreneurship.founder_groups(), '/groups') AS groups,
           CASE WHEN $skips::jsonb IS NULL OR $skips::jsonb = '[]' THEN '{}'::text[]
                ELSE entrepreneurship.words_of($skips, ARRAY['trained', 'mentor', 'place', 'loan', 'subsidies'], '/skips')
           END AS skips
), made AS (
    INSERT INTO entrepreneurship.founder AS f (person_id, idea, groups, skips, county_code, area_code)
    SELECT $person, $idea, s.groups, s.skips, $county, $area_code FROM said s
    ON CONFLICT (person_id) DO UPDATE
       SET idea = excluded.idea, groups = excluded.groups, skips = excluded.skips,
           county_code = excluded.county_code, area_code = excluded.area_code
    RETURNING f AS f
)
SELECT entrepreneurship.founder_json(f)::text AS reply FROM made;

-- name: founder_follow :one tells
-- args: caller_person uuid, follow bool
WITH moved AS (
    UPDATE entrepreneurship.founder AS f
       SET follow = $follow, followed_at = CASE WHEN $follow THEN platform.now() END
     WHERE f.person_id = $caller_person
    RETURNING f AS f
)
SELECT entrepreneurship.founder_json(f)::text AS reply FROM moved;

-- The founder names the firm; who acts for it confirms (founder_firm_confirm).
-- name: founder_firm :one tells
-- args: person uuid, uscc text, founded_on date, closed_on date
WITH found AS (
    SELECT f.id, f.org_id, f.firm_state FROM entrepreneurship.founder f WHERE f.person_id = $person FOR UPDATE
), firm AS (
    SELECT o.id FROM entrepreneurship.org o WHERE o.uscc = $uscc
), moved AS (
    UPDATE entrepreneurship.founder AS f
       SET org_id = firm.id, founded_on = $founded_on, closed_on = $closed_on,
           firm_state = CASE WHEN x.org_id = firm.id AND x.firm_state = 'confirmed' THEN 'confirmed' ELSE 'claimed' END,
           confirmed_on = CASE WHEN x.org_id = firm.id THEN f.confirmed_on END
      FROM found x, firm WHERE f.id = x.id
    RETURNING f AS f
)
SELECT entrepreneurship.founder_json(f)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('entrepreneurship.org_unknown') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- The caller acts for the firm with all rights and is the founder themselves.
-- name: founder_firm_confirm :one tells
-- args: caller_org uuid
WITH found AS (
    SELECT f.id, f.firm_state, EXISTS (SELECT FROM entrepreneurship.founder o WHERE o.org_id = $caller_org
               AND o.firm_state = 'confirmed') AS taken
      FROM entrepreneurship.founder f WHERE f.org_id = $caller_org AND f.person_id = platform.actor() FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.founder AS f SET firm_state = 'confirmed', confirmed_on = platform.today()
      FROM found x WHERE f.id = x.id AND x.firm_state = 'claimed' AND NOT x.taken
    RETURNING f AS f
)
SELECT entrepreneurship.founder_json(f)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.firm_state = 'claimed' THEN 'state.exists' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- Those who agreed to be followed; longest at their step first.
-- name: founder_list :many read
-- args: after text, lim int4, county_code text, step text, group text, stuck_days int4
SELECT (entrepreneurship.founder_json(f) || jsonb_build_object('stuck_days', platform.today() - f.step_since,
           'last_contact_on', (SELECT max(k.contacted_on) FROM entrepreneurship.founder_contact k
                                WHERE k.founder_id = f.id)))::text AS reply,
       f.step_since || '/' || f.id AS cursor
  FROM entrepreneurship.founder f
 WHERE f.follow AND platform.in_areas(f.county_code, f.area_code)
   AND ($county_code::text IS NULL OR f.county_code = $county_code)
   AND ($step::text IS NULL OR f.step = $step) AND ($group::text IS NULL OR $group = ANY (f.groups))
   AND f.step_since <= platform.today() - coalesce($stuck_days, 0)
   AND ($after::text IS NULL OR (f.step_since, f.id) >
        (split_part($after, '/', 1)::date, nullif(split_part($after, '/', 2), '')::uuid))
 ORDER BY f.step_since, f.id
 LIMIT $lim;

-- name: founder_contact :one
-- args: id uuid, kind text, outcome text, note text, contacted_on date, next_on date
WITH made AS (
    INSERT INTO entrepreneurship.founder_contact AS k (founder_id, person_id, kind, outcome, note, step, contacted_on,
                                                       next_on, county_code, area_code)
    SELECT f.id, f.person_id, $kind, $outcome, $note, f.step, $contacted_on, $next_on, f.county_code, f.area_code
      FROM entrepreneurship.founder f
     WHERE f.id = $id AND f.follow AND platform.in_areas(f.county_code, f.area_code)
    RETURNING k AS k
), told AS (
    INSERT INTO entrepreneurship.outbox (type, key, area_code, payload)
    SELECT 'entrepreneurship.founder.contacted.v1', (k).id::text, (k).county_code,
           jsonb_build_object('contact_id', (k).id, 'founder_id', (k).founder_id, 'person_id', (k).person_id,
                              'kind', (k).kind, 'outcome', (k).outcome, 'step', (k).step,
                              'contacted_on', (k).contacted_on, 'county_code', (k).county_code)
      FROM made
)
SELECT entrepreneurship.founder_contact_json(k)::text AS reply FROM made;

-- name: founder_contact_list :many read
-- args: after text, lim int4, id uuid
SELECT entrepreneurship.founder_contact_json(k)::text AS reply, k.id::text AS cursor
  FROM entrepreneurship.founder_contact k JOIN entrepreneurship.founder f ON f.id = k.founder_id
 WHERE k.founder_id = $id
   AND k.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY k.id DESC
 LIMIT $lim;

-- name: founder_figures :many read
-- args: after text, lim int4
SELECT jsonb_build_object('county_code', n.county_code, 'step', n.step,
           'founders', CASE WHEN n.founders >= 5 THEN n.founders END)::text AS reply,
       n.county_code || '/' || n.step AS cursor
  FROM entrepreneurship.founder_counts() n
 WHERE $after::text IS NULL OR n.county_code || '/' || n.step > $after
 ORDER BY n.county_code || '/' || n.step
 LIMIT $lim;

-- name: path_my :one read
-- args: caller_person uuid
SELECT jsonb_build_object('founder', entrepreneurship.founder_json(f), 'step', entrepreneurship.founder_step(f),
           'steps', entrepreneurship.founder_path(f), 'places', entrepreneurship.founder_places(f))::text AS reply
  FROM entrepreneurship.founder f WHERE f.person_id = $caller_person;

-- name: founder_day :one tells
-- args: most int4
SELECT entrepreneurship.founder_day($most) AS n;

-- From subsidies: what founders were paid.
-- name: founder_paid_put :exec tells
-- args: claim_id uuid, policy_code text, person_id text, org_id text, paid_on date, county_code text
INSERT INTO entrepreneurship.founder_paid (claim_id, policy_code, person_id, org_id, paid_on, county_code)
SELECT $claim_id, p.code, $person_id::uuid, $org_id::uuid, $paid_on, $county_code
  FROM entrepreneurship.founder_policy p WHERE p.code = $policy_code
ON CONFLICT (claim_id) DO NOTHING;
