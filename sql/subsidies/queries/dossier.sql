-- Dossiers (056_create_dossier.sql): each kind of row over a range of holders, and
-- over a list of them. The order is what dossier_load.c merges by.
-- A list is read from its text once, in a sub-select: as a plain cast it would be
-- read again for every row that is looked at.

-- name: dossier_person_range :many read
-- args: first uuid, last uuid
SELECT holder, sex, birth, county_code, area_code
  FROM subsidies.dossier_person WHERE holder BETWEEN $first AND $last
 ORDER BY holder;

-- name: dossier_person_list :many read
-- args: ids text[]
SELECT holder, sex, birth, county_code, area_code
  FROM subsidies.dossier_person WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder;

-- name: dossier_hire_range :many read
-- args: first uuid, last uuid
SELECT holder, id, org_id, hired, ended, contract_type, occupation_code, contract_months, wage_cents, was_unemployed, was_difficult, county_code, area_code
  FROM subsidies.dossier_hire WHERE holder BETWEEN $first AND $last
 ORDER BY holder, hired, id;

-- name: dossier_hire_list :many read
-- args: ids text[]
SELECT holder, id, org_id, hired, ended, contract_type, occupation_code, contract_months, wage_cents, was_unemployed, was_difficult, county_code, area_code
  FROM subsidies.dossier_hire WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder, hired, id;

-- name: dossier_unemployment_range :many read
-- args: first uuid, last uuid
SELECT holder, registered, ended
  FROM subsidies.dossier_unemployment WHERE holder BETWEEN $first AND $last
 ORDER BY holder, registered;

-- name: dossier_unemployment_list :many read
-- args: ids text[]
SELECT holder, registered, ended
  FROM subsidies.dossier_unemployment WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder, registered;

-- name: dossier_insured_range :many read
-- args: first uuid, last uuid
SELECT holder, org_id, uscc, all_three::text, any_kind::text, ui::text
  FROM subsidies.dossier_insured WHERE holder BETWEEN $first AND $last
 ORDER BY holder;

-- name: dossier_insured_list :many read
-- args: ids text[]
SELECT holder, org_id, uscc, all_three::text, any_kind::text, ui::text
  FROM subsidies.dossier_insured WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder;

-- name: dossier_graduate_range :many read
-- args: first uuid, last uuid
SELECT holder, school, education_code, full_time, graduated
  FROM subsidies.dossier_graduate WHERE holder BETWEEN $first AND $last
 ORDER BY holder, full_time, graduated;

-- name: dossier_graduate_list :many read
-- args: ids text[]
SELECT holder, school, education_code, full_time, graduated
  FROM subsidies.dossier_graduate WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder, full_time, graduated;

-- name: dossier_fact_range :many read
-- args: first uuid, last uuid, kinds text[]
SELECT holder, id, kind, org_id, since, until, code, numbers::text, county_code, area_code
  FROM subsidies.dossier_fact WHERE holder BETWEEN $first AND $last AND kind = ANY ($kinds)
 ORDER BY holder, since, id;

-- name: dossier_fact_list :many read
-- args: ids text[], kinds text[]
SELECT holder, id, kind, org_id, since, until, code, numbers::text, county_code, area_code
  FROM subsidies.dossier_fact WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[]) AND kind = ANY ($kinds)
 ORDER BY holder, since, id;

-- name: dossier_hold_range :many read
-- args: first uuid, last uuid
SELECT holder, family, holder_kind, share, since, until, subject_id, policy_code
  FROM subsidies.dossier_hold WHERE holder BETWEEN $first AND $last
 ORDER BY holder;

-- name: dossier_hold_list :many read
-- args: ids text[]
SELECT holder, family, holder_kind, share, since, until, subject_id, policy_code
  FROM subsidies.dossier_hold WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder;

-- name: dossier_decision_range :many read
-- args: first uuid, last uuid
SELECT holder, subject_id, policy_code, digest, verdict, policy_version_id, subject_kind, org_id,
       county_code, area_code
  FROM subsidies.dossier_decision WHERE holder BETWEEN $first AND $last
 ORDER BY holder;

-- name: dossier_decision_list :many read
-- args: ids text[]
SELECT holder, subject_id, policy_code, digest, verdict, policy_version_id, subject_kind, org_id,
       county_code, area_code
  FROM subsidies.dossier_decision WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder;

-- name: dossier_claim_range :many read
-- args: first uuid, last uuid
SELECT holder, subject_id, policy_code, policy_version_id, benefit_family, state, period, priced, made
  FROM subsidies.dossier_claim WHERE holder BETWEEN $first AND $last
 ORDER BY holder;

-- name: dossier_claim_list :many read
-- args: ids text[]
SELECT holder, subject_id, policy_code, policy_version_id, benefit_family, state, period, priced, made
  FROM subsidies.dossier_claim WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder;

-- name: dossier_org_range :many read
-- args: first uuid, last uuid
SELECT holder, uscc, kind, industry_code, county_code, area_code
  FROM subsidies.dossier_org WHERE holder BETWEEN $first AND $last
 ORDER BY holder;

-- name: dossier_org_list :many read
-- args: ids text[]
SELECT holder, uscc, kind, industry_code, county_code, area_code
  FROM subsidies.dossier_org WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[])
 ORDER BY holder;

-- name: dossier_org_fact_range :many read
-- args: first uuid, last uuid, kinds text[]
SELECT holder, id, kind, org_id, since, until, code, numbers::text, county_code, area_code
  FROM subsidies.dossier_org_fact WHERE holder BETWEEN $first AND $last AND kind = ANY ($kinds)
 ORDER BY holder, since, id;

-- name: dossier_org_fact_list :many read
-- args: ids text[], kinds text[]
SELECT holder, id, kind, org_id, since, until, code, numbers::text, county_code, area_code
  FROM subsidies.dossier_org_fact WHERE holder = ANY ((SELECT $ids::text[]::uuid[])::uuid[]) AND kind = ANY ($kinds)
 ORDER BY holder, since, id;

-- The last day that files of each kind cover.
-- name: dossier_cover :many read
SELECT kind, subsidies.day_no(max(covers_through)) AS through
  FROM subsidies.import_batch WHERE covers_through IS NOT NULL GROUP BY kind;

-- How many are insured at an employer in the last month that files cover.
-- name: dossier_staff :many read
-- args: ids text[], month date
SELECT i.org_id AS holder, count(*) AS staff
  FROM subsidies.insured i
 WHERE i.org_id = ANY ((SELECT $ids::text[]::uuid[])::uuid[]) AND i.any_kind @> $month::date
 GROUP BY i.org_id ORDER BY i.org_id;

-- Every version, newest first within its code; or those of one code.
-- name: policies_all :many read
-- args: policy_code text
SELECT id FROM subsidies.policy_version
 WHERE $policy_code::text IS NULL OR code = $policy_code
 ORDER BY code, version DESC;
