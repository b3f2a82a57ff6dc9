import type { CloudRecord } from "../cloud/records";

/** The part of the cloud that a server and a resolver look at. */
export interface CloudView {
  resources(type: string): readonly CloudRecord[];
}

type Json = Record<string, unknown>;

/** A record's settings as the cloud has them. */
export function settings(record: CloudRecord): Json {
  return { ...(record.inputs as Json), ...(record.outputs as Json) };
}

function items(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** The payload of a secret's newest version, if the account may read it. */
export function readSecret(cloud: CloudView, secretId: string, email: string): string {
  const reader = cloud
    .resources("gcp:secretmanager/secretIamMember:SecretIamMember")
    .map(settings)
    .some(
      (member) =>
        String(member["secretId"]).endsWith(secretId) &&
        member["member"] === `serviceAccount:${email}` &&
        member["role"] === "roles/secretmanager.secretAccessor",
    );
  if (!reader) {
    throw new Error(`permission denied on secret ${secretId}`);
  }
  const versions = cloud
    .resources("gcp:secretmanager/secretVersion:SecretVersion")
    .filter((version) => String(settings(version)["secret"]).endsWith(`/${secretId}`))
    .sort((a, b) => Number(settings(a)["version"] ?? 0) - Number(settings(b)["version"] ?? 0));
  const newest = versions.at(-1);
  if (newest === undefined) {
    throw new Error(`secret ${secretId} has no version`);
  }
  return String(settings(newest)["secretData"]);
}

/** Whether the image was pushed and the account may pull it. */
export function checkImage(cloud: CloudView, reference: string, email: string): void {
  const [repositoryPath, digest] = reference.split("@");
  const known = cloud
    .resources("docker-build:index:Image")
    .some(
      (image) => settings(image)["digest"] === digest || String(settings(image)["ref"]).endsWith(`@${digest ?? ""}`),
    );
  const residue = cloud.resources("registry:tag").some((tag) => settings(tag)["digest"] === digest);
  if (digest === undefined || (!known && !residue)) {
    throw new Error(`manifest ${digest ?? "(none)"} not found in ${repositoryPath ?? ""}`);
  }
  const reader = cloud
    .resources("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember")
    .map(settings)
    .some((m) => m["member"] === `serviceAccount:${email}` && m["role"] === "roles/artifactregistry.reader");
  if (!reader) {
    throw new Error(`permission denied on ${repositoryPath ?? ""}`);
  }
}

/** The tunnel that a token belongs to, if it still exists. */
export function tunnelOf(cloud: CloudView, token: string): string {
  const { t: id } = JSON.parse(Buffer.from(token, "base64").toString("utf8")) as { t: string };
  const tunnels = cloud.resources("cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared");
  if (!tunnels.some((tunnel) => tunnel.id === id)) {
    throw new Error("the tunnel token belongs to no tunnel");
  }
  return id;
}

/** The data disk that is attached under the name `data`. */
export function dataDisk(instance: CloudRecord): string {
  const disk = items(settings(instance)["attachedDisks"]).find((attached) => attached["deviceName"] === "data");
  if (disk === undefined) {
    throw new Error("no disk is attached as google-data");
  }
  return String(disk["source"]).split("/").at(-1) ?? "data";
}

export function serviceAccountOf(instance: CloudRecord): string {
  const account = settings(instance)["serviceAccount"] as Json | undefined;
  const email = account?.["email"];
  return typeof email === "string" ? email : "";
}

/** The public address that a DNS-only record gives a name; a proxied one would hide the server behind the edge. */
export function resolveAddress(cloud: CloudView, hostname: string): string {
  const record = cloud
    .resources("cloudflare:index/dnsRecord:DnsRecord")
    .map(settings)
    .find((candidate) => candidate["name"] === hostname && candidate["type"] === "A" && candidate["proxied"] !== true);
  if (record === undefined) {
    throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" });
  }
  return String(record["content"]);
}

/** Whether a packet to this address and TCP port reaches the instance. */
export function reaches(cloud: CloudView, instance: CloudRecord, to: { address: string; port: number }): boolean {
  const own = settings(instance);
  const addresses = items(own["networkInterfaces"]).flatMap((nic) =>
    items(nic["accessConfigs"]).map((c) => c["natIp"]),
  );
  const tags = (own["tags"] as string[] | undefined) ?? [];
  const open = cloud
    .resources("gcp:compute/firewall:Firewall")
    .map(settings)
    .some(
      (rule) =>
        (rule["sourceRanges"] as string[] | undefined)?.includes("0.0.0.0/0") === true &&
        (rule["targetTags"] as string[] | undefined)?.some((tag) => tags.includes(tag)) === true &&
        items(rule["allows"]).some((allow) => (allow["ports"] as string[]).includes(String(to.port))),
    );
  return open && addresses.includes(to.address);
}
