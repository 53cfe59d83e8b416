import { setupExitCode } from "../cli/exit-codes.ts";
import type { Invocation } from "../cli/program.ts";
import { renderSetup, renderSetupPlan } from "../cli/render-setup.ts";
import { askPerson, type Done, untilInterrupted } from "./handlers.ts";
import type { Wiring } from "./wiring.ts";

/** `slipway setup` */
export async function runSetup(
  wiring: Wiring,
  { wait, global }: Extract<Invocation, { command: "setup" }>,
): Promise<Done> {
  const { slipway, say, paint } = wiring;
  const result = await untilInterrupted(wiring, (signal) =>
    slipway.setup({
      wait,
      signal,
      confirm: async (plan) => {
        say(renderSetupPlan(plan, paint));
        return await askPerson(`Set up ${global.env} like this?`, wiring);
      },
    }),
  );
  say(renderSetup(result, paint));
  return { exitCode: setupExitCode(result), result: { command: "setup", result } };
}
