import { appRules } from "./app-rules";
import { BOOKS_RULES } from "./books-rules";
import { fieldName, shown } from "./refusal";
import type { CustomerFields } from "./schema";

/** Reports one refusal: the path of the field to change, and a sentence that ends in a valid example. */
export type Report = (path: readonly PropertyKey[], message: string) => void;

/** What fields must be to one another. It is asked only when each of the fields it needs is valid by itself. */
export interface Rule {
  readonly needs: readonly (readonly string[])[];
  readonly check: (customer: CustomerFields, report: Report) => void;
}

const lifetime: Rule = {
  needs: [["environment"], ["expiresOn"]],
  check: ({ environment, expiresOn }, report) => {
    if (environment === "test" && expiresOn === undefined) {
      report(
        ["expiresOn"],
        '"expiresOn" is missing, which every test customer needs because expired ones are swept: write for example "2030-12-31"',
      );
    }
    if (environment === "production" && expiresOn !== undefined) {
      report(
        ["expiresOn"],
        `"expiresOn" is ${shown(expiresOn)}, which only a test customer may have: remove it, or write for example environment: "test"`,
      );
    }
  },
};

const productionCare: Rule = {
  needs: [["environment"], ["operations"]],
  check: ({ environment, operations }, report) => {
    if (environment !== "production") return;
    if (!operations.finalBackup) {
      report(
        ["operations", "finalBackup"],
        '"operations.finalBackup" is false, which only a test customer may use: write for example true',
      );
    }
    if (operations.certificate === "staging") {
      report(
        ["operations", "certificate"],
        '"operations.certificate" is "staging", which only a test customer may use, because Shopify does not deliver to it: write for example "trusted"',
      );
    }
    if (operations.alertEmails.length === 0) {
      report(
        ["operations", "alertEmails"],
        '"operations.alertEmails" is an empty list, so no one is told when production fails: write for example ["ops@agency.example"]',
      );
    }
  },
};

/** Cloudflare's universal certificate covers the zone and one label below it; the UI and the console stand behind it. */
const proxiedHosts: readonly Rule[] = (["ui", "console"] as const).map((key) => ({
  needs: [
    ["hosts", key],
    ["cloudflare", "zone"],
  ],
  check: ({ hosts, cloudflare: { zone } }, report) => {
    const host = hosts[key];
    const label = host.endsWith(`.${zone}`) ? host.slice(0, -zone.length - 1) : "";
    if (label !== "" && !label.includes(".")) return;
    const example = `${key === "ui" ? "erp" : "sync"}.${zone}`;
    report(
      ["hosts", key],
      `"hosts.${key}" is ${shown(host)}, which is not exactly one label below the zone ${shown(zone)} and so has no certificate at Cloudflare: write for example "${example}"`,
    );
  },
}));

const hookHost: Rule = {
  needs: [
    ["hosts", "hook"],
    ["cloudflare", "zone"],
  ],
  check: ({ hosts: { hook }, cloudflare: { zone } }, report) => {
    if (hook.endsWith(`.${zone}`)) return;
    report(
      ["hosts", "hook"],
      `"hosts.hook" is ${shown(hook)}, which is not inside the zone ${shown(zone)}: write for example "hooks.${zone}"`,
    );
  },
};

/**
 * The connector, saved with enable_shopify = 0, deletes every subscription whose address contains the host of that
 * request; it would take hooks.acme.example for acme.example's own.
 */
const hostsApart: Rule = {
  needs: [
    ["hosts", "ui"],
    ["hosts", "hook"],
    ["cloudflare", "zone"],
  ],
  check: ({ hosts: { ui, hook }, cloudflare: { zone } }, report) => {
    const reason = overlap(hook, ui);
    if (reason === undefined) return;
    const better = ["hooks", "deliveries", "shopify"].map((label) => `${label}.${zone}`);
    const example = better.find((host) => overlap(host, ui) === undefined) ?? `webhook-door.${zone}`;
    report(["hosts", "hook"], `"hosts.hook" is ${shown(hook)}, which ${reason}: write for example "${example}"`);
  },
};

function overlap(hook: string, ui: string): string | undefined {
  if (hook === ui) return "is the UI's host too";
  if (hook.includes(ui)) return `contains the UI's host ${shown(ui)}, so that the connector takes one for the other`;
  if (ui.includes(hook)) return `the UI's host ${shown(ui)} contains, so that the connector takes one for the other`;
  return undefined;
}

const consoleApart: readonly Rule[] = (["ui", "hook"] as const).map((key) => ({
  needs: [
    ["hosts", key],
    ["hosts", "console"],
    ["cloudflare", "zone"],
  ],
  check: ({ hosts, cloudflare: { zone } }, report) => {
    if (hosts.console !== hosts[key]) return;
    const example = hosts.console === `sync.${zone}` ? `console.${zone}` : `sync.${zone}`;
    report(
      ["hosts", "console"],
      `"hosts.console" is ${shown(hosts.console)}, which is "hosts.${key}" too: write for example "${example}"`,
    );
  },
}));

const zoneInRegion: Rule = {
  needs: [
    ["gcp", "region"],
    ["gcp", "zone"],
  ],
  check: ({ gcp: { region, zone } }, report) => {
    if (zone.startsWith(`${region}-`)) return;
    report(
      ["gcp", "zone"],
      `"gcp.zone" is ${shown(zone)}, which is not a zone of the region ${shown(region)}: write for example "${region}-a"`,
    );
  },
};

const cloudflareIdsApart: Rule = {
  needs: [
    ["cloudflare", "accountId"],
    ["cloudflare", "zoneId"],
  ],
  check: ({ cloudflare: { accountId, zoneId } }, report) => {
    if (accountId !== zoneId) return;
    report(
      ["cloudflare", "zoneId"],
      `"cloudflare.zoneId" is ${shown(zoneId)}, which is the accountId again: write the zone's own id from its overview page, for example "023e105f4ecef8ad9ca31a8372d0c353"`,
    );
  },
};

const historyForward: Rule = {
  needs: [
    ["sync", "history", "from"],
    ["sync", "history", "to"],
  ],
  check: (
    {
      sync: {
        history: { from, to },
      },
    },
    report,
  ) => {
    if (to === undefined || from <= to) return;
    report(
      ["sync", "history", "to"],
      `"sync.history.to" is ${shown(to)}, which is before "sync.history.from" ${shown(from)}: leave it out for all orders, or write for example ${shown(from)}`,
    );
  },
};

const NAMED_BY_COMPANY = [
  "warehouse",
  "cashBankAccount",
  "costCenter",
  "shippingAccount",
  "defaultTaxAccount",
  "incomeAccount",
  "giftCardAccount",
  "tipAccount",
  "dutiesAccount",
  "feesAccount",
] as const;

/** ERPNext appends " - ABBR" to the name of everything that belongs to one company. */
const companySuffixes: readonly Rule[] = [
  ...NAMED_BY_COMPANY.map((key): Rule => ({
    needs: [
      ["company", "abbreviation"],
      ["accounting", key],
    ],
    check: ({ company, accounting }, report) => {
      const name = accounting[key];
      if (name === undefined) return;
      reportSuffix({ path: ["accounting", key], name, abbreviation: company.abbreviation }, report);
    },
  })),
  {
    needs: [
      ["company", "abbreviation"],
      ["accounting", "taxAccounts"],
    ],
    check: ({ company: { abbreviation }, accounting: { taxAccounts } }, report) => {
      for (const [index, { account }] of taxAccounts.entries()) {
        reportSuffix({ path: ["accounting", "taxAccounts", index, "account"], name: account, abbreviation }, report);
      }
    },
  },
  {
    needs: [
      ["company", "abbreviation"],
      ["accounting", "paymentAccounts"],
    ],
    check: ({ company: { abbreviation }, accounting: { paymentAccounts } }, report) => {
      for (const [index, { account }] of paymentAccounts.entries()) {
        reportSuffix(
          { path: ["accounting", "paymentAccounts", index, "account"], name: account, abbreviation },
          report,
        );
      }
    },
  },
];

function reportSuffix(
  named: { path: readonly PropertyKey[]; name: string; abbreviation: string },
  report: Report,
): void {
  const { path, name, abbreviation } = named;
  const suffix = ` - ${abbreviation}`;
  if (name.endsWith(suffix) && name.length > suffix.length) return;
  const bare = name.replace(/ - ?[A-Za-z0-9]{0,10}$/, "").trim();
  report(
    path,
    `${fieldName(path)} is ${shown(name)}, which does not end with the company's abbreviation "${suffix}": write for example ${shown(`${bare === "" ? "Main" : bare}${suffix}`)}`,
  );
}

const topicsOnce: Rule = {
  needs: [["shopify", "topics"]],
  check: ({ shopify: { topics } }, report) => {
    topics.forEach((topic, index) => {
      if (topics.indexOf(topic) === index) return;
      report(
        ["shopify", "topics", index],
        `"shopify.topics[${index}]" is ${shown(topic)}, which stands in the list already, and Shopify takes a topic once: remove it, or write for example "orders/create"`,
      );
    });
  },
};

/** Every rule; order does not matter, since faults are sorted by field. */
export const RULES: readonly Rule[] = [
  lifetime,
  productionCare,
  ...proxiedHosts,
  hookHost,
  hostsApart,
  ...consoleApart,
  zoneInRegion,
  cloudflareIdsApart,
  historyForward,
  ...companySuffixes,
  topicsOnce,
  ...BOOKS_RULES,
  ...appRules,
];
