-- What the automatic check of a posting looks for. The lists are the city's to
-- keep: a word is never deleted, it ends; so what was judged yesterday can be
-- explained by the words of yesterday. How patterns are read: vacancy_check.h.
CREATE SEQUENCE jobs.check_version;
GRANT USAGE ON SEQUENCE jobs.check_version TO jobs_app, jobs_system;

CREATE TABLE jobs.check_word (
    id         uuid PRIMARY KEY DEFAULT platform.uuid7(),
    kind       text NOT NULL CONSTRAINT check_word_kind_check CHECK (kind IN
        ('fee', 'sex', 'age', 'ethnic', 'household', 'contact', 'allow', 'negation')),
    pattern    text NOT NULL CONSTRAINT check_word_pattern_check CHECK (length(pattern) BETWEEN 1 AND 40),
    from_on    date NOT NULL DEFAULT platform.today(),
    to_on      date,
    note       text NOT NULL DEFAULT '',
    actor_id   uuid DEFAULT platform.actor(),
    version    bigint NOT NULL DEFAULT nextval('jobs.check_version'),
    created_at timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT check_word_dates_check CHECK (to_on >= from_on)
);
CREATE UNIQUE INDEX check_word_pattern_key ON jobs.check_word (kind, pattern) WHERE to_on IS NULL;
CREATE INDEX check_word_version_idx ON jobs.check_word (version);
REVOKE DELETE ON jobs.check_word FROM jobs_app, jobs_system;
COMMENT ON TABLE jobs.check_word IS 'public: words by which postings are sent to an officer';

-- What is plausible pay, by unit, form and the start of an occupation; '' fits
-- all. Empty: pay is not judged. The longest start that fits is the one used.
CREATE TABLE jobs.pay_band (
    id         uuid PRIMARY KEY DEFAULT platform.uuid7(),
    pay_unit   text NOT NULL
        CONSTRAINT pay_band_unit_check CHECK (pay_unit IN ('month', 'day', 'hour', 'piece')),
    form       text NOT NULL DEFAULT '',
    occupation text NOT NULL DEFAULT '',
    low_cents  bigint NOT NULL,
    high_cents bigint NOT NULL,
    from_on    date NOT NULL DEFAULT platform.today(),
    to_on      date,
    note       text NOT NULL DEFAULT '',
    actor_id   uuid DEFAULT platform.actor(),
    created_at timestamptz NOT NULL DEFAULT platform.now(),
    CONSTRAINT pay_band_range_check CHECK (0 <= low_cents AND low_cents <= high_cents),
    CONSTRAINT pay_band_dates_check CHECK (to_on >= from_on)
);
CREATE UNIQUE INDEX pay_band_key ON jobs.pay_band (pay_unit, form, occupation) WHERE to_on IS NULL;
REVOKE DELETE ON jobs.pay_band FROM jobs_app, jobs_system;
COMMENT ON TABLE jobs.pay_band IS 'public: bands of plausible pay, as the city set them';

CREATE FUNCTION jobs.check_word_reply(w jobs.check_word) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', w.id, 'kind', w.kind, 'pattern', w.pattern,
        'from_on', w.from_on, 'to_on', w.to_on, 'note', w.note, 'version', w.version)::text
$$;

CREATE FUNCTION jobs.pay_band_reply(b jobs.pay_band) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', b.id, 'pay_unit', b.pay_unit, 'form', nullif(b.form, ''),
        'occupation', nullif(b.occupation, ''), 'low_cents', b.low_cents, 'high_cents', b.high_cents,
        'from_on', b.from_on, 'to_on', b.to_on, 'note', b.note)::text
$$;
