-- Veterans and people with a card of disability: lists of their bureaus, declarations.

-- rows: [{g: group, l: line, i: id_index, n: masked name, f: from, t: to, c: county, a: area}]. Sent again,
-- a row changes nothing; one that an officer has ended stays ended.
-- name: group_member_add :one tells
-- args: rows jsonb
WITH input AS (
    SELECT DISTINCT ON (r.i) r.*, jobs.roster_person(r.i) AS person_id
      FROM jsonb_to_recordset($rows) AS r (g text, l bigint, i text, n text, f date, t date, c text, a text)
     ORDER BY r.i, r.l
), put AS (
    INSERT INTO jobs.group_member AS m (grp, id_index, person_id, name_masked, from_on, to_on, source, county_code, area_code)
    SELECT x.g, x.i, x.person_id, x.n, x.f, x.t, 'bureau', x.c, x.a FROM input x
    ON CONFLICT ON CONSTRAINT group_member_person_key DO UPDATE
       SET from_on = excluded.from_on, to_on = excluded.to_on, source = excluded.source, area_code = excluded.area_code
     WHERE m.county_code = excluded.county_code AND m.ended_by IS NULL
       AND (m.from_on, m.to_on, m.source, m.area_code) IS DISTINCT FROM
           (excluded.from_on, excluded.to_on, excluded.source, excluded.area_code)
    RETURNING m.id
)
SELECT (SELECT count(*) FROM put) AS applied, (SELECT count(*) FROM input) AS rows,
       (SELECT count(*) FROM input x WHERE x.person_id IS NOT NULL) AS matched,
       (SELECT jsonb_agg((r ->> 'l')::bigint)::text FROM jsonb_array_elements($rows) r
         WHERE NOT EXISTS (SELECT FROM input x WHERE x.l = (r ->> 'l')::bigint)) AS duplicates;

-- name: group_member_list :many read
-- args: after text, lim int4, group text, county_code text, area_code text, is_registered bool?, is_current bool?
SELECT jobs.group_member_json(m)::text AS reply, m.id::text AS cursor
  FROM jobs.group_member m
 WHERE platform.in_areas(m.county_code, m.area_code)
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($group::text IS NULL OR m.grp = $group)
   AND ($county_code::text IS NULL OR m.county_code = $county_code)
   AND ($area_code::text IS NULL OR m.county_code = $area_code OR starts_with(m.area_code, $area_code))
   AND ($is_registered::bool IS NULL OR (m.person_id IS NOT NULL) = $is_registered)
   AND ($is_current::bool IS NULL
        OR (m.from_on <= platform.today() AND coalesce(m.to_on >= platform.today(), true)) = $is_current)
 ORDER BY m.id DESC
 LIMIT $lim;

-- name: group_member_get :one read
-- args: id uuid
SELECT jobs.group_member_json(m)::text AS reply FROM jobs.group_member m WHERE m.id = $id;

-- The day before the first says that it never was so.
-- name: group_member_end :one tells
-- args: id uuid, to_on date, note text
WITH found AS (
    SELECT m.id, m.from_on, m.ended_by FROM jobs.group_member m WHERE m.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.group_member m SET to_on = $to_on, end_note = $note, ended_by = platform.actor() FROM found f
     WHERE m.id = f.id AND f.ended_by IS NULL AND $to_on BETWEEN f.from_on - 1 AND platform.today()
    RETURNING m AS m
)
SELECT jobs.group_member_json(m)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.ended_by IS NOT NULL THEN 'state.wrong'
                            WHEN $to_on > platform.today() THEN 'field.date_future /to_on'
                            ELSE 'field.date_order /to_on' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);

-- name: group_declare :one
-- args: new_id uuid, caller_person uuid, group text, from_on date, to_on date, proof_note text
WITH person AS (
    SELECT p.id, p.name_masked, p.county_code, coalesce(p.area_code, p.county_code) AS area_code,
           CASE WHEN $from_on > platform.today() THEN 'field.date_future /from_on'
                WHEN $to_on < $from_on OR $from_on < p.birth_on THEN
                    'field.date_order ' || CASE WHEN $to_on < $from_on THEN '/to_on' ELSE '/from_on' END
                WHEN $group = 'disabled' AND NOT jobs.consents_hardship(p.id) THEN 'jobs.hardship_consent /group'
                WHEN EXISTS (SELECT FROM jobs.group_member m WHERE m.person_id = p.id AND m.grp = $group
                                AND m.from_on <= platform.today() AND coalesce(m.to_on >= platform.today(), true))
                THEN 'jobs.group_known' END AS refusal
      FROM jobs.person p WHERE p.id = $caller_person
), made AS (
    INSERT INTO jobs.group_declaration AS d (id, grp, person_id, name_masked, from_on, to_on, proof_note, county_code, area_code)
    SELECT $new_id, $group, p.id, p.name_masked, $from_on, $to_on, $proof_note, p.county_code, p.area_code
      FROM person p WHERE p.refusal IS NULL
    RETURNING d AS d
)
SELECT jobs.group_declaration_json(d)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(coalesce((SELECT p.refusal FROM person p), 'jobs.person_unknown')) WHERE NOT EXISTS (SELECT FROM made);

-- name: group_declaration_list_person :many read
-- args: after text, lim int4, caller_person uuid
SELECT jobs.group_declaration_json(d)::text AS reply, d.id::text AS cursor
  FROM jobs.group_declaration d
 WHERE d.person_id = $caller_person
   AND d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY d.id DESC
 LIMIT $lim;

-- name: group_declaration_list :many read
-- args: after text, lim int4, group text, state text, county_code text
SELECT jobs.group_declaration_json(d)::text AS reply, d.id::text AS cursor
  FROM jobs.group_declaration d
 WHERE platform.in_areas(d.county_code, d.area_code)
   AND d.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($group::text IS NULL OR d.grp = $group)
   AND ($state::text IS NULL OR d.state = $state)
   AND ($county_code::text IS NULL OR d.county_code = $county_code)
 ORDER BY d.id DESC
 LIMIT $lim;

-- By another hand than that which entered it; a refusal has its reason.
-- name: group_declaration_decide :one tells
-- args: id uuid, decision text, note text
WITH found AS (
    SELECT d.id, d.state, d.entered_by = platform.actor() AS same FROM jobs.group_declaration d WHERE d.id = $id FOR UPDATE
), moved AS (
    UPDATE jobs.group_declaration d
       SET state = CASE $decision WHEN 'pass' THEN 'confirmed' ELSE 'refused' END, decided_by = platform.actor(),
           decided_on = platform.today(), note = $note
      FROM found f
     WHERE d.id = f.id AND f.state = 'declared' AND f.same IS NOT TRUE AND ($decision = 'pass' OR $note::text IS NOT NULL)
    RETURNING d AS d
)
SELECT jobs.group_declaration_json(d)::text AS reply FROM moved
UNION ALL
SELECT platform.refuse(CASE WHEN f.state <> 'declared' THEN 'state.wrong' WHEN f.same THEN 'jobs.same_hand'
                            ELSE 'field.missing /note' END)
  FROM found f WHERE NOT EXISTS (SELECT FROM moved);
