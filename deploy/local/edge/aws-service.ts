import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * One AWS service behind the edge's API port. The listener has verified the request's signature
 * before it calls `handle`, and picks the service by the name in the credential scope.
 */
export interface AwsService {
  /** The signing name in the credential scope: "s3", "cloudfront". */
  readonly name: string;
  /** Answers the request, errors included; rejects only on a fault of ours. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}
