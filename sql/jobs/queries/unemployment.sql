-- Registered where the person lives (常住地). Refused under sixteen and from the
-- day of retirement on, while there is a job that counts as one (无业 is the
-- condition), and while another registration is open.
-- name: unemployment_register :one tells
-- args: person uuid, reason text, lost_on date, is_difficult bool, last_employer text,
--       education_code text, skill_level int4?, wish text, wish_area_code text, is_willing bool?
WITH person AS (
    SELECT p.id, p.name_masked, p.county_code, p.area_code,
           (p.birth_on + interval '16 years')::date <= platform.today() AS of_age,
           jobs.person_retires_on(p) <= platform.today() AS retired, jobs.works(p.id) AS has_job
      FROM jobs.person p WHERE p.id = $person
), made AS (
    INSERT INTO jobs.unemployment AS u (person_id, name_masked, registered_on, lost_on, reason,
                                        is_difficult, last_employer, education_code, skill_level,
                                        wish, wish_area_code, is_willing, county_code, area_code)
    SELECT p.id, p.name_masked, platform.today(), $lost_on, $reason,
           $is_difficult OR jobs.is_difficult(p.id, platform.today()), $last_employer,
           $education_code, $skill_level, $wish, $wish_area_code, $is_willing,
           p.county_code, p.area_code
      FROM person p WHERE p.of_age AND NOT p.retired AND NOT p.has_job
    ON CONFLICT (person_id) WHERE ended_on IS NULL DO NOTHING
    RETURNING u AS u
)
SELECT jobs.unemployment_reply(u) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM person) THEN 'jobs.person_unknown'
                            WHEN NOT (SELECT p.of_age FROM person p) THEN 'jobs.under_age'
                            WHEN (SELECT p.retired FROM person p) THEN 'jobs.retired'
                            WHEN (SELECT p.has_job FROM person p) THEN 'jobs.has_job'
                            ELSE 'jobs.already_unemployed' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- Which woman retires when; a class of the other sex is none.
-- name: retire_class_state :one
-- args: person uuid, class text
SELECT CASE jobs.state_retire_class($person, $class) WHEN false
            THEN platform.refuse('field.choice /retire_class') END AS refused;

-- By the person or an officer of the area; never as hired, which only 就业登记
-- can say, nor for want of contact, which only the clock can.
-- name: unemployment_end :one tells
-- args: id uuid, reason text, income_cents int8?, note text
WITH found AS (
    SELECT u.id, u.ended_on, coalesce($income_cents::int8
               < jobs.register_value('min_wage_cents', u.county_code, platform.today()), false) AS poor
      FROM jobs.unemployment u WHERE u.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.unemployment AS u
       SET ended_on = platform.today(), end_reason = $reason, end_note = $note
      FROM found WHERE u.id = found.id AND found.ended_on IS NULL AND NOT found.poor
    RETURNING u AS u
)
SELECT jobs.unemployment_reply(u) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.ended_on IS NULL THEN 'jobs.income_below /income_month_cents'
                            ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- The person still looks for work, or was spoken to.
-- name: unemployment_contact :one
-- args: id uuid
WITH found AS (
    SELECT u.id, u.ended_on FROM jobs.unemployment u WHERE u.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.unemployment AS u SET last_contact_on = platform.today(), warned_on = NULL
      FROM found WHERE u.id = found.id AND found.ended_on IS NULL
    RETURNING u AS u
)
SELECT jobs.unemployment_reply(u) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Ended for want of contact, and back within the days that the city allows: a
-- new registration that goes on where the old one stood.
-- name: unemployment_renew :one tells
-- args: id uuid
WITH found AS (
    SELECT u AS was, jobs.register_value('restore_days', u.county_code, platform.today()) AS days,
           jobs.works(u.person_id) AS has_job, u.retires_on <= platform.today() AS retired,
           EXISTS (SELECT FROM jobs.unemployment n WHERE n.renews_id = u.id) AS renewed
      FROM jobs.unemployment u WHERE u.id = $id
), made AS (
    INSERT INTO jobs.unemployment AS n (person_id, name_masked, registered_on, since_on, lost_on,
                                        reason, is_difficult, last_employer, education_code,
                                        skill_level, wish, wish_area_code, is_willing, renews_id,
                                        county_code, area_code)
    SELECT (f.was).person_id, (f.was).name_masked, platform.today(), (f.was).since_on, (f.was).lost_on,
           (f.was).reason, jobs.is_difficult((f.was).person_id, platform.today()), (f.was).last_employer,
           (f.was).education_code, (f.was).skill_level, (f.was).wish, (f.was).wish_area_code,
           (f.was).is_willing, (f.was).id, (f.was).county_code, (f.was).area_code
      FROM found f
     WHERE (f.was).end_reason = 'no_contact' AND NOT f.renewed AND NOT f.has_job AND NOT f.retired
       AND (f.was).ended_on + f.days::int4 >= platform.today()
    ON CONFLICT (person_id) WHERE ended_on IS NULL DO NOTHING
    RETURNING n AS n
)
SELECT jobs.unemployment_reply(n) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN (f.was).end_reason IS DISTINCT FROM 'no_contact' OR f.renewed
                            THEN 'state.wrong'
                            WHEN f.days IS NULL THEN 'jobs.restore_unset'
                            WHEN (f.was).ended_on + f.days::int4 < platform.today()
                            THEN 'jobs.restore_late'
                            WHEN f.retired THEN 'jobs.retired'
                            WHEN f.has_job THEN 'jobs.has_job'
                            ELSE 'jobs.already_unemployed' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM made);

-- An officer takes a wrong end back; not over a later registration, nor a job.
-- name: unemployment_restore :one tells
-- args: id uuid, reason text
WITH found AS (
    SELECT u AS was, jobs.works(u.person_id) AS has_job, u.retires_on <= platform.today() AS retired,
           EXISTS (SELECT FROM jobs.unemployment o
                    WHERE o.person_id = u.person_id AND o.id > u.id) AS later
      FROM jobs.unemployment u WHERE u.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.unemployment AS u
       SET ended_on = NULL, end_reason = NULL, end_note = NULL, warned_on = NULL,
           last_contact_on = platform.today()
      FROM found f
     WHERE u.id = (f.was).id AND (f.was).ended_on IS NOT NULL AND NOT f.has_job AND NOT f.retired
       AND NOT f.later
    RETURNING u AS u
), kept AS (
    INSERT INTO jobs.register_change (register, record_id, kind, reason, before, after, person_id,
                                      county_code, area_code)
    SELECT 'unemployment', (m.u).id, 'restoration', $reason,
           jsonb_build_object('ended_on', (f.was).ended_on, 'end_reason', (f.was).end_reason,
                              'end_note', (f.was).end_note),
           jsonb_build_object('ended_on', NULL, 'end_reason', NULL, 'end_note', NULL),
           (m.u).person_id, (m.u).county_code, (m.u).area_code
      FROM moved m, found f
)
SELECT jobs.unemployment_reply(u) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN (f.was).ended_on IS NULL THEN 'state.wrong'
                            WHEN f.later THEN 'jobs.already_unemployed'
                            WHEN f.retired THEN 'jobs.retired'
                            ELSE 'jobs.has_job' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: unemployment_get :one read
-- args: id uuid
SELECT jobs.unemployment_reply(u) AS reply FROM jobs.unemployment u WHERE u.id = $id;

-- By the clock, over the business date. A month before the six are over the
-- person is told; what is over ends on the day it was, however late this runs.
-- name: unemployment_warn :exec
WITH warned AS (
    UPDATE jobs.unemployment u SET warned_on = platform.today()
     WHERE u.ended_on IS NULL AND u.warned_on IS NULL
       AND u.last_contact_on <= (platform.today() + 30 - interval '6 months')::date
       AND (u.last_contact_on + interval '6 months')::date > platform.today()
    RETURNING u.id, u.person_id, (u.last_contact_on + interval '6 months')::date AS lapses_on
)
SELECT jobs.tell(w.person_id, NULL, 'unemployment_lapses', '失业登记即将注销',
           format('您已多月未与公共就业服务机构联系。如仍在求职，请于%s前确认，逾期失业登记将按规定注销。',
                  w.lapses_on), 'unemployment', w.id)
  FROM warned w;

-- name: unemployment_lapse :exec tells
WITH due AS (
    SELECT u.id, u.retires_on <= (u.last_contact_on + interval '6 months')::date AS retires
      FROM jobs.unemployment u
     WHERE u.ended_on IS NULL
       AND (u.last_contact_on + interval '6 months' <= platform.today()
            OR u.retires_on <= platform.today())
       FOR UPDATE SKIP LOCKED
), ended AS (
    UPDATE jobs.unemployment u
       SET ended_on = CASE WHEN due.retires THEN greatest(u.retires_on, u.registered_on)
                           ELSE (u.last_contact_on + interval '6 months')::date END,
           end_reason = CASE WHEN due.retires THEN 'pension' ELSE 'no_contact' END
      FROM due WHERE u.id = due.id
    RETURNING u.id, u.person_id, u.end_reason
)
SELECT jobs.tell(e.person_id, NULL, 'unemployment_ended', '失业登记已注销',
           CASE e.end_reason WHEN 'pension' THEN '您已达到法定退休年龄，失业登记已注销。'
                ELSE '您已连续6个月未与公共就业服务机构联系，失业登记已注销。' END, 'unemployment', e.id)
  FROM ended e;

-- name: unemployment_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.unemployment_reply(u) AS reply, u.id::text AS cursor
  FROM jobs.unemployment u
 WHERE u.person_id = $caller_person
   AND u.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY u.id DESC
 LIMIT $lim;

-- For officers: what row-level security leaves of it.
-- name: unemployment_list :many read
-- args: after text, lim int4, county_code text, is_open bool?, is_difficult bool?, end_reason text,
--       lapses_to date
SELECT jobs.unemployment_reply(u) AS reply, u.id::text AS cursor
  FROM jobs.unemployment u
 WHERE u.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR u.county_code = $county_code)
   AND ($is_open::bool IS NULL OR (u.ended_on IS NULL) = $is_open)
   AND ($is_difficult::bool IS NULL OR u.is_difficult = $is_difficult)
   AND ($end_reason::text IS NULL OR u.end_reason = $end_reason)
   AND ($lapses_to::date IS NULL OR u.ended_on IS NULL
        AND u.last_contact_on + interval '6 months' <= $lapses_to)
 ORDER BY u.id DESC
 LIMIT $lim;

-- 就业创业证: what the registers say of a person today, on one page.
-- name: unemployment_certificate :one read
-- args: caller_person uuid
SELECT jsonb_build_object(
           'person_id', p.id, 'name_masked', p.name_masked, 'sex', p.sex, 'birth_on', p.birth_on,
           'county_code', p.county_code, 'retire_class', p.retire_class,
           'retires_on', jobs.person_retires_on(p),
           'is_working', jobs.works(p.id),
           'is_unemployed', EXISTS (SELECT FROM jobs.unemployment u
                                     WHERE u.person_id = p.id AND u.ended_on IS NULL),
           'is_difficult', jobs.is_difficult(p.id, platform.today()),
           'employments', coalesce((SELECT jsonb_agg(jobs.employment_reply(e)::jsonb
                                                     ORDER BY e.hired_on DESC, e.id DESC)
                                      FROM (SELECT * FROM jobs.employment x WHERE x.person_id = p.id
                                             ORDER BY x.hired_on DESC LIMIT 50) e), '[]'),
           'unemployments', coalesce((SELECT jsonb_agg(jobs.unemployment_reply(u)::jsonb
                                                       ORDER BY u.id DESC)
                                        FROM (SELECT * FROM jobs.unemployment x
                                               WHERE x.person_id = p.id
                                               ORDER BY x.id DESC LIMIT 50) u), '[]'),
           'difficulties', coalesce((SELECT jsonb_agg(jobs.difficulty_reply(d)::jsonb ORDER BY d.id DESC)
                                       FROM jobs.difficulty d WHERE d.person_id = p.id
                                        AND d.cert_no IS NOT NULL), '[]'),
           'as_of', platform.now())::text AS reply
  FROM jobs.person p WHERE p.id = $caller_person;
