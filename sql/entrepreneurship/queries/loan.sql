-- name: loan_check :one read
-- args: borrower text, amount_cents int8, times int4?, has_open_loan bool?, term_months int4?, group text
SELECT entrepreneurship.loan_check($borrower, $amount_cents, $times, $has_open_loan, $term_months, $group, false)::text AS reply;

-- The person behind the caller as far as it is known here.
-- name: loan_person :one read
-- args: person uuid
SELECT p.id_index, p.county_code, p.area_code FROM entrepreneurship.person p WHERE p.id = $person;

-- name: loan_org :one read
-- args: org uuid
SELECT o.county_code, o.area_code FROM entrepreneurship.org o WHERE o.id = $org;

-- What the pre-check finds unmet is not filed.
-- name: loan_apply :one tells
-- args: id uuid, borrower text, person uuid, org uuid, group text, amount_cents int8, term_months int4?, purpose text, times_before int4, has_open_loan bool, name_sealed text, id_sealed text, phone_sealed text, name_masked text, id_masked text, phone_masked text, assisted_by uuid, county text, area text
WITH judged AS (
    SELECT entrepreneurship.loan_check($borrower, $amount_cents, $times_before, $has_open_loan, $term_months, $group, false) AS checks
), taken AS (
    SELECT FROM entrepreneurship.loan l
     WHERE coalesce(l.person_id, l.org_id) = coalesce($person, $org) AND l.state IN ('filed', 'prepared', 'handed_over')
), made AS (
    INSERT INTO entrepreneurship.loan AS l (id, borrower, person_id, org_id, group_code, amount_cents, term_months, purpose,
        times_before, has_open_loan, name_sealed, id_sealed, phone_sealed, name_masked, id_masked, phone_masked,
        checks, assisted_by, county_code, area_code)
    SELECT $id, $borrower, $person, $org, $group, $amount_cents, $term_months, $purpose, $times_before, $has_open_loan,
           $name_sealed, $id_sealed, $phone_sealed, $name_masked, $id_masked, $phone_masked, j.checks, $assisted_by,
           $county, $area
      FROM judged j WHERE j.checks ->> 'result' <> 'unmet' AND NOT EXISTS (SELECT FROM taken)
    RETURNING l AS l
)
SELECT entrepreneurship.loan_json(l)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN EXISTS (SELECT FROM taken) THEN 'state.exists' ELSE 'entrepreneurship.loan_unmet' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: loan_list :many read
-- args: after text, lim int4, state text, county_code text
SELECT entrepreneurship.loan_json(l)::text AS reply, l.id::text AS cursor
  FROM entrepreneurship.loan l
 WHERE ($state::text IS NULL OR l.state = $state) AND ($county_code::text IS NULL OR l.county_code = $county_code)
   AND l.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY l.id DESC
 LIMIT $lim;

-- name: loan_get :one read
-- args: id uuid
SELECT entrepreneurship.loan_json(l)::text AS reply FROM entrepreneurship.loan l WHERE l.id = $id;

-- name: loan_withdraw :one tells
-- args: id uuid
WITH found AS (
    SELECT l.id, l.state FROM entrepreneurship.loan l
     WHERE l.id = $id AND (l.person_id = platform.person() OR l.org_id = platform.org()) FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.loan AS l SET state = 'withdrawn', document_sealed = NULL
      FROM found f WHERE l.id = f.id AND f.state IN ('filed', 'prepared')
    RETURNING l AS l
)
SELECT entrepreneurship.loan_json(l)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: loan_return :one tells
-- args: id uuid, note text
WITH found AS (
    SELECT l.id, l.state FROM entrepreneurship.loan l
     WHERE l.id = $id AND platform.in_areas(l.county_code, l.area_code) FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.loan AS l SET state = 'returned', note = $note, document_sealed = NULL
      FROM found f WHERE l.id = f.id AND f.state IN ('filed', 'prepared')
    RETURNING l AS l
)
SELECT entrepreneurship.loan_json(l)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- What the document says, locked while it is made.
-- name: loan_lock :one
-- args: id uuid
SELECT l.borrower, l.person_id, l.group_code, l.amount_cents, l.term_months, l.purpose, l.times_before, l.has_open_loan,
       l.name_sealed, l.id_sealed, l.phone_sealed, l.state, l.version, l.consent_at::text AS consent_at, l.county_code,
       l.document_sealed, l.prepared_by, o.uscc, o.name AS org_name,
       l.assisted_by IS NOT DISTINCT FROM platform.actor() AS assisted_by_caller,
       l.prepared_by IS NOT DISTINCT FROM platform.actor() AS prepared_by_caller,
       entrepreneurship.loan_check(l.borrower, l.amount_cents, l.times_before, l.has_open_loan, l.term_months,
           l.group_code, true)::text AS checks
  FROM entrepreneurship.loan l LEFT JOIN entrepreneurship.org o ON o.id = l.org_id
 WHERE l.id = $id AND platform.in_areas(l.county_code, l.area_code) FOR UPDATE OF l;

-- Made anew, whether it was given out or not, it is another version.
-- name: loan_prepare :one tells
-- args: id uuid, version int4, checks jsonb, note text, document_sealed text, document_sm3 text
WITH moved AS (
    UPDATE entrepreneurship.loan AS l
       SET state = 'prepared', version = $version, checks = $checks, note = $note, prepared_by = platform.actor(),
           document_sealed = $document_sealed, document_sm3 = $document_sm3
     WHERE l.id = $id AND l.state IN ('filed', 'prepared', 'handed_over')
    RETURNING l AS l
)
SELECT entrepreneurship.loan_json(l)::text AS reply FROM moved;

-- Given out: a version once (loan_handover_pkey), and by another hand.
-- name: loan_hand_over :one tells
-- args: id uuid, receiver text, reason text
WITH moved AS (
    UPDATE entrepreneurship.loan AS l SET state = 'handed_over', document_sealed = NULL
     WHERE l.id = $id AND l.state = 'prepared'
    RETURNING l.*
), noted AS (
    INSERT INTO entrepreneurship.loan_handover AS h (loan_id, version, receiver, reason, sm3, prepared_by, county_code, area_code)
    SELECT m.id, m.version, $receiver, $reason, m.document_sm3, m.prepared_by, m.county_code, m.area_code FROM moved m
    RETURNING h.loan_id
)
SELECT m.document_sm3 FROM moved m JOIN noted n ON n.loan_id = m.id;

-- name: loan_answer :one tells
-- args: id uuid, granted bool, bank text, answered_on date, amount_cents int8?, from_on date, to_on date, note text
WITH found AS (
    SELECT l.id, l.state FROM entrepreneurship.loan l
     WHERE l.id = $id AND platform.in_areas(l.county_code, l.area_code) FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.loan AS l
       SET state = CASE WHEN $granted THEN 'granted' ELSE 'refused' END, bank = $bank, answered_on = $answered_on,
           granted_cents = CASE WHEN $granted THEN $amount_cents END, granted_from = CASE WHEN $granted THEN $from_on END,
           granted_to = CASE WHEN $granted THEN $to_on END, note = $note
      FROM found f WHERE l.id = f.id AND f.state = 'handed_over'
    RETURNING l AS l
)
SELECT entrepreneurship.loan_json(l)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: loan_handover_list :many read
-- args: after text, lim int4, county_code text
SELECT jsonb_build_object('loan_id', h.loan_id, 'version', h.version, 'receiver', h.receiver, 'reason', h.reason,
           'sm3', h.sm3, 'prepared_by', h.prepared_by, 'handed_by', h.handed_by, 'county_code', h.county_code, 'at', h.at)::text AS reply,
       h.loan_id || '/' || h.version AS cursor
  FROM entrepreneurship.loan_handover h
 WHERE ($county_code::text IS NULL OR h.county_code = $county_code)
   AND ($after::text IS NULL OR (h.loan_id, h.version) >
        (nullif(split_part($after, '/', 1), '')::uuid, nullif(split_part($after, '/', 2), '')::int))
 ORDER BY h.loan_id, h.version
 LIMIT $lim;
