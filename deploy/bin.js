#!/usr/bin/env node
// TypeScript runs as it is: by Node itself where it can strip types, else through tsx.
if (!process.features.typescript) {
  const { register } = await import("tsx/esm/api");
  register();
}
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
