-- Written by the mentor once the hour has begun.
-- name: guidance_give :one tells
-- args: id uuid, caller_person uuid, topics jsonb, advice text, next_steps text, next_on date
WITH found AS (
    SELECT b.* FROM entrepreneurship.booking b WHERE b.id = $id AND b.mentor_person = $caller_person
), made AS (
    INSERT INTO entrepreneurship.guidance AS g (booking_id, mentor_id, mentor_person, studio_id, person_id, topics,
                                                advice, next_steps, next_on, given_on, county_code, area_code)
    SELECT b.id, b.mentor_id, b.mentor_person, b.studio_id, b.person_id,
           entrepreneurship.words_of($topics, entrepreneurship.mentor_fields(), '/topics'), $advice, $next_steps, $next_on,
           (b.starts_at AT TIME ZONE 'Asia/Shanghai')::date, b.county_code, b.area_code
      FROM found b WHERE b.state = 'booked' AND b.starts_at <= platform.now()
    RETURNING g AS g
)
SELECT (entrepreneurship.guidance_json(g) || jsonb_build_object('files', '[]'::jsonb))::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM made);

-- name: guidance_answer :one tells
-- args: id uuid, person uuid, confirm bool, answer text
WITH found AS (
    SELECT g.id, g.state FROM entrepreneurship.guidance g WHERE g.id = $id AND g.person_id = $person FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.guidance AS g
       SET state = CASE WHEN $confirm THEN 'confirmed' ELSE 'disputed' END, answer = $answer, answered_at = platform.now()
      FROM found f WHERE g.id = f.id AND f.state = 'given'
    RETURNING g AS g
)
SELECT (entrepreneurship.guidance_json(g) || jsonb_build_object('files', entrepreneurship.guidance_files((g).id)))::text AS reply
  FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- Once, of a meeting that took place.
-- name: guidance_rate :one tells
-- args: id uuid, caller_person uuid, stars int4, reasons jsonb, words text
WITH found AS (
    SELECT g.* FROM entrepreneurship.guidance g WHERE g.id = $id AND g.person_id = $caller_person
), made AS (
    INSERT INTO entrepreneurship.mentor_rating AS r (guidance_id, mentor_id, person_id, stars, reasons, words,
                                                     county_code, area_code)
    SELECT g.id, g.mentor_id, g.person_id, $stars, entrepreneurship.words_of($reasons, ARRAY['helpful', 'clear',
           'patient', 'expert', 'late', 'unprepared', 'off_topic', 'selling'], '/reasons'), $words, g.county_code, g.area_code
      FROM found g WHERE g.state = 'confirmed'
    ON CONFLICT DO NOTHING
    RETURNING r.*
)
SELECT jsonb_build_object('guidance_id', r.guidance_id, 'mentor_id', r.mentor_id, 'stars', r.stars,
           'reasons', r.reasons, 'words', r.words)::text AS reply FROM made r
UNION ALL
SELECT platform.refuse(CASE f.state WHEN 'confirmed' THEN 'state.exists' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM made);

-- name: guidance_list :many read
-- args: after text, lim int4, state text, county_code text
SELECT (entrepreneurship.guidance_json(g) || jsonb_build_object('files', entrepreneurship.guidance_files(g.id)))::text AS reply,
       g.id::text AS cursor
  FROM entrepreneurship.guidance g
 WHERE ($state::text IS NULL OR g.state = $state) AND ($county_code::text IS NULL OR g.county_code = $county_code)
   AND g.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY g.id DESC
 LIMIT $lim;

-- name: guidance_whose :one read
-- args: id uuid, person uuid
SELECT g.county_code, g.area_code, g.state FROM entrepreneurship.guidance g
 WHERE g.id = $id AND $person IN (g.person_id, g.mentor_person);

-- name: guidance_file_may :one read
-- args: id uuid, person uuid
SELECT true AS may WHERE entrepreneurship.guidance_file_may($id, $person);
