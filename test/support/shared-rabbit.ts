import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { makeVhost, type Rabbit, type Vhost } from "./rabbitmq.ts";

/**
 * The broker that all test files of this run share; the first to ask waits some seconds for it. Kill or
 * starve only one of your own (`startRabbit`).
 */
export async function sharedRabbit(): Promise<Rabbit> {
  const response = await fetch(inject("rabbitDesk"));
  const answer = await response.text();
  if (!response.ok) throw new Error(`the shared broker did not start: ${answer}`);
  return JSON.parse(answer) as Rabbit;
}

/** An empty vhost of the shared broker. */
export async function freshVhost(): Promise<Rabbit & Vhost> {
  const rabbit = await sharedRabbit();
  return { ...rabbit, ...(await makeVhost(rabbit, `test-${randomUUID()}`)) };
}
