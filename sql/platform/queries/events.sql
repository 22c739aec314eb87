-- Events: from the outbox to the log, positions of consumers, parked events.

-- name: outbox_put :exec
-- args: type text, key text, area_code text, payload jsonb
INSERT INTO @schema@.outbox (type, key, area_code, payload)
VALUES ($type, $key, $area_code, $payload);

-- name: outbox_move :many
-- args: lim int8
/* One relay at a time: the lock lasts until this transaction is visible, so a
   seq becomes readable only after all lower ones. A relay whose snapshot is
   older than its lock finds its rows gone, or fails on the primary key. */
WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtextextended('@schema@.outbox', 0)) AS mine
), gone AS (
    DELETE FROM @schema@.outbox
     WHERE ctid = ANY (ARRAY(SELECT o.ctid FROM @schema@.outbox AS o
                              WHERE (SELECT mine FROM turn)
                              ORDER BY o.ord LIMIT $lim))
    RETURNING *
), head AS (
    SELECT coalesce(max(seq), 0) AS seq FROM @schema@.event_log
), moved AS (
    INSERT INTO @schema@.event_log
           (seq, id, type, key, area_code, payload, occurred_at, recorded_at, trace)
    SELECT head.seq + row_number() OVER (ORDER BY gone.ord),
           gone.id, gone.type, gone.key, gone.area_code, gone.payload,
           gone.occurred_at, gone.recorded_at, gone.trace
      FROM gone CROSS JOIN head
    RETURNING *
)
SELECT turn.mine, head.seq AS head, moved.seq, moved.id, moved.type, moved.key,
       moved.area_code, moved.payload, moved.trace,
       (extract(epoch FROM moved.occurred_at) * 1000000)::int8 AS occurred_us,
       (extract(epoch FROM moved.recorded_at) * 1000000)::int8 AS recorded_us
  FROM turn CROSS JOIN head LEFT JOIN moved ON true
 ORDER BY moved.seq;

-- name: event_page :many read
-- args: after int8, lim int8
SELECT head.seq AS head, e.seq, e.id, e.type, e.key, e.area_code, e.payload, e.trace,
       (extract(epoch FROM e.occurred_at) * 1000000)::int8 AS occurred_us,
       (extract(epoch FROM e.recorded_at) * 1000000)::int8 AS recorded_us
  FROM (SELECT coalesce(max(seq), 0) AS seq FROM @schema@.event_log) AS head
  LEFT JOIN LATERAL (
       SELECT * FROM @schema@.event_log WHERE seq > $after ORDER BY seq LIMIT $lim) AS e ON true
 ORDER BY e.seq;

-- name: cursor_open :one
-- args: source text
INSERT INTO @schema@.event_cursor AS c (source, seq) VALUES ($source, 0)
ON CONFLICT (source) DO UPDATE SET seq = c.seq
RETURNING c.seq;

-- name: cursor_move :one
-- args: source text, was int8, seq int8
/* A crash may take back the last commits of a consumer, effect and position
   together: they are made again from the log. So nobody waits for the disk. */
UPDATE @schema@.event_cursor SET seq = $seq
 WHERE source = $source AND seq = $was
RETURNING seq, set_config('synchronous_commit', 'off', true) AS commit;

-- name: cursor_hold :one
-- args: source text
SELECT seq FROM @schema@.event_cursor WHERE source = $source FOR UPDATE;

-- name: parked_keys :many
-- args: source text
SELECT DISTINCT key FROM @schema@.event_parked WHERE source = $source;

-- name: parked_before :one
-- args: source text, key text, seq int8
SELECT EXISTS (SELECT FROM @schema@.event_parked
                WHERE source = $source AND key = $key AND seq < $seq) AS found;

-- name: parked_put :exec
-- args: source text, seq int8, type text, key text, error text, event jsonb
INSERT INTO @schema@.event_parked (source, seq, type, key, error, event)
VALUES ($source, $seq, $type, $key, $error, $event)
ON CONFLICT DO NOTHING;

-- name: parked_list :many
-- args: lim int8, after text
SELECT jsonb_build_object('source', source, 'seq', seq, 'type', type, 'key', key,
                          'error', error, 'event', event, 'parked_at', parked_at)::text AS reply,
       source || ' ' || lpad(seq::text, 19, '0') AS cursor
  FROM @schema@.event_parked
 WHERE $after::text IS NULL OR source || ' ' || lpad(seq::text, 19, '0') > $after
 ORDER BY 2 LIMIT $lim;

-- name: parked_take :one
-- args: source text, seq int8
DELETE FROM @schema@.event_parked WHERE source = $source AND seq = $seq
RETURNING key, event;
