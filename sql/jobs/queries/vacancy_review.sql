-- Postings in the hands of officers, and merged ones.

-- What waits for an officer of the area, oldest first.
-- name: vacancy_review_list :many read
-- args: after text, lim int4, state text, county_code text, code text, q text
SELECT jobs.vacancy_reply(v) AS reply, v.id::text AS cursor
  FROM jobs.vacancy v
 WHERE v.state = coalesce($state, 'checking')
   AND platform.in_areas(v.county_code, v.area_code)
   AND v.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
   AND ($county_code::text IS NULL OR v.county_code = $county_code)
   AND ($code::text IS NULL OR v.checks @> jsonb_build_array(jsonb_build_object('code', $code)))
   AND ($q::text IS NULL OR strpos(lower(v.title || ' ' || v.org_name), lower($q)) > 0)
 ORDER BY v.id
 LIMIT $lim;

-- name: vacancy_review_get :one read
-- args: id uuid
SELECT jobs.vacancy_whole(v) AS reply FROM jobs.vacancy v
 WHERE v.id = $id AND platform.in_areas(v.county_code, v.area_code);

-- name: vacancy_approve :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT v.id, v.state FROM jobs.vacancy v
     WHERE v.id = $id AND platform.in_areas(v.county_code, v.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v
       SET state = 'open', check_note = $note,
           expires_on = CASE WHEN v.expires_on < platform.today() THEN platform.today() + 30
                             ELSE v.expires_on END
      FROM found WHERE v.id = found.id AND found.state = 'checking'
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Back to its employer; one that is public already is taken down by it.
-- name: vacancy_return :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT v.id, v.state FROM jobs.vacancy v
     WHERE v.id = $id AND platform.in_areas(v.county_code, v.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v SET state = 'returned', check_note = $note
      FROM found WHERE v.id = found.id AND found.state IN ('checking', 'open', 'paused')
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- A copy becomes part of another posting of the same employer, with the copies it
-- had itself. Applications to it stay; new ones go to the original.
-- name: vacancy_merge :one tells
-- args: id uuid, into uuid
WITH pair AS (
    SELECT v.id, v.state, v.org_id FROM jobs.vacancy v
     WHERE v.id IN ($id, $into)
       AND (v.org_id = platform.org() OR platform.in_areas(v.county_code, v.area_code))
     ORDER BY v.id FOR UPDATE
), found AS (
    SELECT c.id, c.state,
           EXISTS (SELECT FROM pair o WHERE o.id = $into AND o.id <> c.id AND o.org_id = c.org_id
                      AND o.state IN ('open', 'paused')) AS fits
      FROM pair c WHERE c.id = $id
), moved AS (
    UPDATE jobs.vacancy AS v SET state = 'merged', merged_into = $into
      FROM found WHERE v.id = found.id AND found.fits
       AND found.state IN ('draft', 'checking', 'returned', 'open', 'paused')
    RETURNING v AS v
), earlier AS (
    UPDATE jobs.vacancy AS v SET merged_into = $into
      FROM moved WHERE v.merged_into = (moved.v).id
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.state NOT IN ('draft', 'checking', 'returned', 'open', 'paused')
                            THEN 'state.wrong' ELSE 'jobs.merge_other /into' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Its own posting again, as it stood before.
-- name: vacancy_unmerge :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT v.id, v.state,
           (SELECT s.state FROM jobs.vacancy_step s
             WHERE s.vacancy_id = v.id AND s.state <> 'merged' ORDER BY s.id DESC LIMIT 1) AS was
      FROM jobs.vacancy v
     WHERE v.id = $id AND platform.in_areas(v.county_code, v.area_code) FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v
       SET state = coalesce(found.was, 'paused'), merged_into = NULL, check_note = $note
      FROM found WHERE v.id = found.id AND found.state = 'merged'
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- ---- the contact ----

-- Sealed values for those whom row-level security lets see them.
-- name: vacancy_contact :one read
-- args: id uuid
SELECT v.id, v.county_code, v.contact_phone IS NOT NULL AS has_contact, c.name_sealed, c.phone_sealed
  FROM jobs.vacancy v LEFT JOIN jobs.vacancy_contact c ON c.vacancy_id = v.id
 WHERE v.id = $id;

-- ---- clocks ----

-- Over, or not confirmed for so long that nobody may count on it. Of what is due
-- the oldest thousand at a time, so that a run is short.
-- name: vacancy_expire :one tells
-- args: confirm_days int4
WITH due AS (
    SELECT v.id, v.expires_on < platform.today() AS is_over FROM jobs.vacancy v
     WHERE v.state IN ('open', 'paused')
       AND (v.expires_on < platform.today()
            OR ($confirm_days > 0 AND v.confirmed_on < platform.today() - $confirm_days))
     ORDER BY v.expires_on, v.id LIMIT 1000 FOR UPDATE SKIP LOCKED
), moved AS (
    UPDATE jobs.vacancy AS v
       SET state = 'expired',
           check_note = CASE WHEN due.is_over THEN '有效期已满'
                             ELSE '超过' || $confirm_days || '天未确认仍在招聘' END
      FROM due WHERE v.id = due.id
    RETURNING v.id
)
SELECT count(*) AS n FROM moved;

-- What waits for an officer's judgement: each county's desk is told once a day how many.
-- name: vacancy_desks :one
WITH waiting AS (
    SELECT v.county_code, count(*) AS n FROM jobs.vacancy v WHERE v.state = 'checking' GROUP BY v.county_code
)
SELECT count(jobs.tell_desk('first_review', w.county_code, 'vacancy_waiting', '招聘岗位待人工审核：' || w.n || ' 个',
           NULL, NULL, NULL)) AS n
  FROM waiting w WHERE NOT jobs.told_today('first_review@' || w.county_code, NULL, 'vacancy_waiting');

-- Asked once for each time it was confirmed.
-- name: vacancy_remind :one
-- args: confirm_days int4, remind_days int4
WITH due AS (
    SELECT v.id, v.org_id, v.title, v.confirmed_on + $confirm_days AS last_on FROM jobs.vacancy v
     WHERE v.state IN ('open', 'paused') AND $remind_days BETWEEN 1 AND $confirm_days - 1
       AND v.confirmed_on <= platform.today() - ($confirm_days - $remind_days)
       AND NOT EXISTS (SELECT FROM jobs.message m
                        WHERE m.org_id = v.org_id AND m.subject_id = v.id AND m.kind = 'vacancy_confirm'
                          AND (m.at AT TIME ZONE 'Asia/Shanghai')::date > v.confirmed_on)
     ORDER BY v.id LIMIT 1000
)
SELECT count(jobs.tell(NULL, due.org_id, 'vacancy_confirm', '请确认岗位“' || due.title || '”仍在招聘',
           '请于' || due.last_on || '前确认，逾期自动下线', 'vacancy', due.id)) AS n
  FROM due;
