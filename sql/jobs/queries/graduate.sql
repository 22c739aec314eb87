-- 离校未就业高校毕业生实名台账 (永政办发〔2024〕15号 二（三）7).

-- rows: [{l: line, i: id_index, n: masked name, s: school, m: major, e: education, d: graduated on,
-- c: county, a: area}]. Sent again, a row changes nothing.
-- name: graduate_add :one tells
-- args: rows jsonb
WITH input AS (
    SELECT DISTINCT ON (r.i) r.*, jobs.roster_person(r.i) AS person_id
      FROM jsonb_to_recordset($rows) AS r (l bigint, i text, n text, s text, m text, e text, d date, c text, a text)
     ORDER BY r.i, r.l
), put AS (
    INSERT INTO jobs.graduate AS g (id_index, person_id, name_masked, school, major, education_code, graduated_on,
                                    is_priority, county_code, area_code)
    SELECT x.i, x.person_id, x.n, x.s, x.m, x.e, x.d,
           EXISTS (SELECT FROM jobs.poverty_member v WHERE v.id_index = x.i), x.c, x.a FROM input x
    ON CONFLICT (id_index) DO UPDATE
       SET school = excluded.school, major = excluded.major, education_code = excluded.education_code,
           graduated_on = excluded.graduated_on, area_code = excluded.area_code
     WHERE g.county_code = excluded.county_code
       AND (g.school, g.major, g.education_code, g.graduated_on, g.area_code) IS DISTINCT FROM
           (excluded.school, excluded.major, excluded.education_code, excluded.graduated_on, excluded.area_code)
    RETURNING g.id, g.person_id, g.employed_on
), opened AS (
    SELECT jobs.help_open(p.person_id, 'graduate', p.id) AS id FROM put p
     WHERE p.person_id IS NOT NULL AND p.employed_on IS NULL
)
SELECT (SELECT count(*) FROM put) AS applied, (SELECT count(*) FROM input) AS rows,
       (SELECT count(*) FROM input x WHERE x.person_id IS NOT NULL) AS matched,
       (SELECT count(*) FROM opened) AS opened,
       (SELECT jsonb_agg((r ->> 'l')::bigint)::text FROM jsonb_array_elements($rows) r
         WHERE NOT EXISTS (SELECT FROM input x WHERE x.l = (r ->> 'l')::bigint)) AS duplicates;

-- 雨露计划+ first.
-- name: graduate_list :many read
-- args: after text, lim int4, county_code text, officer_id uuid, contact_result text, is_employed bool?,
--       is_followed bool?
SELECT jobs.graduate_json(g)::text AS reply, g.is_priority::int || ' ' || g.id AS cursor
  FROM jobs.graduate g
 WHERE platform.in_areas(g.county_code, g.area_code)
   AND ($after::text IS NULL OR (g.is_priority::int, g.id) <
        (split_part($after, ' ', 1)::int, split_part($after, ' ', 2)::uuid))
   AND ($county_code::text IS NULL OR g.county_code = $county_code)
   AND ($officer_id::uuid IS NULL OR g.officer_id = $officer_id)
   AND ($contact_result::text IS NULL OR g.contact_result = $contact_result)
   AND ($is_employed::bool IS NULL OR (g.employed_on IS NOT NULL) = $is_employed)
   AND ($is_followed::bool IS NULL OR (g.followed_on IS NOT NULL) = $is_followed)
 ORDER BY g.is_priority::int DESC, g.id DESC
 LIMIT $lim;

-- name: graduate_get :one read
-- args: id uuid
SELECT jobs.graduate_json(g)::text AS reply FROM jobs.graduate g WHERE g.id = $id;

-- One to one: the officer of the roster is the officer of the case.
-- name: graduate_assign :one
-- args: id uuid, officer uuid, station_id uuid
WITH moved AS (
    UPDATE jobs.graduate g SET officer_id = $officer, station_id = coalesce($station_id, g.station_id)
     WHERE g.id = $id RETURNING g AS g
), also AS (
    UPDATE jobs.help_case k SET officer_id = $officer FROM moved m
     WHERE k.person_id = (m.g).person_id AND k.state <> 'closed'
)
SELECT jobs.graduate_json(g)::text AS reply FROM moved;

-- For those who are not registered yet, and for what only the roster asks.
-- name: graduate_follow :one tells
-- args: id uuid, contacted_on date, contact_result text, is_willing bool?, is_served bool?
WITH found AS (
    SELECT g.id, g.graduated_on FROM jobs.graduate g WHERE g.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.graduate g
       SET contact_result = CASE WHEN $contact_result = 'unreached' AND g.contact_result IS NOT NULL
                                 THEN g.contact_result ELSE $contact_result END,
           is_willing = coalesce($is_willing, CASE WHEN $contact_result = 'unreached' THEN g.is_willing
               ELSE $contact_result IN ('seeking', 'employed', 'self_employed') END),
           followed_on = CASE WHEN $contact_result = 'unreached' THEN g.followed_on
                              ELSE greatest(g.followed_on, $contacted_on) END,
           served_on = CASE WHEN $is_served THEN greatest(g.served_on, $contacted_on) ELSE g.served_on END,
           employed_on = CASE WHEN $contact_result IN ('employed', 'self_employed')
                              THEN coalesce(g.employed_on, $contacted_on)
                              WHEN $contact_result = 'seeking' THEN NULL ELSE g.employed_on END
      FROM found f WHERE g.id = f.id AND $contacted_on BETWEEN f.graduated_on AND platform.today()
    RETURNING g AS g
)
SELECT jobs.graduate_json(g)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN $contacted_on > platform.today() THEN 'field.date_future /contacted_on'
                            ELSE 'field.date_order /contacted_on' END) FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- DOMAIN §5: follow-up and service ÷ roster, employed ÷ willing.
-- name: graduate_figure_list :one read
-- args: graduated_from date, graduated_to date, hides bool
WITH counted AS (
    SELECT g.county_code, count(*) AS persons, count(g.followed_on) AS followed, count(g.served_on) AS served,
           count(*) FILTER (WHERE g.is_willing OR g.employed_on IS NOT NULL) AS willing, count(g.employed_on) AS employed
      FROM jobs.graduate g
     WHERE platform.in_areas(g.county_code, g.area_code)
       AND ($graduated_from::date IS NULL OR g.graduated_on >= $graduated_from)
       AND ($graduated_to::date IS NULL OR g.graduated_on <= $graduated_to)
     GROUP BY g.county_code
), shown AS (
    SELECT c.*, $hides AND (c.persons < 5 OR c.followed BETWEEN 1 AND 4 OR c.served BETWEEN 1 AND 4
        OR c.willing BETWEEN 1 AND 4 OR c.employed BETWEEN 1 AND 4) AS hidden FROM counted c
)
SELECT jsonb_build_object(
    'targets', (SELECT jsonb_object_agg(t.code, t.value) FROM jobs.roster_target t WHERE t.code LIKE 'graduate\_%'),
    'target_source', (SELECT min(t.source) FROM jobs.roster_target t WHERE t.code LIKE 'graduate\_%'),
    'items', coalesce(jsonb_agg(jsonb_build_object('county_code', s.county_code, 'hidden', s.hidden)
        || CASE WHEN s.hidden THEN '{}'::jsonb ELSE jsonb_build_object('persons', s.persons, 'followed', s.followed,
            'served', s.served, 'willing', s.willing, 'employed', s.employed,
            'follow_up_rate_bp', s.followed * 10000 / s.persons, 'service_rate_bp', s.served * 10000 / s.persons,
            'employment_rate_bp', s.employed * 10000 / nullif(s.willing, 0)) END
        ORDER BY s.county_code), '[]'))::text AS reply
  FROM shown s;
