import { readConfig } from "./config.ts";
import { type Service, startService } from "./service.ts";

/**
 * `npm run api`: the service in the foreground, until SIGTERM or Ctrl-C. Exit code 0 after an orderly
 * end, 1 when it could not start or did not end in time, 2 when the environment is wrong.
 */
const HARD_STOP_MS = 25_000;

async function main(): Promise<number> {
  const read = readConfig(process.env);
  if (read.kind === "problems") {
    console.error(["The environment is not what the API needs:", ...read.problems].join("\n- "));
    return 2;
  }
  const asked = untilSignal();
  let service: Service;
  try {
    service = await startService({ config: read.config });
  } catch (error) {
    console.error(`The API did not start: ${whyNot(error, read.config.port)}`);
    return 1;
  }
  await asked;
  // A hosting service kills what has not ended by itself 30 s after SIGTERM.
  setTimeout(() => {
    console.error(`The API did not end within ${HARD_STOP_MS / 1000} s, and is ended now.`);
    process.exit(1);
  }, HARD_STOP_MS).unref();
  await service.close();
  return 0;
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function whyNot(error: unknown, port: number): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return `port ${port} is taken by another program. End that one, or choose another port with PORT=${port + 10}.`;
  }
  return error.message;
}

process.exitCode = await main();
