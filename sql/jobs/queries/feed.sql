-- Postings as a snapshot, then as changes.

-- The open ones by id. `head` is the log's end as these rows were read: whatever
-- happened before is in them, or in the changes behind the first head of all.
-- name: feed_snapshot :many read
-- args: after uuid, lim int8
SELECT h.head, v.reply, v.id
  FROM (SELECT jobs.feed_head() AS head) AS h
  LEFT JOIN LATERAL (
       SELECT jobs.feed_item(NULL, p.id, p) AS reply, p.id
         FROM jobs.vacancy p WHERE p.state = 'open' AND p.id > $after
        ORDER BY p.id LIMIT $lim) AS v ON true
 ORDER BY v.id;

-- A posting that changed twice in a page is told once, as it is now.
-- name: feed_changes :many read
-- args: after int8, lim int4
WITH page AS MATERIALIZED (
    SELECT c.seq, c.vacancy_id FROM jobs.feed_changes($after, $lim) AS c
), last AS (
    SELECT DISTINCT ON (p.vacancy_id) p.seq, p.vacancy_id FROM page p ORDER BY p.vacancy_id, p.seq DESC
)
SELECT k.kept, k.head, k.n, k.upto, i.reply
  FROM (SELECT jobs.feed_keeps($after) AS kept, jobs.feed_head() AS head, count(*) AS n,
               max(p.seq) AS upto FROM page p) AS k
  LEFT JOIN LATERAL (
       SELECT l.seq, jobs.feed_item(l.seq, l.vacancy_id, v) AS reply
         FROM last l LEFT JOIN jobs.vacancy v ON v.id = l.vacancy_id) AS i ON true
 ORDER BY i.seq;
