-- A project is handed in against the checklist in force, item by item, and
-- decided by the second of two scores.

CREATE FUNCTION jobs.hall_items_lack(items jsonb, given jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT EXISTS (SELECT FROM jsonb_array_elements(items) i
                    WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(given) g
                                       WHERE g ->> 'code' = i ->> 'code'))
        OR jsonb_array_length(given) <> jsonb_array_length(items)
$$;
COMMENT ON FUNCTION jobs.hall_items_lack(jsonb, jsonb) IS 'not one line for each item of the checklist';

CREATE FUNCTION jobs.hall_submit(project uuid, place uuid, given jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    p    jobs.place;
    list jobs.hall_checklist := jobs.hall_checklist_now();
    made jobs.hall_project;
BEGIN
    SELECT x.* INTO p FROM jobs.place x
     WHERE x.id = place AND platform.in_areas(x.county_code, x.area_code) FOR UPDATE;
    IF p.id IS NULL THEN RETURN NULL; END IF;
    IF p.kind NOT IN ('hall', 'gig_market') THEN PERFORM platform.refuse('jobs.hall_kind'); END IF;
    IF p.state NOT IN ('building', 'open') THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF list.version IS NULL THEN PERFORM platform.refuse('jobs.checklist_unset'); END IF;
    IF jobs.hall_items_lack(list.items, given) THEN
        PERFORM platform.refuse('jobs.hall_items /evidence');
    END IF;
    INSERT INTO jobs.hall_project AS h (id, place_id, version, evidence, county_code, area_code)
    VALUES (project, p.id, list.version, given, p.county_code, p.area_code)
    RETURNING h.* INTO made;
    RETURN jobs.hall_project_json(made);
END $$;

CREATE FUNCTION jobs.hall_resubmit(project uuid, given jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    h    jobs.hall_project;
    list jobs.hall_checklist := jobs.hall_checklist_now();
BEGIN
    SELECT x.* INTO h FROM jobs.hall_project x WHERE x.id = project FOR UPDATE;
    IF h.id IS NULL THEN RETURN NULL; END IF;
    IF h.state <> 'returned' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF jobs.hall_items_lack(list.items, given) THEN
        PERFORM platform.refuse('jobs.hall_items /evidence');
    END IF;
    UPDATE jobs.hall_project x
       SET state = 'submitted', round = x.round + 1, version = list.version, evidence = given,
           applied_by = platform.actor(), score = NULL, note = NULL, decided_on = NULL
     WHERE x.id = project RETURNING x.* INTO h;
    RETURN jobs.hall_project_json(h);
END $$;

-- The second of a round decides: accepted when both find that it meets the
-- list, and then the place is; what it is paid for is another service's affair.
CREATE FUNCTION jobs.hall_decide(h jobs.hall_project, remark text) RETURNS jobs.hall_project
LANGUAGE plpgsql AS $$
DECLARE
    good boolean;
    mean integer;
    p    jobs.place;
BEGIN
    SELECT bool_and(s.meets), avg(s.total)::integer INTO good, mean
      FROM jobs.hall_score s WHERE s.project_id = h.id AND s.round = h.round HAVING count(*) = 2;
    IF good IS NULL THEN RETURN h; END IF;
    UPDATE jobs.hall_project x
       SET state = CASE WHEN good THEN 'accepted' ELSE 'returned' END, score = mean, note = remark,
           decided_on = platform.today()
     WHERE x.id = h.id RETURNING x.* INTO h;
    IF NOT good THEN RETURN h; END IF;
    UPDATE jobs.place x SET state = 'accepted', accepted_by = platform.actor(), accepted_on = platform.today()
     WHERE x.id = h.place_id AND x.state = 'building' RETURNING x.* INTO p;
    IF p.id IS NOT NULL THEN
        INSERT INTO jobs.place_step (place_id, state, note, county_code, area_code)
        VALUES (p.id, p.state, '通过提质改造验收', p.county_code, p.area_code);
    END IF;
    INSERT INTO jobs.outbox (type, key, area_code, payload)
    SELECT 'jobs.place.accepted.v1', h.place_id::text, h.county_code,
           jsonb_build_object('place_id', h.place_id, 'project_id', h.id, 'kind', x.kind,
                              'version', h.version, 'score', mean, 'accepted_on', h.decided_on,
                              'county_code', h.county_code)
      FROM jobs.place x WHERE x.id = h.place_id;
    RETURN h;
END $$;

CREATE FUNCTION jobs.hall_score_put(project uuid, given jsonb, remark text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    h    jobs.hall_project;
    list jobs.hall_checklist;
    sum_ integer;
    bad  boolean;
    full_ boolean;
BEGIN
    SELECT x.* INTO h FROM jobs.hall_project x WHERE x.id = project FOR UPDATE;
    IF h.id IS NULL THEN RETURN NULL; END IF;
    IF NOT jobs.is_city() THEN PERFORM platform.refuse('jobs.place_city'); END IF;
    IF h.state <> 'submitted' THEN PERFORM platform.refuse('state.wrong'); END IF;
    IF h.applied_by = platform.actor() THEN PERFORM platform.refuse('jobs.same_hand'); END IF;
    SELECT l.* INTO list FROM jobs.hall_checklist l WHERE l.version = h.version;
    SELECT coalesce(sum((g ->> 'points')::integer), 0),
           bool_or((g ->> 'points')::integer > (i ->> 'points')::integer),
           bool_and((g ->> 'points')::integer = (i ->> 'points')::integer OR NOT (i ->> 'required')::boolean)
      INTO sum_, bad, full_
      FROM jsonb_array_elements(list.items) i JOIN jsonb_array_elements(given) g ON g ->> 'code' = i ->> 'code';
    IF bad OR jobs.hall_items_lack(list.items, given) THEN
        PERFORM platform.refuse('jobs.hall_items /scores');
    END IF;
    IF EXISTS (SELECT FROM jobs.hall_score s WHERE s.project_id = h.id AND s.round = h.round
                  AND s.reviewer = platform.actor()) THEN
        PERFORM platform.refuse('jobs.same_hand');
    END IF;
    INSERT INTO jobs.hall_score (project_id, round, scores, total, meets, county_code, area_code)
    VALUES (h.id, h.round, given, sum_, full_ AND sum_ >= list.pass_score, h.county_code, h.area_code);
    RETURN jobs.hall_project_json(jobs.hall_decide(h, remark));
END $$;
