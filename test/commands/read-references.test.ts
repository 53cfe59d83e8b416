import { expect, it } from "vitest";
import { readReferences } from "../../deploy/commands/read-references.ts";
import { createSiteFiles } from "../../deploy/local/site-files.ts";
import { NO_EDGE_SETTINGS } from "../support/plain-edge.ts";
import { tempFolder } from "../support/temp-folder.ts";

it("reads what pages name, but not of what is compressed, very large or gone", async () => {
  const page = (name: string) => `<h1>Höme</h1><img src="/${name}.png">`;
  const root = await tempFolder({
    "_site/index.html": page("héme"),
    "_site/a.png": page("of-a-picture"),
    "_site/packed.html": page("packed"),
    "_site/large.html": page("large") + "x".repeat(4 * 1024 * 1024),
    "_site/gone.html": page("gone"),
  });
  const rules = [{ match: "packed.html", set: { contentEncoding: "gzip" } }];
  const site = createSiteFiles({ root, folder: "_site", rules, edge: NO_EDGE_SETTINGS });
  const files = await site.scan();
  const vanishing = {
    ...site,
    read: async (key: Parameters<typeof site.read>[0]) =>
      key === "gone.html" ? undefined : await site.read(key),
  };
  const { assets } = await readReferences(files, { url: undefined, site: vanishing });
  expect([...assets]).toEqual([["héme.png", "index.html"]]);
});
