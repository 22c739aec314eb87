-- One person registered twice. All under the system role: an alias is out of
-- the officers' sight. The areas are asked for by name.

-- Pairs that share something; the name is compared in clear by the caller.
-- name: merge_candidates :many read
-- args: after text, lim int8
WITH seen AS (
    SELECT p.id, p.birth_on, p.sex, p.name_masked, p.id_index, p.phone_index
      FROM identity.person p
     WHERE identity.is_free(p) AND platform.in_areas(p.county_code, p.area_code)
), pair AS (
    SELECT a.id AS a, b.id AS b, 'name_birth' AS signal
      FROM seen a JOIN seen b ON b.birth_on = a.birth_on AND b.sex = a.sex
       AND b.name_masked = a.name_masked AND a.id < b.id
    UNION ALL
    SELECT least(s.id, p.id), greatest(s.id, p.id), 'old_number'
      FROM identity.person_change h
      JOIN seen s ON s.id = h.person_id
      JOIN seen p ON p.id_index = h.old_index AND p.id <> s.id
    UNION ALL
    SELECT least(s.id, p.id), greatest(s.id, p.id), 'phone'
      FROM identity.person_phone h
      JOIN seen s ON s.id = h.person_id
      JOIN seen p ON p.phone_index = h.phone_index AND p.id <> s.id
), one AS (
    SELECT a, b, array_agg(DISTINCT signal) AS signals FROM pair
     WHERE $after IS NULL OR a::text || b::text > $after
     GROUP BY a, b ORDER BY a::text || b::text LIMIT $lim
)
SELECT o.a::text || o.b::text AS cursor, o.a AS a_id, o.b AS b_id,
       'name_birth' = ANY (o.signals) AS name_birth, 'old_number' = ANY (o.signals) AS old_number,
       'phone' = ANY (o.signals) AS phone, a.name_sealed AS a_name, b.name_sealed AS b_name,
       a.id_sealed AS a_number, b.id_sealed AS b_number, a.name_masked, a.county_code,
       a.birth_on::text AS birth_on, a.id_masked AS a_masked, b.id_masked AS b_masked
  FROM one o JOIN identity.person a ON a.id = o.a JOIN identity.person b ON b.id = o.b
 ORDER BY 1;

-- name: merge_propose :one
-- args: new_id uuid, winner_id uuid, loser_id uuid, reason text
WITH pair AS (
    SELECT w.id AS winner, l.id AS loser, w.county_code, w.area_code,
           identity.is_free(w) AND identity.is_free(l)
           AND NOT EXISTS (SELECT FROM identity.person x WHERE x.merged_into = l.id) AS fits
      FROM identity.person w, identity.person l
     WHERE w.id = $winner_id AND l.id = $loser_id
       AND platform.in_areas(w.county_code, w.area_code)
       AND platform.in_areas(l.county_code, l.area_code)
), made AS (
    INSERT INTO identity.person_merge AS m (id, winner_id, loser_id, reason, county_code, area_code)
    SELECT $new_id, winner, loser, $reason, county_code, area_code FROM pair WHERE fits
    RETURNING m AS m
)
SELECT identity.merge_json(m)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM pair WHERE NOT EXISTS (SELECT FROM made);

-- The pair is locked in the order of ids, then the merge is judged again.
-- name: merge_lock :one
-- args: id uuid
SELECT m.state, m.winner_id, m.loser_id, m.proposed_by = platform.actor() AS proposed_here,
       m.undo_by IS NOT DISTINCT FROM platform.actor() AS undo_here,
       m.undo_until >= platform.today() AS in_time,
       identity.is_free(w) AND identity.is_free(l)
       AND NOT EXISTS (SELECT FROM identity.person x WHERE x.merged_into = l.id) AS fits
  FROM identity.person_merge m
  JOIN identity.person w ON w.id = m.winner_id
  JOIN identity.person l ON l.id = m.loser_id
 WHERE m.id = $id AND platform.in_areas(w.county_code, w.area_code)
   AND platform.in_areas(l.county_code, l.area_code)
   FOR UPDATE OF m;

-- name: merge_confirm :one
-- args: id uuid, accept bool, undo_days int8
WITH moved AS (
    UPDATE identity.person_merge AS m
       SET state = CASE WHEN $accept THEN 'merged' ELSE 'rejected' END,
           confirmed_by = platform.actor(), confirmed_at = platform.now(),
           undo_until = CASE WHEN $accept THEN platform.today() + $undo_days::int END
     WHERE m.id = $id AND m.state = 'proposed'
    RETURNING m AS m
), alias AS (
    UPDATE identity.person p SET merged_into = (m).winner_id
      FROM moved WHERE p.id = (m).loser_id AND $accept
    RETURNING p.county_code
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.person.merged.v1', (m).winner_id::text, (m).county_code,
           jsonb_build_object('winner_id', (m).winner_id, 'loser_id', (m).loser_id,
                              'merge_id', (m).id)
      FROM moved WHERE $accept
)
SELECT identity.merge_json(m)::text AS reply,
       CASE WHEN $accept THEN identity.close_account((m).winner_id, 'person.merged') END AS winner_closed,
       CASE WHEN $accept THEN identity.close_account((m).loser_id, 'person.merged') END AS loser_closed
  FROM moved;

-- name: merge_undo_propose :one
-- args: id uuid, reason text
WITH moved AS (
    UPDATE identity.person_merge AS m
       SET state = 'undo_proposed', undo_reason = $reason, undo_by = platform.actor(),
           undo_at = platform.now()
     WHERE m.id = $id AND m.state = 'merged'
    RETURNING m AS m
)
SELECT identity.merge_json(m)::text AS reply FROM moved;

-- name: merge_undo_confirm :one
-- args: id uuid, accept bool
WITH moved AS (
    UPDATE identity.person_merge AS m
       SET state = CASE WHEN $accept THEN 'undone' ELSE 'merged' END,
           undo_by = CASE WHEN $accept THEN m.undo_by END,
           undone_by = CASE WHEN $accept THEN platform.actor() END,
           undone_at = CASE WHEN $accept THEN platform.now() END
     WHERE m.id = $id AND m.state = 'undo_proposed'
    RETURNING m AS m
), alone AS (
    UPDATE identity.person p SET merged_into = NULL
      FROM moved WHERE p.id = (m).loser_id AND $accept
), told AS (
    INSERT INTO identity.outbox (type, key, area_code, payload)
    SELECT 'identity.person.unmerged.v1', (m).winner_id::text, (m).county_code,
           jsonb_build_object('winner_id', (m).winner_id, 'loser_id', (m).loser_id,
                              'merge_id', (m).id)
      FROM moved WHERE $accept
)
SELECT identity.merge_json(m)::text AS reply,
       CASE WHEN $accept THEN identity.close_account((m).winner_id, 'person.unmerged') END AS winner_closed
  FROM moved;

-- name: merge_list :many read
-- args: after text, state text, lim int8
SELECT identity.merge_json(m)::text AS reply, m.id::text AS cursor
  FROM identity.person_merge m
 WHERE ($state IS NULL OR m.state = $state) AND ($after IS NULL OR m.id < $after::uuid)
 ORDER BY m.id DESC
 LIMIT $lim;
