/**
 * The module `crypto` (CF-DG "JavaScript runtime 2.0 features": md5, sha1 and sha256, and HMAC over
 * them). Written out here, because a function of Node's would be a way out of the context.
 */
(function crypto() {
  const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const { floor, abs, sin, sqrt, cbrt } = Math;
  const { apply } = Reflect;
  const { codePointAt } = String.prototype;
  const { freeze } = Object;
  const text = String;

  const algorithms = { __proto__: null, md5, sha1, sha256 };
  const MD5_SINES = table(64, (i) => floor(abs(sin(i + 1)) * 2 ** 32));
  const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  const PRIMES = firstPrimes(64);
  const SHA256_START = table(8, (i) => fractionBits(sqrt(PRIMES[i])));
  const SHA256_ROUNDS = table(64, (i) => fractionBits(cbrt(PRIMES[i])));

  return freeze({ createHash, createHmac });

  function createHash(algorithm) {
    const digest = algorithmOf(algorithm);
    return growing((bytes) => digest(bytes));
  }

  function createHmac(algorithm, key) {
    const digest = algorithmOf(algorithm);
    const given = bytesOf(key);
    const secret = given.length > 64 ? digest(given) : given;
    const pad = (mask) => table(64, (i) => (secret[i] ?? 0) ^ mask);
    return growing((bytes) => digest(joined(pad(0x5c), digest(joined(pad(0x36), bytes)))));
  }

  function growing(finish) {
    let bytes = [];
    let isDone = false;
    const hash = {
      update(data) {
        if (isDone) throw new Error("Digest already called");
        bytes = joined(bytes, bytesOf(data));
        return hash;
      },
      digest(encoding) {
        if (isDone) throw new Error("Digest already called");
        isDone = true;
        return encoded(finish(bytes), encoding);
      },
    };
    return hash;
  }

  function algorithmOf(name) {
    const digest = algorithms[text(name)];
    if (digest === undefined) throw new TypeError(`not supported algorithm: "${text(name)}"`);
    return digest;
  }

  function bytesOf(data) {
    if (typeof data !== "string") {
      throw new TypeError("not available on the local edge: crypto over anything but a string");
    }
    const bytes = [];
    for (let at = 0; at < data.length; at += 1) {
      const point = apply(codePointAt, data, [at]);
      if (point > 0xffff) at += 1;
      writeUtf8(bytes, point >= 0xd800 && point <= 0xdfff ? 0xfffd : point);
    }
    return bytes;
  }

  function writeUtf8(bytes, point) {
    const tail = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    const lead = [0, 0xc0, 0xe0, 0xf0][tail];
    put(bytes, lead | (point >> (6 * tail)));
    for (let left = tail - 1; left >= 0; left -= 1) {
      put(bytes, 0x80 | ((point >> (6 * left)) & 0x3f));
    }
  }

  function md5(bytes) {
    const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
    eachBlock(bytes, "little", (word) => {
      let [a, b, c, d] = state;
      for (let i = 0; i < 64; i += 1) {
        const round = i >> 4;
        const mix = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
        const from = word[[i, 5 * i + 1, 3 * i + 5, 7 * i][round] % 16];
        const turned = left(a + mix + MD5_SINES[i] + from, MD5_SHIFTS[round * 4 + (i % 4)]);
        [a, d, c, b] = [d, c, b, (b + turned) | 0];
      }
      addTo(state, [a, b, c, d]);
    });
    return bytesOfWords(state, "little");
  }

  function sha1(bytes) {
    const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    eachBlock(bytes, "big", (word) => {
      for (let i = 16; i < 80; i += 1) {
        word[i] = left(word[i - 3] ^ word[i - 8] ^ word[i - 14] ^ word[i - 16], 1);
      }
      let [a, b, c, d, e] = state;
      for (let i = 0; i < 80; i += 1) {
        const round = floor(i / 20);
        const mix = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][round];
        const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round];
        const next = (left(a, 5) + mix + e + constant + word[i]) | 0;
        [e, d, c, b, a] = [d, c, left(b, 30), a, next];
      }
      addTo(state, [a, b, c, d, e]);
    });
    return bytesOfWords(state, "big");
  }

  function sha256(bytes) {
    const state = table(8, (i) => SHA256_START[i]);
    eachBlock(bytes, "big", (word) => {
      for (let i = 16; i < 64; i += 1) {
        const [x, y] = [word[i - 15], word[i - 2]];
        const s0 = right(x, 7) ^ right(x, 18) ^ (x >>> 3);
        const s1 = right(y, 17) ^ right(y, 19) ^ (y >>> 10);
        word[i] = (word[i - 16] + s0 + word[i - 7] + s1) | 0;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i += 1) {
        const s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
        const first = (h + s1 + ((e & f) ^ (~e & g)) + SHA256_ROUNDS[i] + word[i]) | 0;
        const s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22);
        const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
      }
      addTo(state, [a, b, c, d, e, f, g, h]);
    });
    return bytesOfWords(state, "big");
  }

  /** Pads as all three do and hands over sixteen words at a time. */
  function eachBlock(bytes, order, each) {
    const bits = bytes.length * 8;
    const length = [floor(bits / 2 ** 32), bits | 0];
    const padded = joined(bytes, [0x80]);
    while (padded.length % 64 !== 56) put(padded, 0);
    const ending = bytesOfWords(order === "big" ? length : [length[1], length[0]], order);
    const whole = joined(padded, ending);
    for (let start = 0; start < whole.length; start += 64) {
      each(table(16, (i) => wordAt(whole, start + i * 4, order)));
    }
  }

  function wordAt(bytes, at, order) {
    const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    return order === "big"
      ? (a << 24) | (b << 16) | (c << 8) | d
      : (d << 24) | (c << 16) | (b << 8) | a;
  }

  function bytesOfWords(words, order) {
    return table(words.length * 4, (i) => {
      const shift = order === "big" ? 24 - (i % 4) * 8 : (i % 4) * 8;
      return (words[i >> 2] >>> shift) & 0xff;
    });
  }

  function encoded(bytes, encoding) {
    switch (encoding) {
      case "hex":
        return hex(bytes);
      case "base64":
        return base64(bytes, BASE64, "=");
      case "base64url":
        return base64(bytes, `${BASE64.slice(0, 62)}-_`, "");
    }
    if (encoding !== undefined) throw new TypeError(`unknown digest encoding: ${text(encoding)}`);
    throw new Error("not available on the local edge: a digest as a buffer");
  }

  function hex(bytes) {
    let line = "";
    for (let i = 0; i < bytes.length; i += 1) {
      line += `${"0123456789abcdef"[bytes[i] >> 4]}${"0123456789abcdef"[bytes[i] & 15]}`;
    }
    return line;
  }

  function base64(bytes, letters, filler) {
    let line = "";
    for (let i = 0; i < bytes.length; i += 3) {
      const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      for (let part = 0; part < 4; part += 1) {
        const isThere = i + part <= bytes.length;
        line += isThere ? letters[(three >> (18 - part * 6)) & 63] : filler;
      }
    }
    return line;
  }

  function addTo(state, words) {
    for (let i = 0; i < state.length; i += 1) state[i] = (state[i] + words[i]) | 0;
  }

  function left(word, by) {
    return (word << by) | (word >>> (32 - by));
  }

  function right(word, by) {
    return (word >>> by) | (word << (32 - by));
  }

  function fractionBits(value) {
    return ((value - floor(value)) * 2 ** 32) | 0;
  }

  function firstPrimes(count) {
    const found = [];
    for (let n = 2; found.length < count; n += 1) {
      if (found.every((prime) => n % prime !== 0)) put(found, n);
    }
    return found;
  }

  function table(length, each) {
    const values = [];
    for (let i = 0; i < length; i += 1) put(values, each(i));
    return values;
  }

  function joined(one, other) {
    return table(one.length + other.length, (i) =>
      i < one.length ? one[i] : other[i - one.length],
    );
  }

  function put(list, value) {
    list[list.length] = value;
  }
});
