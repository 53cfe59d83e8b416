import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** Starts a program of the benchmark as a process of its own. */
export function startChild(program: URL, args: readonly string[]): ChildProcess {
  const execArgv = ["--import", "tsx"];
  return fork(program, args, { execArgv, stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

/** The next thing that it says. Throws when it ends instead. */
export async function messageOf<Message>(child: ChildProcess): Promise<Message> {
  const stop = new AbortController();
  const ended = once(child, "exit", stop).then(([code]) => {
    throw new Error(`a server of the benchmark ended with ${code}`);
  });
  const [message] = await Promise.race([once(child, "message", stop), ended]);
  ended.catch(() => {
    // Nobody waits for its end any more.
  });
  stop.abort();
  return message;
}

/** Lets it go, and waits until it has. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  if (child.connected) child.disconnect();
  await ended;
}
