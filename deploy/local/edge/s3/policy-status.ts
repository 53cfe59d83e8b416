/** As much of a bucket policy as tells whether it is public. */
export type Policy = { readonly statements: readonly Statement[] };

type Statement = {
  readonly allows: boolean;
  readonly isForEveryone: boolean;
  readonly hasFixedCondition: boolean;
};

type JsonObject = Readonly<Record<string, unknown>>;

/** Keys that, with fixed values, keep a policy from being public (S3-UG "The meaning of public"). */
const FIXING_KEYS = new Set([
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:sourceip",
  "aws:principalorgid",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:userid",
  "s3:dataaccesspointarn",
  "s3:dataaccesspointaccount",
]);

/** Undefined unless the text is JSON with statements that each have an effect and resources. */
export function parsePolicy(text: string): Policy | undefined {
  const json = parseObject(text);
  const statements = json === undefined ? [] : listOf(json.Statement);
  if (statements.length === 0) return undefined;
  const parsed = statements.map(parseStatement);
  return parsed.every((statement) => statement !== undefined) ? { statements: parsed } : undefined;
}

/** True when some statement lets everyone in without a condition that names who. */
export function isPublicPolicy({ statements }: Policy): boolean {
  return statements.some(
    ({ allows, isForEveryone, hasFixedCondition }) => allows && isForEveryone && !hasFixedCondition,
  );
}

function parseStatement(value: unknown): Statement | undefined {
  if (!isObject(value)) return undefined;
  const { Effect, Principal, Resource, NotResource, Action, NotAction, Condition } = value;
  if (Effect !== "Allow" && Effect !== "Deny") return undefined;
  if (Resource === undefined && NotResource === undefined) return undefined;
  if (Action === undefined && NotAction === undefined) return undefined;
  return {
    allows: Effect === "Allow",
    isForEveryone: namesEveryone(Principal),
    hasFixedCondition: isObject(Condition) && Object.values(Condition).some(fixesWho),
  };
}

function namesEveryone(principal: unknown): boolean {
  return principal === "*" || (isObject(principal) && listOf(principal.AWS).includes("*"));
}

function fixesWho(operands: unknown): boolean {
  if (!isObject(operands)) return false;
  return Object.entries(operands).some(
    ([key, values]) =>
      FIXING_KEYS.has(key.toLowerCase()) &&
      listOf(values).every((value) => typeof value === "string" && !/[*?]/.test(value)),
  );
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
