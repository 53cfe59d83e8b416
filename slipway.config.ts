import { defineConfig } from "./deploy/config.ts";

export default defineConfig({
  site: {
    id: "naked-coders",
    build: ["node", "--import", "tsx", "site/build.ts"],
    dev: ["node", "--import", "tsx", "site/dev.ts"],
    new: ["node", "--import", "tsx", "site/new.ts"],
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
