-- What people agreed to: purposes, decisions, their history.

-- name: consent_purpose_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('code', p.code, 'zh', p.zh, 'en', p.en, 'basis', p.basis,
        'legal_basis', p.legal_basis, 'sensitive', p.sensitive, 'revocable', p.revocable,
        'needs_org', p.needs_org, 'default_given', p.default_given,
        'text_version', t.version, 'text', t.zh)::text AS reply,
       p.code AS cursor
  FROM identity.consent_purpose p
  JOIN identity.consent_text t ON t.purpose = p.code AND t.version = identity.notice_version(p.code)
 WHERE $after IS NULL OR p.code > $after
 ORDER BY p.code
 LIMIT $lim;

-- name: consent_give :one
-- args: new_id uuid, caller_person uuid, purpose text, org_id uuid, text_version int4
WITH asked AS (
    SELECT p.code, identity.notice_version(p.code) AS version,
           p.needs_org = ($org_id IS NOT NULL) AS org_fits
      FROM identity.consent_purpose p WHERE p.code = $purpose
), made AS (
    INSERT INTO identity.consent AS c (id, person_id, purpose, org_id, given, text_version, channel)
    SELECT $new_id, $caller_person, a.code, $org_id, true, a.version,
           identity.consent_channel($caller_person)
      FROM asked a WHERE a.org_fits AND a.version = $text_version
    RETURNING c AS c
), told AS (
    INSERT INTO identity.outbox (type, key, payload)
    SELECT 'identity.consent.changed.v1', (c).person_id::text,
           jsonb_build_object('person_id', (c).person_id, 'purpose', (c).purpose,
                              'org_id', (c).org_id, 'given', true)
      FROM made
)
SELECT identity.consent_json(c)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE
           WHEN NOT EXISTS (SELECT FROM asked) THEN 'identity.consent_purpose /purpose'
           WHEN NOT (SELECT org_fits FROM asked) THEN 'identity.consent_org /org_id'
           ELSE 'identity.consent_text /text_version' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- Withdrawing what holds: given before, or on from the start.
-- name: consent_withdraw :one
-- args: new_id uuid, caller_person uuid, purpose text, org_id uuid
WITH asked AS (
    SELECT p.code, p.revocable, p.needs_org = ($org_id IS NOT NULL) AS org_fits,
           coalesce((SELECT c.given FROM identity.consent c
                      WHERE c.person_id = $caller_person AND c.purpose = p.code
                        AND c.org_id IS NOT DISTINCT FROM $org_id
                      ORDER BY c.ord DESC LIMIT 1), p.default_given) AS holds
      FROM identity.consent_purpose p WHERE p.code = $purpose
), made AS (
    INSERT INTO identity.consent AS c (id, person_id, purpose, org_id, given, text_version, channel)
    SELECT $new_id, $caller_person, a.code, $org_id, false, identity.notice_version(a.code),
           identity.consent_channel($caller_person)
      FROM asked a WHERE a.revocable AND a.org_fits AND a.holds
    RETURNING c AS c
), told AS (
    INSERT INTO identity.outbox (type, key, payload)
    SELECT 'identity.consent.changed.v1', (c).person_id::text,
           jsonb_build_object('person_id', (c).person_id, 'purpose', (c).purpose,
                              'org_id', (c).org_id, 'given', false)
      FROM made
)
SELECT identity.consent_json(c)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE
           WHEN NOT EXISTS (SELECT FROM asked) THEN 'identity.consent_purpose /purpose'
           WHEN NOT (SELECT revocable FROM asked) THEN 'identity.consent_statutory'
           WHEN NOT (SELECT org_fits FROM asked) THEN 'identity.consent_org /org_id'
           ELSE 'identity.consent_none' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- Every purpose as it stands for the caller; for one that names recipients,
-- each recipient ever named.
-- name: consent_own :many read
-- args: after text, caller_person uuid, lim int8
WITH last AS (
    SELECT DISTINCT ON (c.purpose, c.org_id) c.*
      FROM identity.consent c WHERE c.person_id = $caller_person
     ORDER BY c.purpose, c.org_id, c.ord DESC
), line AS (
    SELECT p.code || ' ' || coalesce(l.org_id::text, '') AS place, p.*, l.id, l.org_id,
           l.text_version, l.channel, l.at,
           NOT p.revocable OR coalesce(l.given, p.default_given) AS holds
      FROM identity.consent_purpose p LEFT JOIN last l ON l.purpose = p.code
)
SELECT jsonb_build_object('purpose', l.code, 'zh', l.zh, 'en', l.en, 'basis', l.basis,
        'sensitive', l.sensitive, 'revocable', l.revocable, 'given', l.holds,
        'org_id', l.org_id, 'org_name', (SELECT o.name FROM identity.org o WHERE o.id = l.org_id),
        'text_version', l.text_version, 'channel', l.channel, 'at', l.at)::text AS reply,
       l.place AS cursor
  FROM line l
 WHERE $after IS NULL OR l.place > $after
 ORDER BY l.place
 LIMIT $lim;

-- name: consent_history :many read
-- args: after text, caller_person uuid, lim int8
SELECT identity.consent_json(c)::text AS reply, c.ord::text AS cursor
  FROM identity.consent c
 WHERE c.person_id = $caller_person AND ($after IS NULL OR c.ord < $after::int8)
 ORDER BY c.ord DESC
 LIMIT $lim;

-- Who lets the caller's organisation see what: only what holds now.
-- name: consent_to_org :many read
-- args: after text, caller_org uuid, lim int8
WITH last AS (
    SELECT DISTINCT ON (c.person_id, c.purpose) c.*
      FROM identity.consent c WHERE c.org_id = $caller_org
     ORDER BY c.person_id, c.purpose, c.ord DESC
)
SELECT jsonb_build_object('person_id', l.person_id, 'purpose', l.purpose,
        'text_version', l.text_version, 'at', l.at)::text AS reply,
       l.person_id::text || ' ' || l.purpose AS cursor
  FROM last l
 WHERE l.given AND ($after IS NULL OR l.person_id::text || ' ' || l.purpose > $after)
 ORDER BY l.person_id::text || ' ' || l.purpose
 LIMIT $lim;
