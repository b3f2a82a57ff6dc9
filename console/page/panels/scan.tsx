import type { FC } from "hono/jsx";

import type { ScanReport } from "../../model";
import type { Format } from "../format";
import { Moment, Notice } from "./parts";

interface ScanProps {
  readonly scan: ScanReport;
  readonly format: Format;
}

/** What keeps the figures of the comparison from being the whole truth. */
export const ScanNotices: FC<ScanProps> = ({ scan, format }) => (
  <>
    {scan.complete ? null : (
      <Notice state="unknown">
        What is missing is not known yet: no comparison of all orders has ended. The figures are those found so far.
      </Notice>
    )}
    {scan.visibleSince === null ? null : (
      <Notice state="unknown">
        Orders before <time datetime={scan.visibleSince}>{format.day(scan.visibleSince)}</time> cannot be seen: the app
        lacks the scope read_all_orders. Whether any of them is missing is unknown.
      </Notice>
    )}
  </>
);

/** The same in short, where the list says it at length. */
export const ScanHint: FC<ScanProps> = ({ scan, format }) => (
  <>
    {scan.complete ? null : <p class="hint">Found so far: no comparison of all orders has ended.</p>}
    {scan.visibleSince === null ? null : (
      <p class="hint">
        Unknown before <time datetime={scan.visibleSince}>{format.day(scan.visibleSince)}</time>: the app cannot see
        those orders.
      </p>
    )}
  </>
);

/** Of which comparison the figures are, and how far the one is that is going on. */
export const ScanState: FC<ScanProps> = ({ scan, format }) => (
  <div class="scan">
    {scan.complete && scan.startedAt !== null ? (
      <p class="as-of">
        As of the comparison of <Moment at={scan.startedAt} format={format} />
        {scan.finishedAt === null ? null : (
          <>
            , ended <Moment at={scan.finishedAt} format={format} />
          </>
        )}
        .
      </p>
    ) : null}
    {scan.running === null ? null : <Running running={scan.running} format={format} />}
  </div>
);

/** A total that is smaller than what has been done is out of date, and says nothing. */
const Running: FC<{ running: NonNullable<ScanReport["running"]>; format: Format }> = ({ running, format }) => {
  const { ordersDone, ordersTotal } = running;
  const total = ordersTotal !== null && ordersTotal >= ordersDone ? ordersTotal : null;
  const done = format.number(ordersDone);
  return (
    <p class="running">
      <span id="scan-running">
        Comparing since <Moment at={running.startedAt} format={format} />:{" "}
        {total === null ? `${done} orders` : `${done} of ${format.number(total)} orders`}
      </span>
      {total === null || total === 0 ? (
        <progress aria-labelledby="scan-running" />
      ) : (
        <progress aria-labelledby="scan-running" value={ordersDone} max={total} />
      )}
    </p>
  );
};
