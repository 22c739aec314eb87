-- What a new posting, or an edited one, is held against: the words' version, the
-- band of its pay, and the employer's other postings of that kind at that place.
-- name: vacancy_judge :many read
-- args: self uuid, org uuid, occupation_code text, area_code text, pay_unit text, form text
SELECT coalesce((SELECT max(w.version) FROM jobs.check_word w), 0) AS words,
       b.low_cents, b.high_cents, v.id, v.title, v.description
  FROM (SELECT) AS one
  LEFT JOIN LATERAL (
       SELECT p.low_cents, p.high_cents FROM jobs.pay_band p
        WHERE p.pay_unit = $pay_unit AND p.form IN ('', $form)
          AND starts_with($occupation_code, p.occupation)
          AND p.from_on <= platform.today() AND (p.to_on IS NULL OR p.to_on >= platform.today())
        ORDER BY length(p.occupation) DESC, length(p.form) DESC, p.id DESC LIMIT 1) b ON true
  LEFT JOIN LATERAL (
       SELECT n.id, n.title, n.description FROM jobs.vacancy n
        WHERE n.org_id = $org AND n.occupation_code = $occupation_code
          AND n.area_code = $area_code AND n.state IN ('open', 'paused', 'checking')
          AND n.id IS DISTINCT FROM $self
        ORDER BY n.id DESC LIMIT 50) v ON true;

-- name: vacancy_open :one tells
-- args: id uuid, org uuid, title text, occupation_code text, county_code text, area_code text,
--       headcount int4, pay_min_cents int8, pay_max_cents int8, pay_unit text, form text,
--       education_code text, skill_level int4?, skills jsonb, benefits jsonb, description text,
--       lat_e6 int4?, lng_e6 int4?, point_is_exact bool, expires_on date, state text, checks jsonb,
--       contact_name text, contact_phone text, name_sealed text, phone_sealed text,
--       source text
WITH made AS (
    INSERT INTO jobs.vacancy AS v (id, org_id, org_name, title, occupation_code, county_code,
                                   area_code, headcount, headcount_left, pay_min_cents,
                                   pay_max_cents, pay_unit, form, education_code, skill_level,
                                   skills, benefits, description, lat_e6, lng_e6, point_is_exact,
                                   expires_on, state, checks, contact_name, contact_phone, source)
    SELECT coalesce($id, platform.uuid7()), o.id, o.name, $title, $occupation_code,
           $county_code, $area_code,
           $headcount, $headcount, $pay_min_cents, $pay_max_cents, $pay_unit,
           $form, $education_code, $skill_level,
           ARRAY(SELECT jsonb_array_elements_text(coalesce($skills, '[]'))),
           ARRAY(SELECT jsonb_array_elements_text(coalesce($benefits, '[]'))),
           coalesce($description, ''), $lat_e6, $lng_e6, coalesce($point_is_exact, false),
           coalesce($expires_on, platform.today() + 90), coalesce($state, 'open'),
           coalesce($checks, '[]'), $contact_name, $contact_phone, coalesce($source, 'employer')
      FROM jobs.org o
     WHERE o.id = $org AND ($source IS DISTINCT FROM 'clerk' OR platform.in_areas(o.county_code, o.area_code))
    RETURNING v AS v
), contact AS (
    INSERT INTO jobs.vacancy_contact (vacancy_id, org_id, name_sealed, phone_sealed, county_code, area_code)
    SELECT (v).id, (v).org_id, $name_sealed, $phone_sealed, (v).county_code, (v).area_code
      FROM made WHERE $name_sealed IS NOT NULL
)
SELECT jobs.vacancy_reply(v) AS reply FROM made
UNION ALL
SELECT platform.refuse('jobs.org_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- A posting that is public stays so only while its check finds nothing; a draft
-- or a returned one is kept as it is until it is handed in. What an officer sent
-- back goes to an officer again, whatever the check finds.
-- name: vacancy_edit :one tells
-- args: id uuid, org uuid, title text, occupation_code text, county_code text, area_code text,
--       headcount int4, pay_min_cents int8, pay_max_cents int8, pay_unit text, form text,
--       education_code text, skill_level int4?, skills jsonb, benefits jsonb, description text,
--       lat_e6 int4?, lng_e6 int4?, point_is_exact bool, expires_on date, state text, checks jsonb,
--       contact_name text, contact_phone text, name_sealed text, phone_sealed text
WITH found AS (
    SELECT v.id, v.state, v.headcount, v.headcount_left, v.expires_on,
           v.checks @> '[{"code": "resubmitted"}]' AS again
      FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $org FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v
       SET title = $title, occupation_code = $occupation_code, county_code = $county_code,
           area_code = $area_code, headcount = $headcount,
           headcount_left = $headcount - (f.headcount - f.headcount_left),
           pay_min_cents = $pay_min_cents, pay_max_cents = $pay_max_cents, pay_unit = $pay_unit,
           form = $form, education_code = $education_code, skill_level = $skill_level,
           skills = ARRAY(SELECT jsonb_array_elements_text(coalesce($skills, '[]'))),
           benefits = ARRAY(SELECT jsonb_array_elements_text(coalesce($benefits, '[]'))),
           description = coalesce($description, ''), lat_e6 = $lat_e6, lng_e6 = $lng_e6,
           point_is_exact = $point_is_exact, expires_on = coalesce($expires_on, f.expires_on),
           contact_name = coalesce($contact_name, v.contact_name),
           contact_phone = coalesce($contact_phone, v.contact_phone),
           state = CASE WHEN f.state IN ('draft', 'returned') THEN f.state
                        WHEN $state <> 'open' OR f.again THEN 'checking'
                        WHEN f.state = 'paused' THEN 'paused' ELSE 'open' END,
           checks = CASE WHEN f.state IN ('draft', 'returned') THEN '[]'
                         WHEN f.again THEN $checks || jsonb_path_query_array(v.checks,
                             '$[*] ? (@.code == "resubmitted")')
                         ELSE $checks END,
           confirmed_on = CASE WHEN f.state IN ('open', 'paused', 'filled') THEN platform.today()
                               ELSE v.confirmed_on END
      FROM found f
     WHERE v.id = f.id AND f.state IN ('draft', 'returned', 'checking', 'open', 'paused', 'filled')
       AND $headcount > f.headcount - f.headcount_left
    RETURNING v AS v
), contact AS (
    INSERT INTO jobs.vacancy_contact AS c (vacancy_id, org_id, name_sealed, phone_sealed, county_code,
                                           area_code)
    SELECT (v).id, (v).org_id, $name_sealed, $phone_sealed, (v).county_code, (v).area_code
      FROM moved WHERE $name_sealed IS NOT NULL
    ON CONFLICT (vacancy_id) DO UPDATE
       SET name_sealed = excluded.name_sealed, phone_sealed = excluded.phone_sealed,
           county_code = excluded.county_code, area_code = excluded.area_code
), elsewhere AS (
    UPDATE jobs.vacancy_contact AS c SET county_code = (v).county_code, area_code = (v).area_code
      FROM moved WHERE c.vacancy_id = (v).id AND $name_sealed IS NULL
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state IN ('draft', 'returned', 'checking', 'open', 'paused', 'filled')
                            THEN 'jobs.headcount_taken /headcount' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- What is handed in, to be judged.
-- name: vacancy_draft :one
-- args: id uuid, org uuid
SELECT v.title, v.description, v.skills::text AS skills, v.occupation_code, v.area_code,
       v.pay_unit, v.form, v.pay_min_cents, v.pay_max_cents, v.state
  FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $org FOR UPDATE;

-- name: vacancy_submit :one tells
-- args: id uuid, org uuid, state text, checks jsonb
WITH found AS (
    SELECT v.id, v.state FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $org FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v
       SET state = CASE found.state WHEN 'returned' THEN 'checking' ELSE $state END,
           checks = $checks || CASE found.state WHEN 'returned' THEN
               '[{"code": "resubmitted", "pointer": "", "text": "退回后重新提交"}]'::jsonb ELSE '[]' END,
           confirmed_on = platform.today(),
           expires_on = CASE WHEN v.expires_on < platform.today() THEN platform.today() + 90
                             ELSE v.expires_on END
      FROM found WHERE v.id = found.id AND found.state IN ('draft', 'returned')
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply, (v).state AS state FROM moved
UNION ALL
SELECT platform.refuse('state.wrong'), NULL FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Not, or no longer, handed in. It is kept, and can be read by its employer.
-- name: vacancy_withdraw :one tells
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT v.id, v.state FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v SET state = 'closed'
      FROM found WHERE v.id = found.id AND found.state IN ('draft', 'checking', 'returned')
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Still recruiting.
-- name: vacancy_confirm :one tells
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT v.id, v.state FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v SET confirmed_on = platform.today()
      FROM found WHERE v.id = found.id AND found.state IN ('open', 'paused')
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- A copy was merged into it: then it says where each came from.
-- name: vacancy_get :one read
-- args: id uuid
SELECT CASE WHEN EXISTS (SELECT FROM jobs.vacancy m WHERE m.merged_into = v.id)
            THEN (jobs.vacancy_reply(v)::jsonb
                  || jsonb_build_object('sources', jobs.vacancy_sources(v)))::text
            ELSE jobs.vacancy_reply(v) END AS reply
  FROM jobs.vacancy v WHERE v.id = $id;

-- name: vacancy_get_org :one read
-- args: id uuid, caller_org uuid
SELECT jobs.vacancy_whole(v) AS reply FROM jobs.vacancy v WHERE v.id = $id AND v.org_id = $caller_org;

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
      FROM found WHERE v.id = found.id AND found.state IN ('open', 'paused', 'filled', 'expired')
    RETURNING v AS v
)
SELECT jobs.vacancy_reply(v) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- A posting comes back from a pause or after it was closed or expired, never when
-- its places are taken or before it passed its check; one whose time has run out
-- is given thirty days more.
-- name: vacancy_reopen :one tells
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT v.id, v.state, v.headcount_left, v.is_passed FROM jobs.vacancy v
     WHERE v.id = $id AND v.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.vacancy AS v
       SET state = 'open', confirmed_on = platform.today(),
           expires_on = CASE WHEN v.expires_on < platform.today() THEN platform.today() + 30
                             ELSE v.expires_on END
      FROM found
     WHERE v.id = found.id AND found.state IN ('paused', 'closed', 'expired')
       AND found.headcount_left > 0 AND found.is_passed
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
           state = CASE WHEN v.headcount_left = 1 AND v.state IN ('open', 'paused', 'checking', 'returned')
                        THEN 'filled' ELSE v.state END
     WHERE v.id = $vacancy AND v.headcount_left > 0
    RETURNING v.occupation_code
)
SELECT moved.occupation_code FROM moved
UNION ALL
SELECT platform.refuse('jobs.no_headcount') WHERE NOT EXISTS (SELECT FROM moved);
