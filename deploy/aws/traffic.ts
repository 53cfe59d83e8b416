import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import type { S3Client } from "@aws-sdk/client-s3";
import type { OperationTraffic, Traffic } from "../core/traffic.ts";

export type TrafficMeter = {
  /** Counts what this client sends from now on. */
  watch(client: S3Client | CloudFrontClient | CloudFrontKeyValueStoreClient): void;
  /** What was sent so far. */
  read(): Traffic;
};

/** Counts each HTTP attempt of the watched clients, not each command: a retry is paid for as well. */
export function createTrafficMeter(): TrafficMeter {
  const counted = new Map<string, OperationTraffic>();
  const count = (service: string, operation: string, bytes: number) => {
    const name = `${service} ${operation}`;
    const { requests, bytesSent } = counted.get(name) ?? { requests: 0, bytesSent: 0 };
    counted.set(name, {
      service,
      operation,
      requests: requests + 1,
      bytesSent: bytesSent + bytes,
    });
  };
  return {
    watch(client) {
      const service = client.config.serviceId;
      // The stack has one type a client; its steps are the same for all of them.
      const stack = client.middlewareStack as S3Client["middlewareStack"];
      stack.add(
        (next, context) => async (args) => {
          const operation = (context.commandName ?? "Unknown").replace(/Command$/, "");
          count(service, operation, bodyBytes(args.request));
          return await next(args);
        },
        // Inside the retries: this step runs once for each attempt.
        { step: "deserialize", priority: "low", name: "slipwayTraffic", override: true },
      );
    },
    read: () => [...counted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, operation]) => operation),
  };
}

/** The SDK names the length of every body; for a chunked one in the header that S3 itself reads. */
function bodyBytes(request: unknown): number {
  if (typeof request !== "object" || request === null || !("headers" in request)) return 0;
  const headers = request.headers as Readonly<Record<string, string | undefined>>;
  const length = headers["content-length"] ?? headers["x-amz-decoded-content-length"] ?? "0";
  return Number(length);
}
