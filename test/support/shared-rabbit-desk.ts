import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { type OwnRabbit, startRabbit } from "./rabbitmq.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where a test file asks for the broker of this run. */
    readonly rabbitDesk: string;
  }
}

/**
 * Runs once before all test files: a desk that starts a broker when the first file asks for it, and
 * removes it after the last one. A broker a file would be 6 s and 150 MB a file.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let rabbit: Promise<OwnRabbit> | undefined;
  const desk = createServer(async (_request, response) => {
    rabbit ??= startRabbit();
    try {
      const { amqpPort, adminPort } = await rabbit;
      response.end(JSON.stringify({ amqpPort, adminPort }));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  desk.listen(0, "127.0.0.1");
  await once(desk, "listening");
  const { port } = desk.address() as AddressInfo;
  project.provide("rabbitDesk", `http://127.0.0.1:${port}`);
  return async () => {
    desk.close();
    const started = await rabbit?.catch(() => undefined);
    await started?.remove();
  };
}
