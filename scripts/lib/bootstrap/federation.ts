import { DEPLOYED_REF, DEPLOYER, emailOf, POOL, PROVIDER, READER, type Foundation } from "./foundation";
import {
  differs,
  judgeGrants,
  JSON_FORMAT,
  memberAndRole,
  missing,
  RIGHT,
  sameJson,
  type Argv,
  type Step,
  type Verdict,
} from "./step";

const ISSUER = "https://token.actions.githubusercontent.com";
const MAPPING: Readonly<Record<string, string>> = {
  "google.subject": "assertion.sub",
  "attribute.repository": "assertion.repository",
  "attribute.ref": "assertion.ref",
};

/** A pool or provider that was deleted keeps its name for 30 days, in which it can be had back and not made. */
function undeleted(found: unknown, undelete: Argv): Verdict | undefined {
  return (found as { state?: string }).state === "DELETED" ? differs("was deleted", undelete) : undefined;
}

export function pool({ project }: Foundation): Step {
  const of = (verb: string): Argv => [
    "iam",
    "workload-identity-pools",
    verb,
    POOL,
    "--location=global",
    `--project=${project}`,
  ];
  return {
    title: `workload identity pool ${POOL}`,
    why: "lets GitHub's runs in without any key that could be stolen",
    look: [...of("describe"), JSON_FORMAT],
    judge: (found) => (found === undefined ? missing(of("create")) : (undeleted(found, of("undelete")) ?? RIGHT)),
  };
}

interface OidcProvider {
  readonly attributeCondition?: string;
  readonly attributeMapping?: unknown;
  readonly oidc?: { readonly issuerUri?: string };
}

export function provider({ project, repository }: Foundation): Step {
  const place = [PROVIDER, `--workload-identity-pool=${POOL}`, "--location=global", `--project=${project}`];
  const of = (verb: string): Argv => ["iam", "workload-identity-pools", "providers", verb, ...place];
  const condition = `assertion.repository == '${repository}'`;
  const mapping = Object.entries(MAPPING).map(([attribute, claim]) => `${attribute}=${claim}`);
  const settings = [
    `--issuer-uri=${ISSUER}`,
    `--attribute-mapping=${mapping.join(",")}`,
    `--attribute-condition=${condition}`,
  ];
  return {
    title: `provider ${PROVIDER}`,
    why: `believes GitHub, and only of the repository ${repository}`,
    look: [...of("describe"), JSON_FORMAT],
    judge: (found) => {
      if (found === undefined) return missing([...of("create-oidc"), ...settings]);
      const gone = undeleted(found, of("undelete"));
      if (gone !== undefined) return gone;
      const { attributeCondition = "", attributeMapping, oidc } = found as OidcProvider;
      const wrong = [
        ...(attributeCondition === condition ? [] : [`lets in whom "${attributeCondition}" describes`]),
        ...(sameJson(attributeMapping, MAPPING) ? [] : ["maps other claims"]),
        ...(oidc?.issuerUri === ISSUER ? [] : [`believes "${oidc?.issuerUri ?? ""}"`]),
      ];
      return wrong.length === 0 ? RIGHT : differs(wrong.join(", "), [...of("update-oidc"), ...settings]);
    },
  };
}

/** Any run of the repository may become the reader; the deployer only one on the main branch, which nobody pushes to unseen. */
export function federation(foundation: Foundation): readonly Step[] {
  const { project, projectNumber, repository } = foundation;
  const principals = `principalSet://iam.googleapis.com/projects/${projectNumber}/locations/global/workloadIdentityPools/${POOL}`;
  const step = (name: string, attribute: string, why: string): Step => {
    const email = emailOf(name, foundation);
    const grant = { role: "roles/iam.workloadIdentityUser", member: `${principals}/${attribute}` };
    return {
      title: `who may become ${name}`,
      why,
      look: ["iam", "service-accounts", "get-iam-policy", email, `--project=${project}`, JSON_FORMAT],
      judge: (found) =>
        judgeGrants(found, [grant], (one) => [
          ...["iam", "service-accounts", "add-iam-policy-binding", email, `--project=${project}`],
          ...memberAndRole(one),
        ]),
    };
  };
  return [
    step(DEPLOYER, `attribute.ref/${DEPLOYED_REF}`, `only runs on ${DEPLOYED_REF}, never those of a pull request`),
    step(READER, `attribute.repository/${repository}`, "every run of the repository, pull requests too"),
  ];
}
