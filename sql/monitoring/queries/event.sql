-- Applying the other services' events; harmless the second time.

-- name: events_take :exec
-- args: source text, events jsonb
SELECT monitoring.take($source, $events);
