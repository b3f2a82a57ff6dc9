import { renderPage } from ".";
import { ENGLISH } from "../../core/messages";
import type { Gap, ScanReport } from "../model";
import type { PageAssets } from "./assets";
import { REASONS } from "./query";
import { englishIn, spokenWorld } from "./testing/spoken-world";
import { elementOf, readable, rowsOf, textOf } from "./testing/text";
import {
  AS_OF,
  calmWorld,
  entry,
  gap,
  healthWith,
  month,
  NOW,
  readerOf,
  told,
  untold,
  WHOLE_SCAN,
  type World,
} from "./testing/world";

const asset = (path: string): PageAssets["styles"] => ({ path, type: "text/plain", body: "" });
const assets: PageAssets = {
  styles: asset("/assets/page-1.css"),
  script: asset("/assets/page-2.js"),
  icon: asset("/assets/icon-3.svg"),
};

function render(of: Partial<World> = {}, query = ""): Promise<string> {
  const parameters = new URLSearchParams(query);
  return renderPage(readerOf(calmWorld(of)), { parameters, now: NOW, assets });
}

const { counts: COUNTS } = calmWorld();
const FIRST_SCAN: ScanReport = { ...WHOLE_SCAN, complete: false, startedAt: null, finishedAt: null };

describe("the page", () => {
  it("names the company, the moment and the state in its title", async () => {
    const html = await render();
    expect(html.slice(0, 32)).toBe('<!doctype html><html lang="en-GB');
    expect(html).toContain("<title>Every order is in ERPNext · Northwind Tea Ltd · Sync Console</title>");
    expect(html).toContain('<time datetime="2026-11-27T07:14:00.000Z"');
  });

  it("asks for its own three files only, and has no style and no script of its own", async () => {
    const html = await render({ feed: [entry(1)], gaps: REASONS.map((reason, index) => gap(index, { reason })) });
    expect(
      [...html.matchAll(/<(?:script|link|img|iframe|object|source)\b[^>]*\b(?:src|href)="([^"]*)"/g)].map(
        (match) => match[1],
      ),
    ).toEqual(["/assets/icon-3.svg", "/assets/page-1.css", "/assets/page-2.js"]);
    expect(html).not.toMatch(/<style|\bstyle=|\bon\w+=|<script(?! src)/);
  });
});

describe("the language of the company", () => {
  /** Everything that is shown or read aloud. */
  const said = (html: string): string =>
    [
      readable(html),
      ...[...html.matchAll(/(?:aria-label|data-(?:live|reconnecting|ended|sign-in))="([^"]*)"/g)].map(
        ([, words]) => words,
      ),
    ].join(" ");

  it.each(["de-DE", "de-AT", "fr-FR", "es-ES", "nl-NL"])("is the page's: nothing is English for %s", async (locale) => {
    for (const scan of [spokenWorld(locale).scan, FIRST_SCAN]) {
      const html = await render(spokenWorld(locale, { scan }));
      expect(html).toContain(`<html lang="${locale}">`);
      expect(englishIn(said(html))).toEqual([]);
    }
  });

  it("is English for a company of another, which would see English in the test above", async () => {
    const html = await render(spokenWorld("pl-PL"));
    expect(html).toContain('<html lang="en">');
    expect(englishIn(said(html)).length).toBeGreaterThan(100);
    expect(html).not.toMatch(/listopad|lis 2026|piątek/);
  });
});

describe("coverage now", () => {
  it.each([
    ["equal", told(1212), told(1212), "Orders 100% in ERPNext Shopify 1,212 ERPNext 1,212 Difference none"],
    [
      "fewer",
      told(20_000),
      told(19_999),
      "Orders 99.99% in ERPNext Shopify 20,000 ERPNext 19,999 Difference 1 fewer in ERPNext",
    ],
    ["more", told(2), told(3), "Orders 150% in ERPNext Shopify 2 ERPNext 3 Difference 1 more in ERPNext"],
    [
      "none at all in ERPNext",
      told(7),
      told(0),
      "Orders 0% in ERPNext Shopify 7 ERPNext 0 Difference 7 fewer in ERPNext",
    ],
    ["an empty shop", told(0), told(0), "Orders None yet Shopify 0 ERPNext 0 Difference none"],
    [
      "an empty shop, and an ERPNext that is not",
      told(0),
      told(2),
      "Orders None in Shopify Shopify 0 ERPNext 2 Difference 2 more in ERPNext",
    ],
    [
      "a silent ERPNext",
      told(7),
      untold("it did not answer"),
      "Orders Unknown Shopify 7 ERPNext Unknown Difference Unknown ERPNext unknown: it did not answer.",
    ],
    [
      "a missing scope",
      untold("the app lacks the scope read_orders"),
      told(7),
      "Orders Unknown Shopify Unknown ERPNext 7 Difference Unknown Shopify unknown: the app lacks the scope read_orders.",
    ],
  ])("of %s", async (...[, shopify, erpnext, text]) => {
    const html = await render({ counts: { ...COUNTS, orders: { shopify, erpnext } } });
    const [card = ""] = elementOf(html, "coverage").split("</article>");
    expect(readable(card.slice(card.indexOf("<article")))).toBe(text);
  });

  it("says once how old all figures are, and each for itself where they differ: as old as the older of its two", async () => {
    expect(textOf(await render(), "coverage").match(/as of \S+/g)).toEqual(["as of 07:10"]);
    const products = { shopify: told(86), erpnext: told(86, "2026-11-27T06:50:00Z") };
    const html = await render({ counts: { ...COUNTS, products } });
    expect(textOf(html, "coverage").match(/as of \S+/g)).toEqual(["as of 07:10", "as of 06:50", "as of 07:10"]);
  });
});

describe("money by month", () => {
  const figures = { gross: "44.70", charges: "7.14", refunded: "19.90", paid: "24.80" };
  const nothing = { gross: "0.00", charges: "0.00", refunded: "0.00", paid: "0.00" };
  const even = { shopify: figures, erpnext: figures, tolerated: nothing, tax: "3.02" };
  const refunded = { ...even, erpnext: { ...figures, refunded: "0.00", paid: "44.70" } };
  const rounded = { ...even, erpnext: { ...figures, gross: "44.69" }, tolerated: { ...nothing, gross: "-0.01" } };

  it("shows both sides and what is between them, and leads to the orders of the month", async () => {
    const html = await render({ months: [month("2026-10", { money: even }), month("2026-11", { money: refunded })] });
    const panel = elementOf(html, "money");
    expect(rowsOf(panel)).toEqual([
      ["Month", "Side", "Gross", "Tax and shipping", "Refunded", "Paid, less refunds"],
      ["Nov 2026", "Shopify", "£44.70", "£7.14", "£19.90", "£24.80"],
      ["ERPNext", "£44.70", "£7.14", "£0.00", "£44.70"],
      ["Difference", "£0.00", "£0.00", "-£19.90", "£19.90"],
      ["Oct 2026", "Shopify", "£44.70", "£7.14", "£19.90", "£24.80"],
      ["ERPNext", "£44.70", "£7.14", "£19.90", "£24.80"],
    ]);
    expect(panel).toContain('href="/?month=2026-11#gaps"');
    expect(textOf(html, "money")).toContain("The money of both sides differs in 1 of 2 months.");
  });

  it("tells a tolerated rounding from money that is missing", async () => {
    const html = await render({ months: [month("2026-11", { money: rounded })] });
    expect(textOf(html, "money")).toContain("The money of both sides agrees in every month.");
    expect(rowsOf(elementOf(html, "money")).at(-1)).toEqual(["Rounding", "-£0.01", "£0.00", "£0.00", "£0.00"]);
  });

  it("is unknown before a comparison has added it up", async () => {
    const html = await render({ months: [], scan: { ...WHOLE_SCAN, complete: false } });
    expect(textOf(html, "money")).toContain("Unknown: no month has been compared yet.");
  });
});

describe("orders by month", () => {
  const missing = { recent: 1, cancelled: 2, "deleted-product": 4, error: 8, other: 16 };
  const months = [
    month("2026-11", { shopify: 131, inErpnext: 100, missing }),
    month("2026-09", { shopify: 3, inErpnext: 3, unknown: 12 }),
    month("2026-08"),
  ];

  it("are a table, newest first, that does not guess a share", async () => {
    expect(rowsOf(elementOf(await render({ months }), "months"))).toEqual([
      [
        "Month",
        "Shopify",
        "In ERPNext",
        "Per cent",
        "Need attention",
        "On the way",
        "Cancelled or test",
        "Deleted product",
        "Unknown in Shopify",
      ],
      ["Nov 2026", "131", "100", "76.33%", "24", "1", "2", "4", "0"],
      ["Sept 2026", "3", "3", "Unknown", "0", "0", "0", "0", "12"],
      ["Aug 2026", "0", "0", "–", "0", "0", "0", "0", "0"],
    ]);
  });

  it("are a chart with a column for every month, also for one without orders", async () => {
    const html = elementOf(await render({ months }), "months");
    expect([...html.matchAll(/<title>([^<]*)<\/title>/g)].map((match) => match[1])).toEqual([
      "Aug 2026: 0 orders, 0 in ERPNext",
      "Sept 2026: 3 orders, 3 in ERPNext, 12 unknown in Shopify",
      "Oct 2026: 0 orders, 0 in ERPNext",
      "Nov 2026: 131 orders, 100 in ERPNext",
    ]);
    expect([...html.matchAll(/class="column-missing">([^<]*)</g)].map((match) => match[1])).toEqual(["", "", "", "24"]);
  });

  it.each([
    ["a whole comparison", WHOLE_SCAN, "There are no orders yet."],
    ["an unfinished one", FIRST_SCAN, "Unknown: no month has been compared yet."],
  ])("that do not exist, after %s", async (_, scan, text) => {
    expect(textOf(await render({ months: [], scan }), "months")).toContain(text);
  });
});

describe("order-sync health", () => {
  it("has every check in sequence, also one that did not run", async () => {
    const health = healthWith({
      name: "workers",
      state: "bad",
      value: "0 of 3",
      detail: "None is alive since 2026-11-27T06:00:00Z.",
    });
    const html = await render({ health: [...health].reverse().filter(({ name }) => name !== "token-age") });
    const checks = elementOf(html, "health").split('<li class="check">').slice(1).map(readable);
    expect(checks).toEqual([
      "Oldest waiting order Good none No order waits in ERPNext's queue.",
      "Error rate Good 0 of 212 Of the orders of the last 24 hours none failed.",
      "Last delivery from Shopify Good 4 min ago Shopify delivered #1212.",
      "Deliveries on their way to ERPNext Good none ERPNext has taken every delivery.",
      "Background workers Bad 0 of 3 None is alive since 06:00.",
      "Webhook subscriptions Good 5 of 5 Shopify has every subscription, and all point to this server.",
      "Age of the Shopify token Unknown Not checked yet.",
      "Shopify API version Good 2026-10 Shopify answered with the version that was asked for.",
      "Shopify's deadlines Good none No call of the last 30 days is deprecated. as of 07:10",
    ]);
  });

  it("tells its states apart by word and shape", async () => {
    const states = ["good", "warning", "bad", "unknown"] as const;
    const names = ["oldest-queued", "error-rate", "last-delivery", "workers"] as const;
    const health = states.map((state, index) => ({ name: names[index]!, state, value: "", detail: "", asOf: AS_OF }));
    const html = elementOf(await render({ health }), "health");
    const shapes = [...html.matchAll(/<svg class="mark mark-(\w+)".*?>(.*?)<\/svg>/gs)].slice(0, 4);
    expect(shapes.map((match) => match[1])).toEqual(states);
    expect(new Set(shapes.map((match) => match[2]?.replace(/ class="[^"]*"/g, ""))).size).toBe(4);
    expect(readable(html)).toMatch(/Good.*Look at it today.*Bad.*Unknown/);
  });
});

describe("the live feed", () => {
  it("is newest first, with links into the admin of its side and amounts where there are any", async () => {
    const note = entry(2, {
      side: "erpnext",
      kind: "Delivery Note",
      title: "MAT-DN-2026-00001",
      amount: null,
      url: "https://erp.example.com/app/delivery-note/1",
    });
    const html = elementOf(await render({ feed: [note, entry(1)] }), "feed-list");
    expect(html.split("</li>").map(readable)).toEqual([
      "07:09 ERPNext Delivery Note MAT-DN-2026-00001",
      "07:09 Shopify Order #1001 £42.00",
      "",
    ]);
    expect(
      [...html.matchAll(/<a class="entry-title" href="([^"]*)" target="_blank" rel="noopener noreferrer">/g)].map(
        (match) => match[1],
      ),
    ).toEqual([
      "https://erp.example.com/app/delivery-note/1",
      "https://admin.shopify.com/store/northwind-tea/orders/1001",
    ]);
  });

  it("says that there is nothing yet", async () => {
    expect(textOf(await render(), "feed")).toContain("Nothing yet. New orders and documents appear here as they come.");
    expect(await render({ feed: [entry(1)] })).toContain('id="feed-empty" hidden');
  });
});

describe("the list of what is not synced", () => {
  it.each(REASONS)("says in words that an order is in it for %s", async (reason) => {
    const gaps = [gap(1001, { reason, detail: "since 2026-11-27T06:00:00Z" })];
    const [, row] = rowsOf(elementOf(await render({ gaps }), "gaps"));
    const why = `${ENGLISH.t(`reason.${reason}`)} since 06:00 noticed 26 Nov 2026, 15:00, checked 06:03`;
    expect(row).toEqual(["#1001 placed 26 Nov 2026, 14:05", "£129.90", why, "Shopify ERPNext"]);
  });

  it("names the documents that ERPNext has, and what is unknown", async () => {
    const gaps = [
      gap(7, {
        name: "6000000000007",
        kind: "orphan",
        reason: "orphan",
        placedAt: null,
        total: null,
        documents: ["SAL-ORD-1", "SAL-ORD-2"],
      }),
    ];
    const html = elementOf(await render({ gaps }), "gaps");
    const [, row = []] = rowsOf(html);
    expect([row[0], row[1], row[3]]).toEqual([
      "6000000000007 placed unknown",
      "Unknown",
      "Shopify SAL-ORD-1, SAL-ORD-2",
    ]);
    expect(html).toContain(
      'aria-label="Open SAL-ORD-1, SAL-ORD-2 of 6000000000007 in ERPNext" target="_blank" rel="noopener noreferrer"',
    );
  });

  const many = [...Array<undefined>(60)].map((_, index) =>
    gap(2000 - index, { reason: index % 3 === 0 ? "error" : "cancelled" }),
  );

  it("counts by reason, each a link that chooses it and keeps the search", async () => {
    const html = elementOf(await render({ gaps: many }, "search=%232&reason=error&after=25"), "gaps");
    const chips = [
      ...html.matchAll(/<a class="chip" data-keep="[\w-]+" href="([^"]*)"( aria-current="true")?>(.*?)<\/a>/g),
    ];
    expect(chips.map(([, href, current, text = ""]) => [readable(text), href, current !== undefined])).toEqual([
      ["All 60", "/?search=%232#gaps", false],
      ["Cancelled 40", "/?reason=cancelled&amp;reason=error&amp;search=%232#gaps", false],
      ["Connector error 20", "/?search=%232#gaps", true],
    ]);
    expect(html).toContain('<input type="hidden" name="reason" value="error" form="gap-search"/>');
  });

  it("shows a chosen reason that has none left, so that it can be let go", async () => {
    const html = await render({ gaps: many }, "reason=orphan");
    expect(textOf(html, "gaps")).toContain("Not in Shopify 0");
    expect(textOf(html, "gaps")).toContain("No order matches. Show all");
  });

  it("is paged, and every page says how many there are", async () => {
    const first = elementOf(await render({ gaps: many }), "gaps");
    expect([rowsOf(first)[1]?.[0], rowsOf(first).length]).toEqual(["#2000 placed 26 Nov 2026, 14:05", 26]);
    expect(readable(first)).toContain("60 found, newest first");
    expect(first).toContain('href="/?after=25#gaps" rel="next"');
    expect(first).not.toContain("First page");
    const last = elementOf(await render({ gaps: many }, "after=50"), "gaps");
    expect(rowsOf(last)).toHaveLength(11);
    expect(last).not.toContain('rel="next"');
    expect(last).toContain('<a href="/#gaps">First page</a>');
  });

  it("gives the same rows as CSV", async () => {
    expect(await render({ gaps: many }, "reason=cancelled&search=%231&after=25")).toContain(
      'href="/gaps.csv?reason=cancelled&amp;search=%231"',
    );
  });

  it.each<[string, Partial<World>, string, string]>([
    [
      "all is there",
      {},
      "",
      "Everything is in sync. Every order in Shopify is in ERPNext, with its documents and the same money.",
    ],
    [
      "no comparison has ended",
      { scan: FIRST_SCAN },
      "",
      "Unknown: nothing has been found so far, and the comparison has not ended.",
    ],
    [
      "a part cannot be seen",
      { scan: { ...WHOLE_SCAN, visibleSince: "2026-09-28T00:00:00Z" } },
      "",
      "Everything that can be seen is in sync.",
    ],
    ["nothing matches", { gaps: many }, "search=nowhere", 'None found with "nowhere" No order matches. Show all'],
    ["nothing is there to match", {}, "search=nowhere", "No order matches. Show all"],
    ["the page is past the end", { gaps: many }, "after=100", "This page of the list is empty. Go to its first page"],
  ])("is empty because %s", async (...[, of, query, text]) => {
    const html = textOf(await render(of, query), "gaps");
    expect(html).toContain(text);
    expect(html.includes("Everything is in sync")).toBe(text.startsWith("Everything is in sync"));
  });
});

describe("the comparison", () => {
  it.each([
    ["of how many", 12_000, 40_000, "12,000 of 40,000 orders", 'value="12000" max="40000"'],
    ["of an unknown number", 12_000, null, "12,000 orders", ""],
    ["of more than were counted", 12, 10, "12 orders", ""],
    ["of none", 0, 0, "0 of 0 orders", ""],
  ])("says how far it is, %s", async (...[, ordersDone, ordersTotal, text, bar]) => {
    const running = { startedAt: "2026-11-27T07:00:00Z", ordersDone, ordersTotal };
    const html = elementOf(await render({ scan: { ...WHOLE_SCAN, running } }), "gaps");
    expect(readable(html)).toContain(`As of the comparison of 06:00, ended 06:12. Comparing since 07:00: ${text} `);
    expect(/<progress aria-labelledby="scan-running" ?([^>/]*)/.exec(html)?.[1]).toBe(bar);
  });

  it("says in both panels what it cannot see", async () => {
    const html = await render({ scan: { ...FIRST_SCAN, visibleSince: "2026-09-28T00:00:00Z" } });
    expect(textOf(html, "gaps")).toContain(
      "What is missing is not known yet: no comparison of all orders has ended. The figures are those found so far.",
    );
    expect(textOf(html, "gaps")).toContain(
      "Orders before 28 Sept 2026 cannot be seen: the app lacks the scope read_all_orders. Whether any of them is missing is unknown.",
    );
    expect(textOf(html, "months")).toContain("Found so far: no comparison of all orders has ended.");
    expect(textOf(html, "months")).toContain("Unknown before 28 Sept 2026: the app cannot see those orders.");
  });

  it("says first why it ended early", async () => {
    const html = await render({
      scan: { ...WHOLE_SCAN, trouble: "ERPNext did not answer since 2026-11-27T06:30:00Z" },
    });
    expect(textOf(html, "main")).toMatch(
      /^Good: Every order is in ERPNext .*Look at it today: The comparison was interrupted and goes on by itself: ERPNext did not answer since 06:30\. Coverage now/,
    );
  });
});

describe("what comes from outside", () => {
  const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&`;

  it("stays text wherever it appears", async () => {
    const of: Partial<Gap> = {
      name: evil,
      detail: evil,
      documents: [evil],
      total: evil,
      placedAt: evil,
      firstSeenAt: evil,
      checkedAt: evil,
    };
    const html = await render(
      {
        company: { ...calmWorld().company, name: evil },
        counts: { ...COUNTS, orders: { shopify: untold(evil, evil), erpnext: untold(evil, evil) } },
        health: healthWith({ name: "workers", state: "bad", value: evil, detail: evil }),
        scan: { ...WHOLE_SCAN, trouble: evil },
        feed: [entry(1, { title: evil, kind: evil, amount: evil, at: evil, url: evil })],
        gaps: [gap(1, { ...of, shopifyUrl: evil, erpnextUrl: evil })],
      },
      `search=${encodeURIComponent(evil)}&after=${encodeURIComponent(evil)}&reason=${encodeURIComponent(evil)}`,
    );
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/<img|onerror='/);
    expect(html).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("is no link unless it leads into the web", async () => {
    const html = await render({
      feed: [entry(1, { url: "javascript:alert(1)" })],
      gaps: [gap(1, { shopifyUrl: "javascript:alert(1)", erpnextUrl: "data:text/html,x" })],
    });
    expect(html).not.toMatch(/javascript:|data:text/);
  });
});
