// indicators: definitions, targets and imported figures are the city's own.
export default {
  values: { 'target_propose.indicator': 'urban_new_employment', 'target_propose.area_code': '431103', 'value_import.value': 500 },
  queries: { figure_tags: '?dim=sex' },
  // Sums of the caller's own area, or the city's, and what they mean: no row of any county.
  blind: ['board_get', 'figure_get', 'figure_areas', 'figure_tags', 'figure_employers', 'figure_series', 'figure_revisions',
    'indicator_list', 'version_list', 'target_list', 'value_list'],
  public: ['monitoring.indicator_version', 'monitoring.imported_value'],
  // The city's own sums, every officer's.
  partly: { 'monitoring.cell': "area_code = '431100'", 'monitoring.cell_day': "county_code = '431100'" },
};
