import type { FC } from "hono/jsx";

import { writerFor } from "../../core/messages";
import type { CompanyFormat, ConsoleReader, Counts, FeedEntry, GapPage, MonthCoverage } from "../model";
import type { GapQuery } from "../model";
import { statusAnswer, worded } from "./answers";
import { FEED_LENGTH, type StatusAnswer } from "./api";
import type { PageAssets } from "./assets";
import { formatFor, type PageFormat } from "./format";
import { Coverage } from "./panels/coverage";
import { Feed } from "./panels/feed";
import { Gaps } from "./panels/gaps";
import { Health } from "./panels/health";
import { Money } from "./panels/money";
import { Months } from "./panels/months";
import { Verdict } from "./panels/verdict";
import { readGapQuery } from "./query";
import { verdictOf, type Verdict as Said } from "./verdict";

export interface PageRequest {
  /** What the address says after its "?". */
  readonly parameters: URLSearchParams;
  readonly now: Date;
  readonly assets: PageAssets;
}

interface PageData extends StatusAnswer {
  readonly counts: Counts;
  readonly company: CompanyFormat;
  readonly months: readonly MonthCoverage[];
  readonly entries: readonly FeedEntry[];
  readonly page: GapPage;
  readonly query: GapQuery;
  readonly verdict: Said;
  readonly format: PageFormat;
  readonly now: Date;
  readonly assets: PageAssets;
}

/** The whole page as HTML. It is complete without its script, which only keeps it fresh. */
export async function renderPage(reader: ConsoleReader, request: PageRequest): Promise<string> {
  const query = readGapQuery(request.parameters);
  const [status, months, appeared, page] = await Promise.all([
    statusAnswer(reader),
    reader.months(),
    reader.feed(null, FEED_LENGTH),
    reader.gaps(query),
  ]);
  const company = reader.company();
  const entries = worded(appeared, company);
  const format = { ...formatFor(company, request.now), ...writerFor(company.locale) };
  const verdict = verdictOf({ ...status, format });
  const { now, assets } = request;
  const data: PageData = { ...status, company, months, entries, page, query, verdict, format, now, assets };
  const body = await (<Page {...data} />);
  return `<!doctype html>${body.toString()}`;
}

const Page: FC<PageData> = (data) => (
  <html lang={data.format.language}>
    <head>
      <meta charset="utf-8" />
      <title>{`${data.verdict.headline} · ${data.company.name} · Sync Console`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <meta name="referrer" content="no-referrer" />
      <link rel="icon" href={data.assets.icon.path} type="image/svg+xml" />
      <link rel="stylesheet" href={data.assets.styles.path} />
      <script src={data.assets.script.path} defer />
    </head>
    <body>
      <a class="skip" href="#main">
        {data.format.t("page.skip")}
      </a>
      <Top {...data} />
      <main id="main" tabindex={-1}>
        <Panels {...data} />
      </main>
      <footer class="foot">
        <p>{data.format.t("page.readOnly")}</p>
        <p>{data.format.t("page.times", { timeZone: data.company.timeZone })}</p>
      </footer>
    </body>
  </html>
);

const PANELS = ["coverage", "months", "money", "gaps", "health", "feed"] as const;

const Top: FC<PageData> = ({ company, format, now }) => (
  <header class="top">
    <div class="top-name">
      <p class="product">Sync Console</p>
      <h1>{company.name}</h1>
    </div>
    <div class="top-state">
      <p class="top-time">
        <time datetime={now.toISOString()} data-swap="time">
          {format.fullMoment(now.toISOString())}
        </time>
      </p>
      <p
        class="live"
        id="live"
        role="status"
        data-live={format.t("live.live")}
        data-reconnecting={format.t("live.reconnecting", { time: "{time}" })}
        data-ended={format.t("live.ended", { time: "{time}" })}
        data-sign-in={format.t("live.signIn")}
      />
    </div>
    <nav class="jump" aria-label={format.t("page.jump")}>
      {PANELS.map((panel) => (
        <a href={`#${panel}`}>{format.t(`nav.${panel}`)}</a>
      ))}
    </nav>
  </header>
);

const Panels: FC<PageData> = (data) => (
  <>
    <Verdict
      verdict={data.verdict}
      scan={data.scan}
      gaps={Object.values(data.gapCounts).reduce((sum, count) => sum + count, 0)}
      format={data.format}
    />
    <div class="sides">
      <div class="stack">
        <Coverage counts={data.counts} format={data.format} />
        <Months months={data.months} scan={data.scan} format={data.format} />
        <Money months={data.months} scan={data.scan} format={data.format} />
        <Gaps page={data.page} gapCounts={data.gapCounts} view={data.query} scan={data.scan} format={data.format} />
      </div>
      <div class="stack">
        <Health health={data.health} format={data.format} />
        <Feed entries={data.entries} company={data.company} format={data.format} />
      </div>
    </div>
  </>
);
