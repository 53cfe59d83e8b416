import { expect, it } from "vitest";
import { EXIT_CODES } from "../../deploy/cli/exit-codes.ts";
import { createProgram, type Invocation } from "../../deploy/cli/program.ts";

function help(): string {
  const printed: string[] = [];
  const program = createProgram("1.2.3", async () => {}).configureOutput({
    writeOut: (text) => printed.push(text),
  });
  program.outputHelp();
  return printed.join("");
}

async function parse(...args: readonly string[]): Promise<Invocation> {
  const calls: Invocation[] = [];
  const program = createProgram("1.2.3", async (invocation) => {
    calls.push(invocation);
  });
  await program.parseAsync(args, { from: "user" });
  const [call] = calls;
  if (call === undefined || calls.length > 1) throw new Error(`${calls.length} commands ran`);
  return call;
}

it("the help lists every exit code with its meaning, and no other", () => {
  const listed = help().split("Exit codes:\n")[1]?.trimEnd().split("\n");
  const codes = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  expect(listed).toEqual(codes);
});

it.each([
  "build",
  "dev",
  "new",
  "plan",
  "deploy",
  "status",
  "invalidate",
  "doctor",
  "policy",
  "edge",
])("the help names the command %s", (command) => {
  expect(help()).toMatch(new RegExp(`^ {2}${command} .*\\w`, "m"));
});

it("every option is off and the environment is local unless the command line says otherwise", async () => {
  const global = { env: "local", json: false, yes: false, verbose: false, color: true };
  expect(await parse("deploy")).toMatchObject({ command: "deploy", wait: false, global });
  const flags = ["--env", "live", "--json", "--yes", "--verbose", "--no-color", "--wait"];
  expect(await parse("deploy", ...flags)).toMatchObject({
    wait: true,
    global: { env: "live", json: true, yes: true, verbose: true, color: false },
  });
});

it("paths and flags reach the command", async () => {
  expect(await parse("invalidate", "/a/", "/b/*", "--wait")).toMatchObject({
    paths: ["/a/", "/b/*"],
    all: false,
    wait: true,
  });
  const api = "http://127.0.0.1:8790";
  expect(await parse("edge", "--port", "9000", "--publish", "--api", api)).toMatchObject({
    port: 9000,
    api,
    publish: true,
    printEnv: false,
  });
});

it.each(["0", "65535", "-1", "1e3", "80 ", "99999999"])("%j is no port", async (port) => {
  await expect(parse("edge", "--port", port)).rejects.toThrow("1 to 65534");
});

it.each(["8790", "127.0.0.1:8790", "ftp://example.com", ""])("%j is no API", async (api) => {
  await expect(parse("edge", "--api", api)).rejects.toThrow("The address of an API");
});

it("an empty port is as good as none", async () => {
  expect(await parse("edge", "--port", "")).toMatchObject({ command: "edge", port: undefined });
});

it("what build does not know goes to the site's own program", async () => {
  expect(await parse("build", "--json")).toMatchObject({ args: [], global: { json: true } });
  expect(await parse("build", "--drafts", "--output", "x", "--json")).toMatchObject({
    args: ["--drafts", "--output", "x"],
    global: { json: true },
  });
  expect(await parse("build", "--", "--json")).toMatchObject({
    args: ["--json"],
    global: { json: false },
  });
});

it("what follows new goes to the site's own program, options and all", async () => {
  expect(await parse("new", "A title", "--tags", "a,b", "--date", "2026-12-01")).toMatchObject({
    command: "new",
    args: ["A title", "--tags", "a,b", "--date", "2026-12-01"],
  });
  expect(await parse("new", "--tags", "a", "A title")).toMatchObject({
    args: ["--tags", "a", "A title"],
  });
});
