/** The module `cloudfront` (CF-DG "Helper methods for key value stores"), over the text of a store. */
(function cloudfront(storeJson) {
  const { apply } = Reflect;
  const { parse } = JSON;
  const { freeze } = Object;
  const { get, has } = Map.prototype;
  const text = String;
  const entries = storeJson === undefined ? undefined : new Map(parse(storeJson));
  const count = entries === undefined ? 0 : entries.size;

  const handle = freeze({
    async get(key, options) {
      const name = text(key);
      if (!apply(has, entries, [name])) throw new Error(`the key value store has no key ${name}`);
      return decode(apply(get, entries, [name]), options?.format ?? "string");
    },
    async exists(key) {
      return apply(has, entries, [text(key)]);
    },
    async meta() {
      const time = "1970-01-01T00:00:00Z";
      return { creationDateTime: time, lastUpdatedDateTime: time, keyCount: count };
    },
  });

  function decode(value, format) {
    switch (format) {
      case "string":
        return value;
      case "json":
        return parse(value);
      case "bytes":
        throw unavailable("the format bytes of a key value store");
    }
    throw new TypeError(`a value has the format string, json or bytes, not ${text(format)}`);
  }

  function kvs() {
    if (entries === undefined)
      throw new Error("no key value store is associated with the function");
    return handle;
  }

  function unavailable(what) {
    return new Error(`not available on the local edge: ${what}`);
  }

  const module = { kvs };
  for (const name of [
    "updateRequestOrigin",
    "selectRequestOriginById",
    "createRequestOriginGroup",
    "edgeLocation",
    "rawQueryString",
  ]) {
    module[name] = () => {
      throw unavailable(`cf.${name}`);
    };
  }
  return freeze(module);
});
