-- Applications: drafted with files, accepted by a clerk, judged like any claim.

-- What one would apply for. No row: no such policy. The subject, when there is
-- one already, must be the caller's own fact of the policy's kind.
-- name: apply_policy :one
-- args: policy_code text, subject_id uuid
SELECT v.id, v.mode, v.subject, v.beneficiary, s.from_on, s.to_on, s.code, s.numbers::text AS numbers,
       $subject_id::uuid IS NULL OR s.id IS NOT NULL AS subject_known,
       CASE v.beneficiary WHEN 'person' THEN platform.org() IS NULL ELSE platform.org() IS NOT NULL END AS is_theirs,
       coalesce(o.county_code, p.county_code) AS county_code,
       CASE WHEN o.id IS NOT NULL THEN o.area_code ELSE p.area_code END AS area_code
  FROM (SELECT x.* FROM subsidies.policy_version x WHERE x.code = $policy_code
         ORDER BY x.version DESC LIMIT 1) v
  LEFT JOIN subsidies.org o ON o.id = platform.org()
  LEFT JOIN subsidies.person p ON p.id = platform.person() AND platform.org() IS NULL
  LEFT JOIN subsidies.fact s ON s.id = $subject_id AND s.known_to IS NULL AND s.kind = v.subject
   AND (s.person_id = platform.person() AND platform.org() IS NULL OR s.org_id = platform.org());

-- name: application_add :exec
-- args: id uuid, policy_code text, version_id uuid, subject_kind text, subject_id uuid, from_on date,
--       to_on date, code text, numbers text, uscc text, note text, county text, area text
INSERT INTO subsidies.application (id, policy_code, policy_version_id, payee_kind, person_id, org_id,
       subject_kind, subject_id, from_on, to_on, code, numbers, uscc, note, county_code, area_code)
VALUES ($id, $policy_code, $version_id, CASE WHEN platform.org() IS NULL THEN 'person' ELSE 'org' END,
       CASE WHEN platform.org() IS NULL THEN platform.person() END, platform.org(), $subject_kind,
       coalesce($subject_id, platform.uuid7()), $from_on, $to_on, $code,
       coalesce($numbers::text::bigint[], '{}'), $uscc, $note, $county, $area);

-- What is needed may change while it is a draft: with what is known.
-- name: application_items :exec
-- args: id uuid
INSERT INTO subsidies.application_item AS i (application_id, code, title, needed)
SELECT a.id, e.code, e.title, e.needed
  FROM subsidies.application a
  JOIN subsidies.policy_version v ON v.id = a.policy_version_id
  LEFT JOIN subsidies.decision d ON d.subject_id = a.subject_id AND d.policy_code = a.policy_code
   AND d.superseded_at IS NULL
 CROSS JOIN subsidies.evidence_of(v.document, d.results::jsonb) e
 WHERE a.id = $id
    ON CONFLICT (application_id, code) DO UPDATE SET needed = excluded.needed;

-- name: apply_get :one read
-- args: id uuid
SELECT (subsidies.application_json(a) || jsonb_build_object(
           'evidence', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', i.code, 'title', i.title,
                            'needed', i.needed, 'accepted', i.accepted, 'note', i.note,
                            'files', (SELECT coalesce(jsonb_agg(subsidies.file_json(f) ORDER BY f.id), '[]')
                                        FROM subsidies.file f WHERE f.subject_id = a.id AND f.slot = i.code))
                            ORDER BY i.code), '[]')
                          FROM subsidies.application_item i WHERE i.application_id = a.id),
           'claim_state', c.state, 'promised_on', c.promised_on))::text AS reply
  FROM subsidies.application a LEFT JOIN subsidies.claim c ON c.id = a.id
 WHERE a.id = $id;

-- name: apply_list :many read
-- args: policy_code text, county_code text, state text, after text, lim int8
SELECT subsidies.application_json(a)::text AS reply, a.id::text AS cursor
  FROM subsidies.application a
 WHERE ($policy_code::text IS NULL OR a.policy_code = $policy_code)
   AND ($county_code::text IS NULL OR a.county_code = $county_code)
   AND ($state::text IS NULL OR a.state = $state)
   AND a.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY a.id DESC LIMIT $lim;

-- The caller's own, while it can still be changed.
-- name: application_mine :one
-- args: id uuid
SELECT a.state, a.state IN ('draft', 'asked') AS open, a.person_id, a.org_id, a.county_code, a.area_code,
       (v.document ->> 'promised_working_days')::int8 AS days
  FROM subsidies.application a JOIN subsidies.policy_version v ON v.id = a.policy_version_id
 WHERE a.id = $id AND coalesce(a.person_id, a.org_id) = coalesce(platform.org(), platform.person())
   FOR UPDATE OF a;

-- Which evidence a file may be for.
-- name: application_slot :one read
-- args: id uuid, slot text
SELECT i.code FROM subsidies.application_item i WHERE i.application_id = $id AND i.code = $slot;

-- name: apply_amend :exec
-- args: id uuid, from_on date, to_on date, code text, numbers text, uscc text, note text
UPDATE subsidies.application a
   SET from_on = coalesce($from_on, a.from_on), to_on = coalesce($to_on, a.to_on), code = coalesce($code, a.code),
       numbers = coalesce($numbers::text::bigint[], a.numbers), uscc = coalesce($uscc, a.uscc), note = coalesce($note, a.note)
 WHERE a.id = $id;

-- name: application_missing :one
-- args: id uuid
SELECT i.code FROM subsidies.application_item i
 WHERE i.application_id = $id AND i.needed AND NOT EXISTS (
       SELECT FROM subsidies.file f WHERE f.subject_id = i.application_id AND f.slot = i.code)
 ORDER BY i.code LIMIT 1;

-- name: apply_submit :one tells
-- args: id uuid, promised_on date
SELECT subsidies.application_submit($id, $promised_on) AS outcome;

-- name: apply_drop :one
-- args: id uuid
WITH gone AS (
    DELETE FROM subsidies.application a
     WHERE a.id = $id AND a.state = 'draft'
       AND coalesce(a.person_id, a.org_id) = coalesce(platform.org(), platform.person())
    RETURNING a.id
), files AS (
    DELETE FROM subsidies.file f USING gone WHERE f.subject_id = gone.id AND f.locked_at IS NULL
)
SELECT jsonb_build_object('id', id)::text AS reply FROM gone
UNION ALL
SELECT platform.refuse('state.wrong') WHERE NOT EXISTS (SELECT FROM gone)
   AND EXISTS (SELECT FROM subsidies.application a WHERE a.id = $id AND coalesce(a.person_id, a.org_id)
               = coalesce(platform.org(), platform.person()));

-- What an officer decides about, locked.
-- name: application_before :one
-- args: id uuid
SELECT a.state FROM subsidies.application a
 WHERE a.id = $id AND platform.in_areas(a.county_code, a.area_code) FOR UPDATE;

-- name: apply_ask :exec
-- args: id uuid, reason text, answer_by date
WITH asked AS MATERIALIZED (
    UPDATE subsidies.application a SET state = 'asked', reason = $reason, answer_by = $answer_by,
           moved_at = platform.now()
     WHERE a.id = $id RETURNING a
), step AS MATERIALIZED (
    SELECT subsidies.application_step(a, 'ask', $reason)::text FROM asked
)
SELECT subsidies.tell((a).person_id, (a).org_id, 'application_asked', '补贴申请需要补正材料',
           $reason || '（请于' || $answer_by::date || '前补正）', 'application', $id)
  FROM asked, step;

-- evidence: [{code, accepted, note}]; what is not named stays as it was.
-- name: application_look :one
-- args: id uuid, evidence jsonb
WITH said AS (
    UPDATE subsidies.application_item i SET accepted = e.accepted, note = e.note
      FROM jsonb_to_recordset($evidence) AS e (code text, accepted boolean, note text)
     WHERE i.application_id = $id AND i.code = e.code
    RETURNING i.code
)
SELECT (SELECT count(*) FROM said) = jsonb_array_length($evidence) AS known;

-- name: application_lacks :one
-- args: id uuid
SELECT i.code FROM subsidies.application_item i
 WHERE i.application_id = $id AND i.needed AND i.accepted IS NOT TRUE ORDER BY i.code LIMIT 1;

-- name: apply_accept :one
-- args: id uuid
WITH done AS MATERIALIZED (
    UPDATE subsidies.application a SET state = 'accepted', accepted_by = platform.actor(), moved_at = platform.now()
     WHERE a.id = $id RETURNING a
), step AS MATERIALIZED (
    SELECT subsidies.application_step(a, 'accept', NULL)::text FROM done
)
SELECT subsidies.application_fact(a) AS news FROM done, step;

-- name: apply_refuse :exec
-- args: id uuid, reason text
UPDATE subsidies.application SET reason = $reason WHERE id = $id;

-- Accepted, and judged since: nobody it is about is due any more.
-- name: applications_judged :many
-- args: lim int8
SELECT a.id, d.id AS decision_id, d.verdict, coalesce(x.why, d.reason) AS why
  FROM subsidies.application a
  JOIN subsidies.claim c ON c.id = a.id AND c.state = 'applied'
  JOIN subsidies.policy_version v ON v.id = a.policy_version_id
  JOIN subsidies.decision d ON d.subject_id = a.subject_id AND d.policy_code = a.policy_code
   AND d.superseded_at IS NULL
  LEFT JOIN LATERAL (SELECT coalesce(e.x ->> 'refusal', e.x ->> 'title') AS why
          FROM jsonb_array_elements((v.document -> 'conditions') || (v.document -> 'exclusions')) AS e (x)
         WHERE e.x ->> 'code' = d.reason LIMIT 1) x ON true
 WHERE a.state = 'accepted'
   AND (a.tried_at IS NULL OR a.tried_at < clock_timestamp() - interval '1 minute')
   AND NOT EXISTS (SELECT FROM subsidies.due u WHERE u.holder_id IN (a.person_id, a.org_id))
 ORDER BY a.id LIMIT $lim;

-- The claim is what the decision says, and has the county's share of a line.
-- name: application_decide :one
-- args: id uuid, decision_id uuid
UPDATE subsidies.claim c
   SET decision_id = d.id, policy_version_id = d.policy_version_id, amount_cents = nullif(d.amount_cents, 0),
       allotment_id = m.allotment_id, line_code = m.line_code
  FROM subsidies.decision d
  LEFT JOIN LATERAL subsidies.allotment_for(d.policy_version_id, d.county_code, coalesce(d.amount_cents, 0)) m ON true
 WHERE c.id = $id AND c.state = 'applied' AND d.id = $decision_id
RETURNING c.amount_cents IS NOT NULL AS priced, c.allotment_id IS NOT NULL AS funded;

-- It cannot go on just now: why, and not again within the minute.
-- name: application_tried :exec
-- args: id uuid, reason text
UPDATE subsidies.application SET tried_at = clock_timestamp(), reason = $reason WHERE id = $id;

-- name: application_told :exec
-- args: id uuid, kind text, title text, body text
SELECT subsidies.tell(a.person_id, a.org_id, $kind, $title, $body, 'application', a.id)
  FROM subsidies.application a WHERE a.id = $id;
