import { createHash } from "node:crypto";
import { type ApiCall, bodyElement, NO_CONTENT, ok, type Route } from "./api.ts";
import { ApiError, invalidArgument } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import { itemsOf, optionalText, requiredText, textsOf } from "./fields.ts";
import type { Plane } from "./plane.ts";
import type { XmlNode } from "./xml.ts";

/** The tags of one resource. */
export type TagSet = {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly tags: readonly (readonly [key: string, value: string])[];
};

/** AWS General Reference "Tag naming limits and requirements". */
const MAX_TAGS = 50;
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** TagResource, UntagResource and ListTagsForResource (BC cloudfront). */
export function tagRoutes(plane: Plane): readonly Route[] {
  const { inTurn } = plane;
  const change = (call: ApiCall) =>
    inTurn(async () => {
      const arn = resourceOf(call, plane);
      const operation = call.query.get("Operation");
      if (operation === "Tag") await addTags(arn, bodyElement(call, "Tags"), plane);
      else if (operation === "Untag") await removeTags(arn, bodyElement(call, "TagKeys"), plane);
      else throw invalidArgument("The operation must be Tag or Untag.");
      return NO_CONTENT;
    });
  const list = (call: ApiCall) => {
    const tags = tagsOf(resourceOf(call, plane), plane);
    return ok("Tags", {
      Items: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) },
    });
  };
  return [
    { operation: "TagResource", method: "POST", path: "tagging", answer: change },
    { operation: "ListTagsForResource", method: "GET", path: "tagging", answer: list },
  ];
}

/** Adds the tags of a `Tags` element, if there is one, to those that the resource has. */
export async function addTags(
  arn: string,
  node: XmlNode | undefined,
  plane: Pick<Plane, "tags" | "clock">,
): Promise<void> {
  const added = itemsOf(node, "Tag").map(
    (tag) => [readKey(requiredText(tag, "Key")), optionalText(tag, "Value") ?? ""] as const,
  );
  if (added.length === 0) return;
  const odd = added.find(([, value]) => value.length > 256 || !TEXT.test(value));
  if (odd !== undefined) throw invalidTagging(`The value of the tag "${odd[0]}" is not valid.`);
  await setTags(arn, new Map([...tagsOf(arn, plane), ...added]), plane);
}

async function removeTags(arn: string, node: XmlNode, plane: Plane): Promise<void> {
  const kept = new Map(tagsOf(arn, plane));
  for (const key of textsOf(node, "Key")) kept.delete(key);
  await setTags(arn, kept, plane);
}

async function setTags(
  arn: string,
  tags: ReadonlyMap<string, string>,
  { tags: collection, clock }: Pick<Plane, "tags" | "clock">,
): Promise<void> {
  if (tags.size > MAX_TAGS) throw invalidTagging(`A resource may have ${MAX_TAGS} tags.`);
  await collection.put({ id: idOf(arn), createdAt: clock.now().getTime(), tags: [...tags] });
}

function tagsOf(arn: string, { tags }: Pick<Plane, "tags">): TagSet["tags"] {
  return tags.get(idOf(arn))?.tags ?? [];
}

/** Forgets the tags of a resource that is no more. */
export async function dropTags(arn: string, { tags }: Pick<Plane, "tags">): Promise<void> {
  if (tags.get(idOf(arn)) !== undefined) await tags.remove(idOf(arn));
}

/** An ARN makes no good file name. */
function idOf(arn: string): string {
  return createHash("sha256").update(arn).digest("hex").slice(0, 32);
}

function resourceOf({ query }: ApiCall, plane: Plane): string {
  const arn = query.get("Resource") ?? "";
  if (!/^arn:aws(-cn)?:cloudfront::\d+:./.test(arn)) {
    throw invalidArgument(`"${arn}" is not the ARN of a CloudFront resource.`);
  }
  const known = [
    ...plane.distributions.list().map(({ id }) => arnOf("distribution", id)),
    ...plane.functions.list().map(({ name }) => arnOf("function", name)),
    ...plane.stores.list().map(({ id }) => arnOf("key-value-store", id)),
  ];
  if (known.includes(arn)) return arn;
  throw new ApiError(404, "NoSuchResource", `There is no resource ${arn}.`);
}

function readKey(key: string): string {
  if (key !== "" && key.length <= 128 && TEXT.test(key) && !/^aws:/i.test(key)) return key;
  throw invalidTagging(`"${key}" cannot be the key of a tag.`);
}

function invalidTagging(message: string): ApiError {
  return new ApiError(400, "InvalidTagging", message);
}
