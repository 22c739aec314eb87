-- Agencies: the postings they send, and the people who agreed to be seen by them.

-- One import of an agency at a time: rows of two must not cross.
-- name: partner_turn :one
-- args: partner uuid
SELECT pg_advisory_xact_lock(hashtextextended('jobs.partner ' || $partner::text, 0))::text AS turn;

-- What a row of an import is held against; always one row, never a refusal: that
-- would undo the rows before it.
-- name: partner_posting_find :one
-- args: partner uuid, partner_ref text, org uuid
WITH found AS (
    SELECT v.id, v.org_id, v.state, v.headcount - v.headcount_left AS taken, d.digest,
           v.confirmed_on < platform.today() AS is_stale
      FROM jobs.vacancy v LEFT JOIN jobs.partner_posting d ON d.vacancy_id = v.id
     WHERE v.partner_id = $partner AND v.partner_ref = $partner_ref FOR UPDATE OF v
)
SELECT f.id, f.org_id, f.state, f.taken, f.digest, f.is_stale, o.id IS NOT NULL AS is_known,
       jobs.mandated($partner, coalesce(f.org_id, $org), 'post') AS mandated
  FROM (SELECT) AS one
  LEFT JOIN found f ON true
  LEFT JOIN jobs.org o ON o.id = coalesce($org, f.org_id);

-- name: partner_posting_open :one tells
-- args: id uuid, partner uuid, partner_ref text, org uuid, title text, occupation_code text,
--       county_code text, area_code text, headcount int4, pay_min_cents int8, pay_max_cents int8,
--       pay_unit text, form text, education_code text, skill_level int4?, skills jsonb,
--       benefits jsonb, description text, lat_e6 int4?, lng_e6 int4?, point_is_exact bool,
--       expires_on date, state text, checks jsonb, contact_name text, contact_phone text
INSERT INTO jobs.vacancy AS v (id, org_id, org_name, title, occupation_code, county_code, area_code,
                               headcount, headcount_left, pay_min_cents, pay_max_cents, pay_unit,
                               form, education_code, skill_level, skills, benefits, description,
                               lat_e6, lng_e6, point_is_exact, expires_on, state, checks,
                               contact_name, contact_phone, source, partner_id, partner_ref)
SELECT $id, o.id, o.name, $title, $occupation_code, $county_code, $area_code,
       $headcount, $headcount, $pay_min_cents, $pay_max_cents, $pay_unit,
       $form, $education_code, $skill_level,
       ARRAY(SELECT jsonb_array_elements_text(coalesce($skills, '[]'))),
       ARRAY(SELECT jsonb_array_elements_text(coalesce($benefits, '[]'))), coalesce($description, ''),
       $lat_e6, $lng_e6, $point_is_exact, coalesce($expires_on, platform.today() + 90), $state, $checks,
       $contact_name, $contact_phone, 'partner', $partner, $partner_ref
  FROM jobs.org o WHERE o.id = $org
RETURNING v.state;

-- After the posting, in a statement of its own: the contact's policy looks for it.
-- name: partner_posting_keep :one
-- args: id uuid, digest text, name_sealed text, phone_sealed text
WITH posting AS (
    SELECT v.id, v.partner_id, v.org_id, v.county_code, v.area_code, v.state
      FROM jobs.vacancy v WHERE v.id = $id
), contact AS (
    INSERT INTO jobs.vacancy_contact (vacancy_id, org_id, name_sealed, phone_sealed, county_code,
                                      area_code)
    SELECT p.id, p.org_id, $name_sealed, $phone_sealed, p.county_code, p.area_code
      FROM posting p WHERE $name_sealed IS NOT NULL
), kept AS (
    INSERT INTO jobs.partner_posting (vacancy_id, partner_id, org_id, digest, county_code, area_code)
    SELECT p.id, p.partner_id, p.org_id, $digest, p.county_code, p.area_code FROM posting p
    ON CONFLICT (vacancy_id) DO UPDATE
       SET digest = excluded.digest, county_code = excluded.county_code,
           area_code = excluded.area_code, taken_at = platform.now()
)
SELECT p.state FROM posting p;

-- name: partner_posting_close :one tells
-- args: id uuid
UPDATE jobs.vacancy AS v SET state = 'closed'
 WHERE v.id = $id AND v.state NOT IN ('closed', 'merged')
RETURNING v.state;

-- name: partner_vacancy_list :many read
-- args: after text, lim int4, caller_org uuid, state text, org_id uuid, partner_ref text
SELECT (jobs.vacancy_reply(v)::jsonb || jsonb_build_object('partner_ref', v.partner_ref))::text AS reply,
       v.id::text AS cursor
  FROM jobs.vacancy v
 WHERE v.partner_id = $caller_org
   AND v.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR v.state = $state)
   AND ($org_id::uuid IS NULL OR v.org_id = $org_id)
   AND ($partner_ref::text IS NULL OR v.partner_ref = $partner_ref)
 ORDER BY v.id DESC
 LIMIT $lim;

-- Who agreed to be seen by the agency, and has a résumé. A wish is met by a code
-- that is part of it, or that it is part of.
-- name: partner_person_list :many read
-- args: after text, lim int4, caller_org uuid, state text, education_code text,
--       occupation_code text, area_code text
SELECT jobs.partner_person_reply(r) AS reply, r.person_id::text AS cursor
  FROM jobs.consent c JOIN jobs.resume r ON r.person_id = c.person_id
 WHERE c.org_id = $caller_org AND c.purpose = 'agency_resume' AND c.given
   AND r.person_id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
   AND ($state::text IS NULL OR r.state = $state)
   AND ($education_code::text IS NULL OR r.education_code = $education_code)
   AND ($occupation_code::text IS NULL OR EXISTS
        (SELECT FROM unnest(r.occupations) AS w (code)
          WHERE starts_with(w.code, $occupation_code) OR starts_with($occupation_code, w.code)))
   AND ($area_code::text IS NULL OR EXISTS
        (SELECT FROM unnest(r.areas) AS w (code)
          WHERE w.code = '431100' OR starts_with(w.code, $area_code) OR starts_with($area_code, w.code)))
 ORDER BY r.person_id
 LIMIT $lim;

-- name: partner_person_get :one read
-- args: id uuid, caller_org uuid
SELECT jobs.partner_person_reply(r) AS reply
  FROM jobs.consent c JOIN jobs.resume r ON r.person_id = c.person_id
 WHERE c.person_id = $id AND c.org_id = $caller_org AND c.purpose = 'agency_resume' AND c.given;
