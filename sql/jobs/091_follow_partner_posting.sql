-- Postings that an agency sent for an employer. The digest (keyed, for there is a
-- telephone number in it) of a row as it was last taken tells a row that is sent
-- again from one that says something new.
CREATE TABLE jobs.partner_posting (
    vacancy_id  uuid PRIMARY KEY CONSTRAINT partner_posting_vacancy_fkey REFERENCES jobs.vacancy,
    partner_id  uuid NOT NULL,
    org_id      uuid NOT NULL,
    digest      text NOT NULL,
    county_code text NOT NULL,
    area_code   text NOT NULL,
    taken_at    timestamptz NOT NULL DEFAULT platform.now()
);
CALL platform.protect('jobs.partner_posting',
    'partner_id = platform.org() OR platform.in_areas(county_code, area_code)',
    'partner_id = platform.org()');
COMMENT ON TABLE jobs.partner_posting IS 'what an agency last sent of a posting, as a digest';

-- The contact behind a posting: its agency writes and reads it like its employer.
CALL platform.protect('jobs.vacancy_contact', $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
    OR (platform.person() IS NOT NULL AND EXISTS
        (SELECT FROM jobs.application a
          WHERE a.vacancy_id = vacancy_contact.vacancy_id AND a.person_id = platform.person()))
    OR (platform.org() IS NOT NULL AND EXISTS
        (SELECT FROM jobs.vacancy v
          WHERE v.id = vacancy_contact.vacancy_id AND v.partner_id = platform.org()))
$$, $$
    org_id = platform.org() OR platform.in_areas(county_code, area_code)
    OR (platform.org() IS NOT NULL AND EXISTS
        (SELECT FROM jobs.vacancy v
          WHERE v.id = vacancy_contact.vacancy_id AND v.partner_id = platform.org()))
$$);

-- An employer is told what is posted in its name; the agency, what others make
-- of what it posted.
CREATE FUNCTION jobs.partner_posting_message() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM jobs.tell(NULL, NEW.org_id, 'vacancy_posted_for',
            '人力资源服务机构为贵单位发布了岗位“' || NEW.title || '”',
            (SELECT o.name FROM jobs.org o WHERE o.id = NEW.partner_id)
            || '按贵单位的授权发布，贵单位可随时修改或关闭。', 'vacancy', NEW.id);
    ELSIF platform.org() IS DISTINCT FROM NEW.partner_id THEN
        PERFORM jobs.tell(NULL, NEW.partner_id, 'vacancy_' || NEW.state,
            '代发岗位“' || NEW.title || '”' || CASE NEW.state
                WHEN 'checking' THEN '已转人工审核' WHEN 'returned' THEN '已退回修改'
                WHEN 'open' THEN '已公开' WHEN 'paused' THEN '已暂停'
                WHEN 'filled' THEN '已招满' WHEN 'expired' THEN '已下线'
                WHEN 'merged' THEN '已并入重复岗位' ELSE '已关闭' END,
            NEW.check_note, 'vacancy', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER partner_posting_made AFTER INSERT ON jobs.vacancy
    FOR EACH ROW WHEN (NEW.partner_id IS NOT NULL) EXECUTE FUNCTION jobs.partner_posting_message();
CREATE TRIGGER partner_posting_moved AFTER UPDATE ON jobs.vacancy
    FOR EACH ROW WHEN (NEW.partner_id IS NOT NULL AND OLD.state <> NEW.state)
    EXECUTE FUNCTION jobs.partner_posting_message();
