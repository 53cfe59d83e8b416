import { oneOf } from "./fields.ts";

/** Which policies a list is asked for; undefined for all of them. Throws an ApiError for another word. */
export function policyType(query: URLSearchParams): "managed" | "custom" | undefined {
  const type = query.get("Type");
  if (type === null || type === "") return undefined;
  return oneOf<"managed" | "custom">("type", type, ["managed", "custom"]);
}
