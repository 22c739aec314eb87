-- name: vacancy_open :one tells
-- args: id uuid, org uuid, title text, occupation_code text, county_code text, area_code text,
--       headcount int4, pay_min_cents int8, pay_max_cents int8, pay_unit text, form text,
--       education_code text, description text, expires_on date
WITH made AS (
    INSERT INTO jobs.vacancy AS v (id, org_id, org_name, title, occupation_code, county_code,
                                   area_code, headcount, headcount_left, pay_min_cents,
                                   pay_max_cents, pay_unit, form, education_code, description,
                                   expires_on)
    SELECT coalesce($id, platform.uuid7()), o.id, o.name, $title, $occupation_code,
           $county_code, $area_code,
           $headcount, $headcount, $pay_min_cents, $pay_max_cents, $pay_unit,
           $form, $education_code, coalesce($description, ''),
           coalesce($expires_on, platform.today() + 90)
      FROM jobs.org o WHERE o.id = $org
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: vacancy_get :one read
-- args: id uuid
SELECT jobs.vacancy_reply(v) AS reply FROM jobs.vacancy v WHERE v.id = $id;

-- name: vacancy_list_org :many read
-- args: after text, lim int4, caller_org uuid, state text
SELECT jobs.vacancy_reply(v) AS reply, v.id::text AS cursor
  FROM jobs.vacancy v
 WHERE v.org_id = $caller_org
   AND v.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR v.state = $state)
 ORDER BY v.id DESC
 LIMIT $lim;

-- name: vacancy_pause :one tells
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT v.id, v.state FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v SET state = 'paused'
      FROM found WHERE v.id = found.id AND found.state = 'open'
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: vacancy_close :one tells
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT v.id, v.state FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v SET state = 'closed'
      FROM found WHERE v.id = found.id AND found.state <> 'closed'
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- A posting comes back from a pause or after it was closed, never when its
-- places are taken; one whose time has run out is given thirty days more.
-- name: vacancy_reopen :one tells
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT v.id, v.state, v.headcount_left FROM jobs.vacancy v
     WHERE v.id = $id AND v.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v
       SET state = 'open',
           expires_on = CASE WHEN v.expires_on < platform.today() THEN platform.today() + 30
                             ELSE v.expires_on END
      FROM found
     WHERE v.id = found.id AND found.state IN ('paused', 'closed') AND found.headcount_left > 0
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.headcount_left = 0 THEN 'jobs.no_headcount'
                            ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- One place fewer, in the transaction of the hire that takes it.
-- name: vacancy_take_place :one tells
-- args: vacancy uuid
WITH moved AS (
    UPDATE jobs.vacancy AS v
       SET headcount_left = v.headcount_left - 1,
           state = CASE WHEN v.headcount_left = 1 AND v.state <> 'closed' THEN 'filled'
                        ELSE v.state END
     WHERE v.id = $vacancy AND v.headcount_left > 0
    RETURNING v.occupation_code
)
SELECT moved.occupation_code FROM moved
UNION ALL
SELECT platform.refuse('jobs.no_headcount') WHERE NOT EXISTS (SELECT FROM moved);
