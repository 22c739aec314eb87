-- What officers are told by the clock.

-- name: desk_turn :one
SELECT monitoring.desk_turn() AS n;
