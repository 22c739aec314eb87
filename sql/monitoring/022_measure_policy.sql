-- What the policy's numbers are counted from, beside what was counted before.
INSERT INTO monitoring.feed (type, kind, op, id_member, on_member, until_member, attrs) VALUES
('jobs.unit.moved.v1', 'unit', 'put', 'unit_id', 'from_on', 'ended_on', '{kind}'),
('entrepreneurship.studio.moved.v1', 'studio', 'put', 'studio_id', NULL, NULL, '{state}'),
('training.award.made.v1', 'award', 'put', 'award_id', NULL, NULL, '{policy_code}'),
('entrepreneurship.award.made.v1', 'award', 'put', 'award_id', NULL, NULL, '{policy_code}'),
('subsidies.award.made.v1', 'award', 'put', 'award_id', NULL, NULL, '{policy_code}'),
('training.award.revoked.v1', 'award', 'drop', 'award_id', NULL, NULL, '{}'),
('entrepreneurship.award.revoked.v1', 'award', 'drop', 'award_id', NULL, NULL, '{}'),
('subsidies.award.revoked.v1', 'award', 'drop', 'award_id', NULL, NULL, '{}'),
('monitoring.rating.given.v1', 'rating', 'put', 'rating_id', 'rated_on', NULL, '{group,stars,service}');

-- A graduate served on the roster was helped, with a case or without.
INSERT INTO monitoring.feed (type, kind, op, id_member, on_member, until_member, attrs, needs) VALUES
('jobs.graduate.changed.v1', 'graduate', 'put', 'graduate_id', 'graduated_on', NULL,
 '{followed,served,willing,employed,is_priority}', NULL),
('jobs.graduate.changed.v1', 'help_service', 'put', 'graduate_id', 'served_on', NULL, '{}', 'served_on');

INSERT INTO monitoring.measure (id, code, name, kind, filters, moment, counts, once, dims) VALUES
(30, 'help_unemployed', '在帮扶的登记失业人员', 'help', '{"{\"group\": \"unemployed\"}"}', 'span', 'facts', NULL, '{}'),
(31, 'help_unemployed_served', '在帮扶且已获服务的登记失业人员', 'help',
 '{"{\"group\": \"unemployed\", \"served\": true}"}', 'span', 'facts', NULL, '{}'),
(32, 'help_difficult', '在帮扶的就业困难人员', 'help', '{"{\"group\": \"difficult\"}"}', 'span', 'facts', NULL, '{}'),
(33, 'help_difficult_served', '在帮扶且已获服务的就业困难人员', 'help',
 '{"{\"group\": \"difficult\", \"served\": true}"}', 'span', 'facts', NULL, '{}'),
(34, 'graduates', '离校未就业毕业生', 'graduate', '{"{}"}', 'on', 'facts', NULL, '{}'),
(35, 'graduates_served', '已获就业服务的离校未就业毕业生', 'graduate', '{"{\"served\": true}"}', 'on', 'facts', NULL, '{}'),
(36, 'graduates_employed', '已就业的离校未就业毕业生', 'graduate', '{"{\"employed\": true}"}', 'on', 'facts', NULL, '{}'),
(102, 'graduates_followed', '已回访的离校未就业毕业生', 'graduate', '{"{\"followed\": true}"}', 'on', 'facts', NULL, '{}'),
(103, 'graduates_willing', '有就业意愿的离校未就业毕业生', 'graduate', '{"{\"willing\": true}"}', 'on', 'facts', NULL, '{}'),
(37, 'startup_projects', '优质创业项目', 'award', '{"{\"policy_code\": \"CYXM\"}"}', 'on', 'facts', NULL, '{}'),
(38, 'stations', '乐业小站', 'unit', '{"{\"kind\": \"station\"}"}', 'span', 'facts', NULL, '{}'),
(39, 'youth_stations', '青年求职加油站', 'unit', '{"{\"kind\": \"fuel\"}"}', 'span', 'facts', NULL, '{}'),
(40, 'gig_markets', '公益性零工市场', 'unit', '{"{\"kind\": \"gig_market\"}"}', 'span', 'facts', NULL, '{}'),
(41, 'workshops_upgraded', '提质改造的就业帮扶车间', 'unit', '{"{\"kind\": \"workshop\"}"}', 'span', 'facts', NULL, '{}'),
(42, 'full_communities', '充分就业社区(村)', 'unit', '{"{\"kind\": \"community\"}"}', 'span', 'facts', NULL, '{}'),
(43, 'studios', '创业指导工作室', 'studio', '{"{\"state\": \"recognised\"}"}', 'on', 'facts', NULL, '{}'),
(44, 'brands', '特色劳务品牌', 'brand', '{"{\"state\": \"recognised\"}"}', 'on', 'facts', NULL, '{}'),
(45, 'return_home_parks', '市级返乡创业园', 'carrier', '{"{\"kind\": \"return_home_park\", \"tier\": \"city\"}"}',
 'span', 'facts', NULL, '{}'),
(46, 'incubators', '创业孵化载体', 'carrier', '{"{\"kind\": \"incubator\"}"}', 'span', 'facts', NULL, '{tier}'),
(47, 'skill_carriers', '市级高技能人才培训载体', 'award', '{"{\"policy_code\": \"GJNZ\"}"}', 'on', 'facts', NULL, '{}'),
(48, 'master_studios', '市级技能大师和劳模工匠工作室', 'award', '{"{\"policy_code\": \"DSGZ\"}"}', 'on', 'facts',
 NULL, '{}'),
(49, 'county_master_studios', '县级技能大师工作室', 'award', '{"{\"policy_code\": \"XJGZ\"}"}', 'on', 'facts', NULL, '{}');

-- 基本满意 and better is satisfied.
INSERT INTO monitoring.measure (id, code, name, kind, filters, moment, counts, once, dims)
SELECT 90 + 2 * (g.n - 1) + s.n, s.code || '_' || g.short, g.name || s.name, 'rating',
       ARRAY(SELECT jsonb_build_object('group', g.code) || l FROM unnest(s.filters) AS l), 'on', 'facts', NULL, '{service}'
  FROM (VALUES (1, 'public_service', 'service', '公共就业服务'), (2, 'training', 'training', '职业技能培训对象'),
               (3, 'policy', 'policy', '就业扶持政策经办')) AS g (n, code, short, name)
 CROSS JOIN (VALUES (0, 'rated', '有效评价', '{"{}"}'::jsonb[]),
               (1, 'satisfied', '满意评价', '{"{\"stars\": 3}","{\"stars\": 4}","{\"stars\": 5}"}')) AS s (n, code, name, filters);

-- What is taken away is told apart by the same dimensions as what is added.
UPDATE monitoring.measure SET dims = '{industry,group,sex,age}' WHERE code = 'natural_loss';
