-- Leases of periodic work, one row a job and schema.

-- name: job_claim :one
-- args: name text, holder uuid, lease_ms int8
INSERT INTO @schema@.job_lock AS j (name, holder, until)
VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
ON CONFLICT (name) DO UPDATE
   SET holder = excluded.holder, until = excluded.until
 WHERE j.until < clock_timestamp() OR j.holder = excluded.holder
RETURNING j.name;
