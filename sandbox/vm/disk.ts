import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";

import { BOOT_DISK_GB } from "../../core/disks";
import { bytesBelow } from "./bytes-below";
import { type Program, ProgramError } from "./programs/call";
import { Kept, type Root } from "./root";

const GIBIBYTE = 2 ** 30;

const BOOT_DISK_BYTES = BOOT_DISK_GB * GIBIBYTE;

interface DiskState {
  /** "" while nothing was ever written to it. */
  readonly fileSystem: "" | "ext4";
  readonly partitions: number;
  /** Gigabytes that the file system takes up. */
  readonly sizeGb: number;
}

/** A persistent disk: it outlives the machines that it is attached to. */
export class Disk {
  readonly #state: Kept<DiskState>;

  /** @param directory the disk itself */
  constructor(readonly directory: string) {
    this.#state = new Kept<DiskState>(join(directory, "disk.json"), { fileSystem: "", partitions: 0, sizeGb: 0 });
  }

  get state(): DiskState {
    return this.#state.value;
  }

  /** What the file system holds. */
  get files(): string {
    return join(this.directory, "files");
  }

  get sizeBytes(): number {
    return this.state.sizeGb * GIBIBYTE;
  }

  /** What its files leave of it: how full the machine is that all of this runs on has nothing to do with it. */
  get freeBytes(): number {
    return this.sizeBytes - bytesBelow(this.files);
  }

  change(changes: Partial<DiskState>): void {
    this.#state.change(changes);
  }

  /** Makes an empty file system, whatever there was. */
  format(sizeGb: number): void {
    rmSync(this.files, { recursive: true, force: true });
    mkdirSync(this.files, { recursive: true });
    this.change({ fileSystem: "ext4", sizeGb });
  }
}

/** A disk where the machine sees it. */
export interface Attachment {
  readonly disk: Disk;
  /** For example "/dev/disk/by-id/google-data". */
  readonly device: string;
  readonly sizeGb: () => number;
}

/** The machine's disks and what is mounted where: a mounted directory is a link to the disk's files. */
export class Mounts {
  constructor(
    private readonly root: Root,
    private readonly attachment: Attachment | undefined,
  ) {}

  /** What boot does with /etc/fstab: every entry whose disk is there; `nofail` lets the others be. */
  mountAll(): void {
    for (const [, directory = ""] of this.#table()) {
      if (this.attachment?.disk.state.fileSystem === "ext4" && !this.isMounted(directory)) this.#mount(directory);
    }
  }

  unmountAll(): void {
    for (const [, directory = ""] of this.#table()) {
      if (!this.isMounted(directory)) continue;
      unlinkSync(this.root.at(directory));
      mkdirSync(this.root.at(directory));
    }
  }

  isMounted(directory: string): boolean {
    return lstatSync(this.root.at(directory), { throwIfNoEntry: false })?.isSymbolicLink() === true;
  }

  readonly programs: Readonly<Record<string, Program>> = {
    lsblk: ({ args, out }) => {
      const { disk } = this.#attached(args.at(-1) ?? "", 32, "not a block device");
      if (args.includes("TYPE")) out("disk\n");
      else for (let part = 0; part <= disk.state.partitions; part += 1) out(`sdb${part === 0 ? "" : part}\n`);
      return 0;
    },
    blkid: ({ args, out }) => {
      const device = args.at(-1) ?? "";
      const { disk } = this.#attached(device, 2, "no such device");
      if (disk.state.fileSystem === "") return 2;
      out(`${device}: LABEL="erpnext" TYPE="${disk.state.fileSystem}" USAGE="filesystem"\n`);
      return 0;
    },
    "mkfs.ext4": ({ args }) => {
      const { disk, sizeGb } = this.#attached(args.at(-1) ?? "", 1, "The file does not exist");
      disk.format(sizeGb());
      return 0;
    },
    resize2fs: ({ args, err }) => {
      const { disk, sizeGb } = this.#attached(args.at(-1) ?? "", 1, "No such file or directory");
      if (disk.state.sizeGb === sizeGb()) err("The filesystem is already as long as the device. Nothing to do!\n");
      disk.change({ sizeGb: sizeGb() });
      return 0;
    },
    mount: ({ args }) => {
      const directory = args.at(-1) ?? "";
      if (!this.#table().some(([, at]) => at === directory)) {
        throw new ProgramError(`mount: ${directory}: can't find in /etc/fstab.`, 1);
      }
      if (this.attachment?.disk.state.fileSystem !== "ext4") {
        throw new ProgramError(`mount: ${directory}: wrong fs type, bad option, bad superblock on the device.`, 32);
      }
      this.#mount(directory);
      return 0;
    },
    df: ({ args, out }) => {
      const { size, free } = this.#fileSystemOf(args.at(-1) ?? "");
      const pcent = `${Math.ceil((1 - free / size) * 100)}%`;
      const columns: Readonly<Record<string, number | string>> = { size, avail: free, pcent };
      const [, wanted = ""] = /^--output=(.*)$/.exec(args[0] ?? "") ?? [];
      const asked = wanted.split(",");
      out(`${asked.join(" ")}\n${asked.map((column) => columns[column]).join(" ")}\n`);
      return 0;
    },
    mountpoint: ({ args }) => (this.isMounted(args.at(-1) ?? "") ? 0 : 32),
    findmnt: ({ args, out }) => {
      const directory = args.at(-1) ?? "";
      if (!this.isMounted(directory)) return 1;
      out(`${this.root.at(this.attachment?.device ?? "")}\n`);
      return 0;
    },
  };

  /** As df has it (coreutils): a directory belongs to the file system that it lies in, which is the boot disk's where nothing is mounted. */
  #fileSystemOf(directory: string): { readonly size: number; readonly free: number } {
    if (!this.root.has(directory)) throw new ProgramError(`df: ${directory}: No such file or directory`, 1);
    const { disk } = this.attachment ?? {};
    if (disk !== undefined && this.isMounted(directory)) return { size: disk.sizeBytes, free: disk.freeBytes };
    return { size: BOOT_DISK_BYTES, free: BOOT_DISK_BYTES / 2 };
  }

  #attached(device: string, code: number, why: string): Attachment {
    const { attachment } = this;
    if (attachment !== undefined && this.root.at(device) === this.root.at(attachment.device)) return attachment;
    throw new ProgramError(`${device}: ${why}`, code);
  }

  #mount(directory: string): void {
    const at = this.root.at(directory);
    mkdirSync(at, { recursive: true });
    // What was written below an empty mount point is hidden while something is mounted there.
    if (readdirSync(at).length > 0) renameSync(at, `${at}.hidden-${Date.now()}`);
    else rmSync(at, { recursive: true });
    symlinkSync(this.attachment?.disk.files ?? "", at);
  }

  #table(): string[][] {
    return (this.root.read("/etc/fstab") ?? "")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith("#"))
      .map((line) => line.split(/\s+/));
  }
}
