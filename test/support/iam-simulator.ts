import type { PolicyDocument, Statement } from "../../deploy/core/iam/role-policy.ts";

/** One request as IAM sees it. */
export type IamRequest = {
  readonly action: string;
  readonly resource: string;
  /** Condition keys and their values, as the service gives them. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
};

/**
 * What IAM would say of a request under one policy: an explicit Deny wins, then an Allow, else no.
 * Wildcards `*` and `?` as IAM has them; actions are compared without case, resources with it.
 */
export function simulate(policy: PolicyDocument, request: IamRequest): "allow" | "deny" {
  const fitting = policy.Statement.filter((statement) => fits(statement, request));
  if (fitting.some(({ Effect }) => Effect === "Deny")) return "deny";
  return fitting.some(({ Effect }) => Effect === "Allow") ? "allow" : "deny";
}

function fits({ Action, Resource = [], Condition = {} }: Statement, request: IamRequest): boolean {
  return (
    Action.some((pattern) => isLike(request.action.toLowerCase(), pattern.toLowerCase())) &&
    Resource.some((pattern) => isLike(request.resource, pattern)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        holds(operator, wanted, request.context?.[key] ?? []),
      ),
    )
  );
}

function holds(operator: string, wanted: readonly string[], found: readonly string[]): boolean {
  const [set, comparison = set] = operator.split(":");
  const matches = (value: string) =>
    wanted.some((one) => (comparison === "StringLike" ? isLike(value, one) : value === one));
  if (set === "ForAllValues") return found.every(matches);
  if (comparison !== "StringLike" && comparison !== "StringEquals") {
    throw new Error(`this simulator does not know ${operator}`);
  }
  return found.some(matches);
}

function isLike(text: string, pattern: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${source.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}
