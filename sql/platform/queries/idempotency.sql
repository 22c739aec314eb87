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

-- name: idempotency_store :exec
-- args: client text, route text, key text, fingerprint bytea, status int4, response text
INSERT INTO @schema@.idempotency (client, route, key, fingerprint, status, response)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: idempotency_sweep :exec
-- args: keep_hours int4
DELETE FROM @schema@.idempotency
 WHERE created_at < clock_timestamp() - make_interval(hours => $1);
