-- Plain values are shown one at a time, to those who may, for a reason that is
-- kept and that the person can read (等保 8.1.4.2, 个人信息保护法 25, 51).

CREATE TABLE identity.unmasking (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CONSTRAINT unmasking_kind_check CHECK (kind IN ('unmask', 'search')),
    person_id   uuid REFERENCES identity.person,
    officer_id  uuid NOT NULL DEFAULT platform.actor(),
    fields      text[] NOT NULL,
    reason_code text NOT NULL CONSTRAINT unmasking_reason_code_check CHECK (reason_code IN
        ('case_review', 'identity_check', 'contact', 'payment_check', 'complaint', 'audit')),
    reason      text NOT NULL,
    case_no     text,
    county_code text NOT NULL,
    area_code   text,
    at          timestamptz NOT NULL DEFAULT platform.now(),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN identity.unmasking.person_id IS 'NULL: a search that found nobody in the area';
CREATE INDEX unmasking_person_idx ON identity.unmasking (person_id, id);
CREATE INDEX unmasking_county_idx ON identity.unmasking (county_code, id);
CALL platform.protect('identity.unmasking',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$officer_id = platform.actor() AND platform.in_areas(county_code, area_code)$$);
REVOKE UPDATE, DELETE ON identity.unmasking FROM identity_app, identity_system;

-- How often an officer did so today; the row is also what two requests queue at.
CREATE TABLE identity.unmask_count (
    officer_id uuid NOT NULL DEFAULT platform.actor(),
    on_day     date NOT NULL DEFAULT platform.today(),
    kind       text NOT NULL CONSTRAINT unmask_count_kind_check CHECK (kind IN ('unmask', 'search')),
    times      int NOT NULL DEFAULT 1,
    PRIMARY KEY (officer_id, on_day, kind)
);
CALL platform.protect('identity.unmask_count', $$officer_id = platform.actor()$$);

CREATE TABLE identity.security_alert (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    kind        text NOT NULL CONSTRAINT security_alert_kind_check CHECK (kind IN
        ('unmask_often', 'search_often')),
    officer_id  uuid NOT NULL,
    times       int NOT NULL,
    county_code text NOT NULL,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX security_alert_county_idx ON identity.security_alert (county_code, id);
CALL platform.protect('identity.security_alert',
    $$platform.in_areas(county_code, NULL)$$, $$officer_id = platform.actor()$$);
REVOKE UPDATE, DELETE ON identity.security_alert FROM identity_app, identity_system;
