import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ErpnextImage } from "../../../components/erpnext-image";
import { recordResources } from "../../../components/testing/record-resources";
import { contentsOf, type ImageContents } from "../../../customers/image-contents";
import { demoCustomer } from "../../../infra/testing/demo-customer";
import { contextHash } from "./build-context";

const ROOT = join(__dirname, "..", "..", "..");

/** A copy of what images are built from, with the program's directory beside it. */
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "released-image-"));
  mkdirSync(join(copy, "infra"));
  for (const folder of ["image", "deliveries", "releases"]) {
    cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  }
});

afterEach(() => {
  rmSync(copy, { recursive: true, force: true });
});

interface Inputs {
  readonly context?: { readonly location?: string; readonly named?: Readonly<Record<string, { location?: string }>> };
  readonly dockerfile?: { readonly location?: string };
}

/** The inputs of a customer's images. */
async function imagesOf(slug: string, contents: ImageContents): Promise<readonly Inputs[]> {
  const { resources } = await recordResources(
    () =>
      new ErpnextImage("image", {
        slug,
        project: `${slug}-project`,
        region: "europe-west3",
        labels: { customer: slug },
        member: `serviceAccount:${slug}@example.iam.gserviceaccount.com`,
        tag: "1.0",
        build: true,
        contents,
        registryToken: "token",
        protect: true,
      }),
  );
  return resources.filter(({ type }) => type === "docker-build:index:Image").map(({ inputs }) => inputs as Inputs);
}

/** What the docker-build provider compares beside the inputs: every file that a build reads. */
function filesOf(images: readonly Inputs[]): readonly string[] {
  return images.map(({ context = {}, dockerfile = {} }) => {
    const named = Object.entries(context.named ?? {}).map(([name, { location = "" }]) => [name, location] as const);
    const read = { location: context.location ?? "", dockerfile: dockerfile.location ?? "" };
    return contextHash(join(copy, "infra"), { ...read, named: Object.fromEntries(named) });
  });
}

const editRecipe = (): void => {
  appendFileSync(join(copy, "image", "connector_patches.py"), "# edited\n");
};

test("a commit that touches image/ is no change of the images of fifty customers on a release", async () => {
  const slugs = Array.from({ length: 50 }, (_, index) => `shop-${index}`);
  const images: Inputs[] = [];
  for (const slug of slugs) images.push(...(await imagesOf(slug, contentsOf({ ...demoCustomer(), slug }))));
  expect(images).toHaveLength(100);
  const before = filesOf(images);
  editRecipe();
  expect(filesOf(images)).toEqual(before);
});

test("it is one of an image that is built of image/ as it is", async () => {
  const { frappe, apps, frappeDocker, runtimes, leftOut } = contentsOf(demoCustomer());
  const images = await imagesOf("acme", { frappe, apps, frappeDocker, runtimes, leftOut });
  const before = filesOf(images);
  editRecipe();
  expect(filesOf(images)).not.toEqual(before);
});
