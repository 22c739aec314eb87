-- Files of facts. A row names its person by blind index; whether that person
-- is known yet makes no difference to storing it.

-- One file of a kind at a time: the newest batch is what is known now.
-- name: import_lock :exec
-- args: kind text
SELECT pg_advisory_xact_lock(hashtextextended('subsidies.import.' || $kind, 0));

-- name: import_seen :one read
-- args: kind text, file_sha256 text
SELECT (subsidies.import_json(b)
        || jsonb_build_object('errors', b.report, 'repeated', true))::text AS reply
  FROM subsidies.import_batch b
 WHERE b.kind = $kind AND b.file_sha256 = $file_sha256 AND b.withdrawn_at IS NULL;

-- No row: the same file has been taken already.
-- name: import_open :one
-- args: id uuid, kind text, fact_kind text, file_sha256 text, county_code text
INSERT INTO subsidies.import_batch (id, kind, fact_kind, file_sha256, county_code, created_by)
VALUES ($id, $kind, $fact_kind, $file_sha256, $county_code, platform.actor())
ON CONFLICT (kind, file_sha256) WHERE withdrawn_at IS NULL DO NOTHING
RETURNING id;

-- What differs from what is known closes it and takes its place; the same again
-- changes nothing. What an officer put right or one of our own services has
-- told is not undone by a file: such rows are named (`kept`).
-- rows: [{l: line, k: what makes it the same fact, i: id_index, u: uscc, f: from,
--         t: to, c: code, n: numbers, s: note}]
-- name: facts_add :one
-- args: batch_id uuid, kind text, rows jsonb
WITH input AS MATERIALIZED (
    SELECT DISTINCT ON (r.k) r.*, subsidies.fact_id($kind, r.k) AS id, coalesce(r.n, '{}') AS numbers
      FROM jsonb_to_recordset($rows) AS r (l bigint, k text, i text, u text, f date, t date,
           c text, n bigint[], s text)
     ORDER BY r.k, r.l
), seen AS MATERIALIZED (
    SELECT input.*, p.id AS person_id, o.id AS org_id,
           coalesce(p.county_code, o.county_code, '431100') AS county_code,
           CASE WHEN p.id IS NULL THEN o.area_code ELSE p.area_code END AS area_code,
           (input.i IS NULL OR p.id IS NOT NULL) AND (input.u IS NULL OR o.id IS NOT NULL) AS matched,
           greatest(platform.now(), last.known_from + interval '1 microsecond') AS known_from,
           last.person_id AS old_person, last.org_id AS old_org,
           last.id IS NOT NULL AND last.known_to IS NULL AS replaces,
           last.batch_id IS NOT DISTINCT FROM $batch_id AS again,
           last.source <> 'import' AS held,
           last.known_to IS NULL AND (last.id_index, last.uscc, last.from_on, last.to_on, last.code,
               last.numbers, last.note) IS NOT DISTINCT FROM
               (input.i, input.u, input.f, input.t, input.c, input.numbers, input.s)
               AND last.id IS NOT NULL AS same
      FROM input
      LEFT JOIN subsidies.person p ON p.id_index = input.i
      LEFT JOIN subsidies.org o ON o.uscc = input.u
      LEFT JOIN LATERAL (SELECT x.* FROM subsidies.fact x WHERE x.id = input.id
                          ORDER BY x.known_from DESC LIMIT 1) last ON true
), news AS MATERIALIZED (
    SELECT * FROM seen WHERE NOT same AND NOT again AND held IS NOT TRUE
), closed AS (
    UPDATE subsidies.fact f SET known_to = news.known_from
      FROM news WHERE news.replaces AND f.id = news.id AND f.known_to IS NULL
    RETURNING f.id
), added AS (
    INSERT INTO subsidies.fact (id, kind, person_id, id_index, org_id, uscc, from_on, to_on, code,
        numbers, note, source, batch_id, county_code, area_code, known_from)
    SELECT id, $kind, person_id, i, org_id, u, f, t, c, numbers, s, 'import', $batch_id,
           county_code, area_code, known_from
      FROM news WHERE (SELECT count(*) FROM closed) >= 0
), touched AS MATERIALIZED (
    SELECT subsidies.due_person(ARRAY(SELECT unnest(ARRAY[person_id, old_person]) FROM news))
           + subsidies.due_org(ARRAY(SELECT unnest(ARRAY[org_id, old_org]) FROM news)) AS due
)
SELECT (SELECT jsonb_agg((r ->> 'l')::bigint)::text FROM jsonb_array_elements($rows) r
         WHERE NOT EXISTS (SELECT FROM seen s WHERE s.l = (r ->> 'l')::bigint AND NOT s.again)) AS duplicates,
       (SELECT jsonb_agg(l ORDER BY l)::text FROM seen WHERE held AND NOT same) AS kept,
       (SELECT due FROM touched) AS due,
       count(*) FILTER (WHERE NOT again AND (same OR held IS NOT TRUE)) AS applied,
       (SELECT count(*) FROM news) AS changed,
       count(*) FILTER (WHERE NOT again AND NOT matched AND (same OR held IS NOT TRUE)) AS unmatched
  FROM seen;

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
       NULL::text AS kept,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id) AS applied,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id AND kinds IS DISTINCT FROM k) AS changed,
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
       NULL::text AS kept,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id) AS applied,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id
           AND (full_time, graduated_on) IS DISTINCT FROM (f, d)) AS changed,
       count(*) FILTER (WHERE batch_id IS DISTINCT FROM $batch_id AND person_id IS NULL) AS unmatched
  FROM seen;

-- A day that is now covered may settle what was waiting for it.
-- name: import_close :one tells
-- args: id uuid, rows_read int8, rows_applied int8, rows_changed int8, rows_unmatched int8,
--       rows_failed int8, covers_through date, report jsonb
WITH closed AS (
    UPDATE subsidies.import_batch
       SET rows_read = $rows_read, rows_applied = $rows_applied, rows_changed = $rows_changed,
           rows_unmatched = $rows_unmatched, rows_failed = $rows_failed,
           covers_through = $covers_through, report = $report
     WHERE id = $id
    RETURNING *
), waiting AS MATERIALIZED (
    SELECT DISTINCT d.person_id, d.org_id
      FROM closed JOIN subsidies.decision d ON d.verdict = 'waiting' AND d.superseded_at IS NULL
     WHERE closed.covers_through IS NOT NULL
), touched AS MATERIALIZED (
    SELECT subsidies.due_person(ARRAY(SELECT person_id FROM waiting)),
           subsidies.due_org(ARRAY(SELECT org_id FROM waiting WHERE person_id IS NULL))
)
SELECT (subsidies.import_json(closed)
        || jsonb_build_object('errors', report, 'repeated', false))::text AS reply
  FROM closed, touched;

-- name: import_list :many read
-- args: kind text, from_on date, to_on date, after text, lim int8
SELECT subsidies.import_json(b)::text AS reply, b.id::text AS cursor
  FROM subsidies.import_batch b
 WHERE b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($kind::text IS NULL OR b.kind = $kind)
   AND ($from_on::date IS NULL OR b.created_at >= $from_on::date::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND ($to_on::date IS NULL OR b.created_at < ($to_on::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
 ORDER BY b.id DESC LIMIT $lim;

-- name: import_get :one read
-- args: id uuid
SELECT (subsidies.import_json(b) || jsonb_build_object('errors', b.report, 'repeated', false,
           'strangers', subsidies.import_strangers(b)))::text AS reply
  FROM subsidies.import_batch b WHERE b.id = $id;

-- name: import_report :many read
-- args: id uuid
SELECT b.kind, e.line, e."column", e.code
  FROM subsidies.import_batch b
  LEFT JOIN LATERAL jsonb_to_recordset(b.report) AS e (line bigint, "column" text, code text) ON true
 WHERE b.id = $id ORDER BY e.line;

-- Rows whose person or employer has not registered: what they say, not whom of.
-- name: import_strangers :many read
-- args: id uuid, after text, lim int8
SELECT jsonb_build_object('id', f.id, 'kind', f.kind, 'from_on', f.from_on, 'to_on', f.to_on,
           'code', f.code, 'person_known', f.person_id IS NOT NULL OR f.id_index IS NULL,
           'uscc', f.uscc, 'org_known', f.org_id IS NOT NULL OR f.uscc IS NULL)::text AS reply,
       f.id::text AS cursor
  FROM subsidies.fact f
 WHERE f.batch_id = $id AND f.known_to IS NULL
   AND ((f.id_index IS NOT NULL AND f.person_id IS NULL) OR (f.uscc IS NOT NULL AND f.org_id IS NULL))
   AND f.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY f.id LIMIT $lim;

-- ---- a file sent by mistake ----

-- name: import_undo_ask :one
-- args: id uuid, reason text, new_id uuid
WITH batch AS (
    SELECT b.* FROM subsidies.import_batch b WHERE b.id = $id FOR UPDATE
), made AS (
    INSERT INTO subsidies.import_undo (id, batch_id, reason, county_code, covers_through)
    SELECT $new_id, b.id, $reason, b.county_code, b.covers_through
      FROM batch b WHERE b.withdrawn_at IS NULL
        ON CONFLICT (batch_id) WHERE state IN ('asked', 'done') DO NOTHING
    RETURNING *
)
SELECT subsidies.import_undo_json(made)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM batch WHERE NOT EXISTS (SELECT FROM made);

-- name: import_undo_agree :one tells
-- args: id uuid
WITH asked AS (
    SELECT u.* FROM subsidies.import_undo u WHERE u.id = $id FOR UPDATE
), undone AS MATERIALIZED (
    SELECT u.id, subsidies.import_undo_do(u) AS counts FROM asked u WHERE u.state = 'asked' AND u.asked_by <> platform.actor()
), done AS (
    UPDATE subsidies.import_undo u SET state = 'done', decided_by = platform.actor(),
           decided_at = platform.now(), rows_closed = undone.counts[1], rows_restored = undone.counts[2]
      FROM undone WHERE u.id = undone.id
    RETURNING u.*
)
SELECT subsidies.import_undo_json(done)::text AS reply FROM done
UNION ALL
SELECT platform.refuse(CASE WHEN state = 'asked' THEN 'subsidies.same_hand' ELSE 'state.wrong' END)
  FROM asked WHERE NOT EXISTS (SELECT FROM done);

-- name: import_undo_refuse :one
-- args: id uuid
WITH asked AS (
    SELECT u.* FROM subsidies.import_undo u WHERE u.id = $id FOR UPDATE
), done AS (
    UPDATE subsidies.import_undo u SET state = 'refused', decided_by = platform.actor(),
           decided_at = platform.now()
      FROM asked WHERE u.id = asked.id AND asked.state = 'asked' AND asked.asked_by <> platform.actor()
    RETURNING u.*
)
SELECT subsidies.import_undo_json(done)::text AS reply FROM done
UNION ALL
SELECT platform.refuse(CASE WHEN state = 'asked' THEN 'subsidies.same_hand' ELSE 'state.wrong' END)
  FROM asked WHERE NOT EXISTS (SELECT FROM done);

-- name: import_undo_list :many read
-- args: state text, after text, lim int8
SELECT subsidies.import_undo_json(u)::text AS reply, u.id::text AS cursor
  FROM subsidies.import_undo u
 WHERE u.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($state::text IS NULL OR u.state = $state)
 ORDER BY u.id DESC LIMIT $lim;
