-- What yjyctl asks (shared/ctl), as the owner.

-- name: ctl_lock :one
SELECT pg_advisory_lock(hashtextextended('yjyctl', 0))::text AS locked;

-- Migrations and prompts have a business time too.
-- name: ctl_scope :one
-- args: instant text
SELECT set_config('app.scope', '|||||' || $instant::text || '|', false) AS scope;

-- name: ctl_table_exists :one
-- args: name text
SELECT to_regclass($name) IS NOT NULL AS found;

-- name: ctl_migrations :many
SELECT schema, number, name, encode(sha256, 'hex') AS sha256
  FROM platform.migration ORDER BY schema, number;

-- name: ctl_migration_add :exec
-- args: schema text, number int4, name text, sha256 text
INSERT INTO platform.migration (schema, number, name, sha256)
VALUES ($schema, $number, $name, decode($sha256, 'hex'));

-- name: ctl_reference_find :one
-- args: file text
SELECT encode(sha256, 'hex') AS sha256 FROM reference.loaded WHERE file = $file;

-- name: ctl_reference_add :exec
-- args: file text, sha256 text
INSERT INTO reference.loaded (file, sha256) VALUES ($file, decode($sha256, 'hex'))
ON CONFLICT (file) DO UPDATE SET sha256 = excluded.sha256, loaded_at = clock_timestamp();

-- Every role that a service signs in with.
-- name: ctl_roles :many
SELECT r.rolname AS name
  FROM pg_auth_members AS m JOIN pg_roles AS r ON r.oid = m.member
 WHERE m.roleid = 'yjy_service'::regrole ORDER BY 1;

-- Tables that look personal or local and have no row-level security, unless
-- their comment begins with `public:` and says why.
-- name: ctl_open_tables :many
SELECT c.oid::regclass::text AS name, string_agg(a.attname, ', ' ORDER BY a.attnum) AS columns
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
   AND c.relname NOT IN ('outbox', 'event_log')
   AND n.nspname <> 'reference'
   AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'public:%'
   AND a.attname IN ('county_code', 'area_code', 'person_id', 'org_id')
 GROUP BY c.oid ORDER BY 1;

-- Services with an audit trail.
-- name: ctl_audit_schemas :many
SELECT n.nspname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relname = 'audit_seal' ORDER BY 1;

-- name: ctl_audit_seals :many
-- args: after int8, lim int8
SELECT n, from_xid, to_xid, encode(rows, 'hex') AS rows, note,
       (extract(epoch FROM sealed_at) * 1000000)::int8 AS sealed_us, encode(hash, 'hex') AS hash
  FROM @schema@.audit_seal WHERE n > $after ORDER BY n LIMIT $lim;

-- name: ctl_audit_notes :many
SELECT note FROM @schema@.audit_seal WHERE note <> '' ORDER BY n;

-- name: ctl_row_seals :many
-- args: after int8, lim int8
SELECT n, from_xid, to_xid, encode(rows, 'hex') AS rows, note,
       (extract(epoch FROM sealed_at) * 1000000)::int8 AS sealed_us, encode(hash, 'hex') AS hash
  FROM @schema@.row_seal WHERE n > $after ORDER BY n LIMIT $lim;

-- name: ctl_row_notes :many
SELECT note FROM @schema@.row_seal WHERE note <> '' ORDER BY n;

-- Tables that are watched, or were: a table of the log is never let go.
-- name: ctl_row_tables :many
-- args: schema text
SELECT t.tbl, w.tbl IS NOT NULL AND 3 = (
           SELECT count(*) FROM pg_trigger g WHERE g.tgrelid = to_regclass(t.tbl) AND g.tgenabled = 'O'
              AND g.tgname IN ('zz_log_insert', 'zz_log_update', 'zz_log_delete')) AS watched
  FROM (SELECT DISTINCT $schema || '.' || l.tbl AS tbl FROM @schema@.row_log AS l
        UNION SELECT x.tbl FROM platform.watched AS x WHERE starts_with(x.tbl, $schema || '.')) AS t
  LEFT JOIN platform.watched AS w ON w.tbl = t.tbl
 ORDER BY 1;

-- name: ctl_rows_odd :many
-- args: tbl text, lim text
SELECT key, what FROM platform.rows_odd($tbl, $lim::int8);

-- Changes as if by a request, and no request that the trail knows of.
-- name: ctl_rows_unasked :many
-- args: schema text
SELECT $schema || '.' || l.tbl AS tbl, l.key FROM @schema@.row_log AS l
 WHERE l.by_app AND l.xid >= (SELECT min(a.xid) FROM @schema@.audit AS a)
   AND l.xid < pg_snapshot_xmin(pg_current_snapshot())::text::int8
   AND NOT EXISTS (SELECT FROM @schema@.audit AS a WHERE a.xid = l.xid)
 ORDER BY l.ord LIMIT 20;

-- What the owner did and said why.
-- name: ctl_rows_why :many
SELECT why, count(*) AS changes FROM @schema@.row_log
 WHERE why IS NOT NULL AND why <> 'watch' GROUP BY 1 ORDER BY 1;

-- The text of audit_rows, and the row as JSON beside it.
-- name: ctl_audit_lines :many
-- args: from_xid int8, to_xid int8, lim int8
SELECT a.ord,
       ROW(a.ord, a.xid, (extract(epoch FROM a.at) * 1000000)::int8,
           (extract(epoch FROM a.business_at) * 1000000)::int8, a.actor, a.roles, a.assisted,
           a.person_id, a.org_id, a.account, a.action, a.route, a.object_id, a.people,
           a.county_code, a.area_code, a.status, a.error, a.reason, a.request_id, a.trace_id,
           a.client, a.outlet)::text AS text, to_jsonb(a)::text AS row
  FROM @schema@.audit AS a
 WHERE a.xid >= $from_xid AND a.xid < $to_xid
 ORDER BY a.xid, a.ord LIMIT $lim;

-- No seal is appended meanwhile.
-- name: ctl_audit_hold :exec
LOCK TABLE @schema@.audit_seal IN SHARE ROW EXCLUSIVE MODE;

-- name: ctl_audit_remove :one
-- args: from_xid int8, to_xid int8
WITH gone AS (
    DELETE FROM @schema@.audit WHERE xid >= $from_xid AND xid < $to_xid RETURNING ord
)
SELECT count(*) AS count FROM gone;

-- Columns named as sealed that nobody listed: a key must not change before.
-- name: ctl_sealed_forgotten :many
SELECT a.attrelid::regclass::text || '.' || a.attname AS name
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^(pg_|information_schema)'
 WHERE a.attname ~ '(^|_)sealed$' AND NOT a.attisdropped AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM platform.sealed_column s
                    WHERE to_regclass(s.tbl) = a.attrelid AND s.col = a.attname)
 ORDER BY 1;

-- A row outlives its column.
-- name: ctl_sealed_columns :many
SELECT s.tbl, s.col, s.name FROM platform.sealed_column s
  JOIN pg_attribute a ON a.attrelid = to_regclass(s.tbl) AND a.attname = s.col
   AND NOT a.attisdropped
 ORDER BY s.tbl, s.col;

-- name: ctl_reseal_take :many
-- args: tbl text, col text, name text, fresh text, after text, lim text
SELECT place, sealed, sealed_as FROM platform.reseal_take($tbl, $col, $name, $fresh, $after, $lim::int8);

-- name: ctl_reseal_put :one
-- args: tbl text, col text, rows jsonb
SELECT platform.reseal_put($tbl, $col, $rows)::text AS n;

-- name: ctl_reseal_count :one
-- args: tbl text, col text, prefix text, other bool
SELECT platform.reseal_count($tbl, $col, $prefix, $other)::text AS n;

-- ---- figures: counted again from the logs (shared/ctl/figures.c) ----

-- name: ctl_figures_positions :many
SELECT source, seq::text AS seq FROM monitoring.event_cursor ORDER BY source;

-- One page of a log as monitoring takes it, without what it could not apply.
-- name: ctl_figures_page :one
-- args: after int8, upto int8, lim int8, parked text
SELECT coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'type', e.type, 'key', e.key, 'area_code', e.area_code,
           'occurred_at', e.occurred_at, 'recorded_at', e.recorded_at, 'payload', e.payload) ORDER BY e.seq)
           FILTER (WHERE e.seq <> ALL ($parked::bigint[])), '[]')::text AS events,
       max(e.seq)::text AS last, count(*)::text AS n
  FROM (SELECT * FROM @schema@.event_log WHERE seq > $after AND seq <= $upto ORDER BY seq LIMIT $lim) AS e;

-- name: ctl_figures_parked :one
-- args: source text
SELECT coalesce(array_agg(seq), '{}')::text AS parked FROM monitoring.event_parked WHERE source = $source;

-- name: ctl_figures_take :one
-- args: source text, events jsonb, sums bool
SELECT concat(monitoring.take($source, $events, $sums), monitoring.words_take($source, $events)) AS done;

-- Without the indexes that only readers need, until all is there.
-- name: ctl_figures_bare :exec
DROP INDEX monitoring.tally_county_idx, monitoring.tally_town_idx, monitoring.tally_org_idx;

-- name: ctl_figures_sum_up :one
SELECT monitoring.sum_up()::text AS done, monitoring.sum_up_employers()::text AS employers;

-- name: ctl_figures_dress :one
SELECT monitoring.index_tally()::text AS done;

-- name: ctl_figures_turn :one
SELECT pg_advisory_xact_lock(hashtextextended('monitoring.take', 0))::text AS turn;

-- name: ctl_figures_forget :exec
TRUNCATE monitoring.fact, monitoring.person, monitoring.org, monitoring.tally, monitoring.cell, monitoring.cell_day,
    monitoring.revision;

-- Each measure in one line: how many cells and open tallies, and a digest of all of them.
-- name: ctl_figures_digest :many
SELECT m.code, coalesce(c.n, 0)::text AS cells, coalesce(t.n, 0)::text AS tallies, coalesce(t.total, 0)::text AS total,
       concat_ws(' ', c.digest, d.digest, t.digest) AS digest
  FROM monitoring.measure m
  LEFT JOIN (SELECT measure, count(*) AS n, md5(string_agg(concat_ws(' ', area_code, tag, month, n), ',' ORDER BY area_code, tag, month)) AS digest
               FROM monitoring.cell WHERE n <> 0 GROUP BY 1) c ON c.measure = m.id
  LEFT JOIN (SELECT measure, md5(string_agg(concat_ws(' ', county_code, tag, on_day, n), ',' ORDER BY county_code, tag, on_day)) AS digest
               FROM monitoring.cell_day WHERE n <> 0 GROUP BY 1) d ON d.measure = m.id
  LEFT JOIN (SELECT measure, count(*) AS n, sum(value) AS total,
                    md5(string_agg(md5(concat_ws(' ', fact_id, leg, on_day, value, person_id, org_id, tags, county_code, area_code)), ''
                        ORDER BY fact_id, leg)) AS digest
               FROM monitoring.tally WHERE gone = 9223372036854775807 GROUP BY 1) t ON t.measure = m.id
 ORDER BY m.code;

-- name: ctl_figures_cells :many
-- args: measure text
SELECT concat_ws(' ', c.area_code, nullif(c.tag, ''), to_char(c.month, 'YYYY-MM')) AS cell, c.n::text AS n
  FROM monitoring.cell c JOIN monitoring.measure m ON m.id = c.measure
 WHERE m.code = $measure AND c.n <> 0
 ORDER BY concat_ws(' ', c.area_code, nullif(c.tag, ''), to_char(c.month, 'YYYY-MM')) COLLATE "C";
