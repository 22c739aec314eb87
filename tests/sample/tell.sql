-- What the sample city's people and organisations would have been told to the
-- other services one by one: identity's log, and everybody already at its end.
-- (The registers of jobs tell their own rows, by trigger.)
BEGIN;
INSERT INTO identity.event_log (seq, id, type, key, area_code, payload, occurred_at, recorded_at)
SELECT row_number() OVER (ORDER BY id), platform.uuid7(), 'identity.person.registered.v1', id::text, area_code,
       jsonb_build_object('person_id', id, 'id_index', id_index, 'name_masked', name_masked, 'sex', sex,
           'birth_on', birth_on, 'county_code', county_code, 'area_code', area_code),
       created_at, created_at - interval '1 day'
  FROM identity.person;
INSERT INTO identity.event_log (seq, id, type, key, area_code, payload, occurred_at, recorded_at)
SELECT (SELECT max(seq) FROM identity.event_log) + row_number() OVER (ORDER BY id), platform.uuid7(),
       'identity.org.registered.v1', id::text, area_code,
       jsonb_build_object('org_id', id, 'uscc', uscc, 'name', name, 'kind', kind,
           'industry_code', industry_code, 'county_code', county_code, 'area_code', area_code),
       created_at, created_at - interval '1 day'
  FROM identity.org;

INSERT INTO training.person (id, name_masked, county_code, area_code, id_index)
SELECT id, name_masked, county_code, area_code, id_index FROM identity.person;
INSERT INTO training.org (id, uscc, name, kind, county_code, area_code)
SELECT id, uscc, name, kind, county_code, area_code FROM identity.org;
INSERT INTO entrepreneurship.person (id, id_index, name_masked, birth_on, county_code, area_code)
SELECT id, id_index, name_masked, birth_on, county_code, area_code FROM identity.person;
INSERT INTO entrepreneurship.org (id, uscc, name, kind, county_code, area_code)
SELECT id, uscc, name, kind, county_code, area_code FROM identity.org;

DO $$
DECLARE
    head bigint := (SELECT max(seq) FROM identity.event_log);
    at   bigint := 0;
    who  text;
BEGIN
    WHILE at < head LOOP
        PERFORM monitoring.take('identity', jsonb_agg(to_jsonb(e) - 'id' - 'trace' ORDER BY seq))
           FROM identity.event_log e WHERE seq > at AND seq <= at + 5000;
        at := at + 5000;
    END LOOP;
    FOREACH who IN ARRAY ARRAY['jobs', 'training', 'entrepreneurship', 'subsidies', 'monitoring'] LOOP
        EXECUTE format('INSERT INTO %I.event_cursor (source, seq) VALUES (''identity'', %s)', who, head);
    END LOOP;
END $$;
COMMIT;
ANALYZE;
