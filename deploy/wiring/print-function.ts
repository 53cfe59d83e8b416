import { EXIT_CODES } from "../cli/exit-codes.ts";
import type { ViewerFunctionName } from "../cli/program.ts";
import { parseProgram } from "../edge/program-document.ts";
import type { Wiring } from "./wiring.ts";

/**
 * `slipway edge --print-function`: what CloudFront runs for the built site in this environment. Plain, it
 * is the code alone, to be piped on; as JSON, the whole program. Gives the exit code.
 */
export async function printFunction(
  { files, invocation, surroundings }: Wiring,
  name: ViewerFunctionName,
): Promise<number> {
  await files.scan();
  const { program } = await files.edge();
  const { viewerRequest, viewerResponse, store, headersPolicy } = parseProgram(program.text);
  const { stdout } = surroundings;
  if (!invocation.global.json) {
    stdout.write(name === "viewer-request" ? viewerRequest : viewerResponse);
    return EXIT_CODES.done.code;
  }
  const document = {
    version: 1,
    command: "edge",
    digest: program.digest,
    functions: [
      { name: "viewer-request", bytes: Buffer.byteLength(viewerRequest), code: viewerRequest },
      { name: "viewer-response", bytes: Buffer.byteLength(viewerResponse), code: viewerResponse },
    ],
    store: Object.fromEntries(store),
    headersPolicy,
  };
  stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  return EXIT_CODES.done.code;
}
