// Policies in the making: of the city, of no county.
export default {
  values: { document: {} },
  blind: ['policy_draft_list', 'policy_draft_get'],
};
