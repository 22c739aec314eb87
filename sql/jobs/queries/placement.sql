-- People whom agencies placed with employers.

-- What a row of an import is held against; always one row, never a refusal.
-- name: placement_find :one
-- args: partner uuid, partner_ref text, org uuid, person uuid, vacancy uuid, hired_on date,
--       contract_type text, contract_months int4?
WITH found AS (
    SELECT p.id, p.org_id, p.person_id, p.state, p.digest
      FROM jobs.placement p
     WHERE p.partner_id = $partner AND p.partner_ref = $partner_ref FOR UPDATE
), who AS (
    SELECT p.id, (p.birth_on + interval '16 years')::date <= $hired_on AS of_age
      FROM jobs.person p WHERE p.id = jobs.one_person($person) AND jobs.seen_by_agency(p.id)
)
SELECT f.id, f.org_id, f.person_id, f.state, f.digest, w.id AS who, w.of_age,
       o.id IS NOT NULL AS is_known, jobs.terms_sound($contract_type, $contract_months) AS sound,
       jobs.mandated($partner, coalesce(f.org_id, $org), 'place') AS mandated,
       $vacancy::uuid IS NULL OR EXISTS
           (SELECT FROM jobs.vacancy v WHERE v.id = $vacancy AND v.org_id = $org) AS fits
  FROM (SELECT) AS one
  LEFT JOIN found f ON true
  LEFT JOIN who w ON true
  LEFT JOIN jobs.org o ON o.id = coalesce($org, f.org_id);

-- name: placement_put :one
-- args: partner uuid, partner_ref text, org uuid, person uuid, vacancy uuid, occupation_code text,
--       hired_on date, contract_type text, contract_months int4?, wage_cents int8, digest text
INSERT INTO jobs.placement AS p (partner_id, partner_name, partner_ref, person_id, name_masked, org_id,
                                 org_name, vacancy_id, occupation_code, hired_on, contract_type,
                                 contract_months, wage_cents, digest, county_code, area_code)
SELECT a.id, a.name, $partner_ref, w.id, w.name_masked, o.id, o.name, $vacancy, $occupation_code,
       $hired_on, $contract_type, $contract_months, $wage_cents, $digest, o.county_code, o.area_code
  FROM jobs.org o, jobs.org a, jobs.person w
 WHERE o.id = $org AND a.id = $partner AND w.id = $person
ON CONFLICT (partner_id, partner_ref) DO UPDATE
   SET vacancy_id = excluded.vacancy_id, occupation_code = excluded.occupation_code,
       hired_on = excluded.hired_on, contract_type = excluded.contract_type,
       contract_months = excluded.contract_months, wage_cents = excluded.wage_cents,
       digest = excluded.digest, state = 'reported', reason = NULL, moved_at = platform.now()
RETURNING p.id, p.state;

-- name: placement_recall :one
-- args: id uuid
UPDATE jobs.placement AS p SET state = 'withdrawn', reason = NULL, moved_at = platform.now()
 WHERE p.id = $id AND p.state IN ('reported', 'refused')
RETURNING p.state;

-- name: placement_list_partner :many read
-- args: after text, lim int4, caller_org uuid, state text
SELECT jobs.placement_reply(p) AS reply, p.id::text AS cursor
  FROM jobs.placement p
 WHERE p.partner_id = $caller_org
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR p.state = $state)
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: placement_list_org :many read
-- args: after text, lim int4, caller_org uuid, state text
SELECT jobs.placement_reply(p) AS reply, p.id::text AS cursor
  FROM jobs.placement p
 WHERE p.org_id = $caller_org
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR p.state = $state)
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: placement_list :many read
-- args: after text, lim int4, state text, county_code text, partner_id uuid
SELECT jobs.placement_reply(p) AS reply, p.id::text AS cursor
  FROM jobs.placement p
 WHERE platform.in_areas(p.county_code, p.area_code)
   AND p.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR p.state = $state)
   AND ($county_code::text IS NULL OR p.county_code = $county_code)
   AND ($partner_id::uuid IS NULL OR p.partner_id = $partner_id)
 ORDER BY p.id DESC
 LIMIT $lim;

-- name: placement_refuse :one
-- args: id uuid, caller_org uuid, reason text
WITH found AS (
    SELECT p.id, p.state FROM jobs.placement p WHERE p.id = $id AND p.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.placement AS p SET state = 'refused', reason = $reason, moved_at = platform.now()
      FROM found WHERE p.id = found.id AND found.state = 'reported'
    RETURNING p AS p
)
SELECT jobs.placement_reply(p) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- What a confirmation registers.
-- name: placement_pick :one
-- args: id uuid, org uuid
SELECT p.person_id, p.vacancy_id, p.occupation_code, p.hired_on, p.contract_type, p.contract_months,
       p.wage_cents, p.state
  FROM jobs.placement p WHERE p.id = $id AND p.org_id = $org FOR UPDATE;

-- After the registration, which is the person's one open one with the employer.
-- name: placement_confirm :one tells
-- args: id uuid, org uuid
UPDATE jobs.placement AS p
   SET state = 'confirmed', moved_at = platform.now(),
       employment_id = (SELECT e.id FROM jobs.employment e
                         WHERE e.person_id = jobs.one_person(p.person_id) AND e.org_id = p.org_id
                           AND e.ended_on IS NULL)
 WHERE p.id = $id AND p.org_id = $org
RETURNING jobs.placement_reply(p) AS reply;
