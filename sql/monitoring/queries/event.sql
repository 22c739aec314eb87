-- Applying the other services' events; each is harmless the second time.

-- name: employment_put :exec
-- args: payload jsonb
INSERT INTO monitoring.employment (employment_id, person_id, org_id, hired_on,
    was_unemployed, was_difficult, county_code)
SELECT ($1->>'employment_id')::uuid, ($1->>'person_id')::uuid, ($1->>'org_id')::uuid,
    ($1->>'hired_on')::date, coalesce(($1->>'was_unemployed')::boolean, false),
    coalesce(($1->>'was_difficult')::boolean, false), $1->>'county_code'
ON CONFLICT (employment_id) DO NOTHING;

-- name: employment_end :exec
-- args: payload jsonb
UPDATE monitoring.employment SET ended_on = ($1->>'ended_on')::date
 WHERE employment_id = ($1->>'employment_id')::uuid;

-- name: unemployment_put :exec
-- args: payload jsonb
INSERT INTO monitoring.unemployment (registration_id, person_id, registered_on, county_code)
SELECT ($1->>'registration_id')::uuid, ($1->>'person_id')::uuid,
    ($1->>'registered_on')::date, $1->>'county_code'
ON CONFLICT (registration_id) DO NOTHING;

-- name: unemployment_end :exec
-- args: payload jsonb
UPDATE monitoring.unemployment
   SET ended_on = ($1->>'ended_on')::date, end_reason = $1->>'reason'
 WHERE registration_id = ($1->>'registration_id')::uuid;

-- name: trainee_put :exec
-- args: payload jsonb
INSERT INTO monitoring.trainee (enrolment_id, person_id, completed_on, passed, county_code)
SELECT ($1->>'enrolment_id')::uuid, ($1->>'person_id')::uuid, ($1->>'completed_on')::date,
    coalesce(($1->>'passed')::boolean, false), $1->>'county_code'
ON CONFLICT (enrolment_id) DO NOTHING;

-- name: certificate_put :exec
-- args: payload jsonb
INSERT INTO monitoring.certificate (certificate_id, person_id, occupation_code, level,
    issued_on, county_code)
SELECT ($1->>'certificate_id')::uuid, ($1->>'person_id')::uuid, $1->>'occupation_code',
    ($1->>'level')::int, ($1->>'issued_on')::date, $1->>'county_code'
ON CONFLICT (certificate_id) DO NOTHING;

-- name: startup_job_put :exec
-- args: payload jsonb
INSERT INTO monitoring.startup_job (employment_id, carrier_id, org_id, hired_on, county_code)
SELECT ($1->>'employment_id')::uuid, ($1->>'carrier_id')::uuid, ($1->>'org_id')::uuid,
    ($1->>'hired_on')::date, $1->>'county_code'
ON CONFLICT (employment_id) DO NOTHING;

-- name: payment_put :exec
-- args: payload jsonb
INSERT INTO monitoring.payment (claim_id, payment_no, policy_code, org_id, amount_cents,
    paid_on, county_code)
SELECT ($1->>'claim_id')::uuid, $1->>'payment_no', $1->>'policy_code',
    ($1->>'org_id')::uuid, ($1->>'amount_cents')::bigint, ($1->>'paid_on')::date,
    $1->>'county_code'
ON CONFLICT (claim_id) DO NOTHING;
