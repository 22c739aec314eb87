-- 帮扶个案 (一人一档, 一人一策): one open case a person, its plan, what was done
-- for the person and every step. What changes a case is told by trigger, so
-- no statement can forget the timeline or the event. The functions that run as
-- the owner move cases for those who may not see them: an employer's hire closes
-- the case of whoever was hired.

-- Service packages as data (DOMAIN §4). A case keeps the version it began with.
CREATE TABLE jobs.help_package (
    code         text NOT NULL CONSTRAINT help_package_code_check CHECK (code ~ '^[0-9A-Z]{2,12}$'),
    version      integer NOT NULL CONSTRAINT help_package_version_check CHECK (version >= 1),
    name         text NOT NULL,
    source       text NOT NULL,
    items        jsonb NOT NULL,
    is_enabled   boolean NOT NULL,
    from_on      date NOT NULL,
    published_by uuid DEFAULT platform.actor(),
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    PRIMARY KEY (code, version)
);
COMMENT ON TABLE jobs.help_package IS 'public: what the city offers, nothing about a person';
COMMENT ON COLUMN jobs.help_package.items IS
    '[{kind, times, within_days}]; within_days null: the source names no period, no clock runs';
-- Both are practice elsewhere: shown, and not offered until the city enables a version.
INSERT INTO jobs.help_package (code, version, name, source, items, is_enabled, from_on) VALUES
    ('1131', 1, '1131服务', '江西做法：1次政策宣讲、1次就业指导、3次岗位推荐、1次职业培训或就业见习；本市未规定',
     '[{"kind":"policy","times":1,"within_days":null},{"kind":"guidance","times":1,"within_days":null},
       {"kind":"referral","times":3,"within_days":null},{"kind":"training","times":1,"within_days":null}]',
     false, '2024-11-05'),
    ('311', 1, '311服务', '湖南做法：每年3次岗位信息、1次就业指导、1次免费培训信息；本市未规定',
     '[{"kind":"referral","times":3,"within_days":365},{"kind":"guidance","times":1,"within_days":365},
       {"kind":"training","times":1,"within_days":365}]', false, '2024-11-05');

-- What the policy leaves open, by county, 431100 for all; unset: the feature says so.
CREATE TABLE jobs.help_setting (
    county_code         text PRIMARY KEY,
    escalate_days       integer CONSTRAINT help_setting_escalate_check CHECK (escalate_days BETWEEN 0 AND 365),
    visit_days          integer CONSTRAINT help_setting_visit_check CHECK (visit_days BETWEEN 1 AND 365),
    reopen_days         integer CONSTRAINT help_setting_reopen_check CHECK (reopen_days BETWEEN 1 AND 730),
    arrears_agency      text,
    arrears_handle_days integer CONSTRAINT help_setting_handle_check CHECK (arrears_handle_days BETWEEN 1 AND 365),
    changed_by          uuid DEFAULT platform.actor(),
    changed_at          timestamptz NOT NULL DEFAULT platform.now()
);
-- The city's own row lies in no county; its route admits the city alone.
CALL platform.protect('jobs.help_setting', 'true', $$
    platform.in_areas(county_code, NULL)
    OR (county_code = '431100' AND platform.action() = 'jobs.help_setting.put')
$$);

CREATE FUNCTION jobs.help_setting_of(county text) RETURNS jobs.help_setting
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT county, coalesce(o.escalate_days, c.escalate_days), coalesce(o.visit_days, c.visit_days),
           coalesce(o.reopen_days, c.reopen_days), coalesce(o.arrears_agency, c.arrears_agency),
           coalesce(o.arrears_handle_days, c.arrears_handle_days), NULL::uuid, NULL::timestamptz
      FROM (SELECT 1) AS one
      LEFT JOIN jobs.help_setting o ON o.county_code = county
      LEFT JOIN jobs.help_setting c ON c.county_code = '431100'
$$;
COMMENT ON FUNCTION jobs.help_setting_of(text) IS 'the county''s own, or else the city''s';

CREATE TABLE jobs.help_case (
    id              uuid PRIMARY KEY DEFAULT platform.uuid7(),
    person_id       uuid NOT NULL CONSTRAINT help_case_person_fkey REFERENCES jobs.person,
    name_masked     text NOT NULL,
    grp             text NOT NULL CONSTRAINT help_case_grp_check CHECK (grp IN
        ('unemployed', 'difficult', 'graduate', 'poverty', 'household', 'other')),
    source          text NOT NULL CONSTRAINT help_case_source_check CHECK (source IN
        ('unemployment', 'difficulty', 'household', 'graduate', 'poverty', 'officer')),
    source_id       uuid,
    state           text NOT NULL DEFAULT 'open'
        CONSTRAINT help_case_state_check CHECK (state IN ('open', 'paused', 'closed')),
    officer_id      uuid,
    package_code    text,
    package_version integer,
    opened_on       date NOT NULL DEFAULT platform.today(),
    last_contact_on date,
    next_visit_on   date,
    paused_on       date,
    refused_count   integer NOT NULL DEFAULT 0,
    escalated_on    date,
    closed_on       date,
    close_reason    text CONSTRAINT help_case_close_reason_check CHECK (close_reason IN
        ('employed', 'self_employed', 'refused', 'moved', 'retired', 'deceased', 'not_available',
         'no_contact', 'other')),
    county_code     text NOT NULL,
    area_code       text,
    created_at      timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT help_case_package_fkey FOREIGN KEY (package_code, package_version) REFERENCES jobs.help_package,
    CONSTRAINT help_case_closed_check CHECK ((state = 'closed') = (closed_on IS NOT NULL)
        AND (closed_on IS NULL) = (close_reason IS NULL)),
    CONSTRAINT help_case_paused_check CHECK ((state = 'paused') = (paused_on IS NOT NULL))
);
COMMENT ON COLUMN jobs.help_case.grp IS 'the group it is counted under';
CREATE UNIQUE INDEX help_case_open_key ON jobs.help_case (person_id) WHERE state <> 'closed';
CREATE INDEX help_case_county_idx ON jobs.help_case (county_code, id);
CREATE INDEX help_case_officer_idx ON jobs.help_case (officer_id, next_visit_on) WHERE state = 'open';
CREATE INDEX help_case_person_idx ON jobs.help_case (person_id, id);
CALL platform.protect('jobs.help_case',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);

CREATE TABLE jobs.help_item (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    case_id      uuid NOT NULL CONSTRAINT help_item_case_fkey REFERENCES jobs.help_case,
    person_id    uuid NOT NULL,
    kind         text NOT NULL CONSTRAINT help_item_kind_check CHECK (kind IN
        ('policy', 'guidance', 'referral', 'training', 'internship', 'startup', 'social_security', 'visit', 'other')),
    title        text NOT NULL,
    due_on       date,
    state        text NOT NULL DEFAULT 'planned' CONSTRAINT help_item_state_check CHECK (state IN
        ('planned', 'given', 'done', 'refused', 'dropped')),
    vacancy_id   uuid CONSTRAINT help_item_vacancy_fkey REFERENCES jobs.vacancy,
    outcome      text CONSTRAINT help_item_outcome_check CHECK (outcome IN ('served', 'applied', 'hired')),
    done_on      date,
    of_package   boolean NOT NULL DEFAULT false,
    escalated_on date,
    note         text,
    county_code  text NOT NULL,
    area_code    text,
    created_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT help_item_done_check CHECK ((state = 'done') = (done_on IS NOT NULL)
        AND (done_on IS NULL) = (outcome IS NULL)),
    CONSTRAINT help_item_vacancy_check CHECK (vacancy_id IS NULL OR kind = 'referral')
);
COMMENT ON COLUMN jobs.help_item.state IS 'given: a referral made and not yet taken up';
CREATE INDEX help_item_case_idx ON jobs.help_item (case_id, due_on);
CREATE INDEX help_item_due_idx ON jobs.help_item (due_on) WHERE state = 'planned';
CREATE INDEX help_item_vacancy_idx ON jobs.help_item (person_id, vacancy_id) WHERE state = 'given';
CALL platform.protect('jobs.help_item',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);

-- Each contact, and each service rendered in one.
CREATE TABLE jobs.help_contact (
    id             uuid PRIMARY KEY DEFAULT platform.uuid7(),
    case_id        uuid NOT NULL CONSTRAINT help_contact_case_fkey REFERENCES jobs.help_case,
    item_id        uuid CONSTRAINT help_contact_item_fkey REFERENCES jobs.help_item,
    person_id      uuid NOT NULL,
    kind           text NOT NULL CONSTRAINT help_contact_kind_check CHECK (kind IN
        ('policy', 'guidance', 'referral', 'training', 'internship', 'startup', 'social_security', 'visit', 'other')),
    contacted_on   date NOT NULL,
    channel        text NOT NULL CONSTRAINT help_contact_channel_check CHECK (channel IN
        ('phone', 'visit', 'hall', 'online', 'text', 'other')),
    outcome        text NOT NULL CONSTRAINT help_contact_outcome_check CHECK (outcome IN
        ('served', 'refused', 'unreached')),
    result         text NOT NULL DEFAULT '',
    reply          text,
    consents       boolean,
    refusal_reason text,
    vacancy_id     uuid,
    next_visit_on  date,
    actor_id       uuid DEFAULT platform.actor(),
    county_code    text NOT NULL,
    area_code      text,
    created_at     timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT help_contact_refusal_check CHECK ((outcome = 'refused') = (refusal_reason IS NOT NULL))
);
COMMENT ON COLUMN jobs.help_contact.consents IS 'what the person said to the use of the data; null: not asked';
CREATE INDEX help_contact_case_idx ON jobs.help_contact (case_id, id);
CREATE INDEX help_contact_on_idx ON jobs.help_contact (contacted_on, county_code);
CALL platform.protect('jobs.help_contact',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);

-- Lawful pauses: being out of reach is none.
CREATE TABLE jobs.help_pause (
    id          uuid PRIMARY KEY DEFAULT platform.uuid7(),
    case_id     uuid NOT NULL CONSTRAINT help_pause_case_fkey REFERENCES jobs.help_case,
    person_id   uuid NOT NULL,
    reason      text NOT NULL CONSTRAINT help_pause_reason_check CHECK (reason IN
        ('illness', 'pregnancy', 'military', 'study')),
    note        text,
    from_on     date NOT NULL,
    to_on       date NOT NULL,
    resumed_on  date,
    actor_id    uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text,
    created_at  timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT help_pause_order_check CHECK (from_on <= to_on AND resumed_on >= from_on)
);
CREATE UNIQUE INDEX help_pause_open_key ON jobs.help_pause (case_id) WHERE resumed_on IS NULL;
CALL platform.protect('jobs.help_pause',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$,
    $$platform.in_areas(county_code, area_code)$$);

CREATE TABLE jobs.help_step (
    ord         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id     uuid NOT NULL CONSTRAINT help_step_case_fkey REFERENCES jobs.help_case,
    person_id   uuid NOT NULL,
    step        text NOT NULL CONSTRAINT help_step_step_check CHECK (step IN
        ('opened', 'assigned', 'transferred', 'planned', 'contacted', 'referral_taken', 'paused',
         'resumed', 'escalated', 'closed', 'reopened')),
    note        text,
    actor_id    uuid DEFAULT platform.actor(),
    county_code text NOT NULL,
    area_code   text,
    at          timestamptz NOT NULL DEFAULT platform.now()
);
CREATE INDEX help_step_case_idx ON jobs.help_step (case_id, ord);
CALL platform.protect('jobs.help_step',
    $$person_id = platform.person() OR platform.in_areas(county_code, area_code)$$, 'false');
