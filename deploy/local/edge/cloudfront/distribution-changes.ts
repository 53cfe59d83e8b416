import {
  type ApiAnswer,
  type ApiCall,
  bodyElement,
  created,
  NO_CONTENT,
  type Route,
} from "./api.ts";
import { ApiError, invalidArgument, notImplemented } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import {
  answerOf,
  type ConfigKind,
  type ConfigResource,
  checkedConfig,
  findConfig,
  newConfigResource,
  rootOf,
} from "./config-resource.ts";
import { withDefaults } from "./distribution-defaults.ts";
import { isDeployed } from "./distribution-status.ts";
import { checkQuantities, optionalText, requiredBoolean } from "./fields.ts";
import type { Plane } from "./plane.ts";
import { checkIfMatch } from "./revision.ts";
import { addTags, dropTags } from "./tag-routes.ts";
import { childOf, type XmlNode } from "./xml.ts";

const CONFIG = "DistributionConfig";
const WITH_TAGS = "DistributionConfigWithTags";

/** Making distributions, with tags or without, and deleting them; `ownId` is the one that stays. */
export function makingRoutes(kind: ConfigKind, plane: Plane, ownId: string): readonly Route[] {
  const { path } = kind;
  const inTurn = (change: (call: ApiCall) => Promise<ApiAnswer>) => (call: ApiCall) =>
    plane.inTurn(() => change(call));
  return [
    {
      operation: "CreateDistributionWithTags",
      method: "POST",
      path,
      parameter: "WithTags",
      answer: inTurn((call) => {
        const body = bodyElement(call, WITH_TAGS);
        const config = childOf(body, CONFIG);
        if (config === undefined) throw invalidArgument(`The parameter ${CONFIG} is required.`);
        return create(config, childOf(body, "Tags"), { kind, plane });
      }),
    },
    {
      operation: "CreateDistribution",
      method: "POST",
      path,
      answer: inTurn((call) => create(bodyElement(call, CONFIG), undefined, { kind, plane })),
    },
    {
      operation: "DeleteDistribution",
      method: "DELETE",
      path: `${path}/{Id}`,
      answer: inTurn((call) => remove(call, ownId, { kind, plane })),
    },
  ];
}

type Parts = { readonly kind: ConfigKind; readonly plane: Plane };

/** A reference that was used before is refused, also for the same request (BC cloudfront CallerReference). */
async function create(
  config: XmlNode,
  tags: XmlNode | undefined,
  { kind, plane }: Parts,
): Promise<ApiAnswer> {
  const earlier = findEarlier(config, plane);
  if (earlier !== undefined) throw alreadyExists(earlier.id);
  const distribution = await make(config, tags, { kind, plane });
  return created(answerOf(kind, distribution), `${kind.path}/${distribution.id}`);
}

async function make(
  config: XmlNode,
  tags: XmlNode | undefined,
  { kind, plane }: Parts,
): Promise<ConfigResource> {
  checkQuantities(config);
  const whole = checkedConfig(kind, withDefaults(config), undefined);
  const distribution = newConfigResource(kind, whole, plane.clock.now());
  // Tags that are refused leave no distribution behind.
  await addTags(arnOf("distribution", distribution.id), tags, plane);
  await plane.distributions.put(distribution);
  return distribution;
}

function findEarlier(config: XmlNode, { distributions }: Plane): ConfigResource | undefined {
  const reference = optionalText(config, "CallerReference") ?? "";
  if (reference === "") throw invalidArgument("The parameter CallerReference is required.");
  const referenceOf = (made: ConfigResource) =>
    optionalText(rootOf(made.config), "CallerReference");
  return distributions.list().find((made) => referenceOf(made) === reference);
}

function alreadyExists(id: string): ApiError {
  return new ApiError(
    409,
    "DistributionAlreadyExists",
    `The caller reference you attempted to create the distribution with is associated with another distribution. Already exists: ${id}`,
  );
}

async function remove(call: ApiCall, ownId: string, { kind, plane }: Parts): Promise<ApiAnswer> {
  const distribution = findConfig(kind, call.id);
  checkIfMatch(call.ifMatch, distribution);
  if (distribution.id === ownId) {
    throw notImplemented("DeleteDistribution of the distribution that it starts with");
  }
  const isEnabled = requiredBoolean(rootOf(distribution.config), "Enabled");
  if (isEnabled || !isDeployed(distribution, plane)) {
    throw new ApiError(
      409,
      "DistributionNotDisabled",
      "The distribution you are trying to delete has not been disabled, or is not deployed yet.",
    );
  }
  await plane.distributions.remove(distribution.id);
  await dropTags(arnOf("distribution", distribution.id), plane);
  return NO_CONTENT;
}
