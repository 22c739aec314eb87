-- Cases: opened with the change they are about, read by those they concern.

-- name: case_open :one
-- args: matter text, kind text, subject uuid, person uuid, org uuid, assistant uuid, county text,
--       area text, opens_as text, due date
SELECT case_no, state
  FROM @schema@.case_open($matter, $kind, $subject, $person, $org, $assistant, $county, $area,
                          $opens_as, $due);

-- The caller's own, newest first: each half by its own index.
-- name: case_list :many read
-- args: before uuid, lim int8, state text, matter_code text
SELECT @schema@.case_json(f)::text AS reply, f.id::text AS cursor
  FROM ((SELECT a.id FROM @schema@.case_file a
          WHERE a.person_id = platform.person()
            AND a.id < coalesce($before, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
            AND ($state::text IS NULL OR a.state = $state)
            AND ($matter_code::text IS NULL OR a.matter_code = $matter_code)
          ORDER BY a.id DESC LIMIT $lim)
        UNION
        (SELECT b.id FROM @schema@.case_file b
          WHERE b.org_id = platform.org()
            AND b.id < coalesce($before, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
            AND ($state::text IS NULL OR b.state = $state)
            AND ($matter_code::text IS NULL OR b.matter_code = $matter_code)
          ORDER BY b.id DESC LIMIT $lim)) own
  JOIN @schema@.case_file f ON f.id = own.id
 ORDER BY f.id DESC LIMIT $lim;

-- name: case_get :one read
-- args: case_no text
SELECT (@schema@.case_json(f) || jsonb_build_object('steps', (
           SELECT jsonb_agg(jsonb_build_object('step', s.step, 'state', s.state, 'note', s.note,
                      'actor_kind', s.actor_kind, 'at', s.at) ORDER BY s.ord)
             FROM @schema@.case_step s WHERE s.case_id = f.id)))::text AS reply
  FROM @schema@.case_file f WHERE f.case_no = $case_no;
