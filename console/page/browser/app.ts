import type { CompanyFormat } from "../../model";
import { STATUS_PATH } from "../api";
import { formatFor } from "../format";
import { ask } from "./ask";
import { connectionLine } from "./connection";
import { element } from "./dom";
import { feedReader } from "./feed";
import { currentAddress, followGaps } from "./gaps";
import { poll } from "./poll";
import { showPage } from "./swap";

/** Keeps the page fresh while it is open. Without it the page is complete and stands still. */
function start(): void {
  const company = JSON.parse(element("feed-list").dataset["company"] ?? "") as CompanyFormat;
  const readFeed = feedReader(() => formatFor(company, new Date()));
  const readStatus = statusReader();
  const report = connectionLine((at) => formatFor(company, at).moment(at.toISOString()));
  for (const hint of document.querySelectorAll<HTMLElement>("[data-static]")) hint.hidden = true;
  followGaps();
  poll(async () => {
    await Promise.all([readFeed(), readStatus()]);
  }, report);
}

/** Fetches the page again when a figure, a check or the list has changed. */
function statusReader(): () => Promise<void> {
  let known: string | undefined;
  return async () => {
    const status = await (await ask(STATUS_PATH)).text();
    if (known !== undefined && status !== known) await showPage(currentAddress());
    known = status;
  };
}

start();
