import { describeWithRq, Queues } from "./test/queues";
import { until } from "./test/until";

const SITE = "erp.acme.example";

/** Real workers, on machines that are busy. */
jest.setTimeout(120_000);

describeWithRq("deliveries/worker.py", (directory) => {
  let queues: Queues;

  beforeEach(async () => {
    queues = new Queues(directory);
    await queues.start();
    queues.state = {};
  });
  afterEach(() => {
    queues.stop();
  });

  const put = (...orders: readonly string[]): void => {
    for (const order of orders) queues.scene("put", "short", SITE, order);
  };

  it("runs the jobs in processes that stay, and is listed for half a minute without a sign of life", async () => {
    await queues.workWarm(2);
    expect(queues.listedFor()).toBeLessThanOrEqual(30);
    put("1", "2", "3");
    await until("all are done", () => queues.done().length === 3);
    expect(new Set(queues.done().map(({ process }) => process)).size).toBeLessThanOrEqual(2);
  });

  it("goes on with another process where one is killed in the middle of a job", async () => {
    await queues.workWarm(2);
    queues.scene("put", "short", SITE, "1", "600");
    await until("it runs", () => queues.done().length === 1);
    const killed = queues.done()[0]?.process ?? 0;
    process.kill(killed, "SIGKILL");
    // The one that is left would be caught in the second, and the third is the new one's.
    queues.scene("put", "short", SITE, "2", "600");
    await until("the other one has it", () => queues.done().length === 2);
    put("3");
    await until("the new one works", () => queues.done().length === 3);
    expect(new Set(queues.done().map(({ process }) => process)).size).toBe(3);
  });

  it("is bench's own worker where orders are booked one after the other", async () => {
    await queues.workWarm(1);
    await until("bench is called", () => queues.benchCall() !== "");
    expect(queues.benchCall()).toBe("bench worker --queue short,default");
  });
});
