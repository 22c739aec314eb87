-- The index of open postings in memory: filled, and followed by the log.

-- Where the log ends, and the business day, as one moment.
-- name: index_head :one read
SELECT coalesce((SELECT max(seq) FROM jobs.event_log), 0) AS head, platform.today() AS today;

-- The oldest first: the index keeps them in this order.
-- name: index_batch :many read
-- args: after_us int8, after_id uuid, lim int8
SELECT v.* FROM jobs.vacancy_indexed v
 WHERE (v.posted_at, v.id) > (timestamptz 'epoch' + $after_us * interval '1 microsecond', $after_id)
 ORDER BY v.posted_at, v.id
 LIMIT $lim;

-- What is not among the answers is not open any more.
-- name: index_read :many read
-- args: ids text[]
SELECT v.* FROM jobs.vacancy_indexed v
 WHERE v.id = ANY ($ids::text[]::uuid[])
 ORDER BY v.posted_at, v.id;

-- name: index_log :many read
-- args: after int8, lim int8
SELECT e.seq, e.type, e.key FROM jobs.event_log e
 WHERE e.seq > $after ORDER BY e.seq LIMIT $lim;

-- What was committed and is not taken in yet, numbered or not.
-- name: index_told :many read
-- args: after int8, lim int8
SELECT e.type, e.key FROM jobs.event_log e
 WHERE e.seq > $after AND e.type = 'jobs.vacancy.changed.v1'
UNION ALL
(SELECT o.type, o.key FROM jobs.outbox o WHERE o.type = 'jobs.vacancy.changed.v1'
  ORDER BY o.ord DESC LIMIT $lim);

-- For the checker: what ought to be held, by id.
-- name: index_stamps :many read
-- args: after_id uuid, lim int8
SELECT v.id, v.posted_us, v.changed_us FROM jobs.vacancy_indexed v
 WHERE v.id > $after_id ORDER BY v.id LIMIT $lim;

-- name: index_stamps_of :many read
-- args: ids text[]
SELECT v.id, v.posted_us, v.changed_us FROM jobs.vacancy_indexed v
 WHERE v.id = ANY ($ids::text[]::uuid[]);

-- Nothing that was committed waits for its number.
-- name: index_pending :one read
SELECT coalesce((SELECT max(seq) FROM jobs.event_log), 0) AS head,
       NOT EXISTS (SELECT FROM jobs.outbox) AS told;
