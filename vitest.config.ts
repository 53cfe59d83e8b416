import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/shared-rabbit-desk.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for processes; with a worker a core less one, two cores would idle by turns.
    maxWorkers: 3,
    // The SDK's notice about Node 20 says nothing about a test.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  },
});
