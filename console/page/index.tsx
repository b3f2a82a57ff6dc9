import type { FC } from "hono/jsx";

import type { CompanyFormat, ConsoleReader, Counts, FeedEntry, GapPage, MonthCoverage } from "../model";
import type { GapQuery } from "../model";
import { FEED_LENGTH, statusAnswer, type StatusAnswer } from "./api";
import type { PageAssets } from "./assets";
import { formatFor, type Format } from "./format";
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
  readonly format: Format;
  readonly now: Date;
  readonly assets: PageAssets;
}

/** The whole page as HTML. It is complete without its script, which only keeps it fresh. */
export async function renderPage(reader: ConsoleReader, request: PageRequest): Promise<string> {
  const query = readGapQuery(request.parameters);
  const [status, months, entries, page] = await Promise.all([
    statusAnswer(reader),
    reader.months(),
    reader.feed(null, FEED_LENGTH),
    reader.gaps(query),
  ]);
  const company = reader.company();
  const format = formatFor(company, request.now);
  const verdict = verdictOf({ ...status, format });
  const { now, assets } = request;
  const data: PageData = { ...status, company, months, entries, page, query, verdict, format, now, assets };
  const body = await (<Page {...data} />);
  return `<!doctype html>${body.toString()}`;
}

const Page: FC<PageData> = (data) => (
  <html lang="en">
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
        Skip to the figures
      </a>
      <Top {...data} />
      <main id="main" tabindex={-1}>
        <Panels {...data} />
      </main>
      <footer class="foot">
        <p>Read-only: nothing on this page changes anything in Shopify or ERPNext.</p>
        <p>Times are those of {data.company.timeZone}.</p>
      </footer>
    </body>
  </html>
);

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
      <p class="live" id="live" role="status" />
    </div>
    <nav class="jump" aria-label="On this page">
      <a href="#coverage">Coverage</a>
      <a href="#months">By month</a>
      <a href="#money">Money</a>
      <a href="#gaps">Not synced</a>
      <a href="#health">Health</a>
      <a href="#feed">Live feed</a>
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
