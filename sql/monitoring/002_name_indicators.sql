-- The indicators of the policy that this city's own data can count, and the
-- city's targets to the end of 2025 (永政办发〔2024〕15号, 目标要求).
INSERT INTO monitoring.indicator (code, name, unit, definition, source) VALUES
('urban_new_employment', '城镇新增就业', 'person',
 '期内在本市办理就业登记的人员，按人去重；自然减员数据接入前不扣减', '就业登记'),
('reemployed_unemployed', '失业人员再就业', 'person',
 '期内就业登记时处于失业登记状态的人员，按人去重', '就业登记、失业登记'),
('reemployed_difficult', '就业困难人员再就业', 'person',
 '期内就业登记时持有效就业困难人员认定的人员，按人去重', '就业登记、困难人员认定'),
('certified', '培训取证', 'person', '期内取得职业技能证书的人员，按人去重', '证书'),
('startup_jobs', '创业载体带动就业', 'job', '期内在孵企业新登记的就业岗位', '创业载体、就业登记'),
('subsidies_paid', '补贴发放', 'cents', '期内银行回盘确认已付的补贴金额', '补贴发放');

INSERT INTO monitoring.target (indicator, county_code, from_on, to_on, amount, basis) VALUES
('urban_new_employment', '431100', '2024-11-05', '2025-12-31', 59000, '永政办发〔2024〕15号'),
('reemployed_unemployed', '431100', '2024-11-05', '2025-12-31', 28000, '永政办发〔2024〕15号'),
('reemployed_difficult', '431100', '2024-11-05', '2025-12-31', 9200, '永政办发〔2024〕15号');
