// market: a report of each county is made by the clock, and what there is to
// count the other parts bring along.
export default {
  words: { group_name: 'graduate' },
  queries: { market_rows: '?side=demand' },
  values: { 'market_report_make.quarter': '2024Q1', 'market_report_make.area_code': '431103',
    'market_report_review.pass': true },
  // Sums of an area, which they name as such; what is published, which is
  // everybody's; and in a city that is a minute old nothing is late and
  // nobody of the rosters has registered.
  blind: ['market_get', 'market_report_list', 'market_report_get', 'market_report_page',
    'market_report_book', 'group_list', 'group_get', 'group_overdue', 'group_rows'],
  partly: { 'monitoring.market_report': "state IN ('published', 'superseded')" },
};
