-- The transaction's own statements, sent by the pool (shared/db).

-- Returns no row: the answer to it is as short as it can be.
-- name: scope_set :exec read
-- args: scope text
SELECT WHERE set_config('app.scope', $scope, true) IS NULL;

-- name: tx_begin :exec
BEGIN;

-- name: tx_commit :exec
COMMIT;

-- name: tx_rollback :exec
ROLLBACK;
