-- Money set aside that nobody reviewed in time, and the days it may wait.

-- The claim goes back to where its payee may confirm it anew; what it holds of
-- benefits it keeps. A suspended one stays so, and goes on from there.
-- name: reservations_lapse :one
-- args: lim int8
WITH late AS MATERIALIZED (
    SELECT c.id, c.state FROM subsidies.claim c
     WHERE c.funds = 'reserved' AND c.reserved_until < platform.today()
     ORDER BY c.id LIMIT $lim
       FOR UPDATE
), moved AS (
    UPDATE subsidies.claim c
       SET state = CASE l.state WHEN 'suspended' THEN 'suspended' ELSE 'notified' END,
           resume_state = CASE l.state WHEN 'suspended' THEN 'notified' END,
           funds = 'available', reserved_until = NULL, reserve_warned = false, moved_at = platform.now()
      FROM late l WHERE c.id = l.id
    RETURNING c.id, c.policy_code, c.state, c.amount_cents, c.county_code, c.payee_kind, c.payee_id,
              l.state AS was
), steps AS (
    INSERT INTO subsidies.claim_step (claim_id, step, from_state, to_state)
    SELECT id, 'reserve_lapsed', was, state FROM moved
), told AS (
    INSERT INTO subsidies.outbox (type, key, area_code, payload)
    SELECT 'subsidies.claim.moved.v1', id::text, county_code, jsonb_build_object(
               'claim_id', id, 'policy_code', policy_code, 'state', state,
               'amount_cents', amount_cents, 'county_code', county_code)
      FROM moved
), messages AS MATERIALIZED (
    SELECT subsidies.tell(CASE payee_kind WHEN 'person' THEN payee_id END,
               CASE payee_kind WHEN 'org' THEN payee_id END, 'claim.reserve_lapsed',
               '补贴资金预留已到期', '未能在期限内办结审核，预留的资金已释放，请重新确认。您的享受资格不变。',
               'claim', id) AS id
      FROM moved
)
SELECT (SELECT count(*) FROM moved) AS moved, (SELECT count(id) FROM messages) AS told;

-- Once for each reservation, some working days before it lapses.
-- name: reservations_warn :one
-- args: lim int8
WITH soon AS MATERIALIZED (
    SELECT c.id FROM subsidies.claim c
     WHERE c.funds = 'reserved' AND c.reserved_until IS NOT NULL AND NOT c.reserve_warned
       AND c.reserved_until <= subsidies.working_add(platform.today(),
               subsidies.money_rule_of('reserve_warning_working_days', c.county_code))
     ORDER BY c.id LIMIT $lim
       FOR UPDATE
), warned AS (
    UPDATE subsidies.claim c SET reserve_warned = true FROM soon s WHERE c.id = s.id
    RETURNING c.id, c.payee_kind, c.payee_id, c.reserved_until
), messages AS MATERIALIZED (
    SELECT subsidies.tell(CASE payee_kind WHEN 'person' THEN payee_id END,
               CASE payee_kind WHEN 'org' THEN payee_id END, 'claim.reserve_lapsing',
               '补贴资金预留即将到期', '资金预留至' || reserved_until || '，审核部门正在办理。', 'claim', id) AS id
      FROM warned
)
SELECT count(id) AS warned FROM messages;

-- name: money_rule_set :one
-- args: name text, county_code text, value int8, from_on date, basis text
INSERT INTO subsidies.money_rule (name, county_code, value, from_on, basis, set_by)
VALUES ($name, $county_code, $value::int4, coalesce($from_on, platform.today()), $basis, platform.actor())
RETURNING jsonb_build_object('id', id, 'name', name, 'county_code', county_code, 'value', value,
    'from_on', from_on, 'basis', basis)::text AS reply;

-- name: money_rule_list :many read
-- args: county_code text, after text, lim int8
SELECT jsonb_build_object('id', r.id, 'name', r.name, 'county_code', r.county_code, 'value', r.value,
           'from_on', r.from_on, 'basis', r.basis)::text AS reply,
       r.id::text AS cursor
  FROM subsidies.money_rule r
 WHERE ($county_code::text IS NULL OR r.county_code = $county_code)
   AND (r.county_code = '431100' OR platform.in_areas(r.county_code, NULL))
   AND r.id > (SELECT coalesce($after::text::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY r.id LIMIT $lim;
