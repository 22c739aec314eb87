-- Certificates: issued, looked up, taken back by two. The rules are functions of
-- sql/training/043.

-- name: certificate_issue :one tells
-- args: id uuid, caller_org uuid
SELECT training.certificate_reply(t) AS reply FROM training.certificate_issue($id, $caller_org) AS t;

-- All who passed an examination and have none yet.
-- name: certificate_issue_exam :one tells
-- args: id uuid, caller_org uuid
SELECT jsonb_build_object('exam_id', x.id, 'issued', (SELECT count(*) FROM training.certificate_make(
           ARRAY(SELECT s.enrolment_id FROM training.exam_sitting s WHERE s.exam_id = x.id AND s.is_passed), $caller_org)),
           'held_back', training.exam_held(x.id))::text AS reply
  FROM training.exam x WHERE x.id = $id AND x.body_id = $caller_org;

-- name: certificate_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT training.certificate_reply(t) AS reply, t.id::text AS cursor
  FROM training.certificate t
 WHERE t.person_id = $caller_person
   AND t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY t.id DESC
 LIMIT $lim;

-- An institution's own, an officer's area's.
-- name: certificate_list :many read
-- args: after text, lim int4, class_id uuid, number text, revoked bool?
SELECT training.certificate_reply(t) AS reply, t.id::text AS cursor
  FROM training.certificate t
 WHERE t.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND (platform.org() IS NULL OR t.org_id = platform.org())
   AND ($class_id::uuid IS NULL OR t.class_id = $class_id)
   AND ($number::text IS NULL OR t.number = $number)
   AND ($revoked::bool IS NULL OR (t.revoked_on IS NOT NULL) = $revoked)
 ORDER BY t.id DESC
 LIMIT $lim;

-- name: certificate_verify :one read
-- args: number text
SELECT training.certificate_verify($number) AS reply;

-- name: certificate_revoke :one
-- args: id uuid, cause text, reason text
WITH found AS (
    SELECT t.* FROM training.certificate t WHERE t.id = $id AND platform.in_areas(t.county_code, t.area_code)
), made AS (
    INSERT INTO training.certificate_revocation AS r (certificate_id, number, person_id, cause, reason, county_code, area_code)
    SELECT f.id, f.number, f.person_id, $cause, $reason, f.county_code, f.area_code
      FROM found f WHERE f.revoked_on IS NULL
        ON CONFLICT (certificate_id) WHERE state = 'proposed' DO NOTHING
    RETURNING r AS r
)
SELECT training.certificate_revocation_reply(r) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN f.revoked_on IS NULL THEN 'state.wrong' ELSE 'training.certificate_revoked' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM made);

-- name: certificate_revoke_decide :one tells
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT r.id, r.state, r.proposed_by = platform.actor() AS same FROM training.certificate_revocation r
     WHERE r.id = $id FOR UPDATE
), moved AS (
    UPDATE training.certificate_revocation AS r
       SET state = CASE $decision WHEN 'pass' THEN 'revoked' ELSE 'dismissed' END, note = $note,
           decided_by = platform.actor(), decided_on = platform.today()
      FROM found f WHERE r.id = f.id AND f.state = 'proposed' AND NOT f.same
    RETURNING r AS r
)
SELECT training.certificate_revocation_reply(r) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'proposed' THEN 'training.exam_same_hand' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: certificate_revocation_list :many read
-- args: after text, lim int4, state text
SELECT training.certificate_revocation_reply(r) AS reply, r.id::text AS cursor
  FROM training.certificate_revocation r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR r.state = $state)
 ORDER BY r.id DESC
 LIMIT $lim;
