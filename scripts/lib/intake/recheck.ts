import { join } from "node:path";

import { readCustomer } from "../../../infra/customer";
import { checkCustomer } from "./check-customer";
import { allHold, printFindings, type Finding } from "./finding";
import type { IntakeMeans } from "./means";
import { credentialsFor, type ConfigValues } from "./secrets";

/** Looks at a customer that exists: the file, the stack's credentials, the services. Changes nothing. @throws UserError */
export async function recheck(means: IntakeMeans, slug: string): Promise<boolean> {
  const { terminal, stacks, environment } = means;
  const customer = readCustomer(slug, join(means.directory, "customers"));
  const state = await stacks.read(slug);
  const fallback = environment["CLOUDFLARE_API_TOKEN"];
  const config: ConfigValues = {
    ...(fallback === undefined ? {} : { "cloudflare:apiToken": fallback }),
    ...state?.config,
  };
  terminal.hide(fallback);
  state?.secretKeys.forEach((key) => {
    terminal.hide(config[key]);
  });
  const file: Finding = { check: "file", state: "ok", saw: `customers/${slug}.yaml has no faults` };
  const needed = credentialsFor(customer.shopify.app).filter(({ optional }) => optional !== true);
  const missing = needed.map(({ key }) => key).filter((key) => (config[key] ?? "") === "");
  const stack = stackFinding(slug, state === undefined ? undefined : missing);
  const live =
    stack.state === "ok" ? await checkCustomer(means, customer, { config, outputs: state?.partialOutputs ?? {} }) : [];
  const findings = [file, stack, ...live];
  printFindings(terminal, findings);
  const ok = allHold(findings);
  terminal.result({ ok, customer: slug, findings });
  return ok;
}

function stackFinding(slug: string, missing: readonly string[] | undefined): Finding {
  const check = "stack";
  if (missing === undefined) {
    const next = `make it with "pulumi stack init ${slug}" and give it its secrets, as docs/new-customer.md says`;
    return { check, state: "refused", saw: "there is no stack", next };
  }
  if (missing.length === 0) return { check, state: "ok", saw: "it has its credentials" };
  const next = `run "pulumi config set --secret ${missing[0] ?? ""} -s ${slug}"`;
  return { check, state: "refused", saw: `it has no ${missing.join(", ")}`, next };
}
