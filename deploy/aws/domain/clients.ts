import { ACMClient } from "@aws-sdk/client-acm";
import { Route53Client } from "@aws-sdk/client-route-53";
import { codeOf } from "../failure.ts";
import { createRetryStrategy, MAX_ATTEMPTS } from "../retries.ts";
import { createRequestPace } from "./request-pace.ts";

/** Where and as whom we talk to ACM and Route 53. Without credentials the SDK's default chain decides. */
export type DomainTarget = {
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly endpoint?: string;
};

const HTTP = { connectionTimeout: 10_000, socketTimeout: 30_000 };

/** ACM of one region. Sends nothing until a command is sent. */
export function createAcmClient(target: DomainTarget, region: string): ACMClient {
  return new ACMClient({ ...commonOf(target), region });
}

/** Route 53 has one address for all, whose requests are signed for us-east-1 (BC route53 endpoint rules). */
export function createRoute53Client(
  target: DomainTarget,
  pace: { turn(): Promise<void> } = createRequestPace(),
): Route53Client {
  const client = new Route53Client({ ...commonOf(target), region: "us-east-1" });
  client.middlewareStack.add(
    (next) => async (args) => {
      await pace.turn();
      return await next(args);
    },
    // Inside the retries, which have a high priority: each attempt counts.
    { step: "finalizeRequest", priority: "low", name: "slipwayPace", override: true },
  );
  return client;
}

function commonOf(target: DomainTarget) {
  const strategy = createRetryStrategy();
  return {
    ...target,
    maxAttempts: MAX_ATTEMPTS,
    retryStrategy: {
      ...strategy,
      // A quota that is reached stays so; the SDK counts it as throttling.
      async refreshRetryTokenForRetry(...[token, info]: RefreshArguments) {
        if (codeOf(info.error) === "LimitExceededException") throw new Error("not worth a retry");
        return await strategy.refreshRetryTokenForRetry(token, info);
      },
    },
    requestHandler: HTTP,
  };
}

type RefreshArguments = Parameters<
  ReturnType<typeof createRetryStrategy>["refreshRetryTokenForRetry"]
>;
