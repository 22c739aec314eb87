-- The feed of postings lives on the event log, which requests may not read: these
-- say where it ends, and which postings changed behind a place in it, and no more.
CREATE FUNCTION jobs.feed_head() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(max(seq), 0) FROM jobs.event_log
$$;
COMMENT ON FUNCTION jobs.feed_head() IS 'the last number of the event log';

-- What was never public leaves no trace.
CREATE FUNCTION jobs.feed_changes(after bigint, lim integer)
RETURNS TABLE (seq bigint, vacancy_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT e.seq, v.id
      FROM jobs.event_log e
      JOIN jobs.vacancy v ON v.id = CASE WHEN e.type = 'jobs.vacancy.changed.v1' THEN e.key::uuid END
     WHERE e.seq > after AND e.type = 'jobs.vacancy.changed.v1' AND v.posted_at IS NOT NULL
     ORDER BY e.seq LIMIT lim
$$;
COMMENT ON FUNCTION jobs.feed_changes(bigint, integer) IS 'postings that changed after that number, by number';

CREATE FUNCTION jobs.feed_keeps(after bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT after BETWEEN coalesce(min(seq), 1) - 1 AND coalesce(max(seq), 0) FROM jobs.event_log
$$;
COMMENT ON FUNCTION jobs.feed_keeps(bigint) IS 'false: changes after that number are no longer, or not yet, known';
REVOKE EXECUTE ON FUNCTION jobs.feed_head(), jobs.feed_changes(bigint, integer), jobs.feed_keeps(bigint)
    FROM PUBLIC;

CREATE FUNCTION jobs.feed_item(at bigint, id uuid, v jobs.vacancy) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'kind', CASE WHEN (v).state = 'open' THEN 'posting' ELSE 'tombstone' END, 'seq', at,
        'vacancy_id', id, 'state', (v).state,
        'vacancy', CASE WHEN (v).state = 'open' THEN jobs.vacancy_reply(v)::jsonb END)::text
$$;
COMMENT ON FUNCTION jobs.feed_item(bigint, uuid, jobs.vacancy) IS
    'v: NULL where it can no longer be read by everybody';
