import { type Program, ProgramError } from "./programs/call";

/** `iptables`: chains and their rules, gone with the machine's power. */
export class Firewall {
  readonly #chains = new Map<string, string[]>();

  /** The rules of a chain; undefined when there is no such chain. */
  rules(chain: string): readonly string[] | undefined {
    return this.#chains.get(chain);
  }

  clear(): void {
    this.#chains.clear();
  }

  readonly program: Program = ({ args }) => {
    const [command, chain = "", ...rest] = args.filter((word) => word !== "--wait");
    const rules = this.#chains.get(chain);
    switch (command) {
      case "--new-chain":
        if (rules !== undefined) throw new ProgramError("iptables: Chain already exists.");
        this.#chains.set(chain, []);
        return 0;
      case "--check":
        if (rules?.includes(rest.join(" ")) === true) return 0;
        throw new ProgramError("iptables: Bad rule (does a matching rule exist in that chain?).");
      case "--insert":
        if (rules === undefined) throw new ProgramError("iptables: No chain/target/match by that name.");
        rules.splice(Number(rest[0]) - 1, 0, rest.slice(1).join(" "));
        return 0;
      default:
        throw new ProgramError(`iptables: unknown option "${command ?? ""}"`, 2);
    }
  };
}
