import type { Clock } from "../../../ports.ts";
import {
  type ApiAnswer,
  type ApiCall,
  bodyElement,
  created,
  NO_CONTENT,
  ok,
  type Route,
} from "./api.ts";
import { ApiError } from "./api-error.ts";
import type { Collection } from "./collection.ts";
import { checkQuantities } from "./fields.ts";
import { checkIfMatch, newRevision, type Revision } from "./revision.ts";
import {
  childOf,
  ReadNode,
  readDocument,
  writeDocument,
  type XmlNode,
  type XmlTree,
} from "./xml.ts";

/**
 * A resource that is a configuration under an id: a distribution, an origin access control, a response
 * headers policy. The configuration is kept as the document that was sent, so that fields which the
 * local edge does not know come back as they were.
 */
export type ConfigResource = Revision & {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The document, with its root element. */
  readonly config: string;
};

/** What is different from one kind of such resources to the other. */
export type ConfigKind = {
  /** `OriginAccessControl`, of which the names of elements and operations are made. */
  readonly name: string;
  /** `origin-access-control`. */
  readonly path: string;
  readonly updatePath: string;
  readonly collection: Collection<ConfigResource>;
  readonly newId: () => string;
  /** Made by AWS: read, never changed. */
  readonly managed: readonly ConfigResource[];
  /** Throws an ApiError for a configuration that CloudFront would refuse; `self` is the one it replaces. */
  readonly check: (config: XmlNode, self: ConfigResource | undefined) => void;
  readonly isInUse: (id: string) => boolean;
  /** What is told of a resource besides its id and configuration. */
  readonly facts: (resource: ConfigResource) => XmlTree;
};

type Dependencies = {
  readonly clock: Pick<Clock, "now">;
  readonly inTurn: <T>(change: () => Promise<T>) => Promise<T>;
};

/** The operations that such resources have in common: all but the list, which looks different for each. */
export function configRoutes(kind: ConfigKind, dependencies: Dependencies): readonly Route[] {
  const { name, path } = kind;
  const changes = changesOf(kind, dependencies);
  const inTurn = (change: (call: ApiCall) => Promise<ApiAnswer>) => (call: ApiCall) =>
    dependencies.inTurn(() => change(call));
  return [
    { operation: `Create${name}`, method: "POST", path, answer: inTurn(changes.create) },
    {
      operation: `Get${name}`,
      method: "GET",
      path: `${path}/{Id}`,
      answer: ({ id }) => answerOf(kind, findConfig(kind, id)),
    },
    {
      operation: `Get${name}Config`,
      method: "GET",
      path: `${path}/{Id}/config`,
      answer: ({ id }) => configAnswer(kind, findConfig(kind, id)),
    },
    {
      operation: `Update${name}`,
      method: "PUT",
      path: kind.updatePath,
      answer: inTurn(changes.update),
    },
    {
      operation: `Delete${name}`,
      method: "DELETE",
      path: `${path}/{Id}`,
      answer: inTurn(changes.remove),
    },
  ];
}

type Change = (call: ApiCall) => Promise<ApiAnswer>;

function changesOf(
  kind: ConfigKind,
  { clock }: Dependencies,
): Readonly<Record<"create" | "update" | "remove", Change>> {
  const { name, path, collection } = kind;
  return {
    async create(call) {
      const config = checkedConfig(kind, bodyElement(call, `${name}Config`), undefined);
      const resource = newConfigResource(kind, config, clock.now());
      await collection.put(resource);
      return created(answerOf(kind, resource), `${path}/${resource.id}`);
    },
    async update(call) {
      const resource = findChangeable(kind, call.id, "IllegalUpdate");
      checkIfMatch(call.ifMatch, resource);
      const config = checkedConfig(kind, bodyElement(call, `${name}Config`), resource);
      const updated = { ...resource, config, ...newRevision(clock.now()) };
      await collection.put(updated);
      return answerOf(kind, updated);
    },
    async remove(call) {
      const resource = findChangeable(kind, call.id, "IllegalDelete");
      checkIfMatch(call.ifMatch, resource);
      if (kind.isInUse(resource.id)) {
        throw new ApiError(409, `${name}InUse`, `The ${path} is used by a distribution.`);
      }
      await collection.remove(resource.id);
      return NO_CONTENT;
    },
  };
}

/** As Get and the lists tell it. */
export function resourceTree(kind: ConfigKind, resource: ConfigResource): XmlTree {
  return {
    Id: resource.id,
    ...kind.facts(resource),
    [`${kind.name}Config`]: new ReadNode(rootOf(resource.config)),
  };
}

/** The root element of a configuration that was kept. */
export function rootOf(config: string): XmlNode {
  const [root] = readDocument(config).children;
  if (root === undefined) throw new Error("a configuration without a root element was kept");
  return root;
}

/** As Create, Get and Update answer. */
export function answerOf(kind: ConfigKind, resource: ConfigResource): ApiAnswer {
  return ok(kind.name, resourceTree(kind, resource), resource.etag);
}

function configAnswer({ name }: ConfigKind, { config, etag }: ConfigResource): ApiAnswer {
  const content = writeDocument(`${name}Config`, new ReadNode(rootOf(config)));
  return { status: 200, headers: { etag }, content };
}

/** The document to keep of a configuration that was sent. Throws an ApiError for one that is refused. */
export function checkedConfig(
  kind: ConfigKind,
  config: XmlNode,
  self: ConfigResource | undefined,
): string {
  checkQuantities(config);
  kind.check(config, self);
  return writeDocument(`${kind.name}Config`, new ReadNode(config));
}

export function newConfigResource(
  { newId }: Pick<ConfigKind, "newId">,
  config: string,
  now: Date,
): ConfigResource {
  return { id: newId(), createdAt: now.getTime(), config, ...newRevision(now) };
}

/** Throws an ApiError if there is none of this id. */
export function findConfig(kind: ConfigKind, id: string): ConfigResource {
  const found = kind.collection.get(id) ?? kind.managed.find((resource) => resource.id === id);
  if (found !== undefined) return found;
  throw new ApiError(404, `NoSuch${kind.name}`, `The ${kind.path} "${id}" does not exist.`);
}

function findChangeable(kind: ConfigKind, id: string, refusal: string): ConfigResource {
  const found = findConfig(kind, id);
  if (!kind.managed.includes(found)) return found;
  throw new ApiError(400, refusal, "A managed policy belongs to AWS and cannot be changed.");
}

/** Refuses a name that another one has, as CloudFront does: the name is unique in the account. */
export function checkUniqueName(
  kind: Pick<ConfigKind, "name" | "collection" | "managed">,
  config: XmlNode,
  self: ConfigResource | undefined,
): void {
  const nameOf = (node: XmlNode) => childOf(node, "Name")?.text;
  const others = [...kind.collection.list(), ...kind.managed].filter(({ id }) => id !== self?.id);
  if (!others.some((other) => nameOf(rootOf(other.config)) === nameOf(config))) return;
  throw new ApiError(
    409,
    `${kind.name}AlreadyExists`,
    `One with the name "${nameOf(config)}" exists already.`,
  );
}
