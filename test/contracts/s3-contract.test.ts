import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { describe } from "vitest";
import { CREDENTIALS, REGION, startS3 } from "../local/s3-fixture.ts";
import { type S3Server, s3Contract } from "./s3-contract.ts";

s3Contract("the local edge", startS3);

// An emulator by other hands: it shows that the contract asks for S3, not for our edge.
const MOTO = "moto_server";
const installed = isInstalled(MOTO);
if (!installed) console.log(`skipped: ${MOTO} is not installed`);

describe.skipIf(!installed)("an emulator by other hands", () => {
  s3Contract("moto", startMoto);
});

async function startMoto(): Promise<S3Server> {
  const port = await freePort();
  const child = spawn(MOTO, ["-H", "127.0.0.1", "-p", `${port}`], { stdio: "ignore" });
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    credentials: CREDENTIALS,
    forcePathStyle: true,
  });
  for (let i = 0; i < 200 && !(await answers(client)); i += 1) await wait(100);
  return {
    client,
    async close() {
      client.destroy();
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function answers(client: S3Client): Promise<boolean> {
  try {
    await client.send(new ListBucketsCommand({}));
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ["--help"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
