import type { Child, FC } from "hono/jsx";

import type { ScanReport } from "../../model";
import type { PageFormat } from "../format";
import { Moment, Notice } from "./parts";

interface ScanProps {
  readonly scan: ScanReport;
  readonly format: PageFormat;
}

/** What keeps the figures of the comparison from being the whole truth. */
export const ScanNotices: FC<ScanProps> = ({ scan, format }) => (
  <>
    {scan.complete ? null : (
      <Notice state="unknown" format={format}>
        {format.t("scan.notEnded")}
      </Notice>
    )}
    {scan.visibleSince === null ? null : (
      <Notice state="unknown" format={format}>
        {format.pieces("scan.invisible", { day: <Day at={scan.visibleSince} format={format} /> })}
      </Notice>
    )}
  </>
);

/** The same in short, where the list says it at length. */
export const ScanHint: FC<ScanProps> = ({ scan, format }) => (
  <>
    {scan.complete ? null : <p class="hint">{format.t("scan.notEndedHint")}</p>}
    {scan.visibleSince === null ? null : (
      <p class="hint">{format.pieces("scan.invisibleHint", { day: <Day at={scan.visibleSince} format={format} /> })}</p>
    )}
  </>
);

const Day: FC<{ at: string; format: PageFormat }> = ({ at, format }) => <time datetime={at}>{format.day(at)}</time>;

/** When the comparison began and ended that the figures are from, and the progress of the one that is running. */
export const ScanState: FC<ScanProps> = ({ scan, format }) => (
  <div class="scan">
    {scan.complete && scan.startedAt !== null ? (
      <p class="as-of">{comparison(scan.startedAt, scan.finishedAt, format)}</p>
    ) : null}
    {scan.running === null ? null : <Running running={scan.running} format={format} />}
  </div>
);

function comparison(startedAt: string, finishedAt: string | null, format: PageFormat): Child {
  const started = <Moment at={startedAt} format={format} />;
  if (finishedAt === null) return format.pieces("scan.asOf", { started });
  return format.pieces("scan.asOfEnded", { started, ended: <Moment at={finishedAt} format={format} /> });
}

/** A total that is smaller than what has been done is out of date, and says nothing. */
const Running: FC<{ running: NonNullable<ScanReport["running"]>; format: PageFormat }> = ({ running, format }) => {
  const { ordersDone, ordersTotal } = running;
  const total = ordersTotal !== null && ordersTotal >= ordersDone ? ordersTotal : null;
  const done = format.number(ordersDone);
  const started = <Moment at={running.startedAt} format={format} />;
  return (
    <p class="running">
      <span id="scan-running">
        {total === null
          ? format.pieces("scan.running", { started, done })
          : format.pieces("scan.runningOf", { started, done, total: format.number(total) })}
      </span>
      {total === null || total === 0 ? (
        <progress aria-labelledby="scan-running" />
      ) : (
        <progress aria-labelledby="scan-running" value={ordersDone} max={total} />
      )}
    </p>
  );
};
