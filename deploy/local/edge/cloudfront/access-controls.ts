import { invalidArgument } from "./api-error.ts";
import { type ConfigKind, checkUniqueName } from "./config-resource.ts";
import { oneOf, optionalText, requiredText } from "./fields.ts";
import { newId } from "./revision.ts";
import type { XmlNode } from "./xml.ts";

const NAME = "OriginAccessControl";
const LONGEST_NAME = 64;
const LONGEST_DESCRIPTION = 256;

/** Origin access controls (BC cloudfront OriginAccessControlConfig). */
export function accessControlKind(parts: Pick<ConfigKind, "collection" | "isInUse">): ConfigKind {
  const { collection, isInUse } = parts;
  return {
    name: NAME,
    path: "origin-access-control",
    updatePath: "origin-access-control/{Id}/config",
    collection,
    newId: () => newId("E"),
    managed: [],
    check(config, self) {
      checkFields(config);
      checkUniqueName({ name: NAME, collection, managed: [] }, config, self);
    },
    isInUse,
    facts: () => ({}),
  };
}

function checkFields(config: XmlNode): void {
  const name = requiredText(config, "Name");
  if (name === "" || name.length > LONGEST_NAME) {
    throw invalidArgument(`The name must have 1 to ${LONGEST_NAME} characters.`);
  }
  if ((optionalText(config, "Description") ?? "").length > LONGEST_DESCRIPTION) {
    throw invalidArgument(`The description may have ${LONGEST_DESCRIPTION} characters.`);
  }
  oneOf("signingProtocol", requiredText(config, "SigningProtocol"), ["sigv4"]);
  const behavior = requiredText(config, "SigningBehavior");
  oneOf("signingBehavior", behavior, ["never", "always", "no-override"]);
  oneOf("originAccessControlOriginType", requiredText(config, "OriginAccessControlOriginType"), [
    "s3",
    "mediastore",
    "mediapackagev2",
    "lambda",
  ]);
}
