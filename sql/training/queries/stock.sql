-- Skilled workers: certificates from elsewhere taken in, and everybody counted once.

-- name: held_put :one
-- args: rows jsonb
SELECT p.applied, p.same, p.faults::text AS faults FROM training.held_put($rows) AS p;

-- name: stock_figures :many read
-- args: by text, hidden bool
SELECT jsonb_build_object('key', g.key, 'people', n.n, 'hidden', n.n IS NULL)::text AS reply, g.key AS cursor
  FROM (SELECT CASE $by WHEN 'level' THEN h.level::text WHEN 'occupation' THEN h.occupation_code
                        WHEN 'county' THEN h.county_code ELSE 'all' END AS key, count(*) AS n
          FROM training.skill_holder h GROUP BY 1) AS g
 CROSS JOIN LATERAL (SELECT CASE WHEN NOT $hidden OR g.n >= 5 THEN g.n END) AS n (n)
 ORDER BY g.key;
