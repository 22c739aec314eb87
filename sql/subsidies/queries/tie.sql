-- Officers' ties and what they were refused for them.

-- What is declared again is no news. No row: it stands already.
-- name: tie_add :one
-- args: officer_id uuid, tie text, id_index text, uscc text, account_index text, source text, note text,
--       from_on date, county_code text
WITH made AS (
    INSERT INTO subsidies.officer_tie (officer_id, tie, id_index, uscc, account_index, source, note, declared_by,
        from_on, county_code)
    VALUES ($officer_id, $tie, $id_index, $uscc, $account_index, $source, $note, platform.actor(),
            coalesce($from_on, platform.today()), $county_code)
        ON CONFLICT (officer_id, tie, coalesce(id_index, uscc, account_index)) WHERE to_on IS NULL DO NOTHING
    RETURNING *
)
SELECT jsonb_build_object('id', t.id, 'officer_id', t.officer_id, 'tie', t.tie, 'source', t.source,
           'whom', CASE WHEN t.id_index IS NOT NULL THEN 'person' WHEN t.uscc IS NOT NULL THEN 'org'
                        ELSE 'account' END,
           'note', t.note, 'from_on', t.from_on, 'to_on', t.to_on, 'end_why', t.end_why,
           'county_code', t.county_code)::text AS reply FROM made t;

-- name: tie_own :many read
-- args: caller uuid, after text, lim int8
SELECT jsonb_build_object('id', t.id, 'officer_id', t.officer_id, 'tie', t.tie, 'source', t.source,
           'whom', CASE WHEN t.id_index IS NOT NULL THEN 'person' WHEN t.uscc IS NOT NULL THEN 'org'
                        ELSE 'account' END,
           'note', t.note, 'from_on', t.from_on, 'to_on', t.to_on, 'end_why', t.end_why,
           'county_code', t.county_code)::text AS reply,
       t.id::text AS cursor
  FROM subsidies.officer_tie t
 WHERE t.officer_id = $caller
   AND t.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY t.id LIMIT $lim;

-- name: tie_list :many read
-- args: officer_id uuid, county_code text, after text, lim int8
SELECT jsonb_build_object('id', t.id, 'officer_id', t.officer_id, 'tie', t.tie, 'source', t.source,
           'whom', CASE WHEN t.id_index IS NOT NULL THEN 'person' WHEN t.uscc IS NOT NULL THEN 'org'
                        ELSE 'account' END,
           'note', t.note, 'from_on', t.from_on, 'to_on', t.to_on, 'end_why', t.end_why,
           'county_code', t.county_code)::text AS reply,
       t.id::text AS cursor
  FROM subsidies.officer_tie t
 WHERE ($officer_id::uuid IS NULL OR t.officer_id = $officer_id)
   AND ($county_code::text IS NULL OR t.county_code = $county_code)
   AND t.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY t.id LIMIT $lim;

-- From tomorrow on; by somebody else than the officer, which the table keeps.
-- name: tie_end :one
-- args: id uuid, why text
UPDATE subsidies.officer_tie t
   SET to_on = greatest(platform.today(), t.from_on), ended_by = platform.actor(), end_why = $why
 WHERE t.id = $id AND t.to_on IS NULL
RETURNING jsonb_build_object('id', t.id, 'officer_id', t.officer_id, 'tie', t.tie, 'source', t.source,
           'whom', CASE WHEN t.id_index IS NOT NULL THEN 'person' WHEN t.uscc IS NOT NULL THEN 'org'
                        ELSE 'account' END,
           'note', t.note, 'from_on', t.from_on, 'to_on', t.to_on, 'end_why', t.end_why,
           'county_code', t.county_code)::text AS reply;

-- name: tie_refused :one
-- args: ids text[], action text
WITH noted AS (
    INSERT INTO subsidies.tie_refusal (officer_id, claim_id, tie, action, county_code)
    SELECT platform.actor(), c.id, x.tie, $action, c.county_code
      FROM subsidies.claim c
     CROSS JOIN LATERAL (SELECT coalesce(subsidies.tie_of(platform.actor(), c),
                CASE WHEN platform.actor() IN (c.person_id, c.payee_id) THEN 'self' END,
                (SELECT subsidies.tie_of(d.delegator, c) FROM subsidies.delegation d
                  WHERE d.delegate = platform.actor() AND platform.today() BETWEEN d.from_on AND d.to_on
                    AND (d.ended_on IS NULL OR d.ended_on > platform.today())
                  ORDER BY 1 LIMIT 1)) AS tie) x
     WHERE c.id = ANY ($ids::text[]::uuid[]) AND x.tie IS NOT NULL
    RETURNING id
)
SELECT count(*) AS noted FROM noted;

-- name: tie_refusal_list :many read
-- args: officer_id uuid, county_code text, after text, lim int8
SELECT jsonb_build_object('id', r.id, 'officer_id', r.officer_id, 'claim_id', r.claim_id, 'tie', r.tie,
           'action', r.action, 'at', r.created_at, 'county_code', r.county_code)::text AS reply,
       r.id::text AS cursor
  FROM subsidies.tie_refusal r
 WHERE ($officer_id::uuid IS NULL OR r.officer_id = $officer_id)
   AND ($county_code::text IS NULL OR r.county_code = $county_code)
   AND r.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY r.id LIMIT $lim;

-- name: objection_claims :one
-- args: id uuid
SELECT array_agg(c.id)::text AS ids
  FROM subsidies.objection o JOIN subsidies.claim c ON c.notice_line_id = o.notice_line_id
 WHERE o.id = $id;
