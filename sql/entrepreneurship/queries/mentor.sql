-- name: mentor_ask :one tells
-- args: id uuid, caller_org uuid, person_id uuid
WITH studio AS (
    SELECT s.* FROM entrepreneurship.studio s WHERE s.id = $id AND s.org_id = $caller_org
), made AS (
    INSERT INTO entrepreneurship.mentor_seat AS x (studio_id, org_id, person_id, name_masked, county_code, area_code)
    SELECT s.id, s.org_id, $person_id, '', s.county_code, s.area_code
      FROM studio s WHERE s.state = 'recognised'
    RETURNING x AS x
)
SELECT entrepreneurship.mentor_seat_json(x)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('state.wrong') FROM studio WHERE NOT EXISTS (SELECT FROM made);

-- The person's own card, made or changed. Where they live is where they count.
-- name: mentor_card :one
-- args: caller_person uuid, name text, employer text, fields jsonb, intro text, shown bool
WITH said AS (
    SELECT entrepreneurship.words_of($fields, entrepreneurship.mentor_fields(), '/fields') AS fields
), made AS (
    INSERT INTO entrepreneurship.mentor AS m (person_id, name, employer, fields, intro, shown, county_code, area_code)
    SELECT p.id, $name, $employer, said.fields, $intro, $shown, p.county_code, p.area_code
      FROM entrepreneurship.person p, said WHERE p.id = $caller_person
    ON CONFLICT (person_id) DO UPDATE
       SET name = excluded.name, employer = excluded.employer, fields = excluded.fields, intro = excluded.intro,
           shown = excluded.shown
    RETURNING m AS m
)
SELECT entrepreneurship.mentor_json(m)::text AS reply FROM made
UNION ALL
SELECT platform.refuse('entrepreneurship.person_unknown') WHERE NOT EXISTS (SELECT FROM made);

-- name: mentor_own :one read
-- args: caller_person uuid
SELECT entrepreneurship.mentor_json(m)::text AS reply FROM entrepreneurship.mentor m WHERE m.person_id = $caller_person;

-- Without a card of one's own nobody becomes a mentor.
-- name: mentor_answer :one tells
-- args: id uuid, caller_person uuid, accept bool
WITH found AS (
    SELECT x.id, x.state, EXISTS (SELECT FROM entrepreneurship.mentor m WHERE m.person_id = $caller_person) AS has_card
      FROM entrepreneurship.mentor_seat x WHERE x.id = $id AND x.person_id = $caller_person FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.mentor_seat AS x
       SET state = CASE WHEN $accept THEN 'confirmed' ELSE 'declined' END,
           from_on = CASE WHEN $accept THEN platform.today() END
      FROM found f WHERE x.id = f.id AND f.state = 'asked' AND (f.has_card OR NOT $accept)
    RETURNING x AS x
)
SELECT entrepreneurship.mentor_seat_json(x)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state = 'asked' THEN 'entrepreneurship.mentor_card' ELSE 'state.wrong' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- By either side.
-- name: mentor_end :one tells
-- args: id uuid
WITH found AS (
    SELECT x.id, x.state FROM entrepreneurship.mentor_seat x
     WHERE x.id = $id AND (x.person_id = platform.person() OR x.org_id = platform.org()) FOR UPDATE
), moved AS (
    UPDATE entrepreneurship.mentor_seat AS x SET state = 'ended', to_on = platform.today()
      FROM found f WHERE x.id = f.id AND f.state = 'confirmed'
    RETURNING x AS x
)
SELECT entrepreneurship.mentor_seat_json(x)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: mentor_seat_list :many read
-- args: after text, lim int4, state text, county_code text
SELECT entrepreneurship.mentor_seat_json(x)::text AS reply, x.id::text AS cursor
  FROM entrepreneurship.mentor_seat x
 WHERE ($state::text IS NULL OR x.state = $state) AND ($county_code::text IS NULL OR x.county_code = $county_code)
   AND x.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY x.id DESC
 LIMIT $lim;

-- Those who agreed to be shown.
-- name: mentor_list :many read
-- args: after text, lim int4, county_code text, field text
SELECT entrepreneurship.mentor_json(m)::text AS reply, m.id::text AS cursor
  FROM entrepreneurship.mentor m
 WHERE m.shown AND m.active AND ($county_code::text IS NULL OR m.county_code = $county_code)
   AND ($field::text IS NULL OR $field = ANY (m.fields))
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY m.id DESC
 LIMIT $lim;

-- name: mentor_get :one read
-- args: id uuid
SELECT entrepreneurship.mentor_json(m)::text AS reply
  FROM entrepreneurship.mentor m WHERE m.id = $id AND m.shown AND m.active;

-- The year's work list: mentors whom no founder has confirmed to have met.
-- name: mentor_idle :many read
-- args: after text, lim int4, year int4, county_code text
SELECT entrepreneurship.mentor_json(m)::text AS reply, m.id::text AS cursor
  FROM entrepreneurship.mentor m
 WHERE m.active AND platform.in_areas(m.county_code, m.area_code)
   AND ($county_code::text IS NULL OR m.county_code = $county_code)
   AND NOT EXISTS (SELECT FROM entrepreneurship.guidance g WHERE g.mentor_person = m.person_id AND g.state = 'confirmed'
         AND date_part('year', g.given_on) = coalesce(nullif($year, 0), date_part('year', platform.today())::int))
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY m.id DESC
 LIMIT $lim;
