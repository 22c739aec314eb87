-- Lines are named in published plans: everybody may read them, and who writes
-- them is said by the functions of 072 alone.
CALL platform.protect('subsidies.budget_line', $$true$$, $$false$$);
COMMENT ON TABLE subsidies.budget_line IS 'public: what money the plans name, and for what';
