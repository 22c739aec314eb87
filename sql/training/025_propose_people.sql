-- 院校推荐: a school names people by their numbers; each of them, or a clerk in
-- their presence, then takes the place or declines. Sent again, a list finds
-- what it made before.
--
-- rows: [{n: row, i: blind index of the number, g: target group}]. One answer a
-- row: a code of errors.def or 'proposed'.
CREATE FUNCTION training.propose(class uuid, school uuid, rows jsonb)
RETURNS TABLE (n integer, code text, enrolment_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH input AS (
        SELECT r.n, r.i, r.g, row_number() OVER (PARTITION BY r.i ORDER BY r.n) AS nth
          FROM jsonb_to_recordset(rows) AS r (n integer, i text, g text)
    ), found AS (
        SELECT x.n, x.g, x.nth, p.id AS person_id, p.name_masked, e.id AS had_id, e.state AS had
          FROM input x
          LEFT JOIN training.person p ON p.id_index = x.i AND NOT p.is_restricted
          LEFT JOIN training.enrolment e ON e.class_id = class AND e.person_id = p.id
    ), made AS (
        INSERT INTO training.enrolment AS e (class_id, class_title, class_kind, module, org_id, person_id,
            name_masked, state, channel, proposed_by, target_group, during, county_code, area_code)
        SELECT c.id, c.title, c.kind, c.module, c.org_id, f.person_id, f.name_masked, 'proposed', 'school',
               school, f.g, daterange(c.starts_on, c.ends_on, '[]'), c.county_code, c.area_code
          FROM found f JOIN training.class c ON c.id = class
         WHERE f.person_id IS NOT NULL AND f.nth = 1 AND f.had IS NULL AND c.state = 'open'
        ON CONFLICT (person_id, class_id) DO NOTHING
        RETURNING e.*
    ), told AS (
        SELECT m.id, training.tell(m.person_id, NULL, 'enrolment', '院校为您推荐了培训班',
                   '“' || m.class_title || '”，' || lower(m.during) || ' 开班，请确认是否参加', 'enrolment', m.id),
               training.enrolment_tell(m, 'training.enrolment.moved.v1',
                   jsonb_build_object('was', NULL, 'state', 'proposed', 'reason', NULL))
          FROM made m
    )
    SELECT f.n, CASE WHEN f.person_id IS NULL THEN 'training.person_unknown'
                     WHEN f.nth > 1 THEN 'training.row_twice'
                     WHEN m.id IS NOT NULL THEN 'proposed'
                     WHEN f.had = 'proposed' OR f.had IS NULL THEN 'training.already_proposed'
                     WHEN f.had IN ('enrolled', 'waiting') THEN 'training.already_enrolled'
                     ELSE 'training.has_left' END, coalesce(m.id, f.had_id)
      FROM found f LEFT JOIN made m ON m.person_id = f.person_id AND f.nth = 1
     WHERE (SELECT count(*) FROM told) >= 0
     ORDER BY f.n
$$;
