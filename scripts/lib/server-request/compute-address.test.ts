import { computeAddress } from "./compute-address";

test.each([
  [undefined, "https://compute.googleapis.com/compute/v1/"],
  ["http://127.0.0.1:1/compute/v1", "http://127.0.0.1:1/compute/v1/"],
  ["https://private.example/compute/v1/", "https://private.example/compute/v1/"],
])("is for %j %s", (instead, address) => {
  expect(computeAddress(instead).href).toBe(address);
});

test.each(["file:///tmp", "compute", ""])("refuses %j", (instead) => {
  expect(() => computeAddress(instead)).toThrow("correct GCP_COMPUTE_ENDPOINT");
});
