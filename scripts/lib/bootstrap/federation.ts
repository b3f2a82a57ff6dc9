import {
  DEPLOYED_REF,
  DEPLOYERS,
  emailOf,
  ENVIRONMENTS,
  POOL,
  PROVIDER,
  READER,
  WAVES,
  type Foundation,
} from "./foundation";
import {
  differs,
  judgeOnly,
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

/**
 * Claims of GitHub's token (docs.github.com, "OpenID Connect reference"). `environment` is there only where the job names one, and a
 * mapping of a claim that is missing refuses the token: a workflow without an environment gets no identity.
 */
const MAPPING: Readonly<Record<string, string>> = {
  "google.subject": "assertion.sub",
  "attribute.environment": "assertion.environment",
  "attribute.deployment": "assertion.environment + '@' + assertion.ref",
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

export function provider({ project, repository, repositoryId, ownerId }: Foundation): Step {
  const place = [PROVIDER, `--workload-identity-pool=${POOL}`, "--location=global", `--project=${project}`];
  const of = (verb: string): Argv => ["iam", "workload-identity-pools", "providers", verb, ...place];
  const condition = `assertion.repository_id == '${repositoryId}' && assertion.repository_owner_id == '${ownerId}'`;
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

/**
 * Identities are given only in an environment of GitHub's, where reviewers and a branch restriction stand: the reader in that of
 * previews and in that of the nightly looks, a deployer in its wave's on the main branch.
 */
export function federation(foundation: Foundation): readonly Step[] {
  const { project, projectNumber } = foundation;
  const principals = `principalSet://iam.googleapis.com/projects/${projectNumber}/locations/global/workloadIdentityPools/${POOL}`;
  const onMain = (environment: string): string => `attribute.deployment/${environment}@${DEPLOYED_REF}`;
  const step = (name: string, attributes: readonly string[], why: string): Step => {
    const email = emailOf(name, foundation);
    const change = (verb: string): Argv => ["iam", "service-accounts", verb, email, `--project=${project}`];
    const grants = attributes.map((attribute) => ({ role: IMPERSONATE, member: `${principals}/${attribute}` }));
    return {
      title: `who may become ${name}`,
      why,
      look: ["iam", "service-accounts", "get-iam-policy", email, `--project=${project}`, JSON_FORMAT],
      judge: (found) =>
        judgeOnly(found, grants, {
          add: (grant) => [...change("add-iam-policy-binding"), ...memberAndRole(grant)],
          remove: (grant) => [...change("remove-iam-policy-binding"), ...memberAndRole(grant)],
        }),
    };
  };
  return [
    ...WAVES.map((wave) =>
      step(DEPLOYERS[wave], [onMain(wave)], `only jobs of the environment "${wave}" on ${DEPLOYED_REF}`),
    ),
    step(
      READER,
      [`attribute.environment/${ENVIRONMENTS.preview}`, onMain(ENVIRONMENTS.watch)],
      `only jobs of the environment "${ENVIRONMENTS.preview}", whose reviewers read the code first, and nightly looks on ${DEPLOYED_REF}`,
    ),
  ];
}

const IMPERSONATE = "roles/iam.workloadIdentityUser";
