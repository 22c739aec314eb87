-- Search: what the index in memory reads, and the words that mean the same.

CREATE INDEX vacancy_open_posted_idx ON jobs.vacancy (posted_at, id) WHERE state = 'open';

-- A posting as the index takes it; `_us`: microseconds since 1970.
CREATE VIEW jobs.vacancy_indexed WITH (security_invoker = true) AS
SELECT v.id, v.posted_at, v.title, v.org_id, v.org_name, v.occupation_code, v.industry_code,
       v.county_code, v.area_code, v.pay_min_cents, v.pay_max_cents, v.pay_unit, v.form,
       v.education_code, v.skill_level, array_to_string(v.skills, E'\x1f') AS skills,
       array_to_string(v.benefits, E'\x1f') AS benefits, v.description, v.lat_e6, v.lng_e6,
       v.expires_on,
       (extract(epoch FROM v.posted_at) * 1000000)::int8 AS posted_us,
       (extract(epoch FROM v.changed_at) * 1000000)::int8 AS changed_us
  FROM jobs.vacancy v
 WHERE v.state = 'open' AND v.expires_on >= platform.today();
COMMENT ON VIEW jobs.vacancy_indexed IS 'public: postings open to everybody, as jobs/index.h takes them';

-- Words that a search takes for one another (普工 = 操作工), kept by the city's
-- officers. What is withdrawn stays readable with its dates.
CREATE TABLE jobs.synonym (
    id           uuid PRIMARY KEY DEFAULT platform.uuid7(),
    words        text[] NOT NULL,
    note         text,
    from_on      date NOT NULL DEFAULT platform.today(),
    withdrawn_on date,
    changed_by   uuid,
    changed_at   timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT synonym_words_check CHECK (cardinality(words) BETWEEN 2 AND 8)
);
COMMENT ON TABLE jobs.synonym IS 'public: words of the language, nobody''s data; written by the city''s officers';

-- The scope spells the city out as its fourteen counties.
CREATE FUNCTION jobs.in_city() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT count(DISTINCT a) >= 14 FROM unnest(platform.areas()) a WHERE length(a) = 6);
COMMENT ON FUNCTION jobs.in_city() IS 'the caller''s areas are the whole city';
CALL platform.protect('jobs.synonym', 'true', 'jobs.in_city()');

CREATE FUNCTION jobs.synonym_stamp() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := platform.now();
    NEW.changed_by := platform.actor();
    RETURN NEW;
END $$;
CREATE TRIGGER synonym_stamp BEFORE INSERT OR UPDATE ON jobs.synonym
    FOR EACH ROW EXECUTE FUNCTION jobs.synonym_stamp();

CREATE FUNCTION jobs.synonym_words(text) RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY(SELECT DISTINCT lower(w) FROM regexp_split_to_table($1, '[/／、,，;；[:space:]]+') AS w
              WHERE w <> '' ORDER BY 1);
COMMENT ON FUNCTION jobs.synonym_words(text) IS 'the words of 普工/操作工/作业员, each once';

CREATE FUNCTION jobs.synonym_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs.outbox (type, key, payload)
    VALUES ('jobs.synonym.changed.v1', NEW.id::text, jsonb_build_object('synonym_id', NEW.id));
    RETURN NULL;
END $$;

CREATE FUNCTION jobs.synonym_reply(s jobs.synonym) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', s.id, 'words', s.words, 'note', s.note, 'from_on', s.from_on,
                              'withdrawn_on', s.withdrawn_on, 'changed_at', s.changed_at)::text
$$;

INSERT INTO jobs.synonym (words, from_on, changed_at)
SELECT jobs.synonym_words(w), DATE '2024-01-01', TIMESTAMPTZ '2024-01-01 00:00+08'
  FROM unnest(ARRAY['普工/操作工/作业员/流水线工', '保洁/清洁工/保洁员', '保安/安保/保安员', '服务员/服务生',
      '收银员/收银', '司机/驾驶员', '厨师/厨工', '仓管/仓库管理员/库管', '导购/营业员/店员', '文员/内勤',
      '焊工/电焊工', '缝纫工/车位工/车工缝纫', '快递员/配送员/外卖员', '家政/保姆/家政服务员',
      '月嫂/母婴护理员', '护工/护理员', '前台/接待员', '质检/品检/检验员', '会计/财务', '程序员/软件工程师']) AS w;

CREATE TRIGGER synonym_tell AFTER INSERT OR UPDATE ON jobs.synonym
    FOR EACH ROW EXECUTE FUNCTION jobs.synonym_tell();
