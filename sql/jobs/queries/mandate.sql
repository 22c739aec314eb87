-- What employers let agencies do for them.

-- One that has run out is renewed in its place; one that holds stands in the way.
-- name: mandate_give :one
-- args: caller_org uuid, partner_id uuid, may_post bool, may_place bool, until_on date
WITH own AS (
    SELECT o.id, o.name, o.county_code, o.area_code FROM jobs.org o WHERE o.id = $caller_org
), partner AS (
    SELECT o.id, o.name FROM jobs.org o
     WHERE o.id = $partner_id AND o.kind = 'agency' AND o.id <> $caller_org
), made AS (
    INSERT INTO jobs.mandate AS m (org_id, org_name, partner_id, partner_name, may_post, may_place,
                                   until_on, county_code, area_code)
    SELECT o.id, o.name, p.id, p.name, $may_post, $may_place, $until_on, o.county_code, o.area_code
      FROM own o, partner p
     WHERE ($may_post OR $may_place) AND coalesce($until_on >= platform.today(), true)
    ON CONFLICT (org_id, partner_id) WHERE withdrawn_at IS NULL DO UPDATE
       SET org_name = excluded.org_name, partner_name = excluded.partner_name,
           may_post = excluded.may_post, may_place = excluded.may_place,
           from_on = excluded.from_on, until_on = excluded.until_on, given_by = excluded.given_by
     WHERE m.until_on < platform.today()
    RETURNING m AS m
)
SELECT jobs.mandate_reply(m) AS reply FROM made
UNION ALL
SELECT platform.refuse(CASE WHEN NOT EXISTS (SELECT FROM own) THEN 'jobs.org_unknown'
                            WHEN NOT EXISTS (SELECT FROM partner) THEN 'jobs.not_agency /partner_id'
                            WHEN NOT ($may_post OR $may_place) THEN 'field.choice /may_post'
                            WHEN $until_on < platform.today() THEN 'jobs.day_past /until_on'
                            ELSE 'jobs.mandate_exists' END)
 WHERE NOT EXISTS (SELECT FROM made);

-- name: mandate_withdraw :one
-- args: id uuid, caller_org uuid
WITH found AS (
    SELECT m.id, m.withdrawn_at FROM jobs.mandate m
     WHERE m.id = $id AND m.org_id = $caller_org FOR UPDATE
), moved AS (
    UPDATE jobs.mandate AS m SET withdrawn_at = platform.now()
      FROM found WHERE m.id = found.id AND found.withdrawn_at IS NULL
    RETURNING m AS m
)
SELECT jobs.mandate_reply(m) AS reply FROM moved
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM moved);

-- name: mandate_list_org :many read
-- args: after text, lim int4, caller_org uuid, is_valid bool?
SELECT jobs.mandate_reply(m) AS reply, m.id::text AS cursor
  FROM jobs.mandate m
 WHERE m.org_id = $caller_org
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($is_valid::bool IS NULL OR jobs.mandate_holds(m) = $is_valid)
 ORDER BY m.id DESC
 LIMIT $lim;

-- name: mandate_list_partner :many read
-- args: after text, lim int4, caller_org uuid, is_valid bool?
SELECT jobs.mandate_reply(m) AS reply, m.id::text AS cursor
  FROM jobs.mandate m
 WHERE m.partner_id = $caller_org
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($is_valid::bool IS NULL OR jobs.mandate_holds(m) = $is_valid)
 ORDER BY m.id DESC
 LIMIT $lim;

-- For officers: those of the area's employers.
-- name: mandate_list :many read
-- args: after text, lim int4, county_code text, partner_id uuid, is_valid bool?
SELECT jobs.mandate_reply(m) AS reply, m.id::text AS cursor
  FROM jobs.mandate m
 WHERE platform.in_areas(m.county_code, m.area_code)
   AND m.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR m.county_code = $county_code)
   AND ($partner_id::uuid IS NULL OR m.partner_id = $partner_id)
   AND ($is_valid::bool IS NULL OR jobs.mandate_holds(m) = $is_valid)
 ORDER BY m.id DESC
 LIMIT $lim;
