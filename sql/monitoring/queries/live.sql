-- The live board: what the log says after a place in it, and the counters.

-- Numbers are dense: `upto` is the head, or where a page of them ends.
-- name: live_log :many read
-- args: after int8, lim int8
SELECT head.upto, e.seq, e.type, e.key, e.area_code, e.payload::text AS payload,
       (extract(epoch FROM e.occurred_at) * 1000000)::int8 AS occurred_us,
       (extract(epoch FROM e.recorded_at) * 1000000)::int8 AS recorded_us
  FROM (SELECT least(coalesce(max(seq), 0), $after + $lim) AS upto FROM monitoring.event_log) AS head
  LEFT JOIN LATERAL (
       SELECT * FROM monitoring.event_log l
        WHERE l.seq > $after AND l.seq <= head.upto
          AND (l.type = 'monitoring.figure.moved.v1' OR l.type LIKE 'monitoring.alert.%')) AS e ON true
 ORDER BY e.seq;

-- name: live_head :one read
-- args:
SELECT coalesce(max(seq), 0) AS seq FROM monitoring.event_log;

-- The last that was said of each alert.
-- name: live_alerts :many read
-- args: upto int8
SELECT DISTINCT ON (l.key) l.seq, l.type, l.key, l.area_code, l.payload::text AS payload,
       (extract(epoch FROM l.recorded_at) * 1000000)::int8 AS recorded_us
  FROM monitoring.event_log l
 WHERE l.type LIKE 'monitoring.alert.%' AND l.seq <= $upto
 ORDER BY l.key, l.seq DESC;

-- This year's sum and today's, of the live measures named (NULL: all) in areas.
-- What counts fewer than five in a county is small; of money, what fewer than
-- five were paid.
-- name: live_counters :many read
-- args: today date, measures text[], areas text[]
WITH counted AS (
    SELECT m.id, m.code, m.name, m.counts, a.area,
           monitoring.total(m.id, a.area, '', date_trunc('year', $today)::date, $today) AS value,
           coalesce((SELECT d.n FROM monitoring.cell_day d
                      WHERE d.measure = m.id AND d.county_code = a.area AND d.tag = '' AND d.on_day = $today), 0) AS today
      FROM monitoring.measure m CROSS JOIN unnest($areas::text[]) AS a (area)
     WHERE m.is_live AND ($measures::text[] IS NULL OR m.code = ANY ($measures))
)
SELECT c.code, c.name, CASE c.counts WHEN 'amount' THEN 'amount' WHEN 'persons' THEN 'persons' ELSE 'facts' END AS counts,
       c.area, c.value::int8 AS value, c.today::int8 AS today,
       (c.area <> '431100' AND c.value <> 0 AND CASE c.counts
            WHEN 'amount' THEN (SELECT count(*) FROM (SELECT FROM monitoring.tally t
                WHERE t.measure = c.id AND t.county_code = c.area AND t.gone = 9223372036854775807
                  AND t.on_day BETWEEN date_trunc('year', $today)::date AND $today LIMIT 5) AS few) < 5
            ELSE abs(c.value) < 5 END) AS is_small
  FROM counted c
 ORDER BY c.id, c.area;
