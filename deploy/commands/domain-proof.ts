import { judgeAnswer, type ProofRequest, proofRequests, unanswered } from "../core/domain/proof.ts";
import type { DomainProof } from "../core/domain/results.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Probe } from "../estate-ports.ts";

/** Visits every name as a browser would; a name that does not answer is a result, not a failure. */
export async function proveNames(
  { canonical, names }: { readonly canonical: string; readonly names: readonly string[] },
  probe: Probe,
): Promise<readonly DomainProof[]> {
  return await Promise.all(proofRequests(canonical, names).map((request) => prove(request, probe)));
}

async function prove(request: ProofRequest, probe: Probe): Promise<DomainProof> {
  try {
    return judgeAnswer(request, await probe.get(request.url));
  } catch (error) {
    if (error instanceof SlipwayError && error.kind === "cloud") {
      return unanswered(request, error.text);
    }
    throw error;
  }
}
