import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";

import { ProgramError } from "../programs/call";
import { Kept, type Root } from "../root";
import type { Service } from "./compose-model";

/** An image, by what it holds and by the names that lead to it. */
export interface Image {
  readonly id: string;
  /** "name:tag", or "name@sha256:…". */
  readonly names: readonly string[];
}

export interface Container {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly service: Service;
  readonly imageId: string;
  /** The tag of the image's name when it was made. */
  readonly tag: string;
  readonly state: "created" | "running" | "exited";
  readonly exitCode: number;
  /** Made by `docker compose run`. */
  readonly isOneOff: boolean;
}

interface EngineState {
  readonly images: readonly Image[];
  readonly containers: readonly Container[];
}

/** What runs inside of containers. */
export interface Runtime {
  /** Throws a ProgramError when the container cannot be started. @returns an exit code when it ends by itself */
  start(container: Container): Promise<number | undefined>;
  stop(container: Container): Promise<void>;
  /** As its health check would say; undefined while it has not said anything yet. */
  isHealthy(container: Container): Promise<boolean>;
  logs(container: Container): string;
}

/** Where Docker keeps everything unless its configuration says otherwise. */
const DEFAULT_DATA_ROOT = "/var/lib/docker";

/** The Docker daemon: images and containers, which lie below its data-root and outlive it. */
export class Engine {
  #state: Kept<EngineState> | undefined;
  #dataRoot = DEFAULT_DATA_ROOT;
  readonly #alive = new Set<string>();

  constructor(
    private readonly root: Root,
    private readonly runtime: Runtime,
  ) {}

  isActive(): boolean {
    return this.#state !== undefined;
  }

  get dataRoot(): string {
    return this.#dataRoot;
  }

  /** Starts the daemon, and what always runs. With live-restore what runs already is left alone. */
  async start(): Promise<void> {
    const configuration = JSON.parse(this.root.read("/etc/docker/daemon.json") ?? "{}") as {
      "data-root"?: string;
    };
    this.#dataRoot = configuration["data-root"] ?? DEFAULT_DATA_ROOT;
    this.#state = new Kept<EngineState>(join(this.root.at(this.#dataRoot), "engine.json"), {
      images: [],
      containers: [],
    });
    for (const container of this.containers()) {
      const isAlways = ["always", "unless-stopped", "on-failure"].includes(container.service.restart);
      if (this.#alive.has(container.id) || container.state !== "running") continue;
      this.#put({ ...container, state: "exited", exitCode: 255 });
      // One that cannot start, because a secret is not there yet, waits for someone who starts it again.
      if (isAlways && !container.isOneOff) {
        await this.startContainer(container.id).catch(() => undefined);
      }
    }
  }

  /** The power is gone: nothing runs any more, and that is not recorded. */
  async powerOff(): Promise<void> {
    const running = this.#state === undefined ? [] : this.containers();
    this.#state = undefined;
    for (const container of running) if (this.#alive.delete(container.id)) await this.runtime.stop(container);
  }

  images(): readonly Image[] {
    return this.#required().images;
  }

  findImage(name: string): Image | undefined {
    return this.images().find(({ id, names }) => id === name || names.includes(name));
  }

  /** A name leads to one image; an image that no name leads to any more is gone. */
  nameImage(id: string, name: string): void {
    const others = this.images()
      .map((image) => ({ ...image, names: image.names.filter((other) => other !== name) }))
      .filter((image) => image.id !== id && image.names.length > 0);
    const names = [...(this.images().find((image) => image.id === id)?.names ?? []), name];
    this.#change({ images: [...others, { id, names: [...new Set(names)] }] });
  }

  removeImageName(name: string): void {
    const images = this.images().map((image) => ({ ...image, names: image.names.filter((other) => other !== name) }));
    this.#change({ images: images.filter((image) => image.names.length > 0) });
  }

  containers(): readonly Container[] {
    return this.#required().containers;
  }

  find(id: string): Container | undefined {
    return this.containers().find((container) => container.id === id || container.name === id);
  }

  ofService(project: string, service: string): Container | undefined {
    return this.containers().find((c) => c.project === project && c.service.name === service && !c.isOneOff);
  }

  create(project: string, service: Service, isOneOff = false): Container {
    const image = this.findImage(service.image);
    if (image === undefined) throw new ProgramError(`Error response from daemon: No such image: ${service.image}`);
    const container: Container = {
      id: randomBytes(32).toString("hex"),
      name: `${project}-${service.name}-${isOneOff ? `run-${randomBytes(6).toString("hex")}` : "1"}`,
      project,
      service,
      imageId: image.id,
      tag: service.image.split(":").at(-1) ?? "",
      state: "created",
      exitCode: 0,
      isOneOff,
    };
    this.#put(container);
    return container;
  }

  async startContainer(id: string): Promise<Container> {
    const container = this.#container(id);
    if (this.#alive.has(id)) return container;
    const ended = await this.runtime.start(container);
    const next: Container =
      ended === undefined
        ? { ...container, state: "running", exitCode: 0 }
        : { ...container, state: "exited", exitCode: ended };
    if (ended === undefined) this.#alive.add(id);
    this.#put(next);
    return next;
  }

  async stopContainer(id: string): Promise<void> {
    const container = this.#container(id);
    if (!this.#alive.delete(id)) return;
    await this.runtime.stop(container);
    this.#put({ ...container, state: "exited", exitCode: 0 });
  }

  async removeContainer(id: string): Promise<void> {
    await this.stopContainer(id);
    this.#change({ containers: this.containers().filter((container) => container.id !== id) });
  }

  /** "healthy", "unhealthy", "starting", or "" where nothing is asked. */
  async healthOf(container: Container): Promise<string> {
    if (!container.service.hasHealthcheck || container.state !== "running") return "";
    return (await this.runtime.isHealthy(container)) ? "healthy" : "unhealthy";
  }

  logs(container: Container): string {
    return this.runtime.logs(container);
  }

  #container(id: string): Container {
    const container = this.find(id);
    if (container === undefined) throw new ProgramError(`Error response from daemon: No such container: ${id}`);
    return container;
  }

  #put(container: Container): void {
    const others = this.containers().filter(({ id }) => id !== container.id);
    this.#change({ containers: [...others, container] });
  }

  #change(changes: Partial<EngineState>): void {
    this.#required();
    this.#state?.change(changes);
  }

  #required(): EngineState {
    if (this.#state !== undefined) return this.#state.value;
    throw new ProgramError(
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    );
  }
}

/** The id of an image that was pulled from Docker Hub by its tag. */
export function idOfTag(name: string): string {
  return `sha256:${createHash("sha256").update(name).digest("hex")}`;
}
