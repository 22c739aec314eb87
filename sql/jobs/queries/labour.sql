-- Labour-force records.

-- name: labour_put :one tells
-- args: row jsonb
SELECT p.record, p.fault FROM jobs.labour_put($row) AS p;

-- Lines of a file, one after the other: what was not taken, with why.
-- name: labour_put_rows :one tells
-- args: rows jsonb
WITH put AS (
    SELECT (x.r ->> 'line')::integer AS line, jobs.labour_put(x.r) AS p
      FROM jsonb_array_elements($rows) WITH ORDINALITY AS x (r, n)
)
SELECT count((p).record) AS applied,
       coalesce(jsonb_agg(jsonb_build_object('line', line, 'code', (p).fault) ORDER BY line)
                FILTER (WHERE (p).fault IS NOT NULL), '[]'::jsonb)::text AS faults
  FROM put;

-- name: labour_import_seen :one
-- args: file_sha256 text
SELECT (i.reply || '{"repeated": true}')::text AS reply FROM jobs.labour_import i
 WHERE i.imported_by = platform.actor() AND i.file_sha256 = $file_sha256;

-- name: labour_import_keep :one
-- args: id uuid, file_sha256 text, rows_read int8, rows_applied int8, errors jsonb
INSERT INTO jobs.labour_import AS i (id, file_sha256, reply)
VALUES ($id, $file_sha256, jsonb_build_object('id', $id, 'rows_read', $rows_read, 'rows_applied', $rows_applied,
    'rows_failed', $rows_read - $rows_applied, 'errors', $errors, 'repeated', false))
RETURNING i.reply::text AS reply;

-- name: labour_get :one read
-- args: id uuid, stale_days int8
SELECT (jobs.labour_json(r, $stale_days) || jsonb_build_object('changes',
        (SELECT coalesce(jsonb_agg(jsonb_build_object('changes', c.changes, 'source', c.source, 'at', c.at,
                                                      'actor', c.actor) ORDER BY c.ord), '[]'::jsonb)
           FROM jobs.labour_change c WHERE c.record_id = r.id)))::text AS reply
  FROM jobs.labour_record r WHERE r.id = $id;

-- name: labour_own :one read
-- args: caller_person uuid, stale_days int8
SELECT jobs.labour_json(r, $stale_days)::text AS reply
  FROM jobs.labour_record r WHERE r.person_id = $caller_person;

-- name: labour_list :many read
-- args: after text, lim int8, stale_days int8, area_code text, employment_state text, willing bool?,
--       stale bool?, task_id uuid
SELECT jobs.labour_json(r, $stale_days)::text AS reply, r.id::text AS cursor
  FROM jobs.labour_record r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($area_code::text IS NULL OR r.county_code = $area_code OR starts_with(r.area_code, $area_code))
   AND ($employment_state::text IS NULL OR r.employment_state = $employment_state)
   AND ($willing::bool IS NULL OR r.willing = $willing)
   AND ($task_id::uuid IS NULL OR r.task_id = $task_id)
   AND ($stale::bool IS NULL OR (r.collected_on + $stale_days::int8::integer < platform.today()) = $stale)
 ORDER BY r.id DESC
 LIMIT $lim;
