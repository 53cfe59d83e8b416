import { defineConfig } from "./deploy/config.ts";

export default defineConfig({
  site: {
    id: "naked-coders",
    build: ["node", "site/start.js", "build"],
    dev: ["node", "site/start.js", "dev"],
    new: ["node", "site/start.js", "new"],
    output: "_site",
  },
  environments: {
    local: { kind: "local" },
    production: {
      kind: "aws",
      bucket: "naked-coders-site",
      region: "eu-west-1",
      distribution: "E0EXAMPLE",
      url: "https://www.nakedcoders.example",
    },
  },
});
