import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRedirects } from "../../deploy/edge/parse-redirects.ts";
import { runs } from "../support/slow-tests.ts";

/** A rule in one line: what it asks, what it answers. */
const shown = (text: string): readonly string[] => {
  const { rules, problems } = parseRedirects(text);
  expect(problems).toEqual([]);
  return rules.map(({ from, query, answer, force }) => {
    const path = from.segments.map((one) => (one.kind === "literal" ? one.text : `:${one.name}`));
    const asked = query.map((one) =>
      one.kind === "bind" ? `${one.name}=:${one.placeholder}` : `${one.name}=${one.value}`,
    );
    const left = [`/${[...path, ...(from.splat ? ["*"] : [])].join("/")}`, ...asked].join(" ");
    return `${left} > ${shownAnswer(answer)}${force ? "!" : ""}`;
  });
};

const shownAnswer = (answer: ReturnType<typeof parseRedirects>["rules"][number]["answer"]) => {
  if (answer.kind === "gone") return `${answer.page ?? "-"} ${answer.status}`;
  const { origin, path, query, fragment } = answer.to;
  const to = `${origin}${path}${query === undefined ? "" : `?${query}`}${fragment}`;
  return answer.kind === "rewrite" ? `${to} 200` : `${to} ${answer.status}`;
};

describe("a line of _redirects is read", () => {
  it.each([
    ["with 301 unless it says otherwise", "/a /b", "/a > /b 301"],
    ["with its status", "/a /b 302", "/a > /b 302"],
    ["with 303", "/a /b 303", "/a > /b 303"],
    ["with 307", "/a /b 307", "/a > /b 307"],
    ["with 308", "/a /b 308", "/a > /b 308"],
    ["with force", "/a /b 302!", "/a > /b 302!"],
    ["as a rewrite", "/app/* /app/index.html 200", "/app/* > /app/index.html 200"],
    ["as gone with a page", "/old/* /gone/ 410", "/old/* > /gone/ 410"],
    ["as gone without a page", "/old 410", "/old > - 410"],
    ["as missing without a page, by force", "/old 404!", "/old > - 404!"],
    ["with splat", "/blog/* /news/:splat", "/blog/* > /news/:splat 301"],
    ["with placeholders", "/:y/:m /news/:y-:m/", "/:y/:m > /news/:y-:m/ 301"],
    ["with a bound parameter", "/shop id=:id /p/:id 302", "/shop id=:id > /p/:id 302"],
    ["with a wanted parameter", "/shop id=7 page=2 /p/", "/shop id=7 page=2 > /p/ 301"],
    ["with an empty wanted parameter", "/shop id= /p/", "/shop id= > /p/ 301"],
    ["with a parameter and no target", "/shop id=7 410", "/shop id=7 > - 410"],
    ["with an address as a parameter", "/go to=https://x/ /y", "/go to=https://x/ > /y 301"],
    ["with decoded parameters", "/s a%20b=%3Ac /y", "/s a b=:c > /y 301"],
    [
      "with a parameter that only looks like a condition",
      "/s %43ountry=de /y",
      "/s Country=de > /y 301",
    ],
    [
      "to another host",
      "/* https://example.com/:splat 301!",
      "/* > https://example.com/:splat 301!",
    ],
    ["to another host over http", "/a http://Example.com", "/a > http://example.com/ 301"],
    ["to another port", "/a https://example.com:8443/x", "/a > https://example.com:8443/x 301"],
    [
      "to a host with letters beyond ASCII",
      "/a https://bücher.example/",
      "/a > https://xn--bcher-kva.example/ 301",
    ],
    [
      "to an address inside an address",
      "/a https://web.archive.org/web/https://x.org/",
      "/a > https://web.archive.org/web/https://x.org/ 301",
    ],
    [
      "to a name with a colon of its own",
      "/w https://en.wikipedia.org/wiki/Special:Search",
      "/w > https://en.wikipedia.org/wiki/Special:Search 301",
    ],
    [
      "with query and fragment as written",
      "/:n /new?q=%20x&n=:n#part",
      "/:n > /new?q=%20x&n=:n#part 301",
    ],
    ["with an empty query", "/a /b?", "/a > /b? 301"],
    ["with a fragment and a comment", "/a /new#part # why", "/a > /new#part 301"],
    ["with a text fragment", "/a /b#:~:text=x", "/a > /b#:~:text=x 301"],
    ["with tabs", "\t/a\t\t/b\t302\t", "/a > /b 302"],
    ["with percent-encoded paths", "/caf%C3%A9 /cr%c3%a8me", "/café > /crème 301"],
    ["with raw UTF-8", "/café/* /crème/:splat", "/café/* > /crème/:splat 301"],
    ["with odd characters", "/a+b&c;d(1) /~x,y@z!", "/a+b&c;d(1) > /~x,y@z! 301"],
  ])("%s", (_rule, line, rule) => {
    expect(shown(line)).toEqual([rule]);
  });
});

describe("a line of _redirects is refused", () => {
  it.each([
    ["without a target", "/a", "no target"],
    ["without a target, with 301", "/a 301", "no target"],
    ["without a target, with 200", "/a 200", "no target"],
    ["with an unknown status", "/a /b 418", "status 418 is none"],
    ["with a status below", "/a /b 0", "status 0 is none"],
    ["with a status in words", "/a /b permanent", '"permanent"'],
    ["with a space in the target", "/a /b c 301", '"c" is one word too many'],
    ["with two statuses", "/a /b 301 302", '"302"'],
    ["with a condition on language", "/a /de/ 302 Language=de", "cannot depend on Language"],
    ["with a condition on country", "/a /de/ 302! Country=de,at", "cannot depend on Country"],
    ["with a condition on country before the target", "/a Country=de /de/", "%43ountry="],
    ["with a condition on a role", "/a /b 200 Role=admin", "cannot depend on Role"],
    ["with a condition on a cookie", "/a /b Cookie=nf_ab", "cannot depend on Cookie"],
    ["with a parameter behind the target", "/a /b id=:id", "between the path and the target"],
    ["with a parameter twice", "/a id=1 id=2 /b", "asks twice"],
    ["with a placeholder twice", "/:id id=:id /b", ":id has a value already"],
    ["with splat in the query", "/a id=:splat /b", ":splat has a value already"],
    ["with a parameter without a name", "/a =1 /b", "no name"],
    ["with an odd placeholder in the query", "/a id=:1 /b", "is no placeholder"],
    ["with a broken escape in the query", "/a id=% /b", "%25"],
    ["with a source on another host", "https://old.example/a /b", "names a host"],
    ["with a source without a slash", "a /b", "begins with a slash"],
    ["with a splat in the middle", "/a/*/b /c", "the last"],
    ["with a target without a slash", "/a b", "begins with a slash"],
    ["with a target that hides a host", "/a //evil.example", "two slashes"],
    ["with a script as target", "/a javascript:alert(1)", "begins with https://"],
    ["with a mail address as target", "/a mailto:x@example.com", "begins with https://"],
    ["with a target without a host", "/a https:///x", "not the address of a host"],
    ["with a name and a password in the target", "/a https://u:p@example.com/", "not the address"],
    ["with a backslash behind the host", "/a https://example.com\\b", "not the address"],
    ["with a placeholder as host", "/:h https://:h/", "not the address"],
    ["with an unbound splat", "/a /b/:splat", "no star at its end"],
    ["with an unbound placeholder", "/:a /b/:c", "uses :c"],
    ["with an unbound placeholder in the query", "/:a /b?x=:c", "uses :c"],
    ["with a name that goes on", "/:a /b/:a_old", "uses :a_old"],
    ["with a placeholder in the fragment", "/:a /b#:a", "as it is written"],
    ["with a star in the target", "/a/* /b/*", "as :splat"],
    ["with an escaped colon before a bound name", "/:a /b/%3Aa", "cannot be told"],
    ["with a broken escape in the target", "/a /b%", "%25"],
    ["with dot segments in the target", "/a /../b", "dot segments"],
    ["with a backslash in the target", "/a /b%5Cc", "backslash"],
    ["with Slipway's own name as target", "/a /.slipway/lock.json", "Slipway's own"],
    ["with an escaped slash for another host", "/a https://x.org/a%2Fb", "escaped slash"],
    ["with a rewrite to another host", "/api/* https://api.example/:splat 200", "another host"],
    ["with a rewrite that has a query", "/a /b?x 200", "leave out"],
    ["with a missing page that has a fragment", "/a /b#x 404", "leave out"],
    ["with a page of many names", "/a/* /b/:splat 410", "takes no placeholders"],
    ["with an invisible space", "/a\u00a0/b", "U+00A0"],
    ["with a zero-width space", "/a\u200b /b", "U+200B"],
    ["with a control character", "/a\u0007 /b", "U+0007"],
    ["in another encoding", "/caf\ufffd /b", "U+FFFD"],
    ["beyond 2,000 characters", `/${"a".repeat(2_000)} /b`, "2004 characters"],
  ])("%s", (_rule, line, reason) => {
    const { rules, problems } = parseRedirects(`/fine /too\n\n${line}\n`);
    expect(rules).toHaveLength(1);
    expect(problems).toEqual([
      {
        file: "_redirects",
        line: 3,
        text: expect.any(String),
        reason: expect.stringContaining(reason),
      },
    ]);
  });
});

describe("a _redirects file", () => {
  it("is read with any line ends, a byte order mark, comments and blank lines", () => {
    const text = "\ufeff# head\r\n/a /b\r\n\r\n \t\r/c /d # why\n  # indented\n/e /f";
    const { rules, problems } = parseRedirects(text);
    expect(problems).toEqual([]);
    expect(rules.map(({ source }) => [source.line, source.text])).toEqual([
      [2, "/a /b"],
      [5, "/c /d"],
      [7, "/e /f"],
    ]);
  });

  it.each([[""], ["\ufeff"], ["\n"], ["#"], ["# /a /b"]])("may be as good as empty: %j", (text) => {
    expect(parseRedirects(text)).toEqual({ rules: [], problems: [] });
  });

  it("tells every problem in one run", () => {
    const { problems } = parseRedirects("a\n/b /c\n/d\n/e /f 999");
    expect(problems.map(({ line }) => line)).toEqual([1, 3, 4]);
  });

  it("is read to its last line when it has many thousands", () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `/old/${i} /new/${i}`).join("\n");
    expect(parseRedirects(text).rules.at(-1)?.source.line).toBe(10_000);
  });

  const words = fc.constantFrom(
    ..."/a /:a /* /b/:splat https://x.org/ a=:b a=1 301 302! 410 200 # #x é % Country=de ! = \t \u00a0".split(
      " ",
    ),
  );
  const lines = fc.array(words, { maxLength: 6 }).map((parts) => parts.join(" "));
  const files = fc.array(fc.oneof(lines, fc.string({ unit: "binary" })), { maxLength: 8 });

  it("gives, whatever it says, a rule or a problem for each line that is no comment and not blank", () => {
    fc.assert(
      fc.property(files, (parts) => {
        const all = parts.flatMap((part) => part.split(/\r\n?|\n/));
        const { rules, problems } = parseRedirects(all.join("\n"));
        const told = [
          ...rules.map(({ source }) => source.line),
          ...problems.map(({ line }) => line),
        ];
        const wanted = all.flatMap((line, i) => {
          const bare = i === 0 ? line.replace(/^\ufeff/, "") : line;
          return /^\s*(?:#|$)/.test(bare) ? [] : [i + 1];
        });
        expect(told.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(wanted);
      }),
      { numRuns: runs(500) },
    );
  });
});
