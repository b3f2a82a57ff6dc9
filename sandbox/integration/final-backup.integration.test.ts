import { stackOutputsSchema } from "../../infra/outputs";
import { printed } from "../pulumi-output";
import { useSession } from "./testing";

const holder = useSession();

const OBJECT = "gcp:storage/bucketObject:BucketObject";

test("a destroy makes a last backup before the server goes, when the customer wants one", async () => {
  const { session } = holder;
  const { cloud } = session.world;
  session.editCustomer((document) => {
    document.setIn(["operations", "finalBackup"], true);
  });
  expect((await session.up()).code).toBe(0);
  const { backupBucket } = stackOutputsSchema.parse(await session.outputs());

  const stored: string[] = [];
  const serverWasThere: boolean[] = [];
  const stop = cloud.on("change", ({ operation, record }) => {
    if (operation !== "create" || record.type !== OBJECT) return;
    stored.push(record.id);
    serverWasThere.push(cloud.resources("gcp:compute/instance:Instance").length === 1);
  });
  const destroyed = await session.destroy();
  stop();

  expect(destroyed.code).toBe(0);
  const [, set = ""] = new RegExp(`backup (\\S+-requested) in gs://${backupBucket}`).exec(printed(destroyed)) ?? [];
  const names = ["database.sql.gz", "files.tar", "private-files.tar", "site_config.json.enc"];
  expect([...stored].sort()).toEqual(
    [...names, "manifest.json"].map((name) => `${backupBucket}/erp.demo-store.example/${set}/${name}`).sort(),
  );
  // What has a manifest is whole.
  expect(stored.at(-1)).toContain("/manifest.json");
  expect(serverWasThere).toEqual(Array(5).fill(true));
  expect(cloud.leftovers()).toEqual([]);
});
