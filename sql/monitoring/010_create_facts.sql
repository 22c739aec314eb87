-- What happened, one row a thing: the facts that everything is counted from.
-- Which event becomes which fact is data (feed); the table that earlier
-- projections kept for each kind is gone, and the logs are read again.

DROP TABLE monitoring.employment, monitoring.unemployment, monitoring.certificate,
    monitoring.trainee, monitoring.startup_job, monitoring.payment;
DELETE FROM monitoring.event_cursor;

-- op: put (made, or as it is now), end (ended on a day), reopen (its end was
-- wrong), note (only attributes), drop (never was). A member that is not named
-- is not looked for; key_id takes the event's key, a NULL on_member the day on
-- which it happened.
CREATE TABLE monitoring.feed (
    type         text NOT NULL,
    kind         text NOT NULL,
    op           text NOT NULL CONSTRAINT feed_op_check CHECK (op IN ('put', 'end', 'reopen', 'note', 'drop')),
    id_member    text NOT NULL,
    on_member    text,
    until_member text,
    until_plus   integer NOT NULL DEFAULT 0,
    amount_member text,
    attrs        text[] NOT NULL DEFAULT '{}',
    adds         jsonb NOT NULL DEFAULT '{}',
    needs        text,
    lacks        text,
    PRIMARY KEY (type, kind)
);
COMMENT ON COLUMN monitoring.feed.until_plus IS '1: the event names the last day, and not the first when it is over';
COMMENT ON COLUMN monitoring.feed.needs IS 'a member that must be there; lacks: that must not';
COMMENT ON TABLE monitoring.feed IS 'public: which event becomes which fact; definitions, nobody''s data';

CREATE TABLE monitoring.fact (
    kind            text NOT NULL,
    id              uuid NOT NULL,
    on_day          date NOT NULL,
    until_day       date,
    is_dropped      boolean NOT NULL DEFAULT false,
    person_id       uuid,
    told_person_id  uuid,
    org_id          uuid,
    occupation_code text,
    amount          bigint,
    attrs           jsonb NOT NULL DEFAULT '{}',
    county_code     text NOT NULL,
    area_code       text,
    seq             bigint NOT NULL,
    occurred_at     timestamptz NOT NULL,
    PRIMARY KEY (id, kind)
);
COMMENT ON COLUMN monitoring.fact.until_day IS 'the first day on which it is over';
COMMENT ON COLUMN monitoring.fact.told_person_id IS 'as the event said; person_id follows merged people';
CREATE INDEX fact_person_idx ON monitoring.fact (person_id, kind);
CREATE INDEX fact_told_idx ON monitoring.fact (told_person_id) WHERE told_person_id <> person_id;
CREATE INDEX fact_org_idx ON monitoring.fact (org_id, kind, on_day) WHERE org_id IS NOT NULL;
CREATE INDEX fact_county_idx ON monitoring.fact (kind, county_code, on_day);
CALL platform.protect('monitoring.fact', $$platform.in_areas(county_code, area_code)$$, 'false');

-- The dimensions that are no codes.
CREATE TABLE monitoring.person (
    id          uuid PRIMARY KEY,
    sex         smallint,
    birth_on    date,
    same_as     uuid,
    county_code text NOT NULL,
    area_code   text,
    seq         bigint NOT NULL
);
COMMENT ON COLUMN monitoring.person.same_as IS 'the person this one was found to be';
CREATE INDEX person_same_idx ON monitoring.person (same_as) WHERE same_as IS NOT NULL;
CALL platform.protect('monitoring.person', $$platform.in_areas(county_code, area_code)$$, 'false');

CREATE TABLE monitoring.org (
    id            uuid PRIMARY KEY,
    name          text NOT NULL,
    uscc          text NOT NULL,
    kind          text NOT NULL,
    industry_code text,
    county_code   text NOT NULL,
    area_code     text,
    seq           bigint NOT NULL
);
CALL platform.protect('monitoring.org',
    $$id = platform.org() OR platform.in_areas(county_code, area_code)$$, 'false');

CREATE FUNCTION monitoring.org_name(org uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT o.name FROM monitoring.org o WHERE o.id = org
$$;
COMMENT ON FUNCTION monitoring.org_name(uuid) IS 'as it is registered, which is no secret, wherever it is';

-- Groups that figures are told apart by: members have a running fact of the
-- kind with these attributes, or are of the age.
CREATE TABLE monitoring.grp (
    code      text PRIMARY KEY,
    name      text NOT NULL,
    kind      text,
    filter    jsonb NOT NULL DEFAULT '{}',
    age_from  integer,
    age_to    integer,
    CONSTRAINT grp_by_check CHECK ((kind IS NULL) = (age_from IS NOT NULL)),
    CONSTRAINT grp_age_check CHECK ((age_from IS NULL) = (age_to IS NULL))
);
COMMENT ON TABLE monitoring.grp IS 'public: definitions of groups, nobody''s data';
INSERT INTO monitoring.grp (code, name, kind, filter, age_from, age_to) VALUES
('difficult', '就业困难人员', 'difficulty', '{}', NULL, NULL),
('unemployed', '登记失业人员', 'unemployment', '{}', NULL, NULL),
('graduate', '高校毕业生', 'membership', '{"group": "graduate"}', NULL, NULL),
('migrant', '农民工', 'membership', '{"group": "migrant"}', NULL, NULL),
('poverty', '脱贫人口', 'membership', '{"group": "poverty"}', NULL, NULL),
('zero_family', '零就业家庭成员', 'membership', '{"group": "zero_family"}', NULL, NULL),
('veteran', '退役军人', 'membership', '{"group": "veteran"}', NULL, NULL),
('disabled', '残疾人', 'membership', '{"group": "disabled"}', NULL, NULL),
('youth', '16—24岁青年', NULL, '{}', 16, 24);
