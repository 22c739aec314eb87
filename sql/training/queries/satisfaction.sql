-- What trainees say of their training, what the institution answers, and the figures of both
-- this and of certificates.

-- name: satisfaction_rate :one
-- args: id uuid, caller_person uuid, stars int4, reasons jsonb, note text, answer_days int4
WITH found AS (
    SELECT e.* FROM training.enrolment e WHERE e.id = $id AND e.person_id = $caller_person
), made AS (
    INSERT INTO training.rating AS r (enrolment_id, class_id, class_title, org_id, person_id, stars, reasons, note,
                                      answer_due, county_code, area_code)
    SELECT f.id, f.class_id, f.class_title, f.org_id, f.person_id, $stars, ARRAY(SELECT DISTINCT x ->> 'code' FROM jsonb_array_elements(coalesce($reasons, '[]'::jsonb)) AS x ORDER BY 1), $note,
           CASE WHEN $stars <= 2 AND $answer_days > 0 THEN platform.today() + $answer_days END, f.county_code, f.area_code
      FROM found f WHERE f.completed_on IS NOT NULL
        ON CONFLICT (enrolment_id) DO NOTHING
    RETURNING r AS r
)
SELECT training.rating_reply(r) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN f.completed_on IS NULL THEN 'training.not_completed' ELSE 'training.already_rated' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM made);

-- name: satisfaction_answer :one
-- args: id uuid, caller_org uuid, answer text
WITH found AS (
    SELECT r.id FROM training.rating r WHERE r.id = $id AND r.org_id = $caller_org
), moved AS (
    UPDATE training.rating AS r SET answer = $answer, answered_by = platform.actor(), answered_on = platform.today()
      FROM found WHERE r.id = found.id AND r.answer IS NULL
    RETURNING r AS r
)
SELECT training.rating_reply(r) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: satisfaction_list :many read
-- args: after text, lim int4, class_id uuid, bad bool, overdue bool
SELECT training.rating_reply(r) AS reply, r.id::text AS cursor
  FROM training.rating r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($class_id::uuid IS NULL OR r.class_id = $class_id)
   AND (NOT coalesce($bad, false) OR r.stars <= 2)
   AND (NOT coalesce($overdue, false) OR (r.answer IS NULL AND r.answer_due < platform.today()))
 ORDER BY r.id DESC
 LIMIT $lim;

-- name: satisfaction_figures :many read
-- args: by text, from_on date, to_on date, hidden bool
SELECT jsonb_build_object('key', g.key, 'n', n.n, 'hidden', n.n IS NULL,
           'satisfied', CASE WHEN n.n IS NOT NULL THEN g.satisfied END,
           'satisfied_permille', CASE WHEN n.n IS NOT NULL THEN g.satisfied * 1000 / n.n END,
           'target_permille', 980,
           'unanswered', CASE WHEN n.n IS NOT NULL THEN g.unanswered END)::text AS reply, g.key AS cursor
  FROM (SELECT CASE $by WHEN 'class' THEN r.class_id::text WHEN 'institution' THEN r.org_id::text
                        ELSE r.county_code END AS key,
               count(*) AS n, count(*) FILTER (WHERE r.stars >= 3) AS satisfied,
               count(*) FILTER (WHERE r.stars <= 2 AND r.answer IS NULL) AS unanswered
          FROM training.rating r WHERE r.rated_on BETWEEN $from_on AND $to_on GROUP BY 1) AS g
 CROSS JOIN LATERAL (SELECT CASE WHEN NOT $hidden OR g.n >= 5 THEN g.n END) AS n (n)
 ORDER BY g.key;

-- 取证率 of the classes that ended between the days, by the denominator the city has set.
-- name: certificate_rate :many read
-- args: by text, rate_of text, from_on date, to_on date, hidden bool
SELECT jsonb_build_object('key', g.key, 'hidden', n.n IS NULL, 'rate_of', $rate_of,
           'enrolled', CASE WHEN n.n IS NOT NULL THEN g.enrolled END,
           'completed', CASE WHEN n.n IS NOT NULL THEN g.completed END,
           'examined', CASE WHEN n.n IS NOT NULL THEN g.examined END,
           'certified', CASE WHEN n.n IS NOT NULL THEN g.certified END,
           'certified_permille', CASE WHEN n.n > 0 THEN g.certified * 1000 / n.n END,
           'target_permille', 950)::text AS reply, g.key AS cursor
  FROM (SELECT CASE $by WHEN 'class' THEN c.id::text WHEN 'institution' THEN c.org_id::text
                        WHEN 'occupation' THEN coalesce(c.occupation_code, '-') ELSE c.county_code END AS key,
               count(*) AS enrolled, count(*) FILTER (WHERE e.completed_on IS NOT NULL) AS completed,
               count(*) FILTER (WHERE e.score IS NOT NULL) AS examined,
               count(t.id) FILTER (WHERE t.revoked_on IS NULL) AS certified
          FROM training.class c JOIN training.enrolment e ON e.class_id = c.id AND e.state = 'enrolled'
          LEFT JOIN training.certificate t ON t.enrolment_id = e.id
         WHERE c.ends_on BETWEEN $from_on AND $to_on GROUP BY 1) AS g
 CROSS JOIN LATERAL (SELECT CASE $rate_of WHEN 'enrolled' THEN g.enrolled WHEN 'examined' THEN g.examined
                                          ELSE g.completed END) AS d (d)
 CROSS JOIN LATERAL (SELECT CASE WHEN NOT $hidden OR g.enrolled >= 5 THEN d.d END) AS n (n)
 ORDER BY g.key;
