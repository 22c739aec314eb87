-- 一人一档: one view of a person over every register, as far as row-level
-- security lets its reader see each.
-- name: dossier_get :one read
-- args: person uuid
SELECT jsonb_build_object('person_id', p.id, 'name_masked', p.name_masked, 'sex', p.sex,
    'born_in', extract(year FROM p.birth_on)::int, 'county_code', p.county_code, 'area_code', p.area_code,
    'resume', (SELECT jsonb_build_object('state', r.state, 'education_code', r.education_code, 'school', r.school,
            'major', r.major, 'skill_level', r.skill_level, 'skills', r.skills, 'experience_years', r.experience_years,
            'occupations', r.occupations, 'updated_at', r.updated_at)
        FROM jobs.resume r WHERE r.person_id = p.id),
    'employments', coalesce((SELECT jsonb_agg(jobs.employment_reply(e)::jsonb - ARRAY['person_id', 'org_id'] ORDER BY e.hired_on DESC)
        FROM jobs.employment e WHERE e.person_id = p.id), '[]'),
    'unemployments', coalesce((SELECT jsonb_agg(jobs.unemployment_reply(u)::jsonb - 'person_id' ORDER BY u.registered_on DESC)
        FROM jobs.unemployment u WHERE u.person_id = p.id), '[]'),
    'applications', coalesce((SELECT jsonb_agg(jobs.application_json(a) - ARRAY['person_id', 'org_id'] ORDER BY a.id DESC)
        FROM jobs.application a WHERE a.person_id = p.id), '[]'),
    'help_cases', coalesce((SELECT jsonb_agg(jobs.help_whole(k) ORDER BY k.id DESC)
        FROM jobs.help_case k WHERE k.person_id = p.id), '[]'),
    'graduate', (SELECT jobs.graduate_json(g) FROM jobs.graduate g WHERE g.person_id = p.id),
    'poverty', (SELECT jobs.poverty_json(m) || jsonb_build_object('spells', coalesce((SELECT jsonb_agg(jobs.migration_json(s)
            ORDER BY s.from_on) FROM jobs.migration_spell s WHERE s.member_id = m.id), '[]'))
        FROM jobs.poverty_member m WHERE m.person_id = p.id),
    'arrears_clues', coalesce((SELECT jsonb_agg(jobs.arrears_json(a) ORDER BY a.id DESC)
        FROM jobs.arrears_clue a WHERE a.person_id = p.id), '[]'),
    'messages', (SELECT count(*) FROM jobs.message x WHERE x.person_id = p.id),
    'parts', jobs.dossier_parts(p.id))::text AS reply
  FROM jobs.person p WHERE p.id = $person;
