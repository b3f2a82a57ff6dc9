import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Download, type Page } from "playwright-core";

import { writerFor } from "../../core/messages";
import { buildAssets } from "../build";
import { busyWorld } from "./testing/busy-world";
import { chromiumOnPath } from "./testing/chromium";
import { englishIn, spokenWorld } from "./testing/spoken-world";
import { servePage, type ServedPage } from "./testing/serve";
import { calmWorld, entry, gap, healthWith, NOW, told, WHOLE_SCAN, type World } from "./testing/world";

const CHROMIUM = chromiumOnPath();
/** Where the pictures of the page go, for people to look at. */
const SCREENSHOTS = process.env["CONSOLE_SCREENSHOTS"] ?? join(__dirname, "../../coverage/console-page");

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };

/** Tables that have to be scrolled sideways to be read, which only a phone may ask for. */
const CUT_OFF = `[...document.querySelectorAll("table")]
  .filter((table) => table.scrollWidth > table.parentElement.clientWidth)
  .map((table) => table.className + " " + table.scrollWidth + " in " + table.parentElement.clientWidth)`;

jest.setTimeout(120_000);

let browser: Browser;
let served: ServedPage;
/** What the browser complained about: errors, and what the page's policy refused. */
let complaints: string[];
let page: Page;

async function open(world: World, options: BrowserContextOptions = {}, path = "/"): Promise<void> {
  served.world = world;
  const context = await browser.newContext({ viewport: DESKTOP, colorScheme: "light", timezoneId: "UTC", ...options });
  await context.addInitScript({ content: axe.source });
  page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  await page.clock.install({ time: NOW });
  await page.goto(`${served.url}${path}`);
}

/** Until a text is what it should be, however slow the machine is; then the assertion says what it was instead. */
async function eventually<Value>(read: () => Promise<Value>, expected: Value): Promise<void> {
  const until = Date.now() + 30_000;
  while (Date.now() < until && !equal(await read(), expected)) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await read()).toEqual(expected);
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const liveLine = (): Promise<string> => page.locator("#live").innerText();
const LIVE = "Live: what is new appears by itself";
const shares = async (): Promise<string[]> => (await page.locator(".share").allInnerTexts()).map(oneLine);
const names = (): Promise<string[]> => page.locator(".gap-name").allInnerTexts();
/** The address without the server's own. */
const address = (): string => page.url().slice(served.url.length);
const asked = (path: string): number => served.seen.filter((each) => each.startsWith(path)).length;
/** What holds the focus, as a reader would call it. */
const focused = async (): Promise<string> =>
  oneLine(
    await page.evaluate<string>(
      "(e => e.getAttribute('aria-label') || e.innerText.trim() || e.id)(document.activeElement)",
    ),
  );

/** A page that has been loaded again no longer has the mark. */
const mark = (): Promise<unknown> => page.evaluate("window.sameDocument = true");
const isSameDocument = (): Promise<boolean> => page.evaluate("window.sameDocument === true");

const inChromium = CHROMIUM === undefined ? describe.skip : describe;

inChromium("the page in Chromium", () => {
  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await chromium.launch({ executablePath: CHROMIUM ?? "", args: ["--no-sandbox"] });
    served = await servePage(calmWorld(), await buildAssets());
  });
  beforeEach(() => {
    complaints = [];
    served.fault = undefined;
    served.seen.length = 0;
  });
  afterEach(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  const first = busyWorld({
    months: [],
    gaps: [],
    scan: {
      ...WHOLE_SCAN,
      complete: false,
      startedAt: null,
      finishedAt: null,
      trouble: "ERPNext did not answer within 10 seconds",
      visibleSince: "2026-09-28T00:00:00Z",
    },
  });
  const down = busyWorld({
    health: healthWith({ name: "workers", state: "bad", value: "0 of 3", detail: "No worker is alive: restart them." }),
  });

  it.each([
    ["busy-phone-light", busyWorld(), PHONE, "light"],
    ["busy-phone-dark", busyWorld(), PHONE, "dark"],
    ["busy-desktop-light", busyWorld(), DESKTOP, "light"],
    ["busy-desktop-dark", busyWorld(), DESKTOP, "dark"],
    ["first-phone-dark", first, PHONE, "dark"],
    ["first-desktop-light", first, DESKTOP, "light"],
    ["down-phone-light", down, PHONE, "light"],
    ["calm-desktop-light", calmWorld(), DESKTOP, "light"],
    ["german-phone-light", spokenWorld("de-DE"), PHONE, "light"],
    ["german-desktop-light", spokenWorld("de-DE"), DESKTOP, "light"],
    ["french-desktop-light", spokenWorld("fr-FR"), DESKTOP, "light"],
    ["spanish-desktop-light", spokenWorld("es-ES"), DESKTOP, "light"],
    ["dutch-desktop-light", spokenWorld("nl-NL"), DESKTOP, "light"],
  ] as const)("%s has nothing that an accessibility checker objects to, and fits its width", async (...row) => {
    const [name, world, viewport, colorScheme] = row;
    await open(world, { viewport, colorScheme });
    await eventually(liveLine, writerFor(world.company.locale).t("live.live"));
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
    for (const summary of await page.locator("summary").all()) await summary.click();
    const { violations } = await page.evaluate<axe.AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(viewport.width);
    if (viewport === DESKTOP) expect(await page.evaluate(CUT_OFF)).toEqual([]);
  });

  it("speaks a German company's language, before its script and after, with no English sentence", async () => {
    await open(spokenWorld("de-DE"));
    await eventually(liveLine, "Live: Neues erscheint von selbst");
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    const said = await page.evaluate<string>(
      "document.title + ' ' + document.body.innerText + ' ' + [...document.querySelectorAll('[aria-label]')].map((e) => e.ariaLabel).join(' ')",
    );
    expect(said).toContain("Freitag, 27. November 2026 um 08:14 MEZ");
    expect(said).toContain("1.289,50 in Shopify erhalten");
    expect(englishIn(said)).toEqual([]);
    expect(await page.getAttribute("html", "lang")).toBe("de-DE");
  });

  it("is whole without its script: figures, filter, search and pages", async () => {
    await open(busyWorld(), { javaScriptEnabled: false });
    expect(await page.locator("#verdict").innerText()).toBe("3 orders are missing in ERPNext");
    expect(await shares()).toEqual(["99.51% in ERPNext", "100% in ERPNext", "Unknown"]);
    expect(await page.getByText("Reload the page for what is new.").isVisible()).toBe(true);
    await page.getByRole("link", { name: "Connector error 2" }).click();
    expect([address(), await names()]).toEqual(["/?reason=error#gaps", ["#12839", "#12837"]]);
    await page.getByRole("searchbox", { name: "Search" }).fill("lager");
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForURL(/search=lager/);
    expect([address(), await names()]).toEqual(["/?search=lager&reason=error#gaps", ["#12837"]]);
    await page.getByRole("link", { name: "All 63" }).click();
    await page.getByRole("searchbox", { name: "Search" }).fill("");
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForURL(/search=#/);
    await page.getByRole("link", { name: "Next page" }).click();
    await page.waitForURL(/after=25/);
    expect((await names())[0]).toBe("#8334");
  });

  it("shows what appears on either side without a reload, and nothing in it can become an element", async () => {
    await open(busyWorld());
    await eventually(liveLine, LIVE);
    await mark();
    const name = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
    const order = entry(41, { at: NOW.toISOString(), title: name, url: "javascript:alert(3)" });
    const note = entry(42, { side: "erpnext", kind: "Delivery Note", title: "MAT-DN-2026-00900", amount: null });
    served.world = { ...served.world, feed: [note, order, ...served.world.feed] };
    await page.clock.runFor(13_000);
    const texts = async (): Promise<string[]> =>
      (await page.locator("#feed-list > li").allInnerTexts()).slice(0, 3).map(oneLine);
    await eventually(texts, [
      "08:09 ERPNext Delivery Note MAT-DN-2026-00900",
      `08:14 Shopify Order ${name} €42.00`,
      "08:07 Shopify Order #12841 €42.00",
    ]);
    expect(await page.locator("#feed-list > li").count()).toBe(12);
    expect(await page.locator("#feed-list :is(img, script)").count()).toBe(0);
    expect(await page.locator("#feed-list a").nth(1).getAttribute("href")).toBeNull();
    expect(await page.locator("#feed-list a").nth(0).getAttribute("rel")).toBe("noopener noreferrer");
    expect(await isSameDocument()).toBe(true);
  });

  it("shows new figures and a changed list without a reload, and leaves alone what someone is at", async () => {
    const world = busyWorld({ gaps: [gap(7, { reason: "error" })] });
    await open(world);
    await eventually(liveLine, LIVE);
    await mark();
    await page.getByText("Figures by month").click();
    await page.locator("#months .scroll").focus();
    const orders = { shopify: told(12_842), erpnext: told(12_842) };
    served.world = { ...world, gaps: [], counts: { ...world.counts, orders }, months: world.months.slice(0, 3) };
    await page.clock.runFor(13_000);
    await eventually(shares, ["100% in ERPNext", "100% in ERPNext", "Unknown"]);
    await eventually(() => page.locator(".calm").count(), 1);
    expect(await page.title()).toMatch(/^No order needs attention, but the order sync does · /);
    expect(await page.locator("#months tbody tr").count()).toBe(3);
    expect(await page.locator("#months details").getAttribute("open")).toBe("");
    expect(await page.evaluate("document.activeElement.className")).toBe("scroll");
    expect(await isSameDocument()).toBe(true);
  });

  it("asks less and less often while the console does not answer, says since when, and goes on by itself", async () => {
    await open(busyWorld());
    await eventually(liveLine, LIVE);
    served.fault = "down";
    await page.clock.runFor(13_000);
    await eventually(liveLine, "Reconnecting since 08:14; the page is as of then");
    const before = asked("/api/feed");
    await page.clock.runFor(15_000);
    expect(asked("/api/feed")).toBe(before);
    await page.clock.runFor(10_000);
    await eventually(() => Promise.resolve(asked("/api/feed") > before), true);
    served.fault = undefined;
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await eventually(async () => {
      await page.clock.runFor(10_000);
      return liveLine();
    }, LIVE);
    expect(complaints.filter((text) => !text.startsWith("Failed to load resource: net::ERR_"))).toEqual([]);
    complaints = [];
  });

  it.each(["signed-out", "refused"] as const)("says that the session has ended when it is %s", async (fault) => {
    await open(busyWorld(), {}, "/?reason=error");
    await eventually(liveLine, LIVE);
    served.fault = fault;
    await page.clock.runFor(13_000);
    await eventually(liveLine, "Your session ended at 08:14. Sign in again");
    expect(await page.getByRole("link", { name: "Sign in again" }).getAttribute("href")).toBe(
      `${served.url}/?reason=error`,
    );
    expect(complaints.filter((text) => !text.includes("status of 401"))).toEqual([]);
    complaints = [];
  });

  it("asks nothing while its tab is hidden, and at once when it is seen again", async () => {
    await open(busyWorld());
    await eventually(liveLine, LIVE);
    const hide = (hidden: boolean): Promise<unknown> =>
      page.evaluate(
        `Object.defineProperty(document, "hidden", { configurable: true, get: () => ${hidden} });
         document.dispatchEvent(new Event("visibilitychange"))`,
      );
    await hide(true);
    const before = asked("/api/");
    await page.clock.runFor(600_000);
    expect(asked("/api/")).toBe(before);
    await hide(false);
    await eventually(() => Promise.resolve(asked("/api/")), before + 2);
  });

  it("filters and searches in place; the address says what is shown, and the back button goes through it", async () => {
    await open(busyWorld());
    await eventually(liveLine, LIVE);
    await mark();
    const search = page.getByRole("searchbox", { name: "Search" });
    await page.getByRole("link", { name: "Connector error 2" }).click();
    await eventually(names, ["#12839", "#12837"]);
    expect(address()).toBe("/?reason=error");
    expect(await focused()).toBe("Connector error 2");
    await search.pressSequentially("lager");
    await page.clock.runFor(300);
    await eventually(names, ["#12837"]);
    await search.pressSequentially(" süd");
    await page.clock.runFor(300);
    await eventually(names, []);
    expect(address()).toBe("/?search=lager+s%C3%BCd&reason=error");
    expect([await search.inputValue(), await focused()]).toEqual(["lager süd", "search"]);
    expect(await page.locator(".matches").innerText()).toBe('None found with "lager süd"');
    await page.goBack();
    await eventually(names, ["#12839", "#12837"]);
    expect([address(), await search.inputValue()]).toEqual(["/?reason=error", ""]);
    await page.goBack();
    await eventually(async () => (await names()).length, 25);
    expect(address()).toBe("/");
    await page.goForward();
    await eventually(names, ["#12839", "#12837"]);
    await page.getByRole("link", { name: "All 63" }).click();
    await page.getByRole("link", { name: "Next page" }).click();
    await eventually(async () => (await names())[0], "#8334");
    expect(address()).toBe("/?after=25");
    expect(await isSameDocument()).toBe(true);
  });

  it("gives the chosen rows as a file", async () => {
    await open(busyWorld(), {}, "/?reason=deleted-product");
    const [download] = await Promise.all<[Promise<Download>, Promise<void>]>([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("northwind-not-synced-2026-11-27.csv");
    const lines = readFileSync(await download.path(), "utf8").split("\r\n");
    expect(lines).toHaveLength(1 + 55 + 1);
    expect(lines[0]?.startsWith('\uFEFF"order","shopify_order_id",')).toBe(true);
    expect(lines[55]?.split(",").slice(0, 4)).toEqual(['"#7002"', '"6000000007002"', '"missing"', '"deleted-product"']);
  });

  it("can be used by keyboard alone, and always shows where it is", async () => {
    await open(busyWorld());
    const stops: string[] = [];
    for (let stop = 0; stop < 13; stop += 1) {
      await page.keyboard.press("Tab");
      stops.push(await focused());
      const outline = await page.evaluate("getComputedStyle(document.activeElement).outline");
      expect(outline).toMatch(/solid 3px$/);
      const box = await page.evaluate<{ top: number; height: number }>(
        "document.activeElement.getBoundingClientRect().toJSON()",
      );
      expect(box.height).toBeGreaterThan(15);
      expect(box.top).toBeGreaterThanOrEqual(0);
    }
    expect(stops).toEqual([
      "Skip to the figures",
      "Coverage",
      "By month",
      "Money",
      "Not synced",
      "Health",
      "Live feed",
      "See which orders and why",
      "Figures by month",
      "search",
      "Search",
      "All 63",
      "Recent, webhook pending 1",
    ]);
    await page.keyboard.press("Enter");
    await eventually(names, ["#12841"]);
    expect(await focused()).toBe("Recent, webhook pending 1");
    await page.keyboard.press("Enter");
    await eventually(async () => (await names()).length, 25);
    await page.locator(".skip").focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.locator("#months summary").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("scroll");
  });

  it("moves nothing for those who asked for that", async () => {
    await open(busyWorld({ feed: [] }), { reducedMotion: "reduce" });
    await eventually(liveLine, LIVE);
    served.world = { ...served.world, feed: [entry(1)] };
    await page.clock.runFor(13_000);
    await eventually(() => page.locator("#feed-list > li").count(), 1);
    expect(await page.evaluate("getComputedStyle(document.querySelector('.entry')).animationName")).toBe("none");
    expect(await page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")).toBe("auto");
  });

  it("is printed without what paper cannot do", async () => {
    await open(busyWorld(), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    for (const gone of [".jump", ".search", ".paging"]) expect(await page.locator(gone).isVisible()).toBe(false);
    expect(await page.locator(".gaps").isVisible()).toBe(true);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
  });
});
