import type { PolicyDocument, PolicyResult } from "../core/iam/role-policy.ts";

/** The policy alone, as IAM takes it from a file. */
export function renderPolicy({ policy }: PolicyResult): string {
  return `${JSON.stringify(withSingles(policy), null, 2)}\n`;
}

/** A list of one is written as what is in it, as people write policies. */
function withSingles(policy: PolicyDocument): unknown {
  return JSON.parse(JSON.stringify(policy), (name, value: unknown) =>
    name !== "Statement" && Array.isArray(value) && value.length === 1 ? value[0] : value,
  );
}
