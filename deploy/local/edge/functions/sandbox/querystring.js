/** The module `querystring` (CF-DG "JavaScript runtime 2.0 features"), as Node's of that name. */
(function querystring() {
  const { freeze, keys } = Object;
  const { isArray } = Array;
  const encode = encodeURIComponent;
  const decode = decodeURIComponent;
  const text = String;
  const CHARACTER =
    /%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[\da-f](?:%[89ab][\da-f]){3}|%[\da-f]{2}/gi;

  return freeze({
    decode: parse,
    encode: stringify,
    escape: escaped,
    parse,
    stringify,
    unescape: unescaped,
  });

  function escaped(value) {
    return encode(text(value));
  }

  /** Leaves a stray % alone; bytes that are no UTF-8 become U+FFFD. */
  function unescaped(value) {
    return text(value).replace(CHARACTER, (escapes) => {
      try {
        return decode(escapes);
      } catch {
        return "\uFFFD";
      }
    });
  }

  function parse(query, separator = "&", equals = "=", options = {}) {
    const limit = options?.maxKeys ?? 1000;
    const unescapeOne = options?.decodeURIComponent ?? unescaped;
    const found = {};
    const pairs = text(query)
      .split(separator)
      .filter((pair) => pair !== "");
    for (const pair of limit > 0 ? pairs.slice(0, limit) : pairs) {
      const at = pair.indexOf(equals);
      const plain = (part) => unescapeOne(part.replaceAll("+", " "));
      const name = plain(at < 0 ? pair : pair.slice(0, at));
      add(found, name, at < 0 ? "" : plain(pair.slice(at + equals.length)));
    }
    return found;
  }

  function add(found, name, value) {
    const known = Object.hasOwn(found, name) ? found[name] : undefined;
    const next = known === undefined ? value : isArray(known) ? [...known, value] : [known, value];
    Object.defineProperty(found, name, {
      value: next,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }

  function stringify(values, separator = "&", equals = "=", options = {}) {
    const escapeOne = options?.encodeURIComponent ?? escaped;
    if (typeof values !== "object" || values === null) return "";
    const pairs = keys(values).flatMap((name) =>
      (isArray(values[name]) ? values[name] : [values[name]]).map(
        (value) => `${escapeOne(name)}${equals}${escapeOne(shown(value))}`,
      ),
    );
    return pairs.join(separator);
  }

  function shown(value) {
    const isShown = typeof value === "string" || typeof value === "boolean";
    return isShown || Number.isFinite(value) || typeof value === "bigint" ? text(value) : "";
  }
});
