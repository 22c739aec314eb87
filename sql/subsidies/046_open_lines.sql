-- Where the money of the policies comes from, beside the eight lines the city's
-- plan names (6,360万), which stay as they are. A line without a sum is allotted
-- by 财政; a line pays the policies it names and no other.

INSERT INTO subsidies.fund_source (code, title, legal_basis) VALUES
    ('inclusive_finance', '普惠金融发展专项资金', '普惠金融发展专项资金管理办法（2023年10月1日起）'),
    ('rural_revitalization', '财政衔接推进乡村振兴补助资金', '永政办发〔2024〕15号 二（一）3');

INSERT INTO subsidies.budget_line (code, fund_source, title, legal_basis, appropriated_cents) VALUES
    ('FXCYX', 'employment_fund', '返乡创业园（县级配套）', '永政办发〔2024〕15号 二（二）5', NULL),
    ('SYWG', 'unemployment_insurance', '失业保险稳岗返还', '人社部发〔2024〕44号', NULL),
    ('JNTS', 'unemployment_insurance', '技能提升补贴', '人社部发〔2024〕44号', NULL),
    ('ZYPX', 'employment_fund', '职业培训补贴', '财社〔2026〕1号', NULL),
    ('ZYPJ', 'employment_fund', '职业技能评价补贴', '财社〔2026〕1号', NULL),
    ('LHSB', 'employment_fund', '灵活就业社会保险补贴', '财社〔2026〕1号', NULL),
    ('DWSB', 'employment_fund', '单位社会保险补贴', '财社〔2026〕1号', NULL),
    ('GYGW', 'employment_fund', '公益性岗位补贴', '财社〔2026〕1号', NULL),
    ('BFCJ', 'employment_fund', '就业帮扶车间稳岗补贴', '永政办发〔2024〕15号 二（一）3', NULL),
    ('BFCJX', 'rural_revitalization', '就业帮扶车间稳岗补贴（衔接资金）', '永政办发〔2024〕15号 二（一）3', NULL),
    ('YCCY', 'employment_fund', '一次性创业补贴', '财社〔2026〕1号', NULL),
    ('DKTX', 'inclusive_finance', '创业担保贷款贴息', '普惠金融发展专项资金管理办法（2023年10月1日起）', NULL),
    ('JYJX', 'employment_fund', '就业见习补贴', '财社〔2026〕1号', NULL);

INSERT INTO subsidies.budget_line_policy (line_code, policy_code) VALUES
    ('WGTG', 'WGTG'),
    ('YQBG', 'BGJG'), ('YQBG', 'BGCZ'), ('YQBG', 'BGJJR'), ('YQBG', 'BGYG'), ('YQBG', 'BGYX'),
    ('YQBG', 'QYRY'), ('YQBG', 'XNZD'), ('YQBG', 'LDRY'),
    ('FXCY', 'FXCY'), ('FXCYX', 'FXCYX'), ('CYXM', 'CYXM'), ('QNJY', 'QNJY'), ('GJNZ', 'GJNZ'),
    ('DSGZ', 'DSGZ'), ('XXCJ', 'XXCJ'),
    ('SYWG', 'SYWG'), ('JNTS', 'JNTS'), ('ZYPX', 'ZYPX'), ('ZYPJ', 'ZYPJ'), ('LHSB', 'LHSB'),
    ('DWSB', 'DWSB'), ('GYGW', 'GYGW'), ('BFCJ', 'BFCJ'), ('BFCJX', 'BFCJ'), ('YCCY', 'YCCY'),
    ('DKTX', 'DKTX'), ('DKTX', 'DKTXQ'), ('JYJX', 'JYJX');
