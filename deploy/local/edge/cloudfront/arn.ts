/** No account stands behind the local edge. */
const ACCOUNT = "000000000000";

export type ArnKind = "distribution" | "function" | "key-value-store";

export function arnOf(kind: ArnKind, name: string): string {
  return `arn:aws:cloudfront::${ACCOUNT}:${kind}/${name}`;
}

/** The name in an ARN of this kind and account; undefined for any other text. */
export function nameInArn(kind: ArnKind, arn: string): string | undefined {
  const prefix = arnOf(kind, "");
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}
