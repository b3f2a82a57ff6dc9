import { DEPLOYER, emailOf, KEY, keyPlace, READER, type Foundation } from "./foundation";
import { DEPLOYER_ROLES, READER_ROLES } from "./roles";
import { judgeGrants, JSON_FORMAT, memberAndRole, type Step } from "./step";

function memberOf(name: string, foundation: Foundation): string {
  return `serviceAccount:${emailOf(name, foundation)}`;
}

export function stateAccess(foundation: Foundation): Step {
  const url = `gs://${foundation.bucket}`;
  const grants = [
    { role: "roles/storage.objectAdmin", member: memberOf(DEPLOYER, foundation) },
    { role: "roles/storage.objectViewer", member: memberOf(READER, foundation) },
  ];
  return {
    title: "access to the state",
    why: "the deployer writes it; a preview locks and writes nothing",
    look: ["storage", "buckets", "get-iam-policy", url, JSON_FORMAT],
    judge: (found) =>
      judgeGrants(found, grants, (one) => ["storage", "buckets", "add-iam-policy-binding", url, ...memberAndRole(one)]),
  };
}

export function keyAccess(foundation: Foundation): Step {
  const place = keyPlace(foundation);
  const grants = [
    { role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member: memberOf(DEPLOYER, foundation) },
    { role: "roles/cloudkms.cryptoKeyDecrypter", member: memberOf(READER, foundation) },
  ];
  return {
    title: "access to the key",
    why: "a stack's secrets are inputs, so a preview decrypts them too",
    look: ["kms", "keys", "get-iam-policy", KEY, ...place, JSON_FORMAT],
    judge: (found) =>
      judgeGrants(found, grants, (one) => [
        "kms",
        "keys",
        "add-iam-policy-binding",
        KEY,
        ...place,
        ...memberAndRole(one),
      ]),
  };
}

export function customerAccess(foundation: Foundation, customer: string): Step {
  const grants = [
    ...DEPLOYER_ROLES.map(({ role }) => ({ role, member: memberOf(DEPLOYER, foundation) })),
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
