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

  const stored: unknown[] = [];
  const serverWasThere: boolean[] = [];
  const stop = cloud.on("change", ({ operation, record }) => {
    if (operation !== "create" || record.type !== OBJECT) return;
    stored.push(record.inputs["bucket"]);
    serverWasThere.push(cloud.resources("gcp:compute/instance:Instance").length === 1);
  });
  const destroyed = await session.destroy();
  stop();

  expect(destroyed.code).toBe(0);
  expect(printed(destroyed)).toMatch(new RegExp(`backup \\S+-requested in gs://${backupBucket}`));
  expect(stored).toEqual([backupBucket]);
  expect(serverWasThere).toEqual([true]);
  expect(cloud.leftovers()).toEqual([]);
});
