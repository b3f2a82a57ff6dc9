import { lacking } from "./requirements";

function machine(changes: Readonly<Record<string, string | undefined>> = {}): (program: string) => string | undefined {
  return (program) => {
    if (program in changes) return changes[program];
    return program === "/bin/bash" ? "GNU bash, version 5.2.15(1)-release" : `${program} (GNU coreutils) 9.1`;
  };
}

test.each([
  { what: "a Debian machine", platform: "linux", changes: {}, expected: [] },
  {
    what: "a Mac",
    platform: "darwin",
    changes: {
      "/bin/bash": "GNU bash, version 3.2.57(1)-release",
      flock: undefined,
      timeout: undefined,
      stat: "",
      sed: "",
    },
    expected: ["Linux (this is darwin)", "Bash 5 as /bin/bash", "flock", "timeout", "GNU's sed", "GNU's stat"],
  },
  {
    what: "a machine without Bash",
    platform: "linux",
    changes: { "/bin/bash": undefined },
    expected: ["Bash 5 as /bin/bash"],
  },
  { what: "a machine without jq", platform: "linux", changes: { jq: undefined }, expected: ["jq"] },
  { what: "a BusyBox", platform: "linux", changes: { date: "BusyBox v1.36.1" }, expected: ["GNU's date"] },
] as const)("$what lacks $expected", ({ platform, changes, expected }) => {
  expect(lacking(platform, machine(changes))).toEqual(expected);
});
