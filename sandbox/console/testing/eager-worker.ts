import { consoleWorker } from "../../../console/console-worker";

/** The console's Worker as tests want it: it waits for nothing, and a step of its scans is as short as can be. */
export default consoleWorker({
  keys: { cooldownMs: 0 },
  limits: { pages: 2, recheckAfterMs: 0, recentEveryMs: 0, feedRestMs: 0, steps: 6 },
});
