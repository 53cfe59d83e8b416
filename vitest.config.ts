import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The SDK's notice about Node 20 says nothing about a test.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    globalSetup: ["test/support/shared-rabbit-desk.ts", "test/support/shared-site-cache-folder.ts"],
    // Many tests wait for processes; with a worker a core less one, two cores would idle by turns.
    maxWorkers: 3,
    // No file leaves anything for the next one: what all of them import is loaded once a worker, not once
    // a file, which takes longer than most tests. Where changes land each has a process of its own.
    isolate: false,
  },
});
