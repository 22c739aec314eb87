-- Replies kept under an Idempotency-Key, in the transaction of their change.

-- name: idempotency_find :one
-- args: client text, route text, key text, fingerprint bytea
/* The lock lasts as long as the transaction: whoever does not get it is asking
   while the same request is running. A snapshot older than the lock misses the
   other's row; then idempotency_store fails on the primary key. */
SELECT pg_try_advisory_xact_lock(hashtextextended(
           concat_ws(' ', '@schema@.idempotency', $1, $2, $3), 0)) AS mine,
       i.key IS NOT NULL AS known, i.fingerprint = $4 AS same, i.status, i.response
  FROM (VALUES (1)) AS one
  LEFT JOIN @schema@.idempotency AS i ON i.client = $1 AND i.route = $2 AND i.key = $3;

-- The reply and the row of the audit trail, with the change.
-- name: idempotency_store :exec
-- args: keyed_by text, keyed_route text, key text, fingerprint bytea, kept_status int4,
--       response text,
--       actor uuid, roles text, assisted bool, person uuid, org uuid, account text, action text,
--       route text, object text, people text[], county text, area text, status int8, error text,
--       reason text, request uuid, trace text, client text, outlet uuid
WITH kept AS (
    INSERT INTO @schema@.idempotency (client, route, key, fingerprint, status, response)
    VALUES ($keyed_by, $keyed_route, $key, $fingerprint, $kept_status, $response)
)
INSERT INTO @schema@.audit (actor, roles, assisted, person_id, org_id, account, action, route,
       object_id, people, county_code, area_code, status, error, reason, request_id, trace_id,
       client, outlet)
VALUES ($actor, $roles, $assisted, $person, $org, $account, $action, $route, $object,
       $people::text[]::uuid[], $county, $area, $status, $error, $reason, $request, $trace,
       $client, $outlet);

-- name: idempotency_sweep :exec
-- args: keep_hours int4
DELETE FROM @schema@.idempotency
 WHERE created_at < clock_timestamp() - make_interval(hours => $1);
