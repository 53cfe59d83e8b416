import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as TlsServer } from "node:tls";
import { SlipwayError } from "../../core/errors.ts";

/** Only this machine may reach what listens here. */
const HOST = "127.0.0.1";

/** Begins to listen; port 0 takes any free one. Resolves with the URL, or throws a SlipwayError. */
export function listenOnLoopback(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(explainListenError(error, port));
    server.once("error", fail);
    server.listen(port, HOST, () => {
      server.off("error", fail);
      const address = server.address() as AddressInfo;
      const scheme = server instanceof TlsServer ? "https" : "http";
      resolve(`${scheme}://${HOST}:${address.port}`);
    });
  });
}

/** Answers under way have this long to end. */
const GRACE_MS = 1_000;
const SWEEP_MS = 20;

/**
 * Takes no more requests, closes connections that wait for one, gives answers under way a moment and
 * then ends what is left. Resolves when no socket is open; a server that never listened is closed.
 */
export async function closeServer(server: Server, graceMs = GRACE_MS): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose answer has just ended would wait for its next request.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const impatience = setTimeout(() => server.closeAllConnections(), graceMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
  clearTimeout(impatience);
}

function explainListenError(error: NodeJS.ErrnoException, port: number): SlipwayError {
  const explanation = explanationOf(error, port);
  return new SlipwayError(
    explanation.kind,
    {
      what: `The local edge cannot listen on port ${port}`,
      why: explanation.why,
      next: explanation.next,
    },
    { cause: error },
  );
}

function explanationOf(error: NodeJS.ErrnoException, port: number) {
  const another = `choose another port: slipway edge --port ${port === 9000 ? 9100 : 9000}`;
  switch (error.code) {
    case "EADDRINUSE":
      return {
        kind: "config",
        why: "another program listens there",
        next: `End that program, or ${another}`,
      } as const;
    case "EACCES":
      return {
        kind: "config",
        why: "the system keeps that port for administrators",
        next: `C${another.slice(1)}`,
      } as const;
    default:
      return {
        kind: "internal",
        why: error.message,
        next: "Run again with --verbose and report the message.",
      } as const;
  }
}
