-- A founder's path: the profile is the person's own, each step is found from
-- data, and the step they stand at is kept by the trigger that computes it.

CREATE FUNCTION entrepreneurship.founder_groups() RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY['graduate', 'returning', 'veteran', 'poverty_lifted', 'disabled', 'difficult', 'unemployed', 'rural', 'other'];

CREATE TABLE entrepreneurship.founder (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id       uuid NOT NULL CONSTRAINT founder_person_key UNIQUE,
    name_masked     text NOT NULL,
    idea            text NOT NULL,
    groups          text[] NOT NULL,
    skips           text[] NOT NULL DEFAULT '{}',
    follow          boolean NOT NULL DEFAULT false,
    followed_at     timestamptz,
    org_id          uuid CONSTRAINT founder_org_fkey REFERENCES entrepreneurship.org,
    firm_state      text NOT NULL DEFAULT 'none' CONSTRAINT founder_firm_check
        CHECK (firm_state IN ('none', 'claimed', 'confirmed')),
    founded_on      date,
    closed_on       date,
    confirmed_on    date,
    step            text NOT NULL CONSTRAINT founder_step_check CHECK (step IN ('idea', 'trained', 'mentor', 'place',
        'licence', 'loan', 'subsidies', 'first_hire', 'alive_3', 'alive_6', 'alive_12', 'done', 'closed')),
    step_since      date NOT NULL,
    checked_on      date NOT NULL DEFAULT platform.today(),
    county_code     text NOT NULL,
    area_code       text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT founder_groups_check CHECK (groups <@ entrepreneurship.founder_groups()),
    CONSTRAINT founder_skips_check CHECK (skips <@ ARRAY['trained', 'mentor', 'place', 'loan', 'subsidies']),
    CONSTRAINT founder_has_firm_check CHECK ((firm_state = 'none') = (org_id IS NULL)
        AND (firm_state = 'none') = (founded_on IS NULL) AND (firm_state = 'confirmed') = (confirmed_on IS NOT NULL)),
    CONSTRAINT founder_closed_check CHECK (closed_on >= founded_on)
);
COMMENT ON COLUMN entrepreneurship.founder.follow IS 'agreed that officers of the area see this and help';
COMMENT ON COLUMN entrepreneurship.founder.founded_on IS 'of the licence, as the founder says';
COMMENT ON COLUMN entrepreneurship.founder.skips IS 'steps the founder does not need';
CREATE UNIQUE INDEX founder_firm_key ON entrepreneurship.founder (org_id) WHERE firm_state = 'confirmed';
CREATE INDEX founder_org_idx ON entrepreneurship.founder (org_id) WHERE org_id IS NOT NULL;
CREATE INDEX founder_county_idx ON entrepreneurship.founder (county_code, id);
CREATE INDEX founder_checked_idx ON entrepreneurship.founder (checked_on);
CALL platform.protect('entrepreneurship.founder', $$
    person_id = platform.person() OR org_id = platform.org() OR (follow AND platform.in_areas(county_code, area_code))
$$, 'person_id = platform.person() OR org_id = platform.org()');
REVOKE INSERT, UPDATE, DELETE ON entrepreneurship.founder FROM entrepreneurship_app;
GRANT INSERT (person_id, idea, groups, skips, county_code, area_code),
    UPDATE (idea, groups, skips, follow, followed_at, org_id, firm_state, founded_on, closed_on, confirmed_on,
            county_code, area_code) ON entrepreneurship.founder TO entrepreneurship_app;

-- Subsidies for founders that were paid: what subsidies tells of its policies.
CREATE TABLE entrepreneurship.founder_policy (
    code  text PRIMARY KEY,
    basis text NOT NULL
);
COMMENT ON TABLE entrepreneurship.founder_policy IS 'public: codes of policies that are paid to founders';
INSERT INTO entrepreneurship.founder_policy (code, basis) VALUES
    ('YCCY', '财社〔2023〕181号'), ('DKTX', '普惠金融发展专项资金管理办法'), ('DKTXQ', '普惠金融发展专项资金管理办法'),
    ('CYXM', '永政办发〔2024〕15号 二（二）6');
CREATE TABLE entrepreneurship.founder_paid (
    claim_id    uuid PRIMARY KEY,
    policy_code text NOT NULL,
    person_id   uuid,
    org_id      uuid,
    paid_on     date NOT NULL,
    county_code text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT founder_paid_holder_check CHECK (num_nonnulls(person_id, org_id) >= 1)
);
CREATE INDEX founder_paid_person_idx ON entrepreneurship.founder_paid (person_id);
CREATE INDEX founder_paid_org_idx ON entrepreneurship.founder_paid (org_id);
CALL platform.protect('entrepreneurship.founder_paid', 'person_id = platform.person() OR org_id = platform.org()', 'false');

-- Who talked with a founder, and what came of it. Nothing of it is changed later.
CREATE TABLE entrepreneurship.founder_contact (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    founder_id  uuid NOT NULL CONSTRAINT founder_contact_founder_fkey REFERENCES entrepreneurship.founder,
    person_id   uuid NOT NULL,
    kind        text NOT NULL CONSTRAINT founder_contact_kind_check CHECK (kind IN ('phone', 'visit', 'office', 'online')),
    outcome     text NOT NULL CONSTRAINT founder_contact_outcome_check CHECK (outcome IN
        ('helped', 'referred', 'not_reached', 'no_need', 'gave_up')),
    note        text NOT NULL,
    step        text NOT NULL,
    contacted_on date NOT NULL,
    next_on     date,
    officer_id  uuid NOT NULL DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT founder_contact_next_check CHECK (next_on >= contacted_on)
);
CREATE INDEX founder_contact_founder_idx ON entrepreneurship.founder_contact (founder_id, id);
CALL platform.protect('entrepreneurship.founder_contact', $$
    person_id = platform.person() OR platform.in_areas(county_code, area_code)
$$, 'platform.in_areas(county_code, area_code)');
REVOKE UPDATE, DELETE ON entrepreneurship.founder_contact FROM entrepreneurship_app, entrepreneurship_system;

CREATE FUNCTION entrepreneurship.founder_contact_json(k entrepreneurship.founder_contact) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', k.id, 'founder_id', k.founder_id, 'person_id', k.person_id, 'kind', k.kind,
    'outcome', k.outcome, 'note', k.note, 'step', k.step, 'contacted_on', k.contacted_on, 'next_on', k.next_on,
    'officer_id', k.officer_id, 'county_code', k.county_code, 'created_at', k.created_at);
