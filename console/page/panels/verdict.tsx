import type { FC } from "hono/jsx";

import type { ScanReport } from "../../model";
import { sentence, type PageFormat } from "../format";
import type { Verdict as Said } from "../verdict";
import { Mark, Notice } from "./parts";

/** The one sentence that a bookkeeper opens the page for. */
export const Verdict: FC<{ verdict: Said; scan: ScanReport; gaps: number; format: PageFormat }> = (props) => {
  const { verdict, scan, gaps, format } = props;
  return (
    <section class="verdict-frame" aria-labelledby="verdict" data-swap="verdict">
      <div class={`verdict verdict-${verdict.state}`}>
        <Mark state={verdict.state} spoken={format} />
        <h2 id="verdict">{verdict.headline}</h2>
        {verdict.sentences.length === 0 ? null : (
          <ul>
            {verdict.sentences.map((sentence) => (
              <li>{format.localTimes(sentence)}</li>
            ))}
          </ul>
        )}
        {verdict.remarks.length === 0 ? null : <p class="remarks">{verdict.remarks.join(" ")}</p>}
        {gaps === 0 ? null : (
          <a class="to-gaps" href="#gaps">
            {format.t("verdict.seeGaps")}
          </a>
        )}
      </div>
      {scan.trouble === null ? null : (
        <Notice state="warning" format={format}>
          {sentence(format.localTimes(format.t("scan.interrupted", { why: scan.trouble })))}
        </Notice>
      )}
    </section>
  );
};
