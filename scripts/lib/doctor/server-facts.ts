import type { ServerFacts as ReportedFacts } from "../../../clients/server-facts";
import type { HealthReport } from "../server-readiness";

/** What the server reports of itself. */
export interface ServerFacts {
  readonly report: HealthReport;
  /** What it has found out about the running site; each part only where it could. */
  readonly reported: ReportedFacts;
}
