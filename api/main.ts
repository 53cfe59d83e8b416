import { readConfig } from "./config.ts";
import { refuseEnvironment, runInForeground } from "./foreground.ts";
import { messageOf } from "./log.ts";
import { startService } from "./service.ts";

/** `npm run api`: the service in the foreground. Exit code 2 when the environment is wrong. */
async function main(): Promise<number> {
  const read = readConfig(process.env);
  if (read.kind === "problems") return refuseEnvironment("API", read.problems);
  const { config } = read;
  return await runInForeground({
    name: "API",
    start: () => startService({ config }),
    whyNot: (error) => whyNot(error, config.port),
  });
}

function whyNot(error: unknown, port: number): string {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE"
    ? `port ${port} is taken by another program. End that one, or choose another port with PORT=${port + 10}.`
    : messageOf(error);
}

process.exitCode = await main();
