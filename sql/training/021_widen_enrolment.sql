-- A person in a class: named by a school (proposed), waiting for a place, in
-- it, gone. Who is in it holds a place, counted in class.enrolled.
--
-- Two rules are constraints, so that no race passes them: nobody is in two
-- classes of one kind at the same time, and each subsidised course of a person
-- has one of three numbers (职业培训补贴：每人累计不超过3次).
ALTER TABLE training.enrolment
    ADD state text NOT NULL DEFAULT 'enrolled' CONSTRAINT enrolment_state_check
        CHECK (state IN ('proposed', 'waiting', 'enrolled', 'withdrawn', 'removed', 'lapsed', 'cancelled')),
    ADD channel text NOT NULL DEFAULT 'self' CONSTRAINT enrolment_channel_check
        CHECK (channel IN ('self', 'clerk', 'school')),
    ADD proposed_by uuid,
    ADD target_group text CONSTRAINT enrolment_group_check CHECK (target_group IN ('poverty_watch',
        'graduate', 'school_leaver', 'rural_transfer', 'unemployed', 'difficult')),
    ADD class_kind text NOT NULL DEFAULT 'skill',
    ADD module text,
    ADD during daterange,
    ADD subsidised_no integer CONSTRAINT enrolment_subsidised_check CHECK (subsidised_no BETWEEN 1 AND 3),
    ADD reason text,
    ADD note text,
    ADD moved_at timestamptz NOT NULL DEFAULT platform.now(),
    ADD CONSTRAINT enrolment_held_check CHECK (state = 'enrolled'
        OR (completed_on IS NULL AND certificate_number IS NULL AND subsidised_no IS NULL));

UPDATE training.enrolment AS e SET during = daterange(c.starts_on, c.ends_on, '[]')
  FROM training.class c WHERE c.id = e.class_id;

ALTER TABLE training.enrolment
    ALTER COLUMN during SET NOT NULL,
    ADD CONSTRAINT enrolment_one_at_a_time EXCLUDE USING gist
        (person_id WITH =, class_kind WITH =, during WITH &&)
        WHERE (state = 'enrolled' AND completed_on IS NULL);

CREATE UNIQUE INDEX enrolment_subsidised_key ON training.enrolment (person_id, subsidised_no)
    WHERE subsidised_no IS NOT NULL;
CREATE INDEX enrolment_waiting_idx ON training.enrolment (class_id, moved_at, id) WHERE state = 'waiting';

CALL platform.protect('training.enrolment', $$
    person_id = platform.person() OR org_id = platform.org() OR proposed_by = platform.org()
    OR platform.in_areas(county_code, area_code)
$$, $$
    person_id = platform.person() OR org_id = platform.org()
$$);

CREATE OR REPLACE FUNCTION training.enrolment_reply(e training.enrolment) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', e.id, 'class_id', e.class_id, 'class_title', e.class_title, 'kind', e.class_kind,
        'module', e.module, 'org_id', e.org_id, 'person_id', e.person_id,
        'name_masked', e.name_masked, 'state', e.state, 'channel', e.channel,
        'target_group', e.target_group, 'is_subsidised', e.subsidised_no IS NOT NULL,
        'starts_on', lower(e.during), 'ends_on', upper(e.during) - 1, 'reason', e.reason,
        'attended_days', e.attended_days, 'score', e.score, 'is_passed', e.is_passed,
        'completed_on', e.completed_on, 'certificate_number', e.certificate_number,
        'county_code', e.county_code, 'created_at', e.created_at)::text
$$;

-- People by their number, as a school has it; whose data is locked or gone is
-- out. What was projected before is heard once more, for the numbers.
ALTER TABLE training.person
    ADD id_index text,
    ADD is_restricted boolean NOT NULL DEFAULT false;
CREATE INDEX person_id_index_idx ON training.person (id_index);
DELETE FROM training.event_cursor WHERE source = 'identity';

-- 1, 2 or 3: which subsidised course the next one is; NULL: there were three.
CREATE FUNCTION training.subsidised_next(person uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT min(n) FROM generate_series(1, 3) n
     WHERE NOT EXISTS (SELECT FROM training.enrolment e
                        WHERE e.person_id = person AND e.subsidised_no = n)
$$;

CREATE FUNCTION training.overlaps(person uuid, kind text, days daterange) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM training.enrolment e
                    WHERE e.person_id = person AND e.class_kind = kind AND e.during && days
                      AND e.state = 'enrolled' AND e.completed_on IS NULL)
$$;
