-- Subsidies: policies as dated data, facts, decisions, claims, money.
CREATE SCHEMA subsidies;
CALL platform.make_service('subsidies');
