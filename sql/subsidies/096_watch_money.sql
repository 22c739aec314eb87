-- The rows that money and decisions stand in: changed by the service alone, or
-- found out (sql/platform/080). A column added to one of them later is covered
-- when its table is watched again.
DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['decision', 'reconsideration', 'claim', 'claim_hand', 'claim_step', 'hold', 'budget_line',
        'budget_appropriation', 'allotment', 'ledger_entry', 'ledger_correction', 'payment_batch', 'payment_signature', 'payment_line', 'payment_reply', 'bank_statement',
        'bank_movement', 'topup', 'recovery',
        'recovery_step', 'recovery_appeal', 'recovery_plan', 'recovery_instalment', 'recovery_receipt',
        'recovery_refund', 'recovery_offset', 'recovery_proposal', 'recovery_referral', 'recovery_freeze'] LOOP
        CALL platform.watch('subsidies.' || part);
    END LOOP;
END $$;
