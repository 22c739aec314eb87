// search: what the scope matrix brings along for the index, typing ahead and synonyms.
export default {
  queries: { vacancy_suggest: '?q=%E7%94%B5' },
  values: { words: '甲工/乙工' },
  public: ['jobs.synonym'],
};
