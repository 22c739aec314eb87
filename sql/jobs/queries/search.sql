-- Search: the postings of a page, and the words that mean the same.

-- In the order of the ids; what closed meanwhile is left out. `metres`: as many
-- numbers as ids, -1 where the distance is not known.
-- name: search_page :many read
-- args: ids text[], metres text[]
SELECT CASE WHEN d.metre::int8 < 0 THEN jobs.vacancy_reply(v)
            ELSE rtrim(jobs.vacancy_reply(v), '}') || ', "distance_m": ' || d.metre || '}' END AS reply
  FROM unnest($ids::text[], $metres::text[]) WITH ORDINALITY AS d (id, metre, n)
  JOIN jobs.vacancy v ON v.id = d.id::uuid
 WHERE v.state = 'open' AND v.expires_on >= platform.today()
 ORDER BY d.n;

-- name: synonym_all :many read
SELECT array_to_string(s.words, E'\x1f') AS words FROM jobs.synonym s
 WHERE s.from_on <= platform.today() AND s.withdrawn_on IS NULL
 ORDER BY s.id;

-- name: synonym_list :many read
-- args: after text, lim int4, word text, all_days bool?
SELECT jobs.synonym_reply(s) AS reply, s.id::text AS cursor FROM jobs.synonym s
 WHERE s.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($word::text IS NULL OR lower($word) = ANY (s.words))
   AND (coalesce($all_days::bool, false) OR s.withdrawn_on IS NULL)
 ORDER BY s.id DESC LIMIT $lim;

-- name: synonym_add :one tells
-- args: new_id uuid, words text, note text, from_on date
INSERT INTO jobs.synonym AS s (id, words, note, from_on)
SELECT $new_id, w, $note, coalesce($from_on, platform.today())
  FROM jobs.synonym_words($words) AS w
 WHERE CASE WHEN NOT jobs.in_city() THEN platform.refuse('auth.area')
            WHEN cardinality(w) NOT BETWEEN 2 AND 8 THEN platform.refuse('jobs.synonym_words /words')
            END IS NULL
RETURNING jobs.synonym_reply(s) AS reply;

-- name: synonym_put :one tells
-- args: id uuid, words text, note text
WITH found AS (
    SELECT s.id, s.withdrawn_on, jobs.synonym_words($words) AS words
      FROM jobs.synonym s WHERE s.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.synonym AS s SET words = found.words, note = $note
      FROM found WHERE s.id = found.id AND found.withdrawn_on IS NULL
       AND cardinality(found.words) BETWEEN 2 AND 8
    RETURNING s AS s
)
SELECT jobs.synonym_reply(s) AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN found.withdrawn_on IS NULL THEN 'jobs.synonym_words /words'
                            ELSE 'jobs.synonym_over' END)
  FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: synonym_withdraw :one tells
-- args: id uuid
WITH found AS (
    SELECT s.id, s.withdrawn_on FROM jobs.synonym s WHERE s.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.synonym AS s SET withdrawn_on = platform.today()
      FROM found WHERE s.id = found.id AND found.withdrawn_on IS NULL
    RETURNING s AS s
)
SELECT jobs.synonym_reply(s) AS reply FROM moved
UNION ALL
SELECT platform.refuse('jobs.synonym_over') FROM found WHERE NOT EXISTS (SELECT FROM moved);
