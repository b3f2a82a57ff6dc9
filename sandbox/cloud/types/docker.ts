import { CloudError } from "../cloud-error";
import type { ProviderDefinition } from "../resource-type";
import { text } from "../values";
import { findTag, parseReference } from "./registry";

/** Docker, of which the project only asks what a registry holds. */
export const dockerProvider: ProviderDefinition = {
  name: "docker",
  detailedDiff: true,
  checkConfig: () => [],
  types: [],
  invokes: [
    {
      token: "docker:index/getRegistryImage:getRegistryImage",
      read: (args, { records }) => {
        const name = text(args, "name");
        const reference = parseReference(name);
        const pushed = reference === undefined ? undefined : findTag(records, reference);
        if (pushed === undefined) {
          throw new CloudError(404, `The registry holds no image "${name}"; push it, or correct the tag.`);
        }
        const digest = text(pushed.outputs, "digest");
        return { ...args, id: digest, sha256Digest: digest };
      },
    },
  ],
};
