-- What people agreed to, and which notice they were shown (个人信息保护法 13–17,
-- 24, 25, 28–29). Purposes and their texts are data. A decision is a dated row
-- and is never changed: the newest one of a purpose and a recipient holds.

CREATE TABLE identity.consent_purpose (
    code          text PRIMARY KEY,
    zh            text NOT NULL,
    en            text NOT NULL,
    basis         text NOT NULL CONSTRAINT consent_purpose_basis_check
        CHECK (basis IN ('consent', 'statutory')),
    legal_basis   text NOT NULL,
    sensitive     boolean NOT NULL DEFAULT false,
    needs_org     boolean NOT NULL DEFAULT false,
    default_given boolean NOT NULL DEFAULT false,
    revocable     boolean NOT NULL DEFAULT true,
    CONSTRAINT consent_purpose_revocable_check CHECK ((basis = 'consent') = revocable),
    CONSTRAINT consent_purpose_default_check CHECK (NOT (default_given AND (sensitive OR needs_org)))
);
COMMENT ON TABLE identity.consent_purpose IS 'public: what personal data are used for, and on what ground';

CREATE TABLE identity.consent_text (
    purpose text NOT NULL REFERENCES identity.consent_purpose,
    version int NOT NULL,
    zh      text NOT NULL,
    from_on date NOT NULL,
    PRIMARY KEY (purpose, version)
);
COMMENT ON TABLE identity.consent_text IS 'public: the notices people are shown, every version';

CREATE TABLE identity.consent (
    id           uuid PRIMARY KEY,
    ord          bigint GENERATED ALWAYS AS IDENTITY,
    person_id    uuid NOT NULL REFERENCES identity.person,
    purpose      text NOT NULL,
    org_id       uuid REFERENCES identity.org,
    given        boolean NOT NULL,
    text_version int NOT NULL,
    channel      text NOT NULL CONSTRAINT consent_channel_check CHECK (channel IN ('app', 'assisted')),
    by_id        uuid DEFAULT platform.actor(),
    at           timestamptz NOT NULL DEFAULT platform.now(),
    FOREIGN KEY (purpose, text_version) REFERENCES identity.consent_text
);
CREATE INDEX consent_person_idx ON identity.consent (person_id, purpose, org_id, ord DESC);
CREATE INDEX consent_org_idx ON identity.consent (org_id, ord) WHERE org_id IS NOT NULL;
CALL platform.protect('identity.consent',
    $$person_id = platform.person() OR org_id = platform.org()$$,
    $$person_id = platform.person()$$);
REVOKE UPDATE, DELETE ON identity.consent FROM identity_app, identity_system;
REVOKE INSERT, UPDATE, DELETE ON identity.consent_purpose, identity.consent_text
    FROM identity_app, identity_system;

CREATE FUNCTION identity.notice_version(what text) RETURNS int
LANGUAGE sql STABLE
RETURN (SELECT max(version) FROM identity.consent_text
         WHERE purpose = what AND from_on <= platform.today());
COMMENT ON FUNCTION identity.notice_version(text) IS 'the text of a purpose that is shown today';

CREATE FUNCTION identity.consent_channel(person uuid) RETURNS text
LANGUAGE sql STABLE
RETURN CASE WHEN coalesce(platform.actor(), person) = person THEN 'app' ELSE 'assisted' END;
COMMENT ON FUNCTION identity.consent_channel(uuid) IS 'whether the person was at the keyboard, or a clerk';

CREATE FUNCTION identity.consent_json(c identity.consent) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('id', c.id, 'purpose', c.purpose, 'org_id', c.org_id,
    'given', c.given, 'text_version', c.text_version, 'channel', c.channel, 'at', c.at);

-- Called when an account is made: what was shown, on the day it was shown.
CREATE FUNCTION identity.notice_shown(person uuid) RETURNS void
LANGUAGE sql VOLATILE AS $$
    INSERT INTO identity.consent (id, person_id, purpose, given, text_version, channel)
    SELECT platform.uuid7(), person, 'registration', true,
           identity.notice_version('registration'), identity.consent_channel(person)
     WHERE identity.notice_version('registration') IS NOT NULL;
$$;
COMMENT ON FUNCTION identity.notice_shown(uuid) IS 'keeps with a new person which registration notice was shown';

INSERT INTO identity.consent_purpose
    (code, zh, en, basis, legal_basis, sensitive, needs_org, default_given, revocable) VALUES
    ('registration', '实名登记与身份核验', 'Registration with a real name', 'statutory',
     '个人信息保护法第十三条第一款第三项；就业促进法', false, false, false, false),
    ('public_service', '公共就业服务、补贴审核与统计', 'Public employment service, grants and statistics',
     'statutory', '个人信息保护法第十三条第一款第三项；就业服务与就业管理规定', false, false, false, false),
    ('auto_match', '人岗自动匹配与推荐', 'Automated matching and recommendation', 'consent',
     '个人信息保护法第二十四条', false, false, true, true),
    ('agency_resume', '向人力资源服务机构提供简历', 'Show my résumé to an agency', 'consent',
     '个人信息保护法第二十三条、第二十五条', true, true, false, true),
    ('hardship', '困难、残疾、健康等敏感信息用于就业援助', 'Sensitive circumstances for employment aid',
     'consent', '个人信息保护法第二十八条、第二十九条', true, false, false, true),
    ('sms_news', '短信推送岗位与政策', 'Text messages about vacancies and policies', 'consent',
     '个人信息保护法第十三条第一款第一项', false, false, false, true);

INSERT INTO identity.consent_text (purpose, version, zh, from_on) VALUES
    ('registration', 1, '为核验身份并办理公共就业服务，平台处理您的姓名、公民身份号码、手机号码和常住地。'
     '上述信息加密保存，查看明文须说明理由并留下记录，您可随时查阅。您可以申请查阅、复制、更正或者删除。', '2024-01-01'),
    ('public_service', 1, '经办机构为履行就业登记、失业登记、补贴审核和统计的法定职责，处理您的就业、培训和补贴信息。'
     '此项处理依法进行，不以同意为前提。', '2024-01-01'),
    ('auto_match', 1, '平台按您填写的意向和经历自动推荐岗位。您可以随时关闭；关闭后由工作人员或您自己检索，不影响其他服务。', '2024-01-01'),
    ('agency_resume', 1, '您同意平台将您的简历提供给所列人力资源服务机构，仅用于为您推荐岗位。撤回后该机构不得继续使用。', '2024-01-01'),
    ('hardship', 1, '为认定和落实就业援助，平台需要处理您的困难、残疾或者健康状况。这些属于敏感个人信息，须您单独同意；'
     '不同意不影响其他服务。', '2024-01-01'),
    ('sms_news', 1, '您同意接收岗位和政策短信，可随时退订。', '2024-01-01');
