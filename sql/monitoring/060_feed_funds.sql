-- The books as facts: what each entry adds to a column of its allotment, and how
-- the allotment stands by its own columns. A claim's day of confirmation and the
-- milestones of projects and works on halls beside them.
INSERT INTO monitoring.feed (type, kind, op, id_member, on_member, amount_member, attrs, needs) VALUES
('subsidies.ledger.posted.v1', 'fund_appropriated', 'put', 'entry_id', 'on', 'appropriated_cents',
 '{line_code,reason,year,allotment_id}', 'appropriated_cents'),
('subsidies.ledger.posted.v1', 'fund_reserved', 'put', 'entry_id', 'on', 'reserved_cents',
 '{line_code,reason,year,allotment_id,claim_id}', 'reserved_cents'),
('subsidies.ledger.posted.v1', 'fund_committed', 'put', 'entry_id', 'on', 'committed_cents',
 '{line_code,reason,year,allotment_id,claim_id}', 'committed_cents'),
('subsidies.ledger.posted.v1', 'fund_paid', 'put', 'entry_id', 'on', 'paid_cents',
 '{line_code,reason,year,allotment_id,claim_id}', 'paid_cents'),
('subsidies.ledger.posted.v1', 'fund_returned', 'put', 'entry_id', 'on', 'returned_cents',
 '{line_code,reason,year,allotment_id,claim_id}', 'returned_cents'),
('subsidies.ledger.posted.v1', 'claim_confirmed', 'put', 'confirmed_claim_id', 'on', NULL, '{}', 'confirmed_claim_id'),
('subsidies.allotment.moved.v1', 'allotment', 'put', 'allotment_id', NULL, NULL,
 '{line_code,line_title,fund_source,year,appropriated_cents,reserved_cents,committed_cents,paid_cents,returned_cents}', NULL),
('entrepreneurship.milestone.moved.v1', 'milestone', 'put', 'milestone_id', 'due_on', NULL, '{project_id,no,state}', NULL),
('jobs.hall_work.moved.v1', 'hall_work', 'put', 'work_id', 'due_on', NULL, '{place_id,kind,state,first_due_on,ended_on}', NULL);

INSERT INTO monitoring.measure (id, code, name, kind, moment, counts, dims) VALUES
(85, 'fund_appropriated', '下达预算', 'fund_appropriated', 'on', 'amount', '{line_code}'),
(86, 'fund_reserved', '预留', 'fund_reserved', 'on', 'amount', '{line_code}'),
(87, 'fund_committed', '已审批待付', 'fund_committed', 'on', 'amount', '{line_code}'),
(88, 'fund_paid', '预算支出（扣除退回）', 'fund_paid', 'on', 'amount', '{line_code}'),
(89, 'fund_returned', '追回', 'fund_returned', 'on', 'amount', '{line_code}');
