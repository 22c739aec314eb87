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
