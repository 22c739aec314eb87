-- A brand on the wire: to everybody, and to those who work on it.

CREATE FUNCTION training.brand_json(b training.brand) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', b.id, 'name', b.name, 'category', b.category,
        'occupations', to_jsonb(b.occupations), 'towns', to_jsonb(b.towns), 'counties', to_jsonb(b.counties),
        'story', b.story, 'version', b.version, 'state', b.state, 'recognised_on', b.recognised_on,
        'county_code', b.county_code, 'area_code', b.area_code)
$$;
-- With what only the applicant and officers read.
CREATE FUNCTION training.brand_own_json(b training.brand) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT training.brand_json(b) || jsonb_build_object('applicant_id', b.applicant_id, 'note', b.note,
        'created_at', b.created_at, 'moved_at', b.moved_at)
$$;

-- Those who said yes, as they want to be shown.
CREATE FUNCTION training.brand_bearers_shown(brand uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('kind', x.kind, 'name', x.shown_name) ORDER BY x.id), '[]')
      FROM training.brand_bearer x
     WHERE x.brand_id = brand AND x.state = 'confirmed' AND x.shown_name IS NOT NULL
$$;
-- Years that the county passed, newest first. Fewer than five people are not
-- shown: they could point at somebody.
CREATE FUNCTION training.brand_years_shown(brand uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('year', y.year, 'avg_wage_cents', y.avg_wage_cents, 'currency', 'CNY',
               'trained', CASE WHEN y.trained >= 5 THEN y.trained END,
               'workers', CASE WHEN n.workers >= 5 THEN n.workers END,
               'towns', n.towns, 'places', n.places) ORDER BY y.year DESC), '[]')
      FROM training.brand_year y
      CROSS JOIN LATERAL (
          SELECT coalesce(sum(p.workers), 0) AS workers,
                 (SELECT count(DISTINCT r.town_code) FROM training.brand_year_row r
                   WHERE r.year_id = y.id AND r.workers > 0) AS towns,
                 coalesce(jsonb_agg(jsonb_build_object('place', p.place, 'workers',
                     CASE WHEN p.workers >= 5 THEN p.workers END) ORDER BY p.place), '[]') AS places
            FROM (SELECT r.place, sum(r.workers) AS workers FROM training.brand_year_row r
                   WHERE r.year_id = y.id GROUP BY r.place) p) n
     WHERE y.brand_id = brand AND y.state = 'passed'
$$;
CREATE FUNCTION training.brand_photos_shown(brand uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'caption', p.caption) ORDER BY p.id), '[]')
      FROM training.brand_photo p WHERE p.brand_id = brand AND p.is_shown
$$;
CREATE FUNCTION training.brand_page_json(b training.brand) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT training.brand_json(b) || jsonb_build_object('bearers', training.brand_bearers_shown(b.id),
        'years', training.brand_years_shown(b.id), 'photos', training.brand_photos_shown(b.id))
$$;

CREATE FUNCTION training.brand_bearer_json(x training.brand_bearer, b training.brand) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', x.id, 'brand_id', x.brand_id, 'brand_name', b.name, 'kind', x.kind,
        'org_id', x.org_id, 'person_id', x.person_id, 'shown_name', x.shown_name, 'state', x.state,
        'note', x.note, 'county_code', x.county_code, 'created_at', x.created_at)
$$;
CREATE FUNCTION training.brand_version_json(v training.brand_version) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', v.id, 'brand_id', v.brand_id, 'version', v.version, 'category', v.category,
        'occupations', to_jsonb(v.occupations), 'towns', to_jsonb(v.towns), 'counties', to_jsonb(v.counties),
        'story', v.story, 'state', v.state, 'note', v.note, 'county_code', v.county_code,
        'created_at', v.created_at, 'checked_at', v.checked_at)
$$;
CREATE FUNCTION training.brand_year_json(y training.brand_year) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', y.id, 'brand_id', y.brand_id, 'year', y.year,
        'avg_wage_cents', y.avg_wage_cents, 'currency', 'CNY',
        'trained', coalesce(y.trained, training.brand_trained(y.brand_id, y.year)),
        'workers', (SELECT coalesce(sum(r.workers), 0) FROM training.brand_year_row r WHERE r.year_id = y.id),
        'towns', (SELECT count(DISTINCT r.town_code) FROM training.brand_year_row r WHERE r.year_id = y.id AND r.workers > 0),
        'state', y.state, 'note', y.note, 'checked_on', y.checked_on, 'county_code', y.county_code,
        'created_at', y.created_at)
$$;
CREATE FUNCTION training.brand_photo_json(p training.brand_photo) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('id', p.id, 'brand_id', p.brand_id, 'org_id', p.org_id, 'caption', p.caption,
        'is_shown', p.is_shown, 'county_code', p.county_code, 'created_at', p.created_at)
$$;

-- Whom the applicant named, and what they said; without who a person is.
CREATE FUNCTION training.brand_bearers_all(brand uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'kind', x.kind, 'name', x.shown_name, 'state', x.state)
                              ORDER BY x.id), '[]')
      FROM training.brand_bearer x WHERE x.brand_id = brand
$$;
