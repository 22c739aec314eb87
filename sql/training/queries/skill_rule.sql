-- name: skill_rule_list :many read
-- args: after text, lim int4, code text
SELECT training.skill_rule_json(r)::text AS reply, r.id::text AS cursor
  FROM training.skill_rule r
 WHERE r.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
   AND ($code::text IS NULL OR r.code = $code)
 ORDER BY r.id
 LIMIT $lim;

-- A new number takes over from its day on; what held until then ends the day
-- before. A county sets its own, the city those of the whole city.
-- name: skill_rule_set :one
-- args: code text, county_code text, value int8, legal_basis text, from_on date
WITH judged AS (
    SELECT CASE WHEN ($county_code::text IS NOT NULL) <> ($code = 'county_studio_cents')
                THEN CASE WHEN $county_code::text IS NULL THEN 'field.missing /county_code' ELSE 'field.unknown /county_code' END
                WHEN NOT coalesce(platform.in_areas($county_code, NULL), platform.whole_city()) THEN 'auth.area'
                WHEN EXISTS (SELECT FROM training.skill_rule x WHERE x.code = $code
                                AND x.county_code IS NOT DISTINCT FROM $county_code AND x.from_on >= $from_on)
                THEN 'training.rule_later /from_on' END AS fault
), ended AS (
    UPDATE training.skill_rule r SET to_on = $from_on - 1
      FROM judged j
     WHERE j.fault IS NULL AND r.code = $code AND r.county_code IS NOT DISTINCT FROM $county_code
       AND (r.to_on IS NULL OR r.to_on >= $from_on)
    RETURNING r.id
), made AS (
    INSERT INTO training.skill_rule AS r (code, county_code, value, legal_basis, from_on)
    SELECT $code, $county_code, $value, $legal_basis, $from_on FROM judged j
     WHERE j.fault IS NULL AND (SELECT count(*) FROM ended) >= 0
    RETURNING r AS r
)
SELECT training.skill_rule_json(r)::text AS reply FROM made
UNION ALL
SELECT platform.refuse(j.fault) FROM judged j WHERE j.fault IS NOT NULL;
