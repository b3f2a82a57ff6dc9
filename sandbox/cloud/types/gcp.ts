import type { ConfigFailure, ProviderDefinition } from "../resource-type";
import { shapeOf } from "../sdk-shape";
import { hasUnknown, isUnknown, text } from "../values";
import type { Properties } from "../values";
import { dataTypes } from "./gcp-data";
import { getDockerImage } from "./gcp-docker-image";
import { machineTypes } from "./gcp-machine";
import { monitoringTypes } from "./gcp-monitoring";
import { networkTypes } from "./gcp-network";
import { projectTypes } from "./gcp-project";
import { pubsubTypes } from "./gcp-pubsub";

/**
 * Google Cloud, as @pulumi/gcp speaks to it. Where its rules come from: `replaces` are the fields with `ForceNew` in
 * terraform-provider-google-beta v7.45.0, google-beta/services/<service>/resource_<service>_<name>.go (compared on 2026-12-01 for each type
 * here), `replacesWhen` the `CustomizeDiff` there; `checks` are the patterns, enums and ranges of Google's discovery documents
 * (compute v1, artifactregistry v1, secretmanager v1, storage v1, monitoring v3, iam v1); ids are the SDK's ("## Import"); what is
 * in use cannot be deleted, as the API's reference says ("resourceInUseByAnotherResource", HTTP 400). Other sources stand beside their rules.
 */
export const gcpProvider: ProviderDefinition = {
  name: "gcp",
  detailedDiff: true,
  types: [...projectTypes, ...networkTypes, ...machineTypes, ...dataTypes, ...monitoringTypes, ...pubsubTypes],
  invokes: [
    {
      token: "gcp:organizations/getClientConfig:getClientConfig",
      secrets: ["accessToken"],
      read: (_args, { session }) => ({
        id: "sandbox",
        accessToken: "sandbox-access-token",
        defaultLabels: session.config["defaultLabels"] ?? {},
        project: text(session.config, "project"),
        region: text(session.config, "region"),
        zone: text(session.config, "zone"),
      }),
    },
    getDockerImage,
  ],
  checkConfig: (config) => [
    ...wrong(config, "project", {
      pattern: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      means: "6 to 30 lower-case letters, digits and hyphens",
    }),
    ...wrong(config, "region", { pattern: /^[a-z]+-[a-z]+\d+$/, means: 'a region such as "europe-west1"' }),
    ...wrong(config, "zone", { pattern: /^[a-z]+-[a-z]+\d+-[a-z]$/, means: 'a zone such as "europe-west1-b"' }),
  ],
  requirements: (type, inputs, config) => {
    const fields = shapeOf(type.token).inputs;
    const needed = ["project", "region", "zone"].filter((key) => key in fields && !given(key, inputs, config));
    return needed.map((property) => ({
      property,
      reason: `"${property}" is required: set it here or in the gcp provider`,
    }));
  },
};

function wrong(config: Properties, property: string, form: { pattern: RegExp; means: string }): ConfigFailure[] {
  const value = config[property];
  if (value === undefined || (typeof value === "string" && form.pattern.test(value))) return [];
  return [
    { property, reason: `The gcp provider's "${property}" must be ${form.means}, not ${JSON.stringify(value)}.` },
  ];
}

function given(key: string, inputs: Properties, config: Properties): boolean {
  if (hasUnknown(inputs[key])) return true;
  // A zone says its region too.
  const candidates = key === "region" ? ["region", "zone"] : [key];
  return candidates.some((name) => isUnknown(config[name]) || text(inputs, name) !== "" || text(config, name) !== "");
}
