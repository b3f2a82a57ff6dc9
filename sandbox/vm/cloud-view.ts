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

/** An HTTP answer of one of Google's APIs. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** google.rpc.Code by HTTP status, as Google's APIs name it in the body. */
const CODES: Readonly<Record<number, string>> = {
  400: "FAILED_PRECONDITION",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
};

/** An error in the shape of Google's JSON APIs. */
export function refusal(code: number, message: string): Answer {
  const error = { code, message, status: CODES[code] ?? "UNKNOWN" };
  return { status: code, body: JSON.stringify({ error }), headers: { "Content-Type": "application/json" } };
}

/**
 * Secret Manager's `…/secrets/<id>/versions/<number | latest>:access`, if the account may read it. Who may not is told
 * the same as where nothing is.
 */
export function accessSecret(cloud: CloudView, path: string, email: string): Answer {
  const [, secretId = "", wanted = ""] = /\/secrets\/([^/]+)\/versions\/([^/:]+):access$/.exec(path) ?? [];
  const named = path.slice("/v1/".length).replace(/:access$/, "");
  const isReader = cloud
    .resources("gcp:secretmanager/secretIamMember:SecretIamMember")
    .map(settings)
    .some(
      (member) =>
        String(member["secretId"]).split("/").at(-1) === secretId &&
        member["member"] === `serviceAccount:${email}` &&
        member["role"] === "roles/secretmanager.secretAccessor",
    );
  if (!isReader) {
    return refusal(
      403,
      `Permission 'secretmanager.versions.access' denied for resource '${named}' (or it may not exist).`,
    );
  }
  const versions = cloud
    .resources("gcp:secretmanager/secretVersion:SecretVersion")
    .map(settings)
    .filter((version) => String(version["secret"]).endsWith(`/${secretId}`))
    .sort((a, b) => Number(a["version"] ?? 0) - Number(b["version"] ?? 0));
  const version = wanted === "latest" ? versions.at(-1) : versions.find((known) => String(known["version"]) === wanted);
  if (version === undefined) return refusal(404, `Secret Version [${named}] not found.`);
  if (version["enabled"] === false) return refusal(400, `Secret Version [${named}] is in DISABLED state.`);
  const data = Buffer.from(String(version["secretData"])).toString("base64");
  return { status: 200, body: JSON.stringify({ name: named, payload: { data } }) };
}

/** What a registry refuses an account's pull with; nothing when it has the image and the account may pull it. */
export function pullRefusal(cloud: CloudView, reference: string, email: string): string | undefined {
  const [repositoryPath = "", digest] = reference.split("@");
  const isReader = cloud
    .resources("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember")
    .map(settings)
    .some((m) => m["member"] === `serviceAccount:${email}` && m["role"] === "roles/artifactregistry.reader");
  if (!isReader) {
    return `Error response from daemon: Head "https://${repositoryPath}": denied: Permission "artifactregistry.repositories.downloadArtifacts" denied`;
  }
  const isKnown =
    cloud
      .resources("docker-build:index:Image")
      .map(settings)
      .some((image) => image["digest"] === digest || String(image["ref"]).endsWith(`@${digest ?? ""}`)) ||
    cloud.resources("registry:tag").some((tag) => settings(tag)["digest"] === digest);
  return digest !== undefined && isKnown
    ? undefined
    : `Error response from daemon: manifest for ${reference} not found: manifest unknown: Failed to fetch "${digest ?? ""}"`;
}

/** What `erpnext.apps` says an image holds; an image that was pushed from elsewhere says nothing. */
export function imageLabels(cloud: CloudView, digest: string): Readonly<Record<string, string>> {
  const image = cloud
    .resources("docker-build:index:Image")
    .map(settings)
    .find((candidate) => candidate["digest"] === digest || String(candidate["ref"]).endsWith(`@${digest}`));
  return (image?.["labels"] as Record<string, string> | undefined) ?? {};
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

/** The data disk that is attached under the name `data`, if one is. */
export function dataDisk(instance: CloudRecord): string | undefined {
  const disk = items(settings(instance)["attachedDisks"]).find((attached) => attached["deviceName"] === "data");
  return disk === undefined ? undefined : String(disk["source"]).split("/").at(-1);
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
