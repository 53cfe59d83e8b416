import {
  type CloudFrontClient,
  CreateInvalidationCommand,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import type { Cdn, InvalidationTicket } from "../ports.ts";
import { codeOf, toFailure } from "./failure.ts";

export type CloudFrontCdnOptions = {
  readonly client: CloudFrontClient;
  readonly distribution: string;
};

/** The distribution over the AWS SDK. Every failure is a SlipwayError of kind "cloud". */
export function createCloudFrontCdn({ client, distribution }: CloudFrontCdnOptions): Cdn {
  const attempt = (action: string) => ({
    action: `cloudfront:${action}`,
    resource: `the distribution ${distribution}`,
  });

  return {
    async invalidate(paths, reference) {
      try {
        const answer = await client.send(
          new CreateInvalidationCommand({
            DistributionId: distribution,
            InvalidationBatch: {
              CallerReference: reference,
              Paths: { Quantity: paths.length, Items: [...paths] },
            },
          }),
        );
        return { kind: "accepted", ticket: ticketFrom(answer.Invalidation) };
      } catch (error) {
        // BC cloudfront CreateInvalidation: 400; the SDK does not take it for throttling.
        if (codeOf(error) === "TooManyInvalidationsInProgress") return { kind: "busy" };
        throw toFailure(error, attempt("CreateInvalidation"));
      }
    },

    async invalidation(id) {
      try {
        const command = new GetInvalidationCommand({ DistributionId: distribution, Id: id });
        return ticketFrom((await client.send(command)).Invalidation);
      } catch (error) {
        throw toFailure(error, attempt("GetInvalidation"));
      }
    },

    async inProgress() {
      try {
        const ids: string[] = [];
        let Marker: string | undefined;
        do {
          const command = new ListInvalidationsCommand({ DistributionId: distribution, Marker });
          const page = (await client.send(command)).InvalidationList;
          const open = (page?.Items ?? []).map(ticketFrom).filter(isInProgress);
          ids.push(...open.map(({ id }) => id));
          // The newest come first (BC cloudfront ListInvalidations), and each takes minutes at most.
          Marker = open.length === 0 ? undefined : page?.NextMarker;
        } while (Marker !== undefined);
        return ids;
      } catch (error) {
        throw toFailure(error, attempt("ListInvalidations"));
      }
    },
  };
}

function isInProgress({ state }: InvalidationTicket): boolean {
  return state === "in-progress";
}

/** CloudFront says `Completed`; other servers of its API are known to shout it. */
function ticketFrom(
  answer: { readonly Id?: string | undefined; readonly Status?: string | undefined } | undefined,
): InvalidationTicket {
  const state = answer?.Status?.toLowerCase() === "completed" ? "completed" : "in-progress";
  return { id: answer?.Id ?? "", state };
}
