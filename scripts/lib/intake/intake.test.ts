import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ShopifyError } from "../../../clients/shopify";
import { loadCustomer } from "../../../customers/load";
import { Stopped } from "./asker";
import { intake } from "./intake";
import { recheck } from "./recheck";
import { QUESTIONS } from "./questions";
import {
  CANARIES,
  FakeStacks,
  intakeOptions,
  intakeWorld,
  made,
  SCRIPT,
  recentOrder,
  ScriptedAsker,
  SHOP,
  type IntakeWorld,
  type Script,
} from "./testing/intake-world";

const ROOT = join(__dirname, "../../..");

async function asked(change: Script = {}, world: Parameters<typeof intakeWorld>[0] = {}) {
  const asker = new ScriptedAsker({ ...SCRIPT, ...change });
  const opened = intakeWorld({ ...world, asker });
  expect(await intake(opened.means, intakeOptions())).toBe(true);
  return { ...opened, asker };
}

function customerIn({ directory }: IntakeWorld) {
  const loaded = loadCustomer("acme", join(directory, "customers"));
  if (!loaded.ok) throw new Error(loaded.faults.join("\n"));
  return loaded.customer;
}

function files({ directory }: IntakeWorld): string[] {
  return readdirSync(join(directory, "customers"));
}

describe("an intake at the terminal", () => {
  it("makes the customer that was described, with what the shop and Cloudflare say as proposals", async () => {
    const world = await asked();
    expect(customerIn(world)).toMatchObject({
      slug: "acme",
      company: { abbreviation: "DS", country: "Germany", currency: "EUR", timeZone: "Europe/Berlin" },
      accounting: {
        warehouse: "Stores - DS",
        taxAccounts: [
          { shopifyTax: "VAT", account: "VAT 19 % - DS" },
          { shopifyTax: "VAT reduced", account: "VAT reduced 7 % - DS" },
        ],
        defaultTaxAccount: "VAT 19 % - DS",
      },
      erpnext: { imageTag: "1.0", build: true },
      cloudflare: { zone: "demo-store.example", zoneId: "023e105f4ecef8ad9ca31a8372d0c353" },
      hosts: { ui: "erp.demo-store.example", hook: "hooks.demo-store.example" },
      gcp: { zone: "europe-west3-a", machineType: "e2-standard-4", dataDiskGb: 50 },
      access: { console: ["ops@agency.example", "@demo-store.example"] },
    });
    expect(files(world)).toEqual(["acme.yaml"]);
    expect(world.asker.faults).toEqual([]);
  });

  it("gives the stack its secrets, four of them made up, with a passphrase that is asked for twice", async () => {
    const { stacks, passphrases } = await asked();
    expect([stacks.provider, passphrases]).toEqual(["passphrase", ["correct horse battery"]]);
    expect(stacks.config).toEqual({
      ...CANARIES,
      automationApiKey: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      automationApiSecret: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      databaseRootPassword: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      administratorPassword: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
  });

  it("gives a tax of several rates a row for each, and each gateway its account", async () => {
    const orders = {
      nodes: [
        recentOrder({ title: "VAT", rate: 0.19 }, ["shopify_payments", "gift_card"]),
        recentOrder({ title: "VAT", rate: 0.07 }, ["paypal"]),
      ],
    };
    const script = { money: ["Demo Bank - DS", "PayPal - DS"], "sync.refunds": "submit" };
    const world = await asked(script, { shop: { ...SHOP, RecentTaxes: { orders } } });
    expect(customerIn(world)).toMatchObject({
      accounting: {
        taxAccounts: [
          { shopifyTax: "VAT", rate: 19, account: "VAT 19 % - DS" },
          { shopifyTax: "VAT", rate: 7, account: "VAT 7 % - DS" },
        ],
        giftCardAccount: "Gift Cards - DS",
        paymentAccounts: [{ gateway: "paypal", account: "PayPal - DS" }],
      },
      sync: { refunds: "submit", unmappedTaxes: "default", testOrders: true, partialPayments: false },
      erpnext: { booksApp: true },
    });
    expect(customerIn(world).accounting.tipAccount).toBeUndefined();
  });

  it("asks nothing of the app where the customer goes without it", async () => {
    const world = await asked({ "erpnext.booksApp": "no" });
    expect(customerIn(world).erpnext.booksApp).toBe(false);
    expect(world.asker.asked.filter((message) => /giftCard|refunds|arrives in/.test(message))).toEqual([]);
  });

  it("writes a file in the one format", async () => {
    const { directory } = await asked();
    const text = readFileSync(join(directory, "customers/acme.yaml"), "utf8");
    const input = { input: text, cwd: ROOT, encoding: "utf8" } as const;
    const prettier = join(ROOT, "node_modules/.bin/prettier");
    expect(execFileSync(prettier, ["--stdin-filepath", "customers/acme.yaml"], input)).toBe(text);
    expect(text).toContain("shopify: # The merchant's store and the one app in it");
    expect(text).toContain('  imageTag: "1.0" # A release of releases/');
  });

  it("says why each question is asked, with an example", async () => {
    const world = await asked();
    for (const { path, why, form, asked: isAsked } of QUESTIONS) {
      if (form === "derived" || isAsked?.({ answers: { environment: "test", erpnext: { imageTag: "1.0" } } }) === false)
        continue;
      expect(world.printed()).toContain(`\n${path.join(".")} · `);
      expect(world.printed()).toContain(why);
    }
    expect(world.printed()).toContain('For example: "demo-store.myshopify.com"');
  });

  it("shows no secret", async () => {
    const world = await asked();
    const places = [world.printed(), readFileSync(join(world.directory, "customers/acme.yaml"), "utf8")];
    for (const secret of [...Object.values(world.stacks.config ?? {}), ...world.passphrases]) {
      expect(places.filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});

/** A bad answer to every question that is typed, and what is said against it. */
const BAD: [question: string, bad: string, fault: string][] = [
  ["expiresOn", "2030-02-30", "is not a day of the calendar"],
  ["shopify.shopDomain", "demo-store", 'lacks .myshopify.com: write for example "demo-store.myshopify.com"'],
  ["shopifyAdminToken", made("shpss"), "holds an API secret (shpss_), not the Admin API access token"],
  ["shopifyApiSecret", made("shpat"), "holds an access token (shpat_), not the API secret key"],
  ["company.legalName", "Demo <Store>", "is not a company's name"],
  ["company.abbreviation", "D-S", "is not an abbreviation"],
  ["company.country", "DE", 'write for example "Germany"'],
  ["company.currency", "CHF", `the shop's currency is "EUR"`],
  ["company.chartOfAccounts", "`Standard`", "is not a chart of accounts"],
  ["company.fiscalYearStart", "02-29", "is not a day that every year has"],
  ["company.timeZone", "Berlin", "is not a time zone"],
  ["accounting.warehouse", "Stores", `does not end with the company's abbreviation " - DS"`],
  ["accounting.customerGroup", "a\\b", "is not a customer group"],
  ["accounting.defaultCustomer", "", "is not a customer"],
  ["accounting.cashBankAccount", "Demo Bank", "does not end with the company's abbreviation"],
  ["accounting.costCenter", "Main - XX", "does not end with the company's abbreviation"],
  ["accounting.shippingAccount", "Freight", "does not end with the company's abbreviation"],
  ["account", "Tax", "does not end with the company's abbreviation"],
  ["another", "VAT", "stands in the list already"],
  ["accounting.defaultTaxAccount", "Tax", "does not end with the company's abbreviation"],
  ["accounting.incomeAccount", "Sales", "does not end with the company's abbreviation"],
  ["accounting.giftCardAccount", "Gift Cards", "does not end with the company's abbreviation"],
  ["accounting.tipAccount", "Tips", "does not end with the company's abbreviation"],
  ["accounting.dutiesAccount", "Duties", "does not end with the company's abbreviation"],
  ["accounting.feesAccount", "Fees", "does not end with the company's abbreviation"],
  ["sync.history.from", "1.1.2020", "is not a date YYYY-MM-DD"],
  ["sync.history.to", "2019-01-01", 'is before "sync.history.from"'],
  ["erpnext.localization.url", "git@github.com:a/b", "is an ssh address"],
  ["erpnext.imageTag", "latest", "is a moving tag"],
  ["cloudflare.zone", "https://demo-store.example", "is a web address"],
  ["cloudflare.accountId", "123", "is not an account id"],
  ["cloudflare.zoneId", "9a7806061c88ada191ed06f989cc3dac", "is the accountId again"],
  ["hosts.ui", "a.b.demo-store.example", "is not exactly one label below the zone"],
  ["hosts.hook", "erp.demo-store.example", "is the UI's host too"],
  ["hosts.console", "hooks.demo-store.example", 'is "hosts.hook" too'],
  ["gcp.project", "415104041262", "is a project's number"],
  ["gcp.region", "europe-west3-a", "is a zone and not a region"],
  ["gcp.zone", "europe-west1-b", "is not a zone of the region"],
  ["gcp.machineType", "t2a-standard-4", "is an Arm machine"],
  ["gcp.dataDiskGb", "10", "is not a whole number of GB from 20"],
  ["access.ui", "@gmail.com", "lets in everyone who has a mailbox there"],
  ["access.console", "", "lets no one in"],
  ["operations.alertEmails", "ops", "is not an e-mail address"],
  ["operations.backupRetentionDays", "1", "is not a whole number of days from 7"],
];

/** What is right, where the script takes a proposal. */
const RIGHT: Readonly<Record<string, string>> = {
  "company.abbreviation": "DS",
  "company.country": "Germany",
  "company.currency": "EUR",
  "company.chartOfAccounts": "Standard",
  "company.fiscalYearStart": "01-01",
  "company.timeZone": "Europe/Berlin",
  "accounting.warehouse": "Stores - DS",
  "accounting.customerGroup": "Shopify",
  "accounting.defaultCustomer": "Shopify Customer",
  "accounting.costCenter": "Main - DS",
  "accounting.shippingAccount": "Freight - DS",
  account: "VAT - DS",
  "accounting.defaultTaxAccount": "VAT - DS",
  "erpnext.imageTag": "1.0",
  "cloudflare.zone": "demo-store.example",
  "cloudflare.accountId": "9a7806061c88ada191ed06f989cc3dac",
  "cloudflare.zoneId": "023e105f4ecef8ad9ca31a8372d0c353",
  "hosts.ui": "erp.demo-store.example",
  "hosts.hook": "hooks.demo-store.example",
  "hosts.console": "sync.demo-store.example",
  "gcp.zone": "europe-west3-a",
  "gcp.machineType": "e2-standard-4",
  "gcp.dataDiskGb": "50",
  "access.console": "ops@agency.example",
  "operations.backupRetentionDays": "30",
};

describe("a bad answer is refused at once and asked again", () => {
  let world: Awaited<ReturnType<typeof asked>>;

  beforeAll(async () => {
    const right = (question: string): string => RIGHT[question] ?? String(SCRIPT[question]);
    world = await asked(Object.fromEntries(BAD.map(([question, bad]) => [question, [bad, right(question)]])));
  });

  it.each(BAD)("%s: %s", (question, _bad, fault) => {
    const faults = world.asker.faults.filter(([message]) => message.split(" ")[0] === question);
    expect(faults).toEqual([[expect.any(String), expect.stringContaining(fault) as string]]);
  });

  it("and the customer is right in the end", () => {
    expect(files(world)).toEqual(["acme.yaml"]);
    expect(world.asker.faults).toHaveLength(BAD.length);
  });
});

it("has a bad answer for every question that is typed", () => {
  const typed = QUESTIONS.filter(({ form }) => ["text", "number", "list"].includes(form)).map(({ path }) =>
    path.join("."),
  );
  expect(typed.filter((question) => !BAD.some(([name]) => name === question))).toEqual([]);
});

it("goes on after an interruption at every question, asking nothing but credentials twice", async () => {
  const whole = await asked();
  const fields = new Set(QUESTIONS.map(({ path }) => path.join(".")));
  const stacks = new FakeStacks();
  let directory: string | undefined;
  const questions: string[] = [];
  // Each session answers one question more than the one before, and is then cut short.
  for (let sessions = 0; sessions < 100; sessions += 1) {
    const asker: ScriptedAsker = new ScriptedAsker(SCRIPT, () => asker.asked.some((message) => fields.has(message)));
    const world = intakeWorld({ asker, stacks, ...(directory === undefined ? {} : { directory }) });
    directory = world.directory;
    const outcome = await intake(world.means, intakeOptions()).catch((error: unknown) => error);
    questions.push(...asker.asked.filter((message) => fields.has(message)));
    if (outcome === true) {
      expect(customerIn(world)).toEqual(customerIn(whole));
      break;
    }
    expect(outcome).toBeInstanceOf(Stopped);
    expect(files(world)).toEqual([".draft-acme.yaml"]);
    const draft = readFileSync(join(directory, "customers/.draft-acme.yaml"), "utf8");
    expect(Object.values(CANARIES).filter((secret) => draft.includes(secret))).toEqual([]);
  }
  expect(questions).toEqual(whole.asker.asked.filter((message) => fields.has(message)));
  expect(questions.length).toBeGreaterThan(35);
}, 120_000);

describe("what stands in the way", () => {
  const refusal = new ShopifyError("unauthorized", { what: "the token does not work", next: "take another" });

  it("is shown with a way on: a token that does not work is given again", async () => {
    const shop: Record<string, unknown> = { ...SHOP, CurrentApp: refusal };
    const asker = new ScriptedAsker({ ...SCRIPT, and: ["give other credentials"] });
    const world = intakeWorld({ asker, shop });
    const makeShop = world.means.makeShop;
    let looked = 0;
    const means = {
      ...world.means,
      makeShop: (options: Parameters<typeof makeShop>[0]) => {
        looked += 1;
        if (looked > 1) shop["CurrentApp"] = SHOP["CurrentApp"];
        return makeShop(options);
      },
    };
    expect(await intake(means, intakeOptions())).toBe(true);
    expect(asker.asked.filter((message) => message === "shopifyAdminToken")).toHaveLength(2);
    expect(world.printed()).toContain("shopify token · refused · the token does not work: take another");
  });

  it("ends an intake that someone stops there, keeping the answers", async () => {
    const asker = new ScriptedAsker({ ...SCRIPT, and: "stop" });
    const world = intakeWorld({ asker, shop: { ...SHOP, CurrentApp: refusal } });
    await expect(intake(world.means, intakeOptions())).rejects.toThrow(
      'the intake was stopped for customer "acme": run "./stack intake acme" again',
    );
    expect(files(world)).toEqual([".draft-acme.yaml"]);
    expect(world.stacks.config).toBeUndefined();
  });
});

describe("a customer or a stack that is there", () => {
  it("is checked and not written over", async () => {
    const before = await asked();
    const again = new ScriptedAsker({});
    const world = intakeWorld({ asker: again, directory: before.directory, stacks: before.stacks });
    expect(await intake(world.means, intakeOptions())).toBe(true);
    expect(again.asked).toEqual(["customers/acme.yaml is there already; check it live, changing nothing"]);
    expect(world.printed()).toContain("shopify shop · ok · demo-store.myshopify.com");
  });

  it("keeps the secrets of a stack that an interruption left", async () => {
    const stacks = new FakeStacks();
    stacks.config = { automationApiKey: "kept", ...CANARIES };
    const { asker } = await asked({}, { stacks });
    expect(stacks.config["automationApiKey"]).toBe("kept");
    expect(asker.asked).not.toContain("shopifyAdminToken");
  });

  it.each([
    ["runs without its file", { outputs: { uiUrl: "https://erp.demo-store.example" } }, "but a stack that is up"],
    ["was made elsewhere", { file: false }, "there is a stack already, but neither"],
  ])("refuses a stack that %s", async (_what, change, message) => {
    const stacks = Object.assign(new FakeStacks(), { config: {} }, change);
    const world = intakeWorld({ asker: new ScriptedAsker(SCRIPT), stacks });
    await expect(intake(world.means, intakeOptions())).rejects.toThrow(message);
  });

  it("is said to lack its stack by the check", async () => {
    const before = await asked();
    const world = intakeWorld({ directory: before.directory });
    expect(await recheck(world.means, "acme")).toBe(false);
    expect(world.printed()).toContain("stack · refused · there is no stack");
  });
});

describe("an intake from a file", () => {
  it("names every credential that is missing", async () => {
    const before = await asked();
    const file = join(before.directory, "customers/acme.yaml");
    const world = intakeWorld();
    await expect(intake(world.means, intakeOptions({ file }))).rejects.toThrow(
      'there is no value for "shopifyAdminToken", "shopifyApiSecret" for customer "acme": set SHOPIFY_ADMIN_TOKEN and SHOPIFY_API_SECRET',
    );
  });

  it("names every fault at once and the way out where there is neither file nor terminal", async () => {
    const world = intakeWorld();
    const file = join(world.directory, "answers.yaml");
    writeFileSync(file, "slug: acme\nenvironment: test\n");
    await expect(intake(world.means, intakeOptions({ file }))).rejects.toThrow(
      /has \d+ faults: fix the problems below/,
    );
    await expect(intake(world.means, intakeOptions())).rejects.toThrow("there is no terminal to ask the questions at");
  });

  it("takes no secrets provider that Pulumi does not know", async () => {
    const world = intakeWorld({ asker: new ScriptedAsker(SCRIPT) });
    await expect(intake(world.means, intakeOptions({ secretsProvider: "rot13" }))).rejects.toThrow(
      '"rot13" is no secrets provider: write default, passphrase, or the address of a key',
    );
  });
});
