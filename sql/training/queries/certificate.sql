-- Numbered, written and told in one command; refused unless passed.
-- name: certificate_issue :one
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT e.id, e.class_id, e.is_passed FROM training.enrolment e
     WHERE e.id = $id AND e.org_id = $caller_org FOR UPDATE
), numbered AS (
    UPDATE training.enrolment AS e
       SET certificate_number = training.certificate_number(
               e.county_code, platform.today(), c.level, nextval('training.certificate_serial'))
      FROM found JOIN training.class c ON c.id = found.class_id
     WHERE e.id = found.id AND e.is_passed AND e.certificate_number IS NULL
    RETURNING e AS e, c.occupation_code, c.level
), made AS (
    INSERT INTO training.certificate AS t (number, enrolment_id, class_id, org_id, person_id,
                                           name_masked, occupation_code, level, score, issued_on,
                                           county_code, area_code)
    SELECT (n.e).certificate_number, (n.e).id, (n.e).class_id, (n.e).org_id, (n.e).person_id,
           (n.e).name_masked, n.occupation_code, n.level, (n.e).score, platform.today(),
           (n.e).county_code, (n.e).area_code
      FROM numbered n
    RETURNING t AS t
), told AS (
    INSERT INTO training.outbox (type, key, area_code, payload)
    SELECT 'training.certificate.issued.v1', (t).id::text, (t).county_code,
           jsonb_build_object('certificate_id', (t).id, 'enrolment_id', (t).enrolment_id,
                              'class_id', (t).class_id, 'person_id', (t).person_id,
                              'occupation_code', (t).occupation_code, 'level', (t).level,
                              'issued_on', (t).issued_on, 'county_code', (t).county_code)
      FROM made
)
SELECT training.certificate_reply(t) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN found.is_passed THEN 'training.already_certified'
                            ELSE 'training.not_examined' END)
  FROM found WHERE NOT EXISTS (SELECT FROM made);

-- name: certificate_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT training.certificate_reply(t) AS reply, t.id::text AS cursor
  FROM training.certificate t
 WHERE t.person_id = $caller_person
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY t.id DESC
 LIMIT $lim;
