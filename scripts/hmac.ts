import { randomBytes, randomUUID } from "node:crypto";

import { password } from "@inquirer/prompts";
import { Option, type Command } from "commander";

import { UserError } from "../core/user-error";
import { act, customerCommand } from "./lib/cli/command";
import { openCustomer, type OpenCustomer } from "./lib/cli/open-customer";
import { positiveUpTo } from "./lib/cli/options";
import type { Terminal } from "./lib/cli/terminal";
import { judgeCapture } from "./lib/hmac/judge-capture";
import { judgeDelivery, type HmacJudgement } from "./lib/hmac/judge-delivery";
import { readBody, stackSecrets } from "./lib/hmac/read-captured";
import { judgeSelfTest, SELF_TEST_TOPIC, selfTestBody, type SelfTest } from "./lib/hmac/self-test";
import { askCustomersServer } from "./lib/server-request/of-customer";
import { deliver } from "./lib/signed-delivery";

interface Options {
  readonly body?: string;
  readonly header?: string;
  readonly otherSecret?: boolean;
  readonly selfTest?: boolean;
  /** Seconds; true for the usual ones. */
  readonly capture?: number | true;
}

/** Seconds that the next delivery is waited for, and at most (host/requests/capture.sh). */
const CAPTURE_SECONDS = 120;
const LONGEST_CAPTURE = 540;

/** The server looks for requests every minute, and sees what is under way through (seconds). */
const CAPTURE_MARGIN = 120;

/** Where another secret comes from when no one can be asked; never from the command line, which others can read. */
const OTHER_SECRET = "OTHER_SHOPIFY_API_SECRET";

export function hmacCommand(): Command {
  return customerCommand(
    "hmac",
    "Find out why a delivery's signature does not verify: the secret, or the body.",
    "acme --self-test",
  )
    .option("--body <file>", "a captured raw body, byte for byte; goes with --header")
    .option("--header <value>", "its X-Shopify-Hmac-Sha256")
    .option("--other-secret", `also try an older or newer secret of the app: asks for it, or takes $${OTHER_SECRET}`)
    .addOption(
      new Option("--self-test", "send two signed deliveries through the public door that change nothing").conflicts([
        "body",
        "header",
        "otherSecret",
      ]),
    )
    .addOption(
      new Option(
        "--capture [seconds]",
        `look at the next delivery at the door; ${CAPTURE_SECONDS} unless said otherwise`,
      )
        .argParser(positiveUpTo(LONGEST_CAPTURE))
        .conflicts(["body", "header", "otherSecret", "selfTest"]),
    )
    .action(
      act(async ({ terminal }, slug: string, options: Options) => {
        return reportJudgement(terminal, slug, await judge(slug, terminal, options));
      }),
    );
}

function judge(slug: string, terminal: Terminal, options: Options): Promise<HmacJudgement> {
  const { selfTest: isSelfTest = false, capture } = options;
  if (isSelfTest) return selfTest(slug, terminal);
  return capture === undefined
    ? captured(slug, terminal, options)
    : atTheDoor(slug, terminal, capture === true ? CAPTURE_SECONDS : capture);
}

/** The server compares with its own secret; no byte of the delivery and no secret leaves it. */
async function atTheDoor(slug: string, terminal: Terminal, seconds: number): Promise<HmacJudgement> {
  const customer = await openCustomer(slug, terminal);
  terminal.say(`the next delivery is waited for, ${seconds} s at most: place an order in the shop, or let one be paid`);
  const words = await askCustomersServer(
    customer,
    {
      request: { name: "capture", nonce: randomUUID(), parameters: { seconds } },
      subject: "capture",
      timeoutMs: (seconds + CAPTURE_MARGIN) * 1000,
    },
    terminal,
  );
  return judgeCapture(words, seconds);
}

async function selfTest(slug: string, terminal: Terminal): Promise<HmacJudgement> {
  const customer = await openCustomer(slug, terminal);
  terminal.say(`two deliveries to ${customer.outputs.webhookUrl}, for a topic that the connector does not know`);
  return judgeSelfTest(await sendSelfTest(customer));
}

async function captured(slug: string, terminal: Terminal, options: Options): Promise<HmacJudgement> {
  const { body, header, otherSecret = false } = options;
  if (body === undefined || header === undefined) {
    throw new UserError({
      what: "there is nothing to look at",
      customer: slug,
      next: "give --body <file> with --header <value>, --self-test, or --capture",
    });
  }
  const bytes = readBody(body, slug);
  const secrets = await stackSecrets(slug, terminal);
  const others = otherSecret ? [await askForSecret(slug, terminal)] : [];
  return judgeDelivery({ body: bytes, header, ...secrets, others });
}

async function askForSecret(slug: string, terminal: Terminal): Promise<string> {
  const given =
    process.env[OTHER_SECRET] ??
    (terminal.interactive ? await password({ message: "the app's other secret", mask: true }) : "");
  terminal.hide(given);
  if (given.trim() !== "") return given.trim();
  const next = `set ${OTHER_SECRET}, or run this where it can be typed in`;
  throw new UserError({ what: "no other secret was given", customer: slug, next });
}

type Target = Pick<OpenCustomer, "customer" | "webhookDoor" | "shopifyApiSecret" | "config">;

/** Deliveries through the public door that change nothing, one of them with a made-up secret. @throws ConnectionError */
async function sendSelfTest(target: Target): Promise<SelfTest> {
  const { shopifyApiSecretPrevious = "" } = target.config;
  return {
    right: await deliverOwn(target, target.shopifyApiSecret),
    previous: shopifyApiSecretPrevious === "" ? undefined : await deliverOwn(target, shopifyApiSecretPrevious),
    wrong: await deliverOwn(target, randomBytes(32).toString("hex")),
  };
}

async function deliverOwn({ customer, webhookDoor }: Target, secret: string): Promise<number> {
  const body = selfTestBody(randomBytes(8).toString("hex"));
  const { shopDomain } = customer.shopify;
  return (await deliver(webhookDoor, { topic: SELF_TEST_TOPIC, body, secret, shopDomain })).status;
}

/** Prints a judgement with its evidence. True when there is nothing to fix. */
function reportJudgement(terminal: Terminal, customer: string, judgement: HmacJudgement): boolean {
  const { verdict, certain, evidence, next } = judgement;
  const isFine = verdict === "fine";
  terminal.verdict(isFine ? "ok" : "bad", certain ? verdict : `${verdict}, as far as can be seen`);
  evidence.forEach((line) => {
    terminal.print(`    ${line}`);
  });
  if (next !== undefined) terminal.print(`    what to do: ${next}.`);
  terminal.result({ ok: isFine, customer, ...judgement });
  return isFine;
}
