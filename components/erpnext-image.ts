import { Image } from "@pulumi/docker-build/image";
import { getDockerImage } from "@pulumi/gcp/artifactregistry/getDockerImage";
import { Repository } from "@pulumi/gcp/artifactregistry/repository";
import { RepositoryIamMember } from "@pulumi/gcp/artifactregistry/repositoryIamMember";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";

import type { ImageContents } from "../customers/image-contents";
import * as recipe from "./shared/image-recipe";
import type { CustomerLabels } from "./shared/labels";
import { repositoryId } from "../core/names";

/** Where an image's own recipe is, from the program's directory infra/: this repository as it is, or what a release has kept of it. */
const REPOSITORY = "..";
const RECIPES = "../releases/recipes";

/** Name under which image/Containerfile finds the image with the apps. */
const APPS_CONTEXT = "apps";

/** frappe_docker's compose.yaml pins every service to it. */
const PLATFORM = "linux/amd64" as const;

/** Artifact Registry's user name for a Google access token. */
const REGISTRY_USER = "oauth2accesstoken";

/** Which image, and whether it is made here. */
export interface ErpnextImageArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud region of the registry. */
  readonly region: string;
  /** Labels of the repository. */
  readonly labels: CustomerLabels;
  /** The server's service account, `serviceAccount:<email>`. */
  readonly member: pulumi.Input<string>;
  /** Tag of the image; one tag is one image forever. */
  readonly tag: string;
  /** True: built and pushed by this stack. False: pushed elsewhere, read back. */
  readonly build: boolean;
  /** What it holds. Without digests of the base images the build takes what their tags point to on that day. */
  readonly contents: ImageContents;
  /** Google access token that may push. Used only when the image is built here. */
  readonly registryToken: pulumi.Input<string>;
  /** Refuse to delete the repository: rollback needs its old tags. */
  readonly protect: boolean;
}

/**
 * The customer's registry and the image at its pinned tag. Tags are immutable: a new tag is an upgrade, and a changed recipe
 * under an old tag is refused by the registry when it is pushed.
 */
export class ErpnextImage extends pulumi.ComponentResource {
  /** `<registry>/<slug>/erpnext:<tag>@sha256:<digest>`, known once the server may pull it. */
  readonly ref: pulumi.Output<string>;

  constructor(name: string, args: ErpnextImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:image:ErpnextImage", name, {}, opts);

    const apps = recipe.appsJson(args.slug, args.contents.apps);
    const repository = this.repository(name, args);
    const reader = this.reader(name, args, repository);
    const pushed = args.build ? this.built(name, args, { apps, repository }) : this.readBack(args, repository);

    this.ref = pulumi.all([pushed, reader.role]).apply(([ref]) => ref);
    this.registerOutputs({ ref: this.ref });
  }

  /** No cleanup policy: the registry would delete the very image that a rollback asks for. */
  private repository(name: string, args: ErpnextImageArgs): Repository {
    return new Repository(
      `${name}-repository`,
      {
        project: args.project,
        location: args.region,
        repositoryId: repositoryId(args.slug),
        format: "DOCKER",
        dockerConfig: { immutableTags: true },
        labels: args.labels,
      },
      { parent: this, protect: args.protect },
    );
  }

  private reader(name: string, args: ErpnextImageArgs, repository: Repository): RepositoryIamMember {
    return new RepositoryIamMember(
      `${name}-reader`,
      {
        project: args.project,
        location: args.region,
        repository: repository.repositoryId,
        role: "roles/artifactregistry.reader",
        member: args.member,
      },
      { parent: this },
    );
  }

  /** frappe_docker's image with the apps, and ours with the patches on top of exactly that one. */
  private built(
    name: string,
    args: ErpnextImageArgs,
    { apps, repository }: { apps: string; repository: Repository },
  ): pulumi.Output<string> {
    const { frappe, bases, frappeDocker, runtimes } = args.contents;
    const common = { platforms: [PLATFORM], push: true, buildOnPreview: false, registries: [registry(args)] };
    // Deleting an Image asks the registry to delete its manifest, which a rollback or `build: false` may still need.
    const options = { parent: this, dependsOn: repository, retainOnDelete: true };
    const appsImage = new Image(
      `${name}-apps`,
      {
        ...common,
        tags: [`${imageBase(args)}/apps:${args.tag}`],
        context: {
          location: recipe.frappeDockerContext(frappeDocker),
          ...(bases === undefined ? {} : { named: recipe.baseContexts(frappe.branch, bases) }),
        },
        dockerfile: { location: recipe.layeredContainerfile(frappeDocker) },
        buildArgs: {
          FRAPPE_BRANCH: frappe.branch,
          FRAPPE_PATH: frappe.url,
          CACHE_BUST: recipe.cacheBust(apps, args.tag),
        },
        secrets: { apps_json: apps },
        labels: imageLabels(args),
      },
      options,
    );
    const root = rootOf(args.contents);
    // The token makes the provider mark every output of an image secret; a reference is not secret, and previews show it.
    const appsRef = pulumi.unsecret(appsImage.ref);
    const image = new Image(
      `${name}-erpnext`,
      {
        ...common,
        tags: [imageTag(args)],
        context: {
          location: `${root}/image`,
          named: { [APPS_CONTEXT]: { location: pulumi.interpolate`docker-image://${appsRef}` } },
        },
        dockerfile: { location: `${root}/image/Containerfile` },
        // Labels cannot be read during a build, and the build verifies that the image is what these say.
        buildArgs: {
          APPS: recipe.appsLabel(args.contents.apps),
          BASES: basesLabel(args),
          ...(frappe.commit === undefined ? {} : { FRAPPE: recipe.appsLabel([frappe]) }),
          NODE: runtimes.node.join(" "),
          PYTHON: runtimes.python.join(" "),
        },
        labels: imageLabels(args),
      },
      options,
    );
    return pulumi.unsecret(image.ref);
  }

  /**
   * Asks Artifact Registry with the gcp provider's own credentials. The docker provider's data source asks without any unless its
   * configuration holds some, and a token that is new in every run would be a change of that provider in every run.
   */
  private readBack(args: ErpnextImageArgs, repository: Repository): pulumi.Output<string> {
    const question = {
      project: args.project,
      location: args.region,
      repositoryId: repositoryId(args.slug),
      imageName: `${args.slug}/erpnext:${args.tag}`,
    };
    // Its id is unknown in the preview that would make it, and then there is nothing to ask.
    return repository.id.apply(async () => {
      try {
        const { selfLink } = await getDockerImage(question, { parent: this });
        return `${imageTag(args)}@${recipe.releasedDigest(selfLink, args.contents.digest)}`;
      } catch (error) {
        throw new RunError(recipe.unreadable(args.slug, imageTag(args), error).message);
      }
    });
  }
}

/**
 * The docker-build provider (0.0.22, provider/internal/image.go and context.go) hashes the files of a local context in every preview, whatever
 * the inputs say, so that a changed file is a build. A release therefore has a copy that is never edited.
 */
function rootOf({ recipe: kept }: ImageContents): string {
  return kept === undefined ? REPOSITORY : `${RECIPES}/${kept}`;
}

function registry(args: ErpnextImageArgs) {
  return {
    address: recipe.registryHost(args),
    username: REGISTRY_USER,
    password: pulumi.secret(args.registryToken),
  };
}

function imageBase(args: ErpnextImageArgs): string {
  return `${recipe.registryHost(args)}/${recipe.imagePath(args)}`;
}

function imageTag(args: ErpnextImageArgs): string {
  return `${imageBase(args)}/erpnext:${args.tag}`;
}

/** What `docker inspect` answers about where an image comes from; the recipe deletes the apps' own git histories. */
function imageLabels(args: ErpnextImageArgs): Record<string, string> {
  return {
    "erpnext.apps": recipe.appsLabel(args.contents.apps),
    "erpnext.bases": basesLabel(args),
    "erpnext.customer": args.slug,
    "erpnext.frappe": args.contents.frappe.branch,
    "erpnext.frappe-docker": args.contents.frappeDocker,
    "org.opencontainers.image.version": args.tag,
  };
}

function basesLabel(args: ErpnextImageArgs): string {
  return recipe.baseReferences(args.contents.frappe.branch, args.contents.bases).join(" ");
}
