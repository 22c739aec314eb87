// The live board.
export default {
  // a stream, and no list: whose counters and alerts are in it is judged by
  // monitoring_live.test.mjs
  blind: ['live_stream'],
};
