import { fieldsOf, isHidden, listOf, textOf, type PolicyResource, type Rule } from "./rule";

/** Every principal of the world, with a Google account and without. */
const EVERYONE = new Set(["allusers", "allauthenticatedusers"]);

/** Google's basic roles, which reach every service of a project, and whatever administers one. */
const WIDE_ROLE = /^roles\/(?:owner|editor|viewer|browser)$|admin$/i;

/** Who may do what in Google Cloud. */
export const NARROW_GRANTS: Rule = {
  name: "narrow-grants",
  why: "A server that is broken into may do whatever its account may do, and what everyone may read is read.",
  faultOf: (resource) => {
    for (const { role, members } of grantsOf(resource)) {
      const open = members.find((member) => EVERYONE.has(member.toLowerCase()));
      if (open !== undefined) return `grants "${role}" to "${open}": name the service account that needs it`;
      if (WIDE_ROLE.test(role)) return `grants "${role}": grant the one permission that is needed, on the one resource`;
    }
    return undefined;
  },
};

interface Grant {
  readonly role: string;
  readonly members: readonly string[];
}

/** The grants that a resource makes, as a member, a binding, a whole policy or an access control of Cloud Storage. */
function grantsOf({ type, inputs }: PolicyResource): readonly Grant[] {
  if (!type.startsWith("gcp:")) return [];
  if (/IamPolicy$/i.test(type)) return bindingsOf(textOf(inputs["policyData"]));
  if (!/(?:Iam(?:Member|Binding)|AccessControl)$/i.test(type)) return [];
  const members = [inputs["member"], inputs["entity"], ...(listOf(inputs["members"]) ?? [])];
  return [{ role: textOf(inputs["role"]) ?? "", members: members.flatMap((member) => textOf(member) ?? []) }];
}

/** The bindings of a policy as JSON; none while it is not known. */
function bindingsOf(policyData: string | undefined): readonly Grant[] {
  if (policyData === undefined) return [];
  const { bindings } = fieldsOf(JSON.parse(policyData));
  return (listOf(bindings) ?? []).map((binding) => {
    const { role, members } = fieldsOf(binding);
    return { role: textOf(role) ?? "", members: (listOf(members) ?? []).flatMap((member) => textOf(member) ?? []) };
  });
}

/** The backups can be read only by those whom a grant names. */
export const CLOSED_BUCKETS: Rule = {
  name: "closed-buckets",
  why: "A bucket that can be opened object by object, or keeps no versions, loses a customer's books by one mistake.",
  faultOf: ({ type, inputs }) => {
    if (type !== "gcp:storage/bucket:Bucket") return undefined;
    const { enabled } = fieldsOf(inputs["versioning"]);
    const { isLocked } = fieldsOf(inputs["retentionPolicy"]);
    if (inputs["publicAccessPrevention"] !== "enforced" && !isHidden(inputs["publicAccessPrevention"])) {
      return 'can be opened to the world: set "publicAccessPrevention" to "enforced"';
    }
    if (inputs["uniformBucketLevelAccess"] !== true && !isHidden(inputs["uniformBucketLevelAccess"])) {
      return 'can be opened object by object: set "uniformBucketLevelAccess" to true';
    }
    if (enabled !== true && isLocked !== true && !isHidden(enabled) && !isHidden(inputs["versioning"])) {
      return 'keeps nothing that is overwritten: set "versioning.enabled" or "retentionPolicy.isLocked" to true';
    }
    return undefined;
  },
};

/** People come onto the server as themselves. */
export const OS_LOGIN: Rule = {
  name: "os-login",
  why: "A key in the metadata outlives the person who made it, and the serial console asks for no second factor.",
  faultOf: ({ type, inputs }) => {
    const { metadata } = inputs;
    if (type !== "gcp:compute/instance:Instance" || isHidden(metadata)) return undefined;
    const entries = fieldsOf(metadata);
    const keys = Object.keys(entries).find((key) => /^(?:ssh-?keys)$/i.test(key));
    if (keys !== undefined) return `lets in whom metadata["${keys}"] names: remove it, OS Login asks Google`;
    for (const key of ["enable-oslogin", "block-project-ssh-keys"]) {
      if (!isHidden(entries[key]) && !isOn(entries[key])) return `has metadata["${key}"] not on: set it to "TRUE"`;
    }
    return isOn(entries["serial-port-enable"])
      ? 'opens its serial console: set metadata["serial-port-enable"] to "FALSE"'
      : undefined;
  },
};

/** Google takes these words for yes, in any case (Compute Engine: boolean metadata values). */
function isOn(value: unknown): boolean {
  return /^(?:true|y|yes|1)$/i.test(textOf(value) ?? "");
}
