import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { ask } from "../../deploy/cli/ask.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import { MemoryStream, typed } from "../support/memory-stream.ts";

const QUESTION = "Deploy this to live?";

describe("on a terminal", () => {
  it.each(["y", "Y", "yes", " YES "])("%j is a yes", async (answer) => {
    const output = new MemoryStream();
    expect(await ask(QUESTION, { input: typed(answer), output, yes: false })).toBe(true);
    expect(output.text).toBe(`${QUESTION} [y/N] `);
  });

  it.each(["", "n", "no", "yess", "yes please", "0"])("%j is a no", async (answer) => {
    const asking = { input: typed(answer), output: new MemoryStream(), yes: false };
    expect(await ask(QUESTION, asking)).toBe(false);
  });

  it("the end of input is a no", async () => {
    const asking = { input: typed(), output: new MemoryStream(), yes: false };
    expect(await ask(QUESTION, asking)).toBe(false);
  });
});

it("--yes answers without asking, terminal or not", async () => {
  for (const input of [typed("no"), new PassThrough()]) {
    const output = new MemoryStream();
    expect(await ask(QUESTION, { input, output, yes: true })).toBe(true);
    expect(output.text).toBe("");
  }
});

it("without a terminal no answer is assumed: a mistake that names --yes", async () => {
  const input = new PassThrough().end("yes\n");
  const failure = await ask(QUESTION, { input, output: new MemoryStream(), yes: false }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(SlipwayError);
  expect(failure).toMatchObject({
    kind: "usage",
    text: { why: expect.stringContaining(QUESTION), next: expect.stringContaining("--yes") },
  });
});
