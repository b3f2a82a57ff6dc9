import { DEPLOYERS, emailOf, keyPlace, KEYS, READER, WAVES, type Foundation, type Wave } from "./foundation";
import { DEPLOYER_ROLES, READER_ROLES } from "./roles";
import { judgeGrants, judgeOnly, JSON_FORMAT, memberAndRole, type Argv, type Step } from "./step";

function memberOf(name: string, foundation: Foundation): string {
  return `serviceAccount:${emailOf(name, foundation)}`;
}

export function stateAccess(foundation: Foundation): Step {
  const url = `gs://${foundation.bucket}`;
  const grants = [
    ...WAVES.map((wave) => ({ role: "roles/storage.objectAdmin", member: memberOf(DEPLOYERS[wave], foundation) })),
    { role: "roles/storage.objectViewer", member: memberOf(READER, foundation) },
  ];
  return {
    title: "access to the state",
    why: "the deployers write it; a preview locks and writes nothing",
    look: ["storage", "buckets", "get-iam-policy", url, JSON_FORMAT],
    judge: (found) =>
      judgeGrants(found, grants, (one) => ["storage", "buckets", "add-iam-policy-binding", url, ...memberAndRole(one)]),
  };
}

export function keyAccess(foundation: Foundation, wave: Wave): Step {
  const name = KEYS[wave];
  const place = keyPlace(foundation);
  const grants = [
    { role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member: memberOf(DEPLOYERS[wave], foundation) },
    { role: "roles/cloudkms.cryptoKeyDecrypter", member: memberOf(READER, foundation) },
  ];
  const change = (verb: string): Argv => ["kms", "keys", verb, name, ...place];
  return {
    title: `access to the key ${name}`,
    why: "a stack's secrets are inputs, so a preview decrypts them too",
    look: ["kms", "keys", "get-iam-policy", name, ...place, JSON_FORMAT],
    judge: (found) =>
      judgeOnly(found, grants, {
        add: (grant) => [...change("add-iam-policy-binding"), ...memberAndRole(grant)],
        remove: (grant) => [...change("remove-iam-policy-binding"), ...memberAndRole(grant)],
      }),
  };
}

export function customerAccess(foundation: Foundation, customer: string, wave: Wave): Step {
  const grants = [
    ...DEPLOYER_ROLES.map(({ role }) => ({ role, member: memberOf(DEPLOYERS[wave], foundation) })),
    ...READER_ROLES.map(({ role }) => ({ role, member: memberOf(READER, foundation) })),
  ];
  return {
    title: `access to ${customer}`,
    why: "the roles that a customer's resources need, and no owner",
    look: ["projects", "get-iam-policy", customer, JSON_FORMAT],
    judge: (found) =>
      judgeGrants(found, grants, (one) => [
        ...["projects", "add-iam-policy-binding", customer],
        ...memberAndRole(one),
        "--condition=None",
      ]),
  };
}
