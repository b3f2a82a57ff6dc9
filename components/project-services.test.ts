import { ProjectServices } from "./project-services";
import { recordResources } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const build = () => new ProjectServices("services", { project: "acme-erpnext" });

test("enables every API that the stack calls, each left enabled when the stack goes", async () => {
  const { resources } = await recordResources(build);
  const apis = [
    ["artifactregistry", "artifactregistry.googleapis.com"],
    ["cloudresourcemanager", "cloudresourcemanager.googleapis.com"],
    ["compute", "compute.googleapis.com"],
    ["containerscanning", "containerscanning.googleapis.com"],
    ["iam", "iam.googleapis.com"],
    ["iap", "iap.googleapis.com"],
    ["logging", "logging.googleapis.com"],
    ["monitoring", "monitoring.googleapis.com"],
    ["oslogin", "oslogin.googleapis.com"],
    ["secretmanager", "secretmanager.googleapis.com"],
    ["storage", "storage.googleapis.com"],
  ];
  expect(resources.filter(({ custom }) => custom).map(({ type, name, inputs }) => ({ type, name, inputs }))).toEqual(
    apis.map(([suffix, service]) => ({
      type: "gcp:projects/service:Service",
      name: `services-${suffix ?? ""}`,
      inputs: { project: "acme-erpnext", service, disableOnDestroy: false },
    })),
  );
  expect(resources.filter(({ custom }) => custom).map(({ parentType }) => parentType)).toEqual(
    apis.map(() => "erpnext:gcp:ProjectServices"),
  );
});

test("hands the project on, and registers it", async () => {
  const { result, outputs, named } = await recordResources(build);
  expect(await valueOf(result.project)).toBe("acme-erpnext");
  expect(outputs.get(named("services").urn)).toEqual({ project: "acme-erpnext" });
});

test("the project is known in a preview", async () => {
  const { result } = await recordResources(build, { preview: true });
  expect(await valueOf(result.project)).toBe("acme-erpnext");
});
