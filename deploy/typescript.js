// TypeScript runs as it is: by Node itself where it can strip types, else through tsx. Below
// node_modules Node strips none (https://nodejs.org/api/typescript.html#type-stripping-in-dependencies).
if (!process.features.typescript || import.meta.url.includes("/node_modules/")) {
  const { register } = await import("tsx/esm/api");
  register();
}
