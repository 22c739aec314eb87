-- What is known of a person or an employer, and having it put right.

-- as_of null: what is known now
-- name: fact_list :many read
-- args: person_id uuid, org_id uuid, kind text, as_of timestamptz, after text, lim int8
SELECT jsonb_build_object('id', f.id, 'kind', f.kind, 'person_id', f.person_id, 'org_id', f.org_id,
           'uscc', f.uscc, 'from_on', f.from_on, 'to_on', f.to_on, 'code', f.code,
           'numbers', to_jsonb(f.numbers), 'note', f.note, 'source', f.source, 'batch_id', f.batch_id,
           'known_from', f.known_from, 'known_to', f.known_to, 'county_code', f.county_code)::text AS reply,
       f.from_on || ' ' || f.id AS cursor
  FROM subsidies.facts_known($person_id, $org_id, coalesce($as_of, 'infinity')) f
 WHERE (EXISTS (SELECT FROM subsidies.person p WHERE p.id = $person_id)
        OR EXISTS (SELECT FROM subsidies.org o WHERE o.id = $org_id AND $person_id::uuid IS NULL))
   AND ($kind::text IS NULL OR f.kind = $kind)
   AND ($after::text IS NULL OR f.from_on || ' ' || f.id < $after)
 ORDER BY cursor DESC LIMIT $lim;

-- name: correction_ask :one
-- args: id uuid, content text, new_id uuid, caller_person uuid
WITH mine AS (
    SELECT f.id, f.kind, p.county_code, p.area_code
      FROM subsidies.fact f JOIN subsidies.person p ON p.id = f.person_id
     WHERE f.id = $id AND f.person_id = $caller_person AND f.known_to IS NULL
), made AS (
    INSERT INTO subsidies.correction (id, fact_id, kind, person_id, content, county_code, area_code)
    SELECT $new_id, id, kind, $caller_person, $content, county_code, area_code FROM mine
        ON CONFLICT (fact_id) WHERE state IN ('open', 'proposed') DO NOTHING
    RETURNING *
)
SELECT subsidies.correction_json(made)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.exists') FROM mine WHERE NOT EXISTS (SELECT FROM made);

-- name: correction_list :many read
-- args: state text, after text, lim int8
SELECT subsidies.correction_json(c)::text AS reply, c.id::text AS cursor
  FROM subsidies.correction c
 WHERE c.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR c.state = $state)
 ORDER BY c.id DESC LIMIT $lim;

-- name: correction_propose :one
-- args: id uuid, is_void bool, from_on date, to_on date, code text, numbers text, basis text
WITH found AS (
    SELECT c.id, c.state FROM subsidies.correction c WHERE c.id = $id FOR UPDATE
), moved AS (
    UPDATE subsidies.correction c
       SET state = 'proposed', is_void = $is_void, from_on = $from_on, to_on = $to_on, code = $code,
           numbers = $numbers::text::bigint[], basis = $basis, proposed_by = platform.actor()
      FROM found WHERE c.id = found.id AND found.state = 'open'
    RETURNING c.*
)
SELECT subsidies.correction_json(moved)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: correction_agree :one
-- args: id uuid, answer text
WITH found AS (
    SELECT c.* FROM subsidies.correction c WHERE c.id = $id FOR UPDATE
), applied AS MATERIALIZED (
    SELECT found.id, subsidies.correction_apply(found) AS news
      FROM found WHERE found.state = 'proposed' AND found.proposed_by <> platform.actor()
), moved AS (
    UPDATE subsidies.correction c
       SET state = 'done', answer = $answer, decided_by = platform.actor(), decided_at = platform.now()
      FROM applied WHERE c.id = applied.id
    RETURNING c.*
)
SELECT subsidies.correction_json(moved)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN state = 'proposed' THEN 'subsidies.same_hand' ELSE 'state.wrong' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: correction_refuse :one
-- args: id uuid, answer text
WITH found AS (
    SELECT c.id, c.state FROM subsidies.correction c WHERE c.id = $id FOR UPDATE
), moved AS (
    UPDATE subsidies.correction c
       SET state = 'refused', answer = $answer, decided_by = platform.actor(), decided_at = platform.now()
      FROM found WHERE c.id = found.id AND found.state IN ('open', 'proposed')
    RETURNING c.*
)
SELECT subsidies.correction_json(moved)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);
