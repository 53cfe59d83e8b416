import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createSiteCommand } from "../../deploy/local/site-command.ts";
import { failureOf } from "../support/failure.ts";
import { tempFolder } from "../support/temp-folder.ts";

const script = (text: string) => ["node", "-e", text];
const QUIET = script("");

async function siteCommand(
  build: readonly string[],
  dev: readonly string[] = QUIET,
  begin?: readonly string[],
) {
  const root = await tempFolder();
  return { root, command: createSiteCommand({ root, build, dev, new: begin }) };
}

it("a build runs in the project's folder, with the Node that runs us", async () => {
  const text = 'require("node:fs").writeFileSync("built", process.execPath)';
  const { root, command } = await siteCommand(script(text));
  await command.build([]);
  expect(await readFile(join(root, "built"), "utf8")).toBe(process.execPath);
});

it("gets what was typed for it behind its own arguments", async () => {
  const text = 'require("node:fs").writeFileSync("built", process.argv.slice(1).join("|"))';
  const { root, command } = await siteCommand([...script(text), "--", "one"]);
  await command.build(["--drafts", "two words"]);
  expect(await readFile(join(root, "built"), "utf8")).toBe("one|--drafts|two words");
});

it("is named as a person would type it", async () => {
  const { command } = await siteCommand(["hugo", "--minify"]);
  expect(command.commandLine([])).toBe("hugo --minify");
  expect(command.commandLine(["--drafts"])).toBe("hugo --minify --drafts");
});

it.each([
  ["an exit code", "process.exit(3)", "ended with 3"],
  ["a signal", 'process.kill(process.pid, "SIGKILL")', "ended with SIGKILL"],
])("a build that ends with %s was none", async (_, text, why) => {
  const { command } = await siteCommand(script(text));
  const error = await failureOf(command.build([]));
  expect(error.kind).toBe("config");
  expect(error.text.what).toBe("The site was not built");
  expect(error.text.why).toContain(why);
});

it("a program that is not there is named, with what to check", async () => {
  const { command } = await siteCommand(["no-such-generator", "--minify"]);
  const error = await failureOf(command.build([]));
  expect(error.kind).toBe("config");
  expect(error.text.what).toContain("no-such-generator --minify could not be started");
  expect(error.text.next).toContain("slipway.config.ts");
});

it.each(["SIGINT", "SIGTERM"])(
  "a development server that %s ends has ended well",
  async (signal) => {
    const { command } = await siteCommand(QUIET, script(`process.kill(process.pid, "${signal}")`));
    await command.serve();
  },
);

it("a development server that fails is an error", async () => {
  const { command } = await siteCommand(QUIET, script("process.exit(1)"));
  expect((await failureOf(command.serve())).text.why).toContain("ended with 1");
});

it("leaves no listener for Ctrl-C behind", async () => {
  const before = process.listenerCount("SIGINT");
  const { command } = await siteCommand(QUIET);
  await command.build([]);
  await failureOf((await siteCommand(["no-such-generator"])).command.build([]));
  expect(process.listenerCount("SIGINT")).toBe(before);
});

it("an article is begun with the author's words, as they were typed", async () => {
  const text = 'require("node:fs").writeFileSync("typed", JSON.stringify(process.argv.slice(1)))';
  const { root, command } = await siteCommand(QUIET, QUIET, [...script(text), "--"]);
  await command.begin(["A 'title'", "--tags", "a b"]);
  expect(JSON.parse(await readFile(join(root, "typed"), "utf8"))).toEqual([
    "A 'title'",
    "--tags",
    "a b",
  ]);
});

it("an article cannot be begun without a program, or by one that fails", async () => {
  const none = await failureOf((await siteCommand(QUIET)).command.begin([]));
  expect(none.kind).toBe("config");
  expect(none.text.why).toContain("site.new");
  const { command } = await siteCommand(QUIET, QUIET, script("process.exit(1)"));
  expect((await failureOf(command.begin([]))).text.why).toContain("ended with 1");
});
