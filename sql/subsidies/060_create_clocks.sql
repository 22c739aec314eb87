-- 审核时限: working days as rows, so that one statement can count them, and how
-- many each step may take. What the city has not set is not measured.

CREATE TABLE subsidies.working_day (
    day date PRIMARY KEY,
    nth integer NOT NULL CONSTRAINT working_day_nth_key UNIQUE
);
COMMENT ON TABLE subsidies.working_day IS 'public: the working days of the official calendar, counted';
REVOKE INSERT, UPDATE, DELETE ON subsidies.working_day FROM subsidies_app;

-- The n-th working day after a day; NULL beyond the calendar.
CREATE FUNCTION subsidies.working_add(since date, n integer) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT w.day FROM subsidies.working_day w
     WHERE w.nth = n + coalesce((SELECT max(x.nth) FROM subsidies.working_day x WHERE x.day <= since), 0)
$$;

-- Working days after the first day, up to and with the second.
CREATE FUNCTION subsidies.working_between(since date, until date) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT (SELECT max(x.nth) FROM subsidies.working_day x WHERE x.day <= until)
         - (SELECT max(x.nth) FROM subsidies.working_day x WHERE x.day <= since)
$$;

CREATE FUNCTION subsidies.local_day(at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE RETURN (at AT TIME ZONE 'Asia/Shanghai')::date;

CREATE TABLE subsidies.clock (
    step         text PRIMARY KEY CONSTRAINT clock_step_check CHECK (step IN ('accept', 'first_review',
        'recheck', 'approve', 'publish', 'pay', 'objection', 'remind', 'public_call')),
    working_days integer CONSTRAINT clock_working_days_check CHECK (working_days BETWEEN 1 AND 250),
    role         text NOT NULL,
    basis        text,
    set_by       uuid,
    set_at       timestamptz
);
COMMENT ON TABLE subsidies.clock IS 'public: how many working days each step may take; NULL: not set';
REVOKE INSERT, DELETE ON subsidies.clock FROM subsidies_app;
INSERT INTO subsidies.clock (step, working_days, role, basis) VALUES
    ('accept', NULL, 'clerk', NULL), ('first_review', NULL, 'first_review', NULL),
    ('recheck', NULL, 'recheck', NULL), ('approve', NULL, 'approve', NULL),
    ('publish', NULL, 'approve', NULL), ('pay', NULL, 'finance', NULL),
    ('objection', 10, 'approve', '公示异议 10 个工作日内核查'),
    ('remind', NULL, 'clerk', NULL), ('public_call', NULL, 'clerk', NULL);

CREATE FUNCTION subsidies.clock_days(step_ text) RETURNS integer
LANGUAGE sql STABLE AS $$ SELECT working_days FROM subsidies.clock WHERE step = step_ $$;

-- Whose turn it is in a state.
CREATE FUNCTION subsidies.step_of(state text) RETURNS text
LANGUAGE sql IMMUTABLE RETURN CASE state WHEN 'applied' THEN 'accept' WHEN 'confirmed' THEN 'first_review'
    WHEN 'first_reviewed' THEN 'recheck' WHEN 'rechecked' THEN 'approve' WHEN 'approved' THEN 'publish'
    WHEN 'public' THEN 'pay' WHEN 'payable' THEN 'pay' WHEN 'batched' THEN 'pay' END;
