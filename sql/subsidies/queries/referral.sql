-- Who brought which worker to which employer. The rules are in 053: each of
-- these changes a link as a whole, or refuses.

-- name: referral_make :one
-- args: id uuid, kind text, worker_index text, person_id uuid, org_id uuid, referred_on date,
--       referrer_person uuid, referrer_org uuid
SELECT subsidies.referral_json(subsidies.referral_make(jsonb_populate_record(NULL::subsidies.referral,
           jsonb_build_object('id', $id, 'kind', $kind, 'worker_index', $worker_index,
               'person_id', $person_id, 'org_id', $org_id, 'referred_on', $referred_on,
               'referrer_person', $referrer_person, 'referrer_org', $referrer_org))))::text AS reply;

-- name: referral_list :many read
-- args: kind text, state text, org_id uuid, county_code text, after text, lim int8
SELECT subsidies.referral_json(r)::text AS reply, r.id::text AS cursor
  FROM subsidies.referral r
 WHERE r.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($kind::text IS NULL OR r.kind = $kind)
   AND ($state::text IS NULL OR r.state = $state)
   AND ($org_id::uuid IS NULL OR r.org_id = $org_id)
   AND ($county_code::text IS NULL OR r.county_code = $county_code)
 ORDER BY r.id DESC LIMIT $lim;

-- name: referral_get :one read
-- args: id uuid
SELECT subsidies.referral_json(r)::text AS reply FROM subsidies.referral r WHERE r.id = $id;

-- name: referral_confirm :one
-- args: id uuid
SELECT subsidies.referral_json(r)::text AS reply
  FROM subsidies.referral_answer($id, true, NULL) r WHERE r.id IS NOT NULL;

-- name: referral_deny :one
-- args: id uuid, reason text
SELECT subsidies.referral_json(r)::text AS reply
  FROM subsidies.referral_answer($id, false, $reason) r WHERE r.id IS NOT NULL;

-- name: referral_withdraw :one
-- args: id uuid, reason text
WITH found AS (
    SELECT r.id FROM subsidies.referral r
     WHERE r.id = $id AND (r.payee_id IN (platform.person(), platform.org())
           OR r.made_by = platform.actor() OR platform.in_areas(r.county_code, r.area_code))
), done AS MATERIALIZED (
    SELECT subsidies.referral_json(r)::text AS reply
      FROM found, subsidies.referral_withdraw(found.id, $reason) r WHERE r.id IS NOT NULL
)
SELECT reply FROM done
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM done);

-- Data on the referrer's own insurance may come after the hire.
-- name: referral_refresh :one
WITH news AS (
    SELECT r.id, subsidies.works_there(r.referrer_person, r.org_id, r.hired_on) AS insured
      FROM subsidies.referral r WHERE r.kind = 'employee' AND r.state = 'matched'
), moved AS (
    UPDATE subsidies.referral r SET was_insured = news.insured
      FROM news WHERE r.id = news.id AND r.was_insured IS DISTINCT FROM news.insured
    RETURNING r AS r
)
SELECT count(subsidies.referral_fact(m.r)) AS moved FROM moved m;

-- ---- 劳务经纪人 ----

-- name: broker_add :one
-- args: person_id uuid
INSERT INTO subsidies.broker AS b (person_id, name_masked, county_code, area_code)
SELECT p.id, p.name_masked, p.county_code, p.area_code
  FROM subsidies.person p WHERE p.id = $person_id
RETURNING subsidies.broker_json(b)::text AS reply;

-- name: broker_list :many read
-- args: county_code text, after text, lim int8
SELECT subsidies.broker_json(b)::text AS reply, b.id::text AS cursor
  FROM subsidies.broker b
 WHERE b.id < (SELECT coalesce($after::text::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   AND ($county_code::text IS NULL OR b.county_code = $county_code)
 ORDER BY b.id DESC LIMIT $lim;

-- name: broker_end :one
-- args: id uuid, reason text
WITH found AS (
    SELECT b.id, b.to_on FROM subsidies.broker b WHERE b.id = $id FOR UPDATE
), done AS (
    UPDATE subsidies.broker b SET to_on = platform.today(), ended_by = platform.actor(), reason = $reason
      FROM found WHERE b.id = found.id AND found.to_on IS NULL
    RETURNING b AS b
)
SELECT subsidies.broker_json(done.b)::text AS reply FROM done
UNION ALL
SELECT platform.refuse('state.wrong') FROM found WHERE NOT EXISTS (SELECT FROM done);
