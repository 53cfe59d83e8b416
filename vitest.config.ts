import { configDefaults, defineConfig } from "vitest/config";

/** Tests of functions, and of servers that they start and end: nothing is left for the next file to find. */
const TIDY = ["test/{core,edge,cli,commands,aws,local,wiring}/**/*.test.ts", "test/config.test.ts"];

const all = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // The SDK's notice about Node 20 says nothing about a test.
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
};

export default defineConfig({
  test: {
    // Many tests wait for processes; with a worker a core less one, two cores would idle by turns.
    maxWorkers: 3,
    projects: [
      // Loaded once rather than once a file, which takes longer than the tests themselves.
      { test: { ...all, name: "tidy", include: TIDY, isolate: false } },
      // Programs, browsers, brokers and packages that are no JavaScript: each file has a process of its own.
      {
        test: {
          ...all,
          name: "whole",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...TIDY],
          globalSetup: [
            "test/support/shared-rabbit-desk.ts",
            "test/support/shared-site-cache-folder.ts",
          ],
        },
      },
    ],
  },
});
