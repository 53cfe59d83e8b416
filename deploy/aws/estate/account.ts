import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Account } from "../../estate-ports.ts";
import { toFailure } from "../failure.ts";

/** Whose keys these are, as STS says: it needs no right for that. */
export function createAccount(client: STSClient): Account {
  return {
    async identity() {
      try {
        const { Account: id = "", Arn: arn = "" } = await client.send(
          new GetCallerIdentityCommand({}),
        );
        return { id, arn };
      } catch (error) {
        const resource = "these credentials";
        throw toFailure(error, { action: "sts:GetCallerIdentity", resource });
      }
    },
  };
}
