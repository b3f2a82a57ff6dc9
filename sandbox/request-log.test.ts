import { RequestLog, type LoggedRequest } from "./request-log";

const read: LoggedRequest = { service: "shopify", method: "POST", path: "/graphql.json", write: false, status: 200 };
const write: LoggedRequest = {
  service: "gcp",
  method: "Create",
  path: "Disk",
  write: true,
  status: 200,
  summary: "data",
};

test("keeps what was asked in order, and tells what could have changed something", () => {
  const log = new RequestLog();
  expect(log.entries).toEqual([]);
  log.record(read);
  log.record(write);
  log.record(read);
  expect(log.entries).toEqual([read, write, read]);
  expect(log.writes()).toEqual([write]);
});

test("clearing it begins again", () => {
  const log = new RequestLog();
  log.record(write);
  const writes = log.writes();
  log.clear();
  expect(log.entries).toEqual([]);
  expect(log.writes()).toEqual([]);
  expect(writes).toEqual([write]);
});
