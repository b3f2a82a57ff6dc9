import { combinationName, TESTED_COMBINATIONS } from "../../../customers/compatibility";
import { knownReleases, readRelease } from "../../../customers/release";
import { answerAt } from "./answers";
import type { CloudflareZone } from "./check-cloudflare";
import { isTest, textAt, type Chapter, type Known } from "./question";

const inZone = (label: string) => (known: Known) => `${label}.${textAt(known, "cloudflare", "zone")}`;
const zoneNamed = (known: Known): CloudflareZone | undefined =>
  known.zones?.find(({ name }) => name === textAt(known, "cloudflare", "zone"));
/** The apps of a tested combination, which is how they are chosen. */
function appsOf({ erpnext, connector }: (typeof TESTED_COMBINATIONS)[number]) {
  return [
    { url: "https://github.com/frappe/erpnext", branch: erpnext },
    { url: "https://github.com/frappe/ecommerce_integrations", branch: connector },
  ];
}

function frappeBranchOf(known: Known): string | undefined {
  const apps = answerAt(known.answers, ["erpnext", "apps"]);
  return TESTED_COMBINATIONS.find((one) => JSON.stringify(appsOf(one)) === JSON.stringify(apps))?.frappe;
}

/** Whether the file itself has to list what the image holds. */
const hasOwnImage = (known: Known): boolean => readRelease(textAt(known, "erpnext", "imageTag")) === undefined;

export const IMAGE: Chapter = {
  title: "The image",
  questions: [
    {
      path: ["erpnext", "imageTag"],
      form: "text",
      why: `The server runs exactly this build; an upgrade is a new tag. Releases: ${knownReleases().join(", ")}. Any other tag: an image of its own.`,
      proposes: () => knownReleases().at(-1) ?? "1.0",
    },
    {
      path: ["erpnext", "apps"],
      form: "choice",
      why: "Only branches that were tested together are built: Frappe / ERPNext / connector.",
      asked: hasOwnImage,
      choices: TESTED_COMBINATIONS.map((one) => ({ name: combinationName(one), value: appsOf(one) })),
    },
    {
      path: ["erpnext", "frappeBranch"],
      form: "derived",
      why: "It goes with the apps.",
      asked: hasOwnImage,
      proposes: frappeBranchOf,
    },
    {
      path: ["erpnext", "localization"],
      form: "app",
      why: "Some countries need an app of their own, for taxes or invoices. Empty: none.",
      optional: true,
    },
    { path: ["erpnext", "build"], form: "flag", why: "Say no only where someone else pushes the image." },
  ],
};

export const CLOUDFLARE: Chapter = {
  title: "Cloudflare",
  credentials: { of: "cloudflare", when: "before" },
  questions: [
    {
      path: ["cloudflare", "zone"],
      form: "text",
      why: "All three hosts are names in it.",
      proposes: ({ zones }) => zones?.[0]?.name,
    },
    {
      path: ["cloudflare", "accountId"],
      form: "text",
      why: "Tunnel and Access belong to the account.",
      proposes: (known) => zoneNamed(known)?.account.id,
    },
    {
      path: ["cloudflare", "zoneId"],
      form: "text",
      why: "DNS records belong to the zone.",
      proposes: (known) => zoneNamed(known)?.id,
    },
  ],
};

export const HOSTS: Chapter = {
  title: "Host names",
  questions: [
    { path: ["hosts", "ui"], form: "text", why: "People open ERPNext here, behind Access.", proposes: inZone("erp") },
    {
      path: ["hosts", "hook"],
      form: "text",
      why: "Shopify delivers here, past Cloudflare's edge, which must not touch the signed body.",
      proposes: inZone("hooks"),
    },
    { path: ["hosts", "console"], form: "text", why: "Shows what is not synced, and why.", proposes: inZone("sync") },
  ],
};

export const GOOGLE: Chapter = {
  title: "Google Cloud",
  questions: [
    { path: ["gcp", "project"], form: "text", why: "Everything of this customer stands and is billed in it." },
    { path: ["gcp", "region"], form: "text", why: "Near the people who work in ERPNext, and where data may lie." },
    {
      path: ["gcp", "zone"],
      form: "text",
      why: "The server stands in one zone of the region.",
      proposes: (known) => `${textAt(known, "gcp", "region")}-a`,
    },
    { path: ["gcp", "machineType"], form: "text", why: "Four processors and 16 GB suit a shop of average size." },
    { path: ["gcp", "dataDiskGb"], form: "number", why: "Database and files lie on it." },
  ],
};

export const PEOPLE: Chapter = {
  title: "Who comes in, and who is told",
  questions: [
    { path: ["access", "ui"], form: "list", why: "Everyone else does not even see the login page." },
    {
      path: ["access", "console"],
      form: "list",
      why: "The Console shows orders; usually the same people as for ERPNext.",
      proposes: (known) => answerAt(known.answers, ["access", "ui"]),
    },
    { path: ["operations", "alertEmails"], form: "list", why: "A server that fails tells only these." },
    { path: ["operations", "backupRetentionDays"], form: "number", why: "Longer costs storage, shorter costs regret." },
    {
      path: ["operations", "finalBackup"],
      form: "flag",
      why: "A test customer's data is often worth nothing.",
      asked: isTest,
    },
  ],
};
