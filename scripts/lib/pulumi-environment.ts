/**
 * Variables that every Pulumi of this project is started with, unless the operator has set them.
 *
 * The Google provider asks Compute for its regions when it is configured, at Google's own address whatever custom endpoint is
 * set, and warns in every preview of a project whose Compute API is not enabled yet. Only the environment turns that off: the
 * provider's argument arrives as a text, which it does not take for true (pulumi-gcp at ed6078a, provider/resources.go,
 * preConfigureCallbackWithLogger). The intake's schema and its live check look at region and zone (customers/, scripts/lib/intake).
 */
export const PULUMI_ENVIRONMENT: Readonly<Record<string, string>> = { PULUMI_GCP_SKIP_REGION_VALIDATION: "true" };
