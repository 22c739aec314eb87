-- What monitoring hears and does not count as facts, taken in one place: by the
-- consumers as it happens, and by whoever reads a long log at once.
CREATE FUNCTION monitoring.words_take(from_source text, events jsonb) RETURNS void
LANGUAGE sql AS $$
    SELECT monitoring.finished_take(from_source, coalesce(jsonb_agg(e), '[]'))
      FROM jsonb_array_elements(events) AS x (e) WHERE e ->> 'type' = from_source || '.case.finished.v1';
    INSERT INTO monitoring.rating (id, source, service, stars, reasons, rated_on, county_code)
    SELECT (p ->> 'rating_id')::uuid, 'trainee', 'training', (p ->> 'stars')::integer,
           ARRAY(SELECT jsonb_array_elements_text(p -> 'reasons')), (p ->> 'rated_on')::date, p ->> 'county_code'
      FROM jsonb_to_recordset(events) AS x (type text, payload jsonb) CROSS JOIN LATERAL (SELECT x.payload) AS y (p)
     WHERE x.type = 'training.rating.given.v1'
        ON CONFLICT (id) DO NOTHING;
    INSERT INTO monitoring.rating (id, source, service, stars, rated_on, county_code)
    SELECT (p ->> 'guidance_id')::uuid, 'guidance', 'entrepreneurship', (p ->> 'stars')::integer,
           monitoring.day_of(x.occurred_at), p ->> 'county_code'
      FROM jsonb_to_recordset(events) AS x (type text, occurred_at timestamptz, payload jsonb)
     CROSS JOIN LATERAL (SELECT x.payload) AS y (p)
     WHERE x.type = 'entrepreneurship.guidance.rated.v1'
        ON CONFLICT (id) DO NOTHING;
$$;
COMMENT ON FUNCTION monitoring.words_take(text, jsonb) IS 'ended cases and ratings of one source; again: nothing changes';
