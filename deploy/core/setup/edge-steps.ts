import type { Blueprint } from "./blueprint.ts";
import { accessOf } from "./distribution-settings.ts";
import type { Estate, FoundAccess, FoundFunction } from "./estate.ts";
import { type EdgeAction, type SetupStep, step, type ViewerEvent } from "./steps.ts";

const STORE_PATIENCE_SECONDS = 10 * 60;

/** The origin access control to use: the one that signs for the distribution already, or ours. */
export function usableAccess(
  { names }: Blueprint,
  { edge, place }: Estate,
): FoundAccess | undefined {
  const used = place.kind === "one" ? accessOf(place.distribution.config) : undefined;
  const usable = edge.accesses.filter(({ signs }) => signs);
  return usable.find(({ id }) => id === used) ?? usable.find(({ name }) => name === names.access);
}

/** CloudFront's parts that are missing: the distribution refers to them, so they come before it. */
export function edgeSteps(blueprint: Blueprint, estate: Estate): SetupStep[] {
  const { names } = blueprint;
  const { edge } = estate;
  const steps: SetupStep[] = [];
  if (usableAccess(blueprint, estate) === undefined) {
    const there = edge.accesses.some(({ name }) => name === names.access);
    const title = `${there ? "Mend" : "Create"} the origin access control ${names.access}`;
    steps.push(part({ kind: "access", name: names.access }, title, there));
  }
  if (edge.headersPolicy === undefined) {
    const title = `Create the response headers policy ${names.headersPolicy}`;
    steps.push(part({ kind: "headers-policy", name: names.headersPolicy }, title, false));
  }
  steps.push(...storeSteps(blueprint, estate));
  steps.push(...functionSteps("viewer-request", names.viewerRequest, edge.viewerRequest, estate));
  steps.push(
    ...functionSteps("viewer-response", names.viewerResponse, edge.viewerResponse, estate),
  );
  return steps;
}

function part(action: EdgeAction, title: string, there: boolean): SetupStep {
  const kind = there ? "change" : "create";
  const id = action.kind === "function" ? action.event : action.kind;
  return step({ id: `edge-${id}`, kind, title, action: { kind: "edge", action } });
}

function storeSteps({ names }: Blueprint, { edge }: Estate): SetupStep[] {
  const { store } = edge;
  if (store?.state === "ready") return [];
  const title = `Create the key value store ${names.store}, for redirects that fit in no function`;
  const monthly = "US$0.03 for a million look-ups";
  const create = { ...part({ kind: "store", name: names.store }, title, false), monthly };
  const wait = step({
    id: "wait-store",
    kind: "wait",
    title: "Wait until the key value store is ready",
    usualSeconds: 60,
    action: store && { kind: "wait", patience: STORE_PATIENCE_SECONDS },
  });
  return store === undefined ? [create, wait] : [wait];
}

function functionSteps(
  event: ViewerEvent,
  name: string,
  found: FoundFunction | undefined,
  { edge: { store } }: Estate,
): SetupStep[] {
  const readsStore = event === "viewer-request";
  const isRight = found?.isLive === true && (!readsStore || found.store !== undefined);
  if (isRight) return [];
  const isReady = !readsStore || store?.state === "ready";
  const arn = readsStore ? store?.arn : undefined;
  const title =
    found === undefined
      ? `Create the function ${name}; the next deploy puts the site's rules into it`
      : `Publish the function ${name}`;
  const made = part({ kind: "function", event, name, store: arn }, title, found !== undefined);
  return [
    {
      ...made,
      action: isReady ? made.action : undefined,
      usualSeconds: 10,
      monthly: "2 million runs are free, then US$0.10 for a million",
    },
  ];
}
