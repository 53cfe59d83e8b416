import { createHash } from "node:crypto";
import type { ConfigResource } from "./config-resource.ts";
import type { Plane } from "./plane.ts";

/** Whether the latest change is told as being at every edge; here it took effect at once. */
export function isDeployed(
  { changedAt }: Pick<ConfigResource, "changedAt">,
  { clock, deploymentMs }: Pick<Plane, "clock" | "deploymentMs">,
): boolean {
  return clock.now().getTime() >= changedAt + deploymentMs;
}

/** As CloudFront's look: `d`, 13 letters and digits, `.cloudfront.net`. An id has always the same one. */
export function domainNameOf(id: string): string {
  const digest = createHash("sha256").update(id).digest();
  const label = BigInt(`0x${digest.toString("hex")}`)
    .toString(36)
    .slice(-13);
  return `d${label}.cloudfront.net`;
}
