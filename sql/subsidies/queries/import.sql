-- Files of facts. A row names its person by blind index; whether that person
-- is known yet makes no difference to storing it.

-- name: import_seen :one read
-- args: kind text, file_sha256 text
SELECT jsonb_build_object('id', id, 'kind', kind, 'rows_read', rows_read,
           'rows_applied', rows_applied, 'rows_unmatched', rows_unmatched,
           'rows_failed', rows_failed, 'covers_through', covers_through, 'errors', report,
           'created_at', created_at, 'repeated', true)::text AS reply
  FROM subsidies.import_batch WHERE kind = $kind AND file_sha256 = $file_sha256;

-- No row: the same file has been taken already.
-- name: import_open :one
-- args: id uuid, kind text, file_sha256 text, county_code text
INSERT INTO subsidies.import_batch (id, kind, file_sha256, county_code, created_by)
VALUES ($id, $kind, $file_sha256, $county_code, platform.actor())
ON CONFLICT (kind, file_sha256) DO NOTHING
RETURNING id;

-- rows: [{l: line, i: id_index, u: uscc, m: first day of month, k: kinds}]
-- name: insurance_add :one
-- args: batch_id uuid, rows jsonb
WITH input AS (
    SELECT DISTINCT ON (r.i, r.u, r.m) r.*
      FROM jsonb_to_recordset($rows) AS r (l bigint, i text, u text, m date, k smallint)
     ORDER BY r.i, r.u, r.m, r.l
), seen AS (
    SELECT input.*, old.kinds, old.batch_id,
           p.id AS person_id, p.id IS NOT NULL AND o.id IS NOT NULL AS matched
      FROM input
      LEFT JOIN subsidies.person p ON p.id_index = input.i
      LEFT JOIN subsidies.org o ON o.uscc = input.u
      LEFT JOIN LATERAL (
          SELECT im.kinds, im.batch_id FROM subsidies.insurance_month im
           WHERE im.id_index = input.i AND im.uscc = input.u AND im.month = input.m
           ORDER BY im.batch_id DESC LIMIT 1) old ON true
), added AS (
    INSERT INTO subsidies.insurance_month (id_index, uscc, month, kinds, batch_id)
    SELECT i, u, m, k, $batch_id FROM seen
     WHERE kinds IS DISTINCT FROM k AND batch_id IS DISTINCT FROM $batch_id
), touched AS MATERIALIZED (
    SELECT subsidies.due_person(ARRAY(SELECT person_id FROM seen
        WHERE kinds IS DISTINCT FROM k AND batch_id IS DISTINCT FROM $batch_id))
)
SELECT (SELECT jsonb_agg((r ->> 'l')::bigint)::text FROM jsonb_array_elements($rows) r
         WHERE NOT EXISTS (SELECT FROM seen s WHERE s.l = (r ->> 'l')::bigint
                              AND s.batch_id IS DISTINCT FROM $batch_id)) AS duplicates,
       (SELECT due_person FROM touched) AS due,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id) AS applied,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id AND NOT matched) AS unmatched
  FROM seen;

-- rows: [{l: line, i: id_index, s: school, e: education code, f: full time, d: graduated on}]
-- name: graduates_add :one
-- args: batch_id uuid, rows jsonb
WITH input AS (
    SELECT DISTINCT ON (r.i, r.s, r.e) r.*
      FROM jsonb_to_recordset($rows) AS r (l bigint, i text, s text, e text, f boolean, d date)
     ORDER BY r.i, r.s, r.e, r.l
), seen AS (
    SELECT input.*, old.full_time, old.graduated_on, old.batch_id, p.id AS person_id
      FROM input
      LEFT JOIN subsidies.person p ON p.id_index = input.i
      LEFT JOIN LATERAL (
          SELECT g.full_time, g.graduated_on, g.batch_id FROM subsidies.graduate g
           WHERE g.id_index = input.i AND g.school = input.s AND g.education_code = input.e
           ORDER BY g.batch_id DESC LIMIT 1) old ON true
), added AS (
    INSERT INTO subsidies.graduate (id_index, school, education_code, full_time, graduated_on,
        batch_id)
    SELECT i, s, e, f, d, $batch_id FROM seen
     WHERE (full_time, graduated_on) IS DISTINCT FROM (f, d) AND batch_id IS DISTINCT FROM $batch_id
), touched AS MATERIALIZED (
    SELECT subsidies.due_person(ARRAY(SELECT person_id FROM seen
        WHERE (full_time, graduated_on) IS DISTINCT FROM (f, d) AND batch_id IS DISTINCT FROM $batch_id))
)
SELECT (SELECT jsonb_agg((r ->> 'l')::bigint)::text FROM jsonb_array_elements($rows) r
         WHERE NOT EXISTS (SELECT FROM seen s WHERE s.l = (r ->> 'l')::bigint
                              AND s.batch_id IS DISTINCT FROM $batch_id)) AS duplicates,
       (SELECT due_person FROM touched) AS due,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id) AS applied,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id AND person_id IS NULL) AS unmatched
  FROM seen;

-- Months that are now covered may settle what was waiting for them.
-- name: import_close :one
-- args: id uuid, rows_read int8, rows_applied int8, rows_unmatched int8, rows_failed int8, covers_through date, report jsonb
WITH closed AS (
    UPDATE subsidies.import_batch
       SET rows_read = $rows_read, rows_applied = $rows_applied, rows_unmatched = $rows_unmatched, rows_failed = $rows_failed,
           covers_through = $covers_through, report = $report
     WHERE id = $id
    RETURNING *
), touched AS MATERIALIZED (
    SELECT subsidies.due_person(ARRAY(SELECT DISTINCT d.person_id
             FROM closed JOIN subsidies.decision d ON d.verdict = 'waiting' AND d.superseded_at IS NULL
            WHERE closed.kind = 'insurance_months' AND d.person_id IS NOT NULL))
)
SELECT jsonb_build_object('id', id, 'kind', kind, 'rows_read', rows_read,
           'rows_applied', rows_applied, 'rows_unmatched', rows_unmatched,
           'rows_failed', rows_failed, 'covers_through', covers_through, 'errors', report,
           'created_at', created_at, 'repeated', false)::text AS reply
  FROM closed, touched;

-- name: import_list :many read
-- args: after text, lim int8
SELECT jsonb_build_object('id', id, 'kind', kind, 'rows_read', rows_read,
           'rows_applied', rows_applied, 'rows_unmatched', rows_unmatched,
           'rows_failed', rows_failed, 'covers_through', covers_through,
           'created_at', created_at)::text AS reply,
       id::text AS cursor
  FROM subsidies.import_batch
 WHERE id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY id DESC LIMIT $lim;
