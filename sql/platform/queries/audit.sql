-- The audit trail (shared/http/audit*.c) and its seals (shared/http/audit_seal.c).

-- In the change's own transaction, with its commit.
-- name: audit_put :exec
-- args: actor uuid, roles text, assisted bool, person uuid, org uuid, account text, action text,
--       route text, object text, people text[], county text, area text, status int8, error text,
--       reason text, request uuid, trace text, client text, outlet uuid
INSERT INTO @schema@.audit (actor, roles, assisted, person_id, org_id, account, action, route,
       object_id, people, county_code, area_code, status, error, reason, request_id, trace_id,
       client, outlet)
VALUES ($actor, $roles, $assisted, $person, $org, $account, $action, $route, $object,
       $people::text[]::uuid[], $county, $area, $status, $error, $reason, $request, $trace,
       $client, $outlet);

-- Sent behind the change before its answer is known: a statement that changed
-- nothing has no transaction number, and is not written down as a change.
-- name: audit_put_behind :exec
-- args: actor uuid, roles text, assisted bool, person uuid, org uuid, account text, action text,
--       route text, object text, people text[], county text, area text, status int8, error text,
--       reason text, request uuid, trace text, client text, outlet uuid
INSERT INTO @schema@.audit (actor, roles, assisted, person_id, org_id, account, action, route,
       object_id, people, county_code, area_code, status, error, reason, request_id, trace_id,
       client, outlet)
SELECT $actor, $roles, $assisted, $person, $org, $account, $action, $route, $object,
       $people::text[]::uuid[], $county, $area, $status, $error, $reason, $request, $trace,
       $client, $outlet
 WHERE pg_current_xact_id_if_assigned() IS NOT NULL;

-- Reads and refusals, some at once.
-- name: audit_batch :exec
-- args: rows jsonb
INSERT INTO @schema@.audit (at, business_at, actor, roles, assisted, person_id, org_id, account,
       action, route, object_id, people, county_code, area_code, status, error, reason,
       request_id, trace_id, client, outlet)
SELECT r.at, r.business_at, r.actor, r.roles, r.assisted, r.person_id, r.org_id, r.account,
       r.action, r.route, r.object_id, r.people, r.county_code, r.area_code, r.status, r.error,
       r.reason, r.request_id, r.trace_id, r.client, r.outlet
  FROM jsonb_to_recordset($rows) AS r (at timestamptz, business_at timestamptz, actor uuid,
       roles text, assisted boolean, person_id uuid, org_id uuid, account text, action text,
       route text, object_id text, people uuid[], county_code text, area_code text,
       status integer, error text, reason text, request_id uuid, trace_id text, client text,
       outlet uuid);

-- name: audit_list :many read
-- args: after int8?, lim int8, actor uuid, person uuid, action text, from_at timestamptz,
--       to_at timestamptz, result text
SELECT a.ord, a.at, a.business_at, a.actor, a.roles, a.assisted, a.person_id, a.org_id,
       a.account, a.action, a.route, a.object_id, to_json(a.people)::text AS people,
       a.county_code, a.area_code, a.status, a.error, a.reason, a.request_id, a.trace_id,
       a.client, a.outlet, (extract(epoch FROM a.at) * 1000000)::int8 AS at_us,
       (extract(epoch FROM a.business_at) * 1000000)::int8 AS business_us
  FROM @schema@.audit AS a
 WHERE a.ord < coalesce($after, 9223372036854775807)
   AND ($actor::uuid IS NULL OR a.actor = $actor)
   AND ($person::uuid IS NULL OR a.people @> ARRAY[$person::uuid] OR a.person_id = $person)
   AND ($action::text IS NULL OR a.action = $action OR starts_with(a.action, $action || '.'))
   AND ($from_at::timestamptz IS NULL OR a.at >= $from_at)
   AND ($to_at::timestamptz IS NULL OR a.at < $to_at)
   AND ($result::text IS NULL OR (a.status < 400) = ($result = 'done'))
 ORDER BY a.ord DESC LIMIT $lim;

-- Who looked at the caller's data, or changed it; by time, so that the lists of
-- all services can be made one.
-- name: audit_accesses :many read
-- args: before_ms int8?, before_ord int8, lim int8, person uuid
SELECT a.ord, a.roles, a.route, a.action, a.county_code, a.area_code, a.status, a.error,
       a.reason, a.client, (extract(epoch FROM a.at) * 1000000)::int8 AS at_us,
       floor(extract(epoch FROM a.at) * 1000)::int8 AS at_ms
  FROM @schema@.audit AS a
 WHERE a.people @> ARRAY[$person::uuid]
   AND ($before_ms::int8 IS NULL
        OR (floor(extract(epoch FROM a.at) * 1000)::int8, a.ord) < ($before_ms, $before_ord))
 ORDER BY at_ms DESC, a.ord DESC LIMIT $lim;

-- The last seal, and the oldest transaction still running: below it nothing joins.
-- name: audit_head :one
SELECT s.n, coalesce(s.to_xid, 0) AS to_xid, encode(s.hash, 'hex') AS hash,
       pg_snapshot_xmin(pg_current_snapshot())::text::int8 AS horizon
  FROM (VALUES (1)) AS one
  LEFT JOIN (SELECT * FROM @schema@.audit_seal ORDER BY n DESC LIMIT 1) AS s ON true;

-- The rows of some transactions as the text that is sealed.
-- name: audit_rows :many read
-- args: from_xid int8, to_xid int8, lim int8
SELECT a.ord, a.xid,
       ROW(a.ord, a.xid, (extract(epoch FROM a.at) * 1000000)::int8,
           (extract(epoch FROM a.business_at) * 1000000)::int8, a.actor, a.roles, a.assisted,
           a.person_id, a.org_id, a.account, a.action, a.route, a.object_id, a.people,
           a.county_code, a.area_code, a.status, a.error, a.reason, a.request_id, a.trace_id,
           a.client, a.outlet)::text AS text
  FROM @schema@.audit AS a
 WHERE a.xid >= $from_xid AND a.xid < $to_xid
 ORDER BY a.xid, a.ord LIMIT $lim;

-- name: audit_seal_put :exec
-- args: n int8, from_xid int8, to_xid int8, count int8, rows bytea, note text,
--       sealed_at timestamptz, hash bytea
INSERT INTO @schema@.audit_seal (n, from_xid, to_xid, count, rows, note, sealed_at, hash)
VALUES ($n, $from_xid, $to_xid, $count, $rows, $note, $sealed_at, $hash);

-- ---- the row log (sql/platform/080), sealed in the same way ----

-- name: row_head :one
SELECT s.n, coalesce(s.to_xid, 0) AS to_xid, encode(s.hash, 'hex') AS hash,
       pg_snapshot_xmin(pg_current_snapshot())::text::int8 AS horizon
  FROM (VALUES (1)) AS one
  LEFT JOIN (SELECT * FROM @schema@.row_seal ORDER BY n DESC LIMIT 1) AS s ON true;

-- name: row_rows :many read
-- args: from_xid int8, to_xid int8, lim int8
SELECT l.ord, l.xid, ROW(l.ord, l.xid, l.tbl, l.key, l.gone, l.by_app, l.why, l.digest)::text AS text
  FROM @schema@.row_log AS l
 WHERE l.xid >= $from_xid AND l.xid < $to_xid
 ORDER BY l.xid, l.ord LIMIT $lim;

-- name: row_seal_put :exec
-- args: n int8, from_xid int8, to_xid int8, count int8, rows bytea, note text,
--       sealed_at timestamptz, hash bytea
INSERT INTO @schema@.row_seal (n, from_xid, to_xid, count, rows, note, sealed_at, hash)
VALUES ($n, $from_xid, $to_xid, $count, $rows, $note, $sealed_at, $hash);
