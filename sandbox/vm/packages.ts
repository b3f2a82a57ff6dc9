import { type Program, parse, ProgramError, valueOf } from "./programs/call";
import type { Root } from "./root";

/** What Debian and Docker's repository offer, newest first. */
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  "ca-certificates": ["20230311"],
  git: ["1:2.39.5-0+deb12u2"],
  gnupg: ["2.2.40-1.1"],
  iptables: ["1.8.9-2"],
  openssl: ["3.0.17-1~deb12u3"],
  "unattended-upgrades": ["2.9.1+nmu3"],
};

const DOCKERS_OFFER: Readonly<Record<string, readonly string[]>> = {
  "docker-ce": ["5:29.1.0-1~debian.12~bookworm", "5:28.5.2-1~debian.12~bookworm"],
  "docker-ce-cli": ["5:29.1.0-1~debian.12~bookworm", "5:28.5.2-1~debian.12~bookworm"],
  "containerd.io": ["1.7.28-1~debian.12~bookworm"],
  "docker-buildx-plugin": ["0.29.1-1~debian.12~bookworm"],
  "docker-compose-plugin": ["5.0.0-1~debian.12~bookworm", "2.40.3-1~debian.12~bookworm"],
};

export interface PackageState {
  installed(): Readonly<Record<string, string>>;
  install(packages: Readonly<Record<string, string>>): void;
}

/** `apt-get`, `dpkg-query` and `gpg`, as far as a package's version and a repository's key go. */
export function packagePrograms(root: Root, state: PackageState): Readonly<Record<string, Program>> {
  return {
    "apt-get": ({ args }) => {
      const { rest } = parse(args, ["-o"], true);
      const [command = "", ...names] = rest;
      if (command === "update") return 0;
      if (command !== "install") throw new ProgramError(`E: Invalid operation ${command}`, 100);
      state.install(Object.fromEntries(names.map((name) => [name, candidate(root, name)])));
      return 0;
    },
    "dpkg-query": ({ args, out, err }) => {
      const parsed = parse(args, ["--showformat"], true);
      const format = valueOf(parsed, "--showformat");
      const installed = state.installed();
      for (const name of parsed.rest) {
        const version = installed[name];
        if (version === undefined) err(`dpkg-query: no packages found matching ${name}\n`);
        else out(format === undefined ? `${name}\t${version}\n` : format.replace("${Version}", version));
      }
      return parsed.rest.every((name) => name in installed) ? 0 : 1;
    },
    gpg: ({ args, out }) => {
      const fingerprint = /^fingerprint: ([0-9A-F]{40})$/m.exec(root.read(args.at(-1) ?? "") ?? "")?.[1];
      if (fingerprint === undefined) throw new ProgramError("gpg: no valid OpenPGP data found.", 2);
      out(`pub:-:4096:1:${fingerprint.slice(-16)}:1487788586:::-:::scSC::::::23::0:\n`);
      out(`fpr:::::::::${fingerprint}:\n`);
      return 0;
    },
  };
}

/** The version that apt would take: the newest that a pin allows. */
function candidate(root: Root, name: string): string {
  const offer = OFFERED[name] ?? (root.has("/etc/apt/sources.list.d/docker.list") ? DOCKERS_OFFER[name] : undefined);
  if (offer === undefined) throw new ProgramError(`E: Unable to locate package ${name}`, 100);
  const pin = pinOf(root.read("/etc/apt/preferences.d/docker") ?? "", name);
  const version = pin === undefined ? offer[0] : offer.find((candidate) => candidate.startsWith(pin));
  if (version === undefined) throw new ProgramError(`E: Version '${pin ?? ""}' for '${name}' was not found`, 100);
  return version;
}

function pinOf(preferences: string, name: string): string | undefined {
  const stanza = preferences
    .split(/\n\s*\n/)
    .find((text) => (/^Package: (.*)$/m.exec(text)?.[1] ?? "").split(" ").includes(name));
  return /^Pin: version (.*?)\*?$/m.exec(stanza ?? "")?.[1];
}
