-- Applying the other services' events; each is harmless the second time.

-- name: employment_put :exec
-- args: employment_id uuid, person_id uuid, org_id uuid, hired_on date,
--       was_unemployed bool, was_difficult bool, county_code text
INSERT INTO monitoring.employment (employment_id, person_id, org_id, hired_on,
    was_unemployed, was_difficult, county_code)
SELECT $employment_id, $person_id, $org_id,
    $hired_on, coalesce($was_unemployed, false),
    coalesce($was_difficult, false), $county_code
ON CONFLICT (employment_id) DO NOTHING;

-- name: employment_end :exec
-- args: ended_on date, employment_id uuid
UPDATE monitoring.employment SET ended_on = $ended_on
 WHERE employment_id = $employment_id;

-- name: unemployment_put :exec
-- args: registration_id uuid, person_id uuid, registered_on date, county_code text
INSERT INTO monitoring.unemployment (registration_id, person_id, registered_on, county_code)
SELECT $registration_id, $person_id,
    $registered_on, $county_code
ON CONFLICT (registration_id) DO NOTHING;

-- name: unemployment_end :exec
-- args: ended_on date, registration_id uuid, reason text
UPDATE monitoring.unemployment
   SET ended_on = $ended_on, end_reason = $reason
 WHERE registration_id = $registration_id;

-- name: unemployment_restore :exec
-- args: registration_id uuid
UPDATE monitoring.unemployment SET ended_on = NULL, end_reason = NULL
 WHERE registration_id = $registration_id;

-- name: trainee_put :exec
-- args: enrolment_id uuid, person_id uuid, completed_on date, passed bool, county_code text
INSERT INTO monitoring.trainee (enrolment_id, person_id, completed_on, passed, county_code)
SELECT $enrolment_id, $person_id, $completed_on,
    coalesce($passed, false), $county_code
ON CONFLICT (enrolment_id) DO NOTHING;

-- name: certificate_put :exec
-- args: certificate_id uuid, person_id uuid, level int4, issued_on date,
--       occupation_code text, county_code text
INSERT INTO monitoring.certificate (certificate_id, person_id, occupation_code, level,
    issued_on, county_code)
SELECT $certificate_id, $person_id, $occupation_code,
    $level, $issued_on, $county_code
ON CONFLICT (certificate_id) DO NOTHING;

-- name: startup_job_put :exec
-- args: employment_id uuid, carrier_id uuid, org_id uuid, hired_on date, county_code text
INSERT INTO monitoring.startup_job (employment_id, carrier_id, org_id, hired_on, county_code)
SELECT $employment_id, $carrier_id, $org_id,
    $hired_on, $county_code
ON CONFLICT (employment_id) DO NOTHING;

-- The hire was corrected and counts no longer, or is told again as it is now.
-- name: startup_job_drop :exec
-- args: employment_id uuid
DELETE FROM monitoring.startup_job WHERE employment_id = $employment_id;

-- To an organisation, or to a person.
-- name: payment_put :exec
-- args: claim_id uuid, org_id text, amount_cents int8, paid_on date, payment_no text,
--       policy_code text, county_code text
INSERT INTO monitoring.payment (claim_id, payment_no, policy_code, org_id, amount_cents,
    paid_on, county_code)
SELECT $claim_id, $payment_no, $policy_code,
    $org_id::text::uuid, $amount_cents, $paid_on,
    $county_code
ON CONFLICT (claim_id) DO NOTHING;

-- The bank sent it back: it was no payment.
-- name: payment_drop :exec
-- args: claim_id uuid, payment_no text
DELETE FROM monitoring.payment WHERE claim_id = $claim_id AND payment_no = $payment_no;
