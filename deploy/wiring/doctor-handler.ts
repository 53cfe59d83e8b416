import { EXIT_CODES } from "../cli/exit-codes.ts";
import type { Invocation } from "../cli/program.ts";
import { renderDoctor } from "../cli/render-doctor.ts";
import { beginRun, type Done } from "./handlers.ts";
import type { Wiring } from "./wiring.ts";

/** `slipway doctor` */
export async function runDoctor(
  wiring: Wiring,
  { resolvers }: Extract<Invocation, { command: "doctor" }>,
): Promise<Done> {
  const factsOf = beginRun(wiring);
  const result = await wiring.slipway.doctor({ resolvers });
  wiring.say(renderDoctor(result, wiring.paint));
  const { code } = result.healthy ? EXIT_CODES.done : EXIT_CODES.refused;
  return { exitCode: code, result: { command: "doctor", result }, facts: await factsOf() };
}
