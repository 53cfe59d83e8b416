import { expect, it } from "vitest";
import { loadConfigFile } from "../../deploy/local/config-file.ts";
import { failureOf } from "../support/failure.ts";
import { tempFolder } from "../support/temp-folder.ts";

const MODULE = { "package.json": '{ "type": "module" }' };

it("the default export is given back unchecked, types and all", async () => {
  const text = 'type Kind = "local";\nconst kind: Kind = "local";\nexport default { kind };\n';
  const root = await tempFolder({ ...MODULE, "slipway.config.ts": text });
  expect(await loadConfigFile(root)).toEqual({ kind: "local" });
});

it("a file without a default export gives nothing; the check of the config says so", async () => {
  const root = await tempFolder({ ...MODULE, "slipway.config.ts": "export const a = 1;\n" });
  expect(await loadConfigFile(root)).toBeUndefined();
});

it("a missing file names the folder that was looked into", async () => {
  const root = await tempFolder();
  const error = await failureOf(loadConfigFile(root));
  expect(error.kind).toBe("config");
  expect(error.text.what).toContain("slipway.config.ts");
  expect(error.text.why).toContain(root);
});

it("what the file itself throws is passed on as the reason", async () => {
  const text = 'throw new Error("BUCKET is not set");\n';
  const root = await tempFolder({ ...MODULE, "slipway.config.ts": text });
  const error = await failureOf(loadConfigFile(root));
  expect(error.kind).toBe("config");
  expect(error.text.why).toContain("BUCKET is not set");
});
